#!/usr/bin/python3
"""`rushhour panther run`: what each rule of a pack did, and scenarios whose detections are rules in Python.

    RUSHHOUR=build/dev/rushhour python3 tests/panther/run_test.py
"""

import json
import os
import pathlib
import subprocess
import tempfile
import textwrap
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCENARIOS = ROOT / "scenarios"
PACK = SCENARIOS / "panther"


def rushhour(*arguments, cwd=None):
    program = str(pathlib.Path(os.environ["RUSHHOUR"]).resolve())
    return subprocess.run([program, *map(str, arguments)], text=True, check=False, cwd=cwd,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=280)


def record(second, name="GetSecretValue", **more):
    return {"eventName": name, "eventSource": "secretsmanager.amazonaws.com", "sourceIPAddress": "198.51.100.7",
            "eventTime": f"2026-03-02T14:{second // 60:02}:{second % 60:02}Z",
            "userIdentity": {"arn": "arn:aws:iam::444455556666:user/ana"}, **more}


class Folder(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def rule(self, name, python, **yaml):
        keys = {"AnalysisType": "rule", "RuleID": name, "Filename": f"{name}.py", "Enabled": "true", "Severity": "Low",
                "LogTypes": "[AWS.CloudTrail]", **yaml}
        rules = self.folder / "pack" / "rules"
        rules.mkdir(parents=True, exist_ok=True)
        (rules / f"{name}.py").write_text(textwrap.dedent(python))
        (rules / f"{name}.yml").write_text("".join(f"{key}: {value}\n" for key, value in keys.items()))

    def events(self, records):
        path = self.folder / "events.ndjson"
        path.write_text("".join(json.dumps(each) + "\n" for each in records))
        return path

    def run_pack(self, *arguments, pack=None):
        done = rushhour("panther", "run", pack or self.folder / "pack", *arguments, "--json", "-")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        report = json.loads(done.stdout)
        self.assertEqual(report["format"], "rushhour.panther_run/1")
        return report, {rule["rule"]: rule for rule in report["rules"]}


class RecordedEvents(Folder):
    def test_counts_matches_alerts_and_errors_of_each_rule(self):
        self.rule("Test.Reads", """
            def rule(event):
                return event.get("eventName") == "GetSecretValue"
            """, Threshold=3)
        self.rule("Test.Fails", """
            def rule(event):
                return True

            def alert_context(event):
                return {"id": event["requestParameters"]["secretId"]}
            """)
        self.rule("Test.Off", "def rule(event):\n    return True\n", Enabled="false")
        self.rule("Test.Missing", "import no_such_module\n\ndef rule(event):\n    return True\n")
        events = self.events([record(0), record(1, "ListSecrets"), record(2), record(3, requestParameters={"secretId": "x"})])
        report, rules = self.run_pack("--events", events)
        self.assertEqual(report["events"], 4)
        self.assertEqual(sorted(rules), ["Test.Fails", "Test.Missing", "Test.Reads"])
        reads = rules["Test.Reads"]
        self.assertEqual((reads["events"], reads["matches"], reads["alerts"], reads["windows"]), (4, 3, 1, 1))
        fails = rules["Test.Fails"]
        self.assertEqual((fails["matches"], fails["alerts"], fails["context_errors"]), (4, 1, 3))
        self.assertEqual(fails["errors"]["by_function"], {"alert_context": 3})
        (row,) = fails["errors"]["rows"]
        self.assertEqual((row["type"], row["line"], row["count"], row["first_event"]), ("KeyError", 6, 3, 1))
        self.assertTrue(row["file"].endswith("rules/Test.Fails.py"), row["file"])
        missing = rules["Test.Missing"]
        self.assertEqual((missing["rule_errors"], missing["error_alerts"], missing["matches"]), (4, 1, 0))

    def test_projects_an_hour_and_judges_it(self):
        self.rule("Test.Fast", "def rule(event):\n    return False\n")
        self.rule("Test.Slow", "import time\n\ndef rule(event):\n    time.sleep(0.5)\n    return False\n")
        events = self.events([record(second) for second in range(120)])
        _, rules = self.run_pack("--events", events, "--per-hour", 3600)
        self.assertEqual(rules["Test.Fast"]["projected_hour"]["verdict"], "highly performant")
        self.assertEqual(rules["Test.Fast"]["waiting_nanoseconds"], 0)
        slow = rules["Test.Slow"]
        self.assertEqual(slow["waiting_nanoseconds"], 120 * 500_000_000)
        self.assertEqual(slow["projected_hour"]["events"], 3600)
        self.assertEqual(slow["projected_hour"]["waiting_nanoseconds"], 1800 * 10**9)
        self.assertEqual(slow["projected_hour"]["verdict"], "at risk of timing out")
        _, rules = self.run_pack("--events", events, "--per-hour", 600, "--rule", "Test.Slow")
        self.assertEqual(list(rules), ["Test.Slow"])
        self.assertEqual(rules["Test.Slow"]["projected_hour"]["verdict"], "less performant")

    def test_sees_the_time_that_was_recorded(self):
        self.rule("Test.Time", """
            import datetime

            def rule(event):
                now = datetime.datetime.utcnow()
                return now.strftime("%Y-%m-%dT%H:%M:%SZ") == event.get("eventTime")
            """)
        _, rules = self.run_pack("--events", self.events([record(second) for second in (5, 65, 600)]))
        self.assertEqual(rules["Test.Time"]["matches"], 3)

    def test_tells_broken_files_and_goes_on(self):
        self.rule("Test.Good", "def rule(event):\n    return True\n")
        (self.folder / "pack/rules/broken.yml").write_text("AnalysisType: rule\nAnalysisType: rule\n")
        report, rules = self.run_pack("--events", self.events([record(0)]))
        self.assertEqual(rules["Test.Good"]["matches"], 1)
        (broken,) = report["broken"]
        self.assertIn("broken.yml", broken["file"])

    def test_says_it_in_words(self):
        self.rule("Test.Reads", """
            def rule(event):
                return 1 / 0
            """)
        done = rushhour("panther", "run", self.folder / "pack", "--events", self.events([record(0)]))
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn("1 rules of", done.stdout)
        self.assertRegex(done.stdout, r"rule\(\) failed 1 times: ZeroDivisionError: division by zero "
                                      r"\(.*/rules/Test.Reads.py:3\), first for event 1")

    def test_refuses_what_it_cannot_run(self):
        self.rule("Test.Off", "def rule(event):\n    return True\n", Enabled="false")
        events = self.events([record(0)])
        for arguments, message in (
                (["--events", events], "expected an enabled rule"),
                (["--events", events, "--rule", "Test.On"], 'expected a rule of this pack, saw "Test.On"'),
                ([], "expected either --events or --scenario, saw neither")):
            done = rushhour("panther", "run", self.folder / "pack", *arguments)
            self.assertEqual((done.returncode, done.stdout), (2, ""))
            self.assertIn(message, done.stderr)


class ShippedPack(Folder):
    def small(self, name, events=4000):
        """The scenario with fewer events, among the others so that its pack is found."""
        text = (SCENARIOS / f"{name}.json").read_text().replace('"events": 1000000', f'"events": {events}')
        text = text.replace('"pack": "panther"', f'"pack": "{PACK}"')
        path = self.folder / f"{name}.json"
        path.write_text(text)
        return path

    def test_a_rule_in_python_calls_as_its_native_twin_does(self):
        for seed in (7, 8, 9):
            operations = []
            for name in ("panther-enrichment", "panther-enrichment-native"):
                done = rushhour("run", self.small(name), "--seed", seed, "--json", "-")
                self.assertEqual((done.returncode, done.stderr), (0, ""))
                operations.append(json.loads(done.stdout)["runs"][0]["operations"])
            self.assertEqual(*operations)
            self.assertTrue(operations[0])

    def test_check_finds_two_runs_the_same(self):
        done = rushhour("check", self.small("panther-enrichment", 1000))
        self.assertIn(done.returncode, (0, 1), done.stderr)
        self.assertNotIn("differ", done.stderr)

    def test_runs_over_a_scenarios_hour(self):
        report, rules = self.run_pack("--scenario", self.small("panther-enrichment"), pack=PACK)
        again, _ = self.run_pack("--scenario", self.small("panther-enrichment"), pack=PACK)
        self.assertEqual(report["digest"], again["digest"])
        calls = {call["operation"]: call for call in rules["Rushhour.VirusTotal.InAlertContext"]["calls"]}
        self.assertEqual(set(calls), {"AssumeRole", "GetSecretValue", "ip_addresses"})
        matches = rules["Rushhour.VirusTotal.InAlertContext"]["matches"]
        self.assertEqual(calls["AssumeRole"]["outcomes"], {"ok": matches})
        self.assertEqual(rules["Rushhour.VirusTotal.InAlertContext"]["clients_made"], 3 * matches)
        self.assertGreater(rules["Rushhour.VirusTotal.InRule"]["rule_errors"], 0)
        self.assertGreater(report["tier_proof"]["events"], 0)
        self.assertEqual(report["tier_proof"]["differences"], [])

    def test_names_what_the_pack_does_not_have(self):
        path = self.small("panther-enrichment")
        path.write_text(path.read_text().replace("InAlertContext", "InAlertContxt"))
        done = rushhour("run", path)
        self.assertEqual(done.returncode, 2)
        self.assertIn('saw "Rushhour.VirusTotal.InAlertContxt"; did you mean "Rushhour.VirusTotal.InAlertContext"?',
                      done.stderr)


if __name__ == "__main__":
    unittest.main()
