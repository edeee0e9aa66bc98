// Federation in STS: roles for other providers' tokens and assertions, and tokens for others (spec aws.md
// 1, 2.2).

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include <rushhour/detail/base64.hpp>

#include "sts_bench.hpp"

namespace rushhour::fakes::conformance {
namespace {

using namespace api::sts;
using std::chrono::minutes;

// ---- AssumeRoleWithWebIdentity ----

constexpr std::string_view github = "https://token.actions.githubusercontent.com";
constexpr std::string_view github_arn =
    "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com";

std::string trust_github(std::string_view actions = R"("sts:AssumeRoleWithWebIdentity")") {
  return trust(R"({"Federated":")" + std::string{github_arn} + R"("})", actions,
               R"(,"Condition":{"StringEquals":{"token.actions.githubusercontent.com:aud":)"
               R"("sts.amazonaws.com"},"StringLike":{"token.actions.githubusercontent.com:sub":)"
               R"("repo:panther/*"}})");
}

constexpr std::string_view whatever = R"("sts:*")";

/// What a GitHub workflow brings; members of it can be replaced.
struct Workflow {
  std::string issuer{github};
  std::string audience{"sts.amazonaws.com"};
  std::string subject{"repo:panther/detections:ref:refs/heads/main"};
  Duration lasts{minutes{5}};
  std::string more{};
  TokenAlgorithm algorithm{TokenAlgorithm::rs256};

  [[nodiscard]] std::string token(Instant now) const {
    const auto at = [](Instant instant) {
      return std::to_string(std::chrono::floor<seconds>(instant).time_since_epoch().count());
    };
    return signed_json_web_token(algorithm, R"({"iss":")" + issuer + R"(","aud":")" + audience +
                                                R"(","sub":")" + subject + R"(","iat":)" + at(now) +
                                                R"(,"exp":)" + at(now + lasts) + more + "}");
  }
};

/// Sets provider and role up, unless the row has done so, and asks.
Result<AssumeRoleWithWebIdentity::Output> run(Scene& scene, const Workflow& workflow,
                                              NewOidcProvider provider = {}, std::string trust_policy = {},
                                              AssumeRoleWithWebIdentity request = {}) {
  provider.account = ours;
  if (provider.url.empty()) provider.url = github;
  provider.client_ids = {"sts.amazonaws.com"};
  if (provider.keys.empty()) provider.keys = own_json_web_keys();
  static_cast<void>(scene.inside()->world.sts.add_oidc_provider(provider));
  add_role(scene, reader_arn, trust_policy.empty() ? trust_github() : std::move(trust_policy));
  if (request.role_arn.empty()) request.role_arn = reader_arn;
  request.role_session_name = "work";
  request.web_identity_token = workflow.token(scene.now());
  return scene.call(request, api::Anonymous{});
}

/// Claims as they are given, for a role that trusts the provider in everything.
Failure with_claims(Scene& scene, std::string_view claims, std::string_view actions) {
  static_cast<void>(scene.inside()->world.sts.add_oidc_provider({.account = std::string{ours},
                                                                 .url = std::string{github},
                                                                 .client_ids = {"sts.amazonaws.com"},
                                                                 .keys = own_json_web_keys()}));
  add_role(scene, reader_arn, trust(R"({"Federated":")" + std::string{github_arn} + R"("})", actions));
  const std::string all =
      R"({"iss":")" + std::string{github} + R"(","aud":"sts.amazonaws.com")" + std::string{claims} + "}";
  return outcome(scene.call(
      AssumeRoleWithWebIdentity{.role_arn = std::string{reader_arn},
                                .role_session_name = "work",
                                .web_identity_token = signed_json_web_token(TokenAlgorithm::rs256, all)},
      api::Anonymous{}));
}

const Failure no_web_identity = denied("Not authorized to perform sts:AssumeRoleWithWebIdentity");

std::vector<Behaviour> web_identities() {
  return {
      {"ATokenForARole", "DOC API_AssumeRoleWithWebIdentity",
       answer(R"({"SubjectFromWebIdentityToken":"repo:panther/detections:ref:refs/heads/main",)"
              R"("AssumedRoleUser":{"AssumedRoleId":"ROLE:work","Arn":)"
              R"("arn:aws:sts::123456789012:assumed-role/reader/work"},)"
              R"("Provider":"https://token.actions.githubusercontent.com","Audience":"sts.amazonaws.com"})"),
       [](Scene& scene) {
         auto said = run(scene, {});
         if (said.ok()) said->assumed_role_user.assumed_role_id.replace(0, 21, "ROLE");
         return facts<AssumeRoleWithWebIdentity>(said);
       }},
      {"AProviderThatIsNamedWithoutScheme", "CHOICE of the set-up, DOC ARNs of OIDC providers have none",
       fine, [](Scene& scene) { return outcome(run(scene, {}, {.url = std::string{github.substr(8)}})); }},
      {"ItsCredentialsAreTheRoles", "DOC aws.md 2.2", answer(std::string{reader_session}),
       [](Scene& scene) { return who_am_i(scene, identity(run(scene, {}).value().credentials)); }},
      {"ATokenSignedWithES384", "DOC API_AssumeRoleWithWebIdentity", fine,
       [](Scene& scene) { return outcome(run(scene, {.algorithm = TokenAlgorithm::es384})); }},
      {"TheSubjectIsNotTrusted", "REC public logs", no_web_identity,
       [](Scene& scene) { return outcome(run(scene, {.subject = "repo:somebody/detections:main"})); }},
      {"AnotherPrincipalIsTrusted", "REC public logs", no_web_identity,
       [](Scene& scene) { return outcome(run(scene, {}, {}, trust_alice())); }},
      {"AProviderThatTheAccountHasNot", "REC re:Post, EKS IRSA",
       bad_identity("No OpenIDConnect provider found in your account for https://gitlab.example.com"),
       [](Scene& scene) { return outcome(run(scene, {.issuer = "https://gitlab.example.com"})); }},
      {"AnotherAudience", "REC IRSA", bad_identity("Incorrect token audience"),
       [](Scene& scene) { return outcome(run(scene, {.audience = "https://kubernetes.default.svc"})); }},
      {"AnExpiredToken", "REC Envoy aws_credentials tests 2025",
       failure(Outcome::expired, 400, "ExpiredTokenException",
               "Token expired: current date/time 1772413200 must be before the expiration date/time "
               "1772413199"),
       [](Scene& scene) { return outcome(run(scene, {.lasts = -seconds{1}})); }},
      {"TextThatIsNoToken", "REC public logs",
       bad_identity("The ID Token provided is not a valid JWT. (You may see this error if you sent an Access "
                    "Token)"),
       [](Scene& scene) {
         return outcome(scene.call(AssumeRoleWithWebIdentity{.role_arn = std::string{reader_arn},
                                                             .role_session_name = "work",
                                                             .web_identity_token = "gho_16C7e42F292c6912E7"},
                                   api::Anonymous{}));
       }},
      {"AKeyThatIsNotTheProviders", "REC GitLab documentation, dbt-athena#259",
       bad_identity("Couldn't retrieve verification key from your identity provider,  please reference "
                    "AssumeRoleWithWebIdentity documentation for requirements"),
       [](Scene& scene) { return outcome(run(scene, {}, {.keys = R"({"keys":[]})"})); }},
      {"AnArnThatIsNoRoles", "REC aws-actions/configure-aws-credentials", invalid("Request ARN is invalid"),
       [](Scene& scene) {
         return outcome(scene.call(AssumeRoleWithWebIdentity{.role_arn = std::string{github_arn},
                                                             .role_session_name = "work",
                                                             .web_identity_token = "e30.e30."},
                                   api::Anonymous{}));
       }},
      {"AProviderThatCannotBeReached", "DOC aws.md 1: IDPCommunicationError; MEM text",
       failure(Outcome::invalid, 400, "IDPCommunicationError",
               "The identity provider https://token.actions.githubusercontent.com could not be reached."),
       [](Scene& scene) { return outcome(run(scene, {}, {.is_reachable = false})); }},
      {"AClaimThatTheProviderRejects", "DOC aws.md 1: IDPRejectedClaim; MEM text",
       failure(Outcome::denied, 403, "IDPRejectedClaim", "The identity provider rejected the claim."),
       [](Scene& scene) {
         return outcome(
             run(scene, {}, {.rejected_subjects = {"repo:panther/detections:ref:refs/heads/main"}}));
       }},
      {"TagsInTheTokenNeedTagSession", "DOC Passing session tags", no_web_identity,
       [](Scene& scene) {
         return outcome(
             run(scene, {.more = R"(,"https://aws.amazon.com/tags":{"principal_tags":{"team":["blue"]}})"}));
       }},
      {"TagsInTheToken", "DOC Passing session tags", fine,
       [](Scene& scene) {
         return outcome(
             run(scene, {.more = R"(,"https://aws.amazon.com/tags":{"principal_tags":{"team":["blue"]}})"},
                 {}, trust_github(R"(["sts:AssumeRoleWithWebIdentity","sts:TagSession"])")));
       }},
      {"ASourceIdentityInTheToken", "DOC Monitor and control actions taken with assumed roles",
       answer("alice"),
       [](Scene& scene) {
         const auto said = run(scene, {.more = R"(,"https://aws.amazon.com/source_identity":"alice")"}, {},
                               trust_github(R"(["sts:AssumeRoleWithWebIdentity","sts:SetSourceIdentity"])"));
         return said.ok() ? answer(said->source_identity) : said.failure();
       }},
      {"ItUsesNoQuota", "DOC aws.md 4", fine,
       [](Scene& scene) {
         {
           auto inside = scene.inside();
           limit_to(inside->world.sts, "sts", 1);
         }
         static_cast<void>(run(scene, {}));
         return outcome(run(scene, {}));
       }},
      {"ATokenThatExpiresNow", "REC Envoy aws_credentials tests 2025",
       failure(Outcome::expired, 400, "ExpiredTokenException",
               "Token expired: current date/time 1772413200 must be before the expiration date/time "
               "1772413200"),
       [](Scene& scene) { return outcome(run(scene, {.lasts = Duration{}})); }},
      {"ATokenWithoutItsEnd", "MEM", bad_identity("Missing a required claim: exp"),
       [](Scene& scene) {
         for (const char* exp : {R"(,"exp":"1772413500")", R"(,"exp":1e300)", R"(,"exp":-1e300)"}) {
           EXPECT_EQ(with_claims(scene, std::string{R"(,"sub":"s")"} + exp, whatever),
                     bad_identity("Missing a required claim: exp"))
               << exp;
         }
         return with_claims(scene, R"(,"sub":"s")", whatever);
       }},
      {"ATokenWithoutItsSubject", "MEM", bad_identity("Missing a required claim: sub"),
       [](Scene& scene) {
         EXPECT_EQ(with_claims(scene, R"(,"exp":1772413500,"sub":7)", whatever),
                   bad_identity("Missing a required claim: sub"));
         return with_claims(scene, R"(,"exp":1772413500)", whatever);
       }},
      {"AnEndWithAFraction", "DOC RFC 7519 NumericDate",
       failure(Outcome::expired, 400, "ExpiredTokenException",
               "Token expired: current date/time 1772413200 must be before the expiration date/time "
               "1772413200"),
       [](Scene& scene) {
         EXPECT_EQ(with_claims(scene, R"(,"sub":"s","exp":1772413201.5)", whatever), fine);
         return with_claims(scene, R"(,"sub":"s","exp":1772413200.9)", whatever);
       }},
      {"TagsThatAreNone", "DOC Passing session tags; MEM what else is there", fine,
       [](Scene& scene) {
         for (const char* tags : {R"("none")", R"({})", R"({"principal_tags":"none"})"}) {
           EXPECT_EQ(
               with_claims(
                   scene, std::string{R"(,"sub":"s","exp":1772413500,"https://aws.amazon.com/tags":)"} + tags,
                   R"("sts:AssumeRoleWithWebIdentity")"),
               fine)
               << tags;
         }
         return fine;
       }},
      {"TagsOfEachShape", "DOC Passing session tags; MEM what else is there", fine,
       [](Scene& scene) {
         return outcome(run(
             scene,
             {.more = R"(,"https://aws.amazon.com/tags":{"principal_tags":)"
                      R"({"a":["blue",7],"b":"red","c":[7,"green"],"d":[]},"transitive_tag_keys":["b"]})"},
             {},
             trust(R"({"Federated":")" + std::string{github_arn} + R"("})",
                   R"(["sts:AssumeRoleWithWebIdentity","sts:TagSession"])",
                   R"(,"Condition":{"StringEquals":{"aws:RequestTag/a":"blue","aws:RequestTag/b":"red",)"
                   R"("aws:RequestTag/c":"green","aws:RequestTag/d":""},"ForAllValues:StringEquals":)"
                   R"({"sts:TransitiveTagKeys":"b"}})")));
       }},
      {"WhatConditionsSeeOfAToken", "DOC aws.md 3 keys", fine,
       [](Scene& scene) {
         return outcome(run(scene, {.more = R"(,"https://aws.amazon.com/source_identity":"alice")"}, {},
                            trust(R"({"Federated":")" + std::string{github_arn} + R"("})",
                                  R"(["sts:AssumeRoleWithWebIdentity","sts:SetSourceIdentity"])",
                                  R"(,"Condition":{"StringEquals":{"sts:RoleSessionName":"work",)"
                                  R"("sts:SourceIdentity":"alice","aws:FederatedProvider":")" +
                                      std::string{github_arn} +
                                      R"("},"Null":{"token.actions.githubusercontent.com:email":"true",)"
                                      R"("token.actions.githubusercontent.com:amr":"true",)"
                                      R"("token.actions.githubusercontent.com:azp":"true"}})")));
       }},
      {"ATokenWithoutASourceIdentity", "DOC aws.md 3 keys", fine,
       [](Scene& scene) {
         return outcome(run(scene, {}, {},
                            trust(R"({"Federated":")" + std::string{github_arn} + R"("})", whatever,
                                  R"(,"Condition":{"Null":{"sts:SourceIdentity":"true"}})")));
       }},
      {"ATokenForARoleThatIsNotThere", "REC public logs", no_web_identity,
       [](Scene& scene) {
         return outcome(run(scene, {}, {}, {}, {.role_arn = "arn:aws:iam::123456789012:role/nobody"}));
       }},
      {"ATokenAndAPolicyThatIsNotThere", "DOC API_AssumeRoleWithWebIdentity; MEM text",
       failure(Outcome::invalid, 400, "MalformedPolicyDocument",
               "Policy arn:aws:iam::123456789012:policy/none does not exist or is not attachable."),
       [](Scene& scene) {
         return outcome(run(scene, {}, {}, {}, {.policy_arns = {{"arn:aws:iam::123456789012:policy/none"}}}));
       }},
      {"TheTokenForATokenTellsItsSize", "DOC client-sts 3.1169", answer("4096 100"),
       [](Scene& scene) {
         const auto said = run(scene, {}, {}, {}, {.minimum_session_token_size = 4096});
         return answer(std::to_string(*said.value().session_token_size) + " " +
                       std::to_string(*said.value().session_token_utilization));
       }},
  };
}

// ---- AssumeRoleWithSAML ----

constexpr std::string_view saml_arn = "arn:aws:iam::123456789012:saml-provider/MySAMLIdP";

struct Assertion {
  std::string issuer{"https://example.com/saml"};
  std::string subject{
      R"(<NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent">alice</NameID>)"};
  std::string session_name{
      R"(<Attribute Name="https://aws.amazon.com/SAML/Attributes/RoleSessionName"><AttributeValue>alice@example.com</AttributeValue></Attribute>)"};
  std::string role{reader_arn};
  Duration age{};
  Duration lasts{minutes{10}};
  bool is_dated{true};

  [[nodiscard]] std::string text(Instant now) const {
    const std::string xml =
        R"(<?xml version="1.0"?><samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol">)"
        "<Assertion" +
        (is_dated ? R"( IssueInstant=")" + to_iso8601(now - age) + "\"" : "") + "><Issuer>" + issuer +
        "</Issuer><Subject>" + subject +
        R"(<SubjectConfirmation><SubjectConfirmationData Recipient="https://signin.aws.amazon.com/saml" )"
        R"(NotOnOrAfter=")" +
        to_iso8601(now - age + lasts) +
        R"("/></SubjectConfirmation></Subject><AttributeStatement>)"
        R"(<Attribute Name="https://aws.amazon.com/SAML/Attributes/Role"><AttributeValue>)" +
        role + "," + std::string{saml_arn} + "</AttributeValue></Attribute>" + session_name +
        "</AttributeStatement></Assertion></samlp:Response>";
    std::string out;
    rushhour::detail::append_base64(out, xml);
    return out;
  }
};

Result<AssumeRoleWithSAML::Output> run(Scene& scene, const Assertion& assertion,
                                       std::string trust_policy = {}, std::optional<std::string> text = {}) {
  static_cast<void>(scene.inside()->world.sts.add_saml_provider(
      {.account = std::string{ours}, .name = "MySAMLIdP", .issuer = "https://example.com/saml"}));
  if (trust_policy.empty()) {
    trust_policy =
        trust(R"({"Federated":")" + std::string{saml_arn} + R"("})", R"("sts:AssumeRoleWithSAML")",
              R"(,"Condition":{"StringEquals":{"SAML:aud":"https://signin.aws.amazon.com/saml"}})");
  }
  add_role(scene, reader_arn, std::move(trust_policy));
  return scene.call(AssumeRoleWithSAML{.role_arn = std::string{reader_arn},
                                       .principal_arn = std::string{saml_arn},
                                       .saml_assertion = text ? *text : assertion.text(scene.now())},
                    api::Anonymous{});
}

const Failure no_saml = denied("Not authorized to perform sts:AssumeRoleWithSAML");

std::vector<Behaviour> saml() {
  return {
      {"AnAssertionForARole", "DOC API_AssumeRoleWithSAML: NameQualifier, Subject, Audience",
       answer(
           R"({"AssumedRoleUser":{"AssumedRoleId":"ROLE:alice@example.com","Arn":)"
           R"("arn:aws:sts::123456789012:assumed-role/reader/alice@example.com"},"Subject":"alice",)"
           R"("SubjectType":"persistent","Issuer":"https://example.com/saml",)"
           R"("Audience":"https://signin.aws.amazon.com/saml","NameQualifier":"1uAJanUnBc2XeUkHURMht+xam2c="})"),
       [](Scene& scene) {
         auto said = run(scene, Assertion{});
         if (said.ok()) said->assumed_role_user.assumed_role_id.replace(0, 21, "ROLE");
         return facts<AssumeRoleWithSAML>(said);
       }},
      {"ATrustPolicyForAnotherAudience", "DOC Troubleshoot SAML federation", no_saml,
       [](Scene& scene) {
         return outcome(
             run(scene, Assertion{},
                 trust(R"({"Federated":")" + std::string{saml_arn} + R"("})", R"("sts:AssumeRoleWithSAML")",
                       R"(,"Condition":{"StringEquals":{"SAML:aud":"https://other"}})")));
       }},
      {"ARoleThatTheAssertionDoesNotOffer", "DOC Troubleshoot SAML federation", no_saml,
       [](Scene& scene) {
         Assertion assertion;
         assertion.role = writer_arn;
         return outcome(run(scene, assertion));
       }},
      {"AnAssertionWithoutNameId", "DOC Troubleshoot SAML federation", no_saml,
       [](Scene& scene) {
         Assertion assertion;
         assertion.subject.clear();
         return outcome(run(scene, assertion));
       }},
      {"AnAssertionWithoutSessionName", "DOC Troubleshoot SAML federation",
       bad_identity("RoleSessionName is required in AuthnResponse"),
       [](Scene& scene) {
         Assertion assertion;
         assertion.session_name.clear();
         return outcome(run(scene, assertion));
       }},
      {"AnAssertionWithAWrongSessionName", "DOC Troubleshoot SAML federation",
       bad_identity("RoleSessionName in AuthnResponse must match [a-zA-Z_0-9+=,.@-]{2,64}"),
       [](Scene& scene) {
         Assertion assertion;
         assertion.session_name.replace(assertion.session_name.find("alice@"), 6, "two words ");
         return outcome(run(scene, assertion));
       }},
      {"AnotherIssuer", "DOC Troubleshoot SAML federation",
       bad_identity("Issuer not present in specified provider (Service: AWSOpenIdDiscoveryService; Status "
                    "Code: 400; Error Code: AuthSamlInvalidSamlResponseException)"),
       [](Scene& scene) {
         Assertion assertion;
         assertion.issuer = "https://somebody.example.com";
         return outcome(run(scene, assertion));
       }},
      {"AnAssertionSixMinutesOld", "REC public logs",
       failure(Outcome::expired, 400, "ExpiredTokenException",
               "Token must be redeemed within 5 minutes of issuance"),
       [](Scene& scene) {
         Assertion assertion;
         assertion.age = minutes{6};
         return outcome(run(scene, assertion));
       }},
      {"TextThatIsNoAssertion", "REC jenkinsci pipeline-aws-plugin",
       bad_identity(
           "Invalid base64 SAMLResponse (Service: AWSOpenIdDiscoveryService; Status Code: 400; Error "
           "Code: AuthSamlInvalidSamlResponseException)"),
       [](Scene& scene) { return outcome(run(scene, Assertion{}, {}, "base64SAML")); }},
      {"AProviderThatIsNotThere", "REC jenkinsci pipeline-aws-plugin",
       bad_identity("Specified provider doesn't exist (Service: AWSOpenIdDiscoveryService; Status Code: 400; "
                    "Error Code: AuthSamlManifestNotFoundException)"),
       [](Scene& scene) {
         return outcome(scene.call(AssumeRoleWithSAML{.role_arn = std::string{reader_arn},
                                                      .principal_arn = std::string{saml_arn},
                                                      .saml_assertion = Assertion{}.text(scene.now())},
                                   api::Anonymous{}));
       }},
      {"SignaturesThatAreRefused", "DOC Troubleshoot SAML federation; a switch of the fake",
       bad_identity("Response signature invalid"),
       [](Scene& scene) {
         scene.inside()->world.sts.options().saml_signatures = SamlSignatures::refused;
         return outcome(run(scene, Assertion{}));
       }},
      {"SessionNamesOfAllLengths", "DOC Troubleshoot SAML federation",
       bad_identity("RoleSessionName in AuthnResponse must match [a-zA-Z_0-9+=,.@-]{2,64}"),
       [](Scene& scene) {
         const auto named = [&](std::size_t length) {
           Assertion assertion;
           assertion.session_name.replace(assertion.session_name.find("alice@example.com"), 17, length, 's');
           return outcome(run(scene, assertion));
         };
         EXPECT_EQ(named(2), fine);
         EXPECT_EQ(named(64), fine);
         EXPECT_EQ(named(65), named(1));
         return named(1);
       }},
      {"AnAssertionThatIsOver", "REC public logs",
       failure(Outcome::expired, 400, "ExpiredTokenException",
               "Token must be redeemed within 5 minutes of issuance"),
       [](Scene& scene) {
         Assertion assertion;
         assertion.age = minutes{2};
         assertion.lasts = minutes{2};
         return outcome(run(scene, assertion));
       }},
      {"AnAssertionOfNoDate", "REC public logs",
       failure(Outcome::expired, 400, "ExpiredTokenException",
               "Token must be redeemed within 5 minutes of issuance"),
       [](Scene& scene) {
         Assertion assertion;
         assertion.is_dated = false;
         return outcome(run(scene, assertion));
       }},
      {"ARoleOfAnotherAccountThanItsProviders", "DOC Troubleshoot SAML federation", no_saml,
       [](Scene& scene) {
         static_cast<void>(run(scene, Assertion{}));
         const std::string far = "arn:aws:iam::210987654321:role/reader";
         add_role(
             scene, far,
             trust(R"({"Federated":")" + std::string{saml_arn} + R"("})", R"("sts:AssumeRoleWithSAML")"));
         Assertion assertion;
         assertion.role = far;
         return outcome(scene.call(AssumeRoleWithSAML{.role_arn = far,
                                                      .principal_arn = std::string{saml_arn},
                                                      .saml_assertion = assertion.text(scene.now())},
                                   api::Anonymous{}));
       }},
      {"AnAssertionForWhatIsNoRole", "MEM", invalid("arn:aws:iam::123456789012:user/alice is invalid"),
       [](Scene& scene) {
         return outcome(scene.call(AssumeRoleWithSAML{.role_arn = std::string{alice_arn},
                                                      .principal_arn = std::string{saml_arn},
                                                      .saml_assertion = Assertion{}.text(scene.now())},
                                   api::Anonymous{}));
       }},
      {"WhatConditionsSeeOfAnAssertion", "DOC aws.md 3 keys", fine,
       [](Scene& scene) {
         return outcome(
             run(scene, Assertion{},
                 trust(R"({"Federated":")" + std::string{saml_arn} + R"("})", R"("sts:AssumeRoleWithSAML")",
                       R"(,"Condition":{"StringEquals":{"SAML:iss":"https://example.com/saml",)"
                       R"("SAML:sub":"alice","SAML:sub_type":"persistent"}})")));
       }},
      {"TheTokenForAnAssertionTellsItsSize", "DOC client-sts 3.1169", answer("its own"),
       [](Scene& scene) {
         const auto said = run(scene, Assertion{});
         const auto size = static_cast<std::int64_t>(said.value().credentials.session_token.size());
         return answer(said.value().session_token_size == size ? "its own" : "another");
       }},
  };
}

INSTANTIATE_TEST_SUITE_P(AssumeRoleWithWebIdentity, Conformance, on_every_way(web_identities()), row_name);
INSTANTIATE_TEST_SUITE_P(AssumeRoleWithSAML, Conformance, on_every_way(saml()), row_name);

}  // namespace
}  // namespace rushhour::fakes::conformance
