// The shipped electrochemical sets against a full porous-electrode solution (tests/data/dfn_reference).
#pragma once

#include <cmath>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "models/cells/spme_bank.hpp"
#include "rig/parameters/bpx_reader.hpp"

namespace packrig::reference {

struct PorousElectrodeRecord {
  const char* set;
  const char* record;
  double initial_soc;
  double limit_mV;  // root mean square
};
inline constexpr PorousElectrodeRecord porous_electrode_records[] = {
    {"nmc111_pouch", "bpx_nmc111_pouch_cc1C_25C", 1.0, 0.5},
    {"nmc111_pouch", "bpx_nmc111_pouch_chg1C_25C_from10", 0.1, 0.5},
    {"nmc111_pouch", "bpx_nmc111_pouch_us06_25C", 0.8, 1.5},
    {"nmc811_chen2020", "chen2020_nmc811_cc1C_25C", 1.0, 7.0},
    {"nmc811_chen2020", "chen2020_nmc811_us06_25C", 0.8, 1.5},
    {"lfp_18650", "bpx_lfp_18650_cc1C_25C", 1.0, 7.0},
    {"lfp_18650", "bpx_lfp_18650_us06_25C", 0.8, 1.5},
    {"lto_nmc111_composed", "lto_nmc111_composed_cc1C_25C", 1.0, 3.0},
    {"lto_nmc111_composed", "lto_nmc111_composed_us06_25C", 0.8, 1.5},
};

inline std::string shipped(const std::string& name) {
  return std::string(PACKRIG_SOURCE_DIR) + "/models/parameters/bpx/" + name + ".json";
}

struct OffRecord {
  double root_mean_square_mV;
  int count;  // of the samples compared
};
// Hysteresis off, which a porous-electrode solution has not.
inline OffRecord off_record(const std::string& set_name, const std::string& record, double initial_soc) {
  ElectrochemicalSet set = read_bpx(shipped(set_name));
  set.hysteresis = {};
  SpmeBank bank(std::make_shared<const ElectrochemicalSet>(set), {{}, {}, std::vector<double>{initial_soc}, 25.0});
  std::ifstream file(std::string(PACKRIG_SOURCE_DIR) + "/tests/data/dfn_reference/" + record + ".csv");
  double squares_V2 = 0.0;
  int count = 0;
  double before_s = 0.0;
  for (std::string line; std::getline(file, line);) {
    if (line.front() == '#') continue;
    char comma = 0;
    double t_s = 0.0;
    double current_A = 0.0;
    double voltage_V = 0.0;
    std::istringstream(line) >> t_s >> comma >> current_A >> comma >> voltage_V;
    bank.advance(std::vector<double>{current_A}, t_s - before_s);
    const double off_V = bank.open_V()[0] - bank.series_Ohm()[0] * current_A - voltage_V;
    squares_V2 += off_V * off_V;
    before_s = t_s;
    ++count;
  }
  return {1e3 * std::sqrt(squares_V2 / count), count};
}

}  // namespace packrig::reference
