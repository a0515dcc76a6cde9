#include "rig/codec/deframer.hpp"

#include <gtest/gtest.h>

#include "models/errors.hpp"
#include "rig/codec/jk02.hpp"
#include "rig/codec/modbus_rtu.hpp"
#include "rig/codec/nw.hpp"
#include "tests/rig/codec/vectors.hpp"

namespace packrig {
namespace {

constexpr TimeNs uart_byte_ns = 86'806;  // ten bits at 115200 baud

std::vector<std::uint8_t> operator+(std::vector<std::uint8_t> first, const std::vector<std::uint8_t>& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

std::vector<std::uint8_t> good_request() { return nw::read_all_request(); }

TEST(Deframer, StampsAFrameWithItsLastByte) {
  Deframer deframer(nw::match, nw::silence_ns);
  const auto found = test::frames_in(deframer, good_request(), second_ns);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].arrival_ns, second_ns + 21 * uart_byte_ns);
  EXPECT_EQ(found[0].bytes, good_request());
  EXPECT_EQ(deframer.dropped_count(), 0U);
}

TEST(Deframer, CutsGluedFrames) {
  Deframer deframer(nw::match, nw::silence_ns);
  EXPECT_EQ(test::frames_in(deframer, good_request() + good_request() + good_request()).size(), 3U);
}

TEST(Deframer, FindsTheFrameBehindGarbage) {
  Deframer deframer(nw::match, nw::silence_ns);
  EXPECT_EQ(
      test::frames_in(deframer, std::vector<std::uint8_t>{0x00, 0x4E, 0x4E, 0x57, 0xFF, 0xFF} + good_request()).size(),
      1U);
  EXPECT_EQ(deframer.dropped_count(), 6U);
}

TEST(Deframer, FindsAFrameThatAFalseLengthHides) {
  // The header announces 300 bytes; the good frame lies inside. When the line falls silent it is looked at anew.
  const std::vector<std::uint8_t> false_header = {0x4E, 0x57, 0x01, 0x2A};
  Deframer deframer(nw::match, nw::silence_ns);
  EXPECT_TRUE(test::frames_in(deframer, false_header + good_request()).empty());
  deframer.settle(25 * uart_byte_ns + nw::silence_ns);
  EXPECT_FALSE(deframer.next());
  deframer.settle(25 * uart_byte_ns + nw::silence_ns + 1);
  const auto found = deframer.next();
  ASSERT_TRUE(found);
  EXPECT_EQ(found->arrival_ns, 25 * uart_byte_ns);
  EXPECT_FALSE(deframer.next());
}

TEST(Deframer, FindsFramesBehindAFalseLengthOnABusyLine) {
  const std::vector<std::uint8_t> false_header = {0x4E, 0x57, 0x00, 0x40};
  Deframer deframer(nw::match, nw::silence_ns);
  // 66 bytes after the header's begin its sum is wrong, and the three frames within and behind are found.
  EXPECT_EQ(test::frames_in(deframer, false_header + good_request() + good_request() + good_request()).size(), 3U);
}

TEST(Deframer, GivesUpATruncatedFrameAfterTheSilence) {
  auto cut = good_request();
  cut.resize(15);
  Deframer deframer(nw::match, nw::silence_ns);
  EXPECT_TRUE(test::frames_in(deframer, cut).empty());
  EXPECT_EQ(test::frames_in(deframer, good_request(), second_ns).size(), 1U);
  EXPECT_EQ(deframer.dropped_count(), 15U);
}

TEST(Deframer, ForgetsWhatCameBeforeAReset) {
  auto cut = good_request();
  const std::vector<std::uint8_t> rest(cut.begin() + 15, cut.end());
  cut.resize(15);
  Deframer deframer(nw::match, nw::silence_ns);
  test::frames_in(deframer, cut);
  deframer.reset();
  EXPECT_TRUE(test::frames_in(deframer, rest).empty());
}

TEST(Deframer, FindsNothingInAFrameWithOneWrongBit) {
  for (std::size_t bit = 0; bit < 8 * good_request().size(); ++bit) {
    auto bytes = good_request();
    bytes[bit / 8] = static_cast<std::uint8_t>(bytes[bit / 8] ^ (1U << (bit % 8)));
    Deframer deframer(nw::match, nw::silence_ns);
    const bool unused = bit / 8 == 17 || bit / 8 == 18;  // the reserved half of the check field
    EXPECT_EQ(test::frames_in(deframer, bytes).size(), unused ? 1U : 0U) << "bit " << bit;
  }
}

TEST(Deframer, TakesNoForeignAnswerForAFrame) {
  const std::vector<std::uint8_t> foreign[] = {
      test::bytes_of("a5019008020a00007530032f1a"),                        // Daly
      test::bytes_of("dd03001b17000000022d02a00000000000001e0302fffd77"),  // JBD
      test::bytes_of("7e3230303034363030433036453131"),                    // Pylontech, Seplos
      test::bytes_of("55aa0106320000000000000000000000ff"),                // Heltec
      test::bytes_of("000000000000"),
      test::bytes_of("ffffffffffff"),
  };
  for (const Matcher match : {nw::match, jk02::match, modbus_rtu::match}) {
    for (const auto& bytes : foreign) {
      Deframer deframer(match, nw::silence_ns);
      EXPECT_TRUE(test::frames_in(deframer, bytes).empty());
      deframer.settle(second_ns);
      EXPECT_FALSE(deframer.next());
      EXPECT_EQ(deframer.dropped_count(), bytes.size());
    }
  }
}

TEST(Deframer, HoldsNoEndlessFrame) {
  const Matcher never_done = [](std::span<const std::uint8_t>) { return Match::more(); };
  Deframer deframer(never_done, second_ns);
  EXPECT_TRUE(test::frames_in(deframer, std::vector<std::uint8_t>(10'000, 0x55)).empty());
  EXPECT_GE(deframer.dropped_count(), 8'000U);
}

TEST(Deframer, RefusesNoSilence) { EXPECT_THROW(Deframer(nw::match, 0), BadInput); }

}  // namespace
}  // namespace packrig
