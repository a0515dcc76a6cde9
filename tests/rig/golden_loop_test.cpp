#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "rig/bench/afe_bench.hpp"
#include "rig/parameters/bpx_reader.hpp"
#include "rig/parameters/profile_reader.hpp"
#include "rig/session.hpp"
#include "rig/target/in_process_firmware.hpp"
#include "sim/plant.hpp"

namespace packrig {
namespace {

// A minute of US06 with 25 electrochemical LFP cells, a front end with errors and the firmware, told by the hash of its
// whole trace. What the firmware does is in it: a change of that is a new hash, a change of compiler is not.
TEST(GoldenRuns, TheClosedLoopHasItsHash) {
  const std::string parameters = std::string(PACKRIG_SOURCE_DIR) + "/models/parameters/";
  PackDescription d;
  d.electrochemistry = std::make_shared<const ElectrochemicalSet>(read_bpx(parameters + "bpx/lfp_18650.json"));
  d.series = 25;
  d.capacity_Ah = 10.0;
  d.initial_soc = 0.6;
  d.spread = {.capacity = 0.01, .resistance = 0.05, .soc = 0.01};
  SessionDescription description;
  description.part = "golden";
  description.shunt_Ohm = d.shunt.resistance_Ohm;
  description.ntc = d.ntc;
  AfeDescription afe;
  afe.errors = AfeErrors::typical(3, d.shunt.resistance_Ohm);
  Session session(description, Plant(std::make_shared<const PackDescription>(d), 7),
                  std::make_unique<AfeBench>("sim", std::make_unique<InProcessFirmware>(FirmwareLibrary::linked()),
                                             Afe(afe, 9), Chemistry::lfp, d.series));
  session.run(10 * second_ns);
  Load load;
  load.kind = Load::Kind::profile_current;
  load.profile = std::make_shared<const std::vector<ProfilePoint>>(read_profile(parameters + "profiles/us06.csv"));
  load.start_ns = session.now_ns();
  session.at(session.now_ns(), SetLoad{load});
  session.run(70 * second_ns);
  EXPECT_TRUE(session.drive_on(Actuator::discharge));
  EXPECT_EQ(session.trace().hash(), 9963987414625341174U);
}

}  // namespace
}  // namespace packrig
