/// \file
/// Bodies of expression.hpp that read selectors, and how terms are joined. What terms are compared with is
/// read in expression_values_inl.hpp, judging is in expression_judging_inl.hpp.
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

/// What an expression may hold. It is written by hand, and read recursively.
inline constexpr std::size_t terms_max = 64;
inline constexpr std::size_t parentheses_max = 32;

/// `the windows are per_second, ..., any_ with a duration (any_30s) and total`, for advice.
[[nodiscard]] inline std::string windows_advice(bool with_total) {
  std::string out = "the windows are ";
  for (const Window each :
       {Window::per_second, Window::per_10s, Window::per_minute, Window::per_hour, Window::per_day}) {
    if (each != Window::per_second) out += ", ";
    out += to_text(each);
  }
  return out +
         (with_total ? ", any_ with a duration (any_30s) and total" : " and any_ with a duration (any_30s)");
}

/// Of one part the part itself.
[[nodiscard]] inline Expression joined(Expression::Kind kind, std::vector<Expression> parts) {
  if (parts.size() == 1) return std::move(parts.front());
  return {.kind = kind, .parts = std::move(parts)};
}

RUSHHOUR_INLINE void ExpressionParser::read(Budget& out) {
  out.expression = expression();
  skip_blank();
  if (at(')')) fail_here("no \")\" without its \"(\"");
  if (at_ != text_.size()) fail_behind_term("the end of the expression");
  out.term = std::move(terms_.front());
  out.more.assign(std::make_move_iterator(terms_.begin() + 1), std::make_move_iterator(terms_.end()));
}

RUSHHOUR_INLINE Expression ExpressionParser::expression() {
  std::vector<Expression> parts;
  do parts.push_back(conjunction());
  while (take_word("or"));
  return joined(Expression::Kind::any, std::move(parts));
}

RUSHHOUR_INLINE Expression ExpressionParser::conjunction() {
  std::vector<Expression> parts;
  do parts.push_back(part());
  while (take_word("and"));
  return joined(Expression::Kind::all, std::move(parts));
}

RUSHHOUR_INLINE Expression ExpressionParser::part() {
  skip_blank();
  if (!at('(')) return term();
  if (++depth_ > parentheses_max) fail_here("at most 32 parentheses in each other");
  ++at_;
  Expression out = expression();
  skip_blank();
  if (!at(')')) fail_behind_term("\")\"");
  ++at_;
  --depth_;
  return out;
}

/// Where a term has ended and something follows.
RUSHHOUR_INLINE void ExpressionParser::fail_behind_term(std::string expected) const {
  struct Slip {
    std::string_view seen;
    std::string_view meant;
  };
  static constexpr std::array<Slip, 7> slips{
      {{"&&", "and"}, {"&", "and"}, {"AND", "and"}, {"||", "or"}, {"|", "or"}, {"OR", "or"}, {"IN", "in"}}};
  const std::string_view rest = text_.substr(at_);
  const auto* slip =
      std::find_if(slips.begin(), slips.end(), [&](Slip each) { return rest.starts_with(each.seen); });
  fail_here("\"and\", \"or\" or " + expected,
            slip == slips.end() ? "" : "did you mean " + in_quotes(slip->meant) + "?");
}

RUSHHOUR_INLINE Expression ExpressionParser::add(Term term) {
  if (terms_.size() == terms_max) fail(term.begin, term.end, "at most 64 comparisons in one budget");
  terms_.push_back(std::move(term));
  return {.term = terms_.size() - 1};
}

