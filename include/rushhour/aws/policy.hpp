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
/// Evaluated: Effect, Principal (`*`, AWS, Service, Federated), Action, NotAction, Resource, NotResource, and
/// Condition with all operators of IAM (detail/condition.hpp), `...IfExists`, `ForAnyValue:` and
/// `ForAllValues:`; policy variables with defaults in resources and in the values of string and ARN
/// operators. Matching costs at most pattern length times text length, whatever the wildcards.
class Policy {
 public:
  /// Throws InputError with pointer, expected and seen: for text that is not JSON, members given twice,
  /// unknown or missing members, values of a wrong form, principals that the directory does not know, and
  /// NotPrincipal, which is refused.
  [[nodiscard]] static Policy compile(const PolicySource& source);

  /// A matching Deny wins over every Allow.
  [[nodiscard]] Decision evaluate(const RequestContext& request) const;

  /// Whether a decision may depend on `values`: a condition or a variable reads them. If not, callers may
  /// remember decisions by action, resource and caller.
  [[nodiscard]] bool reads_conditions() const;

  /// One text for each thing that is not evaluated: operators that IAM does not have, keys that are not among
  /// PolicySource::known_keys (as conditions and as variables), variables where IAM takes none, principals of
  /// type CanonicalUser, and those that UnknownPrincipal::note lets pass. An Allow with one never applies
  /// (with such a principal: not to it); a Deny ignores it and so applies to more. Stricter than AWS, never
  /// laxer.
  [[nodiscard]] const std::vector<std::string>& unsupported() const;

 private:
  explicit Policy(std::shared_ptr<const detail::CompiledPolicy> compiled) : compiled_(std::move(compiled)) {}

  std::shared_ptr<const detail::CompiledPolicy> compiled_;
};

}  // namespace rushhour::aws

#if RUSHHOUR_HEADER_ONLY
#include <rushhour/aws/detail/policy_inl.hpp>
#endif
