#include "extremes.hpp"
#include "firmware.hpp"
#include "firmware_api.h"
#include "keeping.hpp"

namespace packrig::bms {
namespace {

using Command = int32_t (*)(const Part&, Firmware&, int32_t value);

int32_t load_preset(const Part& part, Firmware& firmware, Chemistry chemistry, EventCode event) {
  const int32_t result = apply_preset(part, chemistry, firmware.settings);
  if (result != PACKRIG_WRITE_OK) return result;
  firmware.chemistry = chemistry;
  note_event(firmware.log, event, firmware.clock.run_time_s);
  return PACKRIG_WRITE_OK;
}

int32_t load_li_ion(const Part& part, Firmware& firmware, int32_t) {
  return load_preset(part, firmware, li_ion, event_preset_li_ion);
}

int32_t load_lfp(const Part& part, Firmware& firmware, int32_t) {
  return load_preset(part, firmware, lfp, event_preset_lfp);
}

int32_t load_lto(const Part& part, Firmware& firmware, int32_t) {
  return load_preset(part, firmware, lto, event_preset_lto);
}

// The true value over the measured one, times the correction in use, as a gain. Out of range where the whole
// correction would be more than a part may need.
int32_t recalibrate(const Part& part, int64_t truth, int64_t measured, uint32_t& gain) {
  // What is measured lies within the sheet's ranges, so the products stay far within 64 bits.
  const int64_t wanted = (truth * gain + measured / 2) / measured;
  const int64_t slack = static_cast<int64_t>(unit_gain) * part.calibration_limit_permille / 1000;
  if (wanted < unit_gain - slack || wanted > unit_gain + slack) return PACKRIG_WRITE_OUT_OF_RANGE;
  gain = static_cast<uint32_t>(wanted);
  return PACKRIG_WRITE_OK;
}

int32_t calibrate_voltage(const Part& part, Firmware& firmware, int32_t value) {
  if (firmware.scan.complete == 0) return PACKRIG_WRITE_NOT_NOW;
  const int32_t pack_mV = cell_range(firmware.settings, firmware.measured).sum_mV;
  if (pack_mV <= 0) return PACKRIG_WRITE_NOT_NOW;
  return recalibrate(part, value, pack_mV, firmware.calibration.voltage_gain);
}

// A value of 0 teaches the zero, any other the gain.
int32_t calibrate_current(const Part& part, Firmware& firmware, int32_t value) {
  const Measurements& measured = firmware.measured;
  if (firmware.scan.complete == 0 || measured.current_saturated != 0) return PACKRIG_WRITE_NOT_NOW;
  if (value == 0) {
    if (measured.shunt_uV > part.calibration_limit_uV || measured.shunt_uV < -part.calibration_limit_uV) {
      return PACKRIG_WRITE_OUT_OF_RANGE;
    }
    firmware.calibration.current_offset_uV = measured.shunt_uV;
    return PACKRIG_WRITE_OK;
  }
  if (!charges(part, measured) && !discharges(part, measured)) return PACKRIG_WRITE_NOT_NOW;
  return recalibrate(part, value, measured.current_mA, firmware.calibration.current_gain);
}

int32_t ask_for_restart(const Part&, Firmware& firmware, int32_t) {
  firmware.restart_wanted = 1;
  return PACKRIG_WRITE_OK;
}

int32_t ask_for_shutdown(const Part&, Firmware& firmware, int32_t) {
  firmware.requests.shutdown = 1;
  return PACKRIG_WRITE_OK;
}

int32_t ask_for_emergency(const Part&, Firmware& firmware, int32_t value) {
  if (value < 0 || value > 1) return PACKRIG_WRITE_OUT_OF_RANGE;
  firmware.requests.emergency_on = value != 0 ? 1 : 0;
  firmware.requests.emergency_off = value != 0 ? 0 : 1;
  return PACKRIG_WRITE_OK;
}

// All 32 bits are seconds: as an int32_t, times after 2088 are negative.
int32_t set_time(const Part&, Firmware& firmware, int32_t value) {
  firmware.clock.time_s = static_cast<uint32_t>(value);
  note_event(firmware.log, event_time_set, firmware.clock.run_time_s);
  return PACKRIG_WRITE_OK;
}

// Settings, calibration, options and the learned capacity; the counters of the board's life, its clock and log stay.
int32_t reset_to_factory(const Part& part, Firmware& firmware, int32_t) {
  use_factory(part, firmware);
  forget_capacity(firmware.charge);
  return PACKRIG_WRITE_OK;
}

struct CommandRow {
  uint8_t register_number;
  Command command;
};
constexpr CommandRow command_rows[] = {
    {voltage_calibration_mV, calibrate_voltage},
    {current_calibration_mA, calibrate_current},
    {shutdown_command, ask_for_shutdown},
    {restart_command, ask_for_restart},
    {preset_li_ion, load_li_ion},
    {preset_lfp, load_lfp},
    {preset_lto, load_lto},
    {emergency_command, ask_for_emergency},
    {clock_time_s, set_time},
    {factory_reset, reset_to_factory},
};

}  // namespace

int32_t write(const Part& part, Firmware& firmware, uint8_t register_number, int32_t value) {
  for (const CommandRow& row : command_rows) {
    if (row.register_number == register_number) return row.command(part, firmware, value);
  }
  const int32_t result = write_option(part, firmware.options, register_number, value);
  if (result != PACKRIG_WRITE_UNKNOWN_REGISTER) return result;
  return write_setting(part, static_cast<uint8_t>(firmware.chemistry), firmware.settings, register_number, value);
}

int32_t read(const Firmware& firmware, uint8_t register_number, int32_t& value) {
  const int32_t result = read_option(firmware.options, register_number, value);
  if (result != PACKRIG_WRITE_UNKNOWN_REGISTER) return result;
  return read_setting(firmware.settings, register_number, value);
}

}  // namespace packrig::bms
