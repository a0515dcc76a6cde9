#include "models/afe/afe.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "models/afe/supply.hpp"
#include "models/errors.hpp"

namespace packrig {
namespace {

constexpr std::uint32_t every_group =
    PACKRIG_GROUP_CELLS_A | PACKRIG_GROUP_CELLS_B | PACKRIG_GROUP_CELLS_C | PACKRIG_GROUP_AUX;

Terminals pack(int count, double cell_V) {
  Terminals terminals;
  terminals.cell_count = count;
  for (int tap = 0; tap <= count; ++tap) terminals.tap_V[static_cast<std::size_t>(tap)] = tap * cell_V;
  terminals.ntc_Ohm.fill(std::numeric_limits<double>::infinity());
  terminals.supply_V = count * cell_V;
  return terminals;
}

PackrigAfeCodes converted(const AfeDescription& description, const Terminals& terminals) {
  Afe afe(description, 1);
  PackrigAfeCodes codes{};
  afe.sample(terminals, 0, every_group, codes);
  return codes;
}

TEST(Afe, QuantisesCellsToTheNearestCodeAndClips) {
  const struct {
    double cell_V;
    int code;
  } rows[] = {{-1.0, 0}, {0.0, 0}, {2.5, 32768}, {3.6, 47186}, {4.99999, 65535}, {5.0, 65535}, {6.0, 65535}};
  for (const auto& row : rows) EXPECT_EQ(converted({}, pack(1, row.cell_V)).cell_code[0], row.code) << row.cell_V;
  for (double cell_V = 0.0; cell_V < 4.999; cell_V += 0.000137) {
    const double read_V = converted({}, pack(1, cell_V)).cell_code[0] * 5.0 / 65536.0;
    ASSERT_NEAR(read_V, cell_V, 0.5 * 5.0 / 65536.0 + 1e-12);
  }
}

TEST(Afe, ReadsEveryCellOfTheStackAsItsOwnDifference) {
  Terminals terminals = pack(25, 0.0);
  double tap_V = 0.0;
  for (int cell = 1; cell <= 25; ++cell) {
    tap_V += 2.0 + 0.1 * cell;
    terminals.tap_V[static_cast<std::size_t>(cell)] = tap_V;
  }
  const PackrigAfeCodes codes = converted({}, terminals);
  for (int cell = 1; cell <= 25; ++cell) {
    EXPECT_NEAR(codes.cell_code[cell - 1], (2.0 + 0.1 * cell) / 5.0 * 65536.0, 0.51) << cell;
  }
}

TEST(Afe, ConvertsOnlyTheGroupsThatAreAskedFor) {
  Afe afe({}, 1);
  Terminals terminals = pack(25, 3.0);
  terminals.shunt_V = 0.01;
  const struct {
    std::uint32_t group;
    int first, end;
  } rows[] = {{PACKRIG_GROUP_CELLS_A, 0, 9}, {PACKRIG_GROUP_CELLS_B, 9, 17}, {PACKRIG_GROUP_CELLS_C, 17, 25}};
  for (const auto& row : rows) {
    PackrigAfeCodes codes{};
    afe.sample(terminals, 7, row.group, codes);
    EXPECT_EQ(codes.fresh, row.group);
    EXPECT_EQ(codes.now_ns, 7);
    for (int cell = 0; cell < 25; ++cell) EXPECT_EQ(codes.cell_code[cell] != 0, cell >= row.first && cell < row.end);
    EXPECT_EQ(codes.shunt_code, 0);
  }
  PackrigAfeCodes codes{};
  afe.sample(terminals, 7, PACKRIG_GROUP_AUX, codes);
  EXPECT_EQ(codes.shunt_code, 10000);
  EXPECT_EQ(codes.supply_code, 37500);
  EXPECT_EQ(codes.cell_code[0], 0);
}

TEST(Afe, ShuntKeepsItsSignAndClipsBeyondTheSheetsRange) {
  const struct {
    double shunt_V;
    int code;
  } rows[] = {{0.0, 0},  {0.075, 75000}, {-0.0375, -37500}, {0.0000004, 0},
              {1e-6, 1}, {-1e-6, -1},    {0.2, 80000},      {-0.2, -40000}};
  for (const auto& row : rows) {
    Terminals terminals = pack(8, 3.3);
    terminals.shunt_V = row.shunt_V;
    EXPECT_EQ(converted({}, terminals).shunt_code, row.code) << row.shunt_V;
  }
}

TEST(Afe, NtcIsRatiometricOpenAndShort) {
  Terminals terminals = pack(8, 3.3);
  terminals.ntc_Ohm = {10000.0, 0.0, std::numeric_limits<double>::infinity()};
  const PackrigAfeCodes codes = converted({}, terminals);
  EXPECT_EQ(codes.ntc_code[0], 32768);  // 32767.5 rounded up
  EXPECT_EQ(codes.ntc_code[1], 0);
  EXPECT_EQ(codes.ntc_code[2], 65535);
  terminals.ntc_Ohm[0] = 30000.0;
  EXPECT_EQ(converted({}, terminals).ntc_code[0], 49151);
}

TEST(Afe, InputsAndBoardSensor) {
  Terminals terminals = pack(8, 3.3);
  terminals.board_degC = -12.34;
  EXPECT_EQ(converted({}, terminals).board_ddegC, -2000);
  EXPECT_EQ(converted({}, terminals).inputs, 0);
  AfeDescription fitted;
  fitted.board_sensor_fitted = true;
  EXPECT_EQ(converted(fitted, terminals).board_ddegC, -123);
  terminals.charger_plugged = true;
  EXPECT_EQ(converted({}, terminals).inputs, PACKRIG_INPUT_CHARGER);
  terminals.charge_feedback = true;
  terminals.discharge_feedback = true;
  terminals.button_pressed = true;
  EXPECT_EQ(converted({}, terminals).inputs, PACKRIG_INPUT_CHARGER | PACKRIG_INPUT_BUTTON |
                                                 PACKRIG_INPUT_CHARGE_FEEDBACK | PACKRIG_INPUT_DISCHARGE_FEEDBACK);
}

TEST(Afe, LatchedComparatorShowsAsInputAndHoldsItsDriveOpen) {
  constexpr std::uint32_t every_path = PACKRIG_DRIVE_CHARGE | PACKRIG_DRIVE_DISCHARGE | PACKRIG_DRIVE_PRECHARGE;
  const struct {
    double shunt_V;
    ShortDirection direction;
    std::uint16_t input;
    std::uint32_t through;
  } rows[] = {
      {0.15, ShortDirection::discharge, PACKRIG_INPUT_SHORT_DISCHARGE, PACKRIG_DRIVE_CHARGE},
      {-0.15, ShortDirection::charge, PACKRIG_INPUT_SHORT_CHARGE, PACKRIG_DRIVE_DISCHARGE | PACKRIG_DRIVE_PRECHARGE}};
  for (const auto& row : rows) {
    Afe afe({}, 1);
    PackrigAfeCommands commands{};
    commands.short_code = 100000;
    commands.short_delay_us = 1500;
    afe.configure(commands);
    Terminals terminals = pack(8, 3.3);
    terminals.shunt_V = row.shunt_V;
    EXPECT_FALSE(afe.hold(terminals, 0, millisecond_ns));
    EXPECT_EQ(afe.comparator_deadline_ns(), 1500 * microsecond_ns);
    EXPECT_EQ(afe.drives_through(every_path), every_path);
    ASSERT_TRUE(afe.hold(terminals, millisecond_ns, 2 * millisecond_ns));
    PackrigAfeCodes codes{};
    afe.sample(terminals, 2 * millisecond_ns, 0, codes);
    EXPECT_EQ(codes.inputs, row.input);
    EXPECT_EQ(afe.drives_through(every_path), row.through);
    commands.short_rearm = 1;
    afe.configure(commands);
    EXPECT_FALSE(afe.comparator_latched(row.direction));
    EXPECT_EQ(afe.drives_through(every_path), every_path);
  }
}

// One time constant after a step: of what is filtered 1 - 1/e has come, all of the other.
TEST(Afe, EachLowPassIsItsOwn) {
  const double come = 1.0 - std::exp(-1.0);
  for (const bool of_cells : {true, false}) {
    AfeDescription description;
    (of_cells ? description.cell_filter_s : description.shunt_filter_s) = 0.010;
    Afe afe(description, 1);
    PackrigAfeCodes codes{};
    afe.sample(pack(8, 3.0), 0, every_group, codes);
    Terminals stepped = pack(8, 4.0);
    stepped.shunt_V = 0.05;
    afe.hold(stepped, 0, 10 * millisecond_ns);
    afe.sample(stepped, 10 * millisecond_ns, every_group, codes);
    EXPECT_NEAR(codes.cell_code[7], (3.0 + (of_cells ? come : 1.0)) / 5.0 * 65536.0, 1.0);
    EXPECT_NEAR(codes.shunt_code, 50000.0 * (of_cells ? 1.0 : come), 1.0);
  }
}

TEST(Afe, LowPassFollowsItsExponentialWhateverTheSteps) {
  AfeDescription description;
  description.cell_filter_s = 0.010;
  description.shunt_filter_s = 0.020;
  for (const TimeNs step_ns : {25 * millisecond_ns, 5 * millisecond_ns, 1 * millisecond_ns}) {
    Afe afe(description, 1);
    Terminals terminals = pack(25, 3.0);
    PackrigAfeCodes codes{};
    afe.sample(terminals, 0, every_group, codes);
    EXPECT_EQ(codes.cell_code[24], 39322) << "settled at the first input";
    terminals = pack(25, 4.0);
    terminals.shunt_V = 0.05;
    for (TimeNs t_ns = 0; t_ns < 25 * millisecond_ns; t_ns += step_ns) afe.hold(terminals, t_ns, t_ns + step_ns);
    afe.sample(terminals, 25 * millisecond_ns, every_group, codes);
    EXPECT_NEAR(codes.cell_code[24], (4.0 - std::exp(-2.5)) / 5.0 * 65536.0, 1.0);
    EXPECT_NEAR(codes.shunt_code, 50000.0 * (1.0 - std::exp(-1.25)), 1.0);
  }
}

TEST(Afe, CopyHasTheSameNoise) {
  AfeDescription description;
  description.errors = AfeErrors::typical(3, 0.00025);
  Afe afe(description, 42);
  const Terminals terminals = pack(25, 3.3);
  PackrigAfeCodes codes{};
  for (int i = 0; i < 10; ++i) afe.sample(terminals, i, every_group, codes);
  Afe copy = afe;
  bool noisy = false;
  for (int i = 0; i < 50; ++i) {
    PackrigAfeCodes a{}, b{};
    afe.sample(terminals, i, every_group, a);
    copy.sample(terminals, i, every_group, b);
    for (int cell = 0; cell < 25; ++cell) {
      EXPECT_EQ(a.cell_code[cell], b.cell_code[cell]);
      noisy |= a.cell_code[cell] != codes.cell_code[cell];
    }
    EXPECT_EQ(a.shunt_code, b.shunt_code);
  }
  EXPECT_TRUE(noisy);
}

// The sheet: current +-1.5 A, total +-0.5 V, each over its range.
TEST(AfeErrors, OfCurrentAndTotalStayInsideTheSheet) {
  constexpr double shunt_Ohm = 0.00025;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const AfeErrors limits = AfeErrors::within_limits(seed, shunt_Ohm);
    for (const double share : {0.0, 0.5, 1.0}) {
      EXPECT_LE(std::abs(0.075 * share * limits.shunt.gain_error + limits.shunt.offset_V), 1.5 * shunt_Ohm);
      EXPECT_LE(std::abs(100.0 * share * limits.supply.gain_error + limits.supply.offset_V), 0.5);
    }
  }
  for (const int direction : {1, -1}) {
    const AfeErrors at_limit = AfeErrors::at_limit(direction, shunt_Ohm);
    EXPECT_DOUBLE_EQ(at_limit.cell[24].offset_V, direction * 0.009);
    EXPECT_DOUBLE_EQ(at_limit.shunt.offset_V, direction * 1.49 * shunt_Ohm);
    EXPECT_DOUBLE_EQ(at_limit.supply.offset_V, direction * 0.49);
  }
  EXPECT_THROW(AfeErrors::at_limit(0, shunt_Ohm), BadInput);
}

// Whatever is drawn, what is read is within the promise, and it uses the promise.
TEST(AfeErrors, ReadEveryCellWithinTheSheetOverItsWholeRange) {
  double typical_V = 0.0;
  double limit_V = 0.0;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    AfeDescription typical;
    typical.errors = AfeErrors::typical(seed, 0.00025);
    for (VoltageError& cell : typical.errors.cell) cell.noise_V = 0.0;
    AfeDescription limits;
    limits.errors = AfeErrors::within_limits(seed, 0.00025);
    for (const double cell_V : {0.1, 1.0, 2.5, 3.3, 4.2, 4.9}) {
      const PackrigAfeCodes at_typical = converted(typical, pack(25, cell_V));
      const PackrigAfeCodes at_limits = converted(limits, pack(25, cell_V));
      for (int cell = 0; cell < 25; ++cell) {
        typical_V = std::max(typical_V, std::abs(at_typical.cell_code[cell] * 5.0 / 65536.0 - cell_V));
        limit_V = std::max(limit_V, std::abs(at_limits.cell_code[cell] * 5.0 / 65536.0 - cell_V));
      }
    }
  }
  constexpr double half_code_V = 0.5 * 5.0 / 65536.0;
  EXPECT_LT(typical_V, 0.005 + half_code_V);
  EXPECT_LT(limit_V, 0.010 + half_code_V);
  EXPECT_GT(limit_V, 0.8 * 0.009);  // the rest of the promise is for drift
}

