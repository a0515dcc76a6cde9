#include "rig/codec/jk02.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "models/errors.hpp"
#include "tests/rig/codec/vectors.hpp"

namespace packrig {
namespace {

using test::Json;

Deframer jk02_deframer() { return Deframer(jk02::match, jk02::silence_ns); }

RawFrame frame_of(const Json& vector) {
  Deframer deframer = jk02_deframer();
  auto raw = test::frames_in(deframer, test::bytes_of(vector["hex"]));
  EXPECT_EQ(raw.size(), 1U);
  return raw.at(0);
}

bool has(const Json& vector, const std::string& word) {
  return vector["kind"].get<std::string>().find(word) != std::string::npos;
}

// A published member, and the decoder's field whose counts it states; by the two layouts where they differ.
const std::map<std::string, std::string> cell_names = {
    {"enabled_mask", "cells_present"},
    {"avg_mV", "average_V"},
    {"delta_mV", "difference_V"},
    {"max_idx0", "highest_cell"},
    {"min_idx0", "lowest_cell"},
    {"mos_dC", "board_degC"},
    {"wire_warn_mask", "poor_wires"},
    {"voltage_mV", "pack_V"},
    {"power_mW", "power_W"},
    {"current_mA", "current_A"},
    {"t1_dC", "probe_1_degC"},
    {"t2_dC", "probe_2_degC"},
    {"alarm16", "short_alarms"},
    {"alarm32", "alarms"},
    {"balance_mA", "balance_A"},
    {"balance_action", "balance_action"},
    {"soc", "soc"},
    {"soc_byte", "soc"},
    {"remain_mAh", "remaining_Ah"},
    {"full_mAh", "full_Ah"},
    {"cycles", "cycle_count"},
    {"cycle_mAh", "cycle_Ah"},
    {"soh", "soh_share"},
    {"precharge", "precharge_state"},
    {"user_alarm", "user_alarm"},
    {"runtime_s", "run_time_s"},
    {"chg", "charge_on"},
    {"dchg", "discharge_on"},
    {"pre", "precharge_on"},
    {"bal_ind", "balancer_works"},
    {"t_docpr", "discharge_limit_left_s"},
    {"t_dscpr", "discharge_short_left_s"},
    {"t_cocpr", "charge_limit_left_s"},
    {"t_cscpr", "charge_short_left_s"},
    {"t_uvpr", "under_voltage_left_s"},
    {"t_ovpr", "over_voltage_left_s"},
    {"temp_present", "probes_present"},
    {"heating", "heating_on"},
    {"emergency_s", "emergency_left_s"},
    {"cal188", "current_correction"},
    {"sens190", "charge_sensor_V"},
    {"sens192", "discharge_sensor_V"},
    {"vcal", "voltage_correction"},
    {"vbat2_10mV", "pack_coarse_V"},
    {"heat_mA", "heating_A"},
    {"heating_current_mA", "heating_A"},
    {"chg_plug", "charger_plugged"},
    {"systick_ds", "ticks"},
    {"t5_dC", "probe_3_degC"},
    {"t4_dC", "probe_4_degC"},
    {"t3_dC", "probe_5_degC"},
    {"log_count", "log_entries"},
    {"sleep_s", "sleep_left_s"},
    {"pcl", "parallel_module_on"},
    {"batt_type", "chemistry"},
    {"chg_status_s", "charge_phase_s"},
    {"chg_status", "charge_phase"},
    {"dry", "dry_contacts"},
};
const std::map<std::string, std::string> settings_names = {
    {"smart_sleep_mV", "smart_sleep_V"},
    {"uvp_mV", "cell_uvp_V"},
    {"uvpr_mV", "cell_uvpr_V"},
    {"ovp_mV", "cell_ovp_V"},
    {"ovpr_mV", "cell_ovpr_V"},
    {"bal_trig_mV", "balance_trigger_V"},
    {"soc100_mV", "soc_full_V"},
    {"soc0_mV", "soc_empty_V"},
    {"rcv_mV", "request_charge_V"},
    {"rfv_mV", "request_float_V"},
    {"poweroff_mV", "power_off_V"},
    {"max_chg_mA", "charge_limit_A"},
    {"chg_ocp_s", "charge_delay_s"},
    {"chg_ocpr_s", "charge_release_s"},
    {"max_dchg_mA", "discharge_limit_A"},
    {"dchg_ocp_s", "discharge_delay_s"},
    {"dchg_ocpr_s", "discharge_release_s"},
    {"scpr_s", "short_release_s"},
    {"max_bal_mA", "balance_limit_A"},
    {"chg_otp_dC", "charge_otp_degC"},
    {"chg_otpr_dC", "charge_otpr_degC"},
    {"dchg_otp_dC", "discharge_otp_degC"},
    {"dchg_otpr_dC", "discharge_otpr_degC"},
    {"chg_utp_dC", "charge_utp_degC"},
    {"chg_utpr_dC", "charge_utpr_degC"},
    {"mos_otp_dC", "board_otp_degC"},
    {"mos_otpr_dC", "board_otpr_degC"},
    {"cells", "cell_count"},
    {"chg_sw", "charge_switch"},
    {"dchg_sw", "discharge_switch"},
    {"bal_sw", "balance_switch"},
    {"capacity_mAh", "capacity_Ah"},
    {"scp_us", "short_delay_us"},
    {"bal_start_mV", "balance_start_V"},
    {"dev_addr", "device_address"},
    {"precharge_s", "precharge_s"},
    {"r278", "unnamed_278"},
    {"ctrl", "control_word"},
    {"heat_start", "heating_start_degC"},
    {"heat_stop", "heating_stop_degC"},
    {"smart_sleep_h", "smart_sleep_h"},
    {"field_en", "field_enable"},
    {"dutp", "discharge_utp_degC"},
    {"dutpr", "discharge_utpr_degC"},
    {"heating_switch", "heating_switch"},
    {"gps_heartbeat", "gps_heartbeat"},
    {"special_charger", "special_charger"},
};
const std::map<std::string, std::string> device_names = {
    {"vendor", "model"},
    {"hw", "hardware"},
    {"sw", "software"},
    {"uptime_s", "run_time_s"},
    {"power_on", "power_on_count"},
    {"name", "name"},
    {"passcode", "passcode"},
    {"mfg", "date"},
    {"serial", "serial_number"},
    {"passcode2", "second_passcode"},
    {"userdata", "user_data"},
    {"setup", "setup_password"},
    {"userdata2", "user_data_2"},
    {"uart1", "uart_protocol"},
    {"can", "can_protocol"},
    {"uart1_en", "uart_protocols"},
    {"can_en", "can_protocols"},
    {"uart2", "uart_2_protocol"},
    {"uart2_en", "uart_2_protocols"},
    {"lcd_buz", "buzzer_source"},
    {"dry1", "dry_1_source"},
    {"dry2", "dry_2_source"},
    {"uart_lib", "uart_library"},
    {"lcd_tv", "buzzer_on"},
    {"lcd_rv", "buzzer_off"},
    {"dry1_tv", "dry_1_on"},
    {"dry1_rv", "dry_1_off"},
    {"dry2_tv", "dry_2_on"},
    {"dry2_rv", "dry_2_off"},
    {"store_s", "store_s"},
    {"rcv_dh", "rcv_time_dh"},
    {"rfv_dh", "rfv_time_dh"},
    {"can_lib", "can_library"},
    {"emerg_min", "emergency_min"},
    {"uart3", "uart_3_protocol"},
    {"uart3_en", "uart_3_protocols"},
    {"rebulk", "rebulk_percent"},
};
// Members that say nothing of one field: lists are compared below, some are computed, unnamed, or (charge_status_s)
// stand nowhere in the frame that was published with them.
const std::set<std::string> elsewhere = {"layout",          "counter",
                                         "cells_mV",        "wire_res_mOhm",
                                         "cells",           "min_cell",
                                         "max_cell",        "delta_mV_computed",
                                         "alarm",           "error_bitmask_low16",
                                         "error_note",      "problem_code",
                                         "wire_res_1_mOhm", "wire_res_2_mOhm",
                                         "cell1_mV",        "cell2_mV",
                                         "cell11_mV",       "cell16_mV",
                                         "charge_status",   "charge_status_s",
                                         "wire_cfg_mOhm",   "tail",
                                         "port_switch",     "raw150",
                                         "hwopt",           "serial_first8",
                                         "rcv_h",           "rfv_h"};

void expect_fields(const std::string& id, const Json& expected, const std::map<std::string, std::string>& names,
                   std::span<const jk02::Field> fields, jk02::Layout layout, const RawFrame& frame) {
  for (const auto& [key, value] : expected.items()) {
    const auto name = names.find(key);
    if (name == names.end()) {
      EXPECT_TRUE(elsewhere.contains(key)) << id << ": nothing compares " << key;
      continue;
    }
    const jk02::Field* field = jk02::find_field(fields, name->second);
    ASSERT_NE(field, nullptr) << name->second;
    if (field->coding == jk02::Coding::text) {
      EXPECT_EQ(jk02::text_of(*field, frame), value.get<std::string>()) << id << ' ' << key;
      continue;
    }
    const double stated = value.is_boolean() ? (value.get<bool>() ? 1.0 : 0.0) : value.get<double>();
    const auto counts = jk02::raw_count(*field, layout, frame);
    // What a second reader noted of a board whose layout does not have it is nothing to compare.
    ASSERT_TRUE(counts) << id << ' ' << key;
    EXPECT_EQ(*counts, stated) << id << ' ' << key;
  }
}

void expect_cells(const std::string& id, const Json& expected, const Telemetry& telemetry) {
  if (expected.contains("cells_mV")) {
    ASSERT_EQ(telemetry.cell_V.size(), expected["cells_mV"].size()) << id;
    for (std::size_t i = 0; i < telemetry.cell_V.size(); ++i) {
      EXPECT_EQ(std::lround(telemetry.cell_V[i] * 1000.0), expected["cells_mV"][i].get<int>()) << id << ' ' << i;
      EXPECT_EQ(std::lround(telemetry.wire_Ohm[i] * 1000.0), expected["wire_res_mOhm"][i].get<int>()) << id << ' ' << i;
    }
  }
  const std::map<std::string, std::size_t> single = {
      {"cell1_mV", 0}, {"cell2_mV", 1}, {"cell11_mV", 10}, {"cell16_mV", 15}};
  for (const auto& [key, cell] : single) {
    if (expected.contains(key)) {
      EXPECT_EQ(std::lround(telemetry.cell_V[cell] * 1000.0), expected[key].get<int>()) << id;
    }
  }
}

TEST(Jk02Test, ReadsEveryPublishedFrameAsItsSourceDoes) {
  int frames = 0;
  for (const auto& [id, vector] : test::vectors("ble.json")) {
    if (!vector.contains("length") || vector["length"] != 300) continue;
    const RawFrame raw = frame_of(vector);
    const bool small = has(vector, "24s") || id.find("24s") != std::string::npos;
    const auto layout = small ? jk02::Layout::cells_24 : jk02::Layout::cells_32;
    const Json expected = test::expected_of(vector);
    if (expected.contains("counter")) {
      EXPECT_EQ(jk02::counter_of(raw), expected["counter"].get<int>()) << id;
    }
    ASSERT_TRUE(jk02::kind_of(raw)) << id;
    switch (*jk02::kind_of(raw)) {
      case jk02::Kind::cells:
        expect_fields(id, expected, cell_names, jk02::cell_fields(), layout, raw);
        expect_cells(id, expected, jk02::telemetry_of(raw, layout));
        break;
      case jk02::Kind::settings:
        expect_fields(id, expected, settings_names, jk02::settings_fields(), layout, raw);
        break;
      case jk02::Kind::device:
        expect_fields(id, expected, device_names, jk02::device_fields(), layout, raw);
        if (expected.contains("serial_first8")) {
          const auto* serial = jk02::find_field(jk02::device_fields(), "serial_number");
          EXPECT_EQ(jk02::text_of(*serial, raw).substr(0, 8), expected["serial_first8"].get<std::string>());
        }
        break;
      default:
        ADD_FAILURE() << id;
    }
    ++frames;
  }
  EXPECT_EQ(frames, 23);
}

TEST(Jk02Test, TelemetryIsInTheProjectsUnitsAndSigns) {
  const RawFrame raw = frame_of(test::vectors("ble.json").at("ble_cell_32s_4s_11.50_aged"));
  const Telemetry telemetry = jk02::telemetry_of(raw, jk02::Layout::cells_32);
  EXPECT_EQ(telemetry.arrival_ns, raw.arrival_ns);
  EXPECT_NEAR(*telemetry.pack_V, 13.405, 1e-9);
  EXPECT_NEAR(*telemetry.current_A, -33.292, 1e-9);  // it charges
  EXPECT_NEAR(*telemetry.soc, 0.66, 1e-9);
  EXPECT_NEAR(*telemetry.soh_share, 0.79, 1e-9);
  EXPECT_NEAR(*telemetry.remaining_Ah, 165.5, 1e-9);
  EXPECT_NEAR(*telemetry.full_Ah, 251.235, 1e-9);
  EXPECT_NEAR(*telemetry.balance_A, 1.990, 1e-9);
  EXPECT_NEAR(telemetry.wire_Ohm[1], 0.055, 1e-9);
  EXPECT_NEAR(*telemetry.board_degC, 37.4, 1e-9);
  EXPECT_EQ(telemetry.charge_on, true);
  EXPECT_EQ(telemetry.balancing_on, true);
  EXPECT_TRUE(telemetry.alarms->has(Alarm::password_reminder));
}

TEST(Jk02Test, AProbeThatIsNotThereIsAbsent) {
  const RawFrame raw = frame_of(test::vectors("ble.json").at("ble_cell_DUT_B2A25SRP_11.55_a"));
  const Telemetry telemetry = jk02::telemetry_of(raw, jk02::Layout::cells_32);
  EXPECT_FALSE(telemetry.board_degC);
  for (const auto& probe_degC : telemetry.probe_degC) EXPECT_FALSE(probe_degC);
  EXPECT_EQ(telemetry.cell_V.size(), 25U);
}

TEST(Jk02Test, CommandsAreThePublishedOnes) {
  for (const auto& [id, vector] : test::vectors("ble.json")) {
    if (vector["kind"] != "ble_command") continue;
    const Json& expected = vector["expected_by_source"];
    const std::string value_name = expected.contains("value") ? "value" : "value_mV";
    const auto bytes = test::bytes_of(vector["hex"]);
    const auto built = jk02::write_request(expected["register"].get<std::uint8_t>(), expected[value_name].get<int>(),
                                           expected["length"].get<std::size_t>());
    // The filler and so the sum are the client's own.
    EXPECT_TRUE(std::equal(built.begin(), built.begin() + 10, bytes.begin())) << id;
    EXPECT_EQ(built.size(), 20U);
  }
  EXPECT_EQ(jk02::device_request(), test::bytes_of("aa5590eb97000000000000000000000000000011"));
  EXPECT_EQ(jk02::settings_request(), test::bytes_of("aa5590eb96000000000000000000000000000010"));
  EXPECT_THROW(jk02::write_request(0, 1), BadInput);
  EXPECT_THROW(jk02::write_request(1, 1, 5), BadInput);
}

TEST(Jk02Test, NegativeValuesAreWrittenInFourBytes) {
  EXPECT_EQ(jk02::write_request(0x18, -50)[6], 0xCE);
  EXPECT_EQ(jk02::write_request(0x18, -50)[9], 0xFF);
}

TEST(Jk02Test, FindsFramesBetweenTheRadiosNoise) {
  const auto& vectors = test::vectors("ble.json");
  auto bytes = test::bytes_of(
      "41540d0a"
      "aa5590ebc8010100000000000000000000000044"
      "41540d0a55aaeb55aa");
  const auto cells = test::bytes_of(vectors.at("ble_cell_32s_8s_11.48")["hex"]);
  bytes.insert(bytes.end(), cells.begin(), cells.end());
  Deframer deframer = jk02_deframer();
  const auto found = test::frames_in(deframer, bytes);
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(jk02::kind_of(found[0]), jk02::Kind::acknowledgement);
  EXPECT_EQ(jk02::kind_of(found[1]), jk02::Kind::cells);
}

TEST(Jk02Test, AWrongSumIsNoFrame) {
  auto bytes = test::bytes_of(test::vectors("ble.json").at("ble_cell_32s_8s_11.48")["hex"]);
  bytes[100] ^= 1;
  Deframer deframer = jk02_deframer();
  EXPECT_TRUE(test::frames_in(deframer, bytes).empty());
}

TEST(Jk02Test, TheHardwareTellsTheLayout) {
  EXPECT_EQ(jk02::layout_of("10.XG"), jk02::Layout::cells_24);
  EXPECT_EQ(jk02::layout_of("11A"), jk02::Layout::cells_32);
  EXPECT_EQ(jk02::layout_of("7.1.0H"), jk02::Layout::cells_24);
  EXPECT_THROW(jk02::layout_of("XW"), BadInput);
}

}  // namespace
}  // namespace packrig
