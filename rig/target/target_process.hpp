// A target as a child process: frames over its standard input and output (pipes), last words from its standard error.
//
// Whatever happens, nothing is left running: the child is killed and reaped by close() and by the destructor, and the
// kernel kills it when the thread that started it ends (PR_SET_PDEATHSIG; so a thread that makes sessions must outlive
// them). It has a process group of its own, so that Ctrl-C reaches the rig alone, and no file of the rig's but its own.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "rig/target/byte_channel.hpp"

namespace packrig {

// A file descriptor that is closed when it goes out of scope.
class OwnedFd {
 public:
  OwnedFd() = default;
  explicit OwnedFd(int fd) : fd_(fd) {}
  OwnedFd(OwnedFd&& other) noexcept : fd_(other.fd_) { other.fd_ = -1; }
  OwnedFd& operator=(OwnedFd&& other) noexcept;
  ~OwnedFd() { reset(); }

  int get() const { return fd_; }
  void reset() noexcept;

 private:
  int fd_ = -1;
};

class TargetProcess final : public ByteChannel {
 public:
  // Starts `arguments`, the first being the program (a path, or a name looked for on PATH). Throws BenchFault naming
  // it when it cannot be started.
  explicit TargetProcess(const std::vector<std::string>& arguments);
  ~TargetProcess() override { close(); }
  TargetProcess(const TargetProcess&) = delete;
  TargetProcess& operator=(const TargetProcess&) = delete;

  void write(std::span<const std::uint8_t> bytes, Deadline deadline) override;
  std::size_t read(std::span<std::uint8_t> bytes, Deadline deadline) override;
  void close() noexcept override;
  std::string last_words() const override;

  // -1 after close().
  pid_t pid() const { return pid_; }

 private:
  void wait_for(int fd, short event, Deadline deadline);
  [[noreturn]] void report_death();

  OwnedFd to_child_;
  // The child's end of the pipe to it stays open here too: a dead child is then found by its pidfd, not by SIGPIPE.
  OwnedFd to_child_far_end_;
  OwnedFd from_child_;
  OwnedFd words_;
  OwnedFd child_;  // pidfd: readable once the child has ended
  pid_t pid_ = -1;
};

}  // namespace packrig
