#include "keeping.hpp"

namespace packrig::bms {
namespace {

bool is_kept(const Firmware& firmware) {
  const Configuration& kept = firmware.store.configuration.copy[firmware.saving.configuration.in_use].body;
  return same_bytes(kept.settings, firmware.settings) && kept.chemistry == firmware.chemistry &&
         same_bytes(kept.calibration, firmware.calibration) && same_bytes(kept.options, firmware.options);
}

Counters counters_of(const Firmware& firmware) {
  Counters counters{};
  keep_charge(firmware.charge, counters);
  counters.time_s = firmware.clock.time_s;
  counters.run_time_s = firmware.clock.run_time_s;
  counters.power_on_count = firmware.power_on_count;
  return counters;
}

// A clock that runs on is no reason to write.
bool charge_is_kept(const Firmware& firmware) {
  const Counters kept = firmware.store.counters.copy[firmware.saving.counters.in_use].body;
  const Counters now = counters_of(firmware);
  return kept.remaining_mAs == now.remaining_mAs && kept.charged_mAs == now.charged_mAs &&
         kept.discharged_mAs == now.discharged_mAs;
}

bool counters_are_due(const Part& part, const Firmware& firmware) {
  if (closing(firmware.power) && !charge_is_kept(firmware)) return true;
  const Copy<Counters>& copy = firmware.store.counters.copy[firmware.saving.counters.in_use];
  const Counters& kept = copy.body;
  if (copy.sequence == 0 || kept.power_on_count != firmware.power_on_count) return true;
  const Clock& clock = firmware.clock;
  const uint32_t run_s = clock.run_time_s - kept.run_time_s;
  if (run_s >= part.save_interval_s || clock.time_s - kept.time_s != run_s) return true;  // or the clock has been set
  const ChargeCounter& charge = firmware.charge;
  if (charge.full_mAh != kept.full_mAh) return true;
  const int64_t moved_mAs = charge.remaining_mAs - kept.remaining_mAs;
  const int64_t step_mAs = static_cast<int64_t>(charge.full_mAh) * 3600 / 1000 * part.save_step_permille;
  return moved_mAs >= step_mAs || moved_mAs <= -step_mAs;
}

}  // namespace

Configuration configuration_of(const Firmware& firmware) {
  return {firmware.settings, firmware.chemistry, firmware.calibration, firmware.options};
}

void use_factory(const Part& part, Firmware& firmware) {
  const Store& store = firmware.store;
  // Chemistry and count have been accepted once, by start().
  reset_settings(part, static_cast<uint8_t>(store.factory_chemistry), static_cast<uint8_t>(store.factory_count),
                 firmware.settings);
  firmware.chemistry = store.factory_chemistry;
  firmware.calibration = no_calibration;
  firmware.options = part.options;
}

void use_configuration(const Configuration& kept, Firmware& firmware) {
  firmware.settings = kept.settings;
  firmware.chemistry = kept.chemistry;
  firmware.calibration = kept.calibration;
  firmware.options = kept.options;
}

void keep(const Part& part, bool scan_ended, Firmware& firmware) {
  Saving& saving = firmware.saving;
  if (scan_ended && saving.configuration.word == 0 && !is_kept(firmware)) saving.configuration.word = 1;
  if (scan_ended && saving.counters.word == 0 && counters_are_due(part, firmware)) {
    saving.counters.word = 1;
    saving.latched = counters_of(firmware);
  }
  if (write_log_word(firmware.log, firmware.store.log)) return;
  if (saving.configuration.word != 0) {
    save_word(firmware.store.configuration, configuration_of(firmware), saving.configuration);
  } else if (saving.counters.word != 0) {
    save_word(firmware.store.counters, saving.latched, saving.counters);
  }
}

bool all_kept(const Part& part, const Firmware& firmware) {
  const Saving& saving = firmware.saving;
  return saving.configuration.word == 0 && saving.counters.word == 0 && firmware.log.queued == 0 && is_kept(firmware) &&
         !counters_are_due(part, firmware);
}

}  // namespace packrig::bms
