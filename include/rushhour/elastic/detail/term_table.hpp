/// \file
/// Texts as small numbers for as long as somebody uses them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <rushhour/config.hpp>

namespace rushhour::elastic::detail {

class TermTable {
 public:
  /// The number of a text, used once more.
  [[nodiscard]] std::uint32_t use(const std::string& text) {
    const auto [place, is_new] = number_of_.try_emplace(text, 0);
    if (is_new) {
      if (free_.empty()) {
        free_.push_back(static_cast<std::uint32_t>(entries_.size()));
        entries_.emplace_back();
      }
      place->second = free_.back();
      free_.pop_back();
      entries_[place->second] = {.text = &place->first};
    }
    ++entries_[place->second].uses;
    return place->second;
  }
  /// Used once less; its number may be another text's from then on.
  void drop(std::uint32_t number) {
    Entry& entry = entries_[number];
    RUSHHOUR_ASSERT(entry.uses > 0, "a term is dropped as often as it was used");
    if (--entry.uses != 0) return;
    number_of_.erase(number_of_.find(*entry.text));
    entry = {};
    free_.push_back(number);
  }
  /// Stays where it is while it is used.
  [[nodiscard]] std::string_view text(std::uint32_t number) const { return *entries_[number].text; }
  [[nodiscard]] std::size_t size() const { return number_of_.size(); }

 private:
  struct Entry {
    const std::string* text{};  // in the map, whose elements do not move
    std::uint64_t uses{};
  };

  std::unordered_map<std::string, std::uint32_t> number_of_{};
  std::vector<Entry> entries_{};
  std::vector<std::uint32_t> free_{};
};

}  // namespace rushhour::elastic::detail
