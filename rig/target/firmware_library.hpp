// A firmware behind the C ABI of models/bms/firmware_api.h: the one linked in, or one from a shared library.
#pragma once

#include <memory>
#include <string>

#include "models/bms/firmware_api.h"

namespace packrig {

inline constexpr const char* default_part = "B2A25SRP";

class FirmwareLibrary {
 public:
  // The simulated copy of a part that packrig is linked with. Throws BadInput when there is none of that name.
  static FirmwareLibrary linked(const std::string& part = default_part);
  // Loads `path`. Throws BenchFault when it cannot be loaded, exports no packrig_firmware, or was built for another
  // version of the AFE frame (both versions are named).
  static FirmwareLibrary load(const std::string& path);

  const PackrigFirmwareApi& api() const { return *api_; }

 private:
  FirmwareLibrary(const PackrigFirmwareApi* api, std::shared_ptr<void> handle, const std::string& where);

  const PackrigFirmwareApi* api_;
  std::shared_ptr<void> handle_;  // keeps the library mapped; empty when linked
};

}  // namespace packrig
