#include <rushhour/aws/policy.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rushhour/input_error.hpp>

#include "quoted_policies.hpp"

namespace rushhour::aws {

static void PrintTo(const Decision& decision, std::ostream* out) {
  constexpr std::array effects{"none", "allow", "deny"};
  constexpr std::array matches{"none", "account", "role", "service", "federated", "any", "user", "session"};
  *out << effects[static_cast<std::size_t>(decision.effect)] << " by "
       << matches[static_cast<std::size_t>(decision.principal)];
}

namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr std::string_view secret =
    "arn:aws:secretsmanager:us-east-1:123456789012:secret:panther/virus-total-a1B2c3";
constexpr PrincipalIdentity session{.arn = "arn:aws:sts::111111111111:assumed-role/engine/s-1",
                                    .role_arn = "arn:aws:iam::111111111111:role/detections/engine",
                                    .account_id = "111111111111"};
constexpr PrincipalIdentity user{.arn = "arn:aws:iam::111111111111:user/alice", .account_id = "111111111111"};
constexpr PrincipalIdentity lambda{.account_id = "111111111111", .service = "lambda.amazonaws.com"};
constexpr PrincipalIdentity google{.federated = "accounts.google.com"};
constexpr PrincipalIdentity okta{.federated = "arn:aws:iam::111111111111:saml-provider/okta"};
Policy identity(std::string_view statements) {
  return compiled(PolicyKind::identity,
                  "{'Version':'2012-10-17','Statement':" + std::string{statements} + "}");
}

Effect effect_of(const Policy& policy, std::string_view action, std::string_view resource = secret,
                 std::span<const ContextValue> values = {}) {
  return policy.evaluate({.action = action, .resource = resource, .principal = &user, .values = values})
      .effect;
}

constexpr Decision undecided{};
constexpr Decision denied_to(PrincipalMatch match) { return {.effect = Effect::deny, .principal = match}; }
constexpr Decision allowed_to(PrincipalMatch match) { return {.effect = Effect::allow, .principal = match}; }

// The two documents of Panther's guide "Using AWS Secrets Manager with Panther Detections".
TEST(Policy, EvaluatesTheTrustPolicyOfTheGuide) {
  const Policy trust = compiled(PolicyKind::trust, R"({
    'Version': '2012-10-17',
    'Statement': [{
      'Effect': 'Allow',
      'Principal': {'AWS': ['arn:aws:iam::111111111111:role/detections/engine', 'arn:aws:iam::111111111111:role/unit-tests']},
      'Action': 'sts:AssumeRole'
    }]
  })");
  PrincipalIdentity stranger = session;
  stranger.role_arn = "arn:aws:iam::111111111111:role/engine";  // another path is another role

  EXPECT_EQ(trust.evaluate({.action = "sts:AssumeRole", .principal = &session}),
            allowed_to(PrincipalMatch::role));
  EXPECT_EQ(trust.evaluate({.action = "sts:TagSession", .principal = &session}), undecided);
  EXPECT_EQ(trust.evaluate({.action = "sts:AssumeRole", .principal = &stranger}), undecided);
  EXPECT_EQ(trust.evaluate({.action = "sts:AssumeRole", .principal = &user}), undecided);
  EXPECT_EQ(trust.evaluate({.action = "sts:AssumeRole"}), undecided) << "an anonymous caller";
  EXPECT_FALSE(trust.reads_conditions());
  EXPECT_THAT(trust.unsupported(), IsEmpty());
}

