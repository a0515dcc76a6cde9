// What captures and documents leave open about the wire: each choice, taken the other way, shows on its port.
#include <gtest/gtest.h>

#include "models/bms/c_abi.hpp"
#include "models/bms/part_b2a25srp.hpp"
#include "tests/bms/protocol/modbus_frames.hpp"
#include "tests/bms/protocol/nw_frames.hpp"

namespace packrig::test {
namespace {

constexpr bms::Part with_other_choices() {
  bms::Part part = bms::b2a25srp;
  bms::ProtocolChoices& choices = part.protocol;
  choices.nw_unit_number = 7;
  choices.nw_answers_activate = false;
  choices.nw_answers_password = false;
  choices.nw_writes_balance_switch = true;
  choices.nw_warns_of_low_capacity = true;
  choices.nw_status_bit_3_is_dropped = false;
  choices.modbus_sends_master_frames = true;
  choices.master_frame_counter = 5;
  choices.jk02_length_byte_counts = true;
  choices.can_charge_is_positive = false;
  choices.can_faults_are_shifted = true;
  choices.can_heat_byte = 6;
  return part;
}
constexpr bms::Part with_both_ports() {
  bms::Part part = bms::b2a25srp;
  part.protocol.ports_are_both_alive = true;
  return part;
}
constexpr bms::Part other_part = with_other_choices();
constexpr bms::Part both_ports_part = with_both_ports();

struct Choices : testing::Test {
  Choices() {
    wire.run_s(7.0);
    wire.said.clear();
  }
  // The last data of that identifier within 1.1 s.
  Bytes frame_on_can(std::uint32_t id) {
    wire.said.clear();
    wire.run_s(1.1);
    const Bytes bytes = wire.said_on(port_can);
    Bytes data;
    for (std::size_t i = 0; i + 13 <= bytes.size(); i += 13) {
      std::uint32_t found = 0;
      for (std::size_t k = 0; k < 4; ++k) found = found << 8 | bytes[i + k];
      if (found == id)
        data.assign(bytes.begin() + static_cast<std::ptrdiff_t>(i + 5),
                    bytes.begin() + static_cast<std::ptrdiff_t>(i + 13));
    }
    return data;
  }
  void switch_to_can() {
    EXPECT_EQ(wire.desk.write(0x2A, 0), 0);
    wire.run_s(1.0);
  }

