/// \file
/// How an event asks the data model of its log type, and the lookup tables of the engine. Where they come
/// from is data_model.hpp's business.
#pragma once

#include <rushhour/panther/object.hpp>

#include <string>
#include <vector>

namespace rushhour::panther {

/// What a common name such as `source_ip` stands for in one log type: a path or a function.
struct UdmMapping {
  std::vector<Object>
      path{};          ///< keys from the root down, interned `str`s, matched exactly; empty: a function
  Object method{};     ///< called with the event as a mapping without udm(); none: a path
  std::string text{};  ///< what udm_path() answers: `sourceIPAddress`, `a.b`, or the function's name
};

/// The data model of a log type, as an event sees it. Inside Python only.
class UdmSource {
 public:
  UdmSource() = default;
  UdmSource(const UdmSource&) = delete;
  UdmSource& operator=(const UdmSource&) = delete;
  virtual ~UdmSource() = default;

  /// `name` is a `str`; null when it is not mapped. Throws PythonError.
  [[nodiscard]] virtual const UdmMapping* find(PyObject* name) const = 0;
  /// `event.lookup(table, key)`: what the engine's table has for the key. None answers: then the event's own
  /// `_mocked_lookup_data_` is asked. Throws PythonError.
  [[nodiscard]] virtual Object lookup(PyObject* table, PyObject* key) const {
    static_cast<void>(table);
    static_cast<void>(key);
    return {};
  }
};

}  // namespace rushhour::panther
