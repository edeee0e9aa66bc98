// STS beyond AssumeRole's plain case: caps within an account, lengths that providers set, tokens that are
// damaged, and the switches. The table of behaviours with sources is tests/conformance/sts_test.cpp.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <rushhour/detail/base64.hpp>
#include <rushhour/fakes/gtest.hpp>

#include "policies.hpp"

namespace rushhour::fakes {
namespace {

using namespace api::sts;
using ::testing::AllOf;
using ::testing::Field;
using ::testing::HasSubstr;
using namespace std::chrono_literals;

const std::string ours = "123456789012";
const std::string alice_arn = "arn:aws:iam::123456789012:user/alice";
const std::string reader_arn = "arn:aws:iam::123456789012:role/reader";
const std::string github_arn = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com";

aws::Credentials of(const Credentials& made) {
  return {made.access_key_id, made.secret_access_key, made.session_token};
}

class StsCredentialsTest : public DetectionTest {
 protected:
  aws::Credentials alice(std::vector<std::string> policies = {}) {
    return world().iam.add_user({.account = ours, .name = "alice", .policies = std::move(policies)});
  }
  void add_reader(std::string trust, std::vector<std::string> policies = {}, Duration longest = 1h) {
    world().iam.add_role({.account = ours,
                          .name = "reader",
                          .trust_policy = std::move(trust),
                          .policies = std::move(policies),
                          .session_duration_max = longest});
  }
  template <class Op>
  auto call(const aws::Credentials& who, const Op& request) {
    auto client = sts(who);
    return client(request);
  }
  static AssumeRole assume() { return {.role_arn = reader_arn, .role_session_name = "work"}; }

  // ---- Web identities ----

  void add_github(NewOidcProvider provider = {}) {
    provider.account = ours;
    provider.url = "https://token.actions.githubusercontent.com";
    provider.client_ids = {"sts.amazonaws.com", "other"};
    provider.keys = own_json_web_keys();
    EXPECT_EQ(world().sts.add_oidc_provider(provider), github_arn);
  }
  void trust_github(std::string_view condition = "", Duration longest = 1h) {
    add_reader(
        policy(R"("Effect":"Allow","Principal":{"Federated":")" + github_arn +
               R"("},"Action":["sts:AssumeRoleWithWebIdentity","sts:TagSession"])" + std::string{condition}),
        {}, longest);
  }
  /// Claims between `iss` and the end; `exp` in five minutes unless they say otherwise.
  Result<AssumeRoleWithWebIdentity::Output> with_claims(std::string_view more,
                                                        AssumeRoleWithWebIdentity request = {}) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(clock.now()).time_since_epoch().count();
    std::string claims = R"({"iss":"https://token.actions.githubusercontent.com")" + std::string{more};
    if (more.find("\"exp\"") == std::string_view::npos) claims += ",\"exp\":" + std::to_string(seconds + 300);
    request.role_arn = reader_arn;
    request.role_session_name = "work";
    request.web_identity_token = signed_json_web_token(TokenAlgorithm::rs256, claims + "}");
    auto client = sts(api::Anonymous{});
    return client(request);
  }
  static constexpr std::string_view usual = R"(,"aud":"sts.amazonaws.com","sub":"repo:a/b")";

  // ---- SAML ----

  std::string assertion(std::string_view attributes, std::string_view statement = "") const {
    const std::string xml = R"(<Response><Assertion IssueInstant=")" + to_iso8601(clock.now()) +
                            R"("><Issuer>https://idp</Issuer><Subject><NameID>alice</NameID></Subject>)" +
                            std::string{statement} + "<AttributeStatement>" +
                            attribute("Role", reader_arn + ",arn:aws:iam::123456789012:saml-provider/idp") +
                            attribute("RoleSessionName", "alice") + std::string{attributes} +
                            "</AttributeStatement></Assertion></Response>";
    std::string out;
    rushhour::detail::append_base64(out, xml);
    return out;
  }
  static std::string attribute(const std::string& name, const std::string& value) {
    return R"(<Attribute Name="https://aws.amazon.com/SAML/Attributes/)" + name + R"("><AttributeValue>)" +
           value + "</AttributeValue></Attribute>";
  }
  Result<AssumeRoleWithSAML::Output> with_assertion(std::string text,
                                                    std::string_view actions = R"("sts:*")") {
    const std::string provider =
        world().sts.add_saml_provider({.account = ours, .name = "idp", .issuer = "https://idp"});
    add_reader(policy(R"("Effect":"Allow","Principal":{"Federated":")" + provider + R"("},"Action":)" +
                      std::string{actions}),
               {}, 12h);
    auto client = sts(api::Anonymous{});
    return client(AssumeRoleWithSAML{.role_arn = reader_arn,
                                     .principal_arn = provider,
                                     .saml_assertion = std::move(text),
                                     .duration_seconds = 7200});
  }
};

