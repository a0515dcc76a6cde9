// libFuzzer's entry to the host's decoders.
#include "tests/fuzz/host_input.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  packrig::test::feed_host(data, size);
  return 0;
}
