// One fuzzed input for the board's ports. Whatever comes, the board stays within its frame: bytes in order of time and
// at most 1 s ahead, settings that it would accept again, and a wake that lies ahead.
#pragma once

#include <cstddef>
#include <cstdint>

namespace packrig::test {

// The first byte chooses the port, the protocol and whether the rest is sent as it is or as the inside of frames whose
// lengths and sums are right (a sum is too hard to guess). Aborts when the board breaks a promise.
void feed_board(const std::uint8_t* data, std::size_t size);

}  // namespace packrig::test
