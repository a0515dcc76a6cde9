// SocketCAN on a kernel that has it, with two virtual interfaces vcan0 and vcan1 that are up (MTU 72), and the right to
// take them down. Without them this program fails: who runs it has them.
#include "rig/link/can_socket.hpp"

#include <gtest/gtest.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <cstring>

#include "models/errors.hpp"
#include "rig/fault.hpp"

namespace packrig {
namespace {

constexpr TimeNs plenty_ns = 10 * second_ns;

TimeNs soon_ns(TimeNs patience_ns = plenty_ns) { return wall_now_ns() + patience_ns; }

CanFrame frame(std::uint32_t id, std::uint8_t length, bool extended = false) {
  CanFrame made;
  made.id = id;
  made.length = length;
  made.extended = extended;
  for (std::uint8_t i = 0; i < length; ++i) made.data[i] = static_cast<std::uint8_t>(0xA0 + i);
  return made;
}

void set_up(const char* interface, bool up) {
  const Descriptor any(socket(AF_INET, SOCK_DGRAM, 0));
  ifreq request{};
  std::strncpy(request.ifr_name, interface, sizeof request.ifr_name - 1);
  ASSERT_EQ(ioctl(any.number(), SIOCGIFFLAGS, &request), 0);
  request.ifr_flags = static_cast<short>(up ? request.ifr_flags | IFF_UP : request.ifr_flags & ~IFF_UP);
  ASSERT_EQ(ioctl(any.number(), SIOCSIFFLAGS, &request), 0);
}

std::string fault_of(const std::function<void()>& attempt) {
  try {
    attempt();
  } catch (const BenchFault& fault) {
    return fault.what();
  }
  return "no fault";
}

void expect_same(const std::optional<CanFrame>& got, const CanFrame& sent) {
  ASSERT_TRUE(got.has_value());
  EXPECT_EQ(got->id, sent.id);
  EXPECT_EQ(got->extended, sent.extended);
  EXPECT_EQ(got->remote, sent.remote);
  EXPECT_EQ(got->fd, sent.fd);
  EXPECT_EQ(got->fast_data, sent.fast_data);
  EXPECT_EQ(got->length, sent.length);
  EXPECT_EQ(got->data, sent.data);
}

TEST(CanSocket, CarriesClassicFramesOfEveryLengthAndBothIdentifiers) {
  CanSocket board("vcan0");
  CanSocket host("vcan0");
  for (std::uint8_t length = 0; length <= 8; ++length) {
    for (const CanFrame& sent : {frame(0x2F4, length), frame(0x18E028F4, length, true)}) {
      board.send(sent, soon_ns());
      expect_same(host.receive(soon_ns()), sent);
    }
  }
  CanFrame remote = frame(0x7FF, 0);
  remote.remote = true;
  host.send(remote, soon_ns());
  expect_same(board.receive(soon_ns()), remote);
}

TEST(CanSocket, CarriesFdFrames) {
  CanSocket board("vcan0");
  CanSocket host("vcan0");
  for (const std::uint8_t length : {std::uint8_t{0}, std::uint8_t{8}, std::uint8_t{12}, std::uint8_t{64}}) {
    CanFrame sent = frame(0x123, length);
    sent.fd = true;
    sent.fast_data = length == 64;
    board.send(sent, soon_ns());
    expect_same(host.receive(soon_ns()), sent);
  }
}

TEST(CanSocket, RefusesWhatNoBusCarries) {
  CanSocket board("vcan0");
  EXPECT_THROW(board.send(frame(0x800, 0), soon_ns()), BadInput);
  CanFrame longer = frame(1, 8);
  longer.length = 9;
  EXPECT_THROW(board.send(longer, soon_ns()), BadInput);
}

TEST(CanSocket, ASilentBusEndsAtTheDeadlineAndAPastOneAtOnce) {
  CanSocket host("vcan0");
  const TimeNs deadline_ns = soon_ns(50 * millisecond_ns);
  EXPECT_FALSE(host.receive(deadline_ns).has_value());
  EXPECT_GE(wall_now_ns(), deadline_ns);
  EXPECT_FALSE(host.receive(0).has_value());
  EXPECT_FALSE(host.receive(-second_ns).has_value());
}

TEST(CanSocket, InterfacesDoNotHearOneAnother) {
  CanSocket board("vcan0");
  CanSocket other("vcan1");
  board.send(frame(1, 1), soon_ns());
  EXPECT_FALSE(other.receive(soon_ns(50 * millisecond_ns)).has_value());
}

TEST(CanSocket, NamesTheInterfaceThatIsNotThere) {
  EXPECT_NE(fault_of([] { CanSocket("can77"); }).find("can77: no such interface"), std::string::npos);
  EXPECT_NE(fault_of([] { CanSocket("a-name-that-is-too-long"); }).find("a-name-that-is-too-long: no such interface"),
            std::string::npos);
  EXPECT_NE(fault_of([] { CanSocket("lo"); }).find("lo: "), std::string::npos);
}

TEST(CanSocket, AnInterfaceThatGoesDownIsAFaultAndOneThatComesBackRecovers) {
  CanSocket board("vcan1");
  CanSocket host("vcan1");
  set_up("vcan1", false);
  EXPECT_NE(fault_of([&] { host.receive(soon_ns()); }).find("vcan1: gone"), std::string::npos);
  EXPECT_NE(fault_of([&] { host.reopen(soon_ns(50 * millisecond_ns)); }).find("vcan1: the interface is down"),
            std::string::npos);
  set_up("vcan1", true);
  host.reopen(soon_ns());
  board.reopen(soon_ns());
  board.send(frame(0x4F4, 6), soon_ns());
  expect_same(host.receive(soon_ns()), frame(0x4F4, 6));
}

}  // namespace
}  // namespace packrig
