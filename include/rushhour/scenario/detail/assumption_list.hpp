/// \file
/// A list of assumptions in the making: it knows which of them are the user's.
#pragma once

#include <algorithm>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rushhour/scenario/assumption.hpp>

namespace rushhour::scenario::detail {

/// Collects them; what differs from its default is the user's.
class Assumptions {
 public:
  void add(std::string name, std::string value, std::string_view tag, std::string_view source) {
    all_.push_back({std::move(name), std::move(value), std::string{tag}, std::string{source}});
  }
  void user(std::string name, std::string value) {
    add(std::move(name), std::move(value), assumption_tags::user, "the scenario");
  }
  /// `tag` and `source` are those of the default.
  void unless_user(std::string name, std::string value, const std::string& otherwise, std::string_view tag,
                   std::string_view source) {
    if (value == otherwise) {
      add(std::move(name), std::move(value), tag, source);
    } else {
      user(std::move(name), std::move(value));
    }
  }
  void append(std::vector<Assumption> more) { std::move(more.begin(), more.end(), std::back_inserter(all_)); }
  /// Null when there is none of the name.
  [[nodiscard]] const Assumption* find(std::string_view name) const {
    const auto found =
        std::find_if(all_.begin(), all_.end(), [&](const Assumption& each) { return each.name == name; });
    return found == all_.end() ? nullptr : &*found;
  }
  [[nodiscard]] std::vector<Assumption> take() { return std::move(all_); }

 private:
  std::vector<Assumption> all_;
};

}  // namespace rushhour::scenario::detail
