#include "rig/target/lockstep.h"

#include <stddef.h>
#include <string.h>

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "the frame is little-endian: a big-endian target must swap every member, also of the AFE structs"
#endif

_Static_assert(sizeof(PackrigLockstepHeader) == 24, "no padding");
_Static_assert(sizeof(PackrigLockstepHello) == 64, "no padding");
_Static_assert(sizeof(PackrigLockstepReport) == 20, "no padding");
_Static_assert(sizeof(PackrigBusByte) == 8, "no padding");
_Static_assert(offsetof(PackrigAfeCodes, bus) == 88, "no padding");
_Static_assert(offsetof(PackrigAfeCommands, bus) == 40, "no padding");

/* Half a byte at a time: a table of 16 words is small and five times as fast as bit by bit. */
static uint32_t crc_continued(uint32_t crc, const void* data, uint32_t count) {
  static const uint32_t of_nibble[16] = {0x00000000, 0x1DB71064, 0x3B6E20C8, 0x26D930AC, 0x76DC4190, 0x6B6B51F4,
                                         0x4DB26158, 0x5005713C, 0xEDB88320, 0xF00F9344, 0xD6D6A3E8, 0xCB61B38C,
                                         0x9B64C2B0, 0x86D3D2D4, 0xA00AE278, 0xBDBDF21C};
  const uint8_t* const bytes = data;
  for (uint32_t i = 0; i < count; ++i) {
    crc ^= bytes[i];
    crc = (crc >> 4) ^ of_nibble[crc & 0xFu];
    crc = (crc >> 4) ^ of_nibble[crc & 0xFu];
  }
  return crc;
}

static uint32_t crc_of(const PackrigLockstepHeader* header, const void* payload) {
  const uint32_t crc = crc_continued(0xFFFFFFFFu, header, offsetof(PackrigLockstepHeader, crc));
  return ~crc_continued(crc, payload, header->length);
}

typedef struct {
  const PackrigFirmwareApi* api;
  void* state;
  const PackrigLockstepChannel* channel;
  const PackrigLockstepProbes* probes;
  PackrigLockstepBuffers* buffers;
  PackrigLockstepReport report;
} Service;

/* The request's header and payload; the payload of SET_STATE goes straight into the state, which may be long. */
static int32_t receive(Service* service) {
  PackrigLockstepRequest* const request = &service->buffers->request;
  PackrigLockstepHeader* const header = &request->header;
  const PackrigLockstepChannel* const channel = service->channel;
  if (channel->read(channel->context, header, sizeof *header) != 0) return PACKRIG_LOCKSTEP_CHANNEL;
  if (header->magic != PACKRIG_LOCKSTEP_MAGIC) return PACKRIG_LOCKSTEP_BAD_MAGIC;
  if (header->version != PACKRIG_LOCKSTEP_VERSION) return PACKRIG_LOCKSTEP_BAD_VERSION;

  uint32_t least = 0;
  uint32_t most = 0;
  void* payload = &request->payload;
  switch (header->kind) {
    case PACKRIG_LOCKSTEP_HELLO:
    case PACKRIG_LOCKSTEP_GET_STATE:
    case PACKRIG_LOCKSTEP_REPORT:
    case PACKRIG_LOCKSTEP_BYE:
    case PACKRIG_LOCKSTEP_RESTART:
      break;
    case PACKRIG_LOCKSTEP_INIT:
      least = most = sizeof(PackrigLockstepInit);
      break;
    case PACKRIG_LOCKSTEP_STEP:
      least = offsetof(PackrigAfeCodes, bus);
      most = least + PACKRIG_AFE_BUS_BYTES * sizeof(PackrigBusByte);
      break;
    case PACKRIG_LOCKSTEP_WRITE:
    case PACKRIG_LOCKSTEP_READ:
      least = most = sizeof(PackrigLockstepRegister);
      break;
    case PACKRIG_LOCKSTEP_LOAD_SETTINGS:
      most = PACKRIG_LOCKSTEP_SETTINGS_BYTES;
      break;
    case PACKRIG_LOCKSTEP_SET_STATE:
      least = most = (uint32_t)service->api->size;
      payload = service->state;
      break;
    default:
      return PACKRIG_LOCKSTEP_BAD_KIND;
  }
  if (header->length < least || header->length > most) return PACKRIG_LOCKSTEP_BAD_LENGTH;
  if (header->length > 0 && channel->read(channel->context, payload, header->length) != 0) {
    return PACKRIG_LOCKSTEP_CHANNEL;
  }
  if (header->crc != crc_of(header, payload)) return PACKRIG_LOCKSTEP_BAD_CRC;
  if (header->kind == PACKRIG_LOCKSTEP_STEP &&
      header->length != least + request->payload.codes.bus_count * sizeof(PackrigBusByte)) {
    return PACKRIG_LOCKSTEP_BAD_LENGTH;
  }
  return PACKRIG_LOCKSTEP_ENDED;
}

static uint32_t step(Service* service) {
  PackrigLockstepBuffers* const buffers = service->buffers;
  PackrigLockstepReport* const report = &service->report;
  PackrigAfeCommands* const commands = &buffers->answer.payload.commands;
  const PackrigLockstepProbes* const probes = service->probes;
  const int counts = probes && probes->start_count && probes->counted_instructions;
  if (counts) probes->start_count();
  service->api->step(service->state, &buffers->request.payload.codes, commands);
  report->steps += 1;
  if (counts) {
    report->step_instructions = probes->counted_instructions();
    if (report->steps == 1 || report->step_instructions > report->step_instructions_max) {
      report->step_instructions_max = report->step_instructions;
    }
  }
  if (commands->bus_count > PACKRIG_AFE_BUS_BYTES) commands->bus_count = PACKRIG_AFE_BUS_BYTES;
  return (uint32_t)(offsetof(PackrigAfeCommands, bus) + commands->bus_count * sizeof(PackrigBusByte));
}

