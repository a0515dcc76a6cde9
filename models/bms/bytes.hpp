// Moving and comparing plain values as bytes, without a library.
#pragma once

#include <stddef.h>
#include <stdint.h>

namespace packrig::bms {

// The `index`th 32-bit word of a value, as it lies in memory.
template <class Value>
uint32_t word_of(const Value& value, uint32_t index) {
  static_assert(sizeof(Value) % sizeof(uint32_t) == 0);
  uint32_t word;
  __builtin_memcpy(&word, reinterpret_cast<const unsigned char*>(&value) + index * sizeof word, sizeof word);
  return word;
}

template <class Value>
void set_word(Value& value, uint32_t index, uint32_t word) {
  static_assert(sizeof(Value) % sizeof(uint32_t) == 0);
  __builtin_memcpy(reinterpret_cast<unsigned char*>(&value) + index * sizeof word, &word, sizeof word);
}

// Of types without padding: equal values are equal bytes.
template <class Value>
bool same_bytes(const Value& a, const Value& b) {
  static_assert(__has_unique_object_representations(Value));
  return __builtin_memcmp(&a, &b, sizeof(Value)) == 0;
}

// CRC-32 (IEEE 802.3, as in zip), continued by one word: `crc` starts as 0xFFFFFFFF, the sum is its complement.
uint32_t crc_continued(uint32_t crc, uint32_t word);

}  // namespace packrig::bms
