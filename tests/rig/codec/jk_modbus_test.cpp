#include "rig/codec/jk_modbus.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "models/errors.hpp"
#include "tests/rig/codec/vectors.hpp"

namespace packrig {
namespace {

using test::Json;

// The registers of the vendor's map, by their addresses there, filled with what a published frame of a real board says.
class Live {
 public:
  explicit Live(const Json& said) {
    words(0x1200, said["cells_mV"]);
    wide(0x1240, said["enabled_mask"]);
    word(0x1244, said["avg_mV"]);
    word(0x1246, said["delta_mV"]);
    pair(0x1248, said["max_idx0"], said["min_idx0"]);
    words(0x124A, said["wire_res_mOhm"]);
    word(0x128A, said["mos_dC"]);
    wide(0x128C, said["wire_warn_mask"]);
    wide(0x1290, said["voltage_mV"]);
    wide(0x1294, said["power_mW"]);
    wide(0x1298, said["current_mA"]);
    word(0x129C, said["t1_dC"]);
    word(0x129E, said["t2_dC"]);
    wide(0x12A0, said["alarm32"]);
    word(0x12A4, said["balance_mA"]);
    pair(0x12A6, said["balance_action"], said["soc"]);
    wide(0x12A8, said["remain_mAh"]);
    wide(0x12AC, said["full_mAh"]);
    wide(0x12B0, said["cycles"]);
    wide(0x12B4, said["cycle_mAh"]);
    pair(0x12B8, said["soh"], said["precharge"]);
    wide(0x12BC, said["runtime_s"]);
    pair(0x12C0, said["chg"], said["dchg"]);
    pair(0x12D0, said["temp_present"], said["heating"]);
    pair(0x12EE, 0, said["chg_plug"]);
    word(0x12F8, said["t5_dC"]);
  }

  void word(int address, int value) { at(address) = static_cast<std::uint16_t>(value); }
  void pair(int address, int first, int second) { word(address, first << 8 | second); }
  void wide(int address, std::int64_t value) {
    word(address, static_cast<int>(value >> 16 & 0xFFFF));
    word(address + 2, static_cast<int>(value & 0xFFFF));
  }
  const std::vector<std::uint16_t>& registers() const { return registers_; }

 private:
  void words(int address, const Json& values) {
    for (const auto& value : values) {
      word(address, value);
      address += 2;
    }
  }
  std::uint16_t& at(int address) { return registers_[static_cast<std::size_t>(address - 0x1200) / 2]; }

  std::vector<std::uint16_t> registers_ = std::vector<std::uint16_t>(125);
};

Json said_by(const std::string& id) { return test::expected_of(test::vectors("ble.json").at(id)); }

std::int64_t milli(double value) { return std::llround(1000.0 * value); }

TEST(JkModbus, ReadsWhatRealBoardsHaveSaidFromTheMakersRegisters) {
  for (const char* id : {"ble_cell_DUT_B2A25SRP_11.55_a", "rs485_55aa_cell_8s_15.10"}) {
    SCOPED_TRACE(id);
    const Json said = said_by(id);
    const Telemetry t = jk_modbus::telemetry_of(Live(said).registers(), 7);
    EXPECT_EQ(t.arrival_ns, 7);
    ASSERT_EQ(t.cell_V.size(), said["cells_mV"].size());
    for (std::size_t i = 0; i < t.cell_V.size(); ++i) {
      EXPECT_EQ(milli(t.cell_V[i]), said["cells_mV"][i].get<int>()) << "cell " << i + 1;
      EXPECT_EQ(milli(t.wire_Ohm[i]), said["wire_res_mOhm"][i].get<int>()) << "wire " << i + 1;
    }
    EXPECT_EQ(milli(*t.pack_V), said["voltage_mV"].get<int>());
    EXPECT_EQ(milli(*t.current_A), -said["current_mA"].get<int>());  // the wire counts charging positive
    EXPECT_EQ(std::lround(100.0 * *t.soc), said["soc"].get<int>());
    EXPECT_EQ(std::lround(100.0 * *t.soh_share), said["soh"].get<int>());
    EXPECT_EQ(milli(*t.remaining_Ah), said["remain_mAh"].get<int>());
    EXPECT_EQ(milli(*t.full_Ah), said["full_mAh"].get<int>());
    EXPECT_EQ(milli(*t.cycle_Ah), said["cycle_mAh"].get<int>());
    EXPECT_EQ(*t.cycle_count, said["cycles"].get<int>());
    EXPECT_EQ(*t.run_time_s, said["runtime_s"].get<int>());
    EXPECT_EQ(t.alarms->bits(), said["alarm32"].get<std::uint64_t>());
    EXPECT_EQ(*t.charge_on, said["chg"] == 1);
    EXPECT_EQ(*t.discharge_on, said["dchg"] == 1);
    const char* const temperatures[] = {"t1_dC", "t2_dC", "t5_dC"};
    for (std::size_t i = 0; i < std::size(temperatures); ++i) {
      const double expected_degC = said[temperatures[i]].get<double>() / 10.0;
      EXPECT_NEAR(t.probe_degC[i].value_or(-200.0), expected_degC, 1e-9) << temperatures[i];
    }
    EXPECT_NEAR(t.board_degC.value_or(-200.0), said["mos_dC"].get<double>() / 10.0, 1e-9);
  }
}

TEST(JkModbus, ReadsBelowZeroAndDischarge) {
  Live live(said_by("rs485_55aa_cell_8s_15.10"));
  live.wide(0x1298, -30'500);
  live.word(0x129C, -125);
  const Telemetry t = jk_modbus::telemetry_of(live.registers(), 0);
  EXPECT_NEAR(*t.current_A, 30.5, 1e-9);
  EXPECT_NEAR(*t.probe_degC[0], -12.5, 1e-9);
}

TEST(JkModbus, ReadsTheTextsOfTheDevice) {
  std::vector<std::uint16_t> registers;
  const std::string text =
      std::string("JK_B2A25SRP\0\0\0\0\0", 16) + std::string("11A\0\0\0\0\0", 8) + "11.55" + std::string(3, '\0');
  for (std::size_t i = 0; i < text.size(); i += 2) {
    registers.push_back(static_cast<std::uint16_t>(text[i] << 8 | text[i + 1]));
  }
  const Telemetry t = jk_modbus::device_of(registers, 0);
  EXPECT_EQ(t.model, "JK_B2A25SRP");
  EXPECT_EQ(t.hardware, "11A");
  EXPECT_EQ(t.software, "11.55");
}

TEST(JkModbus, RefusesPartOfABlock) {
  EXPECT_THROW(jk_modbus::telemetry_of(std::vector<std::uint16_t>(124), 0), BadInput);
  EXPECT_THROW(jk_modbus::device_of(std::vector<std::uint16_t>(17), 0), BadInput);
  EXPECT_THROW(jk_modbus::frame_of(jk02::Kind::settings, std::vector<std::uint16_t>(145), 0), BadInput);
  EXPECT_THROW(jk_modbus::frame_of(jk02::Kind::log, std::vector<std::uint16_t>(146), 0), BadInput);
  EXPECT_THROW(jk_modbus::questions_of(jk02::Kind::acknowledgement), BadInput);
}

}  // namespace
}  // namespace packrig
