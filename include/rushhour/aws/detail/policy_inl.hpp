/// \file
/// Bodies of aws/policy.hpp: the evaluation of compiled documents. The compiler is
/// detail/policy_compiler.hpp.
#pragma once

#include <algorithm>
#include <memory>

#include <rushhour/aws/detail/compiled_policy.hpp>
#include <rushhour/aws/detail/policy_compiler.hpp>
#include <rushhour/aws/policy.hpp>

namespace rushhour::aws {

namespace detail {

/// The strongest element that means the caller; `none` without one.
RUSHHOUR_INLINE PrincipalMatch strongest_match(const Statement& statement, const PrincipalIdentity* caller) {
  PrincipalMatch match = PrincipalMatch::none;
  for (const PrincipalElement& element : statement.principals) {
    match = std::max(match, element.match_of(caller));
  }
  return match;
}

}  // namespace detail

RUSHHOUR_INLINE Policy Policy::compile(const PolicySource& source) {
  return Policy{std::make_shared<const detail::CompiledPolicy>(detail::PolicyCompiler{source}.compile())};
}

RUSHHOUR_INLINE Decision Policy::evaluate(const RequestContext& request) const {
  Decision decision;
  for (const detail::Statement& statement : compiled_->statements) {
    PrincipalMatch match = PrincipalMatch::none;
    if (compiled_->kind != PolicyKind::identity) {
      match = detail::strongest_match(statement, request.principal);
      if (match == PrincipalMatch::none) continue;
    }
    if (!statement.actions.cover(request.action)) continue;
    if (compiled_->kind != PolicyKind::trust &&
        !statement.resources.cover(request.resource, request.values, statement.effect)) {
      continue;
    }
    if (!std::all_of(statement.conditions.begin(), statement.conditions.end(),
                     [&](const detail::Condition& condition) {
                       return condition.holds(request.values, statement.effect);
                     })) {
      continue;
    }
    if (statement.effect == Effect::deny) return {.effect = Effect::deny, .principal = match};
    decision = {.effect = Effect::allow, .principal = std::max(decision.principal, match)};
  }
  return decision;
}

RUSHHOUR_INLINE bool Policy::reads_conditions() const { return compiled_->reads_conditions; }

RUSHHOUR_INLINE const std::vector<std::string>& Policy::unsupported() const { return compiled_->unsupported; }

}  // namespace rushhour::aws
