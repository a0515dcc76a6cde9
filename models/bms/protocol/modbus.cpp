#include "modbus.hpp"

#include "jk02.hpp"
#include "modbus_map.hpp"
#include "models/bms/firmware_api.h"

namespace packrig::bms::modbus {
namespace {

constexpr uint8_t read_registers = 0x03;
constexpr uint8_t write_registers = 0x10;
constexpr uint8_t exception_bit = 0x80;
constexpr size_t short_request = 8;  // address, function, two words, sum
constexpr size_t write_head = 7;     // up to and with the number of bytes
constexpr size_t sum_size = 2;
constexpr uint32_t read_limit = 125;  // registers, of Modbus RTU

enum Exception : uint8_t { none = 0, illegal_function = 1, illegal_address = 2, illegal_value = 3 };

// CRC-16 of Modbus, polynomial 0xA001, four bits at a time.
uint32_t check_of(const uint8_t* bytes, size_t length) {
  constexpr uint16_t table[16] = {0x0000, 0xCC01, 0xD801, 0x1400, 0xF001, 0x3C00, 0x2800, 0xE401,
                                  0xA001, 0x6C00, 0x7800, 0xB401, 0x5000, 0x9C01, 0x8801, 0x4400};
  uint32_t crc = 0xFFFF;
  for (size_t i = 0; i < length; ++i) {
    crc = table[(crc ^ bytes[i]) & 0xF] ^ crc >> 4;
    crc = table[(crc ^ static_cast<uint32_t>(bytes[i] >> 4)) & 0xF] ^ crc >> 4;
  }
  return crc;
}

void finish(Writer& reply, size_t begin) {
  reply.little_endian(check_of(reply.bytes() + begin, reply.length() - begin), sum_size);
}

struct Request {
  uint8_t address;
  uint8_t function;
  uint32_t first;
  uint32_t count;
  const uint8_t* data;  // of a write, 2 * count bytes
};

// Of the number that a register lies in; null: it carries two bytes in their order.
const Span* span_of(const Block& block, size_t offset) {
  for (size_t i = 0; i < block.span_count; ++i) {
    if (offset >= block.spans[i].first && offset < block.spans[i].end) return &block.spans[i];
  }
  return nullptr;
}

// Which bytes of the frame the register at `offset` carries, the high one first. The mapping is its own inverse.
struct Place {
  size_t high;
  size_t low;
};
Place place_of(const Block& block, size_t offset) {
  const Span* span = span_of(block, offset);
  if (span == nullptr) return {offset, offset + 1};
  // The highest word of a number comes first, which in the frame is its last one.
  const size_t word = (offset - span->first) % span->size;
  const size_t mirrored = offset - word + (span->size - 2u - word);
  return {mirrored + 1, mirrored};
}

// The block that holds all of the request, or none.
const Block* block_of(const Request& request) {
  if (request.first % 2 != 0) return nullptr;
  for (const Block& block : blocks) {
    if (request.first < block.base) continue;
    if (request.first + 2 * request.count <= static_cast<uint32_t>(block.base + block_size)) return &block;
  }
  return nullptr;
}

size_t offset_in(const Block& block, const Request& request) { return request.first - block.base + jk02::body_begin; }

Exception read(const Board& board, const Request& request, Writer& reply) {
  if (request.count == 0 || request.count > read_limit) return illegal_value;
  const Block* block = block_of(request);
  if (block == nullptr) return illegal_address;
  uint8_t frame[jk02::frame_size];
  jk02::write_frame(board, block->type, 0, frame);
  reply.u8(request.address);
  reply.u8(request.function);
  reply.u8(2 * request.count);
  const size_t begin = offset_in(*block, request);
  for (size_t i = 0; i < request.count; ++i) {
    const Place place = place_of(*block, begin + 2 * i);
    reply.u8(frame[place.high]);
    reply.u8(frame[place.low]);
  }
  finish(reply, 0);
  return none;
}

// What nobody has published the meaning of may be written only as it is.
bool put_known(size_t offset, uint8_t value, uint8_t* frame) {
  if (!is_known(offset)) return frame[offset] == value;
  frame[offset] = value;
  return true;
}

// All registers of the request at once, so that limits which depend on each other can be moved together.
Exception write_settings(Board& board, const Block& block, const Request& request) {
  uint8_t frame[jk02::frame_size];
  jk02::write_frame(board, jk02::Type::settings, 0, frame);
  const size_t begin = offset_in(block, request);
  for (size_t i = 0; i < request.count; ++i) {
    const size_t offset = begin + 2 * i;
    const Place place = place_of(block, offset);
    if (!put_known(place.high, request.data[2 * i], frame)) return illegal_address;
    if (!put_known(place.low, request.data[2 * i + 1], frame)) return illegal_address;
  }
  frame[jk02::frame_size - 1] = static_cast<uint8_t>(sum_of_bytes(frame, jk02::frame_size - 1));
  return board.load_settings(frame) == 0 ? none : illegal_value;
}

Exception obey(Board& board, const Request& request) {
  for (const Command& command : commands) {
    if (command.address != request.first) continue;
    if (command.words != request.count) return illegal_value;
    const auto value = static_cast<int32_t>(big_endian(request.data, 2 * request.count));
    const int32_t result = board.write(command.register_number, jk02::board_value(command.register_number, value));
    return result == PACKRIG_WRITE_OK ? none : illegal_value;
  }
  return illegal_address;
}

void write_master_frame(const Board& board, const Request& request, Writer& reply) {
  for (const MasterFrame& master : master_frames) {
    if (master.address != request.first) continue;
    uint8_t frame[jk02::frame_size];
    jk02::write_frame(board, master.type, board.part().protocol.master_frame_counter, frame);
    for (const uint8_t byte : frame) reply.u8(byte);
    reply.u8(0);
  }
}

bool asks_master_frame(const Board& board, const Request& request) {
  if (!board.part().protocol.modbus_sends_master_frames || request.count != 1) return false;
  for (const MasterFrame& master : master_frames) {
    if (master.address == request.first && big_endian(request.data, 2) == 0) return true;
  }
  return false;
}

Exception write(Board& board, const Request& request, Writer& reply) {
  if (request.count == 0) return illegal_value;
  if (asks_master_frame(board, request)) {
    write_master_frame(board, request, reply);
  } else {
    const Block* block = block_of(request);
    const bool settings = block != nullptr && block->type == jk02::Type::settings;
    const Exception refused = settings ? write_settings(board, *block, request) : obey(board, request);
    if (refused != none) return refused;
  }
  const size_t begin = reply.length();
  reply.u8(request.address);
  reply.u8(request.function);
  reply.big_endian(request.first, 2);
  reply.big_endian(request.count, 2);
  finish(reply, begin);
  return none;
}

}  // namespace

size_t frame_length(const uint8_t* bytes, size_t length, uint8_t address) {
  if (length < short_request || bytes[0] != address) return 0;
  size_t frame = short_request;
  if (bytes[1] == write_registers) {
    frame = write_head + bytes[6] + sum_size;
    if (frame > length || bytes[6] != 2 * big_endian(bytes + 4, 2)) return 0;
  }
  return little_endian(bytes + frame - sum_size, sum_size) == check_of(bytes, frame - sum_size) ? frame : 0;
}

void answer(Board& board, const uint8_t* request, size_t, Writer& reply) {
  const Request asked{request[0], request[1], big_endian(request + 2, 2), big_endian(request + 4, 2),
                      request + write_head};
  Exception refused = illegal_function;
  if (asked.function == read_registers) refused = read(board, asked, reply);
  if (asked.function == write_registers) refused = write(board, asked, reply);
  if (refused == none) return;
  reply.u8(asked.address);
  reply.u8(asked.function | exception_bit);
  reply.u8(refused);
  finish(reply, 0);
}

}  // namespace packrig::bms::modbus
