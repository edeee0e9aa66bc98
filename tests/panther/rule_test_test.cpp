#include <rushhour/panther/rule_test.hpp>

#include <memory>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pack_folder.hpp"
#include "python_fixture.hpp"

namespace rushhour::panther {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

/// A test of a rule, in YAML.
std::string yaml_test(const std::string& expected, const std::string& more = {}) {
  return "  - Name: a test\n    ExpectedResult: " + expected +
         "\n    Log: {p_log_type: AWS.CloudTrail, eventName: GetSecretValue, sourceIPAddress: "
         "198.51.100.7}\n" +
         more;
}

const std::string guide_helper = R"(
import boto3
def key():
  credentials = boto3.client("sts").assume_role(
    RoleArn="arn:aws:iam::444455556666:role/panther-secrets-access", RoleSessionName="AssumeRoleSession1")["Credentials"]
  secrets = boto3.client("secretsmanager", region_name="us-east-1", aws_access_key_id=credentials["AccessKeyId"],
    aws_secret_access_key=credentials["SecretAccessKey"], aws_session_token=credentials["SessionToken"])
  return secrets.get_secret_value(SecretId="panther-secrets/virus-total")["SecretString"]
)";

class RuleTesterTest : public testing::Test {
 protected:
  /// Runs the only test of a rule.
  [[nodiscard]] TestVerdict run(const std::string& python, const std::string& tests,
                                const std::string& yaml = {}) {
    folder.write_rule("Our.Rule", python, yaml + "Tests:\n" + tests);
    pack = load_pack(folder.path());
    tester.reset();
    tester = std::make_unique<RuleTester>(thread, pack, options);
    return tester->run(0, 0);
  }
  [[nodiscard]] static std::string calls(const TestVerdict& verdict) {
    std::string out;
    for (const TestCalls& each : verdict.calls) {
      out += each.operation + " " + std::to_string(each.attempts) + "/" + std::to_string(each.ok) + "\n";
    }
    return out;
  }
  [[nodiscard]] static std::string output(const TestVerdict& verdict, RuleFunction function) {
    for (const FunctionOutput& each : verdict.result.outputs) {
      if (each.function == function) return each.json;
    }
    return "nothing";
  }

  PackFolder folder;
  RulePack pack;
  RuleTesterOptions options;
  PythonThread thread{test_host()};
  std::unique_ptr<RuleTester> tester;
};

TEST_F(RuleTesterTest, PassesWhatIsAsExpected) {
  const std::string rule = "def rule(event): return event.get('eventName') == 'GetSecretValue'";
  EXPECT_TRUE(run(rule, yaml_test("true")).passed);
  const TestVerdict wrong = run(rule, yaml_test("false"));
  EXPECT_FALSE(wrong.passed);
  EXPECT_THAT(wrong.failures, ElementsAre("rule() says True, and the test expects False"));
  EXPECT_THAT(run("def rule(event): return False", yaml_test("true")).failures,
              ElementsAre("rule() says False, and the test expects True"));
}

TEST_F(RuleTesterTest, MindsFailuresOfOtherFunctionsOnlyWhereAMatchIsExpected) {
  const std::string fails = "def title(event): return event['nobody']\n";
  EXPECT_THAT(
      run("def rule(event): return True\n" + fails, yaml_test("true")).failures,
      ElementsAre(AllOf(StartsWith("title(): KeyError: 'nobody' ("), HasSubstr("/rules/Our.Rule.py:2)"))));
  EXPECT_TRUE(run("def rule(event): return False\n" + fails, yaml_test("false")).passed);
  EXPECT_TRUE(
      run("def rule(event): return True\n" + fails, yaml_test("true"), "CreateAlert: false\n").passed);
  EXPECT_FALSE(run("def rule(event): return True\ndef alert_context(event): return None", yaml_test("true"),
                   "CreateAlert: false\n")
                   .passed);
  EXPECT_FALSE(run("def rule(event): return 1 / 0", yaml_test("false")).passed);
}

