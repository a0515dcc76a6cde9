// A settings frame that is changed by hand.
#pragma once

#include "tests/bms/desk.hpp"

namespace packrig::test {

inline void set_sum(std::vector<std::uint8_t>& frame) {
  unsigned sum = 0;
  for (std::size_t i = 0; i < 299; ++i) sum += frame[i];
  frame[299] = static_cast<std::uint8_t>(sum);
}

}  // namespace packrig::test