// ---- AssumeRole within one account ----

TEST_F(StsCredentialsTest, ARoleThatIsNamedIsStillCappedByItsBoundary) {
  Iam& iam = world().iam;
  const std::string nothing =
      iam.add_managed_policy({.account = ours, .name = "nothing", .document = allowing("s3:GetObject")});
  iam.add_role({.account = ours, .name = "writer", .trust_policy = trusting(alice_arn)});
  const aws::Credentials user = alice();
  add_reader(trusting("arn:aws:iam::123456789012:role/writer"));
  const std::string writer_arn = "arn:aws:iam::123456789012:role/writer";
  const auto as_writer = [&] {
    return of(call(user, AssumeRole{.role_arn = writer_arn, .role_session_name = "ww"}).value().credentials);
  };
  EXPECT_THAT(call(as_writer(), assume()), Succeeds());
  ASSERT_TRUE(iam.set_boundary(writer_arn, nothing));
  EXPECT_THAT(call(as_writer(), assume()), FailsWith("AccessDenied"));
}

TEST_F(StsCredentialsTest, AUserThatIsNamedIsNotCappedByItsBoundary) {
  Iam& iam = world().iam;
  const aws::Credentials user = alice();
  const std::string nothing =
      iam.add_managed_policy({.account = ours, .name = "nothing", .document = allowing("s3:GetObject")});
  ASSERT_TRUE(iam.set_boundary(alice_arn, nothing));
  add_reader(trusting(alice_arn));
  EXPECT_THAT(call(user, assume()), Succeeds());
}

TEST_F(StsCredentialsTest, ARootUserMayAssumeRolesWhereTheSwitchSaysSo) {
  const aws::Credentials root = world().iam.add_root_key(ours);
  add_reader(trusting(ours));
  EXPECT_THAT(call(root, assume()), FailsWith("AccessDenied", HasSubstr("root accounts")));
  world().sts.options().root_may_assume_roles = true;
  EXPECT_THAT(call(root, assume()), Succeeds());
}

TEST_F(StsCredentialsTest, ManagedSessionPoliciesAreTenAtMostAndOfTheRolesAccount) {
  const aws::Credentials user = alice();
  add_reader(trusting(alice_arn));
  AssumeRole request = assume();
  const auto with = [&](std::string arn) {
    request.policy_arns = {{std::move(arn)}};
    return call(user, request);
  };
  EXPECT_THAT(with("arn:aws:iam::123456789012:policy/nobody"), FailsWith("MalformedPolicyDocument"));
  const std::string theirs = world().iam.add_managed_policy(
      {.account = "444455556666", .name = "theirs", .document = allowing("*")});
  EXPECT_THAT(with(theirs), FailsWith("MalformedPolicyDocument"));
  EXPECT_THAT(with("arn:aws:iam::123456789012:user/alice"), FailsWith("ValidationError"));
  const std::string own =
      world().iam.add_managed_policy({.account = ours, .name = "own", .document = allowing("*")});
  request.policy_arns.assign(10, {own});
  EXPECT_THAT(call(user, request), Succeeds());
  request.policy_arns.assign(11, {own});
  EXPECT_THAT(call(user, request), FailsWith("ValidationError", HasSubstr("'policyArns'")));
}

