#include "models/relay.hpp"

#include <algorithm>
#include <limits>
#include <string>

#include "models/check.hpp"

namespace packrig {

void check(const char* name, const RelayDescription& relay) {
  const std::string prefix = std::string(name) + ".";
  check_range(prefix + "operate_s", relay.operate_s, 0.0, 1.0);
  check_range(prefix + "release_s", relay.release_s, 0.0, 1.0);
  check_range(prefix + "bounce_s", relay.bounce_s, 0.0, 1.0);
  check_range(prefix + "bounce_count", relay.bounce_count, 0, 10);
  check_range(prefix + "contact_Ohm", relay.contact_Ohm, 1e-6, 1.0);
  check_range(prefix + "making_limit_A", relay.making_limit_A, 0.1, 1e6);
  check_range(prefix + "breaking_limit_A", relay.breaking_limit_A, 0.1, 1e6);
  check_range(prefix + "arc_V", relay.arc_V, 10.0, 10e3);
}

double arc_J(double loop_H, double current_A, double arc_V, double driving_V) {
  if (driving_V >= arc_V) return std::numeric_limits<double>::infinity();
  return 0.5 * loop_H * current_A * current_A * arc_V / (arc_V - driving_V);
}

Relay::Relay(const RelayDescription& description)
    : operate_ns_(from_s(description.operate_s)),
      release_ns_(from_s(description.release_s)),
      bounce_ns_(description.bounce_count > 0 ? from_s(description.bounce_s) : 0),
      bounce_movements_(bounce_ns_ > 0 ? 2 * description.bounce_count : 0) {}

void Relay::drive(bool on, TimeNs at_ns) {
  if (on == driven_) return;
  driven_ = on;
  if (on) {
    const bool still_closed = release_at_ns_ != never_ns;
    release_at_ns_ = never_ns;
    if (!still_closed) {
      touch_ns_ = at_ns + operate_ns_;
      bounces_left_ = bounce_movements_;
    }
  } else if (touch_ns_ != never_ns && at_ns < touch_ns_) {
    touch_ns_ = never_ns;  // had not arrived yet
  } else {
    release_at_ns_ = at_ns + release_ns_;
  }
  plan();
}

// Movement k after the first touch comes at touch + bounce k / movements: odd ones part, even ones close.
TimeNs Relay::next_closing_ns() const {
  if (touch_ns_ == never_ns) return never_ns;
  if (!armature_closed_ && bounces_left_ == bounce_movements_) return touch_ns_;
  if (bounces_left_ == 0) return never_ns;
  const TimeNs k = bounce_movements_ - bounces_left_ + 1;
  return touch_ns_ + bounce_ns_ * k / bounce_movements_;
}

void Relay::plan() { movement_ns_ = std::min(release_at_ns_, next_closing_ns()); }

void Relay::move() {
  if (movement_ns_ == release_at_ns_) {
    armature_closed_ = false;
    touch_ns_ = never_ns;
    release_at_ns_ = never_ns;
  } else if (!armature_closed_ && bounces_left_ == bounce_movements_) {
    armature_closed_ = true;  // first touch
  } else {
    armature_closed_ = !armature_closed_;
    --bounces_left_;
  }
  plan();
}

}  // namespace packrig
