/// \file
/// The bodies of object.hpp. They declare nothing of their own.
#pragma once

#include <exception>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <rushhour/panther/detail/library_file.hpp>
#include <rushhour/panther/detail/python_state.hpp>
#include <rushhour/panther/object.hpp>

namespace rushhour::panther {

namespace detail {

/// str() or repr(), or a text that says why there is none: it is asked while an exception is being reported.
inline std::string text_of(PyObject* made) {
  if (made == nullptr) {
    PyErr_Clear();
    return "<exception str() failed>";
  }
  const Object owned = Object::steal(made);
  Py_ssize_t size = 0;
  if (const char* const text = PyUnicode_AsUTF8AndSize(made, &size)) {
    return {text, static_cast<std::size_t>(size)};
  }
  PyErr_Clear();
  PyObject* const bytes = PyUnicode_AsEncodedString(made, "utf-8", "backslashreplace");
  if (bytes == nullptr) return text_of(nullptr);
  const Object encoded = Object::steal(bytes);
  return {PyBytes_AS_STRING(bytes), static_cast<std::size_t>(PyBytes_GET_SIZE(bytes))};
}

/// An attribute that may be missing.
inline Object attribute_or_null(PyObject* object, const char* name) {
  PyObject* const found = PyObject_GetAttrString(object, name);
  if (found == nullptr) {
    PyErr_Clear();
    return {};
  }
  return Object::steal(found);
}

inline std::string text_attribute(PyObject* object, const char* name) {
  const Object found = attribute_or_null(object, name);
  if (!found || PyUnicode_Check(found.get()) == 0) return {};
  Py_INCREF(found.get());
  return text_of(found.get());
}

inline int line_attribute(PyObject* object, const char* name) {
  const Object found = attribute_or_null(object, name);
  if (!found || PyLong_Check(found.get()) == 0) return 0;
  int overflow = 0;
  return static_cast<int>(PyLong_AsLongAndOverflow(found.get(), &overflow));
}

/// Drops a reference wherever it is done: a PythonError may be destroyed after Python was left. A full queue
/// of pending calls, or an interpreter that has ended, keeps the object for ever.
inline void drop_anywhere(PyObject* object) {
  if (current_state() != nullptr) {
    Py_DECREF(object);
  } else if (Py_IsInitialized() != 0) {
    const auto drop = [](void* pointer) {
      Py_DECREF(static_cast<PyObject*>(pointer));
      return 0;
    };
    static_cast<void>(Py_AddPendingCall(drop, object));
  }
}

}  // namespace detail

RUSHHOUR_INLINE void throw_pending() {
  RUSHHOUR_ASSERT(PyErr_Occurred() != nullptr, "CPython has failed without an exception");
  PyObject* type = nullptr;
  PyObject* value = nullptr;
  PyObject* traceback = nullptr;
  PyErr_Fetch(&type, &value, &traceback);
  PyErr_NormalizeException(&type, &value, &traceback);
  if (traceback != nullptr) PyException_SetTraceback(value, traceback);
  Py_XDECREF(traceback);
  Py_XDECREF(type);
  Object exception = Object::steal(value);
  if (std::exception_ptr carried = detail::carried_by(exception.get()))
    std::rethrow_exception(std::move(carried));
  throw PythonError(exception);
}

RUSHHOUR_INLINE std::string utf8(PyObject* text) {
  if (PyUnicode_Check(text) == 0) {
    PyErr_Format(PyExc_TypeError, "expected a str, saw a %s", Py_TYPE(text)->tp_name);
    throw_pending();
  }
  Py_INCREF(text);
  return detail::text_of(text);
}

RUSHHOUR_INLINE Object import_module(const char* name) { return Object::steal(PyImport_ImportModule(name)); }

RUSHHOUR_INLINE std::shared_ptr<const PythonError::Facts> PythonError::read(PyObject* raised) {
  auto facts = std::make_shared<Facts>();
  facts->type = detail::text_attribute(reinterpret_cast<PyObject*>(Py_TYPE(raised)), "__name__");
  facts->message = detail::text_of(PyObject_Str(raised));
  facts->repr = detail::text_of(PyObject_Repr(raised));
  for (Object at = detail::attribute_or_null(raised, "__traceback__"); at && at.get() != Py_None;
       at = detail::attribute_or_null(at.get(), "tb_next")) {
    const Object frame = detail::attribute_or_null(at.get(), "tb_frame");
    const Object code = frame ? detail::attribute_or_null(frame.get(), "f_code") : Object{};
    if (!code) continue;
    facts->frames.push_back({.file = detail::text_attribute(code.get(), "co_filename"),
                             .line = detail::line_attribute(at.get(), "tb_lineno"),
                             .function = detail::text_attribute(code.get(), "co_name")});
    if (detail::is_library(facts->frames.back().file)) continue;
    facts->file = facts->frames.back().file;
    facts->line = facts->frames.back().line;
  }
  if (PyObject_IsInstance(raised, PyExc_SyntaxError) == 1) {
    facts->file = detail::text_attribute(raised, "filename");
    facts->line = detail::line_attribute(raised, "lineno");
  }
  return facts;
}

RUSHHOUR_INLINE PythonError::PythonError(const Object& raised) : PythonError(read(raised.get()), raised) {}

RUSHHOUR_INLINE PythonError::PythonError(std::shared_ptr<const Facts> facts, Object raised)
    : std::runtime_error(facts->type + (facts->message.empty() ? "" : ": ") + facts->message),
      facts_(std::move(facts)),
      exception_(raised.release(), &detail::drop_anywhere) {}

RUSHHOUR_INLINE std::string PythonError::located() const {
  return file().empty() ? what() : file() + ":" + std::to_string(line()) + ": " + what();
}

RUSHHOUR_INLINE std::string PythonError::traceback() const {
  std::string out = "Traceback (most recent call last):\n";
  for (const Frame& frame : facts_->frames) {
    out +=
        "  File \"" + frame.file + "\", line " + std::to_string(frame.line) + ", in " + frame.function + '\n';
  }
  return out + what() + '\n';
}

RUSHHOUR_INLINE bool PythonError::is(PyObject* type) const {
  return PyErr_GivenExceptionMatches(exception_.get(), type) != 0;
}

RUSHHOUR_INLINE void PythonError::restore() const {
  PyObject* const type = reinterpret_cast<PyObject*>(Py_TYPE(exception_.get()));
  Py_INCREF(type);
  Py_INCREF(exception_.get());
  PyErr_Restore(type, exception_.get(), PyException_GetTraceback(exception_.get()));
}

}  // namespace rushhour::panther
