/// \file
/// Bodies of expression.hpp: a recursive descent, one function per rule of the grammar.
#pragma once

#include <algorithm>
#include <numeric>
#include <utility>

#include <rushhour/detail/wide.hpp>
#include <rushhour/scenario/detail/words.hpp>
#include <rushhour/scenario/expression.hpp>

namespace rushhour::scenario {
namespace detail {

/// The expression on a line of its own, and under it carets below text[begin, end). A UTF-8 sequence counts
/// as one column; a tab is kept, so that the carets move with it.
[[nodiscard]] inline std::string with_carets(std::string_view text, std::size_t begin, std::size_t end) {
  const auto continues = [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; };
  std::string line = "\n    ";
  std::string carets = "\n    ";
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i] == '\n' || text[i] == '\r' ? ' ' : text[i];
    line += c;
    if (i >= end || continues(c)) continue;
    carets += i >= begin ? '^' : c == '\t' ? '\t' : ' ';
  }
  if (begin >= text.size()) carets += '^';
  return line + carets;
}

/// \throws InputError about text[begin, end) of an expression, with carets under it.
[[noreturn]] inline void fail_expression(std::string_view text, Place place, std::size_t begin,
                                         std::size_t end, std::string expected, std::string advice = {}) {
  std::string seen =
      begin >= text.size() ? "the end of the expression" : in_quotes(text.substr(begin, end - begin));
  (advice.empty() ? seen : advice) += with_carets(text, begin, end);
  if (place.column != 0) place.column += begin;
  place.fail(std::move(expected), std::move(seen), std::move(advice));
}

[[nodiscard]] inline std::optional<Window> window_of(std::string_view word) {
  for (const Window each :
       {Window::total, Window::per_second, Window::per_10s, Window::per_minute, Window::per_hour}) {
    if (word == to_text(each)) return each;
  }
  return std::nullopt;
}

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
  [[nodiscard]] Selector selector();
  [[nodiscard]] Op op();
  void value(Term& out);

  [[nodiscard]] std::vector<Word> words();
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
  out.selector = selector();
  out.end = at_;
  out.op = op();
  skip_blank();
  out.op_end = at_;
  value(out);
  return out;
}

RUSHHOUR_INLINE std::vector<ExpressionParser::Word> ExpressionParser::words() {
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
  } while (at_ < text_.size() && text_[at_] == '.');
  return out;
}

