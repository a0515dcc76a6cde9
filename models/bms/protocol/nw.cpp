#include "nw.hpp"

#include "nw_table.hpp"

namespace packrig::bms::nw {
namespace {

constexpr uint32_t header = 0x4E57;
constexpr uint8_t end_mark = 0x68;
constexpr size_t head_size = 11;  // up to and with the type
constexpr size_t tail_size = 9;   // record number, end, check
constexpr uint8_t request_type = 0;
constexpr uint8_t reply_type = 1;
constexpr uint8_t source_board = 0;
constexpr uint8_t all_codes = 0x00;

enum Command : uint8_t { activate = 0x01, write_one = 0x02, read_one = 0x03, password = 0x05, read_all = 0x06 };

// A frame's information: the code and what follows it.
struct Information {
  uint8_t code;
  const uint8_t* data;
  size_t size;
};

void write_register(const Row& row, const Board& board, const Status& status, Writer& reply) {
  reply.u8(row.code);
  row.value({row, board, status}, reply);
}

const Row* find(uint8_t code) {
  for (const Row& row : rows) {
    if (row.code == code) return &row;
  }
  return nullptr;
}

void begin(const Board& board, uint8_t command, Writer& reply) {
  reply.big_endian(header, 2);
  reply.big_endian(0, 2);  // the length, once it is known
  reply.big_endian(board.part().protocol.nw_unit_number, 4);
  reply.u8(command);
  reply.u8(source_board);
  reply.u8(reply_type);
}

void finish(Writer& reply) {
  reply.big_endian(0, 4);  // record number: 0 in every capture
  reply.u8(end_mark);
  reply.set_big_endian_u16(2, static_cast<uint32_t>(reply.length() + 4 - 2));
  reply.big_endian(sum_of_bytes(reply.bytes(), reply.length()) & 0xFFFF, 4);
}

void answer_code(const Board& board, uint8_t command, uint8_t code, Writer& reply) {
  begin(board, command, reply);
  reply.u8(code);
  finish(reply);
}

void answer_all(const Board& board, uint8_t command, Writer& reply) {
  const Status status = board.status();
  begin(board, command, reply);
  for (const Row& row : rows) write_register(row, board, status, reply);
  finish(reply);
}

void answer_one(const Board& board, uint8_t code, Writer& reply) {
  const Row* row = find(code);
  if (row == nullptr) return;
  begin(board, read_one, reply);
  write_register(*row, board, board.status(), reply);
  finish(reply);
}

// Two's complement of the row's size; single bytes are counts and switches.
int32_t value_of(const Information& information) {
  const uint32_t raw = big_endian(information.data, information.size);
  return information.size == 2 ? static_cast<int16_t>(raw) : static_cast<int32_t>(raw);
}

void answer_write(Board& board, const Information& information, Writer& reply) {
  const Row* row = find(information.code);
  if (row == nullptr || !row->writable || information.size != row->size) return;
  if (row->register_number == balance_switch && !board.part().protocol.nw_writes_balance_switch) return;
  const int64_t value = static_cast<int64_t>(value_of(information)) * row->number;
  if (value > INT32_MAX || value < INT32_MIN) return;
  if (board.write(row->register_number, static_cast<int32_t>(value)) != 0) return;
  answer_code(board, write_one, information.code, reply);
}

}  // namespace

size_t frame_length(const uint8_t* bytes, size_t length, uint8_t) {
  constexpr size_t shortest = head_size + 1 + tail_size;
  if (length < shortest || big_endian(bytes, 2) != header) return 0;
  const size_t frame = big_endian(bytes + 2, 2) + 2;
  if (frame < shortest || frame > length || bytes[frame - 5] != end_mark) return 0;
  return big_endian(bytes + frame - 4, 4) == (sum_of_bytes(bytes, frame - 4) & 0xFFFF) ? frame : 0;
}

void answer(Board& board, const uint8_t* request, size_t length, Writer& reply) {
  const ProtocolChoices& choices = board.part().protocol;
  const uint32_t unit = big_endian(request + 4, 4);
  if ((unit != 0 && unit != choices.nw_unit_number) || request[10] != request_type) return;
  const uint8_t command = request[8];
  const Information information{request[head_size], request + head_size + 1, length - head_size - 1 - tail_size};
  switch (command) {
    case read_all:
      if (information.code == all_codes && information.size == 0) answer_all(board, command, reply);
      return;
    case read_one:
      if (information.size != 0) return;
      if (information.code == all_codes) return answer_all(board, command, reply);
      return answer_one(board, information.code, reply);
    case write_one:
      return answer_write(board, information, reply);
    case activate:
      if (choices.nw_answers_activate) answer_code(board, command, information.code, reply);
      return;
    case password:
      if (choices.nw_answers_password) answer_code(board, command, information.code, reply);
      return;
  }
}

}  // namespace packrig::bms::nw