// 10 ppm/K of 4 V and 2 uV/K over 60 K are 2.4 mV and 0.12 mV; nothing at 25 degC.
TEST(AfeErrors, DriftGrowsWithTheDistanceFrom25Degrees) {
  AfeDescription description;
  description.errors.cell_drift = {10e-6, 2e-6};
  description.errors.shunt_drift = {0.0, 1e-6};
  description.errors.supply_drift = {100e-6, 0.0};
  const struct {
    double board_degC;
    double cell_error_V;
    int shunt_code;
    double supply_error_V;
  } rows[] = {{25.0, 0.0, 0, 0.0}, {85.0, 0.00252, 60, 0.192}, {-35.0, -0.00252, -60, -0.192}};
  for (const auto& row : rows) {
    Terminals terminals = pack(8, 4.0);
    terminals.board_degC = row.board_degC;
    const PackrigAfeCodes codes = converted(description, terminals);
    EXPECT_NEAR(codes.cell_code[0] * 5.0 / 65536.0 - 4.0, row.cell_error_V, 0.00004) << row.board_degC;
    EXPECT_EQ(codes.shunt_code, row.shunt_code) << row.board_degC;
    EXPECT_NEAR(codes.supply_code * 0.002 - 32.0, row.supply_error_V, 0.00101) << row.board_degC;
  }
}

