/// \file
/// What the tables of IAM's own operations are made of: an administrator, a role, a policy, and the failures
/// he is told.
#pragma once

#include <string>
#include <string_view>

#include <rushhour/api/iam.hpp>

#include "../fakes/policies.hpp"
#include "behaviour.hpp"

namespace rushhour::fakes::conformance {

using api::iam::CreatePolicy;
using api::iam::CreateRole;

constexpr std::string_view ours = "444455556666";
inline const std::string trust_lambda =
    R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},)"
    R"("Action":"sts:AssumeRole"}]})";

/// A user of our account with this policy. Made without asking: what is under test is what it may do.
inline api::Identity user_with(Scene& scene, const std::string& document, const std::string& name = "admin") {
  return scene.inside()->world.iam.add_user({.account = std::string{ours},
                                             .name = name,
                                             .policies = {document},
                                             .created = PantherWorldOptions{}.world.start});
}

inline api::Identity admin(Scene& scene) { return user_with(scene, allowing("*")); }

inline CreateRole reader() { return {.role_name = "Reader", .assume_role_policy_document = trust_lambda}; }

inline CreatePolicy nothing(const std::string& name = "Nothing") {
  return {.policy_name = name, .policy_document = allowing("none:Of")};
}

inline std::string policy_arn(std::string_view name = "Nothing") {
  return "arn:aws:iam::444455556666:policy/" + std::string{name};
}

/// Calls that must go well, for what a row is not about.
template <class... Ops>
void make(Scene& scene, const api::Identity& who, const Ops&... requests) {
  const auto one = [&](const auto& request) { EXPECT_EQ(outcome(scene.call(request, who)), fine); };
  (one(requests), ...);
}

/// An answer whose random ids are blotted out: `AROA` and what follows becomes `AROA...`.
template <api::IsOperation Op>
Failure blotted(const Result<typename Op::Output>& result) {
  Failure out = answer_json<Op>(result);
  for (const char* prefix : {"AROA", "AIDA", "AGPA", "ANPA", "AKIA"}) {
    for (std::size_t at = out.message.find(prefix); at != std::string::npos;
         at = out.message.find(prefix, at + 1)) {
      out.message.replace(at + 4, out.message.find('"', at) - at - 4, "...");
    }
  }
  return out;
}

inline Failure no_such(std::string_view message) {
  return failure(Outcome::not_found, 404, "NoSuchEntity", message);
}

inline Failure conflict(std::string_view message) {
  return failure(Outcome::invalid, 409, "DeleteConflict", message);
}

inline Failure limited(std::string_view message) {
  return failure(Outcome::invalid, 409, "LimitExceeded", message);
}

inline Failure malformed(std::string_view message) {
  return failure(Outcome::invalid, 400, "MalformedPolicyDocument", message);
}

inline Failure invalid(std::string_view message) {
  return failure(Outcome::invalid, 400, "ValidationError", message);
}

inline Failure denied(std::string_view what) {
  return failure(
      Outcome::denied, 403, "AccessDenied",
      "User: arn:aws:iam::444455556666:user/bob is not authorized to perform: " + std::string{what});
}

}  // namespace rushhour::fakes::conformance
