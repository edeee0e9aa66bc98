"""A folder in panther-analysis' layout that is not ours: it must load without edits, and nearly all its tests pass.

    RUSHHOUR=build/dev/rushhour RUSHHOUR_PANTHER_ANALYSIS=~/panther-analysis python3 tests/panther/panther_analysis_test.py

Panther's public rules have a licence of their own, so they are not in this repository.
"""

import json
import os
import pathlib
import subprocess
import unittest

FOLDER = os.environ.get("RUSHHOUR_PANTHER_ANALYSIS", "")


class PantherAnalysis(unittest.TestCase):
    @unittest.skipUnless(FOLDER and pathlib.Path(FOLDER).is_dir(),
                         "RUSHHOUR_PANTHER_ANALYSIS names no folder in panther-analysis' layout")
    def test_loads_without_edits(self):
        program = str(pathlib.Path(os.environ["RUSHHOUR"]).resolve())
        done = subprocess.run([program, "panther", "test", FOLDER, "--json", "-"], text=True, check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=570)
        self.assertEqual(done.stderr, "")
        report = json.loads(done.stdout)
        self.assertEqual(report["invalid"], [])
        self.assertGreater(len(report["rules"]), 0)
        unloaded = [rule["id"] for rule in report["rules"] for test in rule["tests"]
                    if any(error["type"] == "SyntaxError" for error in test["errors"])]
        self.assertEqual(unloaded, [])
        # Some need libraries of Panther's runtime that this machine may lack.
        self.assertLess(report["failed"], 0.05 * (report["passed"] + report["failed"]),
                        [(rule["id"], test["failures"]) for rule in report["rules"] for test in rule["tests"]
                         if not test["passed"]][:20])


if __name__ == "__main__":
    unittest.main()
