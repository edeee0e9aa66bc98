/// \file
/// The source line that makes a call, as a name: `include/rushhour/detect/guide_enrichment.hpp:79`. Texts are
/// made once for each line, so that a call costs a comparison. Whose line it is, the caller says
/// (api::Attribution).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <source_location>
#include <string>
#include <string_view>
#include <utility>

#include <rushhour/names.hpp>

namespace rushhour {

/// A compiler's name of a file as reports show it, which are compared between machines: what stands behind a
/// folder `include` with that folder, else the file in its last two folders. Relative names, as compilers
/// give them that map prefixes (-ffile-prefix-map), stay, without the dots before them.
[[nodiscard]] constexpr std::string_view shown_file(std::string_view file) {
  for (const std::string_view dots : {"./", "../"}) {
    while (file.starts_with(dots)) file.remove_prefix(dots.size());
  }
  if (!file.starts_with('/')) return file;
  constexpr std::string_view include = "/include/";
  if (const std::size_t at = file.rfind(include); at != std::string_view::npos) return file.substr(at + 1);
  std::size_t at = file.size();
  for (int parts = 0; parts < 3 && at != 0; ++parts) at = file.rfind('/', at - 1);
  return file.substr(at + 1);
}

/// `rules/guide.py:31`
[[nodiscard]] inline std::string site_text(std::string_view file, std::uint64_t line) {
  return std::string{file} + ':' + std::to_string(line);
}

/// A site in two parts. A rule often calls through a helper: then the call stands in the helper, and what
/// changed may be the rule.
struct Site {
  std::string_view line{};       ///< where the call stands: `global_helpers/aws.py:12`
  std::string_view rule_line{};  ///< where the rule's own file leads there; empty: `line` is of that file
  friend bool operator==(const Site&, const Site&) = default;
};

namespace detail {
inline constexpr std::string_view from_rule = " from ";
}

/// `global_helpers/aws.py:12 from rules/guide.py:31`: the text of a site's name.
[[nodiscard]] inline std::string to_text(const Site& site) {
  std::string out{site.line};
  if (!site.rule_line.empty()) out.append(detail::from_rule).append(site.rule_line);
  return out;
}

/// What to_text() wrote; views of `text`.
[[nodiscard]] constexpr Site read_site(std::string_view text) {
  const std::size_t at = text.rfind(detail::from_rule);
  if (at == std::string_view::npos) return {.line = text};
  return {.line = text.substr(0, at), .rule_line = text.substr(at + detail::from_rule.size())};
}

/// Names of source lines. Few lines call, so each is found by the address of its file's name and its number.
class Sites {
 public:
  /// `names` outlives it.
  explicit Sites(Names& names) : names_(names) {}

  /// `Name{}` for a default source_location, which is nowhere.
  [[nodiscard]] Name of(const std::source_location& where) {
    const std::uint_least32_t line = where.line();
    if (line == 0) return {};
    const char* const file = where.file_name();
    Known& known = known_[line % known_.size()];
    if (known.file != file || known.line != line) [[unlikely]]
      known = {file, line, look_up(file, line)};
    return known.name;
  }

 private:
  struct Known {
    const char* file{};
    std::uint_least32_t line{};
    Name name{};
  };

  /// Lines that share a place in `known_` come here each time they take turns.
  [[gnu::noinline]] Name look_up(const char* file, std::uint_least32_t line) {
    const auto [found, is_new] = all_.try_emplace({file, line});
    if (is_new) found->second = names_.intern(site_text(shown_file(file), line));
    return found->second;
  }

  Names& names_;
  std::array<Known, 64> known_{};
  std::map<std::pair<const char*, std::uint_least32_t>, Name> all_{};
};

}  // namespace rushhour
