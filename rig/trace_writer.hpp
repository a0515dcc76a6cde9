// Writes a trace to disk block by block, in the format of trace_file.hpp. After each block the operating system has it:
// what kills the process later does not take it away.
#pragma once

#include <cstdint>
#include <fstream>
#include <string>

#include "rig/trace.hpp"

namespace packrig {

class TraceWriter {
 public:
  // Begins the file; what was in it is gone. Every member throws BenchFault naming the path when it cannot be written.
  TraceWriter(std::string path, const TraceInfo& info);

  // Appends the block's rows and events.
  void write(const Trace& block);
  // The session ended here in good order; without it the file reads as an interrupted run's.
  void end(TimeNs end_ns);

 private:
  void write_chunk(std::uint32_t kind, const std::string& payload);
  void flush();

  std::string path_;
  std::ofstream out_;
};

}  // namespace packrig
