// Writing a frame into a buffer of fixed size, and reading numbers out of one.
#pragma once

#include <stddef.h>
#include <stdint.h>

namespace packrig::bms {

// What does not fit is dropped: every frame is smaller than its buffer, which tests show for the longest of each kind.
class Writer {
 public:
  Writer(uint8_t* bytes, size_t capacity) : bytes_(bytes), capacity_(capacity) {}

  size_t length() const { return length_; }
  const uint8_t* bytes() const { return bytes_; }

  void u8(uint32_t value) {
    if (length_ < capacity_) bytes_[length_++] = static_cast<uint8_t>(value);
  }
  // Most significant byte first; the low `size` bytes of `value`.
  void big_endian(uint32_t value, size_t size) {
    for (size_t i = size; i > 0; --i) u8(value >> (8 * (i - 1)));
  }
  void little_endian(uint32_t value, size_t size) {
    for (size_t i = 0; i < size; ++i) u8(value >> (8 * i));
  }
  void text(const char* text) {
    while (*text != '\0') u8(static_cast<uint8_t>(*text++));
  }
  // The first `size` characters of `text`, filled up with `fill`.
  void text(const char* text, size_t size, char fill) {
    bool ended = false;
    for (size_t i = 0; i < size; ++i) {
      ended = ended || text[i] == '\0';
      u8(static_cast<uint8_t>(ended ? fill : text[i]));
    }
  }
  void set_big_endian_u16(size_t offset, uint32_t value) {
    bytes_[offset] = static_cast<uint8_t>(value >> 8);
    bytes_[offset + 1] = static_cast<uint8_t>(value);
  }

 private:
  uint8_t* bytes_;
  size_t capacity_;
  size_t length_ = 0;
};

inline uint32_t big_endian(const uint8_t* bytes, size_t size) {
  uint32_t value = 0;
  for (size_t i = 0; i < size; ++i) value = value << 8 | bytes[i];
  return value;
}

inline uint32_t little_endian(const uint8_t* bytes, size_t size) {
  uint32_t value = 0;
  for (size_t i = size; i > 0; --i) value = value << 8 | bytes[i - 1];
  return value;
}

inline uint32_t sum_of_bytes(const uint8_t* bytes, size_t length) {
  uint32_t sum = 0;
  for (size_t i = 0; i < length; ++i) sum += bytes[i];
  return sum;
}

}  // namespace packrig::bms
