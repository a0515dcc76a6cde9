#include "settings.hpp"

#include "firmware_api.h"

namespace packrig::bms {
namespace {

constexpr uint8_t header[5] = {0x55, 0xAA, 0xEB, 0x90, 0x01};
constexpr size_t sum_offset = settings_length - 1;
constexpr size_t address_offset = 270;

const SettingRow* find_row(uint8_t register_number) {
  const uint8_t found = row_index.of[register_number];
  return found == 0 ? nullptr : &setting_rows[found - 1];
}

void set(Settings& settings, const SettingRow& row, int32_t value) {
  if (row.bit != whole) {
    uint8_t& byte = settings.image[row.offset + row.bit / 8];
    const auto mask = static_cast<uint8_t>(1u << row.bit % 8);
    byte = static_cast<uint8_t>(value != 0 ? byte | mask : byte & ~mask);
    return;
  }
  const auto bits = static_cast<uint32_t>(value);
  for (uint32_t i = 0; i < row.size; ++i) settings.image[row.offset + i] = static_cast<uint8_t>(bits >> (8 * i));
}

void set(Settings& settings, uint8_t register_number, int32_t value) {
  set(settings, *find_row(register_number), value);
}

uint8_t sum_of(const uint8_t* frame) {
  uint32_t sum = 0;
  for (size_t i = 0; i < sum_offset; ++i) sum += frame[i];
  return static_cast<uint8_t>(sum);
}

bool count_fits(const Part& part, uint8_t chemistry, int32_t count) {
  return count >= part.cell_count_low[chemistry] && count <= part.cell_count_high;
}

// A whole set of settings, before it takes the place of the one in use.
int32_t check(const Part& part, uint8_t chemistry, const Settings& settings) {
  for (const SettingRow& row : setting_rows) {
    const int32_t value = value_in(settings.image, row);
    if (value < row.low || value > row.high) return PACKRIG_WRITE_OUT_OF_RANGE;
  }
  if (!count_fits(part, chemistry, setting(settings, cell_count))) return PACKRIG_WRITE_OUT_OF_RANGE;
  for (const UnnumberedRow& row : unnumbered_rows) {
    for (uint32_t i = 0; i < row.count; ++i) {
      if (word_at(settings.image + row.offset + 4 * i, 4) > row.high) return PACKRIG_WRITE_OUT_OF_RANGE;
    }
  }
  for (const OrderRow& order : order_rows) {
    const int32_t room = setting(settings, order.upper) - setting(settings, order.lower);
    if (room < 0 || (room == 0 && order.order == Order::below)) return PACKRIG_WRITE_INCONSISTENT;
  }
  return PACKRIG_WRITE_OK;
}

int32_t accept(const Part& part, uint8_t chemistry, Settings& settings, const Settings& candidate) {
  const int32_t result = check(part, chemistry, candidate);
  if (result == PACKRIG_WRITE_OK) settings = candidate;
  return result;
}

void set_preset(const Part& part, uint8_t chemistry, Settings& settings) {
  for (size_t i = 0; i < part.preset_count; ++i) {
    set(settings, part.presets[i].register_number, part.presets[i].value[chemistry]);
  }
}

}  // namespace

bool is_known(size_t offset) {
  for (const SettingRow& row : setting_rows) {
    if (offset >= row.offset && offset < static_cast<size_t>(row.offset) + row.size) return true;
  }
  for (const UnnumberedRow& row : unnumbered_rows) {
    if (offset >= row.offset && offset < row.offset + size_t{4} * row.count) return true;
  }
  return false;
}

uint8_t device_address(const Settings& settings) { return settings.image[address_offset]; }

int32_t reset_settings(const Part& part, uint8_t chemistry, uint8_t count, Settings& settings) {
  if (chemistry >= chemistry_count) return PACKRIG_WRITE_OUT_OF_RANGE;
  Settings fresh{};
  for (size_t i = 0; i < sizeof header; ++i) fresh.image[i] = header[i];
  for (size_t i = 0; i < part.frame_byte_count; ++i) {
    fresh.image[part.frame_bytes[i].offset] = part.frame_bytes[i].value;
  }
  set_preset(part, chemistry, fresh);
  set(fresh, cell_count, count);
  set(fresh, capacity_mAh, part.capacity_mAh);
  set(fresh, charge_switch, 1);
  set(fresh, discharge_switch, 1);
  set(fresh, balance_switch, 1);
  return accept(part, chemistry, settings, fresh);
}

void switch_off(Settings& settings) {
  set(settings, charge_switch, 0);
  set(settings, discharge_switch, 0);
  set(settings, balance_switch, 0);
}

int32_t read_setting(const Settings& settings, uint8_t register_number, int32_t& value) {
  const SettingRow* row = find_row(register_number);
  if (row == nullptr) return PACKRIG_WRITE_UNKNOWN_REGISTER;
  value = value_in(settings.image, *row);
  return PACKRIG_WRITE_OK;
}

int32_t write_setting(const Part& part, uint8_t chemistry, Settings& settings, uint8_t register_number, int32_t value) {
  const SettingRow* row = find_row(register_number);
  if (row == nullptr) return PACKRIG_WRITE_UNKNOWN_REGISTER;
  if (value < row->low || value > row->high) return PACKRIG_WRITE_OUT_OF_RANGE;
  Settings candidate = settings;
  set(candidate, *row, value);
  return accept(part, chemistry, settings, candidate);
}

int32_t apply_preset(const Part& part, uint8_t chemistry, Settings& settings) {
  Settings candidate = settings;
  set_preset(part, chemistry, candidate);
  return accept(part, chemistry, settings, candidate);
}

int32_t load_frame(const Part& part, uint8_t chemistry, Settings& settings, const uint8_t* frame, size_t length) {
  if (length != settings_length) return PACKRIG_WRITE_BAD_FRAME;
  for (size_t i = 0; i < sizeof header; ++i) {
    if (frame[i] != header[i]) return PACKRIG_WRITE_BAD_FRAME;
  }
  if (frame[sum_offset] != sum_of(frame)) return PACKRIG_WRITE_BAD_FRAME;
  Settings candidate;
  for (size_t i = 0; i < settings_length; ++i) candidate.image[i] = frame[i];
  return accept(part, chemistry, settings, candidate);
}

int32_t store_frame(const Settings& settings, uint8_t* frame, size_t length) {
  if (length != settings_length) return PACKRIG_WRITE_BAD_FRAME;
  for (size_t i = 0; i < sum_offset; ++i) frame[i] = settings.image[i];
  frame[sum_offset] = sum_of(settings.image);
  return PACKRIG_WRITE_OK;
}

}  // namespace packrig::bms
