#include "interrupt.hpp"

#include <csignal>

namespace rushhour::cli {

namespace {

/// A signal handler reaches nothing but globals, and of these only what is lock-free.
std::atomic<bool> flag{false};  // NOLINT(cppcoreguidelines-avoid-non-const-global-variables)
static_assert(std::atomic<bool>::is_always_lock_free);

void on_interrupt(int /*signal*/) { flag.store(true, std::memory_order_relaxed); }

bool listen() {
  struct sigaction action {};
  action.sa_handler = on_interrupt;
  action.sa_flags = static_cast<int>(SA_RESETHAND | SA_RESTART);
  return sigaction(SIGINT, &action, nullptr) == 0;
}

}  // namespace

const std::atomic<bool>& interrupt_flag() {
  static const bool listening = listen();
  static_cast<void>(listening);
  return flag;
}

}  // namespace rushhour::cli
