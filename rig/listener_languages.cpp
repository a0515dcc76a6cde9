#include "rig/listener_languages.hpp"

#include "rig/codec/jk02.hpp"
#include "rig/codec/jk_can_follower.hpp"
#include "rig/codec/lcd.hpp"

namespace packrig {

namespace {

// The slowest of them, a display's status or a CAN message of faults, comes once a second. [assumed]
constexpr TimeNs stream_limit_ns = 5 * second_ns;
// Boards answer the app within 0.4 s in captures. [assumed]
constexpr TimeNs answer_limit_ns = second_ns;
constexpr double can_baud_Hz = 250e3;

Heard understand_jk02(const RawFrame& raw) {
  Heard heard;
  const auto kind = jk02::kind_of(raw);
  if (!kind) return heard;
  heard.kind = static_cast<int>(*kind);
  heard.answer = *kind == jk02::Kind::acknowledgement;
  if (*kind == jk02::Kind::cells) heard.telemetry = jk02::telemetry_of(raw, jk02::Layout::cells_32);
  return heard;
}

Heard understand_lcd(const RawFrame& raw) {
  Heard heard;
  if (lcd::is_status(raw)) heard.telemetry = lcd::telemetry_of(raw);
  return heard;
}

}  // namespace

ListenerLanguage bluetooth_language() {
  return {Port::bluetooth, jk02::baud_Hz, jk02::silence_ns, answer_limit_ns,
          stream_limit_ns, jk02::match,   understand_jk02};
}

ListenerLanguage lcd_language() {
  return {Port::lcd, lcd::baud_Hz, lcd::silence_ns, answer_limit_ns, stream_limit_ns, lcd::match, understand_lcd};
}

ListenerLanguage can_language(int cell_count) {
  const auto understand =
      [follower = jk_can::Follower({}, static_cast<std::size_t>(cell_count))](const RawFrame& raw) mutable {
        const jk_can::Frame frame = jk_can::parse(raw);
        Heard heard;
        heard.kind = static_cast<int>(frame.id);
        heard.telemetry = follower.hear(frame);
        return heard;
      };
  return {Port::can, can_baud_Hz, second_ns, answer_limit_ns, stream_limit_ns, jk_can::match, understand};
}

}  // namespace packrig
