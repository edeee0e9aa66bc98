/// \file
/// Which question a literal is for a field of some type: the table of new-terms.md 3.2. What is no value of
/// the type is an error, as it is in Elasticsearch [derived].
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rushhour/elastic/detail/kql_addresses.hpp>
#include <rushhour/elastic/detail/kql_value_tests.hpp>
#include <rushhour/elastic/kql_tree.hpp>
#include <rushhour/event/schema.hpp>

namespace rushhour::elastic::detail {

/// A question, or what was expected instead of the literal.
struct Question {
  std::unique_ptr<ValueTest> test{};
  std::string_view expected{};
  std::string_view advice{};
};

/// The literal cut at white space, as Elasticsearch's query_string is: `foo ba*r` is `foo` or `ba*r`.
[[nodiscard]] inline std::vector<KqlLiteral> cut_at_space(const KqlLiteral& literal) {
  std::vector<KqlLiteral> out;
  std::vector<std::string> parts{{}};
  const auto finish = [&] {
    if (parts.size() > 1) {
      out.push_back({.kind = KqlLiteral::Kind::wildcard, .parts = parts});
    } else if (!parts.front().empty()) {
      out.push_back({.parts = parts});
    }
    parts = {std::string{}};
  };
  for (std::size_t i = 0; i < literal.parts.size(); ++i) {
    if (i > 0) parts.emplace_back();
    const std::string_view text = literal.parts[i];
    for (std::size_t at = 0; at < text.size();) {
      const CodePoint c = code_point_at(text, at);
      if (is_trimmed(c.value)) {
        finish();
      } else {
        parts.back() += text.substr(at, c.size);
      }
      at += c.size;
    }
  }
  finish();
  return out;
}

[[nodiscard]] inline std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> out;
  Words words{text};
  for (std::string_view word; words.next(word);) out.push_back(lower_case(word));
  return out;
}

[[nodiscard]] inline Question keyword_question(KqlNode::Operator op, const KqlLiteral& value) {
  if (op != KqlNode::Operator::is) return {std::make_unique<KeywordRange>(op, value.text())};
  if (value.kind == KqlLiteral::Kind::wildcard) return {std::make_unique<Wildcards>(value.parts)};
  return {std::make_unique<Keyword>(value.text())};
}

[[nodiscard]] inline Question text_question(KqlNode::Operator op, const KqlLiteral& value) {
  if (op != KqlNode::Operator::is) return {std::make_unique<WordRange>(op, value.text())};
  if (value.kind == KqlLiteral::Kind::quoted) return {std::make_unique<Phrase>(words_of(value.text()))};
  if (value.kind != KqlLiteral::Kind::wildcard) return {std::make_unique<AnyWord>(words_of(value.text()))};
  std::vector<std::unique_ptr<ValueTest>> tests;
  for (const KqlLiteral& each : cut_at_space(value)) {
    if (each.kind != KqlLiteral::Kind::wildcard) {
      tests.push_back(std::make_unique<AnyWord>(words_of(each.text())));
      continue;
    }
    std::vector<std::string> parts;
    parts.reserve(each.parts.size());
    for (const std::string& part : each.parts) parts.push_back(lower_case(part));
    tests.push_back(std::make_unique<WordWildcards>(std::move(parts)));
  }
  return {std::make_unique<AnyOfTests>(std::move(tests))};
}

[[nodiscard]] inline Question number_question(KqlNode::Operator op, const KqlLiteral& value, bool whole) {
  const std::optional<event::Value> number = parse_number(value.text());
  if (!number) return {.expected = "a number, for a field of numbers"};
  return {std::make_unique<Numbers>(op, *number, whole)};
}

[[nodiscard]] inline Question boolean_question(KqlNode::Operator op, const KqlLiteral& value) {
  const std::optional<bool> boolean = boolean_of(value.text());
  if (!boolean) return {.expected = "true or false, for a boolean field"};
  return {std::make_unique<Booleans>(op, *boolean)};
}

[[nodiscard]] inline Question address_question(KqlNode::Operator op, const KqlLiteral& value) {
  if (op == KqlNode::Operator::is) {
    const std::optional<AddressRange> range = parse_address_range(value.text());
    if (range) return {std::make_unique<Addresses>(*range)};
    return {.expected = "an IP address, or a block such as \"10.0.0.0/8\", for a field of addresses"};
  }
  const std::optional<AddressNumber> address = parse_address(value.text());
  if (address) return {std::make_unique<AddressOrder>(op, *address)};
  return {.expected = "an IP address, for a field of addresses"};
}

/// `f:v` is from the first to the last instant of v; what is above v is behind its last one.
[[nodiscard]] inline Question date_question(KqlNode::Operator op, const KqlLiteral& value) {
  using Operator = KqlNode::Operator;
  const std::string text = value.text();
  const auto date = [&](RoundDate round) { return KqlDateMath::parse(text, round); };
  if (!date(RoundDate::down) || !date(RoundDate::up)) {
    return {.expected = "a date, for a date field",
            .advice = "such as \"2024-01-02T10:30:00Z\", 2024-01-02, now-1d or 2024-01-02||/M"};
  }
  const auto between = [](std::optional<KqlDateMath> first, std::optional<KqlDateMath> last,
                          DateMillis past_first, DateMillis before_last) -> Question {
    return {std::make_unique<Dates>(std::move(first), std::move(last), past_first, before_last)};
  };
  switch (op) {
    case Operator::less:
      return between({}, date(RoundDate::down), 0, 1);
    case Operator::at_most:
      return between({}, date(RoundDate::up), 0, 0);
    case Operator::greater:
      return between(date(RoundDate::up), {}, 1, 0);
    case Operator::at_least:
      return between(date(RoundDate::down), {}, 0, 0);
    case Operator::is:
      break;
  }
  return between(date(RoundDate::down), date(RoundDate::up), 0, 0);
}

/// Wildcards and null, which mean the same for all types or are wrong for all.
[[nodiscard]] inline Question question_of(event::FieldType type, KqlNode::Operator op,
                                          const KqlLiteral& value) {
  using Type = event::FieldType;
  if (value.kind == KqlLiteral::Kind::null) {
    return {.expected = "a value", .advice = "null matches nothing: for a missing field write not field:*"};
  }
  if (op == KqlNode::Operator::is && value.is_star()) return {std::make_unique<AnyValue>()};
  const bool has_texts = type == Type::keyword || type == Type::text || type == Type::flattened;
  if (value.kind == KqlLiteral::Kind::wildcard && !has_texts && type != Type::nested) {
    return {.expected = "a value without wildcards, for a field that holds no text",
            .advice = "addresses take blocks such as \"10.0.0.0/8\", numbers and dates ranges"};
  }
  switch (type) {
    case Type::text:
      return text_question(op, value);
    case Type::integer:
    case Type::real:
      return number_question(op, value, type == Type::integer);
    case Type::boolean:
      return boolean_question(op, value);
    case Type::ip:
      return address_question(op, value);
    case Type::date:
      return date_question(op, value);
    case Type::keyword:
    case Type::flattened:
    case Type::nested:
      break;
  }
  return keyword_question(op, value);
}

}  // namespace rushhour::elastic::detail
