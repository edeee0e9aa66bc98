/// \file
/// What an exception's entry asks of one value. Kibana asks with match_phrase, terms, range and wildcard
/// queries; where KQL has the same question (kql_questions.hpp), it is asked here too. What is added are
/// wildcards with `?`, and lists, which may be long.
#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include <rushhour/elastic/detail/kql_addresses.hpp>
#include <rushhour/elastic/detail/kql_characters.hpp>
#include <rushhour/elastic/detail/kql_questions.hpp>
#include <rushhour/elastic/detail/kql_value_tests.hpp>
#include <rushhour/elastic/detail/kql_words.hpp>
#include <rushhour/elastic/kql_tree.hpp>
#include <rushhour/event/schema.hpp>
#include <rushhour/event/value.hpp>

namespace rushhour::elastic::detail {

/// `*` any text, `?` one character (of UTF-8), `\` before one that means itself, as in Elasticsearch's
/// wildcard queries. Goes back only to the last `*`.
[[nodiscard]] inline bool matches_wildcard(std::string_view pattern, std::string_view text) {
  constexpr std::size_t none = std::string_view::npos;
  std::size_t in_pattern = 0;
  std::size_t in_text = 0;
  std::size_t after_star = none;
  std::size_t star_end = 0;
  while (in_text < text.size()) {
    const bool is_escaped = in_pattern + 1 < pattern.size() && pattern[in_pattern] == '\\';
    const std::size_t at = is_escaped ? in_pattern + 1 : in_pattern;
    if (at < pattern.size() && !is_escaped && pattern[at] == '*') {
      after_star = ++in_pattern;
      star_end = in_text;
    } else if (at < pattern.size() && !is_escaped && pattern[at] == '?') {
      in_pattern = at + 1;
      in_text += code_point_at(text, in_text).size;
    } else if (at < pattern.size() && pattern[at] == text[in_text]) {
      in_pattern = at + 1;
      ++in_text;
    } else if (after_star != none) {
      in_pattern = after_star;
      star_end += code_point_at(text, star_end).size;
      in_text = star_end;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', in_pattern) == none;
}

/// `wildcard` of keywords: the whole text, case and all.
class PatternTest final : public ValueTest {
 public:
  explicit PatternTest(std::string pattern) : pattern_(std::move(pattern)) {}
  [[nodiscard]] bool operator()(const event::Value& value, const Judging& judging) const override {
    return has_text(value) && matches_wildcard(pattern_, text_of(value, judging.scratch));
  }

 private:
  std::string pattern_;
};

/// `wildcard` of analysed text: some word of it.
class WordPatternTest final : public ValueTest {
 public:
  explicit WordPatternTest(std::string_view pattern) : pattern_(lower_case(pattern)) {}
  [[nodiscard]] bool operator()(const event::Value& value, const Judging& judging) const override {
    Words words = words_in(value, judging);
    for (std::string_view word; words.next(word);) {
      if (matches_wildcard(pattern_, lower_case(word))) return true;
    }
    return false;
  }

 private:
  std::string pattern_;
};

/// All of these words, in any order: what a value list of type text asks for.
class AllWordsTest final : public ValueTest {
 public:
  explicit AllWordsTest(std::string_view text) : wanted_(words_of(text)) {}
  [[nodiscard]] bool operator()(const event::Value& value, const Judging& judging) const override {
    const Words first = words_in(value, judging);
    const auto is_there = [&first](const std::string& wanted) {
      Words words = first;
      for (std::string_view word; words.next(word);) {
        if (is_same_word(word, wanted)) return true;
      }
      return false;
    };
    return !wanted_.empty() && std::ranges::all_of(wanted_, is_there);
  }

 private:
  std::vector<std::string> wanted_;
};

/// Keywords that are one of many.
class KeywordListTest final : public ValueTest {
 public:
  explicit KeywordListTest(const std::vector<std::string>& texts) : texts_(texts.begin(), texts.end()) {
    for (const std::string& text : texts) {
      if (parse_number(text)) numbers_.add(text);
    }
  }
  [[nodiscard]] bool operator()(const event::Value& value, const Judging& judging) const override {
    if (is_number(value)) return numbers_.has(value);
    return has_text(value) && texts_.contains(text_of(value, judging.scratch));
  }

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  std::unordered_set<std::string, Hash, std::equal_to<>> texts_;
  KeywordSet numbers_{};
};

/// `192.0.2.1-192.0.2.9`, as lists of type ip_range may have them; else as a query has them.
[[nodiscard]] inline std::optional<AddressRange> parse_listed_range(std::string_view text) {
  const std::size_t dash = text.find('-');
  if (dash == std::string_view::npos) return parse_address_range(text);
  const std::optional<AddressNumber> first = parse_address(text.substr(0, dash));
  const std::optional<AddressNumber> last = parse_address(text.substr(dash + 1));
  return first && last ? std::optional{AddressRange{*first, *last}} : std::nullopt;
}

/// Addresses that are in one of many ranges.
class AddressListTest final : public ValueTest {
 public:
  explicit AddressListTest(std::vector<AddressRange> ranges) {
    std::ranges::sort(ranges, {}, &AddressRange::first);
    for (const AddressRange& range : ranges) {
      if (range.last < range.first) continue;
      if (!ranges_.empty() && range.first <= ranges_.back().last) {
        ranges_.back().last = std::max(ranges_.back().last, range.last);
      } else {
        ranges_.push_back(range);
      }
    }
  }
  [[nodiscard]] bool operator()(const event::Value& value, const Judging&) const override {
    const std::optional<AddressNumber> address = parse_address(value.text_or({}));
    if (!address) return false;
    const auto behind = std::ranges::upper_bound(ranges_, *address, {}, &AddressRange::first);
    return behind != ranges_.begin() && *address <= (behind - 1)->last;
  }

 private:
  std::vector<AddressRange> ranges_{};  // apart, in order
};

/// A value that is none of its field's type.
struct WrongValue {
  std::string value{};
  std::string_view expected{};
};

/// Whether a value is one of these.
struct ListQuestion {
  std::unique_ptr<ValueTest> test{};
  std::optional<WrongValue> wrong{};  ///< instead of a test
};

[[nodiscard]] inline ListQuestion one_of(event::FieldType type, const std::vector<std::string>& values,
                                         bool is_text_list) {
  using Type = event::FieldType;
  if (type == Type::keyword || type == Type::flattened) return {std::make_unique<KeywordListTest>(values)};
  if (type == Type::ip) {
    std::vector<AddressRange> ranges;
    for (const std::string& value : values) {
      const std::optional<AddressRange> range = parse_listed_range(value);
      if (!range) return {.wrong = WrongValue{value, "an address or a network such as 192.0.2.0/24"}};
      ranges.push_back(*range);
    }
    return {std::make_unique<AddressListTest>(std::move(ranges))};
  }
  std::vector<std::unique_ptr<ValueTest>> tests;
  for (const std::string& value : values) {
    if (type == Type::text && is_text_list) {
      tests.push_back(std::make_unique<AllWordsTest>(value));
      continue;
    }
    Question question =
        question_of(type, KqlNode::Operator::is, {.kind = KqlLiteral::Kind::quoted, .parts = {value}});
    if (!question.test) return {.wrong = WrongValue{value, question.expected}};
    tests.push_back(std::move(question.test));
  }
  return {std::make_unique<AnyOfTests>(std::move(tests))};
}

}  // namespace rushhour::elastic::detail
