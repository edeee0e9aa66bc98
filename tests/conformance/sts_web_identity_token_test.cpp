// Tokens of STS for other services: GetWebIdentityToken (spec aws.md 1, 2.2).

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include <rushhour/fakes/json_web_token.hpp>

#include "sts_bench.hpp"

namespace rushhour::fakes::conformance {
namespace {

using namespace api::sts;

GetWebIdentityToken token_request() {
  return {.audience = {"https://api.example.com"}, .signing_algorithm = "RS256"};
}

/// The token's claims, if its signature is that of the keys which the fakes publish.
Failure claims_in(const Result<GetWebIdentityToken::Output>& said) {
  if (!said.ok()) return said.failure();
  const auto token = read_json_web_token(said->web_identity_token);
  if (!token || !JsonWebKeys::read(own_json_web_keys()).verify(*token)) return answer("no such signature");
  auto claims = nlohmann::ordered_json::parse(token->claims);
  claims.erase("jti");
  claims["iss"] = claims["iss"].get<std::string>().substr(44);  // https:// and a UUID
  return answer(token->algorithm + " " + claims.dump());
}

Failure token_of(Scene& scene, const GetWebIdentityToken& request, std::vector<std::string> policies) {
  static_cast<void>(scene.inside()->world.sts.enable_web_identity_tokens(ours));
  return claims_in(scene.call(request, alice(scene, std::move(policies))));
}

std::vector<std::string> may_get_tokens(std::string_view condition = "") {
  return {document(allow(R"(["sts:GetWebIdentityToken","sts:TagGetWebIdentityToken"])", condition))};
}

/// What a token says of the caller beside the claims of every token.
Failure own_claims(Scene& scene, const api::Identity& who) {
  static_cast<void>(scene.inside()->world.sts.enable_web_identity_tokens(ours));
  const auto said = scene.call(token_request(), who);
  if (!said.ok()) return said.failure();
  const auto token = read_json_web_token(said->web_identity_token);
  return answer(nlohmann::ordered_json::parse(token.value().claims)["https://sts.amazonaws.com/"].dump());
}

std::vector<Behaviour> web_identity_tokens() {
  return {
      {"TheClaimsOfAUser", "DOC Understanding token claims",
       answer(R"(RS256 {"iss":".tokens.sts.global.api.aws","aud":"https://api.example.com",)"
              R"("sub":"arn:aws:iam::123456789012:user/alice","iat":1772413200,"exp":1772413500,)"
              R"("https://sts.amazonaws.com/":{"aws_account":"123456789012","source_region":"us-east-1"}})"),
       [](Scene& scene) { return token_of(scene, token_request(), may_get_tokens()); }},
      {"TheClaimsOfASession", "DOC Understanding token claims",
       answer(R"(ES384 {"iss":".tokens.sts.global.api.aws","aud":["one","two"],)"
              R"("sub":"arn:aws:iam::123456789012:role/reader","iat":1772413200,"exp":1772416800,)"
              R"("https://sts.amazonaws.com/":{"aws_account":"123456789012","source_region":"us-east-1",)"
              R"("principal_tags":{"team":"blue"},"original_session_exp":"2026-03-02T02:00:00Z",)"
              R"("source_identity":"alice","request_tags":{"job":"7"}}})"),
       [](Scene& scene) {
         static_cast<void>(scene.inside()->world.sts.enable_web_identity_tokens(ours));
         const api::Identity who = alice(scene);
         add_role(scene, reader_arn, trust_alice(all_of_it), may_get_tokens());
         AssumeRole request = with_tag("team", "blue");
         request.source_identity = "alice";
         GetWebIdentityToken wanted{.audience = {"one", "two"},
                                    .duration_seconds = 3600,
                                    .signing_algorithm = "ES384",
                                    .tags = {{"job", "7"}}};
         return claims_in(scene.call(wanted, session(scene, request, who)));
       }},
      {"NotEnabled", "DOC aws.md 1: OutboundWebIdentityFederationDisabledException; MEM text",
       failure(Outcome::denied, 403, "OutboundWebIdentityFederationDisabledException",
               "The outbound web identity federation feature is not enabled for this account."),
       [](Scene& scene) { return outcome(scene.call(token_request(), alice(scene, may_get_tokens()))); }},
      {"LongerThanItsSession", "DOC aws.md 1: SessionDurationEscalationException; MEM text",
       failure(Outcome::denied, 403, "SessionDurationEscalationException",
               "The requested token duration would extend the session beyond its original expiration time."),
       [](Scene& scene) {
         static_cast<void>(scene.inside()->world.sts.enable_web_identity_tokens(ours));
         const api::Identity who = alice(scene);
         add_role(scene, reader_arn, trust_alice(), may_get_tokens());
         AssumeRole request = assume();
         request.duration_seconds = 900;
         GetWebIdentityToken wanted = token_request();
         wanted.duration_seconds = 901;
         return outcome(scene.call(wanted, session(scene, request, who)));
       }},
      {"TooManyClaims", "DOC aws.md 1: JWTPayloadSizeExceededException; MEM text",
       failure(Outcome::invalid, 400, "JWTPayloadSizeExceededException",
               "The requested token payload size exceeds the maximum allowed size."),
       [](Scene& scene) {
         GetWebIdentityToken request = token_request();
         request.audience.assign(10, std::string(1000, 'a'));
         return token_of(scene, request, may_get_tokens());
       }},
      {"NeedsPermission", "DOC Getting started with outbound identity federation",
       denied("User: arn:aws:iam::123456789012:user/alice is not authorized to perform: "
              "sts:GetWebIdentityToken because no identity-based policy allows the sts:GetWebIdentityToken "
              "action"),
       [](Scene& scene) { return token_of(scene, token_request(), {}); }},
      {"ForAnotherAudience", "DOC Getting started with outbound identity federation",
       denied("User: arn:aws:iam::123456789012:user/alice is not authorized to perform: "
              "sts:GetWebIdentityToken because no identity-based policy allows the sts:GetWebIdentityToken "
              "action"),
       [](Scene& scene) {
         return token_of(scene, token_request(),
                         may_get_tokens(R"(,"Condition":{"ForAllValues:StringEquals":)"
                                        R"({"sts:IdentityTokenAudience":"https://other.example.com"}})"));
       }},
      {"LongerThanThePolicyAllows", "DOC Getting started with outbound identity federation",
       denied("User: arn:aws:iam::123456789012:user/alice is not authorized to perform: "
              "sts:GetWebIdentityToken because no identity-based policy allows the sts:GetWebIdentityToken "
              "action"),
       [](Scene& scene) {
         return token_of(
             scene, token_request(),
             may_get_tokens(R"(,"Condition":{"NumericLessThanEquals":{"sts:DurationSeconds":"299"}})"));
       }},
      {"AnotherAlgorithm", "DOC API_GetWebIdentityToken; MEM text",
       invalid(
           "1 validation error detected: Value 'ES256' at 'signingAlgorithm' failed to satisfy constraint: "
           "Member must satisfy enum value set: [ES384, RS256]"),
       [](Scene& scene) {
         GetWebIdentityToken request = token_request();
         request.signing_algorithm = "ES256";
         return token_of(scene, request, may_get_tokens());
       }},
      {"For59Seconds", "DOC aws.md 2.2",
       invalid("1 validation error detected: Value '59' at 'durationSeconds' failed to satisfy constraint: "
               "Member must have value greater than or equal to 60"),
       [](Scene& scene) {
         GetWebIdentityToken request = token_request();
         request.duration_seconds = 59;
         return token_of(scene, request, may_get_tokens());
       }},
      {"ItIsNoTokenForAssumeRoleWithWebIdentity", "DOC Getting started with outbound identity federation",
       bad_identity("No OpenIDConnect provider found in your account for "),
       [](Scene& scene) {
         static_cast<void>(scene.inside()->world.sts.enable_web_identity_tokens(ours));
         const auto said = scene.call(token_request(), alice(scene, may_get_tokens()));
         if (!said.ok()) return said.failure();
         Failure seen =
             outcome(scene.call(AssumeRoleWithWebIdentity{.role_arn = std::string{reader_arn},
                                                          .role_session_name = "work",
                                                          .web_identity_token = said->web_identity_token},
                                api::Anonymous{}));
         seen.message.resize(seen.message.find("https://"));
         return seen;
       }},
      {"WhatAPolicySeesOfTheRequest", "DOC aws.md 3 keys", fine,
       [](Scene& scene) {
         GetWebIdentityToken request = token_request();
         request.duration_seconds = 299;
         request.tags = {{"job", "7"}};
         const Failure seen =
             token_of(scene, request,
                      may_get_tokens(R"(,"Condition":{"StringEquals":{"sts:SigningAlgorithm":"RS256",)"
                                     R"("aws:RequestTag/job":"7"},"NumericEquals":)"
                                     R"({"sts:DurationSeconds":"299"}})"));
         return seen.outcome == Outcome::ok ? fine : seen;
       }},
      {"TheTagsOfAUser", "DOC Understanding token claims",
       answer(
           R"({"aws_account":"123456789012","source_region":"us-east-1","principal_tags":{"team":"soc"}})"),
       [](Scene& scene) {
         const api::Identity who = scene.inside()->world.iam.add_user({.account = std::string{ours},
                                                                       .name = "alice",
                                                                       .policies = may_get_tokens(),
                                                                       .tags = {{"team", "soc"}}});
         return own_claims(scene, who);
       }},
      {"TheTagsOfARoleWhoseSessionHasNone", "DOC Understanding token claims",
       answer(R"({"aws_account":"123456789012","source_region":"us-east-1","principal_tags":{"team":"soc"},)"
              R"("original_session_exp":"2026-03-02T02:00:00Z","source_identity":"alice"})"),
       [](Scene& scene) {
         const api::Identity who = alice(scene);
         scene.inside()->world.iam.add_role({.account = std::string{ours},
                                             .name = "reader",
                                             .trust_policy = trust_alice(all_of_it),
                                             .policies = may_get_tokens(),
                                             .tags = {{"team", "soc"}}});
         AssumeRole request = assume();
         request.source_identity = "alice";
         return own_claims(scene, session(scene, request, who));
       }},
      {"ASessionWithTagsAndNoSourceIdentity", "DOC Understanding token claims",
       answer(R"({"aws_account":"123456789012","source_region":"us-east-1","principal_tags":{"team":"blue"},)"
              R"("original_session_exp":"2026-03-02T02:00:00Z"})"),
       [](Scene& scene) {
         const api::Identity who = alice(scene);
         add_role(scene, reader_arn, trust_alice(all_of_it), may_get_tokens());
         return own_claims(scene, session(scene, with_tag("team", "blue"), who));
       }},
      {"ClaimsThatJustFit", "DOC aws.md 1: JWTPayloadSizeExceededException; a limit of the fake",
       failure(Outcome::invalid, 400, "JWTPayloadSizeExceededException",
               "The requested token payload size exceeds the maximum allowed size."),
       [](Scene& scene) {
         static_cast<void>(scene.inside()->world.sts.enable_web_identity_tokens(ours));
         const api::Identity who = alice(scene, may_get_tokens());
         const auto size = [&] {
           const auto said = scene.call(token_request(), who);
           return read_json_web_token(said.value().web_identity_token).value().claims.size();
         }();
         scene.inside()->world.sts.options().web_identity_claims_max = size;
         EXPECT_EQ(outcome(scene.call(token_request(), who)), fine);
         scene.inside()->world.sts.options().web_identity_claims_max = size - 1;
         return outcome(scene.call(token_request(), who));
       }},
  };
}

INSTANTIATE_TEST_SUITE_P(GetWebIdentityToken, Conformance, on_every_way(web_identity_tokens()), row_name);

}  // namespace
}  // namespace rushhour::fakes::conformance
