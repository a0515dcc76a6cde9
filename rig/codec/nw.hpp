// 4E57 ("NW"), the language of the board's UART by default: 115200 baud, the host asks, the board answers; big-endian.
//
// Sources: vendor document "Communication protocol between monitoring platform and BMS" V2.5 and the notes in
// syssi/esphome-jk-bms (docs/protocol-design-uart-ttl-gps-port.md); the register table from the clients and captures,
// where the document's English edition numbers 0x93 to 0xA1 otherwise.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "rig/codec/deframer.hpp"
#include "rig/codec/telemetry.hpp"

namespace packrig::nw {

inline constexpr double baud_Hz = 115200.0;
// The document wants 100 ms between two packets and promises an answer within 5 s.
inline constexpr TimeNs packet_gap_ns = 100 * millisecond_ns;
inline constexpr TimeNs answer_limit_ns = 5 * second_ns;
// No capture shows a gap within a frame; 20 byte times tell a pause from a slow UART. [assumed]
inline constexpr TimeNs silence_ns = 2 * millisecond_ns;

enum class Command : std::uint8_t { activate = 1, write = 2, read = 3, password = 5, read_all = 6 };
enum class Source : std::uint8_t { board = 0, bluetooth = 1, gps = 2, pc = 3 };
enum class Transmission : std::uint8_t { request = 0, reply = 1, upload = 2 };

struct Frame {
  TimeNs arrival_ns = 0;
  std::uint32_t terminal = 0;
  Command command = Command::read_all;
  Source source = Source::pc;
  Transmission transmission = Transmission::request;
  std::uint32_t record = 0;
  std::vector<std::uint8_t> information;  // identification codes and their data
};

// Where the command stands in a frame.
inline constexpr std::size_t command_place = 8;

std::vector<std::uint8_t> encode(const Frame& frame);
// Requests of a host, as clients send them.
std::vector<std::uint8_t> read_all_request();
std::vector<std::uint8_t> read_request(std::uint8_t code);
std::vector<std::uint8_t> activate_request();
// Public writers send this before a write, with no password in it.
std::vector<std::uint8_t> password_request();

Match match(std::span<const std::uint8_t> bytes);
// nullopt where a number in the head is none of those above. `raw` has passed match().
std::optional<Frame> parse(const RawFrame& raw);

// How a register's data are coded.
enum class Coding : std::uint8_t { number, signed_number, text, cells, temperature, current };

struct Register {
  std::uint8_t code;
  std::uint8_t length;  // of its data in bytes; cells: of what follows the length byte, varies
  Coding coding;
  double scale_factor;  // counts per unit of the name's last word
  bool writable;
  const char* name;
};

std::span<const Register> registers();
const Register* find_register(std::uint8_t code);

struct Entry {
  const Register* what = nullptr;
  std::vector<std::uint8_t> data;

  std::int64_t counts() const;  // of a number, with its sign
  double value() const;         // in the unit of the register's name
  std::string text() const;     // without the padding of zeros
};

// The registers in a reply's information, in the order sent. Empty `defect` where all of it was understood.
struct Block {
  std::vector<Entry> entries;
  std::string defect;

  const Entry* find(std::uint8_t code) const;
};
Block block_of(std::span<const std::uint8_t> information);

// Throws BadInput for a register that does not exist, is not writable, or does not hold `counts`.
std::vector<std::uint8_t> write_request(std::uint8_t code, std::int64_t counts);

// What the block says of the pack. Cells stand by their number.
Telemetry telemetry_of(const Block& block, TimeNs arrival_ns);

}  // namespace packrig::nw
