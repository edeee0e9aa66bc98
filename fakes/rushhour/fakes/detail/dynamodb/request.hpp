/// \file
/// What a request to DynamoDB says beside its item or key: its expressions, read and held against its names
/// and values. The order in which mistakes are found is the service's [REC dynalite].
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rushhour/api/dynamodb.hpp>
#include <rushhour/fakes/detail/dynamodb/condition_binding.hpp>
#include <rushhour/fakes/detail/dynamodb/expression_binding.hpp>
#include <rushhour/fakes/detail/dynamodb/expression_parser.hpp>
#include <rushhour/fakes/detail/dynamodb/update_binding.hpp>
#include <rushhour/fakes/detail/dynamodb/values.hpp>

namespace rushhour::fakes::detail::dynamodb {

/// The members that an operation has; null where it has none of the kind.
struct ExpressionMembers {
  const std::optional<std::string>* update{};
  const std::optional<std::string>* condition{};
  const std::optional<std::string>* projection{};
  const std::optional<api::dynamodb::AttributeNames>* names{};
  const std::optional<AttributeMap>* values{};
};

template <class Op>
[[nodiscard]] ExpressionMembers expressions_of(const Op& request) {
  ExpressionMembers out{.names = &request.expression_attribute_names};
  if constexpr (requires { request.update_expression; }) out.update = &request.update_expression;
  if constexpr (requires { request.condition_expression; }) out.condition = &request.condition_expression;
  if constexpr (requires { request.projection_expression; }) out.projection = &request.projection_expression;
  if constexpr (requires { request.expression_attribute_values; }) {
    out.values = &request.expression_attribute_values;
  }
  return out;
}

/// The expressions of one request. It holds the values that its trees point to, so it stays where it is.
class Expressions {
 public:
  explicit Expressions(const ExpressionMembers& members) : members_(members) {}
  Expressions(const Expressions&) = delete;
  Expressions& operator=(const Expressions&) = delete;
  ~Expressions() = default;

  std::optional<UpdateTree> update{};
  std::optional<Condition> condition{};
  std::optional<std::vector<DocumentPath>> projection{};

  /// Whether there are names and values only where there are expressions that can use them: the first that is
  /// looked at.
  [[nodiscard]] Refusal check_presence() const {
    const auto has = [](const auto* member) { return member != nullptr && member->has_value(); };
    const bool takes_values = has(members_.update) || has(members_.condition);
    if (has(members_.names) && !takes_values && !has(members_.projection)) {
      return "ExpressionAttributeNames can only be specified when using expressions";
    }
    if (has(members_.values) && !takes_values) {
      return "ExpressionAttributeValues can only be specified when using expressions: " +
             std::string{members_.update != nullptr ? "UpdateExpression and ConditionExpression are null"
                                                    : "ConditionExpression is null"};
    }
    return std::nullopt;
  }

  /// Reads and binds all of them.
  [[nodiscard]] Refusal read() {
    if (Refusal refusal = check_names()) return refusal;
    if (Refusal refusal = check_values()) return refusal;
    Placeholders placeholders{names(), values_ ? &*values_ : nullptr};
    if (Refusal refusal = read_update(placeholders)) return refusal;
    if (Refusal refusal = read_condition(placeholders)) return refusal;
    if (Refusal refusal = read_projection(placeholders)) return refusal;
    return placeholders.unused();
  }

 private:
  [[nodiscard]] const api::dynamodb::AttributeNames* names() const {
    return members_.names->has_value() ? &**members_.names : nullptr;
  }

  [[nodiscard]] static Refusal check_key(std::string_view member, std::string_view key, char mark) {
    constexpr std::size_t key_size_max = 255;
    const std::string begin = std::string{member} + " contains invalid key: ";
    if (key.size() > key_size_max) {
      // [REC] of values the text ends there.
      return begin + "The expression attribute map contains a key that is too long;" +
             (mark == '#' ? " size of key: " + std::to_string(key.size()) : "");
    }
    const bool is_sound = key.size() > 1 && key.front() == mark &&
                          std::all_of(key.begin() + 1, key.end(), [](char c) { return is_word_part(c); });
    if (is_sound) return std::nullopt;
    return begin + "Syntax error; key: \"" + std::string{key} + "\"";
  }
  [[nodiscard]] Refusal check_names() const {
    if (names() == nullptr) return std::nullopt;
    constexpr std::string_view member = "ExpressionAttributeNames";
    if (names()->empty()) return std::string{member} + " must not be empty";
    for (const auto& [key, name] : *names()) {
      if (Refusal refusal = check_key(member, key, '#')) return refusal;
      if (name.empty()) {
        return std::string{member} + " contains invalid value: Empty attribute name for key " + key;
      }
    }
    return std::nullopt;
  }
  [[nodiscard]] Refusal check_values() {
    if (members_.values == nullptr || !members_.values->has_value()) return std::nullopt;
    constexpr std::string_view member = "ExpressionAttributeValues";
    values_ = *members_.values;
    if (values_->empty()) return std::string{member} + " must not be empty";
    for (const auto& [key, value] : *values_) {
      if (Refusal refusal = check_key(member, key, ':')) return refusal;
    }
    for (auto& [key, value] : *values_) {
      if (Refusal refusal = normalise(value)) {
        return std::string{member} + " contains invalid value: " + *refusal + " for key " + key;
      }
    }
    return std::nullopt;
  }

  [[nodiscard]] static Refusal invalid(std::string_view member, const std::string& mistake) {
    if (mistake.empty()) return std::nullopt;
    return "Invalid " + std::string{member} + ": " + mistake;
  }
  [[nodiscard]] Refusal read_update(Placeholders& placeholders) {
    if (members_.update == nullptr || !members_.update->has_value()) return std::nullopt;
    UpdateParser parser{**members_.update};
    UpdateTree& tree = update.emplace();
    const bool is_read = parser.parse(tree);
    return invalid("UpdateExpression", is_read ? UpdateBinder{placeholders}.bind(tree) : parser.mistake());
  }
  [[nodiscard]] Refusal read_condition(Placeholders& placeholders) {
    if (members_.condition == nullptr || !members_.condition->has_value()) return std::nullopt;
    ConditionParser parser{**members_.condition};
    Condition& tree = condition.emplace();
    const bool is_read = parser.parse(tree);
    return invalid("ConditionExpression",
                   is_read ? ConditionBinder{placeholders}.bind(tree, parser.has_redundant_parentheses())
                           : parser.mistake());
  }
  [[nodiscard]] Refusal read_projection(Placeholders& placeholders) {
    if (members_.projection == nullptr || !members_.projection->has_value()) return std::nullopt;
    ProjectionParser parser{**members_.projection};
    std::vector<DocumentPath>& paths = projection.emplace();
    const bool is_read = parser.parse(paths);
    return invalid("ProjectionExpression",
                   is_read ? ProjectionBinder{placeholders}.bind(paths) : parser.mistake());
  }

  ExpressionMembers members_;
  std::optional<AttributeMap> values_{};
};

}  // namespace rushhour::fakes::detail::dynamodb
