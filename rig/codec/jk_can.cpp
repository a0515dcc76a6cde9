#include "rig/codec/jk_can.hpp"

#include <algorithm>
#include <iterator>

namespace packrig::jk_can {

namespace {

constexpr std::uint32_t extended_flag = 0x8000'0000U;
constexpr std::uint32_t standard_max = 0x7FFU;
constexpr std::uint32_t extended_max = 0x1FFF'FFFFU;
constexpr std::size_t head_length = 5;
constexpr std::size_t cells_per_message = 4;
constexpr std::uint32_t first_cells_id = 0x18E028F4;
constexpr std::uint32_t next_cells_step = 0x10000;
constexpr std::uint32_t cells_message_count = 7;
static_assert(cells_message_count * cells_per_message <= reported_cell_count_max);
constexpr int fault_count = 18;

// Message by message, in the order of its bytes.
constexpr Signal table[] = {
    {0x2F4, false, 0, 16, false, 0.1, 0.0, "pack_V"},
    {0x2F4, false, 16, 16, false, 0.1, -400.0, "current_A"},
    {0x2F4, false, 32, 8, false, 1.0, 0.0, "soc_percent"},
    {0x4F4, false, 0, 16, false, 0.001, 0.0, "cell_max_V"},
    {0x4F4, false, 16, 8, false, 1.0, 0.0, "cell_max_number"},
    {0x4F4, false, 24, 16, false, 0.001, 0.0, "cell_min_V"},
    {0x4F4, false, 40, 8, false, 1.0, 0.0, "cell_min_number"},
    {0x5F4, false, 0, 8, false, 1.0, -50.0, "temperature_max_degC"},
    {0x5F4, false, 8, 8, false, 1.0, 0.0, "temperature_max_number"},
    {0x5F4, false, 16, 8, false, 1.0, -50.0, "temperature_min_degC"},
    {0x5F4, false, 24, 8, false, 1.0, 0.0, "temperature_min_number"},
    {0x5F4, false, 32, 8, false, 1.0, -50.0, "temperature_average_degC"},
    {0x7F4, false, 0, 2, false, 1.0, 0.0, "cell_over_voltage_level"},
    {0x7F4, false, 2, 2, false, 1.0, 0.0, "cell_under_voltage_level"},
    {0x7F4, false, 4, 2, false, 1.0, 0.0, "pack_over_voltage_level"},
    {0x7F4, false, 6, 2, false, 1.0, 0.0, "pack_under_voltage_level"},
    {0x7F4, false, 8, 2, false, 1.0, 0.0, "cell_difference_level"},
    {0x7F4, false, 10, 2, false, 1.0, 0.0, "discharge_over_current_level"},
    {0x7F4, false, 12, 2, false, 1.0, 0.0, "charge_over_current_level"},
    {0x7F4, false, 14, 2, false, 1.0, 0.0, "temperature_high_level"},
    {0x7F4, false, 16, 2, false, 1.0, 0.0, "temperature_low_level"},
    {0x7F4, false, 18, 2, false, 1.0, 0.0, "temperature_difference_level"},
    {0x7F4, false, 20, 2, false, 1.0, 0.0, "soc_low_level"},
    {0x7F4, false, 22, 2, false, 1.0, 0.0, "insulation_level"},
    {0x7F4, false, 24, 2, false, 1.0, 0.0, "interlock_level"},
    {0x7F4, false, 26, 2, false, 1.0, 0.0, "external_communication_level"},
    {0x7F4, false, 28, 2, false, 1.0, 0.0, "internal_communication_level"},
    {0x18F128F4, true, 0, 16, false, 0.1, 0.0, "remaining_Ah"},
    {0x18F128F4, true, 16, 16, false, 0.1, 0.0, "full_Ah"},
    {0x18F128F4, true, 32, 16, false, 0.1, 0.0, "cycle_Ah"},
    {0x18F128F4, true, 48, 16, false, 1.0, 0.0, "cycle_count"},
    {0x18F228F4, true, 0, 8, false, 1.0, 0.0, "probe_mask"},
    {0x18F228F4, true, 8, 8, false, 1.0, -50.0, "probe1_degC"},
    {0x18F228F4, true, 16, 8, false, 1.0, -50.0, "probe2_degC"},
    {0x18F228F4, true, 24, 8, false, 1.0, -50.0, "probe3_degC"},
    {0x18F228F4, true, 32, 8, false, 1.0, -50.0, "probe4_degC"},
    {0x18F228F4, true, 40, 8, false, 1.0, -50.0, "probe5_degC"},
    {0x18F328F4, true, 0, 24, false, 1.0, 0.0, "faults"},
    {0x18F428F4, true, 0, 32, false, 1.0, 0.0, "run_time_s"},
    {0x18F428F4, true, 32, 16, false, 0.001, 0.0, "heating_A"},
    {0x18F428F4, true, 48, 8, false, 1.0, 0.0, "soh_percent"},
    {0x18F528F4, true, 0, 1, false, 1.0, 0.0, "charge_on"},
    {0x18F528F4, true, 1, 1, false, 1.0, 0.0, "discharge_on"},
    {0x18F528F4, true, 2, 1, false, 1.0, 0.0, "balancing_on"},
    {0x18F528F4, true, 3, 1, false, 1.0, 0.0, "heating_on"},
    {0x18F528F4, true, 4, 1, false, 1.0, 0.0, "charger_plugged"},
    {0x18F528F4, true, 5, 1, false, 1.0, 0.0, "acc_on"},
    {0x18E028F4, true, 0, 16, false, 0.001, 0.0, "cell1_V"},
    {0x18E028F4, true, 16, 16, false, 0.001, 0.0, "cell2_V"},
    {0x18E028F4, true, 32, 16, false, 0.001, 0.0, "cell3_V"},
    {0x18E028F4, true, 48, 16, false, 0.001, 0.0, "cell4_V"},
    {0x18E128F4, true, 0, 16, false, 0.001, 0.0, "cell5_V"},
    {0x18E128F4, true, 16, 16, false, 0.001, 0.0, "cell6_V"},
    {0x18E128F4, true, 32, 16, false, 0.001, 0.0, "cell7_V"},
    {0x18E128F4, true, 48, 16, false, 0.001, 0.0, "cell8_V"},
    {0x18E228F4, true, 0, 16, false, 0.001, 0.0, "cell9_V"},
    {0x18E228F4, true, 16, 16, false, 0.001, 0.0, "cell10_V"},
    {0x18E228F4, true, 32, 16, false, 0.001, 0.0, "cell11_V"},
    {0x18E228F4, true, 48, 16, false, 0.001, 0.0, "cell12_V"},
    {0x18E328F4, true, 0, 16, false, 0.001, 0.0, "cell13_V"},
    {0x18E328F4, true, 16, 16, false, 0.001, 0.0, "cell14_V"},
    {0x18E328F4, true, 32, 16, false, 0.001, 0.0, "cell15_V"},
    {0x18E328F4, true, 48, 16, false, 0.001, 0.0, "cell16_V"},
    {0x18E428F4, true, 0, 16, false, 0.001, 0.0, "cell17_V"},
    {0x18E428F4, true, 16, 16, false, 0.001, 0.0, "cell18_V"},
    {0x18E428F4, true, 32, 16, false, 0.001, 0.0, "cell19_V"},
    {0x18E428F4, true, 48, 16, false, 0.001, 0.0, "cell20_V"},
    {0x18E528F4, true, 0, 16, false, 0.001, 0.0, "cell21_V"},
    {0x18E528F4, true, 16, 16, false, 0.001, 0.0, "cell22_V"},
    {0x18E528F4, true, 32, 16, false, 0.001, 0.0, "cell23_V"},
    {0x18E528F4, true, 48, 16, false, 0.001, 0.0, "cell24_V"},
    {0x18E628F4, true, 0, 16, false, 0.001, 0.0, "cell25_V"},
    {0x1806E5F4, true, 7, 16, true, 0.1, 0.0, "request_V"},
    {0x1806E5F4, true, 23, 16, true, 0.1, 0.0, "request_A"},
    {0x1806E5F4, true, 32, 8, false, 1.0, 0.0, "charger_off"},
};

// Faults of the fault word, which stand in the order of the maker's alarm word.
AlarmSet alarms_of(std::uint32_t faults, bool shifted_from_bit_8) {
  AlarmSet alarms;
  for (int i = 0; i < fault_count; ++i) {
    const int bit = shifted_from_bit_8 && i >= 8 ? i + 1 : i;
    if (((faults >> bit) & 1U) != 0) alarms.add(static_cast<Alarm>(i));
  }
  return alarms;
}

std::optional<double> find_value(const Frame& frame, const char* name) {
  const auto* found = std::ranges::find_if(
      table, [&](const Signal& s) { return s.id == frame.id && std::string_view(s.name) == name; });
  return found == std::end(table) ? std::nullopt : value_of(*found, frame);
}

bool merge_cells(const Frame& frame, std::size_t first, Telemetry& telemetry) {
  // Cells come in order; one that follows a gap cannot be placed yet.
  if (frame.length < 2 || first > telemetry.cell_V.size()) return false;
  for (std::size_t i = 0; i + 1 < frame.length; i += 2) {
    const int counts_mV = frame.data[i] | (frame.data[i + 1] << 8);
    const std::size_t cell = first + i / 2;
    if (counts_mV == 0 && cell >= telemetry.cell_V.size()) break;  // padding behind the last cell
    const double cell_V = counts_mV / 1000.0;
    if (cell < telemetry.cell_V.size()) {
      telemetry.cell_V[cell] = cell_V;
    } else {
      telemetry.cell_V.push_back(cell_V);
    }
  }
  return true;
}

void merge_probes(const Frame& frame, Telemetry& telemetry) {
  for (std::size_t i = 0; i < reported_probe_count && i + 1 < frame.length; ++i) {
    const bool there = ((frame.data[0] >> i) & 1) != 0 && frame.data[i + 1] != 0xFF;
    telemetry.probe_degC[i] = there ? std::optional<double>(frame.data[i + 1] - 50.0) : std::nullopt;
  }
}

}  // namespace

Match match(std::span<const std::uint8_t> bytes) {
  if (bytes.size() < head_length) return Match::more();
  std::uint32_t id = 0;
  for (std::size_t i = 0; i < 4; ++i) id = (id << 8) | bytes[i];
  const bool extended = (id & extended_flag) != 0;
  if ((id & ~extended_flag) > (extended ? extended_max : standard_max) || bytes[4] > 8) return Match::nothing();
  const std::size_t whole = head_length + bytes[4];
  return bytes.size() < whole ? Match::more() : Match::frame(whole);
}

Frame parse(const RawFrame& raw) {
  Frame frame;
  frame.arrival_ns = raw.arrival_ns;
  for (std::size_t i = 0; i < 4; ++i) frame.id = (frame.id << 8) | raw.bytes[i];
  frame.extended = (frame.id & extended_flag) != 0;
  frame.id &= ~extended_flag;
  frame.length = raw.bytes[4];
  std::copy(raw.bytes.begin() + head_length, raw.bytes.end(), frame.data.begin());
  return frame;
}

std::vector<std::uint8_t> bytes_of(const Frame& frame) {
  const std::uint32_t id = frame.id | (frame.extended ? extended_flag : 0U);
  std::vector<std::uint8_t> bytes;
  for (int shift = 24; shift >= 0; shift -= 8) bytes.push_back(static_cast<std::uint8_t>(id >> shift));
  bytes.push_back(frame.length);
  bytes.insert(bytes.end(), frame.data.begin(), frame.data.begin() + frame.length);
  return bytes;
}

std::span<const Signal> signals() { return table; }

std::optional<double> value_of(const Signal& signal, const Frame& frame) {
  // Big-endian fields here fill whole bytes.
  const std::size_t first = signal.start_bit / 8;
  const std::size_t last =
      signal.big_endian ? first + signal.bit_count / 8 - 1 : (signal.start_bit + signal.bit_count - 1U) / 8;
  if (last >= frame.length) return std::nullopt;
  std::uint64_t raw = 0;
  if (signal.big_endian) {
    for (std::size_t i = first; i <= last; ++i) raw = (raw << 8) | frame.data[i];
  } else {
    for (std::size_t i = last + 1; i-- > first;) raw = (raw << 8) | frame.data[i];
    raw = (raw >> (signal.start_bit % 8)) & ((std::uint64_t{1} << signal.bit_count) - 1);
  }
  return static_cast<double>(raw) * signal.scale_factor + signal.offset;
}

std::optional<std::size_t> first_cell(const Frame& frame, const Choices& choices) {
  const std::uint32_t beyond = frame.id - choices.address - first_cells_id;
  if (!frame.extended || beyond % next_cells_step != 0 || beyond / next_cells_step >= cells_message_count) {
    return std::nullopt;
  }
  return beyond / next_cells_step * cells_per_message;
}

bool merge(const Frame& given, const Choices& choices, Telemetry& telemetry) {
  Frame frame = given;
  frame.id -= choices.address;
  const auto value = [&](const char* name) { return find_value(frame, name); };
  const auto is_on = [&](int bit) { return ((frame.data[0] >> bit) & 1) != 0; };
  switch (frame.id) {
    case 0x2F4: {
      const auto soc_percent = value("soc_percent");
      if (!soc_percent || frame.extended) return false;
      telemetry.pack_V = value("pack_V");
      const double current_A = *value("current_A");
      telemetry.current_A = choices.current_positive_when_charging ? 0.0 - current_A : current_A;
      telemetry.soc = *soc_percent / 100.0;
      break;
    }
    case 0x18F128F4:
      if (frame.length < 8) return false;
      telemetry.remaining_Ah = value("remaining_Ah");
      telemetry.full_Ah = value("full_Ah");
      telemetry.cycle_count = value("cycle_count");
      // The register wraps at 6553.6 Ah, so it is no counter that only goes up: not taken for cycle_Ah.
      break;
    case 0x18F228F4:
      if (frame.length < 2) return false;
      merge_probes(frame, telemetry);
      break;
    case 0x18F328F4:
      if (frame.length < 3) return false;
      telemetry.alarms = alarms_of(static_cast<std::uint32_t>(*value("faults")), choices.faults_shifted_from_bit_8);
      break;
    case 0x18F428F4:
      if (frame.length < 7) return false;
      telemetry.run_time_s = value("run_time_s");
      telemetry.soh_share = *value("soh_percent") / 100.0;
      break;
    case 0x18F528F4:
      if (frame.length < 1) return false;
      telemetry.charge_on = is_on(0);
      telemetry.discharge_on = is_on(1);
      telemetry.balancing_on = is_on(2);
      telemetry.heating_on = is_on(3);
      telemetry.charger_plugged = is_on(4);
      break;
    default: {
      const auto first = first_cell(given, choices);
      if (!first || !merge_cells(frame, *first, telemetry)) return false;
    }
  }
  telemetry.arrival_ns = frame.arrival_ns;
  return true;
}

std::optional<ChargeRequest> charge_request(const Frame& frame) {
  if (frame.id != 0x1806E5F4 || !frame.extended || frame.length < 5) return std::nullopt;
  return ChargeRequest{*find_value(frame, "request_V"), *find_value(frame, "request_A"), frame.data[4] == 0};
}

Frame control(std::optional<bool> charge_on, std::optional<bool> discharge_on, std::optional<bool> balancing_on) {
  Frame frame;
  frame.id = 0x18F0F428;
  frame.extended = true;
  frame.length = 8;
  const std::optional<bool> wanted[] = {charge_on, discharge_on, balancing_on};
  for (std::size_t i = 0; i < std::size(wanted); ++i) {
    if (!wanted[i]) continue;
    frame.data[0] = static_cast<std::uint8_t>(frame.data[0] | (1U << i));
    frame.data[i + 1] = *wanted[i] ? 1 : 0;
  }
  return frame;
}

}  // namespace packrig::jk_can
