"""Budgets as a team meets them on the command line: joined, in a range, as percentiles, and against the baseline.

    RUSHHOUR=build/dev/rushhour python3 tests/scenario/budgets_test.py

What an expression means is tested in expression_*_test.cpp, what is measured in metrics_*_test.cpp.
"""

import json
import os
import pathlib
import subprocess
import tempfile
import unittest


def scenario(*budgets, share=0.02):
    return {
        "seed": 7,
        "start": "2026-03-02T14:00:00Z",
        "duration": "3m",
        "traffic": {"events": 3000, "arrivals": "constant"},
        "detections": [{"name": "reads", "strategy": "call_in_rule", "match": {"share": share}}],
        "world": {},
        "budgets": list(budgets),
    }


class Budgets(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def rushhour(self, command, *arguments):
        program = str(pathlib.Path(os.environ["RUSHHOUR"]).resolve())
        return subprocess.run([program, command, "x.json", *arguments], cwd=self.folder, text=True, check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)

    def write(self, *budgets, **options):
        (self.folder / "x.json").write_text(json.dumps(scenario(*budgets, **options)))

    def judged(self, *budgets):
        self.write(*budgets)
        done = self.rushhour("run", "--json", "-")
        self.assertEqual(done.stderr, "")
        return json.loads(done.stdout)["runs"][0]["budgets"]

    def refused(self, budget):
        self.write(budget)
        done = self.rushhour("run")
        self.assertEqual(done.returncode, 2)
        return done.stderr

    def test_of_several_terms_says_which_broke(self):
        budget = "sts.throttled == 0 and (virustotal.throttled == 0 or detections.missed <= 1)"
        held, broken, missed = self.judged(budget)[0]["terms"]
        self.assertEqual((held["expr"], held["holds"]), ("sts.throttled == 0", True))
        self.assertEqual((broken["expr"], broken["holds"]), ("virustotal.throttled == 0", False))
        self.assertFalse(missed["holds"])
        text = self.rushhour("check").stdout
        self.assertIn("BROKEN  sts.throttled == 0 and (virustotal.throttled == 0 or", text)
        self.assertIn("fails: virustotal.throttled == 0: ", text)
        self.assertIn("behind it: reads in rule() by virustotal:ip_addresses at\n", text)

    def test_in_ranges_add_up_to_the_whole(self):
        numbers = [budget["measured"][0] for budget in self.judged(
            "sts.attempts >= 0", *(f"sts.attempts >= 0 in 14:0{i}..14:0{i + 1}" for i in range(3)),
            "sts.attempts >= 0 in +0..+3m")]
        self.assertEqual(numbers[0], 60)
        self.assertEqual(sum(numbers[1:4]), 60)
        self.assertEqual(numbers[4], 60)

    def test_know_the_distribution_over_windows(self):
        numbers = [budget["measured"][0] for budget in self.judged(
            *(f"sts.attempts.per_10s.{each} >= 0" for each in ("min", "p50", "p99.9", "max", "sum")),
            "sts.attempts.any_3m >= 0", "sts{function='rule'}.attempts.any_5m >= 0")]
        self.assertEqual(numbers[4:], [60, 60, 60])
        self.assertEqual(numbers[:4], sorted(numbers[:4]))
        self.assertEqual(numbers[2], numbers[3])

    def test_that_cannot_be_measured_are_refused_before_the_run(self):
        self.assertIn("no range: only calls of services are counted in one, saw \"14:00..14:01\"\n"
                      "    delay.p99 <= 5m in 14:00..14:01\n"
                      "                       ^^^^^^^^^^^^", self.refused("delay.p99 <= 5m in 14:00..14:01"))
        self.assertIn("a range that meets the run's arrivals, from 2026-03-02T14:00:00Z to 2026-03-02T14:03:00Z",
                      self.refused("sts.attempts <= 5 in 12:00..12:20"))
        self.assertIn("did you mean \"sts.attempts.per_minute.max\"", self.refused("sts.atempts.per_minute.p95 <= 5"))

    def test_against_the_baseline_ask_for_one_and_keep_to_it(self):
        budget = "sts{rule='reads'}.attempts.per_minute.p95 <= baseline + 5%"
        self.assertIn("expected a number: there is no baseline yet, saw \"baseline + 5%\"; make it with: "
                      "rushhour check x.json --accept", self.refused(budget))
        self.assertEqual(self.rushhour("check", "--accept").returncode, 0, "what is accepted is its own baseline")
        self.assertEqual(self.rushhour("check").returncode, 0)
        self.write(budget, share=0.04)
        broken = self.rushhour("check")
        self.assertEqual(broken.returncode, 1)
        self.assertRegex(broken.stdout, r"fails: \d+ is not <= \d+(\.\d+)? \(the baseline \d+ \+ 5%\)")
        self.assertEqual(self.rushhour("check", "--accept").returncode, 0)
        self.assertEqual(self.rushhour("check").returncode, 0)
        self.write("sts.attempts.per_minute.first <= baseline", share=0.04)
        self.assertIn("a number that the baseline holds", self.rushhour("run").stderr)


if __name__ == "__main__":
    unittest.main()
