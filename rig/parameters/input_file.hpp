// A file that a user names.
#pragma once

#include <fstream>
#include <string>

namespace packrig {

// Opened for reading. Throws BadInput naming the path when it cannot be, or when it is a folder.
std::ifstream open_input(const std::string& path);

}  // namespace packrig
