/// \file
/// Who calls in the tables of IAM: alice and a role of the secret's account, bob of another, their sessions,
/// and the words in which they are refused.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../fakes/policies.hpp"
#include "behaviour.hpp"

namespace rushhour::fakes::conformance {

inline const std::string home = "444455556666";
inline const std::string alice_arn = "arn:aws:iam::444455556666:user/alice";
inline const std::string reader_arn = "arn:aws:iam::444455556666:role/panther-secrets-access";
inline const std::string get = "secretsmanager:GetSecretValue";

inline Failure refused_as(std::string_view arn, std::string_view reason) {
  return failure(Outcome::denied, 400, "AccessDeniedException",
                 "User: " + std::string{arn} +
                     " is not authorized to perform: secretsmanager:GetSecretValue on resource: "
                     "panther-secrets/virus-total " +
                     std::string{reason});
}

inline Failure alice_refused(std::string_view reason) { return refused_as(alice_arn, reason); }

inline std::string lacking(std::string_view kind) {
  return "because no " + std::string{kind} + " allows the secretsmanager:GetSecretValue action";
}

inline std::string denied_in(std::string_view kind) {
  return "with an explicit deny in " + std::string{kind};
}

inline Failure reads(Scene& scene, const api::Identity& identity) {
  return outcome(scene.call(scene.get(), identity));
}

/// The user alice of the secret's account.
inline aws::Credentials alice(Scene& scene, NewUser wanted = {}) {
  wanted.account = home;
  wanted.name = "alice";
  return scene.inside()->world.iam.add_user(wanted);
}

inline aws::Credentials alice_with(Scene& scene, std::vector<std::string> policies) {
  return alice(scene, {.policies = std::move(policies)});
}

/// A session of the guide's role, as its code would get it.
inline aws::Credentials session(Scene& scene, NewSession wanted = {}) {
  wanted.name = "rule-1";
  wanted.now = scene.now();
  Scene::Inside inside = scene.inside();
  return inside->world.iam.issue(*inside->world.iam.find(reader_arn), wanted).credentials;
}

/// Of alice, or as somebody whom she vouches for.
inline aws::Credentials alices_session(Scene& scene, NewSession wanted) {
  wanted.now = scene.now();
  Scene::Inside inside = scene.inside();
  return inside->world.iam.issue(*inside->world.iam.find(alice_arn), wanted).credentials;
}

inline void restrain(Scene& scene, const std::string& account, std::vector<std::string> documents) {
  scene.inside()->world.iam.set_service_control_policies(account, documents);
}

inline std::string allowing_if(std::string_view condition) {
  return policy(R"("Effect":"Allow","Action":"*","Resource":"*","Condition":)" + std::string{condition});
}

}  // namespace rushhour::fakes::conformance
