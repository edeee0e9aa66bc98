/// \file
/// Names as numbers: accounts, operations, detections and keys are interned once and then carried as dense
/// 32-bit ids, so that a call costs no string. It is not a global table: whoever owns the world owns the
/// names.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include <rushhour/config.hpp>

namespace rushhour {

/// An interned text. `Name{}` is the empty text in every table.
enum class Name : std::uint32_t {};

[[nodiscard]] constexpr std::uint32_t index(Name name) { return static_cast<std::uint32_t>(name); }

/// Gives every distinct text a dense id, in order of first sight. Texts live as long as the table; there is
/// no removal, so intern what is bounded (operations, accounts, rules), never what an event brings.
class Names {
 public:
  Names() { intern({}); }
  Names(const Names&) = delete;
  Names& operator=(const Names&) = delete;

  Name intern(std::string_view text) {
    if (const auto found = ids_.find(text); found != ids_.end()) return found->second;
    const Name name{static_cast<std::uint32_t>(texts_.size())};
    ids_.emplace(texts_.emplace_back(text), name);
    return name;
  }

  /// The id of a text that has been interned.
  [[nodiscard]] std::optional<Name> find(std::string_view text) const {
    const auto found = ids_.find(text);
    return found == ids_.end() ? std::nullopt : std::optional{found->second};
  }

  [[nodiscard]] std::string_view text(Name name) const {
    RUSHHOUR_ASSERT(index(name) < texts_.size(), "the name belongs to another table");
    return texts_[index(name)];
  }
  [[nodiscard]] std::size_t size() const { return texts_.size(); }

 private:
  std::deque<std::string> texts_;  // a deque: views of its strings stay valid
  std::unordered_map<std::string_view, Name> ids_;
};

}  // namespace rushhour
