// The log: what comes in, in which order it is kept, and what a cut while it is written leaves.
#include "models/bms/event_log.hpp"

#include <gtest/gtest.h>

#include "tests/bms/inside.hpp"

namespace packrig::test {
namespace {

// Newest first.
std::vector<std::uint32_t> codes_of(Desk& desk) {
  std::vector<std::uint32_t> codes;
  bms::Event event{};
  for (std::uint32_t age = 0; bms::read_event(firmware_of(desk).store.log, firmware_of(desk).log, age, event); ++age) {
    codes.push_back(event.code);
  }
  return codes;
}

TEST(Log, BeginsWithTheBootAndGoesOnAfterARestart) {
  Desk desk;
  EXPECT_TRUE(codes_of(desk).empty());
  desk.run_s(10.0);
  EXPECT_EQ(codes_of(desk), (std::vector<std::uint32_t>{0x01}));
  desk.restart();
  desk.run_s(10.0);
  EXPECT_EQ(codes_of(desk), (std::vector<std::uint32_t>{0x01, 0x01}));
}

TEST(Log, NamesTheProtectionTheCellAndTheEnd) {
  Desk desk;
  desk.settle();
  desk.set_cell_mV(7, 3700.0);
  desk.run_s(5.0);
  desk.set_cell_mV(7, 3500.0);
  desk.run_s(5.0);
  desk.set_cell_mV(16, 2500.0);
  desk.run_s(5.0);
  // Cell over-voltage 0x11, cell 7 over-charged 0x64 + 6, its end 0x12; under-voltage 0x1D, cell 16 0xC8 + 15.
  EXPECT_EQ(codes_of(desk), (std::vector<std::uint32_t>{0xD7, 0x1D, 0x12, 0x6A, 0x11, 0x01}));
}

TEST(Log, TellsTheRunTimeOfEachEvent) {
  Desk desk;
  desk.run_s(100.0);
  desk.set_cell_mV(7, 3700.0);
  desk.run_s(10.0);
  bms::Event event{};
  ASSERT_TRUE(bms::read_event(firmware_of(desk).store.log, firmware_of(desk).log, 1, event));
  EXPECT_EQ(event.code, 0x11U);
  EXPECT_NEAR(event.run_time_s, 103.0, 1.0);
}

TEST(Log, CommandsAreEvents) {
  Desk desk(lfp, 16);
  desk.run_s(1.0);
  for (const auto& [number, code] : {std::pair{0x68, 0x43}, {0x69, 0x44}, {0x6A, 0x45}, {0x6C, 0x3B}}) {
    ASSERT_EQ(desk.write(static_cast<std::uint8_t>(number), 1), 0);
    desk.run_s(0.5);
    EXPECT_EQ(codes_of(desk)[0], static_cast<std::uint32_t>(code));
  }
}

TEST(Log, KeepsTheLastFiftyAndCountsAll) {
  bms::LogRing ring{};
  bms::EventLog log{};
  bms::Event event{};
  for (std::uint32_t i = 1; i <= 137; ++i) {
    bms::note_event(log, static_cast<std::uint8_t>(i), i);
    while (bms::write_log_word(log, ring)) continue;
    EXPECT_EQ(bms::read_event(ring, log, 49, event), i >= 50) << i;
    EXPECT_FALSE(bms::read_event(ring, log, 50, event));
  }
  EXPECT_EQ(log.count, 137U);
  for (std::uint32_t age = 0; age < 50; ++age) {
    ASSERT_TRUE(bms::read_event(ring, log, age, event));
    EXPECT_EQ(event.run_time_s, 137 - age);
    EXPECT_EQ(event.code, 137 - age);
  }
  bms::EventLog reopened{};
  bms::open_log(ring, reopened);
  EXPECT_EQ(reopened.count, 137U);
}

TEST(Log, ACutAfterAnyWordLeavesWholeEventsOnly) {
  bms::LogRing ring{};
  bms::EventLog log{};
  for (std::uint32_t i = 1; i <= 120; ++i) {
    bms::note_event(log, static_cast<std::uint8_t>(i), 1000 + i);
    while (bms::write_log_word(log, ring)) {
      bms::EventLog reopened{};
      bms::open_log(ring, reopened);
      ASSERT_GE(reopened.count + 1, i);
      bms::Event event{};
      for (std::uint32_t age = 0; age < 50; ++age) {
        if (!bms::read_event(ring, reopened, age, event)) continue;
        ASSERT_EQ(event.run_time_s, 1000 + event.code) << i;
      }
    }
  }
}

TEST(Log, AFullQueueCountsWhatItLoses) {
  bms::LogRing ring{};
  bms::EventLog log{};
  for (std::uint32_t i = 1; i <= 12; ++i) bms::note_event(log, static_cast<std::uint8_t>(i), i);
  EXPECT_EQ(log.lost, 0U);
  bms::note_event(log, 13, 13);
  EXPECT_EQ(log.lost, 1U);
  while (bms::write_log_word(log, ring)) continue;
  EXPECT_EQ(log.count, 12U);
}

// Each bit of the alarm word with the logbook's codes for its coming and going; 0: the logbook has none.
TEST(Log, EveryAlarmThatIsRaisedHasItsCodes) {
  const struct {
    std::uint32_t bit, set, cleared;
  } rows[] = {{0, 0, 0},        {1, 0x0B, 0x0C},  {2, 0x3C, 0},    {3, 0x0D, 0x0E},  {5, 0x13, 0x14},  {6, 0x15, 0x16},
              {7, 0x17, 0x18},  {8, 0x19, 0x1A},  {9, 0x1B, 0x1C}, {10, 0x0F, 0x10}, {12, 0x1F, 0x20}, {13, 0x21, 0x22},
              {14, 0x23, 0x24}, {15, 0x25, 0x26}, {16, 0x39, 0},   {17, 0x3A, 0},    {19, 0, 0},       {20, 0x2E, 0},
              {22, 0, 0},       {24, 0x42, 0},    {27, 0x48, 0x49}};
  for (const auto& row : rows) {
    bms::EventLog log{};
    bms::note_alarms(log, 1U << row.bit, 1U << row.bit, 0, 0, 0);
    EXPECT_EQ(log.queued, 0U) << "nothing has moved";
    bms::note_alarms(log, 0, 1U << row.bit, 0, 0, 0);
    EXPECT_EQ(log.queued, row.set != 0 ? 1U : 0U) << row.bit;
    EXPECT_EQ(log.queue[0].code, row.set) << row.bit;
    log = {};
    bms::note_alarms(log, 1U << row.bit, 0, 0, 0, 0);
    EXPECT_EQ(log.queue[0].code, row.cleared) << row.bit;
  }
}

}  // namespace
}  // namespace packrig::test
