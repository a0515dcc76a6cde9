// The order of one tick, what is imposed, and what ends a session.
#include "rig/session.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "models/errors.hpp"
#include "rig/fault.hpp"
#include "tests/rig/fake_bench.hpp"
#include "tests/rig/test_rig.hpp"

namespace packrig {
namespace {

using test::FakeBench;
using test::FakeLog;
using test::message_of;

constexpr Channel pack_current{Quantity::current_A, 0};

std::vector<Event> events_of(const Trace& trace, EventKind kind) {
  std::vector<Event> found;
  for (const Event& event : trace.events()) {
    if (event.kind == kind) found.push_back(event);
  }
  return found;
}

struct Rig {
  explicit Rig(FakeBench::Twist twist = nullptr, SessionDescription description = quiet())
      : session(description, test::make_plant(test::round_pack()), std::make_unique<FakeBench>(log, std::move(twist))) {
  }

  static SessionDescription quiet() { return test::session_description(test::round_pack()); }

  std::shared_ptr<FakeLog> log = std::make_shared<FakeLog>();
  Session session;
};

TEST(SessionTick, ShowsTheStimulusThatIsDueAndEndsAtTheNext) {
  Rig rig;
  rig.session.at(0, Impose{test::cell_3, 0.0, 3.5, 0});
  rig.session.at(400 * millisecond_ns, Impose{test::cell_3, 0.0, 3.6, 0});
  EXPECT_EQ(rig.session.run(2 * second_ns), RunResult::deadline);
  const auto& seen = rig.log->exchanges;
  ASSERT_EQ(seen.size(), 3U);
  EXPECT_NEAR(test::cell_V(seen[0].terminals.tap_V, 3), 3.5, 1e-12);  // in the very tick it is due
  EXPECT_EQ(seen[0].until_ns, 400 * millisecond_ns);                  // no later than the next stimulus
  EXPECT_NEAR(test::cell_V(seen[1].terminals.tap_V, 3), 3.6, 1e-12);
  EXPECT_EQ(seen[1].until_ns, 1400 * millisecond_ns);  // no longer than the tick's limit of 1 s
  EXPECT_EQ(seen[2].until_ns, 2 * second_ns);          // no later than the deadline
  EXPECT_EQ(rig.session.now_ns(), 2 * second_ns);
  EXPECT_EQ(rig.session.tick_count(), 3U);
  EXPECT_EQ(rig.session.trace().end_ns(), 2 * second_ns);
}

TEST(SessionTick, MovesThePlantByTheEdgesOfTheBench) {
  Rig rig([](TimeNs from_ns, TimeNs, Actions& actions) {
    if (from_ns == 0) actions.edges.push_back({100 * millisecond_ns, Actuator::discharge, true});
  });
  rig.session.run(second_ns);
  EXPECT_TRUE(rig.session.drive_on(Actuator::discharge));
  EXPECT_TRUE(rig.session.plant().contact_closed(Contact::discharge));
  const auto edges = events_of(rig.session.trace(), EventKind::edge);
  ASSERT_EQ(edges.size(), 1U);
  EXPECT_EQ(edges[0].at_ns, 100 * millisecond_ns);
  const auto contacts = events_of(rig.session.trace(), EventKind::contact);
  ASSERT_FALSE(contacts.empty());
  EXPECT_GT(contacts[0].at_ns, edges[0].at_ns);  // the relay takes its time
  EXPECT_EQ(rig.session.plant().now_ns(), second_ns);
}

TEST(SessionTick, ShowsThePlantAsItStandsAtTheBeginning) {
  Rig rig;
  rig.session.run(second_ns);
  const auto& terminals = rig.log->exchanges[0].terminals;
  EXPECT_EQ(terminals.cell_count, 16);
  EXPECT_NEAR(test::cell_V(terminals.tap_V, 1), 3.2, 1e-9);
  EXPECT_NEAR(terminals.supply_V, 51.2, 1e-6);
  EXPECT_FALSE(terminals.charger_plugged);
  EXPECT_FALSE(terminals.button_pressed);
}

TEST(SessionImposes, OneCellLiftsTheTapsAboveIt) {
  Rig rig;
  rig.session.at(0, Impose{test::cell_3, 0.0, 3.7, 0});
  rig.session.run(second_ns);
  const auto& tap_V = rig.log->exchanges[0].terminals.tap_V;
  for (int k = 1; k <= 16; ++k) EXPECT_NEAR(test::cell_V(tap_V, k), k == 3 ? 3.7 : 3.2, 1e-9) << k;
  EXPECT_NEAR(tap_V[16], 15 * 3.2 + 3.7, 1e-9);
  EXPECT_NEAR(rig.session.shown(test::cell_3), 3.7, 1e-12);
  EXPECT_NEAR(rig.session.shown({Quantity::cell_max_V, 0}), 3.7, 1e-12);
  EXPECT_NEAR(rig.session.shown({Quantity::cell_min_V, 0}), 3.2, 1e-9);
}

TEST(SessionImposes, ARampIsLinearAndThenHolds) {
  SessionDescription description = Rig::quiet();
  description.tick_limit_ns = 250 * millisecond_ns;
  Rig rig(nullptr, description);
  rig.session.at(500 * millisecond_ns, Impose{test::cell_3, 3.0, 3.4, second_ns});
  rig.session.run(2 * second_ns);
  // At 0.5, 0.75, 1.0, 1.25, 1.5 and 1.75 s: 3.0 V and 0.1 V more per quarter of a second up to 3.4 V.
  const double expected_V[] = {3.2, 3.2, 3.0, 3.1, 3.2, 3.3, 3.4, 3.4};
  ASSERT_EQ(rig.log->exchanges.size(), 8U);
  for (std::size_t i = 0; i < 8; ++i) {
    EXPECT_NEAR(test::cell_V(rig.log->exchanges[i].terminals.tap_V, 3), expected_V[i], 1e-9) << i;
  }
}

TEST(SessionImposes, CurrentTemperatureAndSupplyAsVoltsAndOhms) {
  Rig rig;
  rig.session.at(0, Impose{pack_current, 0.0, -40.0, 0});
  rig.session.at(0, Impose{{Quantity::ntc_degC, 2}, 0.0, 25.0, 0});
  rig.session.at(0, Impose{{Quantity::supply_V, 0}, 0.0, 48.0, 0});
  rig.session.run(second_ns);
  const Terminals& terminals = rig.log->exchanges[0].terminals;
  EXPECT_NEAR(terminals.shunt_V, -0.010, 1e-12);  // 40 A through 0.25 mOhm, charging
  EXPECT_NEAR(terminals.ntc_Ohm[1], 10'000.0, 1e-6);
  EXPECT_EQ(terminals.supply_V, 48.0);
  EXPECT_NEAR(rig.session.shown(pack_current), -40.0, 1e-9);
}

TEST(SessionImposes, ReleaseGivesBackThePlant) {
  Rig rig;
  rig.session.at(0, Impose{test::cell_3, 0.0, 3.7, 0});
  rig.session.at(0, Impose{{Quantity::cell_V, 4}, 0.0, 3.8, 0});
  rig.session.at(0, Impose{pack_current, 0.0, 40.0, 0});
  rig.session.at(second_ns, Release{test::cell_3});
  rig.session.at(2 * second_ns, ReleaseAll{});
  rig.session.run(second_ns + 1);
  EXPECT_NEAR(rig.session.shown(test::cell_3), 3.2, 1e-9);
  EXPECT_NEAR(rig.session.shown({Quantity::cell_V, 4}), 3.8, 1e-12);
  EXPECT_NEAR(rig.session.shown(pack_current), 40.0, 1e-9);
  rig.session.run(2 * second_ns + 1);
  EXPECT_NEAR(rig.session.shown({Quantity::cell_V, 4}), 3.2, 1e-9);
  EXPECT_NEAR(rig.session.shown(pack_current), 0.0, 1e-9);
}

TEST(SessionImposes, TheButtonStaysPressedAndBytesPassOnce) {
  Rig rig;
  rig.session.at(0, PressButton{true});
  rig.session.at(0, SendByte{Port::can, 0x5A});
  rig.session.at(2 * second_ns, PressButton{false});
  rig.session.run(3 * second_ns);
  const auto& seen = rig.log->exchanges;
  ASSERT_EQ(seen.size(), 3U);
  ASSERT_EQ(seen[0].terminals.bus_bytes.size(), 1U);
  EXPECT_EQ(seen[0].terminals.bus_bytes[0].value, 0x5A);
  EXPECT_EQ(seen[0].terminals.bus_bytes[0].port, Port::can);
  EXPECT_TRUE(seen[1].terminals.bus_bytes.empty());
  EXPECT_TRUE(seen[0].terminals.button_pressed);
  EXPECT_TRUE(seen[1].terminals.button_pressed);
  EXPECT_FALSE(seen[2].terminals.button_pressed);
}

TEST(SessionImposes, StimuliOfOneInstantApplyInTheOrderGiven) {
  Rig rig;
  rig.session.at(second_ns, Impose{test::cell_3, 0.0, 3.5, 0});
  rig.session.at(second_ns, Impose{test::cell_3, 0.0, 3.6, 0});
  rig.session.at(500 * millisecond_ns, Impose{test::cell_3, 0.0, 3.4, 0});
  rig.session.run(2 * second_ns);
  EXPECT_NEAR(rig.session.shown(test::cell_3), 3.6, 1e-12);
  const auto stimuli = events_of(rig.session.trace(), EventKind::stimulus);
  ASSERT_EQ(stimuli.size(), 3U);
  EXPECT_EQ(stimuli[0].text, "impose cell 3 = 3.4 V");
  EXPECT_EQ(stimuli[1].text, "impose cell 3 = 3.5 V");
  EXPECT_EQ(stimuli[2].at_ns, second_ns);
}

// 16 cells of 3.2 V and 1 mOhm: a short of 99 mOhm inside one leaves it 3.2 V * 99 / 100.
TEST(SessionDrives, AShortInsideACell) {
  Rig rig;
  rig.session.at(second_ns, ShortCell{3, 1, 99e-3});
  rig.session.at(2 * second_ns, ShortCell{3, 1, std::numeric_limits<double>::infinity()});
  rig.session.run(second_ns);
  EXPECT_NEAR(rig.session.plant().cell_V()[2], 3.2, 1e-12);
  rig.session.run(1500 * millisecond_ns);
  EXPECT_NEAR(rig.session.plant().cell_V()[2], 3.2 * 0.99, 1e-4);
  EXPECT_NEAR(rig.session.plant().cell_V()[3], 3.2, 1e-12);
  rig.session.run(3 * second_ns);
  EXPECT_NEAR(rig.session.plant().cell_V()[2], 3.2, 1e-4);
  const auto stimuli = events_of(rig.session.trace(), EventKind::stimulus);
  ASSERT_EQ(stimuli.size(), 2U);
  EXPECT_EQ(stimuli[0].text, "short inside cell 1 of group 3: 0.099 Ohm");
}

TEST(SessionDrives, AnOpenBusbarStopsTheCurrent) {
  Rig rig([](TimeNs from_ns, TimeNs, Actions& actions) {
    if (from_ns == 0) actions.edges.push_back({0, Actuator::discharge, true});
  });
  rig.session.at(0, SetLoad{test::load_of(Load::Kind::current, 10.0)});
  rig.session.at(2 * second_ns, SetBusbar{8, std::numeric_limits<double>::infinity()});
  rig.session.run(2 * second_ns);
  EXPECT_NEAR(rig.session.plant().string_A(), 10.0, 1e-3);
  rig.session.run(3 * second_ns);
  EXPECT_LT(std::fabs(rig.session.plant().string_A()), 1e-3);
  EXPECT_EQ(events_of(rig.session.trace(), EventKind::stimulus)[1].text, "busbar above group 8: inf Ohm");
}

TEST(SessionRefuses, AStimulusInThePast) {
  Rig rig;
  rig.session.run(2 * second_ns);
  const std::string message = message_of<BadInput>([&] {
    rig.session.at(2 * second_ns - 1, Impose{test::cell_3, 0.0, 3.5, 0});
  });
  EXPECT_NE(message.find("in the past"), std::string::npos) << message;
  EXPECT_NE(message.find("now is 2 s"), std::string::npos) << message;
  rig.session.at(2 * second_ns, Impose{test::cell_3, 0.0, 3.5, 0});  // now is not the past
}

TEST(SessionRefuses, WhatIsNoNumberOrNoChannel) {
  Rig rig;
  const auto refusal = [&](const Stimulus& stimulus) {
    return message_of<BadInput>([&] { rig.session.at(0, stimulus); });
  };
  const double nan_V = std::numeric_limits<double>::quiet_NaN();
  EXPECT_NE(refusal(Impose{test::cell_3, 0.0, nan_V, 0}).find("cell 3"), std::string::npos);
  EXPECT_NE(refusal(Impose{test::cell_3, nan_V, 3.0, second_ns}).find("cell 3"), std::string::npos);
  EXPECT_NE(refusal(Impose{pack_current, 0.0, std::numeric_limits<double>::infinity(), 0}).find("current"),
            std::string::npos);
  EXPECT_NE(refusal(Impose{test::cell_3, 0.0, 3.0, -1}).find("duration >= 0"), std::string::npos);
  EXPECT_NE(refusal(Impose{{Quantity::cell_V, 17}, 0.0, 3.0, 0}).find("cell 17 does not exist; accepted: 1 .. 16"),
            std::string::npos);
  EXPECT_NE(refusal(Impose{{Quantity::cell_V, 0}, 0.0, 3.0, 0}).find("cell 0 does not exist"), std::string::npos);
  EXPECT_NE(refusal(Impose{{Quantity::ntc_degC, 4}, 0.0, 3.0, 0}).find("probe 4 does not exist; accepted: 1 .. 3"),
            std::string::npos);
  EXPECT_NE(refusal(Impose{{Quantity::ntc_degC, 1}, 0.0, -273.15, 0}).find("above -273.15"), std::string::npos);
  EXPECT_NE(refusal(Impose{{Quantity::cell_max_V, 0}, 0.0, 3.0, 0}).find("cell_max_V cannot be imposed"),
            std::string::npos);
  EXPECT_NE(refusal(Release{{Quantity::cell_V, 17}}).find("cell 17"), std::string::npos);
  rig.session.run(second_ns);
  EXPECT_TRUE(events_of(rig.session.trace(), EventKind::stimulus).empty());  // nothing of them was kept
}

// The plant's own limits hold when the stimulus is given, not seconds later in the middle of a run.
TEST(SessionRefuses, WhatThePlantCannotDo) {
  Rig rig;
  const auto refusal = [&](const Stimulus& stimulus) {
    return message_of<BadInput>([&] { rig.session.at(second_ns, stimulus); });
  };
  const double not_a_number = std::numeric_limits<double>::quiet_NaN();
  EXPECT_NE(refusal(SetLoad{test::load_of(Load::Kind::power, not_a_number)}), "");
  EXPECT_NE(refusal(SetCharger{{true, -1.0, 10.0, 5e-3}}), "");
  EXPECT_NE(refusal(SetAmbient{1000.0}), "");
  EXPECT_NE(refusal(ShortLoadPort{0.0}), "");
  EXPECT_NE(refusal(SetSenseWire{17, 1.0}), "");
  EXPECT_NE(refusal(ShortCell{17, 1, 1.0}), "");
  EXPECT_NE(refusal(ShortCell{1, 2, 1.0}), "");
  EXPECT_NE(refusal(SetBusbar{0, 1.0}), "");
  EXPECT_NE(refusal(FitNtc{4, false}), "");
  EXPECT_NE(refusal(Weld{Contact::fuse, true}), "");
  EXPECT_EQ(rig.session.run(2 * second_ns), RunResult::deadline);
  EXPECT_TRUE(events_of(rig.session.trace(), EventKind::rig_fault).empty());
}

TEST(SessionRefuses, WhatTheBenchCannotImposeIsTheRigsFault) {
  Rig rig;
  const auto fault = [&](Channel channel, double to) {
    return message_of<BenchFault>([&] { rig.session.at(0, Impose{channel, 0.0, to, 0}); });
  };
  // The fake bench: cells 0..5 V, shunt +-0.1 V, which is 400 A, supply 0..120 V.
  EXPECT_EQ(fault(test::cell_3, 5.0), "");
  EXPECT_EQ(fault(test::cell_3, 5.001), "bench 'fake' cannot impose cell_V = 5.001; accepted: 0 .. 5");
  EXPECT_EQ(fault(test::cell_3, 0.0), "");
  EXPECT_NE(fault(test::cell_3, -0.001), "");
  EXPECT_EQ(fault(pack_current, 400.0), "");
  EXPECT_NE(fault(pack_current, 400.1).find("shunt_V"), std::string::npos);
  EXPECT_NE(fault({Quantity::supply_V, 0}, 121.0).find("supply_V"), std::string::npos);
  EXPECT_NE(fault({Quantity::ntc_degC, 1}, 300.0).find("ntc_Ohm"), std::string::npos);
}

TEST(SessionRefuses, ADescriptionThatCannotBe) {
  const auto refusal = [](const SessionDescription& description) {
    return message_of<BadInput>([&] { Rig rig(nullptr, description); });
  };
  SessionDescription description = Rig::quiet();
  description.shunt_Ohm = 0.0;
  EXPECT_NE(refusal(description).find("shunt_Ohm = 0; accepted: above 0"), std::string::npos);
  description = Rig::quiet();
  description.tick_limit_ns = 0;
  EXPECT_NE(refusal(description).find("tick_limit_ns = 0; accepted: above 0"), std::string::npos);
}

TEST(SessionWatches, ConditionsOnTheNewestRow) {
  Rig rig([](TimeNs from_ns, TimeNs, Actions& actions) {
    if (from_ns == 3 * second_ns) actions.edges.push_back({from_ns + 1, Actuator::discharge, true});
  });
  rig.session.at(2 * second_ns, Impose{test::cell_3, 0.0, 3.6, 0});
  const ChannelBeyond at_level{{Quantity::cell_max_V, 0}, Side::above, 3.6};
  const ChannelBeyond beyond{{Quantity::cell_max_V, 0}, Side::above, 3.55};
  EXPECT_EQ(rig.session.run(10 * second_ns, beyond), RunResult::held);
  EXPECT_EQ(rig.session.now_ns(), 3 * second_ns);  // shown at 2 s, seen at the end of that tick
  EXPECT_EQ(rig.session.run(10 * second_ns, DriveIs{Actuator::discharge, true}), RunResult::held);
  EXPECT_EQ(rig.session.now_ns(), 4 * second_ns);
  EXPECT_EQ(rig.session.run(10 * second_ns, ContactIs{Contact::discharge, true}), RunResult::held);
  EXPECT_EQ(rig.session.run(10 * second_ns, DriveIs{Actuator::discharge, false}), RunResult::deadline);
  EXPECT_EQ(rig.session.run(20 * second_ns, at_level), RunResult::deadline);  // at the level is not beyond it
  EXPECT_EQ(rig.session.run(30 * second_ns, std::nullopt, 2), RunResult::paused);
  EXPECT_EQ(rig.session.now_ns(), 22 * second_ns);
  EXPECT_THROW(rig.session.run(30 * second_ns, ChannelBeyond{{Quantity::cell_V, 99}, Side::above, 1.0}), BadInput);
  EXPECT_EQ(rig.session.now_ns(), 22 * second_ns);
}

TEST(SessionRecords, SettingsAndMarks) {
  Rig rig;
  rig.session.run(second_ns);
  EXPECT_EQ(rig.session.write_setting(4, 50), 0);
  EXPECT_EQ(rig.session.write_setting(4, 500), 2);
  std::int32_t value = 0;
  EXPECT_EQ(rig.session.read_setting(4, value), 0);
  EXPECT_EQ(rig.session.mark("here"), second_ns);
  const auto writes = events_of(rig.session.trace(), EventKind::setting_write);
  ASSERT_EQ(writes.size(), 2U);
  EXPECT_EQ(writes[1].subject, 4);
  EXPECT_EQ(writes[1].state, 2);
  EXPECT_EQ(writes[1].value, 500.0);
  EXPECT_EQ(events_of(rig.session.trace(), EventKind::setting_read)[0].value, 42.0);
  EXPECT_EQ(events_of(rig.session.trace(), EventKind::mark)[0].text, "here");
}

TEST(SessionRecords, WhenACellLeavesItsModelsValidity) {
  PackDescription pack = test::round_pack();  // valid from -20 to 60 degC
  pack.initial_degC = 70.0;
  pack.ambient_degC = -50.0;
  auto log = std::make_shared<FakeLog>();
  Session session(test::session_description(pack), test::make_plant(pack), std::make_unique<FakeBench>(log));
  session.run(3 * 3600 * second_ns);
  const auto flags = events_of(session.trace(), EventKind::validity);
  // Too hot, then all of them valid once, then too cold; which cell is the first to be named changes on the way.
  ASSERT_GE(flags.size(), 3U);
  EXPECT_EQ(flags.front().state, 1);
  EXPECT_EQ(flags.front().subject, 1);
  EXPECT_EQ(flags.back().state, 1);
  EXPECT_EQ(std::count_if(flags.begin(), flags.end(), [](const Event& event) { return event.state == 0; }), 1);
}

TEST(SessionRecords, TruthOncePerPeriodAndThePlugOnChange) {
  SessionDescription description = Rig::quiet();
  description.tick_limit_ns = 100 * millisecond_ns;
  description.truth_period_ns = 500 * millisecond_ns;
  Rig rig(nullptr, description);
  rig.session.at(0, Impose{test::cell_3, 3.0, 3.5, 5 * second_ns});
  rig.session.at(0, SetAmbient{60.0});  // so that the truth moves beyond its deadbands
  rig.session.run(2 * second_ns);
  EXPECT_EQ(rig.session.trace().group(Role::imposed).rows(), 20U);
  const auto& truth_ns = rig.session.trace().group(Role::truth).at_ns;
  ASSERT_FALSE(truth_ns.empty());
  for (const TimeNs at_ns : truth_ns) EXPECT_EQ(at_ns % (500 * millisecond_ns), 0);
}

TEST(SessionRecords, APlugPeriodDecimatesAndTheVerdictKnows) {
  SessionDescription description = Rig::quiet();
  description.tick_limit_ns = 100 * millisecond_ns;
  description.plug_period_ns = second_ns;
  Rig rig(nullptr, description);
  rig.session.at(0, Impose{test::cell_3, 3.0, 3.5, 5 * second_ns});
  rig.session.run(3 * second_ns);
  EXPECT_EQ(rig.session.trace().group(Role::imposed).at_ns, (std::vector<TimeNs>{0, second_ns, 2 * second_ns}));
  // Up to a second passes unseen between two rows, so a crossing between them is not known to the instant.
  EXPECT_FALSE(rig.session.trace().info().uncertainty.exact_time);
}

TEST(Session, ObservesWhatTheBoardDraws) {
  // 51.2 V: a converter draws 4 mA at 20 V when it runs, so 1.5625 mA here.
  Session session = test::session_over(test::sim_bench());
  const Channel supply{Quantity::supply_A, 0};
  session.run(5 * second_ns);
  EXPECT_NEAR(session.shown(supply), 0.0015625, 1e-6);
  EXPECT_NEAR(session.trace().series(supply).back().value, 0.0015625, 1e-6);
  EXPECT_EQ(session.fork().shown(supply), session.shown(supply));
  EXPECT_NE(message_of<BadInput>([&] {
              session.at(session.now_ns(), Impose{supply, 0.0, 0.001, 0});
            }).find("supply_A"),
            std::string::npos);

  // An ammeter of 10 uA uncertainty and 1 uA resolution reads the same within both.
  Session metered = test::session_over(test::twin_bench());
  metered.run(second_ns);
  EXPECT_NEAR(metered.shown(supply), 0.0015625, 11e-6);
  EXPECT_GE(metered.trace().info().uncertainty.supply_A, 11e-6);
}

}  // namespace
}  // namespace packrig
