#include <rushhour/aws/preflight.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include <rushhour/aws/detail/placeholders.hpp>
#include <rushhour/aws/detail/preflight_policy.hpp>
#include <rushhour/input_error.hpp>

namespace rushhour::aws {

static void PrintTo(const Finding& finding, std::ostream* out) { *out << preflight_text({&finding, 1}); }

namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const std::string engine = "arn:aws:iam::381491234567:role/detections-engine";
const std::string unit_tests = "arn:aws:iam::381491234567:role/unit-tests";
const std::string stem = "arn:aws:secretsmanager:us-east-1:740982345678:secret:panther-secrets/virus-total";
const std::string secret = stem + "-a1B2c3";

std::string quoted_list(const std::vector<std::string>& texts) { return nlohmann::json(texts).dump(); }
std::string document(const std::string& statements) {
  return R"({"Version":"2012-10-17","Statement":)" + statements + "}";
}
/// The guide's trust policy, for these principals.
std::string trust(const std::vector<std::string>& principals, const std::string& condition = "{}") {
  return document(R"([{"Effect":"Allow","Principal":{"AWS":)" + quoted_list(principals) +
                  R"(},"Action":"sts:AssumeRole","Condition":)" + condition + "}]");
}
/// The guide's permission policy.
std::string reads(const std::vector<std::string>& resources,
                  const std::vector<std::string>& actions = {"secretsmanager:GetSecretValue",
                                                             "secretsmanager:DescribeSecret"}) {
  return document(R"([{"Sid":"Statement","Effect":"Allow","Action":)" + quoted_list(actions) +
                  R"(,"Resource":)" + quoted_list(resources) + "}]");
}

std::vector<Finding> of_trust(std::string_view text, std::vector<std::string> principals = {}) {
  return preflight(
      {.trust = PreflightFile{.text = text, .name = "trust.json"}, .principals = std::move(principals)});
}
std::vector<Finding> of_policy(std::string_view text, std::string of = {}) {
  return preflight({.policy = PreflightFile{.text = text, .name = "policy.json"}, .secret = std::move(of)});
}

/// `error /Statement/0/Action: what; fix`
std::vector<std::string> lines(const std::vector<Finding>& findings) {
  std::vector<std::string> out;
  for (const Finding& each : findings) {
    out.push_back((each.severity == Severity::error ? "error " : "warning ") + each.pointer + ": " +
                  each.what + "; " + each.fix);
  }
  return out;
}

TEST(Preflight, HasNothingToSayOfTheGuidesDocumentsFilledIn) {
  const std::string trust_text = trust({engine, unit_tests});
  const std::string policy_text = reads({secret});
  EXPECT_THAT(preflight({.trust = PreflightFile{trust_text, "trust.json"},
                         .policy = PreflightFile{policy_text, "policy.json"},
                         .principals = {engine, unit_tests},
                         .secret = secret}),
              IsEmpty());
  EXPECT_THAT(of_trust(trust_text), IsEmpty());
  EXPECT_THAT(of_policy(policy_text), IsEmpty());
  EXPECT_THAT(preflight({}), IsEmpty());
}

TEST(Preflight, TakesWildcardsInPlaceOfTheSuffix) {
  for (const char* end : {"-??????", "-*"}) {
    EXPECT_THAT(lines(of_policy(reads({stem + end}))), IsEmpty());
    EXPECT_THAT(lines(of_policy(reads({stem + end}), secret)), IsEmpty());
  }
}

TEST(Preflight, FindsPlaceholdersAndJudgesTheRestAllTheSame) {
  EXPECT_THAT(lines(of_trust(trust({"<engine-role>", "<unit-tests-role>"}), {engine})),
              ElementsAre("error /Statement/0/Principal/AWS/0: the placeholder \"<engine-role>\" was not "
                          "filled in; put the real value in its place",
                          "error /Statement/0/Principal/AWS/1: the placeholder \"<unit-tests-role>\" was not "
                          "filled in; put the real value in its place"));
  EXPECT_THAT(
      lines(of_policy(reads({"<secret-arn>"}, {"secretsmanager:GetSecretValue"}), secret)),
      ElementsAre("error /Statement/0/Resource/0: the placeholder \"<secret-arn>\" was not filled in; "
                  "put the real value in its place",
                  "error /Statement/0/Action: secretsmanager:DescribeSecret is not allowed on "
                  "arn:aws:secretsmanager:us-east-1:000000000000:secret:p-aB1cD2; add "
                  "\"secretsmanager:DescribeSecret\" to Action"));
}

TEST(Preflight, FindsPlaceholdersInWhatIsWellFormed) {
  EXPECT_THAT(
      lines(of_trust(trust({"arn:aws:iam::123456789012:role/engine", engine}))),
      ElementsAre(
          "error /Statement/0/Principal/AWS/0: the account \"123456789012\" is one that examples use; "
          "put your own account id there"));
  EXPECT_THAT(lines(of_trust(
                  trust({engine, unit_tests}, R"({"StringEquals":{"sts:ExternalId":"REPLACE_WITH_YOURS"}})"),
                  {engine})),
              ElementsAre(HasSubstr("/Condition/StringEquals/sts:ExternalId: the placeholder "
                                    "\"REPLACE_WITH_YOURS\" was not filled in"),
                          HasSubstr("only under conditions")));
}

struct Text {
  const char* text;
  const char* part;  ///< that is recognised
};
class Placeholders : public ::testing::TestWithParam<Text> {};
TEST_P(Placeholders, AreRecognised) {
  EXPECT_EQ(detail::placeholder_in(GetParam().text).value_or(""), GetParam().part);
}
INSTANTIATE_TEST_SUITE_P(
    Preflight, Placeholders,
    ::testing::Values(
        Text{"<secret-arn>", "<secret-arn>"}, Text{"arn:aws:iam::<id>:role/r", "<id>"},
        Text{"arn:aws:iam::{your-account}:role/r", "{your-account}"}, Text{"a ${aws:username}", ""},
        Text{"${aws:username}<x>", "<x>"}, Text{"arn:aws:iam::YOUR-ACCOUNT:role/r", "YOUR-ACCOUNT"},
        Text{"arn:aws:iam::your_account:role/r", "your_account"}, Text{"arn:aws:iam::1:role/flyyour-x", ""},
        Text{"secret:db-XXXXXX", "XXXXXX"}, Text{"secret:db-xxx", ""}, Text{"REPLACE_ME", "REPLACE_ME"},
        Text{"secret:REPLACEME-a1B2c3", "REPLACEME-a1B2c3"}, Text{"secret:replacements-a1B2c3", ""},
        Text{"arn:aws:iam::ACCOUNT-ID-WITHOUT-HYPHENS:root", "ACCOUNT-ID-WITHOUT-HYPHENS"},
        Text{"arn:aws:iam::111122223333:root", "111122223333"}, Text{"012345678901", "012345678901"},
        Text{"arn:aws:iam::000000000000:root", "000000000000"}, Text{"arn:aws:iam::381491234567:root", ""},
        Text{"1111222233334", ""}, Text{"arn:aws:secretsmanager:...", "..."}, Text{"changeme", "changeme"},
        Text{"", ""}));

TEST(Preflight, FindsAnArnWithoutItsSuffix) {
  const std::string text = reads({stem});
  const std::vector<std::string> expected{
      "error /Statement/0/Resource/0: the ARN lacks the six characters that end every secret's ARN; copy the "
      "whole ARN, or end it with -?????? (or -*): " +
      stem + "-??????"};
  EXPECT_EQ(lines(of_policy(text)), expected);
  EXPECT_EQ(lines(of_policy(text, secret)), expected) << "that it does not cover the secret is no news";
}

TEST(Preflight, SuspectsASuffixThatIsAWord) {
  const std::string text = reads({"arn:aws:secretsmanager:us-east-1:740982345678:secret:the-secret"});
  EXPECT_THAT(lines(of_policy(text)), ElementsAre(HasSubstr("warning /Statement/0/Resource/0: the ARN ends "
                                                            "with a word")));
}

class SecretParts : public ::testing::TestWithParam<Text> {};
TEST_P(SecretParts, AreOfSecretsArnsAndTheirPatterns) {
  EXPECT_EQ(detail::secret_part(GetParam().text).value_or("no secret"), GetParam().part);
}
INSTANTIATE_TEST_SUITE_P(
    Preflight, SecretParts,
    ::testing::Values(Text{"arn:aws:secretsmanager:us-east-1:740982345678:secret:db-a1B2c3", "db-a1B2c3"},
                      Text{"arn:aws:secretsmanager:us-east-1:740982345678:secret:a:b-a1B2c3", "a:b-a1B2c3"},
                      Text{"arn:aws-cn:secretsmanager:*:*:secret:db-*", "db-*"},
                      Text{"arn:aws:secretsmanager:us-east-1:740982345678:secret:", ""},
                      Text{"arn:aws:secretsmanager:us-east-1:740982345678:secret", "no secret"},
                      Text{"arn:aws:secretsmanager:us-east-1:740982345678:policy:secret:x", "no secret"},
                      Text{"arn:aws:ssm:us-east-1:740982345678:secret:db-a1B2c3", "no secret"},
                      Text{"arm:aws:secretsmanager:us-east-1:740982345678:secret:db", "no secret"},
                      Text{"*", "no secret"}, Text{"db-a1B2c3", "no secret"}));

struct Ending {
  const char* secret;
  detail::Suffix suffix;
};
class Suffixes : public ::testing::TestWithParam<Ending> {};
TEST_P(Suffixes, AreSixLettersAndDigitsAfterAHyphen) {
  EXPECT_EQ(detail::suffix_of(GetParam().secret), GetParam().suffix) << GetParam().secret;
}
INSTANTIATE_TEST_SUITE_P(
    Preflight, Suffixes,
    ::testing::Values(
        Ending{"db-a1B2c3", detail::Suffix::random}, Ending{"d-a1B2c3", detail::Suffix::random},
        Ending{"db-abcdeF", detail::Suffix::random}, Ending{"db-abcde1", detail::Suffix::random},
        Ending{"my-db-ABCDEF", detail::Suffix::random}, Ending{"the-secret", detail::Suffix::word},
        Ending{"-a1B2c3", detail::Suffix::missing}, Ending{"a1B2c3", detail::Suffix::missing},
        Ending{"", detail::Suffix::missing}, Ending{"db/a1B2c3", detail::Suffix::missing},
        Ending{"db-a1B2c", detail::Suffix::missing}, Ending{"db-a1B2c34", detail::Suffix::missing},
        Ending{"db-a1B_c3", detail::Suffix::missing}, Ending{"db-??????", detail::Suffix::missing}));

TEST(Preflight, TellsWildcardsThatNameTheSecretFromThoseThatNameMore) {
  const auto of_secrets = [](const std::string& end) {
    return lines(of_policy(reads({"arn:aws:secretsmanager:" + end}), secret));
  };
  const std::string ours = "us-east-1:740982345678:secret:";
  EXPECT_THAT(of_secrets("*:740982345678:secret:panther-secrets/virus-total-a1B2c3"), IsEmpty());
  EXPECT_THAT(of_secrets(ours + "panther-secrets/virus-total-a1B2c?"), IsEmpty());
  EXPECT_THAT(of_secrets(ours + "panther-secrets/virus-????l-a1B2c3"), IsEmpty());
  EXPECT_THAT(of_secrets("*:*:secret:*"),
              ElementsAre("warning /Statement/0/Resource/0: \"arn:aws:secretsmanager:*:*:secret:*\" is every "
                          "secret; put the ARN of the one secret there"));
  for (const char* more : {"*", "*-a1B2c3", "panther*", "panther-*-a1B2c3", "panther-*/virus-total-*"}) {
    EXPECT_THAT(of_secrets(ours + more),
                ElementsAre("warning /Statement/0/Resource/0: \"arn:aws:secretsmanager:" + ours + more +
                            "\" is other secrets too; put the ARN of the one secret there; only its suffix "
                            "may be -?????? or -*"));
  }
}

TEST(Preflight, LeavesWhatIsNoSecretAndWhatIsAVariable) {
  const std::string bucket = "arn:aws:s3:::bucket/*";
  const std::string own = "arn:aws:secretsmanager:us-east-1:740982345678:secret:${aws:username}*";
  EXPECT_THAT(lines(of_policy(reads({secret, bucket, own}))), IsEmpty());
  EXPECT_THAT(lines(of_policy(reads({secret, bucket, own}), secret)), IsEmpty());
  EXPECT_THAT(
      lines(of_policy(reads({bucket}), secret)),
      ElementsAre("error /Statement/0/Resource: no Resource covers " + secret + "; put that ARN there"));
}

TEST(Preflight, KnowsNoOtherSecretWhileAPlaceholderIsThere) {
  const std::string other = "arn:aws:secretsmanager:us-east-1:740982345678:secret:other-Q1w2E3";
  EXPECT_THAT(lines(of_policy(reads({"<secret-arn>", other}), secret)),
              ElementsAre(HasSubstr("the placeholder \"<secret-arn>\" was not filled in")));
}

TEST(Preflight, PointsAtTheNegatedMember) {
  const std::string actions = R"(["secretsmanager:GetSecretValue","secretsmanager:DescribeSecret"])";
  EXPECT_THAT(
      lines(of_policy(document(R"([{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b"},)"
                               R"({"Effect":"Allow","Action":)" +
                               actions + R"(,"NotResource":")" + secret + R"("}])"),
                      secret)),
      ElementsAre("warning /Statement/1/NotResource: an Allow with NotResource allows all but what it names; "
                  "name what is allowed instead",
                  "error /Statement/1/NotResource: no Resource covers " + secret + "; put that ARN there"));
  EXPECT_THAT(
      lines(of_policy(document(R"([{"Effect":"Allow","NotAction":"secretsmanager:Describe*","Resource":")" +
                               secret + "\"}]"),
                      secret)),
      ElementsAre(
          "warning /Statement/0/NotAction: an Allow with NotAction allows all but what it names; name "
          "what is allowed instead",
          HasSubstr("error /Statement/0/NotAction: secretsmanager:DescribeSecret is not allowed on " +
                    secret)));
  EXPECT_THAT(
      lines(of_policy(document(R"([{"Effect":"Allow","Action":)" + actions + R"(,"Resource":")" + secret +
                               R"("},{"Effect":"Deny","NotAction":"secretsmanager:*",)"
                               R"("NotResource":"arn:aws:s3:::b"}])"),
                      secret)),
      IsEmpty())
      << "a Deny may negate";
}

