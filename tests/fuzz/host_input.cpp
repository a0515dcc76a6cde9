#include "tests/fuzz/host_input.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <vector>

#include "rig/codec/deframer.hpp"
#include "rig/codec/jk02.hpp"
#include "rig/codec/jk_can_follower.hpp"
#include "rig/codec/jk_modbus.hpp"
#include "rig/codec/lcd.hpp"
#include "rig/codec/modbus_rtu.hpp"
#include "rig/codec/nw.hpp"
#include "rig/codec/plausibility.hpp"
#include "tests/modbus_check.hpp"

namespace packrig::test {
namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr TimeNs byte_ns = 86'806;                   // ten bits at 115200 baud
constexpr std::size_t information_length_max = 400;  // the longest answer known, of 25 cells, has below 300 bytes

void require(bool promise) {
  if (!promise) std::abort();
}

// What a host remembers from frame to frame.
struct Host {
  Plausibility plausibility;
  jk_can::Follower follower;
  jk_can::Follower follower_of_25{{}, 25};

  void judge(const Telemetry& said) {
    for (const double cell_V : said.cell_V) require(std::isfinite(cell_V));
    for (const auto& value : {said.pack_V, said.current_A, said.soc, said.full_Ah, said.board_degC}) {
      if (value) require(std::isfinite(*value));
    }
    plausibility.objection(said);
  }
};

void judge_nw(const RawFrame& raw, Host& host) {
  const auto frame = nw::parse(raw);
  if (!frame) return;
  const nw::Block block = nw::block_of(frame->information);
  std::size_t length = 0;
  for (const nw::Entry& entry : block.entries) {
    require(entry.what != nullptr);
    length += 1 + entry.data.size();
    if (entry.what->coding == nw::Coding::text) require(entry.text().size() <= entry.data.size());
    if (entry.what->coding == nw::Coding::number) require(std::isfinite(entry.value()));
  }
  require(length <= frame->information.size());
  host.judge(nw::telemetry_of(block, raw.arrival_ns));
}

void judge_can(const RawFrame& raw, Host& host) {
  const jk_can::Frame frame = jk_can::parse(raw);
  require(frame.length <= frame.data.size());
  for (const jk_can::Signal& signal : jk_can::signals()) {
    if (const auto value = jk_can::value_of(signal, frame)) require(std::isfinite(*value));
  }
  jk_can::charge_request(frame);
  for (jk_can::Follower* follower : {&host.follower, &host.follower_of_25}) {
    if (const auto said = follower->hear(frame)) host.judge(*said);
  }
}

void judge_fields(const RawFrame& raw, jk02::Layout layout) {
  for (const auto& fields : {jk02::cell_fields(), jk02::settings_fields(), jk02::device_fields()}) {
    for (const jk02::Field& field : fields) {
      if (field.coding == jk02::Coding::text) {
        require(jk02::text_of(field, raw).size() <= field.length);
      } else {
        jk02::raw_count(field, layout, raw);
      }
    }
  }
}

void judge_jk02(const RawFrame& raw, Host& host) {
  const auto kind = jk02::kind_of(raw);
  jk02::counter_of(raw);
  if (!kind || raw.bytes.size() != jk02::frame_size) return;
  for (const jk02::Layout layout : {jk02::Layout::cells_24, jk02::Layout::cells_32}) {
    judge_fields(raw, layout);
    host.judge(jk02::telemetry_of(raw, layout));
  }
  jk02::device_of(raw);
}

void judge_modbus(const RawFrame& raw, Host& host) {
  const modbus_rtu::Reply reply = modbus_rtu::parse(raw);
  const auto count = static_cast<int>(reply.registers.size());
  require(count <= 127 && (count == 0) == (reply.exception_code != 0));
  if (count == jk_modbus::live.count) host.judge(jk_modbus::telemetry_of(reply.registers, raw.arrival_ns));
  if (count == jk_modbus::device.count) jk_modbus::device_of(reply.registers, raw.arrival_ns);
  for (const jk02::Kind kind : {jk02::Kind::settings, jk02::Kind::cells, jk02::Kind::device}) {
    const auto [first, second] = jk_modbus::questions_of(kind);
    if (count != first.count) continue;
    std::vector<std::uint16_t> block = reply.registers;
    block.resize(static_cast<std::size_t>(first.count + second.count));
    judge_fields(jk_modbus::frame_of(kind, block, raw.arrival_ns), jk02::Layout::cells_32);
  }
}

void judge_lcd(const RawFrame& raw, Host& host) {
  if (lcd::is_status(raw)) host.judge(lcd::telemetry_of(raw));
}

Bytes nw_frame(Bytes inside) {
  nw::Frame frame;
  frame.source = nw::Source::board;
  frame.transmission = nw::Transmission::reply;
  inside.resize(std::min(inside.size(), information_length_max));
  frame.information = std::move(inside);
  return nw::encode(frame);
}

Bytes can_frame(Bytes inside) {
  // An identifier of JK's, chosen by the first byte.
  constexpr std::array<std::uint32_t, 14> identifiers = {0x2F4,      0x98F128F4, 0x98F228F4, 0x98F328F4, 0x98F428F4,
                                                         0x98F528F4, 0x98E028F4, 0x98E128F4, 0x98E228F4, 0x98E328F4,
                                                         0x98E428F4, 0x98E528F4, 0x98E628F4, 0x9806E5F4};
  Bytes stream;
  for (std::size_t at = 0; at < inside.size(); at += 9) {
    const std::size_t length = std::min<std::size_t>(8, inside.size() - at - 1);
    const std::uint32_t identifier = identifiers[inside[at] % identifiers.size()];
    for (int shift = 24; shift >= 0; shift -= 8) stream.push_back(static_cast<std::uint8_t>(identifier >> shift));
    stream.push_back(static_cast<std::uint8_t>(length));
    for (std::size_t i = 0; i < length; ++i) stream.push_back(inside[at + 1 + i]);
  }
  return stream;
}

Bytes jk02_frame(Bytes inside) {
  Bytes frame = {0x55, 0xAA, 0xEB, 0x90};
  frame.insert(frame.end(), inside.begin(), inside.end());
  frame.resize(jk02::frame_size - 1);
  unsigned sum = 0;
  for (const std::uint8_t byte : frame) sum += byte;
  frame.push_back(static_cast<std::uint8_t>(sum));
  return frame;
}

Bytes modbus_frame(Bytes inside) {
  const bool device = !inside.empty() && (inside[0] & 1) != 0;
  const int count = device ? jk_modbus::device.count : jk_modbus::live.count;
  inside.resize(2 * static_cast<std::size_t>(count));
  Bytes frame = {1, 3, static_cast<std::uint8_t>(inside.size())};
  frame.insert(frame.end(), inside.begin(), inside.end());
  return with_check(std::move(frame));
}

Bytes lcd_frame(Bytes inside) {
  inside.resize(90);
  Bytes frame = {0xA5, 0x5A, 0x5D, 0x82, 0x10, 0x00};
  frame.insert(frame.end(), inside.begin(), inside.end());
  return frame;
}

struct Language {
  Matcher match;
  TimeNs silence_ns;
  void (*judge)(const RawFrame& raw, Host& host);
  Bytes (*framed)(Bytes inside);  // one or more whole frames
};
constexpr std::array<Language, 5> languages = {{
    {nw::match, nw::silence_ns, judge_nw, nw_frame},
    {jk_can::match, millisecond_ns, judge_can, can_frame},
    {jk02::match, jk02::silence_ns, judge_jk02, jk02_frame},
    {modbus_rtu::match, nw::silence_ns, judge_modbus, modbus_frame},
    {lcd::match, lcd::silence_ns, judge_lcd, lcd_frame},
}};

}  // namespace

void feed_host(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return;
  const Language& language = languages[data[0] % languages.size()];
  const bool framed = data[0] >= 128;
  Bytes stream(data + 1, data + size);
  if (framed) stream = language.framed(std::move(stream));
  Deframer deframer(language.match, language.silence_ns);
  Host host;
  std::size_t frame_bytes = 0;
  TimeNs at_ns = 0;
  const auto judge_frames = [&] {
    while (const auto raw = deframer.next()) {
      require(raw->arrival_ns <= at_ns);
      frame_bytes += raw->bytes.size();
      language.judge(*raw, host);
    }
  };
  for (const std::uint8_t value : stream) {
    deframer.push(value, at_ns += byte_ns);
    judge_frames();
  }
  deframer.settle(at_ns += language.silence_ns + 1);
  judge_frames();
  require(frame_bytes <= stream.size());  // no byte is in two frames
  require(!framed || frame_bytes == stream.size());
}

}  // namespace packrig::test
