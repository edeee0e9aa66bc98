/// \file
/// What an update makes of an item. The tree is bound. All of it happens at once: every value is computed,
/// and every index counted, on the item as it was.
///
/// Source: Amazon DynamoDB Developer Guide, "Update expressions" (spec tag DOC); texts: dynalite, whose tests
/// run against the service, as do ExtendDB's, for that values are computed on the item as it was (REC).
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <rushhour/fakes/detail/dynamodb/document.hpp>
#include <rushhour/fakes/detail/dynamodb/expression.hpp>
#include <rushhour/fakes/detail/dynamodb/values.hpp>

namespace rushhour::fakes::detail::dynamodb {

class Updater {
 public:
  explicit Updater(const AttributeMap& item) : before_(item) {}

  /// The item as it becomes, in `after`; or why not.
  [[nodiscard]] Refusal apply(const UpdateTree& tree, AttributeMap& after) {
    std::vector<std::pair<const DocumentPath*, std::optional<AttributeValue>>> changes;
    for (const UpdateAction& action : tree.actions) {
      std::optional<AttributeValue> value;
      if (Refusal refusal = value_of(action, value)) return refusal;
      changes.emplace_back(&action.path, std::move(value));
    }
    after = before_;
    // What is set beyond the end of a list comes in the order of the indices; what is removed goes from the
    // end, so that what is before it keeps its index.
    std::stable_sort(changes.begin(), changes.end(),
                     [](const auto& a, const auto& b) { return is_before(*a.first, *b.first); });
    for (const auto& [path, value] : changes) {
      if (!has_parent(before_, *path)) {
        return "The document path provided in the update expression is invalid for update";
      }
      if (value) set(after, *path, *value);
    }
    for (auto change = changes.rbegin(); change != changes.rend(); ++change) {
      if (!change->second) remove(after, *change->first);
    }
    return std::nullopt;
  }

 private:
  static constexpr const char* wrong_type = "An operand in the update expression has an incorrect data type";

  static bool is_before(const DocumentPath& a, const DocumentPath& b) {
    return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end(),
                                        [](const PathStep& x, const PathStep& y) {
                                          return x.name != y.name ? x.name < y.name : x.index < y.index;
                                        });
  }

  /// What an action leaves behind; nothing: the attribute goes.
  [[nodiscard]] Refusal value_of(const UpdateAction& action, std::optional<AttributeValue>& out) const {
    const AttributeValue* const present = find(before_, action.path);
    switch (action.section) {
      case UpdateSection::remove:
        return std::nullopt;
      case UpdateSection::set:
        return value_of(action.value, out.emplace());
      case UpdateSection::add:
        return added(present, *action.value.value, out.emplace());
      case UpdateSection::remove_elements:
        return without(present, *action.value.value, out);
    }
    return std::nullopt;
  }

  [[nodiscard]] Refusal value_of(const Operand& operand, AttributeValue& out) const {
    switch (operand.kind) {
      case Operand::Kind::value:
        out = *operand.value;
        return std::nullopt;
      case Operand::Kind::path:
        if (const AttributeValue* const found = find(before_, operand.path)) {
          out = *found;
          return std::nullopt;
        }
        return "The provided expression refers to an attribute that does not exist in the item";
      case Operand::Kind::function:
        return operand.text == "if_not_exists" ? if_not_exists(operand, out) : list_append(operand, out);
      case Operand::Kind::sum:
      case Operand::Kind::difference:
        break;
    }
    AttributeValue other;
    if (Refusal refusal = value_of(operand.operands[0], out)) return refusal;
    if (Refusal refusal = value_of(operand.operands[1], other)) return refusal;
    return sum(out, other, operand.kind == Operand::Kind::difference, out);
  }
  [[nodiscard]] Refusal if_not_exists(const Operand& function, AttributeValue& out) const {
    if (const AttributeValue* const found = find(before_, function.operands[0].path)) {
      out = *found;
      return std::nullopt;
    }
    return value_of(function.operands[1], out);
  }
  [[nodiscard]] Refusal list_append(const Operand& function, AttributeValue& out) const {
    AttributeValue more;
    if (Refusal refusal = value_of(function.operands[0], out)) return refusal;
    if (Refusal refusal = value_of(function.operands[1], more)) return refusal;
    auto* const list = out.get<AttributeList>();
    auto* const tail = more.get<AttributeList>();
    if (list == nullptr || tail == nullptr) return wrong_type;
    list->insert(list->end(), tail->begin(), tail->end());
    return std::nullopt;
  }

  [[nodiscard]] static Refusal sum(const AttributeValue& a, const AttributeValue& b, bool is_difference,
                                   AttributeValue& out) {
    const auto* left = a.get<api::dynamodb::Number>();
    const auto* right = b.get<api::dynamodb::Number>();
    if (left == nullptr || right == nullptr) return wrong_type;
    const Decimal other = decimal_of(*right);
    const Decimal result = decimal_of(*left) + (is_difference ? other.negated() : other);
    std::string mistake = result.check();
    if (!mistake.empty()) return mistake;
    out = AttributeValue::number(result.text());
    return std::nullopt;
  }

  [[nodiscard]] static Refusal added(const AttributeValue* present, const AttributeValue& value,
                                     AttributeValue& out) {
    if (present == nullptr) {
      out = value;
      return std::nullopt;
    }
    if (present->type() != value.type()) return wrong_type;
    if (value.type() == AttributeType::number) return sum(*present, value, false, out);
    out = *present;
    std::vector<std::string>& elements = *api::dynamodb::elements_of(out);
    for (const std::string& element : *api::dynamodb::elements_of(value)) {
      if (std::find(elements.begin(), elements.end(), element) == elements.end()) elements.push_back(element);
    }
    sort_elements(out);
    return std::nullopt;
  }
  /// A set of which nothing is left goes.
  [[nodiscard]] static Refusal without(const AttributeValue* present, const AttributeValue& value,
                                       std::optional<AttributeValue>& out) {
    if (present == nullptr) return std::nullopt;
    if (present->type() != value.type()) return wrong_type;
    out = *present;
    std::vector<std::string>& elements = *api::dynamodb::elements_of(*out);
    const std::vector<std::string>& gone = *api::dynamodb::elements_of(value);
    std::erase_if(elements, [&](const std::string& element) {
      return std::find(gone.begin(), gone.end(), element) != gone.end();
    });
    if (elements.empty()) out.reset();
    return std::nullopt;
  }

  const AttributeMap& before_;
};

}  // namespace rushhour::fakes::detail::dynamodb
