// What the board keeps without power: cut after every single write step, spoilt bit by bit, worn no more than needed.
#include "models/bms/store.hpp"

#include <gtest/gtest.h>

#include <map>
#include <string>

#include "models/bms/keeping.hpp"
#include "models/bms/part_b2a25srp.hpp"
#include "tests/bms/inside.hpp"

namespace packrig::test {
namespace {

constexpr std::uint8_t over_voltage_register = 0x04;
constexpr std::uint8_t charge_switch_register = 0x1D;
constexpr std::uint8_t discharge_switch_register = 0x1E;
constexpr std::uint8_t balance_switch_register = 0x1F;
constexpr std::uint8_t shutdown_register = 0x65;
constexpr std::uint8_t restart_register = 0x66;
constexpr std::uint8_t lto_register = 0x6A;
constexpr std::uint8_t factory_reset_register = 0x9D;

// CRC-32 bit by bit, by the definition of IEEE 802.3.
std::uint32_t crc_of(const std::string& bytes) {
  std::uint32_t crc = 0xFFFFFFFFU;
  for (const char byte : bytes) {
    crc ^= static_cast<std::uint8_t>(byte);
    for (int bit = 0; bit < 8; ++bit) crc = (crc & 1U) != 0 ? crc >> 1U ^ 0xEDB88320U : crc >> 1U;
  }
  return ~crc;
}

TEST(Sum, IsTheCrcOfZip) {
  std::uint32_t crc = 0xFFFFFFFFU;
  for (const std::uint32_t word : {0x34333231U, 0x38373635U}) crc = bms::crc_continued(crc, word);
  EXPECT_EQ(~crc, crc_of("12345678"));
  EXPECT_EQ(~crc, 0x9AE0DAAFU);  // as zip prints it
}

template <class Body>
class EitherRecord : public testing::Test {
 protected:
  static Body filled_with(int byte) {
    Body body;
    std::memset(&body, byte, sizeof body);
    return body;
  }
  // What a board that has lost its power now finds: `expected`, or nothing.
  static void expect_kept(bms::Record<Body> record, const Body* expected, const std::string& when) {
    bms::Save save{};
    const Body* kept = bms::open_record(record, save);
    ASSERT_EQ(kept == nullptr, expected == nullptr) << when;
    if (kept != nullptr) {
      ASSERT_TRUE(bms::same_bytes(*kept, *expected)) << when;
    }
  }
};
using Bodies = testing::Types<bms::Configuration, bms::Counters>;
TYPED_TEST_SUITE(EitherRecord, Bodies);

// The first save of all, then one into each copy: the old one up to the last word but one, the new one with the last.
TYPED_TEST(EitherRecord, CutAtAnyWordOfAnyCopyIsTheOldOrTheNew) {
  bms::Record<TypeParam> record{};
  bms::Save save{};
  TypeParam old = this->filled_with(0);
  for (const int byte : {0x11, 0x22, 0x33, 0x44}) {
    const TypeParam body = this->filled_with(byte);
    const std::uint32_t target = 1 - save.in_use;
    save.word = 1;
    std::size_t words = 0;
    for (bool ended = false; !ended;) {
      ended = bms::save_word(record, body, save);
      const std::string when = std::to_string(byte) + " after word " + std::to_string(++words);
      this->expect_kept(record, ended ? &body : byte == 0x11 ? nullptr : &old, when);
    }
    EXPECT_EQ(words, sizeof(TypeParam) / 4 + 3);  // made invalid, the body, the sum, made valid
    EXPECT_EQ(save.in_use, target);
    old = body;
  }
}

// A save that was cut off is begun anew after the start, with another content, and cut off again.
TYPED_TEST(EitherRecord, CutWhileACutSaveIsRepeatedIsTheOldOrTheNewer) {
  const TypeParam old = this->filled_with(0x11);
  const TypeParam lost = this->filled_with(0x22);
  const TypeParam newer = this->filled_with(0x33);
  bms::Record<TypeParam> record{};
  bms::Save save{0, 1, 0};
  while (!bms::save_word(record, old, save)) continue;
  for (std::size_t first = 1; first < sizeof(TypeParam) / 4 + 3; ++first) {
    bms::Record<TypeParam> cut = record;
    bms::Save cut_save{save.in_use, 1, 0};
    for (std::size_t i = 0; i < first; ++i) bms::save_word(cut, lost, cut_save);
    ASSERT_NE(bms::open_record(cut, cut_save), nullptr);
    cut_save.word = 1;
    for (bool ended = false; !ended;) {
      ended = bms::save_word(cut, newer, cut_save);
      this->expect_kept(cut, ended ? &newer : &old, std::to_string(first));
    }
  }
}

void wake(Desk& desk) {
  desk.now_ns = desk.commands.next_wake_ns;
  desk.codes.fresh = desk.commands.convert;
  desk.step();
}

// A second preset changes some twenty registers and the chemistry: after a cut they are all old or all new.
TEST(Cut, AfterEachWriteStepLeavesTheOldOrTheNewSettings) {
  Desk desk;
  desk.run_s(10.0);
  const auto old_frame = desk.store();
  ASSERT_EQ(desk.write(lto_register, 0), 0);
  ASSERT_EQ(desk.write(capacity_register, 77000), 0);
  const auto new_frame = desk.store();
  ASSERT_NE(old_frame, new_frame);
  int old_ones = 0;
  int new_ones = 0;
  for (int i = 0; i < 300; ++i) {
    wake(desk);
    Desk cut = desk;
    cut.restart();
    const bool is_new = cut.store() == new_frame;
    ASSERT_TRUE(is_new || cut.store() == old_frame) << "wake " << i;
    ASSERT_EQ(firmware_of(cut).chemistry, is_new ? lto : lfp) << "wake " << i;
    ASSERT_TRUE(new_ones == 0 || is_new) << "fell back at wake " << i;
    ++(is_new ? new_ones : old_ones);
  }
  EXPECT_GT(old_ones, 100);  // 108 words of configuration and four
  EXPECT_GT(new_ones, 100);
}

TEST(Kept, AChemistryThatChangesNoSetting) {
  Desk desk(lfp, 16);
  ASSERT_EQ(desk.load(Desk(lto, 16).store()), 0);
  desk.run_s(10.0);
  const auto frame = desk.store();
  ASSERT_EQ(desk.write(lto_register, 0), 0);
  ASSERT_EQ(desk.store(), frame);
  desk.run_s(10.0);
  desk.restart();
  EXPECT_EQ(firmware_of(desk).chemistry, lto);
}

TEST(Cut, DuringASaveThatAChangeHasOvertakenIsTheOldSet) {
  Desk desk;
  desk.run_s(10.0);
  const auto first = desk.store();
  ASSERT_EQ(desk.write(over_voltage_register, 3610), 0);
  const auto second = desk.store();
  for (int i = 0; i < 60; ++i) wake(desk);
  ASSERT_EQ(desk.write(over_voltage_register, 3620), 0);  // written already
  ASSERT_EQ(desk.write(0x39, 9), 0);                      // not yet
  const auto third = desk.store();
  bool ended = false;
  for (int i = 0; i < 400; ++i) {
    wake(desk);
    Desk cut = desk;
    cut.restart();
    ASSERT_NE(cut.store(), second);
    ASSERT_TRUE(cut.store() == first || cut.store() == third) << i;
    ended = cut.store() == third;
  }
  EXPECT_TRUE(ended);
}

TEST(Cut, AfterEachWriteStepLeavesTheOldOrTheNewCounters) {
  Desk desk;
  ASSERT_EQ(desk.write(capacity_register, 10000), 0);
  desk.run_s(30.0);
  const std::int64_t all_mAs = firmware_of(desk).charge.remaining_mAs;
  desk.set_current_A(40.0);
  std::map<std::int64_t, int> seen;
  for (int i = 0; i < 400; ++i) {
    wake(desk);
    Desk cut = desk;
    cut.restart();
    const bms::Firmware& firmware = firmware_of(cut);
    // What has flowed and what remains belong to one moment.
    ASSERT_EQ(firmware.charge.discharged.total_mAs + firmware.charge.remaining_mAs, all_mAs) << i;
    ++seen[firmware.charge.remaining_mAs];
  }
  EXPECT_GT(seen.size(), 2U);
}

TEST(Spoilt, OneFlippedBitFallsBackToTheOtherCopy) {
  Desk desk;
  desk.run_s(10.0);
  const auto old_frame = desk.store();
  ASSERT_EQ(desk.write(over_voltage_register, 3610), 0);
  desk.run_s(10.0);
  const auto new_frame = desk.store();
  bms::Firmware& firmware = firmware_of(desk);
  const std::uint32_t in_use = firmware.saving.configuration.in_use;
  auto& copy = firmware.store.configuration.copy[in_use];
  auto* const bytes = reinterpret_cast<std::uint8_t*>(&copy);
  for (std::size_t bit = 0; bit < sizeof copy * 8; ++bit) {
    bytes[bit / 8] = static_cast<std::uint8_t>(bytes[bit / 8] ^ 1U << bit % 8);
    Desk cut = desk;
    cut.restart();
    ASSERT_EQ(cut.store(), old_frame) << "bit " << bit;
    bytes[bit / 8] = static_cast<std::uint8_t>(bytes[bit / 8] ^ 1U << bit % 8);
  }
  desk.restart();
  EXPECT_EQ(desk.store(), new_frame);
}

TEST(Spoilt, BothCopiesLostIsTheFactorySetWithNothingSwitchedOn) {
  Desk desk(li_ion, 10, 3700.0);
  ASSERT_EQ(desk.write(over_voltage_register, 4250), 0);
  desk.run_s(10.0);
  for (auto& copy : firmware_of(desk).store.configuration.copy) copy.body.options.reserved[0] ^= 1U;
  desk.restart();
  EXPECT_EQ(desk.read(over_voltage_register), 4200);
  for (const std::uint8_t number : {charge_switch_register, discharge_switch_register, balance_switch_register}) {
    EXPECT_EQ(desk.read(number), 0);
  }
  desk.run_s(20.0);
  EXPECT_FALSE(desk.charge_on() || desk.discharge_on());
  // It is stored anew, and a later change is kept again.
  ASSERT_EQ(desk.write(charge_switch_register, 1), 0);
  desk.run_s(10.0);
  desk.restart();
  EXPECT_EQ(desk.read(charge_switch_register), 1);
  EXPECT_EQ(desk.read(discharge_switch_register), 0);
}

TEST(Spoilt, LostCountersAreAFirstStart) {
  Desk desk;
  desk.run_s(10.0);
  for (auto& copy : firmware_of(desk).store.counters.copy) copy.sum ^= 1U;
  desk.restart();
  EXPECT_EQ(firmware_of(desk).charge.known, 0);
  EXPECT_EQ(firmware_of(desk).power_on_count, 1U);
  desk.run_s(0.2);
  EXPECT_EQ(charge_of(desk).soc_percent, 60);  // estimated: 3.3 V
}

TEST(AllKept, NotOnceTheClockOrASettingIsAnother) {
  Desk desk;
  desk.run_s(10.0);
  const bms::Firmware kept = firmware_of(desk);
  EXPECT_TRUE(bms::all_kept(bms::b2a25srp, kept));
  bms::Firmware other_clock = kept;
  other_clock.clock.time_s += 1;
  EXPECT_FALSE(bms::all_kept(bms::b2a25srp, other_clock));
  bms::Firmware other_settings = kept;
  other_settings.chemistry ^= 1;
  EXPECT_FALSE(bms::all_kept(bms::b2a25srp, other_settings));
}

TEST(PowerCycle, KeepsTheChargeWithinOnePoint) {
  Desk desk;
  ASSERT_EQ(desk.write(capacity_register, 10000), 0);
  desk.run_s(1.0);
  desk.set_current_A(10.0);
  for (int cycle = 0; cycle < 5; ++cycle) {
    desk.run_s(300.0 + 7.0 * cycle);
    const double before_mAh = charge_of(desk).remaining_mAh;
    desk.restart();
    EXPECT_NEAR(charge_of(desk).remaining_mAh, before_mAh, 100.0);
  }
}

// At either end what remains no longer moves; what has flowed does.
TEST(PowerCycle, SwitchingOffKeepsWhatHasFlowedAtEitherEnd) {
  for (const auto& [cell_mV, current_A] : {std::pair{3570.0, -2.0}, {2610.0, 2.0}}) {
    Desk desk;
    ASSERT_EQ(desk.write(capacity_register, 10000), 0);
    desk.set_all_mV(16, cell_mV);
    desk.run_s(10.0);
    desk.set_current_A(current_A);
    desk.run_s(20.0);
    ASSERT_EQ(desk.write(shutdown_register, 0), 0);
    desk.run_s(0.2);
    desk.set_current_A(0.0);
    desk.run_s(10.0);
    ASSERT_EQ(desk.commands.power_mode, 1);
    const auto before = firmware_of(desk).charge;
    ASSERT_NEAR(static_cast<double>(before.charged.total_mAs + before.discharged.total_mAs), 40'000.0, 1000.0);
    desk.restart();
    EXPECT_EQ(firmware_of(desk).charge.charged.total_mAs, before.charged.total_mAs);
    EXPECT_EQ(firmware_of(desk).charge.discharged.total_mAs, before.discharged.total_mAs);
    EXPECT_EQ(firmware_of(desk).charge.remaining_mAs, before.remaining_mAs);
  }
}

TEST(PowerCycle, TenThousandEndInTheSameState) {
  Desk desk;
  ASSERT_EQ(desk.write(over_voltage_register, 3610), 0);
  desk.run_s(10.0);
  const auto frame = desk.store();
  for (int cycle = 0; cycle < 10000; ++cycle) {
    desk.restart();
    desk.run_s(0.01 * (cycle % 37));
  }
  desk.restart();
  desk.run_s(10.0);
  EXPECT_EQ(desk.store(), frame);
  EXPECT_TRUE(desk.charge_on() && desk.discharge_on());
  EXPECT_EQ(charge_of(desk).soc_percent, 60);
}

TEST(PowerOnCount, CountsWhatLastedLongEnoughToBeStored) {
  Desk desk;
  for (std::uint32_t times = 1; times <= 3; ++times) {
    EXPECT_EQ(firmware_of(desk).power_on_count, times);
    desk.run_s(10.0);
    desk.restart();
  }
}

TEST(Restart, ForgetsAllButTheStore) {
  Desk desk;
  desk.settle();
  desk.set_cell_mV(3, 3700.0);
  desk.run_s(5.0);
  ASSERT_NE(firmware_of(desk).protections.alarms, 0U);
  desk.restart();
  EXPECT_EQ(firmware_of(desk).protections.alarms, 0U);
  EXPECT_EQ(firmware_of(desk).scan.complete, 0);
  desk.run_s(0.0999);
  EXPECT_EQ(desk.commands.drives, 0U);
}

TEST(Restart, ByCommandHappensAtTheNextWake) {
  Desk desk;
  desk.settle();
  desk.run_s(10.0);
  ASSERT_EQ(desk.write(restart_register, 0), 0);
  EXPECT_EQ(firmware_of(desk).power_on_count, 1U);
  wake(desk);
  EXPECT_EQ(firmware_of(desk).power_on_count, 2U);
  EXPECT_EQ(desk.commands.drives, 0U);
  EXPECT_GT(desk.commands.next_wake_ns, desk.now_ns);
  desk.run_s(6.0);
  EXPECT_TRUE(desk.discharge_on());
  EXPECT_EQ(firmware_of(desk).power_on_count, 2U);
}

TEST(FactoryReset, BringsBackSettingsOptionsAndCalibrationButNotTheLife) {
  Desk desk(li_ion, 10, 3700.0);
  const auto delivered = desk.store();
  ASSERT_EQ(desk.write(lto_register, 0), PACKRIG_WRITE_OUT_OF_RANGE);  // 10 cells are too few
  ASSERT_EQ(desk.write(0x1C, 12), 0);
  ASSERT_EQ(desk.write(lto_register, 0), 0);
  ASSERT_EQ(desk.write(0xA5, 1), 0);
  ASSERT_EQ(desk.write(0xAA, 3), 0);
  desk.run_s(5.0);
  ASSERT_EQ(desk.write(0x67, 0), 0);
  const std::uint32_t run_time_s = firmware_of(desk).clock.run_time_s;
  ASSERT_EQ(desk.write(factory_reset_register, 0), 0);
  EXPECT_EQ(desk.store(), delivered);
  EXPECT_EQ(desk.read(0xA5), 0);
  EXPECT_EQ(desk.read(0xAA), 0);
  EXPECT_EQ(firmware_of(desk).chemistry, li_ion);
  EXPECT_EQ(firmware_of(desk).clock.run_time_s, run_time_s);
  desk.run_s(10.0);
  desk.restart();
  EXPECT_EQ(desk.store(), delivered);
}

// Words written per day at rest: the counters' own interval and nothing else.
TEST(Wear, AnIdleDayWritesTheCountersOncePerHour) {
  Desk desk;
  desk.run_s(60.0);
  const auto number = [&] {
    const auto& record = firmware_of(desk).store.counters;
    return std::max(record.copy[0].sequence, record.copy[1].sequence);
  };
  const std::uint32_t before = number();
  const auto settings = firmware_of(desk).store.configuration;
  desk.run_s(86400.0);
  EXPECT_EQ(number() - before, 24U);
  EXPECT_TRUE(bms::same_bytes(settings, firmware_of(desk).store.configuration));
}

TEST(Wear, ACycleWritesTheCountersTwoHundredTimesEachWay) {
  Desk desk;
  ASSERT_EQ(desk.write(capacity_register, 10000), 0);
  desk.set_all_mV(16, 3570.0);
  desk.run_s(4.0);
  desk.set_all_mV(16, 3300.0);
  desk.run_s(10.0);
  const auto number = [&] {
    const auto& record = firmware_of(desk).store.counters;
    return std::max(record.copy[0].sequence, record.copy[1].sequence);
  };
  const std::uint32_t before = number();
  desk.set_current_A(10.0);
  desk.run_s(3500.0);
  EXPECT_NEAR(number() - before, 194.0, 3.0);
}

}  // namespace
}  // namespace packrig::test