// The sheet's ambient, -40 to 85 degC: a usual board may drift beyond the typical 5 mV, no board beyond 10 mV or 0.5 %.
TEST(AfeErrors, StayInsideTheSheetFromColdToHot) {
  double typical_V = 0.0;
  double limit_V = 0.0;
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    AfeDescription typical;
    typical.errors = AfeErrors::typical(seed, 0.00025);
    for (VoltageError& cell : typical.errors.cell) cell.noise_V = 0.0;
    AfeDescription limits;
    limits.errors = AfeErrors::within_limits(seed, 0.00025);
    for (const double board_degC : {-40.0, 85.0}) {
      Terminals terminals = pack(20, 4.9);
      terminals.board_degC = board_degC;
      terminals.shunt_V = 0.075;
      const PackrigAfeCodes at_typical = converted(typical, terminals);
      const PackrigAfeCodes at_limits = converted(limits, terminals);
      for (int cell = 0; cell < 20; ++cell) {
        typical_V = std::max(typical_V, std::abs(at_typical.cell_code[cell] * 5.0 / 65536.0 - 4.9));
        limit_V = std::max(limit_V, std::abs(at_limits.cell_code[cell] * 5.0 / 65536.0 - 4.9));
      }
      EXPECT_LE(std::abs(at_limits.shunt_code - 75000), 376);
      EXPECT_LE(std::abs(at_limits.supply_code * 0.002 - 98.0), 0.501);
    }
  }
  EXPECT_GT(typical_V, 0.005);
  EXPECT_LT(typical_V, 0.0081);
  EXPECT_LT(limit_V, 0.0101);
}

