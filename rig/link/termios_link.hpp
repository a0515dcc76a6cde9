// A terminal device by termios alone: what libserialport refuses, a pty first of all (its 0.1.1 looks every port up
// below /sys/class/tty and asks for modem lines, and a pty has neither).
#pragma once

#include <string>

#include "rig/link/byte_link.hpp"
#include "rig/link/descriptor.hpp"
#include "rig/link/serial_settings.hpp"

namespace packrig {

class TermiosLink final : public ByteLink {
 public:
  // Throws BadInput for a baud rate that termios does not know, BenchFault naming the device when it is no terminal or
  // cannot be opened.
  explicit TermiosLink(const std::string& path, SerialSettings settings = {});

  const std::string& name() const override { return path_; }
  TimeNs now_ns() const override { return wall_now_ns(); }
  void write(std::span<const std::uint8_t> bytes, TimeNs deadline_ns) override;
  std::size_t read(std::span<std::uint8_t> bytes, TimeNs deadline_ns) override;
  void drop_input() override;
  void reopen(TimeNs deadline_ns) override;

 private:
  void open();

  std::string path_;
  SerialSettings settings_;
  Descriptor port_;
};

}  // namespace packrig
