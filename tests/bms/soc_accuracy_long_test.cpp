// State of charge against the truth of a pack, over days: 330 Ah of LFP cells that are not alike, a shunt that is off.
//
// Truth: the least charge left in a cell over that and the least room left in one; it moves from 0 to 1 between the
// first empty and the first full cell. The claim is 8 points. An offset of 1.5 A, the sheet's whole error, eats them in
// 17.6 h, so with it the claim can hold only where anchors lie closer together.
#include <gtest/gtest.h>

#include <algorithm>

#include "models/bms/charge_counter.hpp"
#include "models/bms/part_b2a25srp.hpp"
#include "tests/bms/desk.hpp"

namespace packrig::test {
namespace {

constexpr int cells = 16;
constexpr double nominal_Ah = 330.0;
constexpr double cell_Ohm = 0.4e-3;

// A rested cell of the test's own, as LFP cells are: steep at both ends and flat between.
double rested_V(double soc) {
  constexpr double at[] = {0.0, 0.02, 0.05, 0.1, 0.2, 0.5, 0.8, 0.95, 0.98, 1.0};
  constexpr double of_V[] = {2.50, 2.90, 3.10, 3.20, 3.25, 3.29, 3.33, 3.36, 3.42, 3.65};
  const auto right = std::clamp<std::ptrdiff_t>(std::upper_bound(std::begin(at), std::end(at), soc) - at, 1, 9);
  const double share = (soc - at[right - 1]) / (at[right] - at[right - 1]);
  return of_V[right - 1] + share * (of_V[right] - of_V[right - 1]);
}

class Days {
 public:
  Days(double offset_A, double aged, double start_soc) : offset_A_(offset_A) {
    const bms::Part& part = bms::b2a25srp;
    EXPECT_EQ(bms::reset_settings(part, lfp, cells, settings_), 0);
    EXPECT_EQ(bms::write_setting(part, lfp, settings_, 0x20, static_cast<std::int32_t>(nominal_Ah * 1000.0)), 0);
    for (int cell = 0; cell < cells; ++cell) {
      capacity_Ah[cell] = nominal_Ah * aged * (1.0 - 0.002 * (cell % 5));
      left_Ah[cell] = capacity_Ah[cell] * (start_soc - 0.003 * (cell % 3));
    }
  }

  double truth() const {
    double left = left_Ah[0];
    double room = capacity_Ah[0] - left_Ah[0];
    for (int cell = 1; cell < cells; ++cell) {
      left = std::min(left, left_Ah[cell]);
      room = std::min(room, capacity_Ah[cell] - left_Ah[cell]);
    }
    return left / (left + room);
  }
  double reported() const { return bms::charge_of(counter_).soc_percent / 100.0; }
  double highest_V(double current_A) const {
    double highest_V = 0.0;
    for (int cell = 0; cell < cells; ++cell) highest_V = std::max(highest_V, cell_V(cell, current_A));
    return highest_V;
  }
  double lowest_V(double current_A) const {
    double lowest_V = 5.0;
    for (int cell = 0; cell < cells; ++cell) lowest_V = std::min(lowest_V, cell_V(cell, current_A));
    return lowest_V;
  }

  // Positive when discharging.
  void flow(double current_A, double span_s) {
    for (double t_s = 0.0; t_s < span_s; t_s += 1.0) {
      for (int cell = 0; cell < cells; ++cell) {
        left_Ah[cell] -= current_A / 3600.0;
        measured_.cell_mV[cell] = static_cast<std::int32_t>(std::lround(cell_V(cell, current_A) * 1000.0));
      }
      measured_.current_mA = static_cast<std::int32_t>(std::lround((current_A + offset_A_) * 1000.0));
      bms::count_charge(bms::b2a25srp, lfp, settings_, measured_, now_ns_, counter_);
      now_ns_ += ns_per_s;
      if (watched) worst = std::max(worst, std::fabs(reported() - truth()));
    }
  }
  void charge_full(double current_A) {
    while (highest_V(-current_A) < 3.575) flow(-current_A, 10.0);
  }
  void empty(double current_A) {
    while (lowest_V(current_A) > 2.61) flow(current_A, 10.0);
    flow(current_A, 4.0);
  }

  double worst = 0.0;  // of what was watched
  bool watched = false;

 private:
  double cell_V(int cell, double current_A) const {
    return rested_V(left_Ah[cell] / capacity_Ah[cell]) - current_A * cell_Ohm;
  }

  bms::Settings settings_{};
  bms::Measurements measured_{};
  bms::ChargeCounter counter_{};
  std::int64_t now_ns_ = 0;
  double offset_A_;
  double capacity_Ah[cells];
  double left_Ah[cells];
};

// Charged full each morning, used until night: 24 h between anchors, with a usual board's quarter of the error.
TEST(SocAccuracy, HoldsTheClaimOverDaysOfSun) {
  for (const double offset_A : {0.0, 0.375, -0.375}) {
    Days days(offset_A, 1.0, 0.5);
    days.charge_full(66.0);
    days.watched = true;
    for (int day = 0; day < 10; ++day) {
      days.flow(20.0, 10.0 * 3600.0);  // 200 Ah by night
      days.flow(0.0, 6.0 * 3600.0);
      days.charge_full(50.0);
      days.flow(0.0, 3600.0);
    }
    EXPECT_LT(days.worst, 0.08) << offset_A;
    EXPECT_GT(days.worst, 0.001);  // something was watched
  }
}

// The whole error of the sheet: 15 h without an anchor are within the claim, 24 h cannot be.
TEST(SocAccuracy, AWholeOffsetIsCoveredForFifteenHoursNotForADay) {
  for (const double offset_A : {1.5, -1.5}) {
    for (const auto& [hours, holds] : {std::pair{15.0, true}, {24.0, false}}) {
      Days days(offset_A, 1.0, 0.9);
      days.charge_full(66.0);
      days.flow(60.0, 2.0 * 3600.0);  // away from the bound of 100 %
      days.watched = true;
      days.flow(0.0, (hours - 2.0) * 3600.0);
      EXPECT_EQ(days.worst < 0.08, holds) << offset_A << " " << hours;
    }
  }
}

TEST(SocAccuracy, AWrongStartIsGoneAtTheFirstAnchorEitherEnd) {
  for (const double start_soc : {0.3, 0.7}) {
    Days up(0.0, 1.0, start_soc);
    up.charge_full(66.0);
    up.flow(-66.0, 4.0);
    EXPECT_NEAR(up.reported(), up.truth(), 0.02);
    Days down(0.0, 1.0, start_soc);
    down.empty(66.0);
    EXPECT_NEAR(down.reported(), down.truth(), 0.02);
  }
}

TEST(SocAccuracy, AnAgedPackIsLearnedInOneSweep) {
  for (const double aged : {0.8, 1.0}) {
    Days days(0.0, aged, 0.6);
    days.charge_full(66.0);
    days.flow(-66.0, 4.0);
    days.empty(66.0);
    days.watched = true;
    days.flow(0.0, 60.0);
    days.charge_full(66.0);
    days.flow(66.0, 3.0 * 3600.0);
    EXPECT_LT(days.worst, 0.03) << aged;
  }
}

}  // namespace
}  // namespace packrig::test
