/// \file
/// Which secrets the Filters of ListSecrets and BatchGetSecretValue mean. It reads no pages and sorts
/// nothing.
///
/// Sources: "ListSecrets", "Filter" (API reference, spec tag DOC); spec aws.md 2.1, Filters (REC): how texts
/// are split into words.
#pragma once

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rushhour/api/secrets_manager/shapes.hpp>
#include <rushhour/aws/patterns.hpp>
#include <rushhour/fakes/secret_store.hpp>

namespace rushhour::fakes::detail {

/// A text in words, lower-cased: split at spaces, at one kind of separator, and where a capital letter
/// begins a word. A text that mixes two kinds of separator is one word [REC].
[[nodiscard]] inline std::vector<std::string> words_of(std::string_view text) {
  static constexpr std::string_view separators = "/-_+=.@";
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  char separator = ' ';
  std::size_t kinds_seen = 0;
  for (const char kind : separators) {
    if (text.find(kind) == std::string_view::npos) continue;
    separator = kind;
    ++kinds_seen;
  }
  const bool splits = kinds_seen < 2;
  std::vector<std::string> words;
  std::string word;
  const auto end_word = [&] {
    if (!word.empty()) words.push_back(std::exchange(word, {}));
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (splits && (c == ' ' || c == separator)) {
      end_word();
      continue;
    }
    const bool is_capital = c >= 'A' && c <= 'Z';
    const bool after_lower = i > 0 && aws::detail::is_lower(text[i - 1]);
    const bool before_lower = i + 1 < text.size() && aws::detail::is_lower(text[i + 1]);
    if (splits && is_capital && (after_lower || before_lower)) end_word();
    word += lower(c);
  }
  end_word();
  return words;
}

/// Whether each word of `wanted` begins some word of `text`; false where `wanted` has no words.
[[nodiscard]] inline bool matches_words(std::string_view wanted, std::string_view text) {
  const std::vector<std::string> wanted_words = words_of(wanted);
  const std::vector<std::string> words = words_of(text);
  return !wanted_words.empty() &&
         std::all_of(wanted_words.begin(), wanted_words.end(), [&words](const std::string& prefix) {
           return std::any_of(words.begin(), words.end(),
                              [&prefix](const std::string& word) { return word.starts_with(prefix); });
         });
}

/// A kind of filter: what of a secret it looks at, and how it compares.
struct FilterKind {
  std::string_view key{};
  /// Appends each text of the secret that the filter looks at.
  void (*texts)(const Secret& secret, std::vector<std::string_view>& out){};
  bool by_words{};  ///< else: case-sensitive prefix
};

inline void append_tag_keys(const Secret& secret, std::vector<std::string_view>& out) {
  if (!secret.tags) return;
  for (const auto& tag : *secret.tags) out.push_back(tag.key);
}
inline void append_tag_values(const Secret& secret, std::vector<std::string_view>& out) {
  if (!secret.tags) return;
  for (const auto& tag : *secret.tags) out.push_back(tag.value);
}
inline void append_description(const Secret& secret, std::vector<std::string_view>& out) {
  if (secret.description) out.push_back(*secret.description);
}

/// A new filter is a row here. `all` looks at everything that the others do.
inline constexpr std::array<FilterKind, 7> filter_kinds{{
    {"description", &append_description, true},
    {"name", [](const Secret& secret, std::vector<std::string_view>& out) { out.push_back(secret.name); }},
    {"tag-key", &append_tag_keys},
    {"tag-value", &append_tag_values},
    {"primary-region",
     [](const Secret& secret, std::vector<std::string_view>& out) {
       if (!secret.primary_region.empty()) out.push_back(secret.primary_region);
     }},
    {"owning-service",
     [](const Secret& secret, std::vector<std::string_view>& out) {
       if (!secret.owning_service.empty()) out.push_back(secret.owning_service);
     }},
    {"all",
     [](const Secret& secret, std::vector<std::string_view>& out) {
       out.push_back(secret.name);
       append_description(secret, out);
       append_tag_keys(secret, out);
       append_tag_values(secret, out);
       if (!secret.primary_region.empty()) out.push_back(secret.primary_region);
       if (!secret.owning_service.empty()) out.push_back(secret.owning_service);
     },
     true},
}};

/// One value of a filter. With `!` in front it means the secrets that the rest does not.
[[nodiscard]] inline bool matches(const FilterKind& kind, std::string_view value,
                                  const std::vector<std::string_view>& texts) {
  const bool negated = value.starts_with('!');
  if (negated) value.remove_prefix(1);
  return negated != std::any_of(texts.begin(), texts.end(), [&](std::string_view text) {
           return kind.by_words ? matches_words(value, text) : text.starts_with(value);
         });
}

/// One filter: any of its values is enough.
[[nodiscard]] inline bool matches(const Secret& secret, const api::secretsmanager::Filter& filter) {
  const auto kind = std::find_if(filter_kinds.begin(), filter_kinds.end(),
                                 [&filter](const FilterKind& each) { return each.key == filter.key; });
  if (kind == filter_kinds.end()) return false;  // the constraints let no other key through
  std::vector<std::string_view> texts;
  kind->texts(secret, texts);
  return std::any_of(filter.values.begin(), filter.values.end(),
                     [&](const std::string& value) { return matches(*kind, value, texts); });
}

/// Whether a secret is among those that all of the filters mean; without filters it is.
[[nodiscard]] inline bool matches(const Secret& secret,
                                  const std::vector<api::secretsmanager::Filter>& filters) {
  return std::all_of(filters.begin(), filters.end(), [&secret](const api::secretsmanager::Filter& filter) {
    return matches(secret, filter);
  });
}

}  // namespace rushhour::fakes::detail
