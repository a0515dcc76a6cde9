// Where the simulated firmware is made to run besides the rig's own process.
//
// All boards of this process that run the same file share one target; it ends with the last of them.
#pragma once

#include <memory>
#include <string>

#include "rig/target/remote_firmware.hpp"

namespace packrig {

// The files in a target folder, as the build leaves them.
inline constexpr const char* posix_firmware_file = "packrig_firmware_posix";
inline constexpr const char* cortex_m_firmware_file = "packrig_firmware_cortex_m.elf";
// The same of another part than the default: its name in lower case comes before the extension.
std::string target_file(const std::string& built, const std::string& part);

// A Linux program that speaks lockstep frames on standard input and output. Throws BenchFault when it is missing,
// cannot be started, or does not answer as it must.
std::unique_ptr<RemoteFirmware> start_posix_target(const std::string& program, LockstepDeadlines deadlines = {});

// An ELF file for an emulated Cortex-M3 (QEMU's mps2-an385) that speaks lockstep frames on the files /dev/fd/0 and
// /dev/fd/1, opened by semihosting. Virtual time is counted in instructions, so that every run is the same.
std::unique_ptr<RemoteFirmware> start_cortex_m_target(const std::string& elf, LockstepDeadlines deadlines = {});

}  // namespace packrig