TEST(Preflight, FindsAPrincipalThatIsNotLetIn) {
  EXPECT_THAT(lines(of_trust(trust({engine}), {engine, unit_tests})),
              ElementsAre("error /Statement: " + unit_tests +
                          " is not let in; add it to the \"AWS\" principals of the statement that allows "
                          "sts:AssumeRole"));
  EXPECT_THAT(lines(of_trust(trust({engine}))),
              ElementsAre("warning /Statement/0/Principal/AWS/0: only one principal gets in; Panther runs "
                          "unit tests as another role than detections; ask for the ARN of the unit tests' "
                          "role and add it, or name whom you mean with --principal"));
}

TEST(Preflight, FindsWhatKeepsAPrincipalOut) {
  const std::string denied =
      document(R"([{"Effect":"Allow","Principal":{"AWS":")" + engine + R"("},"Action":"sts:AssumeRole"},)" +
               R"({"Effect":"Deny","Principal":"*","Action":"sts:*"}])");
  EXPECT_THAT(lines(of_trust(denied, {engine})),
              ElementsAre("error /Statement/1: " + engine +
                          " is denied sts:AssumeRole; leave it out of this "
                          "Deny"));
  const std::string other_action =
      document(R"({"Effect":"Allow","Principal":{"AWS":")" + engine + R"("},"Action":"sts:TagSession"})");
  EXPECT_THAT(lines(of_trust(other_action, {engine})),
              ElementsAre("error /Statement/Action: " + engine +
                          " is trusted, but not with sts:AssumeRole; add \"sts:AssumeRole\" to Action"));
  const std::string conditional =
      trust({engine, unit_tests},
            R"({"StringEquals":{"sts:ExternalId":"a-1"},"Bool":{"aws:SecureTransport":true}})");
  EXPECT_THAT(lines(of_trust(conditional, {engine})),
              ElementsAre("warning /Statement/0/Condition: " + engine +
                          " gets in only under conditions, on aws:SecureTransport, sts:ExternalId; see that "
                          "its call meets them: an ExternalId, for one, must be given to assume_role"));
}