static uint32_t hello(const Service* service) {
  PackrigLockstepHello* const out = &service->buffers->answer.payload.hello;
  memset(out, 0, sizeof *out);
  out->afe_version = service->api->version;
  out->state_size = (uint32_t)service->api->size;
  for (uint32_t i = 0; i + 1 < PACKRIG_LOCKSTEP_NAME_BYTES && service->api->name[i] != 0; ++i) {
    out->name[i] = service->api->name[i];
  }
  return sizeof *out;
}

static uint32_t report(const Service* service) {
  PackrigLockstepReport* const out = &service->buffers->answer.payload.report;
  memcpy(out, &service->report, sizeof *out);
  if (service->probes && service->probes->stack_used_bytes) {
    out->stack_bytes = service->probes->stack_bytes;
    out->stack_used_bytes = service->probes->stack_used_bytes();
  }
  return sizeof *out;
}

/* Does what the request asks; fills the answer's payload, result and length. Returns what to send as payload. */
static const void* answer(Service* service) {
  const PackrigFirmwareApi* const api = service->api;
  const PackrigLockstepRequest* const request = &service->buffers->request;
  PackrigLockstepAnswer* const out = &service->buffers->answer;
  const PackrigLockstepRegister reg = request->payload.reg;
  switch (request->header.kind) {
    case PACKRIG_LOCKSTEP_HELLO:
      out->header.length = hello(service);
      break;
    case PACKRIG_LOCKSTEP_INIT:
      out->header.result = api->init(service->state, request->payload.init.chemistry, request->payload.init.cell_count);
      break;
    case PACKRIG_LOCKSTEP_RESTART:
      api->restart(service->state);
      break;
    case PACKRIG_LOCKSTEP_STEP:
      out->header.length = step(service);
      break;
    case PACKRIG_LOCKSTEP_WRITE:
      out->header.result = api->write(service->state, reg.register_number, reg.value);
      break;
    case PACKRIG_LOCKSTEP_READ:
      out->payload.reg = reg;
      out->header.result = api->read(service->state, reg.register_number, &out->payload.reg.value);
      out->header.length = sizeof(PackrigLockstepRegister);
      break;
    case PACKRIG_LOCKSTEP_LOAD_SETTINGS:
      out->header.result = api->load_settings(service->state, request->payload.bytes, request->header.length);
      break;
    case PACKRIG_LOCKSTEP_GET_STATE:
      out->header.length = (uint32_t)api->size;
      return service->state;
    case PACKRIG_LOCKSTEP_REPORT:
      out->header.length = report(service);
      break;
    default: /* SET_STATE and BYE are done by being received */
      break;
  }
  return &out->payload;
}

static int send(const Service* service, const void* payload) {
  const PackrigLockstepChannel* const channel = service->channel;
  PackrigLockstepAnswer* const out = &service->buffers->answer;
  out->header.crc = crc_of(&out->header, payload);
  if (payload == &out->payload) { /* adjoining: one write, which on an emulated board is most of the cost */
    return channel->write(channel->context, out, (uint32_t)sizeof out->header + out->header.length);
  }
  const int broken = channel->write(channel->context, &out->header, sizeof out->header);
  return broken ? broken : channel->write(channel->context, payload, out->header.length);
}

int32_t packrig_lockstep_serve(const PackrigFirmwareApi* api, void* state, const PackrigLockstepChannel* channel,
                               const PackrigLockstepProbes* probes, PackrigLockstepBuffers* buffers) {
  Service service = {api,
                     state,
                     channel,
                     probes,
                     buffers,
                     {0, PACKRIG_LOCKSTEP_UNMEASURED, PACKRIG_LOCKSTEP_UNMEASURED, PACKRIG_LOCKSTEP_UNMEASURED,
                      PACKRIG_LOCKSTEP_UNMEASURED}};
  for (;;) {
    const int32_t reason = receive(&service);
    if (reason == PACKRIG_LOCKSTEP_CHANNEL) return reason;
    const PackrigLockstepHeader* const request = &buffers->request.header;
    const uint8_t kind = reason == PACKRIG_LOCKSTEP_ENDED ? request->kind : PACKRIG_LOCKSTEP_REFUSED;
    const PackrigLockstepHeader header = {PACKRIG_LOCKSTEP_MAGIC,
                                          PACKRIG_LOCKSTEP_VERSION,
                                          (uint8_t)(kind | PACKRIG_LOCKSTEP_REPLY),
                                          0,
                                          request->sequence,
                                          0,
                                          reason,
                                          0};
    buffers->answer.header = header;
    const void* payload = &buffers->answer.payload;
    if (reason == PACKRIG_LOCKSTEP_ENDED) payload = answer(&service);
    if (send(&service, payload) != 0) return PACKRIG_LOCKSTEP_CHANNEL;
    if (reason != PACKRIG_LOCKSTEP_ENDED || kind == PACKRIG_LOCKSTEP_BYE) return reason;
  }
}
