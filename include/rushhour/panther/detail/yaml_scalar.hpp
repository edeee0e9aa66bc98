/// \file
/// What a plain scalar means by the core schema of YAML 1.2.
#pragma once

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

#include <rushhour/panther/yaml_value.hpp>

namespace rushhour::panther::detail {

[[nodiscard]] inline bool is_one_of(std::string_view text, std::initializer_list<std::string_view> words) {
  for (const std::string_view word : words) {
    if (text == word) return true;
  }
  return false;
}

[[nodiscard]] inline bool all_of_digits(std::string_view text, std::string_view digits) {
  return !text.empty() && text.find_first_not_of(digits) == std::string_view::npos;
}

/// `12`, `-012`, `0o14`, `0xC`; the last two without a sign, as the schema has them.
[[nodiscard]] inline bool resolve_integer(std::string_view text, YamlValue& out) {
  int base = 10;
  std::string_view digits = text;
  bool is_negative = false;
  if (text.starts_with("0o") && all_of_digits(text.substr(2), "01234567")) {
    base = 8;
    digits.remove_prefix(2);
  } else if (text.starts_with("0x") && all_of_digits(text.substr(2), "0123456789abcdefABCDEF")) {
    base = 16;
    digits.remove_prefix(2);
  } else {
    is_negative = text.starts_with('-');
    if (is_negative || text.starts_with('+')) digits.remove_prefix(1);
    if (!all_of_digits(digits, "0123456789")) return false;
  }
  std::uint64_t magnitude{};
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), magnitude, base);
  constexpr auto limit = std::uint64_t{1} << 63;
  if (read.ec == std::errc{} && (magnitude < limit || (is_negative && magnitude == limit))) {
    out.kind = YamlValue::Kind::integer;
    out.integer = static_cast<std::int64_t>(is_negative ? ~magnitude + 1 : magnitude);
    return true;
  }
  out.kind = YamlValue::Kind::real;
  out.real = 0;
  if (base == 10) {
    static_cast<void>(std::from_chars(digits.data(), digits.data() + digits.size(), out.real));
  } else {
    for (const char c : digits) out.real = out.real * base + (c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
  }
  if (is_negative) out.real = -out.real;
  return true;
}

/// `[-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?`
[[nodiscard]] inline bool has_form_of_real(std::string_view text) {
  constexpr std::string_view digits = "0123456789";
  const auto skip_digits = [&] {
    const std::size_t end = std::min(text.find_first_not_of(digits), text.size());
    text.remove_prefix(end);
    return end;
  };
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  const std::size_t whole = skip_digits();
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    if (skip_digits() + whole == 0) return false;
  } else if (whole == 0) {
    return false;
  }
  if (text.empty()) return true;
  if (text.front() != 'e' && text.front() != 'E') return false;
  text.remove_prefix(1);
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  return all_of_digits(text, digits);
}

[[nodiscard]] inline bool resolve_real(std::string_view text, YamlValue& out) {
  const bool has_sign = text.starts_with('-') || text.starts_with('+');
  const std::string_view unsigned_text = text.substr(has_sign ? 1 : 0);
  const double sign = text.starts_with('-') ? -1 : 1;
  if (is_one_of(unsigned_text, {".inf", ".Inf", ".INF"})) {
    out.real = sign * std::numeric_limits<double>::infinity();
  } else if (is_one_of(text, {".nan", ".NaN", ".NAN"})) {
    out.real = std::numeric_limits<double>::quiet_NaN();
  } else if (has_form_of_real(text)) {
    double magnitude{};
    const auto read =
        std::from_chars(unsigned_text.data(), unsigned_text.data() + unsigned_text.size(), magnitude);
    // Too large is infinite, as Python's float() has it; too small stays zero.
    if (read.ec == std::errc::result_out_of_range && unsigned_text.find('-') == std::string_view::npos) {
      magnitude = std::numeric_limits<double>::infinity();
    }
    out.real = sign * magnitude;
  } else {
    return false;
  }
  out.kind = YamlValue::Kind::real;
  return true;
}

/// Sets kind and value of `out`, whose place stays.
inline void resolve_plain(std::string_view text, YamlValue& out) {
  if (text.empty() || is_one_of(text, {"~", "null", "Null", "NULL"})) {
    out.kind = YamlValue::Kind::null;
  } else if (is_one_of(text, {"true", "True", "TRUE", "false", "False", "FALSE"})) {
    out.kind = YamlValue::Kind::boolean;
    out.boolean = text.front() == 't' || text.front() == 'T';
  } else if (!resolve_integer(text, out) && !resolve_real(text, out)) {
    out.kind = YamlValue::Kind::text;
    out.text = text;
  }
}

}  // namespace rushhour::panther::detail
