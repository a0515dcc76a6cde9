#include "rig/trace_writer.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "rig/fault.hpp"
#include "rig/trace_chunk.hpp"

namespace packrig {

namespace {

using Json = nlohmann::json;
using namespace trace_chunk;

std::string header_of(const TraceInfo& info) {
  const TraceUncertainty& u = info.uncertainty;
  const Json header = {{"part", info.part},
                       {"bench", info.bench},
                       {"seed", info.seed},
                       {"cell_count", info.cell_count},
                       {"capacity_Ah", info.capacity_Ah},
                       {"specification", info.specification},
                       {"uncertainty",
                        {{"cell_V", u.cell_V},
                         {"current_A", u.current_A},
                         {"ntc_degC", u.ntc_degC},
                         {"supply_V", u.supply_V},
                         {"supply_A", u.supply_A},
                         {"readback_stamp_ns", u.readback_stamp_ns},
                         {"edge_stamp_ns", u.edge_stamp_ns},
                         {"exact_time", u.exact_time}}}};
  return header.dump();
}

std::string rows_of(const TraceGroup& group, std::size_t first, std::size_t count) {
  std::string payload;
  put(payload, static_cast<std::uint32_t>(group.role));
  put(payload, static_cast<std::uint32_t>(count));
  put(payload, static_cast<std::uint32_t>(group.columns.size()));
  payload.append(reinterpret_cast<const char*>(group.at_ns.data() + first), count * sizeof(TimeNs));
  payload.append(reinterpret_cast<const char*>(group.values.data() + first * group.columns.size()),
                 count * group.columns.size() * sizeof(double));
  return payload;
}

std::string events_of(std::span<const Event> events) {
  std::string payload;
  for (const Event& event : events) {
    put(payload, event.at_ns);
    put(payload, static_cast<std::uint8_t>(event.kind));
    put(payload, event.subject);
    put(payload, event.state);
    put(payload, std::uint8_t{0});
    put(payload, event.value);
    put(payload, static_cast<std::uint32_t>(event.text.size()));
    payload += event.text;
  }
  return payload;
}

}  // namespace

TraceWriter::TraceWriter(std::string path, const TraceInfo& info)
    : path_(std::move(path)), out_(path_, std::ios::binary | std::ios::trunc) {
  out_.write(magic, magic_length);
  write_chunk(header_kind, header_of(info));
  flush();
}

void TraceWriter::write_chunk(std::uint32_t kind, const std::string& payload) {
  std::string bytes;
  put(bytes, kind);
  put(bytes, static_cast<std::uint32_t>(payload.size()));
  bytes += payload;
  put(bytes, crc_of(bytes));
  out_.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

void TraceWriter::flush() {
  out_.flush();
  if (!out_) throw BenchFault("trace cannot be written: " + path_);
}

void TraceWriter::write(const Trace& block) {
  for (int i = 0; i < role_count; ++i) {
    const TraceGroup& group = block.group(static_cast<Role>(i));
    for (std::size_t first = 0; first < group.rows(); first += row_count_max) {
      write_chunk(rows_kind, rows_of(group, first, std::min(row_count_max, group.rows() - first)));
    }
  }
  const std::span<const Event> events(block.events());
  for (std::size_t first = 0; first < events.size(); first += row_count_max) {
    write_chunk(events_kind, events_of(events.subspan(first, std::min(row_count_max, events.size() - first))));
  }
  flush();
}

void TraceWriter::end(TimeNs end_ns) {
  std::string payload;
  put(payload, end_ns);
  write_chunk(end_kind, payload);
  flush();
}

}  // namespace packrig
