// The rig's side of the lockstep frame: one question, one answer, within a deadline (see README.md, lockstep.h).
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "rig/target/byte_channel.hpp"
#include "rig/target/lockstep.h"

namespace packrig {

struct LockstepDeadlines {
  std::chrono::milliseconds start{5000};     // from the start of the target to its answer to HELLO
  std::chrono::milliseconds exchange{2000};  // of every answer after that
};

class LockstepLink {
 public:
  struct Answer {
    std::int32_t result;
    std::span<const std::uint8_t> payload;  // valid until the next question
  };

  // Says HELLO. `target` names it in messages. Throws BenchFault when it does not answer as it must, or was built for
  // another version of the lockstep frame or of the AFE structs (both versions are named); the target is then ended.
  LockstepLink(const std::string& target, std::unique_ptr<ByteChannel> channel, LockstepDeadlines deadlines);
  ~LockstepLink();  // says BYE to a target in good order
  LockstepLink(const LockstepLink&) = delete;
  LockstepLink& operator=(const LockstepLink&) = delete;

  // Throws BenchFault naming target, question and cause: it died, hangs, is late, answers twice, with garbage, or
  // refuses. The target is then ended, and every later question throws the same.
  Answer ask(PackrigLockstepKind kind, std::span<const std::uint8_t> payload = {});

  const std::string& firmware_name() const { return firmware_name_; }
  std::size_t state_bytes() const { return state_bytes_; }

 private:
  Answer exchange(PackrigLockstepKind kind, std::span<const std::uint8_t> payload, Deadline deadline);
  void send(PackrigLockstepKind kind, std::span<const std::uint8_t> payload, Deadline deadline);
  void receive_up_to(std::size_t bytes, Deadline deadline);
  void check(const PackrigLockstepHeader& header, PackrigLockstepKind kind) const;
  [[noreturn]] void fail(PackrigLockstepKind kind, const std::string& cause);

  std::string target_;
  std::unique_ptr<ByteChannel> channel_;
  LockstepDeadlines deadlines_;
  std::string fault_;  // why nothing can be asked any more; empty in good order
  std::uint32_t sequence_ = 0;
  std::vector<std::uint8_t> sent_;
  std::vector<std::uint8_t> received_;
  std::size_t received_bytes_ = 0;
  std::string firmware_name_;
  std::size_t state_bytes_ = 0;
};

}  // namespace packrig
