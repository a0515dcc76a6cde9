#include "bindings/cpp/python_links.hpp"

#include <pybind11/stl.h>

#include <array>
#include <memory>
#include <optional>
#include <string>

#include "models/errors.hpp"
#include "rig/link/bus_soak.hpp"
#include "rig/link/can_socket.hpp"
#include "rig/link/modbus_master.hpp"
#include "rig/link/open_port.hpp"

namespace py = pybind11;

namespace packrig {

namespace {

// Python names a time to wait; Ctrl-C is looked for when it is over, so it may not be long.
constexpr double longest_wait_s = 60.0;

TimeNs wait_ns(double within_s) {
  if (!(within_s >= 0.0 && within_s <= longest_wait_s)) {
    throw BadInput("within_s = " + std::to_string(within_s) + "; accepted: 0 .. 60");
  }
  return from_s(within_s);
}

py::bytes read(ByteLink& link, std::size_t count, double within_s) {
  std::string bytes(count, '\0');
  std::size_t got = 0;
  {
    const TimeNs deadline_ns = link.now_ns() + wait_ns(within_s);
    const py::gil_scoped_release unlocked;
    got = link.read({reinterpret_cast<std::uint8_t*>(bytes.data()), count}, deadline_ns);
  }
  return py::bytes(bytes.data(), got);
}

void write(ByteLink& link, const std::string& bytes, double within_s) {
  const TimeNs deadline_ns = link.now_ns() + wait_ns(within_s);
  const py::gil_scoped_release unlocked;
  link.write({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()}, deadline_ns);
}

template <typename Link>
void reopen(Link& link, double within_s) {
  const TimeNs deadline_ns = wall_now_ns() + wait_ns(within_s);
  const py::gil_scoped_release unlocked;
  link.reopen(deadline_ns);
}

CanFrame can_frame(std::uint32_t id, const std::string& data, bool extended, bool remote, bool fd, bool fast_data) {
  if (data.size() > static_cast<std::size_t>(can_fd_bytes_max)) {
    throw BadInput("CAN frame of " + std::to_string(data.size()) + " bytes; accepted: 0 .. 64");
  }
  CanFrame frame;
  frame.id = id;
  frame.extended = extended;
  frame.remote = remote;
  frame.fd = fd;
  frame.fast_data = fast_data;
  frame.length = static_cast<std::uint8_t>(data.size());
  std::copy(data.begin(), data.end(), frame.data.begin());
  check(frame);
  return frame;
}

void send(CanSocket& socket, const CanFrame& frame, double within_s) {
  const TimeNs deadline_ns = socket.now_ns() + wait_ns(within_s);
  const py::gil_scoped_release unlocked;
  socket.send(frame, deadline_ns);
}

std::optional<CanFrame> receive(CanSocket& socket, double within_s) {
  const TimeNs deadline_ns = socket.now_ns() + wait_ns(within_s);
  const py::gil_scoped_release unlocked;
  return socket.receive(deadline_ns);
}

// The registers of a slave that answered; None when it was silent.
std::optional<std::vector<std::uint16_t>> registers_of(const ModbusMaster& master, ModbusReply reply) {
  switch (reply.kind) {
    case ModbusReply::Kind::answered:
      return std::move(reply.registers);
    case ModbusReply::Kind::silent:
      return std::nullopt;
    case ModbusReply::Kind::refused:
      throw BadInput(master.name() + ": the slave refuses (Modbus exception " + std::to_string(reply.exception_code) +
                     ")");
    case ModbusReply::Kind::garbled:
      break;
  }
  return std::nullopt;  // noise is no answer either
}

template <typename Ask>
std::optional<std::vector<std::uint16_t>> ask(ModbusMaster& master, Ask question) {
  ModbusReply reply;
  {
    const py::gil_scoped_release unlocked;
    reply = question();
  }
  return registers_of(master, std::move(reply));
}

}  // namespace

void bind_links(py::module_& m) {
  py::class_<ByteLink>(m, "Port", "A serial port or a pty; see rig/link/byte_link.hpp. Times in s from now.")
      .def(py::init([](const std::string& path, int baud) { return open_port(path, {baud}); }), py::arg("path"),
           py::arg("baud") = SerialSettings{}.baud)
      .def_property_readonly("name", &ByteLink::name)
      .def("read", &read, py::arg("count"), py::arg("within_s"),
           "Up to `count` bytes as soon as there is one; none when the line stayed silent.")
      .def("write", &write, py::arg("data"), py::arg("within_s"))
      .def("drop_input", &ByteLink::drop_input)
      .def("reopen", &reopen<ByteLink>, py::arg("within_s"), "After the device was gone.");

  m.def(
      "soak_bus",
      [](double duration_s) {
        BusSoak soak;
        {
          const TimeNs duration_ns = from_s(duration_s);
          const py::gil_scoped_release unlocked;
          soak = soak_bus(duration_ns);
        }
        py::dict result;
        result["sent"] = soak.sent_count;
        result["received"] = soak.received_count;
        result["lost"] = soak.lost_count;
        result["out_of_order"] = soak.out_of_order_count;
        result["damaged"] = soak.damaged_count;
        result["dropped_bytes"] = soak.dropped_count;
        result["simulated_s"] = to_s(soak.lasted_ns);
        return result;
      },
      py::arg("duration_s"), "A saturated line in simulated time; see rig/link/bus_soak.hpp.");

  py::class_<CanFrame>(m, "CanFrame", "One frame on a CAN bus; see rig/link/can_frame.hpp.")
      .def(py::init(&can_frame), py::arg("id"), py::arg("data") = "", py::kw_only(), py::arg("extended") = false,
           py::arg("remote") = false, py::arg("fd") = false, py::arg("fast_data") = false)
      .def_readonly("id", &CanFrame::id)
      .def_readonly("extended", &CanFrame::extended)
      .def_readonly("remote", &CanFrame::remote)
      .def_readonly("fd", &CanFrame::fd)
      .def_readonly("fast_data", &CanFrame::fast_data)
      .def_property_readonly("data", [](const CanFrame& frame) {
        return py::bytes(reinterpret_cast<const char*>(frame.data.data()), frame.length);
      });

  py::class_<CanSocket>(m, "CanSocket", "A CAN interface of the kernel; see rig/link/can_socket.hpp.")
      .def(py::init<const std::string&>(), py::arg("interface"))
      .def_property_readonly("name", &CanSocket::name)
      .def("send", &send, py::arg("frame"), py::arg("within_s"))
      .def("receive", &receive, py::arg("within_s"), "The next frame, or None when the bus stayed silent.")
      .def("reopen", &reopen<CanSocket>, py::arg("within_s"));

  py::class_<ModbusMaster>(m, "ModbusMaster", "A Modbus RTU master; see rig/link/modbus_master.hpp.")
      .def(py::init([](const std::string& path, int unit, int baud) {
             return std::make_unique<ModbusMaster>(path, SerialSettings{baud}, unit);
           }),
           py::arg("path"), py::arg("unit"), py::arg("baud") = SerialSettings{}.baud)
      .def_property_readonly("name", &ModbusMaster::name)
      .def(
          "read_registers",
          [](ModbusMaster& master, int address, int count, double within_s) {
            const TimeNs patience_ns = wait_ns(within_s);
            return ask(master, [&] { return master.read_registers(address, count, patience_ns); });
          },
          py::arg("address"), py::arg("count"), py::arg("within_s"),
          "The registers, or None when the slave was silent. Raises BadInput when it refuses.")
      .def(
          "write_registers",
          [](ModbusMaster& master, int address, const std::vector<std::uint16_t>& registers, double within_s) {
            const TimeNs patience_ns = wait_ns(within_s);
            return ask(master, [&] { return master.write_registers(address, registers, patience_ns); }).has_value();
          },
          py::arg("address"), py::arg("registers"), py::arg("within_s"), "False when the slave was silent.")
      .def("reopen", &reopen<ModbusMaster>, py::arg("within_s"));
}

}  // namespace packrig
