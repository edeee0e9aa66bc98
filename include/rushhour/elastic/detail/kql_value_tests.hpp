/// \file
/// What a query asks of one value: a class for each kind of question. Which question a field's type makes of
/// a literal is decided in kql_questions.hpp; fields and arrays are kql_program.hpp's.
#pragma once

#include <algorithm>
#include <cmath>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rushhour/elastic/detail/kql_dates.hpp>
#include <rushhour/elastic/detail/kql_numbers.hpp>
#include <rushhour/elastic/detail/kql_words.hpp>
#include <rushhour/elastic/kql_tree.hpp>
#include <rushhour/event/arena.hpp>
#include <rushhour/event/value.hpp>
#include <rushhour/time.hpp>

namespace rushhour::elastic::detail {

/// What a judgement may need apart from the value.
struct Judging {
  Instant now;
  event::Arena& scratch;  ///< emptied before the next event
};

class ValueTest {
 public:
  ValueTest() = default;
  ValueTest(const ValueTest&) = delete;
  ValueTest& operator=(const ValueTest&) = delete;
  virtual ~ValueTest() = default;

  /// Of one value of a document: no null, no array.
  [[nodiscard]] virtual bool operator()(const event::Value& value, const Judging& judging) const = 0;
  /// Whether the answer depends on the value alone, and not on now.
  [[nodiscard]] virtual bool is_timeless() const { return true; }
  /// Takes another question over into this one, to be answered yes when either is; false when it cannot.
  [[nodiscard]] virtual bool absorb(const ValueTest& other) {
    static_cast<void>(other);
    return false;
  }
  /// Roughly in nanoseconds: cheaper questions are asked first.
  [[nodiscard]] virtual unsigned cost() const { return 20; }
};

/// Whether a value is a text, or a number or boolean that has one.
[[nodiscard]] constexpr bool has_text(const event::Value& value) {
  using Kind = event::Value::Kind;
  return value.kind() == Kind::text || value.kind() == Kind::boolean || value.kind() == Kind::integer ||
         value.kind() == Kind::real;
}

[[gnu::noinline]] inline std::string_view text_of_other(const event::Value& value, event::Arena& scratch) {
  return scratch.copy(event::to_json(value));
}

/// The text of a value that has one, as keyword fields hold it. It comes back in registers, where an optional
/// would go through memory and double the time of a wildcard.
[[nodiscard]] inline std::string_view text_of(const event::Value& value, event::Arena& scratch) {
  if (value.is_text()) [[likely]]
    return value.text_or({});
  return text_of_other(value, scratch);
}

/// `f:*`.
class AnyValue final : public ValueTest {
 public:
  [[nodiscard]] bool operator()(const event::Value& value, const Judging&) const override {
    return !value.is_null();
  }
  [[nodiscard]] unsigned cost() const override { return 1; }
};

/// Texts of which a keyword is exactly one. JSON's own booleans are the texts `true` and `false`, and its
/// numbers are compared as numbers: a field that holds them was mapped dynamically.
class KeywordSet {
 public:
  void add(std::string text) {
    const std::optional<event::Value> number = parse_number(text);
    entries_.push_back({.text = std::move(text), .number = number});
  }
  [[nodiscard]] std::size_t size() const { return entries_.size(); }
  [[nodiscard]] bool has(const event::Value& value) const {
    if (value.is_text()) [[likely]]
      return has(value.text_or({}));
    if (const std::optional<bool> boolean = value.as_bool())
      return has(std::string_view{*boolean ? "true" : "false"});
    return is_number(value) && std::ranges::any_of(entries_, [&](const Entry& each) {
             return each.number && std::is_eq(compare_numbers(*each.number, value));
           });
  }

 private:
  struct Entry {
    std::string text{};
    std::optional<event::Value> number{};
  };
  [[nodiscard]] bool has(std::string_view text) const {
    for (const Entry& each : entries_) {
      if (each.text == text) return true;  // compares lengths first
    }
    return false;
  }

  std::vector<Entry> entries_;
};

/// `f:v` of keywords.
class Keyword final : public ValueTest {
 public:
  explicit Keyword(std::string text) { texts_.add(std::move(text)); }
  [[nodiscard]] bool operator()(const event::Value& value, const Judging&) const override {
    return texts_.has(value);
  }
  [[nodiscard]] unsigned cost() const override { return 3; }

