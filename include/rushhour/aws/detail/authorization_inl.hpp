#pragma once

#include <algorithm>
#include <array>
#include <optional>

#include <rushhour/aws/authorization.hpp>

namespace rushhour::aws {

namespace detail {

/// What several policies of one kind say together.
RUSHHOUR_INLINE Effect said_by(std::span<const Policy> policies, const RequestContext& request) {
  Effect effect = Effect::none;
  for (const Policy& policy : policies) {
    const Effect said = policy.evaluate(request).effect;
    if (said == Effect::deny) return said;
    effect = std::max(effect, said);
  }
  return effect;
}

/// What each kind of policies says of one request. Effect::none where there are none, or none that match.
struct Opinions {
  Opinions(const PolicySets& policies, const RequestContext& request)
      : service_control(said_by(policies.service_control, request)),
        identity(said_by(policies.identity, request)),
        session(said_by(policies.session, request)) {
    if (policies.resource != nullptr) resource = policies.resource->evaluate(request);
    if (policies.boundary != nullptr) boundary = policies.boundary->evaluate(request).effect;
  }

  /// In the order of IAM's flow chart.
  [[nodiscard]] std::optional<Judge> denied() const {
    if (service_control == Effect::deny) return Judge::service_control;
    if (resource.effect == Effect::deny) return Judge::resource;
    if (identity == Effect::deny) return Judge::identity;
    if (boundary == Effect::deny) return Judge::boundary;
    if (session == Effect::deny) return Judge::session;
    return std::nullopt;
  }

  Effect service_control;
  Effect identity;
  Effect session;
  Effect boundary{};
  Decision resource{};
};

}  // namespace detail

RUSHHOUR_INLINE Verdict authorize(const PolicySets& policies, const RequestContext& request) {
  const auto lacking = [](Judge judge) { return Verdict{.judge = judge}; };
  const auto allowed_by = [](Judge judge) { return Verdict{.allowed = true, .judge = judge}; };
  const detail::Opinions said{policies, request};
  if (const auto judge = said.denied()) return {.explicit_deny = true, .judge = *judge};
  if (!policies.service_control.empty() && said.service_control != Effect::allow) {
    return lacking(Judge::service_control);
  }
  const PrincipalMatch match = said.resource.principal;
  const bool resource_allows = said.resource.effect == Effect::allow;
  const bool grants = policies.same_account && resource_allows;
  if (grants && (match == PrincipalMatch::user || match == PrincipalMatch::session)) {
    return allowed_by(Judge::resource);
  }
  const bool identity_allows = policies.is_root || said.identity == Effect::allow;
  const bool grants_within_caps = grants && match != PrincipalMatch::account;
  if (!identity_allows && !grants_within_caps) return lacking(Judge::identity);
  if (policies.boundary != nullptr && said.boundary != Effect::allow) return lacking(Judge::boundary);
  const bool has_session_policy = !policies.session.empty() || policies.needs_session_policy;
  if (has_session_policy && said.session != Effect::allow) return lacking(Judge::session);
  const bool needs_resource = !policies.same_account || policies.resource_must_allow;
  if (needs_resource && !resource_allows) return lacking(Judge::resource);
  return allowed_by(identity_allows ? Judge::identity : Judge::resource);
}

RUSHHOUR_INLINE std::string refusal_reason(const Verdict& verdict, std::string_view action) {
  struct Words {
    std::string_view denied_in;
    std::string_view lacking;
  };
  // "a sessions policy" is AWS's own spelling.
  static constexpr std::array<Words, 5> words{{{"an identity-based policy", "identity-based policy"},
                                               {"a resource-based policy", "resource-based policy"},
                                               {"a permissions boundary", "permissions boundary"},
                                               {"a service control policy", "service control policy"},
                                               {"a sessions policy", "session policy"}}};
  const Words& of = words[static_cast<std::size_t>(verdict.judge)];
  if (verdict.explicit_deny) return "with an explicit deny in " + std::string{of.denied_in};
  return "because no " + std::string{of.lacking} + " allows the " + std::string{action} + " action";
}

}  // namespace rushhour::aws
