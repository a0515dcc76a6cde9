// The JK-B2A8S20P, hardware 11.XA, firmware 11.50: transistors in place of relays, 4 to 8 cells, 2 A of balancing, 200
// A.
//
// Marks: [capture] settings and device-info frames of real boards (fl4p/batmon-ha, bmslib/test/data/
// jk_issue365_settings.bin, MIT; patman15/aiobmsble, tests/bms/test_jikong_bms.py, Apache-2.0); [assumed] nobody says:
// the reason follows. What is not named here is the B2A25S-RP's.
#pragma once

#include "part.hpp"
#include "part_b2a25srp.hpp"
#include "registers.hpp"

namespace packrig::bms {

constexpr PresetRow b2a8s20p_differing[] = {
    // register              LFP     Li-ion  LTO
    {short_release_s, {60, 60, 60}},  // [capture]
    {precharge_s, {0, 0, 0}},         // no precharge path
};
inline constexpr auto b2a8s20p_presets = presets_like(b2a25srp_presets, b2a8s20p_differing);

constexpr Part make_b2a8s20p() {
  Part part = b2a25srp;
  part.name = "JK-B2A8S20P simulated copy of 11.50";
  // [capture] of an 11.48 board, with the version of the settings frame's
  part.identity = {"JK_B2A8S20P", "11.XA", "11.50", "240704", "99000000003"};
  // The name: 8. Captured with 4 cells of LiFePO4, its 1 A sister with 7 of Li-ion; [assumed] LTO from the voltage of 4
  // cells of LiFePO4, to which the supply is built.
  part.cell_count_low[lfp] = 4;
  part.cell_count_low[li_ion] = 4;
  part.cell_count_low[lto] = 6;
  part.cell_count_high = 8;
  // The name: 200 A continuous. [assumed] 300 A measured both ways on half of the other part's resistance, since its
  // converter has half of the range while charging; short circuit at twice the range
  part.shunt_uOhm = 125;
  part.charge_range_mA = 300000;
  part.discharge_range_mA = 300000;
  part.short_uV = 75000;
  // Transistors on the board: nothing reports them, and there is no path for a precharge.
  part.feedback_fitted = false;
  part.precharge_fitted = false;
  part.presets = b2a8s20p_presets.row;
  return part;
}
inline constexpr Part b2a8s20p = make_b2a8s20p();

}  // namespace packrig::bms
