#include "rig/trace_file.hpp"

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <sstream>

#include "models/errors.hpp"
#include "rig/fault.hpp"
#include "rig/trace_chunk.hpp"
#include "rig/trace_writer.hpp"

namespace packrig {

namespace {

using Json = nlohmann::json;
using namespace trace_chunk;

class Cursor {
 public:
  explicit Cursor(const std::string& bytes) : bytes_(bytes) {}

  // False when fewer bytes are left than wanted.
  template <class T>
  bool take(T& value) {
    return take_bytes(reinterpret_cast<char*>(&value), sizeof value);
  }
  bool take_bytes(char* to, std::size_t length) {
    if (bytes_.size() - at_ < length) return false;
    std::memcpy(to, bytes_.data() + at_, length);
    at_ += length;
    return true;
  }
  bool take_text(std::string& text, std::size_t length) {
    if (bytes_.size() - at_ < length) return false;
    text.assign(bytes_, at_, length);
    at_ += length;
    return true;
  }
  bool at_end() const { return at_ == bytes_.size(); }

 private:
  const std::string& bytes_;
  std::size_t at_ = 0;
};

TraceInfo info_of(const std::string& text, const std::string& path) {
  try {
    const Json header = Json::parse(text);
    TraceInfo info;
    info.part = header.at("part");
    info.bench = header.at("bench");
    info.seed = header.at("seed");
    info.cell_count = header.at("cell_count");
    info.capacity_Ah = header.at("capacity_Ah").get<std::vector<double>>();
    info.specification = header.at("specification");
    const Json& u = header.at("uncertainty");
    info.uncertainty = {u.at("cell_V"),   u.at("current_A"),         u.at("ntc_degC"),      u.at("supply_V"),
                        u.at("supply_A"), u.at("readback_stamp_ns"), u.at("edge_stamp_ns"), u.at("exact_time")};
    if (info.cell_count < 1 || info.cell_count > cell_count_max) {
      throw BadInput(path + ": cell_count = " + std::to_string(info.cell_count) + "; accepted: 1 .. " +
                     std::to_string(cell_count_max));
    }
    if (info.capacity_Ah.size() != static_cast<std::size_t>(info.cell_count)) {
      throw BadInput(path + ": capacity_Ah has " + std::to_string(info.capacity_Ah.size()) +
                     " numbers; accepted: " + std::to_string(info.cell_count) + ", one for each cell");
    }
    return info;
  } catch (const Json::exception& error) {
    throw BadInput(path + ": trace header: " + error.what());
  }
}

bool restore_rows(Cursor cursor, Trace& trace) {
  std::uint32_t role = 0;
  std::uint32_t rows = 0;
  std::uint32_t columns = 0;
  if (!cursor.take(role) || !cursor.take(rows) || !cursor.take(columns) || role >= role_count) return false;
  if (columns != trace.group(static_cast<Role>(role)).columns.size() || rows > row_count_max) return false;
  std::vector<TimeNs> at_ns(rows);
  std::vector<double> values(static_cast<std::size_t>(rows) * columns);
  if (!cursor.take_bytes(reinterpret_cast<char*>(at_ns.data()), at_ns.size() * sizeof(TimeNs))) return false;
  if (!cursor.take_bytes(reinterpret_cast<char*>(values.data()), values.size() * sizeof(double))) return false;
  trace.restore_rows(static_cast<Role>(role), at_ns, values);
  return cursor.at_end();
}

bool restore_events(Cursor cursor, Trace& trace) {
  while (!cursor.at_end()) {
    Event event;
    std::uint8_t kind = 0;
    std::uint8_t padding = 0;
    std::uint32_t length = 0;
    const bool whole = cursor.take(event.at_ns) && cursor.take(kind) && cursor.take(event.subject) &&
                       cursor.take(event.state) && cursor.take(padding) && cursor.take(event.value) &&
                       cursor.take(length) && cursor.take_text(event.text, length);
    if (!whole || kind > static_cast<std::uint8_t>(EventKind::crossing)) return false;
    event.kind = static_cast<EventKind>(kind);
    trace.append(std::move(event));
  }
  return true;
}

bool restore_end(Cursor cursor, Trace& trace) {
  TimeNs end_ns = 0;
  if (!cursor.take(end_ns)) return false;
  trace.extend(end_ns);
  return true;
}

// An interrupted trace ends with what was last stored in it. What came after is unknown, so no verdict may rest on it.
void end_interrupted(Trace& trace, const std::string& path) {
  TimeNs end_ns = 0;
  for (int i = 0; i < role_count; ++i) {
    const TraceGroup& group = trace.group(static_cast<Role>(i));
    if (group.rows() > 0) end_ns = std::max(end_ns, group.at_ns.back());
  }
  for (const Event& event : trace.events()) end_ns = std::max(end_ns, event.at_ns);
  trace.extend(end_ns);
  trace.append(Event{end_ns, EventKind::rig_fault, 0, 0, 0.0, path + " is of an interrupted run or damaged"});
}

}  // namespace

void save_trace(const Trace& trace, const std::string& path) {
  const std::string partial = path + ".part";
  std::error_code failed;
  try {
    TraceWriter writer(partial, trace.info());
    writer.write(trace);
    writer.end(trace.end_ns());
    std::filesystem::rename(partial, path, failed);
    if (!failed) return;
  } catch (const BenchFault&) {
    failed = std::make_error_code(std::errc::io_error);
  }
  std::error_code ignored;
  if (std::filesystem::is_regular_file(partial, ignored)) std::filesystem::remove(partial, ignored);
  throw BenchFault("trace cannot be written: " + path + ": " + failed.message());
}

Trace load_trace(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw BadInput("trace cannot be read: " + path);
  std::ostringstream content;
  content << in.rdbuf();
  const std::string bytes = content.str();
  if (bytes.compare(0, magic_length, magic) != 0)
    throw BadInput(path + " is no trace: it does not begin with PKRTRC03");
  const std::string chunks = bytes.substr(magic_length);
  Cursor cursor(chunks);
  std::optional<Trace> trace;
  bool whole = false;
  for (;;) {
    std::uint32_t kind = 0;
    std::uint32_t length = 0;
    std::uint32_t crc = 0;
    std::string payload;
    if (!cursor.take(kind) || !cursor.take(length) || !cursor.take_text(payload, length) || !cursor.take(crc)) break;
    std::string covered;
    put(covered, kind);
    put(covered, length);
    if (crc != crc_of(covered + payload)) break;
    if (kind == header_kind && !trace) trace.emplace(info_of(payload, path));
    if (!trace) break;
    if (kind == rows_kind && !restore_rows(Cursor(payload), *trace)) break;
    if (kind == events_kind && !restore_events(Cursor(payload), *trace)) break;
    if (kind == end_kind) whole = restore_end(Cursor(payload), *trace);
  }
  if (!trace) throw BadInput(path + ": the trace's header is broken");
  if (!whole) end_interrupted(*trace, path);
  return std::move(*trace);
}

}  // namespace packrig
