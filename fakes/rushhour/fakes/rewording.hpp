/// \file
/// Refusals in other words: the switch for every code, status and text of a service that is known from memory
/// only, and so may be wrong. What is refused stays; only how it reads changes. Where such texts are, the
/// sources say [MEM].
///
/// \code
///   world.sts.rewordings().add({.text = "The access key ID does not exist.",
///                               .as = {.code = "NoSuchKey", .text = "There is no such key."}});
///   world.secretsmanager.rewordings().add({.code = "LimitExceededException", .as = {.status = 429}});
/// \endcode
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rushhour/result.hpp>

namespace rushhour::fakes {

struct Rewording {
  struct As {
    std::optional<int> status{};  ///< nothing: as it was, as the next two
    std::optional<std::string> code{};
    std::optional<std::string> text{};  ///< `$1` to `$9` stand for what the asterisks of `text` stood for
  };
  std::string code{};     ///< of the refusals that are meant; empty: any
  std::string text{"*"};  ///< their whole text; an asterisk stands for as little as fits
  As as{};
};

namespace detail {

/// What the asterisks of a pattern stand for in the text, each as little as fits; nothing when it does not.
[[nodiscard]] inline std::optional<std::vector<std::string_view>> asterisks_of(std::string_view pattern,
                                                                               std::string_view text) {
  std::vector<std::string_view> found;
  const std::size_t star = pattern.find('*');
  if (star == std::string_view::npos) return pattern == text ? std::optional{found} : std::nullopt;
  if (!text.starts_with(pattern.substr(0, star))) return std::nullopt;
  const std::string_view rest = pattern.substr(star + 1);
  text.remove_prefix(star);
  for (std::size_t size = 0; size <= text.size(); ++size) {
    auto later = asterisks_of(rest, text.substr(size));
    if (!later) continue;
    found.push_back(text.substr(0, size));
    found.insert(found.end(), later->begin(), later->end());
    return found;
  }
  return std::nullopt;
}

/// The text with `$1` to `$9` filled in; those that there are none for stay as they are.
[[nodiscard]] inline std::string filled_in(std::string_view text,
                                           const std::vector<std::string_view>& parts) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_part = text[i] == '$' && i + 1 < text.size() && text[i + 1] >= '1' && text[i + 1] <= '9' &&
                         static_cast<std::size_t>(text[i + 1] - '1') < parts.size();
    if (is_part) {
      out += parts[static_cast<std::size_t>(text[++i] - '1')];
    } else {
      out += text[i];
    }
  }
  return out;
}

}  // namespace detail

/// Of one service. The first that fits is used, and no other after it.
class Rewordings {
 public:
  void add(Rewording rewording) { all_.push_back(std::move(rewording)); }
  void clear() { all_.clear(); }
  [[nodiscard]] bool empty() const { return all_.empty(); }

  void apply(Failure& failure) const {
    for (const Rewording& each : all_) {
      if (!each.code.empty() && each.code != failure.code) continue;
      const auto parts = detail::asterisks_of(each.text, failure.message);
      if (!parts) continue;
      if (each.as.text) failure.message = detail::filled_in(*each.as.text, *parts);
      if (each.as.code) failure.code = *each.as.code;
      if (each.as.status) failure.status = *each.as.status;
      return;
    }
  }

 private:
  std::vector<Rewording> all_;
};

}  // namespace rushhour::fakes
