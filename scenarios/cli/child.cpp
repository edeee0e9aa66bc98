#include "child.hpp"

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>

namespace rushhour::cli {

namespace {

/// Those that people and CI send to a command that runs.
constexpr std::array passed_on{SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2, SIGCONT};

sigset_t awaited_signals() {
  sigset_t out;
  sigemptyset(&out);
  for (const int signal : passed_on) sigaddset(&out, signal);
  sigaddset(&out, SIGCHLD);
  return out;
}

std::vector<char*> pointers_to(const std::vector<std::string>& texts) {
  std::vector<char*> out;
  out.reserve(texts.size() + 1);
  for (const std::string& text : texts) out.push_back(const_cast<char*>(text.c_str()));  // as POSIX has it
  out.push_back(nullptr);
  return out;
}

/// What a shell says for the way in which a command ended.
int exit_code_of(int status) { return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status); }

}  // namespace

void block_signals_for_child() {
  const sigset_t awaited = awaited_signals();
  pthread_sigmask(SIG_BLOCK, &awaited, nullptr);
}

int run_child(const std::vector<std::string>& command, const std::vector<std::string>& environment) {
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
  pid_t child = 0;
  const int error = posix_spawnp(&child, command.front().c_str(), nullptr, &attributes,
                                 pointers_to(command).data(), pointers_to(environment).data());
  posix_spawnattr_destroy(&attributes);
  if (error != 0) {
    std::fprintf(stderr, "rushhour: cannot run %s: %s\n", command.front().c_str(), std::strerror(error));
    return error == ENOENT ? 127 : 126;
  }
  const sigset_t awaited = awaited_signals();
  for (;;) {
    siginfo_t info{};
    const int signal = sigwaitinfo(&awaited, &info);
    if (signal < 0) continue;  // EINTR
    if (signal != SIGCHLD) {
      // What the terminal sends (SI_KERNEL), it sends to the command too.
      if (info.si_code != SI_KERNEL) ::kill(child, signal);
      continue;
    }
    int status = 0;
    const pid_t ended = ::waitpid(child, &status, WNOHANG);
    if (ended == child || (ended < 0 && errno == ECHILD)) return exit_code_of(status);
  }
}

}  // namespace rushhour::cli
