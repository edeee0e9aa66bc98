/// \file
/// Holds updates against a request (expression_binding.hpp).
///
/// Source: texts and their order: dynalite and ExtendDB, whose tests run against the service (spec tag REC).
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <rushhour/fakes/detail/dynamodb/expression.hpp>
#include <rushhour/fakes/detail/dynamodb/expression_binding.hpp>
#include <rushhour/fakes/detail/dynamodb/values.hpp>

namespace rushhour::fakes::detail::dynamodb {

class UpdateBinder final : public ExpressionBinder {
 public:
  explicit UpdateBinder(Placeholders& placeholders) : ExpressionBinder(placeholders) {}

  /// What is wrong; empty: nothing, and the tree is bound.
  [[nodiscard]] std::string bind(UpdateTree& tree) {
    for (std::size_t i = 0; i < tree.sections.size(); ++i) {
      const auto before = tree.sections.begin() + static_cast<std::ptrdiff_t>(i);
      if (std::find(tree.sections.begin(), before, tree.sections[i]) == before) continue;
      mistakes_.note(MistakeKind::section, "The \"" + std::string{to_text(tree.sections[i])} +
                                               "\" section can only be used once in an update expression;");
    }
    for (UpdateAction& action : tree.actions) bind(action);
    return mistakes_.first_of({MistakeKind::reserved, MistakeKind::unknown_function, MistakeKind::section,
                               MistakeKind::name, MistakeKind::value, MistakeKind::overlap,
                               MistakeKind::conflict, MistakeKind::operator_type, MistakeKind::function});
  }

 private:
  void bind(UpdateAction& action) {
    ExpressionBinder::bind(action.path, mistakes_);
    conflicts_.add(action.path, mistakes_);
    if (action.section == UpdateSection::set) bind(action.value);
    const bool takes_set =
        action.section == UpdateSection::add || action.section == UpdateSection::remove_elements;
    if (!takes_set) return;
    bind_value(action.value, mistakes_);
    if (action.value.value == nullptr) return;
    const AttributeType type = action.value.value->type();
    const bool is_set = api::dynamodb::elements_of(*action.value.value) != nullptr;
    if (is_set || (action.section == UpdateSection::add && type == AttributeType::number)) return;
    mistakes_.note(MistakeKind::operator_type, "Incorrect operand type for operator or function; operator: " +
                                                   std::string{to_text(action.section)} +
                                                   ", operand type: " + word_of(type));
  }
  static std::string word_of(AttributeType type) {
    switch (type) {
      case AttributeType::string:
        return "STRING";
      case AttributeType::number:
        return "NUMBER";
      case AttributeType::binary:
        return "BINARY";
      case AttributeType::boolean:
        return "BOOLEAN";
      case AttributeType::map:
        return "MAP";
      case AttributeType::list:
        return "LIST";
      default:
        return std::string{to_text(type)};
    }
  }

  void bind(Operand& operand) {
    for (Operand& each : operand.operands) bind(each);
    switch (operand.kind) {
      case Operand::Kind::path:
        return ExpressionBinder::bind(operand.path, mistakes_);
      case Operand::Kind::value:
        return bind_value(operand, mistakes_);
      case Operand::Kind::sum:
        return check_types("+", operand, "N");
      case Operand::Kind::difference:
        return check_types("-", operand, "N");
      case Operand::Kind::function:
        return check_function(operand);
    }
  }
  void check_function(const Operand& function) {
    const bool is_if = function.text == "if_not_exists";
    if (!is_if && function.text != "list_append") {
      return mistakes_.note(MistakeKind::unknown_function,
                            "Invalid function name; function: " + function.text);
    }
    if (function.operands.size() != 2) return mistakes_.note(MistakeKind::function, operand_count(function));
    if (!is_if) return check_types(function.text, function, "L");
    if (function.operands[0].kind != Operand::Kind::path) {
      mistakes_.note(MistakeKind::function, wants_path(function));
    }
  }
  void check_types(std::string_view name, const Operand& whole, std::string_view wanted) {
    for (const Operand& each : whole.operands) {
      const std::string_view type = immediate_type(each);
      if (!type.empty() && type != wanted) mistakes_.note(MistakeKind::function, operand_type(name, type));
    }
  }

  PathConflicts conflicts_{};
};

}  // namespace rushhour::fakes::detail::dynamodb
