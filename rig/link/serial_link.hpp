// A real serial port by libserialport. (Its blocking calls are not used: to them a time-out of 0 ms means for ever.)
#pragma once

#include <memory>
#include <string>

#include "rig/link/byte_link.hpp"
#include "rig/link/serial_settings.hpp"

namespace packrig {

class SerialLink final : public ByteLink {
 public:
  // Throws BadInput for a baud rate below 1, BenchFault naming the device when libserialport does not open or set it.
  explicit SerialLink(const std::string& path, SerialSettings settings = {});
  ~SerialLink() override;

  const std::string& name() const override { return path_; }
  TimeNs now_ns() const override;
  void write(std::span<const std::uint8_t> bytes, TimeNs deadline_ns) override;
  std::size_t read(std::span<std::uint8_t> bytes, TimeNs deadline_ns) override;
  void drop_input() override;
  void reopen(TimeNs deadline_ns) override;

 private:
  class Port;
  std::string path_;
  SerialSettings settings_;
  std::unique_ptr<Port> port_;  // none while the device is gone
};

}  // namespace packrig
