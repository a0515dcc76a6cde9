// Firmware from a shared library: what is none is refused by name, and what answers nonsense is the rig's fault.
#include "rig/target/firmware_library.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "models/errors.hpp"
#include "rig/fault.hpp"
#include "tests/rig/test_rig.hpp"

namespace packrig {
namespace {

using test::message_of;

std::string library(const std::string& name) { return std::string(PACKRIG_LIBRARY_FOLDER) + "/" + name + ".so"; }

std::string load_fault(const std::string& path) {
  return message_of<BenchFault>([&] { FirmwareLibrary::load(path); });
}

TEST(FirmwareLibrary, TheLinkedOneHasANameAndAState) {
  const FirmwareLibrary linked = FirmwareLibrary::linked();
  EXPECT_EQ(linked.api().version, PACKRIG_AFE_VERSION);
  EXPECT_GT(linked.api().size, 0U);
  EXPECT_STRNE(linked.api().name, "");
}

TEST(FirmwareLibrary, ASiblingIsFoundByThePartsName) {
  EXPECT_STREQ(FirmwareLibrary::linked("B2A8S20P").api().name, "JK-B2A8S20P simulated copy of 11.50");
  EXPECT_STREQ(FirmwareLibrary::linked("B2A25SRP").api().name, FirmwareLibrary::linked().api().name);
  const std::string refusal = message_of<BadInput>([] { FirmwareLibrary::linked("B2A8S20"); });
  EXPECT_EQ(refusal, "no simulated copy of part 'B2A8S20'; give its firmware as a file");
}

TEST(FirmwareLibrary, WhatCannotBeLoadedIsNamed) {
  EXPECT_NE(load_fault(library("missing")).find("'" + library("missing") + "' cannot be loaded"), std::string::npos);
  const std::string text = testing::TempDir() + "packrig_no_library.so";
  std::ofstream(text) << "no library";
  EXPECT_NE(load_fault(text).find("'" + text + "' cannot be loaded"), std::string::npos);
  std::remove(text.c_str());
}

TEST(FirmwareLibrary, WhatIsNoFirmwareIsNamed) {
  EXPECT_EQ(load_fault(library("no_symbol")), "firmware '" + library("no_symbol") + "' exports no packrig_firmware");
  EXPECT_EQ(load_fault(library("no_firmware")), "firmware '" + library("no_firmware") + "' returns no firmware");
  const std::string greedy = load_fault(library("no_state"));
  EXPECT_NE(greedy.find(library("no_state")), std::string::npos);
  EXPECT_NE(greedy.find("wants 1048577 bytes of state; accepted: 1 .. 1048576"), std::string::npos) << greedy;
}

TEST(FirmwareLibrary, AnotherVersionIsRefusedWithBothNumbers) {
  const std::string message = load_fault(library("other_version"));
  EXPECT_NE(message.find(library("other_version")), std::string::npos) << message;
  EXPECT_NE(message.find("AFE frame version " + std::to_string(PACKRIG_AFE_VERSION + 6) +
                         "; accepted: " + std::to_string(PACKRIG_AFE_VERSION)),
            std::string::npos)
      << message;
}

// The library's firmware answers by its cell count: see libraries/wrong_answers.cpp.
std::unique_ptr<Bench> board(int cell_count) {
  auto firmware = std::make_unique<InProcessFirmware>(FirmwareLibrary::load(library("wrong_answers")));
  return std::make_unique<AfeBench>("sim", std::move(firmware), Afe({}, 1), Chemistry::lfp, cell_count);
}

// What the bench says of a firmware within the first 70 ms, three of its wakes; empty: nothing.
std::string fault_of_board(int cell_count) {
  const auto bench = board(cell_count);
  try {
    TimeNs now_ns = 0;
    while (now_ns < 70 * millisecond_ns) now_ns = bench->exchange(test::resting_terminals(), second_ns).until_ns;
  } catch (const BenchFault& fault) {
    return fault.what();
  }
  return "";
}

TEST(FirmwareLibrary, StaysLoadedAsLongAsABoardRunsIt) {
  const auto bench = board(16);
  const auto copy = bench->clone();
  EXPECT_EQ(copy->exchange(test::resting_terminals(), second_ns).until_ns, 25 * millisecond_ns);
}

TEST(FirmwareLibrary, ACountThatItRefusesIsBadInput) {
  const std::string message = message_of<BadInput>([] { board(0); });
  EXPECT_NE(message.find("firmware 'wrong answers' refuses 0 cells of lfp (reason 2)"), std::string::npos) << message;
}

// The good ones stand at a limit, the next one beyond it.
TEST(FirmwareLibrary, AnAnswerThatCannotBeIsTheRigsFault) {
  const struct {
    int cell_count;
    std::string fault;  // a part of it; empty: a good answer
  } rows[] = {
      {1, "version " + std::to_string(PACKRIG_AFE_VERSION + 1)},
      {2, "woken at 0 ns; accepted: after 0 ns"},
      {3, "513 bus bytes; accepted: up to 512"},
      {4, "port 4; accepted: 0 .. 3"},
      {5, ""},
      {6, "open_wire_taps = 3; accepted: 0 (none), 1 (out of the even ones), 2 (out of the odd ones)"},
      {7, ""},
      {8, "power_mode = 5; accepted: 0 (off) .. 4 (running with bus)"},
      {9, ""},
      {10, "sends a byte 1000000001 ns ahead; accepted: up to 1000000000 ns"},
      {11, ""},
      {12, "sends a byte to port 1 at 1999 ns after one at 2000 ns; accepted: in order of time"},
      {13, "more than 1024 bytes under way"},
      {14, ""},
  };
  for (const auto& row : rows) {
    const std::string fault = fault_of_board(row.cell_count);
    EXPECT_EQ(fault.empty(), row.fault.empty()) << row.cell_count << ": " << fault;
    EXPECT_NE(fault.find(row.fault), std::string::npos) << row.cell_count << ": " << fault;
  }
}

}  // namespace
}  // namespace packrig
