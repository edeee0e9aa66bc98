// The rules and exceptions of scenarios/rules: what the README promises of them.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <set>
#include <string>
#include <vector>

#include <rushhour/elastic/documents.hpp>
#include <rushhour/elastic/exceptions.hpp>
#include <rushhour/elastic/kql.hpp>
#include <rushhour/elastic/rule.hpp>
#include <rushhour/event/json.hpp>

#include "raw_schema.hpp"

namespace rushhour::elastic {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

const std::string folder = "scenarios/rules/";

TEST(ShippedRules, AllLoad) {
  const std::vector<RuleOutcome> outcomes = load_rules(folder);
  ASSERT_EQ(outcomes.size(), 3U);
  std::set<std::string> ids;
  for (const RuleOutcome& outcome : outcomes) {
    ASSERT_EQ(outcome.status, RuleStatus::loaded) << outcome.path << ": " << outcome.reason;
    const Rule& rule = *outcome.rule;
    EXPECT_TRUE(ids.insert(rule.rule_id).second) << "ids are random, and each its own";
    EXPECT_EQ(rule.rule_id.size(), 36U);
    EXPECT_EQ(rule.type, RuleType::new_terms);
    EXPECT_EQ(rule.timestamp_override, "event.ingested");
    EXPECT_FALSE(rule.timestamp_override_fallback_disabled);
    EXPECT_EQ(rule.severity, Severity::medium);
    EXPECT_EQ(rule.risk_score, 47U);
    EXPECT_EQ(rule.max_signals, 100U);
    ASSERT_EQ(rule.threat.size(), 1U);
    EXPECT_EQ(rule.threat[0].techniques.at(0).subtechniques.at(0).id, "T1555.006");
    EXPECT_THAT(rule.query,
                AllOf(HasSubstr("GetSecretValue or BatchGetSecretValue"), HasSubstr("event.outcome: success"),
                      HasSubstr("not user_agent.name: (Chrome or Firefox or Safari or Edge or Brave or "
                                "Opera)")));
    EXPECT_THAT(rule.note, HasSubstr("## Triage"));
    EXPECT_FALSE(rule.false_positives.empty());
  }
}

TEST(ShippedRules, LookForAnIdentityThatReadsItsFirstSecret) {
  const Rule rule = load_rule(folder + "first-secret-read-by-identity.toml");
  EXPECT_EQ(rule.from.text(), "now-60m");
  EXPECT_EQ(rule.interval, 10min);
  EXPECT_THAT(rule.new_terms.fields, ElementsAre("user.id"));
  EXPECT_EQ(rule.new_terms.history_window_start.text(), "now-10d");
}

TEST(ShippedRules, LookForASecretThatAnIdentityHasNotRead) {
  const Rule rule = load_rule(folder + "first-read-of-secret-by-identity.toml");
  EXPECT_EQ(rule.from.text(), "now-60m");
  EXPECT_EQ(rule.interval, 10min);
  EXPECT_THAT(rule.new_terms.fields, ElementsAre("user.id", "aws.cloudtrail.request_parameters"));
  EXPECT_EQ(rule.new_terms.history_window_start.text(), "now-15d");
}

TEST(ShippedRules, LookForARoleThatReadsItsFirstSecret) {
  const Rule rule = load_rule(folder + "first-secret-read-by-role.toml");
  EXPECT_EQ(rule.from.text(), "now-6m");
  EXPECT_EQ(rule.interval, 5min);
  EXPECT_THAT(rule.new_terms.fields, ElementsAre("cloud.account.id", "user.name"));
  EXPECT_EQ(rule.new_terms.history_window_start.text(), "now-5d");
}

TEST(ShippedRules, MatchSuccessfulReadsByPrograms) {
  const Documents documents;
  for (const RuleOutcome& outcome : load_rules(folder)) {
    const Query query{outcome.rule->query, documents};
    const auto matches = [&](std::string_view action, std::string_view result, std::string_view agent) {
      return query(event::from_json(R"({"event": {"dataset": "aws.cloudtrail",
          "provider": "secretsmanager.amazonaws.com", "action": ")" +
                                    std::string{action} + R"(", "outcome": ")" + std::string{result} +
                                    R"("}, "user_agent": {"name": )" + std::string{agent} + "}}"));
    };
    EXPECT_TRUE(matches("GetSecretValue", "success", "\"Boto3\"")) << outcome.path;
    EXPECT_TRUE(matches("BatchGetSecretValue", "success", "null")) << "no user agent is no browser";
    EXPECT_FALSE(matches("GetSecretValue", "failure", "\"Boto3\""));
    EXPECT_FALSE(matches("DescribeSecret", "success", "\"Boto3\""));
    for (const std::string_view browser : {"Chrome", "Firefox", "Safari", "Edge", "Brave", "Opera"}) {
      EXPECT_FALSE(matches("GetSecretValue", "success", "\"" + std::string{browser} + "\"")) << browser;
    }
    EXPECT_TRUE(matches("GetSecretValue", "success", "\"Mobile Safari\"")) << "only these names";
  }
}

/// The id of the item that excepts an event; empty when none does.
std::string which(const std::string& file, std::string_view event, Instant at) {
  const RawSchema schema{{{"source.ip", event::FieldType::ip}}};
  const Exceptions exceptions{load_exceptions(folder + "exceptions/" + file), schema};
  event::Arena scratch;
  const event::Event document = event::from_json(event);
  const ExceptionItem* const item = exceptions.which(document, scratch, at);
  return item == nullptr ? std::string{} : item->item_id;
}

TEST(ShippedExceptions, KnowUserAgents) {
  const Instant now = *parse_iso8601("2026-12-01T00:00:00Z");
  const std::string file = "known-user-agents.json";
  EXPECT_EQ(which(file, R"({"user.name": "deployment", "user_agent.original": "APN/1.0 Terraform/1.9.5"
})",
                  now),
            "terraform-of-the-pipeline");
  EXPECT_EQ(which(file, R"({"user.name": "ada", "user_agent.original": "APN/1.0 Terraform/1.9.5"
  })",
                  now),
            "");
  constexpr std::string_view rotation = R"({"user.name": "secrets-rotation", "user_agent.name": "Boto3"})";
  EXPECT_EQ(which(file, rotation, now), "rotation-functions");
  EXPECT_EQ(which(file, rotation, now + 31 * 24h), "") << "it has expired";
}

TEST(ShippedExceptions, KnowNetworks) {
  const std::string file = "known-networks.json";
  EXPECT_EQ(which(file, R"({"source.ip": "192.0.2.77", "user.name": "ci"})", {}), "build-network");
  EXPECT_EQ(which(file, R"({"source.ip": "192.0.2.77"})", {}), "");
  EXPECT_EQ(which(file, R"({"aws.cloudtrail.user_identity.invoked_by": "backup.amazonaws.com"})", {}),
            "called-by-aws");
}

}  // namespace
}  // namespace rushhour::elastic
