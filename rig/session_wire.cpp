// What a session says and hears on the bus.
#include <cmath>
#include <limits>

#include "rig/session.hpp"

namespace packrig {

namespace {

// Public writers send a password frame first and wait that long (esphome-jk-bms, components/jk_modbus).
constexpr TimeNs password_pause_ns = 150 * millisecond_ns;

}  // namespace

WireHost& Session::wire() {
  if (!wire_) wire_.emplace(PollDescription(), plant_.description().series, now_ns_);
  return *wire_;
}

void Session::poll(TimeNs period_ns) { wire().poll(period_ns, now_ns_); }

void Session::stop_polling() {
  if (wire_) wire_->stop_polling();
}

std::optional<Telemetry> Session::reported() const { return wire_ ? wire_->latest() : std::nullopt; }

double Session::reported(ReportedChannel channel) const {
  reported_column(channel, plant_.description().series);  // the channel exists
  return wire_ ? wire_->reported(channel) : std::numeric_limits<double>::quiet_NaN();
}

bool Session::holds_on_the_wire(const Condition& condition) const {
  if (const auto* beyond = std::get_if<ReportedBeyond>(&condition)) {
    const double value = reported(beyond->channel);
    return beyond->side == Side::above ? value > beyond->level : value < beyond->level;
  }
  if (const auto* alarm = std::get_if<AlarmReported>(&condition)) {
    const double bits = reported({ReportedQuantity::alarms, 0});
    if (std::isnan(bits)) return false;
    return AlarmSet(static_cast<std::uint64_t>(bits)).has_any(alarm->alarms) == alarm->on;
  }
  return !wire_ || wire_->answered();  // Answered
}

void Session::await_answer() {
  // The answer before it, the gap between packets and the question come first; each ends within the answer's limit.
  run(now_ns_ + 3 * nw::answer_limit_ns, Answered());
}

std::int32_t Session::write_register(std::uint8_t code, std::int64_t counts) {
  std::vector<std::uint8_t> request = nw::write_request(code, counts);
  wire().tell(nw::password_request(), password_pause_ns, now_ns_);
  wire().ask(std::move(request), now_ns_);
  await_answer();
  const auto& answer = wire().answer();
  const std::int32_t reason = answer && answer->size() == 1 && answer->front() == code ? 0 : no_answer;
  record_setting(EventKind::setting_write, code, reason, static_cast<std::int32_t>(counts));
  return reason;
}

std::int32_t Session::read_register(std::uint8_t code, std::int64_t& counts) {
  wire().ask(nw::read_request(code), now_ns_);
  await_answer();
  std::int32_t reason = no_answer;
  counts = 0;
  if (const auto& answer = wire().answer()) {
    const nw::Block block = nw::block_of(*answer);
    if (const nw::Entry* entry = block.find(code)) {
      counts = entry->counts();
      reason = 0;
    }
  }
  record_setting(EventKind::setting_read, code, reason, static_cast<std::int32_t>(counts));
  return reason;
}

}  // namespace packrig