 private:
  KeywordSet texts_;
};

/// Whether a text is what a literal with wildcards says, exactly, case and all.
[[nodiscard]] inline bool matches_wildcards(const std::vector<std::string>& parts, std::string_view text) {
  const std::string& last = parts.back();
  if (!text.starts_with(parts.front())) return false;
  text.remove_prefix(parts.front().size());
  if (parts.size() == 1) return text.empty();
  if (!text.ends_with(last)) return false;
  text.remove_suffix(last.size());
  for (std::size_t i = 1; i + 1 < parts.size(); ++i) {
    const std::size_t found = text.find(parts[i]);
    if (found == std::string_view::npos) return false;
    text.remove_prefix(found + parts[i].size());
  }
  return true;
}

/// `f:a*b` of keywords.
class Wildcards final : public ValueTest {
 public:
  explicit Wildcards(std::vector<std::string> parts) : parts_(std::move(parts)) {}
  [[nodiscard]] bool operator()(const event::Value& value, const Judging& judging) const override {
    return has_text(value) && matches_wildcards(parts_, text_of(value, judging.scratch));
  }

 private:
  std::vector<std::string> parts_;
};

/// The answer to `ordering op`.
[[nodiscard]] constexpr bool satisfies(std::strong_ordering ordering, KqlNode::Operator op) {
  switch (op) {
    case KqlNode::Operator::less:
      return std::is_lt(ordering);
    case KqlNode::Operator::at_most:
      return std::is_lteq(ordering);
    case KqlNode::Operator::greater:
      return std::is_gt(ordering);
    case KqlNode::Operator::at_least:
      return std::is_gteq(ordering);
    case KqlNode::Operator::is:
      break;
  }
  return std::is_eq(ordering);
}

/// `f > v` of keywords: in the order of bytes; JSON's own numbers in theirs, as for KeywordSet.
class KeywordRange final : public ValueTest {
 public:
  KeywordRange(KqlNode::Operator op, std::string bound)
      : op_(op), bound_(std::move(bound)), number_(parse_number(bound_)) {}
  [[nodiscard]] bool operator()(const event::Value& value, const Judging& judging) const override {
    if (is_number(value)) return number_ && satisfies(compare_numbers(value, *number_), op_);
    return has_text(value) && satisfies(text_of(value, judging.scratch) <=> std::string_view{bound_}, op_);
  }
  [[nodiscard]] unsigned cost() const override { return 5; }

 private:
  KqlNode::Operator op_;
  std::string bound_;
  std::optional<event::Value> number_;
};

/// Fields of integers hold whole numbers, whatever the document says: `1.9` is 1. Texts are read as numbers.
class Numbers final : public ValueTest {
 public:
  Numbers(KqlNode::Operator op, event::Value bound, bool whole) : op_(op), bound_(bound), whole_(whole) {}
  [[nodiscard]] bool operator()(const event::Value& value, const Judging&) const override {
    std::optional<event::Value> number = is_number(value) ? std::optional{value} : std::nullopt;
    if (const std::optional<std::string_view> text = value.as_text()) number = parse_number(*text);
    if (!number) return false;
    if (whole_ && number->kind() == event::Value::Kind::real) {
      const double real = *number->as_real();
      if (!(std::abs(real) < 9.2e18)) return false;  // no field of integers holds it
      number = static_cast<std::int64_t>(real);
    }
    return satisfies(compare_numbers(*number, bound_), op_);
  }
  [[nodiscard]] unsigned cost() const override { return 3; }

 private:
  KqlNode::Operator op_;
  event::Value bound_;
  bool whole_;
};

/// Nothing for what is neither a boolean nor the text of one.
[[nodiscard]] inline std::optional<bool> boolean_of(std::string_view text) {
  if (text == "true") return true;
  return text == "false" ? std::optional{false} : std::nullopt;
}

/// false is less than true.
class Booleans final : public ValueTest {
 public:
  Booleans(KqlNode::Operator op, bool bound) : op_(op), bound_(bound) {}
  [[nodiscard]] bool operator()(const event::Value& value, const Judging&) const override {
    std::optional<bool> boolean = value.as_bool();
    if (const std::optional<std::string_view> text = value.as_text()) boolean = boolean_of(*text);
    return boolean && satisfies(static_cast<int>(*boolean) <=> static_cast<int>(bound_), op_);
  }
  [[nodiscard]] unsigned cost() const override { return 2; }

