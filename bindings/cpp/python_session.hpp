// The Python face of a session.
#pragma once

#include <pybind11/pybind11.h>

namespace packrig {

void bind_session(pybind11::module_& m);

}  // namespace packrig
