#include "rig/target/remote_firmware.hpp"

#include <cstddef>
#include <cstring>

#include "rig/fault.hpp"

namespace packrig {

namespace {

template <class T>
std::span<const std::uint8_t> bytes_of(const T& value, std::size_t count = sizeof(T)) {
  return {reinterpret_cast<const std::uint8_t*>(&value), count};
}

}  // namespace

RemoteFirmware::RemoteFirmware(std::shared_ptr<SharedTarget> target)
    : target_(std::move(target)), state_(target_->initial_state()) {}

RemoteFirmware::RemoteFirmware(const RemoteFirmware& other)
    : FirmwarePort(other), target_(other.target_), state_(target_->copy_of(other.state_)) {}

RemoteFirmware::~RemoteFirmware() { target_->forget(state_); }

std::unique_ptr<FirmwarePort> RemoteFirmware::clone() const {
  return std::unique_ptr<FirmwarePort>(new RemoteFirmware(*this));
}

std::int32_t RemoteFirmware::result_of(PackrigLockstepKind kind, std::span<const std::uint8_t> payload) {
  std::int32_t result = 0;
  target_->ask(state_, kind, payload, [&](const LockstepLink::Answer& answer) { result = answer.result; });
  return result;
}

std::int32_t RemoteFirmware::init(std::uint8_t chemistry, std::uint8_t cell_count) {
  return result_of(PACKRIG_LOCKSTEP_INIT, bytes_of(PackrigLockstepInit{chemistry, cell_count, {}}));
}

void RemoteFirmware::step(const PackrigAfeCodes& codes, PackrigAfeCommands& commands) {
  const std::size_t used = offsetof(PackrigAfeCodes, bus) + codes.bus_count * sizeof(PackrigBusByte);
  target_->ask(state_, PACKRIG_LOCKSTEP_STEP, bytes_of(codes, used), [&](const LockstepLink::Answer& answer) {
    constexpr std::size_t least = offsetof(PackrigAfeCommands, bus);
    const auto& payload = answer.payload;
    if (payload.size() >= least) std::memcpy(&commands, payload.data(), least);
    if (payload.size() < least || commands.bus_count > PACKRIG_AFE_BUS_BYTES ||
        payload.size() != least + commands.bus_count * sizeof(PackrigBusByte)) {
      throw BenchFault("target answers a step with " + std::to_string(payload.size()) +
                       " bytes, which do not fit their bus_count");
    }
    std::memcpy(commands.bus, payload.data() + least, payload.size() - least);
  });
}

std::int32_t RemoteFirmware::write(std::uint8_t register_number, std::int32_t value) {
  return result_of(PACKRIG_LOCKSTEP_WRITE, bytes_of(PackrigLockstepRegister{register_number, {}, value}));
}

std::int32_t RemoteFirmware::read(std::uint8_t register_number, std::int32_t& value) {
  const PackrigLockstepRegister request = {register_number, {}, 0};
  std::int32_t result = 0;
  target_->ask(state_, PACKRIG_LOCKSTEP_READ, bytes_of(request), [&](const LockstepLink::Answer& answer) {
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
  return result_of(PACKRIG_LOCKSTEP_LOAD_SETTINGS, frame);
}

}  // namespace packrig
