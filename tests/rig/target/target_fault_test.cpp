// A target may fail in any way it likes: the rig names the cause within a bounded time and leaves nothing running.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>

#include "rig/fault.hpp"
#include "rig/target/target_process.hpp"
#include "rig/target/targets.hpp"

namespace packrig {
namespace {

namespace fs = std::filesystem;
using std::chrono::steady_clock;

// Answers before the first step: 1 HELLO, 2 GET_STATE, 3 SET_STATE, 4 INIT. The fault comes at the second step.
constexpr int step_2 = 6;

// The misbehaving target under a name that says how.
class NamedTarget {
 public:
  explicit NamedTarget(const std::string& name) {
    std::string pattern = (fs::temp_directory_path() / "packrig-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
    fs::create_symlink(PACKRIG_MISBEHAVING_TARGET, folder_ / name);
    path_ = (folder_ / name).string();
  }
  ~NamedTarget() { fs::remove_all(folder_); }

  const std::string& path() const { return path_; }

 private:
  fs::path folder_;
  std::string path_;
};

constexpr std::uint8_t cell_count_register = 0x1C;  // of the JK02_32S settings

// The processes that this one has started and not reaped.
std::string children() {
  std::ifstream file("/proc/self/task/" + std::to_string(getpid()) + "/children");
  return {std::istreambuf_iterator<char>(file), {}};
}

constexpr LockstepDeadlines short_deadlines = {std::chrono::milliseconds(1000), std::chrono::milliseconds(500)};

std::string fault_when(const std::function<void()>& act) {
  try {
    act();
  } catch (const BenchFault& fault) {
    return fault.what();
  }
  return "no fault";
}

struct FaultCase {
  const char* mode;
  int steps_before;
  std::vector<const char*> said;  // in the message
};

void PrintTo(const FaultCase& fault, std::ostream* out) { *out << fault.mode; }

class TargetFault : public testing::TestWithParam<FaultCase> {};

TEST_P(TargetFault, NamesTheCauseInTimeAndLeavesNothing) {
  const FaultCase& fault = GetParam();
  const std::string before = children();
  const NamedTarget target(std::string(fault.mode) + "_" + std::to_string(step_2));
  {
    const auto board = start_posix_target(target.path(), short_deadlines);
    ASSERT_EQ(board->init(0, 16), 0);
    PackrigAfeCodes codes{};
    PackrigAfeCommands commands{};
    codes.version = PACKRIG_AFE_VERSION;
    for (int i = 0; i < fault.steps_before; ++i) ASSERT_NO_THROW(board->step(codes, commands)) << i;

    const auto begun = steady_clock::now();
    const std::string message = fault_when([&] { board->step(codes, commands); });
    EXPECT_LT(steady_clock::now() - begun, std::chrono::seconds(10));  // its own deadline is 0.5 s
    for (const char* said : fault.said) EXPECT_NE(message.find(said), std::string::npos) << message;
    EXPECT_NE(message.find("STEP"), std::string::npos) << message;
    EXPECT_NE(message.find(target.path()), std::string::npos) << message;
    EXPECT_EQ(children(), before);
    // And it stays broken, with the same words.
    EXPECT_EQ(fault_when([&] { board->step(codes, commands); }), message);
    EXPECT_EQ(fault_when([&] { board->clone()->step(codes, commands); }), message);
  }
  EXPECT_EQ(children(), before);
}

INSTANTIATE_TEST_SUITE_P(
    All, TargetFault,
    testing::Values(FaultCase{"exit", 1, {"exit code 7", "out of order"}}, FaultCase{"crash", 1, {"signal 11"}},
                    FaultCase{"hang", 1, {"did not answer in time"}}, FaultCase{"late", 1, {"late"}},
                    FaultCase{"half", 1, {"did not answer in time"}}, FaultCase{"twice", 1, {"twice"}},
                    FaultCase{"again", 2, {"answered twice: number 6 came again where 7 is due"}},
                    FaultCase{"garbage", 1, {"garbage", "not a lockstep frame"}}, FaultCase{"crc", 1, {"CRC"}},
                    FaultCase{"version", 1, {"lockstep frame version 2", "accepted: 1"}},
                    FaultCase{"sequence", 1, {"answers number 11 where 6 is due"}},
                    FaultCase{"kind", 1, {"another question"}}, FaultCase{"huge", 1, {"garbage", "1073741824"}},
                    FaultCase{"flood", 1, {"garbage"}}, FaultCase{"babble", 1, {"signal 25", "la la la"}},
                    FaultCase{"close", 1, {"closed the channel"}}),
    [](const auto& each) { return std::string(each.param.mode); });

TEST(TargetStart, RefusesAnotherAfeVersionNamingBoth) {
  const NamedTarget target("afe_0");
  const std::string before = children();
  const std::string message = fault_when([&] { start_posix_target(target.path(), short_deadlines); });
  EXPECT_NE(message.find("AFE frame version 9; accepted: 2"), std::string::npos) << message;
  EXPECT_EQ(children(), before);
}

TEST(TargetStart, RefusesAnotherLockstepVersionNamingBoth) {
  const NamedTarget target("version_1");
  const std::string message = fault_when([&] { start_posix_target(target.path(), short_deadlines); });
  EXPECT_NE(message.find("lockstep frame version 2; accepted: 1"), std::string::npos) << message;
}

TEST(TargetStart, RefusesAFirmwareWithoutState) {
  const NamedTarget target("stateless_0");
  const std::string message = fault_when([&] { start_posix_target(target.path(), short_deadlines); });
  EXPECT_NE(message.find("0 bytes of state; accepted: 1 .. 1048576"), std::string::npos) << message;
}

TEST(TargetStart, NamesAMissingProgram) {
  EXPECT_EQ(fault_when([] { start_posix_target("/nowhere/firmware"); }),
            "firmware program '/nowhere/firmware' is missing");
}

TEST(TargetStart, NamesAProgramThatCannotBeStarted) {
  const NamedTarget target("exit_1");
  const std::string file = fs::path(target.path()).replace_filename("text").string();
  std::ofstream(file) << "no program\n";
  const std::string before = children();
  const std::string message = fault_when([&] { start_posix_target(file); });
  EXPECT_NE(message.find("cannot start '" + file + "'"), std::string::npos) << message;
  EXPECT_EQ(children(), before);
}

TEST(TargetStart, NamesAProgramThatOnlyEchoes) {
  const std::string before = children();
  const std::string message = fault_when([] { start_posix_target("/bin/cat", short_deadlines); });
  EXPECT_NE(message.find("answers another question: kind 1 (asked: HELLO"), std::string::npos) << message;
  EXPECT_EQ(children(), before);
}

TEST(TargetStart, NamesAMissingElf) {
  const std::string message = fault_when([] { start_cortex_m_target("/nowhere/firmware.elf"); });
  EXPECT_NE(message.find("'/nowhere/firmware.elf' is missing"), std::string::npos) << message;
  EXPECT_NE(message.find("gcc-arm-none-eabi"), std::string::npos) << message;
}

TEST(TargetStart, NamesAnElfThatIsNone) {
  if (std::system("command -v qemu-system-arm >/dev/null") != 0) GTEST_SKIP() << "qemu-system-arm is not installed";
  const NamedTarget target("exit_1");  // a program of this machine's, not of a Cortex-M
  const std::string before = children();
  const std::string message = fault_when([&] { start_cortex_m_target(target.path(), short_deadlines); });
  EXPECT_NE(message.find(target.path()), std::string::npos) << message;
  EXPECT_NE(message.find("asked: HELLO"), std::string::npos) << message;
  EXPECT_EQ(children(), before);
}

TEST(SharedTargetTest, OutlivesTheFaultOfOneBoard) {
  const NamedTarget target("crash_7");
  const auto first = start_posix_target(target.path(), short_deadlines);  // answers 1 HELLO, 2 GET_STATE
  ASSERT_EQ(first->init(0, 16), 0);                                       // 3 SET_STATE, 4 INIT
  const auto second = first->clone();                                     // 5 GET_STATE
  const std::string message = fault_when([&] { second->init(0, 8); });    // 6 SET_STATE, 7 INIT
  EXPECT_NE(message.find("signal 11"), std::string::npos) << message;

  std::int32_t count = 0;
  EXPECT_EQ(first->read(cell_count_register, count), 0);  // a new target, and the state from before
  EXPECT_EQ(count, 16);
  EXPECT_EQ(fault_when([&] { second->read(cell_count_register, count); }), message);
}

TEST(TargetProcessTest, SharesNoOtherFileWithTheChild) {
  const int mine = ::open("/dev/null", O_RDONLY);  // inheritable
  TargetProcess child({"/bin/sh", "-c", "ls -l /proc/self/fd | wc -l; sleep 100"});
  std::array<std::uint8_t, 16> bytes{};
  const std::size_t count = child.read(bytes, steady_clock::now() + std::chrono::seconds(5));
  // `total 0`, then 0, 1, 2 and the folder that ls reads.
  EXPECT_EQ(std::string(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(count)), "5\n");
  ::close(mine);
}

TEST(TargetProcessTest, EndsTheChildWithItself) {
  pid_t pid = 0;
  {
    TargetProcess child({"/bin/sh", "-c", "trap '' TERM INT; sleep 100"});
    pid = child.pid();
    EXPECT_EQ(kill(pid, 0), 0);
  }
  EXPECT_NE(kill(pid, 0), 0);
}

TEST(TargetProcessTest, EndsTheChildWhenTheRigIsKilled) {
  std::array<int, 2> ends{};
  ASSERT_EQ(pipe(ends.data()), 0);
  const pid_t rig = fork();
  if (rig == 0) {
    TargetProcess child({"/bin/sleep", "100"});
    const pid_t pid = child.pid();
    if (write(ends[1], &pid, sizeof pid) != sizeof pid) _exit(1);
    for (;;) pause();
  }
  pid_t pid = 0;
  ASSERT_EQ(read(ends[0], &pid, sizeof pid), static_cast<ssize_t>(sizeof pid));
  kill(rig, SIGKILL);
  waitpid(rig, nullptr, 0);
  // The kernel kills it, and init (or nobody, in a container) reaps it.
  bool ended = false;
  for (int i = 0; i < 500 && !ended; ++i) {
    std::ifstream status("/proc/" + std::to_string(pid) + "/stat");
    std::string number;
    std::string name;
    std::string state;
    ended = !(status >> number >> name >> state) || state == "Z" || state == "X";
    if (!ended) usleep(10'000);
  }
  EXPECT_TRUE(ended);
  ::close(ends[0]);
  ::close(ends[1]);
}

TEST(TargetProcessTest, AWriteToATargetThatDoesNotReadEnds) {
  TargetProcess child({"/bin/sleep", "100"});
  const std::vector<std::uint8_t> much(1 << 20);
  const std::string message =
      fault_when([&] { child.write(much, steady_clock::now() + std::chrono::milliseconds(200)); });
  EXPECT_NE(message.find("did not"), std::string::npos) << message;
}

}  // namespace
}  // namespace packrig
