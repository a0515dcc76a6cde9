#include "rig/trace.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <set>

#include "models/errors.hpp"
#include "tests/rig/hand_trace.hpp"

namespace packrig {
namespace {

using test::HandTrace;
using test::sampled;

std::size_t imposed_rows(const HandTrace& hand) { return hand.trace.group(Role::imposed).rows(); }

TEST(Trace, NamesItsColumnsWithTheUnitLast) {
  const Trace trace(test::two_cells());
  EXPECT_EQ(
      trace.group(Role::imposed).columns,
      (std::vector<std::string>{"cell1_V", "cell2_V", "current_A", "ntc1_degC", "ntc2_degC", "ntc3_degC", "supply_V"}));
  EXPECT_EQ(trace.group(Role::asked).columns, trace.group(Role::imposed).columns);
  EXPECT_EQ(trace.group(Role::truth).columns,
            (std::vector<std::string>{"string_A", "pack_V", "charge_port_A", "load_port_A", "cell1_V", "cell2_V",
                                      "cell1_soc", "cell2_soc", "cell1_degC", "cell2_degC"}));
  EXPECT_EQ(trace.group(Role::observed).columns, std::vector<std::string>{"supply_A"});
}

TEST(Trace, HasADeadbandByUnit) {
  EXPECT_EQ(Trace::deadband("cell12_V"), 1e-6);
  EXPECT_EQ(Trace::deadband("cell12_soc"), 1e-6);
  EXPECT_EQ(Trace::deadband("cell12_degC"), 1e-3);
  EXPECT_EQ(Trace::deadband("current_A"), 1e-3);
  EXPECT_EQ(Trace::deadband("ntc1_degC"), 1e-3);
  EXPECT_EQ(Trace::deadband("pack_V"), 1e-3);
  EXPECT_EQ(Trace::deadband("supply_V"), 1e-3);
  EXPECT_EQ(Trace::deadband("supply_A"), 1e-6);
}

TEST(Trace, KeepsARowOnlyWhereSomethingMovedBeyondItsDeadband) {
  HandTrace hand;
  hand.cell(0.0, 3.3).cell(1.0, 3.3).cell(2.0, 3.3000009);
  EXPECT_EQ(imposed_rows(hand), 1U);
  hand.cell(3.0, 3.3000011);
  EXPECT_EQ(imposed_rows(hand), 2U);
  hand.current(4.0, 0.0009);
  EXPECT_EQ(imposed_rows(hand), 2U);
  hand.current(5.0, 0.0011);
  EXPECT_EQ(imposed_rows(hand), 3U);
  EXPECT_EQ(hand.trace.group(Role::imposed).at_ns, (std::vector<TimeNs>{0, from_s(3.0), from_s(5.0)}));
}

TEST(Trace, SlowDriftIsNotSwallowed) {
  // Ten steps of a third of the deadband are more than three deadbands.
  HandTrace hand;
  for (int i = 0; i <= 10; ++i) hand.cell(i, 3.3 + i * 0.34e-6);
  EXPECT_EQ(imposed_rows(hand), 4U);
}

TEST(Trace, SamplesKeepTheLastEqualRowBeforeAChange) {
  HandTrace hand(sampled());
  hand.cell(0.0, 3.3).cell(1.0, 3.3).cell(2.0, 3.3).cell(3.0, 3.7).cell(4.0, 3.9);
  EXPECT_EQ(hand.trace.group(Role::imposed).at_ns, (std::vector<TimeNs>{0, from_s(2.0), from_s(3.0), from_s(4.0)}));
  const std::vector<Sample> series = hand.trace.series(test::cell_1);
  EXPECT_EQ(series[1].value, 3.3);
  EXPECT_EQ(series[2].value, 3.7);
}

TEST(Trace, ASeriesIsOneChannel) {
  HandTrace hand;
  hand.cell(1.0, 3.5).other_cell(2.0, 3.6).current(3.0, 40.0);
  const auto values = [&](Channel channel) {
    std::vector<double> result;
    for (const Sample& sample : hand.trace.series(channel)) result.push_back(sample.value);
    return result;
  };
  using Values = std::vector<double>;
  EXPECT_EQ(values({Quantity::cell_V, 1}), (Values{3.5, 3.5, 3.5}));
  EXPECT_EQ(values({Quantity::cell_V, 2}), (Values{3.3, 3.6, 3.6}));
  EXPECT_EQ(values({Quantity::cell_max_V, 0}), (Values{3.5, 3.6, 3.6}));
  EXPECT_EQ(values({Quantity::cell_min_V, 0}), (Values{3.3, 3.5, 3.5}));
  EXPECT_EQ(values({Quantity::current_A, 0}), (Values{0.0, 0.0, 40.0}));
  EXPECT_EQ(values({Quantity::ntc_degC, 3}), (Values{25.0, 25.0, 25.0}));
  EXPECT_EQ(values({Quantity::supply_V, 0}), (Values{6.6, 6.6, 6.6}));
  EXPECT_TRUE(hand.trace.series(test::cell_1, Role::asked).empty());
}

TEST(Trace, RefusesAChannelThatItHasNot) {
  const HandTrace hand;
  for (const int number : {-1, 0, 3}) EXPECT_THROW(hand.trace.series({Quantity::cell_V, number}), BadInput) << number;
  for (const int number : {0, 4}) EXPECT_THROW(hand.trace.series({Quantity::ntc_degC, number}), BadInput) << number;
}

Event sample_event() { return {1000, EventKind::contact, 1, 1, 20.0, "text"}; }

HandTrace whole() {
  HandTrace hand;
  hand.cell(0.0, 3.3);
  hand.trace.append(sample_event());
  hand.trace.extend(2000);
  return hand;
}

TEST(TraceHash, IsEqualForEqualTraces) {
  EXPECT_EQ(whole().trace.hash(), whole().trace.hash());
  EXPECT_EQ(whole().trace.actions_hash(), whole().trace.actions_hash());
}

TEST(TraceHash, ChangesWithEveryPart) {
  std::set<std::uint64_t> hashes = {whole().trace.hash(), HandTrace().trace.hash()};
  std::size_t expected = 2;
  const auto other = [&](const char* what, const std::function<void(HandTrace&)>& change) {
    HandTrace hand;
    change(hand);
    hashes.insert(hand.trace.hash());
    EXPECT_EQ(hashes.size(), ++expected) << what;
  };
  const auto with_event = [&](const char* what, const std::function<void(Event&)>& change) {
    other(what, [&](HandTrace& hand) {
      hand.cell(0.0, 3.3);
      Event event = sample_event();
      change(event);
      hand.trace.append(event);
      hand.trace.extend(2000);
    });
  };
  with_event("time", [](Event& event) { event.at_ns ^= 1; });
  with_event("kind", [](Event& event) { event.kind = EventKind::edge; });
  with_event("subject", [](Event& event) { event.subject = 0; });
  with_event("state", [](Event& event) { event.state = 0; });
  with_event("sign of the value", [](Event& event) { event.value = -20.0; });
  with_event("text", [](Event& event) { event.text = "texu"; });
  with_event("length of the text", [](Event& event) { event.text = "text "; });
  other("last bit of a value", [](HandTrace& hand) {
    hand.cell(0.0, std::nextafter(3.3, 4.0)).trace.append(sample_event());
    hand.trace.extend(2000);
  });
  other("time of a row", [](HandTrace& hand) {
    hand.cell(1e-9, 3.3).trace.append(sample_event());
    hand.trace.extend(2000);
  });
  other("end", [](HandTrace& hand) {
    hand.cell(0.0, 3.3).trace.append(sample_event());
    hand.trace.extend(2001);
  });
  other("role of a row", [](HandTrace& hand) {
    hand.trace.append(Role::asked, 0, std::vector<double>{3.3, 3.3, 0.0, 25.0, 25.0, 25.0, 6.6});
    hand.trace.append(sample_event());
    hand.trace.extend(2000);
  });
}

TEST(TraceHash, OfTheActionsSeesEdgesContactsAndBytesAlone) {
  const std::uint64_t before = whole().trace.actions_hash();
  for (const EventKind kind : {EventKind::stimulus, EventKind::rig_fault, EventKind::validity, EventKind::setting_write,
                               EventKind::setting_read, EventKind::mark}) {
    HandTrace hand = whole();
    hand.trace.append({5000, kind, 0, 0, 0.0, "x"});
    hand.cell(1.0, 3.9);
    EXPECT_EQ(hand.trace.actions_hash(), before) << static_cast<int>(kind);
  }
  for (const EventKind kind : {EventKind::edge, EventKind::contact, EventKind::bus_byte}) {
    HandTrace hand = whole();
    hand.trace.append({5000, kind, 0, 0, 0.0, {}});
    EXPECT_NE(hand.trace.actions_hash(), before) << static_cast<int>(kind);
  }
}

}  // namespace
}  // namespace packrig
