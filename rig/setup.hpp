// From a run specification (JSON) to a session. A run is a pure function of its specification.
//
//   {"part": "B2A25SRP", "seed": 1,
//    "bench":   {"kind": "sim" | "twin" | "posix" | "qemu", "firmware": "" | "file", "afe": "nominal" | "typical" |
//    "worst" | "drawn",
//                "fault": "none" | "stuck_cell" | "swapped_cells" | "dead_readback" | "dead_instrument",
//                "fault_cell": 1, "fault_at_s": 0},
//    "pack":    {"cell": "ecm" | "spme", "cell_set": "lfp", "chemistry": "lfp",
//                "series": 16, "parallel": 1, "capacity_Ah": <the cell set's>,
//                "initial_soc": 0.5, "initial_degC": 25, "ambient_degC": 25,
//                "capacity_spread": 0, "resistance_spread": 0, "soc_spread": 0, "load_F": 0.0003},
//    "sensors": {"shunt_Ohm": 0.00025, "ntc_r25_Ohm": 10000, "ntc_b_K": 3435, "board_count": 0 | 1},
//    "trace":   {"plug_period_s": 0, "truth_period_s": 1, "reported_period_s": 0, "tick_limit_s": 1}}
//
// "pack.cell_set" is the name of a set in the parameter folder or a file, *.json: of this project's format for ecm
// (models/parameters/README.md), BPX for spme.
// "part", "pack.cell_set", "pack.chemistry", "pack.series" and "sensors" must be given; the rest is as shown.
#pragma once

#include <string>
#include <vector>

#include "rig/session.hpp"

namespace packrig {

struct PreparedSession {
  Session session;
  std::vector<std::string> labels;  // what reports must show, such as that a cell set is composed
};

// `parameter_folder` holds the cell sets, <name>.json; `target_folder` the firmware for benches posix and qemu (see
// rig/target/targets.hpp), of no concern to the others. Throws BadInput naming the key, its value and what is accepted
// (an unknown key too), BenchFault when the bench cannot be set up.
PreparedSession prepare_session(const std::string& specification, const std::string& parameter_folder,
                                const std::string& target_folder);

}  // namespace packrig
