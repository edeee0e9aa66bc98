/// \file
/// The patterns of AWS's service models, each as the text that errors print and a function that decides it:
/// no regular expressions run. What members they belong to stands in the tables of api/.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>
#include <type_traits>

namespace rushhour::aws {

namespace detail {

[[nodiscard]] constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
[[nodiscard]] constexpr bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
[[nodiscard]] constexpr bool is_letter(char c) { return is_lower(c) || (c >= 'A' && c <= 'Z'); }
/// `\w`
[[nodiscard]] constexpr bool is_word_character(char c) { return is_letter(c) || is_digit(c) || c == '_'; }
/// A byte of a character outside ASCII.
[[nodiscard]] constexpr bool is_foreign(char c) { return (static_cast<unsigned char>(c) & 0x80) != 0; }
[[nodiscard]] constexpr bool is_in(std::string_view set, char c) {
  return set.find(c) != std::string_view::npos;
}

template <class Allows>
[[nodiscard]] constexpr std::array<bool, 256> table_of(Allows allows) {
  std::array<bool, 256> table{};
  for (std::size_t byte = 0; byte < table.size(); ++byte) table[byte] = allows(static_cast<char>(byte));
  return table;
}
/// Which bytes a rule allows: looked up, not asked again for each character of each call.
template <class Allows>
inline constexpr std::array<bool, 256> allowed_by = table_of(Allows{});

/// \param allows  quickest as a lambda that captures nothing: its type alone says what it allows
template <class Allows>
[[nodiscard]] constexpr bool all(std::string_view text, Allows allows) {
  if constexpr (std::is_empty_v<Allows>) {
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return allowed_by<Allows>[static_cast<unsigned char>(c)]; });
  } else {
    return std::all_of(text.begin(), text.end(), allows);
  }
}

}  // namespace detail

/// ARNs: all but control characters.
inline constexpr std::string_view printable_pattern =
    R"([\u0009\u000A\u000D\u0020-\u007E\u0085\u00A0-\uD7FF\uE000-\uFFFD\u10000-\u10FFFF]+)";
[[nodiscard]] constexpr bool is_printable(std::string_view text) {
  return !text.empty() && detail::all(text, [](char c) {
    return detail::is_foreign(c) || (c >= ' ' && c <= '~') || detail::is_in("\t\n\r", c);
  });
}

/// Session policies: Latin-1.
inline constexpr std::string_view policy_text_pattern = R"([\u0009\u000A\u000D\u0020-\u00FF]+)";
[[nodiscard]] constexpr bool is_policy_text(std::string_view text) {
  return !text.empty() && detail::all(text, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte >= 0x20 && byte <= 0xC3) || detail::is_in("\t\n\r", c);  // beyond: leads past U+00FF
  });
}

inline constexpr std::string_view session_name_pattern = R"([\w+=,.@-]*)";
[[nodiscard]] constexpr bool is_session_name(std::string_view text) {
  return detail::all(text, [](char c) { return detail::is_word_character(c) || detail::is_in("+=,.@-", c); });
}

/// Of a table of DynamoDB (Developer Guide, "Naming rules").
[[nodiscard]] constexpr bool is_table_name(std::string_view text) {
  return text.size() >= 3 && text.size() <= 255 &&
         detail::all(text, [](char c) { return detail::is_word_character(c) || detail::is_in("-.", c); });
}

inline constexpr std::string_view unique_id_pattern = R"([\w+=,.@:-]*)";
[[nodiscard]] constexpr bool is_unique_id(std::string_view text) {
  return detail::all(text,
                     [](char c) { return detail::is_word_character(c) || detail::is_in("+=,.@:-", c); });
}

inline constexpr std::string_view external_id_pattern = R"([\w+=,.@:\/-]*)";
[[nodiscard]] constexpr bool is_external_id(std::string_view text) {
  return detail::all(text,
                     [](char c) { return detail::is_word_character(c) || detail::is_in("+=,.@:/-", c); });
}

