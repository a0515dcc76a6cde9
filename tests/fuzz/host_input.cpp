#include "tests/fuzz/host_input.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <vector>

#include "rig/codec/deframer.hpp"
#include "rig/codec/jk_can.hpp"
#include "rig/codec/nw.hpp"
#include "rig/codec/plausibility.hpp"

namespace packrig::test {
namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr TimeNs byte_ns = 86'806;                   // ten bits at 115200 baud
constexpr std::size_t information_length_max = 400;  // the longest answer known, of 25 cells, has below 300 bytes
constexpr std::size_t can_frame_length_min = 5;      // an identifier and a length

void require(bool promise) {
  if (!promise) std::abort();
}

void judge_telemetry(const Telemetry& said, Plausibility& plausibility) {
  for (const double cell_V : said.cell_V) require(!std::isinf(cell_V));
  if (said.pack_V) require(std::isfinite(*said.pack_V));
  if (said.current_A) require(std::isfinite(*said.current_A));
  plausibility.objection(said);
}

void judge_nw(const RawFrame& raw, Plausibility& plausibility) {
  const auto frame = nw::parse(raw);
  if (!frame) return;
  const nw::Block block = nw::block_of(frame->information);
  std::size_t length = 0;
  for (const nw::Entry& entry : block.entries) {
    require(entry.what != nullptr);
    length += 1 + entry.data.size();
    if (entry.what->coding == nw::Coding::text) require(entry.text().size() <= entry.data.size());
    if (entry.what->coding == nw::Coding::number) require(std::isfinite(entry.value()));
  }
  require(length <= frame->information.size());
  judge_telemetry(nw::telemetry_of(block, raw.arrival_ns), plausibility);
}

void judge_can(const RawFrame& raw, Telemetry& telemetry, Plausibility& plausibility) {
  const jk_can::Frame frame = jk_can::parse(raw);
  require(frame.length <= frame.data.size());
  for (const jk_can::Signal& signal : jk_can::signals()) {
    if (const auto value = jk_can::value_of(signal, frame)) require(std::isfinite(*value));
  }
  jk_can::charge_request(frame);
  if (jk_can::merge(frame, {}, telemetry)) judge_telemetry(telemetry, plausibility);
}

}  // namespace

void feed_host(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return;
  const bool can = (data[0] & 1) != 0;
  const bool framed = (data[0] & 2) != 0;
  Bytes stream(data + 1, data + size);
  if (framed && !can) {
    nw::Frame frame;
    frame.source = nw::Source::board;
    frame.transmission = nw::Transmission::reply;
    const std::size_t length = std::min(stream.size(), information_length_max);
    frame.information.assign(stream.begin(), stream.begin() + static_cast<std::ptrdiff_t>(length));
    stream = nw::encode(frame);
  }
  Deframer deframer(can ? jk_can::match : nw::match, nw::silence_ns);
  Plausibility plausibility;
  Telemetry telemetry;
  std::size_t frame_bytes = 0;
  TimeNs at_ns = 0;
  const auto judge_frames = [&] {
    while (const auto raw = deframer.next()) {
      require(raw->arrival_ns <= at_ns);
      require(raw->bytes.size() >= (can ? can_frame_length_min : 1));
      frame_bytes += raw->bytes.size();
      if (can) {
        judge_can(*raw, telemetry, plausibility);
      } else {
        judge_nw(*raw, plausibility);
      }
    }
  };
  for (const std::uint8_t value : stream) {
    deframer.push(value, at_ns += byte_ns);
    judge_frames();
  }
  deframer.settle(at_ns += nw::silence_ns + 1);
  judge_frames();
  require(frame_bytes <= stream.size());  // no byte is in two frames
  require(!framed || can || frame_bytes == stream.size());
}

}  // namespace packrig::test
