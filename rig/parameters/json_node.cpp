#include "rig/parameters/json_node.hpp"

#include <fstream>

namespace packrig {

Json parse_json_file(const std::string& path) {
  std::ifstream file(path);
  if (!file) throw BadInput(path + ": cannot be opened, accepted: a readable file");
  try {
    return Json::parse(file);
  } catch (const Json::exception& error) {
    throw BadInput(path + ": " + error.what() + ", accepted: JSON");
  }
}

}  // namespace packrig
