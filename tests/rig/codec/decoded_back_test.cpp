// Every value that the simulated board sends comes back from the host's decoders as what the board holds: settings as
// its registers have them, and what it measures the same in each language.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "rig/codec/jk02.hpp"
#include "rig/codec/jk_can.hpp"
#include "rig/codec/jk_modbus.hpp"
#include "rig/codec/modbus_rtu.hpp"
#include "rig/codec/nw.hpp"
#include "tests/bms/protocol/wire.hpp"

namespace packrig::test {
namespace {

constexpr std::uint8_t uart_register = 0xA5;
constexpr std::uint8_t port_register = 0x2A;
constexpr int modbus_unit = 1;
// They run on between two questions, by less than this.
const std::set<std::string> moving = {"ticks", "run_time_s", "clock_s", "remaining_Ah", "cycle_Ah"};
constexpr double moved_counts = 100.0;

void expect_same(const jk02::Field& field, const RawFrame& app, const RawFrame& modbus) {
  if (field.coding == jk02::Coding::text) {
    EXPECT_EQ(jk02::text_of(field, app), jk02::text_of(field, modbus)) << field.name;
    return;
  }
  const auto first = jk02::raw_count(field, jk02::Layout::cells_32, app);
  const auto second = jk02::raw_count(field, jk02::Layout::cells_32, modbus);
  ASSERT_EQ(first.has_value(), second.has_value()) << field.name;
  if (first) {
    EXPECT_NEAR(*first, *second, moving.contains(field.name) ? moved_counts : 0.0) << field.name;
  }
}

// A board with something to say: unequal cells, a discharge, probes apart, a trip.
class DecodedBack : public testing::TestWithParam<int> {
 protected:
  DecodedBack() : wire(li_ion, static_cast<std::uint8_t>(GetParam()), 3300.0) {
    for (int probe = 1; probe <= 3; ++probe) wire.desk.set_probe_degC(probe, -15.0 + 12.0 * probe);
    EXPECT_EQ(wire.desk.write(0x1F, 0), 0);  // no balancing: it comes and goes
    wire.run_s(20.0);
    for (int cell = 1; cell <= GetParam(); ++cell) wire.desk.set_cell_mV(cell, 3200.0 + 7.0 * cell);
    wire.desk.set_cell_mV(3, 2500.0);
    wire.desk.set_current_A(-12.5);
    wire.run_s(5.0);
  }

  RawFrame by_app(const std::vector<std::uint8_t>& request, jk02::Kind kind) {
    Deframer deframer(jk02::match, jk02::silence_ns);
    wire.said.clear();
    wire.send(request, port_bluetooth);
    wire.run_s(2.0);
    for (const SaidByte& byte : wire.said) {
      if (byte.port == port_bluetooth) deframer.push(byte.value, byte.at_ns);
    }
    while (const auto raw = deframer.next()) {
      if (jk02::kind_of(*raw) == kind) return *raw;
    }
    ADD_FAILURE() << "no frame of that kind";
    return {};
  }

  RawFrame by_modbus(jk02::Kind kind) {
    EXPECT_EQ(wire.desk.write(uart_register, 1), 0);
    wire.run_s(1.0);
    std::vector<std::uint16_t> registers;
    for (const jk_modbus::Block& question : jk_modbus::questions_of(kind)) {
      const auto answer = wire.ask(modbus_rtu::read_request(modbus_unit, question.first, question.count));
      const auto reply = modbus_rtu::parse({0, answer});
      registers.insert(registers.end(), reply.registers.begin(), reply.registers.end());
    }
    return jk_modbus::frame_of(kind, registers, 0);
  }

