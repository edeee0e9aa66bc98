/// \file
/// Bodies of expression.hpp that read what a term is compared with: operators are in expression_inl.hpp,
/// numbers, units, shares, the baseline and ranges here.
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>
#include <utility>

#include <rushhour/scenario/detail/exact.hpp>
#include <rushhour/scenario/detail/expression_parser.hpp>
#include <rushhour/scenario/detail/expression_text.hpp>
#include <rushhour/scenario/detail/words.hpp>
#include <rushhour/scenario/expression.hpp>

namespace rushhour::scenario {
namespace detail {

/// The units of times, in seconds.
struct Unit {
  std::string_view name;
  Ratio seconds;
};
inline constexpr std::array<Unit, 5> units{
    {{"ms", {1, 1'000}}, {"s", {1, 1}}, {"m", {60, 1}}, {"h", {3'600, 1}}, {"d", {86'400, 1}}}};

RUSHHOUR_INLINE void ExpressionParser::bound(Term& out) {
  const std::size_t begin = at_;
  if (text_.substr(at_).starts_with("baseline")) {
    baseline(out);
    return;
  }
  amount(out);
  if (!out.duration) share(begin, out);
}

/// A number, with or without a unit, or a duration.
RUSHHOUR_INLINE void ExpressionParser::amount(Term& out) {
  const std::size_t begin = at_;
  const auto in_number = [this, begin] {
    const char c = text_[at_];
    const bool sign_of_exponent = at_ > begin && (text_[at_ - 1] == 'e' || text_[at_ - 1] == 'E');
    return in_word(c) ? c != '-' || at_ == begin || sign_of_exponent
                      : c == '.' || (c == '+' && sign_of_exponent);
  };
  while (at_ < text_.size() && in_number()) ++at_;
  const std::string_view written = text_.substr(begin, at_ - begin);
  if (written.empty()) fail_here("a number");
  // What follows the last digit is a unit.
  const std::size_t digits = written.find_last_of("0123456789.") + 1;
  const auto number = parse_decimal(digits == 0 ? written : written.substr(0, digits));
  const auto length = number ? std::nullopt : parse_duration(written);
  if (length) {
    out.value = Ratio{static_cast<std::uint64_t>(length->count()), 1'000'000'000}.reduced();
    out.duration = true;
    return;
  }
  if (!number) fail(begin, at_, "a number of at most 19 digits");
  if (number->negative) fail(begin, at_, "a number of at least 0");
  out.value = number->magnitude;
  if (digits != written.size()) {
    unit(written.substr(digits), begin, begin + digits, out);
    return;
  }
  const std::size_t end = at_;
  skip_blank();
  const std::string_view next = text_.substr(at_, word_end() - at_);
  const auto is_next = [next](const Unit& each) { return each.name == next; };
  if (std::any_of(units.begin(), units.end(), is_next)) {
    at_ += next.size();
    unit(next, begin, at_ - next.size(), out);
  } else {
    at_ = end;
  }
}

RUSHHOUR_INLINE void ExpressionParser::unit(std::string_view name, std::size_t begin, std::size_t unit_begin,
                                            Term& out) const {
  const auto* found = std::find_if(units.begin(), units.end(), [&](Unit each) { return each.name == name; });
  if (found == units.end()) fail(unit_begin, at_, "one of the units ms, s, m, h and d");
  const auto seconds = product(out.value, found->seconds);
  if (!seconds) fail(begin, at_, "a duration of fewer digits");
  out.value = seconds->reduced();
  out.duration = true;
}

/// Behind a `%`.
RUSHHOUR_INLINE void ExpressionParser::percentage(std::size_t begin, Term& out) {
  if (__builtin_mul_overflow(out.value.denominator, std::uint64_t{100}, &out.value.denominator)) {
    fail(begin, at_, "a percentage of fewer digits");
  }
  out.value = out.value.reduced();
}

/// `% of limit`, `of limit`, or nothing.
RUSHHOUR_INLINE void ExpressionParser::share(std::size_t begin, Term& out) {
  const bool percent = take_word("%");
  if (percent) percentage(begin, out);
  out.of_limit = take_word("of");
  if (out.of_limit && !take_word("limit")) {
    const bool of_baseline = text_.substr(at_).starts_with("baseline");
    fail_here("\"limit\"", of_baseline ? "for 110% of the baseline write \"baseline + 10%\"" : "");
  }
  if (percent && !out.of_limit) fail_here("\"of limit\" after the percentage");
}

/// `baseline`, and how far from it.
RUSHHOUR_INLINE void ExpressionParser::baseline(Term& out) {
  struct Sign {
    std::string_view text;
    Shift shift;
    bool either;
  };
  static constexpr std::array<Sign, 5> signs{{{"+/-", Shift::plus, true},
                                              {"+-", Shift::plus, true},
                                              {"\u00b1", Shift::plus, true},
                                              {"+", Shift::plus, false},
                                              {"-", Shift::minus, false}}};
  out.of_baseline = true;
  at_ += std::string_view{"baseline"}.size();
  const std::size_t end = at_;
  skip_blank();
  const std::string_view rest = text_.substr(at_);
  const auto* sign =
      std::find_if(signs.begin(), signs.end(), [&](Sign each) { return rest.starts_with(each.text); });
  if (sign == signs.end()) {
    if (at_ == end && at_ < text_.size() && in_word(text_[at_])) {
      fail_here("\"+\", \"-\" or \"+/-\" behind \"baseline\"");
    }
    return;
  }
  out.shift = sign->shift;
  either_side_ = sign->either;
  at_ += sign->text.size();
  skip_blank();
  const std::size_t begin = at_;
  amount(out);
  if (out.duration || !take_word("%")) return;
  percentage(begin, out);
  out.percent = true;
}

/// Since midnight: `12:00`, `23:59:30`, and `24:00`. Nothing when the text is anything else.
[[nodiscard]] inline std::optional<Duration> clock_time(std::string_view text) {
  if (text.size() != 5 && text.size() != 8) return std::nullopt;
  std::int64_t seconds = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool is_colon = at % 3 == 2;
    if (is_colon ? text[at] != ':' : text[at] < '0' || text[at] > '9') return std::nullopt;
    if (at % 3 != 0) continue;
    if (at + 1 == text.size() || text[at + 1] < '0' || text[at + 1] > '9') return std::nullopt;
    const std::int64_t part = (text[at] - '0') * 10 + (text[at + 1] - '0');
    if (part > (at == 0 ? 24 : 59)) return std::nullopt;
    seconds += part * (at == 0 ? 3'600 : at == 3 ? 60 : 1);
  }
  if (seconds > 86'400) return std::nullopt;
  return std::chrono::seconds{seconds};
}

/// Behind the `in`.
RUSHHOUR_INLINE void ExpressionParser::range(Term& out) {
  skip_blank();
  out.range_begin = at_;
  Range range;
  bool to_is_offset = false;
  range.from = range_end(range.from_start);
  skip_blank();
  if (!text_.substr(at_).starts_with("..")) fail_here("\"..\" and the end of the range");
  at_ += 2;
  skip_blank();
  range.to = range_end(to_is_offset);
  out.range_end = at_;
  const auto wrong = [&](std::string expected) { fail(out.range_begin, at_, std::move(expected)); };
  if (range.from_start != to_is_offset) wrong("two times, or two offsets from the start");
  if (range.from_start && range.to <= range.from) wrong("an end after the beginning");
  if (range.from == range.to) wrong("two different times");
  if (range.from >= std::chrono::days{1} && !range.from_start) wrong("a beginning before 24:00");
  out.selector.range = range;
}

/// One end of a range: `12:00`, `12:00:30`, `+10m`.
RUSHHOUR_INLINE Duration ExpressionParser::range_end(bool& is_offset) {
  const std::size_t begin = at_;
  is_offset = at('+');
  if (is_offset) ++at_;
  while (at_ < text_.size() && (in_word(text_[at_]) || text_[at_] == ':')) ++at_;
  const std::string_view written = text_.substr(begin, at_ - begin);
  const auto wrong = [&] {
    if (written.empty()) fail_here("a time such as 12:00, or an offset from the start such as +10m");
    fail(begin, at_, "a time such as 12:00, or an offset from the start such as +10m");
  };
  if (is_offset) {
    const auto offset = written == "+0" ? std::optional{Duration::zero()} : parse_duration(written.substr(1));
    if (!offset) wrong();
    return *offset;
  }
  const auto time = clock_time(written);
  if (!time) wrong();
  return *time;
}

}  // namespace detail
}  // namespace rushhour::scenario
