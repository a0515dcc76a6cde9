// When a watched channel crosses its level between two ticks.
#include <cmath>

#include "models/check.hpp"
#include "models/errors.hpp"
#include "rig/names.hpp"
#include "rig/session.hpp"
#include "sim/plant_crossing.hpp"

namespace packrig {

void Session::watch(Channel channel, Side side, double level) {
  of_plug_row(asked_row(), channel);  // the channel exists
  if (!std::isfinite(level)) {
    throw BadInput("level = " + packrig::shown(level) + "; accepted: a finite number");
  }
  if (bench_->capabilities().exact_time) watched_.push_back({channel, side, level});
}

// Of a plant at its own instant, what is imposed laid over it.
bool Session::holds_of(const Plant& plant, const ChannelBeyond& watched) const {
  Terminals terminals = terminals_;
  plant.show(terminals);
  impositions_.apply(plant.now_ns(), description_.shunt_Ohm, description_.ntc, terminals);
  std::vector<double> row(asked_row_.size());
  std::array<NtcReading, ntc_count> probes = asked_probe_;
  fill_plug_row(terminals.tap_V, terminals.shunt_V, terminals.ntc_Ohm, terminals.supply_V, probes, row);
  const double value = of_plug_row(row, watched.channel);
  return watched.side == Side::above ? value > watched.level : value < watched.level;
}

void Session::record_crossings(const Plant& before, const Actions& actions) {
  for (const ChannelBeyond& watched : watched_) {
    const auto holds = [&](const Plant& plant) { return holds_of(plant, watched); };
    if (!holds(plant_) || holds(before)) continue;
    if (const auto at_ns = first_instant_ns(before, actions, plant_.now_ns(), holds)) {
      trace_.append(Event{*at_ns, EventKind::crossing, static_cast<std::uint8_t>(watched.channel.number),
                          static_cast<std::uint8_t>(watched.channel.quantity), watched.level, side_name(watched.side)});
    }
  }
}

}  // namespace packrig
