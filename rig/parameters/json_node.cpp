#include "rig/parameters/json_node.hpp"

#include <algorithm>
#include <iterator>

#include "rig/parameters/input_file.hpp"

namespace packrig {

namespace {

constexpr std::size_t shown_before_number = 80;  // of a file that is one long line

// The line of `text` up to the number that is too large for a double; the parser tells the number alone, in quotes.
std::string line_with_overflow(const std::string& text, const std::string& said) {
  const std::size_t quote = said.find('\'');
  const std::string number = said.substr(quote + 1, said.rfind('\'') - quote - 1);
  const std::size_t at = text.find(number);
  if (quote == std::string::npos || at == std::string::npos) return said;
  const auto line = std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n') + 1;
  const std::size_t first = text.find_first_not_of(" \t", text.rfind('\n', at) + 1);  // npos + 1 is the file's begin
  const std::size_t begin = std::max(first, at - std::min(at, shown_before_number));
  return "line " + std::to_string(line) + ": " + text.substr(begin, at + number.size() - begin);
}

}  // namespace

Json parse_json_file(const std::string& path) {
  std::ifstream file = open_input(path);
  const std::string text(std::istreambuf_iterator<char>(file), {});
  try {
    return Json::parse(text);
  } catch (const Json::out_of_range& error) {
    throw BadInput(path + ": " + line_with_overflow(text, error.what()) + ", accepted: finite numbers");
  } catch (const Json::exception& error) {
    throw BadInput(path + ": " + error.what() + ", accepted: JSON");
  }
}

}  // namespace packrig
