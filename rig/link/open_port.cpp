#include "rig/link/open_port.hpp"

#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "rig/link/serial_link.hpp"
#include "rig/link/termios_link.hpp"

namespace packrig {

namespace {

// The slaves of Unix 98 ptys have major numbers 136 to 143 (Linux, Documentation/admin-guide/devices.txt).
bool is_pty(const std::string& path) {
  struct stat file {};
  if (stat(path.c_str(), &file) != 0 || !S_ISCHR(file.st_mode)) return false;
  return major(file.st_rdev) >= 136 && major(file.st_rdev) <= 143;
}

}  // namespace

std::unique_ptr<ByteLink> open_port(const std::string& path, SerialSettings settings) {
  if (is_pty(path)) return std::make_unique<TermiosLink>(path, settings);
  return std::make_unique<SerialLink>(path, settings);
}

}  // namespace packrig
