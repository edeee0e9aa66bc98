/// \file
/// A hash map by text that is asked with views: what the fakes look ARNs, keys and addresses up in. Nothing
/// iterates over one where the order could be seen.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace rushhour::fakes {

struct TextHash {
  using is_transparent = void;
  [[nodiscard]] std::size_t operator()(std::string_view text) const {
    return std::hash<std::string_view>{}(text);
  }
};

template <class T>
using TextMap = std::unordered_map<std::string, T, TextHash, std::equal_to<>>;

}  // namespace rushhour::fakes