TEST(Policy, EvaluatesThePermissionPolicyOfTheGuide) {
  const Policy policy = identity(R"([{
      'Sid': 'Statement',
      'Effect': 'Allow',
      'Action': ['secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret'],
      'Resource': ['arn:aws:secretsmanager:us-east-1:123456789012:secret:panther/virus-total-a1B2c3']
  }])");
  EXPECT_EQ(effect_of(policy, "secretsmanager:GetSecretValue"), Effect::allow);
  EXPECT_EQ(effect_of(policy, "secretsmanager:DescribeSecret"), Effect::allow);
  EXPECT_EQ(effect_of(policy, "SecretsManager:getsecretvalue"), Effect::allow) << "actions have no case";
  EXPECT_EQ(effect_of(policy, "secretsmanager:PutSecretValue"), Effect::none);
  EXPECT_EQ(effect_of(policy, "secretsmanager:GetSecretValue",
                      "arn:aws:secretsmanager:us-east-1:123456789012:secret:x"),
            Effect::none);
  EXPECT_EQ(effect_of(policy, "secretsmanager:GetSecretValue", "*"), Effect::none);
}

TEST(Policy, DeniesWhateverTheOrderOfStatements) {
  constexpr std::string_view allow = "{'Effect':'Allow','Action':'*','Resource':'*'}";
  constexpr std::string_view deny = "{'Effect':'Deny','Action':'secretsmanager:Get*','Resource':'*'}";
  for (const auto& order : {std::array{allow, deny}, std::array{deny, allow}}) {
    const Policy policy = identity("[" + std::string{order[0]} + "," + std::string{order[1]} + "]");
    EXPECT_EQ(effect_of(policy, "secretsmanager:GetSecretValue"), Effect::deny);
    EXPECT_EQ(effect_of(policy, "secretsmanager:DescribeSecret"), Effect::allow);
  }
}

struct Wildcards {
  const char* pattern;
  const char* text;
  bool matches;
};

class ResourcePattern : public ::testing::TestWithParam<Wildcards> {};

TEST_P(ResourcePattern, MatchesTheWholeArn) {
  const auto& [pattern, text, matches] = GetParam();
  const std::string element = "'" + std::string{pattern} + "'";
  const Policy in = identity("{'Effect':'Allow','Action':'*','Resource':" + element + "}");
  const Policy out = identity("{'Effect':'Allow','Action':'*','NotResource':[" + element + "]}");
  EXPECT_EQ(effect_of(in, "a:b", text), matches ? Effect::allow : Effect::none) << pattern << " on " << text;
  EXPECT_EQ(effect_of(out, "a:b", text), matches ? Effect::none : Effect::allow) << "NotResource " << pattern;
}

INSTANTIATE_TEST_SUITE_P(
    Policy, ResourcePattern,
    ::testing::Values(Wildcards{"*", "", true}, Wildcards{"*", "*", true},
                      Wildcards{"*", "arn:aws:s3:::b", true}, Wildcards{"arn:*", "arn:", true},
                      Wildcards{"arn:*", "*", false}, Wildcards{"arn:a", "arn:A", false},
                      Wildcards{"arn:a", "arn:ab", false}, Wildcards{"arn:ab", "arn:a", false},
                      Wildcards{"arn:a?", "arn:ab", true}, Wildcards{"arn:a?", "arn:a", false},
                      Wildcards{"arn:a??", "arn:ab", false}, Wildcards{"arn:**", "arn:ab", true},
                      Wildcards{"arn:*b*d", "arn:abcbd", true}, Wildcards{"arn:*b*d", "arn:abcbdx", false},
                      Wildcards{"arn:*bd", "arn:abcbcbd", true}, Wildcards{"arn:*?", "arn:", false},
                      Wildcards{"arn:?*", "arn:a", true}, Wildcards{"arn:*-??????", "arn:x-a1B2c3", true},
                      Wildcards{"arn:*-??????", "arn:x-a1B2c", false},
                      Wildcards{"arn:aws:*:x", "arn:aws:a:b:x", true}));

