#include "rig/trace_chunk.hpp"

#include <boost/crc.hpp>

namespace packrig::trace_chunk {

std::uint32_t crc_of(const std::string& bytes) {
  boost::crc_32_type crc;
  crc.process_bytes(bytes.data(), bytes.size());
  return crc.checksum();
}

}  // namespace packrig::trace_chunk
