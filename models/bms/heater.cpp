#include "heater.hpp"

#include "afe_frame.h"
#include "extremes.hpp"

namespace packrig::bms {
namespace {

constexpr uint32_t too_hot = bits_of(Alarm::board_hot, Alarm::charge_hot, Alarm::discharge_hot);

}  // namespace

bool heat(const Settings& settings, const Measurements& measured, const Protections& protections, bool heats) {
  if (setting(settings, heating_switch) == 0) return false;
  if ((measured.inputs & PACKRIG_INPUT_CHARGER) == 0) return false;
  if ((protections.alarms & too_hot) != 0 || faulty_probes(settings, measured) != 0) return false;
  const Reading coldest_ddegC = extreme_probe(Side::below, settings, measured);
  if (!coldest_ddegC.present) return false;
  if (coldest_ddegC.value > setting(settings, heating_stop_degC) * 10) return false;
  return heats || coldest_ddegC.value < setting(settings, heating_start_degC) * 10;
}

}  // namespace packrig::bms
