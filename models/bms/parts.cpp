// The parts of the family by name. A sibling is a constant in a file of its own and a row here.
#include "c_abi.hpp"
#include "part_b1a24s15p.hpp"
#include "part_b2a25srp.hpp"
#include "part_b2a8s20p.hpp"

namespace packrig::bms {
namespace {

struct PartRow {
  const char* name;
  const PackrigFirmwareApi* api;
};
constexpr PartRow part_rows[] = {
    {"B2A25SRP", &CAbi<b2a25srp>::api},
    {"B2A8S20P", &CAbi<b2a8s20p>::api},
    {"B1A24S15P", &CAbi<b1a24s15p>::api},
};

bool equal(const char* a, const char* b) {
  while (*a != '\0' && *a == *b) ++a, ++b;
  return *a == *b;
}

}  // namespace
}  // namespace packrig::bms

extern "C" const PackrigFirmwareApi* packrig_firmware_named(const char* part) {
  for (const packrig::bms::PartRow& row : packrig::bms::part_rows) {
    if (packrig::bms::equal(row.name, part)) return row.api;
  }
  return nullptr;
}