TEST(AfeErrors, ABowIsLargestInTheMiddleAndNothingAtTheEnds) {
  AfeDescription description;
  description.errors.cell_bow_V.fill(0.010);
  const struct {
    double cell_V;
    double error_V;
  } rows[] = {{0.0, 0.0}, {1.25, 0.0075}, {2.5, 0.010}, {3.75, 0.0075}, {4.9999, 0.0}};
  for (const auto& row : rows) {
    const double read_V = converted(description, pack(8, row.cell_V)).cell_code[3] * 5.0 / 65536.0;
    EXPECT_NEAR(read_V - row.cell_V, row.error_V, 0.0001) << row.cell_V;
  }
}

// 2 uA through 1 kOhm: the tap between cells 4 and 5 reads 2 mV lower.
TEST(AfeErrors, ALeakingInputTakesFromTheCellBelowWhatItGivesToTheOneAbove) {
  AfeDescription description;
  description.errors.leakage_A[4] = 2e-6;
  const PackrigAfeCodes codes = converted(description, pack(8, 3.0));
  for (int cell = 1; cell <= 8; ++cell) {
    const double error_V = codes.cell_code[cell - 1] * 5.0 / 65536.0 - 3.0;
    EXPECT_NEAR(error_V, cell == 4 ? -0.002 : cell == 5 ? 0.002 : 0.0, 0.0001) << cell;
  }
}

