/// \file
/// Numbers, instants and paragraphs as a terminal of 80 columns shows them.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <rushhour/limit/profiles.hpp>
#include <rushhour/ratio.hpp>
#include <rushhour/time.hpp>

namespace rushhour::report::detail {

inline constexpr std::size_t width = 80;

/// `1,500,000`
inline std::string grouped(std::uint64_t number) {
  const std::string digits = std::to_string(number);
  std::string out;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i != 0 && (digits.size() - i) % 3 == 0) out += ',';
    out += digits[i];
  }
  return out;
}

/// A ratio with `decimals` digits behind the point, rounded to the nearest.
inline std::string decimal(Ratio ratio, unsigned decimals) {
  std::uint64_t scale = 1;
  for (unsigned i = 0; i < decimals; ++i) scale *= 10;
  const std::uint64_t scaled =
      Ratio{ratio.numerator * 2 * scale + ratio.denominator, ratio.denominator * 2}.of(1);
  std::string out = grouped(scaled / scale);
  if (decimals > 0) {
    std::string fraction = std::to_string(scaled % scale);
    out += '.';
    out.append(decimals - fraction.size(), '0');
    out += fraction;
  }
  return out;
}

inline std::string percent(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? "-" : decimal({part * 100, whole}, 2) + " %";
}

inline std::string time_of_day(Instant instant) {
  return to_iso8601(instant, Precision::milliseconds).substr(11, 12);
}

/// `600 per 1s`
inline std::string limit_text(const limit::Profile& profile) {
  const std::string per = grouped(profile.limit) + " / ";
  if (profile.calendar_month) return per + "month";
  if (profile.window == std::chrono::days{1}) return per + "day";
  if (profile.window == std::chrono::hours{1}) return per + "h";
  if (profile.window == std::chrono::minutes{1}) return per + "min";
  if (profile.window == std::chrono::seconds{1}) return per + "s";
  return per + to_text(profile.window);
}

/// To the millisecond below, or to the second where the milliseconds say nothing.
inline std::string short_duration(Duration length) {
  if (length >= std::chrono::minutes{10}) return to_text(std::chrono::floor<std::chrono::seconds>(length));
  return to_text(std::chrono::floor<std::chrono::milliseconds>(length));
}

/// How much of a word longer than a line goes on this one: no UTF-8 sequence is torn.
inline std::size_t break_in(std::string_view word, std::size_t room) {
  std::size_t end = std::min(room, word.size());
  while (end > 1 && end < word.size() && (static_cast<unsigned char>(word[end]) & 0xC0U) == 0x80U) --end;
  return end;
}

/// The text in lines of at most the report's width, each after `indent`. Words that are longer than that are
/// broken.
inline std::string wrapped(std::string_view text, std::string_view indent) {
  std::string out;
  std::string line{indent};
  const auto end_line = [&] {
    out += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
    line = indent;
  };
  while (!text.empty()) {
    std::string_view word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(text.size(), word.size() + 1));
    if (line.size() > indent.size() && line.size() + word.size() > width) end_line();
    while (word.size() > width - indent.size()) {
      const std::size_t end = break_in(word, width - indent.size());
      line += word.substr(0, end);
      word.remove_prefix(end);
      end_line();
    }
    line += std::string{word} + " ";
  }
  end_line();
  return out;
}

/// A command to be typed again: too long for a line, it goes on below after a backslash, as a shell reads it.
inline std::string command(const std::vector<std::string>& words, std::string_view label) {
  std::string out;
  std::string line{label};
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::size_t backslash = i + 1 < words.size() ? 2 : 0;
    if (line.size() > label.size() && line.size() + 1 + words[i].size() + backslash > width) {
      out += line + " \\\n";
      line = std::string(label.size(), ' ');
    }
    line += (line.size() > label.size() ? " " : "") + words[i];
  }
  return out + line + "\n";
}

}  // namespace rushhour::report::detail
