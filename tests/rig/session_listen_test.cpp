// A session that hears what the simulated board says by itself.
#include <gtest/gtest.h>

#include <cmath>

#include "models/errors.hpp"
#include "rig/codec/jk02.hpp"
#include "tests/rig/test_rig.hpp"

namespace packrig {
namespace {

constexpr int device = static_cast<int>(jk02::Kind::device);
constexpr int settings = static_cast<int>(jk02::Kind::settings);
constexpr std::uint8_t cell_ovp_register = 0x04;
constexpr std::uint8_t port_is_rs485_register = 0x2A;
constexpr std::uint8_t uart_protocol_register = 0xA5;

std::string text(const RawFrame& frame, const std::string& name) {
  return jk02::text_of(*jk02::find_field(jk02::device_fields(), name), frame);
}

TEST(SessionListen, TheAppLearnsWhoTheBoardIsAndHearsItsCells) {
  Session session = test::session_over(test::sim_bench());
  session.at(0, Impose{{Quantity::cell_V, 3}, 3.25, 3.25, 0});
  session.run(3 * second_ns);
  EXPECT_FALSE(session.heard(Port::bluetooth, device));
  session.listen(Port::bluetooth);
  session.run(session.now_ns() + 5 * second_ns);
  const auto frame = session.heard(Port::bluetooth, device);
  ASSERT_TRUE(frame);
  EXPECT_EQ(text(*frame, "model"), "JK_B2A25SRP");
  EXPECT_FALSE(text(*frame, "serial_number").empty());
  ASSERT_TRUE(session.heard(Port::bluetooth, settings));
  const auto telemetry = session.reported();
  ASSERT_TRUE(telemetry);
  ASSERT_EQ(telemetry->cell_V.size(), 16U);
  EXPECT_NEAR(telemetry->cell_V[2], 3.25, 0.0011);
  EXPECT_EQ(telemetry->wire_Ohm.size(), 16U);
  EXPECT_TRUE(telemetry->remaining_Ah);
  // Eight frames in five seconds, of which the first comes a second after the question.
  EXPECT_GE(session.trace().group(Role::reported).rows(), 6U);
}

TEST(SessionListen, TheAppWritesAndReadsASetting) {
  Session session = test::session_over(test::sim_bench());
  session.run(3 * second_ns);
  session.listen(Port::bluetooth);
  EXPECT_EQ(session.write_by_app(cell_ovp_register, 3700), 0);
  std::int64_t counts = 0;
  EXPECT_EQ(session.read_by_app(cell_ovp_register, counts), 0);
  EXPECT_EQ(counts, 3700);
  EXPECT_EQ(session.write_by_app(cell_ovp_register, 4351), Session::no_answer);
  EXPECT_EQ(session.read_by_app(cell_ovp_register, counts), 0);
  EXPECT_EQ(counts, 3700);
}

TEST(SessionListen, TheAppReadsTheSerialNumberAnew) {
  Session session = test::session_over(test::sim_bench());
  std::int64_t serial_number = -1;
  EXPECT_EQ(session.read_serial_by_app(serial_number), Session::no_answer);  // it boots
  EXPECT_EQ(serial_number, 0);
  session.run(session.now_ns() + 3 * second_ns);
  EXPECT_EQ(session.read_serial_by_app(serial_number), 0);
  EXPECT_GT(serial_number, 0);
  const Event& read = session.trace().events().back();
  EXPECT_EQ(read.kind, EventKind::setting_read);
  EXPECT_EQ(read.subject, 0x97);
  EXPECT_EQ(read.value, static_cast<double>(serial_number));
}

TEST(SessionListen, TheDisplayShowsTheTruthOnceASecond) {
  Session session = test::session_over(test::sim_bench());
  ASSERT_EQ(session.write_setting(uart_protocol_register, 10), 0);
  session.at(0, Impose{{Quantity::current_A, 0}, 12.5, 12.5, 0});
  session.listen(Port::lcd);
  session.run(12 * second_ns);
  const auto telemetry = session.reported();
  ASSERT_TRUE(telemetry);
  EXPECT_EQ(telemetry->cell_V.size(), 16U);
  EXPECT_NEAR(*telemetry->current_A, 12.5, 0.11);
  EXPECT_GE(session.trace().group(Role::reported).rows(), 9U);
}

TEST(SessionListen, CanMessagesAreRowsOfWhatTheySay) {
  Session session = test::session_over(test::sim_bench());
  ASSERT_EQ(session.write_setting(port_is_rs485_register, 0), 0);
  session.listen(Port::can);
  session.at(0, Impose{{Quantity::current_A, 0}, 12.5, 12.5, 0});
  session.run(10 * second_ns);
  ASSERT_TRUE(session.heard(Port::can, 0x2F4));
  EXPECT_GT(session.trace().group(Role::reported).rows(), 10U);
}

TEST(SessionListen, CanTellsAllCellsWithTheLastOfTheirMessages) {
  Session session = test::session_over(test::sim_bench());
  ASSERT_EQ(session.write_setting(port_is_rs485_register, 0), 0);
  session.at(0, Impose{{Quantity::cell_V, 16}, 3.25, 3.25, 0});
  session.run(3 * second_ns);
  session.listen(Port::can);
  session.run(session.now_ns() + 4 * second_ns);
  const auto& group = session.trace().group(Role::reported);
  const std::size_t last_cell = reported_column({ReportedQuantity::cell_V, 16}, 16);
  int rounds = 0;
  for (std::size_t i = 0; i < group.rows(); ++i) {
    if (std::isnan(group.row(i)[last_cell])) continue;
    ++rounds;
    EXPECT_NEAR(group.row(i)[last_cell], 3.25, 0.0011);
  }
  EXPECT_GE(rounds, 3);  // one a second
}

TEST(SessionListen, SilenceIsToldAndAskedPortsAreRefused) {
  Session session = test::session_over(test::sim_bench());
  session.listen(Port::lcd);  // which nobody has selected
  session.run(12 * second_ns);
  int silences = 0;
  for (const Event& event : session.trace().events()) silences += event.kind == EventKind::silence ? 1 : 0;
  EXPECT_EQ(silences, 2);
  EXPECT_THROW(session.listen(Port::rs485), BadInput);
}

TEST(SessionListen, AForkHearsTheSame) {
  Session session = test::session_over(test::sim_bench());
  session.run(3 * second_ns);
  session.listen(Port::bluetooth);
  session.run(session.now_ns() + 100 * millisecond_ns);
  Session fork = session.fork();
  session.run(session.now_ns() + 3 * second_ns);
  fork.run(session.now_ns());
  ASSERT_TRUE(fork.reported());
  EXPECT_EQ(fork.reported()->arrival_ns, session.reported()->arrival_ns);
}

}  // namespace
}  // namespace packrig
