#include "rig/link/virtual_can_bus.hpp"

#include <algorithm>
#include <deque>

#include "models/errors.hpp"
#include "rig/fault.hpp"

namespace packrig {

namespace {

// What decides who goes on: the bits as they come. A standard identifier beats an extended one that begins alike, and
// data beat a remote request.
std::uint64_t arbitration_order(const CanFrame& frame) {
  const std::uint64_t first = frame.extended ? frame.id >> 18U : frame.id;
  const std::uint64_t rest = frame.extended ? frame.id & 0x3FFFFU : 0U;
  return first << 21U | static_cast<std::uint64_t>(frame.extended) << 20U | rest << 1U |
         static_cast<std::uint64_t>(frame.remote);
}

}  // namespace

class VirtualCanBus::Node final : public FrameLink {
 public:
  Node(VirtualCanBus& bus, std::string name) : bus_(bus), name_(std::move(name)) {}

  const std::string& name() const override { return name_; }
  TimeNs now_ns() const override { return bus_.now_ns_; }

  void send(const CanFrame& frame, TimeNs deadline_ns) override {
    check(frame);
    if (frame.fd) throw BadInput(name_ + ": a CAN FD frame; accepted on this bus: classic frames");
    require_plugged();
    while (to_send.size() == queue_frames) {
      if (bus_.carry_one(deadline_ns)) continue;
      bus_.now_ns_ = std::max(bus_.now_ns_, deadline_ns);
      throw BenchFault(name_ + ": its queue stayed full until the deadline");
    }
    to_send.push_back({bus_.now_ns_, frame});
  }

  std::optional<CanFrame> receive(TimeNs deadline_ns) override {
    require_plugged();
    while (received.empty() && bus_.carry_one(deadline_ns)) {
    }
    if (received.empty()) {
      bus_.now_ns_ = std::max(bus_.now_ns_, deadline_ns);
      return std::nullopt;
    }
    const CanFrame frame = received.front();
    received.pop_front();
    return frame;
  }

  void reopen(TimeNs deadline_ns) override {
    // Nobody can plug it in while this node waits: nothing else runs.
    if (!bus_.plugged_) bus_.now_ns_ = std::max(bus_.now_ns_, deadline_ns);
    require_plugged();
    received.clear();
  }

  void take_in(const CanFrame& frame) {
    if (received.size() == queue_frames) {
      ++lost_count;
    } else {
      received.push_back(frame);
    }
  }

  struct Waiting {
    TimeNs since_ns;
    CanFrame frame;
  };
  std::deque<Waiting> to_send;
  std::deque<CanFrame> received;
  std::uint64_t lost_count = 0;

 private:
  void require_plugged() const {
    if (!bus_.plugged_) throw BenchFault(name_ + ": gone (unplugged)");
  }

  VirtualCanBus& bus_;
  std::string name_;
};

VirtualCanBus::VirtualCanBus(const std::string& name, int bit_rate, int node_count) : bit_rate_(bit_rate) {
  if (bit_rate < 1000 || bit_rate > 1'000'000) {
    throw BadInput("CAN bit rate " + std::to_string(bit_rate) + "; accepted: 1000 .. 1000000");
  }
  if (node_count < 2 || node_count > 32) {
    throw BadInput("CAN node count " + std::to_string(node_count) + "; accepted: 2 .. 32");
  }
  for (int k = 0; k < node_count; ++k) nodes_.push_back(std::make_unique<Node>(*this, name + "." + std::to_string(k)));
}

VirtualCanBus::~VirtualCanBus() = default;

FrameLink& VirtualCanBus::node(int number) {
  if (number < 0 || number >= static_cast<int>(nodes_.size())) {
    throw BadInput("node " + std::to_string(number) + " of a virtual CAN bus; accepted: 0 .. " +
                   std::to_string(nodes_.size() - 1));
  }
  return *nodes_[static_cast<std::size_t>(number)];
}

TimeNs VirtualCanBus::frame_ns(const CanFrame& frame) const {
  // ISO 11898-1: bits from the start of frame to the CRC are stuffed, one in four at worst; delimiters, acknowledge,
  // end of frame and interframe space (13 bits) are not. A standard frame has 34 stuffed bits besides data, an extended
  // one 54.
  const int data_bits = frame.remote ? 0 : 8 * frame.length;
  const int stuffed = (frame.extended ? 54 : 34) + data_bits;
  const int bits = stuffed + (stuffed - 1) / 4 + 13;
  return (bits * second_ns + bit_rate_ / 2) / bit_rate_;
}

bool VirtualCanBus::carry_one(TimeNs until_ns) {
  // The earliest instant at which anybody wants the bus and it is free; who waits by then takes part in the
  // arbitration.
  TimeNs start_ns = never_ns;
  for (const auto& node : nodes_) {
    if (!node->to_send.empty()) start_ns = std::min(start_ns, std::max(free_ns_, node->to_send.front().since_ns));
  }
  if (start_ns == never_ns) return false;
  Node* winner = nullptr;
  for (const auto& node : nodes_) {
    if (node->to_send.empty() || node->to_send.front().since_ns > start_ns) continue;
    if (winner == nullptr ||
        arbitration_order(node->to_send.front().frame) < arbitration_order(winner->to_send.front().frame)) {
      winner = node.get();
    }
  }
  CanFrame frame = winner->to_send.front().frame;
  frame.at_ns = start_ns + frame_ns(frame);
  if (frame.at_ns > until_ns) return false;
  winner->to_send.pop_front();
  free_ns_ = frame.at_ns;
  for (const auto& node : nodes_) {
    if (node.get() != winner) node->take_in(frame);
  }
  now_ns_ = std::max(now_ns_, frame.at_ns);
  return true;
}

std::uint64_t VirtualCanBus::lost_count() const {
  std::uint64_t sum = 0;
  for (const auto& node : nodes_) sum += node->lost_count;
  return sum;
}

void VirtualCanBus::unplug() {
  plugged_ = false;
  for (const auto& node : nodes_) {
    node->to_send.clear();
    node->received.clear();
  }
}

}  // namespace packrig
