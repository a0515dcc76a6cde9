// libFuzzer's entry to the board's ports.
#include "tests/fuzz/board_input.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  packrig::test::feed_board(data, size);
  return 0;
}
