/// \file
/// What DynamoDB makes of attribute values: which it takes, how it keeps, compares and measures them.
/// Expressions are beside this.
///
/// Source: Amazon DynamoDB Developer Guide, "Supported data types and naming rules", "Item sizes and
/// formats", "Comparison operator and function reference" (spec tag DOC); texts and the bytes of lists and
/// maps: dynalite and ExtendDB, whose tests run against the service (REC).
#pragma once

#include <algorithm>
#include <compare>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <rushhour/api/dynamodb/attribute_value.hpp>
#include <rushhour/detail/base64.hpp>
#include <rushhour/fakes/detail/dynamodb/decimal.hpp>
#include <rushhour/result.hpp>

namespace rushhour::fakes::detail::dynamodb {

using api::dynamodb::AttributeList;
using api::dynamodb::AttributeMap;
using api::dynamodb::AttributeType;
using api::dynamodb::AttributeValue;

/// A refusal's text; nothing: all is well.
using Refusal = std::optional<std::string>;

[[nodiscard]] inline Failure dynamodb_failure(Outcome outcome, std::string_view code, std::string message) {
  return {.outcome = outcome, .status = 400, .code = std::string{code}, .message = std::move(message)};
}
[[nodiscard]] inline Failure invalid_request_to_table(std::string message) {
  return dynamodb_failure(Outcome::invalid, "ValidationException", std::move(message));
}

inline constexpr std::string_view invalid_values = "One or more parameter values were invalid: ";

/// Levels of maps and lists that an attribute may have: the item itself is the first of 32 [REC].
inline constexpr int nesting_max = 31;

// ---- Taking them in ----

/// Writes a number as the service keeps it.
[[nodiscard]] inline Refusal normalise_number(std::string& text) {
  Decimal number;
  std::string mistake = Decimal::parse(text, number);
  if (!mistake.empty()) return mistake;
  text = number.text();
  return std::nullopt;
}

/// Sorts a set, numbers by their size.
inline void sort_elements(AttributeValue& set) {
  std::vector<std::string>& elements = *api::dynamodb::elements_of(set);
  if (set.type() != AttributeType::number_set) return std::sort(elements.begin(), elements.end());
  const auto number = [](const std::string& text) {
    Decimal out;
    static_cast<void>(Decimal::parse(text, out));
    return out;
  };
  std::sort(elements.begin(), elements.end(),
            [&](const std::string& a, const std::string& b) { return number(a) < number(b); });
}

[[nodiscard]] inline std::string listed(const std::vector<std::string>& elements) {
  std::string out = "[";
  for (const std::string& element : elements) out += (out.size() > 1 ? ", " : "") + element;
  return out + "]";
}

[[nodiscard]] inline std::vector<std::string> in_base64(const std::vector<std::string>& binaries) {
  std::vector<std::string> out;
  for (const std::string& bytes : binaries) rushhour::detail::append_base64(out.emplace_back(), bytes);
  return out;
}

[[nodiscard]] inline Refusal normalise_set(AttributeValue& set) {
  std::vector<std::string>& elements = *api::dynamodb::elements_of(set);
  const AttributeType type = set.type();
  const std::string invalid{invalid_values};
  if (elements.empty()) {
    // [REC] with two spaces.
    if (type == AttributeType::string_set) return invalid + "An string set  may not be empty";
    if (type == AttributeType::number_set) return invalid + "An number set  may not be empty";
    return invalid + "Binary sets should not be empty";
  }
  const bool has_empty = std::any_of(elements.begin(), elements.end(),
                                     [](const std::string& element) { return element.empty(); });
  if (has_empty && type == AttributeType::string_set) {
    return invalid + "An string set may not have a empty string as a member";
  }
  if (has_empty && type == AttributeType::binary_set) {
    return invalid + "Binary sets may not contain null or empty values";
  }
  if (type == AttributeType::number_set) {
    for (std::string& element : elements) {
      if (Refusal refusal = normalise_number(element)) return refusal;
    }
  }
  const std::vector<std::string> sent = elements;
  sort_elements(set);
  if (std::adjacent_find(elements.begin(), elements.end()) == elements.end()) return std::nullopt;
  if (type == AttributeType::number_set) return "Input collection contains duplicates";
  // [REC] of binaries without a space.
  if (type == AttributeType::binary_set) {
    return invalid + "Input collection " + listed(in_base64(sent)) + "of type BS contains duplicates.";
  }
  return invalid + "Input collection " + listed(sent) + " contains duplicates.";
}

/// Brings a value into the form in which the service keeps it, or says why it does not take it.
[[nodiscard]] inline Refusal normalise(AttributeValue& value) {
  switch (value.type()) {
    case AttributeType::none:
      return "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes";
    case AttributeType::unfit:
      return value.get<api::dynamodb::Unfit>()->why;
    case AttributeType::number:
      return normalise_number(value.get<api::dynamodb::Number>()->text);
    case AttributeType::map:
      for (auto& [name, member] : *value.get<AttributeMap>()) {
        if (Refusal refusal = normalise(member)) return refusal;
      }
      return std::nullopt;
    case AttributeType::list:
      for (AttributeValue& element : *value.get<AttributeList>()) {
        if (Refusal refusal = normalise(element)) return refusal;
      }
      return std::nullopt;
    case AttributeType::string_set:
    case AttributeType::number_set:
    case AttributeType::binary_set:
      return normalise_set(value);
    case AttributeType::string:
    case AttributeType::binary:
    case AttributeType::boolean:
    case AttributeType::null:
      break;
  }
  return std::nullopt;
}
[[nodiscard]] inline Refusal normalise(AttributeMap& attributes) {
  for (auto& [name, value] : attributes) {
    if (Refusal refusal = normalise(value)) return refusal;
  }
  return std::nullopt;
}

/// Levels of maps and lists, of which a scalar has none.
[[nodiscard]] inline int depth_of(const AttributeValue& value) {
  int deepest = 0;
  if (const auto* map = value.get<AttributeMap>()) {
    for (const auto& [name, member] : *map) deepest = std::max(deepest, depth_of(member));
    return deepest + 1;
  }
  if (const auto* list = value.get<AttributeList>()) {
    for (const AttributeValue& element : *list) deepest = std::max(deepest, depth_of(element));
    return deepest + 1;
  }
  return 0;
}

// ---- Comparing them. Both are normalised. ----

[[nodiscard]] inline Decimal decimal_of(const api::dynamodb::Number& number) {
  Decimal out;
  static_cast<void>(Decimal::parse(number.text, out));
  return out;
}

/// Which comes first: only of two strings, numbers or binaries.
[[nodiscard]] inline std::optional<std::strong_ordering> compare(const AttributeValue& a,
                                                                 const AttributeValue& b) {
  if (a.type() != b.type()) return std::nullopt;
  if (const auto* text = a.get<std::string>()) return *text <=> *b.get<std::string>();
  if (const auto* blob = a.get<aws::Blob>()) return blob->bytes <=> b.get<aws::Blob>()->bytes;
  const auto* number = a.get<api::dynamodb::Number>();
  if (number == nullptr) return std::nullopt;
  return decimal_of(*number) <=> decimal_of(*b.get<api::dynamodb::Number>());
}

// ---- Measuring them ----

[[nodiscard]] inline std::size_t number_size(const std::string& text) {
  return decimal_of(api::dynamodb::Number{text}).size();
}

/// Bytes of a value in an item.
[[nodiscard]] inline std::size_t size_of(const AttributeValue& value);

/// Bytes of an item: of its names and values.
[[nodiscard]] inline std::size_t size_of(const AttributeMap& attributes) {
  std::size_t out = 0;
  for (const auto& [name, value] : attributes) out += name.size() + size_of(value);
  return out;
}

[[nodiscard]] inline std::size_t size_of(const AttributeValue& value) {
  constexpr std::size_t container = 3;  // of a list or map itself, and 1 of each of its elements
  if (const auto* text = value.get<std::string>()) return text->size();
  if (const auto* number = value.get<api::dynamodb::Number>()) return number_size(number->text);
  if (const auto* blob = value.get<aws::Blob>()) return blob->bytes.size();
  if (const auto* map = value.get<AttributeMap>()) return container + map->size() + size_of(*map);
  if (const auto* list = value.get<AttributeList>()) {
    std::size_t out = container + list->size();
    for (const AttributeValue& element : *list) out += size_of(element);
    return out;
  }
  if (const auto* elements = api::dynamodb::elements_of(value)) {
    const bool is_numbers = value.type() == AttributeType::number_set;
    std::size_t out = 0;
    for (const std::string& element : *elements) out += is_numbers ? number_size(element) : element.size();
    return out;
  }
  return 1;  // of a boolean or null
}

}  // namespace rushhour::fakes::detail::dynamodb
