#include "board.hpp"

#include "firmware.hpp"

namespace packrig::bms {

const Settings& Board::settings() const { return firmware_.settings; }

int32_t Board::write(uint8_t register_number, int32_t value) {
  return bms::write(part_, firmware_, register_number, value);
}

}  // namespace packrig::bms
