/// \file
/// A function on a stack of its own that parks in the middle and is resumed later, so that a detection stays
/// plain blocking code under a simulated clock. It knows neither time nor order (event_loop.hpp does), and it
/// is the only file that knows Boost.Context and the sanitizers.
#pragma once

#include <cxxabi.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <exception>
#include <memory>
#include <utility>

#include <boost/context/fiber.hpp>
#include <boost/context/preallocated.hpp>
#include <boost/context/protected_fixedsize_stack.hpp>
#include <boost/context/stack_context.hpp>

#include <rushhour/config.hpp>
#include <rushhour/digest.hpp>

#if defined(__has_feature)  // clang
#if __has_feature(address_sanitizer)
#define RUSHHOUR_FIBER_ASAN 1
#endif
#if __has_feature(thread_sanitizer)
#define RUSHHOUR_FIBER_TSAN 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__)  // gcc
#define RUSHHOUR_FIBER_ASAN 1
#endif
#if defined(__SANITIZE_THREAD__)
#define RUSHHOUR_FIBER_TSAN 1
#endif
#if defined(RUSHHOUR_FIBER_ASAN)
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#endif
#if defined(RUSHHOUR_FIBER_TSAN)
#include <sanitizer/tsan_interface.h>
#endif

namespace rushhour::sim {

/// What a parked worker throws when the simulation ends: it unwinds the worker's stack so that destructors
/// run. It is no std::exception on purpose, so that a detection's `catch (const std::exception&)` lets it
/// through; whoever swallows it in `catch (...)` meets it again at the next call.
class Cancelled {};

namespace detail {

/// The exception bookkeeping of a thread: the layout of __cxa_eh_globals in the Itanium C++ ABI ("Exception
/// Handling", 2.2.2). Each fiber needs its own: parked inside a catch block, two fibers would otherwise push
/// and pop one common stack of caught exceptions, and `throw;` would rethrow the other's.
struct ExceptionState {
  void* caught{};
  unsigned uncaught{};
};

/// Installs `next` for this thread and returns what was there.
inline ExceptionState exchange_exceptions(const ExceptionState& next) {
  void* const globals = abi::__cxa_get_globals();
  ExceptionState before;
  std::memcpy(&before, globals, sizeof before);
  std::memcpy(globals, &next, sizeof next);
  return before;
}

/// What the sanitizers must hear about a switch of stacks. Without them it is empty and does nothing.
///
/// ASan is told by the side that leaves (start) and by the side that arrives (finish). TSan is told by the
/// resuming side alone, before and after: functions that are entered on one side of a jump and left on the
/// other then count on one and the same shadow stack.
class SanitizerView {
 public:
  explicit SanitizerView([[maybe_unused]] const boost::context::stack_context& stack) {
#if defined(RUSHHOUR_FIBER_ASAN)
    bottom_ = static_cast<const char*>(stack.sp) - stack.size;
    bytes_ = stack.size;
#endif
#if defined(RUSHHOUR_FIBER_TSAN)
    own_ = __tsan_create_fiber(0);
#endif
  }
  SanitizerView(const SanitizerView&) = delete;
  SanitizerView& operator=(const SanitizerView&) = delete;
#if defined(RUSHHOUR_FIBER_TSAN)
  ~SanitizerView() { __tsan_destroy_fiber(own_); }
#else
  ~SanitizerView() = default;
#endif

