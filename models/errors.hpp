// The two kinds of error that the simulated world knows. (Those of the rig are in rig/fault.hpp.)
#pragma once

#include <stdexcept>

namespace packrig {

// An input is not acceptable; the message names the offender, its value and what is accepted. Exit code 4.
class BadInput : public std::invalid_argument {
 public:
  using std::invalid_argument::invalid_argument;
};

// A state became NaN or a conservation law broke; the message names the state. Exit code 3: never a verdict.
class NumericFault : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace packrig
