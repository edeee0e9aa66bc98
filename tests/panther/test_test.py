"""`rushhour panther test` as people and CI call it: verdicts, exit codes, JSON, JUnit, a pack in every layout.

    RUSHHOUR=build/dev/rushhour python3 tests/panther/test_test.py

How one test is judged is tested in rule_test_test.cpp.
"""

import json
import os
import pathlib
import subprocess
import tempfile
import unittest
import xml.etree.ElementTree

ROOT = pathlib.Path(__file__).resolve().parents[2]
PACK = ROOT / "scenarios" / "panther"

RULE = """AnalysisType: rule
RuleID: {id}
Filename: {file}.py
Enabled: true
LogTypes:
  - AWS.CloudTrail
Severity: {severity}
Tests:
"""
TEST = """  - Name: {name}
    ExpectedResult: {expected}
    Log: {{p_log_type: AWS.CloudTrail, eventName: GetSecretValue, sourceIPAddress: 198.51.100.7}}
"""
GUIDE = """
import boto3
import requests
from panther_base_helpers import deep_get


def key():
    sts = boto3.client("sts")
    role = sts.assume_role(
        RoleArn="arn:aws:iam::444455556666:role/panther-secrets-access", RoleSessionName="AssumeRoleSession1"
    )["Credentials"]
    secrets = boto3.client(
        "secretsmanager",
        region_name="us-east-1",
        aws_access_key_id=role["AccessKeyId"],
        aws_secret_access_key=role["SecretAccessKey"],
        aws_session_token=role["SessionToken"],
    )
    return secrets.get_secret_value(SecretId="panther-secrets/virus-total")["SecretString"]


def rule(event):
    return True


def alert_context(event):
    url = f"https://www.virustotal.com/api/v3/ip_addresses/{event.udm('source_ip')}"
    return deep_get(requests.get(url, headers={"x-apikey": key()}).json(), "data", "attributes")
"""