  /// Around Boost's own first jump, which prepares the stack.
  void before_creation() {
#if defined(RUSHHOUR_FIBER_TSAN)
    resumer_ = __tsan_get_current_fiber();
    __tsan_switch_to_fiber(own_, 0);
#endif
  }
  void after_creation() {
#if defined(RUSHHOUR_FIBER_TSAN)
    __tsan_switch_to_fiber(resumer_, 0);
#endif
  }
  void before_resume() {
#if defined(RUSHHOUR_FIBER_ASAN)
    __sanitizer_start_switch_fiber(&resumer_fake_stack_, bottom_, bytes_);
#endif
    before_creation();
  }
  void after_resume() {
    after_creation();
#if defined(RUSHHOUR_FIBER_ASAN)
    __sanitizer_finish_switch_fiber(resumer_fake_stack_, nullptr, nullptr);
#endif
  }
  /// The fiber has ended and its stack is unmapped. Frames that never return have left their marks there,
  /// which whoever maps the address next, another fiber or CPython, must not meet.
  void after_end() {
#if defined(RUSHHOUR_FIBER_ASAN)
    __asan_unpoison_memory_region(bottom_, bytes_);
#endif
  }
  void at_entry() {
#if defined(RUSHHOUR_FIBER_ASAN)
    __sanitizer_finish_switch_fiber(nullptr, &resumer_bottom_, &resumer_bytes_);
#endif
  }
  void before_park() {
#if defined(RUSHHOUR_FIBER_ASAN)
    __sanitizer_start_switch_fiber(&fake_stack_, resumer_bottom_, resumer_bytes_);
#endif
  }
  void after_park() {
#if defined(RUSHHOUR_FIBER_ASAN)
    __sanitizer_finish_switch_fiber(fake_stack_, &resumer_bottom_, &resumer_bytes_);
#endif
  }
  void at_end() {
#if defined(RUSHHOUR_FIBER_ASAN)
    __sanitizer_start_switch_fiber(nullptr, resumer_bottom_, resumer_bytes_);  // null: never comes back
#endif
  }

 private:
#if defined(RUSHHOUR_FIBER_ASAN)
  const void* bottom_{};
  std::size_t bytes_{};
  const void* resumer_bottom_{};
  std::size_t resumer_bytes_{};
  void* fake_stack_{};
  void* resumer_fake_stack_{};
#endif
#if defined(RUSHHOUR_FIBER_TSAN)
  void* own_{};
  void* resumer_{};
#endif
};

}  // namespace detail

/// One function on its own stack.
///
/// \code
///   Fiber fiber{[&] { order += "a"; fiber_park(); order += "b"; }};
///   fiber.resume();  // runs to the park: true
///   fiber.resume();  // runs to the end: false
/// \endcode
///
/// It ends in two ways only: its function returns, or cancel() makes park() throw Cancelled. It stays on the
/// thread that first resumed it. A destructor that parks when its scope ends normally must be
/// noexcept(false), or cancellation there calls std::terminate, as any exception would; during unwinding
/// park() never throws.
class Fiber {
 public:
  /// Virtual memory; the kernel backs what is touched, 4 to 8 KiB for most detections. Below it lies a guard
  /// page, so an overflow is a fault and not a silent overwrite. A guarded stack takes two memory mappings,
  /// of which Linux grants a process 65,530 by default (vm.max_map_count).
  static constexpr std::size_t default_stack_bytes = std::size_t{256} * 1024;
  /// How many fibers a process may have at a time, if nothing else maps much memory.
#if defined(RUSHHOUR_FIBER_TSAN)
  static constexpr std::size_t max_count =
      2'000;  // to ThreadSanitizer each is a thread with mappings of its own
#else
  static constexpr std::size_t max_count = 32'000;
#endif

  /// Takes the function; it first runs at the first resume(). Throws std::bad_alloc when no stack is left.
  template <class Function>
  explicit Fiber(Function function, std::size_t stack_bytes = default_stack_bytes)
      : Fiber(std::move(function), Stack{stack_bytes}) {}
  Fiber(const Fiber&) = delete;
  Fiber& operator=(const Fiber&) = delete;
  ~Fiber() { RUSHHOUR_ASSERT(done(), "a fiber that has not ended is destroyed: cancel() it first"); }

