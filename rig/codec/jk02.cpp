#include "rig/codec/jk02.hpp"

#include <algorithm>
#include <bit>

#include "models/errors.hpp"

namespace packrig::jk02 {

namespace {

constexpr std::uint8_t frame_mark[] = {0x55, 0xAA, 0xEB, 0x90};
constexpr std::uint8_t command_mark[] = {0xAA, 0x55, 0x90, 0xEB};
constexpr std::uint8_t ask_settings = 0x96;
constexpr std::size_t kind_at = 4;
constexpr std::size_t counter_at = 5;
constexpr int cells_at = 6;
constexpr double absent_counts = -2000.0;  // of a temperature: no probe

std::uint8_t sum_of(std::span<const std::uint8_t> bytes) {
  std::uint32_t sum = 0;
  for (const std::uint8_t byte : bytes) sum += byte;
  return static_cast<std::uint8_t>(sum);
}

std::uint32_t little_endian(std::span<const std::uint8_t> bytes) {
  std::uint32_t value = 0;
  for (std::size_t i = bytes.size(); i-- > 0;) value = value << 8 | bytes[i];
  return value;
}

int place_of(const Field& field, Layout layout) { return layout == Layout::cells_24 ? field.at_24 : field.at_32; }

std::span<const std::uint8_t> bytes_of(const Field& field, int place, const RawFrame& frame) {
  return std::span(frame.bytes).subspan(static_cast<std::size_t>(place), field.length);
}

std::vector<std::uint8_t> request(std::uint8_t command, std::uint64_t value, std::size_t length) {
  std::vector<std::uint8_t> bytes(std::begin(command_mark), std::end(command_mark));
  bytes.push_back(command);
  bytes.push_back(static_cast<std::uint8_t>(length));
  for (std::size_t i = 0; i < 4; ++i) bytes.push_back(static_cast<std::uint8_t>(i < length ? value >> (8 * i) : 0));
  bytes.resize(command_size - 1, 0);
  bytes.push_back(sum_of(bytes));
  return bytes;
}

// Reads a frame of cells by the fields' names.
class CellFrame {
 public:
  CellFrame(const RawFrame& frame, Layout layout) : frame_(frame), layout_(layout) {}

  std::optional<double> counts(const std::string& name) const {
    return raw_count(*find_field(cell_fields(), name), layout_, frame_);
  }
  std::optional<double> value(const std::string& name) const {
    const Field& field = *find_field(cell_fields(), name);
    const auto raw = raw_count(field, layout_, frame_);
    return raw ? std::optional<double>(*raw / field.scale_factor) : std::nullopt;
  }
  std::optional<double> degC(const std::string& name) const {
    const auto raw = counts(name);
    return raw && *raw != absent_counts ? value(name) : std::nullopt;
  }
  std::optional<bool> flag(const std::string& name) const {
    const auto raw = counts(name);
    return raw ? std::optional<bool>(*raw != 0.0) : std::nullopt;
  }

