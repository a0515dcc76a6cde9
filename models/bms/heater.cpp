#include "heater.hpp"

#include "afe_frame.h"
#include "extremes.hpp"

namespace packrig::bms {
namespace {

// Alarm bits: board, charge and discharge over-temperature.
constexpr uint32_t too_hot = 1u << 1 | 1u << 8 | 1u << 15;

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
