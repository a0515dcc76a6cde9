#include "rig/imposition.hpp"

#include "models/errors.hpp"

namespace packrig {

double Impositions::Waveform::at(TimeNs now_ns) const {
  if (now_ns >= start_ns + duration_ns) return to;
  return from + (to - from) * (to_s(now_ns - start_ns) / to_s(duration_ns));
}

Impositions::Waveform& Impositions::waveform(Channel channel) {
  switch (channel.quantity) {
    case Quantity::cell_V:
      return cell_V_.at(static_cast<std::size_t>(channel.number - 1));
    case Quantity::ntc_degC:
      return ntc_degC_.at(static_cast<std::size_t>(channel.number - 1));
    case Quantity::current_A:
      return current_A_;
    case Quantity::supply_V:
      return supply_V_;
    case Quantity::cell_max_V:
    case Quantity::cell_min_V:
    case Quantity::supply_A:
      break;
  }
  throw BadInput(std::string(quantity_name(channel.quantity)) +
                 " cannot be imposed; accepted: cell_V, current_A, ntc_degC, supply_V");
}

void Impositions::start(const Impose& impose, TimeNs now_ns) {
  Waveform& wave = waveform(impose.channel);
  if (!wave.active) {
    ++active_count_;
    if (impose.channel.quantity == Quantity::cell_V) ++cell_count_active_;
  }
  wave = {true, impose.from, impose.to, now_ns, impose.duration_ns};
}

void Impositions::release(Channel channel) {
  Waveform& wave = waveform(channel);
  if (wave.active) {
    --active_count_;
    if (channel.quantity == Quantity::cell_V) --cell_count_active_;
  }
  wave.active = false;
}

void Impositions::release_all() { *this = Impositions(); }

void Impositions::apply(TimeNs now_ns, double shunt_Ohm, const NtcDescription& ntc, Terminals& terminals) const {
  if (active_count_ == 0) return;
  if (cell_count_active_ > 0) {
    // Cells are in series: raising one lifts every tap above it.
    double plant_below_V = terminals.tap_V[0];
    for (int k = 0; k < terminals.cell_count; ++k) {
      const auto i = static_cast<std::size_t>(k);
      const double plant_cell_V = terminals.tap_V[i + 1] - plant_below_V;
      plant_below_V = terminals.tap_V[i + 1];
      terminals.tap_V[i + 1] = terminals.tap_V[i] + (cell_V_[i].active ? cell_V_[i].at(now_ns) : plant_cell_V);
    }
  }
  if (current_A_.active) terminals.shunt_V = current_A_.at(now_ns) * shunt_Ohm;
  for (std::size_t i = 0; i < ntc_count; ++i) {
    if (ntc_degC_[i].active) terminals.ntc_Ohm[i] = ntc_Ohm(ntc, ntc_degC_[i].at(now_ns));
  }
  if (supply_V_.active) terminals.supply_V = supply_V_.at(now_ns);
}

}  // namespace packrig