  Wire wire;
};

TEST_P(DecodedBack, EverySettingOverModbusAndByTheApp) {
  const RawFrame app = by_app(jk02::settings_request(), jk02::Kind::settings);
  const RawFrame modbus = by_modbus(jk02::Kind::settings);
  int held = 0;
  for (const jk02::Field& field : jk02::settings_fields()) {
    expect_same(field, app, modbus);
    if (field.write_32 == 0) continue;
    EXPECT_EQ(jk02::raw_count(field, jk02::Layout::cells_32, modbus), wire.desk.read(field.write_32)) << field.name;
    ++held;
  }
  EXPECT_GT(held, 40);
}

TEST_P(DecodedBack, EveryMeasuredAndDeviceValueIsOneInModbusAndInTheApp) {
  const RawFrame app_cells = by_app(jk02::settings_request(), jk02::Kind::cells);
  const RawFrame app_device = by_app(jk02::device_request(), jk02::Kind::device);
  const RawFrame cells = by_modbus(jk02::Kind::cells);
  const RawFrame device = by_modbus(jk02::Kind::device);
  for (const jk02::Field& field : jk02::cell_fields()) expect_same(field, app_cells, cells);
  for (const jk02::Field& field : jk02::device_fields()) {
    if (std::string(field.name) != "uart_protocol") expect_same(field, app_device, device);  // that has been changed
  }
  const Telemetry said = jk02::telemetry_of(cells, jk02::Layout::cells_32);
  ASSERT_EQ(said.cell_V.size(), static_cast<std::size_t>(GetParam()));
  for (int cell = 1; cell <= GetParam(); ++cell) {
    EXPECT_NEAR(said.cell_V[static_cast<std::size_t>(cell - 1)], cell == 3 ? 2.5 : 3.2 + 0.007 * cell, 0.0006);
  }
  EXPECT_NEAR(*said.current_A, -12.5, 0.005);
  EXPECT_NEAR(*said.probe_degC[0], -3.0, 0.11);
  EXPECT_TRUE(said.alarms->has(Alarm::cell_under_voltage));
}

TEST_P(DecodedBack, EveryRegisterOf4E57) {
  const RawFrame app = by_app(jk02::settings_request(), jk02::Kind::settings);
  Deframer deframer(nw::match, nw::silence_ns);
  wire.ask(nw::read_all_request());
  for (const SaidByte& byte : wire.said) {
    if (byte.port == port_rs485) deframer.push(byte.value, byte.at_ns);
  }
  const auto raw = deframer.next();
  ASSERT_TRUE(raw);
  const nw::Block block = nw::block_of(nw::parse(*raw)->information);
  EXPECT_EQ(block.defect, "");
  EXPECT_EQ(block.entries.size(), 59U);  // of every capture: 79 to C0 without 88, 8D and BB to BF
  int held = 0;
  for (const nw::Entry& entry : block.entries) {
    const jk02::Field* field = jk02::find_field(jk02::settings_fields(), entry.what->name);
    if (field == nullptr) continue;
    EXPECT_NEAR(entry.value(), *jk02::raw_count(*field, jk02::Layout::cells_32, app) / field->scale_factor, 1e-9)
        << field->name;
    ++held;
  }
  EXPECT_GT(held, 20);
  const Telemetry said = nw::telemetry_of(block, 0);
  ASSERT_EQ(said.cell_V.size(), static_cast<std::size_t>(GetParam()));
  EXPECT_NEAR(said.cell_V[3], 3.228, 0.0006);
  EXPECT_NEAR(*said.current_A, -12.5, 0.006);
}

TEST_P(DecodedBack, EveryStatusMessageOnCan) {
  const Telemetry app = jk02::telemetry_of(by_app(jk02::settings_request(), jk02::Kind::cells), jk02::Layout::cells_32);
  EXPECT_EQ(wire.desk.write(port_register, 0), 0);
  wire.said.clear();
  wire.run_s(2.0);
  Deframer deframer(jk_can::match, second_ns);
  for (const SaidByte& byte : wire.said) {
    if (byte.port == port_can) deframer.push(byte.value, byte.at_ns);
  }
  Telemetry said;
  std::set<std::uint32_t> heard;
  std::map<std::string, double> value;
  while (const auto raw = deframer.next()) {
    const jk_can::Frame frame = jk_can::parse(*raw);
    heard.insert(frame.id);
    for (const jk_can::Signal& signal : jk_can::signals()) {
      if (signal.id == frame.id) value[signal.name] = jk_can::value_of(signal, frame).value_or(-1.0);
    }
    jk_can::merge(frame, {}, said);
  }
  // All of its messages, alarms included, one more for each four cells.
  EXPECT_EQ(heard.size(), 10U + (static_cast<std::size_t>(GetParam()) + 3) / 4);
  EXPECT_TRUE(std::ranges::equal(said.cell_V, app.cell_V));
  EXPECT_NEAR(*said.pack_V, *app.pack_V, 0.05);
  EXPECT_NEAR(*said.current_A, *app.current_A, 0.05);
  EXPECT_EQ(said.soc, app.soc);
  EXPECT_EQ(said.soh_share, app.soh_share);
  EXPECT_NEAR(*said.remaining_Ah, *app.remaining_Ah, 0.1);
  EXPECT_NEAR(*said.full_Ah, *app.full_Ah, 0.05);
  EXPECT_NEAR(value["cycle_Ah"], *app.cycle_Ah, 0.1);
  EXPECT_EQ(said.cycle_count, app.cycle_count);
  EXPECT_NEAR(*said.run_time_s, *app.run_time_s, 5.0);
  for (std::size_t probe = 0; probe < 3; ++probe) EXPECT_NEAR(*said.probe_degC[probe], *app.probe_degC[probe], 0.5);
  EXPECT_EQ(said.charge_on, app.charge_on);
  EXPECT_EQ(said.discharge_on, app.discharge_on);
  EXPECT_EQ(said.balancing_on, app.balancing_on);
  EXPECT_EQ(said.heating_on, app.heating_on);
  EXPECT_EQ(said.charger_plugged, app.charger_plugged);
  EXPECT_EQ(said.alarms->bits(), app.alarms->bits() & 0x3FFFF);  // the fault word has no more
  const auto [low, high] = std::ranges::minmax_element(app.cell_V);
  EXPECT_DOUBLE_EQ(value["cell_min_V"], *low);
  EXPECT_EQ(value["cell_min_number"], low - app.cell_V.begin() + 1);
  EXPECT_DOUBLE_EQ(value["cell_max_V"], *high);
  EXPECT_EQ(value["cell_max_number"], high - app.cell_V.begin() + 1);
  EXPECT_NEAR(value["temperature_min_degC"], *app.probe_degC[0], 0.5);  // the probes rise by their number
  EXPECT_EQ(value["temperature_min_number"], 1.0);
  EXPECT_NEAR(value["temperature_max_degC"], *app.probe_degC[2], 0.5);
  EXPECT_EQ(value["temperature_max_number"], 3.0);
  EXPECT_NEAR(value["temperature_average_degC"], *app.probe_degC[1], 0.5);
  EXPECT_EQ(value["cell_under_voltage_level"], 1.0);  // serious
  EXPECT_EQ(value["cell_over_voltage_level"], 0.0);
  EXPECT_NEAR(value["request_V"], GetParam() * wire.desk.read(0x07) / 1000.0, 0.05);  // no charge voltage is set
  EXPECT_NEAR(value["request_A"], wire.desk.read(0x0C) / 1000.0, 0.05);
  EXPECT_EQ(value["charger_off"], *app.charge_on ? 0.0 : 1.0);
}

INSTANTIATE_TEST_SUITE_P(Cells, DecodedBack, testing::Values(7, 16, 25));

}  // namespace
}  // namespace packrig::test
