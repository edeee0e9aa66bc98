#include <rushhour/panther/rule_pack.hpp>

#include <filesystem>
#include <fstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <rushhour/input_error.hpp>

#include "pack_folder.hpp"

namespace rushhour::panther {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const std::string rule_yaml = R"(AnalysisType: rule
RuleID: Our.Rule
Filename: rule.py
Enabled: true
LogTypes: [AWS.CloudTrail]
Severity: High
)";

class RulePackTest : public testing::Test {
 protected:
  /// The mistake of the only broken file.
  [[nodiscard]] std::string mistake_of(const std::string& yaml) {
    folder.write("rules/rule.yml", yaml);
    folder.write("rules/rule.py", "");
    const RulePack pack = load_pack(folder.path());
    return pack.broken.size() == 1 ? pack.broken.front().mistake : "nothing is broken";
  }
  [[nodiscard]] RuleSpec rule_of(const std::string& yaml) {
    folder.write("rules/rule.yml", yaml);
    folder.write("rules/rule.py", "");
    RulePack pack = load_pack(folder.path());
    warnings = pack.warnings;
    return pack.rules.at(0);
  }

  PackFolder folder;
  std::vector<std::string> warnings;
};

TEST_F(RulePackTest, HasPanthersDefaults) {
  const RuleSpec rule = rule_of(rule_yaml);
  EXPECT_EQ(rule.id, "Our.Rule");
  EXPECT_EQ(rule.title(), "Our.Rule");
  EXPECT_EQ(rule.severity, detect::Severity::high);
  EXPECT_EQ(rule.dedup_period, std::chrono::minutes{60});
  EXPECT_EQ(rule.threshold, 1U);
  EXPECT_TRUE(rule.enabled);
  EXPECT_TRUE(rule.create_alert);
  EXPECT_EQ(rule.code_file, folder.path() + "/rules/rule.py");
  EXPECT_THAT(rule.log_types, ElementsAre("AWS.CloudTrail"));
  EXPECT_TRUE(warnings.empty());
}

TEST_F(RulePackTest, ReadsWhatARuleMaySay) {
  const RuleSpec rule = rule_of(rule_yaml + R"(DisplayName: Ours
Description: d
Reference: r
Runbook: b
DedupPeriodMinutes: 15
Threshold: 25
CreateAlert: false
OutputIds: [team]
Tags: [Enrichment]
Reports: {MITRE ATT&CK: [TA0001:T1078]}
InlineFilters:
  - All: []
Tests:
  - Name: reads
    ExpectedResult: true
    Mocks:
      - objectName: look_up
        returnValue: off
    Log: {eventName: GetSecretValue, n: 0o10}
  - Name: resource
    ExpectedResult: false
    Resource: {a: 1}
)");
  EXPECT_EQ(rule.title(), "Ours");
  EXPECT_EQ(rule.dedup_period, std::chrono::minutes{15});
  EXPECT_EQ(rule.threshold, 25U);
  EXPECT_FALSE(rule.create_alert);
  EXPECT_THAT(rule.output_ids, ElementsAre("team"));
  ASSERT_EQ(rule.tests.size(), 2U);
  EXPECT_TRUE(rule.tests[0].expected);
  EXPECT_EQ(rule.tests[0].mocks.at(0).return_value.text, "off");
  EXPECT_EQ(to_json(rule.tests[0].record), R"({"eventName":"GetSecretValue","n":8})");
  EXPECT_EQ(to_json(rule.tests[1].record), R"({"a":1})");
  EXPECT_TRUE(warnings.empty());
}

TEST_F(RulePackTest, WarnsOfKeysThatNobodyKnows) {
  static_cast<void>(rule_of(rule_yaml + "Treshold: 25\n"));
  EXPECT_THAT(
      warnings,
      ElementsAre(folder.path() + "/rules/rule.yml:7:1: at /Treshold: nobody knows this key; it is ignored"));
}

