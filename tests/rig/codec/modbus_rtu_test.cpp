#include "rig/codec/modbus_rtu.hpp"

#include <gtest/gtest.h>

#include "models/errors.hpp"
#include "tests/rig/codec/vectors.hpp"

namespace packrig {
namespace {

using test::bytes_of;

std::vector<RawFrame> frames_in(const std::string& hex) {
  Deframer deframer(modbus_rtu::match, millisecond_ns);
  auto found = test::frames_in(deframer, bytes_of(hex));
  deframer.settle(second_ns);
  while (auto frame = deframer.next()) found.push_back(std::move(*frame));
  return found;
}

// The requests and answers below are those of public programs for JK boards and of the Modbus document's examples.
TEST(ModbusRtu, AsksAsTheDocumentHasIt) {
  // Unit 17, registers 0x006B to 0x006D: a much printed example.
  EXPECT_EQ(modbus_rtu::read_request(17, 0x6B, 3), bytes_of("1103006b00037687"));
}

TEST(ModbusRtu, ReadsAnAnswer) {
  const auto raw = frames_in("110306ae415652434049ad");
  ASSERT_EQ(raw.size(), 1U);
  const auto reply = modbus_rtu::parse(raw[0]);
  EXPECT_EQ(reply.unit, 17);
  EXPECT_EQ(reply.exception_code, 0);
  EXPECT_EQ(reply.registers, (std::vector<std::uint16_t>{0xAE41, 0x5652, 0x4340}));
}

TEST(ModbusRtu, ReadsARefusal) {
  const auto raw = frames_in("018302c0f1");
  ASSERT_EQ(raw.size(), 1U);
  const auto reply = modbus_rtu::parse(raw[0]);
  EXPECT_EQ(reply.exception_code, 2);
  EXPECT_TRUE(reply.registers.empty());
}

TEST(ModbusRtu, NothingElseIsAnAnswer) {
  EXPECT_TRUE(frames_in("110306ae415652434049ac").empty());  // the check
  EXPECT_TRUE(frames_in("000306ae415652434049ad").empty());  // nobody's unit
  EXPECT_TRUE(frames_in("110306ae41565243404").empty());     // cut short
  EXPECT_TRUE(frames_in("1103006b00037687").empty());        // the question itself
}

TEST(ModbusRtu, FindsAnAnswerBehindAFalseLength) {
  const auto raw = frames_in("1103fe018302c0f1");
  ASSERT_EQ(raw.size(), 1U);
  EXPECT_EQ(raw[0].bytes, bytes_of("018302c0f1"));
}

TEST(ModbusRtu, RefusesAQuestionThatCannotBe) {
  EXPECT_THROW(modbus_rtu::read_request(0, 0, 1), BadInput);
  EXPECT_THROW(modbus_rtu::read_request(248, 0, 1), BadInput);
  EXPECT_THROW(modbus_rtu::read_request(1, 0, 0), BadInput);
  EXPECT_THROW(modbus_rtu::read_request(1, 0, 126), BadInput);
  EXPECT_THROW(modbus_rtu::read_request(1, -1, 1), BadInput);
  EXPECT_THROW(modbus_rtu::read_request(1, 0xFFFF, 2), BadInput);
  EXPECT_EQ(modbus_rtu::read_request(247, 0xFFFF, 1).size(), 8U);
  EXPECT_EQ(modbus_rtu::read_request(1, 0, 125).size(), 8U);
}

}  // namespace
}  // namespace packrig
