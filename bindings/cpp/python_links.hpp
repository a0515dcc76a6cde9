// The Python face of the links.
#pragma once

#include <pybind11/pybind11.h>

namespace packrig {

void bind_links(pybind11::module_& m);

}  // namespace packrig
