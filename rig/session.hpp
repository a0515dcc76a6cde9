// A session passes physical quantities from the plant to a bench and what the BMS did back, once per tick, and
// writes both into a trace. One tick, and nothing else moves time:
//
//   at t_k:  1 wake    stimuli that are due at t_k
//            2 show    terminals of the plant, what is imposed laid over them
//            3 pass    actions = bench.exchange(terminals, t_k + dt)     <- the only line in which time passes
//            4 move    plant.advance(actions, actions.until_ns)          split at each edge
//            5 record  trace.append(...)
//            6 watch   evaluate the condition on the new row
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "models/ntc.hpp"
#include "rig/asked_range.hpp"
#include "rig/bench/bench.hpp"
#include "rig/condition.hpp"
#include "rig/imposition.hpp"
#include "rig/listener.hpp"
#include "rig/stimulus.hpp"
#include "rig/trace.hpp"
#include "rig/trace_writer.hpp"
#include "rig/wire_host.hpp"
#include "sim/plant.hpp"

namespace packrig {

// What the rig knows of the part's sensors, to impose a current or a temperature as volts and ohms.
struct SessionDescription {
  std::string part;
  std::string specification;  // JSON that made this session; kept in the trace
  std::uint64_t seed = 0;
  double shunt_Ohm = 0.0;
  NtcDescription ntc;
  TimeNs tick_limit_ns = second_ns;    // no exchange is longer
  TimeNs plug_period_ns = 0;           // at most one row of plug quantities per period; 0: every change
  TimeNs truth_period_ns = second_ns;  // one row of the plant's truth per period
  TimeNs reported_period_ns = 0;  // at most one row of telemetry per period, and where it has news; 0: every answer
};

enum class RunResult : std::uint8_t { held, deadline, paused };

class Session {
 public:
  // Throws BadInput when the description does not fit the plant.
  Session(SessionDescription description, Plant plant, std::unique_ptr<Bench> bench);
  ~Session();
  Session(Session&&) noexcept = default;
  Session& operator=(Session&&) = delete;  // it would drop a bench that has not been made safe
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  TimeNs now_ns() const { return now_ns_; }
  const Bench& bench() const { return *bench_; }
  const Plant& plant() const { return plant_; }
  // Throws BadInput while the trace goes to disk: a verdict over what is still held would be one over a part.
  const Trace& trace() const;
  bool drive_on(Actuator actuator) const { return drive_on_[static_cast<std::size_t>(actuator)]; }
  // What was last shown at the plug, or observed there (supply_A). Throws BadInput for a channel that does not exist.
  double shown(Channel channel) const;

  // Schedules a stimulus. Throws BadInput when at_ns lies in the past or a channel or value is impossible, BenchFault
  // when this bench cannot impose the value.
  void at(TimeNs at_ns, const Stimulus& stimulus);

  // A line in the trace, and the instant from which a rule judges.
  TimeNs mark(const std::string& text);

  // From now on the trace tells to a microsecond when the plant takes the channel beyond the level: an event besides
  // the rows, which come once a tick. It costs a copy of the plant per tick. For benches with exact time: behind
  // instruments the readback alone tells. Throws BadInput for a channel that does not exist or a level that is not
  // finite.
  void watch(Channel channel, Side side, double level);

  // Runs until the condition holds, the deadline, or `tick_count_max` ticks, whichever comes first.
  RunResult run(TimeNs deadline_ns, const std::optional<Condition>& condition = std::nullopt,
                std::uint64_t tick_count_max = UINT64_MAX);

  std::int32_t write_setting(std::uint8_t register_number, std::int32_t value);
  std::int32_t read_setting(std::uint8_t register_number, std::int32_t& value);
  std::int32_t load_settings(std::span<const std::uint8_t> frame);

  // The host on the simulated RS485 bus speaks with the BMS in bytes that take their time (rig/wire_host.hpp). Asks for
  // everything every period from now on; plausible answers become the trace's reported rows. It speaks one language at
  // a time: another one ends the polling in the former.
  void poll(TimeNs period_ns, const PollLanguage& language = nw_polling());
  void stop_polling();
  // From now on the host hears what the BMS says by itself on a port: Bluetooth (where it first asks for the device,
  // the settings and the stream of cells), LCD or CAN. Its plausible telemetry becomes reported rows too. Throws
  // BadInput for RS485, where the BMS is asked.
  void listen(Port port);
  // The newest frame of a kind on that port (rig/listener_languages.hpp); nullopt before the first.
  std::optional<RawFrame> heard(Port port, int kind) const;
  // A setting by its JK02 register over Bluetooth. 0, or no_answer: the BMS did not acknowledge it.
  std::int32_t write_by_app(std::uint8_t register_number, std::int64_t counts);
  // Asks for all settings over Bluetooth, and takes one out of the frame that comes.
  std::int32_t read_by_app(std::uint8_t register_number, std::int64_t& counts);
  // The serial number that the device frame names, by which the app finds the board; recorded as the reading of
  // register jk02::device_command. no_answer where the BMS is silent or names none.
  std::int32_t read_serial_by_app(std::int64_t& serial_number);
  // The newest that was understood on any port; nullopt before the first.
  std::optional<Telemetry> reported() const;
  // NaN where the newest telemetry does not say. Throws BadInput for a cell or a probe that does not exist.
  double reported(ReportedChannel channel) const;
  // Registers of 4E57 by their code, in counts; time passes until the BMS has answered, 5 s at most. 0, or
  // no_answer: the BMS was silent, which is how it refuses.
  static constexpr std::int32_t no_answer = 255;
  std::int32_t write_register(std::uint8_t code, std::int64_t counts);
  std::int32_t read_register(std::uint8_t code, std::int64_t& counts);

