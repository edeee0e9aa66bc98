/// \file
/// The reports of VirusTotal as json() gives them to Python, 12 KB of JSON each, kept for the next time: as
/// long as nobody has changed a tree of dicts or still holds a part of it, the next rule gets the same one.
/// Nobody can tell the difference but by the time it takes, 0.3 us in place of 60.
#pragma once

#include <rushhour/panther/object.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include <rushhour/api/virustotal.hpp>
#include <rushhour/digest.hpp>

namespace rushhour::panther::detail {

class ReportTrees {
 public:
  ReportTrees() : slots_(capacity) {}
  ReportTrees(const ReportTrees&) = delete;
  ReportTrees& operator=(const ReportTrees&) = delete;
  ~ReportTrees() = default;

  void clear() {
    for (Slot& slot : slots_) slot = {};
    of_attributes_.clear();
  }

  /// The tree of this report; `write` gives the text of the whole answer.
  template <class Write>
  [[nodiscard]] Object tree(const api::virustotal::IpAddressReport& report, Write&& write) {
    Slot& slot = slots_[hash(report.address) % slots_.size()];
    if (slot.tree && slot.report == report && is_free(slot)) return slot.tree;
    Object made = loads(std::forward<Write>(write)());
    keep(slot, report, made);
    return made;
  }

  /// `json.loads(text)`.
  [[nodiscard]] Object loads(const std::string& text) {
    if (!loads_) {
      const Object json = import_module("json");
      loads_ = attribute(json.get(), "loads");
      dumps_ = attribute(json.get(), "dumps");
    }
    return Object::steal(
        PyObject_CallFunction(loads_.get(), "s#", text.data(), static_cast<Py_ssize_t>(text.size())));
  }

  /// What json.dumps() gives for the attributes of a tree that is as it was; null for everything else.
  [[nodiscard]] const std::string* known_json(PyObject* object) {
    const auto found = of_attributes_.find(object);
    if (found == of_attributes_.end()) return nullptr;
    Slot& slot = slots_[found->second];
    if (!is_unchanged(slot)) return nullptr;
    if (slot.dumped.empty())
      slot.dumped = utf8(Object::steal(PyObject_CallOneArg(dumps_.get(), object)).get());
    return &slot.dumped;
  }

 private:
  static constexpr std::size_t capacity = 1024;

  /// A dict or list of a tree, as it was made.
  struct Part {
    Object object{};
    std::uint64_t version{};  ///< of a dict
    std::vector<PyObject*>
        elements{};  ///< of a list; what they refer to lives as long as the list is unchanged
  };
  struct Slot {
    api::virustotal::IpAddressReport report{};
    Object tree{};
    std::vector<Part> parts{};
    PyObject* attributes{};
    std::string dumped{};
  };

#if PY_VERSION_HEX < 0x030c0000
  static constexpr bool dicts_have_versions = true;
  [[nodiscard]] static std::uint64_t version_of(PyObject* dict) {
    return reinterpret_cast<PyDictObject*>(dict)->ma_version_tag;
  }
#else
  static constexpr bool dicts_have_versions = false;  // deprecated: each answer is read anew
  [[nodiscard]] static std::uint64_t version_of(PyObject* /*dict*/) { return 0; }
#endif

  void keep(Slot& slot, const api::virustotal::IpAddressReport& report, const Object& made) {
    if (slot.attributes != nullptr) of_attributes_.erase(slot.attributes);
    slot = {};
    if (!dicts_have_versions) return;
    slot.report = report;
    slot.tree = made;
    watch(slot, made.get());
    PyObject* const data = PyDict_GetItemString(made.get(), "data");
    slot.attributes =
        data == nullptr || PyDict_Check(data) == 0 ? nullptr : PyDict_GetItemString(data, "attributes");
    if (slot.attributes != nullptr) {
      of_attributes_[slot.attributes] = static_cast<std::size_t>(&slot - slots_.data());
    }
  }

  static void watch(Slot& slot, PyObject* object) {
    if (PyDict_CheckExact(object) != 0) {
      slot.parts.push_back({.object = Object::share(object), .version = version_of(object)});
      PyObject* key = nullptr;
      PyObject* value = nullptr;
      for (Py_ssize_t at = 0; PyDict_Next(object, &at, &key, &value) != 0;) watch(slot, value);
    } else if (PyList_CheckExact(object) != 0) {
      Part part{.object = Object::share(object)};
      for (Py_ssize_t i = 0; i < PyList_GET_SIZE(object); ++i) {
        part.elements.push_back(PyList_GET_ITEM(object, i));
      }
      slot.parts.push_back(std::move(part));
      for (Py_ssize_t i = 0; i < PyList_GET_SIZE(object); ++i) watch(slot, PyList_GET_ITEM(object, i));
    }
  }

  [[nodiscard]] static bool is_unchanged(const Part& part) {
    PyObject* const object = part.object.get();
    if (PyDict_CheckExact(object) != 0) return version_of(object) == part.version;
    if (PyList_GET_SIZE(object) != static_cast<Py_ssize_t>(part.elements.size())) return false;
    for (std::size_t i = 0; i < part.elements.size(); ++i) {
      if (PyList_GET_ITEM(object, static_cast<Py_ssize_t>(i)) != part.elements[i]) return false;
    }
    return true;
  }
  [[nodiscard]] static bool is_unchanged(const Slot& slot) {
    for (const Part& part : slot.parts) {
      if (!is_unchanged(part)) return false;
    }
    return true;
  }
  /// Nor held by anybody but its parent, or the slot, and the list of parts.
  [[nodiscard]] static bool is_free(const Slot& slot) {
    for (const Part& part : slot.parts) {
      if (Py_REFCNT(part.object.get()) != 2 || !is_unchanged(part)) return false;
    }
    return true;
  }

  std::vector<Slot> slots_;
  std::unordered_map<PyObject*, std::size_t> of_attributes_;
  Object loads_{};
  Object dumps_{};
};

}  // namespace rushhour::panther::detail
