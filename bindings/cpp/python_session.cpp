#include "bindings/cpp/python_session.hpp"

#include <pybind11/stl.h>

#include <memory>

#include "models/errors.hpp"
#include "rig/codec/nw.hpp"
#include "rig/judge.hpp"
#include "rig/names.hpp"
#include "rig/parameters/profile_reader.hpp"
#include "rig/setup.hpp"

namespace py = pybind11;

namespace packrig {

namespace {

// Python looks for Ctrl-C between slices of this many ticks, some ten milliseconds of work.
constexpr std::uint64_t slice_ticks = 10'000;

class PythonSession {
 public:
  PythonSession(const std::string& specification, const std::string& parameter_folder, const std::string& target_folder)
      : PythonSession(prepare_session(specification, parameter_folder, target_folder)) {}

  Session& session() { return session_; }
  const std::vector<std::string>& labels() const { return labels_; }

  TimeNs at_ns(std::optional<double> at_s) const { return at_s ? from_s(*at_s) : session_.now_ns(); }

  bool run(double duration_s, const std::optional<Condition>& condition) {
    if (!(duration_s >= 0.0) || duration_s > 9e9) {
      throw BadInput("duration = " + std::to_string(duration_s) + " s; accepted: 0 .. 9e9");
    }
    const TimeNs deadline_ns = session_.now_ns() + from_s(duration_s);
    for (;;) {
      RunResult result;
      {
        const py::gil_scoped_release unlocked;
        result = session_.run(deadline_ns, condition, slice_ticks);
      }
      if (result != RunResult::paused) return result == RunResult::held;
      if (PyErr_CheckSignals() != 0) {
        session_.make_safe();
        throw py::error_already_set();
      }
    }
  }

  std::unique_ptr<PythonSession> fork() const {
    return std::unique_ptr<PythonSession>(new PythonSession(PreparedSession{session_.fork(), labels_}));
  }

 private:
  explicit PythonSession(PreparedSession prepared)
      : session_(std::move(prepared.session)), labels_(std::move(prepared.labels)) {}

