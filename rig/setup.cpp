#include "rig/setup.hpp"

#include <array>
#include <cmath>
#include <filesystem>
#include <initializer_list>
#include <nlohmann/json.hpp>

#include "models/cells/electrochemical_set.hpp"
#include "models/errors.hpp"
#include "rig/bench/afe_bench.hpp"
#include "rig/bench/twin_bench.hpp"
#include "rig/parameters/bpx_reader.hpp"
#include "rig/parameters/cell_set_reader.hpp"
#include "rig/target/in_process_firmware.hpp"
#include "rig/target/targets.hpp"

namespace packrig {

namespace {

using Json = nlohmann::json;

std::string list_of(std::initializer_list<const char*> names) {
  std::string list;
  for (const char* name : names) list += (list.empty() ? "" : ", ") + std::string(name);
  return list;
}

// One object of the specification: typed access that names key, value and what is accepted.
class Section {
 public:
  Section(const Json& parent, const char* name, std::initializer_list<const char*> known) : name_(name) {
    if (const auto found = parent.find(name); found != parent.end()) {
      if (!found->is_object()) throw BadInput(name_ + " = " + found->dump() + "; accepted: an object");
      object_ = *found;
    }
    for (const auto& item : object_.items()) {
      if (std::find(known.begin(), known.end(), item.key()) == known.end()) {
        throw BadInput(name_ + "." + item.key() + " is unknown; accepted: " + list_of(known));
      }
    }
  }

  double number(const char* key, double low, double high, double fallback = std::nan("")) const {
    const auto found = object_.find(key);
    if (found == object_.end() && !std::isnan(fallback)) return fallback;
    const bool fits =
        found != object_.end() && found->is_number() && found->get<double>() >= low && found->get<double>() <= high;
    if (fits) return found->get<double>();
    throw BadInput(name_ + "." + key + " = " + shown(key) + "; accepted: " + Json(low).dump() + " .. " +
                   Json(high).dump());
  }

  // As a double, which is exact up to 2^53.
  double whole_number(const char* key, double low, double high, double fallback = std::nan("")) const {
    const double value = number(key, low, high, fallback);
    if (value != std::floor(value)) {
      throw BadInput(name_ + "." + key + " = " + shown(key) + "; accepted: a whole number");
    }
    return value;
  }

  int integer(const char* key, int low, int high, double fallback = std::nan("")) const {
    return static_cast<int>(whole_number(key, low, high, fallback));
  }

  std::string text(const char* key, const char* fallback = nullptr) const {
    const auto found = object_.find(key);
    if (found == object_.end() && fallback != nullptr) return fallback;
    if (found != object_.end() && found->is_string()) return found->get<std::string>();
    throw BadInput(name_ + "." + key + " = " + shown(key) + "; accepted: a text");
  }

  // The index of the named choice.
  std::size_t choice(const char* key, std::initializer_list<const char*> names) const {
    const std::string value = text(key, *names.begin());
    const auto found = std::find(names.begin(), names.end(), value);
    if (found == names.end()) {
      throw BadInput(name_ + "." + key + " = '" + value + "'; accepted: " + list_of(names));
    }
    return static_cast<std::size_t>(found - names.begin());
  }

 private:
  std::string shown(const char* key) const {
    const auto found = object_.find(key);
    return found == object_.end() ? "(missing)" : found->dump();
  }

  std::string name_;
  Json object_ = Json::object();
};

Json parsed(const std::string& specification) {
  try {
    Json root = Json::parse(specification);
    if (!root.is_object()) throw BadInput("run specification: accepted: a JSON object");
    return root;
  } catch (const Json::exception& error) {
    throw BadInput(std::string("run specification: ") + error.what());
  }
}

std::string set_path(const std::string& name, const std::string& folder) {
  if (name.ends_with(".json")) return name;  // a file of the user's own
  const std::filesystem::path path = std::filesystem::path(folder) / (name + ".json");
  if (!std::filesystem::is_regular_file(path)) {
    std::string known;
    std::error_code unreadable;
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder, unreadable)) {
      if (entry.path().extension() == ".json") names.push_back(entry.path().stem().string());
    }
    std::sort(names.begin(), names.end());
    for (const std::string& each : names) known += (known.empty() ? "" : ", ") + each;
    throw BadInput("pack.cell_set = '" + name + "'; accepted: " + known);
  }
  return path.string();
}

