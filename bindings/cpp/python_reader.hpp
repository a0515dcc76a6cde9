// The Python face of a host that reads a board.
#pragma once

#include <pybind11/pybind11.h>

namespace packrig {

void bind_reader(pybind11::module_& m);

}  // namespace packrig
