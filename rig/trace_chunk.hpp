// The bytes of a stored trace that its writer and its reader share; the format stands in trace_file.hpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace packrig::trace_chunk {

inline constexpr char magic[] = "PKRTRC03";
inline constexpr std::size_t magic_length = 8;
inline constexpr std::uint32_t header_kind = 1;
inline constexpr std::uint32_t rows_kind = 2;
inline constexpr std::uint32_t events_kind = 3;
inline constexpr std::uint32_t end_kind = 4;
// Rows, or events, per chunk at most.
inline constexpr std::size_t row_count_max = 4096;

// CRC-32, polynomial 0x04C11DB7, reflected.
std::uint32_t crc_of(const std::string& bytes);

template <class T>
void put(std::string& bytes, const T& value) {
  bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
}

}  // namespace packrig::trace_chunk
