"""`rushhour check --stability`: which of the things that nobody has published turns a verdict.

    RUSHHOUR=build/dev/rushhour python3 tests/scenario/stability_test.py

What the alternatives are is tested in stability_test.cpp.
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
    "duration": "10m",
    "traffic": {"events": 600},
    "detections": [{"name": "reads", "strategy": "alert_context_only", "match": {"share": 0.2}}],
    "world": {"retry": {"sts": "legacy", "secretsmanager": "legacy"}},
    "budgets": [],
}


class Stability(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def check(self, budgets, *arguments, **changes):
        (self.folder / "s.json").write_text(json.dumps({**SCENARIO, **changes, "budgets": budgets}))
        program = str(pathlib.Path(os.environ["RUSHHOUR"]).resolve())
        return subprocess.run([program, "check", "s.json", "--stability", *arguments], cwd=self.folder, text=True,
                              check=False, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=300)

    def section(self, done):
        return done.stdout[done.stdout.index("stability  s.json"):]

    def test_names_what_turns_a_red_verdict_and_keeps_the_exit_code(self):
        # In ten minutes 4 a minute are accepted, as long as refused calls do not use the quota up; then hardly any.
        done = self.check(["virustotal.accepted <= 30"], "--stability-json", "stability.json")
        self.assertEqual((done.returncode, done.stderr), (1, ""))
        text = self.section(done)
        self.assertRegex(" ".join(text.split()), r"s\.json is red as it is, and red under \d+ of \d+ alternatives")
        self.assertIn("world.virustotal.rejected_count=true", text)
        self.assertIn("limit.virustotal.public.per_1m.rejected_count is false, CHOICE", " ".join(text.split()))
        self.assertIn("no switch  fleet.workers.order (the last idle first)", text)
        self.assertTrue(all(len(line) <= 80 for line in text.splitlines()), text)
        found = json.loads((self.folder / "stability.json").read_text())
        self.assertEqual(found["format"], "rushhour.stability/1")
        only = found["scenarios"][0]
        self.assertEqual((only["holds"], only["stands"]), (False, False))
        turning = {flip["setting"] for flip in only["flips"] if flip.get("holds")}
        self.assertIn("world.virustotal.rejected_count=true", turning)
        self.assertIn(f"red under {only['alternatives'] - len(turning)} of {only['alternatives']} ", " ".join(text.split()))

    def test_names_what_turns_a_green_verdict(self):
        done = self.check(["virustotal.accepted >= 30"])
        self.assertEqual(done.returncode, 0)
        self.assertIn("  red if  refused calls use VirusTotal's quota up", self.section(done))

    def test_says_when_nothing_turns_it(self):
        done = self.check(["events.processed >= 0"])
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        text = " ".join(self.section(done).split())
        self.assertRegex(text, r"green under (\d+) of \1 alternatives")
        self.assertNotIn("red if", text)

    def test_gives_the_same_text_again(self):
        first = self.check(["virustotal.accepted <= 30"])
        second = self.check(["virustotal.accepted <= 30"])
        self.assertEqual(self.section(first), self.section(second))

    def test_leaves_out_what_the_scenario_itself_says(self):
        virustotal = {"key": "public", "rejected_count": True}
        done = self.check(["virustotal.accepted <= 30"], world={**SCENARIO["world"], "virustotal": virustotal})
        self.assertNotIn("world.virustotal.rejected_count", self.section(done))


if __name__ == "__main__":
    unittest.main()
