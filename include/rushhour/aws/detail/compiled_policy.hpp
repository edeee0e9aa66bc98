/// \file
/// What a policy document is compiled to, and how each element is held against a request. It does not read
/// documents.
///
/// Where a text cannot be told to match or not, because a variable in it has no value or the request's value
/// is not of the operator's kind, it matches nothing; and where matching nothing would let an Allow apply
/// (NotResource, negated operators), the Allow does not apply either. DOC says only that the statement may
/// become invalid, so this is the stricter reading.
#pragma once

#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <rushhour/aws/detail/condition.hpp>
#include <rushhour/aws/detail/policy_variables.hpp>
#include <rushhour/aws/policy_request.hpp>
#include <rushhour/http/message.hpp>

namespace rushhour::aws::detail {

/// An Action or NotAction element.
struct Actions {
  bool negated{};
  std::vector<std::string> texts{};

  [[nodiscard]] bool cover(std::string_view action) const {
    return negated != std::any_of(texts.begin(), texts.end(), [action](const std::string& pattern) {
             return string_like_ignoring_case(pattern, action);
           });
  }
};

/// A Resource or NotResource element.
struct Resources {
  bool negated{};
  std::vector<std::string> texts{};
  std::vector<VariableText> variable_texts{};

  [[nodiscard]] bool cover(std::string_view resource, std::span<const ContextValue> values,
                           Effect effect) const {
    for (const std::string& pattern : texts) {
      if (string_like(pattern, resource)) return !negated;
    }
    bool is_unclear = false;
    for (const VariableText& text : variable_texts) {
      const auto pattern = text.fill_in(values, Escapes::backslash);
      is_unclear = is_unclear || !pattern;
      if (pattern && string_like<Escapes::backslash>(*pattern, resource)) return !negated;
    }
    return negated && (!is_unclear || effect == Effect::deny);
  }
};

/// One operator and key of a Condition element.
struct Condition {
  NamedOperator named{};
  std::string key{};
  std::vector<std::string> texts{};
  std::vector<VariableText> variable_texts{};

  /// A key with several values and an operator without ForAnyValue or ForAllValues, which DOC calls an error
  /// of the author's: all values must satisfy it in an Allow, one is enough in a Deny. The stricter reading,
  /// for negated operators too.
  [[nodiscard]] bool holds(std::span<const ContextValue> values, Effect effect) const {
    const auto is_key = [this](const ContextValue& each) {
      return http::equals_ignoring_case(each.key, key);
    };
    const bool is_absent = std::none_of(values.begin(), values.end(), is_key);
    if (named.row == &null_operator) return satisfies(is_absent ? "true" : "false", values, effect);
    if (is_absent) {
      return named.if_exists || named.quantifier == Quantifier::all ||
             (named.quantifier == Quantifier::none && named.row->negated);
    }
    const auto is_other_or_empty = [&](const ContextValue& each) {
      return !is_key(each) || each.value.empty();
    };
    if (named.quantifier == Quantifier::all && std::all_of(values.begin(), values.end(), is_other_or_empty)) {
      return true;  // DOC: ForAllValues holds for "a null dataset, such as an empty string"
    }
    const bool needs_all = named.quantifier == Quantifier::all ||
                           (named.quantifier == Quantifier::none && effect == Effect::allow);
    for (const ContextValue& each : values) {
      if (is_key(each) && satisfies(each.value, values, effect) != needs_all) return !needs_all;
    }
    return needs_all;
  }

 private:
  [[nodiscard]] bool satisfies(std::string_view actual, std::span<const ContextValue> values,
                               Effect effect) const {
    const ConditionOperator& row = *named.row;
    for (const std::string& wanted : texts) {
      if (row.matches(wanted, actual)) return !row.negated;
    }
    bool is_unclear = !row.form->reads(actual);
    const bool has_wildcards = row.matches_escaped != nullptr;
    for (const VariableText& text : variable_texts) {
      const auto wanted = text.fill_in(values, has_wildcards ? Escapes::backslash : Escapes::none);
      is_unclear = is_unclear || !wanted;
      const Comparison matches = has_wildcards ? row.matches_escaped : row.matches;
      if (wanted && matches(*wanted, actual)) return !row.negated;
    }
    return row.negated && (!is_unclear || effect == Effect::deny);
  }
};

struct PrincipalElement {
  PrincipalMatch match{};
  std::string text{};
  std::string unique_id{};  ///< of the role or user that had the ARN when the policy was compiled

  /// As what this names the caller.
  [[nodiscard]] PrincipalMatch match_of(const PrincipalIdentity* caller) const {
    if (match == PrincipalMatch::any) return match;
    if (caller == nullptr || !means(*caller)) return PrincipalMatch::none;
    // A federated session of the user that is named has the user's permissions within its caps, as a role's
    // session has the role's (DOC: "GetFederationToken: a comparison of permissions").
    return match == PrincipalMatch::user && text != caller->arn ? PrincipalMatch::role : match;
  }

 private:
  [[nodiscard]] bool means(const PrincipalIdentity& caller) const {
    switch (match) {
      case PrincipalMatch::account:
        return text == caller.account_id;
      case PrincipalMatch::role:
        return text == caller.role_arn && is_same(caller);
      case PrincipalMatch::user:
        return (text == caller.arn || text == caller.user_arn) && is_same(caller);
      case PrincipalMatch::service:
        return text == caller.service;
      case PrincipalMatch::federated:
        return text == caller.federated;
      default:
        return text == caller.arn;
    }
  }
  [[nodiscard]] bool is_same(const PrincipalIdentity& caller) const {
    return unique_id.empty() || unique_id == caller.unique_id;
  }
};

struct Statement {
  Effect effect{};
  std::vector<PrincipalElement> principals{};
  Actions actions{};
  Resources resources{};
  std::vector<Condition> conditions{};
};

struct CompiledPolicy {
  PolicyKind kind{};
  std::vector<Statement> statements{};  ///< without those that can never apply
  std::vector<std::string> unsupported{};
  bool reads_conditions{};
};

}  // namespace rushhour::aws::detail
