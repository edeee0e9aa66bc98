/// \file
/// Whether an item satisfies a condition. The tree is bound; an item that is not there has no attributes.
///
/// Source: Amazon DynamoDB Developer Guide, "Comparison operator and function reference" (spec tag DOC); that
/// `<>` holds of what is not there, and that what has no size or order makes a comparison false: ExtendDB,
/// whose tests run against the service (REC). That size() counts a string in UTF-16 units is MEM.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <rushhour/fakes/detail/dynamodb/document.hpp>
#include <rushhour/fakes/detail/dynamodb/expression.hpp>
#include <rushhour/fakes/detail/dynamodb/values.hpp>

namespace rushhour::fakes::detail::dynamodb {

/// Units of UTF-16 of a text in UTF-8.
[[nodiscard]] inline std::size_t utf16_units_of(std::string_view text) {
  std::size_t units = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    units += byte >= 0xF0 ? 2 : (byte & 0xC0U) != 0x80U ? 1 : 0;
  }
  return units;
}

class ConditionJudge {
 public:
  explicit ConditionJudge(const AttributeMap& item) : item_(item) {}

  [[nodiscard]] bool holds(const Condition& condition) const {
    const auto part_holds = [this](const Condition& part) { return holds(part); };
    const auto& parts = condition.conditions;
    switch (condition.kind) {
      case Condition::Kind::disjunction:
        return std::any_of(parts.begin(), parts.end(), part_holds);
      case Condition::Kind::conjunction:
        return std::all_of(parts.begin(), parts.end(), part_holds);
      case Condition::Kind::negation:
        return !holds(parts.front());
      case Condition::Kind::comparison:
        return compares(condition.operands[0], condition.text, condition.operands[1]);
      case Condition::Kind::between:
        return compares(condition.operands[0], ">=", condition.operands[1]) &&
               compares(condition.operands[0], "<=", condition.operands[2]);
      case Condition::Kind::in:
        return std::any_of(condition.operands.begin() + 1, condition.operands.end(),
                           [&](const Operand& each) { return compares(condition.operands[0], "=", each); });
      case Condition::Kind::function:
        return function_holds(condition.operands.front());
    }
    return false;
  }

 private:
  /// What an operand is of this item; nothing: it is not there, or has no such value.
  [[nodiscard]] std::optional<AttributeValue> value_of(const Operand& operand) const {
    switch (operand.kind) {
      case Operand::Kind::value:
        return *operand.value;
      case Operand::Kind::path:
        if (const AttributeValue* const found = find(item_, operand.path)) return *found;
        return std::nullopt;
      case Operand::Kind::function:
        return size(operand.operands.front());
      case Operand::Kind::sum:
      case Operand::Kind::difference:
        break;
    }
    return std::nullopt;
  }
  [[nodiscard]] std::optional<AttributeValue> size(const Operand& of) const {
    const auto value = value_of(of);
    std::optional<std::size_t> size;
    if (!value) return std::nullopt;
    if (const auto* text = value->get<std::string>()) size = utf16_units_of(*text);
    if (const auto* blob = value->get<aws::Blob>()) size = blob->bytes.size();
    if (const auto* map = value->get<AttributeMap>()) size = map->size();
    if (const auto* list = value->get<AttributeList>()) size = list->size();
    if (const auto* elements = api::dynamodb::elements_of(*value)) size = elements->size();
    if (!size) return std::nullopt;
    return AttributeValue::number(static_cast<std::int64_t>(*size));
  }

  [[nodiscard]] bool compares(const Operand& left, std::string_view comparator, const Operand& right) const {
    const auto a = value_of(left);
    const auto b = value_of(right);
    if (comparator == "=") return a && b && *a == *b;
    if (comparator == "<>") return !(a && b && *a == *b);
    if (!a || !b) return false;
    const auto order = compare(*a, *b);
    if (!order) return false;
    if (comparator == "<") return *order < 0;
    if (comparator == "<=") return *order <= 0;
    if (comparator == ">") return *order > 0;
    return *order >= 0;
  }

  [[nodiscard]] bool function_holds(const Operand& function) const {
    const auto first = value_of(function.operands[0]);
    if (function.text == "attribute_exists") return first.has_value();
    if (function.text == "attribute_not_exists") return !first;
    const auto second = value_of(function.operands[1]);
    if (!first || !second) return false;
    if (function.text == "attribute_type") return to_text(first->type()) == *second->get<std::string>();
    if (function.text == "begins_with") return begins_with(*first, *second);
    return contains(*first, *second);
  }
  [[nodiscard]] static bool begins_with(const AttributeValue& whole, const AttributeValue& beginning) {
    if (whole.type() != beginning.type()) return false;
    if (const auto* text = whole.get<std::string>()) return text->starts_with(*beginning.get<std::string>());
    const auto* blob = whole.get<aws::Blob>();
    return blob != nullptr && blob->bytes.starts_with(beginning.get<aws::Blob>()->bytes);
  }
  [[nodiscard]] static bool contains(const AttributeValue& whole, const AttributeValue& part) {
    const auto has = [](const std::vector<std::string>& elements, const std::string& element) {
      return std::find(elements.begin(), elements.end(), element) != elements.end();
    };
    if (const auto* list = whole.get<AttributeList>()) {
      return std::find(list->begin(), list->end(), part) != list->end();
    }
    if (const auto* text = part.get<std::string>()) {
      if (const auto* in = whole.get<std::string>()) return in->find(*text) != std::string::npos;
      const auto* set = whole.get<api::dynamodb::StringSet>();
      return set != nullptr && has(set->elements, *text);
    }
    if (const auto* blob = part.get<aws::Blob>()) {
      if (const auto* in = whole.get<aws::Blob>()) return in->bytes.find(blob->bytes) != std::string::npos;
      const auto* set = whole.get<api::dynamodb::BinarySet>();
      return set != nullptr && has(set->elements, blob->bytes);
    }
    const auto* number = part.get<api::dynamodb::Number>();
    const auto* set = whole.get<api::dynamodb::NumberSet>();
    return number != nullptr && set != nullptr && has(set->elements, number->text);
  }

  const AttributeMap& item_;
};

}  // namespace rushhour::fakes::detail::dynamodb
