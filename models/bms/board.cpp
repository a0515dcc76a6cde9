#include "board.hpp"

#include "firmware.hpp"

namespace packrig::bms {

const Settings& Board::settings() const { return firmware_.settings; }

const Options& Board::options() const { return firmware_.options; }

bool Board::read_event(uint32_t age, Event& event) const {
  return bms::read_event(firmware_.store.log, firmware_.log, age, event);
}

int32_t Board::write(uint8_t register_number, int32_t value) {
  return bms::write(part_, firmware_, register_number, value);
}

int32_t Board::load_settings(const uint8_t* frame) {
  return load_frame(part_, static_cast<uint8_t>(firmware_.chemistry), firmware_.settings, frame, settings_length);
}

}  // namespace packrig::bms
