#include "bindings/cpp/python_reader.hpp"

#include <pybind11/stl.h>

#include <algorithm>
#include <string>
#include <utility>

#include "models/errors.hpp"
#include "rig/codec/jk_can_follower.hpp"
#include "rig/codec/jk_modbus.hpp"
#include "rig/codec/nw.hpp"
#include "rig/codec/plausibility.hpp"

namespace py = pybind11;

namespace packrig {

namespace {

template <typename Value>
void put(py::dict& into, const char* name, const std::optional<Value>& value) {
  into[name] = value;
}

py::dict telemetry_dict(const Telemetry& said) {
  py::dict result;
  result["cell_V"] = py::cast(std::vector<double>(said.cell_V.begin(), said.cell_V.end()));
  result["wire_Ohm"] = py::cast(std::vector<double>(said.wire_Ohm.begin(), said.wire_Ohm.end()));
  put(result, "pack_V", said.pack_V);
  put(result, "current_A", said.current_A);
  put(result, "soc", said.soc);
  put(result, "soh_share", said.soh_share);
  put(result, "remaining_Ah", said.remaining_Ah);
  put(result, "full_Ah", said.full_Ah);
  put(result, "capacity_Ah", said.capacity_Ah);
  put(result, "cycle_Ah", said.cycle_Ah);
  put(result, "cycle_count", said.cycle_count);
  put(result, "board_degC", said.board_degC);
  result["probe_degC"] = said.probe_degC;
  put(result, "charge_on", said.charge_on);
  put(result, "discharge_on", said.discharge_on);
  put(result, "precharge_on", said.precharge_on);
  put(result, "heating_on", said.heating_on);
  put(result, "charger_plugged", said.charger_plugged);
  put(result, "balancing_on", said.balancing_on);
  put(result, "balance_A", said.balance_A);
  put(result, "run_time_s", said.run_time_s);
  result["alarms"] = said.alarms ? py::object(py::str(describe(*said.alarms))) : py::object(py::none());
  result["hardware"] = said.hardware;
  result["software"] = said.software;
  result["model"] = said.model;
  return result;
}

// Cuts 4E57 answers out of what a port brings.
class NwReader {
 public:
  void push(const std::string& bytes, double at_s) {
    for (const char byte : bytes) deframer_.push(static_cast<std::uint8_t>(byte), from_s(at_s));
  }

  void reset() { deframer_.reset(); }

  std::optional<py::dict> next() {
    while (const auto raw = deframer_.next()) {
      const auto frame = nw::parse(*raw);
      if (!frame || frame->transmission == nw::Transmission::request) continue;
      const nw::Block block = nw::block_of(frame->information);
      const Telemetry telemetry = nw::telemetry_of(block, frame->arrival_ns);
      py::dict said = telemetry_dict(telemetry);
      said["objection"] = block.defect.empty() ? plausibility_.objection(telemetry) : block.defect;
      return said;
    }
    return std::nullopt;
  }

 private:
  // A port hands bytes over in lumps, whatever their spacing was on the wire, and a busy machine hands them over late:
  // half a second without any is silence.
  Deframer deframer_{nw::match, 500 * millisecond_ns};
  Plausibility plausibility_;
};

// Reads the registers of JK's Modbus, and remembers what the board is.
class ModbusReader {
 public:
  void device(const std::vector<std::uint16_t>& registers) {
    const auto capacity_Ah = known_.capacity_Ah;
    known_ = jk_modbus::device_of(registers, 0);
    known_.capacity_Ah = capacity_Ah;
  }

  py::dict settings(const std::vector<std::uint16_t>& registers) {
    const RawFrame frame = jk_modbus::frame_of(jk02::Kind::settings, registers, 0);
    py::dict result;
    for (const jk02::Field& field : jk02::settings_fields()) {
      result[field.name] = *jk02::raw_count(field, jk02::Layout::cells_32, frame) / field.scale_factor;
    }
    known_.capacity_Ah = result["capacity_Ah"].cast<double>();
    return result;
  }

  py::dict live(const std::vector<std::uint16_t>& registers, double at_s) {
    Telemetry telemetry = jk_modbus::telemetry_of(registers, from_s(at_s));
    telemetry.capacity_Ah = known_.capacity_Ah;
    telemetry.model = known_.model;
    telemetry.hardware = known_.hardware;
    telemetry.software = known_.software;
    py::dict said = telemetry_dict(telemetry);
    said["objection"] = plausibility_.objection(telemetry);
    return said;
  }