TEST_F(StsCredentialsTest, ReservedTagKeysAreRefused) {
  const aws::Credentials user = alice();
  AssumeRole request = assume();
  request.tags = {{"AWS:team", "blue"}};
  EXPECT_THAT(call(user, request), FailsWith("InvalidParameterValue"));
  request.tags = {{"awsteam", "blue"}};
  EXPECT_THAT(call(user, request), FailsWith("AccessDenied"));
}

TEST_F(StsCredentialsTest, AProvidedContextHasTheFormOfOneAndNeedsSetContext) {
  const aws::Credentials user = alice();
  add_reader(trusting(alice_arn));
  AssumeRole request = assume();
  request.provided_contexts = {{"arn:aws:iam::aws:contextProvider/IdentityCenter", "assertion"}};
  EXPECT_THAT(call(user, request), FailsWith("AccessDenied", HasSubstr("sts:SetContext")));
  add_reader(policy(R"("Effect":"Allow","Principal":{"AWS":")" + alice_arn +
                    R"("},"Action":["sts:AssumeRole","sts:SetContext"])"));
  EXPECT_THAT(call(user, request), Succeeds());
  request.provided_contexts.front().provider_arn = "arn:aws:iam::aws:user/IdentityCenter";
  EXPECT_THAT(call(user, request), FailsWith("ValidationError"));
  request.provided_contexts = {{"arn:aws:iam::aws:contextProvider/IdentityCenter", {}}};
  EXPECT_THAT(call(user, request), FailsWith("ValidationError"));
}

// ---- MFA ----

TEST_F(StsCredentialsTest, ACodeNeedsItsDeviceAndADeviceItsCode) {
  const aws::Credentials user = alice();
  EXPECT_THAT(call(user, GetSessionToken{.token_code = "123456"}), FailsWith("ValidationError"));
  EXPECT_THAT(call(user, GetSessionToken{.serial_number = "arn:aws:iam::123456789012:mfa/alice"}),
              FailsWith("ValidationError"));
}

TEST_F(StsCredentialsTest, TheDeviceOfSomebodyElseDoesNotHelp) {
  const aws::Credentials user = alice();
  const std::string device = "arn:aws:iam::123456789012:mfa/bob";
  static_cast<void>(world().iam.add_user({.account = ours, .name = "bob"}));
  ASSERT_TRUE(world().iam.add_mfa_device("arn:aws:iam::123456789012:user/bob",
                                         {.serial = device, .secret = "12345678901234567890"}));
  const std::string code = *world().iam.mfa_code(device, clock.now());
  EXPECT_THAT(call(user, GetSessionToken{.serial_number = device, .token_code = code}),
              FailsWith("AccessDenied", HasSubstr("unable to validate MFA code")));
}

// ---- Regions, keys, messages ----

TEST_F(StsCredentialsTest, ADisabledRegionIsThatOfTheAccountWhoseCredentialsTheyAre) {
  const aws::Credentials user = alice();
  world().sts.disable_region(ours, "eu-west-1");
  EXPECT_THAT(call(user, GetSessionToken{}), Succeeds());
  world().sts.disable_region(ours, "us-east-1");
  EXPECT_THAT(call(user, GetSessionToken{}), FailsWith("RegionDisabledException"));
  EXPECT_THAT(call(user, GetCallerIdentity{}), Succeeds());
}

