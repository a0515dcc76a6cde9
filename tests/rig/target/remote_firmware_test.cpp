// The same firmware in process, as a process of its own and on an emulated Cortex-M: the same bytes, and a value in
// every place.
#include <gtest/gtest.h>

#include <cstddef>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <limits>

#include "rig/fault.hpp"
#include "rig/setup.hpp"
#include "rig/target/in_process_firmware.hpp"
#include "rig/target/targets.hpp"

namespace packrig {
namespace {

// A counter through a mixer (splitmix64): codes of every size and sign.
class Noise {
 public:
  explicit Noise(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next() {
    state_ += 0x9E3779B97F4A7C15U;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
    return z ^ (z >> 31U);
  }
  std::uint64_t below(std::uint64_t limit) { return next() % limit; }

 private:
  std::uint64_t state_;
};

constexpr std::size_t healthy_cells = 16;

// Mostly a healthy pack, so that scans come to an end and drives close; every so often anything at all. Calm at first:
// a board that finds another number of cells than it is set to never closes.
void fill(Noise& noise, bool calm, PackrigAfeCodes& codes) {
  const bool wild = noise.below(8) == 0 && !calm;
  for (std::size_t i = 0; i < PACKRIG_AFE_CELLS; ++i) {
    const std::uint64_t healthy = i < healthy_cells ? 43'000 + noise.below(500) : 0;
    codes.cell_code[i] = static_cast<std::uint16_t>(wild ? noise.next() : healthy);
  }
  for (std::uint16_t& code : codes.ntc_code) code = static_cast<std::uint16_t>(wild ? noise.next() : 32'000);
  codes.shunt_code = static_cast<std::int32_t>(wild ? noise.next() : noise.below(1000));
  codes.supply_code = static_cast<std::uint16_t>(26'000 + noise.below(100));
  codes.inputs = static_cast<std::uint16_t>(wild ? noise.below(64) : 0);
  codes.board_ddegC = static_cast<std::int16_t>(wild ? noise.below(900) : 250);
  codes.bus_count = static_cast<std::uint16_t>(noise.below(16) == 0 ? noise.below(PACKRIG_AFE_BUS_BYTES + 1) : 0);
  for (std::size_t i = 0; i < codes.bus_count; ++i) {
    codes.bus[i] = {static_cast<std::uint32_t>(noise.below(1'000'000)), static_cast<std::uint8_t>(noise.below(4)),
                    static_cast<std::uint8_t>(noise.next()), 0};
  }
}

enum class Mood { calm, wild_after_ten_wakes };

class Walk {
 public:
  explicit Walk(std::uint64_t seed, Mood mood = Mood::wild_after_ten_wakes) : noise_(seed), mood_(mood) {
    codes_.version = PACKRIG_AFE_VERSION;
    commands_.convert = 0;
  }

  // The next wake, and the commands that it brought, as bytes.
  std::vector<std::uint8_t> step(FirmwarePort& board) {
    fill(noise_, wakes_++ < 10 || mood_ == Mood::calm, codes_);
    codes_.fresh = commands_.convert;
    board.step(codes_, commands_);
    codes_.now_ns = commands_.next_wake_ns;
    const auto* const bytes = reinterpret_cast<const std::uint8_t*>(&commands_);
    return {bytes, bytes + offsetof(PackrigAfeCommands, bus) + commands_.bus_count * sizeof(PackrigBusByte)};
  }
  std::uint32_t drives() const { return commands_.drives; }

 private:
  Noise noise_;
  Mood mood_;
  int wakes_ = 0;
  PackrigAfeCodes codes_{};
  PackrigAfeCommands commands_{};
};

enum class Where { posix, cortex_m };

std::string file_of(Where place) {
  return std::string(PACKRIG_TARGET_FOLDER) + "/" +
         (place == Where::posix ? posix_firmware_file : cortex_m_firmware_file);
}

std::unique_ptr<RemoteFirmware> start(Where place) {
  return place == Where::posix ? start_posix_target(file_of(place)) : start_cortex_m_target(file_of(place));
}

class RemoteFirmwareTest : public testing::TestWithParam<Where> {
 protected:
  void SetUp() override {
    if (GetParam() == Where::cortex_m && !std::filesystem::exists(file_of(Where::cortex_m))) {
      GTEST_SKIP() << "no cross compiler here: apt-get install gcc-arm-none-eabi libnewlib-arm-none-eabi "
                      "qemu-system-arm";
    }
  }
};

InProcessFirmware in_process() { return InProcessFirmware(FirmwareLibrary::linked()); }

TEST_P(RemoteFirmwareTest, CommandsTheSameBytesAsInProcess) {
  InProcessFirmware here = in_process();
  const auto there = start(GetParam());
  EXPECT_EQ(there->name(), here.name());
  ASSERT_EQ(here.init(0, 16), 0);
  ASSERT_EQ(there->init(0, 16), 0);
  Walk a(1);
  Walk b(1);
  std::vector<std::uint8_t> before;
  int changes = 0;
  for (int i = 0; i < 3000; ++i) {
    const auto expected = a.step(here);
    ASSERT_EQ(b.step(*there), expected) << "wake " << i;
    changes += !before.empty() && expected[4] != before[4] ? 1 : 0;  // drives
    before = expected;
  }
  EXPECT_GT(changes, 10);  // the walk does move the drives
}

TEST_P(RemoteFirmwareTest, AnswersSettingsAsInProcess) {
  InProcessFirmware here = in_process();
  const auto there = start(GetParam());
  for (const int chemistry : {0, 1, 2, 3}) {
    for (const int cells : {0, 3, 4, 16, 25, 26}) {
      ASSERT_EQ(there->init(static_cast<std::uint8_t>(chemistry), static_cast<std::uint8_t>(cells)),
                here.init(static_cast<std::uint8_t>(chemistry), static_cast<std::uint8_t>(cells)))
          << chemistry << " " << cells;
    }
  }
  Noise noise(7);
  for (int i = 0; i < 500; ++i) {
    const auto number = static_cast<std::uint8_t>(noise.below(0x70));
    const auto value = static_cast<std::int32_t>(noise.below(2) == 0 ? noise.below(5000) : noise.next());
    ASSERT_EQ(there->write(number, value), here.write(number, value)) << int{number} << " = " << value;
    std::int32_t read_here = -1;
    std::int32_t read_there = -1;
    ASSERT_EQ(there->read(number, read_there), here.read(number, read_here)) << int{number};
    ASSERT_EQ(read_there, read_here) << int{number};
  }
  for (const std::size_t length : {0U, 299U, 300U, 1024U, 1025U}) {
    const std::vector<std::uint8_t> frame(length, 0x55);
    ASSERT_EQ(there->load_settings(frame), here.load_settings(frame)) << length;
  }
}

// What is kept without power is still there, and nothing else.
TEST_P(RemoteFirmwareTest, RestartsAsInProcess) {
  constexpr std::uint8_t trip_mV = 0x04;
  InProcessFirmware here = in_process();
  const auto there = start(GetParam());
  ASSERT_EQ(here.init(0, 16), 0);
  ASSERT_EQ(there->init(0, 16), 0);
  Walk a(9, Mood::calm);
  Walk b(9, Mood::calm);
  for (const int kept_mV : {3610, 3620}) {
    ASSERT_EQ(here.write(trip_mV, kept_mV), 0);
    ASSERT_EQ(there->write(trip_mV, kept_mV), 0);
    for (int i = 0; i < 400; ++i) ASSERT_EQ(b.step(*there), a.step(here)) << i;  // 10 s: a save takes 3 s
    EXPECT_EQ(b.drives(), 0U) << "no contact has followed: both are open for a minute";
    ASSERT_EQ(here.write(trip_mV, kept_mV + 5), 0);
    ASSERT_EQ(there->write(trip_mV, kept_mV + 5), 0);
    here.restart();
    there->restart();
    std::int32_t value_mV = 0;
    ASSERT_EQ(there->read(trip_mV, value_mV), 0);
    EXPECT_EQ(value_mV, kept_mV);
    bool closed = false;
    for (int i = 0; i < 10; ++i) {
      ASSERT_EQ(b.step(*there), a.step(here)) << i;
      closed |= b.drives() != 0;
    }
    EXPECT_TRUE(closed) << "the minute is forgotten";
  }
}

TEST_P(RemoteFirmwareTest, IsAValue) {
  const auto root = start(GetParam());
  ASSERT_EQ(root->init(0, 16), 0);
  Walk common(3);
  for (int i = 0; i < 50; ++i) common.step(*root);

  // Two copies that take other ways, turn by turn, against two that each walk alone.
  std::vector<std::vector<std::uint8_t>> alone;
  for (const std::uint64_t seed : {11U, 12U}) {
    const auto copy = root->clone();
    Walk walk(seed);
    for (int i = 0; i < 40; ++i) alone.push_back(walk.step(*copy));
  }
  const auto left = root->clone();
  const auto right = root->clone();
  Walk left_walk(11);
  Walk right_walk(12);
  for (std::size_t i = 0; i < 40; ++i) {
    ASSERT_EQ(left_walk.step(*left), alone[i]);
    ASSERT_EQ(right_walk.step(*right), alone[40 + i]);
  }
  // And the root has not moved: a copy of it now walks as one did then.
  const auto late = root->clone();
  Walk late_walk(11);
  for (std::size_t i = 0; i < 40; ++i) ASSERT_EQ(late_walk.step(*late), alone[i]);
}

TEST_P(RemoteFirmwareTest, ReportsWhatItMeasures) {
  const auto board = start(GetParam());
  ASSERT_EQ(board->init(0, 16), 0);
  Walk walk(5);
  for (int i = 0; i < 400; ++i) walk.step(*board);
  const PackrigLockstepReport report = board->report();
  EXPECT_EQ(report.steps, 400U);
  if (GetParam() == Where::posix) {
    EXPECT_EQ(report.step_instructions_max, PACKRIG_LOCKSTEP_UNMEASURED);
    EXPECT_EQ(report.stack_used_bytes, PACKRIG_LOCKSTEP_UNMEASURED);
    return;
  }
  EXPECT_EQ(report.stack_bytes, 2048U);  // stack_size in mps2_an385.ld
  EXPECT_GT(report.stack_used_bytes, 100U);
  EXPECT_LT(report.stack_used_bytes, report.stack_bytes * 3 / 4);
  EXPECT_GT(report.step_instructions_max, 500U);  // 25 cells cannot be taken in with fewer
  EXPECT_LT(report.step_instructions_max, 100'000U);
  EXPECT_LE(report.step_instructions, report.step_instructions_max);
  // Counted, not timed: the same walk takes the same number of instructions.
  const auto again = start(GetParam());
  ASSERT_EQ(again->init(0, 16), 0);
  Walk same(5);
  for (int i = 0; i < 400; ++i) same.step(*again);
  EXPECT_EQ(again->report().step_instructions, report.step_instructions);
}

INSTANTIATE_TEST_SUITE_P(Places, RemoteFirmwareTest, testing::Values(Where::posix, Where::cortex_m),
                         [](const auto& each) { return each.param == Where::posix ? "posix" : "cortex_m"; });

// The siblings' own targets: the part that the file's name says, with the answers of the one linked in.
TEST(SiblingTargets, AreThePartThatTheyAreNamedAfter) {
  EXPECT_EQ(target_file(posix_firmware_file, "B2A25SRP"), posix_firmware_file);
  EXPECT_EQ(target_file(cortex_m_firmware_file, "B2A8S20P"), "packrig_firmware_cortex_m_b2a8s20p.elf");
  for (const char* part : {"B2A8S20P", "B1A24S15P"}) {
    const std::string file = std::string(PACKRIG_TARGET_FOLDER) + "/" + target_file(posix_firmware_file, part);
    const auto there = start_posix_target(file);
    InProcessFirmware here(FirmwareLibrary::linked(part));
    EXPECT_EQ(there->name(), here.name());
    ASSERT_EQ(there->init(0, 8), 0);
    ASSERT_EQ(here.init(0, 8), 0);
    Walk walk(7);
    Walk same(7);
    for (int i = 0; i < 200; ++i) {
      walk.step(*there);
      same.step(here);
    }
    std::int32_t limit_mA = 0;
    std::int32_t same_limit_mA = 0;
    ASSERT_EQ(there->read(0x0F, limit_mA), 0);
    ASSERT_EQ(here.read(0x0F, same_limit_mA), 0);
    EXPECT_EQ(limit_mA, same_limit_mA);
  }
}

// A session whose target breaks: the trace up to then stays.
TEST(RemoteSession, KeepsTheTraceUpToTheFault) {
  std::string pattern = (std::filesystem::temp_directory_path() / "packrig-XXXXXX").string();
  const std::filesystem::path folder = mkdtemp(pattern.data());
  std::filesystem::create_symlink(PACKRIG_MISBEHAVING_TARGET, folder / "exit_204");  // after 200 steps of 25 ms
  const std::string specification = R"({"part": "B2A25SRP", "bench": {"kind": "posix", "firmware": ")" +
                                    (folder / "exit_204").string() +
                                    R"("}, "pack": {"cell_set": "lfp_a123_26650", "chemistry": "lfp", "series": 16},
          "sensors": {"shunt_Ohm": 0.00025, "ntc_r25_Ohm": 10000, "ntc_b_K": 3435}})";
  PreparedSession prepared =
      prepare_session(specification, std::string(PACKRIG_SOURCE_DIR) + "/models/parameters", PACKRIG_TARGET_FOLDER);
  Session& session = prepared.session;
  EXPECT_THROW(session.run(from_s(60.0), std::nullopt, std::numeric_limits<std::uint64_t>::max()), BenchFault);
  std::filesystem::remove_all(folder);

  EXPECT_GT(session.now_ns(), from_s(2.0));
  EXPECT_LT(session.now_ns(), from_s(10.0));
  bool told = false;
  for (const Event& event : session.trace().events()) {
    told |= event.kind == EventKind::rig_fault && event.text.find("exit code 7") != std::string::npos;
  }
  EXPECT_TRUE(told);
  const auto samples = session.trace().series({Quantity::cell_V, 3}, Role::imposed);
  ASSERT_FALSE(samples.empty());
}

}  // namespace
}  // namespace packrig
