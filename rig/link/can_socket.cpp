#include "rig/link/can_socket.hpp"

#include <linux/can.h>
#include <linux/can/error.h>
#include <linux/can/raw.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <thread>
#include <utility>

#include "rig/fault.hpp"

namespace packrig {

namespace {

// A full transmit queue of a real controller (ENOBUFS) is not something that poll() tells the end of; a classic frame
// lasts 0.5 ms at 250 kbit/s.
constexpr std::chrono::microseconds queue_pause{200};

void set(int socket, int option, const void* value, socklen_t size, const std::string& interface) {
  if (setsockopt(socket, SOL_CAN_RAW, option, value, size) != 0) {
    throw BenchFault(interface + ": its CAN socket cannot be set (" + system_words(errno) + ")");
  }
}

canfd_frame to_kernel(const CanFrame& frame) {
  canfd_frame raw{};
  raw.can_id = frame.id | (frame.extended ? CAN_EFF_FLAG : 0U) | (frame.remote ? CAN_RTR_FLAG : 0U);
  raw.len = frame.length;
  raw.flags = frame.fast_data ? CANFD_BRS : 0U;
  std::copy_n(frame.data.begin(), frame.length, raw.data);
  return raw;
}

CanFrame from_kernel(const canfd_frame& raw, bool fd) {
  CanFrame frame;
  frame.at_ns = wall_now_ns();
  frame.extended = (raw.can_id & CAN_EFF_FLAG) != 0;
  frame.id = raw.can_id & (frame.extended ? CAN_EFF_MASK : CAN_SFF_MASK);
  frame.remote = (raw.can_id & CAN_RTR_FLAG) != 0;
  frame.fd = fd;
  frame.fast_data = fd && (raw.flags & CANFD_BRS) != 0;
  frame.length = static_cast<std::uint8_t>(std::min<int>(raw.len, fd ? can_fd_bytes_max : can_classic_bytes_max));
  std::copy_n(raw.data, frame.length, frame.data.begin());
  return frame;
}

}  // namespace

CanSocket::CanSocket(const std::string& interface) : interface_(interface) { open(); }

void CanSocket::open() {
  Descriptor made(socket(PF_CAN, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, CAN_RAW));
  if (!made.is_open()) {
    throw BenchFault(interface_ + ": this kernel has no SocketCAN (" + system_words(errno) + ")");
  }
  ifreq request{};
  if (interface_.size() >= sizeof request.ifr_name) throw BenchFault(interface_ + ": no such interface");
  std::memcpy(request.ifr_name, interface_.data(), interface_.size());
  if (ioctl(made.number(), SIOCGIFINDEX, &request) != 0) {
    throw BenchFault(interface_ + ": no such interface (" + system_words(errno) + ")");
  }
  sockaddr_can address{};
  address.can_family = AF_CAN;
  address.can_ifindex = request.ifr_ifindex;
  if (ioctl(made.number(), SIOCGIFFLAGS, &request) != 0 || (request.ifr_flags & IFF_UP) == 0) {
    throw BenchFault(interface_ + ": the interface is down; `ip link set " + interface_ + " up` first");
  }
  const int on = 1;
  set(made.number(), CAN_RAW_FD_FRAMES, &on, sizeof on, interface_);
  const can_err_mask_t errors = CAN_ERR_BUSOFF;
  set(made.number(), CAN_RAW_ERR_FILTER, &errors, sizeof errors, interface_);
  if (bind(made.number(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    throw BenchFault(interface_ + ": cannot be bound (" + system_words(errno) + ")");
  }
  socket_ = std::move(made);
}

void CanSocket::send(const CanFrame& frame, TimeNs deadline_ns) {
  check(frame);
  const canfd_frame raw = to_kernel(frame);
  const std::size_t size = frame.fd ? CANFD_MTU : CAN_MTU;
  for (;;) {
    if (wait_to_write(socket_.number(), deadline_ns) == Ready::hung_up) throw BenchFault(interface_ + ": gone");
    if (::write(socket_.number(), &raw, size) == static_cast<ssize_t>(size)) return;
    if (errno != ENOBUFS && errno != EAGAIN && errno != EINTR) {
      throw BenchFault(interface_ + ": cannot be written (" + system_words(errno) + ")");
    }
    if (wall_now_ns() >= deadline_ns) throw BenchFault(interface_ + ": its queue stayed full until the deadline");
    std::this_thread::sleep_for(queue_pause);
  }
}

std::optional<CanFrame> CanSocket::receive(TimeNs deadline_ns) {
  for (;;) {
    const Ready ready = wait_to_read(socket_.number(), deadline_ns);
    if (ready == Ready::silent) return std::nullopt;
    canfd_frame raw{};
    const ssize_t count = ready == Ready::ready ? ::read(socket_.number(), &raw, sizeof raw) : -1;
    if (ready == Ready::hung_up || (count < 0 && errno != EAGAIN && errno != EINTR)) {
      throw BenchFault(interface_ + ": gone" + (ready == Ready::hung_up ? "" : " (" + system_words(errno) + ")"));
    }
    if (count != CAN_MTU && count != CANFD_MTU) continue;
    if ((raw.can_id & CAN_ERR_FLAG) != 0) throw BenchFault(interface_ + ": the controller went bus-off");
    return from_kernel(raw, count == CANFD_MTU);
  }
}

void CanSocket::reopen(TimeNs deadline_ns) {
  socket_.close();
  retry_until(deadline_ns, [this] { open(); });
}

}  // namespace packrig