  Session session_;
  std::vector<std::string> labels_;
};

void impose(PythonSession& self, Channel channel, double value, std::optional<double> at_s) {
  self.session().at(self.at_ns(at_s), Impose{channel, value, value, 0});
}

void ramp(PythonSession& self, Channel channel, double start, double stop, double duration_s,
          std::optional<double> at_s) {
  self.session().at(self.at_ns(at_s), Impose{channel, start, stop, from_s(duration_s)});
}

void set_load(PythonSession& self, const std::string& kind, double value, std::optional<double> at_s) {
  Load load;
  if (kind == "none") {
    load.kind = Load::Kind::none;
  } else if (kind == "current_A") {
    load.kind = Load::Kind::current;
  } else if (kind == "power_W") {
    load.kind = Load::Kind::power;
  } else if (kind == "resistance_Ohm") {
    load.kind = Load::Kind::resistance;
  } else {
    throw BadInput("load '" + kind + "' is unknown; accepted: none, current_A, power_W, resistance_Ohm");
  }
  load.value = value;
  check(load);
  self.session().at(self.at_ns(at_s), SetLoad{load});
}

void set_load_profile(PythonSession& self, const std::string& path, const std::string& unit, double scale,
                      double repeat_s, std::optional<double> at_s) {
  if (unit != "A" && unit != "W") throw BadInput("profile unit '" + unit + "'; accepted: A, W");
  auto points = read_profile(path);
  for (ProfilePoint& point : points) point.value *= scale;
  Load load;
  load.kind = unit == "A" ? Load::Kind::profile_current : Load::Kind::profile_power;
  load.profile = std::make_shared<const std::vector<ProfilePoint>>(std::move(points));
  load.start_ns = self.at_ns(at_s);
  load.repeat_ns = from_s(repeat_s);
  check(load);
  self.session().at(load.start_ns, SetLoad{load});
}

void set_charger(PythonSession& self, double cv_V, double cc_A, std::optional<double> at_s) {
  Charger charger;
  charger.connected = true;
  charger.cv_V = cv_V;
  charger.cc_A = cc_A;
  check(charger);
  self.session().at(self.at_ns(at_s), SetCharger{charger});
}

}  // namespace

void bind_session(py::module_& m) {
  py::class_<DriveIs>(m, "DriveIs");
  py::class_<ContactIs>(m, "ContactIs");
  py::class_<ChannelBeyond>(m, "ChannelBeyond");
  m.def(
      "drive_is",
      [](const std::string& actuator, bool on) {
        return DriveIs{actuator_from_name(actuator), on};
      },
      py::arg("actuator"), py::arg("on"), "A condition: the drive at the BMS's pin is on (or off).");
  m.def(
      "contact_is",
      [](const std::string& contact, bool closed) {
        return ContactIs{contact_from_name(contact), closed};
      },
      py::arg("contact"), py::arg("closed"), "A condition: the relay's main contact is closed (or open).");
  m.def(
      "channel_beyond",
      [](Channel channel, const std::string& side, double level) {
        return ChannelBeyond{channel, side_from_name(side), level};
      },
      py::arg("channel"), py::arg("side"), py::arg("level"), "A condition on what is shown at the plug.");

  py::class_<ReportedBeyond>(m, "ReportedBeyond");
  py::class_<AlarmReported>(m, "AlarmReported");
  m.def(
      "reported_beyond",
      [](const std::string& reported, int number, const std::string& side, double level) {
        return ReportedBeyond{{reported_from_name(reported), number}, side_from_name(side), level};
      },
      py::arg("reported"), py::arg("number"), py::arg("side"), py::arg("level"),
      "A condition on the newest telemetry.");
  m.def(
      "alarm_reported",
      [](const std::vector<std::string>& alarms, bool on) {
        return AlarmReported{alarms_from_names(alarms), on};
      },
      py::arg("alarms"), py::arg("on") = true, "A condition: the newest telemetry has one of the alarms (or none).");
  m.def(
      "nw_register",
      [](const std::string& name) {
        for (const nw::Register& each : nw::registers()) {
          if (each.name == name) return std::pair<int, double>(each.code, each.scale_factor);
        }
        throw BadInput("4E57 has no register for '" + name + "'");
      },
      py::arg("name"), "(code, counts per unit) of a 4E57 register by its name, such as cell_ovp_V.");

  const auto at_s = py::arg("at_s") = py::none();
  py::class_<PythonSession>(m, "Session", "A pack, a bench and a BMS; see rig/session.hpp. Times in s.")
      .def(py::init<const std::string&, const std::string&, const std::string&>(), py::arg("specification"),
           py::arg("parameter_folder"), py::arg("target_folder") = "")
      .def_property_readonly("now_s", [](PythonSession& s) { return to_s(s.session().now_ns()); })
      .def_property_readonly("labels", &PythonSession::labels)
      .def_property_readonly("tick_count", [](PythonSession& s) { return s.session().tick_count(); })
      .def_property_readonly("can_short_circuit",
                             [](PythonSession& s) { return s.session().bench().capabilities().short_circuit; })
      .def_property_readonly(
          "pace_s", [](PythonSession& s) { return to_s(s.session().bench().capabilities().pace_ns); },
          "The shortest useful exchange of the bench; 0: none.")
      .def_property_readonly(
          "trace", [](PythonSession& s) { return Trace(s.session().trace()); }, "A copy of the trace so far.")
      .def(
          "take_trace", [](PythonSession& s) { return s.session().take_trace(); },
          "Hands over the trace so far; the session begins an empty one, so that it does not grow for days.")
      .def(
          "store_trace", [](PythonSession& s, const std::string& path) { s.session().store_trace(path); },
          py::arg("path"), "From now on the trace goes to disk as it grows; Trace.load() reads it after close_trace().")
      .def(
          "flush_trace", [](PythonSession& s) { s.session().flush_trace(); }, "Writes what is held in memory.")
      .def(
          "close_trace", [](PythonSession& s) { s.session().close_trace(); },
          "Ends the stored trace; an empty one begins in memory.")
      .def(
          "judge", [](PythonSession& s, const Rule& rule) { return packrig::judge(rule, s.session().trace()); },
          py::arg("rule"), "The verdict over the trace so far.")
      .def("impose", &impose, py::arg("channel"), py::arg("value"), at_s,
           "A step at the terminal, whatever the plant does; it holds until released.")
      .def("ramp", &ramp, py::arg("channel"), py::arg("start"), py::arg("stop"), py::arg("duration_s"), at_s)
      .def(
          "release",
          [](PythonSession& s, Channel channel, std::optional<double> t_s) {
            s.session().at(s.at_ns(t_s), Release{channel});
          },
          py::arg("channel"), at_s)
      .def(
          "release_all",
          [](PythonSession& s, std::optional<double> t_s) { s.session().at(s.at_ns(t_s), ReleaseAll{}); }, at_s)
      .def("set_load", &set_load, py::arg("kind"), py::arg("value") = 0.0, at_s,
           "kind: none, current_A, power_W, resistance_Ohm")
      .def("set_load_profile", &set_load_profile, py::arg("path"), py::arg("unit") = "A", py::arg("scale") = 1.0,
           py::arg("repeat_s") = 0.0, at_s,
           "A CSV of time in s and A or W, positive when it discharges; begins anew every repeat_s.")
      .def("set_charger", &set_charger, py::arg("cv_V"), py::arg("cc_A"), at_s)
      .def(
          "unplug_charger",
          [](PythonSession& s, std::optional<double> t_s) { s.session().at(s.at_ns(t_s), SetCharger{Charger{}}); },
          at_s)
      .def(
          "set_ambient",
          [](PythonSession& s, double ambient_degC, std::optional<double> t_s) {
            s.session().at(s.at_ns(t_s), SetAmbient{ambient_degC});
          },
          py::arg("ambient_degC"), at_s)
      .def(
          "short_load_port",
          [](PythonSession& s, double short_Ohm, std::optional<double> t_s) {
            s.session().at(s.at_ns(t_s), ShortLoadPort{short_Ohm});
          },
          py::arg("short_Ohm"), at_s, "A short circuit across the load port; infinity removes it.")
      .def(
          "set_sense_wire",
          [](PythonSession& s, int tap, double wire_Ohm, std::optional<double> t_s) {
            s.session().at(s.at_ns(t_s), SetSenseWire{tap, wire_Ohm});
          },
          py::arg("tap"), py::arg("wire_Ohm"), at_s)
      .def(
          "short_cell",
          [](PythonSession& s, int group, int cell, double short_Ohm, std::optional<double> t_s) {
            s.session().at(s.at_ns(t_s), ShortCell{group, cell, short_Ohm});
          },
          py::arg("group"), py::arg("cell"), py::arg("short_Ohm"), at_s,
          "A short inside one cell of a parallel group, both counted from 1; infinity removes it.")
      .def(
          "set_busbar",
          [](PythonSession& s, int group, double busbar_Ohm, std::optional<double> t_s) {
            s.session().at(s.at_ns(t_s), SetBusbar{group, busbar_Ohm});
          },
          py::arg("group"), py::arg("busbar_Ohm"), at_s, "The link above a group, counted from 1; infinity: open.")
      .def(
          "fit_ntc",
          [](PythonSession& s, int number, bool fitted, std::optional<double> t_s) {
            s.session().at(s.at_ns(t_s), FitNtc{number, fitted});
          },
          py::arg("number"), py::arg("fitted"), at_s)
      .def(
          "press_button",
          [](PythonSession& s, bool pressed, std::optional<double> t_s) {
            s.session().at(s.at_ns(t_s), PressButton{pressed});
          },
          py::arg("pressed"), at_s, "K+/K- of the display's port, held until changed.")
      .def(
          "weld",
          [](PythonSession& s, const std::string& contact, bool welded, std::optional<double> t_s) {
            s.session().at(s.at_ns(t_s), Weld{contact_from_name(contact), welded});
          },
          py::arg("contact"), py::arg("welded"), at_s)
      .def(
          "replace_fuse",
          [](PythonSession& s, std::optional<double> t_s) { s.session().at(s.at_ns(t_s), ReplaceFuse{}); }, at_s,
          "By a new, cold one.")
      .def(
          "set_coil_supply",
          [](PythonSession& s, bool present, std::optional<double> t_s) {
            s.session().at(s.at_ns(t_s), SetCoilSupply{present});
          },
          py::arg("present"), at_s, "Of the relays' coils; without it no coil holds its contact.")
      .def(
          "send_byte",
          [](PythonSession& s, const std::string& port, std::uint8_t value, std::optional<double> t_s) {
            s.session().at(s.at_ns(t_s), SendByte{port_from_name(port), value});
          },
          py::arg("port"), py::arg("value"), at_s, "A byte to the BMS, at the end of its stop bit.")
      .def(
          "run_for", [](PythonSession& s, double duration_s) { s.run(duration_s, std::nullopt); },
          py::arg("duration_s"))
      .def(
          "until",
          [](PythonSession& s, const Condition& condition, double within_s, std::optional<double>) {
            return s.run(within_s, condition);
          },
          py::arg("condition"), py::arg("within_s"), py::arg("expected_s") = py::none(),
          "True when the condition holds within the time. expected_s is for a plan and ignored here.")
      .def(
          "mark", [](PythonSession& s, const std::string& text) { return to_s(s.session().mark(text)); },
          py::arg("text"))
      .def(
          "watch",
          [](PythonSession& s, Channel channel, const std::string& side, double level) {
            s.session().watch(channel, side_from_name(side), level);
          },
          py::arg("channel"), py::arg("side"), py::arg("level"),
          "The trace tells to a microsecond when the plant takes the channel beyond the level.")
      .def(
          "contact_closed",
          [](PythonSession& s, const std::string& contact) {
            return s.session().plant().contact_closed(contact_from_name(contact));
          },
          py::arg("contact"), "Whether charge, discharge or precharge conducts; fuse: whether it is whole.")
      .def(
          "drive_on",
          [](PythonSession& s, const std::string& actuator) {
            return s.session().drive_on(actuator_from_name(actuator));
          },
          py::arg("actuator"))
      .def(
          "shown", [](PythonSession& s, Channel channel) { return s.session().shown(channel); }, py::arg("channel"),
          "What was last shown at the plug, in the channel's unit.")
      .def(
          "write_setting",
          [](PythonSession& s, std::uint8_t register_number, std::int32_t value) {
            return s.session().write_setting(register_number, value);
          },
          py::arg("register"), py::arg("value"), "0, or the BMS's reason code of refusal.")
      .def(
          "read_setting",
          [](PythonSession& s, std::uint8_t register_number) -> std::optional<std::int32_t> {
            std::int32_t value = 0;
            if (s.session().read_setting(register_number, value) != 0) return std::nullopt;
            return value;
          },
          py::arg("register"))
      .def(
          "load_settings",
          [](PythonSession& s, const std::string& frame) {
            return s.session().load_settings({reinterpret_cast<const std::uint8_t*>(frame.data()), frame.size()});
          },
          py::arg("frame"), "A captured 300-byte settings frame; 0 or a reason code.")
      .def(
          "poll",
          [](PythonSession& s, double period_s, const std::string& language) {
            s.session().poll(from_s(period_s), polling_from_name(language));
          },
          py::arg("period_s"), py::arg("language") = nw_polling().name,
          "Asks the BMS for everything every period over RS485, in nw (4E57) or modbus; answers are the trace's "
          "reported "
          "rows.")
      .def(
          "listen", [](PythonSession& s, const std::string& port) { s.session().listen(port_from_name(port)); },
          py::arg("port"), "From now on hears what the BMS says by itself on bluetooth (asked to begin), lcd or can.")
      .def(
          "read_by_app",
          [](PythonSession& s, std::uint8_t register_number) -> std::optional<std::int64_t> {
            const py::gil_scoped_release unlocked;
            std::int64_t counts = 0;
            if (s.session().read_by_app(register_number, counts) != 0) return std::nullopt;
            return counts;
          },
          py::arg("register"), "Over Bluetooth (JK02), in counts; None where the BMS is silent.")
      .def(
          "write_by_app",
          [](PythonSession& s, std::uint8_t register_number, std::int64_t counts) {
            const py::gil_scoped_release unlocked;
            return s.session().write_by_app(register_number, counts);
          },
          py::arg("register"), py::arg("counts"), "Over Bluetooth (JK02). 0, or 255 where it is not acknowledged.")
      .def(
          "read_serial_by_app",
          [](PythonSession& s) -> std::optional<std::int64_t> {
            const py::gil_scoped_release unlocked;
            std::int64_t serial_number = 0;
            if (s.session().read_serial_by_app(serial_number) != 0) return std::nullopt;
            return serial_number;
          },
          "Over Bluetooth (JK02); None where the BMS names none.")
      .def("stop_polling", [](PythonSession& s) { s.session().stop_polling(); })
      .def_property_readonly(
          "reported", [](PythonSession& s) { return s.session().reported(); },
          "The newest plausible telemetry; None before the first.")
      .def(
          "write_register",
          [](PythonSession& s, std::uint8_t code, std::int64_t counts) {
            const py::gil_scoped_release unlocked;
            return s.session().write_register(code, counts);
          },
          py::arg("code"), py::arg("counts"), "Over RS485 (4E57). 0, or 255 where the BMS is silent: it refuses.")
      .def(
          "read_register",
          [](PythonSession& s, std::uint8_t code) -> std::optional<std::int64_t> {
            const py::gil_scoped_release unlocked;
            std::int64_t counts = 0;
            if (s.session().read_register(code, counts) != 0) return std::nullopt;
            return counts;
          },
          py::arg("code"), "Over RS485 (4E57), in counts; None where the BMS is silent.")
      .def("fork", &PythonSession::fork, "An independent session with the same future and an empty trace.")
      .def("make_safe", [](PythonSession& s) { s.session().make_safe(); });
}

}  // namespace packrig
