// How a firmware begins: at the factory, and each time that the power comes.
#include "firmware.hpp"
#include "firmware_api.h"
#include "keeping.hpp"

namespace packrig::bms {
int32_t start(const Part& part, uint8_t chemistry, uint8_t count, Firmware& firmware) {
  Settings settings;
  const int32_t result = reset_settings(part, chemistry, count, settings);
  if (result != PACKRIG_WRITE_OK) return result;
  __builtin_memset(&firmware, 0, sizeof firmware);
  firmware.store.factory_chemistry = chemistry;
  firmware.store.factory_count = count;
  use_factory(part, firmware);
  Copy<Configuration>& copy = firmware.store.configuration.copy[0];
  copy.sequence = 1;
  copy.body = configuration_of(firmware);
  copy.sum = sum_of(copy);
  restart(part, firmware);
  return PACKRIG_WRITE_OK;
}

void restart(const Part& part, Firmware& firmware) {
  __builtin_memset(&firmware, 0, offsetof(Firmware, store));
  firmware.power = power_after_start();
  if (const Configuration* kept = open_record(firmware.store.configuration, firmware.saving.configuration)) {
    use_configuration(*kept, firmware);
  } else {
    // Nobody knows any more what the pack may bear: as delivered, but with nothing switched on.
    use_factory(part, firmware);
    switch_off(firmware.settings);
  }
  if (const Counters* kept = open_record(firmware.store.counters, firmware.saving.counters)) {
    restore_charge(*kept, firmware.charge);
    firmware.clock.time_s = kept->time_s;
    firmware.clock.run_time_s = kept->run_time_s;
    firmware.power_on_count = kept->power_on_count;
  }
  ++firmware.power_on_count;
  open_log(firmware.store.log, firmware.log);
  note_event(firmware.log, event_boot, firmware.clock.run_time_s);
}

}  // namespace packrig::bms