  Wire wire{lfp, 16, 3300.0, &bms::CAbi<other_part>::api};
};

TEST_F(Choices, NwUnitNumberIsHeardBesideZero) {
  NwFrame frame;
  for (const auto& [unit, heard] : {std::pair{0U, true}, {7U, true}, {6U, false}, {8U, false}}) {
    frame.unit = unit;
    EXPECT_EQ(!wire.ask(frame.bytes()).empty(), heard) << unit;
  }
}

TEST_F(Choices, NwActivateAndPasswordMayBeSilent) {
  Wire answering{lfp};
  answering.run_s(7.0);
  for (const std::uint8_t command : {0x01, 0x05}) {
    NwFrame frame;
    frame.command = command;
    EXPECT_TRUE(wire.ask(frame.bytes()).empty()) << int{command};
    EXPECT_FALSE(answering.ask(frame.bytes()).empty()) << int{command};
  }
}

TEST_F(Choices, NwRequestsThatMeanNothingAreNotAnswered) {
  const auto silent = [&](std::uint8_t command, std::uint8_t type, const Bytes& information) {
    NwFrame frame;
    frame.command = command;
    frame.type = type;
    frame.information = information;
    return wire.ask(frame.bytes()).empty();
  };
  EXPECT_TRUE(silent(0x06, 0x01, {0x00})) << "a reply";
  EXPECT_TRUE(silent(0x07, 0x00, {0x00})) << "no command";
  EXPECT_TRUE(silent(0x06, 0x00, {0x79})) << "all, but of one";
  EXPECT_TRUE(silent(0x06, 0x00, {0x00, 0x00})) << "all, with a value";
  EXPECT_TRUE(silent(0x03, 0x00, {0x79, 0x00})) << "a read with a value";
  EXPECT_FALSE(silent(0x06, 0x00, {0x00}));
}

TEST_F(Choices, NwBalanceSwitchIsWritten) {
  ASSERT_EQ(wire.desk.read(0x1F), 1);
  EXPECT_FALSE(wire.ask(nw_write(0x9D, 0, 1)).empty());
  EXPECT_EQ(wire.desk.read(0x1F), 0);
}

// The word behind the header and its own code: charge, discharge, and bit 3 as the maker's description has it.
TEST_F(Choices, NwStateBit3MeansNormal) {
  ASSERT_EQ(wire.desk.write(0x1F, 0), 0);
  wire.run_s(1.0);
  const Bytes reply = wire.ask(nw_read_one(0x8C));
  ASSERT_GE(reply.size(), 14U);
  EXPECT_EQ(reply[11], 0x8C);
  EXPECT_EQ(reply[13], 0x0B);
}

// Register 0xB1 holds 20 %.
TEST_F(Choices, NwLowCapacityIsAWarning) {
  for (const auto& [cell_mV, warning] : {std::pair{3320.0, 0}, {2900.0, 1}}) {
    Wire low(lfp, 16, cell_mV, &bms::CAbi<other_part>::api);
    low.run_s(20.0);
    const Bytes reply = low.ask(nw_read_one(0x8B));
    ASSERT_GE(reply.size(), 14U);
    EXPECT_EQ(reply[13], warning) << cell_mV;
  }
}

TEST_F(Choices, ModbusMasterFramesComeBeforeTheAnswer) {
  ASSERT_EQ(wire.desk.write(0xA5, 1), 0);
  wire.run_s(1.0);
  for (const auto& [address, type] : {std::pair{0x161CU, 3}, {0x161EU, 1}, {0x1620U, 2}}) {
    const Bytes reply = wire.ask(modbus_write(address, {0}));
    ASSERT_EQ(reply.size(), 309U) << address;
    EXPECT_EQ(Bytes(reply.begin(), reply.begin() + 4), (Bytes{0x55, 0xAA, 0xEB, 0x90}));
    EXPECT_EQ(reply[4], type);
    EXPECT_EQ(reply[5], 5);
    unsigned sum = 0;
    for (std::size_t i = 0; i < 299; ++i) sum += reply[i];
    EXPECT_EQ(reply[299], sum & 0xFF);
    EXPECT_EQ(reply[300], 0);
    EXPECT_EQ(Bytes(reply.begin() + 301, reply.end()), with_check(Bytes{1, 0x10} + word(address) + word(1)));
  }
  EXPECT_EQ(wire.ask(modbus_write(0x1620, {1})), with_check({1, 0x90, 2})) << "another value";
  EXPECT_EQ(wire.ask(modbus_write(0x1620, {0, 0})), with_check({1, 0x90, 2})) << "two registers";
  EXPECT_EQ(wire.ask(modbus_write(0x1622, {0})), with_check({1, 0x90, 2})) << "another register";
}

// The app's value counts as many bytes as its length says: 0 to 4.
TEST_F(Choices, BluetoothValuesAreAsLongAsTheySay) {
  const auto write = [&](std::uint8_t number, std::uint8_t length, const Bytes& value) {
    Bytes bytes = Bytes{0xAA, 0x55, 0x90, 0xEB, number, length} + value;
    bytes.resize(19);
    unsigned sum = 0;
    for (const std::uint8_t byte : bytes) sum += byte;
    wire.send(bytes + Bytes{static_cast<std::uint8_t>(sum)}, port_bluetooth);
    wire.run_s(0.5);
  };
  write(0x04, 4, {0x42, 0x0E, 0x00, 0x00});
  EXPECT_EQ(wire.desk.read(0x04), 3650);
  write(0x04, 2, {0x4C, 0x0E, 0xFF, 0xFF});
  EXPECT_EQ(wire.desk.read(0x04), 3660) << "bytes behind the length are none of the value's";
  write(0x1F, 5, {1, 0, 0, 0});
  EXPECT_EQ(wire.desk.read(0x1F), 0) << "longer than a number: none";
}

TEST_F(Choices, CanCurrentMayBePositiveWhenDischarging) {
  switch_to_can();
  wire.desk.set_current_A(10.0);
  wire.run_s(0.5);
  const Bytes data = frame_on_can(0x02F4);
  ASSERT_EQ(data.size(), 8U);
  EXPECT_EQ(data[2] | data[3] << 8, 4100);  // 0.1 A, 0 A is 4000
}

// Bit 11 of the alarms, a cell below its limit, and bit 12, the pack: one higher, since all from bit 8 on is shifted.
TEST_F(Choices, CanFaultsMayBeShifted) {
  switch_to_can();
  wire.desk.set_all_mV(16, 2550.0);
  wire.run_s(6.0);
  const Bytes data = frame_on_can(0x98F328F4);
  ASSERT_EQ(data.size(), 8U);
  const unsigned faults = data[0] | static_cast<unsigned>(data[1]) << 8 | static_cast<unsigned>(data[2]) << 16;
  EXPECT_EQ(faults & 0x003800U, 0x003000U);
}

TEST_F(Choices, CanShowsChargerBalancingAndTheHeaterInItsOtherByte) {
  switch_to_can();
  Bytes request = frame_on_can(0x9806E5F4);
  ASSERT_EQ(request.size(), 8U);
  EXPECT_EQ(request[6], 0);
  wire.desk.set_cell_mV(3, 3450.0);
  for (int probe = 1; probe <= 3; ++probe) wire.desk.set_probe_degC(probe, -15.0);
  ASSERT_EQ(wire.desk.write(0x38, 5), 0);
  ASSERT_EQ(wire.desk.write(0x37, -5), 0);
  ASSERT_EQ(wire.desk.write(0x27, 1), 0);
  wire.desk.plug_charger(true);
  wire.run_s(90.0);
  ASSERT_TRUE(wire.desk.on(PACKRIG_DRIVE_HEATER));
  request = frame_on_can(0x9806E5F4);
  ASSERT_EQ(request.size(), 8U);
  EXPECT_EQ(request[5], 0);
  EXPECT_EQ(request[6], 1);
  const Bytes switches = frame_on_can(0x98F528F4);
  ASSERT_FALSE(switches.empty());
  EXPECT_EQ(switches[0] & 0x18, 0x18) << "heater and charger";
}

// More than the 512 bytes that one wake can carry: what has no room leaves later, whole and in order.
TEST(BothPorts, LoseNothingWhenEveryPortSpeaksAtOnce) {
  Wire wire{lfp, 25, 3300.0, &bms::CAbi<both_ports_part>::api};
  wire.run_s(7.0);
  const Bytes ask_device = from_hex("aa5590eb97") + Bytes(14, 0x00) + Bytes{0x11};
  int crowded = 0;
  for (int shift_ms = 0; shift_ms < 25; ++shift_ms) {
    wire.run_s(1.0 + 1e-3 * shift_ms);
    wire.said.clear();
    wire.send(ask_device, port_bluetooth);
    wire.run_s(0.150);
    wire.send(nw_read_all());
    for (int i = 0; i < 100; ++i) {
      crowded += wire.desk.commands.bus_count == PACKRIG_AFE_BUS_BYTES ? 1 : 0;
      wire.run_s(0.001);
    }
    wire.run_s(0.2);
    EXPECT_EQ(wire.said_on(port_rs485).size(), 318U);
    EXPECT_EQ(wire.said_on(port_bluetooth).size(), 320U) << "acknowledgement and frame";
    EXPECT_EQ(wire.said_on(port_can).size() % 13, 0U);
  }
  EXPECT_GT(crowded, 0);
}

TEST(BothPorts, AreAliveWhicheverIsSelected) {
  for (const int selected : {0, 1}) {
    Wire wire{lfp, 16, 3300.0, &bms::CAbi<both_ports_part>::api};
    ASSERT_EQ(wire.desk.write(0x2A, selected), 0);
    wire.run_s(7.0);
    EXPECT_FALSE(wire.ask(nw_read_all()).empty()) << selected;
    EXPECT_FALSE(wire.said_on(port_can).empty()) << selected;
  }
}

}  // namespace
}  // namespace packrig::test