TEST_F(RuleTesterTest, PutsMocksIntoTheRulesModuleOnly) {
  folder.write_helper("helper", "def low(): return 'real'\ndef high(): return low()");
  const std::string rule =
      "import json\nfrom helper import high, low\nimport helper\n"
      "def rule(event): return True\n"
      "def title(event): return f'{high()} {low()} {helper.low()}'\n"
      "def alert_context(event):\n  kept = low()\n  return json.loads(kept) if isinstance(kept, str) else "
      "kept\n";
  const auto mocked = [&](const std::string& value) {
    return run(
        rule, yaml_test("true", "    Mocks:\n      - objectName: low\n        returnValue: " + value + "\n"));
  };
  const TestVerdict text = mocked("'{\"a\": 1}'");
  EXPECT_EQ(output(text, RuleFunction::title), R"("real {\"a\": 1} real")");
  EXPECT_EQ(output(text, RuleFunction::alert_context), R"({"a": 1})");
  EXPECT_EQ(output(mocked("{a: [1, 2.5, off, null]}"), RuleFunction::alert_context),
            R"({"a": [1, 2.5, "off", null]})");
  const TestVerdict none =
      run(rule, yaml_test("true", "    Mocks:\n      - objectName: nobody\n        returnValue: 1\n"));
  EXPECT_THAT(none.failures,
              ElementsAre("line 12 mocks nobody, and the rule's module has nothing of that name"));
}

TEST_F(RuleTesterTest, CountsTheCallsThatNoMockTakes) {
  folder.write_helper("guide", guide_helper);
  const TestVerdict verdict =
      run("import requests\nfrom guide import key\n"
          "def rule(event): return True\n"
          "def alert_context(event):\n"
          "  url = f\"https://www.virustotal.com/api/v3/ip_addresses/{event.get('sourceIPAddress')}\"\n"
          "  return requests.get(url, headers={'x-apikey': key()}).json()['data']['attributes']\n",
          yaml_test("true"));
  EXPECT_TRUE(verdict.passed) << testing::PrintToString(verdict.failures);
  EXPECT_EQ(calls(verdict),
            "secretsmanager:GetSecretValue 1/1\nsts:AssumeRole 1/1\nvirustotal:ip_addresses 1/1\n");
}

TEST_F(RuleTesterTest, CallsAsTheUnitTestsRole) {
  const TestVerdict verdict =
      run("import boto3\ndef rule(event): return True\n"
          "def title(event): return boto3.client('sts').get_caller_identity()['Arn']\n",
          yaml_test("true"));
  EXPECT_THAT(output(verdict, RuleFunction::title), HasSubstr(":assumed-role/unit-tests/panther-unit-tests"));
}

TEST_F(RuleTesterTest, GivesEachTestAContainerOfItsOwn) {
  folder.write_helper("memory", "seen = []");
  static_cast<void>(
      run("import memory\ndef rule(event):\n  memory.seen.append(1)\n  return len(memory.seen) == 1",
          yaml_test("true") + yaml_test("true")));
  EXPECT_TRUE(tester->run(0, 0).passed);
  EXPECT_TRUE(tester->run(0, 1).passed);
  EXPECT_TRUE(tester->run(0, 0).passed);
}

TEST_F(RuleTesterTest, AsksTheDataModelOfTheLogType) {
  folder.write(
      "data_models/d.yml",
      "AnalysisType: datamodel\nDataModelID: d\nEnabled: true\nLogTypes: [AWS.CloudTrail]\nFilename: d.py\n"
      "Mappings:\n  - {Name: source_ip, Path: sourceIPAddress}\n  - {Name: what, Method: what}\n"
      "  - {Name: gone, Method: gone}\n");
  folder.write("data_models/d.py",
               "import helper\ndef what(event): return helper.shout(event.get('eventName'))");
  folder.write_helper("helper", "def shout(text): return text.upper()");
  const std::string rule =
      "def rule(event): return True\n"
      "def title(event): return f\"{event.udm('source_ip')} {event.udm('what')} {event.udm('nobody', "
      "default='-')}\"\n";
  EXPECT_EQ(output(run(rule, yaml_test("true")), RuleFunction::title), R"("198.51.100.7 GETSECRETVALUE -")");
  EXPECT_THAT(run(rule + "def dedup(event): return event.udm('gone')", yaml_test("true")).failures,
              ElementsAre(HasSubstr("AttributeError: the data model d has no function gone in ")));
}

TEST_F(RuleTesterTest, RunsAtTheInstantThatItIsGiven) {
  options.now = std::chrono::sys_days{std::chrono::year{2026} / 3 / 2} + std::chrono::hours{14};
  const TestVerdict verdict =
      run("import time\nfrom datetime import datetime\ndef rule(event):\n  time.sleep(5)\n  return True\n"
          "def title(event): return f'{datetime.utcnow()} {time.time():.0f}'",
          yaml_test("true"));
  EXPECT_EQ(output(verdict, RuleFunction::title), R"("2026-03-02 14:00:05 1772460005")");
}

TEST_F(RuleTesterTest, CutsWhatTakesTooLongInVirtualTime) {
  const TestVerdict verdict =
      run("import time\ndef rule(event):\n  time.sleep(16)\n  return True", yaml_test("true"));
  EXPECT_THAT(verdict.failures, ElementsAre(HasSubstr("rule(): RuleTimedOut: the rule ran longer than 15s")));
  EXPECT_TRUE(
      run("import time\ndef rule(event):\n  time.sleep(14)\n  return True", yaml_test("true")).passed);
}

TEST_F(RuleTesterTest, CutsWhatTakesTooLongInRealTime) {
  options.runtime_max = std::chrono::milliseconds{64};
  EXPECT_THAT(run("def rule(event):\n  while True: pass", yaml_test("true")).failures,
              ElementsAre(HasSubstr("RuleTimedOut")));
  tester.reset();
}

TEST_F(RuleTesterTest, KeepsWhatIsPrinted) {
  EXPECT_EQ(run("def rule(event):\n  print('é', 1)\n  return True", yaml_test("true")).printed, "é 1\n");
}

TEST_F(RuleTesterTest, KeepsRulesFromTheNetwork) {
  EXPECT_THAT(run("import socket\ndef rule(event):\n  socket.create_connection(('192.0.2.1', 443))",
                  yaml_test("true"))
                  .failures,
              ElementsAre(HasSubstr("is refused")));
  EXPECT_THAT(
      run("import requests\ndef rule(event):\n  requests.get('https://example.com')", yaml_test("true"))
          .failures,
      ElementsAre(HasSubstr("example.com")));
}

TEST_F(RuleTesterTest, TellsOfARuleThatDoesNotLoadAndGoesOn) {
  folder.write_rule("Some.Rule", "def rule(event): return True", "Tests:\n" + yaml_test("true"));
  const TestVerdict missing = run("import not_there\ndef rule(event): return True", yaml_test("true"));
  EXPECT_THAT(missing.failures, ElementsAre(HasSubstr("ModuleNotFoundError: No module named 'not_there' (")));
  ASSERT_EQ(pack.rules.at(1).id, "Some.Rule");
  EXPECT_EQ(tester->load_error(0)->type, "ModuleNotFoundError");
  EXPECT_FALSE(tester->load_error(1));
  EXPECT_TRUE(tester->run(1, 0).passed);
}

}  // namespace
}  // namespace rushhour::panther
