#include "rig/wire_host.hpp"

#include <algorithm>

#include "models/errors.hpp"

namespace packrig {

namespace {

void require_period(TimeNs period_ns) {
  if (period_ns > 0) return;
  throw BadInput("poll period = " + std::to_string(to_s(period_ns)) + " s; accepted: above 0");
}

PlausibilityLimits limits_of(PlausibilityLimits limits, int cell_count) {
  limits.cell_count = static_cast<std::size_t>(cell_count);
  return limits;
}

}  // namespace

WireHost::WireHost(const PollDescription& description, int cell_count, TimeNs now_ns)
    : description_(description),
      cell_count_(cell_count),
      deframer_(description.language.match, description.language.silence_ns),
      plausibility_(limits_of(description.plausible, cell_count)),
      line_free_ns_(now_ns) {
  require_period(description.period_ns);
  fill_reported_row(Telemetry(), cell_count_, row_);
}

void WireHost::poll(TimeNs period_ns, TimeNs now_ns) {
  require_period(period_ns);
  description_.period_ns = period_ns;
  polls_ = true;
  poll_due_ns_ = now_ns;
}

void WireHost::ask(std::vector<std::uint8_t> request, TimeNs now_ns) {
  line_free_ns_ = std::max(line_free_ns_, now_ns);
  answer_.reset();
  questions_.push_back({std::move(request), true, 0});
}

void WireHost::tell(std::vector<std::uint8_t> request, TimeNs pause_ns, TimeNs now_ns) {
  line_free_ns_ = std::max(line_free_ns_, now_ns);
  questions_.push_back({std::move(request), true, pause_ns});
}

double WireHost::reported(ReportedChannel channel) const { return row_[reported_column(channel, cell_count_)]; }

TimeNs WireHost::duration_ns(std::size_t byte_count) const {
  return static_cast<TimeNs>(byte_count) * static_cast<TimeNs>(1e10 / description_.language.baud_Hz + 0.5);
}

// When the first byte of the next question begins.
TimeNs WireHost::begin_ns() const {
  if (open_ || (questions_.empty() && !polls_)) return never_ns;
  return questions_.empty() ? std::max(poll_due_ns_, line_free_ns_) : line_free_ns_;
}

TimeNs WireHost::question_length_ns() const {
  return duration_ns(questions_.empty() ? description_.language.question().size() : questions_.front().bytes.size());
}

TimeNs WireHost::next_ns() const {
  TimeNs next_ns = answer_due_ns_;
  if (!news_.empty()) next_ns = std::min(next_ns, news_.front().at_ns);
  if (const TimeNs start_ns = begin_ns(); start_ns != never_ns) {
    next_ns = std::min(next_ns, start_ns + question_length_ns());
  }
  return next_ns;
}

void WireHost::send(TimeNs now_ns, BusBytes& bytes) {
  const TimeNs start_ns = begin_ns();
  if (start_ns == never_ns || start_ns + question_length_ns() > now_ns) return;
  if (questions_.empty()) {
    open_ = Question{description_.language.question(), false, 0};
    poll_due_ns_ = std::max(poll_due_ns_ + description_.period_ns, now_ns);
  } else {
    open_ = std::move(questions_.front());
    questions_.pop_front();
  }
  for (std::size_t left = open_->bytes.size(); left-- > 0;) {
    bytes.push_back({now_ns - duration_ns(left), description_.port, open_->bytes[open_->bytes.size() - 1 - left]});
  }
  deframer_.reset();
  answer_due_ns_ = now_ns + description_.language.answer_limit_ns;
  line_free_ns_ = now_ns + std::max(description_.language.packet_gap_ns, open_->pause_ns);
  if (open_->pause_ns == 0) return;
  open_.reset();
  answer_due_ns_ = never_ns;
}

void WireHost::receive(const BusByte& byte) {
  if (byte.port != description_.port) return;
  deframer_.push(byte.value, byte.at_ns);
  line_free_ns_ = std::max(line_free_ns_, byte.at_ns + description_.language.packet_gap_ns);
  while (const auto raw = deframer_.next()) understand(*raw);
}

void WireHost::understand(const RawFrame& raw) {
  if (!open_) return;
  auto answer = description_.language.answer(raw, open_->bytes);
  if (!answer) return;
  if (open_->by_hand) {
    answer_ = std::move(answer);
  } else {
    Reading reading = description_.language.read(*answer, raw.arrival_ns);
    if (reading.defect.empty()) reading.defect = plausibility_.objection(reading.telemetry);
    news_.push_back({raw.arrival_ns, std::move(reading)});
  }
  open_.reset();
  answer_due_ns_ = never_ns;
}

// What an event is on the wire: it is in the trace however seldom its rows are.
bool WireHost::has_news(const Telemetry& telemetry) const {
  return !latest_ || telemetry.alarms != latest_->alarms || telemetry.charge_on != latest_->charge_on ||
         telemetry.discharge_on != latest_->discharge_on;
}

void WireHost::record(TimeNs now_ns, Trace& trace) {
  const auto port = static_cast<std::uint8_t>(description_.port);
  while (!news_.empty() && news_.front().at_ns <= now_ns) {
    News& first = news_.front();
    if (first.reading.defect.empty()) {
      if (first.at_ns >= row_due_ns_ || has_news(first.reading.telemetry)) {
        fill_reported_row(first.reading.telemetry, cell_count_, row_);
        trace.append(Role::reported, first.at_ns, row_);
        row_due_ns_ = first.at_ns + description_.row_period_ns;
      }
      latest_ = std::move(first.reading.telemetry);
    } else {
      trace.append(Event{first.at_ns, EventKind::implausible, port, 0, 0.0, first.reading.defect});
    }
    news_.pop_front();
  }
  if (now_ns >= answer_due_ns_) {
    trace.append(Event{now_ns, EventKind::silence, port, 0, 0.0,
                       open_->by_hand ? "a question is not answered" : "the question for everything is not answered"});
    open_.reset();
    answer_due_ns_ = never_ns;
    line_free_ns_ = now_ns;
  }
}

}  // namespace packrig
