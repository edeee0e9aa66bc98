/// \file
/// What the tables of STS are made of: two accounts, a user and a role, the policies between them, and the
/// failures that callers are told.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include <rushhour/aws/arn.hpp>

#include "behaviour.hpp"

namespace rushhour::fakes::conformance {

using api::sts::AssumeRole;
using api::sts::Credentials;
using api::sts::GetCallerIdentity;
using api::sts::Tag;
using std::chrono::hours;
using std::chrono::seconds;

constexpr std::string_view ours = "123456789012";
constexpr std::string_view alice_arn = "arn:aws:iam::123456789012:user/alice";
constexpr std::string_view reader_arn = "arn:aws:iam::123456789012:role/reader";
constexpr std::string_view writer_arn = "arn:aws:iam::123456789012:role/writer";

inline std::string document(std::string_view statements) {
  return R"({"Version":"2012-10-17","Statement":[)" + std::string{statements} + "]}";
}

inline std::string allow(std::string_view actions, std::string_view more = "") {
  return R"({"Effect":"Allow","Action":)" + std::string{actions} + R"(,"Resource":"*")" + std::string{more} +
         "}";
}

inline std::string trust(std::string_view principal, std::string_view actions = R"("sts:AssumeRole")",
                         std::string_view more = "") {
  return document(R"({"Effect":"Allow","Principal":)" + std::string{principal} + R"(,"Action":)" +
                  std::string{actions} + std::string{more} + "}");
}

inline std::string aws_principal(std::string_view arn) { return R"({"AWS":")" + std::string{arn} + R"("})"; }

inline std::string trust_alice(std::string_view actions = R"("sts:AssumeRole")", std::string_view more = "") {
  return trust(aws_principal(alice_arn), actions, more);
}

constexpr std::string_view all_of_it = R"(["sts:AssumeRole","sts:TagSession","sts:SetSourceIdentity"])";

/// A user of our account with these policies.
inline api::Identity alice(Scene& scene, std::vector<std::string> policies = {}) {
  return scene.inside()->world.iam.add_user(
      {.account = std::string{ours}, .name = "alice", .policies = std::move(policies)});
}

inline api::Identity root(Scene& scene) { return scene.inside()->world.iam.add_root_key(ours); }

inline void add_role(Scene& scene, std::string_view arn, std::string trust_policy,
                     std::vector<std::string> policies = {}, Duration longest = hours{1}) {
  const auto parsed = *aws::parse_arn(arn);
  scene.inside()->world.iam.add_role({.account = std::string{parsed.account},
                                      .name = std::string{parsed.name()},
                                      .trust_policy = std::move(trust_policy),
                                      .policies = std::move(policies),
                                      .session_duration_max = longest});
}

inline AssumeRole assume(std::string_view arn = reader_arn) {
  return {.role_arn = std::string{arn}, .role_session_name = "work"};
}

inline api::Identity identity(const Credentials& made) {
  return aws::Credentials{made.access_key_id, made.secret_access_key, made.session_token};
}

/// The session that the request gives; a failure throws.
template <class Op>
api::Identity session(Scene& scene, const Op& request, const api::Identity& who) {
  const auto answer = scene.call(request, who);
  return identity(answer.value().credentials);
}

/// The answer as JSON without what is drawn: credentials and unique ids.
template <class Op>
Failure facts(const Result<typename Op::Output>& result) {
  if (!result.ok()) return result.failure();
  std::string text;
  aws::append_json(text, api::operation_of<Op>.output, &*result);
  auto json = nlohmann::ordered_json::parse(text);
  for (const char* drawn : {"Credentials", "SessionTokenSize", "SessionTokenUtilization"}) json.erase(drawn);
  return answer(json.dump());
}

inline Failure who_am_i(Scene& scene, const api::Identity& who) {
  const auto said = scene.call(GetCallerIdentity{}, who);
  return said.ok() ? answer(said->arn) : said.failure();
}

template <class T>
Failure length_of(Scene& scene, const Result<T>& result) {
  if (!result.ok()) return result.failure();
  return answer(std::to_string((result->credentials.expiration - scene.now()) / seconds{1}));
}

inline Failure denied(std::string_view text) { return failure(Outcome::denied, 403, "AccessDenied", text); }

inline Failure refused(std::string_view action, std::string_view resource, std::string_view who = alice_arn) {
  return denied("User: " + std::string{who} + " is not authorized to perform: " + std::string{action} +
                " on resource: " + std::string{resource});
}

inline Failure invalid(std::string_view text) {
  return failure(Outcome::invalid, 400, "ValidationError", text);
}

inline Failure bad_identity(std::string_view text) {
  return failure(Outcome::invalid, 400, "InvalidIdentityToken", text);
}

constexpr std::string_view reader_session = "arn:aws:sts::123456789012:assumed-role/reader/work";

/// What AssumeRole says to Alice: with these tags, or of a role that trusts as told.
inline Failure with_tags(Scene& scene, std::vector<Tag> tags, std::vector<std::string> transitive) {
  const api::Identity who = alice(scene);
  add_role(scene, reader_arn, trust_alice(all_of_it));
  AssumeRole request = assume();
  request.tags = std::move(tags);
  request.transitive_tag_keys = std::move(transitive);
  return outcome(scene.call(request, who));
}

inline Failure by_alice(Scene& scene, std::string trust_policy, std::vector<std::string> policies = {},
                        AssumeRole request = assume()) {
  const api::Identity who = alice(scene, std::move(policies));
  add_role(scene, request.role_arn, std::move(trust_policy));
  return outcome(scene.call(request, who));
}

inline AssumeRole with_tag(std::string key, std::string value) {
  AssumeRole request = assume();
  request.tags = {{std::move(key), std::move(value)}};
  return request;
}

}  // namespace rushhour::fakes::conformance
