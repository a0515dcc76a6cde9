// What the board keeps without power, and how it is written so that a cut at any moment leaves the old or the new.
//
// [assumed] a memory that takes single 32-bit words, each of them whole or not at all (EEPROM or FRAM); what a real
// board has is not published. One word is written per wake. A record is kept twice. A save goes to the copy that is not
// in use: first its sequence number becomes 0, which makes it invalid, then come the body and the sum, and at last the
// new sequence number, which makes it the one in use. A copy whose sum does not fit is not used.
//
// Wear: the configuration is written when it has changed; the counters after a step of the charge or an hour (see
// Part), so some 500 times a day at one full cycle a day, every other time to the same words: a million writes per word
// last 11 years.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "bytes.hpp"
#include "calibration.hpp"
#include "event_log.hpp"
#include "options.hpp"
#include "settings.hpp"

namespace packrig::bms {

struct Configuration {
  Settings settings;
  uint32_t chemistry;  // Chemistry
  Calibration calibration;
  Options options;
};

// What is kept of the charge counter and the clock.
struct Counters {
  int64_t charged_mAs;
  int64_t discharged_mAs;
  int64_t remaining_mAs;
  uint32_t full_mAh;
  uint32_t setting_mAh;  // of the capacity, to which full and remaining belong
  uint32_t charge_known;
  uint32_t time_s;
  uint32_t run_time_s;
  uint32_t power_on_count;
};

template <class Body>
struct Copy {
  uint32_t sequence;  // 0: not valid; of two valid ones the higher is in use
  uint32_t sum;       // CRC-32 over sequence number and body
  Body body;
};

template <class Body>
struct Record {
  Copy<Body> copy[2];
};

struct Store {
  Record<Configuration> configuration;
  Record<Counters> counters;
  LogRing log;
  uint32_t factory_chemistry;  // written once, before delivery
  uint32_t factory_count;
};
static_assert(__has_unique_object_representations(Store));

// Of one record; lost without power.
struct Save {
  uint32_t in_use;  // which copy
  uint32_t word;    // 0: nothing is being written, else the next one, from 1
  uint32_t crc;     // of what has been written
};

struct Saving {
  Save configuration;
  Save counters;
  Counters latched;  // what is being written: the live ones move meanwhile
};

template <class Body>
constexpr uint32_t body_words = sizeof(Body) / sizeof(uint32_t);

template <class Body>
uint32_t sum_of(const Copy<Body>& copy) {
  uint32_t crc = crc_continued(0xFFFFFFFFu, copy.sequence);
  for (uint32_t i = 0; i < body_words<Body>; ++i) crc = crc_continued(crc, word_of(copy.body, i));
  return ~crc;
}

template <class Body>
bool valid(const Copy<Body>& copy) {
  return copy.sequence != 0 && copy.sum == sum_of(copy);
}

// Finds the copy in use. Null when neither is valid; numbering then begins anew.
template <class Body>
const Body* open_record(Record<Body>& record, Save& save) {
  for (Copy<Body>& copy : record.copy) {
    if (!valid(copy)) copy.sequence = 0;
  }
  save = {record.copy[1].sequence > record.copy[0].sequence ? 1u : 0u, 0, 0};
  const Copy<Body>& newest = record.copy[save.in_use];
  return newest.sequence != 0 ? &newest.body : nullptr;
}

// Writes one word. When `body` has changed since the save began, it begins again; true when it has ended.
template <class Body>
bool save_word(Record<Body>& record, const Body& body, Save& save) {
  Copy<Body>& target = record.copy[1 - save.in_use];
  const uint32_t sequence = record.copy[save.in_use].sequence + 1;
  constexpr uint32_t invalidate = 1;
  constexpr uint32_t first = 2;
  constexpr uint32_t sum = first + body_words<Body>;
  const uint32_t word = save.word;
  ++save.word;
  if (word == invalidate) {
    target.sequence = 0;
    save.crc = crc_continued(0xFFFFFFFFu, sequence);
  } else if (word < sum) {
    const uint32_t value = word_of(body, word - first);
    set_word(target.body, word - first, value);
    save.crc = crc_continued(save.crc, value);
  } else if (word == sum) {
    target.sum = ~save.crc;
  } else if (!same_bytes(target.body, body)) {
    save.word = invalidate;
  } else {
    target.sequence = sequence;
    save = {1 - save.in_use, 0, 0};
    return true;
  }
  return false;
}

}  // namespace packrig::bms
