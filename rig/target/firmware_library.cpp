#include "rig/target/firmware_library.hpp"

#include <dlfcn.h>

#include "models/errors.hpp"
#include "rig/fault.hpp"

namespace packrig {

FirmwareLibrary::FirmwareLibrary(const PackrigFirmwareApi* api, std::shared_ptr<void> handle, const std::string& where)
    : api_(api), handle_(std::move(handle)) {
  if (api_ == nullptr) throw BenchFault(where + " returns no firmware");
  if (api_->version != PACKRIG_AFE_VERSION) {
    throw BenchFault(where + " speaks AFE frame version " + std::to_string(api_->version) +
                     "; accepted: " + std::to_string(PACKRIG_AFE_VERSION));
  }
  if (api_->size == 0 || api_->size > 1U << 20U) {
    throw BenchFault(where + " wants " + std::to_string(api_->size) + " bytes of state; accepted: 1 .. 1048576");
  }
}

FirmwareLibrary FirmwareLibrary::linked(const std::string& part) {
  const PackrigFirmwareApi* const api = packrig_firmware_named(part.c_str());
  if (api == nullptr) throw BadInput("no simulated copy of part '" + part + "'; give its firmware as a file");
  return {api, nullptr, "the linked firmware"};
}

FirmwareLibrary FirmwareLibrary::load(const std::string& path) {
  // RTLD_LOCAL, and libraries built with hidden symbols: a mutant must not share code with the linked firmware.
  std::shared_ptr<void> handle(dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL), [](void* library) {
    if (library != nullptr) dlclose(library);
  });
  if (!handle) throw BenchFault("firmware '" + path + "' cannot be loaded: " + dlerror());
  void* const symbol = dlsym(handle.get(), "packrig_firmware");
  if (symbol == nullptr) throw BenchFault("firmware '" + path + "' exports no packrig_firmware");
  const auto entry = reinterpret_cast<const PackrigFirmwareApi* (*)()>(symbol);
  return {entry(), handle, "firmware '" + path + "'"};
}

}  // namespace packrig
