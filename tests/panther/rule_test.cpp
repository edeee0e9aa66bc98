#include <rushhour/panther/rule.hpp>

#include <memory>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <rushhour/panther/python_thread.hpp>
#include <rushhour/panther/watchdog.hpp>

#include "pack_folder.hpp"
#include "python_fixture.hpp"

namespace rushhour::panther {
namespace {

using detect::Severity;
using detect::Verdict;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class RuleTest : public testing::Test {
 protected:
  /// A rule of its own container. Without a rule() of its own it matches.
  Rule& rule_of(const std::string& python, const std::string& yaml = {}) {
    const bool judges = python.find("def rule(") != std::string::npos;
    folder.write_rule("Our.Rule", (judges ? "" : "def rule(event): return True\n") + python, yaml);
    rule.reset();
    modules.reset();
    code.reset();
    pack = load_pack(folder.path());
    code = std::make_unique<PackCode>(pack);
    modules = std::make_unique<Modules>(*code, ModulesOptions{.watchdog = watchdog});
    rule = std::make_unique<Rule>(*modules, 0);
    return *rule;
  }
  [[nodiscard]] RuleResult run(const std::string& python, const std::string& yaml = {},
                               Mode mode = Mode::production) {
    Rule& made = rule_of(python, yaml);
    return made.run(event().get(), mode);
  }
  [[nodiscard]] RuleAlert alert(const std::string& python, const std::string& yaml = {}) {
    return run(python, yaml).alert.value();
  }
  /// `ERRORS function: text`, one a line.
  [[nodiscard]] static std::string errors(const RuleResult& result) {
    std::string out;
    for (const FunctionError& each : result.errors)
      out += std::string{to_text(each.function)} + ": " + each.text + "\n";
    return out;
  }
  [[nodiscard]] static std::string outputs(const RuleResult& result) {
    std::string out;
    for (const FunctionOutput& each : result.outputs)
      out += std::string{to_text(each.function)} + " " + each.json + "\n";
    return out;
  }
  [[nodiscard]] static Object event() {
    return attribute(module_of("event = {'name': 'GetSecretValue'}", "event.py").get(), "event");
  }

  PackFolder folder;
  PythonThread thread{test_host()};
  Inside inside{thread};
  Watchdog* watchdog{};
  RulePack pack;
  std::unique_ptr<PackCode> code;
  std::unique_ptr<Modules> modules;
  std::unique_ptr<Rule> rule;
};

TEST_F(RuleTest, MatchesOrDoesNot) {
  EXPECT_EQ(run("def rule(event): return event['name'] == 'GetSecretValue'").verdict, Verdict::Kind::match);
  const RuleResult no = run("def rule(event): return False\ndef title(event): raise Exception('called')");
  EXPECT_EQ(no.verdict, Verdict::Kind::no_match);
  EXPECT_FALSE(no.alert);
  EXPECT_THAT(no.errors, IsEmpty());
}

TEST_F(RuleTest, CallsItsFunctionsInPanthersOrder) {
  std::string python = "called = []\ndef rule(event):\n  called.append('rule')\n  return True\n";
  for (const char* const name : {"unique", "alert_context", "dedup", "destinations", "runbook", "severity",
                                 "reference", "description", "title"}) {
    python += "def " + std::string{name} + "(event):\n  called.append('" + name + "')\n  return None\n";
  }
  static_cast<void>(run(python));
  EXPECT_EQ(repr(attribute(rule->module(), "called")),
            "['rule', 'title', 'description', 'reference', 'severity', 'runbook', 'destinations', 'dedup', "
            "'alert_context', 'unique']");
}

TEST_F(RuleTest, HasDefaultsForWhatIsNotDefined) {
  const RuleAlert bare = alert("", "Description: d\nReference: r\nRunbook: b\nOutputIds: [team]\n");
  EXPECT_EQ(bare.title, "Our.Rule");
  EXPECT_EQ(bare.dedup, "defaultDedupString:Our.Rule");
  EXPECT_EQ(bare.description, "d");
  EXPECT_EQ(bare.reference, "r");
  EXPECT_EQ(bare.runbook, "b");
  EXPECT_EQ(bare.severity, Severity::medium);
  EXPECT_THAT(bare.destinations, ElementsAre("team"));
  EXPECT_EQ(bare.context.json(), "{}");
  EXPECT_FALSE(bare.unique);
  EXPECT_EQ(alert("", "DisplayName: Ours\n").title, "Ours");
  EXPECT_EQ(alert("", "DisplayName: Ours\n").dedup, "defaultDedupString:Our.Rule");
}

TEST_F(RuleTest, TakesWhatIsDefined) {
  const RuleAlert made = alert(R"(
def title(event): return 't'
def description(event): return 'd'
def reference(event): return 'r'
def runbook(event): return 'b'
def severity(event): return 'critical'
def destinations(event): return ['a', 'b', True]
def dedup(event): return 'k'
def alert_context(event): return {'name': event['name'], 'none': None}
def unique(event): return 'u'
)");
  EXPECT_EQ(made.title, "t");
  EXPECT_EQ(made.description, "d");
  EXPECT_EQ(made.reference, "r");
  EXPECT_EQ(made.runbook, "b");
  EXPECT_EQ(made.severity, Severity::critical);
  EXPECT_THAT(made.destinations, ElementsAre("a", "b"));
  EXPECT_EQ(made.dedup, "k");
  EXPECT_EQ(made.context.json(), R"({"name": "GetSecretValue", "none": null})");
  EXPECT_EQ(made.unique, "u");
}

TEST_F(RuleTest, DedupsByItsTitleUnlessItSaysOtherwise) {
  EXPECT_EQ(alert("def title(event): return 't'").dedup, "t");
  EXPECT_EQ(alert("def title(event): return ''").dedup, "defaultDedupString:Our.Rule");
  EXPECT_EQ(alert("def title(event): return 't'\ndef dedup(event): return ''").dedup,
            "defaultDedupString:Our.Rule");
  EXPECT_EQ(alert("def title(event): return 't'\ndef dedup(event): return 1 / 0").dedup,
            "defaultDedupString:Our.Rule");
}

TEST_F(RuleTest, KnowsTheSeverityThatIsNone) {
  EXPECT_EQ(alert("def severity(event): return 'default'").severity, Severity::medium);
  const RuleResult wrong = run("def severity(event): return 'URGENT'");
  EXPECT_EQ(wrong.alert->severity, Severity::medium);
  EXPECT_EQ(errors(wrong),
            "severity: FunctionReturnTypeError: severity() returned \"URGENT\", expected INFO, LOW, MEDIUM, "
            "HIGH, CRITICAL or DEFAULT\n");
}

TEST_F(RuleTest, SuppressesAnAlertWithoutDestinations) {
  EXPECT_THAT(alert("def destinations(event): return []").destinations, ElementsAre("SKIP"));
  EXPECT_THAT(alert("def destinations(event): return None", "OutputIds: [team]\n").destinations,
              ElementsAre("team"));
  EXPECT_THAT(alert("def destinations(event): return [str(n) for n in range(12)]").destinations, SizeIs(10));
  EXPECT_EQ(errors(run("def destinations(event): return 'team'")),
            "destinations: FunctionReturnTypeError: destinations() returned str, expected a list of str, or "
            "None\n");
  EXPECT_EQ(errors(run("def destinations(event): return [5]")),
            "destinations: FunctionReturnTypeError: destinations() returned a list with int, expected str\n");
}

TEST_F(RuleTest, CutsTextsByCharacters) {
  const std::string cut = alert("def title(event): return 'é' * 1001").title;
  EXPECT_EQ(cut.size(), 2 * (1000 - 15) + 15);
  EXPECT_THAT(cut, testing::EndsWith("é... (truncated)"));
  EXPECT_EQ(alert("def title(event): return 'é' * 1000").title.size(), 2000U);
}

TEST_F(RuleTest, LosesNoAlertToAFunctionThatFails) {
  const RuleResult result = run(R"(
def title(event): return event['nobody']
def description(event): return 5
def severity(event): return None
def alert_context(event): return event['data']
)",
                                "Description: d\n");
  ASSERT_EQ(result.verdict, Verdict::Kind::match);
  EXPECT_EQ(result.alert->title, "Our.Rule");
  EXPECT_EQ(result.alert->description, "") << "an empty one is generated";
  EXPECT_EQ(result.alert->severity, Severity::medium);
  EXPECT_EQ(result.alert->dedup, "Our.Rule");
  EXPECT_EQ(result.alert->context.json(), R"x({"_error":"KeyError('data')"})x");
  EXPECT_TRUE(result.alert->context.is_error());
  EXPECT_EQ(errors(result),
            "title: KeyError: 'nobody'\n"
            "description: FunctionReturnTypeError: description() returned int, expected str\n"
            "severity: FunctionReturnTypeError: severity() returned NoneType, expected str\n"
            "alert_context: KeyError: 'data'\n");
  EXPECT_EQ(result.errors[0].file, folder.path() + "/rules/Our.Rule.py");
  EXPECT_EQ(result.errors[0].line, 3);
  EXPECT_THAT(result.errors[0].traceback, HasSubstr("line 3, in title"));
}

TEST_F(RuleTest, ReplacesAContextThatIsNone) {
  EXPECT_EQ(
      alert("def alert_context(event): return None").context.json(),
      R"x({"_error":"FunctionReturnTypeError('alert_context() returned NoneType, expected a Mapping')"})x");
  EXPECT_EQ(alert("def alert_context(event): return {'a': {1}}").context.json(),
            R"x({"_error":"TypeError('Object of type set is not JSON serializable')"})x");
  EXPECT_THAT(
      alert("def alert_context(event): return {'a': 'x' * 204800}").context.json(),
      HasSubstr("alert_context size is [204809] characters, bigger than maximum of [204800] characters"));
  EXPECT_FALSE(alert("def alert_context(event): return {'a': 'x' * 204791}").context.is_error());
}

TEST_F(RuleTest, MakesARuleErrorOfWhatRuleRaises) {
  const RuleResult result =
      run("def rule(event): return event['nobody']\ndef title(event): raise Exception('called')");
  EXPECT_EQ(result.verdict, Verdict::Kind::error);
  EXPECT_EQ(errors(result), "rule: KeyError: 'nobody'\n");
  EXPECT_EQ(result.alert->title, "KeyError('nobody')");
  EXPECT_EQ(result.alert->dedup, "KeyError");
  EXPECT_EQ(errors(run("def rule(event): return None")),
            "rule: FunctionReturnTypeError: rule() returned NoneType, expected bool\n");
  EXPECT_EQ(errors(run("def rule(event): return 1")),
            "rule: FunctionReturnTypeError: rule() returned int, expected bool\n");
  EXPECT_EQ(errors(run("import sys\ndef rule(event): sys.exit(3)")), "rule: SystemExit: 3\n");
  EXPECT_EQ(run("def rule(event): return rule(event)").errors.at(0).type, "RecursionError");
}

TEST_F(RuleTest, TellsEverythingInTests) {
  const RuleResult result = run(R"(
def rule(event): return False
def title(event): return 't'
def severity(event): return 'high'
def destinations(event): return []
def dedup(event): return event['nobody']
def alert_context(event): return {}
def unique(event): return None
)",
                                {}, Mode::test);
  EXPECT_EQ(result.verdict, Verdict::Kind::no_match);
  EXPECT_EQ(outputs(result),
            "rule false\ntitle \"t\"\nseverity \"HIGH\"\ndestinations [\"SKIP\"]\n"
            "dedup \"defaultDedupString:Our.Rule\"\nalert_context {}\nunique null\n");
  EXPECT_EQ(errors(result), "dedup: KeyError: 'nobody'\n");
  EXPECT_EQ(outputs(run("def rule(event): return 1 / 0\ndef title(event): return 't'", {}, Mode::test)),
            "title \"t\"\ndedup \"t\"\n");
}

