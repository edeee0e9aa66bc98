/// \file
/// A container's own thread of Python: its frames, its exceptions, its depth of recursion and its context
/// variables, so that a rule may park in the middle while others run. It is no thread of the operating
/// system, and which rules it runs is not its business.
///
/// All run on the one system thread of the event loop, one fiber each, and take turns as system threads
/// would: who enters takes CPython's lock with its own thread state (Inside), who may park gives it back
/// (Outside). Locks of Python's own (threading.Lock) know nothing of that: who parks while he holds one that
/// another rule waits for stops the program, as two waits on one thread do.
#pragma once

#include <rushhour/panther/object.hpp>
#include <rushhour/panther/python_host.hpp>

#include <cstddef>
#include <exception>
#include <string>
#include <utility>
#include <vector>

#include <rushhour/config.hpp>
#include <rushhour/panther/detail/python_state.hpp>

namespace rushhour::detect {
class Context;
}

namespace rushhour::panther {

namespace detail {

/// One address a type, to tell attachments apart.
template <class T>
inline constexpr char attachment_key{};

/// Makes pending in Python what is being caught in C++.
void raise_in_python() noexcept;

}  // namespace detail

class PythonThread {
 public:
  /// What a fiber needs that runs Python: pass it to EventLoopOptions. Measured with CPython 3.11: calls from
  /// Python to Python take nothing of it; `import boto3` takes 55 KiB and a call of botocore 16; recursion up
  /// to Python's limit of 1,000 takes 450 KiB through json or list(map()), 750 through __getattr__, and only
  /// where each level is a sort within a sort, 2.5 MiB, which faults. More would invite Linux to back each
  /// stack with a huge page of 2 MiB.
  static constexpr std::size_t stack_bytes = std::size_t{1} << 20;

  /// Outside Python.
  explicit PythonThread(PythonHost& host);
  PythonThread(const PythonThread&) = delete;
  PythonThread& operator=(const PythonThread&) = delete;
  /// Outside Python.
  ~PythonThread();

  /// The thread that runs now; null outside Python.
  [[nodiscard]] static PythonThread* current();

  [[nodiscard]] PythonHost& host() const { return host_; }
  /// What a rule's calls go through; null while no rule runs.
  [[nodiscard]] detect::Context* context() const { return context_; }
  void set_context(detect::Context* context) { context_ = context; }

  /// Something else that hooks find again, one of each type. It outlives the thread, or is replaced; null
  /// takes it away.
  template <class T>
  void attach(T* object) {
    attach(&detail::attachment_key<T>, object);
  }
  /// Null when nothing was attached.
  template <class T>
  [[nodiscard]] T* attached() const {
    return static_cast<T*>(attached(&detail::attachment_key<T>));
  }

  /// Makes an interruption pending: Python unwinds, and where C++ is reached again `exception` is thrown as
  /// it was. Inside this thread. A rule that swallows it meets it again when it next waits or calls; one that
  /// swallows it ten thousand times would never end, and ends the process with a message.
  void interrupt(Interruption kind, std::exception_ptr exception);

 private:
  friend class Inside;
  friend class Outside;

  /// Takes CPython's lock, and gives it back.
  void take() {
    host_.gil_state_->follow(state_);
    PyEval_RestoreThread(state_);
  }
  void leave() {
    static_cast<void>(PyEval_SaveThread());
    host_.gil_state_->follow(nullptr);
  }

  void attach(const void* key, void* object);
  [[nodiscard]] void* attached(const void* key) const;

  PythonHost& host_;
  PyThreadState* state_{};
  detect::Context* context_{};
  std::vector<std::pair<const void*, void*>> attachments_;
  int swallowed_{};  ///< interruptions since it was entered that did not reach C++
};

/// In its scope the thread runs Python. Within itself it does nothing, so that a hook may call a function
/// that enters. The scope must not park: see Outside.
class Inside {
 public:
  explicit Inside(PythonThread& thread)
      : entered_(detail::current_state() == thread.state_ ? nullptr : &thread) {
    if (entered_ == nullptr) return;
    RUSHHOUR_ASSERT(detail::current_state() == nullptr, "another thread of Python has not been left");
    thread.swallowed_ = 0;
    thread.take();
  }
  Inside(const Inside&) = delete;
  Inside& operator=(const Inside&) = delete;
  ~Inside() {
    if (entered_ == nullptr) return;
    RUSHHOUR_ASSERT(PyErr_Occurred() == nullptr,
                    "Python is left with an exception that nobody has looked at");
    entered_->leave();
  }

 private:
  PythonThread* entered_;  ///< null: it was inside before
};

/// In its scope the running thread has left Python, for a call that may park its fiber. Nothing of Python may
/// be touched.
class Outside {
 public:
  Outside() : thread_(PythonThread::current()) {
    RUSHHOUR_ASSERT(thread_ != nullptr, "only a PythonThread that runs can leave Python");
    thread_->leave();
  }
  Outside(const Outside&) = delete;
  Outside& operator=(const Outside&) = delete;
  ~Outside() { thread_->take(); }

 private:
  PythonThread* thread_;
};

/// The body of a function that Python calls: runs `body`, which returns an Object, and turns what it throws
/// into a Python exception. Interruptions become the ones of PythonHost, a PythonError itself again, every
/// std::exception a RuntimeError with its text.
template <class Body>
[[nodiscard]] PyObject* as_hook(Body&& body) noexcept {
  try {
    return std::forward<Body>(body)().release();
  } catch (const PythonError& error) {
    error.restore();
  } catch (...) {
    detail::raise_in_python();
  }
  return nullptr;
}

}  // namespace rushhour::panther

#if RUSHHOUR_HEADER_ONLY
#include <rushhour/panther/detail/python_thread_inl.hpp>
#endif
