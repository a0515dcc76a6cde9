#include "rig/link/virtual_bus.hpp"

#include <algorithm>

#include "models/errors.hpp"
#include "rig/fault.hpp"

namespace packrig {

namespace {

constexpr int bits_per_byte = 10;
constexpr int baud_max = 10'000'000;

TimeNs byte_time_ns(int baud) {
  if (baud < 1 || baud > baud_max) {
    throw BadInput("baud rate " + std::to_string(baud) + "; accepted: 1 .. " + std::to_string(baud_max));
  }
  return (bits_per_byte * second_ns + baud / 2) / baud;
}

struct Flying {
  TimeNs at_ns = 0;
  std::uint8_t value = 0;
};

template <typename Item>
class Ring {
 public:
  bool empty() const { return in_ == out_; }
  bool full() const { return in_ - out_ == VirtualBus::buffer_bytes; }
  const Item& front() const { return items_[out_ % VirtualBus::buffer_bytes]; }
  void push(const Item& item) { items_[in_++ % VirtualBus::buffer_bytes] = item; }
  void pop() { ++out_; }
  void clear() { out_ = in_; }

 private:
  std::array<Item, VirtualBus::buffer_bytes> items_{};
  std::uint64_t in_ = 0;
  std::uint64_t out_ = 0;
};

}  // namespace

// One direction.
class VirtualBus::Lane {
 public:
  explicit Lane(TimeNs byte_ns) : byte_ns_(byte_ns) {}

  bool full() const { return flying_.full(); }
  TimeNs next_arrival_ns() const { return flying_.empty() ? never_ns : flying_.front().at_ns; }

  void put(std::uint8_t value, TimeNs now_ns) {
    free_ns_ = std::max(free_ns_, now_ns) + byte_ns_;
    flying_.push({free_ns_, value});
  }

  // What has arrived by now goes into the reader's buffer.
  void settle(TimeNs now_ns) {
    while (!flying_.empty() && flying_.front().at_ns <= now_ns) {
      if (arrived_.full()) {
        ++lost_count_;
      } else {
        arrived_.push(flying_.front().value);
      }
      flying_.pop();
    }
  }

  std::size_t take(std::span<std::uint8_t> bytes) {
    std::size_t count = 0;
    while (count < bytes.size() && !arrived_.empty()) {
      bytes[count++] = arrived_.front();
      arrived_.pop();
    }
    return count;
  }

  void drop_flying(TimeNs now_ns) {
    flying_.clear();
    free_ns_ = now_ns;
  }
  void drop_arrived() { arrived_.clear(); }
  void drop_all() {
    drop_flying(0);
    arrived_.clear();
  }
  std::uint64_t lost_count() const { return lost_count_; }

 private:
  TimeNs byte_ns_;
  TimeNs free_ns_ = 0;  // when the line has carried everything that was put on it
  Ring<Flying> flying_;
  Ring<std::uint8_t> arrived_;
  std::uint64_t lost_count_ = 0;
};

class VirtualBus::End final : public ByteLink {
 public:
  End(VirtualBus& bus, int number, std::string name) : bus_(bus), number_(number), name_(std::move(name)) {}

  const std::string& name() const override { return name_; }
  TimeNs now_ns() const override { return bus_.now_ns_; }

  void write(std::span<const std::uint8_t> bytes, TimeNs deadline_ns) override {
    require_plugged();
    Lane& lane = *bus_.lanes_[static_cast<std::size_t>(number_)];
    for (const std::uint8_t value : bytes) {
      if (lane.full()) {
        if (lane.next_arrival_ns() > deadline_ns) {
          bus_.now_ns_ = std::max(bus_.now_ns_, deadline_ns);
          lane.settle(bus_.now_ns_);
          lane.drop_flying(bus_.now_ns_);
          throw BenchFault(name_ + ": not all bytes could be written before the deadline");
        }
        bus_.now_ns_ = std::max(bus_.now_ns_, lane.next_arrival_ns());
        lane.settle(bus_.now_ns_);
      }
      lane.put(value, bus_.now_ns_);
    }
  }

  std::size_t read(std::span<std::uint8_t> bytes, TimeNs deadline_ns) override {
    require_plugged();
    Lane& lane = *bus_.lanes_[static_cast<std::size_t>(1 - number_)];
    lane.settle(bus_.now_ns_);
    std::size_t count = lane.take(bytes);
    if (count == 0 && !bytes.empty()) {
      bus_.now_ns_ = std::max(bus_.now_ns_, std::min(deadline_ns, lane.next_arrival_ns()));
      lane.settle(bus_.now_ns_);
      count = lane.take(bytes);
    }
    return count;
  }

  void drop_input() override {
    Lane& lane = *bus_.lanes_[static_cast<std::size_t>(1 - number_)];
    lane.settle(bus_.now_ns_);
    lane.drop_arrived();
  }

  void reopen(TimeNs deadline_ns) override {
    // Nobody can plug it in while this end waits: nothing else runs.
    if (!bus_.plugged_) bus_.now_ns_ = std::max(bus_.now_ns_, deadline_ns);
    require_plugged();
    drop_input();
  }

 private:
  void require_plugged() const {
    if (!bus_.plugged_) throw BenchFault(name_ + ": gone (unplugged)");
  }

  VirtualBus& bus_;
  int number_;
  std::string name_;
};

VirtualBus::VirtualBus(const std::string& name, SerialSettings settings) : byte_ns_(byte_time_ns(settings.baud)) {
  for (int k = 0; k < 2; ++k) {
    lanes_[static_cast<std::size_t>(k)] = std::make_unique<Lane>(byte_ns_);
    ends_[static_cast<std::size_t>(k)] = std::make_unique<End>(*this, k, name + "." + std::to_string(k));
  }
}

VirtualBus::~VirtualBus() = default;

ByteLink& VirtualBus::end(int number) {
  if (number != 0 && number != 1) {
    throw BadInput("end " + std::to_string(number) + " of a virtual bus; accepted: 0, 1");
  }
  return *ends_[static_cast<std::size_t>(number)];
}

std::uint64_t VirtualBus::lost_count() const { return lanes_[0]->lost_count() + lanes_[1]->lost_count(); }

void VirtualBus::unplug() {
  plugged_ = false;
  for (const auto& lane : lanes_) lane->drop_all();
}

}  // namespace packrig
