// One interface to the banks: to a pack every cell is a source behind a resistor, whatever its model.
//
// A value like the banks themselves. The choice is made once per call for the whole pack, never per cell.
#pragma once

#include <span>
#include <utility>
#include <variant>

#include "models/cells/ecm_bank.hpp"
#include "models/cells/spme_bank.hpp"

namespace packrig {

class CellBank {
 public:
  explicit CellBank(EcmBank bank) : bank_(std::move(bank)) {}
  explicit CellBank(SpmeBank bank) : bank_(std::move(bank)) {}

  int size() const {
    return std::visit([](const auto& bank) { return bank.size(); }, bank_);
  }
  void advance(std::span<const double> current_A, double dt_s) {
    std::visit([&](auto& bank) { bank.advance(current_A, dt_s); }, bank_);
  }
  void set_temperature_degC(std::span<const double> temperature_degC) {
    std::visit([&](auto& bank) { bank.set_temperature_degC(temperature_degC); }, bank_);
  }
  // Whether the source depends on the current, so that linearise() moves it.
  bool follows_current() const { return std::holds_alternative<SpmeBank>(bank_); }
  // One sweep of Newton's method: the source becomes the tangent at these currents.
  void linearise(std::span<const double> current_A) {
    if (auto* bank = std::get_if<SpmeBank>(&bank_)) bank->linearise(current_A);
  }

  std::span<const double> open_V() const {
    return std::visit([](const auto& bank) { return bank.open_V(); }, bank_);
  }
  std::span<const double> series_Ohm() const {
    return std::visit([](const auto& bank) { return bank.series_Ohm(); }, bank_);
  }
  std::span<const double> soc() const {
    return std::visit([](const auto& bank) { return bank.soc(); }, bank_);
  }
  std::span<const double> temperature_degC() const {
    return std::visit([](const auto& bank) { return bank.temperature_degC(); }, bank_);
  }
  std::span<const double> heat_W() const {
    return std::visit([](const auto& bank) { return bank.heat_W(); }, bank_);
  }
  double capacity_Ah(int cell) const {
    return std::visit([&](const auto& bank) { return bank.capacity_Ah(cell); }, bank_);
  }
  bool outside_validity(int cell) const {
    return std::visit([&](const auto& bank) { return bank.outside_validity(cell); }, bank_);
  }
  // Whether any is, for all at once.
  bool any_outside_validity() const {
    return std::visit([](const auto& bank) { return bank.any_outside_validity(); }, bank_);
  }
  void check() const {
    std::visit([](const auto& bank) { bank.check(); }, bank_);
  }

 private:
  std::variant<EcmBank, SpmeBank> bank_;
};

}  // namespace packrig