RUSHHOUR_INLINE Expression ExpressionParser::term() {
  Term out;
  skip_blank();
  out.begin = at_;
  selector(out);
  out.end = at_;
  skip_blank();
  const std::size_t op_begin = at_;
  out.op = op();
  const std::size_t op_end = at_;
  skip_blank();
  out.op_end = at_;
  either_side_ = false;
  bound(out);
  out.value_end = out.range_begin = out.range_end = last_end();
  if (take_word("in")) range(out);
  if (!either_side_) return add(std::move(out));
  if (out.op != Op::equal) fail(op_begin, op_end, "\"==\" before a bound with \"+/-\"");
  Term least = out;
  least.op = Op::greater_equal;
  least.shift = Shift::minus;
  out.op = Op::less_equal;
  std::vector<Expression> sides;
  sides.push_back(add(std::move(least)));
  sides.push_back(add(std::move(out)));
  return joined(Expression::Kind::all, std::move(sides));
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
    const std::string_view word = text_of({at_, end});
    const bool decimals = word.find_first_not_of("0123456789") == std::string_view::npos;
    if (decimals && !out.empty() && is_percentile(text_of(out.back()))) {
      out.back().end = end;  // of p99.9, which the dot has parted
    } else {
      out.push_back({at_, end});
    }
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

/// Whether the word names a window.
RUSHHOUR_INLINE bool ExpressionParser::window(Word word, Selector& out) const {
  const std::string_view text = text_of(word);
  for (std::size_t i = 0; i + 1 < window_count; ++i) {
    if (text != to_text(static_cast<Window>(i))) continue;
    out.window = static_cast<Window>(i);
    return true;
  }
  const std::string_view any = to_text(Window::any);
  if (!text.starts_with(any)) return false;
  const auto length = parse_duration(text.substr(any.size()));
  if (!length || *length <= Duration::zero()) {
    fail(word.begin, word.end, "a duration behind \"any_\", such as any_30s");
  }
  using std::chrono::seconds;
  out.window = *length == seconds{1}    ? Window::any_1s
               : *length == seconds{10} ? Window::any_10s
               : *length == seconds{60} ? Window::any_60s
                                        : Window::any;
  if (out.window == Window::any) out.sliding = *length;
  return true;
}

/// Whether the word names an aggregate.
RUSHHOUR_INLINE bool ExpressionParser::aggregate(Word word, Selector& out) const {
  const std::string_view text = text_of(word);
  for (const Aggregate each :
       {Aggregate::max, Aggregate::min, Aggregate::mean, Aggregate::sum, Aggregate::first, Aggregate::last}) {
    if (text == to_text(each)) out.aggregate = each;
  }
  if (out.aggregate != Aggregate::none) return true;
  if (!is_percentile(text)) return false;
  const auto percent = percentile_of(text);
  if (!percent) fail(word.begin, word.end, "a percentile between p0 and p100, such as p95 or p99.9");
  out.aggregate = Aggregate::percentile;
  out.percentile = *percent;
  return true;
}

RUSHHOUR_INLINE void ExpressionParser::selector(Term& term) {
  std::vector<Word> names = words(term);
  const std::size_t begin = names.front().begin;
  const std::size_t end = names.back().end;
  Selector& out = term.selector;
  // Of two names the second is the measure, also where it is called max or total: delay.max, cost.total.
  const bool may_end = names.size() != 2;
  const Word last = names.back();
  if (may_end && aggregate(last, out)) names.pop_back();
  const bool windowed = !names.empty() && may_end && window(names.back(), out);
  if (windowed) names.pop_back();
  if (names.size() < 2) fail(begin, end, "a service and a measure, such as sts.throttled");
  if (names.size() > 3) {
    fail(names[3].begin, end, "service.operation.measure and then a window", windows_advice(true));
  }
  if (out.aggregate != Aggregate::none && out.window == Window::total) {
    fail(last.begin, last.end, "a window before " + in_quotes(text_of(last)), windows_advice(false));
  }
  out.service = text_of(names.front());
  if (names.size() == 3) out.operation = text_of(names[1]);
  out.measure = text_of(names.back());
  if (out.window != Window::total && out.aggregate == Aggregate::none) out.aggregate = Aggregate::max;
  if (slides(out.window) && out.aggregate != Aggregate::max) {
    fail(last.begin, last.end, "max, or nothing, behind a window that slides");
  }
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

RUSHHOUR_INLINE Budget parse_budget(std::string_view text, Place place) {
  Budget out;
  detail::ExpressionParser{text, place}.read(out);
  out.text = text;
  out.place = std::move(place);
  return out;
}

RUSHHOUR_INLINE Selector parse_selector(std::string_view text) {
  return parse_budget(std::string{text} + " == 0").term.selector;
}

}  // namespace rushhour::scenario
