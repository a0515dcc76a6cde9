#include "rig/parameters/profile_reader.hpp"

#include <charconv>
#include <cmath>
#include <cstdio>
#include <optional>
#include <string_view>

#include "models/errors.hpp"
#include "rig/parameters/input_file.hpp"

namespace packrig {

namespace {

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r";
  const std::size_t first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

std::optional<double> parse_number(std::string_view field) {
  double value = 0.0;
  const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), value);
  if (error != std::errc{} || end != field.data() + field.size()) return std::nullopt;
  return value;
}

// Letters, and none of them part of a number: "time [s],current [A]". A "nan" in the first line is a bad number.
bool is_header(std::string_view first, std::string_view second) {
  return !parse_number(first) && !parse_number(second) && !first.empty() && !second.empty();
}

std::string plain_text(double value) {
  char buffer[32];
  std::snprintf(buffer, sizeof buffer, "%.9g", value);
  return buffer;
}

}  // namespace

std::vector<ProfilePoint> read_profile(const std::string& path) {
  std::ifstream file = open_input(path);
  std::vector<ProfilePoint> points;
  bool header_possible = true;
  std::string line;
  for (int number = 1; std::getline(file, line); ++number) {
    const std::string_view content = trimmed(line);
    if (content.empty() || content.front() == '#') continue;
    const auto refuse = [&](std::string_view found, const std::string& accepted) {
      throw BadInput(path + ": line " + std::to_string(number) + ": \"" + std::string(found.substr(0, 60)) +
                     "\", accepted: " + accepted);
    };
    const std::size_t comma = content.find(',');
    if (comma == std::string_view::npos || content.find(',', comma + 1) != std::string_view::npos) {
      refuse(content, "two columns, time [s] and value");
    }
    const std::string_view fields[] = {trimmed(content.substr(0, comma)), trimmed(content.substr(comma + 1))};
    if (header_possible && is_header(fields[0], fields[1])) {
      header_possible = false;
      continue;
    }
    header_possible = false;
    double values[2] = {0.0, 0.0};
    for (int column = 0; column < 2; ++column) {
      const std::optional<double> value = parse_number(fields[column]);
      if (!value || !std::isfinite(*value)) refuse(fields[column], "a finite number");
      values[column] = *value;
    }
    if (!points.empty() && values[0] <= points.back().t_s) {
      refuse(fields[0], "a time above " + plain_text(points.back().t_s) + " s, the one before");
    }
    points.push_back({values[0], values[1]});
  }
  if (points.empty()) throw BadInput(path + ": no point, accepted: one line of time [s] and value at least");
  return points;
}

}  // namespace packrig
