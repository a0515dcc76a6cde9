#include "rig/target/targets.hpp"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <map>
#include <mutex>
#include <vector>

#include "rig/fault.hpp"
#include "rig/target/firmware_library.hpp"
#include "rig/target/target_process.hpp"

namespace packrig {

namespace {

constexpr const char* emulator = "qemu-system-arm";

// The boards' common target, by what starts it.
std::shared_ptr<SharedTarget> target_for(const std::vector<std::string>& arguments, LockstepDeadlines deadlines) {
  static std::mutex mutex;
  static std::map<std::vector<std::string>, std::weak_ptr<SharedTarget>> running;
  const std::lock_guard alone(mutex);
  std::weak_ptr<SharedTarget>& known = running[arguments];
  auto target = known.lock();
  if (!target) {
    target = std::make_shared<SharedTarget>([arguments, deadlines] {
      return std::make_unique<LockstepLink>(arguments.back(), std::make_unique<TargetProcess>(arguments), deadlines);
    });
    known = target;
  }
  return target;
}

std::unique_ptr<RemoteFirmware> started(const std::vector<std::string>& arguments, LockstepDeadlines deadlines) {
  return std::make_unique<RemoteFirmware>(target_for(arguments, deadlines));
}

bool on_path(const std::string& program) {
  const char* const path = std::getenv("PATH");
  std::string rest = path == nullptr ? "" : path;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(':'), rest.size());
    if (std::filesystem::exists(std::filesystem::path(rest.substr(0, end)) / program)) return true;
    rest.erase(0, end + 1);
  }
  return false;
}

}  // namespace

std::string target_file(const std::string& built, const std::string& part) {
  if (part == default_part) return built;
  std::string suffix = "_" + part;
  std::transform(suffix.begin(), suffix.end(), suffix.begin(), [](unsigned char c) { return std::tolower(c); });
  const std::size_t end = std::min(built.find('.'), built.size());
  return built.substr(0, end) + suffix + built.substr(end);
}

std::unique_ptr<RemoteFirmware> start_posix_target(const std::string& program, LockstepDeadlines deadlines) {
  if (!std::filesystem::is_regular_file(program)) throw BenchFault("firmware program '" + program + "' is missing");
  return started({program}, deadlines);
}

std::unique_ptr<RemoteFirmware> start_cortex_m_target(const std::string& elf, LockstepDeadlines deadlines) {
  if (!std::filesystem::is_regular_file(elf)) {
    throw BenchFault(
        "firmware '" + elf +
        "' is missing; it is built where the cross compiler is installed: apt-get install "
        "--no-install-recommends gcc-arm-none-eabi libnewlib-arm-none-eabi, then configure and build again");
  }
  if (!on_path(emulator)) {
    throw BenchFault(std::string(emulator) +
                     " is not installed: apt-get install --no-install-recommends qemu-system-arm");
  }
  // shift=5: an instruction takes 2^5 ns of virtual time; sleep=off: idle virtual time is jumped over. TCG and nothing
  // else: an accelerator of the host would count real time. No devices are shown, so nothing else uses fd 0 and 1.
  return started({emulator, "-M", "mps2-an385", "-accel", "tcg", "-icount", "shift=5,sleep=off,align=off",
                  "-nodefaults", "-display", "none", "-monitor", "none", "-serial", "null", "-no-reboot",
                  "-semihosting-config", "enable=on,target=native", "-kernel", elf},
                 deadlines);
}

}  // namespace packrig
