/// \file
/// Holds conditions against a request (expression_binding.hpp).
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

class ConditionBinder final : public ExpressionBinder {
 public:
  explicit ConditionBinder(Placeholders& placeholders) : ExpressionBinder(placeholders) {}

  /// What is wrong; empty: nothing, and the tree is bound.
  [[nodiscard]] std::string bind(Condition& tree, bool has_redundant_parentheses) {
    if (has_redundant_parentheses) {
      mistakes_.note(MistakeKind::parentheses, "The expression has redundant parentheses;");
    }
    bind(tree);
    std::string first = mistakes_.first_of({MistakeKind::parentheses, MistakeKind::unknown_function,
                                            MistakeKind::misused_function, MistakeKind::reserved});
    return first.empty() ? first_of_leaves_ : first;
  }

 private:
  struct FunctionRow {
    std::string_view name;
    std::size_t operands;
    bool is_condition;  ///< else it is a value
  };
  static constexpr std::array<FunctionRow, 6> functions{{{"attribute_exists", 1, true},
                                                         {"attribute_not_exists", 1, true},
                                                         {"attribute_type", 2, true},
                                                         {"begins_with", 2, true},
                                                         {"contains", 2, true},
                                                         {"size", 1, false}}};
  static const FunctionRow* find(std::string_view name) {
    const auto found = std::find_if(functions.begin(), functions.end(),
                                    [&](const FunctionRow& row) { return row.name == name; });
    return found == functions.end() ? nullptr : &*found;
  }

  void bind(Condition& tree) {
    for (Condition& part : tree.conditions) bind(part);
    if (tree.operands.empty()) return;
    leaf_ = {};
    for (Operand& operand : tree.operands) bind(operand, tree.kind == Condition::Kind::function);
    if (tree.kind == Condition::Kind::comparison) check_comparison(tree);
    if (tree.kind == Condition::Kind::between) check_between(tree);
    if (!first_of_leaves_.empty()) return;
    first_of_leaves_ = leaf_.first_of({MistakeKind::name, MistakeKind::value, MistakeKind::operand_count,
                                       MistakeKind::distinct, MistakeKind::function});
  }
  /// \param is_condition  it stands where a condition must, not a value
  void bind(Operand& operand, bool is_condition) {
    switch (operand.kind) {
      case Operand::Kind::path:
        return ExpressionBinder::bind(operand.path, leaf_);
      case Operand::Kind::value:
        return bind_value(operand, leaf_);
      case Operand::Kind::function:
        return bind_function(operand, is_condition);
      case Operand::Kind::sum:
      case Operand::Kind::difference:
        return;  // the grammar of conditions has none
    }
  }
  void bind_function(Operand& function, bool is_condition) {
    for (Operand& argument : function.operands) bind(argument, false);
    const FunctionRow* const row = find(function.text);
    if (row == nullptr) {
      return mistakes_.note(MistakeKind::unknown_function,
                            "Invalid function name; function: " + function.text);
    }
    if (row->is_condition != is_condition) {
      mistakes_.note(
          MistakeKind::misused_function,
          "The function is not allowed to be used this way in an expression; function: " + function.text);
    }
    if (function.operands.size() != row->operands) {
      return leaf_.note(MistakeKind::operand_count, operand_count(function));
    }
    if (row->operands == 2) check_distinct(function.text, function.operands[0], function.operands[1]);
    const std::string wrong = check_function(function);
    if (!wrong.empty()) leaf_.note(MistakeKind::function, wrong);
  }

  static std::string check_function(const Operand& function) {
    const Operand& first = function.operands.front();
    const std::string_view type = immediate_type(first);
    if (function.text == "attribute_exists" || function.text == "attribute_not_exists") {
      return first.kind == Operand::Kind::path ? "" : wants_path(function);
    }
    if (function.text == "begins_with") {
      for (const Operand& each : function.operands) {
        const std::string_view is = each.kind == Operand::Kind::function ? "N" : immediate_type(each);
        if (!is.empty() && is != "S" && is != "B") return operand_type(function.text, is);
      }
    }
    if (function.text == "attribute_type") return check_attribute_type(function);
    const bool has_no_size = type == "N" || type == "BOOL" || type == "NULL";
    if (function.text == "size" && has_no_size) return operand_type(function.text, type);
    return {};
  }
  static std::string check_attribute_type(const Operand& function) {
    const Operand& wanted = function.operands[1];
    if (wanted.kind != Operand::Kind::value) {
      return operand_type(function.text, "{NS,SS,L,BS,N,M,B,BOOL,NULL,S}");
    }
    if (wanted.value == nullptr) return {};
    const auto* name = wanted.value->get<std::string>();
    if (name == nullptr) return operand_type(function.text, immediate_type(wanted));
    static constexpr std::array<std::string_view, 10> types{"S",  "N",  "B", "NULL", "SS",
                                                            "NS", "BS", "L", "M",    "BOOL"};
    if (std::find(types.begin(), types.end(), *name) != types.end()) return {};
    return "Invalid attribute type name found; type: " + *name +
           ", valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}";
  }

  void check_distinct(std::string_view name, const Operand& a, const Operand& b) {
    if (a.kind != Operand::Kind::path || b.kind != Operand::Kind::path || !(a.path == b.path)) return;
    leaf_.note(
        MistakeKind::distinct,
        "The first operand must be distinct from the remaining operands for this operator or function; "
        "operator: " +
            std::string{name} + ", first operand: " + to_text(a.path));
  }
  /// [REC ExtendDB] Values that have no order are refused before anything is looked at.
  void check_order(std::string_view name, const std::vector<Operand>& operands) {
    for (const Operand& operand : operands) {
      const std::string_view type = immediate_type(operand);
      if (!type.empty() && type != "S" && type != "N" && type != "B") {
        leaf_.note(MistakeKind::function, operand_type(name, type));
      }
    }
  }
  void check_comparison(const Condition& tree) {
    check_distinct(tree.text, tree.operands[0], tree.operands[1]);
    if (tree.text != "=" && tree.text != "<>") check_order(tree.text, tree.operands);
  }
  void check_between(const Condition& tree) {
    check_order("BETWEEN", tree.operands);
    const AttributeValue* const low = tree.operands[1].value;
    const AttributeValue* const high = tree.operands[2].value;
    if (low == nullptr || high == nullptr || leaf_.has(MistakeKind::function)) return;
    const auto bounds = [&] {
      return "; lower bound operand: AttributeValue: " + shown(*low) +
             ", upper bound operand: AttributeValue: " + shown(*high);
    };
    if (low->type() != high->type()) {
      return leaf_.note(MistakeKind::function,
                        "The BETWEEN operator requires same data type for lower and upper bounds" + bounds());
    }
    const auto order = compare(*low, *high);
    if (order && *order > 0) {
      leaf_.note(
          MistakeKind::function,
          "The BETWEEN operator requires upper bound to be greater than or equal to lower bound" + bounds());
    }
  }
  /// `{N:10}`
  static std::string shown(const AttributeValue& value) {
    std::string out = "{" + std::string{to_text(value.type())} + ":";
    if (const auto* text = value.get<std::string>()) out += *text;
    if (const auto* number = value.get<api::dynamodb::Number>()) out += number->text;
    return out + "}";
  }

  Mistakes leaf_{};  ///< of the condition at hand that has no parts
  std::string first_of_leaves_{};
};

}  // namespace rushhour::fakes::detail::dynamodb
