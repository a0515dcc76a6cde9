// The power modes: when the board switches itself off, sleeps, and what wakes it.
//
//                    charger put in, button 1 s                       idle for the set hours
//   off, storage ---------------------------------> running <-----------------------------------> standby
//        ^                                            |         charger, button, bus, current,
//        '------------ paths open, then the mode -----'         a protection that begins to count
//          off: power-off voltage      storage: button 3 s, command
//
// Off and storage draw nothing and run nothing: the transceivers are without supply, so no bus wakes the board. In
// standby paths stay as they are, the comparator is armed and scans go on at the part's slower rhythm.
#pragma once

#include <stdint.h>

#include "afe_frame.h"
#include "extremes.hpp"
#include "measurement.hpp"
#include "part.hpp"
#include "protections.hpp"
#include "settings.hpp"

namespace packrig::bms {

constexpr int64_t never_ns = INT64_MAX;

// In the order of PackrigAfeCommands.power_mode; running with bus is running to the firmware.
enum class PowerMode : uint8_t { off, storage, standby, running };

// Why the mode is what it is.
enum class PowerReason : uint8_t { start, charger, button, bus, activity, command, power_off_voltage, idle };

struct Power {
  int64_t button_since_ns;   // never_ns: not pressed
  int64_t bus_until_ns;      // until then the transceivers are held ready
  int64_t idle_since_ns;     // smart sleep counts from here; never_ns: it does not count
  int64_t low_since_ns;      // below the power-off voltage; never_ns: not
  int64_t closing_since_ns;  // paths have been opened and `closing_to` follows; never_ns: not
  PowerMode mode;
  PowerReason reason;
  PowerMode closing_to;
  uint8_t button_used;   // this press has done its work
  uint8_t button_click;  // 1: at this wake a press ended that was too short to switch off
  uint8_t charger_seen;
  uint8_t reserved[2];
};

// A board that has been switched on.
Power power_after_start();

constexpr bool asleep(const Power& power) { return power.mode == PowerMode::off || power.mode == PowerMode::storage; }
constexpr bool closing(const Power& power) { return power.closing_since_ns != never_ns; }

// At every wake, before anything is measured: charger, button and bus. True when they have switched the board on.
bool attend(const Part& part, const PackrigAfeCodes& codes, Power& power);

// What a scan says about the mode. `closed_before`: some path has closed since the start; before that a pack that is
// too low switches the board off without delay, so that nothing ever closes.
struct Activity {
  bool closed_before;
  bool emergency;
  bool balancing;
};
void judge_power(const Part& part, const Settings& settings, const Measurements& measured, const CellRange& cells,
                 const Protections& protections, Activity activity, int64_t now_ns, Power& power);

// Of a board that is awake: opens the paths now; the mode follows after the part's closing time.
void switch_off(PowerMode to, PowerReason reason, int64_t now_ns, Power& power);

// The paths have been open for as long as any contactor takes. What the sensor shows from now on is its zero, or goes
// through a welded contact: it is not waited for.
bool opened(const Part& part, const Power& power, int64_t now_ns);

// When all is kept: what was begun comes to its end.
void finish_closing(const Part& part, int64_t now_ns, Power& power);

// PackrigAfeCommands.power_mode.
uint8_t front_end_mode(const Power& power, int64_t now_ns);
// One channel group per so many ms.
uint32_t rhythm_ms(const Part& part, const Power& power);
// When a board that is off or in storage runs again by itself: at the end of a button's time, or never.
int64_t asleep_until_ns(const Part& part, const Power& power);
// Seconds until standby; the whole time while it does not count.
int32_t seconds_to_sleep(const Settings& settings, const Power& power, int64_t now_ns);

}  // namespace packrig::bms