TEST_F(RuleTest, ForgetsWhatItRememberedWhenItIsReloaded) {
  folder.write_helper("memory", "seen = []");
  Rule& made = rule_of(
      "import memory\nmine = []\ndef rule(event):\n  mine.append(1)\n  memory.seen.append(1)\n  return True\n"
      "def title(event): return f'{len(mine)} {len(memory.seen)}'");
  const Object one = event();
  EXPECT_EQ(made.run(one.get()).alert->title, "1 1");
  EXPECT_EQ(made.run(one.get()).alert->title, "2 2");
  made.reload();
  EXPECT_EQ(made.run(one.get()).alert->title, "1 3");
}

TEST_F(RuleTest, GivesTheSameErrorForEachEventWhenItDoesNotLoad) {
  Rule& missing = rule_of("import not_there\ndef rule(event): return True");
  ASSERT_TRUE(missing.load_error());
  EXPECT_EQ(missing.load_error()->text, "ModuleNotFoundError: No module named 'not_there'");
  EXPECT_EQ(missing.load_error()->line, 1);
  EXPECT_EQ(missing.run(event().get()).alert->dedup, "ModuleNotFoundError");
  EXPECT_EQ(missing.run(event().get(), Mode::test).verdict, Verdict::Kind::error);
  EXPECT_EQ(rule_of("rule = 5 # not def rule(").load_error()->text,
            "AttributeError: the module of Our.Rule has no function rule()");
}

