"""`rushhour run --series` and `rushhour check --series`: curves over time as lines of JSON.

    RUSHHOUR=build/dev/rushhour python3 tests/scenario/series_test.py

What the curves say is tested in timeline_test.cpp, how a line looks in ndjson_test.cpp. Needs Debian's
python3-jsonschema.
"""

import json
import os
import pathlib
import subprocess
import tempfile
import unittest

import jsonschema

SCENARIOS = pathlib.Path(__file__).parents[2] / "scenarios"
SCENARIO = {
    "seed": 7,
    "start": "2026-03-02T14:00:00Z",
    "duration": "1m",
    "traffic": {"events": 6000},
    "detections": [{"name": "reads", "strategy": "alert_context_only", "match": {"share": 0.5}}],
    "world": {"virustotal": {"key": {"premium": {"minute": 600}}}, "retry": {"sts": "legacy"}},
    "budgets": ["virustotal.throttled == 0"],
}


class Series(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        (self.folder / "hour.json").write_text(json.dumps(SCENARIO))

    def rushhour(self, *arguments):
        program = str(pathlib.Path(os.environ["RUSHHOUR"]).resolve())
        return subprocess.run([program, *arguments], cwd=self.folder, text=True, check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120)

    def test_goes_to_a_file_beside_the_text(self):
        done = self.rushhour("run", "hour.json", "--series", "hour.ndjson", "--json", "hour.report.json")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn("virustotal", done.stdout)
        header, *lines = map(json.loads, (self.folder / "hour.ndjson").read_text().splitlines())
        self.assertEqual(header["format"], "rushhour.series/1")
        self.assertEqual([line["t"] for line in lines], list(range(60)))
        report = json.loads((self.folder / "hour.report.json").read_text())["runs"][0]
        self.assertEqual(sum(line["events.arrived"] for line in lines), report["events"]["delivered"])
        self.assertEqual(sum(line["outcomes.degraded"] for line in lines),
                         report["detections"][0]["degraded"])

    def test_is_as_its_schema_says(self):
        done = self.rushhour("run", "hour.json", "--series", "-")
        queued = self.rushhour("run", str(SCENARIOS / "virustotal-hangs.json"), "--events", "2000", "--series", "-")
        cached = self.rushhour("run", str(SCENARIOS / "cached-verdicts.json"), "--events", "2000", "--series", "-")
        validator = jsonschema.Draft202012Validator(json.loads((SCENARIOS / "series.schema.json").read_text()))
        for line in [*done.stdout.splitlines(), *queued.stdout.splitlines()[:100], *cached.stdout.splitlines()[:100]]:
            validator.validate(json.loads(line))
        for wrong in ('{"t": 0}', '{"at": "2026-03-02T14:00:00Z", "t": 0, "sts.other": 1}',
                      '{"at": "2026-03-02T14:00:00Z", "t": 0, "sts.ok": 1.5}', '{"format": "rushhour.series/1"}'):
            self.assertFalse(validator.is_valid(json.loads(wrong)), wrong)

    def test_goes_to_standard_output_without_the_text(self):
        done = self.rushhour("run", "hour.json", "--series", "-")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual(len(list(map(json.loads, done.stdout.splitlines()))), 61)

    def test_leaves_the_report_as_it_is(self):
        plain = self.rushhour("run", "hour.json", "--json", "-")
        timed = self.rushhour("run", "hour.json", "--json", "-", "--series", "hour.ndjson")
        self.assertEqual(timed.stdout, plain.stdout)

    def test_is_written_by_check_too_whatever_the_budgets_say(self):
        done = self.rushhour("check", "hour.json", "--series", "hour.ndjson")
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertEqual(len((self.folder / "hour.ndjson").read_text().splitlines()), 61)

    def test_and_the_report_cannot_share_standard_output(self):
        done = self.rushhour("run", "hour.json", "--json", "-", "--series", "-")
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertIn("--series", done.stderr)


if __name__ == "__main__":
    unittest.main()
