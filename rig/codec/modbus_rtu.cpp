#include "rig/codec/modbus_rtu.hpp"

#include <string>

#include "models/errors.hpp"

namespace packrig::modbus_rtu {

namespace {

constexpr std::uint8_t read_function = 0x03;
constexpr std::uint8_t refusal_flag = 0x80;
constexpr std::size_t head_length = 3;  // unit, function, number of bytes or exception code
constexpr std::size_t check_length = 2;
constexpr int registers_max = 125;

std::uint16_t check_of(std::span<const std::uint8_t> bytes) {
  unsigned check = 0xFFFF;
  for (const std::uint8_t byte : bytes) {
    check ^= byte;
    for (int bit = 0; bit < 8; ++bit) check = (check & 1U) != 0 ? (check >> 1) ^ 0xA001U : check >> 1;
  }
  return static_cast<std::uint16_t>(check);
}

void require(const char* what, int value, int low, int high) {
  if (value >= low && value <= high) return;
  throw BadInput(std::string("Modbus ") + what + " = " + std::to_string(value) + "; accepted: " + std::to_string(low) +
                 " .. " + std::to_string(high));
}

}  // namespace

std::vector<std::uint8_t> read_request(int unit, int first, int count) {
  require("unit", unit, 1, 247);
  require("register count", count, 1, registers_max);
  require("first register", first, 0, 0x10000 - count);
  const auto byte = [](int value) { return static_cast<std::uint8_t>(value); };
  std::vector<std::uint8_t> bytes = {byte(unit),         read_function,    byte(first >> 8),
                                     byte(first & 0xFF), byte(count >> 8), byte(count)};
  const int check = check_of(bytes);
  bytes.push_back(byte(check & 0xFF));
  bytes.push_back(byte(check >> 8));
  return bytes;
}

Match match(std::span<const std::uint8_t> bytes) {
  if (bytes[0] == 0 || bytes[0] > 247) return Match::nothing();
  if (bytes.size() < head_length) return Match::more();
  const bool refused = bytes[1] == (read_function | refusal_flag);
  if (!refused && (bytes[1] != read_function || bytes[2] % 2 != 0 || bytes[2] == 0)) return Match::nothing();
  const std::size_t whole = head_length + (refused ? 0U : bytes[2]) + check_length;
  if (bytes.size() < whole) return Match::more();
  const int check = bytes[whole - 2] | bytes[whole - 1] << 8;
  return check == check_of(bytes.first(whole - check_length)) ? Match::frame(whole) : Match::nothing();
}

Reply parse(const RawFrame& raw) {
  Reply reply;
  reply.arrival_ns = raw.arrival_ns;
  reply.unit = raw.bytes[0];
  if ((raw.bytes[1] & refusal_flag) != 0) {
    reply.exception_code = raw.bytes[2];
    return reply;
  }
  for (std::size_t i = head_length; i + check_length < raw.bytes.size(); i += 2) {
    reply.registers.push_back(static_cast<std::uint16_t>(raw.bytes[i] << 8 | raw.bytes[i + 1]));
  }
  return reply;
}

}  // namespace packrig::modbus_rtu
