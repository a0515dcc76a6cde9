// A course over time: `value` holds from t_s until the next point's t_s; 0 before the first, the last one for ever.
#pragma once

#include <memory>
#include <vector>

namespace packrig {

struct ProfilePoint {
  double t_s;
  double value;  // A or W, by the kind of load that follows it
};
using Profile = std::shared_ptr<const std::vector<ProfilePoint>>;

}  // namespace packrig