TEST_F(StsCredentialsTest, AKeyThatNobodyHasIsNobodys) {
  const aws::Credentials user = alice({allowing("sts:GetAccessKeyInfo")});
  EXPECT_THAT(call(user, GetAccessKeyInfo{.access_key_id = user.access_key_id}),
              Succeeds(Field(&GetAccessKeyInfo::Output::account, ours)));
  EXPECT_THAT(call(user, GetAccessKeyInfo{.access_key_id = "AKIAIOSFODNN7EXAMPLE"}),
              FailsWith("ValidationError"));
}

TEST_F(StsCredentialsTest, MessagesAreThoseOfTheirWorldAndSayNothingToTheEye) {
  const std::string encoded =
      world().sts.encode({.principal_name = "a-name-to-look-for", .action = "s3:Get"});
  EXPECT_EQ(encoded.find("a-name"), std::string::npos);
  EXPECT_EQ(encoded, world().sts.encode({.principal_name = "a-name-to-look-for", .action = "s3:Get"}));
  World other{{.seed = world().options.seed + 1}};
  const aws::Credentials user = alice({allowing("sts:DecodeAuthorizationMessage")});
  EXPECT_THAT(call(user, DecodeAuthorizationMessage{.encoded_message = encoded}), Succeeds());
  for (const std::string& wrong : {other.sts.encode({}), std::string{"A"}, std::string{"AAAA"},
                                   std::string{"with\nbreaks"}, encoded + "A"}) {
    EXPECT_THAT(call(user, DecodeAuthorizationMessage{.encoded_message = wrong}),
                FailsWith("InvalidAuthorizationMessageException"))
        << wrong;
  }
}

// ---- AssumeRoot ----

TEST_F(StsCredentialsTest, RootSessionsAreForTheOrganisationsAdministratorsAndDoOneTask) {
  const std::string admin = "111111111111";
  const aws::Credentials user =
      world().iam.add_user({.account = admin, .name = "ada", .policies = {allowing("sts:AssumeRoot")}});
  const AssumeRoot request{
      .target_principal = ours,
      .task_policy_arn = {"arn:aws:iam::aws:policy/root-task/IAMAuditRootUserCredentials"}};
  EXPECT_THAT(call(user, request), FailsWith("AccessDenied"));
  world().sts.set_organization(
      {.management_account = "999999999999", .delegated_administrators = {admin}, .members = {ours}});
  const auto made = call(user, request);
  ASSERT_THAT(made, Succeeds());
  const aws::Credentials root = of(made->credentials);
  EXPECT_THAT(call(root, GetCallerIdentity{}),
              Succeeds(Field(&GetCallerIdentity::Output::arn, "arn:aws:iam::123456789012:root")));
  auto secrets = secretsmanager(root);
  EXPECT_THAT(secrets(api::secretsmanager::ListSecrets{}), FailsWith("AccessDeniedException"));
  EXPECT_THAT(call(world().iam.add_root_key(admin), request), FailsWith("AccessDenied"));
  EXPECT_THAT(call(user, AssumeRoot{.target_principal = "me", .task_policy_arn = request.task_policy_arn}),
              FailsWith("ValidationError"));
}

// ---- Web identities ----

TEST_F(StsCredentialsTest, AClaimMustBeThereForTheTokenToCount) {
  add_github();
  trust_github();
  EXPECT_THAT(with_claims(R"(,"aud":"sts.amazonaws.com")"),
              FailsWith("InvalidIdentityToken", "Missing a required claim: sub"));
  EXPECT_THAT(with_claims(R"(,"aud":"sts.amazonaws.com","sub":"x-subject","exp":"soon")"),
              FailsWith("InvalidIdentityToken", "Missing a required claim: exp"));
  EXPECT_THAT(with_claims(R"(,"sub":"x-subject")"),
              FailsWith("InvalidIdentityToken", "Incorrect token audience"));
  EXPECT_THAT(with_claims(usual), Succeeds());
}

