// packrig._core: sessions, traces, rules and verdicts for Python. Thin: the same names, no logic of its own.
//
// Times are seconds (float) towards Python and integer nanoseconds inside; a time that never comes is None.
#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <cstdio>
#include <optional>

#include "bindings/cpp/python_links.hpp"
#include "bindings/cpp/python_reader.hpp"
#include "bindings/cpp/python_session.hpp"
#include "models/errors.hpp"
#include "rig/fault.hpp"
#include "rig/judge.hpp"
#include "rig/names.hpp"
#include "rig/parameters/bpx_reader.hpp"
#include "rig/parameters/profile_reader.hpp"
#include "rig/target/firmware_library.hpp"
#include "rig/trace_file.hpp"

namespace py = pybind11;
using packrig::Rule;
using packrig::TimeNs;
using packrig::Trace;
using packrig::Verdict;

namespace {

std::optional<double> seconds(TimeNs t_ns) {
  return t_ns == packrig::never_ns ? std::nullopt : std::optional<double>(packrig::to_s(t_ns));
}

std::string hex(std::uint64_t value) {
  char text[17];
  std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(value));
  return text;
}

py::tuple series(const Trace& trace, packrig::Channel channel, bool imposed) {
  const auto samples = trace.series(channel, imposed ? packrig::Role::imposed : packrig::Role::asked);
  py::array_t<double> t_s(static_cast<py::ssize_t>(samples.size()));
  py::array_t<double> value(static_cast<py::ssize_t>(samples.size()));
  auto t_view = t_s.mutable_unchecked<1>();
  auto value_view = value.mutable_unchecked<1>();
  for (py::ssize_t i = 0; i < static_cast<py::ssize_t>(samples.size()); ++i) {
    t_view(i) = packrig::to_s(samples[static_cast<std::size_t>(i)].at_ns);
    value_view(i) = samples[static_cast<std::size_t>(i)].value;
  }
  return py::make_tuple(t_s, value);
}

py::dict columns(const Trace& trace, packrig::Role role) {
  const packrig::TraceGroup& group = trace.group(role);
  const auto rows = static_cast<py::ssize_t>(group.rows());
  py::dict result;
  py::array_t<double> t_s(rows);
  for (py::ssize_t i = 0; i < rows; ++i) t_s.mutable_at(i) = packrig::to_s(group.at_ns[static_cast<std::size_t>(i)]);
  result["t_s"] = t_s;
  for (std::size_t column = 0; column < group.columns.size(); ++column) {
    py::array_t<double> values(rows);
    for (py::ssize_t i = 0; i < rows; ++i) values.mutable_at(i) = group.row(static_cast<std::size_t>(i))[column];
    result[group.columns[column].c_str()] = values;
  }
  return result;
}

py::list events(const Trace& trace) {
  py::list result;
  for (const packrig::Event& event : trace.events()) {
    py::dict entry;
    entry["at_s"] = packrig::to_s(event.at_ns);
    switch (event.kind) {
      case packrig::EventKind::edge:
        entry["kind"] = "edge";
        entry["actuator"] = packrig::actuator_name(static_cast<packrig::Actuator>(event.subject));
        entry["on"] = event.state != 0;
        break;
      case packrig::EventKind::drive_state:
        entry["kind"] = "drive_state";
        entry["actuator"] = packrig::actuator_name(static_cast<packrig::Actuator>(event.subject));
        entry["on"] = event.state != 0;
        break;
      case packrig::EventKind::contact:
        entry["kind"] = "contact";
        entry["contact"] = packrig::contact_name(static_cast<packrig::Contact>(event.subject));
        entry["closed"] = event.state != 0;
        entry["current_A"] = event.value;
        break;
      case packrig::EventKind::stimulus:
        entry["kind"] = "stimulus";
        entry["text"] = event.text;
        break;
      case packrig::EventKind::rig_fault:
        entry["kind"] = "rig_fault";
        entry["text"] = event.text;
        break;
      case packrig::EventKind::validity:
        entry["kind"] = "validity";
        entry["cell"] = event.subject;
        break;
      case packrig::EventKind::bus_byte:
        entry["kind"] = "bus_byte";
        entry["port"] = packrig::port_name(static_cast<packrig::Port>(event.subject));
        entry["value"] = event.state;
        break;
      case packrig::EventKind::setting_write:
      case packrig::EventKind::setting_read:
        entry["kind"] = event.kind == packrig::EventKind::setting_read ? "setting_read" : "setting_write";
        entry["register"] = event.subject;
        entry["reason"] = event.state;
        entry["value"] = event.value;
        break;
      case packrig::EventKind::implausible:
      case packrig::EventKind::silence:
        entry["kind"] = event.kind == packrig::EventKind::silence ? "silence" : "implausible";
        entry["port"] = packrig::port_name(static_cast<packrig::Port>(event.subject));
        entry["text"] = event.text;
        break;
      case packrig::EventKind::crossing:
        entry["kind"] = "crossing";
        entry["channel"] = packrig::channel_label({static_cast<packrig::Quantity>(event.state), event.subject});
        entry["level"] = event.value;
        entry["side"] = event.text;
        break;
      case packrig::EventKind::mark:
        entry["kind"] = "mark";
        entry["text"] = event.text;
        break;
    }
    result.append(entry);
  }
  return result;
}