// Switches on the board itself. Assumed, of a bank of power transistors: they follow their drive within 0.1 ms, do not
// bounce, and hold 150 V, which ends a current as an arc would. The bank bears the surge into a load.
void use_transistors(PackDescription& description) {
  const RelayDescription transistors{.operate_s = 100e-6,
                                     .release_s = 50e-6,
                                     .bounce_s = 0.0,
                                     .bounce_count = 0,
                                     .contact_Ohm = 0.5e-3,
                                     .making_limit_A = 3000.0,
                                     .breaking_limit_A = 3000.0,
                                     .arc_V = 150.0};
  description.charge_relay = transistors;
  description.discharge_relay = transistors;
}

std::shared_ptr<const PackDescription> pack_of(const Section& pack, const Section& sensors,
                                               const std::string& parameter_folder) {
  auto description = std::make_shared<PackDescription>();
  // Electrochemical sets lie in a folder of their own: they are files of a standard, BPX.
  if (pack.choice("cell", {"ecm", "spme"}) == 0) {
    description->cells = std::make_shared<CellSet>(read_cell_set(set_path(pack.text("cell_set"), parameter_folder)));
  } else {
    description->electrochemistry =
        std::make_shared<ElectrochemicalSet>(read_bpx(set_path(pack.text("cell_set"), parameter_folder + "/bpx")));
  }
  const CellFacts& cell = description->cell();
  const auto chemistry = chemistry_from_name(pack.text("chemistry"));
  if (!chemistry || *chemistry != cell.chemistry) {
    throw BadInput("pack.chemistry = '" + pack.text("chemistry") + "'; cell set '" + pack.text("cell_set") + "' is " +
                   chemistry_name(cell.chemistry));
  }
  description->series = pack.integer("series", 1, cell_count_max);
  description->parallel = pack.integer("parallel", 1, 100, 1);
  description->capacity_Ah = pack.number("capacity_Ah", 0.1, 10'000.0, cell.capacity_Ah);
  description->initial_soc = pack.number("initial_soc", 0.0, 1.0, 0.5);
  description->initial_degC = pack.number("initial_degC", -60.0, 150.0, 25.0);
  description->ambient_degC = pack.number("ambient_degC", -60.0, 150.0, 25.0);
  description->spread.capacity = pack.number("capacity_spread", 0.0, 0.2, 0.0);
  description->spread.resistance = pack.number("resistance_spread", 0.0, 0.5, 0.0);
  description->spread.soc = pack.number("soc_spread", 0.0, 0.2, 0.0);
  if (pack.choice("contacts", {"relays", "transistors"}) == 1) use_transistors(*description);
  description->load_F = pack.number("load_F", 0.0, 1.0, description->load_F);
  description->shunt.resistance_Ohm = sensors.number("shunt_Ohm", 1e-6, 0.1);
  description->ntc.r25_Ohm = sensors.number("ntc_r25_Ohm", 100.0, 1e6);
  description->ntc.b_K = sensors.number("ntc_b_K", 1000.0, 10'000.0);
  return description;
}

AfeErrors afe_errors_of(std::size_t choice, std::uint64_t seed, double shunt_Ohm) {
  switch (choice) {
    case 1:
      return AfeErrors::typical(seed, shunt_Ohm);
    case 2:
      return AfeErrors::at_limit(+1, shunt_Ohm);
    case 3:
      return AfeErrors::within_limits(seed, shunt_Ohm);
    default:
      return AfeErrors::nominal();
  }
}

enum class BenchKind { sim, twin, posix, qemu };

// Where the firmware runs. `file` is another firmware than the simulated copy: a library for benches in process, a
// program or an ELF file that speaks lockstep frames for the others; empty: the simulated copy.
std::unique_ptr<FirmwarePort> firmware_of(BenchKind kind, const std::string& part, const std::string& file,
                                          const std::string& target_folder) {
  const auto or_built = [&](const char* built) {
    return file.empty() ? (std::filesystem::path(target_folder) / target_file(built, part)).string() : file;
  };
  switch (kind) {
    case BenchKind::posix:
      return start_posix_target(or_built(posix_firmware_file));
    case BenchKind::qemu:
      return start_cortex_m_target(or_built(cortex_m_firmware_file));
    default:
      return std::make_unique<InProcessFirmware>(file.empty() ? FirmwareLibrary::linked(part)
                                                              : FirmwareLibrary::load(file));
  }
}

std::unique_ptr<Bench> bench_of(const std::string& part, const Section& bench, const Section& sensors,
                                const PackDescription& pack, std::uint64_t seed, const std::string& target_folder) {
  const auto kind = static_cast<BenchKind>(bench.choice("kind", {"sim", "twin", "posix", "qemu"}));
  AfeDescription afe;
  afe.errors =
      afe_errors_of(bench.choice("afe", {"nominal", "typical", "worst", "drawn"}), seed, pack.shunt.resistance_Ohm);
  afe.board_sensor_fitted = sensors.integer("board_count", 0, 1, 0) != 0;
  const std::string name = kind == BenchKind::twin ? "sim" : bench.text("kind", "sim");
  auto board = std::make_unique<AfeBench>(name, firmware_of(kind, part, bench.text("firmware", ""), target_folder),
                                          Afe(afe, seed), pack.cell().chemistry, pack.series);
  const auto fault = bench.choice("fault", {"none", "stuck_cell", "swapped_cells", "dead_readback", "dead_instrument"});
  const int fault_cell = bench.integer("fault_cell", 1, pack.series, 1);
  const TimeNs fault_at_ns = from_s(bench.number("fault_at_s", 0.0, 1e9, 0.0));
  if (kind != BenchKind::twin) {
    if (fault != 0)
      throw BadInput("bench.fault: bench '" + name + "' has no instruments that could fail; accepted: none");
    return board;
  }
  InstrumentDescription instrument;
  instrument.fault = static_cast<InstrumentFault>(fault);
  instrument.fault_cell = fault_cell;
  instrument.fault_at_ns = fault_at_ns;
  return std::make_unique<TwinBench>(std::move(board), instrument, seed);
}

}  // namespace

PreparedSession prepare_session(const std::string& specification, const std::string& parameter_folder,
                                const std::string& target_folder) {
  const Json root = parsed(specification);
  const Section whole({{"run", root}}, "run", {"part", "seed", "bench", "pack", "sensors", "trace"});
  const Section bench(root, "bench", {"kind", "firmware", "afe", "fault", "fault_cell", "fault_at_s"});
  const Section pack(
      root, "pack",
      {"cell", "cell_set", "chemistry", "series", "parallel", "capacity_Ah", "initial_soc", "initial_degC",
       "ambient_degC", "capacity_spread", "resistance_spread", "soc_spread", "load_F", "contacts"});
  const Section sensors(root, "sensors", {"shunt_Ohm", "ntc_r25_Ohm", "ntc_b_K", "board_count"});
  const Section trace(root, "trace", {"plug_period_s", "truth_period_s", "reported_period_s", "tick_limit_s"});

  SessionDescription description;
  description.part = whole.text("part");
  description.specification = specification;
  description.seed = static_cast<std::uint64_t>(whole.whole_number("seed", 0.0, 9007199254740991.0, 0.0));
  description.plug_period_ns = from_s(trace.number("plug_period_s", 0.0, 1e6, 0.0));
  description.truth_period_ns = from_s(trace.number("truth_period_s", 0.0, 1e6, 1.0));
  description.reported_period_ns = from_s(trace.number("reported_period_s", 0.0, 1e6, 0.0));
  description.tick_limit_ns = from_s(trace.number("tick_limit_s", 1e-6, 1e6, 1.0));

  const auto built = pack_of(pack, sensors, parameter_folder);
  description.shunt_Ohm = built->shunt.resistance_Ohm;
  description.ntc = built->ntc;
  std::vector<std::string> labels;
  if (built->cell().composed) labels.push_back(built->cell().name + ": " + built->cell().label);
  Plant plant(built, description.seed);
  return {Session(description, std::move(plant),
                  bench_of(description.part, bench, sensors, *built, description.seed, target_folder)),
          labels};
}

}  // namespace packrig
