// A firmware on the desk: codes in, drives out, on its own wakes. Codes are made here from physical values by the
// definitions in afe_frame.h, never by the firmware's conversions.
#pragma once

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <memory>
#include <vector>

#include "models/bms/firmware_api.h"

namespace packrig::test {

constexpr std::uint8_t lfp = 0;
constexpr std::uint8_t li_ion = 1;
constexpr std::uint8_t lto = 2;
constexpr std::int64_t ns_per_s = 1'000'000'000;
constexpr double never_s = std::numeric_limits<double>::infinity();
constexpr std::uint32_t charge = PACKRIG_DRIVE_CHARGE;
constexpr std::uint32_t discharge = PACKRIG_DRIVE_DISCHARGE;

struct DriveEdge {
  double at_s;
  std::uint32_t drive;  // one PACKRIG_DRIVE_* bit
  bool on;
};

class Desk {
 public:
  explicit Desk(std::uint8_t chemistry = lfp, std::uint8_t count = 16, double cell_mV = 3300.0,
                const PackrigFirmwareApi* api = packrig_firmware())
      : api_(api), memory_(api_->size + 16) {
    init_result = api_->init(state(), chemistry, count);
    codes.version = PACKRIG_AFE_VERSION;
    codes.board_ddegC = -2000;
    for (int probe = 1; probe <= 3; ++probe) open_probe(probe);
    for (int cell = 1; cell <= count; ++cell) set_cell_mV(cell, cell_mV);
    set_current_A(0.0);
  }

  void set_cell_mV(int cell, double cell_mV) {
    codes.cell_code[cell - 1] = static_cast<std::uint16_t>(std::lround(cell_mV / 5000.0 * 65536.0));
  }
  void set_all_mV(int count, double cell_mV) {
    for (int cell = 1; cell <= count; ++cell) set_cell_mV(cell, cell_mV);
  }
  void set_current_A(double current_A) { codes.shunt_code = static_cast<std::int32_t>(std::lround(current_A * 250.0)); }
  void set_probe_degC(int probe, double probe_degC) {
    const double probe_Ohm = 10000.0 * std::exp(3435.0 * (1.0 / (probe_degC + 273.15) - 1.0 / 298.15));
    codes.ntc_code[probe - 1] = static_cast<std::uint16_t>(std::lround(65535.0 * probe_Ohm / (probe_Ohm + 10000.0)));
  }
  void open_probe(int probe) { codes.ntc_code[probe - 1] = 65535; }
  void short_probe(int probe) { codes.ntc_code[probe - 1] = 0; }

  // A wake of its own, or an early one by an input edge.
  void step() {
    codes.now_ns = now_ns;
    set_input(PACKRIG_INPUT_CHARGE_FEEDBACK, charge_on());
    set_input(PACKRIG_INPUT_DISCHARGE_FEEDBACK, discharge_on());
    codes.inputs = static_cast<std::uint16_t>((codes.inputs | contacts_held_closed_) & ~contacts_held_open_);
    if (!front_end_answers) codes.fresh = 0;
    const std::uint32_t before = commands.drives;
    api_->step(state(), &codes, &commands);
    if (commands.short_rearm != 0) {
      codes.inputs =
          static_cast<std::uint16_t>(codes.inputs & ~(PACKRIG_INPUT_SHORT_DISCHARGE | PACKRIG_INPUT_SHORT_CHARGE));
    }
    for (std::uint32_t bit = 1; bit <= PACKRIG_DRIVE_DRY_2; bit <<= 1) {
      if (((before ^ commands.drives) & bit) != 0) edges.push_back({now_s(), bit, (commands.drives & bit) != 0});
    }
  }
  void interrupt() {
    codes.fresh = 0;
    step();
  }

  // Lets time pass; wakes at the very end of the span are not run yet.
  void run_s(double span_s) {
    const std::int64_t until_ns = now_ns + std::llround(span_s * 1e9);
    if (!started_) {
      started_ = true;
      interrupt();
    }
    while (commands.next_wake_ns < until_ns) {
      now_ns = commands.next_wake_ns;
      codes.fresh = commands.convert;
      step();
    }
    now_ns = until_ns;
  }
  // Power goes and comes back at once: the drives are off, and the next span begins with a first wake.
  void restart() {
    api_->restart(state());
    commands = {};
    started_ = false;
  }
  // Boots with the discharge path closed and the log of edges empty.
  void settle() {
    run_s(6.0);
    edges.clear();
  }

