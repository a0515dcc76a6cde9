// What captures and documents leave open about the wire protocols, or contradict each other on: one named field each,
// with its default and where that comes from.
//
// [capture NN] a public capture of a board with firmware NN (syssi/esphome-jk-bms, ArminJo/JK-BMSToPylontechCAN,
// ai-republic/bms-to-inverter); [vendor] the maker's protocol description (esphome-jk-bms, docs/); [assumed] nobody
// says.
#pragma once

#include <stdint.h>

namespace packrig::bms {

struct ProtocolChoices {
  // [assumed] From the start to the first byte heard or said, on any port. Longer than the board lays bytes out ahead,
  // so that one which starts anew never speaks into what it was saying.
  uint32_t ports_boot_ms = 300;

  // UART1, any protocol.
  // [assumed] A request counts once the line has been silent for so long: 3.5 characters of Modbus RTU at 19200 baud
  // and above, and far below the turnaround.
  uint32_t uart_quiet_us = 1750;
  // [assumed] Bytes of one request lie no further apart: a USB converter flushes every 16 ms.
  uint32_t uart_inter_byte_us = 20000;

  // End of the request to the start of the reply. [capture 11.54] 4E57: 8 ms; 11.26 answers within 1 ms. Modbus: as
  // that.
  uint32_t uart_turnaround_us = 8000;
  // The captures show one port selected by control bit 3; here both can be had, for tests that want them.
  bool ports_are_both_alive = false;

  // 4E57.
  // [capture] 0 in every frame; requests to 0 or to this number are heard.
  uint32_t nw_unit_number = 0;
  // [assumed] Nobody has published the replies to activate (0x01) and password (0x05): as to a write, the code alone.
  bool nw_answers_activate = true;
  bool nw_answers_password = true;
  // esphome: firmware 11 ignores a write to 0x9D.
  bool nw_writes_balance_switch = false;
  // What -1 degC is sent as. [vendor] 101, and 0..100 degC as they are; esphome reads 100 as -1.
  uint16_t nw_minus_one_degC_raw = 101;
  // [assumed] A probe that is not there: what the vendor's rule makes of the -200.0 degC that the board shows
  // elsewhere.
  uint16_t nw_absent_probe_raw = 300;
  // Bit of the alarm word for a cell's under-voltage. [capture 11.26] 3 at such an event; the vendor's table has 11.
  uint8_t nw_cell_under_voltage_bit = 3;
  // Bit 0 of the alarm word, low capacity: whether it is set while the charge shown lies below register 0xB1.
  // [captures 6.1, 11.26] Clear with 15, 2 and 0 % and the register at 20; the vendor's table: set.
  bool nw_warns_of_low_capacity = false;
  // Status bit 3. [captures] 0 while running, 1 with open cell wires; the vendor says 1 is normal.
  bool nw_status_bit_3_is_dropped = true;

  // Modbus V1.0.
  // [assumed] Registers 0x161C, 0x161E and 0x1620 make inverter boards send a whole JK02 frame; nobody has tried the
  // DUT.
  bool modbus_sends_master_frames = false;
  // Byte 5 of such a frame. [capture 15.41] 0; one capture of 15.10 shows 5, which a public client refuses.
  uint8_t master_frame_counter = 0;

  // Bluetooth. Times from the end of the command to the first byte. [capture 11.288H]
  uint32_t bluetooth_device_ms = 160;
  uint32_t bluetooth_settings_ms = 170;
  uint32_t bluetooth_acknowledge_ms = 240;
  uint32_t bluetooth_first_cells_ms = 730;
  uint32_t bluetooth_period_ms = 545;
  uint32_t bluetooth_write_ms = 120;  // 80 to 170 ms
  // false: a value is its four bytes whatever its length says, as esphome needs it that writes 0x01 with a length of 1.
  bool jk02_length_byte_counts = false;

  // CAN.
  // Of the current in 0x02F4. venus-os_dbus-serialbattery, used with real boards: yes; the vendor's first text: no.
  bool can_charge_is_positive = true;
  // Of 0x18F328F4. [vendor] The table runs on from bit 7 to bit 8; its example only fits when all from there is shifted
  // up by one.
  bool can_faults_are_shifted = false;
  // Byte of the charge request that asks for heat. DBC V2.1: 5; another description: 6.
  uint8_t can_heat_byte = 5;
  // [assumed] The bytes of one frame come no further apart.
  uint32_t can_frame_us = 2000;
};

}  // namespace packrig::bms
