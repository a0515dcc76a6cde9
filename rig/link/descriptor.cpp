#include "rig/link/descriptor.hpp"

#include <poll.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <system_error>
#include <thread>
#include <utility>

#include "rig/fault.hpp"

namespace packrig {

namespace {

constexpr std::chrono::milliseconds retry_pause{20};

Ready wait_for(int number, short events, TimeNs deadline_ns) {
  if (number < 0) return Ready::hung_up;
  for (;;) {
    const TimeNs left_ns = std::max<TimeNs>(0, deadline_ns - wall_now_ns());
    const timespec left = {left_ns / second_ns, left_ns % second_ns};
    pollfd waited = {number, events, 0};
    const int count = ppoll(&waited, 1, &left, nullptr);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return Ready::silent;
    // What was said before the hang-up is still read first.
    if ((waited.revents & events) != 0) return Ready::ready;
    return Ready::hung_up;
  }
}

bool only_busy(int error) { return error == EAGAIN || error == EWOULDBLOCK || error == EINTR; }

}  // namespace

TimeNs wall_now_ns() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

std::string system_words(int error) { return std::system_category().message(error); }

void retry_until(TimeNs deadline_ns, const std::function<void()>& attempt) {
  for (;;) {
    try {
      attempt();
      return;
    } catch (const BenchFault&) {
      if (wall_now_ns() >= deadline_ns) throw;
    }
    std::this_thread::sleep_for(retry_pause);
  }
}

Descriptor::Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  if (this != &other) {
    close();
    number_ = std::exchange(other.number_, -1);
  }
  return *this;
}

void Descriptor::close() noexcept {
  if (number_ >= 0) ::close(number_);
  number_ = -1;
}

Ready wait_to_read(int number, TimeNs deadline_ns) { return wait_for(number, POLLIN, deadline_ns); }

Ready wait_to_write(int number, TimeNs deadline_ns) { return wait_for(number, POLLOUT, deadline_ns); }

void write_all(int number, const std::string& device, std::span<const std::uint8_t> bytes, TimeNs deadline_ns) {
  while (!bytes.empty()) {
    switch (wait_to_write(number, deadline_ns)) {
      case Ready::silent:
        // The rest of a broken-off message must not follow later, nor hold the port open until somebody takes it.
        tcflush(number, TCOFLUSH);
        throw BenchFault(device + ": " + std::to_string(bytes.size()) +
                         " bytes could not be written before the deadline");
      case Ready::hung_up:
        throw BenchFault(device + ": gone (hung up)");
      case Ready::ready:
        break;
    }
    const ssize_t written = ::write(number, bytes.data(), bytes.size());
    if (written >= 0) {
      bytes = bytes.subspan(static_cast<std::size_t>(written));
    } else if (!only_busy(errno)) {
      throw BenchFault(device + ": cannot be written (" + system_words(errno) + ")");
    }
  }
}

std::size_t read_some(int number, const std::string& device, std::span<std::uint8_t> bytes, TimeNs deadline_ns) {
  while (!bytes.empty()) {
    switch (wait_to_read(number, deadline_ns)) {
      case Ready::silent:
        return 0;
      case Ready::hung_up:
        throw BenchFault(device + ": gone (hung up)");
      case Ready::ready:
        break;
    }
    const ssize_t count = ::read(number, bytes.data(), bytes.size());
    if (count > 0) return static_cast<std::size_t>(count);
    if (count == 0) throw BenchFault(device + ": gone (end of file)");
    if (!only_busy(errno)) throw BenchFault(device + ": gone (" + system_words(errno) + ")");
  }
  return 0;
}

}  // namespace packrig
