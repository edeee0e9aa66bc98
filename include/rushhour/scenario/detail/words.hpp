/// \file
/// What messages about a document are made of: quoted texts, lists, the nearest known word, and decimals read
/// and written exactly.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rushhour/detail/wide.hpp>
#include <rushhour/ratio.hpp>

namespace rushhour::scenario::detail {

/// The text in double quotes, on one line, and cut after 60 bytes (not inside a UTF-8 sequence).
[[nodiscard]] inline std::string in_quotes(std::string_view text) {
  constexpr std::size_t bytes_max = 60;
  static constexpr char hexadecimal[] = "0123456789abcdef";
  std::size_t end = std::min(text.size(), bytes_max);
  while (end < text.size() && end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  std::string out = "\"";
  for (const char c : text.substr(0, end)) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else if (byte < 0x20 || byte == 0x7F) {
      out += "\\u00";
      out += hexadecimal[byte >> 4];
      out += hexadecimal[byte & 15U];
    } else {
      out += c;
    }
  }
  return out + (end < text.size() ? "...\"" : "\"");
}

/// One step of a JSON pointer (RFC 6901): `/key`, with `~` and `/` in the key escaped.
[[nodiscard]] inline std::string pointer_step(std::string_view key) {
  std::string out = "/";
  for (const char c : key) {
    if (c == '~' || c == '/') {
      out += c == '~' ? "~0" : "~1";
    } else {
      out += c;
    }
  }
  return out;
}

/// `"a", "b" or "c"`.
template <class Texts>
[[nodiscard]] std::string list_in_quotes(const Texts& texts, std::string_view last_joint) {
  std::string out;
  std::size_t left = std::size(texts);
  for (const auto& text : texts) {
    out += in_quotes(text);
    --left;
    if (left == 1) out += last_joint;
    if (left > 1) out += ", ";
  }
  return out;
}

/// How many letters must be typed otherwise to turn one word into the other: insertions, deletions,
/// substitutions and swaps of neighbours (optimal string alignment). Case does not count, nor does `-` for
/// `_`.
[[nodiscard]] inline std::size_t edit_distance(std::string_view a, std::string_view b) {
  const auto plain = [](char c) {
    if (c >= 'A' && c <= 'Z') return static_cast<char>(c - 'A' + 'a');
    return c == '-' ? '_' : c;
  };
  std::vector<std::size_t> before_last(b.size() + 1);
  std::vector<std::size_t> last(b.size() + 1);
  std::vector<std::size_t> current(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) current[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    before_last.swap(last);
    last.swap(current);
    current[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const bool same = plain(a[i - 1]) == plain(b[j - 1]);
      current[j] = std::min({last[j] + 1, current[j - 1] + 1, last[j - 1] + (same ? 0 : 1)});
      const bool swapped =
          i > 1 && j > 1 && plain(a[i - 1]) == plain(b[j - 2]) && plain(a[i - 2]) == plain(b[j - 1]);
      if (swapped) current[j] = std::min(current[j], before_last[j - 2] + 1);
    }
  }
  return current[b.size()];
}

/// The known words that `seen` may be a slip of, nearest first, then in their own order: at most `count`, and
/// none that differs in more than a third of its letters. Words beyond 200 bytes are no slips and would cost
/// their square.
template <class Texts>
[[nodiscard]] std::vector<std::string> nearest(std::string_view seen, const Texts& known,
                                               std::size_t count = 1) {
  constexpr std::size_t bytes_max = 200;
  std::vector<std::pair<std::size_t, std::string>> ranked;
  for (const auto& entry : known) {
    const std::string_view word{entry};
    if (seen.size() > bytes_max || word.size() > bytes_max) continue;
    const std::size_t distance = edit_distance(seen, word);
    if (distance <= (std::max(seen.size(), word.size()) + 1) / 3) ranked.emplace_back(distance, word);
  }
  std::stable_sort(ranked.begin(), ranked.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<std::string> out;
  for (auto& [distance, word] : ranked) {
    if (out.size() < count) out.push_back(std::move(word));
  }
  return out;
}

/// `did you mean "duration"?`; empty when nothing known is near.
template <class Texts>
[[nodiscard]] std::string did_you_mean(std::string_view seen, const Texts& known, std::size_t count = 1) {
  const std::vector<std::string> words = nearest(seen, known, count);
  return words.empty() ? std::string{} : "did you mean " + list_in_quotes(words, " or ") + "?";
}

/// A decimal number, exactly; `negative` is never set for zero.
struct Decimal {
  bool negative{};
  Ratio magnitude{};  ///< reduced

  [[nodiscard]] bool whole() const { return magnitude.denominator == 1; }
};

/// Multiplies by ten so often; false on overflow.
[[nodiscard]] inline bool scale_by_ten(std::uint64_t& value, std::int64_t times) {
  for (; times > 0 && value != 0; --times) {
    if (__builtin_mul_overflow(value, std::uint64_t{10}, &value)) return false;
  }
  return true;
}

/// Reads `[-]digits[.digits][e[+-]digits]` without rounding. Nothing when the text is anything else, or when
/// numerator or denominator would not fit in 64 bits.
[[nodiscard]] inline std::optional<Decimal> parse_decimal(std::string_view text) {
  std::size_t at = 0;
  const auto more = [&] { return at < text.size(); };
  const auto digit = [&] { return more() && text[at] >= '0' && text[at] <= '9'; };
  const bool negative = more() && text[at] == '-';
  if (negative) ++at;
  std::uint64_t mantissa = 0;
  std::int64_t exponent = 0;       // of ten
  std::int64_t pending_zeros = 0;  // zeros that count only if another digit follows: 1.500 is 1.5
  bool any = false;
  bool fits = true;
  const auto take = [&](bool fraction) {
    any = true;
    if (fraction) --exponent;
    if (text[at] == '0') {
      ++pending_zeros;
      return;
    }
    fits = fits && scale_by_ten(mantissa, pending_zeros + 1) &&
           !__builtin_add_overflow(mantissa, static_cast<std::uint64_t>(text[at] - '0'), &mantissa);
    pending_zeros = 0;
  };
  for (; digit(); ++at) take(false);
  if (!any) return std::nullopt;
  if (more() && text[at] == '.') {
    ++at;
    if (!digit()) return std::nullopt;
    for (; digit(); ++at) take(true);
  }
  exponent += pending_zeros;
  if (more() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    const bool down = more() && text[at] == '-';
    if (more() && (text[at] == '-' || text[at] == '+')) ++at;
    if (!digit()) return std::nullopt;
    std::int64_t written = 0;
    for (; digit(); ++at) written = std::min<std::int64_t>(written * 10 + (text[at] - '0'), 1'000'000'000);
    exponent += down ? -written : written;
  }
  if (more()) return std::nullopt;
  if (mantissa == 0 && fits) return Decimal{};
  std::uint64_t denominator = 1;
  fits = fits && scale_by_ten(mantissa, exponent) && scale_by_ten(denominator, -exponent);
  if (!fits) return std::nullopt;
  return Decimal{negative, Ratio{mantissa, denominator}.reduced()};
}

/// The ratio as a decimal: `4`, `0.02`, `1.05`; with at most 6 decimals, and `~` before it where that is not
/// exact.
[[nodiscard]] inline std::string decimal_text(Ratio ratio) {
  using rushhour::detail::uint128;
  constexpr std::uint64_t unit = 1'000'000;
  const uint128 scaled = static_cast<uint128>(ratio.numerator % ratio.denominator) * unit;
  const bool exact = scaled % ratio.denominator == 0;
  auto millionths = static_cast<std::uint64_t>(scaled / ratio.denominator);
  const bool up = !exact && (scaled % ratio.denominator) * 2 >= ratio.denominator;
  std::uint64_t whole = ratio.numerator / ratio.denominator;
  if (up && ++millionths == unit) {
    millionths = 0;
    ++whole;
  }
  std::string out = (exact ? "" : "~") + std::to_string(whole);
  if (millionths == 0) return out;
  std::string decimals = std::to_string(unit + millionths).substr(1);
  decimals.erase(decimals.find_last_not_of('0') + 1);
  return out + "." + decimals;
}

}  // namespace rushhour::scenario::detail
