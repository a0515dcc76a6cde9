// What a session says and hears on the bus.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <string_view>

#include "models/errors.hpp"
#include "rig/codec/jk02.hpp"
#include "rig/codec/nw.hpp"
#include "rig/listener_languages.hpp"
#include "rig/names.hpp"
#include "rig/session.hpp"

namespace packrig {

namespace {

// Public writers send a password frame first and wait that long (esphome-jk-bms, components/jk_modbus).
constexpr TimeNs password_pause_ns = 150 * millisecond_ns;

}  // namespace

WireHost& Session::wire(const PollLanguage& language) {
  if (!wire_ || std::string_view(wire_->language().name) != language.name) {
    PollDescription description;
    description.language = language;
    description.row_period_ns = description_.reported_period_ns;
    wire_.emplace(description, plant_.description().series, now_ns_);
  }
  return *wire_;
}

void Session::poll(TimeNs period_ns, const PollLanguage& language) { wire(language).poll(period_ns, now_ns_); }

void Session::stop_polling() {
  if (wire_) wire_->stop_polling();
}

Listener& Session::listener(Port port) {
  const auto found = std::ranges::find(listeners_, port, &Listener::port);
  if (found != listeners_.end()) return *found;
  const int cell_count = plant_.description().series;
  switch (port) {
    case Port::bluetooth:
      return listeners_.emplace_back(bluetooth_language(), cell_count, now_ns_);
    case Port::lcd:
      return listeners_.emplace_back(lcd_language(), cell_count, now_ns_);
    case Port::can:
      return listeners_.emplace_back(can_language(cell_count), cell_count, now_ns_);
    case Port::rs485:
      break;
  }
  throw BadInput(std::string("nothing comes by itself on ") + port_name(port) + "; accepted: bluetooth, lcd, can");
}

void Session::listen(Port port) {
  Listener& ear = listener(port);
  if (port != Port::bluetooth) return;
  ear.say(jk02::device_request(), true, now_ns_);
  ear.say(jk02::settings_request(), true, now_ns_);
}

std::optional<RawFrame> Session::heard(Port port, int kind) const {
  const auto found = std::ranges::find(listeners_, port, &Listener::port);
  return found == listeners_.end() ? std::nullopt : found->newest(kind);
}

void Session::await_acknowledgement() {
  // What was said before it comes first: device and settings.
  run(now_ns_ + 5 * second_ns, Answered());
}

std::int32_t Session::write_by_app(std::uint8_t register_number, std::int64_t counts) {
  listener(Port::bluetooth).say(jk02::write_request(register_number, counts), true, now_ns_);
  await_acknowledgement();
  const std::int32_t reason = listener(Port::bluetooth).was_answered() ? 0 : no_answer;
  record_setting(EventKind::setting_write, register_number, reason, static_cast<double>(counts));
  return reason;
}

std::int32_t Session::read_by_app(std::uint8_t register_number, std::int64_t& counts) {
  const TimeNs asked_ns = now_ns_;
  listener(Port::bluetooth).say(jk02::settings_request(), true, now_ns_);
  await_acknowledgement();
  std::int32_t reason = no_answer;
  counts = 0;
  const auto field = std::ranges::find(jk02::settings_fields(), register_number, &jk02::Field::write_32);
  const auto frame = heard(Port::bluetooth, static_cast<int>(jk02::Kind::settings));
  if (frame && frame->arrival_ns > asked_ns && field != jk02::settings_fields().end()) {
    counts = static_cast<std::int64_t>(*jk02::raw_count(*field, jk02::Layout::cells_32, *frame));
    reason = 0;
  }
  record_setting(EventKind::setting_read, register_number, reason, static_cast<double>(counts));
  return reason;
}

std::int32_t Session::read_serial_by_app(std::int64_t& serial_number) {
  const TimeNs asked_ns = now_ns_;
  listener(Port::bluetooth).say(jk02::device_request(), true, now_ns_);
  await_acknowledgement();
  serial_number = 0;
  const auto frame = heard(Port::bluetooth, static_cast<int>(jk02::Kind::device));
  if (frame && frame->arrival_ns > asked_ns) {
    const std::string text = jk02::text_of(*jk02::find_field(jk02::device_fields(), "serial_number"), *frame);
    const char* end = text.data() + text.size();
    if (std::from_chars(text.data(), end, serial_number).ptr != end) serial_number = 0;
  }
  const std::int32_t reason = serial_number > 0 ? 0 : no_answer;
  record_setting(EventKind::setting_read, jk02::device_command, reason, static_cast<double>(serial_number));
  return reason;
}

std::optional<Telemetry> Session::reported() const {
  std::optional<Telemetry> newest = wire_ ? wire_->latest() : std::nullopt;
  for (const Listener& each : listeners_) {
    const auto& latest = each.latest();
    if (latest && (!newest || latest->arrival_ns > newest->arrival_ns)) newest = latest;
  }
  return newest;
}

double Session::reported(ReportedChannel channel) const {
  const int cell_count = plant_.description().series;
  const std::size_t column = reported_column(channel, cell_count);
  const auto newest = reported();
  if (!newest) return std::numeric_limits<double>::quiet_NaN();
  std::vector<double> row;
  fill_reported_row(*newest, cell_count, row);
  return row[column];
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
  // Answered
  return (!wire_ || wire_->answered()) && std::ranges::all_of(listeners_, &Listener::answered);
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
  record_setting(EventKind::setting_write, code, reason, static_cast<double>(counts));
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
  record_setting(EventKind::setting_read, code, reason, static_cast<double>(counts));
  return reason;
}

}  // namespace packrig
