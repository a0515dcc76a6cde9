#include "rig/link/serial_link.hpp"

#include <libserialport.h>

#include "models/errors.hpp"
#include "rig/fault.hpp"
#include "rig/link/descriptor.hpp"

namespace packrig {

namespace {

std::string words_of(sp_return code) {
  switch (code) {
    case SP_ERR_ARG:
      return "libserialport knows no such port";
    case SP_ERR_MEM:
      return "out of memory";
    case SP_ERR_SUPP:
      return "not supported by the port";
    default: {
      char* const said = sp_last_error_message();
      const std::string words = said;
      sp_free_error_message(said);
      return words;
    }
  }
}

void require(sp_return code, const std::string& device, const char* what) {
  if (code != SP_OK) throw BenchFault(device + ": " + what + " (" + words_of(code) + ")");
}

}  // namespace

class SerialLink::Port {
 public:
  Port(const std::string& path, const SerialSettings& settings) {
    require(sp_get_port_by_name(path.c_str(), &port_), path, "cannot be found");
    try {
      require(sp_open(port_, SP_MODE_READ_WRITE), path, "cannot be opened");
      open_ = true;
      require(sp_set_baudrate(port_, settings.baud), path, "its baud rate cannot be set");
      require(sp_set_bits(port_, 8), path, "cannot be set to 8 bits");
      require(sp_set_parity(port_, SP_PARITY_NONE), path, "its parity cannot be switched off");
      require(sp_set_stopbits(port_, 1), path, "cannot be set to one stop bit");
      require(sp_set_flowcontrol(port_, SP_FLOWCONTROL_NONE), path, "its flow control cannot be switched off");
      require(sp_get_port_handle(port_, &number_), path, "has no handle");
    } catch (...) {
      close();
      throw;
    }
  }
  ~Port() { close(); }
  Port(const Port&) = delete;
  Port& operator=(const Port&) = delete;

  int number() const { return number_; }
  sp_port* get() const { return port_; }

 private:
  void close() noexcept {
    if (open_) sp_close(port_);
    sp_free_port(port_);
  }

  sp_port* port_ = nullptr;
  bool open_ = false;
  int number_ = -1;
};

SerialLink::SerialLink(const std::string& path, SerialSettings settings) : path_(path), settings_(settings) {
  if (settings.baud < 1) throw BadInput("baud rate " + std::to_string(settings.baud) + "; accepted: 1 and above");
  port_ = std::make_unique<Port>(path_, settings_);
}

SerialLink::~SerialLink() = default;

TimeNs SerialLink::now_ns() const { return wall_now_ns(); }

void SerialLink::write(std::span<const std::uint8_t> bytes, TimeNs deadline_ns) {
  write_all(port_ ? port_->number() : -1, path_, bytes, deadline_ns);
}

std::size_t SerialLink::read(std::span<std::uint8_t> bytes, TimeNs deadline_ns) {
  return read_some(port_ ? port_->number() : -1, path_, bytes, deadline_ns);
}

void SerialLink::drop_input() {
  if (port_) sp_flush(port_->get(), SP_BUF_INPUT);
}

void SerialLink::reopen(TimeNs deadline_ns) {
  port_.reset();
  retry_until(deadline_ns, [this] { port_ = std::make_unique<Port>(path_, settings_); });
}

}  // namespace packrig
