// What a session does with its trace: keeps it, hands it over, or brings it to disk while it grows.
#include <utility>

#include "models/errors.hpp"
#include "rig/session.hpp"

namespace packrig {

namespace {

void refuse_unless(bool accepted, const char* what) {
  if (!accepted) throw BadInput(what);
}

}  // namespace

const Trace& Session::trace() const {
  refuse_unless(!writer_, "the trace goes to disk; accepted: close_trace(), then the file");
  return trace_;
}

Trace Session::take_trace() {
  refuse_unless(!writer_, "the trace goes to disk; accepted: close_trace(), then the file");
  Trace taken = std::exchange(trace_, Trace(trace_.info()));
  begin_trace();
  return taken;
}

void Session::begin_trace() {
  rig_fault_ = false;  // found again: what stands in one trace says nothing in the next
  plug_row_due_ns_ = truth_row_due_ns_ = now_ns_;
  trace_.extend(now_ns_);
  record_drive_states();
}

void Session::store_trace(const std::string& path) {
  refuse_unless(!writer_, "the trace goes to disk already; accepted: close_trace() first");
  writer_ = std::make_unique<TraceWriter>(path, trace_.info());
  flush_trace();
}

void Session::flush_trace() {
  refuse_unless(writer_ != nullptr, "the trace does not go to disk; accepted: store_trace() first");
  writer_->write(trace_);
  trace_.drop_held();
}

void Session::close_trace() {
  flush_trace();
  writer_->end(now_ns_);
  writer_.reset();
  trace_ = Trace(trace_.info());
  begin_trace();
}

}  // namespace packrig
