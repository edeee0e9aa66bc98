#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include <rushhour/aws/detail/condition.hpp>
#include <rushhour/aws/policy.hpp>
#include <rushhour/input_error.hpp>

namespace rushhour::aws {
namespace {

using ::testing::IsEmpty;

constexpr std::array<std::string_view, 8> keys{"aws:CurrentTime", "aws:SourceIp",     "aws:TagKeys",
                                               "aws:username",    "test:Number",      "test:Bytes",
                                               "test:Arn",        "aws:PrincipalTag/"};

/// Lets a test write JSON with single quotes; `~` is the quote of a variable's default.
std::string json_of(std::string_view text) {
  std::string out{text};
  for (char& c : out) c = c == '\'' ? '"' : c == '~' ? '\'' : c;
  return out;
}

Policy compiled(std::string_view elements, std::string_view effect = "Allow") {
  const std::string text = "{'Version':'2012-10-17','Statement':{'Effect':'" + std::string{effect} +
                           "','Action':'*'," + std::string{elements} + "}}";
  const std::string json = json_of(std::string_view{text});
  return Policy::compile({.text = json, .known_keys = keys});
}

Policy conditional(std::string_view condition, std::string_view effect = "Allow") {
  return compiled("'Resource':'*','Condition':{" + std::string{condition} + "}", effect);
}

using Values = std::vector<ContextValue>;

bool applies(const Policy& policy, const Values& values, std::string_view resource = "*") {
  return policy.evaluate({.action = "a:b", .resource = resource, .values = values}).effect != Effect::none;
}

struct Row {
  const char* condition;
  Values values;
  bool holds;
};

class ConditionOperators : public ::testing::TestWithParam<Row> {};

TEST_P(ConditionOperators, DecideAllowAndDenyAlike) {
  const auto& [condition, values, holds] = GetParam();
  for (const char* effect : {"Allow", "Deny"}) {
    const Policy policy = conditional(condition, effect);
    EXPECT_THAT(policy.unsupported(), IsEmpty()) << condition;
    EXPECT_TRUE(policy.reads_conditions());
    EXPECT_EQ(applies(policy, values), holds) << effect << " if " << condition;
  }
}

Row number(const char* name_and_wanted, const char* actual, bool holds) {
  return {name_and_wanted, {{"test:Number", actual}}, holds};
}

INSTANTIATE_TEST_SUITE_P(
    Numeric, ConditionOperators,
    ::testing::Values(number("'NumericEquals':{'test:Number':'7'}", "7", true),
                      number("'NumericEquals':{'test:Number':7}", "7.0", true),
                      number("'NumericEquals':{'test:Number':[6,'7']}", "007", true),
                      number("'NumericEquals':{'test:Number':'7'}", "70", false),
                      number("'NumericEquals':{'test:Number':'-0'}", "0.00", true),
                      number("'NumericEquals':{'test:Number':'.5'}", "0.5", true),
                      number("'NumericEquals':{'test:Number':'0.1'}", "0.10000000000000000000001", false),
                      number("'NumericNotEquals':{'test:Number':['6','7']}", "7", false),
                      number("'NumericNotEquals':{'test:Number':['6','7']}", "8", true),
                      Row{"'NumericNotEquals':{'test:Number':'7'}", {}, true},
                      Row{"'NumericEquals':{'test:Number':'7'}", {}, false},
                      Row{"'NumericLessThanIfExists':{'test:Number':'7'}", {}, true},
                      number("'NumericLessThan':{'test:Number':'7'}", "6.99", true),
                      number("'NumericLessThan':{'test:Number':'7'}", "7", false),
                      number("'NumericLessThan':{'test:Number':'10'}", "9", true),
                      number("'NumericLessThan':{'test:Number':'-10'}", "-11", true),
                      number("'NumericLessThan':{'test:Number':'-10'}", "-9", false),
                      number("'NumericLessThan':{'test:Number':'1'}", "-2", true),
                      number("'NumericLessThan':{'test:Number':'-2'}", "1", false),
                      number("'NumericLessThanEquals':{'test:Number':'30'}", "30", true),
                      number("'NumericLessThanEquals':{'test:Number':'30'}", "30.1", false),
                      number("'NumericGreaterThan':{'test:Number':'7'}", "7.5", true),
                      number("'NumericGreaterThan':{'test:Number':'7'}", "7", false),
                      number("'NumericGreaterThan':{'test:Number':'99999999999999999999'}",
                             "100000000000000000000", true),
                      number("'NumericGreaterThanEquals':{'test:Number':'7'}", "7", true),
                      number("'NumericGreaterThanEquals':{'test:Number':'7'}", "6", false),
                      number("'NumericGreaterThan':{'test:Number':'7'}", "many", false)));

Row date(const char* name_and_wanted, const char* actual, bool holds) {
  return {name_and_wanted, {{"aws:CurrentTime", actual}}, holds};
}

INSTANTIATE_TEST_SUITE_P(
    Date, ConditionOperators,
    ::testing::Values(
        date("'DateEquals':{'aws:CurrentTime':'2026-03-02T14:00:00Z'}", "2026-03-02T15:00:00+01:00", true),
        date("'DateEquals':{'aws:CurrentTime':'2026-03-02T14:00Z'}", "2026-03-02T14:00:00.000Z", true),
        date("'DateEquals':{'aws:CurrentTime':'2026-03-02T14:00:00Z'}", "2026-03-02T14:00:00.001Z", false),
        date("'DateEquals':{'aws:CurrentTime':'1772460000'}", "2026-03-02T14:00:00Z", true),
        date("'DateEquals':{'aws:CurrentTime':1772460000}", "2026-03-02T09:00:00-05:00", true),
        date("'DateNotEquals':{'aws:CurrentTime':'2026-03-02'}", "2026-03-02T00:00:00Z", false),
        date("'DateNotEquals':{'aws:CurrentTime':'2026-03-02'}", "2026-03-02T00:00:01Z", true),
        date("'DateLessThan':{'aws:CurrentTime':'2026-03-02T14:00:00Z'}", "2026-03-02T13:59:59Z", true),
        date("'DateLessThan':{'aws:CurrentTime':'2026-03-02T14:00:00Z'}", "2026-03-02T14:00:00Z", false),
        date("'DateLessThan':{'aws:CurrentTime':'9999-12-31T23:59:59Z'}", "2026-03-02T14:00:00Z", true),
        date("'DateLessThan':{'aws:CurrentTime':'0001-01-01'}", "2026-03-02T14:00:00Z", false),
        date("'DateLessThanEquals':{'aws:CurrentTime':'2026-03-02T14:00:00Z'}", "2026-03-02T14:00:00Z", true),
        date("'DateGreaterThan':{'aws:CurrentTime':'2026-03'}", "2026-03-01T00:00:00Z", false),
        date("'DateGreaterThan':{'aws:CurrentTime':'2026-03'}", "2026-03-01T00:00:01Z", true),
        date("'DateGreaterThanEquals':{'aws:CurrentTime':'2026-03'}", "2026-03-01T00:00:00Z", true),
        date("'DateGreaterThanEquals':{'aws:CurrentTime':'2026-03'}", "yesterday", false),
        Row{"'DateLessThan':{'aws:CurrentTime':'2026-03'}", {}, false},
        Row{"'DateNotEquals':{'aws:CurrentTime':'2026-03'}", {}, true}));

Row address(const char* name_and_wanted, const char* actual, bool holds) {
  return {name_and_wanted, {{"aws:SourceIp", actual}}, holds};
}

INSTANTIATE_TEST_SUITE_P(
    Address, ConditionOperators,
    ::testing::Values(
        address("'IpAddress':{'aws:SourceIp':'203.0.113.0/24'}", "203.0.113.255", true),
        address("'IpAddress':{'aws:SourceIp':'203.0.113.0/24'}", "203.0.114.0", false),
        address("'IpAddress':{'aws:SourceIp':'203.0.113.128/25'}", "203.0.113.127", false),
        address("'IpAddress':{'aws:SourceIp':'203.0.113.9'}", "203.0.113.9", true),
        address("'IpAddress':{'aws:SourceIp':'203.0.113.9'}", "203.0.113.8", false),
        address("'IpAddress':{'aws:SourceIp':'10.1.2.3/8'}", "10.255.0.1", true),
        address("'IpAddress':{'aws:SourceIp':'0.0.0.0/0'}", "198.51.100.1", true),
        address("'IpAddress':{'aws:SourceIp':'0.0.0.0/0'}", "2001:db8::1", false),
        address("'IpAddress':{'aws:SourceIp':['10.0.0.0/8','2001:db8::/33']}", "2001:db8:7fff::1", true),
        address("'IpAddress':{'aws:SourceIp':['10.0.0.0/8','2001:db8::/33']}", "2001:db8:8000::1", false),
        address("'IpAddress':{'aws:SourceIp':'2001:DB8::1'}", "2001:db8:0:0::1", true),
        address("'IpAddress':{'aws:SourceIp':'10.0.0.0/8'}", "lambda.amazonaws.com", false),
        address("'NotIpAddress':{'aws:SourceIp':'10.0.0.0/8'}", "10.0.0.1", false),
        address("'NotIpAddress':{'aws:SourceIp':'10.0.0.0/8'}", "11.0.0.1", true),
        Row{"'NotIpAddress':{'aws:SourceIp':'10.0.0.0/8'}", {}, true},
        Row{"'IpAddress':{'aws:SourceIp':'10.0.0.0/8'}", {}, false}));

INSTANTIATE_TEST_SUITE_P(
    Binary, ConditionOperators,
    ::testing::Values(Row{"'BinaryEquals':{'test:Bytes':'QUJD'}", {{"test:Bytes", "ABC"}}, true},
                      Row{"'BinaryEquals':{'test:Bytes':'QUJD'}", {{"test:Bytes", "QUJD"}}, false},
                      Row{"'BinaryEquals':{'test:Bytes':'QUJD'}", {}, false}));

Row tags(const char* condition, std::initializer_list<const char*> present, bool holds) {
  Row row{condition, {}, holds};
  for (const char* tag : present) row.values.push_back({"aws:TagKeys", tag});
  return row;
}

INSTANTIATE_TEST_SUITE_P(
    SetOperators, ConditionOperators,
    ::testing::Values(tags("'ForAnyValue:StringEquals':{'aws:TagKeys':['a','b']}", {"x", "b"}, true),
                      tags("'ForAnyValue:StringEquals':{'aws:TagKeys':['a','b']}", {"x", "y"}, false),
                      tags("'ForAnyValue:StringEquals':{'aws:TagKeys':['a','b']}", {}, false),
                      tags("'ForAnyValue:StringLike':{'aws:TagKeys':'a*'}", {"x", "ab"}, true),
                      // One value that is none of the policy's is enough.
                      tags("'ForAnyValue:StringNotEquals':{'aws:TagKeys':['a','b']}", {"a", "x"}, true),
                      tags("'ForAnyValue:StringNotEquals':{'aws:TagKeys':['a','b']}", {"a", "b"}, false),
                      tags("'ForAnyValue:StringNotEquals':{'aws:TagKeys':['a','b']}", {}, false),
                      tags("'ForAnyValue:StringEqualsIfExists':{'aws:TagKeys':'a'}", {}, true),
                      tags("'ForAllValues:StringEquals':{'aws:TagKeys':['a','b']}", {"a", "b", "a"}, true),
                      tags("'ForAllValues:StringEquals':{'aws:TagKeys':['a','b']}", {"a"}, true),
                      tags("'ForAllValues:StringEquals':{'aws:TagKeys':['a','b']}", {"a", "x"}, false),
                      tags("'ForAllValues:StringEquals':{'aws:TagKeys':['a','b']}", {}, true),
                      tags("'ForAllValues:StringEquals':{'aws:TagKeys':['a','b']}", {""}, true),
                      tags("'ForAllValues:StringEquals':{'aws:TagKeys':['a','b']}", {"", "x"}, false),
                      tags("'ForAllValues:StringNotEquals':{'aws:TagKeys':['a','b']}", {"x", "y"}, true),
                      tags("'ForAllValues:StringNotEquals':{'aws:TagKeys':['a','b']}", {"x", "a"}, false),
                      tags("'ForAllValues:StringNotEquals':{'aws:TagKeys':['a','b']}", {}, true),
                      tags("'Null':{'aws:TagKeys':'false'},'ForAllValues:StringEquals':{'aws:TagKeys':'a'}",
                           {}, false),
                      tags("'ForAllValues:NumericLessThan':{'aws:TagKeys':'5'}", {"1", "4.5"}, true),
                      tags("'ForAllValues:NumericLessThan':{'aws:TagKeys':'5'}", {"1", "5"}, false),
                      tags("'StringEquals':{'aws:TagKeys':'a'}", {"a", "a"}, true),
                      tags("'StringNotEquals':{'aws:TagKeys':'a'}", {"a", "a"}, false)));

TEST(Condition, TakesTheStricterReadingOfSeveralValuesWithoutASetOperator) {
  const Values values{{"aws:TagKeys", "a"}, {"aws:TagKeys", "x"}};
  for (const char* condition :
       {"'StringEquals':{'aws:TagKeys':'a'}", "'StringNotEquals':{'aws:TagKeys':'a'}"}) {
    EXPECT_FALSE(applies(conditional(condition), values)) << "an Allow wants all: " << condition;
    EXPECT_TRUE(applies(conditional(condition, "Deny"), values)) << "a Deny needs one: " << condition;
  }
}

TEST(Condition, AllowsNothingByAValueOfAnotherKind) {
  const Values no_address{{"aws:SourceIp", "lambda.amazonaws.com"}};
  constexpr const char* not_inside = "'NotIpAddress':{'aws:SourceIp':'10.0.0.0/8'}";
  EXPECT_FALSE(applies(conditional(not_inside), no_address));
  EXPECT_TRUE(applies(conditional(not_inside, "Deny"), no_address));
  const Values no_number{{"test:Number", "many"}};
  EXPECT_FALSE(applies(conditional("'NumericNotEquals':{'test:Number':'7'}"), no_number));
  EXPECT_TRUE(applies(conditional("'NumericNotEquals':{'test:Number':'7'}", "Deny"), no_number));
}

INSTANTIATE_TEST_SUITE_P(
    Variables, ConditionOperators,
    ::testing::Values(
        Row{"'StringEquals':{'test:Arn':'${aws:username}'}",
            {{"test:Arn", "alice"}, {"aws:username", "alice"}},
            true},
        Row{"'StringEquals':{'test:Arn':'${AWS:UserName}-${aws:PrincipalTag/team}'}",
            {{"test:Arn", "alice-red"}, {"aws:username", "alice"}, {"aws:PrincipalTag/team", "red"}},
            true},
        Row{"'StringEquals':{'test:Arn':['x','${aws:username}']}",
            {{"test:Arn", "x"}, {"aws:username", "alice"}},
            true},
        Row{"'StringNotEquals':{'test:Arn':'${aws:username}'}",
            {{"test:Arn", "alice"}, {"aws:username", "alice"}},
            false},
        Row{"'StringNotEquals':{'test:Arn':'${aws:username}'}",
            {{"test:Arn", "bob"}, {"aws:username", "alice"}},
            true},
        Row{"'StringEqualsIgnoreCase':{'test:Arn':'${aws:username}'}",
            {{"test:Arn", "ALICE"}, {"aws:username", "alice"}},
            true},
        Row{"'StringEquals':{'test:Arn':'${aws:username}'}", {{"test:Arn", ""}}, false},
        Row{"'StringEquals':{'test:Arn':'${aws:username, ~guest~}'}", {{"test:Arn", "guest"}}, true},
        Row{"'StringEquals':{'test:Arn':'${aws:username, ~guest~}'}",
            {{"test:Arn", "guest"}, {"aws:username", "alice"}},
            false},
        Row{"'StringNotEquals':{'test:Arn':'${aws:username,~guest~}'}", {{"test:Arn", "guest"}}, false},
        // What a request fills in has no wildcards of its own; the policy's around it remain.
        Row{"'StringLike':{'test:Arn':'a-${aws:username}-*'}",
            {{"test:Arn", "a-alice-1"}, {"aws:username", "alice"}},
            true},
        Row{"'StringLike':{'test:Arn':'a-${aws:username}-*'}",
            {{"test:Arn", "a-alice-1"}, {"aws:username", "*"}},
            false},
        Row{"'StringLike':{'test:Arn':'a-${aws:username}-*'}",
            {{"test:Arn", "a-*-1"}, {"aws:username", "*"}},
            true},
        Row{"'StringLike':{'test:Arn':'a-${aws:username}'}",
            {{"test:Arn", "a-b"}, {"aws:username", "?"}},
            false},
        Row{"'StringLike':{'test:Arn':'a-${aws:username}'}",
            {{"test:Arn", "a-\\"}, {"aws:username", "\\"}},
            true},
        Row{"'StringLike':{'test:Arn':'a\\\\${aws:username}'}",
            {{"test:Arn", "a\\b"}, {"aws:username", "b"}},
            true},
        Row{"'StringLike':{'test:Arn':'${*}${?}${$}{x}?'}", {{"test:Arn", "*?${x}!"}}, true},
        Row{"'StringLike':{'test:Arn':'${*}${?}${$}{x}?'}", {{"test:Arn", "ab${x}!"}}, false},
        Row{"'StringEquals':{'test:Arn':'${*}'}", {{"test:Arn", "*"}}, true},
        // A key with several values fills in nothing.
        Row{"'StringEquals':{'test:Arn':'${aws:TagKeys}'}",
            {{"test:Arn", "a"}, {"aws:TagKeys", "b"}, {"aws:TagKeys", "a"}},
            false},
        Row{"'ArnLike':{'test:Arn':'arn:aws:iam::1:user/${aws:username}/*'}",
            {{"test:Arn", "arn:aws:iam::1:user/alice/x"}, {"aws:username", "alice"}},
            true},
        // Nor does a colon in it move what follows into another part.
        Row{"'ArnLike':{'test:Arn':'arn:aws:iam::${aws:PrincipalTag/account}:user/*'}",
            {{"test:Arn", "arn:aws:iam::1:user/a:user/x"}, {"aws:PrincipalTag/account", "1:user/a"}},
            false},
        Row{"'ArnLike':{'test:Arn':'arn:aws:iam::1:${aws:PrincipalTag/name}'}",
            {{"test:Arn", "arn:aws:iam::1:a:b"}, {"aws:PrincipalTag/name", "a:b"}},
            true},
        Row{"'ForAllValues:StringEquals':{'aws:TagKeys':['${aws:username}','b']}",
            {{"aws:TagKeys", "alice"}, {"aws:TagKeys", "b"}, {"aws:username", "alice"}},
            true}));

TEST(Condition, AllowsNothingByANegatedVariableThatHasNoValue) {
  constexpr const char* condition = "'StringNotEquals':{'test:Arn':'${aws:username}'}";
  const Values values{{"test:Arn", "bob"}};
  EXPECT_FALSE(applies(conditional(condition), values));
  EXPECT_TRUE(applies(conditional(condition, "Deny"), values));
}

class ResourceVariables : public ::testing::Test {
 protected:
  static constexpr std::string_view own =
      "arn:aws:secretsmanager:us-east-1:111111111111:secret:red/key-a1B2c3";
  static constexpr const char* pattern =
      "'arn:aws:secretsmanager:*:111111111111:secret:${aws:PrincipalTag/team}/*'";
  const Values red{{"aws:PrincipalTag/team", "red"}};
  const Values blue{{"aws:PrincipalTag/team", "blue"}};
  const Values star{{"aws:PrincipalTag/team", "*"}};
  const Policy in = compiled("'Resource':['arn:aws:s3:::b'," + std::string{pattern} + "]");
  const Policy out = compiled("'NotResource':" + std::string{pattern});
  const Policy deny_out = compiled("'NotResource':" + std::string{pattern}, "Deny");
};

TEST_F(ResourceVariables, AreFilledInFromTheRequest) {
  EXPECT_TRUE(in.reads_conditions()) << "decisions must not be remembered without the values";
  EXPECT_THAT(in.unsupported(), IsEmpty());
  EXPECT_TRUE(applies(in, red, own));
  EXPECT_FALSE(applies(in, blue, own));
  EXPECT_FALSE(applies(in, star, own));
  EXPECT_TRUE(applies(in, blue, "arn:aws:s3:::b"));
  EXPECT_FALSE(applies(out, red, own));
  EXPECT_TRUE(applies(out, blue, own));
}

TEST_F(ResourceVariables, AllowNothingWithoutAValue) {
  EXPECT_FALSE(applies(in, {}, own));
  EXPECT_TRUE(applies(in, {}, "arn:aws:s3:::b")) << "another resource of the element";
  EXPECT_FALSE(applies(out, {}, own));
  EXPECT_TRUE(applies(deny_out, {}, own));
}

TEST_F(ResourceVariables, MayHaveADefault) {
  const Policy policy = compiled("'Resource':'arn:aws:s3:::${aws:PrincipalTag/team, ~common*~}/*'");
  EXPECT_TRUE(applies(policy, red, "arn:aws:s3:::red/x"));
  EXPECT_FALSE(applies(policy, red, "arn:aws:s3:::common*/x"));
  EXPECT_TRUE(applies(policy, {}, "arn:aws:s3:::common*/x"));
  EXPECT_FALSE(applies(policy, {}, "arn:aws:s3:::commons/x")) << "a default has no wildcards";
}

struct Wrong {
  const char* condition;
  const char* message;
};

class ValuesOfOperators : public ::testing::TestWithParam<Wrong> {};

TEST_P(ValuesOfOperators, MustBeOfTheirKind) {
  try {
    static_cast<void>(conditional(GetParam().condition));
    ADD_FAILURE() << GetParam().condition;
  } catch (const InputError& error) {
    EXPECT_EQ(std::string{error.what()}, json_of(GetParam().message));
  }
}

INSTANTIATE_TEST_SUITE_P(
    Condition, ValuesOfOperators,
    ::testing::Values(
        Wrong{"'NumericEquals':{'test:Number':'seven'}",
              "at /Statement/Condition/NumericEquals/test:Number: expected a number such as '10' or '2.5', "
              "saw 'seven'"},
        Wrong{"'NumericEquals':{'test:Number':['1','1e3']}",
              "at /Statement/Condition/NumericEquals/test:Number/1: expected a number such as '10' or '2.5', "
              "saw '1e3'"},
        Wrong{"'NumericEquals':{'test:Number':'.'}",
              "at /Statement/Condition/NumericEquals/test:Number: expected a number such as '10' or '2.5', "
              "saw '.'"},
        Wrong{"'DateLessThan':{'aws:CurrentTime':'2026-02-30'}",
              "at /Statement/Condition/DateLessThan/aws:CurrentTime: expected a date such as "
              "'2026-03-02T14:00:00Z', or seconds since 1970, saw '2026-02-30'"},
        Wrong{"'DateLessThan':{'aws:CurrentTime':'2026-03-02T14:00:00'}",
              "at /Statement/Condition/DateLessThan/aws:CurrentTime: expected a date such as "
              "'2026-03-02T14:00:00Z', or seconds since 1970, saw '2026-03-02T14:00:00'"},
        Wrong{"'DateLessThan':{'aws:CurrentTime':'2026-03T14:00:00Z'}",
              "at /Statement/Condition/DateLessThan/aws:CurrentTime: expected a date such as "
              "'2026-03-02T14:00:00Z', or seconds since 1970, saw '2026-03T14:00:00Z'"},
        Wrong{"'IpAddress':{'aws:SourceIp':'10.0.0.0/33'}",
              "at /Statement/Condition/IpAddress/aws:SourceIp: expected an address or a block such as "
              "'203.0.113.0/24', saw '10.0.0.0/33'"},
        Wrong{"'IpAddress':{'aws:SourceIp':'10.0.0/8'}",
              "at /Statement/Condition/IpAddress/aws:SourceIp: expected an address or a block such as "
              "'203.0.113.0/24', saw '10.0.0/8'"},
        Wrong{"'BinaryEquals':{'test:Bytes':'QUJ'}",
              "at /Statement/Condition/BinaryEquals/test:Bytes: expected base64, saw 'QUJ'"},
        Wrong{"'ArnLike':{'test:Arn':'${aws:username}'}",
              "at /Statement/Condition/ArnLike/test:Arn: expected an ARN of six parts, such as "
              "'arn:aws:iam::*:role/*', saw '${aws:username}'"},
        Wrong{"'StringEquals':{'test:Arn':['x',['y']]}",
              "at /Statement/Condition/StringEquals/test:Arn/1: expected a string, saw a list"}));

TEST(Condition, KnowsTheOperatorsOfTheReference) {
  for (const char* name : {"StringEquals",
                           "StringNotEquals",
                           "StringEqualsIgnoreCase",
                           "StringNotEqualsIgnoreCase",
                           "StringLike",
                           "StringNotLike",
                           "NumericEquals",
                           "NumericNotEquals",
                           "NumericLessThan",
                           "NumericLessThanEquals",
                           "NumericGreaterThan",
                           "NumericGreaterThanEquals",
                           "DateEquals",
                           "DateNotEquals",
                           "DateLessThan",
                           "DateLessThanEquals",
                           "DateGreaterThan",
                           "DateGreaterThanEquals",
                           "Bool",
                           "BinaryEquals",
                           "IpAddress",
                           "NotIpAddress",
                           "ArnEquals",
                           "ArnLike",
                           "ArnNotEquals",
                           "ArnNotLike",
                           "Null"}) {
    EXPECT_NE(detail::condition_operator(name).row, nullptr) << name;
  }
  EXPECT_EQ(detail::condition_operators.size(), 26U) << "and Null";
}

}  // namespace
}  // namespace rushhour::aws
