// Whether the board's supply lets its firmware run, and when it begins anew.
//
//   running --below brown_out_V--> holding --hold_up--> off --above start_V--> starting --boot--> running, restarted
//              holding and starting go back where they came from when the supply does
//
// All four numbers are [assumed]: nobody has published any. A buck converter for a rail of 5 V drops out below about
// 6 V, which is also below the lowest pack that the sheet can mean (7 cells at 1 V); 22 uF behind a diode carry the
// 80 mW of a running board for some 10 ms from 12 V on; a small controller is back within 0.1 s.
#pragma once

#include "models/time.hpp"

namespace packrig {

inline constexpr double brown_out_V = 6.0;
inline constexpr double start_V = 7.0;
inline constexpr TimeNs hold_up_ns = 10 * millisecond_ns;
inline constexpr TimeNs boot_ns = 100 * millisecond_ns;

class BrownOut {
 public:
  enum class State { running, holding, off, starting };
  enum class Change { none, lost, restarted };

  // `supply_V` stands from now_ns on, which is no later than next_change_ns(). Says what that means for the firmware.
  Change show(double supply_V, TimeNs now_ns);

  State state() const { return state_; }
  bool firmware_runs() const { return state_ == State::running || state_ == State::holding; }
  // When the state changes by itself if the supply stays; never_ns when it does not.
  TimeNs next_change_ns() const { return next_change_ns_; }

 private:
  Change enter(State state, TimeNs now_ns);
  Change due(TimeNs now_ns);

  State state_ = State::running;
  TimeNs next_change_ns_ = never_ns;
};

}  // namespace packrig
