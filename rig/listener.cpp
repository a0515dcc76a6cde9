#include "rig/listener.hpp"

#include <algorithm>

namespace packrig {

namespace {

PlausibilityLimits limits_of(int cell_count) {
  PlausibilityLimits limits;
  limits.cell_count = static_cast<std::size_t>(cell_count);
  return limits;
}

}  // namespace

Listener::Listener(const ListenerLanguage& language, int cell_count, TimeNs now_ns)
    : language_(language),
      cell_count_(cell_count),
      deframer_(language.match, language.silence_ns),
      plausibility_(limits_of(cell_count)),
      line_free_ns_(now_ns),
      stream_due_ns_(now_ns + language.stream_limit_ns) {
  fill_reported_row(Telemetry(), cell_count_, row_);
}

void Listener::say(std::vector<std::uint8_t> bytes, bool wants_answer, TimeNs now_ns) {
  line_free_ns_ = std::max(line_free_ns_, now_ns);
  if (wants_answer) was_answered_ = false;
  waiting_.push_back({std::move(bytes), wants_answer});
}

std::optional<RawFrame> Listener::newest(int kind) const {
  const auto found = std::ranges::find(newest_, kind, &std::pair<int, RawFrame>::first);
  return found == newest_.end() ? std::nullopt : std::optional<RawFrame>(found->second);
}

TimeNs Listener::duration_ns(std::size_t byte_count) const {
  return static_cast<TimeNs>(static_cast<double>(byte_count) * 1e10 / language_.baud_Hz + 0.5);
}

// When the last byte of what waits ends.
TimeNs Listener::begin_ns() const {
  if (waiting_.empty() || answer_due_ns_ != never_ns) return never_ns;
  return line_free_ns_ + duration_ns(waiting_.front().bytes.size());
}

TimeNs Listener::next_ns() const {
  TimeNs next_ns = std::min({answer_due_ns_, stream_due_ns_, begin_ns()});
  if (!news_.empty()) next_ns = std::min(next_ns, news_.front().raw.arrival_ns);
  return next_ns;
}

void Listener::send(TimeNs now_ns, BusBytes& bytes) {
  if (begin_ns() > now_ns) return;
  const Words words = std::move(waiting_.front());
  waiting_.pop_front();
  for (std::size_t left = words.bytes.size(); left-- > 0;) {
    bytes.push_back({now_ns - duration_ns(left), language_.port, words.bytes[words.bytes.size() - 1 - left]});
  }
  line_free_ns_ = now_ns;
  if (words.wants_answer) answer_due_ns_ = now_ns + language_.answer_limit_ns;
}

void Listener::receive(const BusByte& byte) {
  if (byte.port != language_.port) return;
  deframer_.push(byte.value, byte.at_ns);
  while (auto raw = deframer_.next()) {
    const Heard heard = language_.understand(*raw);
    news_.push_back({std::move(*raw), heard});
  }
}

void Listener::take(News& news, Trace& trace) {
  const TimeNs at_ns = news.raw.arrival_ns;
  stream_due_ns_ = at_ns + language_.stream_limit_ns;
  if (news.heard.answer && answer_due_ns_ != never_ns) {
    answer_due_ns_ = never_ns;
    was_answered_ = true;
  }
  if (news.heard.telemetry) {
    const std::string objection = plausibility_.objection(*news.heard.telemetry);
    if (objection.empty()) {
      fill_reported_row(*news.heard.telemetry, cell_count_, row_);
      trace.append(Role::reported, at_ns, row_);
      latest_ = std::move(news.heard.telemetry);
    } else {
      const auto port = static_cast<std::uint8_t>(language_.port);
      trace.append(Event{at_ns, EventKind::implausible, port, 0, 0.0, objection});
    }
  }
  const auto found = std::ranges::find(newest_, news.heard.kind, &std::pair<int, RawFrame>::first);
  if (found == newest_.end()) {
    newest_.emplace_back(news.heard.kind, std::move(news.raw));
  } else {
    found->second = std::move(news.raw);
  }
}

void Listener::record(TimeNs now_ns, Trace& trace) {
  while (!news_.empty() && news_.front().raw.arrival_ns <= now_ns) {
    take(news_.front(), trace);
    news_.pop_front();
  }
  const auto silent = [&](const char* text) {
    trace.append(Event{now_ns, EventKind::silence, static_cast<std::uint8_t>(language_.port), 0, 0.0, text});
  };
  if (now_ns >= answer_due_ns_) {
    silent("a question is not answered");
    answer_due_ns_ = never_ns;
    line_free_ns_ = now_ns;
  }
  if (now_ns >= stream_due_ns_) {
    silent("nothing comes by itself");
    stream_due_ns_ = now_ns + language_.stream_limit_ns;
  }
}

}  // namespace packrig