void bind_errors(py::module_& m) {
  py::register_exception<packrig::BadInput>(m, "BadInput", PyExc_ValueError);
  py::register_exception<packrig::BenchFault>(m, "BenchFault", PyExc_RuntimeError);
  py::register_exception<packrig::NumericFault>(m, "NumericFault", PyExc_RuntimeError);
}

void bind_rules(py::module_& m) {
  py::class_<packrig::Channel>(m, "Channel",
                               "A quantity at the plug: cell_V, cell_max_V, cell_min_V, current_A, "
                               "ntc_degC, supply_V, supply_A; number from 1 where there are several.")
      .def(py::init([](const std::string& quantity, int number) {
             return packrig::Channel{packrig::quantity_from_name(quantity), number};
           }),
           py::arg("quantity"), py::arg("number") = 0)
      .def_property_readonly("quantity", [](const packrig::Channel& c) { return packrig::quantity_name(c.quantity); })
      .def_readonly("number", &packrig::Channel::number)
      .def_property_readonly("label", [](const packrig::Channel& c) { return packrig::channel_label(c); })
      .def_property_readonly("unit", [](const packrig::Channel& c) { return packrig::quantity_unit(c.quantity); });

  py::class_<packrig::TripRule>(m, "TripRule", "t1 - t0 lies in [low_s, high_s]; see rig/rule.hpp.")
      .def(py::init([](packrig::Channel channel, const std::string& side, double threshold, const std::string& actuator,
                       bool drive_on, double low_s, double high_s, bool promised, double from_s) {
             return packrig::TripRule{channel,
                                      packrig::side_from_name(side),
                                      threshold,
                                      packrig::actuator_from_name(actuator),
                                      drive_on,
                                      low_s,
                                      high_s,
                                      promised,
                                      packrig::from_s(from_s)};
           }),
           py::kw_only(), py::arg("channel"), py::arg("side"), py::arg("threshold"), py::arg("actuator"),
           py::arg("drive_on"), py::arg("low_s"), py::arg("high_s"), py::arg("promised"), py::arg("from_s"));
  py::class_<packrig::HoldRule>(m, "HoldRule", "The drive stays; see rig/rule.hpp.")
      .def(py::init([](packrig::Channel channel, const std::string& side, double reach, double reach_s, double ceiling,
                       double ceiling_s, const std::string& actuator, bool drive_on, bool promised, double from_s) {
             return packrig::HoldRule{
                 channel,   packrig::side_from_name(side),         reach,    reach_s,  ceiling,
                 ceiling_s, packrig::actuator_from_name(actuator), drive_on, promised, packrig::from_s(from_s)};
           }),
           py::kw_only(), py::arg("channel"), py::arg("side"), py::arg("reach"), py::arg("reach_s"), py::arg("ceiling"),
           py::arg("ceiling_s"), py::arg("actuator"), py::arg("drive_on"), py::arg("promised") = true,
           py::arg("from_s"));
  py::class_<packrig::PointRule>(m, "PointRule", "The value at the trip lies in [low, high]; see rig/rule.hpp.")
      .def(py::init([](packrig::Channel channel, const std::string& side, double low, double high, double delay_s,
                       double delay_uncertainty_s, const std::string& actuator, bool drive_on, double from_s) {
             return packrig::PointRule{channel,
                                       packrig::side_from_name(side),
                                       low,
                                       high,
                                       delay_s,
                                       delay_uncertainty_s,
                                       packrig::actuator_from_name(actuator),
                                       drive_on,
                                       packrig::from_s(from_s)};
           }),
           py::kw_only(), py::arg("channel"), py::arg("side"), py::arg("low"), py::arg("high"), py::arg("delay_s"),
           py::arg("delay_uncertainty_s"), py::arg("actuator"), py::arg("drive_on"), py::arg("from_s"));
  py::class_<packrig::ReadingRule>(m, "ReadingRule", "A register reads back as it should, whoever set it.")
      .def(py::init([](std::uint8_t register_number, double value) {
             return packrig::ReadingRule{register_number, value};
           }),
           py::kw_only(), py::arg("register"), py::arg("value"));
  py::class_<packrig::StateRule>(m, "StateRule", "The drive stands as it should at the end of the trace.")
      .def(py::init([](const std::string& actuator, bool drive_on) {
             return packrig::StateRule{packrig::actuator_from_name(actuator), drive_on};
           }),
           py::kw_only(), py::arg("actuator"), py::arg("drive_on"));
  py::class_<packrig::SettingRule>(m, "SettingRule", "A setting is accepted (and reads back) or refused.")
      .def(py::init([](std::uint8_t register_number, double value, bool accepted) {
             return packrig::SettingRule{register_number, value, accepted};
           }),
           py::kw_only(), py::arg("register"), py::arg("value"), py::arg("accepted"));
  py::class_<packrig::LevelRule>(m, "LevelRule", "A channel stays within [low, high]; see rig/rule.hpp.")
      .def(py::init([](packrig::Channel channel, double low, double high, double span_s, bool promised, double from_s) {
             return packrig::LevelRule{channel, low, high, span_s, promised, packrig::from_s(from_s)};
           }),
           py::kw_only(), py::arg("channel"), py::arg("low"), py::arg("high"), py::arg("span_s"),
           py::arg("promised") = true, py::arg("from_s"));
  py::class_<packrig::CellCurrentRule>(m, "CellCurrentRule", "What flows into a cell, by the truth; see rig/rule.hpp.")
      .def(py::init([](int number, double low, double high, double span_s, bool promised, double from_s) {
             return packrig::CellCurrentRule{number, low, high, span_s, promised, packrig::from_s(from_s)};
           }),
           py::kw_only(), py::arg("number"), py::arg("low"), py::arg("high"), py::arg("span_s"),
           py::arg("promised") = true, py::arg("from_s"));
  py::class_<packrig::AccuracyRule>(m, "AccuracyRule", "Reported minus true lies in [low, high]; see rig/rule.hpp.")
      .def(py::init([](const std::string& reported, int number, double low, double high, double age_s, bool promised,
                       double from_s) {
             return packrig::AccuracyRule{
                 {packrig::reported_from_name(reported), number}, low, high, age_s, promised, packrig::from_s(from_s)};
           }),
           py::kw_only(), py::arg("reported"), py::arg("number") = 0, py::arg("low"), py::arg("high"), py::arg("age_s"),
           py::arg("promised") = true, py::arg("from_s"));
  py::class_<packrig::AlarmRule>(m, "AlarmRule", "One of the alarms is on the bus in time; see rig/rule.hpp.")
      .def(py::init([](const std::optional<packrig::Channel>& channel, const std::string& side, double threshold,
                       const std::vector<std::string>& alarms, const std::string& actuator, double low_s, double high_s,
                       double from_s) {
             return packrig::AlarmRule{channel,
                                       packrig::side_from_name(side),
                                       threshold,
                                       packrig::alarms_from_names(alarms),
                                       packrig::actuator_from_name(actuator),
                                       low_s,
                                       high_s,
                                       packrig::from_s(from_s)};
           }),
           py::kw_only(), py::arg("channel") = std::nullopt, py::arg("side") = "above", py::arg("threshold") = 0.0,
           py::arg("alarms"), py::arg("actuator"), py::arg("low_s"), py::arg("high_s"), py::arg("from_s"));
  py::class_<packrig::ReportRule>(m, "ReportRule", "The newest report lies in [low, high]; see rig/rule.hpp.")
      .def(py::init([](const std::string& reported, int number, double low, double high, bool promised, double from_s) {
             return packrig::ReportRule{
                 {packrig::reported_from_name(reported), number}, low, high, promised, packrig::from_s(from_s)};
           }),
           py::kw_only(), py::arg("reported"), py::arg("number") = 0, py::arg("low"), py::arg("high"),
           py::arg("promised") = true, py::arg("from_s"));
  m.def(
      "rule_to_json", [](const Rule& rule) { return packrig::rule_to_json(rule); }, py::arg("rule"));
  m.def("rule_from_json", &packrig::rule_from_json, py::arg("text"));
}

