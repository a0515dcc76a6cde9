// The Modbus master against a slave written by hand: what it sends and how it takes what comes, byte by byte.
#include "rig/link/modbus_master.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <termios.h>

#include <boost/crc.hpp>
#include <functional>
#include <thread>

#include "models/errors.hpp"
#include "rig/fault.hpp"
#include "rig/link/descriptor.hpp"

namespace packrig {
namespace {

using Bytes = std::vector<std::uint8_t>;
constexpr TimeNs patience_ns = 10 * second_ns;

// CRC-16/MODBUS, low byte first (Modbus over Serial Line V1.02, 6.2.2).
Bytes with_crc(Bytes bytes) {
  boost::crc_optimal<16, 0x8005, 0xFFFF, 0, true, true> crc;
  crc.process_bytes(bytes.data(), bytes.size());
  const unsigned sum = crc.checksum();
  bytes.push_back(static_cast<std::uint8_t>(sum & 0xFFU));
  bytes.push_back(static_cast<std::uint8_t>(sum >> 8U));
  return bytes;
}

// Hears one request of `length` bytes, then answers with the pieces, 5 ms apart.
class Slave {
 public:
  Slave() : master_(posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK)) {
    grantpt(master_.number());
    unlockpt(master_.number());
    char slave[64];
    ptsname_r(master_.number(), slave, sizeof slave);
    path_ = slave;
    // Held open, and raw from the start: a pty whose slave nobody has open echoes and hangs up.
    held_ = Descriptor(open(slave, O_RDWR | O_NOCTTY));
    termios line{};
    tcgetattr(held_.number(), &line);
    cfmakeraw(&line);
    tcsetattr(held_.number(), TCSANOW, &line);
  }

  const std::string& path() const { return path_; }
  const Bytes& heard() const { return heard_; }

  ModbusReply answer(std::size_t length, std::vector<Bytes> pieces, const std::function<ModbusReply()>& ask) {
    heard_.assign(length, 0);
    std::jthread slave([this, length, &pieces] {
      std::size_t have = 0;
      while (have < length) {
        const std::size_t more =
            read_some(master_.number(), "slave", std::span(heard_).subspan(have), wall_now_ns() + patience_ns);
        if (more == 0) return;
        have += more;
      }
      for (const Bytes& piece : pieces) {
        write_all(master_.number(), "slave", piece, wall_now_ns() + patience_ns);
        wait_to_read(master_.number(), wall_now_ns() + 5 * millisecond_ns);
      }
    });
    return ask();
  }

  void hang_up() {
    held_.close();
    master_.close();
  }

 private:
  Descriptor master_;
  Descriptor held_;
  std::string path_;
  Bytes heard_;
};

class ModbusMasterTest : public testing::Test {
 protected:
  Slave slave;
  ModbusMaster master{slave.path(), {}, 1};

