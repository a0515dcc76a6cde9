// The plug between a battery pack and its BMS: physical quantities only.
//
//      Plant (left)   ---- Terminals (V, A, Ohm) ---->   Bench (right: the BMS in whatever form)
//                     <--- Actions (edges, balance) ---
//
// Sign: current is positive when it discharges the pack, here and everywhere left of a codec.
// Quantisation, gain error and noise are the analogue front end's, on the BMS's side; nothing of them
// is in here. That is what lets one scenario run against a model and against a board.
#pragma once

#include <array>
#include <cstdint>

#include "models/bounded_list.hpp"
#include "models/time.hpp"

namespace packrig {

inline constexpr int cell_count_max = 25;
inline constexpr int tap_count_max = cell_count_max + 1;
inline constexpr int ntc_count = 3;

enum class Port : std::uint8_t { rs485, can, bluetooth, lcd };
inline constexpr int port_count = 4;

// What a BMS drives. The first two are the coils of the two external relays of a split-port pack.
enum class Actuator : std::uint8_t { charge, discharge, precharge, heater, dry_contact_1, dry_contact_2 };
inline constexpr int actuator_count = 6;
constexpr const char* actuator_name(Actuator actuator) {
  constexpr const char* names[actuator_count] = {"charge", "discharge",     "precharge",
                                                 "heater", "dry_contact_1", "dry_contact_2"};
  return names[static_cast<int>(actuator)];
}

// One byte on a bus, stamped at the end of its stop bit. A CAN frame crosses as its bytes in candump order:
// 4 of identifier (most significant first, bit 31 = extended), 1 of length, then the data.
struct BusByte {
  TimeNs at_ns;
  Port port;
  std::uint8_t value;
};
using BusBytes = BoundedList<BusByte, 512>;

// An edge of a drive at the BMS's output pin (not of the contact it moves).
struct Edge {
  TimeNs at_ns;
  Actuator actuator;
  bool on;
};

// Towards the BMS: what stands at its connector from the instant it is shown until the next one.
struct Terminals {
  int cell_count = 0;                         // series cells; taps 0..cell_count are valid
  std::array<double, tap_count_max> tap_V{};  // sense wire k at the BMS's connector against B-
  double shunt_V = 0.0;                       // across the shunt's sense pads, positive when discharging
  std::array<double, ntc_count> ntc_Ohm{};    // infinity: open or never fitted
  double board_degC = 25.0;                   // the air around the BMS board
  double supply_V = 0.0;                      // the BMS's supply pins
  double charge_port_V = 0.0;
  double load_port_V = 0.0;
  bool charger_plugged = false;
  bool button_pressed = false;   // K+/K- of the LCD port
  bool charge_feedback = false;  // auxiliary contact: true when the main contact is closed
  bool discharge_feedback = false;
  BusBytes bus_bytes;
};

// What a bench really imposed at the BMS's terminals, as far as it can tell.
struct Readback {
  TimeNs at_ns = 0;  // when these values held
  std::array<double, tap_count_max> tap_V{};
  double shunt_V = 0.0;
  std::array<double, ntc_count> ntc_Ohm{};
  double supply_V = 0.0;
  double supply_A = 0.0;  // mean current drawn at the supply pins during the exchange, as measured
  bool settled = true;    // every channel is inside its settling band
  bool valid = true;      // false: the bench could not read back (dead instrument); see Bench::fault()
};

// From the BMS, for one exchange.
struct Actions {
  TimeNs until_ns = 0;                            // the instant reached: later than the start, never later than asked
  BoundedList<Edge, 64> edges;                    // in order of time
  std::array<bool, actuator_count> drive_on{};    // at the end of the exchange
  std::array<double, tap_count_max> balance_A{};  // mean current that the BMS feeds into each tap
  double supply_A = 0.0;                          // mean current that the BMS draws at its supply pins
  double balance_W = 0.0;                         // mean heat that its balancer leaves on the board
  BusBytes bus_bytes;
  Readback readback;

  bool is_on(Actuator actuator) const { return drive_on[static_cast<std::size_t>(actuator)]; }
};

}  // namespace packrig
