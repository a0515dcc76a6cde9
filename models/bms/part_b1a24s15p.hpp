// The JK-B1A24S15P, hardware 11.XW, firmware 11.26: transistors in place of relays, 7 to 24 cells, 1 A of balancing,
// 150 A.
//
// Marks: [capture] a 4E57 frame of a real board (published in OpenDTU-OnBattery, src/JkBmsController.cpp); [assumed]
// nobody says: the reason follows. What is not named here is the B2A25S-RP's.
#pragma once

#include "part.hpp"
#include "part_b2a25srp.hpp"
#include "registers.hpp"

namespace packrig::bms {

constexpr PresetRow b1a24s15p_differing[] = {
    // register              LFP     Li-ion  LTO
    {discharge_limit_mA, {150000, 150000, 150000}},  // the board's rating, as on the others
    {short_release_s, {60, 60, 60}},                 // as the B2A8S20P
    {balance_limit_mA, {1000, 1000, 1000}},          // the name: 1 A
    {precharge_s, {0, 0, 0}},                        // no precharge path
};
inline constexpr auto b1a24s15p_presets = presets_like(b2a25srp_presets, b1a24s15p_differing);

constexpr Part make_b1a24s15p() {
  Part part = b2a25srp;
  part.name = "JK-B1A24S15P simulated copy of 11.26";
  // [capture] model and versions
  part.identity = {"JK_B1A24S15P", "11.XW", "11.262H", "230601", "99000000002"};
  // The name: 24; [assumed] the lowest counts are those of the same voltages
  part.cell_count_high = 24;
  // The name: 150 A continuous. [assumed] half as much again measured both ways; resistance as the B2A8S20P; short
  // circuit at twice the range
  part.shunt_uOhm = 125;
  part.charge_range_mA = 225000;
  part.discharge_range_mA = 225000;
  part.short_uV = 56250;
  // [capture] 4E57 registers 0x92 and 0x95: 5 s
  part.cell_delay_ms = 5000;
  part.balance_rated_mA = 1000;  // the name: 1 A
  // Transistors on the board: nothing reports them, and there is no path for a precharge.
  part.feedback_fitted = false;
  part.precharge_fitted = false;
  part.presets = b1a24s15p_presets.row;
  return part;
}
inline constexpr Part b1a24s15p = make_b1a24s15p();

}  // namespace packrig::bms