  /// Runs it until it parks (true) or ends (false). An exception that leaves its function, other than
  /// Cancelled, is thrown here, and the fiber has ended. From outside the fiber, or from inside another.
  bool resume() {
    RUSHHOUR_ASSERT(state_ == State::parked, "only a parked fiber can be resumed");
    state_ = State::running;
    const detail::ExceptionState resumers = detail::exchange_exceptions(exceptions_);
    sanitizers_.before_resume();
    context_ = std::move(context_).resume();
    sanitizers_.after_resume();
    exceptions_ = detail::exchange_exceptions(resumers);
    if (done()) sanitizers_.after_end();
    if (failure_) [[unlikely]]
      std::rethrow_exception(std::exchange(failure_, nullptr));
    return state_ != State::done;
  }

  /// From inside: returns control to whoever resumed it, until the next resume(). Throws Cancelled once
  /// cancel() was called, then and at every later call; while an exception unwinds the stack it returns at
  /// once instead, without parking, and the caller reports Outcome::cancelled.
  void park() {
    RUSHHOUR_ASSERT(state_ == State::running, "park() is called from inside the running fiber");
    if (!cancelled_) [[likely]] {
      state_ = State::parked;
      sanitizers_.before_park();
      resumer_ = std::move(resumer_).resume();
      sanitizers_.after_park();
      if (!cancelled_) [[likely]]
        return;
    }
    // The count is the fiber's own and was 0 at its entry; to throw from a destructor that unwinding runs
    // would end the process.
    if (std::uncaught_exceptions() == 0) throw Cancelled{};
  }

  /// Makes park() throw, and runs the fiber to its end. One that never ran does not start; one that has ended
  /// stays so. Throws as resume() does. A function that swallows Cancelled must return by itself.
  void cancel() {
    if (done()) return;
    cancelled_ = true;
    resume();
  }

  [[nodiscard]] bool done() const { return state_ == State::done; }
  [[nodiscard]] bool cancelled() const { return cancelled_; }

 private:
  enum class State : std::uint8_t { parked, running, done };

  /// A guarded stack, and the part of it that is used. All stacks begin on a page, so the hot tops of a
  /// thousand stacks would share a few sets of the cache; shifting each by 0 to 15 times 256 bytes spreads
  /// them over all (measured: a blocking call costs 8 % less at 100 workers, 5 % less at 1,000).
  struct Stack {
    explicit Stack(std::size_t bytes) : allocator(bytes), whole(allocator.allocate()) {}

    [[nodiscard]] boost::context::preallocated used() const {
      const std::size_t shift = mix(reinterpret_cast<std::uintptr_t>(whole.sp) >> 12) % 16 * 256;
      return {static_cast<char*>(whole.sp) - shift, whole.size - shift, whole};
    }

    boost::context::protected_fixedsize_stack allocator;
    boost::context::stack_context whole;
  };

  template <class Function>
  Fiber(Function function, const Stack& stack) : sanitizers_(stack.whole) {
    sanitizers_.before_creation();
    context_ =
        boost::context::fiber{std::allocator_arg, stack.used(), stack.allocator,
                              [this, body = std::move(function)](boost::context::fiber&& resumer) mutable {
                                resumer_ = std::move(resumer);
                                sanitizers_.at_entry();
                                run(body);
                                state_ = State::done;
                                sanitizers_.at_end();
                                return std::move(resumer_);
                              }};
    sanitizers_.after_creation();
  }

  /// What the function has captured is destroyed here, inside the fiber and, when it throws, as part of the
  /// unwinding.
  template <class Function>
  void run(Function& function) {
    try {
      Function body = std::move(function);
      if (cancelled_) throw Cancelled{};
      body();
    } catch (const Cancelled&) {
      // The way a worker ends when the simulation does.
    } catch (...) {
      failure_ = std::current_exception();
    }
  }

  boost::context::fiber context_{};  ///< of this fiber, while it is parked
  boost::context::fiber resumer_{};  ///< of whoever resumed it, while it runs
  detail::ExceptionState exceptions_{};
  std::exception_ptr failure_{};
  State state_{State::parked};
  bool cancelled_{};
  [[no_unique_address]] detail::SanitizerView sanitizers_;
};

}  // namespace rushhour::sim

#undef RUSHHOUR_FIBER_ASAN
#undef RUSHHOUR_FIBER_TSAN
