#include "rig/parameters/input_file.hpp"

#include <filesystem>

#include "models/errors.hpp"

namespace packrig {

std::ifstream open_input(const std::string& path) {
  std::error_code unknown;
  std::ifstream file(path);
  // A folder opens, and fails with the first reading.
  if (!file || std::filesystem::is_directory(path, unknown)) {
    throw BadInput(path + ": cannot be opened, accepted: a readable file");
  }
  return file;
}

}  // namespace packrig
