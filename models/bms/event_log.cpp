#include "event_log.hpp"

namespace packrig::bms {
namespace {

constexpr uint32_t words_per_event = 3;  // the mark taken away, the time, the new mark
constexpr uint32_t code_bits = 8;
constexpr uint32_t code_mask = 0xFFu;

constexpr uint32_t mark_of(uint32_t number, uint32_t code) { return number << code_bits | code; }

// Of the alarm word's bits; 0: the logbook has no such code.
struct AlarmCodes {
  uint8_t bit;
  uint8_t set;
  uint8_t cleared;
};
constexpr AlarmCodes alarm_codes[] = {
    {1, 0x0B, 0x0C},  {2, 0x3C, 0},     {3, 0x0D, 0x0E},  {4, 0x11, 0x12},  {5, 0x13, 0x14},  {6, 0x15, 0x16},
    {7, 0x17, 0x18},  {8, 0x19, 0x1A},  {9, 0x1B, 0x1C},  {10, 0x0F, 0x10}, {11, 0x1D, 0x1E}, {12, 0x1F, 0x20},
    {13, 0x21, 0x22}, {14, 0x23, 0x24}, {15, 0x25, 0x26}, {16, 0x39, 0},    {17, 0x3A, 0},    {20, 0x2E, 0},
    {24, 0x42, 0},    {25, 0x40, 0},    {26, 0x41, 0},    {27, 0x48, 0x49},
};
constexpr uint32_t cell_over_voltage = 1u << 4;
constexpr uint32_t cell_under_voltage = 1u << 11;

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
  for (const AlarmCodes& alarm : alarm_codes) {
    if ((moved >> alarm.bit & 1u) == 0) continue;
    const uint8_t code = (after >> alarm.bit & 1u) != 0 ? alarm.set : alarm.cleared;
    if (code != 0) note_event(log, code, run_time_s);
  }
  if ((moved & after & cell_over_voltage) != 0) {
    note_event(log, static_cast<uint8_t>(event_first_cell_over_charge + highest), run_time_s);
  }
  if ((moved & after & cell_under_voltage) != 0) {
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
