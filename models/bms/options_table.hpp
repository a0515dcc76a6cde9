// One row per option that has a register: where it is kept and what it accepts.
#pragma once

#include <stdint.h>

#include "options.hpp"
#include "part.hpp"
#include "registers.hpp"

namespace packrig::bms {

struct OptionRow {
  uint8_t register_number;
  uint8_t Options::*field;
  uint8_t high;
  uint32_t Part::*offered;  // where not null: a bit for each number that the board offers
};

constexpr OptionRow option_rows[] = {
    {uart_protocol, &Options::uart_protocol, 31, &Part::uart_protocols},
    {can_protocol, &Options::can_protocol, 31, &Part::can_protocols},
    {buzzer_source, &Options::buzzer_source, 14, nullptr},  // 0 off, .. 14 MOS abnormal
    {dry_1_source, &Options::dry_1_source, 14, nullptr},
    {dry_2_source, &Options::dry_2_source, 14, nullptr},
    {rcv_time_dh, &Options::rcv_time_dh, 255, nullptr},      // no range published
    {rfv_time_dh, &Options::rfv_time_dh, 255, nullptr},      // same
    {emergency_min, &Options::emergency_min, 255, nullptr},  // same
    {rebulk_percent, &Options::rebulk_percent, 100, nullptr},
};

}  // namespace packrig::bms
