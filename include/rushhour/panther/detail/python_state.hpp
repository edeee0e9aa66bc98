/// \file
/// Which of CPython's thread states runs, and C++ exceptions that travel inside Python's. It is below
/// object.hpp and knows nothing of it.
#pragma once

#include <rushhour/panther/detail/cpython.hpp>

#include <exception>
#include <utility>

namespace rushhour::panther::detail {

/// The state that runs on this thread of the system; null outside Python. Before CPython 3.12 the one that it
/// calls current is that of whichever thread has its lock: the other is kept up by GilState.
[[nodiscard]] inline PyThreadState* current_state() {
#if PY_VERSION_HEX >= 0x030d0000
  return PyThreadState_GetUnchecked();
#elif PY_VERSION_HEX >= 0x030c0000
  return _PyThreadState_UncheckedGet();
#else
  return PyGILState_GetThisThreadState();
#endif
}

/// The name of the attribute that carries it, and of its capsule.
inline constexpr const char* carried_key = "_rushhour_carried";

/// Makes an exception of `type` pending that carries one of C++.
inline void raise_carrying(PyObject* type, std::exception_ptr carried) {
  PyObject* const exception = PyObject_CallNoArgs(type);
  if (exception == nullptr) return;
  auto* const kept = new std::exception_ptr(std::move(carried));
  PyObject* const capsule = PyCapsule_New(kept, carried_key, [](PyObject* of) {
    delete static_cast<std::exception_ptr*>(PyCapsule_GetPointer(of, carried_key));
  });
  if (capsule == nullptr) {
    delete kept;
  } else {
    if (PyObject_SetAttrString(exception, carried_key, capsule) == 0) PyErr_SetObject(type, exception);
    Py_DECREF(capsule);
  }
  Py_DECREF(exception);
}

/// What the exception carries; null when it carries nothing, as all that rules make.
[[nodiscard]] inline std::exception_ptr carried_by(PyObject* exception) {
  if (PyErr_GivenExceptionMatches(exception, PyExc_Exception) != 0) return nullptr;
  PyObject* const capsule = PyObject_GetAttrString(exception, carried_key);
  if (capsule == nullptr) {
    PyErr_Clear();
    return nullptr;
  }
  std::exception_ptr carried;
  if (PyCapsule_IsValid(capsule, carried_key) != 0) {
    carried = *static_cast<std::exception_ptr*>(PyCapsule_GetPointer(capsule, carried_key));
  }
  Py_DECREF(capsule);
  return carried;
}

}  // namespace rushhour::panther::detail
