#include "rig/trace_file.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <bit>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <limits>
#include <optional>
#include <sstream>

#include "models/errors.hpp"
#include "rig/fault.hpp"
#include "rig/judge.hpp"
#include "tests/rig/hand_trace.hpp"

namespace packrig {
namespace {

using test::HandTrace;

std::string content(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

bool same_bits(std::span<const double> a, std::span<const double> b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](double x, double y) {
           return std::bit_cast<std::uint64_t>(x) == std::bit_cast<std::uint64_t>(y);
         });
}

bool same(const Event& a, const Event& b) {
  return a.at_ns == b.at_ns && a.kind == b.kind && a.subject == b.subject && a.state == b.state &&
         std::bit_cast<std::uint64_t>(a.value) == std::bit_cast<std::uint64_t>(b.value) && a.text == b.text;
}

class TraceFile : public testing::Test {
 protected:
  TraceFile() { std::filesystem::create_directories(folder_); }
  ~TraceFile() override { std::filesystem::remove_all(folder_); }

  void write(const std::string& bytes) const { std::ofstream(path_, std::ios::binary) << bytes; }

  std::string folder_ = testing::TempDir() + "packrig_trace_" + std::to_string(getpid());
  std::string path_ = folder_ + "/run.prt";
};

HandTrace rich() {
  TraceUncertainty u;
  u.cell_V = 0.1;  // no exact binary fraction
  u.current_A = 1.0 / 3.0;
  u.ntc_degC = 0.7;
  u.supply_V = 0.2;
  u.supply_A = 0.3;
  u.readback_stamp_ns = 17;
  u.edge_stamp_ns = 18;
  u.exact_time = false;
  HandTrace hand(u);
  hand.cell(0.0, 3.3).cell(1.0, 0.1 + 0.2).current(2.0, -0.0).current(3.0, 1e-310);
  hand.trace.append(Role::asked, 5, std::vector<double>(7, std::nextafter(1.0, 2.0)));
  hand.trace.append(Role::observed, 6, std::vector<double>{0.1 * 0.1});
  hand.trace.append(Role::truth, 6, std::vector<double>(10, std::numeric_limits<double>::infinity()));
  for (int kind = 0; kind <= static_cast<int>(EventKind::mark); ++kind) {
    hand.trace.append(
        {from_s(kind), static_cast<EventKind>(kind), 255, 254, 1.0 / 7.0, kind % 2 == 0 ? "" : "\xC2\xB5, \"q\"\n"});
  }
  hand.end(11.5);
  return hand;
}

TEST_F(TraceFile, ComesBackBitForBit) {
  const Trace stored = rich().trace;
  save_trace(stored, path_);
  const Trace loaded = load_trace(path_);
  EXPECT_EQ(loaded.info().part, "hand");
  EXPECT_EQ(loaded.info().bench, "paper");
  EXPECT_EQ(loaded.info().seed, 7U);
  EXPECT_EQ(loaded.info().cell_count, 2);
  EXPECT_EQ(loaded.info().capacity_Ah, (std::vector<double>{100.0, 80.0}));
  EXPECT_EQ(loaded.info().specification, "{}");
  const TraceUncertainty& u = loaded.info().uncertainty;
  EXPECT_EQ(u.cell_V, 0.1);
  EXPECT_EQ(u.current_A, 1.0 / 3.0);
  EXPECT_EQ(u.ntc_degC, 0.7);
  EXPECT_EQ(u.supply_V, 0.2);
  EXPECT_EQ(u.supply_A, 0.3);
  EXPECT_EQ(u.readback_stamp_ns, 17);
  EXPECT_EQ(u.edge_stamp_ns, 18);
  EXPECT_FALSE(u.exact_time);
  for (const Role role : {Role::asked, Role::imposed, Role::truth, Role::reported, Role::observed}) {
    EXPECT_EQ(loaded.group(role).at_ns, stored.group(role).at_ns);
    EXPECT_TRUE(same_bits(loaded.group(role).values, stored.group(role).values));
  }
  ASSERT_EQ(loaded.events().size(), stored.events().size());
  for (std::size_t i = 0; i < stored.events().size(); ++i) {
    EXPECT_TRUE(same(loaded.events()[i], stored.events()[i])) << i;
  }
  EXPECT_EQ(loaded.end_ns(), from_s(11.5));
  EXPECT_EQ(loaded.hash(), stored.hash());
  EXPECT_FALSE(std::filesystem::exists(path_ + ".part"));
}

TEST_F(TraceFile, LongTracesTakeSeveralChunks) {
  HandTrace hand;
  for (int i = 0; i < 10'000; ++i) {
    hand.cell(i, i % 2 == 0 ? 3.3 : 3.4).edge(i, Actuator::charge, i % 2 == 0);
  }
  hand.end(10'000.0);
  save_trace(hand.trace, path_);
  const Trace loaded = load_trace(path_);
  EXPECT_EQ(loaded.group(Role::imposed).rows(), 10'000U);
  EXPECT_EQ(loaded.events().size(), hand.trace.events().size());
  EXPECT_EQ(loaded.hash(), hand.trace.hash());
}

TEST_F(TraceFile, AnEmptyTraceIsOne) {
  save_trace(HandTrace().trace, path_);
  EXPECT_EQ(load_trace(path_).hash(), HandTrace().trace.hash());
}

// What a prefix or a damaged copy may hold: rows and events of the whole one, from the first on, and nothing else.
void expect_prefix(const Trace& part, const Trace& whole, std::size_t where) {
  for (const Role role : {Role::asked, Role::imposed, Role::truth, Role::reported, Role::observed}) {
    const TraceGroup& a = part.group(role);
    const TraceGroup& b = whole.group(role);
    ASSERT_LE(a.rows(), b.rows()) << where;
    for (std::size_t i = 0; i < a.rows(); ++i) {
      ASSERT_EQ(a.at_ns[i], b.at_ns[i]) << where;
      ASSERT_TRUE(same_bits(a.row(i), b.row(i))) << where;
    }
  }
  // Behind them stands the note that the file ends too soon.
  ASSERT_LE(part.events().size(), whole.events().size() + 1) << where;
  for (std::size_t i = 0; i + 1 < part.events().size(); ++i) {
    ASSERT_TRUE(same(part.events()[i], whole.events()[i])) << where;
  }
}

// Nothing where it is refused, which must name the file.
std::optional<Trace> loaded(const std::string& path) {
  try {
    return load_trace(path);
  } catch (const BadInput& error) {
    EXPECT_NE(std::string(error.what()).find(path), std::string::npos) << error.what();
    return std::nullopt;
  }
}

TEST_F(TraceFile, CutAtAnyByteItHoldsAPrefixAndSaysThatItWasInterrupted) {
  const Trace stored = rich().trace;
  save_trace(stored, path_);
  const std::string bytes = content(path_);
  std::size_t loaded_count = 0;
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    write(bytes.substr(0, length));
    const std::optional<Trace> part = loaded(path_);
    if (!part) continue;
    ++loaded_count;
    expect_prefix(*part, stored, length);
    ASSERT_FALSE(part->events().empty()) << length;
    EXPECT_EQ(part->events().back().kind, EventKind::rig_fault) << length;
    EXPECT_LE(part->end_ns(), stored.end_ns()) << length;
  }
  EXPECT_GT(loaded_count, 200U);  // everything behind the header
  EXPECT_LT(loaded_count, bytes.size() - 100);
}

TEST_F(TraceFile, OfAnInterruptedRunNoVerdictIsButAnError) {
  HandTrace hand;
  hand.cell(0.0, 3.3).cell(10.0, 3.7).cell(20.0, 3.3).end(30.0);
  HoldRule rule;
  rule.channel = test::cell_1;
  rule.reach = 3.65;
  rule.reach_s = 5.0;
  ASSERT_EQ(judge(rule, hand.trace).outcome, Outcome::pass);
  save_trace(hand.trace, path_);
  const std::string bytes = content(path_);
  write(bytes.substr(0, bytes.size() - 1));  // the drive may have opened in what is lost
  const Verdict verdict = judge(rule, load_trace(path_));
  EXPECT_EQ(verdict.outcome, Outcome::error);
  EXPECT_NE(verdict.reason.find("interrupted"), std::string::npos) << verdict.reason;
}

TEST_F(TraceFile, AFlippedBitInAnyByteIsNoticed) {
  const Trace stored = rich().trace;
  save_trace(stored, path_);
  const std::string bytes = content(path_);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    std::string damaged = bytes;
    damaged[i] = static_cast<char>(damaged[i] ^ (1 << (i % 8)));
    write(damaged);
    const std::optional<Trace> part = loaded(path_);
    if (!part) continue;
    expect_prefix(*part, stored, i);
    ASSERT_FALSE(part->events().empty()) << i;
    EXPECT_EQ(part->events().back().kind, EventKind::rig_fault) << i;
  }
}

TEST_F(TraceFile, WhatIsNoTraceIsRefusedByName) {
  EXPECT_FALSE(loaded(folder_ + "/missing.prt"));
  EXPECT_FALSE(loaded(folder_));
  write("");
  EXPECT_FALSE(loaded(path_));
  write("PKRTRC02 of another version");
  EXPECT_FALSE(loaded(path_));
}

TEST_F(TraceFile, WhatCannotBeWrittenIsTheRigsFault) {
  const auto fails = [](const std::string& path) {
    try {
      save_trace(rich().trace, path);
      return false;
    } catch (const BenchFault& error) {
      EXPECT_NE(std::string(error.what()).find(path), std::string::npos) << error.what();
      return true;
    }
  };
  EXPECT_TRUE(fails(folder_ + "/no/such/folder/run.prt"));
  EXPECT_TRUE(fails("/dev/full/run.prt"));
  // A folder of that name: written beside it, and then it cannot be renamed.
  std::filesystem::create_directories(path_ + "/occupied");
  EXPECT_TRUE(fails(path_));
  EXPECT_FALSE(std::filesystem::exists(path_ + ".part"));
}

TEST_F(TraceFile, AFailedWriteLeavesTheOlderTraceWhole) {
  save_trace(HandTrace().trace, path_);
  std::filesystem::create_directories(path_ + ".part");  // so that nothing can be written beside it
  EXPECT_THROW(save_trace(rich().trace, path_), BenchFault);
  EXPECT_EQ(load_trace(path_).hash(), HandTrace().trace.hash());
}

}  // namespace
}  // namespace packrig
