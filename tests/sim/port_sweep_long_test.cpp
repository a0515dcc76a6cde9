// The load port over the whole range that its stimuli accept: whatever hangs on it, it comes to rest within a budget of
// sub-steps, stays finite, and neither current nor energy is made from nothing.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "sim/port_circuit.hpp"
#include "tests/sim/test_pack.hpp"

namespace packrig {
namespace {

constexpr double no_short_Ohm = std::numeric_limits<double>::infinity();
constexpr double lockout_V = 5.0;
constexpr double regeneration_limit_V = 120.0;

struct PortCase {
  int series;
  double load_F;
  double loop_H;
  double short_Ohm;
  LoadPoint load;
  bool charging;
};

std::ostream& operator<<(std::ostream& out, const PortCase& c) {
  const char* kinds[] = {"none", "current", "power", "resistance"};
  return out << c.series << " cells, " << c.load_F << " F, " << c.loop_H << " H, short " << c.short_Ohm << " Ohm, load "
             << kinds[static_cast<int>(c.load.kind)] << " " << c.load.value << (c.charging ? ", charging" : "");
}

LoadPoint point(Load::Kind kind, double value) { return {kind, value, lockout_V, regeneration_limit_V}; }

std::vector<LoadPoint> all_loads() {
  std::vector<LoadPoint> loads{point(Load::Kind::none, 0.0)};
  for (double current_A = 1.0; current_A < 1.1e5; current_A *= 10.0) {
    loads.push_back(point(Load::Kind::current, current_A));
    loads.push_back(point(Load::Kind::current, -current_A));
  }
  for (double power_W = 10.0; power_W < 1.1e7; power_W *= 10.0) {
    loads.push_back(point(Load::Kind::power, power_W));
    loads.push_back(point(Load::Kind::power, 3.0 * power_W > 1e7 ? power_W : 3.0 * power_W));
    loads.push_back(point(Load::Kind::power, -power_W));
  }
  for (double load_Ohm = 1e-4; load_Ohm < 1.1e9; load_Ohm *= 10.0) {
    loads.push_back(point(Load::Kind::resistance, load_Ohm));
  }
  return loads;
}

// The load's law, written here a second time.
double expected_load_A(const LoadPoint& load, double port_V) {
  if (load.kind == Load::Kind::resistance) return port_V / load.value;
  if (load.kind == Load::Kind::none) return 0.0;
  if (load.value < 0.0) {
    const double full_A = load.kind == Load::Kind::current ? load.value : load.value / std::max(port_V, lockout_V);
    return full_A * std::clamp(regeneration_limit_V - port_V, 0.0, 1.0);
  }
  if (load.kind == Load::Kind::current) return load.value * std::min(port_V / lockout_V, 1.0);
  if (port_V >= lockout_V) return load.value / port_V;
  return load.value / lockout_V * std::clamp((port_V - 0.9 * lockout_V) / (0.1 * lockout_V), 0.0, 1.0);
}

// What one run of a case showed.
struct Outcome {
  long sub_steps = 0;
  double simulated_s = 0.0;
  bool rested = false;
};

class Port {
 public:
  explicit Port(const PortCase& c)
      : c_(c),
        source_{3.2 * c.series, 1.1e-3 * c.series + 0.5e-3},
        circuit_({.charge_contact_Ohm = 0.2e-3,
                  .discharge_contact_Ohm = contact_Ohm,
                  .precharge_path_Ohm = 50.0,
                  .fuse_Ohm = fuse_Ohm,
                  .blown_fuse_Ohm = blown_Ohm,
                  .loop_H = c.loop_H,
                  .load_F = c.load_F}) {
    if (c.charging) circuit_.set_charger({true, 3.6 * c.series, 100.0, 5e-3});
    circuit_.settle(source_);
  }

  PortCircuit& circuit() { return circuit_; }
  const StringSource& source() const { return source_; }

  void close(bool charge, bool discharge, bool fuse) {
    fuse_ = fuse;
    circuit_.set_contacts({.charge = charge, .discharge = discharge, .precharge = false, .fuse = fuse});
    circuit_.settle(source_);
  }

