// What the registers of the 4E57 protocol hold: one function each.
#pragma once

#include <stdint.h>

#include "bytes.hpp"
#include "models/bms/board.hpp"

namespace packrig::bms::nw {

struct Asked;
using Value = void (*)(const Asked& asked, Writer& reply);

struct Row {
  uint8_t code;
  uint8_t size;  // bytes behind the code; of the cells: 0, it depends
  Value value;
  bool writable;  // rows of a setting only
  uint8_t register_number;
  int32_t number;
};

struct Asked {
  const Row& row;
  const Board& board;
  const Status& status;
};

namespace value {

void setting(const Asked& asked, Writer& reply);  // register / number
void fixed(const Asked& asked, Writer& reply);    // number
void cells(const Asked& asked, Writer& reply);
void board_temperature(const Asked& asked, Writer& reply);
void probe_temperature(const Asked& asked, Writer& reply);  // of probe `number`, 0-based
void pack_10mV(const Asked& asked, Writer& reply);
void current(const Asked& asked, Writer& reply);
void soc_percent(const Asked& asked, Writer& reply);
void cycles(const Asked& asked, Writer& reply);
void cycle_Ah(const Asked& asked, Writer& reply);
void cell_count(const Asked& asked, Writer& reply);
void alarms(const Asked& asked, Writer& reply);
void state(const Asked& asked, Writer& reply);
void pack_limit_10mV(const Asked& asked, Writer& reply);  // cells times register
void cell_delay_s(const Asked& asked, Writer& reply);
void chemistry(const Asked& asked, Writer& reply);
void password(const Asked& asked, Writer& reply);
void device_id(const Asked& asked, Writer& reply);
void date(const Asked& asked, Writer& reply);
void run_time_min(const Asked& asked, Writer& reply);
void version(const Asked& asked, Writer& reply);
void full_Ah(const Asked& asked, Writer& reply);
void manufacturer(const Asked& asked, Writer& reply);
void address(const Asked& asked, Writer& reply);

}  // namespace value
}  // namespace packrig::bms::nw
