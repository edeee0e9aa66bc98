// Queries as objects: mistakes about types, patterns that rules use (new-terms.md 3.4), layouts.

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <rushhour/elastic/documents.hpp>
#include <rushhour/elastic/kql.hpp>
#include <rushhour/event/json.hpp>
#include <rushhour/input_error.hpp>

#include "kql_types.hpp"

namespace rushhour::elastic {
namespace {

using testing::HasSubstr;

bool matches(std::string_view query, std::string_view document) {
  const Documents documents{type_by_name};
  return Query{query, documents}(event::from_json(document));
}

struct Unfit {
  std::string_view query;
  std::uint64_t column;
  std::string_view expected;
};

TEST(KqlQuery, RefusesValuesThatAreNoneOfTheirFieldsType) {
  const Documents documents{type_by_name};
  const Unfit rows[] = {
      {"i:many", 3, "a number"},
      {"i:\"\"", 3, "a number"},
      {"i:5x", 3, "a number"},
      {"i:0x5", 3, "a number"},
      {"i:inf", 3, "a number"},
      {"i:nan", 3, "a number"},
      {"i:--5", 3, "a number"},
      {"i:+-5", 3, "a number"},
      {"i:-", 3, "a number"},
      {"i:-.", 3, "a number"},
      {"i:1e999", 3, "a number"},
      {"i:true", 3, "a number"},
      {"i > x", 5, "a number"},
      {"i:(1 or x)", 9, "a number"},
      {"k:a and not i:x", 15, "a number"},
      {"r:half", 3, "a number"},
      {"i:5*", 3, "without wildcards"},
      {"b:yes", 3, "true or false"},
      {"b:True", 3, "true or false"},
      {"b:1", 3, "true or false"},
      {"b:t*", 3, "without wildcards"},
      {"ip:somewhere", 4, "an IP address"},
      {"ip:10.0.0", 4, "an IP address"},
      {"ip:10.0.0.0/33", 4, "an IP address"},
      {"ip:10.0.0.0/", 4, "an IP address"},
      {"ip:10.0.0.0/x", 4, "an IP address"},
      {"ip:\"2001:db8::/129\"", 4, "an IP address"},
      {"ip > 10.0.0.0/8", 6, "an IP address"},
      {"ip:10.*", 4, "without wildcards"},
      {"d:soon", 3, "a date"},
      {"d:2024*", 3, "without wildcards"},
      {"k:null", 3, "a value"},
      {"k:(a or null)", 9, "a value"},
      {"k > null", 5, "a value"},
      {"i:null", 3, "a value"},
      {"null", 1, "a value"},
      {"*:null", 3, "a value"},
      {"k:{a:1}", 1, "a nested field"},
      {"n:{k:{a:1}}", 4, "a nested field"},
      {"n*:{k:1}", 1, "the name of one field"},
      {"n:{i:x}", 6, "a number"},
  };
  for (const Unfit& row : rows) {
    try {
      const Query query{row.query, documents};
      ADD_FAILURE() << row.query;
    } catch (const InputError& error) {
      EXPECT_THAT(error.mistake().expected, HasSubstr(row.expected)) << row.query;
      EXPECT_EQ(error.mistake().line, 1U) << row.query;
      EXPECT_EQ(error.mistake().column, row.column) << row.query;
      EXPECT_FALSE(error.mistake().seen.empty()) << row.query;
    }
  }
}

TEST(KqlQuery, LenientlyMatchesNothingInstead) {
  const Documents documents{type_by_name};
  const event::Event event = event::from_json(R"({"i": 5, "k": "a", "n": [{"k": 1}]})");
  const auto holds = [&](std::string_view query) {
    return Query{query, documents, {.lenient = true}}(event);
  };
  EXPECT_FALSE(holds("i:many"));
  EXPECT_TRUE(holds("not i:many"));
  EXPECT_TRUE(holds("i:(many or 5)"));
  EXPECT_FALSE(holds("k:null"));
  EXPECT_FALSE(holds("*:null"));
  EXPECT_FALSE(holds("k:{a:1}"));
  EXPECT_FALSE(holds("n*:{k:1}"));
  EXPECT_TRUE(holds("k:a and not i:5*"));
}

TEST(KqlQuery, NamesTheFieldAndTheValueInMessages) {
  const Documents documents{type_by_name};
  try {
    const Query query{"k:a and\n  i: (5 or many)", documents};
    FAIL();
  } catch (const InputError& error) {
    EXPECT_EQ(error.mistake().seen, "\"many\" in i");
    EXPECT_EQ(error.mistake().line, 2U);
    EXPECT_EQ(error.mistake().column, 12U);
  }
}

TEST(KqlQuery, IsBuiltFromATreeToo) {
  const Documents documents;
  const Query query{parse_kql("k: a"), documents};
  EXPECT_TRUE(query(event::from_json(R"({"k": "a"})")));
}

TEST(KqlQuery, Moves) {
  const Documents documents;
  Query query{"k: a", documents};
  Query moved{std::move(query)};
  query = Query{"k: b", documents};
  EXPECT_TRUE(moved(event::from_json(R"({"k": "a"})")));
  EXPECT_FALSE(query(event::from_json(R"({"k": "a"})")));
}

// The families of rules, new-terms.md 3.4, in our own words.
TEST(KqlRules, CompareExactlyExcludeListsAndAskForExistence) {
  const std::string_view rule =
      "event.dataset: aws.cloudtrail and event.provider: secretsmanager.amazonaws.com and "
      "event.action: (GetSecretValue or BatchGetSecretValue) and event.outcome: success and user.id: * and "
      "not user_agent.name: (\"Chrome\" or \"Firefox\" or \"Safari\")";
  const std::string_view document =
      R"({"event": {"dataset": "aws.cloudtrail", "provider": "secretsmanager.amazonaws.com",
          "action": "GetSecretValue", "outcome": "success"}, "user.id": "AROA:x", "user_agent.name": "Boto3"})";
  EXPECT_TRUE(matches(rule, document));
  const auto with = [&](std::string_view from, std::string_view to) {
    std::string changed{document};
    changed.replace(changed.find(from), from.size(), to);
    return matches(rule, changed);
  };
  EXPECT_FALSE(with("\"success\"", "\"failure\""));
  EXPECT_FALSE(with("\"user.id\"", "\"user.name\""));
  EXPECT_FALSE(with("\"Boto3\"", "\"Chrome\""));
  EXPECT_TRUE(with("\"Boto3\"", "null"));
  EXPECT_TRUE(with("\"GetSecretValue\"", "\"BatchGetSecretValue\""));
  EXPECT_FALSE(with("\"GetSecretValue\"", "\"getsecretvalue\""));
}

