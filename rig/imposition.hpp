// What stands at the plug instead of the plant's own quantities.
#pragma once

#include <array>
#include <optional>

#include "models/connector.hpp"
#include "models/ntc.hpp"
#include "rig/channel.hpp"
#include "rig/stimulus.hpp"

namespace packrig {

class Impositions {
 public:
  void start(const Impose& impose, TimeNs now_ns);
  void release(Channel channel);
  void release_all();
  bool any() const { return active_count_ > 0; }

  // Lays what is imposed at `now_ns` over `terminals`.
  void apply(TimeNs now_ns, double shunt_Ohm, const NtcDescription& ntc, Terminals& terminals) const;

 private:
  struct Waveform {
    bool active = false;
    double from = 0.0;
    double to = 0.0;
    TimeNs start_ns = 0;
    TimeNs duration_ns = 0;

    double at(TimeNs now_ns) const;
  };

  Waveform& waveform(Channel channel);

  std::array<Waveform, cell_count_max> cell_V_{};
  std::array<Waveform, ntc_count> ntc_degC_{};
  Waveform current_A_;
  Waveform supply_V_;
  int cell_count_active_ = 0;
  int active_count_ = 0;
};

}  // namespace packrig
