#include "rig/target/remote_firmware.hpp"

#include <cstddef>
#include <cstring>
#include <mutex>

#include "rig/fault.hpp"

namespace packrig {

namespace {

template <class T>
std::span<const std::uint8_t> bytes_of(const T& value, std::size_t count = sizeof(T)) {
  return {reinterpret_cast<const std::uint8_t*>(&value), count};
}

}  // namespace

// The one target and whose state it holds.
class RemoteFirmware::Target {
 public:
  Target(std::unique_ptr<LockstepLink> link, const RemoteFirmware& first) : link_(std::move(link)), owner_(&first) {}

  const std::string& firmware_name() const { return link_->firmware_name(); }

  // Asks on behalf of `owner`, whose state is first put in place. `use` gets the answer.
  template <class Use>
  void ask(const RemoteFirmware& owner, PackrigLockstepKind kind, std::span<const std::uint8_t> payload, Use use) {
    const std::lock_guard alone(mutex_);
    put_in_place(owner);
    owner.state_.reset();  // as soon as it is asked, the target alone knows
    use(link_->ask(kind, payload));
  }

  // So that `owner` has its state in hand.
  void fetch(const RemoteFirmware& owner) {
    const std::lock_guard alone(mutex_);
    if (owner_ == &owner) fetch_from_target();
  }

  void forget(const RemoteFirmware& owner) {
    const std::lock_guard alone(mutex_);
    if (owner_ == &owner) owner_ = nullptr;
  }

  PackrigLockstepReport report() {
    const std::lock_guard alone(mutex_);
    const auto answer = link_->ask(PACKRIG_LOCKSTEP_REPORT);
    PackrigLockstepReport report;
    if (answer.payload.size() != sizeof report) throw BenchFault("target reports with a wrong length");
    std::memcpy(&report, answer.payload.data(), sizeof report);
    return report;
  }

 private:
  void fetch_from_target() {
    if (owner_->state_) return;
    const auto answer = link_->ask(PACKRIG_LOCKSTEP_GET_STATE);
    if (answer.payload.size() != link_->state_bytes()) throw BenchFault("target gives a state of a wrong length");
    owner_->state_ = std::make_shared<const std::vector<std::uint8_t>>(answer.payload.begin(), answer.payload.end());
  }

  void put_in_place(const RemoteFirmware& owner) {
    if (owner_ == &owner) return;
    if (owner_ != nullptr) fetch_from_target();
    link_->ask(PACKRIG_LOCKSTEP_SET_STATE, *owner.state_);
    owner_ = &owner;
  }

  std::mutex mutex_;
  std::unique_ptr<LockstepLink> link_;
  const RemoteFirmware* owner_;  // none once it is gone
};

RemoteFirmware::RemoteFirmware(std::unique_ptr<LockstepLink> link)
    : target_(std::make_shared<Target>(std::move(link), *this)) {}

RemoteFirmware::RemoteFirmware(const RemoteFirmware& other)
    : FirmwarePort(other), target_(other.target_), state_((other.target_->fetch(other), other.state_)) {}

RemoteFirmware::~RemoteFirmware() { target_->forget(*this); }

std::string RemoteFirmware::name() const { return target_->firmware_name(); }

std::int32_t RemoteFirmware::init(std::uint8_t chemistry, std::uint8_t cell_count) {
  const PackrigLockstepInit request = {chemistry, cell_count, {}};
  std::int32_t result = 0;
  target_->ask(*this, PACKRIG_LOCKSTEP_INIT, bytes_of(request), [&](auto answer) { result = answer.result; });
  return result;
}

void RemoteFirmware::step(const PackrigAfeCodes& codes, PackrigAfeCommands& commands) {
  const std::size_t used = offsetof(PackrigAfeCodes, bus) + codes.bus_count * sizeof(PackrigBusByte);
  target_->ask(*this, PACKRIG_LOCKSTEP_STEP, bytes_of(codes, used), [&](auto answer) {
    constexpr std::size_t least = offsetof(PackrigAfeCommands, bus);
    if (answer.payload.size() >= least) std::memcpy(&commands, answer.payload.data(), least);
    if (answer.payload.size() < least || commands.bus_count > PACKRIG_AFE_BUS_BYTES ||
        answer.payload.size() != least + commands.bus_count * sizeof(PackrigBusByte)) {
      throw BenchFault("target '" + name() + "' answers a step with " + std::to_string(answer.payload.size()) +
                       " bytes that do not fit their bus_count");
    }
    std::memcpy(commands.bus, answer.payload.data() + least, answer.payload.size() - least);
  });
}

std::int32_t RemoteFirmware::write(std::uint8_t register_number, std::int32_t value) {
  const PackrigLockstepRegister request = {register_number, {}, value};
  std::int32_t result = 0;
  target_->ask(*this, PACKRIG_LOCKSTEP_WRITE, bytes_of(request), [&](auto answer) { result = answer.result; });
  return result;
}

std::int32_t RemoteFirmware::read(std::uint8_t register_number, std::int32_t& value) {
  const PackrigLockstepRegister request = {register_number, {}, 0};
  std::int32_t result = 0;
  target_->ask(*this, PACKRIG_LOCKSTEP_READ, bytes_of(request), [&](auto answer) {
    PackrigLockstepRegister reply;
    if (answer.payload.size() != sizeof reply) throw BenchFault("target answers a read with a wrong length");
    std::memcpy(&reply, answer.payload.data(), sizeof reply);
    result = answer.result;
    if (result == PACKRIG_WRITE_OK) value = reply.value;
  });
  return result;
}

std::int32_t RemoteFirmware::load_settings(std::span<const std::uint8_t> frame) {
  if (frame.size() > PACKRIG_LOCKSTEP_SETTINGS_BYTES) return PACKRIG_WRITE_BAD_FRAME;
  std::int32_t result = 0;
  target_->ask(*this, PACKRIG_LOCKSTEP_LOAD_SETTINGS, frame, [&](auto answer) { result = answer.result; });
  return result;
}

std::unique_ptr<FirmwarePort> RemoteFirmware::clone() const {
  return std::unique_ptr<FirmwarePort>(new RemoteFirmware(*this));
}

PackrigLockstepReport RemoteFirmware::report() const { return target_->report(); }

}  // namespace packrig
