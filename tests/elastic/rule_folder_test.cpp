#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include <rushhour/elastic/rule.hpp>

namespace rushhour::elastic {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

/// A folder of its own, gone at the end.
class RuleFolder : public testing::Test {
 public:
  RuleFolder()
      : path_(testing::TempDir() + "rules-" + testing::UnitTest::GetInstance()->current_test_info()->name()) {
    fs::remove_all(path_);
    fs::create_directories(path_);
  }
  RuleFolder(const RuleFolder&) = delete;
  RuleFolder& operator=(const RuleFolder&) = delete;
  ~RuleFolder() override { fs::remove_all(path_); }

 protected:
  void write(const std::string& name, std::string_view text) const {
    fs::create_directories((path_ / name).parent_path());
    std::ofstream{path_ / name, std::ios::binary} << text;
  }
  [[nodiscard]] std::vector<RuleOutcome> load() const { return load_rules(path_.string()); }
  [[nodiscard]] const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

std::string rule_of(std::string_view name, std::string_view type, std::string_view rest = {}) {
  return "[rule]\nname = \"" + std::string{name} + "\"\ntype = \"" + std::string{type} +
         "\"\ndescription = \"d\"\nseverity = \"low\"\nrisk_score = 21\nquery = \"a: b\"\n" +
         std::string{rest};
}

TEST_F(RuleFolder, IsReadInOrderOfPathsAndLeavesNothingOut) {
  write("b/two.toml", rule_of("two", "eql", "language = \"eql\"\n"));
  write("b/_deprecated/old.toml", rule_of("old", "query"));
  write("a.toml", rule_of("one", "query"));
  write("c.toml", "[metadata]\nmaturity = \"deprecated\"\n" + rule_of("retired", "query"));
  write("d.toml", "[rule\n");
  write("e.toml", rule_of("wrong", "query", "from = \"soon\"\n"));
  write("f.txt", "not a rule");
  const std::vector<RuleOutcome> outcomes = load();
  std::vector<std::string> seen;
  for (const RuleOutcome& outcome : outcomes) {
    seen.push_back(fs::path{outcome.path}.lexically_relative(path()).generic_string() + " " +
                   std::string{to_text(outcome.status)} + " " + outcome.name + " " + outcome.type);
    EXPECT_EQ(outcome.rule.has_value(), outcome.status == RuleStatus::loaded);
    EXPECT_EQ(outcome.reason.empty(), outcome.status == RuleStatus::loaded);
  }
  EXPECT_THAT(seen, ElementsAre("a.toml loaded one query", "b/_deprecated/old.toml deprecated old query",
                                "b/two.toml unsupported two eql", "c.toml deprecated retired query",
                                "d.toml broken  ", "e.toml broken wrong query"));
  EXPECT_EQ(outcomes[2].reason, "EQL, the language of sequences, is not run");
  EXPECT_THAT(outcomes[4].reason, StartsWith(outcomes[4].path + ":1:"));
  EXPECT_THAT(outcomes[5].reason, HasSubstr(":8:9: at /rule/from: expected \"now\" or a date"));
}

TEST_F(RuleFolder, HasTheRulesOfAnExportLineByLine) {
  write(
      "rules.ndjson",
      R"({"name": "one", "type": "query", "description": "d", "severity": "low", "risk_score": 1, "query": "a: b"})"
      "\n"
      R"({"name": "two", "type": "esql", "description": "d", "severity": "low", "risk_score": 1, "query": "FROM x"})"
      "\n"
      R"({"list_id": "l", "name": "exceptions", "type": "detection"})"
      "\n"
      R"({"name": "three", "type": "query", "description": "d", "severity": "grave", "risk_score": 1, "query": ""})"
      "\n"
      R"({"exported_count": 3})"
      "\n");
  const std::vector<RuleOutcome> outcomes = load();
  ASSERT_EQ(outcomes.size(), 3U);
  EXPECT_EQ(outcomes[0].status, RuleStatus::loaded);
  EXPECT_EQ(outcomes[0].rule->place.line, 1U);
  EXPECT_EQ(outcomes[1].status, RuleStatus::unsupported);
  EXPECT_EQ(outcomes[1].type, "esql");
  EXPECT_EQ(outcomes[2].status, RuleStatus::broken);
  EXPECT_THAT(outcomes[2].reason, HasSubstr("rules.ndjson:4:"));
  EXPECT_THAT(outcomes[2].reason,
              HasSubstr("at /severity: expected low, medium, high or critical, saw \"grave\""));
}

TEST_F(RuleFolder, MayBeOneFile) {
  write("a.toml", rule_of("one", "query"));
  const std::vector<RuleOutcome> outcomes = load_rules((path() / "a.toml").string());
  ASSERT_EQ(outcomes.size(), 1U);
  EXPECT_EQ(outcomes[0].rule->name, "one");
}

TEST_F(RuleFolder, MustBeThere) {
  EXPECT_TRUE(load().empty());
  try {
    static_cast<void>(load_rules((path() / "nowhere").string()));
    FAIL() << "it was read";
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), HasSubstr("nowhere: expected a folder of rules, saw No such file"));
  }
  EXPECT_THROW(static_cast<void>(load_rule((path() / "nothing.toml").string())), InputError);
  EXPECT_THROW(static_cast<void>(load_rule(path().string())), InputError);
}

}  // namespace
}  // namespace rushhour::elastic
