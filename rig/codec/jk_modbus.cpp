#include "rig/codec/jk_modbus.hpp"

#include <string>

#include "models/errors.hpp"
#include "rig/codec/jk02.hpp"

namespace packrig::jk_modbus {

namespace {

constexpr std::size_t body_begin = 6;  // of a frame: what the first register of a block carries
// Words of 16 bits which the frame's table of fields does not list one by one: voltages of 32 cells, then their wires.
constexpr std::size_t cells_begin = 6;
constexpr std::size_t wires_begin = 80;
constexpr std::size_t words_length = 64;

class Registers {
 public:
  Registers(std::span<const std::uint16_t> registers, TimeNs arrival_ns) : registers_(registers) {
    frame_.arrival_ns = arrival_ns;
    frame_.bytes.resize(jk02::frame_size);
    for (std::size_t at = body_begin; has(at, 2); at += 2) {
      frame_.bytes[at] = static_cast<std::uint8_t>(at_place(at) >> 8);
      frame_.bytes[at + 1] = static_cast<std::uint8_t>(at_place(at));
    }
  }

  // A number is the other way round in the frame.
  void put_number(std::size_t at, std::size_t length) {
    if (!has(at, length)) return;
    for (std::size_t i = 0; i < length; i += 2) {
      const std::uint16_t word = at_place(at + length - 2 - i);
      frame_.bytes[at + i] = static_cast<std::uint8_t>(word);
      frame_.bytes[at + i + 1] = static_cast<std::uint8_t>(word >> 8);
    }
  }

  const RawFrame& frame() const { return frame_; }

 private:
  bool has(std::size_t at, std::size_t length) const { return at + length <= body_begin + 2 * registers_.size(); }
  std::uint16_t at_place(std::size_t at) const { return registers_[(at - body_begin) / 2]; }

  std::span<const std::uint16_t> registers_;
  RawFrame frame_;
};

void require_all(std::span<const std::uint16_t> registers, Block block) {
  if (registers.size() == static_cast<std::size_t>(block.count)) return;
  throw BadInput(std::to_string(registers.size()) + " Modbus registers; accepted: " + std::to_string(block.count));
}

}  // namespace

Telemetry telemetry_of(std::span<const std::uint16_t> registers, TimeNs arrival_ns) {
  require_all(registers, live);
  Registers read(registers, arrival_ns);
  for (std::size_t i = 0; i < words_length; i += 2) {
    read.put_number(cells_begin + i, 2);
    read.put_number(wires_begin + i, 2);
  }
  for (const jk02::Field& field : jk02::cell_fields()) {
    if (field.at_32 >= 0 && field.length > 1) read.put_number(static_cast<std::size_t>(field.at_32), field.length);
  }
  return jk02::telemetry_of(read.frame(), jk02::Layout::cells_32);
}

Telemetry device_of(std::span<const std::uint16_t> registers, TimeNs arrival_ns) {
  require_all(registers, device);
  return jk02::device_of(Registers(registers, arrival_ns).frame());
}

}  // namespace packrig::jk_modbus
