/// \file
/// What a policy document is compiled to. It does not read documents.
#pragma once

#include <algorithm>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <rushhour/aws/detail/condition.hpp>
#include <rushhour/aws/policy_request.hpp>
#include <rushhour/http/message.hpp>

namespace rushhour::aws::detail {

/// An Action, Resource or their Not... element.
struct Patterns {
  bool negated{};
  std::vector<std::string> texts{};

  template <class Like>
  [[nodiscard]] bool match(std::string_view text, Like like) const {
    return negated !=
           std::any_of(texts.begin(), texts.end(), [&](const std::string& p) { return like(p, text); });
  }
};

struct Condition {
  const ConditionOperator* row{};
  bool if_exists{};
  std::string key{};
  std::vector<std::string> wanted{};

  [[nodiscard]] bool holds(std::span<const ContextValue> values) const {
    const auto value = std::find_if(values.begin(), values.end(), [this](const ContextValue& each) {
      return http::equals_ignoring_case(each.key, key);
    });
    const bool absent = value == values.end();
    std::string_view actual = absent ? "true" : "false";
    if (row != &null_operator) {
      if (absent) return if_exists || row->negated;
      actual = value->value;
    }
    return row->negated != std::any_of(wanted.begin(), wanted.end(),
                                       [&](const std::string& text) { return row->matches(text, actual); });
  }
};

struct PrincipalElement {
  PrincipalMatch match{};
  std::string text{};

  [[nodiscard]] bool means(const PrincipalIdentity* caller) const {
    if (match == PrincipalMatch::any) return true;
    if (caller == nullptr) return false;
    if (match == PrincipalMatch::account) return text == caller->account_id;
    if (match == PrincipalMatch::role) return text == caller->role_arn;
    if (match == PrincipalMatch::service) return text == caller->service;
    return text == caller->arn;
  }
};

struct Statement {
  Effect effect{};
  std::vector<PrincipalElement> principals{};
  Patterns actions{};
  Patterns resources{};
  std::vector<Condition> conditions{};
};

struct CompiledPolicy {
  PolicyKind kind{};
  std::vector<Statement> statements{};  ///< without those that can never apply
  std::vector<std::string> unsupported{};
  bool reads_conditions{};
};

}  // namespace rushhour::aws::detail
