#include "rig/target/lockstep_link.hpp"

#include <algorithm>
#include <boost/crc.hpp>
#include <cstddef>
#include <cstring>

#include "rig/fault.hpp"

namespace packrig {

namespace {

constexpr std::size_t state_limit_bytes = 1U << 20U;
constexpr std::chrono::milliseconds bye_deadline{200};

const char* question_name(PackrigLockstepKind kind) {
  static const char* const names[] = {"?",         "HELLO",     "INIT",   "STEP", "WRITE",  "READ", "LOAD_SETTINGS",
                                      "GET_STATE", "SET_STATE", "REPORT", "BYE",  "RESTART"};
  return names[kind <= PACKRIG_LOCKSTEP_RESTART ? kind : 0];
}

std::string reason_name(std::int32_t reason) {
  switch (reason) {
    case PACKRIG_LOCKSTEP_BAD_MAGIC:
      return "not a frame";
    case PACKRIG_LOCKSTEP_BAD_LENGTH:
      return "wrong length";
    case PACKRIG_LOCKSTEP_BAD_KIND:
      return "unknown kind";
    case PACKRIG_LOCKSTEP_BAD_CRC:
      return "wrong CRC";
    default:
      return "reason " + std::to_string(reason);
  }
}

std::uint32_t crc_of(const PackrigLockstepHeader& header, const std::uint8_t* payload) {
  boost::crc_32_type crc;
  crc.process_bytes(&header, offsetof(PackrigLockstepHeader, crc));
  crc.process_bytes(payload, header.length);
  return crc.checksum();
}

}  // namespace

LockstepLink::LockstepLink(const std::string& target, std::unique_ptr<ByteChannel> channel, LockstepDeadlines deadlines)
    : target_(target),
      channel_(std::move(channel)),
      deadlines_(deadlines),
      received_(sizeof(PackrigLockstepHeader) + sizeof(PackrigAfeCommands)) {
  const Answer answer = exchange(PACKRIG_LOCKSTEP_HELLO, {}, std::chrono::steady_clock::now() + deadlines_.start);
  PackrigLockstepHello hello;
  if (answer.payload.size() != sizeof hello) fail(PACKRIG_LOCKSTEP_HELLO, "answers with a wrong length");
  std::memcpy(&hello, answer.payload.data(), sizeof hello);
  if (hello.afe_version != PACKRIG_AFE_VERSION) {
    fail(PACKRIG_LOCKSTEP_HELLO, "speaks AFE frame version " + std::to_string(hello.afe_version) +
                                     "; accepted: " + std::to_string(PACKRIG_AFE_VERSION));
  }
  if (hello.state_size == 0 || hello.state_size > state_limit_bytes) {
    fail(PACKRIG_LOCKSTEP_HELLO, "has " + std::to_string(hello.state_size) + " bytes of state; accepted: 1 .. " +
                                     std::to_string(state_limit_bytes));
  }
  state_bytes_ = hello.state_size;
  hello.name[PACKRIG_LOCKSTEP_NAME_BYTES - 1] = 0;
  firmware_name_ = hello.name;
  received_.resize(std::max(received_.size(), sizeof(PackrigLockstepHeader) + state_bytes_));
}

LockstepLink::~LockstepLink() {
  if (fault_.empty()) {
    try {
      exchange(PACKRIG_LOCKSTEP_BYE, {}, std::chrono::steady_clock::now() + bye_deadline);
    } catch (const BenchFault&) {
      // It is ended either way, and nobody waits for its answer.
    }
  }
  channel_->close();
}

LockstepLink::Answer LockstepLink::ask(PackrigLockstepKind kind, std::span<const std::uint8_t> payload) {
  return exchange(kind, payload, std::chrono::steady_clock::now() + deadlines_.exchange);
}

LockstepLink::Answer LockstepLink::exchange(PackrigLockstepKind kind, std::span<const std::uint8_t> payload,
                                            Deadline deadline) {
  if (!fault_.empty()) throw BenchFault(fault_);
  PackrigLockstepHeader header;
  try {
    send(kind, payload, deadline);
    received_bytes_ = 0;
    receive_up_to(sizeof header, deadline);
    std::memcpy(&header, received_.data(), sizeof header);
    check(header, kind);
    receive_up_to(sizeof header + header.length, deadline);
  } catch (const BenchFault& cause) {
    fail(kind, cause.what());
  }
  const std::uint8_t* const answered = received_.data() + sizeof header;
  if (header.crc != crc_of(header, answered)) fail(kind, "answers with a wrong CRC");
  if (header.kind == (PACKRIG_LOCKSTEP_REFUSED | PACKRIG_LOCKSTEP_REPLY)) {
    fail(kind, "refuses the question (" + reason_name(header.result) + ")");
  }
  if (received_bytes_ > sizeof header + header.length) fail(kind, "answers twice, or says more than it was asked");
  return {header.result, {answered, header.length}};
}

void LockstepLink::send(PackrigLockstepKind kind, std::span<const std::uint8_t> payload, Deadline deadline) {
  PackrigLockstepHeader header = {PACKRIG_LOCKSTEP_MAGIC,
                                  PACKRIG_LOCKSTEP_VERSION,
                                  static_cast<std::uint8_t>(kind),
                                  0,
                                  ++sequence_,
                                  static_cast<std::uint32_t>(payload.size()),
                                  0,
                                  0};
  header.crc = crc_of(header, payload.data());
  sent_.resize(sizeof header + payload.size());
  std::memcpy(sent_.data(), &header, sizeof header);
  std::copy(payload.begin(), payload.end(), sent_.begin() + sizeof header);
  channel_->write(sent_, deadline);
}

void LockstepLink::receive_up_to(std::size_t bytes, Deadline deadline) {
  while (received_bytes_ < bytes) {
    received_bytes_ += channel_->read(std::span(received_).subspan(received_bytes_), deadline);
  }
}

void LockstepLink::check(const PackrigLockstepHeader& header, PackrigLockstepKind kind) const {
  if (header.magic != PACKRIG_LOCKSTEP_MAGIC) throw BenchFault("answers with garbage: not a lockstep frame");
  if (header.version != PACKRIG_LOCKSTEP_VERSION) {
    throw BenchFault("speaks lockstep frame version " + std::to_string(header.version) +
                     "; accepted: " + std::to_string(PACKRIG_LOCKSTEP_VERSION));
  }
  if (header.length > received_.size() - sizeof header) {
    throw BenchFault("answers with garbage: a frame of " + std::to_string(header.length) + " bytes");
  }
  if (header.sequence == sequence_ - 1) {
    throw BenchFault("answered twice: number " + std::to_string(header.sequence) + " came again where " +
                     std::to_string(sequence_) + " is due");
  }
  if (header.sequence != sequence_) {
    throw BenchFault("answers number " + std::to_string(header.sequence) + " where " + std::to_string(sequence_) +
                     " is due");
  }
  const bool refused = header.kind == (PACKRIG_LOCKSTEP_REFUSED | PACKRIG_LOCKSTEP_REPLY);
  if (!refused && header.kind != (kind | PACKRIG_LOCKSTEP_REPLY)) {
    throw BenchFault("answers another question: kind " + std::to_string(header.kind));
  }
}

void LockstepLink::fail(PackrigLockstepKind kind, const std::string& cause) {
  channel_->close();
  fault_ = "target '" + target_ + "' " + cause + " (asked: " + question_name(kind) + ", number " +
           std::to_string(sequence_) + ")";
  if (const std::string words = channel_->last_words(); !words.empty()) fault_ += "; it said: " + words;
  throw BenchFault(fault_);
}

}  // namespace packrig