RUSHHOUR_INLINE Selector ExpressionParser::selector() {
  std::vector<Word> names = words();
  const std::size_t begin = names.front().begin;
  const std::size_t end = names.back().end;
  Selector out;
  std::optional<Word> aggregate;
  std::optional<Window> window;
  if (text_of(names.back()) == to_text(Aggregate::max)) {
    aggregate = names.back();
    names.pop_back();
  }
  if (!names.empty()) window = window_of(text_of(names.back()));
  if (window) names.pop_back();
  if (names.size() < 2) fail(begin, end, "a service and a measure, such as sts.throttled");
  if (names.size() > 3) {
    fail(names[3].begin, end, "service.operation.measure and then a window",
         "the windows are per_second, per_10s, per_minute, per_hour and total");
  }
  if (aggregate && window.value_or(Window::total) == Window::total) {
    fail(aggregate->begin, aggregate->end, "a window before \"max\"",
         "the windows are per_second, per_10s, per_minute and per_hour");
  }
  out.service = text_of(names.front());
  if (names.size() == 3) out.operation = text_of(names[1]);
  out.measure = text_of(names.back());
  out.window = window.value_or(Window::total);
  out.aggregate = out.window == Window::total ? Aggregate::none : Aggregate::max;
  return out;
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
  const auto number = parse_decimal(text_.substr(begin, at_ - begin));
  const bool none = at_ == begin;
  if (none) fail_here("a number");
  if (!number) fail(begin, at_, "a number of at most 19 digits");
  if (number->negative) fail(begin, at_, "a number of at least 0");
  out.value = number->magnitude;
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

/// How much of the selector as written some known selector begins with, in whole names and their dots.
[[nodiscard]] inline std::size_t known_beginning(std::string_view written,
                                                 const std::vector<std::string>& known) {
  std::size_t longest = 0;
  for (std::size_t dot = written.find('.'); dot != std::string_view::npos; dot = written.find('.', dot + 1)) {
    const std::string_view beginning = written.substr(0, dot + 1);
    const auto begins = [beginning](const std::string& each) { return each.starts_with(beginning); };
    if (std::any_of(known.begin(), known.end(), begins)) longest = dot + 1;
  }
  return longest;
}

/// What to offer instead of an unknown selector: slips of the pen, else what begins alike, else the services.
[[nodiscard]] inline std::string selector_advice(const Selector& selector, std::string_view beginning,
                                                 const std::vector<std::string>& known) {
  constexpr std::size_t offered_max = 3;
  if (known.empty()) return "nothing is measured";
  std::string advice = did_you_mean(to_text(selector), known, offered_max);
  if (!advice.empty()) return advice;
  std::vector<std::string> choices;
  for (const std::string& each : known) {
    std::string choice = beginning.empty() ? each.substr(0, each.find('.')) : each;
    const bool fresh = std::find(choices.begin(), choices.end(), choice) == choices.end();
    if (fresh && choice.starts_with(beginning)) choices.push_back(std::move(choice));
  }
  if (beginning.empty()) return "known before the first dot: " + list_in_quotes(choices, " and ");
  if (choices.size() > offered_max) choices.resize(offered_max);
  return "known, for example: " + list_in_quotes(choices, " and ");
}

/// value * limit, exactly; nothing on overflow of the reduced product.
[[nodiscard]] inline std::optional<Ratio> product(Ratio a, Ratio b) {
  a = a.reduced();
  b = b.reduced();
  const std::uint64_t across = std::gcd(a.numerator, b.denominator);
  const std::uint64_t back = std::gcd(b.numerator, a.denominator);
  Ratio out;
  const bool overflow =
      __builtin_mul_overflow(a.numerator / across, b.numerator / back, &out.numerator) ||
      __builtin_mul_overflow(a.denominator / back, b.denominator / across, &out.denominator);
  if (overflow) return std::nullopt;
  return out;
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

RUSHHOUR_INLINE void require_known(const Budget& budget, const Metrics& metrics) {
  const Term& term = budget.term;
  if (!metrics.find(term.selector)) {
    const std::vector<std::string> known = metrics.known();
    const std::string full = to_text(term.selector);
    if (std::find(known.begin(), known.end(), full) == known.end()) {
      const std::string_view written = std::string_view{budget.text}.substr(0, term.end).substr(term.begin);
      const std::size_t same = detail::known_beginning(written, known);
      const std::size_t end = std::min(written.find('.', same), written.size());
      detail::fail_expression(budget.text, budget.place, term.begin + same, term.begin + end,
                              "a known selector",
                              detail::selector_advice(term.selector, written.substr(0, same), known));
    }
  }
  if (!term.of_limit) return;
  const auto limit = metrics.limit(term.selector);
  if (!limit) {
    detail::fail_expression(budget.text, budget.place, term.op_end, budget.text.size(),
                            "a plain number: no limit applies to " + to_text(term.selector));
  }
  if (!detail::product(term.value, *limit)) {
    detail::fail_expression(budget.text, budget.place, term.op_end, budget.text.size(),
                            "a share with fewer digits, so that its product with the limit is exact");
  }
}

RUSHHOUR_INLINE Verdict evaluate(const Budget& budget, const Metrics& metrics) {
  require_known(budget, metrics);
  const Term& term = budget.term;
  Verdict out;
  out.measured = metrics.find(term.selector);
  out.never_called = metrics.never_called(term.selector);
  const auto limit = term.of_limit ? metrics.limit(term.selector) : std::nullopt;
  out.bound = limit ? detail::product(term.value, *limit) : term.value;
  if (out.never_called && !budget.allow_empty) {
    out.text = "fails: never called";
    return out;
  }
  if (!out.measured) {
    out.holds = budget.allow_empty;
    out.text = std::string{out.holds ? "holds" : "fails"} + ": nothing was measured";
    return out;
  }
  out.holds = compare(*out.measured, term.op, *out.bound);
  out.text = out.holds ? "holds: " : "fails: ";
  out.text += detail::decimal_text(*out.measured) + (out.holds ? " " : " is not ");
  out.text += std::string{to_text(term.op)} + " " + detail::decimal_text(*out.bound);
  if (limit) {
    out.text += " (" + std::string{detail::decimal_text(term.value)} + " of the limit " +
                detail::decimal_text(*limit) + ")";
  }
  return out;
}

}  // namespace rushhour::scenario
