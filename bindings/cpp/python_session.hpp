// The Python face of a session, and of what it hears on the wire.
#pragma once

#include <pybind11/pybind11.h>

namespace packrig {

void bind_session(pybind11::module_& m);
void bind_telemetry(pybind11::module_& m);

}  // namespace packrig
