// JK's own CAN language, 250 kbit/s V2.0 and 500 kbit/s: the board sends by itself, every message at its period.
//
// Sources: vendor document "BMS-CAN Communication protocol" (V1) and its V2.1 table as read by
// ZongxinYe/Jikong-BMS-CAN; byte orders and places where these contradict each other from frames of a real bus (16S
// boards, 2025-07). jk_can.dbc beside this file says the same for tools; a test holds the two together.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "rig/codec/deframer.hpp"
#include "rig/codec/telemetry.hpp"

namespace packrig::jk_can {

struct Frame {
  TimeNs arrival_ns = 0;
  std::uint32_t id = 0;  // 11 bits, or 29 where extended
  bool extended = false;
  std::uint8_t length = 0;  // of the data, 0 to 8
  std::array<std::uint8_t, 8> data{};
};

// Frames cross the simulated bus as bytes in candump order (models/connector.hpp).
Match match(std::span<const std::uint8_t> bytes);
Frame parse(const RawFrame& raw);
std::vector<std::uint8_t> bytes_of(const Frame& frame);

inline constexpr int address_max = 11;

// What the sources do not agree on.
struct Choices {
  // The V1 text says discharge positive; clients that are used with real boards read charge positive.
  bool current_positive_when_charging = true;
  // The vendor's example of the fault word only fits if everything from bit 8 on stands one higher; the table does not
  // say so.
  bool faults_shifted_from_bit_8 = false;
  std::uint8_t address = 0;  // the board's, up to address_max; added to every identifier
};

// A number in a message, in the terms of a DBC file.
struct Signal {
  std::uint32_t id;
  bool extended;
  std::uint8_t start_bit;  // of its least significant bit; big-endian: of its most significant one
  std::uint8_t bit_count;
  bool big_endian;
  double scale_factor;
  double offset;  // value = raw * scale_factor + offset
  const char* name;
};
std::span<const Signal> signals();
// nullopt where the frame is too short for it.
std::optional<double> value_of(const Signal& signal, const Frame& frame);

// Which cell, counted from 0, is the first of a message of cells; nullopt for any other message.
std::optional<std::size_t> first_cell(const Frame& frame, const Choices& choices);

// Puts what a frame says into `telemetry`, which gathers over many frames. False: none of JK's status messages, or too
// short for what it must carry; nothing is changed then.
bool merge(const Frame& frame, const Choices& choices, Telemetry& telemetry);

// What the board asks of a charger (identifier 1806E5F4).
struct ChargeRequest {
  double voltage_V;
  double current_A;  // into the pack
  bool charger_on;
};
std::optional<ChargeRequest> charge_request(const Frame& frame);

// To the board (identifier 18F0F428): the switches that are given are set, the others stay.
Frame control(std::optional<bool> charge_on, std::optional<bool> discharge_on, std::optional<bool> balancing_on);

}  // namespace packrig::jk_can
