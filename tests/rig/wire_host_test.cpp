#include "rig/wire_host.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "models/errors.hpp"
#include "rig/codec/nw.hpp"
#include "tests/rig/hand_trace.hpp"

namespace packrig {
namespace {

constexpr TimeNs byte_ns = 86'806;

// What a board of two cells answers to "read all".
std::vector<std::uint8_t> answer(std::uint16_t first_mV = 3300, std::uint16_t pack_10mV = 660) {
  nw::Frame frame;
  frame.source = nw::Source::board;
  frame.transmission = nw::Transmission::reply;
  const auto high = [](std::uint16_t value) { return static_cast<std::uint8_t>(value >> 8); };
  const auto low = [](std::uint16_t value) { return static_cast<std::uint8_t>(value & 0xFF); };
  frame.information = {0x79, 6,    1,    high(first_mV),  low(first_mV),  2,
                       0x0C, 0xE4, 0x83, high(pack_10mV), low(pack_10mV), 0x8B,
                       0x00, 0x20};
  return nw::encode(frame);
}

class WireHostTest : public ::testing::Test {
 protected:
  // Runs the host to its next question, and returns that question's bytes.
  BusBytes question() {
    BusBytes bytes;
    for (int i = 0; i < 10 && bytes.empty(); ++i) {
      now_ns = host.next_ns();
      if (now_ns == never_ns) break;
      host.record(now_ns, trace);
      host.send(now_ns, bytes);
    }
    return bytes;
  }
  void hear(const std::vector<std::uint8_t>& bytes, TimeNs after_ns) {
    TimeNs at_ns = now_ns + after_ns;
    for (const std::uint8_t byte : bytes) host.receive({at_ns += byte_ns, Port::rs485, byte});
    heard_ns = at_ns;
  }