TEST_F(StsCredentialsTest, TheAudienceIsOneOfTheTokensOrItsAuthorisedParty) {
  add_github();
  trust_github();
  using Output = AssumeRoleWithWebIdentity::Output;
  EXPECT_THAT(with_claims(R"(,"aud":["nobody","other"],"sub":"x-subject")"),
              Succeeds(Field(&Output::audience, "other")));
  EXPECT_THAT(with_claims(R"(,"aud":"nobody","azp":"other","sub":"x-subject")"),
              Succeeds(Field(&Output::audience, "other")));
  EXPECT_THAT(with_claims(R"(,"aud":"other","azp":"nobody","sub":"x-subject")"),
              FailsWith("InvalidIdentityToken", "Incorrect token audience"));
}

TEST_F(StsCredentialsTest, AConditionOnAClaimThatIsNotThereDoesNotHold) {
  add_github();
  trust_github(R"(,"Condition":{"StringEquals":{"token.actions.githubusercontent.com:email":"a@b"}})");
  EXPECT_THAT(with_claims(usual), FailsWith("AccessDenied"));
  EXPECT_THAT(with_claims(std::string{usual} + R"(,"email":"a@b")"), Succeeds());
}

TEST_F(StsCredentialsTest, AConditionOnAnotherProvidersClaimNeverHolds) {
  add_github();
  trust_github(R"(,"Condition":{"StringNotEquals":{"gitlab.com:sub":"x"}})");
  EXPECT_THAT(with_claims(usual), FailsWith("AccessDenied"));
}

TEST_F(StsCredentialsTest, WebIdentitySessionsKeepTheRolesLimit) {
  add_github();
  trust_github("", 2h);
  EXPECT_THAT(with_claims(usual, {.duration_seconds = 7201}),
              FailsWith("ValidationError", HasSubstr("MaxSessionDuration")));
  const auto made = with_claims(usual, {.duration_seconds = 7200});
  ASSERT_THAT(made, Succeeds());
  EXPECT_EQ(made->credentials.expiration, clock.now() + 2h);
}

TEST_F(StsCredentialsTest, WebIdentitySessionsTakeSessionPolicies) {
  add_github();
  trust_github();
  EXPECT_THAT(with_claims(usual, {.policy = "{"}), FailsWith("MalformedPolicyDocument"));
  const auto made = with_claims(usual, {.policy = allowing("s3:GetObject")});
  ASSERT_THAT(made, Succeeds());
  EXPECT_TRUE(made->packed_policy_size);
}

TEST_F(StsCredentialsTest, AnAccessTokensProviderIsOutOfReach) {
  EXPECT_THAT(with_claims(usual, {.provider_id = "graph.facebook.com"}), FailsWith("IDPCommunicationError"));
}

TEST_F(StsCredentialsTest, TagsOfATokenAreThoseOfTheSession) {
  add_github();
  trust_github(R"(,"Condition":{"StringEquals":{"aws:RequestTag/team":"blue"},)"
               R"("ForAnyValue:StringEquals":{"sts:TransitiveTagKeys":"team"}})");
  const std::string tags =
      R"(,"https://aws.amazon.com/tags":{"principal_tags":{"team":["blue"]},"transitive_tag_keys":["team"]})";
  EXPECT_THAT(with_claims(std::string{usual} + tags), Succeeds());
  EXPECT_THAT(with_claims(usual), FailsWith("AccessDenied"));
}

TEST_F(StsCredentialsTest, KeysThatAreNoneAreAMistakeOfTheTest) {
  EXPECT_THROW(
      static_cast<void>(world().sts.add_oidc_provider({.account = ours, .url = "https://x", .keys = "?"})),
      InputError);
}

// ---- SAML ----

TEST_F(StsCredentialsTest, ASamlSessionEndsWithThatOfTheProvider) {
  const auto whole = with_assertion(assertion(""));
  ASSERT_THAT(whole, Succeeds());
  EXPECT_EQ(whole->credentials.expiration, clock.now() + 2h);
  const auto shorter = with_assertion(
      assertion("", R"(<AuthnStatement SessionNotOnOrAfter=")" + to_iso8601(clock.now() + 20min) + R"("/>)"));
  ASSERT_THAT(shorter, Succeeds());
  EXPECT_EQ(shorter->credentials.expiration, clock.now() + 20min);
}

