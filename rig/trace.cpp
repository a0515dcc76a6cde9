#include "rig/trace.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include "models/errors.hpp"
#include "rig/reported.hpp"

namespace packrig {

namespace {

// Fowler, Noll, Vo: FNV-1a, 64 bit.
class Fnv {
 public:
  void add(std::uint64_t word) {
    for (int i = 0; i < 8; ++i) {
      hash_ ^= (word >> (8 * i)) & 0xffU;
      hash_ *= 0x100000001b3U;
    }
  }
  void add(const std::string& text) {
    for (const char c : text) add(static_cast<std::uint64_t>(static_cast<unsigned char>(c)));
  }
  std::uint64_t value() const { return hash_; }

 private:
  std::uint64_t hash_ = 0xcbf29ce484222325U;
};

void add_event(Fnv& fnv, const Event& event) {
  fnv.add(static_cast<std::uint64_t>(event.at_ns));
  fnv.add((static_cast<std::uint64_t>(event.kind) << 16) | (static_cast<std::uint64_t>(event.subject) << 8) |
          event.state);
  fnv.add(std::bit_cast<std::uint64_t>(event.value));
  fnv.add(event.text);
}

std::vector<std::string> columns_of(Role role, int cell_count) {
  if (role == Role::observed) return Trace::observed_columns();
  if (role == Role::truth) return Trace::truth_columns(cell_count);
  return role == Role::reported ? reported_columns(cell_count) : Trace::plug_columns(cell_count);
}

}  // namespace

double TraceUncertainty::of(Quantity quantity) const {
  switch (quantity) {
    case Quantity::cell_V:
    case Quantity::cell_max_V:
    case Quantity::cell_min_V:
      return cell_V;
    case Quantity::current_A:
      return current_A;
    case Quantity::ntc_degC:
      return ntc_degC;
    case Quantity::supply_V:
      return supply_V;
    case Quantity::supply_A:
      return supply_A;
  }
  return 0.0;
}

Trace::Trace(TraceInfo info) : info_(std::move(info)) {
  for (int i = 0; i < role_count; ++i) {
    TraceGroup group;
    group.role = static_cast<Role>(i);
    group.columns = columns_of(group.role, info_.cell_count);
    for (const std::string& column : group.columns) group.deadband.push_back(deadband(column));
    groups_.push_back(std::move(group));
  }
}

double Trace::deadband(const std::string& column) {
  if (column == "supply_A" || column.ends_with("_soc") || (column.starts_with("cell") && column.ends_with("_V")))
    return 1e-6;
  return 1e-3;
}

std::vector<std::string> Trace::plug_columns(int cell_count) {
  std::vector<std::string> names;
  for (int k = 1; k <= cell_count; ++k) names.push_back("cell" + std::to_string(k) + "_V");
  names.emplace_back("current_A");
  for (int k = 1; k <= ntc_count; ++k) names.push_back("ntc" + std::to_string(k) + "_degC");
  names.emplace_back("supply_V");
  return names;
}

std::vector<std::string> Trace::truth_columns(int cell_count) {
  std::vector<std::string> names = {"string_A", "pack_V", "charge_port_A", "load_port_A"};
  for (int k = 1; k <= cell_count; ++k) names.push_back("cell" + std::to_string(k) + "_V");
  for (int k = 1; k <= cell_count; ++k) names.push_back("cell" + std::to_string(k) + "_soc");
  for (int k = 1; k <= cell_count; ++k) names.push_back("cell" + std::to_string(k) + "_degC");
  return names;
}

std::vector<std::string> Trace::observed_columns() { return {"supply_A"}; }

void Trace::append(Role role, TimeNs at_ns, std::span<const double> values) {
  TraceGroup& group = groups_[static_cast<std::size_t>(role)];
  TimeNs& last_equal_ns = last_equal_ns_[static_cast<std::size_t>(role)];
  std::vector<double>& last = last_row_[static_cast<std::size_t>(role)];
  if (!last.empty() && role != Role::reported) {
    bool equal = true;
    for (std::size_t i = 0; i < last.size(); ++i) equal &= std::fabs(values[i] - last[i]) <= group.deadband[i];
    if (equal) {
      last_equal_ns = at_ns;
      return;
    }
    if (!info_.uncertainty.exact_time && last_equal_ns != never_ns) {
      group.at_ns.push_back(last_equal_ns);
      group.values.insert(group.values.end(), last.begin(), last.end());
    }
  }
  last_equal_ns = never_ns;
  last.assign(values.begin(), values.end());
  group.at_ns.push_back(at_ns);
  group.values.insert(group.values.end(), values.begin(), values.end());
}

void Trace::drop_held() {
  for (TraceGroup& group : groups_) {
    group.at_ns.clear();
    group.values.clear();
  }
  events_.clear();
}

std::size_t Trace::held() const {
  std::size_t count = events_.size();
  for (const TraceGroup& group : groups_) count += group.rows();
  return count;
}

void Trace::append(Event event) { events_.push_back(std::move(event)); }

void Trace::restore_rows(Role role, std::span<const TimeNs> at_ns, std::span<const double> values) {
  TraceGroup& group = groups_[static_cast<std::size_t>(role)];
  group.at_ns.insert(group.at_ns.end(), at_ns.begin(), at_ns.end());
  group.values.insert(group.values.end(), values.begin(), values.end());
  const auto last = values.last(std::min(values.size(), group.columns.size()));
  last_row_[static_cast<std::size_t>(role)].assign(last.begin(), last.end());
}

std::vector<Sample> Trace::series(Channel channel, Role role) const {
  const TraceGroup& wanted = group(channel.quantity == Quantity::supply_A ? Role::observed : role);
  const auto cells = static_cast<std::size_t>(info_.cell_count);
  const auto number = static_cast<std::size_t>(channel.number);
  std::size_t first = 0;
  std::size_t count = 1;
  switch (channel.quantity) {
    case Quantity::cell_V:
      if (channel.number < 1 || number > cells) {
        throw BadInput("cell " + std::to_string(channel.number) + " is not in this trace: 1.." + std::to_string(cells));
      }
      first = number - 1;
      break;
    case Quantity::cell_max_V:
    case Quantity::cell_min_V:
      count = cells;
      break;
    case Quantity::current_A:
      first = cells;
      break;
    case Quantity::ntc_degC:
      if (channel.number < 1 || channel.number > ntc_count) {
        throw BadInput("probe " + std::to_string(channel.number) + " is not in this trace: 1.." +
                       std::to_string(ntc_count));
      }
      first = cells + number;
      break;
    case Quantity::supply_V:
      first = cells + 1 + ntc_count;
      break;
    case Quantity::supply_A:
      break;
  }
  std::vector<Sample> samples;
  samples.reserve(wanted.rows());
  for (std::size_t i = 0; i < wanted.rows(); ++i) {
    const auto part = wanted.row(i).subspan(first, count);
    const double value = channel.quantity == Quantity::cell_min_V ? *std::min_element(part.begin(), part.end())
                                                                  : *std::max_element(part.begin(), part.end());
    samples.push_back({wanted.at_ns[i], value});
  }
  return samples;
}

std::uint64_t Trace::hash() const {
  Fnv fnv;
  for (const TraceGroup& group : groups_) {
    fnv.add(group.rows());
    for (const TimeNs at_ns : group.at_ns) fnv.add(static_cast<std::uint64_t>(at_ns));
    for (const double value : group.values) fnv.add(std::bit_cast<std::uint64_t>(value));
  }
  for (const Event& event : events_) add_event(fnv, event);
  fnv.add(static_cast<std::uint64_t>(end_ns_));
  return fnv.value();
}

std::uint64_t Trace::actions_hash() const {
  Fnv fnv;
  for (const Event& event : events_) {
    if (event.kind == EventKind::edge || event.kind == EventKind::contact || event.kind == EventKind::bus_byte) {
      add_event(fnv, event);
    }
  }
  return fnv.value();
}

}  // namespace packrig
