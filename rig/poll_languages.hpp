// How the rig asks a board for everything on a port where the board only answers.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "rig/codec/deframer.hpp"
#include "rig/codec/telemetry.hpp"

namespace packrig {

struct Reading {
  Telemetry telemetry;
  std::string defect;  // why the answer cannot be read; empty where all of it was understood
};

struct PollLanguage {
  const char* name = nullptr;
  double baud_Hz = 0.0;
  TimeNs silence_ns = 0;       // within a frame, see Deframer
  TimeNs packet_gap_ns = 0;    // between a packet's end and the next question
  TimeNs answer_limit_ns = 0;  // a question is unanswered after it
  Matcher match = nullptr;
  std::vector<std::uint8_t> (*question)() = nullptr;
  // What `raw` answers to `asked`; nullopt where it is no answer to it.
  std::optional<std::vector<std::uint8_t>> (*answer)(const RawFrame& raw,
                                                     std::span<const std::uint8_t> asked) = nullptr;
  // Of an answer to question().
  Reading (*read)(std::span<const std::uint8_t> answer, TimeNs arrival_ns) = nullptr;
};

PollLanguage nw_polling();
// JK Modbus, unit 1, at 115200 baud: the live block as far as one question reaches.
PollLanguage modbus_polling();
// "nw" (4E57) or "modbus". Throws BadInput for any other name.
PollLanguage polling_from_name(const std::string& name);

}  // namespace packrig
