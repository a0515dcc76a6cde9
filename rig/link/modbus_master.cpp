#include "rig/link/modbus_master.hpp"

#include <modbus/modbus.h>

#include <cerrno>

#include "models/errors.hpp"
#include "rig/fault.hpp"
#include "rig/link/descriptor.hpp"

namespace packrig {

namespace {

void require_between(const char* what, TimeNs given, TimeNs low, TimeNs high) {
  if (given < low || given > high) {
    throw BadInput("Modbus " + std::string(what) + " " + std::to_string(given) + "; accepted: " + std::to_string(low) +
                   " .. " + std::to_string(high));
  }
}

}  // namespace

class ModbusMaster::Context {
 public:
  Context(const std::string& path, int baud, int unit) : modbus_(modbus_new_rtu(path.c_str(), baud, 'N', 8, 1)) {
    if (modbus_ == nullptr) throw BenchFault(path + ": " + modbus_strerror(errno));
    // Without a byte time-out the response time-out covers the whole answer: a deadline, however it dribbles in.
    if (modbus_set_slave(modbus_, unit) != 0 || modbus_set_byte_timeout(modbus_, 0, 0) != 0 ||
        modbus_connect(modbus_) != 0) {
      const std::string words = modbus_strerror(errno);
      modbus_free(modbus_);
      throw BenchFault(path + ": cannot be opened (" + words + ")");
    }
  }
  ~Context() {
    modbus_close(modbus_);
    modbus_free(modbus_);
  }
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

  modbus_t* get() const { return modbus_; }

  // What an earlier answer left behind is not taken for this one's.
  void prepare(TimeNs patience_ns) const {
    modbus_flush(modbus_);
    const TimeNs patience_us = patience_ns / microsecond_ns;
    modbus_set_response_timeout(modbus_, static_cast<std::uint32_t>(patience_us / 1'000'000),
                                static_cast<std::uint32_t>(patience_us % 1'000'000));
  }

 private:
  modbus_t* modbus_;
};

ModbusMaster::ModbusMaster(const std::string& path, SerialSettings settings, int unit)
    : path_(path), settings_(settings), unit_(unit) {
  require_between("unit", unit, 1, 247);
  require_between("baud rate", settings.baud, 1, 4'000'000);
  context_ = std::make_unique<Context>(path_, settings_.baud, unit_);
}

ModbusMaster::~ModbusMaster() = default;

ModbusReply ModbusMaster::read_registers(int address, int count, TimeNs patience_ns) {
  require_between("register", address, 0, 0xFFFF);
  require_between("register count", count, 1, MODBUS_MAX_READ_REGISTERS);
  require_between("patience in ns", patience_ns, microsecond_ns, longest_patience_ns);
  if (!context_) throw BenchFault(path_ + ": gone; reopen it first");
  ModbusReply reply{ModbusReply::Kind::answered, 0, std::vector<std::uint16_t>(static_cast<std::size_t>(count))};
  context_->prepare(patience_ns);
  if (modbus_read_registers(context_->get(), address, count, reply.registers.data()) == count) return reply;
  return failed(errno);
}

ModbusReply ModbusMaster::write_registers(int address, std::span<const std::uint16_t> registers, TimeNs patience_ns) {
  const int count = static_cast<int>(registers.size());
  require_between("register", address, 0, 0xFFFF);
  require_between("register count", count, 1, MODBUS_MAX_WRITE_REGISTERS);
  require_between("patience in ns", patience_ns, microsecond_ns, longest_patience_ns);
  if (!context_) throw BenchFault(path_ + ": gone; reopen it first");
  context_->prepare(patience_ns);
  if (modbus_write_registers(context_->get(), address, count, registers.data()) == count) {
    return {ModbusReply::Kind::answered, 0, {}};
  }
  return failed(errno);
}

ModbusReply ModbusMaster::failed(int error) {
  if (error == ETIMEDOUT) return {ModbusReply::Kind::silent, 0, {}};
  if (error > MODBUS_ENOBASE && error < MODBUS_ENOBASE + MODBUS_EXCEPTION_MAX) {
    return {ModbusReply::Kind::refused, error - MODBUS_ENOBASE, {}};
  }
  if (error >= EMBBADCRC) return {ModbusReply::Kind::garbled, 0, {}};
  context_.reset();
  throw BenchFault(path_ + ": gone (" + system_words(error) + ")");
}

void ModbusMaster::reopen(TimeNs deadline_ns) {
  context_.reset();
  retry_until(deadline_ns, [this] { context_ = std::make_unique<Context>(path_, settings_.baud, unit_); });
}

}  // namespace packrig
