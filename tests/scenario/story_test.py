"""The story for which a team puts `rushhour check` into its CI: a baseline, a rule that calls once more, a red check that
says who, where and since when, the cure, and green again.

    RUSHHOUR=build/dev/rushhour python3 tests/scenario/story_test.py
"""

import html
import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
RULE = "rules/virustotal_in_alert_context.py"
LOOK_UP = "    response = requests.get(url, headers=headers).json()\n"
SCENARIO = {
    "seed": 7,
    "start": "2026-03-02T14:00:00Z",
    "duration": "10m",
    "traffic": {"events": 2000},
    "fleet": {"workers": 20},
    "detections": [
        {"name": "credentials-tried-out", "panther": {"pack": "pack", "rule": "Rushhour.VirusTotal.InAlertContext"}}],
    "world": {"virustotal": {"key": {"premium": {"minute": 1000}}}},
    "budgets": [{"expr": "virustotal.calls <= 1000", "why": "the contract of this month"}],
}


class Story(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        shutil.copytree(ROOT / "scenarios" / "panther", self.folder / "pack")
        (self.folder / "hour.json").write_text(json.dumps(SCENARIO, indent=2))
        self.rule = self.folder / "pack" / RULE

    def check(self, *options):
        program = str(pathlib.Path(os.environ["RUSHHOUR"]).resolve())
        return subprocess.run([program, "check", "hour.json", *options], cwd=self.folder, text=True, check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=240)

    def test_a_rule_that_calls_once_more_turns_ci_red_until_it_is_cured(self):
        accepted = self.check("--accept")
        self.assertEqual((accepted.returncode, accepted.stderr), (0, ""), accepted.stdout)
        self.assertEqual(self.check("--baseline").returncode, 0)

        good = self.rule.read_text()
        self.assertIn(LOOK_UP, good)
        self.rule.write_text(good.replace(LOOK_UP, "    requests.get(url, headers=headers)\n" + LOOK_UP))
        line = self.rule.read_text().splitlines().index("    requests.get(url, headers=headers)") + 1

        red = self.check("--baseline", "--json", "report.json", "--junit", "budgets.xml", "--sarif", "budgets.sarif",
                         "--summary", "summary.md", "--html", "report.html")
        self.assertEqual(red.returncode, 1, red.stdout + red.stderr)
        with self.subTest("the budget, the rule and the line"):
            self.assertIn("FAIL  hour: 1 of 1 budgets broken", red.stdout.splitlines()[0])
            self.assertRegex(re.sub(r"\s+", " ", red.stdout), r"behind it: .*credentials-tried-out in alert_context\(\)")
            self.assertIn(f"virustotal_in_alert_context.py:{line}", red.stdout)
        with self.subTest("since when"):
            # The first match calls STS, Secrets Manager and VirusTotal; what is new is the fourth call.
            self.assertRegex(red.stdout, r"the runs part at call 4 \(event \d+, 2026-03-02T14:00:00\.\d+Z\)")
            self.assertRegex(red.stdout, r"calls virustotal:ip_addresses: (\d+) ->\s")
        with self.subTest("JUnit"):
            self.assertIn("<failure", (self.folder / "budgets.xml").read_text())
        with self.subTest("SARIF"):
            sarif = json.loads((self.folder / "budgets.sarif").read_text())
            places = [each["physicalLocation"] for result in sarif["runs"][0]["results"]
                      for each in result["locations"]]
            self.assertIn(line, [place["region"]["startLine"] for place in places])
        with self.subTest("summary"):
            self.assertIn("virustotal.calls <= 1000", html.unescape((self.folder / "summary.md").read_text()))
        with self.subTest("page"):
            self.assertIn("virustotal.calls", (self.folder / "report.html").read_text())

        self.rule.write_text(good)
        green = self.check("--baseline")
        self.assertEqual(green.returncode, 0, green.stdout)
        self.assertIn("identical", green.stdout)


if __name__ == "__main__":
    unittest.main()
