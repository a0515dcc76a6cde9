#include "rig/codec/nw.hpp"

#include <gtest/gtest.h>

#include "models/errors.hpp"
#include "tests/rig/codec/vectors.hpp"

namespace packrig {
namespace {

using test::Json;

Deframer nw_deframer() { return Deframer(nw::match, nw::silence_ns); }

nw::Frame nw_frame(const Json& vector) {
  Deframer deframer = nw_deframer();
  const auto raw = test::frames_in(deframer, test::bytes_of(vector["hex"]));
  EXPECT_EQ(raw.size(), 1U);
  const auto frame = nw::parse(raw.at(0));
  EXPECT_TRUE(frame);
  return *frame;
}

// Where a member of a published frame stands, and how many of its units make one of ours.
struct NwPlace {
  std::uint8_t code;
  double per_unit;
};
const std::map<std::string, NwPlace> nw_places = {
    {"voltage_mV", {0x83, 1000}},     {"soc_pct", {0x85, 100}},
    {"temp_sensor_count", {0x86, 1}}, {"cycles", {0x87, 1}},
    {"cycle_Ah", {0x89, 1}},          {"strings", {0x8A, 1}},
    {"alarm_bits", {0x8B, 1}},        {"status_bits", {0x8C, 1}},
    {"pack_ovp_mV", {0x8E, 1000}},    {"pack_uvp_mV", {0x8F, 1000}},
    {"cell_ovp_mV", {0x90, 1000}},    {"cell_ovpr_mV", {0x91, 1000}},
    {"cell_ovp_delay_s", {0x92, 1}},  {"cell_uvp_mV", {0x93, 1000}},
    {"cell_uvpr_mV", {0x94, 1000}},   {"cell_uvp_delay_s", {0x95, 1}},
    {"cell_diff_mV", {0x96, 1000}},   {"dchg_oc_A", {0x97, 1}},
    {"dchg_oc_delay_s", {0x98, 1}},   {"chg_oc_A", {0x99, 1}},
    {"chg_oc_delay_s", {0x9A, 1}},    {"bal_start_mV", {0x9B, 1000}},
    {"bal_delta_mV", {0x9C, 1000}},   {"bal_switch", {0x9D, 1}},
    {"mos_ot_C", {0x9E, 1}},          {"mos_otr_C", {0x9F, 1}},
    {"box_ot_C", {0xA0, 1}},          {"box_otr_C", {0xA1, 1}},
    {"temp_diff_C", {0xA2, 1}},       {"chg_ot_C", {0xA3, 1}},
    {"dchg_ot_C", {0xA4, 1}},         {"chg_ut_C", {0xA5, 1}},
    {"chg_utr_C", {0xA6, 1}},         {"dchg_ut_C", {0xA7, 1}},
    {"dchg_utr_C", {0xA8, 1}},        {"string_setting", {0xA9, 1}},
    {"capacity_Ah", {0xAA, 1}},       {"chg_switch", {0xAB, 1}},
    {"dchg_switch", {0xAC, 1}},       {"current_cal_mA", {0xAD, 1}},
    {"address", {0xAE, 1}},           {"battery_type", {0xAF, 1}},
    {"sleep_wait_s", {0xB0, 1}},      {"low_soc_pct", {0xB1, 100}},
    {"charger_switch", {0xB3, 1}},    {"work_minutes", {0xB6, 1.0 / 60.0}},
    {"start_cal", {0xB8, 1}},         {"actual_capacity_Ah", {0xB9, 1}},
    {"protocol_version", {0xC0, 1}},
};
const std::map<std::string, std::uint8_t> texts = {
    {"password", 0xB2}, {"device_id", 0xB4}, {"mfg_date", 0xB5}, {"sw_version", 0xB7}, {"manufacturer", 0xBA}};

// 0 differences: every member that a source states, or the second reader found, is the decoder's too.
void expect_block(const std::string& id, const Json& expected, const nw::Block& block, const Telemetry& telemetry) {
  for (const auto& [key, value] : expected.items()) {
    SCOPED_TRACE(id + " " + key);
    if (const auto place = nw_places.find(key); place != nw_places.end()) {
      const nw::Entry* entry = block.find(place->second.code);
      ASSERT_NE(entry, nullptr);
      EXPECT_NEAR(entry->value() * place->second.per_unit, value.get<double>(), 1e-9);
    } else if (const auto text = texts.find(key); text != texts.end()) {
      if (value.get<std::string>().find("\\0") != std::string::npos) continue;  // printed with its zeros
      EXPECT_EQ(block.find(text->second)->text(), value.get<std::string>());
    } else if (key == "cells_mV") {
      ASSERT_EQ(telemetry.cell_V.size(), value.size());
      for (std::size_t i = 0; i < value.size(); ++i) {
        EXPECT_NEAR(telemetry.cell_V[i] * 1000.0, value[i].get<double>(), 1e-9) << "cell " << i + 1;
      }
    } else if (key == "cell_count") {
      EXPECT_EQ(telemetry.cell_V.size(), value.get<std::size_t>());
    } else if (key == "current_mA") {
      EXPECT_NEAR(telemetry.current_A.value() * -1000.0, value.get<double>(), 1e-9);  // theirs is positive charging
    } else if (key == "temp_mos_C") {
      EXPECT_EQ(telemetry.board_degC, value.get<double>());
    } else if (key == "temp_box_C" || key == "temp_batt_C") {
      EXPECT_EQ(telemetry.probe_degC[key == "temp_box_C" ? 0 : 1], value.get<double>());
    } else if (key != "cells_mV_last_csv" && key != "chemistry" && key != "command" && key != "source" &&
               key != "transmission_type") {
      ADD_FAILURE() << "no decoder knows this member";
    }
  }
}

TEST(Nw, ReadsEveryPublishedReplyAsItsSourceStates) {
  int replies = 0;
  for (const auto& [id, vector] : test::vectors("nw.json")) {
    if (vector["kind"] != "uart_4e57_readall_reply") continue;
    ++replies;
    const nw::Frame frame = nw_frame(vector);
    EXPECT_EQ(frame.command, nw::Command::read_all) << id;
    EXPECT_EQ(frame.source, nw::Source::board) << id;
    EXPECT_EQ(frame.transmission, nw::Transmission::reply) << id;
    const nw::Block block = nw::block_of(frame.information);
    EXPECT_EQ(block.defect, "") << id;
    expect_block(id, test::expected_of(vector), block, nw::telemetry_of(block, frame.arrival_ns));
  }
  EXPECT_EQ(replies, 5);
}

TEST(Nw, ReadsTheMakersExampleOnceItsMisprintedSumIsPutRight) {
  const Json vector = test::vectors("nw.json").at("nw_20s_vendor_example_protocol0");
  auto bytes = test::bytes_of(vector["hex"]);
  Deframer as_printed = nw_deframer();
  EXPECT_TRUE(test::frames_in(as_printed, bytes).empty());
  // The printed bytes add up to 485C; the document prints 4923.
  bytes[bytes.size() - 2] = 0x48;
  bytes[bytes.size() - 1] = 0x5C;
  Deframer deframer = nw_deframer();
  const auto raw = test::frames_in(deframer, bytes);
  ASSERT_EQ(raw.size(), 1U);
  const nw::Block block = nw::block_of(nw::parse(raw[0])->information);
  EXPECT_EQ(block.defect, "");
  expect_block("vendor", test::expected_of(vector), block, nw::telemetry_of(block, 0));
}

TEST(Nw, AsksAsClientsDo) {
  const Json vector = test::vectors("nw.json").at("nw_request_read_all");
  EXPECT_EQ(nw::read_all_request(), test::bytes_of(vector["hex"]));
  const nw::Frame frame = nw_frame(vector);
  EXPECT_EQ(frame.command, nw::Command::read_all);
  EXPECT_EQ(frame.source, nw::Source::pc);
  EXPECT_EQ(frame.transmission, nw::Transmission::request);
}

TEST(Nw, WritesAsPublicWritersDo) {
  // Charge switch on. esphome-jk-bms sends it as source 2 (GPS) with the sum 01D1; a PC is source 3.
  EXPECT_EQ(nw::write_request(0xAB, 1), test::bytes_of("4e57001400000000020300ab010000000068000001d2"));
}

TEST(Nw, RefusesAWriteThatCannotBe) {
  EXPECT_THROW(nw::write_request(0x88, 1), BadInput);      // no such register
  EXPECT_THROW(nw::write_request(0x83, 1), BadInput);      // only read
  EXPECT_THROW(nw::write_request(0xB2, 1), BadInput);      // text
  EXPECT_THROW(nw::write_request(0xAB, 256), BadInput);    // one byte
  EXPECT_THROW(nw::write_request(0x90, -1), BadInput);     // not signed
  EXPECT_THROW(nw::write_request(0xA5, 40000), BadInput);  // signed
  EXPECT_EQ(nw::write_request(0xA5, -20)[12], 0xFF);
  EXPECT_EQ(nw::write_request(0xA5, -20)[13], 0xEC);
}

TEST(Nw, ReadsTemperaturesByTheMakersRule) {
  const auto board_degC = [](std::uint8_t high, std::uint8_t low) {
    return nw::telemetry_of(nw::block_of(std::vector<std::uint8_t>{0x80, high, low}), 0).board_degC;
  };
  EXPECT_EQ(board_degC(0, 0), 0.0);
  EXPECT_EQ(board_degC(0, 99), 99.0);
  EXPECT_EQ(board_degC(0, 100), 100.0);
  EXPECT_EQ(board_degC(0, 101), -1.0);
  EXPECT_EQ(board_degC(0, 140), -40.0);
  EXPECT_EQ(board_degC(0, 141), std::nullopt);  // no temperature has this code: no probe
  EXPECT_EQ(board_degC(0xFF, 0x38), std::nullopt);
}

TEST(Nw, ReadsTheCurrentBySignBitOrOffset) {
  const auto current_A = [](const std::vector<std::uint8_t>& information) {
    return nw::telemetry_of(nw::block_of(information), 0).current_A;
  };
  EXPECT_EQ(current_A({0x84, 0x87, 0xD0, 0xC0, 1}), -20.0);  // charging
  EXPECT_EQ(current_A({0x84, 0x07, 0xD0, 0xC0, 1}), 20.0);
  EXPECT_EQ(current_A({0x84, 0x80, 0x00, 0xC0, 1}), 0.0);
  EXPECT_EQ(current_A({0x84, 0x7F, 0xFF, 0xC0, 1}), 327.67);
  EXPECT_EQ(current_A({0x84, 0x27, 0x10, 0xC0, 0}), 0.0);
  EXPECT_EQ(current_A({0x84, 0x27, 0x74}), 1.0);  // above 10000 is discharge
  EXPECT_EQ(current_A({0x85, 50}), std::nullopt);
}

TEST(Nw, ReadsAlarmsAndDrives) {
  const auto telemetry =
      nw::telemetry_of(nw::block_of(std::vector<std::uint8_t>{0x8B, 0x0C, 0x20, 0x8C, 0x00, 0x06}), 0);
  ASSERT_TRUE(telemetry.alarms);
  EXPECT_EQ(describe(*telemetry.alarms), "cell_over_voltage, charge_over_current, cell_under_voltage");
  EXPECT_EQ(telemetry.charge_on, false);
  EXPECT_EQ(telemetry.discharge_on, true);
  EXPECT_EQ(telemetry.balancing_on, true);
}

TEST(Nw, NamesWhatCannotBeRead) {
  const auto names = [](const std::vector<std::uint8_t>& information, const char* part) {
    return nw::block_of(information).defect.find(part) != std::string::npos;
  };
  EXPECT_TRUE(names({0x88, 1}, "0x88 is unknown"));
  EXPECT_TRUE(names({0x83, 1}, "0x83 has 1 bytes of 2"));
  EXPECT_TRUE(names({0x85, 1, 0x85, 2}, "0x85 comes twice"));
  EXPECT_TRUE(names({0x79}, "no length"));
  EXPECT_TRUE(names({0x79, 4, 1, 0, 0, 0}, "4 bytes of cells"));
  EXPECT_TRUE(names({0x79, 6, 1, 0, 0, 3, 0, 0}, "cell 3 stands where cell 2 must"));
}

TEST(Nw, IsNoFrameWithAWrongNumberInItsHead) {
  nw::Frame frame;
  for (const std::size_t at : {8U, 9U, 10U}) {
    std::vector<std::uint8_t> bytes = nw::encode(frame);
    bytes[at] = static_cast<std::uint8_t>(bytes[at] + 4);  // 10, 7, 4: none is defined
    bytes.back() = static_cast<std::uint8_t>(bytes.back() + 4);
    Deframer deframer = nw_deframer();
    const auto raw = test::frames_in(deframer, bytes);
    ASSERT_EQ(raw.size(), 1U);
    EXPECT_FALSE(nw::parse(raw[0]));
  }
}

}  // namespace
}  // namespace packrig
