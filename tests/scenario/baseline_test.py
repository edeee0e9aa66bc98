"""`rushhour check --baseline` as CI calls it: accepted, identical, changed, incomparable, and never made.

    RUSHHOUR=build/dev/rushhour python3 tests/scenario/baseline_test.py

What a comparison finds is tested in baseline_test.cpp.
"""

import json
import os
import pathlib
import subprocess
import tempfile
import unittest

SCENARIO = {
    "seed": 7,
    "start": "2026-03-02T14:00:00Z",
    "duration": "3m",
    "traffic": {"events": 3000},
    "detections": [{"name": "reads", "strategy": "alert_context_only", "match": {"share": 0.02}}],
    "world": {},
    "budgets": ["detections.missed == 0"],
}


class Baseline(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.lock = self.folder / "baselines" / "hour.lock.json"
        self.write(SCENARIO)

    def write(self, scenario):
        (self.folder / "hour.json").write_text(json.dumps(scenario))

    def check(self, *arguments):
        program = str(pathlib.Path(os.environ["RUSHHOUR"]).resolve())
        return subprocess.run([program, "check", "hour.json", *arguments], cwd=self.folder, text=True, check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)

    def test_that_was_never_made_is_asked_for(self):
        done = self.check("--baseline")
        self.assertEqual(done.returncode, 2)
        self.assertIn("baselines/hour.lock.json: expected the baseline of hour.json, saw no file", done.stderr)
        self.assertIn("rushhour check hour.json --accept", done.stderr)

    def test_that_was_accepted_is_identical(self):
        self.assertEqual(self.check("--accept").returncode, 0)
        written = self.lock.read_text()
        self.assertEqual(list(json.loads(written)),
                         ["format", "scenario", "scenario_digest", "seed", "events", "digest", "numbers", "trail", "callers",
                          "signs"])
        done = self.check("--baseline")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn("baseline baselines/hour.lock.json: identical\n", done.stdout)
        self.check("--accept")
        self.assertEqual(self.lock.read_text(), written, "accepting what is so already changes no byte")

    def test_that_differs_names_the_number(self):
        self.check("--accept")
        lock = json.loads(self.lock.read_text())
        lock["numbers"]["sts.calls.total"] = "30"
        self.lock.write_text(json.dumps(lock))
        done = self.check("--baseline")
        self.assertEqual((done.returncode, done.stderr), (3, ""))
        self.assertIn("baseline baselines/hour.lock.json: changed, 1 number\n", done.stdout)
        self.assertIn("  sts.calls.total  30 -> 60\n", done.stdout)

    def test_with_another_seed_is_a_change(self):
        self.check("--accept")
        done = self.check("--baseline", "--seed", "8")
        self.assertEqual(done.returncode, 3)
        self.assertRegex(done.stdout, r"  seed +7 -> 8\n")

    def test_of_another_scenario_is_incomparable(self):
        self.check("--accept")
        self.write({**SCENARIO, "duration": "4m"})
        done = self.check("--baseline")
        self.assertEqual(done.returncode, 2)
        self.assertIn("incomparable", done.stdout)

    def test_a_broken_budget_comes_before_a_change(self):
        self.write({**SCENARIO, "budgets": ["detections.matches == 0"]})
        self.check("--accept")
        self.assertEqual(self.check("--baseline").returncode, 1)
        self.assertEqual(self.check("--baseline", "--seed", "8").returncode, 1)

    def test_can_be_kept_elsewhere(self):
        self.assertEqual(self.check("--accept", "--baselines", "ci/locks").returncode, 0)
        self.assertTrue((self.folder / "ci" / "locks" / "hour.lock.json").exists())
        self.assertEqual(self.check("--baseline", "--baselines", "ci/locks").returncode, 0)

    def test_does_not_mix_with_a_report_on_standard_output(self):
        self.check("--accept")
        done = self.check("--baseline", "--json", "-")
        json.loads(done.stdout)
        self.assertIn("identical", done.stderr)

    def test_that_is_none_is_refused(self):
        self.lock.parent.mkdir()
        self.lock.write_text("{}")
        done = self.check("--baseline")
        self.assertEqual(done.returncode, 2)
        self.assertIn("baselines/hour.lock.json", done.stderr)


if __name__ == "__main__":
    unittest.main()
