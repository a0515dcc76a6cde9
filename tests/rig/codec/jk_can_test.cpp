#include "rig/codec/jk_can.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <regex>

#include "rig/codec/jk_can_follower.hpp"
#include "tests/rig/codec/vectors.hpp"

namespace packrig {
namespace {

using test::Json;

jk_can::Frame can_frame(std::uint32_t id, bool extended, const std::string& hex) {
  jk_can::Frame frame;
  frame.id = id;
  frame.extended = extended;
  const auto bytes = test::bytes_of(hex);
  frame.length = static_cast<std::uint8_t>(bytes.size());
  std::copy(bytes.begin(), bytes.end(), frame.data.begin());
  return frame;
}

jk_can::Frame can_frame(const Json& vector) {
  return can_frame(static_cast<std::uint32_t>(std::stoul(vector["can_id"].get<std::string>(), nullptr, 16)),
                   vector["extended"], vector["hex"]);
}

double signal(const jk_can::Frame& frame, const std::string& name) {
  for (const jk_can::Signal& each : jk_can::signals()) {
    if (each.id == frame.id && each.name == name) return jk_can::value_of(each, frame).value_or(std::nan(""));
  }
  return std::nan("");
}

// Members of the published frames, the signal that carries each, and how many of theirs make one of ours.
const std::map<std::string, std::pair<std::string, double>> can_places = {
    {"voltage_V", {"pack_V", 1}},
    {"current_A", {"current_A", 1}},
    {"soc_pct", {"soc_percent", 1}},
    {"max_mV", {"cell_max_V", 1000}},
    {"max_cell", {"cell_max_number", 1}},
    {"min_mV", {"cell_min_V", 1000}},
    {"min_cell", {"cell_min_number", 1}},
    {"max_C", {"temperature_max_degC", 1}},
    {"max_idx", {"temperature_max_number", 1}},
    {"min_C", {"temperature_min_degC", 1}},
    {"min_idx", {"temperature_min_number", 1}},
    {"avg_C", {"temperature_average_degC", 1}},
    {"cell_overvoltage_level", {"cell_over_voltage_level", 1}},
    {"soc_low_level", {"soc_low_level", 1}},
    {"request_voltage_V", {"request_V", 1}},
    {"request_current_A", {"request_A", 1}},
};

TEST(JkCan, ReadsEveryPublishedFrameAsItsSourceStates) {
  int members = 0;
  for (const auto& [id, vector] : test::vectors("can.json")) {
    const jk_can::Frame frame = can_frame(vector);
    const Json expected = test::expected_of(vector);
    for (const auto& [key, value] : expected.items()) {
      SCOPED_TRACE(id + " " + key);
      if (key == "cells_mV") {
        EXPECT_NEAR(signal(frame, "cell25_V") * 1000.0, value["25"].get<double>(), 1e-9);
      } else if (const auto place = can_places.find(key); place != can_places.end()) {
        EXPECT_NEAR(signal(frame, place->second.first) * place->second.second, value.get<double>(), 1e-9);
      } else {
        EXPECT_TRUE(key == "value_bytes" || key == "current_raw");  // said in bytes; the numbers are compared above
        continue;
      }
      ++members;
    }
  }
  EXPECT_EQ(members, 26);
}

TEST(JkCan, TakesNoOtherLanguageForItsOwn) {
  for (const auto& [id, vector] : test::vectors("can.json")) {
    if (id.find("pylontech") == std::string::npos) continue;
    Telemetry telemetry;
    EXPECT_FALSE(jk_can::merge(can_frame(vector), {}, telemetry)) << id;
  }
}

TEST(JkCan, GathersTelemetryOverManyFrames) {
  Telemetry t;
  const jk_can::Choices choices;
  EXPECT_TRUE(jk_can::merge(can_frame(0x2F4, false, "1302b20f51000000"), choices, t));
  EXPECT_NEAR(t.pack_V.value(), 53.1, 1e-9);
  EXPECT_NEAR(t.current_A.value(), -1.8, 1e-9);  // the frame counts charge positive
  EXPECT_NEAR(t.soc.value(), 0.81, 1e-9);
  // Of a real bus, with 35 cycles.
  EXPECT_TRUE(jk_can::merge(can_frame(0x18F128F4, true, "e108f00a6b802300"), choices, t));
  EXPECT_NEAR(t.remaining_Ah.value(), 227.3, 1e-9);
  EXPECT_NEAR(t.full_Ah.value(), 280.0, 1e-9);
  EXPECT_EQ(t.cycle_count, 35.0);
  EXPECT_TRUE(jk_can::merge(can_frame(0x18F528F4, true, "2300000000000000"), choices, t));
  EXPECT_EQ(t.charge_on, true);
  EXPECT_EQ(t.discharge_on, true);
  EXPECT_EQ(t.balancing_on, false);
  EXPECT_TRUE(jk_can::merge(can_frame(0x18F228F4, true, "054b4aff00000000"), choices, t));
  EXPECT_EQ(t.probe_degC[0], 25.0);
  EXPECT_EQ(t.probe_degC[1], std::nullopt);  // masked
  EXPECT_EQ(t.probe_degC[2], std::nullopt);  // FF
  EXPECT_TRUE(jk_can::merge(can_frame(0x18F428F4, true, "10270000000063"), choices, t));
  EXPECT_EQ(t.run_time_s, 10'000.0);
  EXPECT_NEAR(t.soh_share.value(), 0.99, 1e-9);
}

TEST(JkCan, PutsCellsInOrder) {
  Telemetry t;
  EXPECT_FALSE(jk_can::merge(can_frame(0x18E128F4, true, "e40ce40ce40ce40c"), {}, t));  // cells 5 to 8 without 1 to 4
  EXPECT_TRUE(jk_can::merge(can_frame(0x18E028F4, true, "e40ce50ce60ce70c"), {}, t));
  EXPECT_TRUE(jk_can::merge(can_frame(0x18E128F4, true, "e80ce90c00000000"), {}, t));
  ASSERT_EQ(t.cell_V.size(), 6U);
  for (std::size_t i = 0; i < 6; ++i) EXPECT_NEAR(t.cell_V[i], 3.300 + 0.001 * static_cast<double>(i), 1e-9);
}

TEST(JkCanFollower, TellsAllCellsWithTheLastOfAKnownNumber) {
  jk_can::Follower follower({}, 6);
  EXPECT_TRUE(follower.hear(can_frame(0x2F4, false, "c600a00f51")));
  EXPECT_FALSE(follower.hear(can_frame(0x18E128F4, true, "e80ce90c00000000")));  // joined in the middle of a round
  EXPECT_FALSE(follower.hear(can_frame(0x18E028F4, true, "e40ce50ce60ce70c")));
  const auto said = follower.hear(can_frame(0x18E128F4, true, "e80ce90c00000000"));
  ASSERT_TRUE(said);
  ASSERT_EQ(said->cell_V.size(), 6U);
  EXPECT_NEAR(said->cell_V[5], 3.305, 1e-9);
  EXPECT_NEAR(*said->pack_V, 19.8, 1e-9);
  EXPECT_FALSE(said->soc);
  EXPECT_EQ(follower.known().cell_V.size(), 6U);
  EXPECT_NEAR(*follower.known().soc, 0.81, 1e-9);
  EXPECT_FALSE(follower.hear(can_frame(0x305, false, "2100000000000000")));
}

TEST(JkCanFollower, LearnsTheNumberOfCellsFromAWholeRound) {
  jk_can::Follower follower;
  const auto round = [&] {
    EXPECT_FALSE(follower.hear(can_frame(0x18E028F4, true, "e40ce50ce60ce70c")));
    return follower.hear(can_frame(0x18E128F4, true, "e80ce90cea0ceb0c"));
  };
  EXPECT_FALSE(round());
  EXPECT_EQ(follower.known().cell_V.size(), 0U);
  const auto said = round();
  ASSERT_TRUE(said);
  EXPECT_EQ(said->cell_V.size(), 8U);
}

TEST(JkCan, ReadsTheFaultWordEitherWay) {
  Telemetry t;
  jk_can::Choices choices;
  EXPECT_TRUE(jk_can::merge(can_frame(0x18F328F4, true, "100800"), choices, t));
  EXPECT_EQ(describe(*t.alarms), "cell_over_voltage, cell_under_voltage");
  choices.faults_shifted_from_bit_8 = true;
  EXPECT_TRUE(jk_can::merge(can_frame(0x18F328F4, true, "101000"), choices, t));
  EXPECT_EQ(describe(*t.alarms), "cell_over_voltage, cell_under_voltage");
}

TEST(JkCan, KnowsTheBoardsAddress) {
  Telemetry t;
  jk_can::Choices choices;
  choices.address = 3;
  EXPECT_TRUE(jk_can::merge(can_frame(0x2F7, false, "1302b20f51"), choices, t));
  EXPECT_FALSE(jk_can::merge(can_frame(0x2F4, false, "1302b20f51"), choices, t));
}

TEST(JkCan, ChangesNothingForAFrameThatIsTooShort) {
  for (const std::uint32_t id : {0x18F128F4U, 0x18F228F4U, 0x18F328F4U, 0x18F428F4U, 0x18F528F4U, 0x18E028F4U}) {
    Telemetry t;
    EXPECT_FALSE(jk_can::merge(can_frame(id, true, ""), {}, t)) << std::hex << id;
  }
  Telemetry t;
  EXPECT_FALSE(jk_can::merge(can_frame(0x2F4, false, "1302b20f"), {}, t));
  EXPECT_FALSE(t.pack_V);
}

TEST(JkCan, ReadsAChargeRequest) {
  const auto request = jk_can::charge_request(can_frame(0x1806E5F4, true, "034800c80100"));
  ASSERT_TRUE(request);
  EXPECT_NEAR(request->voltage_V, 84.0, 1e-9);
  EXPECT_NEAR(request->current_A, 20.0, 1e-9);
  EXPECT_FALSE(request->charger_on);
  EXPECT_FALSE(jk_can::charge_request(can_frame(0x1806E5F4, true, "024003b6")));
}

TEST(JkCan, SetsOnlyTheSwitchesThatAreGiven) {
  const jk_can::Frame frame = jk_can::control(true, std::nullopt, false);
  EXPECT_EQ(jk_can::bytes_of(frame), test::bytes_of("98f0f42808"
                                                    "0501000000000000"));
}

TEST(JkCan, CrossesTheBusAsBytes) {
  Deframer deframer(jk_can::match, millisecond_ns);
  const jk_can::Frame sent = can_frame(0x18F528F4, true, "2300");
  const auto raw = test::frames_in(deframer, jk_can::bytes_of(sent));
  ASSERT_EQ(raw.size(), 1U);
  const jk_can::Frame heard = jk_can::parse(raw[0]);
  EXPECT_EQ(heard.id, sent.id);
  EXPECT_TRUE(heard.extended);
  EXPECT_EQ(heard.length, 2);
  EXPECT_EQ(heard.data, sent.data);
  Deframer wrong(jk_can::match, millisecond_ns);
  EXPECT_TRUE(test::frames_in(wrong, test::bytes_of("0000080001"
                                                    "00"))
                  .empty());  // 12 bits in a standard identifier
}

// ------------------------------------------------------------------------------------------ the DBC and the decoder

struct DbcSignal {
  std::uint32_t id;
  bool extended;
  std::string name;
  int start_bit;
  int bit_count;
  bool big_endian;
  double scale;
  double offset;
};

std::vector<DbcSignal> dbc_signals() {
  std::ifstream in(std::string(PACKRIG_SOURCE_DIR) + "/rig/codec/jk_can.dbc");
  const std::regex message(R"(BO_ (\d+) \w+: \d+ \w+)");
  const std::regex signal_line(R"( SG_ (\w+) : (\d+)\|(\d+)@([01])\+ \(([^,]+),([^)]+)\) .*)");
  std::vector<DbcSignal> found;
  std::uint32_t id = 0;
  std::smatch m;
  for (std::string line; std::getline(in, line);) {
    if (std::regex_match(line, m, message)) id = static_cast<std::uint32_t>(std::stoul(m[1]));
    if (!std::regex_match(line, m, signal_line)) continue;
    found.push_back({id & 0x1FFFFFFF, (id >> 31) != 0, m[1], std::stoi(m[2]), std::stoi(m[3]), m[4] == "0",
                     std::stod(m[5]), std::stod(m[6])});
  }
  return found;
}

// Bit by bit, as a DBC numbers them: Intel counts up; Motorola counts down within a byte, then on with the next one.
double dbc_value(const DbcSignal& s, const std::array<std::uint8_t, 8>& data) {
  std::uint64_t raw = 0;
  int bit = s.start_bit;
  for (int i = 0; i < s.bit_count; ++i) {
    const std::uint64_t value = (data[static_cast<std::size_t>(bit / 8)] >> (bit % 8)) & 1;
    if (s.big_endian) {
      raw = (raw << 1) | value;
      bit = bit % 8 == 0 ? bit + 15 : bit - 1;
    } else {
      raw |= value << i;
      ++bit;
    }
  }
  return static_cast<double>(raw) * s.scale + s.offset;
}

TEST(JkCanDbc, HasTheSignalsOfTheDecoderAndNoOthers) {
  const auto dbc = dbc_signals();
  ASSERT_EQ(dbc.size(), jk_can::signals().size());
  std::uint32_t state = 1;
  for (int round = 0; round < 100; ++round) {
    jk_can::Frame frame;
    frame.length = 8;
    for (std::uint8_t& byte : frame.data) {
      state = state * 1664525U + 1013904223U;
      byte = static_cast<std::uint8_t>(state >> 24);
    }
    for (const DbcSignal& each : dbc) {
      frame.id = each.id;
      frame.extended = each.extended;
      const double decoded = signal(frame, each.name);
      EXPECT_NEAR(decoded, dbc_value(each, frame.data), 1e-9 * (1.0 + std::fabs(decoded))) << each.name;
    }
  }
}

}  // namespace
}  // namespace packrig
