/// \file
/// Which thread state PyGILState_Ensure() takes for the running one. Extension modules call it (awscrt does,
/// and ctypes for callbacks), and CPython before 3.12 knows one state a system thread there: the one that was
/// first.
#pragma once

#include <rushhour/panther/detail/cpython.hpp>

#include <limits.h>
#include <pthread.h>

#include <rushhour/config.hpp>

namespace rushhour::panther::detail {

/// Lets PyGILState_Ensure() see the state that runs. Otherwise it would wait for CPython's lock with another,
/// and, the lock being this very thread's, for ever.
class GilState {
 public:
  /// On a thread that has a state there; none when it has not.
  GilState() {
#if PY_VERSION_HEX < 0x030c0000
    // CPython keeps the state under a key that it does not tell: the one whose value is what its function
    // answers.
    void* const known = PyGILState_GetThisThreadState();
    for (pthread_key_t key = 0; known != nullptr && key < PTHREAD_KEYS_MAX; ++key) {
      if (pthread_getspecific(key) != known) continue;
      pthread_setspecific(key, nullptr);
      found_ = PyGILState_GetThisThreadState() == nullptr;
      pthread_setspecific(key, known);
      if (!found_) continue;
      key_ = key;
      return;
    }
    RUSHHOUR_ASSERT(known == nullptr, "CPython keeps its thread state where it was not looked for");
#endif
  }

  /// From now on it is this one; null outside Python.
  void follow([[maybe_unused]] PyThreadState* state) const {
#if PY_VERSION_HEX < 0x030c0000
    if (found_) pthread_setspecific(key_, state);
#endif
  }

 private:
#if PY_VERSION_HEX < 0x030c0000
  pthread_key_t key_{};
  bool found_{};
#endif
};

}  // namespace rushhour::panther::detail
