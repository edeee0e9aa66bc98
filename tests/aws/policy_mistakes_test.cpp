// What is wrong with a policy document: where, what was expected and what was seen.

#include <gtest/gtest.h>

#include <string>

#include <rushhour/aws/policy.hpp>
#include <rushhour/input_error.hpp>

#include "quoted_policies.hpp"

namespace rushhour::aws {
namespace {

struct MalformedDocument {
  PolicyKind kind;
  const char* text;
  const char* message;
};

class MalformedPolicy : public ::testing::TestWithParam<MalformedDocument> {};

TEST_P(MalformedPolicy, NamesThePlaceWhatWasExpectedAndWhatWasSeen) {
  const auto& [kind, text, message] = GetParam();
  try {
    static_cast<void>(compiled(kind, text));
    ADD_FAILURE() << "compiled: " << text;
  } catch (const InputError& error) {
    EXPECT_EQ(std::string{error.what()}, quoted(message));
  }
}

constexpr auto of_identity = PolicyKind::identity;
constexpr auto of_resource = PolicyKind::resource;
constexpr auto of_role = PolicyKind::trust;

INSTANTIATE_TEST_SUITE_P(
    Document, MalformedPolicy,
    ::testing::Values(
        MalformedDocument{of_identity, "",
                          "policy:1:1: expected a policy document in JSON, saw the end of the text"},
        MalformedDocument{of_identity, "{\n  'Version': '2012-10-17',\n  'Statement' []\n}",
                          "policy:3:15: expected a policy document in JSON, saw '[' here"},
        MalformedDocument{of_identity, "{'Statement':{'Effect':'Allow','Effect':'Deny'}}",
                          "expected each member once, saw 'Effect' twice in one object"},
        MalformedDocument{of_identity, "{'Statement':{'Effect':'Allow','Condition':{},'Effect':'Deny'}}",
                          "expected each member once, saw 'Effect' twice in one object"},
        MalformedDocument{of_identity, "[]",
                          "expected an object with the members Version, Id, Statement, saw an empty list"},
        MalformedDocument{of_identity, "{}",
                          "expected a member 'Statement': a statement or a list of them, saw nothing"},
        MalformedDocument{of_identity, "{'Version':'2012-10-18','Statement':[]}",
                          "at /Version: expected '2012-10-17' or '2008-10-17', saw '2012-10-18'"},
        MalformedDocument{of_identity, "{'Version':1,'Statement':[]}",
                          "at /Version: expected '2012-10-17' or '2008-10-17', saw 1"},
        MalformedDocument{of_identity, "{'Statement':[]}",
                          "at /Statement: expected a statement or a list of them, saw an empty list"},
        MalformedDocument{of_identity, "{'Statements':[],'Statement':[]}",
                          "expected only the members Version, Id, Statement, saw 'Statements'"},
        MalformedDocument{of_identity, "{'Id':1,'Statement':[]}", "at /Id: expected a string, saw 1"}));

INSTANTIATE_TEST_SUITE_P(
    Statement, MalformedPolicy,
    ::testing::Values(
        MalformedDocument{
            of_identity, "{'Statement':['x']}",
            "at /Statement/0: expected an object with the members Sid, Effect, Principal, NotPrincipal, "
            "Action, NotAction, Resource, NotResource, Condition, saw 'x'"},
        MalformedDocument{of_identity, "{'Statement':{'Effect':'allow','Action':'*','Resource':'*'}}",
                          "at /Statement/Effect: expected 'Allow' or 'Deny', saw 'allow'"},
        MalformedDocument{of_identity, "{'Statement':{'Action':'*','Resource':'*'}}",
                          "at /Statement: expected a member 'Effect': 'Allow' or 'Deny', saw nothing"},
        MalformedDocument{
            of_identity, "{'Statement':{'Effect':'Allow','Actions':'*','Resource':'*'}}",
            "at /Statement: expected only the members Sid, Effect, Principal, NotPrincipal, Action, "
            "NotAction, Resource, NotResource, Condition, saw 'Actions'"},
        MalformedDocument{
            of_identity, "{'Statement':{'Effect':'Allow','Resource':'*'}}",
            "at /Statement: expected a member 'Action': a string or a list of strings, saw nothing"},
        MalformedDocument{of_identity,
                          "{'Statement':{'Effect':'Allow','Action':'*','NotAction':'*','Resource':'*'}}",
                          "at /Statement: expected one of 'Action' and 'NotAction', saw both"},
        MalformedDocument{
            of_identity,
            "{'Statement':[{'Effect':'Allow','Action':['a:b','GetSecretValue'],'Resource':'*'}]}",
            "at /Statement/0/Action/1: expected an action such as 'sts:AssumeRole', or '*', saw "
            "'GetSecretValue'"},
        MalformedDocument{
            of_identity, "{'Statement':[{'Effect':'Allow','Action':[],'Resource':'*'}]}",
            "at /Statement/0/Action: expected an action such as 'sts:AssumeRole', or '*', saw an empty list"},
        MalformedDocument{
            of_identity, "{'Statement':[{'Effect':'Allow','Action':'*'}]}",
            "at /Statement/0: expected a member 'Resource': a string or a list of strings, saw nothing"},
        MalformedDocument{
            of_identity, "{'Statement':[{'Effect':'Allow','Action':'*','Resource':'my-secret'}]}",
            "at /Statement/0/Resource: expected an ARN, in which * and ? are wildcards, or '*', saw "
            "'my-secret'"},
        MalformedDocument{of_identity,
                          "{'Statement':[{'Sid':'a','Effect':'Allow','Action':'*','Resource':'*'},"
                          "{'Sid':'a','Effect':'Allow','Action':'*','Resource':'*'}]}",
                          "at /Statement/1/Sid: expected a Sid of its own, saw 'a'"},
        MalformedDocument{
            of_role, "{'Statement':[{'Effect':'Allow','Principal':'*','Action':'*','Resource':'*'}]}",
            "at /Statement/0/Resource: expected no Resource: a trust policy is about its role, saw '*'"}));

INSTANTIATE_TEST_SUITE_P(
    Principal, MalformedPolicy,
    ::testing::Values(
        MalformedDocument{
            of_identity, "{'Statement':[{'Effect':'Allow','Principal':'*','Action':'*','Resource':'*'}]}",
            "at /Statement/0/Principal: expected no Principal: an identity policy applies to whom it is "
            "attached, saw '*'"},
        MalformedDocument{of_resource, "{'Statement':[{'Effect':'Allow','Action':'*','Resource':'*'}]}",
                          "at /Statement/0: expected a member 'Principal': '*', or an object such as {'AWS': "
                          "'123456789012'}, saw nothing"},
        MalformedDocument{
            of_role, "{'Statement':[{'Effect':'Deny','NotPrincipal':{'AWS':'111111111111'},'Action':'*'}]}",
            "at /Statement/0/NotPrincipal: expected no NotPrincipal, which is not evaluated, saw an object; "
            "use 'Principal': '*' with a Condition on aws:PrincipalArn"},
        MalformedDocument{
            of_role, "{'Statement':[{'Effect':'Allow','Principal':'111111111111','Action':'*'}]}",
            "at /Statement/0/Principal: expected '*', or an object such as {'AWS': '123456789012'}, saw "
            "'111111111111'"},
        MalformedDocument{
            of_role, "{'Statement':[{'Effect':'Allow','Principal':{'Aws':'111111111111'},'Action':'*'}]}",
            "at /Statement/0/Principal: expected only the members AWS, Service, Federated, CanonicalUser, "
            "saw 'Aws'"},
        MalformedDocument{
            of_role, "{'Statement':[{'Effect':'Allow','Principal':{'AWS':111111111111},'Action':'*'}]}",
            "at /Statement/0/Principal/AWS: expected a string or a list of strings, saw 111111111111"},
        MalformedDocument{
            of_role,
            "{'Statement':[{'Effect':'Allow','Principal':{'AWS':['arn:aws:iam::111111111111:role/*']},"
            "'Action':'*'}]}",
            "at /Statement/0/Principal/AWS/0: expected an account of 12 digits, the ARN of a root, user, "
            "role or session, or '*', saw 'arn:aws:iam::111111111111:role/*'; a part of "
            "an ARN cannot be a wildcard; use '*' with a Condition on aws:PrincipalArn"},
        MalformedDocument{
            of_role,
            "{'Statement':[{'Effect':'Allow','Principal':{'AWS':'arn:aws:iam::111111111111:group/g'},"
            "'Action':'*'}]}",
            "at /Statement/0/Principal/AWS: expected an account of 12 digits, the ARN of a root, user, role "
            "or session, or '*', saw 'arn:aws:iam::111111111111:group/g'"},
        MalformedDocument{
            of_role,
            "{'Statement':[{'Effect':'Allow','Principal':{'AWS':'<Panther-detections-engine-IAM-role>'},"
            "'Action':'*'}]}",
            "at /Statement/0/Principal/AWS: expected an account of 12 digits, the ARN of a root, user, role "
            "or session, or '*', saw '<Panther-detections-engine-IAM-role>'"},
        MalformedDocument{
            of_role,
            "{'Statement':[{'Effect':'Allow','Principal':{'AWS':"
            "'arn:aws:sts::111111111111:assumed-role/a/b/c'},'Action':'*'}]}",
            "at /Statement/0/Principal/AWS: expected an account of 12 digits, the ARN of a root, user, role "
            "or session, or '*', saw 'arn:aws:sts::111111111111:assumed-role/a/b/c'; a "
            "session is named by role and session, without the path of the role"},
        MalformedDocument{
            of_role, "{'Statement':[{'Effect':'Allow','Principal':{'Federated':'cognito'},'Action':'*'}]}",
            "at /Statement/0/Principal/Federated: expected a provider such as "
            "'cognito-identity.amazonaws.com', or the ARN of a SAML or OpenID Connect provider, saw "
            "'cognito'"},
        MalformedDocument{
            of_role,
            "{'Statement':[{'Effect':'Allow','Principal':{'Federated':'arn:aws:iam::1:role/x'},"
            "'Action':'*'}]}",
            "at /Statement/0/Principal/Federated: expected a provider such as "
            "'cognito-identity.amazonaws.com', or the ARN of a SAML or OpenID Connect provider, saw "
            "'arn:aws:iam::1:role/x'"},
        MalformedDocument{
            of_role, "{'Statement':[{'Effect':'Allow','Principal':{'Service':'lambda'},'Action':'*'}]}",
            "at /Statement/0/Principal/Service: expected a service such as 'lambda.amazonaws.com', saw "
            "'lambda'"}));

INSTANTIATE_TEST_SUITE_P(
    Condition, MalformedPolicy,
    ::testing::Values(
        MalformedDocument{
            of_identity, "{'Statement':{'Effect':'Allow','Action':'*','Resource':'*','Condition':[]}}",
            "at /Statement/Condition: expected an object such as {'StringEquals': {'sts:ExternalId': "
            "'x'}}, saw an empty list"},
        MalformedDocument{
            of_identity,
            "{'Statement':{'Effect':'Allow','Action':'*','Resource':'*','Condition':{'Bool':'x'}}}",
            "at /Statement/Condition/Bool: expected an object such as {'sts:ExternalId': 'x'}, saw 'x'"},
        MalformedDocument{
            of_identity,
            "{'Statement':{'Effect':'Allow','Action':'*','Resource':'*','Condition':{'Bool':"
            "{'aws:SecureTransport':['true','yes']}}}}",
            "at /Statement/Condition/Bool/aws:SecureTransport/1: expected 'true' or 'false', saw 'yes'"},
        MalformedDocument{
            of_identity,
            "{'Statement':{'Effect':'Allow','Action':'*','Resource':'*','Condition':{'ArnNotLike':"
            "{'aws:PrincipalArn':'*'}}}}",
            "at /Statement/Condition/ArnNotLike/aws:PrincipalArn: expected an ARN of six parts, such as "
            "'arn:aws:iam::*:role/*', saw '*'"},
        MalformedDocument{
            of_identity,
            "{'Statement':{'Effect':'Allow','Action':'*','Resource':'*','Condition':{'StringEquals':"
            "{'sts:ExternalId':[]}}}}",
            "at /Statement/Condition/StringEquals/sts:ExternalId: expected a string, saw an empty list"},
        MalformedDocument{
            of_identity,
            "{'Statement':{'Effect':'Allow','Action':'*','Resource':'*','Condition':{'StringEquals':"
            "{'ExternalId':'x'}}}}",
            "at /Statement/Condition/StringEquals/ExternalId: expected a condition key such as "
            "'sts:ExternalId', saw "
            "'ExternalId'"}));

TEST(Policy, NamesFileAndPlaceOfADocumentInsideAnother) {
  try {
    static_cast<void>(
        Policy::compile({.text = "{}", .file = "scenarios/x.json", .pointer = "/world/roles/0/policy"}));
    ADD_FAILURE();
  } catch (const InputError& error) {
    EXPECT_EQ(error.mistake().file, "scenarios/x.json");
    EXPECT_EQ(error.mistake().pointer, "/world/roles/0/policy");
  }
}

TEST(Policy, ShortensALongTextBetweenCharacters) {
  std::string text = "{'Statement':{'Effect':'Allow','Action':'*','Resource':'";
  for (int i = 0; i < 1000; ++i) text += "\xC3\xBC";
  try {
    static_cast<void>(compiled(PolicyKind::identity, text + "'}}"));
    ADD_FAILURE();
  } catch (const InputError& error) {
    EXPECT_LE(error.mistake().seen.size(), 80U);
    EXPECT_TRUE(error.mistake().seen.ends_with("\xC3\xBC...")) << error.mistake().seen;
  }
}

TEST(Policy, SurvivesDeepNesting) {
  const std::string deep = "{'Statement':" + std::string(50'000, '[') + std::string(50'000, ']') + "}";
  EXPECT_THROW(static_cast<void>(compiled(PolicyKind::identity, deep)), InputError);
}

}  // namespace
}  // namespace rushhour::aws