TEST_F(RulePackTest, TellsMistakesAtTheirPlace) {
  EXPECT_THAT(mistake_of("AnalysisType: rules\n"),
              HasSubstr("rule.yml:1:15: at /AnalysisType: expected rule, "));
  EXPECT_THAT(mistake_of("AnalysisType: rule\nFilename: rule.py\n"),
              HasSubstr("rule.yml:1:1: expected a key \"RuleID\""));
  EXPECT_THAT(mistake_of(rule_yaml + "Threshold: many\n"),
              HasSubstr("rule.yml:7:12: at /Threshold: expected a whole number from 1, saw \"many\""));
  EXPECT_THAT(mistake_of(rule_yaml + "CreateAlert: no\n"),
              HasSubstr("rule.yml:7:14: at /CreateAlert: expected true or false, saw \"no\"; in YAML 1.2"));
  EXPECT_THAT(mistake_of(rule_yaml + "Tests: [{Name: x, ExpectedResult: true}]\n"),
              HasSubstr("at /Tests/0: expected a key \"Log\""));
  EXPECT_THAT(mistake_of(rule_yaml + "Tests: [{Name: x, ExpectedResult: 1, Log: {}}]\n"),
              HasSubstr("rule.yml:7:35: at /Tests/0/ExpectedResult: expected true or false, saw 1"));
  EXPECT_THAT(mistake_of("AnalysisType: rule\nRuleID: a\nFilename: rule.py\nLogTypes: [x]\nSeverity: Hi\n"),
              HasSubstr("at /Severity: expected Info, Low, Medium, High or Critical, saw \"Hi\""));
  EXPECT_THAT(mistake_of("AnalysisType: rule\nRuleID: a\nFilename: none.py\nLogTypes: [x]\nSeverity: Low\n"),
              HasSubstr("at /Filename: expected the name of a Python file beside this one, saw no file"));
  EXPECT_THAT(mistake_of(rule_yaml + "Severity: Low\n"), HasSubstr("rule.yml:7:1: expected each key once"));
}

TEST_F(RulePackTest, LeavesOutWhatHasNoPython) {
  folder.write("rules/simple.yml",
               "AnalysisType: rule\nRuleID: Simple\nDetection: [{Key: a}]\nSeverity: Low\nLogTypes: [x]\n");
  folder.write("rules/filtered.yml", rule_yaml + "InlineFilters:\n  - Key: a\n    Condition: Exists\n");
  folder.write("rules/rule.py", "");
  folder.write("policies/p.yml", "AnalysisType: policy\nPolicyID: P\nFilename: p.py\n");
  folder.write("lookup_tables/l.yml", "AnalysisType: lookup_table\nLookupName: L\n");
  folder.write("queries/q.yml", "AnalysisType: scheduled_query\nQueryName: Q\n");
  folder.write("correlation_rules/c.yml", "AnalysisType: correlation_rule\nRuleID: C\n");
  folder.write("packs/p.yml", "AnalysisType: pack\nPackID: K\n");
  const RulePack pack = load_pack(folder.path());
  EXPECT_TRUE(pack.rules.empty());
  EXPECT_TRUE(pack.broken.empty());
  std::string skipped;
  for (const SkippedItem& each : pack.skipped)
    skipped += std::string{to_text(each.kind)} + " " + each.id + ": " + each.why + "\n";
  EXPECT_EQ(skipped,
            "correlation_rule C: it is for Panther's backend, and has no Python\n"
            "lookup_table L: it is for Panther's backend, and has no Python\n"
            "pack K: it is for Panther's backend, and has no Python\n"
            "policy P: policies judge resources, not events\n"
            "scheduled_query Q: it is for Panther's backend, and has no Python\n"
            "rule Our.Rule: a rule with InlineFilters is not run: without them it sees more events\n"
            "rule Simple: a simple detection, without Python, is not run\n");
}

TEST_F(RulePackTest, LooksWherePanthersToolLooks) {
  for (const char* const place : {"rules/aws", "simple_rules", "templates", ".hidden", "docs"}) {
    folder.write(std::string{place} + "/rule.yml", "AnalysisType: rule\nRuleID: " + std::string{place} +
                                                       "\nFilename: rule.py\nLogTypes: [x]\nSeverity: Low\n");
    folder.write(std::string{place} + "/rule.py", "");
  }
  folder.write("global_helpers/h.yml", "AnalysisType: global\nGlobalID: h\nFilename: h.py\n");
  folder.write("global_helpers/h.py", "");
  folder.write("docker-compose.yml", "services: {}\n");
  const RulePack pack = load_pack(folder.path());
  std::vector<std::string> ids;
  for (const RuleSpec& rule : pack.rules) ids.push_back(rule.id);
  EXPECT_THAT(ids, ElementsAre("rules/aws", "simple_rules"));
  EXPECT_EQ(pack.globals.size(), 1U);
  ASSERT_EQ(pack.skipped.size(), 1U);
  EXPECT_EQ(pack.skipped[0].why, "it has no AnalysisType");
}