  // Lets `span_ns` pass and balances the energy: what the string gives is lost in the loop, stored, or goes into the
  // port, and a load that only draws takes none out of its capacitor that was not there.
  Outcome run(TimeNs span_ns, TimeNs piece_ns) {
    Outcome outcome;
    const bool drawing = c_.load.value >= 0.0 && !c_.charging;
    const double resistance_Ohm = source_.series_Ohm + (fuse_ ? fuse_Ohm : blown_Ohm) + contact_Ohm;
    const bool loop_stores = c_.loop_H >= 1e-6 * resistance_Ohm;
    double given_J = 0.0;
    double lost_J = 0.0;
    const double before_J = stored_J(loop_stores);
    const bool open = !circuit_.contacts().discharge;
    for (TimeNs now_ns = 0; now_ns < span_ns;) {
      const Carried carried = circuit_.advance(source_, std::min(piece_ns, span_ns - now_ns), 1e30);
      circuit_.settle(source_);
      now_ns += carried.dt_ns;
      outcome.sub_steps += circuit_.sub_steps();
      given_J += source_.open_V * carried.bus_A * to_s(carried.dt_ns);
      if (!open) lost_J += resistance_Ohm * carried.square_A2 * to_s(carried.dt_ns);
      if (!std::isfinite(circuit_.port_V() + circuit_.loop_A() + circuit_.bus_V() + carried.square_A2)) {
        ADD_FAILURE() << c_ << ": not finite after " << to_s(now_ns) << " s";
        return outcome;
      }
      outcome.simulated_s = to_s(now_ns);
      if (circuit_.quiet()) break;
    }
    outcome.rested = circuit_.quiet();
    if (drawing) {
      const double taken_J = given_J - lost_J - (stored_J(loop_stores) - before_J);
      EXPECT_GE(taken_J, -2e-3 * (std::fabs(given_J) + before_J) - 1e-6) << c_ << ": energy from nothing";
    }
    return outcome;
  }

  // Kirchhoff at rest, in one loop and one node.
  void check_rest() {
    const double short_S = std::isinf(c_.short_Ohm) ? 0.0 : 1.0 / c_.short_Ohm;
    const double port_V = circuit_.port_V();
    const double load_A = expected_load_A(c_.load, port_V) + short_S * port_V;
    const double scale_A = 1.0 + std::fabs(circuit_.loop_A());
    EXPECT_NEAR(circuit_.loop_A(), load_A, 1e-5 * scale_A) << c_ << ": current is lost at the port";
    EXPECT_NEAR(circuit_.load_A(), load_A, 1e-5 * scale_A) << c_;
    if (!circuit_.contacts().discharge) return;
    const double bus_V = source_.open_V - (source_.series_Ohm + (fuse_ ? fuse_Ohm : blown_Ohm)) *
                                              (circuit_.loop_A() - circuit_.charge_A());
    EXPECT_NEAR(circuit_.bus_V(), bus_V, 1e-6 * (1.0 + std::fabs(bus_V))) << c_;
    EXPECT_NEAR(port_V, bus_V - contact_Ohm * circuit_.loop_A(), 1e-5 * (1.0 + std::fabs(bus_V)))
        << c_ << ": voltage is lost in the loop";
  }

 private:
  static constexpr double contact_Ohm = 0.2e-3;
  static constexpr double fuse_Ohm = 0.1e-3;
  static constexpr double blown_Ohm = 10e6;

  PortCase c_;
  StringSource source_;
  PortCircuit circuit_;
  bool fuse_ = true;