 private:
  const RawFrame& frame_;
  Layout layout_;
};

}  // namespace

Layout layout_of(const std::string& hardware) {
  int major = 0;
  std::size_t digits = 0;
  while (digits < hardware.size() && digits < 3 && hardware[digits] >= '0' && hardware[digits] <= '9') {
    major = 10 * major + (hardware[digits++] - '0');
  }
  if (digits == 0) throw BadInput("hardware version '" + hardware + "'; accepted: one that begins with its number");
  return major >= 11 ? Layout::cells_32 : Layout::cells_24;
}

Match match(std::span<const std::uint8_t> bytes) {
  const bool is_frame = bytes[0] == frame_mark[0];
  const std::span<const std::uint8_t> mark = is_frame ? std::span(frame_mark) : std::span(command_mark);
  const std::size_t seen = std::min(bytes.size(), mark.size());
  if (!std::ranges::equal(bytes.first(seen), mark.first(seen))) return Match::nothing();
  const std::size_t length = is_frame ? frame_size : command_size;
  if (bytes.size() < length) return Match::more();
  return sum_of(bytes.first(length - 1)) == bytes[length - 1] ? Match::frame(length) : Match::nothing();
}

std::optional<Kind> kind_of(const RawFrame& raw) {
  const auto kind = static_cast<Kind>(raw.bytes[kind_at]);
  if (raw.bytes.size() == command_size) {
    return kind == Kind::acknowledgement ? std::optional<Kind>(kind) : std::nullopt;
  }
  switch (kind) {
    case Kind::settings:
    case Kind::cells:
    case Kind::device:
    case Kind::log:
      return kind;
    case Kind::acknowledgement:
      break;
  }
  return std::nullopt;
}

std::uint8_t counter_of(const RawFrame& raw) { return raw.bytes[counter_at]; }

const Field* find_field(std::span<const Field> fields, const std::string& name) {
  const auto found = std::ranges::find_if(fields, [&](const Field& field) { return name == field.name; });
  return found == fields.end() ? nullptr : &*found;
}

std::optional<double> raw_count(const Field& field, Layout layout, const RawFrame& frame) {
  const int place = place_of(field, layout);
  if (place < 0) return std::nullopt;
  const std::uint32_t raw = little_endian(bytes_of(field, place, frame));
  if (field.coding == Coding::real) return static_cast<double>(std::bit_cast<float>(raw));
  if (field.bit >= 0) return (raw >> field.bit & 1U) != 0 ? 1.0 : 0.0;
  if (field.coding == Coding::signed_number) {
    const int unused = 32 - 8 * field.length;
    return static_cast<double>(static_cast<std::int32_t>(raw << unused) >> unused);
  }
  return static_cast<double>(raw);
}

std::string text_of(const Field& field, const RawFrame& frame) {
  const auto bytes = bytes_of(field, field.at_32, frame);
  return {bytes.begin(), std::ranges::find(bytes, std::uint8_t{0})};
}

Telemetry telemetry_of(const RawFrame& frame, Layout layout) {
  const CellFrame from(frame, layout);
  Telemetry telemetry;
  telemetry.arrival_ns = frame.arrival_ns;
  const auto present = static_cast<std::uint32_t>(*from.counts("cells_present"));
  const int slots = layout == Layout::cells_24 ? 24 : 32;
  const int wires_at = layout == Layout::cells_24 ? 64 : 80;
  for (int slot = 0; slot < slots; ++slot) {
    if ((present >> slot & 1U) == 0) continue;
    const auto word = [&](int begin) {
      return static_cast<double>(
                 little_endian(std::span(frame.bytes).subspan(static_cast<std::size_t>(begin + 2 * slot), 2))) /
             1000.0;
    };
    telemetry.cell_V.push_back(word(cells_at));
    telemetry.wire_Ohm.push_back(word(wires_at));
  }
  telemetry.pack_V = from.value("pack_V");
  // Without a negative zero: it would print as one.
  telemetry.current_A = 0.0 - *from.value("current_A");
  telemetry.soc = from.value("soc");
  telemetry.soh_share = from.value("soh_share");
  telemetry.remaining_Ah = from.value("remaining_Ah");
  telemetry.full_Ah = from.value("full_Ah");
  telemetry.cycle_Ah = from.value("cycle_Ah");
  telemetry.cycle_count = from.value("cycle_count");
  telemetry.board_degC = from.degC("board_degC");
  telemetry.probe_degC = {from.degC("probe_1_degC"), from.degC("probe_2_degC"), from.degC("probe_3_degC"), {}, {}};
  telemetry.alarms =
      AlarmSet(static_cast<std::uint64_t>(*from.counts(layout == Layout::cells_24 ? "short_alarms" : "alarms")));
  telemetry.charge_on = from.flag("charge_on");
  telemetry.discharge_on = from.flag("discharge_on");
  telemetry.precharge_on = from.flag("precharge_state");
  telemetry.balancing_on = from.flag("balance_action");
  telemetry.heating_on = from.flag("heating_on");
  telemetry.charger_plugged = from.flag("charger_plugged");
  telemetry.balance_A = from.value("balance_A");
  telemetry.suspect_cells = static_cast<std::uint32_t>(*from.counts("poor_wires"));
  telemetry.run_time_s = from.value("run_time_s");
  return telemetry;
}

Telemetry device_of(const RawFrame& frame) {
  const auto text = [&](const char* name) { return text_of(*find_field(device_fields(), name), frame); };
  Telemetry telemetry;
  telemetry.arrival_ns = frame.arrival_ns;
  telemetry.model = text("model");
  telemetry.hardware = text("hardware");
  telemetry.software = text("software");
  return telemetry;
}

std::vector<std::uint8_t> settings_request() { return request(ask_settings, 0, 0); }
std::vector<std::uint8_t> device_request() { return request(device_command, 0, 0); }

std::vector<std::uint8_t> write_request(std::uint8_t register_number, std::int64_t counts, std::size_t length) {
  if (register_number == 0 || length > 4) {
    throw BadInput("JK02 register " + std::to_string(register_number) + " of " + std::to_string(length) +
                   " bytes; accepted: above 0, of 0 to 4 bytes");
  }
  return request(register_number, static_cast<std::uint64_t>(counts), length);
}

}  // namespace packrig::jk02
