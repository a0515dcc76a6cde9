/* The lockstep frame: how a rig runs a firmware that lives behind a byte channel. README.md tells how to use it.
 *
 * The rig asks, the target answers, one frame each way; between two requests no time passes for the firmware, however
 * slow the target is. Every frame is a header and `length` bytes of payload, little-endian, without padding.
 */
#ifndef PACKRIG_RIG_TARGET_LOCKSTEP_H
#define PACKRIG_RIG_TARGET_LOCKSTEP_H

#include <stdint.h>

#include "models/bms/afe_frame.h"
#include "models/bms/firmware_api.h"

#ifdef __cplusplus
extern "C" {
#endif

#define PACKRIG_LOCKSTEP_MAGIC 0x534C5250u /* the bytes "PRLS" */
#define PACKRIG_LOCKSTEP_VERSION 1u
#define PACKRIG_LOCKSTEP_REPLY 0x80u /* added to a request's kind in its reply */
#define PACKRIG_LOCKSTEP_NAME_BYTES 56u
#define PACKRIG_LOCKSTEP_SETTINGS_BYTES 1024u /* longest payload of LOAD_SETTINGS */
#define PACKRIG_LOCKSTEP_UNMEASURED 0xFFFFFFFFu

enum PackrigLockstepKind {
  PACKRIG_LOCKSTEP_HELLO = 1,         /* - -> PackrigLockstepHello */
  PACKRIG_LOCKSTEP_INIT = 2,          /* PackrigLockstepInit -> - (result: of init) */
  PACKRIG_LOCKSTEP_STEP = 3,          /* used part of PackrigAfeCodes -> used part of PackrigAfeCommands */
  PACKRIG_LOCKSTEP_WRITE = 4,         /* PackrigLockstepRegister -> - (result: of write) */
  PACKRIG_LOCKSTEP_READ = 5,          /* PackrigLockstepRegister -> PackrigLockstepRegister (result: of read) */
  PACKRIG_LOCKSTEP_LOAD_SETTINGS = 6, /* the settings frame -> - (result: of load_settings) */
  PACKRIG_LOCKSTEP_GET_STATE = 7,     /* - -> the whole state */
  PACKRIG_LOCKSTEP_SET_STATE = 8,     /* the whole state -> - */
  PACKRIG_LOCKSTEP_REPORT = 9,        /* - -> PackrigLockstepReport */
  PACKRIG_LOCKSTEP_BYE = 10,          /* - -> -, then the target ends */
  PACKRIG_LOCKSTEP_RESTART = 11,      /* - -> - */
  PACKRIG_LOCKSTEP_REFUSED = 127      /* only as a reply (255): PackrigLockstepReason in result, then the target ends */
};

/* Why a target stops serving. */
enum PackrigLockstepReason {
  PACKRIG_LOCKSTEP_ENDED = 0,       /* by BYE */
  PACKRIG_LOCKSTEP_CHANNEL = 1,     /* the channel ended or broke; nobody is there to be told */
  PACKRIG_LOCKSTEP_BAD_MAGIC = 2,   /* not a frame */
  PACKRIG_LOCKSTEP_BAD_VERSION = 3, /* the reply's header carries the target's own version */
  PACKRIG_LOCKSTEP_BAD_LENGTH = 4,  /* of this kind's payload */
  PACKRIG_LOCKSTEP_BAD_KIND = 5,
  PACKRIG_LOCKSTEP_BAD_CRC = 6
};

/* Magic and version keep their places in every version of the frame, so that a mismatch can always be named. */
typedef struct {
  uint32_t magic;
  uint16_t version;
  uint8_t kind;
  uint8_t reserved;  /* 0 */
  uint32_t sequence; /* any number, one more with each request; the reply repeats it */
  uint32_t length;   /* bytes of payload */
  int32_t result;    /* 0 in a request; in a reply a PackrigWriteResult, or why it is REFUSED */
  uint32_t crc;      /* CRC-32 (IEEE 802.3, as of zip) over the 20 bytes before it, then the payload */
} PackrigLockstepHeader;

typedef struct {
  uint32_t afe_version;                   /* PACKRIG_AFE_VERSION that the firmware was built with */
  uint32_t state_size;                    /* bytes */
  char name[PACKRIG_LOCKSTEP_NAME_BYTES]; /* of part and firmware, ASCII, ends with 0 */
} PackrigLockstepHello;

typedef struct {
  uint8_t chemistry; /* 0 LFP, 1 Li-ion, 2 LTO */
  uint8_t cell_count;
  uint8_t reserved[2];
} PackrigLockstepInit;

typedef struct {
  uint8_t register_number;
  uint8_t reserved[3];
  int32_t value; /* 0 in a READ request */
} PackrigLockstepRegister;

/* What a target knows of itself since it started; PACKRIG_LOCKSTEP_UNMEASURED where it does not. */
typedef struct {
  uint32_t steps;
  uint32_t step_instructions;     /* of the last STEP, the firmware's step alone */
  uint32_t step_instructions_max; /* the longest so far */
  uint32_t stack_bytes;           /* reserved for the stack */
  uint32_t stack_used_bytes;      /* its high-water mark */
} PackrigLockstepReport;

/* ---- The target's side. lockstep.c needs no library but memcpy and memset. */

/* Both move exactly `count` bytes, waiting as long as it takes, and return 0; anything else ends the service. */
typedef struct {
  int (*read)(void* context, void* bytes, uint32_t count);
  int (*write)(void* context, const void* bytes, uint32_t count);
  void* context;
} PackrigLockstepChannel;

/* Optional: a member that is 0 is reported as unmeasured. */
typedef struct {
  void (*start_count)(void);
  uint32_t (*counted_instructions)(void); /* since start_count; both or none */
  uint32_t (*stack_used_bytes)(void);
  uint32_t stack_bytes;
} PackrigLockstepProbes;

typedef struct {
  PackrigLockstepHeader header;
  union {
    PackrigAfeCodes codes;
    PackrigLockstepInit init;
    PackrigLockstepRegister reg;
    uint8_t bytes[PACKRIG_LOCKSTEP_SETTINGS_BYTES];
  } payload;
} PackrigLockstepRequest;

typedef struct {
  PackrigLockstepHeader header;
  union {
    PackrigAfeCommands commands;
    PackrigLockstepHello hello;
    PackrigLockstepRegister reg;
    PackrigLockstepReport report;
  } payload;
} PackrigLockstepAnswer;

/* All memory that the service needs, given by the caller: 8.2 KiB, best static. */
typedef struct {
  PackrigLockstepRequest request;
  PackrigLockstepAnswer answer;
} PackrigLockstepBuffers;

/* Answers requests until BYE, until the channel ends, or until a frame must be refused. `state` has api->size bytes,
 * aligned to 16; `probes` may be 0. Returns a PackrigLockstepReason. */
int32_t packrig_lockstep_serve(const PackrigFirmwareApi* api, void* state, const PackrigLockstepChannel* channel,
                               const PackrigLockstepProbes* probes, PackrigLockstepBuffers* buffers);

#ifdef __cplusplus
}
#endif
#endif
