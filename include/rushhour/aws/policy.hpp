/// \file
/// IAM policy documents: compiled once, with every mistake named, and then evaluated for one request at a
/// time. It judges a single document; how identity, resource and trust policies combine is the IAM fake's
/// business.
///
/// Sources: "IAM JSON policy elements reference", "Condition operators", "Policy evaluation logic" (IAM User
/// Guide, spec tag DOC; spec section 3). What is not evaluated fails closed: see Policy::unsupported().
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <rushhour/aws/policy_request.hpp>
#include <rushhour/config.hpp>

namespace rushhour::aws {

namespace detail {
struct CompiledPolicy;
}

/// A compiled document. Copies are cheap and share it; it never changes, so threads may too.
///
/// Evaluated: Effect, Principal (`*`, AWS, Service), Action, NotAction, Resource, NotResource, and Condition
/// with the operators of detail/condition.hpp. Matching costs at most pattern length times text length,
/// whatever the wildcards.
class Policy {
 public:
  /// Throws InputError with pointer, expected and seen: for text that is not JSON, members given twice,
  /// unknown or missing members, values of a wrong form, and NotPrincipal, which is refused.
  [[nodiscard]] static Policy compile(const PolicySource& source);

  /// A matching Deny wins over every Allow.
  [[nodiscard]] Decision evaluate(const RequestContext& request) const;

  /// Whether a decision may depend on `values`. If not, callers may remember decisions by action, resource
  /// and caller.
  [[nodiscard]] bool reads_conditions() const;

  /// One text for each thing that is valid in AWS and not evaluated here: condition operators and keys,
  /// policy variables (`${aws:username}`), and principals of type Federated or CanonicalUser. An Allow with
  /// one never applies (with such a principal: not to it); a Deny ignores it and so applies to more. Stricter
  /// than AWS, never laxer.
  [[nodiscard]] const std::vector<std::string>& unsupported() const;

 private:
  explicit Policy(std::shared_ptr<const detail::CompiledPolicy> compiled) : compiled_(std::move(compiled)) {}

  std::shared_ptr<const detail::CompiledPolicy> compiled_;
};

}  // namespace rushhour::aws

#if RUSHHOUR_HEADER_ONLY
#include <rushhour/aws/detail/policy_inl.hpp>
#endif
