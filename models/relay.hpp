// An external relay (DC contactor): the time between a drive edge and the contact, its bounce, its limits, its arc.
//
//      drive  ____|~~~~~~~~~~~~~~~~~~~~~~~|__________
//      contact _________|~|_|~|_|~~~~~~~~~~~~|_______
//                 operate   bounce        release
//
// A relay is a value. Whoever owns time asks for next_movement_ns() and calls move() when it has come.
#pragma once

#include "models/time.hpp"

namespace packrig {

// Defaults: a sealed 200 A class DC contactor. Assumed, in the range that makers of that class publish: operate 15 ms,
// release below 12 ms, bounce some ms, breaking 2 kA a few times. Published making limits are from some hundred ampere
// upwards and for surges of unlike length; this one is that of a surge below 0.2 ms, as a load's capacitor takes.
struct RelayDescription {
  double operate_s = 15e-3;  // coil on to first touch
  double release_s = 8e-3;   // coil off to the contacts parting
  double bounce_s = 3e-3;    // first touch to the last closure
  int bounce_count = 3;      // times that the contact reopens within bounce_s, evenly spread
  double contact_Ohm = 0.2e-3;
  double making_limit_A = 1500.0;    // a higher inrush welds the contact
  double breaking_limit_A = 2000.0;  // a higher current is not interrupted: the contact welds
  double arc_V = 200.0;              // voltage of the drawn arc, constant (magnetic blow-out)
};

// Throws BadInput naming `name` and the member. Ranges: operate, release and bounce 0 to 1 s, bounce_count 0 to 10,
// contact 1 uOhm to 1 Ohm, limits 0.1 A to 1 MA, arc 10 V to 10 kV.
void check(const char* name, const RelayDescription& relay);

// Energy that the arc takes when `current_A` is broken in a loop of `loop_H` while `driving_V` still pushes it.
// With a constant arc voltage the current falls linearly at (arc - driving) / L, hence E = 1/2 L I^2 arc / (arc -
// driving). Infinite when the arc voltage does not exceed the driving one: the arc does not go out.
double arc_J(double loop_H, double current_A, double arc_V, double driving_V);

class Relay {
 public:
  Relay() = default;
  explicit Relay(const RelayDescription& description);

  // The coil's drive as of `at_ns`. Contacts follow later; a drive withdrawn before its time moves nothing.
  void drive(bool on, TimeNs at_ns);

  // When the armature next moves a contact; never_ns when nothing is under way.
  TimeNs next_movement_ns() const { return movement_ns_; }

  // Performs the movement that is due at next_movement_ns().
  void move();

  // What the main contact conducts, and what its mirror contact reports.
  bool closed() const { return welded_ || armature_closed_; }
  bool welded() const { return welded_; }
  // A weld holds the contact closed whatever the armature does; taking it away lets the armature decide again.
  void weld(bool welded) { welded_ = welded; }

 private:
  TimeNs operate_ns_ = 0;
  TimeNs release_ns_ = 0;
  TimeNs bounce_ns_ = 0;
  int bounce_movements_ = 0;  // reopenings and closures after the first touch

  bool driven_ = false;
  bool armature_closed_ = false;
  bool welded_ = false;
  TimeNs touch_ns_ = never_ns;  // first touch of the closing under way or done
  TimeNs release_at_ns_ = never_ns;
  TimeNs movement_ns_ = never_ns;
  int bounces_left_ = 0;

  TimeNs next_closing_ns() const;
  void plan();
};

}  // namespace packrig