TEST(Afe, RefusesWhatItCannotUse) {
  AfeDescription description;
  description.cell_filter_s = -1.0;
  EXPECT_THROW(Afe(description, 1), BadInput);
  description = {};
  description.shunt_filter_s = std::numeric_limits<double>::quiet_NaN();
  EXPECT_THROW(Afe(description, 1), BadInput);
  description = {};
  description.cell_filter_s = std::numeric_limits<double>::infinity();
  EXPECT_THROW(Afe(description, 1), BadInput);
  description = {};
  description.shunt_low_V = 0.0;
  EXPECT_THROW(Afe(description, 1), BadInput);
  description = {};
  description.shunt_high_V = -0.1;
  EXPECT_THROW(Afe(description, 1), BadInput);
}

TEST(Afe, NanAtATerminalStopsWithItsName) {
  const auto refusal = [](const AfeDescription& description, const Terminals& terminals) -> std::string {
    try {
      converted(description, terminals);
      return "";
    } catch (const NumericFault& fault) {
      return fault.what();
    }
  };
  AfeDescription filtering;
  filtering.cell_filter_s = 0.01;
  Terminals terminals = pack(8, 3.3);
  terminals.tap_V[8] = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(refusal({}, terminals), "terminal voltage of cell 8 is NaN");
  EXPECT_EQ(refusal(filtering, terminals), "terminal voltage of cell 8 is NaN");
  terminals = pack(8, 3.3);
  terminals.shunt_V = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(refusal({}, terminals), "terminal voltage of shunt 1 is NaN");
}

// < 5 mA without and < 15 mA with communication, < 2 mA standby, nothing in storage: at every permitted supply.
TEST(Supply, KeepsTheSheetsPromiseAtEverySupply) {
  for (double supply_V = 0.0; supply_V <= 110.0; supply_V += 0.5) {
    EXPECT_EQ(afe_supply_A(0, supply_V), 0.0);
    EXPECT_EQ(afe_supply_A(1, supply_V), 0.0);
    EXPECT_LT(afe_supply_A(2, supply_V), 0.002);
    EXPECT_LT(afe_supply_A(3, supply_V), 0.005);
    EXPECT_LT(afe_supply_A(4, supply_V), 0.015);
  }
  EXPECT_NEAR(afe_supply_A(3, 80.0) * 80.0, afe_supply_A(3, 40.0) * 40.0, 1e-12) << "constant power";
  EXPECT_GT(afe_supply_A(3, 80.0), 0.0);
  EXPECT_THROW(afe_supply_A(5, 80.0), BadInput);
}

}  // namespace
}  // namespace packrig
