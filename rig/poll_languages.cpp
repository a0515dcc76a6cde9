#include "rig/poll_languages.hpp"

#include "models/errors.hpp"
#include "rig/codec/jk_modbus.hpp"
#include "rig/codec/modbus_rtu.hpp"
#include "rig/codec/nw.hpp"

namespace packrig {

namespace {

constexpr int modbus_unit = 1;  // as delivered
// Boards answer within 0.1 s over their other protocols. [assumed]
constexpr TimeNs modbus_answer_limit_ns = second_ns;
// The standard wants 1.75 ms of silence between frames above 19200 baud; 20 ms leave a slow board time. [assumed]
constexpr TimeNs modbus_gap_ns = 20 * millisecond_ns;

std::optional<std::vector<std::uint8_t>> nw_answer(const RawFrame& raw, std::span<const std::uint8_t> asked) {
  auto frame = nw::parse(raw);
  if (!frame || frame->source != nw::Source::board || frame->transmission != nw::Transmission::reply) {
    return std::nullopt;
  }
  // An answer repeats the command of its question.
  if (asked[nw::command_place] != static_cast<std::uint8_t>(frame->command)) return std::nullopt;
  return std::move(frame->information);
}

Reading read_nw(std::span<const std::uint8_t> answer, TimeNs arrival_ns) {
  nw::Block block = nw::block_of(answer);
  return {nw::telemetry_of(block, arrival_ns), std::move(block.defect)};
}

std::vector<std::uint8_t> modbus_question() {
  return modbus_rtu::read_request(modbus_unit, jk_modbus::live.first, jk_modbus::live.count);
}

std::optional<std::vector<std::uint8_t>> modbus_answer(const RawFrame& raw, std::span<const std::uint8_t> asked) {
  if (raw.bytes[0] != asked[0]) return std::nullopt;
  return raw.bytes;
}

Reading read_modbus(std::span<const std::uint8_t> answer, TimeNs arrival_ns) {
  const modbus_rtu::Reply reply = modbus_rtu::parse({arrival_ns, {answer.begin(), answer.end()}});
  if (reply.exception_code != 0) {
    return {{}, "the board refuses (Modbus exception " + std::to_string(reply.exception_code) + ")"};
  }
  if (reply.registers.size() != static_cast<std::size_t>(jk_modbus::live.count)) {
    return {{}, std::to_string(reply.registers.size()) + " registers of " + std::to_string(jk_modbus::live.count)};
  }
  return {jk_modbus::telemetry_of(reply.registers, arrival_ns), {}};
}

}  // namespace

PollLanguage nw_polling() {
  return {
      "nw",      nw::baud_Hz, nw::silence_ns, nw::packet_gap_ns, nw::answer_limit_ns, nw::match, nw::read_all_request,
      nw_answer, read_nw};
}

PollLanguage modbus_polling() {
  return {"modbus",          nw::baud_Hz,     nw::silence_ns, modbus_gap_ns, modbus_answer_limit_ns,
          modbus_rtu::match, modbus_question, modbus_answer,  read_modbus};
}

PollLanguage polling_from_name(const std::string& name) {
  for (const PollLanguage& language : {nw_polling(), modbus_polling()}) {
    if (name == language.name) return language;
  }
  throw BadInput("nothing is asked in '" + name + "'; accepted: nw, modbus");
}

}  // namespace packrig
