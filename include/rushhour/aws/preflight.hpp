/// \file
/// Looks over the two documents that let a detection read a secret, a role's trust policy and its identity
/// policy, before they go to AWS: with the evaluator that the fakes use, and for what users leave in them.
/// It calls nobody, so it cannot tell whether what the documents name exists.
#pragma once

#include <span>
#include <string>
#include <vector>

#include <rushhour/aws/preflight_findings.hpp>
#include <rushhour/config.hpp>

namespace rushhour::aws {

/// What is wrong, first of the trust policy and then of the policy, errors and warnings as they were found.
/// Throws InputError where an option is no ARN of its kind.
[[nodiscard]] std::vector<Finding> preflight(const PreflightOptions& options);

/// For people: a paragraph for each finding, then their number.
[[nodiscard]] std::string preflight_text(std::span<const Finding> findings);

/// For machines: `"format": "rushhour.preflight/1"`, with a final newline.
[[nodiscard]] std::string preflight_json(std::span<const Finding> findings);

}  // namespace rushhour::aws

#if RUSHHOUR_HEADER_ONLY
#include <rushhour/aws/detail/preflight_inl.hpp>
#endif
