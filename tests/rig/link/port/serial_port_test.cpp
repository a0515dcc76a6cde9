// The contract of byte links on two real serial ports (8250 UARTs) that are connected with one another, named in the
// environment by PACKRIG_SERIAL_PAIR=/dev/ttyS1,/dev/ttyS2. Without them this program fails: who runs it has them.
#include <chrono>
#include <cstdlib>
#include <string>
#include <thread>

#include "models/errors.hpp"
#include "rig/link/open_port.hpp"
#include "rig/link/serial_link.hpp"
#include "tests/rig/link/byte_link_contract.hpp"

namespace packrig {
namespace {

std::string port_path(int number) {
  const char* const named = std::getenv("PACKRIG_SERIAL_PAIR");
  const std::string pair = named == nullptr ? "" : named;
  const std::size_t comma = pair.find(',');
  if (comma == std::string::npos)
    throw BadInput("PACKRIG_SERIAL_PAIR = '" + pair + "'; accepted: two ports, PATH,PATH");
  return number == 0 ? pair.substr(0, comma) : pair.substr(comma + 1);
}

class SerialLine final : public Line {
 public:
  ByteLink& link() override { return link_; }
  void say(const std::vector<std::uint8_t>& bytes) override { far_.write(bytes, far_.now_ns() + 10 * second_ns); }
  std::vector<std::uint8_t> hear(std::size_t count) override {
    std::vector<std::uint8_t> got(count);
    std::size_t have = 0;
    while (have < count) {
      const std::size_t more = far_.read(std::span(got).subspan(have), far_.now_ns() + 10 * second_ns);
      if (more == 0) break;
      have += more;
    }
    got.resize(have);
    return got;
  }
  void let_pass(TimeNs duration_ns) override { std::this_thread::sleep_for(std::chrono::nanoseconds(duration_ns)); }

 private:
  SerialLink link_{port_path(0)};
  SerialLink far_{port_path(1)};
};

INSTANTIATE_TEST_SUITE_P(Links, ByteLinkContract,
                         testing::Values(LineKind{"serial", [] { return std::make_unique<SerialLine>(); }}),
                         [](const auto& tested) { return std::string(tested.param.name); });

// A soldered UART has no plug.
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(PluggableLinkContract);

TEST(SerialLink, IsWhatARealPortIsOpenedAs) {
  EXPECT_NE(dynamic_cast<SerialLink*>(open_port(port_path(0)).get()), nullptr);
}

TEST(SerialLink, OpensAtEveryRateOfTheProtocols) {
  for (const int baud : {2400, 9600, 115200}) {
    SerialLink near(port_path(0), {baud});
    SerialLink far(port_path(1), {baud});
    const std::vector<std::uint8_t> sent = {0x4E, 0x57};
    near.write(sent, near.now_ns() + second_ns);
    std::vector<std::uint8_t> got(2);
    std::size_t have = 0;
    while (have < 2) {
      const std::size_t more = far.read(std::span(got).subspan(have), far.now_ns() + second_ns);
      ASSERT_NE(more, 0U) << baud;
      have += more;
    }
    EXPECT_EQ(got, sent) << baud;
  }
}

TEST(SerialLink, AClosedPortOpensAgain) {
  SerialLink near(port_path(0));
  SerialLink far(port_path(1));
  near.reopen(near.now_ns() + second_ns);
  const std::uint8_t sent = 0x68;
  far.write({&sent, 1}, far.now_ns() + second_ns);
  std::uint8_t got = 0;
  EXPECT_EQ(near.read({&got, 1}, near.now_ns() + 10 * second_ns), 1U);
  EXPECT_EQ(got, 0x68);
}

}  // namespace
}  // namespace packrig
