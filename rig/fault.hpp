// Errors of the rig, never of the product under test.
#pragma once

#include <stdexcept>

namespace packrig {

// The rig is broken or was asked for what it cannot do: the verdict is ERROR, never FAIL. Exit code 3.
class BenchFault : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace packrig
