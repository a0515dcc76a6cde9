// The example that rig/target/README.md starts a firmware team with does what it says.
#include <gtest/gtest.h>

#include "rig/target/targets.hpp"

namespace packrig {
namespace {

constexpr std::uint8_t over_charge_register = 0x04;
constexpr std::uint32_t every_group = 0xF;

class ExampleFirmware : public testing::Test {
 protected:
  void SetUp() override { ASSERT_EQ(board->init(0, 16), 0); }

  // After a wake with all cells at this voltage and `fresh` converted.
  std::uint32_t drives_at(double cell_V, std::uint32_t fresh) {
    codes.version = PACKRIG_AFE_VERSION;
    codes.fresh = fresh;
    for (std::uint16_t& code : codes.cell_code) code = static_cast<std::uint16_t>(cell_V / 5.0 * 65536.0);
    board->step(codes, commands);
    codes.now_ns += 100'000'000;
    EXPECT_EQ(commands.next_wake_ns, codes.now_ns);
    return commands.drives;
  }

  std::unique_ptr<RemoteFirmware> board =
      start_posix_target(std::string(PACKRIG_TARGET_FOLDER) + "/packrig_example_firmware");
  PackrigAfeCodes codes{};
  PackrigAfeCommands commands{};
};

TEST_F(ExampleFirmware, CutsTheChargeAboveItsThresholdAlone) {
  EXPECT_EQ(drives_at(3.3, 0), 0U);  // nothing measured yet
  EXPECT_EQ(drives_at(3.595, every_group), PACKRIG_DRIVE_CHARGE | PACKRIG_DRIVE_DISCHARGE);
  EXPECT_EQ(drives_at(3.9, 0), PACKRIG_DRIVE_CHARGE | PACKRIG_DRIVE_DISCHARGE);
  EXPECT_EQ(drives_at(3.605, every_group), PACKRIG_DRIVE_DISCHARGE);
}

TEST_F(ExampleFirmware, TakesASettingWithinItsRange) {
  std::int32_t value_mV = 0;
  EXPECT_EQ(board->write(over_charge_register, 1199), PACKRIG_WRITE_OUT_OF_RANGE);
  EXPECT_EQ(board->write(over_charge_register, 4351), PACKRIG_WRITE_OUT_OF_RANGE);
  EXPECT_EQ(board->read(over_charge_register, value_mV), 0);
  EXPECT_EQ(value_mV, 3600);
  EXPECT_EQ(board->write(over_charge_register, 4350), PACKRIG_WRITE_OK);
  EXPECT_EQ(board->write(0x70, 1), PACKRIG_WRITE_UNKNOWN_REGISTER);
  EXPECT_EQ(drives_at(3.605, every_group), PACKRIG_DRIVE_CHARGE | PACKRIG_DRIVE_DISCHARGE);
}

}  // namespace
}  // namespace packrig