TEST(Preflight, LetsInSessionsUsersAndWhoMeetsTheConditions) {
  EXPECT_THAT(lines(of_trust(trust({"arn:aws:iam::381491234567:user/alice"}),
                             {"arn:aws:iam::381491234567:user/alice"})),
              IsEmpty());
  EXPECT_THAT(lines(of_trust(trust({engine}),
                             {"arn:aws:sts::381491234567:assumed-role/detections-engine/session-1"})),
              IsEmpty());
  EXPECT_THAT(
      lines(of_trust(document(R"({"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole","Condition":)"
                              R"({"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::381491234567:role/*"}}})"),
                     {engine, unit_tests})),
      IsEmpty());
}

TEST(Preflight, FindsATrustPolicyThatIsTooBroad) {
  EXPECT_THAT(
      lines(of_trust(document(R"({"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole"})"), {engine})),
      ElementsAre("error /Statement/Principal: every AWS account is let in; name the roles that may assume "
                  "this one, or add a Condition on aws:PrincipalArn"));
  EXPECT_THAT(lines(of_trust(trust({"arn:aws:iam::381491234567:root"}), {engine})),
              ElementsAre("warning /Statement/0/Principal/AWS/0: the whole account is let in, as far as its "
                          "own policies allow; name the roles that may assume this one"));
}

TEST(Preflight, FindsAMissingAction) {
  EXPECT_THAT(lines(of_policy(reads({secret}, {"secretsmanager:GetSecretValue"}))),
              ElementsAre("error /Statement/0/Action: secretsmanager:DescribeSecret is not allowed on " +
                          secret + "; add \"secretsmanager:DescribeSecret\" to Action"));
  EXPECT_THAT(lines(of_policy(reads({secret}, {"secretsmanager:DescribeSecret"}), secret)),
              ElementsAre("error /Statement/0/Action: secretsmanager:GetSecretValue is not allowed on " +
                          secret + "; add \"secretsmanager:GetSecretValue\" to Action"));
  EXPECT_THAT(lines(of_policy(reads({secret}, {"s3:GetObject"}))),
              ElementsAre("error /Statement: no statement allows reading a secret; allow "
                          "\"secretsmanager:GetSecretValue\" and \"secretsmanager:DescribeSecret\" on the "
                          "secret's ARN"));
}

TEST(Preflight, FindsASecretThatIsNotCovered) {
  const std::string other = "arn:aws:secretsmanager:us-east-1:740982345678:secret:other-Q1w2E3";
  EXPECT_THAT(
      lines(of_policy(reads({other}), secret)),
      ElementsAre("warning /Statement/0/Resource/0: \"" + other +
                      "\" is another secret than --secret; leave it out, if detections do not read it",
                  "error /Statement/0/Resource: no Resource covers " + secret + "; put that ARN there"));
}

TEST(Preflight, FindsADenyAndAConditionInTheWay) {
  const auto found = lines(
      of_policy(document(R"([{"Effect":"Allow","Action":["secretsmanager:GetSecretValue",)"
                         R"("secretsmanager:DescribeSecret"],"Resource":")" +
                         secret + R"("},{"Effect":"Deny","Action":"secretsmanager:Get*","Resource":"*"}])")));
  EXPECT_THAT(found, ElementsAre("error /Statement/1: it denies secretsmanager:GetSecretValue on " + secret +
                                 "; leave out this Deny, or narrow it"));
  EXPECT_THAT(
      lines(of_policy(document(
          R"({"Effect":"Allow","Action":["secretsmanager:GetSecretValue",)"
          R"("secretsmanager:DescribeSecret"],"Resource":")" +
          secret + R"(","Condition":{"StringEquals":{"secretsmanager:VersionStage":"AWSCURRENT"}}})"))),
      ElementsAre(
          HasSubstr("warning /Statement/Condition: secretsmanager:GetSecretValue is allowed only under "
                    "conditions, on secretsmanager:VersionStage; see that"),
          HasSubstr("secretsmanager:DescribeSecret is allowed only under conditions")));
}

TEST(Preflight, FindsAPolicyThatIsTooBroad) {
  EXPECT_THAT(
      lines(of_policy(reads({"*"}, {"secretsmanager:*"}), secret)),
      ElementsAre("warning /Statement/0/Action/0: \"secretsmanager:*\" allows more than reading; name "
                  "\"secretsmanager:GetSecretValue\" and \"secretsmanager:DescribeSecret\"",
                  "warning /Statement/0/Resource/0: \"*\" is every secret; put the ARN of the one "
                  "secret there"));
  EXPECT_THAT(lines(of_policy(reads({"*"}))), ElementsAre(HasSubstr("\"*\" is every secret")));
  const std::string prefix = "arn:aws:secretsmanager:us-east-1:740982345678:secret:panther*";
  EXPECT_THAT(lines(of_policy(reads({prefix}), secret)),
              ElementsAre("warning /Statement/0/Resource/0: \"" + prefix +
                          "\" is other secrets too; put the ARN of the one secret there; only its suffix may "
                          "be -?????? or -*"));
  EXPECT_THAT(
      lines(of_policy(document(R"({"Effect":"Allow","NotAction":"iam:*","NotResource":"arn:aws:s3:::b"})"),
                      secret)),
      ElementsAre("warning /Statement/NotAction: an Allow with NotAction allows all but what it names; "
                  "name what is allowed instead",
                  "warning /Statement/NotResource: an Allow with NotResource allows all but what it "
                  "names; name what is allowed instead"));
}

TEST(Preflight, FindsWhatIsNotEvaluated) {
  const std::string text = document(
      R"({"Effect":"Allow","Action":["secretsmanager:GetSecretValue","secretsmanager:DescribeSecret"],)"
      R"("Resource":")" +
      secret + R"(","Condition":{"StringLikes":{"aws:PrincipalTag/team":"red"}}})");
  EXPECT_THAT(
      lines(of_policy(text)),
      testing::Contains("error /Statement/Condition/StringLikes: the operator StringLikes is not "
                        "evaluated; this Allow never applies; check the spelling against the IAM User "
                        "Guide, or leave it out"));
}

TEST(Preflight, TellsMistakesAsFindings) {
  EXPECT_THAT(
      lines(of_policy(R"({"Version":"2012-10-17","Statement":{"Effect":"allow","Action":"*"}})")),
      ElementsAre(R"(error /Statement/Effect: expected "Allow" or "Deny", saw "allow"; write "Allow" or )"
                  R"("Deny")"));
  const auto broken = of_policy("{\n  \"Version\": \"2012-10-17\",\n  \"Statement\" []\n}");
  ASSERT_EQ(broken.size(), 1U);
  EXPECT_EQ(preflight_text(broken),
            "policy.json:3:15: error: expected a policy document in JSON, saw \"[\" here\n"
            "  fix: write a policy document in JSON\n1 error, 0 warnings\n");
  EXPECT_THAT(lines(of_policy("")), ElementsAre(HasSubstr("saw the end of the text")));
  EXPECT_THAT(lines(of_policy("[]")), ElementsAre(HasSubstr("saw an empty list")));
  EXPECT_THAT(lines(of_policy(R"({"Statement":{"Effect":"Allow","Effect":"Deny"}})")),
              ElementsAre(HasSubstr("\"Effect\" twice in one object")));
  EXPECT_THAT(lines(of_trust(reads({secret}))), ElementsAre(HasSubstr("expected a member \"Principal\"")));
  EXPECT_THAT(lines(of_policy(R"({"Statement":[{"Effect":"Allow","Action":"secretsmanager:*SecretValue",)"
                              R"("Resource":"*"}]})")),
              testing::Contains(HasSubstr("warning : there is no Version")));
}

TEST(Preflight, SurvivesDeepNesting) {
  const std::string deep = "{\"Statement\":" + std::string(50'000, '[') + std::string(50'000, ']') + "}";
  EXPECT_THAT(of_policy(deep), testing::SizeIs(1));
}

TEST(Preflight, WantsArnsAsOptions) {
  EXPECT_THROW(static_cast<void>(of_trust(trust({engine}), {"detections-engine"})), InputError);
  EXPECT_THROW(static_cast<void>(of_trust(trust({engine}), {"arn:aws:iam::381491234567:group/g"})),
               InputError);
  EXPECT_THROW(static_cast<void>(of_policy(reads({secret}), "panther-secrets/virus-total")), InputError);
  EXPECT_THROW(static_cast<void>(of_policy(reads({secret}), stem)), InputError) << "its suffix is wanted";
}

TEST(Preflight, IsPrintedForPeopleAndMachines) {
  const std::vector<Finding> findings{
      {Severity::error, "trust.json", 0, 0, "/Statement/0", "a \"b\"", "c"},
      {Severity::warning, "policy.json", 3, 15, "", "d", "e"},
  };
  EXPECT_EQ(preflight_text(findings),
            "trust.json: at /Statement/0: error: a \"b\"\n  fix: c\n"
            "policy.json:3:15: warning: d\n  fix: e\n"
            "1 error, 1 warning\n");
  EXPECT_EQ(preflight_text({}), "no findings\n");
  EXPECT_EQ(nlohmann::json::parse(preflight_json(findings)), nlohmann::json::parse(R"({
    "format": "rushhour.preflight/1", "errors": 1, "warnings": 1, "findings": [
      {"severity": "error", "file": "trust.json", "pointer": "/Statement/0", "what": "a \"b\"", "fix": "c"},
      {"severity": "warning", "file": "policy.json", "line": 3, "column": 15, "pointer": "", "what": "d",
       "fix": "e"}]})"));
  EXPECT_EQ(preflight_json({}),
            "{\n  \"format\": \"rushhour.preflight/1\",\n  \"errors\": 0,\n  \"warnings\": 0,\n"
            "  \"findings\": []\n}\n");
}

}  // namespace
}  // namespace rushhour::aws