void bind_trace(py::module_& m) {
  py::class_<Trace>(m, "Trace")
      .def(
          "series", [](const Trace& t, packrig::Channel channel) { return series(t, channel, true); },
          py::arg("channel"), "What the bench imposed: (t_s, value), both float64 of shape (n,).")
      .def(
          "asked", [](const Trace& t, packrig::Channel channel) { return series(t, channel, false); },
          py::arg("channel"), "What was asked of an instrument bench; empty where asked and imposed are the same.")
      .def(
          "truth", [](const Trace& t) { return columns(t, packrig::Role::truth); },
          "The plant's truth by column name, and t_s; float64 of shape (n,).")
      .def(
          "reported", [](const Trace& t) { return columns(t, packrig::Role::reported); },
          "What the BMS reported over the bus, stamped with its arrival; NaN where it does not say.")
      .def("events", &events, "Everything stamped, in order: a list of dicts.")
      .def_property_readonly("end_s", [](const Trace& t) { return packrig::to_s(t.end_ns()); })
      .def_property_readonly("bench", [](const Trace& t) { return t.info().bench; })
      .def_property_readonly("part", [](const Trace& t) { return t.info().part; })
      .def_property_readonly("specification", [](const Trace& t) { return t.info().specification; })
      .def(
          "hash", [](const Trace& t) { return hex(t.hash()); }, "FNV-1a over every row and event.")
      .def(
          "actions_hash", [](const Trace& t) { return hex(t.actions_hash()); }, "The same over what the BMS did.")
      .def(
          "save", [](const Trace& t, const std::string& path) { packrig::save_trace(t, path); }, py::arg("path"))
      .def_static("load", &packrig::load_trace, py::arg("path"),
                  "Reads a stored trace, up to the last intact chunk of an interrupted one.");
}