TEST(KqlRules, UseWildcardsInFrontAndInWritings) {
  const std::string_view parameters =
      R"({"aws": {"cloudtrail": {"request_parameters": "{secretId=prod/db, attribute=userData}"}}})";
  EXPECT_TRUE(matches("aws.cloudtrail.request_parameters: *userData*", parameters));
  EXPECT_TRUE(matches("aws.cloudtrail.request_parameters: *attribute=userData*", parameters));
  EXPECT_TRUE(matches("aws.cloudtrail.request_parameters: (*foo* or \\{secretId=prod*)", parameters));
  EXPECT_TRUE(matches("aws.cloudtrail.request_parameters: *prod/db, attribute*", parameters));
  EXPECT_FALSE(matches("aws.cloudtrail.request_parameters: *userdata*", parameters));
}

TEST(KqlRules, UseNumbersBooleansBlocksAndRanges) {
  const std::string_view document =
      R"({"destination": {"ip": "169.254.169.254", "i_port": 443}, "b_elevated": true, "i_bytes": 1048577})";
  EXPECT_TRUE(matches("destination.i_port: (80 or 443) and b_elevated: true", document));
  EXPECT_TRUE(matches("not destination.ip: (10.0.0.0/8 or \"::1\" or 127.0.0.0/8)", document));
  EXPECT_FALSE(matches("not destination.ip: (10.0.0.0/8 or 169.254.0.0/16)", document));
  EXPECT_TRUE(matches("i_bytes > 1048576 and i_bytes <= 2097152", document));
}

TEST(KqlRules, UseAndListsOverSeveralValues) {
  const std::string_view document =
      R"({"event": {"category": ["iam", "configuration"], "type": ["change"]}})";
  EXPECT_TRUE(matches("event.category: (iam and configuration)", document));
  EXPECT_FALSE(matches("event.category: (iam and network)", document));
  EXPECT_TRUE(matches("event.category: (not network) and event.*: change", document));
}

}  // namespace
}  // namespace rushhour::elastic
