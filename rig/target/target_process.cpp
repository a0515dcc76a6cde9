#include "rig/target/target_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "rig/fault.hpp"

namespace packrig {

namespace {

constexpr rlim_t words_limit_bytes = 1 << 20;  // a target that babbles on stderr must not fill the memory
constexpr std::size_t words_shown_bytes = 300;

struct Pipe {
  OwnedFd out;
  OwnedFd in;
};

[[noreturn]] void give_up(const std::string& what) { throw BenchFault(what + ": " + std::strerror(errno)); }

Pipe make_pipe() {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) give_up("no pipe to a target");
  return {OwnedFd(ends[0]), OwnedFd(ends[1])};
}

void make_nonblocking(const OwnedFd& fd) { fcntl(fd.get(), F_SETFL, fcntl(fd.get(), F_GETFL) | O_NONBLOCK); }

// Between fork and exec: only what is safe after a fork of a program with threads. Ends in exec, or writes errno to
// `failure` and leaves.
[[noreturn]] void become(char* const* arguments, int in, int out, int words, int failure, pid_t parent) {
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(127);  // it ended before the line above took hold
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  // Python ignores these two, and what is ignored stays so across exec.
  signal(SIGPIPE, SIG_DFL);
  signal(SIGXFSZ, SIG_DFL);
  const rlimit words_limit = {words_limit_bytes, words_limit_bytes};
  setrlimit(RLIMIT_FSIZE, &words_limit);
  dup2(in, STDIN_FILENO);
  dup2(out, STDOUT_FILENO);
  dup2(words, STDERR_FILENO);
  // Everything else closes on exec, `failure` too: the rig reads its end as success.
  syscall(SYS_close_range, 3U, ~0U, 4U /* CLOSE_RANGE_CLOEXEC */);
  execvp(arguments[0], arguments);
  const int reason = errno;
  [[maybe_unused]] const ssize_t told = ::write(failure, &reason, sizeof reason);
  _exit(127);
}

}  // namespace

OwnedFd& OwnedFd::operator=(OwnedFd&& other) noexcept {
  std::swap(fd_, other.fd_);
  return *this;
}

void OwnedFd::reset() noexcept {
  if (fd_ >= 0) ::close(fd_);
  fd_ = -1;
}

TargetProcess::TargetProcess(const std::vector<std::string>& arguments) {
  Pipe to_child = make_pipe();
  Pipe from_child = make_pipe();
  Pipe failure = make_pipe();
  words_ = OwnedFd(memfd_create("words", MFD_CLOEXEC));
  if (words_.get() < 0) give_up("no memory for a target's words");

  std::vector<char*> pointers;
  for (const std::string& argument : arguments) pointers.push_back(const_cast<char*>(argument.c_str()));
  pointers.push_back(nullptr);

  const pid_t parent = getpid();
  pid_ = fork();
  if (pid_ < 0) give_up("cannot start '" + arguments.front() + "'");
  if (pid_ == 0) {
    become(pointers.data(), to_child.out.get(), from_child.in.get(), words_.get(), failure.in.get(), parent);
  }
  failure.in.reset();
  int reason = 0;
  const ssize_t told = ::read(failure.out.get(), &reason, sizeof reason);
  child_ = OwnedFd(static_cast<int>(syscall(SYS_pidfd_open, pid_, 0)));
  if (told > 0 || child_.get() < 0) {
    if (told <= 0) reason = errno;
    close();
    throw BenchFault("cannot start '" + arguments.front() + "': " + std::strerror(reason));
  }
  to_child_ = std::move(to_child.in);
  to_child_far_end_ = std::move(to_child.out);
  from_child_ = std::move(from_child.out);
  make_nonblocking(to_child_);
}

void TargetProcess::wait_for(int fd, short event, Deadline deadline) {
  for (;;) {
    const auto left = deadline - std::chrono::steady_clock::now();
    const auto left_ns = std::max<std::int64_t>(0, std::chrono::nanoseconds(left).count());
    const timespec left_s = {left_ns / 1'000'000'000, left_ns % 1'000'000'000};
    std::array<pollfd, 2> polled = {{{fd, event, 0}, {child_.get(), POLLIN, 0}}};
    const int ready = ppoll(polled.data(), polled.size(), &left_s, nullptr);
    if (ready < 0 && errno != EINTR) give_up("cannot wait for a target");
    if (ready < 0) continue;
    if ((polled[0].revents & event) != 0) return;
    if (polled[1].revents != 0) report_death();
    if (ready == 0) throw BenchFault("did not answer in time: it hangs or is late");
    // Only a hang-up is left: it closed the channel, and will end or let the deadline pass.
    std::array<pollfd, 1> ending = {{{child_.get(), POLLIN, 0}}};
    if (ppoll(ending.data(), ending.size(), &left_s, nullptr) == 0) throw BenchFault("closed the channel and lives on");
  }
}

void TargetProcess::report_death() {
  int status = 0;
  while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
  if (WIFSIGNALED(status)) {
    throw BenchFault(std::string("died by signal ") + std::to_string(WTERMSIG(status)) + " (" +
                     strsignal(WTERMSIG(status)) + ")");
  }
  throw BenchFault("ended with exit code " + std::to_string(WEXITSTATUS(status)));
}

void TargetProcess::write(std::span<const std::uint8_t> bytes, Deadline deadline) {
  while (!bytes.empty()) {
    const ssize_t put = ::write(to_child_.get(), bytes.data(), bytes.size());
    if (put >= 0) {
      bytes = bytes.subspan(static_cast<std::size_t>(put));
    } else if (errno == EAGAIN) {
      wait_for(to_child_.get(), POLLOUT, deadline);
    } else if (errno != EINTR) {
      give_up("cannot be written to");
    }
  }
}

std::size_t TargetProcess::read(std::span<std::uint8_t> bytes, Deadline deadline) {
  for (;;) {
    wait_for(from_child_.get(), POLLIN, deadline);
    const ssize_t got = ::read(from_child_.get(), bytes.data(), bytes.size());
    if (got > 0) return static_cast<std::size_t>(got);
    if (got < 0 && errno != EINTR) give_up("cannot be read from");
  }
}

void TargetProcess::close() noexcept {
  if (pid_ > 0) {
    kill(pid_, SIGKILL);
    while (waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
    }
  }
  pid_ = -1;
  to_child_.reset();
  to_child_far_end_.reset();
  from_child_.reset();
}

std::string TargetProcess::last_words() const {
  const off_t size = lseek(words_.get(), 0, SEEK_END);
  if (size <= 0) return {};
  const auto count = std::min<std::size_t>(static_cast<std::size_t>(size), words_shown_bytes);
  std::string words(count, ' ');
  const ssize_t got = pread(words_.get(), words.data(), count, size - static_cast<off_t>(count));
  words.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  while (!words.empty() && (words.back() == '\n' || words.back() == ' ')) words.pop_back();
  for (char& letter : words) {
    if (static_cast<unsigned char>(letter) < 0x20) letter = ' ';
  }
  return words;
}

}  // namespace packrig
