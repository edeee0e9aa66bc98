/// \file
/// An owned reference to a Python object, and Python's exceptions as C++ ones. It is the only place where
/// references are counted by hand; it knows neither containers nor rules.
#pragma once

#include <rushhour/panther/detail/cpython.hpp>

#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rushhour/config.hpp>

namespace rushhour::panther {

/// Throws the exception that is pending in Python, which is then no longer pending: a PythonError, or what
/// PythonThread::interrupt() was given. Inside Python only (python_thread.hpp).
[[noreturn]] void throw_pending();

/// One strong reference, or none. Copies and destructors count references, so it lives and dies inside Python
/// only (python_thread.hpp).
class Object {
 public:
  Object() = default;
  Object(const Object& other) : pointer_(other.pointer_) { Py_XINCREF(pointer_); }
  Object(Object&& other) noexcept : pointer_(std::exchange(other.pointer_, nullptr)) {}
  Object& operator=(Object other) noexcept {
    std::swap(pointer_, other.pointer_);
    return *this;
  }
  ~Object() { Py_XDECREF(pointer_); }

  /// Takes over a new reference, as most functions of CPython return it; throws what is pending when it is
  /// null.
  [[nodiscard]] static Object steal(PyObject* pointer) {
    if (pointer == nullptr) throw_pending();
    Object object;
    object.pointer_ = pointer;
    return object;
  }
  /// One more reference to a borrowed object; throws what is pending when it is null.
  [[nodiscard]] static Object share(PyObject* pointer) {
    Py_XINCREF(pointer);
    return steal(pointer);
  }

  [[nodiscard]] PyObject* get() const { return pointer_; }
  /// Gives the reference away.
  [[nodiscard]] PyObject* release() { return std::exchange(pointer_, nullptr); }
  [[nodiscard]] explicit operator bool() const { return pointer_ != nullptr; }

 private:
  PyObject* pointer_{};
};

/// For functions of CPython that return -1 for a pending exception.
inline int checked(int result) {
  if (result < 0) throw_pending();
  return result;
}

/// A Python `str` as UTF-8. What UTF-8 cannot hold (lone surrogates) becomes `\udc80`, as Python prints it to
/// stderr. Throws a PythonError when `text` is no str.
[[nodiscard]] std::string utf8(PyObject* text);

/// `import name`, in the interpreter's own modules.
[[nodiscard]] Object import_module(const char* name);

/// `object.name`.
[[nodiscard]] inline Object attribute(PyObject* object, const char* name) {
  return Object::steal(PyObject_GetAttrString(object, name));
}

/// A Python exception: what a rule raised, or CPython itself. Its texts need no Python; it may be kept.
class PythonError : public std::runtime_error {
 public:
  /// One call on the way to the exception.
  struct Frame {
    std::string file{};
    int line{};  ///< from 1
    std::string function{};
  };

  /// Of an exception object, with its traceback. Inside Python only.
  explicit PythonError(const Object& raised);

  // what() is `KeyError: 'data'`, as the last line of Python's own traceback, without the module of the type.

  [[nodiscard]] const std::string& type() const { return facts_->type; }        ///< `KeyError`
  [[nodiscard]] const std::string& message() const { return facts_->message; }  ///< `'data'`, Python's str()
  [[nodiscard]] const std::string& repr() const { return facts_->repr; }        ///< `KeyError('data')`
  /// Of the innermost call in code that is not Python's or an installed library's; of a syntax error, of the
  /// mistake itself. Empty and 0 when there is none.
  [[nodiscard]] const std::string& file() const { return facts_->file; }
  [[nodiscard]] int line() const { return facts_->line; }
  /// `rules/x.py:4: KeyError: 'data'`; without the place when there is none.
  [[nodiscard]] std::string located() const;
  /// Outermost first.
  [[nodiscard]] const std::vector<Frame>& frames() const { return facts_->frames; }
  /// As Python prints it, without the text of the lines.
  [[nodiscard]] std::string traceback() const;

  /// Whether the exception is of a type or of one derived from it. Inside Python only.
  [[nodiscard]] bool is(PyObject* type) const;
  /// Makes it pending again, for a hook that hands it on to its Python caller. Inside Python only.
  void restore() const;

 private:
  struct Facts {
    std::string type{};
    std::string message{};
    std::string repr{};
    std::string file{};
    int line{};
    std::vector<Frame> frames{};
  };
  PythonError(std::shared_ptr<const Facts> facts, Object raised);
  static std::shared_ptr<const Facts> read(PyObject* raised);

  std::shared_ptr<const Facts> facts_;
  std::shared_ptr<PyObject> exception_;
};

}  // namespace rushhour::panther

#if RUSHHOUR_HEADER_ONLY
#include <rushhour/panther/detail/object_inl.hpp>
#endif