  Trace trace{test::two_cells()};
  WireHost host{PollDescription(), 2, 0};
  TimeNs now_ns = 0;
  TimeNs heard_ns = 0;
};

TEST_F(WireHostTest, AsksNothingUnasked) { EXPECT_EQ(host.next_ns(), never_ns); }

TEST_F(WireHostTest, SendsAQuestionAtTheSpeedOfTheLine) {
  host.poll(second_ns, 0);
  const BusBytes bytes = question();
  ASSERT_EQ(bytes.size(), 21U);
  EXPECT_EQ(now_ns, 21 * byte_ns);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    EXPECT_EQ(bytes[i].at_ns, static_cast<TimeNs>(i + 1) * byte_ns);
    EXPECT_EQ(bytes[i].value, nw::read_all_request()[i]);
  }
}

TEST_F(WireHostTest, KnowsNothingBeforeTheLastByteHasArrived) {
  host.poll(second_ns, 0);
  question();
  hear(answer(), 8 * millisecond_ns);
  host.record(heard_ns - 1, trace);
  EXPECT_FALSE(host.latest());
  EXPECT_EQ(host.next_ns(), heard_ns);
  host.record(heard_ns, trace);
  ASSERT_TRUE(host.latest());
  EXPECT_EQ(host.latest()->arrival_ns, heard_ns);
  const TraceGroup& rows = trace.group(Role::reported);
  ASSERT_EQ(rows.rows(), 1U);
  EXPECT_EQ(rows.at_ns[0], heard_ns);
  EXPECT_EQ(rows.row(0)[0], 3.3);
  EXPECT_EQ(host.reported({ReportedQuantity::pack_V, 0}), 6.6);
  EXPECT_TRUE(std::isnan(host.reported({ReportedQuantity::soc, 0})));  // it did not say
  EXPECT_EQ(host.reported({ReportedQuantity::alarms, 0}), static_cast<double>(1U << 6));
  EXPECT_THROW(host.reported({ReportedQuantity::cell_V, 3}), BadInput);
}

TEST_F(WireHostTest, AsksAgainAfterItsPeriod) {
  host.poll(second_ns, 0);
  question();
  hear(answer(), 8 * millisecond_ns);
  question();
  EXPECT_EQ(now_ns, second_ns + 21 * byte_ns);
  EXPECT_EQ(trace.group(Role::reported).rows(), 1U);
}

TEST_F(WireHostTest, LeavesTheGapBetweenPackets) {
  host.poll(10 * millisecond_ns, 0);
  question();
  hear(answer(), 8 * millisecond_ns);
  question();
  EXPECT_EQ(now_ns, heard_ns + nw::packet_gap_ns + 21 * byte_ns);
}

TEST_F(WireHostTest, TakesNothingImplausibleForTelemetry) {
  host.poll(second_ns, 0);
  question();
  hear(answer(3300, 900), 8 * millisecond_ns);
  host.record(heard_ns, trace);
  EXPECT_FALSE(host.latest());
  EXPECT_EQ(trace.group(Role::reported).rows(), 0U);
  ASSERT_EQ(trace.events().size(), 1U);
  EXPECT_EQ(trace.events()[0].kind, EventKind::implausible);
  EXPECT_NE(trace.events()[0].text.find("pack_V against its cells"), std::string::npos);
}

TEST_F(WireHostTest, TellsOfASilentBoardAndAsksOn) {
  host.poll(second_ns, 0);
  question();
  const TimeNs asked_ns = now_ns;
  question();
  EXPECT_EQ(now_ns, asked_ns + nw::answer_limit_ns + 21 * byte_ns);
  ASSERT_EQ(trace.events().size(), 1U);
  EXPECT_EQ(trace.events()[0].kind, EventKind::silence);
  EXPECT_EQ(trace.events()[0].at_ns, asked_ns + nw::answer_limit_ns);
}

TEST_F(WireHostTest, HearsNoAnswerThatItDidNotAskFor) {
  hear(answer(), 0);
  host.record(heard_ns, trace);
  EXPECT_FALSE(host.latest());
  host.ask(nw::read_request(0x85), heard_ns);
  question();
  hear(answer(), 8 * millisecond_ns);  // the answer to another command
  EXPECT_FALSE(host.answered());
}

TEST_F(WireHostTest, AsksByHandBeforeItPolls) {
  host.poll(second_ns, 0);
  host.tell(nw::password_request(), 150 * millisecond_ns, 0);
  host.ask(nw::read_request(0x85), heard_ns);
  EXPECT_EQ(question()[8].value, 5);  // the password, unanswered
  const TimeNs told_ns = now_ns;
  EXPECT_EQ(question()[8].value, 3);
  EXPECT_EQ(now_ns, told_ns + 150 * millisecond_ns + 21 * byte_ns);
  EXPECT_FALSE(host.answered());
  nw::Frame frame;
  frame.command = nw::Command::read;
  frame.source = nw::Source::board;
  frame.transmission = nw::Transmission::reply;
  frame.information = {0x85, 42};
  hear(nw::encode(frame), millisecond_ns);
  EXPECT_TRUE(host.answered());
  EXPECT_EQ(host.answer(), (std::vector<std::uint8_t>{0x85, 42}));
  EXPECT_EQ(question()[8].value, 6);
}

TEST_F(WireHostTest, TellsOfAModbusBoardThatRefuses) {
  PollDescription description;
  description.language = modbus_polling();
  host = WireHost(description, 2, 0);
  host.poll(second_ns, 0);
  const BusBytes bytes = question();
  ASSERT_EQ(bytes.size(), 8U);
  EXPECT_EQ(bytes[2].value, 0x12);                       // registers from 0x1200
  hear({0x02, 0x83, 0x02, 0x30, 0xF1}, millisecond_ns);  // another board's
  hear({0x01, 0x83, 0x02, 0xC0, 0xF1}, 10 * millisecond_ns);
  host.record(heard_ns, trace);
  ASSERT_EQ(trace.events().size(), 1U);
  EXPECT_EQ(trace.events()[0].kind, EventKind::implausible);
  EXPECT_NE(trace.events()[0].text.find("Modbus exception 2"), std::string::npos);
}

TEST_F(WireHostTest, KnowsItsLanguagesByTheirNames) {
  EXPECT_EQ(polling_from_name("modbus").question, modbus_polling().question);
  EXPECT_EQ(polling_from_name("nw").question, nw_polling().question);
  EXPECT_THROW(polling_from_name("can"), BadInput);
}

TEST_F(WireHostTest, RefusesAPeriodOfNothing) { EXPECT_THROW(host.poll(0, 0), BadInput); }

}  // namespace
}  // namespace packrig
