/* A target that serves the firmware well up to some answer, then misbehaves. How and when is in the name that it is
 * started by: MODE_N, for example "hang_3" hangs instead of giving its third answer. */
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "rig/target/lockstep.h"

static const char* mode;
static unsigned long due; /* the answer that goes wrong, from 1 */
static unsigned long answers;

static int is(const char* name) {
  return answers == due && strncmp(mode, name, strlen(name)) == 0 && mode[strlen(name)] == '_';
}

static int read_all(void* context, void* bytes, uint32_t count) {
  (void)context;
  for (uint8_t* at = bytes; count > 0;) {
    const ssize_t got = read(STDIN_FILENO, at, count);
    if (got <= 0) return -1;
    at += got;
    count -= (uint32_t)got;
  }
  return 0;
}

static void put(const void* bytes, uint32_t count) {
  if (write(STDOUT_FILENO, bytes, count) != (ssize_t)count) exit(1);
}

static void sleep_ms(unsigned ms) { usleep(ms * 1000u); }

static int write_all(void* context, const void* bytes, uint32_t count) {
  (void)context;
  static uint8_t answer[8192];
  PackrigLockstepHeader header;
  memcpy(answer, bytes, count);
  memcpy(&header, bytes, sizeof header);
  if (header.magic != PACKRIG_LOCKSTEP_MAGIC) { /* a state, which follows its header in a write of its own */
    put(answer, count);
    return 0;
  }
  ++answers;
  if (is("exit")) {
    if (write(STDERR_FILENO, "out of order\n", 13) != 13) exit(1);
    exit(7);
  }
  if (is("crash")) {
    signal(SIGSEGV, SIG_DFL);  // a sanitizer would turn the signal into an exit code
    raise(SIGSEGV);
  }
  if (is("hang")) {
    for (;;) pause();
  }
  if (is("late")) sleep_ms(1500);
  if (is("garbage")) memset(answer, 0xA5, count);
  if (is("crc")) answer[count - 1] ^= 0x10u;
  if (is("version")) header.version = 2;
  if (is("sequence")) header.sequence += 5;
  if (is("kind")) header.kind ^= 1u;
  if (is("huge")) header.length = 0x40000000u;
  if (is("version") || is("sequence") || is("kind") || is("huge")) memcpy(answer, &header, sizeof header);
  if (is("half")) {
    put(answer, count / 2);
    for (;;) pause();
  }
  if (is("flood")) {
    memset(answer, 0, sizeof answer);
    for (;;) put(answer, sizeof answer);
  }
  if (is("babble")) {
    for (;;) {
      if (write(STDERR_FILENO, "la la la la la \n", 16) != 16) exit(1);
    }
  }
  if (is("close")) {
    close(STDOUT_FILENO);
    for (;;) pause();
  }
  if (is("twice")) { /* in one piece */
    memcpy(answer + count, answer, count);
    count *= 2;
  }
  put(answer, count);
  if (is("again")) {
    sleep_ms(50);
    put(answer, count);
  }
  return 0;
}

int main(int count, char** arguments) {
  (void)count;
  static PackrigLockstepBuffers buffers;
  const PackrigLockstepChannel channel = {read_all, write_all, 0};
  const char* const slash = strrchr(arguments[0], '/');
  mode = slash ? slash + 1 : arguments[0];
  due = strtoul(strrchr(mode, '_') + 1, 0, 10);
  PackrigFirmwareApi api = *packrig_firmware();
  if (strncmp(mode, "afe_", 4) == 0) api.version = 9;
  if (strncmp(mode, "stateless_", 10) == 0) api.size = 0;
  void* const state = calloc(1, 1 << 16);
  return packrig_lockstep_serve(&api, state, &channel, 0, &buffers);
}
