// A session that asks the simulated board over its bus.
#include <gtest/gtest.h>

#include "models/errors.hpp"
#include "tests/rig/test_rig.hpp"

namespace packrig {
namespace {

constexpr std::uint8_t uart_register = 0xA5;

TEST(SessionWire, ReadsTheBoardOverTheBus) {
  Session session = test::session_over(test::sim_bench());
  EXPECT_FALSE(session.reported());
  session.at(0, Impose{{Quantity::cell_V, 3}, 3.25, 3.25, 0});
  session.at(0, Impose{{Quantity::current_A, 0}, 12.5, 12.5, 0});
  session.run(second_ns);
  session.poll(second_ns);
  session.run(session.now_ns() + 500 * millisecond_ns);
  const auto telemetry = session.reported();
  ASSERT_TRUE(telemetry);
  EXPECT_EQ(telemetry->cell_V.size(), 16U);
  EXPECT_NEAR(telemetry->cell_V[2], 3.25, 0.0011);  // to the millivolt of the register
  EXPECT_NEAR(telemetry->cell_V[3], 3.2, 0.0011);
  EXPECT_NEAR(telemetry->current_A.value(), 12.5, 0.1);
  EXPECT_NEAR(session.reported({ReportedQuantity::pack_V, 0}), 51.2, 0.1);
  session.run(session.now_ns() + 10 * second_ns);
  EXPECT_EQ(session.trace().group(Role::reported).rows(), 11U);
  session.stop_polling();
  session.run(session.now_ns() + 10 * second_ns);
  EXPECT_EQ(session.trace().group(Role::reported).rows(), 11U);
}

TEST(SessionWire, ReadsTheBoardInModbusWhereItSpeaksThat) {
  Session session = test::session_over(test::sim_bench());
  session.at(0, Impose{{Quantity::cell_V, 3}, 3.25, 3.25, 0});
  session.at(0, Impose{{Quantity::current_A, 0}, 12.345, 12.345, 0});
  ASSERT_EQ(session.write_setting(uart_register, 1), 0);
  session.run(second_ns);
  session.poll(second_ns, modbus_polling());
  session.run(session.now_ns() + 2500 * millisecond_ns);
  const auto telemetry = session.reported();
  ASSERT_TRUE(telemetry);
  EXPECT_EQ(telemetry->cell_V.size(), 16U);
  EXPECT_NEAR(telemetry->cell_V[2], 3.25, 0.0011);
  EXPECT_NEAR(telemetry->current_A.value(), 12.345, 0.01);
  EXPECT_NEAR(telemetry->probe_degC[0].value(), 25.0, 0.2);
  EXPECT_EQ(session.trace().group(Role::reported).rows(), 3U);
  // In 4E57 the same board is silent.
  session.poll(second_ns);
  session.run(session.now_ns() + 6 * second_ns);
  EXPECT_EQ(session.trace().group(Role::reported).rows(), 3U);
  EXPECT_EQ(session.trace().events().back().kind, EventKind::silence);
}

TEST(SessionWire, WaitsForWhatIsReported) {
  Session session = test::session_over(test::sim_bench());
  session.poll(200 * millisecond_ns);
  session.run(5 * second_ns);
  const Condition low{ReportedBeyond{{ReportedQuantity::cell_V, 5}, Side::below, 3.0}};
  EXPECT_EQ(session.run(session.now_ns() + second_ns, low), RunResult::deadline);
  const TimeNs imposed_ns = session.now_ns() + second_ns;
  session.at(imposed_ns, Impose{{Quantity::cell_V, 5}, 2.9, 2.9, 0});
  EXPECT_EQ(session.run(session.now_ns() + 10 * second_ns, low), RunResult::held);
  EXPECT_GT(session.now_ns(), imposed_ns);
  EXPECT_LT(session.now_ns(), imposed_ns + second_ns);
  EXPECT_THROW(session.run(session.now_ns() + second_ns,
                           Condition{ReportedBeyond{{ReportedQuantity::cell_V, 17}, Side::below, 3.0}}),
               BadInput);
}

TEST(SessionWire, WaitsForAnAlarm) {
  Session session = test::session_over(test::sim_bench());
  session.poll(500 * millisecond_ns);
  session.run(5 * second_ns);
  AlarmSet over_voltage;
  over_voltage.add(Alarm::cell_over_voltage);
  EXPECT_EQ(session.run(session.now_ns() + second_ns, AlarmReported{over_voltage, true}), RunResult::deadline);
  EXPECT_EQ(session.run(session.now_ns() + second_ns, AlarmReported{over_voltage, false}), RunResult::held);
  session.at(session.now_ns(), Impose{{Quantity::cell_V, 5}, 3.8, 3.8, 0});
  EXPECT_EQ(session.run(session.now_ns() + 10 * second_ns, AlarmReported{over_voltage, true}), RunResult::held);
  EXPECT_FALSE(session.drive_on(Actuator::charge));
}

TEST(SessionWire, WritesASettingAndReadsItBack) {
  Session session = test::session_over(test::sim_bench());
  session.run(5 * second_ns);
  std::int64_t counts = 0;
  EXPECT_EQ(session.write_register(0x90, 3620), 0);
  EXPECT_EQ(session.read_register(0x90, counts), 0);
  EXPECT_EQ(counts, 3620);
  std::int32_t value = 0;
  EXPECT_EQ(session.read_setting(0x04, value), 0);  // the same by the bench's own way
  EXPECT_EQ(value, 3620);
  EXPECT_EQ(session.write_register(0x90, 60'000), Session::no_answer);  // refused in silence
  EXPECT_EQ(session.read_register(0x90, counts), 0);
  EXPECT_EQ(counts, 3620);
  EXPECT_THROW(session.write_register(0x83, 1), BadInput);
}

TEST(SessionWire, ForksWithAnAnswerUnderWay) {
  Session session = test::session_over(test::sim_bench());
  session.run(5 * second_ns);
  session.poll(second_ns);
  session.run(session.now_ns() + 20 * millisecond_ns);  // some of the answer's bytes have come
  Session copy = session.fork();
  const TimeNs end_ns = session.now_ns() + 5 * second_ns;
  session.take_trace();
  session.run(end_ns);
  copy.run(end_ns);
  EXPECT_EQ(session.trace().group(Role::reported).rows(), 5U);
  EXPECT_EQ(copy.trace().hash(), session.trace().hash());
}

}  // namespace
}  // namespace packrig