TEST_F(RuleTest, NeedsNoRuleFunctionForTheRowsOfAQuery) {
  folder.write(
      "rules/q.yml",
      "AnalysisType: scheduled_rule\nRuleID: Q\nFilename: q.py\nSeverity: Low\nScheduledQueries: [x]\n");
  folder.write("rules/q.py", "def title(event): return event['name']");
  pack = load_pack(folder.path());
  code = std::make_unique<PackCode>(pack);
  modules = std::make_unique<Modules>(*code);
  Rule scheduled{*modules, 0};
  EXPECT_EQ(scheduled.run(event().get()).alert.value().title, "GetSecretValue");
}

TEST_F(RuleTest, RunsWhatWasPutIntoItsModule) {
  Rule& made = rule_of("def look_up(): return 'real'\ndef title(event): return look_up()");
  const Object mock = attribute(
      module_of("def mock(): return 'mocked'\ndef title(event): return 'other'", "m.py").get(), "mock");
  checked(PyObject_SetAttrString(made.module(), "look_up", mock.get()));
  made.look_again();
  EXPECT_EQ(made.run(event().get()).alert->title, "mocked");
}

TEST_F(RuleTest, EndsARuleThatNeverReturns) {
  Watchdog dog{std::chrono::milliseconds{64}};
  watchdog = &dog;
  for (const char* const loop :
       {"while True: pass", "import re\n  re.match('(a+)+$', 'a' * 64 + 'b')",
        "while True:\n    try:\n      while True: pass\n    except Exception: pass"}) {
    const RuleResult result = run("def rule(event):\n  " + std::string{loop} + "\n  return True");
    EXPECT_EQ(result.verdict, Verdict::Kind::error);
    EXPECT_EQ(errors(result), "rule: RuleTimedOut: the rule ran longer than 64ms\n") << loop;
  }
  const RuleResult later = run("def rule(event): return True\ndef alert_context(event):\n  while True: pass");
  EXPECT_EQ(later.verdict, Verdict::Kind::match);
  EXPECT_TRUE(later.alert->context.is_error());
  EXPECT_EQ(rule_of("while True: pass").load_error()->type, "RuleTimedOut");
  EXPECT_EQ(run("def rule(event): return True").verdict, Verdict::Kind::match);
  rule.reset();
  modules.reset();
}

}  // namespace
}  // namespace rushhour::panther
