/* Calls to the emulator: Arm, "Semihosting for AArch32 and AArch64", 2.0; on M-profile by BKPT 0xAB. */
#ifndef PACKRIG_RIG_TARGET_CORTEX_M_SEMIHOSTING_H
#define PACKRIG_RIG_TARGET_CORTEX_M_SEMIHOSTING_H

#include <stdint.h>

#define SYS_OPEN 0x01
#define SYS_WRITE0 0x04
#define SYS_WRITE 0x05
#define SYS_READ 0x06
#define SYS_EXIT_EXTENDED 0x20

#define OPEN_READ_BINARY 1u  /* "rb" */
#define OPEN_WRITE_BINARY 5u /* "wb" */
#define APPLICATION_EXIT 0x20026u

static inline int32_t semihosting(int32_t operation, const void* argument) {
  register int32_t r0 __asm__("r0") = operation;
  register const void* r1 __asm__("r1") = argument;
  __asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
  return r0;
}

static inline int32_t semihosting_open(const char* path, uint32_t length, uint32_t mode) {
  const uint32_t arguments[3] = {(uint32_t)(uintptr_t)path, mode, length};
  return semihosting(SYS_OPEN, arguments);
}

/* Both return how many bytes were not moved. */
static inline uint32_t semihosting_read(int32_t file, void* bytes, uint32_t count) {
  const uint32_t arguments[3] = {(uint32_t)file, (uint32_t)(uintptr_t)bytes, count};
  return (uint32_t)semihosting(SYS_READ, arguments);
}

static inline uint32_t semihosting_write(int32_t file, const void* bytes, uint32_t count) {
  const uint32_t arguments[3] = {(uint32_t)file, (uint32_t)(uintptr_t)bytes, count};
  return (uint32_t)semihosting(SYS_WRITE, arguments);
}

static inline void semihosting_say(const char* text) { semihosting(SYS_WRITE0, text); }

__attribute__((noreturn)) static inline void semihosting_exit(int32_t code) {
  const uint32_t arguments[2] = {APPLICATION_EXIT, (uint32_t)code};
  for (;;) semihosting(SYS_EXIT_EXTENDED, arguments);
}

#endif
