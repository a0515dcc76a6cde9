#include "sim/load.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <string>

#include "models/errors.hpp"

namespace packrig {
namespace {

LoadPoint point_of(Load::Kind kind, double value) { return {kind, value, 5.0, 60.0}; }

TEST(LoadCurve, IsWhatItsNameSaysInItsRange) {
  EXPECT_EQ(LoadCurve(point_of(Load::Kind::none, 3.0)).at(50.0).current_A, 0.0);
  EXPECT_EQ(LoadCurve(point_of(Load::Kind::current, 30.0)).at(50.0).current_A, 30.0);
  EXPECT_EQ(LoadCurve(point_of(Load::Kind::power, 1500.0)).at(50.0).current_A, 30.0);
  EXPECT_EQ(LoadCurve(point_of(Load::Kind::resistance, 2.0)).at(50.0).current_A, 25.0);
  EXPECT_EQ(LoadCurve(point_of(Load::Kind::current, -30.0)).at(50.0).current_A, -30.0);
  EXPECT_EQ(LoadCurve(point_of(Load::Kind::power, -1500.0)).at(50.0).current_A, -30.0);
}

TEST(LoadCurve, UnderVoltageFoldsACurrentAndLocksAPowerOut) {
  const LoadCurve current(point_of(Load::Kind::current, 30.0));
  EXPECT_EQ(current.at(5.0).current_A, 30.0);
  EXPECT_NEAR(current.at(2.5).current_A, 15.0, 1e-12);
  EXPECT_NEAR(current.at(0.0).current_A, 0.0, 1e-12);
  const LoadCurve power(point_of(Load::Kind::power, 1500.0));
  EXPECT_NEAR(power.at(5.0).current_A, 300.0, 1e-9);
  EXPECT_NEAR(power.at(4.75).current_A, 150.0, 1e-9);
  EXPECT_EQ(power.at(4.5).current_A, 0.0);
  EXPECT_EQ(power.at(-1.0).current_A, 0.0);
}

TEST(LoadCurve, RegenerationFadesBelowItsLimit) {
  const LoadCurve current(point_of(Load::Kind::current, -30.0));
  EXPECT_EQ(current.at(59.0).current_A, -30.0);
  EXPECT_NEAR(current.at(59.5).current_A, -15.0, 1e-12);
  EXPECT_EQ(current.at(60.0).current_A, 0.0);
  EXPECT_EQ(current.at(61.0).current_A, 0.0);
}

// The solver relies on both: no jump anywhere, and a slope that is the curve's.
TEST(LoadCurve, IsContinuousAndItsSlopeIsItsDerivative) {
  for (const LoadPoint& load :
       {point_of(Load::Kind::current, 30.0), point_of(Load::Kind::current, -30.0), point_of(Load::Kind::power, 1500.0),
        point_of(Load::Kind::power, -1500.0), point_of(Load::Kind::resistance, 0.5)}) {
    const LoadCurve curve(load);
    const double h_V = 1e-6;
    for (double port_V = -1.0; port_V < 62.0; port_V += 0.0137) {
      const double below_A = curve.at(port_V - h_V).current_A;
      const double above_A = curve.at(port_V + h_V).current_A;
      EXPECT_NEAR(below_A, above_A, 2e-3) << port_V;
      const double slope_S = curve.at(port_V).slope_S;
      EXPECT_NEAR((above_A - below_A) / (2.0 * h_V), slope_S, 1e-3 * (1.0 + std::abs(slope_S))) << port_V;
    }
  }
}

TEST(LoadCourse, HoldsZeroThenEachPointFromItsTime) {
  Load load;
  load.kind = Load::Kind::profile_power;
  load.profile =
      std::make_shared<const std::vector<ProfilePoint>>(std::vector<ProfilePoint>{{1.0, 100.0}, {2.0, -50.0}});
  load.start_ns = 10 * second_ns;
  LoadCourse course(load, 0);
  EXPECT_EQ(course.point().value, 0.0);
  EXPECT_EQ(course.next_change_ns(), 11 * second_ns);
  EXPECT_FALSE(course.move(11 * second_ns - 1));
  EXPECT_TRUE(course.move(11 * second_ns));
  EXPECT_EQ(course.point().value, 100.0);
  EXPECT_EQ(course.point().kind, Load::Kind::power);
  EXPECT_TRUE(course.move(100 * second_ns));
  EXPECT_EQ(course.point().value, -50.0);
  EXPECT_EQ(course.next_change_ns(), never_ns);
  const LoadCourse late(load, 12 * second_ns);
  EXPECT_EQ(late.point().value, -50.0);
}

TEST(Load, RefusesByNameValueAndRange) {
  const auto refusal = [](const Load& load) -> std::string {
    try {
      check(load);
    } catch (const BadInput& bad) {
      return bad.what();
    }
    return "accepted";
  };
  Load load;
  EXPECT_EQ(refusal(load), "accepted");
  load.kind = Load::Kind::current;
  load.value = 1e5;
  EXPECT_EQ(refusal(load), "accepted");
  load.value = 100'001.0;
  EXPECT_EQ(refusal(load), "load.value (A) = 100001: accepted is -1e+05 to 1e+05");
  load.value = 1.0;
  load.lockout_V = 0.09;
  EXPECT_EQ(refusal(load), "load.lockout_V = 0.09: accepted is 0.1 to 100");
  load.lockout_V = 5.0;
  load.kind = Load::Kind::profile_current;
  EXPECT_EQ(refusal(load), "load.profile is empty: accepted is 1 point or more");
  const auto with = [&](std::vector<ProfilePoint> points) {
    load.profile = std::make_shared<const std::vector<ProfilePoint>>(std::move(points));
    return refusal(load);
  };
  EXPECT_EQ(with({{0.0, 1.0}, {1.0, 2.0}}), "accepted");
  EXPECT_EQ(with({{0.0, 1.0}, {0.0, 2.0}}), "load.profile[1].t_s = 0: accepted is more than 0");
  EXPECT_EQ(with({{-1.0, 1.0}}), "load.profile[0].t_s = -1: accepted is 0 to 1e+09");
  EXPECT_EQ(with({{0.0, std::numeric_limits<double>::quiet_NaN()}}),
            "load.profile[0].value = nan: accepted is -1e+05 to 1e+05");
}

TEST(Load, AProfileBeginsAnew) {
  Load load;
  load.kind = Load::Kind::profile_current;
  load.profile =
      std::make_shared<const std::vector<ProfilePoint>>(std::vector<ProfilePoint>{{0.0, 1.0}, {2.0, 2.0}, {3.0, 3.0}});
  load.start_ns = 10 * second_ns;
  load.repeat_ns = 4 * second_ns;
  check(load);
  LoadCourse course(load, 0);
  const auto value_at = [&](TimeNs at_ns) {
    course.move(at_ns);
    return course.point().value;
  };
  EXPECT_EQ(value_at(10 * second_ns - 1), 0.0);
  EXPECT_EQ(value_at(10 * second_ns), 1.0);
  EXPECT_EQ(value_at(13 * second_ns), 3.0);
  EXPECT_EQ(value_at(14 * second_ns - 1), 3.0);
  EXPECT_EQ(value_at(14 * second_ns), 1.0);
  EXPECT_EQ(course.next_change_ns(), 16 * second_ns);
  EXPECT_EQ(value_at(10 * second_ns + 1'000'000 * load.repeat_ns + 2 * second_ns), 2.0);

  load.repeat_ns = 3 * second_ns - 1;
  EXPECT_THROW(check(load), BadInput);
  load.repeat_ns = 3 * second_ns;  // the last point and the first of the next round at one instant
  EXPECT_NO_THROW(check(load));
  LoadCourse tight(load, 13 * second_ns);
  EXPECT_EQ(tight.point().value, 1.0);
  load.repeat_ns = -second_ns;
  EXPECT_THROW(check(load), BadInput);
}

}  // namespace
}  // namespace packrig
