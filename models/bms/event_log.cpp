#include "event_log.hpp"

#include "alarms.hpp"

namespace packrig::bms {
namespace {

constexpr uint32_t words_per_event = 3;  // the mark taken away, the time, the new mark
constexpr uint32_t code_bits = 8;
constexpr uint32_t code_mask = 0xFFu;

constexpr uint32_t mark_of(uint32_t number, uint32_t code) { return number << code_bits | code; }

// 0: the logbook has no such code.
struct AlarmCodes {
  Alarm alarm;
  uint8_t set;
  uint8_t cleared;
};
constexpr AlarmCodes alarm_codes[] = {
    {Alarm::board_hot, 0x0B, 0x0C},          {Alarm::cell_number, 0x3C, 0},
    {Alarm::current_sensor, 0x0D, 0x0E},     {Alarm::cell_over_voltage, 0x11, 0x12},
    {Alarm::pack_over_voltage, 0x13, 0x14},  {Alarm::charge_current, 0x15, 0x16},
    {Alarm::charge_short, 0x17, 0x18},       {Alarm::charge_hot, 0x19, 0x1A},
    {Alarm::charge_cold, 0x1B, 0x1C},        {Alarm::front_end, 0x0F, 0x10},
    {Alarm::cell_under_voltage, 0x1D, 0x1E}, {Alarm::pack_under_voltage, 0x1F, 0x20},
    {Alarm::discharge_current, 0x21, 0x22},  {Alarm::discharge_short, 0x23, 0x24},
    {Alarm::discharge_hot, 0x25, 0x26},      {Alarm::charge_path, 0x39, 0},
    {Alarm::discharge_path, 0x3A, 0},        {Alarm::discharge_unclosed, 0x2E, 0},
    {Alarm::short_stays, 0x42, 0},           {Alarm::discharge_cold, 0x48, 0x49},
};

}  // namespace

void open_log(const LogRing& ring, EventLog& log) {
  log.count = 0;
  for (const LogEntry& entry : ring.entry) {
    const uint32_t number = entry.mark >> code_bits;
    if (number > log.count) log.count = number;
  }
}

void note_event(EventLog& log, uint8_t code, uint32_t run_time_s) {
  if (log.queued == log_queue_length) {
    ++log.lost;
    return;
  }
  log.queue[log.queued] = {run_time_s, code};
  ++log.queued;
}

void note_alarms(EventLog& log, uint32_t before, uint32_t after, uint32_t highest, uint32_t lowest,
                 uint32_t run_time_s) {
  const uint32_t moved = before ^ after;
  if (moved == 0) return;
  for (const AlarmCodes& codes : alarm_codes) {
    if (!has(moved, codes.alarm)) continue;
    const uint8_t code = has(after, codes.alarm) ? codes.set : codes.cleared;
    if (code != 0) note_event(log, code, run_time_s);
  }
  if (has(moved & after, Alarm::cell_over_voltage)) {
    note_event(log, static_cast<uint8_t>(event_first_cell_over_charge + highest), run_time_s);
  }
  if (has(moved & after, Alarm::cell_under_voltage)) {
    note_event(log, static_cast<uint8_t>(event_first_cell_over_discharge + lowest), run_time_s);
  }
}

bool write_log_word(EventLog& log, LogRing& ring) {
  if (log.queued == 0) return false;
  LogEntry& entry = ring.entry[log.count % log_length];
  const Event& event = log.queue[0];
  // The mark goes first and comes last, so that no cut between two words leaves a code with another event's time.
  if (log.word == 0) entry.mark = 0;
  if (log.word == 1) entry.run_time_s = event.run_time_s;
  if (log.word == 2) entry.mark = mark_of(log.count + 1, event.code);
  log.word = (log.word + 1) % words_per_event;
  if (log.word != 0) return true;
  ++log.count;
  --log.queued;
  for (uint32_t i = 0; i < log.queued; ++i) log.queue[i] = log.queue[i + 1];
  return true;
}

bool read_event(const LogRing& ring, const EventLog& log, uint32_t age, Event& event) {
  if (age >= log_length || age >= log.count) return false;
  const uint32_t number = log.count - age;
  const LogEntry& entry = ring.entry[(number - 1) % log_length];
  if (entry.mark >> code_bits != number) return false;
  event = {entry.run_time_s, entry.mark & code_mask};
  return true;
}

}  // namespace packrig::bms
