// What every ByteLink keeps, whatever it is made of. A fixture gives a link, and the other end of its line.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <numeric>
#include <vector>

#include "rig/fault.hpp"
#include "rig/link/byte_link.hpp"

namespace packrig {

// A line with its two ends: `link` is under test; the far end says and hears bytes.
class Line {
 public:
  virtual ~Line() = default;
  virtual ByteLink& link() = 0;
  virtual void say(const std::vector<std::uint8_t>& bytes) = 0;
  // What arrived at the far end, `count` bytes or all that came within ten seconds of the line's time.
  virtual std::vector<std::uint8_t> hear(std::size_t count) = 0;
  virtual void let_pass(TimeNs duration_ns) = 0;
};

// One whose plug can be pulled and put back.
class PluggableLine : public Line {
 public:
  virtual void unplug() = 0;
  virtual void plug_in() = 0;
};

using MakeLine = std::function<std::unique_ptr<Line>()>;

struct LineKind {
  const char* name;
  MakeLine make;
};

inline void PrintTo(const LineKind& kind, std::ostream* out) { *out << kind.name; }

class ByteLinkContract : public testing::TestWithParam<LineKind> {
 protected:
  static constexpr TimeNs plenty_ns = 10 * second_ns;

  std::unique_ptr<Line> line = GetParam().make();
  ByteLink& link() { return line->link(); }
  TimeNs soon_ns(TimeNs patience_ns = plenty_ns) { return link().now_ns() + patience_ns; }

  std::vector<std::uint8_t> read_up_to(std::size_t count) {
    std::vector<std::uint8_t> got(count);
    std::size_t have = 0;
    while (have < count) {
      const std::size_t more = link().read(std::span(got).subspan(have), soon_ns());
      if (more == 0) break;
      have += more;
    }
    got.resize(have);
    return got;
  }
};

inline std::vector<std::uint8_t> every_value() {
  std::vector<std::uint8_t> bytes(256);
  std::iota(bytes.begin(), bytes.end(), std::uint8_t{0});
  return bytes;
}

TEST_P(ByteLinkContract, CarriesEveryValueUnchangedBothWays) {
  line->say(every_value());
  EXPECT_EQ(read_up_to(256), every_value());
  link().write(every_value(), soon_ns());
  EXPECT_EQ(line->hear(256), every_value());
}

TEST_P(ByteLinkContract, CarriesNothingWhereNothingIsWritten) {
  link().write({}, soon_ns());
  EXPECT_EQ(link().read({}, soon_ns()), 0U);
  std::uint8_t byte = 0;
  EXPECT_EQ(link().read({&byte, 1}, soon_ns(20 * millisecond_ns)), 0U);
}

TEST_P(ByteLinkContract, SilenceEndsAtTheDeadlineAndNotBefore) {
  const TimeNs deadline_ns = soon_ns(50 * millisecond_ns);
  std::uint8_t byte = 0;
  EXPECT_EQ(link().read({&byte, 1}, deadline_ns), 0U);
  EXPECT_GE(link().now_ns(), deadline_ns);
}

TEST_P(ByteLinkContract, ADeadlineThatHasPassedMeansAtOnceAndNotForEver) {
  std::uint8_t byte = 0;
  EXPECT_EQ(link().read({&byte, 1}, link().now_ns()), 0U);
  EXPECT_EQ(link().read({&byte, 1}, 0), 0U);
  EXPECT_EQ(link().read({&byte, 1}, -second_ns), 0U);
}

TEST_P(ByteLinkContract, ReadsNoMoreThanThereIsRoomFor) {
  line->say({1, 2, 3, 4, 5});
  EXPECT_EQ(read_up_to(2), (std::vector<std::uint8_t>{1, 2}));
  EXPECT_EQ(read_up_to(3), (std::vector<std::uint8_t>{3, 4, 5}));
}

TEST_P(ByteLinkContract, DroppedInputIsForgottenAndWhatComesLaterIsNot) {
  line->say({1, 2, 3});
  EXPECT_EQ(read_up_to(1), (std::vector<std::uint8_t>{1}));
  line->let_pass(50 * millisecond_ns);  // the rest is there
  link().drop_input();
  std::uint8_t byte = 0;
  EXPECT_EQ(link().read({&byte, 1}, soon_ns(20 * millisecond_ns)), 0U);
  line->say({4});
  EXPECT_EQ(read_up_to(1), (std::vector<std::uint8_t>{4}));
}

TEST_P(ByteLinkContract, AFrameOf300BytesArrivesWholeAndInOrder) {
  std::vector<std::uint8_t> frame(300);
  for (std::size_t i = 0; i < frame.size(); ++i) frame[i] = static_cast<std::uint8_t>(i * 7);
  for (int k = 0; k < 5; ++k) {
    link().write(frame, soon_ns());
    EXPECT_EQ(line->hear(300), frame);
    line->say(frame);
    EXPECT_EQ(read_up_to(300), frame);
  }
}

TEST_P(ByteLinkContract, WhatNobodyTakesFaultsAtTheDeadlineAndNamesTheDevice) {
  const std::vector<std::uint8_t> much(1 << 20);
  const TimeNs deadline_ns = soon_ns(100 * millisecond_ns);
  try {
    link().write(much, deadline_ns);
    FAIL() << "a megabyte was written in 0.1 s";
  } catch (const BenchFault& fault) {
    EXPECT_NE(std::string(fault.what()).find(link().name()), std::string::npos) << fault.what();
    EXPECT_GE(link().now_ns(), deadline_ns);
  }
}

// Of lines that are PluggableLine.
class PluggableLinkContract : public ByteLinkContract {
 protected:
  PluggableLine& plug() { return dynamic_cast<PluggableLine&>(*line); }
};

TEST_P(PluggableLinkContract, APulledPlugIsAFaultThatNamesTheDeviceAndAReplugRecovers) {
  plug().unplug();
  std::uint8_t byte = 0;
  for (int k = 0; k < 2; ++k) {
    try {
      link().read({&byte, 1}, soon_ns(100 * millisecond_ns));
      FAIL() << "read from a device that is gone";
    } catch (const BenchFault& fault) {
      EXPECT_NE(std::string(fault.what()).find(link().name()), std::string::npos) << fault.what();
    }
    EXPECT_THROW(link().write(std::vector<std::uint8_t>{1}, soon_ns(100 * millisecond_ns)), BenchFault);
    EXPECT_THROW(link().reopen(soon_ns(50 * millisecond_ns)), BenchFault);
  }
  plug().plug_in();
  link().reopen(soon_ns());
  line->say({42});
  EXPECT_EQ(read_up_to(1), (std::vector<std::uint8_t>{42}));
  link().write(std::vector<std::uint8_t>{43}, soon_ns());
  EXPECT_EQ(line->hear(1), (std::vector<std::uint8_t>{43}));
}

}  // namespace packrig
