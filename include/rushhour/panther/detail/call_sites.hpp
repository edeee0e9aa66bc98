/// \file
/// Which line of a rule's own code makes a call that has come to a hook: a Site (site.hpp). Used by
/// client_state.hpp only.
///
/// The line is that of the innermost frame that is neither Python's nor an installed library's, as
/// PythonError has it: of a rule, or of a helper of its pack. Where that is a helper, the site also has the
/// line of the rule's own file that leads there: of the innermost frame of the file in which the engine's
/// call begins, before the first other file of the pack.
#pragma once

#include <rushhour/panther/object.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include <rushhour/digest.hpp>
#include <rushhour/names.hpp>
#include <rushhour/panther/detail/library_file.hpp>
#include <rushhour/site.hpp>

namespace rushhour::panther::detail {

/// It lives and dies inside Python.
class CallSites {
 public:
  /// From now on sites are names of this table, which outlives their use; null: no call has one. Files are
  /// told from `folder`, the scenario's; empty: as Python knows them.
  void begin(Names* names, const std::string& folder) {
    names_ = names;
    folder_ = std::filesystem::path{folder}.lexically_normal();
    sites_.clear();
  }

  /// The site of the Python code that called the hook which asks. Of known code it costs a look at each of
  /// its frames, and no text.
  [[nodiscard]] Name of_running_code() {
    if (names_ == nullptr) return {};
    Places places;
    for (Object frame = share_or_null(PyEval_GetFrame()); frame; frame = caller_of(frame.get())) {
      look_at(frame_of(frame.get()), places);
    }
    if (places.line.code == nullptr) return {};
    if (places.rule_line == places.line) places.rule_line = {};
    const auto known = sites_.find(places);
    return known != sites_.end() ? known->second : make(places);
  }

 private:
  /// An instruction of some code. CPython before 3.11 does not say which: there it is the line.
  struct Place {
    PyCodeObject* code{};
    int at{};
    friend bool operator==(const Place&, const Place&) = default;
  };
  struct Places {
    Place line{};
    Place rule_line{};
    friend bool operator==(const Places&, const Places&) = default;
  };
  struct HashPlaces {
    std::size_t operator()(const Places& places) const {
      return static_cast<std::size_t>(mix(hash(places.line)) ^ hash(places.rule_line));
    }
    static std::uint64_t hash(const Place& place) {
      return reinterpret_cast<std::uintptr_t>(place.code) ^ static_cast<std::uint64_t>(place.at) << 48U;
    }
  };
  struct Code {
    Object held{};      ///< so that no other code gets its address
    PyObject* file{};   ///< of the code; the same object for all code of a file
    bool is_library{};  ///< or generated
  };

  [[nodiscard]] static PyFrameObject* frame_of(PyObject* frame) {
    return reinterpret_cast<PyFrameObject*>(frame);
  }
  [[nodiscard]] static Object share_or_null(PyFrameObject* frame) {
    return frame == nullptr ? Object{} : Object::share(reinterpret_cast<PyObject*>(frame));
  }
  [[nodiscard]] static Object caller_of(PyObject* frame) {
    PyFrameObject* const back = PyFrame_GetBack(frame_of(frame));
    return back == nullptr ? Object{} : Object::steal(reinterpret_cast<PyObject*>(back));
  }

  /// From the innermost frame outwards.
  void look_at(PyFrameObject* frame, Places& places) {
    PyCodeObject* const code = PyFrame_GetCode(frame);
    const Object held = Object::steal(reinterpret_cast<PyObject*>(code));
    const Code& known = code_of(code);
    if (known.is_library) return;
#if PY_VERSION_HEX >= 0x030b0000
    const Place place{code, PyFrame_GetLasti(frame)};
#else
    const Place place{code, PyFrame_GetLineNumber(frame)};
#endif
    if (places.line.code == nullptr) places.line = place;
    if (places.rule_line.code == nullptr || code_of(places.rule_line.code).file != known.file)
      places.rule_line = place;
  }

  [[nodiscard]] const Code& code_of(PyCodeObject* code) {
    const auto found = codes_.find(code);
    if (found != codes_.end()) return found->second;
    if (codes_.size() >= codes_max) forget();
    Object file = attribute(reinterpret_cast<PyObject*>(code), "co_filename");
    const std::string text = utf8(file.get());
    return codes_
        .emplace(code, Code{.held = Object::share(reinterpret_cast<PyObject*>(code)),
                            .file = file.get(),
                            .is_library = is_library(text)})
        .first->second;
  }

  [[gnu::noinline]] Name make(const Places& places) {
    const std::string line = text_of(places.line);
    const std::string rule_line =
        places.rule_line.code == nullptr ? std::string{} : text_of(places.rule_line);
    const Name made = names_->intern(to_text(Site{.line = line, .rule_line = rule_line}));
    if (sites_.size() >= codes_max) sites_.clear();
    sites_.emplace(places, made);
    return made;
  }
  [[nodiscard]] std::string text_of(const Place& place) const {
    const std::string file = utf8(attribute(reinterpret_cast<PyObject*>(place.code), "co_filename").get());
#if PY_VERSION_HEX >= 0x030b0000
    const int line = PyCode_Addr2Line(place.code, place.at);
#else
    const int line = place.at;
#endif
    return site_text(shown(file), static_cast<std::uint64_t>(line > 0 ? line : 0));
  }
  [[nodiscard]] std::string shown(const std::string& file) const {
    const std::filesystem::path path = std::filesystem::path{file}.lexically_normal();
    const std::filesystem::path from = path.lexically_relative(folder_);
    // Nothing leads from a folder by its full name to a file by a short one, or the other way round.
    return std::string{shown_file((folder_.empty() || from.empty() ? path : from).generic_string())};
  }

  void forget() {
    codes_.clear();
    sites_.clear();
  }

  /// Of code that calls; more is generated while the rules run, and known anew.
  static constexpr std::size_t codes_max = 4'096;

  Names* names_{};
  std::filesystem::path folder_{};
  std::unordered_map<const PyCodeObject*, Code> codes_{};
  std::unordered_map<Places, Name, HashPlaces> sites_{};
};

}  // namespace rushhour::panther::detail
