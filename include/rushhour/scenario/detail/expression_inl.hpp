/// \file
/// Bodies of expression.hpp that read: a recursive descent, one function per rule of the grammar. Judging is
/// in expression_judging_inl.hpp.
#pragma once

#include <algorithm>
#include <array>
#include <utility>

#include <rushhour/scenario/detail/expression_text.hpp>
#include <rushhour/scenario/detail/words.hpp>
#include <rushhour/scenario/expression.hpp>

namespace rushhour::scenario {
namespace detail {

[[nodiscard]] inline std::optional<Window> window_of(std::string_view word) {
  for (std::size_t i = 0; i < window_count; ++i) {
    if (word == to_text(static_cast<Window>(i))) return static_cast<Window>(i);
  }
  return std::nullopt;
}

[[nodiscard]] inline Aggregate aggregate_of(std::string_view word) {
  for (const Aggregate each : {Aggregate::max, Aggregate::mean}) {
    if (word == to_text(each)) return each;
  }
  return Aggregate::none;
}

/// `the windows are per_second, ..., any_60s and total`, for advice.
[[nodiscard]] inline std::string windows_advice(bool with_total) {
  std::string out = "the windows are ";
  for (std::size_t i = 1; i < window_count; ++i) {
    if (i > 1) out += i + 1 == window_count && !with_total ? " and " : ", ";
    out += to_text(static_cast<Window>(i));
  }
  return with_total ? out + " and total" : out;
}

/// The units of durations, in seconds.
struct Unit {
  std::string_view name;
  Ratio seconds;
};
inline constexpr std::array<Unit, 5> units{
    {{"ms", {1, 1'000}}, {"s", {1, 1}}, {"m", {60, 1}}, {"h", {3'600, 1}}, {"d", {86'400, 1}}}};

/// Words with their places, as the rules consume them.
class ExpressionParser {
 public:
  ExpressionParser(std::string_view text, const Place& place) : text_(text), place_(place) {}

  [[nodiscard]] Term expression() {
    Term out = term();
    skip_blank();
    if (at_ == text_.size()) return out;
    const std::size_t end = word_end();
    const std::string_view word = text_.substr(at_, end - at_);
    const bool joins = word == "and" || word == "or";
    fail(at_, end, "the end of the expression", joins ? "write each comparison as a budget of its own" : "");
  }

 private:
  struct Word {
    std::size_t begin{};
    std::size_t end{};
  };

  [[nodiscard]] Term term();
  void selector(Term& term);
  void labels(Term& term);
  [[nodiscard]] std::string label_value();
  [[nodiscard]] Op op();
  void value(Term& out);
  void share(Term& out, std::size_t begin);

  [[nodiscard]] std::vector<Word> words(Term& term);
  [[nodiscard]] std::string_view text_of(Word word) const {
    return text_.substr(word.begin, word.end - word.begin);
  }
  void skip_blank() { at_ = std::min(text_.find_first_not_of(" \t\r\n", at_), text_.size()); }
  [[nodiscard]] static bool in_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  }
  /// The end of the word or single character at the current place, UTF-8 sequences kept whole.
  [[nodiscard]] std::size_t word_end() const {
    std::size_t end = at_;
    while (end < text_.size() && in_word(text_[end])) ++end;
    if (end == at_ && end < text_.size()) ++end;
    while (end < text_.size() && (static_cast<unsigned char>(text_[end]) & 0xC0U) == 0x80U) ++end;
    return end;
  }
  bool take_word(std::string_view word) {
    skip_blank();
    if (text_.substr(at_, word_end() - at_) != word) return false;
    at_ += word.size();
    return true;
  }
  [[noreturn]] void fail(std::size_t begin, std::size_t end, std::string expected,
                         std::string advice = {}) const {
    fail_expression(text_, place_, begin, end, std::move(expected), std::move(advice));
  }
  [[noreturn]] void fail_here(std::string expected, std::string advice = {}) const {
    fail(at_, word_end(), std::move(expected), std::move(advice));
  }

  std::string_view text_;
  const Place& place_;
  std::size_t at_ = 0;
};

RUSHHOUR_INLINE Term ExpressionParser::term() {
  Term out;
  skip_blank();
  out.begin = at_;
  selector(out);
  out.end = at_;
  out.op = op();
  skip_blank();
  out.op_end = at_;
  value(out);
  return out;
}

RUSHHOUR_INLINE std::vector<ExpressionParser::Word> ExpressionParser::words(Term& term) {
  std::vector<Word> out;
  do {
    if (!out.empty()) ++at_;  // the dot
    if (at_ == text_.size() || !in_word(text_[at_])) {
      fail_here(out.empty() ? "a selector such as virustotal.attempts.per_minute.max"
                            : "a name after the dot");
    }
    const std::size_t end = word_end();
    out.push_back({at_, end});
    at_ = end;
    if (out.size() == 1) labels(term);
  } while (at_ < text_.size() && text_[at_] == '.');
  return out;
}

/// What stands in braces after the service, if anything does.
RUSHHOUR_INLINE void ExpressionParser::labels(Term& term) {
  term.labels_begin = term.labels_end = at_;
  if (at_ == text_.size() || text_[at_] != '{') return;
  std::vector<Label>& out = term.selector.labels;
  do {
    ++at_;  // the brace, or the comma
    skip_blank();
    const std::size_t begin = at_;
    if (at_ == text_.size() || !in_word(text_[at_])) fail_here("a label such as rule='AWS.Root'");
    at_ = word_end();
    std::string key{text_.substr(begin, at_ - begin)};
    const auto same = [&key](const Label& label) { return label.key == key; };
    if (std::any_of(out.begin(), out.end(), same)) fail(begin, at_, "each label once");
    skip_blank();
    if (at_ == text_.size() || text_[at_] != '=') fail_here("\"=\" after the label");
    ++at_;
    skip_blank();
    std::string value = label_value();
    out.push_back({std::move(key), std::move(value)});
    skip_blank();
  } while (at_ < text_.size() && text_[at_] == ',');
  if (at_ == text_.size() || text_[at_] != '}') fail_here("\",\" or \"}\" after the label");
  term.labels_end = ++at_;
  std::sort(out.begin(), out.end(), [](const Label& a, const Label& b) { return a.key < b.key; });
}

RUSHHOUR_INLINE std::string ExpressionParser::label_value() {
  const char quote = at_ < text_.size() ? text_[at_] : '\0';
  if (quote != '\'' && quote != '"') fail_here("the label's value in quotes");
  const std::size_t end = text_.find(quote, at_ + 1);
  if (end == std::string_view::npos) fail(at_, text_.size(), "a quote at the end of the label's value");
  std::string out{text_.substr(at_ + 1, end - at_ - 1)};
  at_ = end + 1;
  return out;
}

RUSHHOUR_INLINE void ExpressionParser::selector(Term& term) {
  std::vector<Word> names = words(term);
  const std::size_t begin = names.front().begin;
  const std::size_t end = names.back().end;
  Selector& out = term.selector;
  // Of two names the second is the measure, also where it is called max or total: delay.max, cost.total.
  const bool may_end = names.size() != 2;
  const Word last = names.back();
  std::optional<Window> window;
  if (may_end) out.aggregate = aggregate_of(text_of(last));
  if (out.aggregate != Aggregate::none) names.pop_back();
  if (!names.empty() && may_end) window = window_of(text_of(names.back()));
  if (window) names.pop_back();
  if (names.size() < 2) fail(begin, end, "a service and a measure, such as sts.throttled");
  if (names.size() > 3) {
    fail(names[3].begin, end, "service.operation.measure and then a window", windows_advice(true));
  }
  out.window = window.value_or(Window::total);
  if (out.aggregate != Aggregate::none && out.window == Window::total) {
    fail(last.begin, last.end, "a window before " + in_quotes(text_of(last)), windows_advice(false));
  }
  out.service = text_of(names.front());
  if (names.size() == 3) out.operation = text_of(names[1]);
  out.measure = text_of(names.back());
  if (out.window != Window::total && out.aggregate == Aggregate::none) out.aggregate = Aggregate::max;
}

RUSHHOUR_INLINE Op ExpressionParser::op() {
  skip_blank();
  const std::size_t begin = at_;
  while (at_ < text_.size() && std::string_view{"=!<>"}.find(text_[at_]) != std::string_view::npos) ++at_;
  const std::string_view sign = text_.substr(begin, at_ - begin);
  for (const Op each : {Op::equal, Op::not_equal, Op::less, Op::less_equal, Op::greater, Op::greater_equal}) {
    if (sign == to_text(each)) return each;
  }
  struct Slip {
    std::string_view seen;
    std::string_view meant;
  };
  static constexpr Slip slips[] = {{"=", "=="},  {"===", "=="}, {"=<", "<="},
                                   {"=>", ">="}, {"<>", "!="},  {"!", "!="}};
  const auto* slip =
      std::find_if(std::begin(slips), std::end(slips), [&](Slip each) { return each.seen == sign; });
  const std::string advice = slip == std::end(slips) ? "" : "did you mean " + in_quotes(slip->meant) + "?";
  const std::string expected = "one of == != < <= > >=";
  if (sign.empty()) fail_here(expected);
  fail(begin, at_, expected, advice);
}

RUSHHOUR_INLINE void ExpressionParser::value(Term& out) {
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
  const std::string_view suffix = written.substr(digits);
  const auto number = parse_decimal(digits == 0 ? written : written.substr(0, digits));
  if (!number) fail(begin, at_, "a number of at most 19 digits");
  if (number->negative) fail(begin, at_, "a number of at least 0");
  out.value = number->magnitude;
  if (suffix.empty()) {
    share(out, begin);
    return;
  }
  const auto* unit = std::find_if(units.begin(), units.end(), [&](Unit each) { return each.name == suffix; });
  if (unit == units.end()) fail(begin + digits, at_, "one of the units ms, s, m, h and d");
  const auto seconds = product(out.value, unit->seconds);
  if (!seconds) fail(begin, at_, "a duration of fewer digits");
  out.value = seconds->reduced();
  out.duration = true;
}

/// `% of limit`, `of limit`, or nothing.
RUSHHOUR_INLINE void ExpressionParser::share(Term& out, std::size_t begin) {
  const bool percent = take_word("%");
  if (percent) {
    if (__builtin_mul_overflow(out.value.denominator, std::uint64_t{100}, &out.value.denominator)) {
      fail(begin, at_, "a percentage of fewer digits");
    }
    out.value = out.value.reduced();
  }
  out.of_limit = take_word("of");
  if (out.of_limit && !take_word("limit")) fail_here("\"limit\"");
  if (percent && !out.of_limit) fail_here("\"of limit\" after the percentage");
}

}  // namespace detail

RUSHHOUR_INLINE bool compare(Ratio a, Op op, Ratio b) {
  switch (op) {
    case Op::equal:
      return a == b;
    case Op::not_equal:
      return !(a == b);
    case Op::less:
      return a < b;
    case Op::less_equal:
      return !(b < a);
    case Op::greater:
      return b < a;
    case Op::greater_equal:
      return !(a < b);
  }
  RUSHHOUR_ASSERT(false, "an operator outside the enumeration");
  return false;
}

RUSHHOUR_INLINE std::string to_text(const Selector& selector) {
  std::string out = selector.service;
  for (const Label& label : selector.labels) {
    const char quote = label.value.find('\'') == std::string::npos ? '\'' : '"';
    out += (&label == &selector.labels.front() ? "{" : ", ") + label.key + "=" + quote + label.value + quote;
  }
  if (!selector.labels.empty()) out += "}";
  if (!selector.operation.empty()) out += "." + selector.operation;
  out += "." + selector.measure;
  out += "." + std::string{to_text(selector.window)};
  if (selector.aggregate != Aggregate::none) out += "." + std::string{to_text(selector.aggregate)};
  return out;
}

RUSHHOUR_INLINE Budget parse_budget(std::string_view text, Place place) {
  Budget out;
  out.term = detail::ExpressionParser{text, place}.expression();
  out.text = text;
  out.place = std::move(place);
  return out;
}

RUSHHOUR_INLINE Selector parse_selector(std::string_view text) {
  return parse_budget(std::string{text} + " == 0").term.selector;
}

}  // namespace rushhour::scenario