TEST_F(RulePackTest, FindsHelpersAndDataModelsAboveAPartOfAPack) {
  folder.write("rules/aws/rule.yml", rule_yaml);
  folder.write("rules/aws/rule.py", "");
  folder.write("global_helpers/h.yml", "AnalysisType: global\nGlobalID: h\nFilename: h.py\n");
  folder.write("global_helpers/h.py", "");
  folder.write("data_models/d.yml",
               "AnalysisType: datamodel\nDataModelID: d\nEnabled: true\nLogTypes: [AWS.CloudTrail]\n"
               "Mappings:\n  - Name: source_ip\n    Path: $.sourceIPAddress\n");
  for (const char* const part : {"/rules/aws", "/rules/aws/", "/rules/aws/rule.yml"}) {
    const RulePack pack = load_pack(folder.path() + part);
    EXPECT_EQ(pack.rules.size(), 1U) << part;
    EXPECT_EQ(pack.globals.size(), 1U) << part;
    ASSERT_NE(pack.data_model("AWS.CloudTrail"), nullptr) << part;
    EXPECT_EQ(pack.data_model("AWS.CloudTrail")->mappings.at(0).path, "sourceIPAddress");
    EXPECT_EQ(pack.data_model("Okta.SystemLog"), nullptr);
  }
}

TEST_F(RulePackTest, RefusesIdsThatAreThereTwice) {
  folder.write("rules/a.yml", rule_yaml);
  folder.write("rules/b.yml", rule_yaml);
  folder.write("rules/rule.py", "");
  const RulePack pack = load_pack(folder.path());
  EXPECT_EQ(pack.rules.size(), 1U);
  ASSERT_EQ(pack.broken.size(), 1U);
  EXPECT_THAT(pack.broken[0].mistake,
              HasSubstr("b.yml: expected an id that no other rule has, saw \"Our.Rule\"; "));
}

TEST_F(RulePackTest, RefusesPathsThatOnlyJsonPathKnows) {
  const std::string model =
      "AnalysisType: datamodel\nDataModelID: d\nLogTypes: [x]\nMappings:\n  - Name: n\n    Path: ";
  EXPECT_THAT(mistake_of(model + "a.b[0].c\n"),
              HasSubstr("rule.yml:6:11: at /Mappings/0/Path: expected keys joined by dots"));
  EXPECT_THAT(mistake_of(model + "a\n    Method: m\n"), HasSubstr("expected a Path or a Method"));
  EXPECT_THAT(
      mistake_of(
          "AnalysisType: datamodel\nDataModelID: d\nLogTypes: [x]\nMappings:\n  - Name: n\n    Method: m\n"),
      HasSubstr("at /Mappings/0/Method: expected a Path, or a Filename in the data model"));
}

TEST(RulePack, NeedsAFolder) {
  try {
    static_cast<void>(load_pack("nowhere"));
    FAIL() << "it was read";
  } catch (const InputError& error) {
    EXPECT_STREQ(error.what(),
                 "nowhere: expected a folder of rules in Panther's format, or one of its YAML files, saw "
                 "nothing there");
  }
}

TEST(RulePack, HasOursWithoutAMistake) {
  const RulePack pack = load_pack("scenarios/panther");
  EXPECT_TRUE(pack.broken.empty());
  EXPECT_TRUE(pack.warnings.empty());
  EXPECT_TRUE(pack.skipped.empty());
  EXPECT_GE(pack.rules.size(), 7U);
  for (const RuleSpec& rule : pack.rules) EXPECT_GE(rule.tests.size(), 2U) << rule.id;
}

}  // namespace
}  // namespace rushhour::panther
