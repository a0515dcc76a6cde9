// The host on a port on which the board speaks by itself: it may ask to begin (Bluetooth) or just listen (LCD), and
// understands each frame when its last byte has ended.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "models/connector.hpp"
#include "rig/codec/deframer.hpp"
#include "rig/codec/plausibility.hpp"
#include "rig/reported.hpp"
#include "rig/trace.hpp"

namespace packrig {

// What a frame is to a listener.
struct Heard {
  std::optional<Telemetry> telemetry;  // a row of what is reported
  int kind = 0;                        // of the language; the newest frame of each kind is kept
  bool answer = false;                 // to what was written
};

struct ListenerLanguage {
  Port port = Port::bluetooth;
  double baud_Hz = 0.0;
  TimeNs silence_ns = 0;       // within a frame, see Deframer
  TimeNs answer_limit_ns = 0;  // a question is unanswered after it
  TimeNs stream_limit_ns = 0;  // a board that says nothing for so long is silent
  Matcher match = nullptr;
  std::function<Heard(const RawFrame& raw)> understand;
};

class Listener {
 public:
  // `cell_count` of the pack on the rig: see WireHost.
  Listener(const ListenerLanguage& language, int cell_count, TimeNs now_ns);

  Port port() const { return language_.port; }
  // Sends bytes after what waits already. `wants_answer`: nothing else is sent before the answer or its limit.
  void say(std::vector<std::uint8_t> bytes, bool wants_answer, TimeNs now_ns);

  // As WireHost's.
  TimeNs next_ns() const;
  void send(TimeNs now_ns, BusBytes& bytes);
  void receive(const BusByte& byte);
  void record(TimeNs now_ns, Trace& trace);
  const std::optional<Telemetry>& latest() const { return latest_; }
  const std::vector<double>& row() const { return row_; }

  // Nothing waits to be sent or answered.
  bool answered() const { return waiting_.empty() && answer_due_ns_ == never_ns; }
  // Whether the last question got an answer.
  bool was_answered() const { return was_answered_; }
  // The newest frame of a kind; nullopt before the first.
  std::optional<RawFrame> newest(int kind) const;

 private:
  struct Words {
    std::vector<std::uint8_t> bytes;
    bool wants_answer;
  };
  struct News {
    RawFrame raw;
    Heard heard;
  };

  TimeNs duration_ns(std::size_t byte_count) const;
  TimeNs begin_ns() const;
  void take(News& news, Trace& trace);

  ListenerLanguage language_;
  int cell_count_;
  Deframer deframer_;
  Plausibility plausibility_;
  std::deque<Words> waiting_;
  TimeNs line_free_ns_;
  TimeNs answer_due_ns_ = never_ns;
  TimeNs stream_due_ns_;  // by then the board has said something
  bool was_answered_ = false;
  std::deque<News> news_;  // known once their last byte has ended, which may lie ahead
  std::vector<std::pair<int, RawFrame>> newest_;
  std::optional<Telemetry> latest_;
  std::vector<double> row_;
};

}  // namespace packrig