TEST(Policy, MatchesHostileWildcardsInBoundedTime) {
  std::string pattern = "arn:";
  for (int i = 0; i < 1'000; ++i) pattern += "*a";
  const Policy policy = identity("{'Effect':'Allow','Action':'*','Resource':'" + pattern + "*b'}");
  EXPECT_EQ(effect_of(policy, "a:b", "arn:" + std::string(20'000, 'a')), Effect::none);
  EXPECT_EQ(effect_of(policy, "a:b", "arn:" + std::string(20'000, 'a') + "b"), Effect::allow);
}

TEST(Policy, ExceptsNotActions) {
  const Policy policy = identity("{'Effect':'Allow','NotAction':['iam:*','STS:assume?o?e'],'Resource':'*'}");
  EXPECT_EQ(effect_of(policy, "IAM:CreateUser"), Effect::none);
  EXPECT_EQ(effect_of(policy, "sts:AssumeRole"), Effect::none);
  EXPECT_EQ(effect_of(policy, "sts:AssumeRoles"), Effect::allow);
}

struct Named {
  const char* principal;
  const PrincipalIdentity* caller;
  PrincipalMatch match;
};

class PrincipalOfStatement : public ::testing::TestWithParam<Named> {};

TEST_P(PrincipalOfStatement, MatchesAsWhat) {
  const auto& [principal, caller, match] = GetParam();
  const auto statement = [&](std::string_view effect) {
    return compiled(PolicyKind::resource, "{'Statement':{'Effect':'" + std::string{effect} +
                                              "','Principal':" + principal +
                                              ",'Action':'*','Resource':'*'}}");
  };
  const RequestContext request{.action = "a:b", .resource = secret, .principal = caller};
  const bool matches = match != PrincipalMatch::none;
  EXPECT_EQ(statement("Allow").evaluate(request), matches ? allowed_to(match) : undecided) << principal;
  EXPECT_EQ(statement("Deny").evaluate(request), matches ? denied_to(match) : undecided) << principal;
}

INSTANTIATE_TEST_SUITE_P(
    Policy, PrincipalOfStatement,
    ::testing::Values(
        Named{"'*'", &session, PrincipalMatch::any}, Named{"{'AWS':'*'}", &user, PrincipalMatch::any},
        Named{"'*'", nullptr, PrincipalMatch::any},
        Named{"{'AWS':'111111111111'}", &session, PrincipalMatch::account},
        Named{"{'AWS':'111111111111'}", nullptr, PrincipalMatch::none},
        Named{"{'AWS':'222222222222'}", &session, PrincipalMatch::none},
        Named{"{'AWS':['222222222222','arn:aws:iam::111111111111:root']}", &user, PrincipalMatch::account},
        Named{"{'AWS':'arn:aws:iam::111111111111:role/detections/engine'}", &session, PrincipalMatch::role},
        Named{"{'AWS':'arn:aws:iam::111111111111:role/detections/engine'}", &user, PrincipalMatch::none},
        Named{"{'AWS':'arn:aws:sts::111111111111:assumed-role/engine/s-1'}", &session,
              PrincipalMatch::session},
        Named{"{'AWS':'arn:aws:sts::111111111111:assumed-role/engine/s-2'}", &session, PrincipalMatch::none},
        Named{"{'AWS':'arn:aws:iam::111111111111:user/alice'}", &user, PrincipalMatch::user},
        Named{"{'AWS':'arn:aws:iam::111111111111:user/Alice'}", &user, PrincipalMatch::none},
        Named{"{'Service':'lambda.amazonaws.com'}", &lambda, PrincipalMatch::service},
        Named{"{'Service':['ec2.amazonaws.com']}", &lambda, PrincipalMatch::none},
        Named{"{'AWS':'222222222222','Service':'lambda.amazonaws.com'}", &lambda, PrincipalMatch::service},
        Named{"{'Federated':'accounts.google.com'}", &google, PrincipalMatch::federated},
        Named{"{'Federated':['www.amazon.com','graph.facebook.com']}", &google, PrincipalMatch::none},
        Named{"{'Federated':'accounts.google.com'}", &user, PrincipalMatch::none},
        Named{"{'Federated':'arn:aws:iam::111111111111:saml-provider/okta'}", &okta,
              PrincipalMatch::federated},
        Named{"{'Federated':'arn:aws:iam::111111111111:saml-provider/other'}", &okta, PrincipalMatch::none},
        // The strongest of several, wherever it stands.
        Named{"{'AWS':['arn:aws:sts::111111111111:assumed-role/engine/s-1','111111111111','*']}", &session,
              PrincipalMatch::session},
        Named{"{'AWS':['111111111111','arn:aws:iam::111111111111:role/detections/engine']}", &session,
              PrincipalMatch::role}));

TEST(Policy, TellsTheStrongestMatchOfAllStatementsThatAllow) {
  const Policy policy = compiled(PolicyKind::resource, R"({'Statement':[
    {'Effect':'Allow','Principal':{'AWS':'arn:aws:iam::111111111111:user/alice'},'Action':'a:b','Resource':'*'},
    {'Effect':'Allow','Principal':{'AWS':'111111111111'},'Action':'a:*','Resource':'*'}]})");
  EXPECT_EQ(policy.evaluate({.action = "a:b", .principal = &user}), allowed_to(PrincipalMatch::user));
  EXPECT_EQ(policy.evaluate({.action = "a:c", .principal = &user}), allowed_to(PrincipalMatch::account));
}

struct Conditional {
  const char* condition;
  std::vector<ContextValue> values;
  bool holds;
};

class ConditionOfStatement : public ::testing::TestWithParam<Conditional> {};

TEST_P(ConditionOfStatement, Decides) {
  const auto& [condition, values, holds] = GetParam();
  for (const bool allow : {true, false}) {
    const Policy policy = identity(std::string{"{'Effect':'"} + (allow ? "Allow" : "Deny") +
                                   "','Action':'*','Resource':'*','Condition':" + condition + "}");
    EXPECT_THAT(policy.unsupported(), IsEmpty()) << condition;
    EXPECT_TRUE(policy.reads_conditions()) << condition;
    EXPECT_EQ(effect_of(policy, "a:b", "*", values), !holds  ? Effect::none
                                                     : allow ? Effect::allow
                                                             : Effect::deny)
        << condition;
  }
}

constexpr const char* role_pattern = "{'ArnLike':{'aws:PrincipalArn':'arn:aws:iam::*:role/*'}}";

INSTANTIATE_TEST_SUITE_P(
    Policy, ConditionOfStatement,
    ::testing::Values(
        Conditional{"{'StringEquals':{'sts:ExternalId':'x'}}", {{"sts:ExternalId", "x"}}, true},
        Conditional{"{'StringEquals':{'STS:externalid':'x'}}", {{"sts:ExternalId", "x"}}, true},
        Conditional{"{'StringEquals':{'sts:ExternalId':'x'}}", {{"sts:ExternalId", "X"}}, false},
        Conditional{"{'StringEquals':{'sts:ExternalId':'x'}}", {}, false},
        Conditional{"{'StringEquals':{'sts:ExternalId':['x','y']}}", {{"sts:ExternalId", "y"}}, true},
        Conditional{"{'StringEquals':{'sts:ExternalId':'*'}}", {{"sts:ExternalId", "y"}}, false},
        Conditional{"{'StringNotEquals':{'sts:ExternalId':['x','y']}}", {{"sts:ExternalId", "y"}}, false},
        Conditional{"{'StringNotEquals':{'sts:ExternalId':['x','y']}}", {{"sts:ExternalId", "z"}}, true},
        Conditional{"{'StringNotEquals':{'sts:ExternalId':'x'}}", {}, true},
        Conditional{"{'StringEqualsIgnoreCase':{'sts:ExternalId':'x'}}", {{"sts:ExternalId", "X"}}, true},
        Conditional{"{'StringNotEqualsIgnoreCase':{'sts:ExternalId':'x'}}", {{"sts:ExternalId", "X"}}, false},
        Conditional{"{'StringLike':{'sts:ExternalId':'a*z?'}}", {{"sts:ExternalId", "abcz1"}}, true},
        Conditional{"{'StringLike':{'sts:ExternalId':'a*z?'}}", {{"sts:ExternalId", "abcz"}}, false},
        Conditional{"{'StringLike':{'sts:ExternalId':'*'}}", {}, false},
        Conditional{"{'StringNotLike':{'sts:ExternalId':'a*'}}", {{"sts:ExternalId", "abc"}}, false},
        Conditional{"{'StringNotLike':{'sts:ExternalId':'a*'}}", {{"sts:ExternalId", "bc"}}, true},
        Conditional{role_pattern, {{"aws:PrincipalArn", "arn:aws:iam::111111111111:role/a/b"}}, true},
        Conditional{role_pattern, {{"aws:PrincipalArn", "arn:aws:iam::111111111111:user/a"}}, false},
        Conditional{role_pattern, {{"aws:PrincipalArn", "no ARN"}}, false},
        Conditional{"{'ArnEquals':{'aws:PrincipalArn':'arn:aws:*:1:x:y'}}",
                    {{"aws:PrincipalArn", "arn:aws:iam::1:x:y"}},
                    false},  // a wildcard spans no colon
        Conditional{"{'ArnEquals':{'aws:PrincipalArn':'arn:aws:iam::1:*'}}",
                    {{"aws:PrincipalArn", "arn:aws:iam::1:x:y"}},
                    true},  // but in the last part
        Conditional{"{'ArnNotLike':{'aws:PrincipalArn':'arn:aws:iam::1:*'}}",
                    {{"aws:PrincipalArn", "arn:aws:iam::2:x"}},
                    true},
        Conditional{"{'ArnNotEquals':{'aws:PrincipalArn':'arn:aws:iam::1:*'}}", {}, true},
        Conditional{"{'Bool':{'aws:SecureTransport':'true'}}", {{"aws:SecureTransport", "true"}}, true},
        Conditional{"{'Bool':{'aws:SecureTransport':true}}", {{"aws:SecureTransport", "True"}}, true},
        Conditional{"{'Bool':{'aws:SecureTransport':'false'}}", {{"aws:SecureTransport", "true"}}, false},
        Conditional{"{'Bool':{'aws:SecureTransport':'false'}}", {}, false},
        Conditional{"{'BoolIfExists':{'aws:SecureTransport':'false'}}", {}, true},
        Conditional{"{'StringEqualsIfExists':{'sts:ExternalId':'x'}}", {}, true},
        Conditional{"{'StringEqualsIfExists':{'sts:ExternalId':'x'}}", {{"sts:ExternalId", "y"}}, false},
        Conditional{"{'StringNotLikeIfExists':{'sts:ExternalId':'x'}}", {}, true},
        Conditional{"{'Null':{'sts:ExternalId':'true'}}", {}, true},
        Conditional{"{'Null':{'sts:ExternalId':'true'}}", {{"sts:ExternalId", ""}}, false},
        Conditional{"{'Null':{'sts:ExternalId':'false'}}", {{"sts:ExternalId", "x"}}, true},
        Conditional{"{'Null':{'sts:ExternalId':false}}", {}, false},
        Conditional{
            "{'StringEquals':{'aws:PrincipalTag/team':'red'}}", {{"aws:PrincipalTag/team", "red"}}, true},
        // All keys and all operators must hold.
        Conditional{
            "{'StringEquals':{'sts:ExternalId':'x','aws:username':'u'}}", {{"sts:ExternalId", "x"}}, false},
        Conditional{"{'StringEquals':{'sts:ExternalId':'x','aws:username':'u'}}",
                    {{"aws:username", "u"}, {"sts:ExternalId", "x"}},
                    true},
        Conditional{"{'StringEquals':{'sts:ExternalId':'x'},'Bool':{'aws:SecureTransport':'true'}}",
                    {{"sts:ExternalId", "x"}, {"aws:SecureTransport", "false"}},
                    false}));

TEST(Policy, NeedsNoConditionThatIsEmpty) {
  const Policy policy = identity("{'Effect':'Allow','Action':'*','Resource':'*','Condition':{}}");
  EXPECT_EQ(effect_of(policy, "a:b"), Effect::allow);
  EXPECT_FALSE(policy.reads_conditions());
}

struct NotEvaluated {
  const char* elements;
  const char* note;
};

class UnsupportedElement : public ::testing::TestWithParam<NotEvaluated> {};

TEST_P(UnsupportedElement, FailsClosedAndSaysSo) {
  const auto& [elements, note] = GetParam();
  const auto statement = [&](std::string_view effect) {
    return identity("[{'Effect':'" + std::string{effect} + "','Action':'a:b'," + elements + "}]");
  };
  const std::vector<ContextValue> values{{"sts:ExternalId", "x"}};
  const Policy allow = statement("Allow");
  const Policy deny = statement("Deny");
  EXPECT_EQ(effect_of(allow, "a:b", secret, values), Effect::none);
  EXPECT_EQ(effect_of(deny, "a:b", secret, values), Effect::deny);
  EXPECT_EQ(effect_of(deny, "a:c", secret, values), Effect::none) << "the action is evaluated all the same";
  EXPECT_THAT(allow.unsupported(),
              ElementsAre(std::string{note} + " is not evaluated; this Allow never applies"));
  EXPECT_THAT(deny.unsupported(),
              ElementsAre(std::string{note} + " is not evaluated; this Deny applies regardless"));
}

INSTANTIATE_TEST_SUITE_P(
    Policy, UnsupportedElement,
    ::testing::Values(
        NotEvaluated{"'Resource':'*','Condition':{'StringLikes':{'sts:ExternalId':'x'}}",
                     "/Statement/0/Condition/StringLikes: the operator StringLikes"},
        NotEvaluated{"'Resource':'*','Condition':{'StringLikes':{'sts:ExternalId':'${aws:username}'}}",
                     "/Statement/0/Condition/StringLikes: the operator StringLikes"},
        NotEvaluated{
            "'Resource':'*','Condition':{'ForSomeValues:StringEquals':{'sts:ExternalId':['x']}}",
            "/Statement/0/Condition/ForSomeValues:StringEquals: the operator ForSomeValues:StringEquals"},
        NotEvaluated{"'Resource':'*','Condition':{'ForAllValues:Null':{'sts:ExternalId':'true'}}",
                     "/Statement/0/Condition/ForAllValues:Null: the operator ForAllValues:Null"},
        NotEvaluated{"'Resource':'*','Condition':{'NullIfExists':{'sts:ExternalId':'true'}}",
                     "/Statement/0/Condition/NullIfExists: the operator NullIfExists"},
        NotEvaluated{"'Resource':'*','Condition':{'StringNotEquals':{'aws:SourceVpce':'v'}}",
                     "/Statement/0/Condition/StringNotEquals/aws:SourceVpce: the key aws:SourceVpce"},
        NotEvaluated{
            "'Resource':'*','Condition':{'StringEqualsIfExists':{'aws:PrincipalTag/':'v'}}",
            "/Statement/0/Condition/StringEqualsIfExists/aws:PrincipalTag~1: the key aws:PrincipalTag/"},
        NotEvaluated{"'Resource':'*','Condition':{'StringEquals':{'sts:ExternalId':'${aws:userid}'}}",
                     "/Statement/0/Condition/StringEquals/sts:ExternalId: the policy variable ${aws:userid}"},
        NotEvaluated{"'Resource':'*','Condition':{'Bool':{'aws:SecureTransport':'${aws:username}'}}",
                     "/Statement/0/Condition/Bool/aws:SecureTransport: a policy variable with the operator "
                     "Bool"},
        NotEvaluated{"'Resource':['arn:aws:s3:::b','arn:aws:s3:::${aws:userid}']",
                     "/Statement/0/Resource/1: the policy variable ${aws:userid}"},
        NotEvaluated{"'NotResource':'arn:aws:s3:::${aws:userid}'",
                     "/Statement/0/NotResource: the policy variable ${aws:userid}"},
        NotEvaluated{"'Resource':'arn:aws:s3:::${aws:username'",
                     "/Statement/0/Resource: a malformed policy variable"},
        NotEvaluated{"'Resource':'arn:aws:s3:::${username}'",
                     "/Statement/0/Resource: a malformed policy variable"},
        NotEvaluated{"'Resource':'arn:aws:s3:::${aws:username, none}'",
                     "/Statement/0/Resource: a malformed policy variable"},
        NotEvaluated{"'Resource':'arn:aws:s3::${aws:username}:b'",
                     "/Statement/0/Resource: a policy variable before the fifth colon"}));

TEST(Policy, GoesOnWithOtherStatementsAfterAnUnsupportedOne) {
  const Policy policy = identity(R"([
    {'Effect':'Allow','Action':'a:*','Resource':'*','Condition':{'IpAddresses':{'aws:SourceIp':'10.0.0.0/8'}}},
    {'Effect':'Allow','Action':'a:b','Resource':'*'}])");
  EXPECT_EQ(effect_of(policy, "a:b"), Effect::allow);
  EXPECT_EQ(effect_of(policy, "a:c"), Effect::none);
  EXPECT_FALSE(policy.reads_conditions()) << "the one that has a condition never applies";
}

TEST(Policy, TakesVariablesLiterallyInDocumentsOfTheOldVersion) {
  const Policy policy = compiled(PolicyKind::identity,
                                 "{'Version':'2008-10-17','Statement':{'Effect':'Allow','Action':'*',"
                                 "'Resource':'arn:aws:s3:::${aws:username}'}}");
  EXPECT_THAT(policy.unsupported(), IsEmpty());
  EXPECT_EQ(effect_of(policy, "a:b", "arn:aws:s3:::${aws:username}"), Effect::allow);
}

TEST(Policy, AllowsOthersBesideACanonicalUserAndDeniesEveryone) {
  const auto trust = [](std::string_view effect) {
    return compiled(PolicyKind::trust,
                    "{'Statement':{'Effect':'" + std::string{effect} +
                        "','Principal':{'AWS':'111111111111','CanonicalUser':'79a5'},'Action':'*'}}");
  };
  const RequestContext from_outside{.action = "sts:AssumeRole"};
  EXPECT_EQ(trust("Allow").evaluate({.action = "a:b", .principal = &user}),
            allowed_to(PrincipalMatch::account));
  EXPECT_EQ(trust("Allow").evaluate(from_outside), undecided);
  EXPECT_EQ(trust("Deny").evaluate(from_outside), denied_to(PrincipalMatch::any));
  EXPECT_THAT(
      trust("Allow").unsupported(),
      ElementsAre("/Statement/Principal/CanonicalUser: a principal of type CanonicalUser is not evaluated; "
                  "this Allow is not for it"));
}

/// Knows one role and one user, under the ids that they have now.
class TwoPrincipals final : public PrincipalDirectory {
 public:
  explicit TwoPrincipals(std::string role_id) : role_id_(std::move(role_id)) {}
  [[nodiscard]] std::optional<std::string> unique_id_of(std::string_view arn) const override {
    if (arn == session.role_arn) return role_id_;
    if (arn == user.arn) return "AIDAALICE";
    return std::nullopt;
  }

 private:
  std::string role_id_;
};

Policy trusting(std::string_view principal, const PrincipalDirectory& directory,
                UnknownPrincipal unknown = UnknownPrincipal::refuse, std::string_view effect = "Allow") {
  const std::string text = "{'Statement':{'Effect':'" + std::string{effect} +
                           "','Principal':{'AWS':['111111111119','" + std::string{principal} +
                           "']},'Action':'*'}}";
  const std::string json = quoted(std::string_view{text});
  return Policy::compile(
      {.kind = PolicyKind::trust, .text = json, .directory = &directory, .unknown_principal = unknown});
}

TEST(Policy, MeansTheRoleThatHadTheArnWhenItWasCompiled) {
  const Policy policy = trusting(session.role_arn, TwoPrincipals{"AROAFIRST"});
  PrincipalIdentity caller = session;
  caller.unique_id = "AROAFIRST";
  EXPECT_EQ(policy.evaluate({.action = "a:b", .principal = &caller}), allowed_to(PrincipalMatch::role));
  caller.unique_id = "AROASECOND";  // deleted and made again
  EXPECT_EQ(policy.evaluate({.action = "a:b", .principal = &caller}), undecided);
  EXPECT_EQ(policy.evaluate({.action = "a:b", .principal = &session}), undecided) << "a caller without an id";
}

TEST(Policy, MeansTheUserThatHadTheArnWhenItWasCompiled) {
  const Policy policy = trusting(user.arn, TwoPrincipals{"AROAFIRST"});
  PrincipalIdentity caller = user;
  caller.unique_id = "AIDAALICE";
  EXPECT_EQ(policy.evaluate({.action = "a:b", .principal = &caller}), allowed_to(PrincipalMatch::user));
  caller.unique_id = "AIDASECOND";
  EXPECT_EQ(policy.evaluate({.action = "a:b", .principal = &caller}), undecided);
}

TEST(Policy, BindsNoSessionToAnId) {
  const Policy policy = trusting(session.arn, TwoPrincipals{"AROAFIRST"});
  EXPECT_EQ(policy.evaluate({.action = "a:b", .principal = &session}), allowed_to(PrincipalMatch::session));
}

TEST(Policy, RefusesAPrincipalThatDoesNotExist) {
  try {
    static_cast<void>(trusting("arn:aws:iam::111111111111:role/nobody", TwoPrincipals{"AROAFIRST"}));
    ADD_FAILURE();
  } catch (const InputError& error) {
    EXPECT_EQ(std::string{error.what()},
              quoted("at /Statement/Principal/AWS/1: expected a role or user that exists, saw "
                     "'arn:aws:iam::111111111111:role/nobody'; Invalid principal in policy: "
                     "'AWS':'arn:aws:iam::111111111111:role/nobody'"));
  }
}

TEST(Policy, NotesAPrincipalThatDoesNotExistWhereTold) {
  const TwoPrincipals directory{"AROAFIRST"};
  PrincipalIdentity late = session;
  late.role_arn = "arn:aws:iam::111111111111:role/nobody";
  late.unique_id = "AROALATE";
  const Policy allow = trusting(late.role_arn, directory, UnknownPrincipal::note);
  const Policy deny = trusting(late.role_arn, directory, UnknownPrincipal::note, "Deny");
  EXPECT_EQ(allow.evaluate({.action = "a:b", .principal = &late}), undecided);
  EXPECT_EQ(deny.evaluate({.action = "a:b", .principal = &late}), denied_to(PrincipalMatch::role));
  EXPECT_THAT(allow.unsupported(),
              ElementsAre("/Statement/Principal/AWS/1: arn:aws:iam::111111111111:role/nobody does not exist; "
                          "this Allow is not for it"));
}

TEST(Policy, NamesAFederatedSessionByItselfAndByItsUser) {
  PrincipalIdentity federated{.arn = "arn:aws:sts::111111111111:federated-user/bob",
                              .account_id = "111111111111",
                              .user_arn = user.arn};
  const auto named = [&](std::string_view principal) {
    return compiled(PolicyKind::resource, "{'Statement':{'Effect':'Allow','Principal':{'AWS':'" +
                                              std::string{principal} + "'},'Action':'*','Resource':'*'}}")
        .evaluate({.action = "a:b", .principal = &federated});
  };
  EXPECT_EQ(named(federated.arn), allowed_to(PrincipalMatch::session));
  EXPECT_EQ(named(user.arn), allowed_to(PrincipalMatch::role)) << "capped, as a role's session is";
  EXPECT_EQ(named("arn:aws:iam::111111111111:user/carol"), undecided);
  EXPECT_EQ(named("111111111111"), allowed_to(PrincipalMatch::account));
}

}  // namespace
}  // namespace rushhour::aws
