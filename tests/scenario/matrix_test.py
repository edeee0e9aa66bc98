"""`rushhour matrix`, `rushhour capacity` and `--set`: other values of a scenario, from the command line.

    RUSHHOUR=build/dev/rushhour python3 tests/scenario/matrix_test.py

How a setting changes a document is tested in setting_test.cpp.
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
    "duration": "1m",
    "traffic": {"events": 6000},
    "detections": [{"name": "reads", "strategy": "alert_context_only", "match": {"share": 0.5}}],
    "world": {"virustotal": {"key": {"premium": {"minute": 600}}}, "retry": {"sts": "legacy"}},
    "budgets": ["virustotal.throttled == 0"],
}


class OtherValues(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        (self.folder / "hour.json").write_text(json.dumps(SCENARIO))

    def rushhour(self, *arguments):
        program = str(pathlib.Path(os.environ["RUSHHOUR"]).resolve())
        return subprocess.run([program, *arguments], cwd=self.folder, text=True, check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120)


class Matrix(OtherValues):
    def test_has_a_row_for_each_combination(self):
        done = self.rushhour("matrix", "hour.json", "--vary", "detections.0.match.share=0.1,0.5",
                             "--vary", "fleet.workers=10,100", "--json", "all.json")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        lines = done.stdout.splitlines()
        self.assertEqual(lines[0], "hour.json by detections.0.match.share, fleet.workers")
        self.assertEqual([line.split("  ")[0] for line in lines[2:6]],
                         ["0.1, 10", "0.1, 100", "0.5, 10", "0.5, 100"])
        self.assertIn(" hold ", lines[2])
        self.assertIn(" 1 broken ", lines[4])
        self.assertIn("  0.5, 10: virustotal.throttled == 0 fails: 2400 is not == 0", lines)
        report = json.loads((self.folder / "all.json").read_text())
        self.assertEqual(report["runs"][0]["settings"], ["detections.0.match.share=0.1", "fleet.workers=10"])
        self.assertEqual([run["detections"][0]["matches"] for run in report["runs"]], [600, 600, 3000, 3000])

    def test_shows_the_runs_side_by_side_in_a_page(self):
        done = self.rushhour("matrix", "hour.json", "--vary", "fleet.workers=10,100", "--html", "all.html")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        page = (self.folder / "all.html").read_text()
        for value in (10, 100):
            self.assertIn(f"fleet.workers={value}", page)

    def test_refuses_what_the_scenario_does_not_know(self):
        done = self.rushhour("matrix", "hour.json", "--vary", "world.retry.sts=legacy,lagacy")
        self.assertEqual(done.returncode, 2)
        self.assertIn("lagacy", done.stderr)
        self.assertEqual(done.stdout, "", "no run before all values are known to be good")

    def test_set_changes_a_run_and_the_command_that_repeats_it(self):
        done = self.rushhour("check", "hour.json", "--set", "detections.0.match.share=0.1")
        self.assertEqual(done.returncode, 0, done.stdout)
        done = self.rushhour("run", "hour.json", "--set", "detections.0.match.share=0.2")
        self.assertIn("--set detections.0.match.share=0.2", done.stdout)


class Capacity(OtherValues):
    def test_finds_the_greatest_value_at_which_all_budgets_hold(self):
        done = self.rushhour("capacity", "hour.json", "--from", "100")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        # Half of the events ask VirusTotal, which allows 600 a minute.
        found = int(done.stdout.split("capacity: ")[1].split(";")[0].replace(",", ""))
        self.assertLessEqual(found, 1200)
        self.assertGreater(found, 1180)
        self.assertIn("the first to break is\n  virustotal.throttled == 0 fails: ", done.stdout)

    def test_says_when_there_is_none(self):
        done = self.rushhour("capacity", "hour.json", "--from", "5000")
        self.assertEqual(done.returncode, 1)
        self.assertIn("no capacity: with 5,000 already virustotal.throttled == 0 fails", done.stdout)

    def test_says_when_all_hold(self):
        done = self.rushhour("capacity", "hour.json", "--to", "500")
        self.assertEqual(done.returncode, 0)
        self.assertIn("capacity: at least 500;", done.stdout)


if __name__ == "__main__":
    unittest.main()
