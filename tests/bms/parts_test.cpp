// The siblings: what their names and the captures of real boards say, tried on the desk.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "tests/bms/inside.hpp"

namespace packrig::test {
namespace {

struct PartCase {
  const char* name;
  int lowest[3];  // cell counts of LFP, Li-ion, LTO
  int highest;
  int rated_A, balance_mA;
  double range_A;  // both ways, across 0.125 mOhm
  double cell_delay_s;
};
class Sibling : public testing::TestWithParam<PartCase> {
 protected:
  static Desk desk(std::uint8_t count) { return Desk(lfp, count, 3300.0, packrig_firmware_named(GetParam().name)); }
};

TEST_P(Sibling, TakesTheCellCountsOfItsChemistries) {
  const PartCase& c = GetParam();
  for (const std::uint8_t chemistry : {lfp, li_ion, lto}) {
    for (int count = 2; count <= 26; ++count) {
      const bool fits = count >= c.lowest[chemistry] && count <= c.highest;
      const Desk desk(chemistry, static_cast<std::uint8_t>(std::min(count, 25)), 3300.0,
                      packrig_firmware_named(c.name));
      if (count <= 25) {
        EXPECT_EQ(desk.init_result, fits ? PACKRIG_WRITE_OK : PACKRIG_WRITE_OUT_OF_RANGE)
            << int{chemistry} << " " << count;
      }
    }
  }
}

TEST_P(Sibling, IsDeliveredWithItsRatings) {
  const PartCase& c = GetParam();
  const Desk desk = Sibling::desk(8);
  EXPECT_EQ(desk.read(0x0F), c.rated_A * 1000);
  EXPECT_EQ(desk.read(0x13), c.balance_mA);
  EXPECT_EQ(desk.read(0x25), 0) << "no precharge";
  EXPECT_NE(std::string(desk.api().name).find(c.name), std::string::npos);
}

TEST_P(Sibling, NeverBalancesWithMoreThanItsRating) {
  for (const int asked_mA : {GetParam().balance_mA / 2, GetParam().balance_mA, 2 * GetParam().balance_mA}) {
    Desk desk = Sibling::desk(8);
    EXPECT_EQ(desk.write(0x13, asked_mA), PACKRIG_WRITE_OK);
    desk.set_cell_mV(3, 3350.0);
    desk.run_s(10.0);
    ASSERT_EQ(desk.commands.balance_from, 3);
    EXPECT_EQ(desk.commands.balance_mA, std::min(asked_mA, GetParam().balance_mA)) << asked_mA;
  }
}

TEST_P(Sibling, ClosesBothPathsAtOnceAndNeedsNoFeedback) {
  Desk desk = Sibling::desk(8);
  desk.hold_contact(PACKRIG_INPUT_CHARGE_FEEDBACK | PACKRIG_INPUT_DISCHARGE_FEEDBACK, false);
  EXPECT_EQ(desk.write(0x25, 5), PACKRIG_WRITE_OK);
  desk.run_s(10.0);
  EXPECT_NEAR(desk.after_s(0.0, PACKRIG_DRIVE_DISCHARGE, true), 0.1, 1e-9);
  EXPECT_EQ(desk.edges.size(), 2U) << "nothing precharges";
  EXPECT_EQ(alarms_of(desk), 0U);
}

TEST_P(Sibling, MeasuresUpToItsRangeBothWays) {
  const PartCase& c = GetParam();
  for (const double sign : {-1.0, 1.0}) {
    for (const double beyond_A : {-0.1, 0.1}) {
      Desk desk = Sibling::desk(8);
      desk.codes.shunt_code = static_cast<std::int32_t>(std::lround(sign * (c.range_A + beyond_A) * 125.0));
      desk.run_s(1.0);
      const bms::Measurements& measured = static_cast<const bms::Firmware*>(desk.state())->measured;
      EXPECT_EQ(measured.current_saturated != 0, beyond_A > 0.0);
      EXPECT_NEAR(measured.current_mA, sign * std::min(c.range_A, c.range_A + beyond_A) * 1000.0, 8.0);
    }
  }
}

TEST_P(Sibling, ProtectsItsCellsAfterItsDelay) {
  Desk desk = Sibling::desk(8);
  desk.settle();
  const double imposed_s = desk.now_s();
  desk.set_cell_mV(8, 3650.0);
  desk.run_s(10.0);
  expect_delay(desk.after_s(imposed_s, PACKRIG_DRIVE_CHARGE, false), GetParam().cell_delay_s);
}

TEST_P(Sibling, SaysThatAPathStaysClosedByItsCurrent) {
  for (const auto& [shunt_uV, told] : {std::pair{187, false}, {188, true}}) {  // 1.5 A, which may be the sensor's zero
    Desk desk = Sibling::desk(8);
    desk.settle();
    EXPECT_EQ(desk.write(0x1E, 0), PACKRIG_WRITE_OK);
    desk.codes.shunt_code = shunt_uV;
    desk.run_s(1.0);
    EXPECT_EQ(alarms_of(desk), told ? 1U << 17 : 0U) << shunt_uV;
  }
}

INSTANTIATE_TEST_SUITE_P(Parts, Sibling,
                         testing::Values(PartCase{"B2A8S20P", {4, 4, 6}, 8, 200, 2000, 300.0, 3.0},
                                         PartCase{"B1A24S15P", {8, 7, 12}, 24, 150, 1000, 225.0, 5.0}),
                         [](const auto& each) { return std::string(each.param.name); });

TEST(Parts, AreFoundByNameAlone) {
  EXPECT_EQ(packrig_firmware_named("B2A25SRP"), packrig_firmware());
  for (const char* name : {"", "b2a25srp", "B2A25SR", "B2A25SRPX", "B2A8S20"}) {
    EXPECT_EQ(packrig_firmware_named(name), nullptr) << name;
  }
}

}  // namespace
}  // namespace packrig::test