 private:
  KqlNode::Operator op_;
  bool bound_;
};

/// Dates between two, each included; both may depend on now.
class Dates final : public ValueTest {
 public:
  explicit Dates(std::optional<KqlDateMath> first, std::optional<KqlDateMath> last, DateMillis past_first,
                 DateMillis before_last)
      : first_(std::move(first)),
        last_(std::move(last)),
        past_first_(past_first),
        before_last_(before_last) {}
  [[nodiscard]] bool operator()(const event::Value& value, const Judging& judging) const override {
    const std::optional<DateMillis> date = date_of(value);
    if (!date) return false;
    const std::optional<DateMillis> first = first_ ? first_->at(judging.now) : INT64_MIN;
    const std::optional<DateMillis> last = last_ ? last_->at(judging.now) : INT64_MAX;
    return first && last && *date >= *first + past_first_ && *date <= *last - before_last_;
  }
  [[nodiscard]] bool is_timeless() const override {
    return (!first_ || first_->is_fixed()) && (!last_ || last_->is_fixed());
  }
  [[nodiscard]] unsigned cost() const override { return 40; }

 private:
  std::optional<KqlDateMath> first_;
  std::optional<KqlDateMath> last_;
  DateMillis past_first_;  // 1 when first_ itself is not meant
  DateMillis before_last_;
};

[[nodiscard]] inline Words words_in(const event::Value& value, const Judging& judging) {
  return Words{has_text(value) ? text_of(value, judging.scratch) : std::string_view{}};
}

/// Some word of a text is one of these, which are in lower case.
class AnyWord final : public ValueTest {
 public:
  explicit AnyWord(std::vector<std::string> words) : words_(std::move(words)) {}
  [[nodiscard]] bool operator()(const event::Value& value, const Judging& judging) const override {
    Words words = words_in(value, judging);
    for (std::string_view word; words.next(word);) {
      for (const std::string& wanted : words_) {
        if (is_same_word(word, wanted)) return true;
      }
    }
    return false;
  }
  [[nodiscard]] unsigned cost() const override { return 200; }

 private:
  std::vector<std::string> words_;
};

/// These words stand in a text one behind the other.
class Phrase final : public ValueTest {
 public:
  explicit Phrase(std::vector<std::string> words) : words_(std::move(words)) {}
  [[nodiscard]] bool operator()(const event::Value& value, const Judging& judging) const override {
    if (words_.empty()) return false;
    Words start = words_in(value, judging);
    for (std::string_view word; start.next(word);) {
      if (!is_same_word(word, words_.front())) continue;
      Words rest = start;
      std::size_t found = 1;
      while (found < words_.size() && rest.next(word) && is_same_word(word, words_[found])) ++found;
      if (found == words_.size()) return true;
    }
    return false;
  }
  [[nodiscard]] unsigned cost() const override { return 200; }

 private:
  std::vector<std::string> words_;
};

/// Some word of a text is what a literal with wildcards, in lower case, says.
class WordWildcards final : public ValueTest {
 public:
  explicit WordWildcards(std::vector<std::string> parts) : parts_(std::move(parts)) {}
  [[nodiscard]] bool operator()(const event::Value& value, const Judging& judging) const override {
    Words words = words_in(value, judging);
    for (std::string_view word; words.next(word);) {
      if (matches_wildcards(parts_, lower_case(word))) return true;
    }
    return false;
  }
  [[nodiscard]] unsigned cost() const override { return 500; }

 private:
  std::vector<std::string> parts_;
};

/// Some word of a text, in lower case, is on one side of a bound, which is taken as it is written.
class WordRange final : public ValueTest {
 public:
  WordRange(KqlNode::Operator op, std::string bound) : op_(op), bound_(std::move(bound)) {}
  [[nodiscard]] bool operator()(const event::Value& value, const Judging& judging) const override {
    Words words = words_in(value, judging);
    for (std::string_view word; words.next(word);) {
      if (satisfies(std::string_view{lower_case(word)} <=> std::string_view{bound_}, op_)) return true;
    }
    return false;
  }
  [[nodiscard]] unsigned cost() const override { return 500; }

 private:
  KqlNode::Operator op_;
  std::string bound_;
};

/// One of several questions.
class AnyOfTests final : public ValueTest {
 public:
  explicit AnyOfTests(std::vector<std::unique_ptr<ValueTest>> tests) : tests_(std::move(tests)) {}
  [[nodiscard]] bool operator()(const event::Value& value, const Judging& judging) const override {
    return std::ranges::any_of(tests_, [&](const auto& test) { return (*test)(value, judging); });
  }
  [[nodiscard]] bool is_timeless() const override {
    return std::ranges::all_of(tests_, [](const auto& test) { return test->is_timeless(); });
  }
  [[nodiscard]] unsigned cost() const override { return 1'000; }

 private:
  std::vector<std::unique_ptr<ValueTest>> tests_;
};

}  // namespace rushhour::elastic::detail
