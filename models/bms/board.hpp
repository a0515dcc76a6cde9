// The board as its protocols see it: what it says of itself, its settings, and the one way to change anything.
#pragma once

#include <stdint.h>

#include "event_log.hpp"
#include "part.hpp"
#include "settings.hpp"
#include "status.hpp"

namespace packrig::bms {

class Board {
 public:
  Board(const Part& part, Firmware& firmware, int64_t now_ns) : part_(part), firmware_(firmware), now_ns_(now_ns) {}

  const Part& part() const { return part_; }
  int64_t now_ns() const { return now_ns_; }
  Status status() const { return status_of(part_, firmware_, now_ns_); }
  const Settings& settings() const;
  const Options& options() const;
  // The event of that age, 0 the newest; false where there is none so old.
  bool read_event(uint32_t age, Event& event) const;
  // A register or a command, with all refusals of the firmware's own write(). Returns a PackrigWriteResult.
  int32_t write(uint8_t register_number, int32_t value);
  // A whole settings frame of 300 bytes, all or nothing.
  int32_t load_settings(const uint8_t* frame);

 private:
  const Part& part_;
  Firmware& firmware_;
  int64_t now_ns_;
};

}  // namespace packrig::bms
