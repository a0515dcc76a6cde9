/* The simulated firmware as a Linux process: lockstep frames over standard input and output. */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "rig/target/lockstep.h"

static int read_all(void* context, void* bytes, uint32_t count) {
  (void)context;
  uint8_t* at = bytes;
  while (count > 0) {
    const ssize_t got = read(STDIN_FILENO, at, count);
    if (got == 0 || (got < 0 && errno != EINTR)) return -1;
    if (got < 0) continue;
    at += got;
    count -= (uint32_t)got;
  }
  return 0;
}

static int write_all(void* context, const void* bytes, uint32_t count) {
  (void)context;
  const uint8_t* at = bytes;
  while (count > 0) {
    const ssize_t put = write(STDOUT_FILENO, at, count);
    if (put < 0 && errno != EINTR) return -1;
    if (put < 0) continue;
    at += put;
    count -= (uint32_t)put;
  }
  return 0;
}

int main(void) {
  static PackrigLockstepBuffers buffers;
  const PackrigLockstepChannel channel = {read_all, write_all, 0};
  const PackrigFirmwareApi* const api = packrig_firmware();
  void* const state = aligned_alloc(16, (api->size + 15U) / 16U * 16U);
  if (state == 0) return 1;
  memset(state, 0, api->size);
  const int32_t reason = packrig_lockstep_serve(api, state, &channel, 0, &buffers);
  free(state);
  return reason;
}