  ModbusReply read_two(std::vector<Bytes> pieces, TimeNs within_ns = patience_ns) {
    return slave.answer(8, std::move(pieces), [&] { return master.read_registers(0x1200, 2, within_ns); });
  }
};

const Bytes good = with_crc({0x01, 0x03, 0x04, 0x0C, 0xEB, 0x80, 0x01});

TEST_F(ModbusMasterTest, AsksAndReadsRegistersHighByteFirst) {
  const ModbusReply reply = read_two({good});
  EXPECT_EQ(slave.heard(), with_crc({0x01, 0x03, 0x12, 0x00, 0x00, 0x02}));
  EXPECT_EQ(reply.kind, ModbusReply::Kind::answered);
  EXPECT_EQ(reply.registers, (std::vector<std::uint16_t>{0x0CEB, 0x8001}));
}

TEST_F(ModbusMasterTest, WritesRegisters) {
  const std::vector<std::uint16_t> values = {0x0102, 0xFFFE};
  const ModbusReply reply = slave.answer(13, {with_crc({0x01, 0x10, 0x10, 0x70, 0x00, 0x02})},
                                         [&] { return master.write_registers(0x1070, values, patience_ns); });
  EXPECT_EQ(slave.heard(), with_crc({0x01, 0x10, 0x10, 0x70, 0x00, 0x02, 0x04, 0x01, 0x02, 0xFF, 0xFE}));
  EXPECT_EQ(reply.kind, ModbusReply::Kind::answered);
}

TEST_F(ModbusMasterTest, TakesAnAnswerThatComesInPieces) {
  std::vector<Bytes> pieces;
  for (const std::uint8_t byte : good) pieces.push_back({byte});
  EXPECT_EQ(read_two(pieces).kind, ModbusReply::Kind::answered);
}

TEST_F(ModbusMasterTest, AnExceptionIsARefusalWithItsCode) {
  for (const std::uint8_t code : {std::uint8_t{1}, std::uint8_t{2}, std::uint8_t{3}, std::uint8_t{4}}) {
    const ModbusReply reply = read_two({with_crc({0x01, 0x83, code})});
    EXPECT_EQ(reply.kind, ModbusReply::Kind::refused);
    EXPECT_EQ(reply.exception_code, code);
  }
}

TEST_F(ModbusMasterTest, SilenceEndsAtTheDeadline) {
  const TimeNs begun_ns = wall_now_ns();
  EXPECT_EQ(read_two({}, 50 * millisecond_ns).kind, ModbusReply::Kind::silent);
  EXPECT_GE(wall_now_ns() - begun_ns, 50 * millisecond_ns);
}

TEST_F(ModbusMasterTest, HalfAnAnswerIsSilence) {
  EXPECT_EQ(read_two({Bytes(good.begin(), good.begin() + 5)}, 50 * millisecond_ns).kind, ModbusReply::Kind::silent);
  EXPECT_EQ(read_two({good}).kind, ModbusReply::Kind::answered);  // what was left over is not taken for the next
}

TEST_F(ModbusMasterTest, ADribbleIsGivenUpAtTheDeadline) {
  const std::vector<Bytes> pieces(20, Bytes{0x01});
  const TimeNs begun_ns = wall_now_ns();
  EXPECT_NE(read_two(pieces, 30 * millisecond_ns).kind, ModbusReply::Kind::answered);
  EXPECT_LT(wall_now_ns() - begun_ns, patience_ns);
}

TEST_F(ModbusMasterTest, AWrongSumIsGarbledAndTheNextGoodAnswerIsTaken) {
  Bytes bad = good;
  bad[3] ^= 1U;
  EXPECT_EQ(read_two({bad}).kind, ModbusReply::Kind::garbled);
  EXPECT_EQ(read_two({good}).kind, ModbusReply::Kind::answered);
}

TEST_F(ModbusMasterTest, ADeviceThatIsGoneIsAFaultThatNamesIt) {
  slave.hang_up();
  for (int k = 0; k < 2; ++k) {
    try {
      master.read_registers(0x1200, 1, 100 * millisecond_ns);
      FAIL() << "read from a device that is gone";
    } catch (const BenchFault& fault) {
      EXPECT_NE(std::string(fault.what()).find(slave.path() + ": gone"), std::string::npos) << fault.what();
    }
  }
  EXPECT_THROW(master.reopen(wall_now_ns() + 30 * millisecond_ns), BenchFault);
}

TEST_F(ModbusMasterTest, NumbersBelowAtAndAboveTheirLimits) {
  EXPECT_THROW(master.read_registers(-1, 1, second_ns), BadInput);
  EXPECT_THROW(master.read_registers(0x10000, 1, second_ns), BadInput);
  EXPECT_THROW(master.read_registers(0, 0, second_ns), BadInput);
  EXPECT_THROW(master.read_registers(0, 126, second_ns), BadInput);
  EXPECT_THROW(master.write_registers(0, {}, second_ns), BadInput);
  EXPECT_THROW(master.write_registers(0, std::vector<std::uint16_t>(124), second_ns), BadInput);
  EXPECT_THROW(master.read_registers(0, 1, 0), BadInput);  // zero would mean for ever
  EXPECT_THROW(master.read_registers(0, 1, ModbusMaster::longest_patience_ns + 1), BadInput);
  EXPECT_THROW(ModbusMaster(slave.path(), {}, 0), BadInput);
  EXPECT_THROW(ModbusMaster(slave.path(), {}, 248), BadInput);
  EXPECT_NO_THROW(ModbusMaster(slave.path(), {}, 247));
  EXPECT_THROW(ModbusMaster("/dev/no-such-port", {}, 1), BenchFault);
}

}  // namespace
}  // namespace packrig
