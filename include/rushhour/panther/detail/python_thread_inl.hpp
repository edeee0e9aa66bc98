/// \file
/// The bodies of python_thread.hpp. They declare nothing of their own.
#pragma once

#include <algorithm>
#include <exception>
#include <new>
#include <string>
#include <utility>

#include <rushhour/panther/python_thread.hpp>
#include <rushhour/sim/container_clock.hpp>
#include <rushhour/sim/fiber.hpp>

namespace rushhour::panther {

namespace detail {

/// Where a thread state keeps its PythonThread.
inline constexpr const char* thread_key = "rushhour.thread";

/// `rules/x.py:12` of the running Python function.
inline std::string running_line() {
  PyFrameObject* const frame = PyEval_GetFrame();
  if (frame == nullptr) return "a rule";
  const Object code = Object::steal(reinterpret_cast<PyObject*>(PyFrame_GetCode(frame)));
  return utf8(attribute(code.get(), "co_filename").get()) + ":" +
         std::to_string(PyFrame_GetLineNumber(frame));
}

inline void interrupt_current(Interruption kind) {
  PythonThread* const thread = PythonThread::current();
  RUSHHOUR_ASSERT(thread != nullptr, "only a PythonThread can be interrupted");
  thread->interrupt(kind, std::current_exception());
}

}  // namespace detail

RUSHHOUR_INLINE void detail::raise_in_python() noexcept {
  try {
    throw;
  } catch (const sim::Cancelled&) {
    interrupt_current(Interruption::cancelled);
  } catch (const sim::InvocationTimedOut&) {
    interrupt_current(Interruption::invocation_timed_out);
  } catch (const sim::RuleTimedOut&) {
    interrupt_current(Interruption::rule_timed_out);
  } catch (const std::bad_alloc&) {
    PyErr_NoMemory();
  } catch (const std::exception& error) {
    PyErr_SetString(PyExc_RuntimeError, error.what());
  } catch (...) {
    PyErr_SetString(PyExc_SystemError, "a hook threw what is no std::exception");
  }
}

RUSHHOUR_INLINE PythonThread::PythonThread(PythonHost& host) : host_(host) {
  RUSHHOUR_ASSERT(detail::current_state() == nullptr, "a PythonThread is made outside Python");
  state_ = PyThreadState_New(PyInterpreterState_Main());
  RUSHHOUR_ASSERT(state_ != nullptr, "CPython has no memory for another thread");
  host_.gil_state_->follow(nullptr);  // it takes the first of a thread for the running one
  ++host_.threads_;
  const Inside inside{*this};
  const Object self = Object::steal(PyCapsule_New(this, detail::thread_key, nullptr));
  checked(PyDict_SetItemString(PyThreadState_GetDict(), detail::thread_key, self.get()));
}

RUSHHOUR_INLINE PythonThread::~PythonThread() {
  RUSHHOUR_ASSERT(detail::current_state() == nullptr, "a PythonThread is destroyed outside Python");
  take();
  PyThreadState_Clear(state_);
  PyThreadState_DeleteCurrent();
  host_.gil_state_->follow(nullptr);
  --host_.threads_;
}

RUSHHOUR_INLINE PythonThread* PythonThread::current() {
  if (detail::current_state() == nullptr) return nullptr;
  PyObject* const state = PyThreadState_GetDict();
  PyObject* const found = state == nullptr ? nullptr : PyDict_GetItemString(state, detail::thread_key);
  return found == nullptr ? nullptr
                          : static_cast<PythonThread*>(PyCapsule_GetPointer(found, detail::thread_key));
}

RUSHHOUR_INLINE void PythonThread::interrupt(Interruption kind, std::exception_ptr exception) {
  constexpr int swallowed_max = 10'000;
  if (++swallowed_ > swallowed_max) {
    const std::string message =
        detail::running_line() +
        ": a rule that was told to end swallows that for ever; `except Exception:` in "
        "place of a bare `except:` lets it through";
    RUSHHOUR_ASSERT(swallowed_ <= swallowed_max, message.c_str());
  }
  detail::raise_carrying(host_.type_of(kind), std::move(exception));
}

RUSHHOUR_INLINE void PythonThread::attach(const void* key, void* object) {
  const auto at = std::ranges::find(attachments_, key, &std::pair<const void*, void*>::first);
  if (at == attachments_.end()) {
    attachments_.emplace_back(key, object);
  } else {
    at->second = object;
  }
}

RUSHHOUR_INLINE void* PythonThread::attached(const void* key) const {
  const auto at = std::ranges::find(attachments_, key, &std::pair<const void*, void*>::first);
  return at == attachments_.end() ? nullptr : at->second;
}

}  // namespace rushhour::panther