  double stored_J(bool loop_stores) const {
    const double in_loop_J = loop_stores ? 0.5 * c_.loop_H * circuit_.loop_A() * circuit_.loop_A() : 0.0;
    return in_loop_J + 0.5 * c_.load_F * circuit_.port_V() * circuit_.port_V();
  }
};

// Rings of little damping are the slowest (2 uH or 100 uH with 1 uF, 8 mOhm); nearly all others rest after a few
// thousand.
constexpr long budget = 400'000;

void expect_rest(Port& port, const PortCase& c, const char* when, TimeNs span_ns, TimeNs piece_ns) {
  const Outcome outcome = port.run(span_ns, piece_ns);
  EXPECT_LE(outcome.sub_steps, budget) << c << " " << when << ", " << outcome.simulated_s << " s";
  EXPECT_TRUE(outcome.rested) << c << " " << when << ": after " << outcome.simulated_s << " s port_V "
                              << port.circuit().port_V() << ", loop_A " << port.circuit().loop_A();
  if (outcome.rested) port.check_rest();
}

// Closes onto the stimuli, lets the fuse blow, opens.
void exercise(const PortCase& c) {
  Port port(c);
  port.circuit().set_load(c.load);
  port.circuit().set_short_Ohm(c.short_Ohm);
  port.close(c.charging, true, true);
  expect_rest(port, c, "closed", 10 * second_ns, 25 * millisecond_ns);
  port.close(c.charging, true, false);
  port.run(20 * millisecond_ns, millisecond_ns);  // behind 10 MOhm the capacitor may take a day
  port.close(c.charging, false, false);
  port.run(second_ns, second_ns);
  port.close(c.charging, true, true);
  expect_rest(port, c, "closed again", 10 * second_ns, 25 * millisecond_ns);
}

TEST(PortSweep, EveryShortComesToRest) {
  for (const int series : {7, 25}) {
    for (double load_F = 1e-6; load_F < 1.1; load_F *= 10.0) {
      for (const double loop_H : {0.1e-6, 2e-6, 100e-6}) {
        for (double short_Ohm = 1e-5; short_Ohm < 11.0; short_Ohm *= std::sqrt(10.0)) {
          for (const bool charging : {false, true}) {
            exercise({series, load_F, loop_H, short_Ohm, point(Load::Kind::none, 0.0), charging});
          }
        }
        exercise({series, load_F, loop_H, no_short_Ohm, point(Load::Kind::none, 0.0), false});
      }
    }
  }
}

TEST(PortSweep, EveryLoadComesToRestWithAndWithoutAShort) {
  for (const int series : {7, 25}) {
    for (const double load_F : {1e-6, 0.3e-3, 0.1}) {
      for (const LoadPoint& load : all_loads()) {
        for (const double short_Ohm : {no_short_Ohm, 0.02, 1e-5}) {
          for (const bool charging : {false, true}) exercise({series, load_F, 2e-6, short_Ohm, load, charging});
        }
      }
    }
  }
}

// A step from any load to any other while closed and quiet: straight to the new balance, or through a collapse.
TEST(PortSweep, EveryStepFromLoadToLoadComesToRest) {
  const std::vector<LoadPoint> loads = all_loads();
  for (std::size_t i = 0; i < loads.size(); i += 3) {
    const LoadPoint& from = loads[i];
    for (const LoadPoint& to : loads) {
      const PortCase c{16, 1e-6, 2e-6, no_short_Ohm, to, true};
      Port port(c);
      port.circuit().set_load(from);
      port.close(true, true, true);
      port.run(10 * second_ns, 25 * millisecond_ns);
      port.circuit().set_load(to);
      port.circuit().settle(port.source());
      expect_rest(port, c, "after a step", 10 * second_ns, 25 * millisecond_ns);
    }
  }
}

// Through the plant: the fuse blows, the cells sag, relays chatter. The plant itself checks Kirchhoff at every piece
// and throws; here it must only arrive.
TEST(PortSweep, APlantArrivesWhateverItsStimuli) {
  for (const int series : {7, 25}) {
    for (const double load_F : {1e-6, 0.3e-3, 0.1}) {
      for (const double short_Ohm : {1e-5, 1e-4, 3e-4, 1e-3, 0.02, 1.0, no_short_Ohm}) {
        for (const LoadPoint& load :
             {point(Load::Kind::none, 0.0), point(Load::Kind::current, 2500.0), point(Load::Kind::current, 1e5),
              point(Load::Kind::current, -1e5), point(Load::Kind::power, 20e3), point(Load::Kind::power, 1e7),
              point(Load::Kind::power, -1e7), point(Load::Kind::resistance, 1e-4)}) {
          for (const bool charging : {false, true}) {
            const PortCase c{series, load_F, 2e-6, short_Ohm, load, charging};
            SCOPED_TRACE(testing::Message() << c);
            PackDescription d = test::plain_pack();
            d.series = series;
            d.load_F = load_F;
            Plant plant = test::make_plant(d);
            if (charging) plant.set_charger({true, 100.0, 500.0, 5e-3});
            plant.advance(test::edge(0, Actuator::discharge, true), microsecond_ns);
            test::pass(plant, 50 * millisecond_ns);
            plant.set_load(test::load_of(load.kind, load.value));
            test::pass(plant, 60 * millisecond_ns);
            plant.short_load_port(short_Ohm);
            plant.advance(test::edge(plant.now_ns(), Actuator::charge, true), plant.now_ns() + microsecond_ns);
            ASSERT_NO_THROW(test::pass(plant, 400 * millisecond_ns));
            EXPECT_TRUE(std::isfinite(plant.string_A() + plant.pack_V() + plant.load_port_A()));
          }
        }
      }
    }
  }
}

}  // namespace
}  // namespace packrig
