// Published frames of JK boards, with what their sources say is in them (tests/data/jk).
#pragma once

#include <cstdint>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "rig/codec/deframer.hpp"

namespace packrig::test {

using Json = nlohmann::json;

inline std::vector<std::uint8_t> bytes_of(const std::string& hex) {
  std::vector<std::uint8_t> bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes.push_back(static_cast<std::uint8_t>(std::stoi(hex.substr(i, 2), nullptr, 16)));
  }
  return bytes;
}

// The frames of nw.json, ble.json or can.json by their id.
inline std::map<std::string, Json> vectors(const std::string& file) {
  std::ifstream in(std::string(PACKRIG_SOURCE_DIR) + "/tests/data/jk/" + file);
  std::map<std::string, Json> frames;
  for (const Json& frame : Json::parse(in)) frames[frame.at("id")] = frame;
  return frames;
}

// What the source states and what a second reader, written from the layout tables alone, found; the source wins.
inline Json expected_of(const Json& frame) {
  Json expected = frame.contains("second_reading") ? frame["second_reading"] : Json::object();
  if (frame["expected_by_source"].is_object()) expected.update(frame["expected_by_source"]);
  return expected;
}

// Pushes bytes one byte time apart, and hands over every frame that was found.
inline std::vector<RawFrame> frames_in(Deframer& deframer, const std::vector<std::uint8_t>& bytes, TimeNs begin_ns = 0,
                                       TimeNs byte_ns = 86'806) {
  std::vector<RawFrame> found;
  TimeNs at_ns = begin_ns;
  for (const std::uint8_t byte : bytes) {
    deframer.push(byte, at_ns += byte_ns);
    while (auto frame = deframer.next()) found.push_back(std::move(*frame));
  }
  return found;
}

}  // namespace packrig::test
