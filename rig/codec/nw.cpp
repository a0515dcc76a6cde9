#include "rig/codec/nw.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "models/errors.hpp"

namespace packrig::nw {

namespace {

constexpr std::uint8_t first_mark = 0x4E;
constexpr std::uint8_t second_mark = 0x57;
constexpr std::uint8_t end_mark = 0x68;
constexpr std::size_t head_length = 11;  // up to the information
constexpr std::size_t tail_length = 9;   // record number, end mark, check field
// The document's length counts all but the two marks. Longer than any block of 32 cells: a header with such a length
// is none.
constexpr std::size_t length_min = head_length + tail_length - 2;
constexpr std::size_t length_max = 512;

using enum Coding;
constexpr Register table[] = {
    {0x79, 0, cells, 1000.0, false, "cell_V"},
    {0x80, 2, temperature, 1.0, false, "board_degC"},
    {0x81, 2, temperature, 1.0, false, "box_degC"},
    {0x82, 2, temperature, 1.0, false, "battery_degC"},
    {0x83, 2, number, 100.0, false, "pack_V"},
    {0x84, 2, current, 100.0, false, "current_A"},
    {0x85, 1, number, 100.0, false, "soc"},
    {0x86, 1, number, 1.0, false, "probe_count"},
    {0x87, 2, number, 1.0, false, "cycle_count"},
    {0x89, 4, number, 1.0, false, "cycle_Ah"},
    {0x8A, 2, number, 1.0, false, "string_count"},
    {0x8B, 2, number, 1.0, false, "alarms"},
    {0x8C, 2, number, 1.0, false, "status"},
    {0x8E, 2, number, 100.0, true, "pack_ovp_V"},
    {0x8F, 2, number, 100.0, true, "pack_uvp_V"},
    {0x90, 2, number, 1000.0, true, "cell_ovp_V"},
    {0x91, 2, number, 1000.0, true, "cell_ovpr_V"},
    {0x92, 2, number, 1.0, true, "cell_ovp_delay_s"},
    {0x93, 2, number, 1000.0, true, "cell_uvp_V"},
    {0x94, 2, number, 1000.0, true, "cell_uvpr_V"},
    {0x95, 2, number, 1.0, true, "cell_uvp_delay_s"},
    {0x96, 2, number, 1000.0, true, "cell_difference_V"},
    {0x97, 2, number, 1.0, true, "discharge_limit_A"},
    {0x98, 2, number, 1.0, true, "discharge_delay_s"},
    {0x99, 2, number, 1.0, true, "charge_limit_A"},
    {0x9A, 2, number, 1.0, true, "charge_delay_s"},
    {0x9B, 2, number, 1000.0, true, "balance_start_V"},
    {0x9C, 2, number, 1000.0, true, "balance_trigger_V"},
    {0x9D, 1, number, 1.0, true, "balance_switch"},
    {0x9E, 2, number, 1.0, true, "board_otp_degC"},
    {0x9F, 2, number, 1.0, true, "board_otpr_degC"},
    {0xA0, 2, number, 1.0, true, "box_otp_degC"},
    {0xA1, 2, number, 1.0, true, "box_otpr_degC"},
    {0xA2, 2, number, 1.0, true, "temperature_difference_K"},
    {0xA3, 2, number, 1.0, true, "charge_otp_degC"},
    {0xA4, 2, number, 1.0, true, "discharge_otp_degC"},
    {0xA5, 2, signed_number, 1.0, true, "charge_utp_degC"},
    {0xA6, 2, signed_number, 1.0, true, "charge_utpr_degC"},
    {0xA7, 2, signed_number, 1.0, true, "discharge_utp_degC"},
    {0xA8, 2, signed_number, 1.0, true, "discharge_utpr_degC"},
    {0xA9, 1, number, 1.0, true, "cell_count"},
    {0xAA, 4, number, 1.0, true, "capacity_Ah"},
    {0xAB, 1, number, 1.0, true, "charge_switch"},
    {0xAC, 1, number, 1.0, true, "discharge_switch"},
    {0xAD, 2, number, 1.0, true, "current_calibration"},
    {0xAE, 1, number, 1.0, true, "address"},
    {0xAF, 1, number, 1.0, true, "battery_type"},
    {0xB0, 2, number, 1.0, true, "sleep_wait_s"},
    {0xB1, 1, number, 100.0, true, "low_capacity_soc"},
    {0xB2, 10, text, 1.0, true, "password"},
    {0xB3, 1, number, 1.0, true, "special_charger_switch"},
    {0xB4, 8, text, 1.0, true, "device_name"},
    {0xB5, 4, text, 1.0, true, "production_date"},
    {0xB6, 4, number, 1.0 / 60.0, true, "run_time_s"},
    {0xB7, 15, text, 1.0, false, "software_version"},
    {0xB8, 1, number, 1.0, true, "calibration_switch"},
    {0xB9, 4, number, 1.0, true, "full_Ah"},
    {0xBA, 24, text, 1.0, true, "manufacturer"},
    {0xBB, 1, number, 1.0, true, "restart"},
    {0xBC, 1, number, 1.0, true, "factory_settings"},
    {0xBD, 1, number, 1.0, true, "remote_upgrade"},
    {0xBE, 2, number, 1000.0, true, "gps_off_V"},
    {0xBF, 2, number, 1000.0, true, "gps_on_V"},
    {0xC0, 1, number, 1.0, false, "protocol_version"},
};

// Bits 0 to 13 of register 0x8B.
constexpr Alarm alarm_of_bit[] = {
    Alarm::low_capacity,
    Alarm::board_over_temperature,
    Alarm::pack_over_voltage,
    Alarm::pack_under_voltage,
    Alarm::battery_over_temperature,
    Alarm::charge_over_current,
    Alarm::discharge_over_current,
    Alarm::cell_difference,
    Alarm::box_over_temperature,
    Alarm::battery_under_temperature,
    Alarm::cell_over_voltage,
    Alarm::cell_under_voltage,
    Alarm::protection_a,
    Alarm::protection_b,
};

std::uint32_t big_endian(std::span<const std::uint8_t> bytes) {
  std::uint32_t value = 0;
  for (const std::uint8_t byte : bytes) value = (value << 8) | byte;
  return value;
}

void append_big_endian(std::vector<std::uint8_t>& bytes, std::uint64_t value, std::size_t length) {
  for (std::size_t i = length; i-- > 0;) bytes.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}

std::uint32_t sum_of(std::span<const std::uint8_t> bytes) {
  std::uint32_t sum = 0;
  for (const std::uint8_t byte : bytes) sum += byte;
  return sum & 0xFFFFU;
}

std::vector<std::uint8_t> request(Command command, std::vector<std::uint8_t> information) {
  Frame frame;
  frame.command = command;
  frame.information = std::move(information);
  return encode(frame);
}

// The maker's rule: up to 100 as it stands, above it negative. What lies outside is no temperature: no probe.
std::optional<double> temperature_degC(std::int64_t counts) {
  if (counts < 0 || counts > 140) return std::nullopt;
  return static_cast<double>(counts <= 100 ? counts : 100 - counts);
}

// Positive when discharging. Version 1: bit 15 says charge. Before it: 10000 counts are no current, above is discharge.
double current_A(std::int64_t counts, bool with_sign_bit, double count_per_A) {
  if (!with_sign_bit) return static_cast<double>(counts - 10'000) / count_per_A;
  const double magnitude_A = static_cast<double>(counts & 0x7FFF) / count_per_A;
  return (counts & 0x8000) != 0 && magnitude_A != 0.0 ? -magnitude_A : magnitude_A;
}

std::string hex(std::uint8_t code) {
  constexpr char digits[] = "0123456789ABCDEF";
  return std::string("0x") + digits[code >> 4] + digits[code & 15];
}

void read_versions(const std::string& version, Telemetry& telemetry) {
  // "11.XW_S11.26___": hardware and software. Boards before it send one name.
  const auto trimmed = [](std::string part) {
    part.erase(part.find_last_not_of('_') + 1);
    return part;
  };
  const std::size_t split = version.find("_S");
  if (split == std::string::npos) {
    telemetry.software = trimmed(version);
    return;
  }
  telemetry.hardware = trimmed(version.substr(0, split));
  telemetry.software = trimmed(version.substr(split + 2));
}

}  // namespace

std::vector<std::uint8_t> encode(const Frame& frame) {
  std::vector<std::uint8_t> bytes = {first_mark, second_mark};
  append_big_endian(bytes, head_length + frame.information.size() + tail_length - 2, 2);
  append_big_endian(bytes, frame.terminal, 4);
  bytes.push_back(static_cast<std::uint8_t>(frame.command));
  bytes.push_back(static_cast<std::uint8_t>(frame.source));
  bytes.push_back(static_cast<std::uint8_t>(frame.transmission));
  bytes.insert(bytes.end(), frame.information.begin(), frame.information.end());
  append_big_endian(bytes, frame.record, 4);
  bytes.push_back(end_mark);
  append_big_endian(bytes, sum_of(bytes), 4);
  return bytes;
}

std::vector<std::uint8_t> read_all_request() { return request(Command::read_all, {0x00}); }
std::vector<std::uint8_t> read_request(std::uint8_t code) { return request(Command::read, {code}); }
std::vector<std::uint8_t> activate_request() { return request(Command::activate, {0x00}); }
std::vector<std::uint8_t> password_request() { return request(Command::password, {0x00, 0x00}); }

Match match(std::span<const std::uint8_t> bytes) {
  if (bytes[0] != first_mark) return Match::nothing();
  if (bytes.size() < 2) return Match::more();
  if (bytes[1] != second_mark) return Match::nothing();
  if (bytes.size() < 4) return Match::more();
  const std::size_t length = big_endian(bytes.subspan(2, 2));
  if (length < length_min || length > length_max) return Match::nothing();
  const std::size_t whole = length + 2;
  if (bytes.size() < whole) return Match::more();
  const bool right =
      bytes[whole - 5] == end_mark && big_endian(bytes.subspan(whole - 2, 2)) == sum_of(bytes.first(whole - 4));
  return right ? Match::frame(whole) : Match::nothing();
}

std::optional<Frame> parse(const RawFrame& raw) {
  const std::span<const std::uint8_t> bytes(raw.bytes);
  const std::uint8_t command = bytes[command_place];
  if (command < 1 || command > 6 || command == 4 || bytes[9] > 3 || bytes[10] > 2) return std::nullopt;
  Frame frame;
  frame.arrival_ns = raw.arrival_ns;
  frame.terminal = big_endian(bytes.subspan(4, 4));
  frame.command = static_cast<Command>(command);
  frame.source = static_cast<Source>(bytes[9]);
  frame.transmission = static_cast<Transmission>(bytes[10]);
  frame.information.assign(bytes.begin() + head_length, bytes.end() - tail_length);
  frame.record = big_endian(bytes.subspan(bytes.size() - tail_length, 4));
  return frame;
}

std::span<const Register> registers() { return table; }

const Register* find_register(std::uint8_t code) {
  const auto* found = std::ranges::find(table, code, &Register::code);
  return found == std::end(table) ? nullptr : found;
}

std::int64_t Entry::counts() const {
  const std::uint32_t raw = big_endian(data);
  if (what->coding == Coding::signed_number) return static_cast<std::int16_t>(raw);
  return raw;
}

double Entry::value() const { return static_cast<double>(counts()) / what->scale_factor; }

std::string Entry::text() const {
  std::string content(data.begin(), data.end());
  content.erase(content.find_last_not_of('\0') + 1);
  return content;
}

const Entry* Block::find(std::uint8_t code) const {
  const auto found = std::ranges::find(entries, code, [](const Entry& entry) { return entry.what->code; });
  return found == entries.end() ? nullptr : &*found;
}

Block block_of(std::span<const std::uint8_t> information) {
  Block block;
  while (!information.empty()) {
    const Register* what = find_register(information[0]);
    if (what == nullptr) {
      block.defect = "register " + hex(information[0]) + " is unknown, so what follows it cannot be read";
      return block;
    }
    information = information.subspan(1);
    std::size_t length = what->length;
    if (what->coding == Coding::cells) {
      if (information.empty()) {
        block.defect = "the cells have no length";
        return block;
      }
      length = information[0];
      information = information.subspan(1);
      if (length % 3 != 0 || length / 3 > reported_cell_count_max) {
        block.defect = std::to_string(length) + " bytes of cells; accepted: three for each of up to " +
                       std::to_string(reported_cell_count_max) + " cells";
        return block;
      }
    }
    if (information.size() < length) {
      block.defect = "register " + hex(what->code) + " has " + std::to_string(information.size()) + " bytes of " +
                     std::to_string(length);
      return block;
    }
    if (block.find(what->code) != nullptr) {
      block.defect = "register " + hex(what->code) + " comes twice";
      return block;
    }
    block.entries.push_back({what, {information.begin(), information.begin() + static_cast<std::ptrdiff_t>(length)}});
    const std::vector<std::uint8_t>& data = block.entries.back().data;
    for (std::size_t i = 0; what->coding == Coding::cells && i < length; i += 3) {
      if (data[i] != i / 3 + 1) {
        block.defect = "cell " + std::to_string(data[i]) + " stands where cell " + std::to_string(i / 3 + 1) + " must";
        return block;
      }
    }
    information = information.subspan(length);
  }
  return block;
}

std::vector<std::uint8_t> write_request(std::uint8_t code, std::int64_t counts) {
  const Register* what = find_register(code);
  if (what == nullptr || !what->writable || what->coding == Coding::text) {
    throw BadInput("4E57 register " + hex(code) + "; accepted: one that is written and holds a number");
  }
  const std::int64_t range = std::int64_t{1} << (8 * what->length);
  const bool is_signed = what->coding == Coding::signed_number;
  const std::int64_t low = is_signed ? -range / 2 : 0;
  const std::int64_t high = is_signed ? range / 2 - 1 : range - 1;
  if (counts < low || counts > high) {
    throw BadInput("4E57 register " + hex(code) + " (" + what->name + ") = " + std::to_string(counts) +
                   " counts; accepted: " + std::to_string(low) + " .. " + std::to_string(high));
  }
  std::vector<std::uint8_t> information = {code};
  append_big_endian(information, static_cast<std::uint64_t>(counts), what->length);
  return request(Command::write, std::move(information));
}

Telemetry telemetry_of(const Block& block, TimeNs arrival_ns) {
  Telemetry telemetry;
  telemetry.arrival_ns = arrival_ns;
  const auto number_of = [&](std::uint8_t code) -> std::optional<double> {
    const Entry* entry = block.find(code);
    return entry == nullptr ? std::nullopt : std::optional<double>(entry->value());
  };
  const auto bits_of = [&](std::uint8_t code) -> std::optional<std::int64_t> {
    const Entry* entry = block.find(code);
    return entry == nullptr ? std::nullopt : std::optional<std::int64_t>(entry->counts());
  };
  const auto degC_of = [&](std::uint8_t code) -> std::optional<double> {
    const Entry* entry = block.find(code);
    return entry == nullptr ? std::nullopt : temperature_degC(entry->counts());
  };
  if (const Entry* entry = block.find(0x79)) {
    for (std::size_t i = 0; i < entry->data.size(); i += 3) {
      telemetry.cell_V.push_back(big_endian(std::span(entry->data).subspan(i + 1, 2)) / entry->what->scale_factor);
    }
  }
  telemetry.board_degC = degC_of(0x80);
  telemetry.probe_degC[0] = degC_of(0x81);
  telemetry.probe_degC[1] = degC_of(0x82);
  telemetry.pack_V = number_of(0x83);
  if (const Entry* entry = block.find(0x84)) {
    const bool with_sign_bit = number_of(0xC0).value_or(0.0) == 1.0;
    telemetry.current_A = current_A(entry->counts(), with_sign_bit, entry->what->scale_factor);
  }
  telemetry.soc = number_of(0x85);
  telemetry.cycle_count = number_of(0x87);
  telemetry.cycle_Ah = number_of(0x89);
  if (const auto bits = bits_of(0x8B)) {
    telemetry.alarms.emplace();
    for (std::size_t i = 0; i < std::size(alarm_of_bit); ++i) {
      if (((*bits >> i) & 1) != 0) telemetry.alarms->add(alarm_of_bit[i]);
    }
  }
  if (const auto bits = bits_of(0x8C)) {
    telemetry.charge_on = (*bits & 1) != 0;
    telemetry.discharge_on = (*bits & 2) != 0;
    telemetry.balancing_on = (*bits & 4) != 0;
  }
  telemetry.capacity_Ah = number_of(0xAA);
  telemetry.run_time_s = number_of(0xB6);
  // Firmware before 10.10 does not know its capacity and sends 0.
  if (const auto full_Ah = number_of(0xB9); full_Ah && *full_Ah > 0.0) telemetry.full_Ah = full_Ah;
  if (const Entry* entry = block.find(0xB7)) read_versions(entry->text(), telemetry);
  if (const Entry* entry = block.find(0xBA)) {
    // 12 characters of the user's, then the model; old boards send a serial number instead.
    const std::string model = entry->text().size() > 12 ? entry->text().substr(12) : std::string();
    if (model.starts_with("JK")) telemetry.model = model;
  }
  return telemetry;
}

}  // namespace packrig::nw