TEST_F(StsCredentialsTest, SamlTagsAndSourceIdentityNeedTheirActions) {
  const std::string tag = attribute("PrincipalTag:team", "blue");
  const std::string source = attribute("SourceIdentity", "alice-0");
  constexpr std::string_view only = R"("sts:AssumeRoleWithSAML")";
  EXPECT_THAT(with_assertion(assertion(""), only), Succeeds());
  EXPECT_THAT(with_assertion(assertion(tag), only), FailsWith("AccessDenied"));
  EXPECT_THAT(with_assertion(assertion(source), only), FailsWith("AccessDenied"));
  EXPECT_THAT(with_assertion(assertion(tag + source)),
              Succeeds(Field(&AssumeRoleWithSAML::Output::source_identity, "alice-0")));
}

// ---- Where an answer goes ----

TEST_F(StsCredentialsTest, AnAnswerOfAssumeRoleLeavesNothingOfTheOneBeforeIt) {
  const api::Identity who = alice();
  add_reader(policy(R"("Effect":"Allow","Action":"sts:*","Principal":{"AWS":")" + alice_arn + "\"}"));
  AssumeRole::Output answer;
  const auto assume_into_answer = [&](const AssumeRole& request) {
    Failure failure;
    const api::Attribution attribution;
    return world().perform({.operation = api::operation_of<AssumeRole>,
                            .input = &request,
                            .output = &answer,
                            .identity = who,
                            .attribution = attribution,
                            .failure = failure},
                           clock.now());
  };
  AssumeRole rich = assume();
  rich.policy = allowing("secretsmanager:GetSecretValue");
  rich.source_identity = "alice";
  ASSERT_TRUE(assume_into_answer(rich));
  EXPECT_TRUE(answer.packed_policy_size.has_value());
  EXPECT_EQ(answer.source_identity, "alice");
  const std::string token = answer.credentials.session_token;
  ASSERT_TRUE(assume_into_answer(assume()));
  EXPECT_EQ(answer.packed_policy_size, std::nullopt);
  EXPECT_EQ(answer.source_identity, "");
  EXPECT_NE(answer.credentials.session_token, token);
  EXPECT_EQ(answer.session_token_size, static_cast<std::int64_t>(answer.credentials.session_token.size()));
}

// ---- GetWebIdentityToken ----

TEST_F(StsCredentialsTest, EachAccountHasAnIssuerAndEachTokenAnIdOfItsOwn) {
  const aws::Credentials user = alice({allowing("sts:GetWebIdentityToken")});
  const std::string issuer = world().sts.enable_web_identity_tokens(ours);
  EXPECT_EQ(issuer, world().sts.web_identity_issuer(ours));
  EXPECT_NE(issuer, world().sts.web_identity_issuer("444455556666"));
  const GetWebIdentityToken request{.audience = {"one"}, .signing_algorithm = "ES384"};
  const auto first = call(user, request);
  const auto second = call(user, request);
  ASSERT_THAT(first, Succeeds());
  EXPECT_NE(first->web_identity_token, second->web_identity_token);
  EXPECT_EQ(first->expiration, clock.now() + 5min);
  GetWebIdentityToken tagged = request;
  tagged.tags = {{"job", "7"}};
  EXPECT_THAT(call(user, tagged), FailsWith("AccessDenied", HasSubstr("sts:TagGetWebIdentityToken")));
  tagged.tags = {{"job", "7"}, {"JOB", "8"}};
  EXPECT_THAT(call(user, tagged), FailsWith("InvalidParameterValue"));
}

}  // namespace
}  // namespace rushhour::fakes
