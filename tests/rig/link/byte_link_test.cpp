// The contract on what every machine has: ptys, and a bus in simulated time. Real ports: see port_tests.
#include <fcntl.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <filesystem>
#include <string>

#include "byte_link_contract.hpp"
#include "models/errors.hpp"
#include "rig/link/descriptor.hpp"
#include "rig/link/open_port.hpp"
#include "rig/link/serial_link.hpp"
#include "rig/link/termios_link.hpp"
#include "rig/link/virtual_bus.hpp"

namespace packrig {
namespace {

// The master of a pty; its slave is reached by a path that stays when it is replaced, as /dev/serial/by-id is.
class PtyLine final : public PluggableLine {
 public:
  PtyLine() {
    std::string folder = (std::filesystem::temp_directory_path() / "packrig-link-XXXXXX").string();
    folder_ = mkdtemp(folder.data());
    path_ = folder_ / "port";
    plug_in();
    link_ = std::make_unique<TermiosLink>(path_.string());
  }
  ~PtyLine() override { std::filesystem::remove_all(folder_); }
  PtyLine(const PtyLine&) = delete;
  PtyLine& operator=(const PtyLine&) = delete;

  ByteLink& link() override { return *link_; }
  void say(const std::vector<std::uint8_t>& bytes) override {
    write_all(master_.number(), "far end", bytes, wall_now_ns() + 10 * second_ns);
  }
  std::vector<std::uint8_t> hear(std::size_t count) override {
    std::vector<std::uint8_t> got(count);
    std::size_t have = 0;
    while (have < count) {
      const std::size_t more =
          read_some(master_.number(), "far end", std::span(got).subspan(have), wall_now_ns() + 10 * second_ns);
      if (more == 0) break;
      have += more;
    }
    got.resize(have);
    return got;
  }
  void let_pass(TimeNs duration_ns) override {
    wait_to_read(master_.number(), wall_now_ns() + duration_ns);  // the link is not written to meanwhile
  }
  void unplug() override {
    std::filesystem::remove(path_);
    master_.close();
  }
  void plug_in() override {
    master_ = Descriptor(posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK));
    grantpt(master_.number());
    unlockpt(master_.number());
    char slave[64];
    ptsname_r(master_.number(), slave, sizeof slave);
    std::filesystem::create_symlink(slave, path_);
  }

 private:
  std::filesystem::path folder_;
  std::filesystem::path path_;
  Descriptor master_;
  std::unique_ptr<TermiosLink> link_;
};

class VirtualLine final : public PluggableLine {
 public:
  ByteLink& link() override { return bus_.end(0); }
  void say(const std::vector<std::uint8_t>& bytes) override {
    bus_.end(1).write(bytes, bus_.now_ns() + 10 * second_ns);
  }
  std::vector<std::uint8_t> hear(std::size_t count) override {
    std::vector<std::uint8_t> got(count);
    std::size_t have = 0;
    while (have < count) {
      const std::size_t more = bus_.end(1).read(std::span(got).subspan(have), bus_.now_ns() + 10 * second_ns);
      if (more == 0) break;
      have += more;
    }
    got.resize(have);
    return got;
  }
  void let_pass(TimeNs duration_ns) override {
    std::uint8_t byte = 0;
    bus_.end(1).read({&byte, 1}, bus_.now_ns() + duration_ns);
  }
  void unplug() override { bus_.unplug(); }
  void plug_in() override { bus_.plug_in(); }

 private:
  VirtualBus bus_{"virtual"};
};

const LineKind pty_line = {"pty", [] { return std::make_unique<PtyLine>(); }};
const LineKind virtual_line = {"virtual", [] { return std::make_unique<VirtualLine>(); }};
std::string kind_name(const testing::TestParamInfo<LineKind>& tested) { return tested.param.name; }
INSTANTIATE_TEST_SUITE_P(Links, ByteLinkContract, testing::Values(pty_line, virtual_line), kind_name);
INSTANTIATE_TEST_SUITE_P(Links, PluggableLinkContract, testing::Values(pty_line, virtual_line), kind_name);

std::string fault_of(const std::function<void()>& attempt) {
  try {
    attempt();
  } catch (const BenchFault& fault) {
    return fault.what();
  }
  return "no fault";
}

TEST(TermiosLink, SetsThePtyRawWhateverItWas) {
  PtyLine line;
  const Descriptor slave(::open(line.link().name().c_str(), O_RDWR | O_NOCTTY));
  termios set{};
  ASSERT_EQ(tcgetattr(slave.number(), &set), 0);
  EXPECT_EQ(set.c_lflag & (ICANON | ECHO | ISIG), 0U);
  EXPECT_EQ(set.c_oflag & OPOST, 0U);
  EXPECT_EQ(set.c_iflag & (ICRNL | IXON), 0U);
  EXPECT_EQ(cfgetospeed(&set), static_cast<speed_t>(B115200));
}

TEST(TermiosLink, RefusesWhatIsNoTerminal) {
  EXPECT_NE(fault_of([] { TermiosLink("/dev/null"); }).find("/dev/null: no terminal"), std::string::npos);
  EXPECT_NE(fault_of([] { TermiosLink("/no/such/port"); }).find("/no/such/port: cannot be opened (No such file"),
            std::string::npos);
}

TEST(TermiosLink, RefusesABaudRateThatNoTerminalKnows) {
  EXPECT_THROW(TermiosLink("/dev/null", {115201}), BadInput);
  EXPECT_THROW(TermiosLink("/dev/null", {0}), BadInput);
}

TEST(TermiosLink, WhatWasSaidBeforeTheHangUpIsStillRead) {
  PtyLine line;
  line.say({1, 2, 3});
  std::vector<std::uint8_t> got(8);
  EXPECT_EQ(line.link().read(got, line.link().now_ns() + second_ns), 3U);
}

TEST(SerialLink, NamesThePortThatLibserialportDoesNotKnow) {
  EXPECT_NE(fault_of([] { SerialLink("/dev/no-such-port"); }).find("/dev/no-such-port: cannot be found"),
            std::string::npos);
  EXPECT_THROW(SerialLink("/dev/ttyS0", {0}), BadInput);
}

TEST(OpenPort, TakesTermiosForAPtyAndLibserialportForTheRest) {
  PtyLine line;
  EXPECT_NE(dynamic_cast<TermiosLink*>(open_port(line.link().name()).get()), nullptr);
  EXPECT_NE(fault_of([] { open_port("/dev/no-such-port"); }).find("libserialport"), std::string::npos);
}

}  // namespace
}  // namespace packrig
