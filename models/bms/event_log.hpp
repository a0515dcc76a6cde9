// The board's log: what happened, and when in its life. A ring in the store, and a short queue before it.
//
// Codes: JK02 logbook frame, type 0x05 (syssi/esphome-jk-bms, components/jk_bms_ble/jk_bms_ble.cpp).
#pragma once

#include <stddef.h>
#include <stdint.h>

namespace packrig::bms {

// As many as the logbook frame has room for.
constexpr size_t log_length = 50;
// [assumed] more than one scan brings when everything goes wrong at once.
constexpr size_t log_queue_length = 12;

enum EventCode : uint8_t {
  event_boot = 0x01,
  event_shutdown = 0x02,  // by the power-off voltage
  event_emergency_on = 0x29,
  event_emergency_off = 0x2A,
  event_emergency_over = 0x2B,  // its time has run out
  event_off_by_command = 0x2C,
  event_off_by_button = 0x2D,
  event_sleep = 0x38,
  event_time_set = 0x3B,
  event_preset_li_ion = 0x43,
  event_preset_lfp = 0x44,
  event_preset_lto = 0x45,
  event_first_cell_over_charge = 0x64,  // and up, one per cell
  event_first_cell_over_discharge = 0xC8,
};

struct Event {
  uint32_t run_time_s;
  uint32_t code;  // EventCode or any other of the logbook's
};

// One place of the ring: the number of the event, from 1, in the upper 24 bits of `mark`, its code in the lower 8. A
// mark of 0 is an empty place, or one that is being written.
struct LogEntry {
  uint32_t run_time_s;
  uint32_t mark;
};

struct LogRing {
  LogEntry entry[log_length];
};

// What lies before the ring, lost without power.
struct EventLog {
  Event queue[log_queue_length];
  uint32_t queued;
  uint32_t word;   // of the entry under way: 0 none written yet
  uint32_t count;  // events in the board's life, those in the queue not yet included
  uint32_t lost;   // events for which the queue had no room
};

// Takes up the ring's numbering after the power has come back.
void open_log(const LogRing& ring, EventLog& log);
void note_event(EventLog& log, uint8_t code, uint32_t run_time_s);
// Codes for what has come and gone between two alarm words; `highest` and `lowest` are the indices of these cells.
void note_alarms(EventLog& log, uint32_t before, uint32_t after, uint32_t highest, uint32_t lowest,
                 uint32_t run_time_s);
// Writes one word of the oldest queued event into the ring. False when nothing is queued.
bool write_log_word(EventLog& log, LogRing& ring);
// The events in the ring, 0 the newest. False where there is none so old.
bool read_event(const LogRing& ring, const EventLog& log, uint32_t age, Event& event);

}  // namespace packrig::bms
