// The right kind of link for a device.
#pragma once

#include <memory>
#include <string>

#include "rig/link/byte_link.hpp"
#include "rig/link/serial_settings.hpp"

namespace packrig {

// A pty, or a link to one, by termios; everything else by libserialport. Throws as their constructors do.
std::unique_ptr<ByteLink> open_port(const std::string& path, SerialSettings settings = {});

}  // namespace packrig
