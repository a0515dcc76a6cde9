#include "rig/target/shared_target.hpp"

#include <cstring>

#include "rig/fault.hpp"

namespace packrig {

namespace {

std::shared_ptr<const std::vector<std::uint8_t>> state_in(LockstepLink& link) {
  const auto answer = link.ask(PACKRIG_LOCKSTEP_GET_STATE);
  if (answer.payload.size() != link.state_bytes()) {
    throw BenchFault("target gives " + std::to_string(answer.payload.size()) + " bytes of state where " +
                     std::to_string(link.state_bytes()) + " are due");
  }
  return std::make_shared<const std::vector<std::uint8_t>>(answer.payload.begin(), answer.payload.end());
}

}  // namespace

SharedTarget::SharedTarget(Start start)
    : start_(std::move(start)), link_(start_()), firmware_name_(link_->firmware_name()) {
  initial_.bytes = state_in(*link_);
}

ParkedState SharedTarget::copy_of(ParkedState& board) {
  const std::lock_guard alone(mutex_);
  if (&board == in_target_) park();
  return board;
}

void SharedTarget::ask(ParkedState& board, PackrigLockstepKind kind, std::span<const std::uint8_t> payload,
                       const std::function<void(const LockstepLink::Answer&)>& use) {
  const std::lock_guard alone(mutex_);
  if (!board.fault.empty()) throw BenchFault(board.fault);
  put_in_place(board);
  board.bytes.reset();  // from here on the target alone knows
  try {
    use(link_->ask(kind, payload));
  } catch (const BenchFault& fault) {
    lose(board, fault.what());
    throw;
  }
}

PackrigLockstepReport SharedTarget::report() {
  const std::lock_guard alone(mutex_);
  if (!link_) link_ = start_();
  const auto answer = link_->ask(PACKRIG_LOCKSTEP_REPORT);
  PackrigLockstepReport report;
  if (answer.payload.size() != sizeof report) throw BenchFault("target reports with a wrong length");
  std::memcpy(&report, answer.payload.data(), sizeof report);
  return report;
}

void SharedTarget::forget(const ParkedState& board) {
  const std::lock_guard alone(mutex_);
  if (&board == in_target_) in_target_ = nullptr;
}

// Brings the state of the board in the target over here.
void SharedTarget::park() {
  if (in_target_ == nullptr || in_target_->bytes) return;
  try {
    in_target_->bytes = state_in(*link_);
  } catch (const BenchFault& fault) {
    lose(*in_target_, fault.what());
  }
}

void SharedTarget::put_in_place(ParkedState& board) {
  if (&board == in_target_) return;
  park();
  in_target_ = nullptr;
  if (!link_) link_ = start_();
  try {
    link_->ask(PACKRIG_LOCKSTEP_SET_STATE, *board.bytes);
  } catch (const BenchFault&) {
    link_.reset();  // `board` has its state here, and may try again
    throw;
  }
  in_target_ = &board;
}

void SharedTarget::lose(ParkedState& board, const std::string& why) {
  board.fault = why;
  link_.reset();
  in_target_ = nullptr;
}

}  // namespace packrig
