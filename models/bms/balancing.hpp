// Active balancing: energy out of the highest cell into the board's store, then out of the store into the lowest.
//
//      idle --- may, and the difference is beyond the trigger, and the highest cell above the start voltage
//        `--> out of the highest, 43 s --> into the lowest, 22 s --> out of the highest ...
//
// A phase ends when its time is over, when the store is full or empty (the converter's current has faded), or when its
// cell no longer differs from the opposite one by more than the trigger. All ends when the difference is no longer
// beyond the trigger or the highest cell is below the start voltage. It needs no current in the pack and minds none.
#pragma once

#include <stdint.h>

#include "extremes.hpp"
#include "measurement.hpp"
#include "part.hpp"
#include "protections.hpp"
#include "settings.hpp"

namespace packrig::bms {

enum class BalancePhase : uint32_t { idle, out_of_highest, into_lowest };

// Why it is idle, the first that holds.
enum class BalanceBlock : uint32_t {
  none,          // it is not idle
  switched_off,  // by the balance switch
  conflict,      // the start voltage lies at or above the over-voltage: it can never be reached
  open_wire,
  poor_contact,  // a wire has too much resistance
  not_ready,     // no complete scan, wrong number of cells, or the wires are being tested
  fault,         // an alarm that forbids it, see balancing.cpp
  temperature,   // a probe beyond the limits of charging
  below_start,   // the highest cell
  even,          // the difference is within the trigger
};

struct Balancing {
  int64_t since_ns;  // of the phase
  BalancePhase phase;
  BalanceBlock blocked;
  int32_t current_mA;        // into the cell that is worked on, as the converter measures it; negative: out of it
  uint16_t cell;             // that is worked on, 1-based; 0 none
  uint16_t too_hot_or_cold;  // 1: until every probe is back at the release level
};

// At the end of a scan. `ready`: the number of cells is right and the wires have been tested.
void balance(const Part& part, const Settings& settings, const Measurements& measured, const CellRange& cells,
             const Protections& protections, bool ready, const PackrigAfeCodes& codes, Balancing& balancing);

// What the converter is asked for.
int32_t balance_current_mA(const Part& part, const Settings& settings);

}  // namespace packrig::bms
