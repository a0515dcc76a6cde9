// The writer that every frame is made with: order of bytes, fill, and an end that nothing goes beyond.
#include "models/bms/protocol/bytes.hpp"

#include <gtest/gtest.h>

#include <array>

namespace packrig::bms {
namespace {

TEST(Writer, PutsNumbersInEitherOrderAndTextWithItsFill) {
  std::array<std::uint8_t, 16> bytes{};
  Writer writer(bytes.data(), bytes.size());
  writer.big_endian(0xA1B2C3, 3);
  writer.little_endian(0xA1B2C3, 2);
  writer.text("ab");
  writer.text("c", 3, '_');
  writer.text("defg", 2, '_');
  writer.set_big_endian_u16(1, 0x0405);
  EXPECT_EQ(bytes, (std::array<std::uint8_t, 16>{0xA1, 0x04, 0x05, 0xC3, 0xB2, 'a', 'b', 'c', '_', '_', 'd', 'e'}));
  EXPECT_EQ(writer.length(), 12U);
}

TEST(Writer, DropsWhatDoesNotFit) {
  for (const std::size_t capacity : {3U, 4U, 5U}) {
    std::array<std::uint8_t, 6> bytes{};
    Writer writer(bytes.data(), capacity);
    writer.big_endian(0x01020304, 4);
    EXPECT_EQ(writer.length(), capacity < 4 ? capacity : 4U);
    EXPECT_EQ(bytes[3], capacity < 4 ? 0 : 4) << capacity;
  }
}

}  // namespace
}  // namespace packrig::bms
