// One target that many boards share: their states change places in it, as each is asked something.
//
// A target that breaks takes with it only the board that was in it. The others' states are here, and the next one that
// is asked something starts a new target.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "rig/target/lockstep_link.hpp"

namespace packrig {

// A board's firmware as this side holds it.
struct ParkedState {
  // Shared by copies until one of them moves on; empty while the target alone knows.
  std::shared_ptr<const std::vector<std::uint8_t>> bytes;
  std::string fault;  // why this board is lost; empty in good order
};

class SharedTarget {
 public:
  using Start = std::function<std::unique_ptr<LockstepLink>()>;

  // Starts the target. Throws BenchFault when it does not come up as it must.
  explicit SharedTarget(Start start);

  const std::string& firmware_name() const { return firmware_name_; }

  // As the target had it when it came up.
  ParkedState initial_state() const { return initial_; }
  // A copy of `board` as it is now.
  ParkedState copy_of(ParkedState& board);

  // Asks on behalf of `board`, whose state is first put in place; `use` gets the answer. Throws BenchFault, and for
  // ever after for this board.
  void ask(ParkedState& board, PackrigLockstepKind kind, std::span<const std::uint8_t> payload,
           const std::function<void(const LockstepLink::Answer&)>& use);

  // What the target has measured of itself, of all boards together.
  PackrigLockstepReport report();

  // Must be called before `board` goes away.
  void forget(const ParkedState& board);

 private:
  void park();
  void put_in_place(ParkedState& board);
  void lose(ParkedState& board, const std::string& why);

  std::mutex mutex_;
  Start start_;
  std::unique_ptr<LockstepLink> link_;  // none after it broke
  std::string firmware_name_;
  ParkedState initial_;
  ParkedState* in_target_ = nullptr;
};

}  // namespace packrig