class PantherTest(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def write(self, path, text):
        path = self.folder / path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def write_rule(self, path, code, tests=(("a test", "true"),), severity="Medium", identifier=None):
        name = pathlib.PurePath(path).name
        text = RULE.format(id=identifier or name, file=name, severity=severity)
        self.write(path + ".yml", text + "".join(TEST.format(name=n, expected=e) for n, e in tests))
        self.write(path + ".py", code)

    def run_tests(self, folder, *options):
        program = str(pathlib.Path(os.environ["RUSHHOUR"]).resolve())
        return subprocess.run([program, "panther", "test", str(folder), "--now", "2026-03-02T14:00:00Z", *options],
                              cwd=self.folder, text=True, check=False, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              timeout=100)

    def report(self, *options):
        done = self.run_tests(".", "--json", "-", *options)
        self.assertEqual(done.stderr, "")
        return json.loads(done.stdout)

    def test_passes_our_own_pack(self):
        done = self.run_tests(PACK, "--minimum-tests", "2")
        self.assertEqual((done.returncode, done.stderr), (0, ""), done.stdout)
        self.assertIn("""
Rushhour.VirusTotal.InAlertContext
  [PASS] A role is assumed
    [PASS] [rule] true
    [PASS] [title] "AssumeRole from 198.51.100.7"
    [PASS] [dedup] "198.51.100.7"
    [PASS] [alert_context] {""", done.stdout)
        self.assertIn("    calls: secretsmanager:GetSecretValue 1, sts:AssumeRole 1, virustotal:ip_addresses 1\n", done.stdout)
        self.assertIn("  Failed:    0\n", done.stdout)
        again = self.run_tests(PACK, "--minimum-tests", "2")
        self.assertEqual(again.stdout, done.stdout)

    def test_tells_what_fails(self):
        self.write_rule("rules/our_rule", "def rule(event): return True\ndef title(event): return event['nobody']",
                        [("matches", "true"), ("does not", "false")])
        done = self.run_tests(".")
        self.assertEqual((done.returncode, done.stderr), (1, ""))
        self.assertEqual(done.stdout, """\
our_rule
  [FAIL] matches
    [PASS] [rule] true
    [FAIL] [title] KeyError: 'nobody'
    [PASS] [dedup] "our_rule"
    why: title(): KeyError: 'nobody' (rules/our_rule.py:2)
    calls: none
  [FAIL] does not
    [PASS] [rule] true
    [FAIL] [title] KeyError: 'nobody'
    [PASS] [dedup] "our_rule"
    why: rule() says True, and the test expects False
    calls: none

--------------------------
  Path:      .
  Rules:     1
  Passed:    0
  Failed:    2
  Invalid:   0
  Skipped:   0
failed: our_rule (rules/our_rule.yml)
  "matches": title(): KeyError: 'nobody' (rules/our_rule.py:2)
  "does not": rule() says True, and the test expects False
""")

    def test_counts_calls_and_limits_them(self):
        for name in ("custom_boto3_helpers", "panther_base_helpers"):
            for kind in (".py", ".yml"):
                self.write(f"global_helpers/{name}{kind}", (PACK / "global_helpers" / (name + kind)).read_text())
        for kind in (".py", ".yml"):
            name = f"data_models/aws_cloudtrail_data_model{kind}"
            self.write(name, (PACK / name).read_text())
        self.write_rule("rules/guide", GUIDE)
        calls = [{"operation": name, "attempts": 1, "ok": 1, "throttled": 0, "errors": 0}
                 for name in ("secretsmanager:GetSecretValue", "sts:AssumeRole", "virustotal:ip_addresses")]
        self.assertEqual(self.report()["rules"][0]["tests"][0]["calls"], calls)
        self.assertEqual(self.run_tests(".", "--max-calls", "virustotal=1", "--max-calls", "sts.AssumeRole=1").returncode, 0)
        done = self.run_tests(".", "--max-calls", "virustotal=0")
        self.assertEqual(done.returncode, 1)
        self.assertIn("    why: --max-calls virustotal=0: 1 call\n", done.stdout)

    def test_writes_what_each_function_returned(self):
        self.write_rule("rules/our_rule", "def rule(event):\n  print('seen')\n  return event.get('eventname') == 'GetSecretValue'\n"
                                          "def title(event): return 'é'\n"
                                          "def severity(event): return 'low'\n"
                                          "def destinations(event): return []\n"
                                          "def alert_context(event): return {'log': event.to_dict(), 'n': None}\n"
                                          "def unique(event): return event['sourceIPAddress']\n"
                                          "def dedup(event): return 1 / 0\n")
        report = self.report()
        self.assertEqual((report["format"], report["passed"], report["failed"]), ("rushhour.panther-test/1", 0, 1))
        test = report["rules"][0]["tests"][0]
        log = {"p_log_type": "AWS.CloudTrail", "eventName": "GetSecretValue", "sourceIPAddress": "198.51.100.7"}
        self.assertEqual(test["functions"], {
            "rule": True, "title": "é", "severity": "LOW", "destinations": ["SKIP"],
            "dedup": "defaultDedupString:our_rule", "alert_context": {"log": log, "n": None}, "unique": "198.51.100.7"})
        self.assertEqual(test["printed"], "seen\n")
        error = test["errors"][0]
        self.assertEqual((error["function"], error["type"], error["line"]), ("dedup", "ZeroDivisionError", 9))
        self.assertIn("line 9, in dedup", error["traceback"])
        to_file = self.run_tests(".", "--json", "report.json")
        self.assertIn("our_rule\n  [FAIL] a test\n", to_file.stdout)
        self.assertEqual(json.loads((self.folder / "report.json").read_text()), report)

    def test_writes_junit(self):
        self.write_rule("rules/our_rule", "def rule(event): return True", [("a <test>", "true"), ("another", "false")])
        self.write("rules/broken.yml", "AnalysisType: rule\nRuleID: [\n")
        self.assertEqual(self.run_tests(".", "--junit", "tests.xml").returncode, 2)
        suites = xml.etree.ElementTree.parse(self.folder / "tests.xml").getroot()
        self.assertEqual(suites.attrib, {"name": "rushhour panther test", "tests": "3", "failures": "1", "errors": "1"})
        cases = [(case.get("classname"), case.get("name"), [child.tag for child in case]) for case in suites.iter("testcase")]
        self.assertEqual(cases, [("our_rule", "a <test>", []), ("our_rule", "another", ["failure"]),
                                 ("files", "rules/broken.yml", ["error"])])

    def test_chooses_rules_and_tests(self):
        self.write_rule("rules/one", "def rule(event): return True", [("a", "true"), ("b", "true")], severity="High")
        self.write_rule("rules/two", "def rule(event): return True", [("a", "true")], severity="Low")

        def names(*options):
            return [(rule["id"], [test["name"] for test in rule["tests"]]) for rule in self.report(*options)["rules"]]

        self.assertEqual(names("--filter", "Severity=high,critical"), [("one", ["a", "b"])])
        self.assertEqual(names("--filter", "RuleID!=one"), [("two", ["a"])])
        self.assertEqual(names("--filter", "LogTypes=AWS.CloudTrail", "--filter", "Severity=Low"), [("two", ["a"])])
        self.assertEqual(names("--test-names", "b"), [("one", ["b"]), ("two", [])])
        done = self.run_tests(".", "--filter", "Colour=red")
        self.assertEqual(done.returncode, 2)
        self.assertIn('expected --filter by RuleID, AnalysisType, Severity, Enabled, LogTypes or Tags, saw "Colour"', done.stderr)

    def test_asks_for_tests(self):
        self.write_rule("rules/one", "def rule(event): return True", [("a", "true"), ("b", "true")])
        self.assertEqual(self.run_tests(".", "--minimum-tests", "1").returncode, 0)
        done = self.run_tests(".", "--minimum-tests", "3")
        self.assertEqual(done.returncode, 1)
        self.assertIn("one\n  [FAIL] it has 2 tests, and --minimum-tests asks for 3\n"
                      "  [FAIL] --minimum-tests asks for a test that expects a match and for one that expects none\n",
                      done.stdout)

    def test_goes_on_where_one_rule_is_broken(self):
        self.write_rule("rules/good", "def rule(event): return True")
        self.write_rule("rules/missing", "import not_there\ndef rule(event): return True")
        self.write_rule("rules/silent", "import not_there\ndef rule(event): return True", [])
        self.write_rule("rules/wrong", "def rule(event:\n  return True")
        done = self.run_tests(".", "--show-failures-only")
        self.assertEqual(done.returncode, 1)
        self.assertNotIn("good\n", done.stdout)
        self.assertIn("ModuleNotFoundError: No module named 'not_there' (rules/missing.py:1)", done.stdout)
        self.assertIn("silent\n  [FAIL] it does not load: ModuleNotFoundError: No module named 'not_there'", done.stdout)
        self.assertIn("(rules/wrong.py:1)", done.stdout)
        self.assertIn("  Passed:    1\n", done.stdout)

    def test_tells_mistakes_of_yaml_at_their_place(self):
        self.write_rule("rules/good", "def rule(event): return True")
        self.write("rules/twice.yml", "AnalysisType: rule\nRuleID: a\nRuleID: b\n")
        done = self.run_tests(".")
        self.assertEqual(done.returncode, 2)
        self.assertIn('invalid: rules/twice.yml:3:1: expected each key once, saw "RuleID" again', done.stdout)
        self.assertIn("  Passed:    1\n", done.stdout)
        nowhere = self.run_tests("nowhere")
        self.assertEqual(nowhere.returncode, 2)
        self.assertIn("rushhour: nowhere: expected a folder of rules in Panther's format", nowhere.stderr)

    def test_loads_the_layout_of_panther_analysis(self):
        self.write_rule("rules/aws_cloudtrail_rules/aws_read", "from panther_base_helpers import deep_get, name\n"
                        "from panther_detection_helpers.caching import get_counter\n"
                        "def rule(event): return event.udm('source_ip') == '198.51.100.7'\n"
                        "def title(event): return name()\n", identifier="AWS.Read")
        self.write("global_helpers/panther_base_helpers.py", "from panther_config import config\n"
                   "def deep_get(d, *keys): return d\ndef name(): return config.NAME\n")
        self.write("global_helpers/panther_base_helpers.yml",
                   "AnalysisType: global\nFilename: panther_base_helpers.py\nGlobalID: panther_base_helpers\n"
                   "Description: Used to define global helpers and variables.\nTags:\n  - Core\n")
        self.write("global_helpers/panther_config.py", "class config:\n  NAME = 'ours'\n")
        self.write("global_helpers/panther_config.yml",
                   "AnalysisType: global\nFilename: panther_config.py\nGlobalID: panther_config\n")
        self.write("global_helpers/global_helpers_test.py", "raise RuntimeError('nobody imports this')")
        self.write("data_models/aws_cloudtrail_data_model.yml",
                   "AnalysisType: datamodel\nLogTypes:\n  - AWS.CloudTrail\nDataModelID: Standard.AWS.CloudTrail\n"
                   "DisplayName: AWS CloudTrail\nEnabled: true\nMappings:\n  - Name: source_ip\n    Path: sourceIPAddress\n")
        self.write("rules/standard_rules/row.yml",
                   "AnalysisType: scheduled_rule\nRuleID: Our.Row\nFilename: row.py\nEnabled: true\nSeverity: Low\n"
                   "ScheduledQueries:\n  - Our Query\nTests:\n  - Name: a row\n    ExpectedResult: true\n    Log: {n: 5}\n")
        self.write("rules/standard_rules/row.py", "def rule(_): return True\ndef title(row): return str(row.get('n'))\n")
        self.write("policies/p.yml", "AnalysisType: policy\nPolicyID: P\nFilename: p.py\n")
        self.write("lookup_tables/l.yml", "AnalysisType: lookup_table\nLookupName: L\n")
        self.write("queries/q.yml", "AnalysisType: scheduled_query\nQueryName: Q\n")
        self.write("queries/s.yml", "AnalysisType: saved_query\nQueryName: S\n")
        self.write("packs/k.yml", "AnalysisType: pack\nPackID: K\nPackDefinition: {IDs: [AWS.Read]}\n")
        self.write("correlation_rules/c.yml", "AnalysisType: correlation_rule\nRuleID: C\nDetection: []\n")
        self.write("templates/t.yml", "AnalysisType: rule\nRuleID: The.Id.Of.Your.Rule\n")
        self.write(".github/workflows/w.yml", "on: push\n")
        done = self.run_tests(".")
        self.assertEqual((done.returncode, done.stderr), (0, ""), done.stdout)
        self.assertIn('AWS.Read\n  [PASS] a test\n    [PASS] [rule] true\n    [PASS] [title] "ours"\n', done.stdout)
        self.assertIn('Our.Row\n  [PASS] a row\n    [PASS] [rule] true\n    [PASS] [title] "5"\n', done.stdout)
        self.assertIn("  Rules:     2\n  Passed:    2\n  Failed:    0\n  Invalid:   0\n  Skipped:   6\n", done.stdout)
        part = self.run_tests("rules/aws_cloudtrail_rules")
        self.assertEqual(part.returncode, 0, part.stdout)

    def test_keeps_rules_from_the_network(self):
        self.write_rule("rules/r", "import urllib.request\ndef rule(event):\n  urllib.request.urlopen('http://192.0.2.1/')\n")
        done = self.run_tests(".")
        self.assertEqual(done.returncode, 1)
        self.assertIn("is refused", done.stdout)


if __name__ == "__main__":
    unittest.main()
