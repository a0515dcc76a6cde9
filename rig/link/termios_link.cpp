#include "rig/link/termios_link.hpp"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "models/errors.hpp"
#include "rig/fault.hpp"

namespace packrig {

namespace {

constexpr std::pair<int, speed_t> speeds[] = {
    {2400, B2400},     {4800, B4800},     {9600, B9600},     {19200, B19200},   {38400, B38400},    {57600, B57600},
    {115200, B115200}, {230400, B230400}, {460800, B460800}, {921600, B921600}, {1000000, B1000000}};

speed_t speed_of(int baud) {
  for (const auto& [rate, speed] : speeds) {
    if (rate == baud) return speed;
  }
  std::string accepted;
  for (const auto& [rate, speed] : speeds) accepted += (accepted.empty() ? "" : ", ") + std::to_string(rate);
  throw BadInput("baud rate " + std::to_string(baud) + "; accepted: " + accepted);
}

void set_raw(int port, speed_t speed, const std::string& device) {
  termios line;
  if (tcgetattr(port, &line) != 0) throw BenchFault(device + ": no terminal (" + system_words(errno) + ")");
  cfmakeraw(&line);
  line.c_cflag |= CLOCAL | CREAD;
  line.c_cflag &= ~static_cast<tcflag_t>(CSTOPB | CRTSCTS);
  line.c_cc[VMIN] = 0;
  line.c_cc[VTIME] = 0;
  cfsetispeed(&line, speed);
  cfsetospeed(&line, speed);
  if (tcsetattr(port, TCSANOW, &line) != 0) {
    throw BenchFault(device + ": cannot be set to raw 8N1 (" + system_words(errno) + ")");
  }
}

// An adapter that is powered from DTR or RTS needs them; a line that has none (ENOTTY, EINVAL) is in order too.
void raise_modem_lines(int port, const std::string& device) {
  const int lines = TIOCM_DTR | TIOCM_RTS;
  if (ioctl(port, TIOCMBIS, &lines) != 0 && errno != ENOTTY && errno != EINVAL) {
    throw BenchFault(device + ": its modem lines cannot be set (" + system_words(errno) + ")");
  }
}

}  // namespace

TermiosLink::TermiosLink(const std::string& path, SerialSettings settings) : path_(path), settings_(settings) {
  speed_of(settings.baud);
  open();
}

void TermiosLink::open() {
  Descriptor port(::open(path_.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC));
  if (!port.is_open()) throw BenchFault(path_ + ": cannot be opened (" + system_words(errno) + ")");
  set_raw(port.number(), speed_of(settings_.baud), path_);
  raise_modem_lines(port.number(), path_);
  port_ = std::move(port);
}

void TermiosLink::write(std::span<const std::uint8_t> bytes, TimeNs deadline_ns) {
  write_all(port_.number(), path_, bytes, deadline_ns);
}

std::size_t TermiosLink::read(std::span<std::uint8_t> bytes, TimeNs deadline_ns) {
  return read_some(port_.number(), path_, bytes, deadline_ns);
}

void TermiosLink::drop_input() { tcflush(port_.number(), TCIFLUSH); }

void TermiosLink::reopen(TimeNs deadline_ns) {
  port_.close();
  retry_until(deadline_ns, [this] { open(); });
}

}  // namespace packrig
