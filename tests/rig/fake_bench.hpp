// A bench that does what a test tells it, and remembers what it was shown.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "rig/bench/bench.hpp"

namespace packrig::test {

// Shared by a fake bench and its clones, and alive after them.
struct FakeLog {
  struct Exchange {
    Terminals terminals;
    TimeNs from_ns;
    TimeNs until_ns;
  };
  std::vector<Exchange> exchanges;
  int made_safe = 0;
};

class FakeBench final : public Bench {
 public:
  // May change what exchange() answers, or throw.
  using Twist = std::function<void(TimeNs from_ns, TimeNs until_ns, Actions& actions)>;

  explicit FakeBench(std::shared_ptr<FakeLog> log, Twist twist = nullptr)
      : log_(std::move(log)), twist_(std::move(twist)) {
    can_.bench = "fake";
    can_.cell_V = {0.0, 5.0, 0.0, 0.0};
    can_.shunt_V = {-0.1, 0.1, 0.0, 0.0};
    can_.ntc_Ohm = {100.0, 1e6, 0.0, 0.0};
    can_.supply_V = {0.0, 120.0, 0.0, 0.0};
    can_.exact_time = true;
    can_.forks = true;
  }

  Capabilities& can() { return can_; }
  const Capabilities& capabilities() const override { return can_; }

  const Actions& exchange(const Terminals& terminals, TimeNs until_ns) override {
    log_->exchanges.push_back({terminals, now_ns_, until_ns});
    actions_.edges.clear();
    actions_.bus_bytes.clear();
    actions_.until_ns = until_ns;
    actions_.readback.at_ns = can_.exact_time ? now_ns_ : until_ns;
    actions_.readback.tap_V = terminals.tap_V;
    actions_.readback.shunt_V = terminals.shunt_V;
    actions_.readback.ntc_Ohm = terminals.ntc_Ohm;
    actions_.readback.supply_V = terminals.supply_V;
    if (twist_) twist_(now_ns_, until_ns, actions_);
    for (const Edge& edge : actions_.edges) actions_.drive_on[static_cast<std::size_t>(edge.actuator)] = edge.on;
    now_ns_ = actions_.until_ns;
    return actions_;
  }

  std::int32_t write_setting(std::uint8_t, std::int32_t value) override { return value > 100 ? 2 : 0; }
  std::int32_t read_setting(std::uint8_t, std::int32_t& value) override {
    value = 42;
    return 0;
  }
  std::int32_t load_settings(std::span<const std::uint8_t>) override { return 0; }
  std::unique_ptr<Bench> clone() const override { return std::make_unique<FakeBench>(*this); }
  void make_safe() noexcept override { ++log_->made_safe; }

 private:
  std::shared_ptr<FakeLog> log_;
  Twist twist_;
  Capabilities can_;
  Actions actions_;
  TimeNs now_ns_ = 0;
};

}  // namespace packrig::test
