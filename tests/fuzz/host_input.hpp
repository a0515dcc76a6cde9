// One fuzzed input for the host's decoders. Whatever comes, they end, and what they say is within what the bytes can
// hold.
#pragma once

#include <cstddef>
#include <cstdint>

namespace packrig::test {

// The first byte chooses the language and whether the rest is a stream of bytes or the inside of a frame whose length
// and sum are right (a sum is too hard to guess). Aborts when a decoder breaks a promise.
void feed_host(const std::uint8_t* data, std::size_t size);

}  // namespace packrig::test