  // An independent session with the same future and an empty trace: plant, bench (with the BMS and its random state)
  // and pending stimuli are copied. Throws BenchFault where the bench cannot.
  Session fork() const;

  // Hands over the trace so far and begins an empty one here, as fork() does: a session that runs for days must not
  // hold all of it. Throws BadInput while the trace goes to disk.
  Trace take_trace();

  // From now on the trace goes to disk as it grows (rig/trace_writer.hpp), what is held so far first: memory stays
  // bounded, and a run that is killed leaves all but the last trace_held_max rows and events. Throws BenchFault naming
  // the path, here and from then on, when it cannot be written; BadInput when it goes to disk already.
  void store_trace(const std::string& path);
  // Writes what is held, and with close_trace() the end; the session begins an empty trace then, as take_trace() does.
  // Throws BadInput when the trace does not go to disk.
  void flush_trace();
  void close_trace();
  static constexpr std::size_t trace_held_max = 256;
  // Rows and events in memory.
  std::size_t trace_held() const { return trace_.held(); }

  // All outputs of the bench to a safe state; also done by the destructor.
  void make_safe() noexcept;

  std::uint64_t tick_count() const { return tick_count_; }

 private:
  using Drives = std::array<bool, actuator_count>;
  struct Pending {
    TimeNs at_ns;
    Stimulus stimulus;
  };

  Session(SessionDescription description, Plant plant, std::unique_ptr<Bench> bench, const Drives& drive_on);
  void tick(TimeNs limit_ns);
  void begin_trace();
  void record_crossings(const Plant& before, const Actions& actions);
  bool holds_of(const Plant& plant, const ChannelBeyond& watched) const;
  void apply(const Stimulus& stimulus);
  void require_possible(const Stimulus& stimulus) const;
  void show();
  const std::vector<double>& asked_row() const;
  void record_setting(EventKind kind, std::uint8_t register_number, std::int32_t reason, double value);
  void record_drive_states();
  void record_actions(const Actions& actions);
  void record_plug(const Actions& actions);
  void record_truth();
  void compare_with_asked(const Readback& readback);
  bool holds(const Condition& condition) const;
  bool holds_on_the_wire(const Condition& condition) const;
  WireHost& wire(const PollLanguage& language = nw_polling());
  void await_answer();
  Listener& listener(Port port);
  void await_acknowledgement();
  double of_plug_row(const std::vector<double>& row, Channel channel) const;
  void fill_plug_row(const std::array<double, tap_count_max>& tap_V, double shunt_V,
                     const std::array<double, ntc_count>& ntc_Ohm, double supply_V,
                     std::array<NtcReading, ntc_count>& readings, std::vector<double>& row) const;

  SessionDescription description_;
  Plant plant_;
  std::unique_ptr<Bench> bench_;
  Trace trace_;
  std::unique_ptr<TraceWriter> writer_;  // none as long as the trace stays in memory
  AskedRange asked_range_;
  Impositions impositions_;
  std::vector<Pending> pending_;  // sorted by time, first in first out at equal times
  std::size_t pending_next_ = 0;
  Terminals terminals_;
  BusBytes bytes_to_send_;
  std::optional<WireHost> wire_;  // none until a scenario asks something over the bus
  std::vector<Listener> listeners_;
  bool button_pressed_ = false;
  Drives drive_on_{};
  // What is shown now, on demand: a decimated trace asks seldom.
  mutable std::vector<double> asked_row_;
  mutable std::array<NtcReading, ntc_count> asked_probe_;
  mutable bool asked_row_filled_ = false;
  std::vector<double> imposed_row_;
  std::array<NtcReading, ntc_count> imposed_probe_;
  std::vector<double> truth_row_;
  double supply_A_ = 0.0;  // as last observed
  TimeNs now_ns_ = 0;
  TimeNs plug_row_due_ns_ = 0;
  TimeNs truth_row_due_ns_ = 0;
  int outside_validity_ = 0;
  std::vector<ChannelBeyond> watched_;
  bool rig_fault_ = false;
  std::uint64_t tick_count_ = 0;
};

}  // namespace packrig
