#include "rig/codec/plausibility.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "rig/codec/nw.hpp"
#include "tests/rig/codec/vectors.hpp"

namespace packrig {
namespace {

Telemetry resting() {
  Telemetry t;
  for (int i = 0; i < 4; ++i) t.cell_V.push_back(3.3);
  t.pack_V = 13.2;
  t.current_A = 0.0;
  t.soc = 0.5;
  t.run_time_s = 1000.0;
  t.cycle_Ah = 100.0;
  t.probe_degC[0] = 25.0;
  return t;
}

std::string objection(const Telemetry& telemetry, const PlausibilityLimits& limits = {}) {
  return Plausibility(limits).objection(telemetry);
}

bool mentions(const std::string& text, const char* part) { return text.find(part) != std::string::npos; }

TEST(Plausibility, TakesEveryPublishedReply) {
  for (const auto& [id, vector] : test::vectors("nw.json")) {
    if (vector["kind"] != "uart_4e57_readall_reply") continue;
    Deframer deframer(nw::match, nw::silence_ns);
    const auto raw = test::frames_in(deframer, test::bytes_of(vector["hex"]));
    const auto block = nw::block_of(nw::parse(raw.at(0))->information);
    EXPECT_EQ(objection(nw::telemetry_of(block, 0)), "") << id;
  }
}

TEST(Plausibility, SeesTwoSwappedWordsThatASumDoesNot) {
  const auto vectors = test::vectors("nw.json");
  const auto original = test::bytes_of(vectors.at("nw_16s_B1A24S15P_11.262H_charge")["hex"]);
  auto bytes = original;
  // Pack voltage (register 83) and current (84) change places; the sum of all bytes stays the same.
  for (std::size_t i = 0; i + 5 < bytes.size(); ++i) {
    if (bytes[i] != 0x83 || bytes[i + 3] != 0x84) continue;
    std::swap(bytes[i + 1], bytes[i + 4]);
    std::swap(bytes[i + 2], bytes[i + 5]);
    break;
  }
  ASSERT_NE(bytes, original);
  Deframer deframer(nw::match, nw::silence_ns);
  const auto raw = test::frames_in(deframer, bytes);
  ASSERT_EQ(raw.size(), 1U);
  EXPECT_TRUE(mentions(objection(nw::telemetry_of(nw::block_of(nw::parse(raw[0])->information), 0)), "pack_V"));
}

TEST(Plausibility, HoldsEachValueToItsRange) {
  const auto with = [](auto change) {
    Telemetry t = resting();
    change(t);
    return objection(t);
  };
  EXPECT_EQ(with([](Telemetry&) {}), "");
  EXPECT_EQ(with([](Telemetry& t) { t.cell_V[2] = 4.3; }), "");  // a sum that is 1.0 V off
  EXPECT_TRUE(mentions(with([](Telemetry& t) { t.cell_V[2] = 4.31; }), "pack_V against its cells"));
  EXPECT_TRUE(mentions(with([](Telemetry& t) { t.cell_V[2] = 5.1; }), "cell3_V = 5.1; plausible: 0 .. 5"));
  EXPECT_EQ(with([](Telemetry& t) { t.current_A = -2000.0; }), "");
  EXPECT_TRUE(mentions(with([](Telemetry& t) { t.current_A = 2000.1; }), "current_A"));
  EXPECT_EQ(with([](Telemetry& t) { t.soc = 1.0; }), "");
  EXPECT_TRUE(mentions(with([](Telemetry& t) { t.soc = 1.01; }), "soc"));
  EXPECT_TRUE(mentions(with([](Telemetry& t) { t.probe_degC[0] = -51.0; }), "probe1_degC"));
  EXPECT_TRUE(mentions(with([](Telemetry& t) { t.pack_V = std::nan(""); }), "pack_V"));
  EXPECT_EQ(with([](Telemetry& t) { t = Telemetry(); }), "");  // nothing said, nothing implausible
}

TEST(Plausibility, CountsTheCellsOfItsPack) {
  PlausibilityLimits limits;
  limits.cell_count = 4;
  EXPECT_EQ(objection(resting(), limits), "");
  limits.cell_count = 5;
  EXPECT_TRUE(mentions(objection(resting(), limits), "cell count = 4"));
}

TEST(Plausibility, LetsCountersOnlyGoUp) {
  for (const auto member : {&Telemetry::run_time_s, &Telemetry::cycle_Ah}) {
    Plausibility plausibility;
    EXPECT_EQ(plausibility.objection(resting()), "");
    EXPECT_EQ(plausibility.objection(resting()), "");
    Telemetry back = resting();
    back.*member = *(back.*member) - 1.0;
    EXPECT_NE(plausibility.objection(back), "");
    EXPECT_EQ(plausibility.objection(resting()), "");  // what was implausible is not compared with
  }
}

TEST(Plausibility, BoundsTheRateWhereItIsTold) {
  PlausibilityLimits limits;
  limits.cell_rate_V_per_s = 0.1;
  Plausibility plausibility(limits);
  plausibility.objection(resting());
  Telemetry next = resting();
  next.arrival_ns = 2 * second_ns;
  next.cell_V[0] = 3.51;
  EXPECT_TRUE(mentions(plausibility.objection(next), "cell1_V"));
  next.cell_V[0] = 3.49;
  EXPECT_EQ(plausibility.objection(next), "");
}

TEST(Plausibility, RemembersEachQuantityThoughMessagesCarryAFewOfThem) {
  PlausibilityLimits limits;
  limits.cell_rate_V_per_s = 0.1;
  limits.temperature_rate_K_per_s = 1.0;
  Plausibility plausibility(limits);
  plausibility.objection(resting());
  Telemetry pack_only;
  pack_only.arrival_ns = second_ns;
  pack_only.pack_V = 13.2;
  EXPECT_EQ(plausibility.objection(pack_only), "");
  const auto after_2_s = [&](auto change) {
    Telemetry t;
    t.arrival_ns = 2 * second_ns;
    change(t);
    return plausibility.objection(t);
  };
  EXPECT_TRUE(mentions(after_2_s([](Telemetry& t) { t.run_time_s = *resting().run_time_s - 1.0; }), "run_time_s"));
  EXPECT_TRUE(mentions(after_2_s([](Telemetry& t) { t.cell_V.push_back(resting().cell_V[0] + 0.21); }), "cell1_V"));
  EXPECT_EQ(after_2_s([](Telemetry& t) { t.cell_V.push_back(resting().cell_V[0] + 0.19); }), "");
  EXPECT_TRUE(mentions(after_2_s([](Telemetry& t) { t.probe_degC[0] = *resting().probe_degC[0] + 2.1; }), "probe1"));
  EXPECT_EQ(after_2_s([](Telemetry& t) { t.probe_degC[0] = *resting().probe_degC[0] + 1.9; }), "");
}

TEST(Plausibility, KnowsThatTimeDoesNotRunBackwards) {
  Plausibility plausibility;
  Telemetry later = resting();
  later.arrival_ns = second_ns;
  plausibility.objection(later);
  EXPECT_NE(plausibility.objection(resting()), "");
}

}  // namespace
}  // namespace packrig
