#include "rig/codec/jk_modbus.hpp"

#include <string>

#include "models/errors.hpp"

namespace packrig::jk_modbus {

namespace {

constexpr std::size_t body_begin = 6;  // of a frame: what the first register of a block carries
constexpr int question_max = 125;      // registers, of Modbus RTU
constexpr int block_count = 146;       // registers; the last bytes of a frame fill none
// Words of 16 bits which the frame's table of fields does not list one by one: voltages of 32 cells, then their wires.
constexpr std::size_t cells_begin = 6;
constexpr std::size_t wires_begin = 80;
constexpr std::size_t words_length = 64;
// The settings are numbers of 32 bits up to here, whatever of them is used.
constexpr std::size_t wide_settings_end = 282;

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

void require(std::span<const std::uint16_t> registers, int count) {
  if (registers.size() == static_cast<std::size_t>(count)) return;
  throw BadInput(std::to_string(registers.size()) + " Modbus registers; accepted: " + std::to_string(count));
}

int first_of(jk02::Kind kind) {
  switch (kind) {
    case jk02::Kind::settings:
      return 0x1000;
    case jk02::Kind::cells:
      return live.first;
    case jk02::Kind::device:
      return device.first;
    case jk02::Kind::log:
    case jk02::Kind::acknowledgement:
      break;
  }
  throw BadInput("JK02 frames of kind " + std::to_string(static_cast<int>(kind)) + " in Modbus; accepted: 1, 2, 3");
}

void put_numbers(std::span<const jk02::Field> fields, std::size_t begin, Registers& read) {
  for (const jk02::Field& field : fields) {
    const auto at = static_cast<std::size_t>(field.at_32);
    // One that does not begin with a register lies there byte by byte, like text and single bytes.
    const bool is_number = field.coding != jk02::Coding::text && field.length > 1 && at % 2 == 0;
    if (field.at_32 >= 0 && is_number && at >= begin) read.put_number(at, field.length);
  }
}

RawFrame whole_or_part(jk02::Kind kind, std::span<const std::uint16_t> registers, TimeNs arrival_ns) {
  Registers read(registers, arrival_ns);
  switch (kind) {
    case jk02::Kind::settings:
      for (std::size_t at = body_begin; at < wide_settings_end; at += 4) read.put_number(at, 4);
      put_numbers(jk02::settings_fields(), wide_settings_end, read);
      break;
    case jk02::Kind::cells:
      for (std::size_t i = 0; i < words_length; i += 2) {
        read.put_number(cells_begin + i, 2);
        read.put_number(wires_begin + i, 2);
      }
      put_numbers(jk02::cell_fields(), body_begin, read);
      break;
    default:
      put_numbers(jk02::device_fields(), body_begin, read);
  }
  return read.frame();
}

}  // namespace

std::array<Block, 2> questions_of(jk02::Kind kind) {
  const int first = first_of(kind);
  return {{{first, question_max}, {first + 2 * question_max, block_count - question_max}}};
}

RawFrame frame_of(jk02::Kind kind, std::span<const std::uint16_t> registers, TimeNs arrival_ns) {
  static_cast<void>(first_of(kind));  // or it throws
  require(registers, block_count);
  return whole_or_part(kind, registers, arrival_ns);
}

Telemetry telemetry_of(std::span<const std::uint16_t> registers, TimeNs arrival_ns) {
  require(registers, live.count);
  return jk02::telemetry_of(whole_or_part(jk02::Kind::cells, registers, arrival_ns), jk02::Layout::cells_32);
}

Telemetry device_of(std::span<const std::uint16_t> registers, TimeNs arrival_ns) {
  require(registers, device.count);
  return jk02::device_of(whole_or_part(jk02::Kind::device, registers, arrival_ns));
}

}  // namespace packrig::jk_modbus