 private:
  Telemetry known_;  // what does not change while a board runs
  Plausibility plausibility_;
};

// Gathers what JK's messages say on a CAN bus.
class CanReader {
 public:
  explicit CanReader(int address) : follower_(choices_of(address)) {}

  bool push(std::uint32_t id, const std::string& data, bool extended, double at_s) {
    jk_can::Frame frame;
    if (data.size() > frame.data.size()) return false;
    frame.arrival_ns = from_s(at_s);
    frame.id = id;
    frame.extended = extended;
    frame.length = static_cast<std::uint8_t>(data.size());
    std::copy(data.begin(), data.end(), frame.data.begin());
    const auto said = follower_.hear(frame);
    // Held to what came with it: what else is known may be a second old.
    if (said && objection_.empty()) objection_ = plausibility_.objection(*said);
    return said.has_value();
  }

  py::dict said() {
    py::dict said = telemetry_dict(follower_.known());
    said["objection"] = std::exchange(objection_, {});
    return said;
  }

 private:
  static jk_can::Choices choices_of(int address) {
    if (address < 0 || address > jk_can::address_max) {
      throw BadInput("CAN address " + std::to_string(address) + "; accepted: 0 .. " +
                     std::to_string(jk_can::address_max));
    }
    jk_can::Choices choices;
    choices.address = static_cast<std::uint8_t>(address);
    return choices;
  }

  jk_can::Follower follower_;
  Plausibility plausibility_;
  std::string objection_;
};

py::tuple range_of(jk_modbus::Block block) { return py::make_tuple(block.first, block.count); }

}  // namespace

void bind_reader(py::module_& m) {
  m.def(
      "nw_read_all_request",
      [] {
        const auto bytes = nw::read_all_request();
        return py::bytes(reinterpret_cast<const char*>(bytes.data()), bytes.size());
      },
      "The 4E57 question for everything.");
  py::class_<NwReader>(m, "NwReader", "Reads a board's 4E57 answers out of a stream of bytes.")
      .def(py::init<>())
      .def("push", &NwReader::push, py::arg("data"), py::arg("at_s"), "What came, and when; time never runs back.")
      .def("reset", &NwReader::reset, "Forgets what was not an answer yet: a new question is asked.")
      .def("next", &NwReader::next,
           "What the next answer says (see rig/codec/telemetry.hpp; None: not said), or None when there is none. "
           "`objection` tells why it cannot be true; empty when it can.");

  m.attr("MODBUS_LIVE") = range_of(jk_modbus::live);
  m.attr("MODBUS_DEVICE") = range_of(jk_modbus::device);
  const auto [settings, more_settings] = jk_modbus::questions_of(jk02::Kind::settings);
  m.attr("MODBUS_SETTINGS") = py::make_tuple(range_of(settings), range_of(more_settings));
  py::class_<ModbusReader>(m, "ModbusReader",
                           "Reads what a board answers over JK's Modbus; see rig/codec/jk_modbus.hpp.")
      .def(py::init<>())
      .def("device", &ModbusReader::device, py::arg("registers"), "Those of MODBUS_DEVICE: who the board is.")
      .def("settings", &ModbusReader::settings, py::arg("registers"),
           "Those of MODBUS_SETTINGS, both questions' one after the other: the settings by name (see "
           "rig/codec/jk02.hpp).")
      .def("live", &ModbusReader::live, py::arg("registers"), py::arg("at_s"),
           "What those of MODBUS_LIVE say, as NwReader.next().");
  py::class_<CanReader>(m, "CanReader", "Reads JK's messages on a CAN bus; see rig/codec/jk_can_follower.hpp.")
      .def(py::init<int>(), py::arg("address") = 0)
      .def("push", &CanReader::push, py::arg("id"), py::arg("data"), py::arg("extended"), py::arg("at_s"),
           "A frame, and when it came. False: it says nothing of the pack, or cells of which more are to come.")
      .def("said", &CanReader::said,
           "All that is known, as NwReader.next(); `objection` to what came since last time.");
}

}  // namespace packrig
