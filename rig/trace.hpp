// What a session leaves behind: channel groups with their own time base, and stamped events. A verdict is
// computed from this and a rule, and from nothing else.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "models/connector.hpp"
#include "models/time.hpp"
#include "rig/channel.hpp"

namespace packrig {

// asked: what the session showed at the plug; imposed: what the bench says stood there; truth: the plant's state;
// reported: what the BMS says of itself over a bus, stamped with its arrival (NaN: it does not say); observed: what the
// bench measures of the BMS.
enum class Role : std::uint8_t { asked, imposed, truth, reported, observed };
inline constexpr int role_count = 5;

// Rows of doubles over time. A row holds from its instant to the next row's (a staircase) when `exact`; otherwise
// it is a sample, and what happened between two rows is unknown.
struct TraceGroup {
  Role role = Role::truth;
  std::vector<std::string> columns;  // unit is the last word of each
  std::vector<double> deadband;      // per column: smaller changes make no new row
  std::vector<TimeNs> at_ns;
  std::vector<double> values;  // row-major, columns.size() per row

  std::size_t rows() const { return at_ns.size(); }
  std::span<const double> row(std::size_t i) const { return {values.data() + i * columns.size(), columns.size()}; }
};

enum class EventKind : std::uint8_t {
  edge,           // subject: Actuator, state: on
  contact,        // subject: Contact, state: closed, value: current in A
  stimulus,       // text: what the scenario did
  rig_fault,      // text: what is broken; every verdict over it is ERROR
  validity,       // subject: 1-based cell outside its model's validity
  bus_byte,       // subject: Port, state: value
  setting_write,  // subject: register, state: the BMS's reason code (0: accepted), value: counts
  setting_read,   // the same, value: what the BMS holds
  drive_state,    // subject: Actuator, state: on; how the drive stands where the trace begins
  mark,           // text: the start of what a rule judges
  implausible,    // subject: Port, text: why what the BMS reported there cannot be true; it is no row
  silence,        // subject: Port, text: which question the BMS did not answer
  crossing,       // subject: the channel's number, state: its Quantity, value: the watched level, text: a Side
};

struct Event {
  TimeNs at_ns = 0;
  EventKind kind = EventKind::mark;
  std::uint8_t subject = 0;
  std::uint8_t state = 0;
  double value = 0.0;
  std::string text;
};

// How well the bench knew what it imposed; from Capabilities, so that a stored trace can be judged alone. All k = 2.
struct TraceUncertainty {
  double cell_V = 0.0;
  double current_A = 0.0;
  double ntc_degC = 0.0;
  double supply_V = 0.0;
  double supply_A = 0.0;
  TimeNs readback_stamp_ns = 0;
  TimeNs edge_stamp_ns = 0;
  bool exact_time = true;

  double of(Quantity quantity) const;
};

struct TraceInfo {
  std::string part;
  std::string bench;
  std::uint64_t seed = 0;
  int cell_count = 0;
  std::vector<double> capacity_Ah;  // the plant's truth, of each cell
  std::string specification;        // the run specification, JSON, that made this trace
  TraceUncertainty uncertainty;
};

// One instant of one channel.
struct Sample {
  TimeNs at_ns;
  double value;
};

class Trace {
 public:
  explicit Trace(TraceInfo info);

  const TraceInfo& info() const { return info_; }
  const TraceGroup& group(Role role) const { return groups_[static_cast<std::size_t>(role)]; }
  const std::vector<Event>& events() const { return events_; }
  TimeNs end_ns() const { return end_ns_; }

  // Appends a row if it differs from the last one by more than the deadbands; `values` in the order of
  // group(role).columns. Where rows are
  // samples (TraceUncertainty::exact_time false) the last equal one is kept too: the gap before a change is known.
  // Reported rows are all kept: that the BMS said the same again is news.
  void append(Role role, TimeNs at_ns, std::span<const double> values);
  void append(Event event);
  // Forgets the rows and events so far, which are on disk by now; what is appended is still compared with the last of
  // them, so that the blocks one behind the other are the trace that never was in parts.
  void drop_held();
  // Rows and events held in memory.
  std::size_t held() const;
  // The session has run this far, even if nothing changed.
  void extend(TimeNs end_ns) { end_ns_ = end_ns; }

  // A channel of the imposed (or asked) group over time; supply_A of the observed group.
  // Throws BadInput when the channel is not in the group.
  std::vector<Sample> series(Channel channel, Role role = Role::imposed) const;

  // FNV-1a over every row and event: equal for equal runs.
  std::uint64_t hash() const;
  // The same over edges and contacts alone: what the BMS did.
  std::uint64_t actions_hash() const;

  // The deadband of a column, by its unit: 1 uV of a cell, 1 mA (1 uA of the supply), 1 mK, 1 mV of a pack, 1e-6 of
  // SoC.
  static double deadband(const std::string& column);

  // The groups' column names for `cell_count` cells.
  static std::vector<std::string> plug_columns(int cell_count);
  static std::vector<std::string> truth_columns(int cell_count);  // reported: reported_columns()
  static std::vector<std::string> observed_columns();

  // For the reader of stored traces.
  void restore_rows(Role role, std::span<const TimeNs> at_ns, std::span<const double> values);

 private:
  TraceInfo info_;
  std::vector<TraceGroup> groups_;
  std::vector<Event> events_;
  std::array<std::vector<double>, role_count> last_row_;  // empty before the first
  std::array<TimeNs, role_count> last_equal_ns_{never_ns, never_ns, never_ns, never_ns, never_ns};
  TimeNs end_ns_ = 0;
};

}  // namespace packrig
