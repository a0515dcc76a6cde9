#include "dry_contacts.hpp"

#include "afe_frame.h"
#include "alarms.hpp"
#include "spans.hpp"

namespace packrig::bms {
namespace {

struct SourceRow {
  uint8_t source;
  uint32_t alarms;
};

constexpr uint8_t off = 0;
constexpr uint8_t low_charge = 1;
constexpr uint8_t high_charge = 13;
// The other one is remote control (12), for which no command is published: a contact that waits for it stays open.
constexpr SourceRow source_rows[] = {
    {2, bits_of(Alarm::pack_over_voltage)},
    {3, bits_of(Alarm::pack_under_voltage)},
    {4, bits_of(Alarm::cell_over_voltage)},
    {5, bits_of(Alarm::cell_under_voltage)},
    {6, bits_of(Alarm::charge_current)},
    {7, bits_of(Alarm::discharge_current)},
    {8, bits_of(Alarm::charge_hot, Alarm::discharge_hot)},
    {9, bits_of(Alarm::board_hot)},
    {10, ~0u},  // any alarm
    {11, bits_of(Alarm::charge_cold, Alarm::discharge_cold)},
    {14, bits_of(Alarm::charge_path, Alarm::discharge_path)},
};

bool is_due(uint8_t source, const Trigger& trigger, const ContactSources& sources, bool was_due) {
  const int32_t level_percent = was_due ? trigger.off_value : trigger.on_value;
  if (source == low_charge) return was_due ? sources.soc_percent <= level_percent : sources.soc_percent < level_percent;
  if (source == high_charge)
    return was_due ? sources.soc_percent >= level_percent : sources.soc_percent > level_percent;
  for (const SourceRow& row : source_rows) {
    if (row.source == source) return (row.alarms & sources.alarms) != 0;
  }
  return false;
}

constexpr int64_t beat_ns = s_in_ns(1);  // [assumed] nobody has published how long a pulse is

}  // namespace

bool contact_chosen(const Options& options) { return options.dry_1_source != off || options.dry_2_source != off; }

uint32_t due_contacts(const Options& options, const ContactSources& sources, uint32_t due) {
  const bool first = is_due(options.dry_1_source, options.dry_1, sources, (due & PACKRIG_DRIVE_DRY_1) != 0);
  const bool second = is_due(options.dry_2_source, options.dry_2, sources, (due & PACKRIG_DRIVE_DRY_2) != 0);
  return (first ? PACKRIG_DRIVE_DRY_1 : 0u) | (second ? PACKRIG_DRIVE_DRY_2 : 0u);
}

uint32_t beat(const Settings& settings, uint32_t due, int64_t now_ns) {
  return setting(settings, dry_contact_intermittent) != 0 && now_ns / beat_ns % 2 != 0 ? 0 : due;
}

}  // namespace packrig::bms
