// JK's Modbus V1.0 and V1.1: the frames of JK02 (32 cells) as registers, from 0x1000 the settings, from 0x1200 what the
// board measures, from 0x1400 what it is. A register's address counts bytes: that of the block and the place in the
// frame, less 6.
//
// Source: vendor document "BMS RS485 Modbus V1.1" in syssi/esphome-jk-bms (docs/pb2a16s20p): a number of 32 bits stands
// with its high word first, one of 8 bits shares its register with the next one, the first of the two high.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "rig/codec/jk02.hpp"
#include "rig/codec/telemetry.hpp"

namespace packrig::jk_modbus {

// What one question reads.
struct Block {
  int first;  // register
  int count;  // registers
};
inline constexpr Block live{0x1200, 125};   // up to the third probe, and no question may ask for more
inline constexpr Block device{0x1400, 16};  // model, hardware and software

// The questions that together read all of a block, of which one is too long. Throws BadInput for a kind of frame that
// Modbus does not have.
std::array<Block, 2> questions_of(jk02::Kind kind);
// What they were answered, one after the other, as the frame of that kind, for the fields of jk02. Throws BadInput for
// another number of registers.
RawFrame frame_of(jk02::Kind kind, std::span<const std::uint16_t> registers, TimeNs arrival_ns);

// Of the registers of `live`. Throws BadInput for another number of them.
Telemetry telemetry_of(std::span<const std::uint16_t> registers, TimeNs arrival_ns);
// Of those of `device`: as jk02::device_of.
Telemetry device_of(std::span<const std::uint16_t> registers, TimeNs arrival_ns);

}  // namespace packrig::jk_modbus
