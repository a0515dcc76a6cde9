// A trace on disk: append-only chunks, each with its own check sum, so that what was written before a crash can be
// read. Little-endian, as every machine that packrig builds on.
//
//   "PKRTRC03"   8 bytes; 03 since a trace has what was observed of the BMS
//   chunk*       u32 kind, u32 payload length, payload, u32 CRC-32 of these three (polynomial 0x04C11DB7, reflected)
//
//   kind 1  header   JSON: part, bench, seed, cell_count, specification, uncertainty; the first chunk
//   kind 2  rows     u32 role, u32 rows, u32 columns, rows * i64 ns, rows * columns * f64
//   kind 3  events   per event: i64 ns, u8 kind, u8 subject, u8 state, u8 0, f64 value, u32 length, text
//   kind 4  end      i64 ns of the end of the session; a file without it is of an interrupted run
#pragma once

#include <string>

#include "rig/trace.hpp"

namespace packrig {

// Writes beside the file and renames, so that a file of that name is always whole. Throws BenchFault naming the path.
void save_trace(const Trace& trace, const std::string& path);

// Reads up to the last intact chunk; where the end is missing, the trace ends with a rig_fault that says so, and every
// verdict over it is ERROR. Throws BadInput naming the path when it is no trace or its header is broken.
Trace load_trace(const std::string& path);

}  // namespace packrig
