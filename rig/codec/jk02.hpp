// JK02, what the board says over its Bluetooth radio: frames of 300 bytes, little-endian, of which one kind comes by
// itself once it has been asked for; the inverter boards send the same frames over RS485. Two layouts: 24 cell slots
// (hardware 6 to 10) and 32 (from 11 on).
//
// Sources: syssi/esphome-jk-bms (components/jk_bms_ble, docs/protocol-design-ble.md, docs/pb2a16s20p/BMS RS485 Modbus
// V1.1.pdf) and captures of real boards; the three temperatures behind 254 in the maker's order. Current is positive
// when charging on the wire, and turned round here.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "rig/codec/deframer.hpp"
#include "rig/codec/telemetry.hpp"

namespace packrig::jk02 {

// Of the UART between processor and radio; the radio adds what it wants. [assumed] as on the board's other UART
inline constexpr double baud_Hz = 115200.0;
inline constexpr std::uint8_t device_command = 0x97;
inline constexpr std::size_t frame_size = 300;
inline constexpr std::size_t command_size = 20;
// Captures show a frame's four radio packets within some 30 ms of each other.
inline constexpr TimeNs silence_ns = 100 * millisecond_ns;

enum class Layout : std::uint8_t { cells_24, cells_32 };
// By the hardware version of the device frame, such as "11A". Throws BadInput where it begins with no number.
Layout layout_of(const std::string& hardware);

enum class Kind : std::uint8_t { settings = 1, cells = 2, device = 3, log = 5, acknowledgement = 0xC8 };

// 300 bytes behind 55 AA EB 90, or 20 behind AA 55 90 EB, with their sums.
Match match(std::span<const std::uint8_t> bytes);
// nullopt: a kind that nobody has described.
std::optional<Kind> kind_of(const RawFrame& raw);
std::uint8_t counter_of(const RawFrame& raw);

enum class Coding : std::uint8_t { number, signed_number, real, text };

// One value of a frame.
struct Field {
  const char* name;  // the unit is its last word
  int at_24;         // offset by layout; -1: this layout does not have it
  int at_32;
  std::uint8_t length;  // bytes
  Coding coding = Coding::number;
  double scale_factor = 1.0;  // counts per unit
  int bit = -1;               // of a control word: the field is this bit alone
  std::uint8_t write_24 = 0;  // the register that sets it; 0: none
  std::uint8_t write_32 = 0;
};
std::span<const Field> cell_fields();
std::span<const Field> settings_fields();
std::span<const Field> device_fields();
// nullptr where there is none of that name.
const Field* find_field(std::span<const Field> fields, const std::string& name);

// nullopt where the layout does not have the field.
std::optional<double> raw_count(const Field& field, Layout layout, const RawFrame& frame);
std::string text_of(const Field& field, const RawFrame& frame);

// Of a frame of cells.
Telemetry telemetry_of(const RawFrame& frame, Layout layout);
// The board's model, hardware and software; the rest of a Telemetry is absent.
Telemetry device_of(const RawFrame& frame);

std::vector<std::uint8_t> settings_request();  // and begins the stream of cells
std::vector<std::uint8_t> device_request();
// Throws BadInput for a register 0 and for a length above 4.
std::vector<std::uint8_t> write_request(std::uint8_t register_number, std::int64_t counts, std::size_t length = 4);

}  // namespace packrig::jk02
