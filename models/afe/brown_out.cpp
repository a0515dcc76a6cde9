#include "models/afe/brown_out.hpp"

namespace packrig {

BrownOut::Change BrownOut::enter(State state, TimeNs now_ns) {
  const bool ran = firmware_runs();
  state_ = state;
  next_change_ns_ = state == State::holding    ? now_ns + hold_up_ns
                    : state == State::starting ? now_ns + boot_ns
                                               : never_ns;
  if (ran == firmware_runs()) return Change::none;
  return ran ? Change::lost : Change::restarted;
}

// What the supply before this instant has led to.
BrownOut::Change BrownOut::due(TimeNs now_ns) {
  if (now_ns < next_change_ns_) return Change::none;
  return enter(state_ == State::holding ? State::off : State::running, now_ns);
}

BrownOut::Change BrownOut::show(double supply_V, TimeNs now_ns) {
  const Change change = due(now_ns);
  const bool low = supply_V < brown_out_V;
  if (state_ == State::running && low) enter(State::holding, now_ns);
  if (state_ == State::holding && !low) enter(State::running, now_ns);
  if (state_ == State::starting && low) enter(State::off, now_ns);
  if (state_ == State::off && supply_V >= start_V) enter(State::starting, now_ns);
  return change;
}

}  // namespace packrig
