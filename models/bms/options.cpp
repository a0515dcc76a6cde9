#include "options.hpp"

#include "firmware_api.h"
#include "options_table.hpp"

namespace packrig::bms {
namespace {

const OptionRow* find_option_row(uint8_t register_number) {
  for (const OptionRow& row : option_rows) {
    if (row.register_number == register_number) return &row;
  }
  return nullptr;
}

bool accepts(const Part& part, const OptionRow& row, int32_t value) {
  if (value < 0 || value > row.high) return false;
  return row.offered == nullptr || (part.*row.offered >> value & 1u) != 0;
}

}  // namespace

bool has_password_of(const Options& options, const Options& delivered) {
  return __builtin_memcmp(options.setup_password, delivered.setup_password, text_length) == 0;
}

int32_t write_option(const Part& part, Options& options, uint8_t register_number, int32_t value) {
  const OptionRow* row = find_option_row(register_number);
  if (row == nullptr) return PACKRIG_WRITE_UNKNOWN_REGISTER;
  if (!accepts(part, *row, value)) return PACKRIG_WRITE_OUT_OF_RANGE;
  options.*row->field = static_cast<uint8_t>(value);
  return PACKRIG_WRITE_OK;
}

int32_t read_option(const Options& options, uint8_t register_number, int32_t& value) {
  const OptionRow* row = find_option_row(register_number);
  if (row == nullptr) return PACKRIG_WRITE_UNKNOWN_REGISTER;
  value = options.*row->field;
  return PACKRIG_WRITE_OK;
}

}  // namespace packrig::bms
