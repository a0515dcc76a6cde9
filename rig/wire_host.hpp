// The host on the simulated bus: asks the board in a language of the board's, byte by byte at the line's speed, and
// understands what it answers. Half duplex: one question at a time.
//
//   a question's bytes     | <- ten bits each, the last one ends when the session shows it
//   the board's answer       ... its bytes carry their own stamps; what they say counts from the last byte's end
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "models/connector.hpp"
#include "rig/codec/deframer.hpp"
#include "rig/codec/plausibility.hpp"
#include "rig/poll_languages.hpp"
#include "rig/reported.hpp"
#include "rig/trace.hpp"

namespace packrig {

struct PollDescription {
  PollLanguage language = nw_polling();
  Port port = Port::rs485;
  TimeNs period_ns = second_ns;  // from question to question; an answer that takes longer delays the next
  TimeNs row_period_ns = 0;      // at most one reported row per period, besides those with news; 0: every answer
  PlausibilityLimits plausible;
};

class WireHost {
 public:
  // `cell_count` of the pack on the rig: a board that reports another number of cells is not plausible. Throws BadInput
  // for a period that is not above 0.
  WireHost(const PollDescription& description, int cell_count, TimeNs now_ns);

  // Asks for everything every period, the first time at once.
  void poll(TimeNs period_ns, TimeNs now_ns);
  void stop_polling() { polls_ = false; }
  // Puts a question before the next poll.
  void ask(std::vector<std::uint8_t> request, TimeNs now_ns);
  // The same for what goes unanswered on some boards: nothing is awaited, the next question comes `pause_ns` later.
  void tell(std::vector<std::uint8_t> request, TimeNs pause_ns, TimeNs now_ns);

  Port port() const { return description_.port; }
  const PollLanguage& language() const { return description_.language; }
  // When the session must stop next: a question is to be shown, or something becomes known. never_ns: nothing is due.
  TimeNs next_ns() const;
  // Adds the bytes of the question whose last byte ends now.
  void send(TimeNs now_ns, BusBytes& bytes);
  // A byte that the board sends; its stamp may lie ahead.
  void receive(const BusByte& byte);
  // What has become known by `now_ns`, into the trace: plausible telemetry as a row of its own role, all else as
  // events.
  void record(TimeNs now_ns, Trace& trace);

  // The newest plausible telemetry; none as long as there was none.
  const std::optional<Telemetry>& latest() const { return latest_; }
  // Of the newest telemetry, NaN where it does not say. Throws BadInput for a cell or a probe that does not exist.
  double reported(ReportedChannel channel) const;
  // No question put by hand waits to be asked or answered.
  bool answered() const { return questions_.empty() && !(open_ && open_->by_hand); }
  // To the last question that was put by hand, as the language reads it; none where the board was silent.
  const std::optional<std::vector<std::uint8_t>>& answer() const { return answer_; }

 private:
  struct Question {
    std::vector<std::uint8_t> bytes;
    bool by_hand = false;
    TimeNs pause_ns = 0;  // above 0: no answer is awaited
  };
  // Known once its last byte has ended, which may lie ahead.
  struct News {
    TimeNs at_ns;
    Reading reading;  // with an objection as its defect where it is not plausible
  };

  TimeNs duration_ns(std::size_t byte_count) const;
  TimeNs begin_ns() const;
  TimeNs question_length_ns() const;
  bool has_news(const Telemetry& telemetry) const;
  void understand(const RawFrame& raw);

  PollDescription description_;
  int cell_count_;
  Deframer deframer_;
  Plausibility plausibility_;
  std::deque<Question> questions_;  // put by hand
  bool polls_ = false;
  TimeNs poll_due_ns_ = 0;        // when the next poll may begin
  TimeNs line_free_ns_ = 0;       // the gap after the last packet is over
  std::optional<Question> open_;  // asked, not answered yet
  TimeNs answer_due_ns_ = never_ns;
  std::optional<std::vector<std::uint8_t>> answer_;
  std::deque<News> news_;
  std::optional<Telemetry> latest_;
  TimeNs row_due_ns_ = 0;
  std::vector<double> row_;
};

}  // namespace packrig