  bool on(std::uint32_t drive) const { return (commands.drives & drive) != 0; }
  bool charge_on() const { return on(PACKRIG_DRIVE_CHARGE); }
  bool discharge_on() const { return on(PACKRIG_DRIVE_DISCHARGE); }
  double now_s() const { return static_cast<double>(now_ns) * 1e-9; }

  // Seconds from `from_s` to the first such edge, infinity when there is none.
  double after_s(double from_s, std::uint32_t drive, bool turned_on) const {
    for (const DriveEdge& edge : edges) {
      if (edge.at_s >= from_s && edge.drive == drive && edge.on == turned_on) return edge.at_s - from_s;
    }
    return never_s;
  }

  std::int32_t write(std::uint8_t register_number, std::int32_t value) {
    return api_->write(state(), register_number, value);
  }
  std::int32_t read(std::uint8_t register_number) const {
    std::int32_t value = std::numeric_limits<std::int32_t>::min();
    api_->read(state(), register_number, &value);
    return value;
  }
  std::int32_t load(const std::vector<std::uint8_t>& frame) {
    return api_->load_settings(state(), frame.data(), frame.size());
  }
  std::vector<std::uint8_t> store() const {
    std::vector<std::uint8_t> frame(300);
    api_->store_settings(state(), frame.data(), frame.size());
    return frame;
  }

  void* state() { return aligned(); }
  const void* state() const { return const_cast<Desk*>(this)->aligned(); }
  std::size_t state_size() const { return api_->size; }
  const PackrigFirmwareApi& api() const { return *api_; }

  void set_input(std::uint16_t input, bool on) {
    codes.inputs = static_cast<std::uint16_t>(on ? codes.inputs | input : codes.inputs & ~input);
  }

  // A contact follows its drive, unless it is held by PACKRIG_INPUT_*_FEEDBACK.
  void hold_contact(std::uint16_t input, bool closed) {
    release_contacts();
    (closed ? contacts_held_closed_ : contacts_held_open_) = input;
  }
  void release_contacts() { contacts_held_closed_ = contacts_held_open_ = 0; }
  // A byte that reaches the board at this wake.
  void receive(std::uint8_t port) {
    codes.bus[0] = {0, port, 0x4E, 0};
    codes.bus_count = 1;
    interrupt();
    codes.bus_count = 0;
  }
  void press(bool pressed) {
    set_input(PACKRIG_INPUT_BUTTON, pressed);
    interrupt();
  }
  void plug_charger(bool plugged) {
    set_input(PACKRIG_INPUT_CHARGER, plugged);
    interrupt();
  }

  PackrigAfeCodes codes{};
  PackrigAfeCommands commands{};
  bool front_end_answers = true;  // false: nothing is converted
  std::vector<DriveEdge> edges;
  std::int64_t now_ns = 0;
  std::int32_t init_result = -1;

 private:
  void* aligned() {
    void* start = memory_.data();
    std::size_t space = memory_.size();
    return std::align(16, api_->size, start, space);
  }

  std::uint16_t contacts_held_closed_ = 0;
  std::uint16_t contacts_held_open_ = 0;
  const PackrigFirmwareApi* api_;
  std::vector<std::uint8_t> memory_;
  bool started_ = false;
};

// Both paths closed, and no precharge to wait for.
inline Desk settled(std::uint8_t count = 16) {
  Desk desk(lfp, count);
  EXPECT_EQ(desk.write(0x25, 0), 0);
  desk.settle();
  return desk;
}

// A trip may come at most two scans of 100 ms after the delay: one until the sample, one until it is judged.
inline void expect_delay(double measured_s, double promised_s) {
  EXPECT_GE(measured_s, promised_s);
  EXPECT_LE(measured_s, promised_s + 0.2);
}

}  // namespace packrig::test