inline constexpr std::string_view serial_number_pattern = R"([\w+=/:,.@-]*)";
[[nodiscard]] constexpr bool is_serial_number(std::string_view text) { return is_external_id(text); }

inline constexpr std::string_view digits_pattern = R"([\d]*)";
[[nodiscard]] constexpr bool is_digits(std::string_view text) {
  return detail::all(text, [](char c) { return detail::is_digit(c); });
}

inline constexpr std::string_view word_pattern = R"([\w]*)";
[[nodiscard]] constexpr bool is_word(std::string_view text) {
  return detail::all(text, [](char c) { return detail::is_word_character(c); });
}

/// Session tags. [CHOICE] every character outside ASCII counts as a letter; the stricter tables of Unicode
/// are not carried.
inline constexpr std::string_view tag_text_pattern = R"([\p{L}\p{Z}\p{N}_.:/=+\-@]*)";
[[nodiscard]] constexpr bool is_tag_text(std::string_view text) {
  return detail::all(text, [](char c) {
    return detail::is_foreign(c) || detail::is_word_character(c) || detail::is_in(" .:/=+-@", c);
  });
}

/// `us-east-1`
inline constexpr std::string_view region_pattern = R"(^([a-z]+-)+\d+$)";
[[nodiscard]] constexpr bool is_region(std::string_view text) {
  std::size_t parts = 0;
  while (true) {
    std::size_t letters = 0;
    while (letters < text.size() && detail::is_lower(text[letters])) ++letters;
    if (letters == 0) break;
    if (letters == text.size() || text[letters] != '-') return false;
    text.remove_prefix(letters + 1);
    ++parts;
  }
  return parts > 0 && !text.empty() && is_digits(text);
}

/// `3h`
inline constexpr std::string_view hours_pattern = "[0-9]+h";
[[nodiscard]] constexpr bool is_hours(std::string_view text) {
  return text.size() > 1 && text.back() == 'h' && is_digits(text.substr(0, text.size() - 1));
}

inline constexpr std::string_view schedule_pattern = R"([0-9A-Za-z\(\)#\?\*\-\/, ]+)";
[[nodiscard]] constexpr bool is_schedule(std::string_view text) {
  return !text.empty() && detail::all(text, [](char c) {
    return detail::is_letter(c) || detail::is_digit(c) || detail::is_in("()#?*-/, ", c);
  });
}

inline constexpr std::string_view filter_value_pattern = R"(^\!?[a-zA-Z0-9 :_@\/\+\=\.\-\!]*$)";
[[nodiscard]] constexpr bool is_filter_value(std::string_view text) {
  return detail::all(text,
                     [](char c) { return detail::is_word_character(c) || detail::is_in(" :@/+=.-!", c); });
}

inline constexpr std::string_view rotation_token_pattern = R"(^[a-zA-Z0-9\-]+$)";
[[nodiscard]] constexpr bool is_rotation_token(std::string_view text) {
  return !text.empty() &&
         detail::all(text, [](char c) { return detail::is_letter(c) || detail::is_digit(c) || c == '-'; });
}

/// Names of secrets: `[A-Za-z0-9/_+=.@!-]`
[[nodiscard]] constexpr bool is_secret_name(std::string_view text) {
  return detail::all(text,
                     [](char c) { return detail::is_word_character(c) || detail::is_in("-/+=.@!", c); });
}

// ---- Enumerations ----

inline constexpr std::array<std::string_view, 3> replication_statuses{"InSync", "Failed", "InProgress"};
inline constexpr std::array<std::string_view, 7> filter_keys{
    "description", "name", "tag-key", "tag-value", "primary-region", "owning-service", "all"};
inline constexpr std::array<std::string_view, 4> sort_keys{"created-date", "last-accessed-date",
                                                           "last-changed-date", "name"};
inline constexpr std::array<std::string_view, 2> sort_orders{"asc", "desc"};

}  // namespace rushhour::aws
