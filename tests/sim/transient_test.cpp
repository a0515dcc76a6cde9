// Switching transients of the load port, against closed forms and against Odeint's dopri5 on equations written here.
#include <gtest/gtest.h>

#include <boost/numeric/odeint.hpp>
#include <cmath>
#include <limits>
#include <numbers>

#include "tests/sim/test_pack.hpp"

namespace packrig {
namespace {

using test::edge;
using test::load_of;
using test::make_plant;
using test::pass;
using test::plain_pack;
using test::switch_relay;

constexpr TimeNs us = microsecond_ns;

constexpr double string_V = 51.2;
constexpr double loop_Ohm = 20e-3;  // with the discharge contact, see plain_pack()

PackDescription strong_fuse() {
  PackDescription d = plain_pack();
  d.fuse.rating_A = 10e3;
  d.fuse.melting_A2s = 1e9;
  return d;
}

double port_V(const Plant& plant) {
  Terminals terminals;
  plant.show(terminals);
  return terminals.load_port_V;
}

// 50 Ohm and 19 mOhm into 1 mF: 50.019 ms.
TEST(Precharge, ChargesTheCapacitorWithItsTimeConstant) {
  PackDescription d = plain_pack();
  d.precharge_relay.operate_s = 0.0;
  d.precharge_relay.bounce_s = 0.0;
  Plant plant = make_plant(d);
  const double time_constant_s = 50.019 * 1e-3;
  plant.advance(edge(0, Actuator::precharge, true), us);
  EXPECT_NEAR(plant.string_A(), string_V / 50.019, 1e-3);
  for (int i = 1; i <= 8; ++i) {
    pass(plant, i * 25 * millisecond_ns);
    const double expected_V = string_V * -std::expm1(-to_s(plant.now_ns()) / time_constant_s);
    EXPECT_NEAR(port_V(plant), expected_V, 1e-4) << "after " << to_s(plant.now_ns()) << " s";
  }
  EXPECT_LE(plant.step_limit_ns(), 25 * millisecond_ns);
  pass(plant, 2 * second_ns);
  EXPECT_EQ(plant.step_limit_ns(), never_ns);
  EXPECT_NEAR(port_V(plant), string_V, 1e-3);
}

TEST(Precharge, SparesTheMainContactItsInrush) {
  PackDescription d = plain_pack();
  d.discharge_relay.making_limit_A = 1140.0;
  Plant with = make_plant(d);
  Plant without = with;
  switch_relay(with, Actuator::precharge, true);
  pass(with, second_ns);
  with.advance(edge(with.now_ns(), Actuator::discharge, true), with.now_ns() + 16 * millisecond_ns);
  without.advance(edge(0, Actuator::discharge, true), 16 * millisecond_ns);
  ASSERT_FALSE(with.contact_events().empty());
  ASSERT_FALSE(without.contact_events().empty());
  EXPECT_LT(with.contact_events()[0].current_A, 1.0);
  // Surge impedance sqrt(2 uH / 1 mF) = 44.7 mOhm.
  EXPECT_NEAR(without.contact_events()[0].current_A, string_V / std::sqrt(2e-6 / 1e-3), 0.5);
  EXPECT_TRUE(without.contact_events()[0].beyond_limit);  // 1145 A against 1140 A
  EXPECT_FALSE(with.contact_events()[0].beyond_limit);
}

// A short far below the surge impedance: L di/dt = E - R i - v, C dv/dt = i - v / r from i = 0, v = E. The capacitor is
// empty within a microsecond, and then i rises towards E / (R + r) as the inductance lets it.
TEST(Short, RisesAsTheLoopsInductanceLets) {
  Plant plant = make_plant(strong_fuse());
  switch_relay(plant, Actuator::discharge, true);
  plant.short_load_port(0.1e-3);
  EXPECT_NEAR(plant.string_A(), 0.0, 1e-3);
  EXPECT_LE(plant.step_limit_ns(), 20 * us);
  const double final_A = string_V / (loop_Ohm + 0.1e-3);
  const double sum_Hz = loop_Ohm / 2e-6 + 1.0 / (0.1e-3 * 1e-3);
  const double product_Hz2 = (1.0 + loop_Ohm / 0.1e-3) / (2e-6 * 1e-3);
  const double fast_Hz = 0.5 * sum_Hz + std::sqrt(0.25 * sum_Hz * sum_Hz - product_Hz2);
  const double slow_Hz = product_Hz2 / fast_Hz;
  const TimeNs start_ns = plant.now_ns();
  for (int i = 1; i <= 10; ++i) {
    plant.advance(Actions{}, start_ns + i * 20 * us);
    const double t_s = to_s(i * 20 * us);
    const double expected_A =
        final_A *
        (1.0 - (fast_Hz * std::exp(-slow_Hz * t_s) - slow_Hz * std::exp(-fast_Hz * t_s)) / (fast_Hz - slow_Hz));
    EXPECT_NEAR(plant.string_A() / expected_A, 1.0, 1e-4) << "after " << i * 20 << " us";
  }
  pass(plant, start_ns + 5 * millisecond_ns);
  EXPECT_EQ(plant.step_limit_ns(), never_ns);
  EXPECT_NEAR(plant.string_A(), final_A, 1.0);
}

// The two-state loop, written here a second time: L di/dt = E - R i - v, C dv/dt = i - v / R_short.
TEST(Short, AgreesWithDopri5OnBothStates) {
  using State = std::array<double, 2>;
  namespace odeint = boost::numeric::odeint;
  Plant plant = make_plant(strong_fuse());
  switch_relay(plant, Actuator::discharge, true);
  const double start_V = port_V(plant);
  const double short_Ohm = 20e-3;  // 20 us with the capacitor, against 50 us of the loop: no state is negligible
  plant.short_load_port(short_Ohm);
  State state{0.0, start_V};
  const auto loop = [&](const State& x, State& rate, double) {
    rate[0] = (string_V - loop_Ohm * x[0] - x[1]) / 2e-6;
    rate[1] = (x[0] - x[1] / short_Ohm) / 1e-3;
  };
  const TimeNs start_ns = plant.now_ns();
  for (int i = 1; i <= 50; ++i) {
    plant.advance(Actions{}, start_ns + i * 10 * us);
    odeint::integrate_adaptive(odeint::make_controlled<odeint::runge_kutta_dopri5<State>>(1e-11, 1e-11), loop, state,
                               0.0, 10e-6, 1e-7);
    EXPECT_NEAR(plant.string_A(), state[0], 0.02) << "after " << i * 10 << " us";  // of 1280 A; the cells sag too
    EXPECT_NEAR(port_V(plant), state[1], 1e-3) << "after " << i * 10 << " us";
  }
}

// A capacitor closed onto the loop rings with sqrt(LC) and the loop's damping.
TEST(Inrush, RingsAgainstItsClosedForm) {
  PackDescription d = strong_fuse();
  d.discharge_relay.operate_s = 0.0;
  d.discharge_relay.bounce_s = 0.0;
  Plant plant = make_plant(d);
  const double decay_Hz = loop_Ohm / (2.0 * 2e-6);
  const double ring_Hz = std::sqrt(1.0 / (2e-6 * 1e-3) - decay_Hz * decay_Hz);
  plant.advance(edge(0, Actuator::discharge, true), 10 * us);
  for (int i = 1; i <= 40; ++i) {
    const double t_s = to_s(plant.now_ns());
    const double expected_A = string_V / (2e-6 * ring_Hz) * std::exp(-decay_Hz * t_s) * std::sin(ring_Hz * t_s);
    EXPECT_NEAR(plant.string_A(), expected_A, 0.01) << "after " << t_s << " s";
    plant.advance(Actions{}, plant.now_ns() + 10 * us);
  }
}

TEST(Opening, CapacitorFeedsTheLoadInClosedForm) {
  Plant plant = make_plant(plain_pack());
  plant.set_load(load_of(Load::Kind::resistance, 10.0));  // 10 ms with 1 mF
  switch_relay(plant, Actuator::discharge, true);
  const TimeNs off_ns = plant.now_ns();
  plant.advance(edge(off_ns, Actuator::discharge, false), off_ns + 8 * millisecond_ns);  // parts at the end of this
  EXPECT_FALSE(plant.contact_closed(Contact::discharge));
  EXPECT_EQ(plant.string_A(), 0.0);
  const double start_V = port_V(plant);
  EXPECT_NEAR(start_V, string_V * 10.0 / 10.02, 1e-3);
  plant.advance(Actions{}, plant.now_ns() + 15 * millisecond_ns);
  EXPECT_NEAR(port_V(plant), start_V * std::exp(-1.5), 1e-4);
}

TEST(Opening, ConstantPowerEmptiesTheCapacitorsEnergy) {
  Plant plant = make_plant(plain_pack());
  switch_relay(plant, Actuator::discharge, true);
  plant.set_load(load_of(Load::Kind::power, 100.0));
  const TimeNs off_ns = plant.now_ns();
  plant.advance(edge(off_ns, Actuator::discharge, false), off_ns + 8 * millisecond_ns);
  const double start_V = port_V(plant);
  plant.advance(Actions{}, plant.now_ns() + 10 * millisecond_ns);  // 1 J of 1.3 J
  EXPECT_NEAR(port_V(plant), std::sqrt(start_V * start_V - 2.0 * 1.0 / 1e-3), 1e-3);
  pass(plant, plant.now_ns() + second_ns);
  EXPECT_NEAR(port_V(plant), 4.5, 1e-3);  // the load has locked out
}

TEST(Opening, TakesTheArcOfTheLoopsEnergy) {
  Plant plant = make_plant(plain_pack());
  switch_relay(plant, Actuator::discharge, true);
  plant.set_load(load_of(Load::Kind::current, 200.0));
  const TimeNs off_ns = plant.now_ns();
  plant.advance(edge(off_ns, Actuator::discharge, false), off_ns + 9 * millisecond_ns);
  ASSERT_EQ(plant.contact_events().size(), 1U);
  const ContactEvent& event = plant.contact_events()[0];
  EXPECT_EQ(event.at_ns, off_ns + 8 * millisecond_ns);
  EXPECT_EQ(event.contact, Contact::discharge);
  EXPECT_FALSE(event.closed);
  EXPECT_FALSE(event.beyond_limit);
  EXPECT_NEAR(event.current_A, 200.0, 1e-3);
  // 1/2 L I^2 = 40 mJ, times 200 V / (200 V - 4 V): the capacitor stands 200 A x 20 mOhm below the string.
  EXPECT_NEAR(event.arc_J, 0.04 * 200.0 / 196.0, 1e-5);
}

TEST(Limits, BreakingUpToTheLimitOpensAndBeyondItWelds) {
  for (const double limit_A : {1010.0, 990.0}) {
    PackDescription d = strong_fuse();
    d.discharge_relay.breaking_limit_A = limit_A;
    d.discharge_relay.bounce_s = 0.0;  // a bounce breaks the current too
    Plant plant = make_plant(d);
    plant.set_load(load_of(Load::Kind::resistance, 0.0312));  // 51.2 V / 51.2 mOhm = 1000 A
    switch_relay(plant, Actuator::discharge, true);
    ASSERT_TRUE(plant.contact_closed(Contact::discharge));
    ASSERT_NEAR(plant.string_A(), 1000.0, 1.0);
    plant.advance(edge(plant.now_ns(), Actuator::discharge, false), plant.now_ns() + 10 * millisecond_ns);
    ASSERT_EQ(plant.contact_events().size(), 1U);
    const bool welds = limit_A < 1000.0;
    EXPECT_EQ(plant.contact_events()[0].beyond_limit, welds);
    EXPECT_EQ(plant.contact_events()[0].closed, welds);
    EXPECT_EQ(plant.contact_closed(Contact::discharge), welds);
    EXPECT_NEAR(plant.string_A(), welds ? 1000.0 : 0.0, 1.0);
  }
}

TEST(Limits, MakingBeyondTheLimitWelds) {
  for (const double limit_A : {1200.0, 1100.0}) {  // surge of 1145 A into the empty capacitor
    PackDescription d = strong_fuse();
    d.discharge_relay.making_limit_A = limit_A;
    d.discharge_relay.bounce_s = 0.0;
    Plant plant = make_plant(d);
    switch_relay(plant, Actuator::discharge, true);
    switch_relay(plant, Actuator::discharge, false);
    EXPECT_EQ(plant.contact_closed(Contact::discharge), limit_A < 1145.0);
  }
}

TEST(Bounce, EachMovementIsAnEventAtItsInstant) {
  Plant plant = make_plant(plain_pack());
  plant.set_charger({true, 54.0, 20.0, 5e-3});
  plant.advance(edge(3 * us, Actuator::charge, true), 50 * millisecond_ns);
  const ContactEvents& events = plant.contact_events();
  ASSERT_EQ(events.size(), 7U);
  for (std::size_t k = 0; k < events.size(); ++k) {
    EXPECT_EQ(events[k].at_ns, 3 * us + 15 * millisecond_ns + static_cast<TimeNs>(k) * 500 * us);
    EXPECT_EQ(events[k].closed, k % 2 == 0);
    EXPECT_NEAR(events[k].current_A, 20.0, 1e-9);
  }
  plant.advance(Actions{}, 60 * millisecond_ns);
  EXPECT_TRUE(plant.contact_events().empty());
  // 20 A for the closed part only: 35 ms less three openings of 0.5 ms less what came before the touch.
  EXPECT_NEAR((plant.cell_soc()[0] - 0.5) * 360e3, 20.0 * (60e-3 - 15.003e-3 - 1.5e-3), 1e-9);
}

TEST(FuseInPlant, BlowsInAShortAndStaysBlown) {
  PackDescription d = plain_pack();
  d.fuse.melting_A2s = 60e3;
  Plant plant = make_plant(d);
  switch_relay(plant, Actuator::discharge, true);
  plant.short_load_port(5.6e-3);  // 51.2 V / 25.6 mOhm = 2000 A: 60e3 / 4e6 = 15 ms, and the rise
  const TimeNs start_ns = plant.now_ns();
  TimeNs blown_ns = never_ns;
  while (plant.now_ns() < start_ns + 50 * millisecond_ns) {
    plant.advance(Actions{}, plant.now_ns() + std::min(plant.step_limit_ns(), millisecond_ns));
    for (const ContactEvent& event : plant.contact_events()) {
      EXPECT_EQ(event.contact, Contact::fuse);
      EXPECT_FALSE(event.closed);
      EXPECT_NEAR(event.current_A, 2000.0, 3.0);
      blown_ns = event.at_ns;
    }
  }
  // The rise of time constant T = 2 uH / 25.6 mOhm takes 3/2 T off the integral; heat lost meanwhile adds 2 %.
  EXPECT_NEAR(to_s(blown_ns - start_ns), 15e-3 + 1.5 * 78e-6, 0.4e-3);
  EXPECT_FALSE(plant.contact_closed(Contact::fuse));
  EXPECT_NEAR(plant.string_A(), 0.0, 1e-4);
  plant.short_load_port(std::numeric_limits<double>::infinity());
  pass(plant, plant.now_ns() + second_ns);
  EXPECT_NEAR(plant.string_A(), 0.0, 1e-4);
  EXPECT_NEAR(plant.pack_V(), string_V, 0.01);
}

TEST(FuseInPlant, BlownItLeavesTheLoadToTheCharger) {
  PackDescription d = plain_pack();
  d.fuse.rating_A = 20.0;
  d.fuse.melting_A2s = 100.0;
  Plant plant = make_plant(d);
  switch_relay(plant, Actuator::precharge, true);
  pass(plant, 2 * second_ns);
  switch_relay(plant, Actuator::discharge, true);
  plant.set_load(load_of(Load::Kind::current, 100.0));
  pass(plant, plant.now_ns() + second_ns);
  ASSERT_FALSE(plant.contact_closed(Contact::fuse));
  plant.set_load(load_of(Load::Kind::resistance, 5.0));
  plant.set_charger({true, 54.0, 20.0, 5e-3});
  switch_relay(plant, Actuator::charge, true);
  pass(plant, plant.now_ns() + second_ns);
  EXPECT_NEAR(plant.charge_port_A(), 54.0 / 5.007, 1e-3);
  EXPECT_NEAR(plant.string_A(), 0.0, 1e-4);
  EXPECT_EQ(plant.step_limit_ns(), never_ns);
}

}  // namespace
}  // namespace packrig