void bind_verdict(py::module_& m) {
  py::class_<Verdict>(m, "Verdict")
      .def_property_readonly("outcome", [](const Verdict& v) { return packrig::outcome_name(v.outcome); })
      .def_readonly("reason", &Verdict::reason)
      .def_readonly("unit", &Verdict::unit)
      .def_readonly("value", &Verdict::value)
      .def_readonly("low", &Verdict::low)
      .def_readonly("high", &Verdict::high)
      .def_readonly("uncertainty", &Verdict::uncertainty)
      .def_readonly("margin", &Verdict::margin)
      .def_property_readonly("t0_s", [](const Verdict& v) { return seconds(v.t0_ns); })
      .def_property_readonly("t1_s", [](const Verdict& v) { return seconds(v.t1_ns); })
      .def_property_readonly("t2_s", [](const Verdict& v) { return seconds(v.t2_ns); })
      .def_property_readonly("t3_s", [](const Verdict& v) { return seconds(v.t3_ns); });
  m.def("judge", &packrig::judge, py::arg("rule"), py::arg("trace"), "The verdict, from trace and rule alone.");
  m.def(
      "worst_of", [](const std::vector<Verdict>& verdicts) { return packrig::worst_of(verdicts); }, py::arg("verdicts"),
      "Index of the verdict that counts.");
}

void bind_files(py::module_& m) {
  m.def(
      "profile_end_s", [](const std::string& path) { return packrig::read_profile(path).back().t_s; }, py::arg("path"),
      "When the last point of a profile is due. Raises BadInput naming file, line and value.");
  m.def(
      "bpx_chemistry",
      [](const std::string& path) { return packrig::chemistry_name(packrig::read_bpx(path).chemistry); },
      py::arg("path"), "lfp, li_ion or lto. Raises BadInput naming file, key, value and what is accepted.");
}

}  // namespace

PYBIND11_MODULE(_core, m) {
  m.doc() = "packrig's C++ core";
  m.attr("version") = PACKRIG_VERSION;
  m.def(
      "firmware_name", [] { return std::string(packrig::FirmwareLibrary::linked().api().name); },
      "Of the simulated copy that is built in.");
  bind_errors(m);
  bind_files(m);
  bind_rules(m);
  bind_trace(m);
  bind_verdict(m);
  packrig::bind_telemetry(m);
  packrig::bind_session(m);
  packrig::bind_links(m);
  packrig::bind_reader(m);
}
