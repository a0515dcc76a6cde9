#include "rig/parameters/profile_reader.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "models/errors.hpp"

namespace packrig {
namespace {

class ProfileReader : public testing::Test {
 protected:
  ~ProfileReader() override { std::filesystem::remove(path_); }
  std::vector<ProfilePoint> read(const std::string& content) {
    std::ofstream(path_) << content;
    return read_profile(path_);
  }
  // The message with which `content` is refused; empty when it is accepted.
  std::string refusal(const std::string& content) {
    try {
      read(content);
      return "";
    } catch (const BadInput& error) {
      return error.what();
    }
  }
  void expect_refused(const std::string& content, const std::string& line, const std::string& accepted) {
    const std::string message = refusal(content);
    EXPECT_NE(message.find(path_ + ": " + line), std::string::npos) << content << "\n" << message;
    EXPECT_NE(message.find("accepted: " + accepted), std::string::npos) << content << "\n" << message;
  }

 private:
  std::string path_ = testing::TempDir() + "packrig_profile_" + std::to_string(getpid()) + ".csv";
};

TEST_F(ProfileReader, ReadsCommentsHeaderAndPoints) {
  const auto points = read("# made up\n\ntime [s],current [A]\n0,1.5\n 0.5 , -2e1 \r\n# end\n2,0");
  ASSERT_EQ(points.size(), 3U);
  EXPECT_EQ(points[0].t_s, 0.0);
  EXPECT_EQ(points[0].value, 1.5);
  EXPECT_EQ(points[1].t_s, 0.5);
  EXPECT_EQ(points[1].value, -20.0);
  EXPECT_EQ(points[2].t_s, 2.0);
  EXPECT_EQ(read("-1,3\n").size(), 1U);
}

TEST_F(ProfileReader, RefusesByLineAndValue) {
  expect_refused("", "no point", "one line");
  expect_refused("# only words\n", "no point", "one line");
  expect_refused("0,1\n1\n", "line 2: \"1\"", "two columns");
  expect_refused("0,1\n1,2,3\n", "line 2: \"1,2,3\"", "two columns");
  expect_refused("0,1\n1,\n", "line 2: \"\"", "a finite number");
  expect_refused("0,1\n1,nan\n", "line 2: \"nan\"", "a finite number");
  expect_refused("0,inf\n", "line 1: \"inf\"", "a finite number");
  expect_refused("0,1\n1,2x\n", "line 2: \"2x\"", "a finite number");
  expect_refused("a,b\nc,d\n", "line 2: \"c\"", "a finite number");
  expect_refused("0,1\n1,2\n1,3\n", "line 3: \"1\"", "a time above 1 s");
  expect_refused("0,1\n1,2\n0.5,3\n", "line 3: \"0.5\"", "a time above 1 s");
  EXPECT_EQ(refusal("0,1\n1,2\n1.001,3\n"), "");
  EXPECT_THROW(read_profile("no/such/file.csv"), BadInput);
}

TEST(ShippedProfiles, Us06IsTenMinutesAtOneSecond) {
  const auto points = read_profile(std::string(PACKRIG_SOURCE_DIR) + "/models/parameters/profiles/us06.csv");
  ASSERT_EQ(points.size(), 601U);
  EXPECT_EQ(points.back().t_s, 600.0);
  EXPECT_EQ(points[13].value, 4.1121);
  double highest_A = 0.0;
  for (const ProfilePoint& point : points) highest_A = std::max(highest_A, point.value);
  EXPECT_EQ(highest_A, 8.1);
}

}  // namespace
}  // namespace packrig
