"""`rushhour tune` as people call it: which terms, windows and schedules it tries, and which it calls best.

    RUSHHOUR=build/dev/rushhour python3 tests/elastic/tune_test.py

The scenario is a small storm of session names: six intrusions in six hours, and 1,200 new names an hour, of which a
run may alert of 100.
"""

import itertools
import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

SCENARIOS = pathlib.Path(__file__).resolve().parents[2] / "scenarios"
RULE = "rules/first-secret-read-by-identity.toml"
STORM = {
    "seed": 7,
    "start": "2026-03-02T14:00:00Z",
    "duration": "6h",
    "traffic": {"secret_readers": {"history": "10d", "sessions_per_hour": 1200, "history_sessions_per_hour": 12,
                                   "functions": 5, "users": 5}},
    "rules": [{"name": "by identity", "file": RULE}],
    "truth": {"match": "event.action: GetSecretValue and event.outcome: success",
              "terms": ["cloud.account.id", "user.name"], "window": "10d"},
    "world": {},
    "budgets": [],
}
FIELDS = [["user.id"], ["cloud.account.id", "user.name"], ["aws.cloudtrail.user_identity.arn"],
          ["user.id", "aws.cloudtrail.request_parameters"], ["user.name", "aws.cloudtrail.request_parameters"]]
WINDOWS = ["now-5d", "now-7d", "now-10d", "now-14d"]
SCHEDULES = [("now-6m", "5m"), ("now-9m", "5m"), ("now-60m", "10m"), ("now-119m", "1h")]


def choice(candidate):
    return (tuple(candidate["new_terms_fields"]), candidate["history_window_start"], candidate["from"],
            candidate["interval"])


def call(folder, *arguments):
    program = str(pathlib.Path(os.environ["RUSHHOUR"]).resolve())
    return subprocess.run([program, *arguments], cwd=folder, text=True, check=False, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, timeout=120)


class Tune(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        shutil.copytree(SCENARIOS / "rules", cls.folder / "rules")
        (cls.folder / "storm.json").write_text(json.dumps(STORM))
        cls.done = call(cls.folder, "tune", RULE, "--scenario", "storm.json", "--json", "tried.json")
        if cls.done.returncode == 0:
            cls.tried = json.loads((cls.folder / "tried.json").read_text())
            cls.best = min(cls.tried, key=lambda one: (-one["found"], one["alerts"],
                                                       one["delay_nanoseconds_mean"], one["searches"]))

    def setUp(self):
        self.assertEqual((self.done.returncode, self.done.stderr), (0, ""))

    def changes(self):
        """Old and new value of each key that the best candidate changes, as printed."""
        first = re.search(r"^1\. finds 6 of 6 with .* alerts a day; change\n((?:    .*\n)+)", self.done.stdout, re.M)
        self.assertIsNotNone(first, self.done.stdout)
        lines = first[1].splitlines()
        out = {}
        for old, new in zip(lines[::2], lines[1::2], strict=True):
            key, before = re.fullmatch(r"    -(\w+) = (.*)", old).groups()
            self.assertEqual(new[:len(key) + 8], f"    +{key} = ")
            out[key] = (before, new[len(key) + 8:])
        return out

    def score(self, rule):
        """What `rushhour run` says of a rule in the same scenario."""
        (self.folder / "again.json").write_text(json.dumps(STORM | {"rules": [{"name": "again", "file": rule}]}))
        done = call(self.folder, "run", "again.json", "--json", "-")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        (one,) = json.loads(done.stdout)["runs"][0]["rules"]
        return one["score"]["firsts"], one["score"]["found"], one["score"]["alerts"], one["searches"]

    def test_the_best_finds_all_with_few_alerts(self):
        self.assertEqual(self.best["new_terms_fields"], ["cloud.account.id", "user.name"])
        self.assertEqual((self.best["firsts"], self.best["found"], self.best["alerts"]), (6, 6, 6))
        numerator, denominator = self.best["alerts_per_day"]
        self.assertEqual(numerator, 24 * denominator)
        self.assertRegex(self.done.stdout,
                         r"(?m)^none better in both\n +6 of 6 +24\.0 +\d+ +cloud\.account\.id, user\.name +now-")

    def test_the_difference_names_what_changes_in_the_rule(self):
        changes = self.changes()
        self.assertEqual(changes["new_terms_fields"], ('["user.id"]', '["cloud.account.id", "user.name"]'))
        for key, now in (("from", "now-60m"), ("interval", "10m"), ("history_window_start", "now-10d")):
            before, after = changes.get(key, (f'"{now}"', f'"{self.best[key]}"'))
            self.assertEqual((before, after), (f'"{now}"', f'"{self.best[key]}"'))
            self.assertEqual(key in changes, self.best[key] != now)

    def test_the_changed_rule_does_what_was_said_of_it(self):
        text = (self.folder / RULE).read_text()
        for old, new in self.changes().values():
            self.assertEqual(text.count(f" = {old}"), 1)
            text = text.replace(f" = {old}", f" = {new}")
        (self.folder / "rules" / "changed.toml").write_text(text)
        self.assertEqual(self.score("rules/changed.toml"),
                         (6, 6, self.best["alerts"], self.best["searches"]))

    def test_the_rule_as_it_is_comes_first(self):
        first = self.tried[0]
        self.assertEqual(choice(first), (("user.id",), "now-10d", "now-60m", "10m"))
        self.assertEqual(first["found"], 0)
        self.assertEqual((first["firsts"], first["found"], first["alerts"], first["searches"]), self.score(RULE))
        self.assertRegex(self.done.stdout,
                         r"^recall .*\nas it is\n +0 of 6 .* user\.id +now-60m every 10m, now-10d\nnone better")

    def test_lists_every_candidate(self):
        self.assertEqual({choice(one) for one in self.tried},
                         {(tuple(fields), window, *schedule)
                          for fields, window, schedule in itertools.product(FIELDS, WINDOWS, SCHEDULES)})
        for one in self.tried:
            self.assertEqual(one["firsts"], 6)
            self.assertLessEqual(one["found"], 6)
            numerator, denominator = one["alerts_per_day"]
            self.assertEqual(numerator * 6, one["alerts"] * 24 * denominator)

    def test_shows_those_that_none_beats_in_both(self):
        rows = re.findall(r"^ +(\d+) of 6 +(\d+)\.\d ", self.done.stdout.partition("none better in both\n")[2], re.M)
        pairs = {(one["found"], one["alerts"]) for one in self.tried}
        best = [pair for pair in sorted(pairs, reverse=True)
                if not any(found >= pair[0] and alerts <= pair[1] and (found, alerts) != pair
                           for found, alerts in pairs)]
        self.assertEqual([(int(found), int(a_day)) for found, a_day in rows],
                         [(found, alerts * 4) for found, alerts in best])

    def test_writes_json_alone_to_standard_output(self):
        again = call(self.folder, "tune", RULE, "--scenario", "storm.json", "--json", "-")
        self.assertEqual((again.returncode, again.stderr), (0, ""))
        self.assertEqual(json.loads(again.stdout), self.tried)


def read_by(user, day, hour=12):
    return {"eventID": f"{user}-{day}-{hour}", "eventTime": f"2026-03-{day:02}T{hour:02}:00:00Z",
            "eventSource": "secretsmanager.amazonaws.com", "eventName": "GetSecretValue",
            "userAgent": "aws-cli/2.17.1", "awsRegion": "us-east-1",
            "userIdentity": {"type": "IAMUser", "principalId": f"AIDA{user.upper()}", "userName": user,
                             "accountId": "111122223333"}}


class Recorded(unittest.TestCase):
    """Two users read every day from the 1st to the 4th, a third one on the 4th for the first time."""

    def tune(self, *arguments):
        with tempfile.TemporaryDirectory() as folder:
            records = [read_by(user, day) for day in range(1, 5) for user in ("ada", "bob")]
            records.append(read_by("eve", 4, 18))
            pathlib.Path(folder, "trail.ndjson").write_text("".join(json.dumps(each) + "\n" for each in records))
            done = call(folder, "tune", str(SCENARIOS / RULE), "--events", "trail.ndjson", "--json", "-", *arguments)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return json.loads(done.stdout)

    def test_what_comes_before_the_middle_is_history(self):
        first = self.tune()[0]
        self.assertEqual((first["firsts"], first["found"], first["alerts"]), (1, 1, 1))

    def test_an_earlier_since_leaves_less_history(self):
        first = self.tune("--since", "2026-03-01T00:00:00Z")[0]
        self.assertEqual((first["firsts"], first["found"]), (3, 3))

    def test_the_truth_may_be_another(self):
        first = self.tune("--since", "2026-03-03T00:00:00Z", "--truth-window", "12h")[0]
        self.assertEqual((first["firsts"], first["found"]), (5, 1))


class Mistakes(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        shutil.copytree(SCENARIOS / "rules", self.folder / "rules")

    def assert_refused(self, rule, scenario, *words):
        done = call(self.folder, "tune", rule, "--scenario", scenario)
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        for word in words:
            self.assertIn(word, done.stderr)

    def test_a_scenario_without_truth(self):
        self.assert_refused(RULE, str(SCENARIOS / "retry-storm.json"), "retry-storm.json", "rules and a truth")
        (self.folder / "untold.json").write_text(json.dumps({key: STORM[key] for key in STORM if key != "truth"}))
        self.assert_refused(RULE, "untold.json", "untold.json", "truth")

    def test_a_rule_without_terms(self):
        (self.folder / "storm.json").write_text(json.dumps(STORM))
        text = (self.folder / RULE).read_text().replace('type = "new_terms"', 'type = "query"')
        text = text[:text.index("[rule.new_terms]")]
        (self.folder / "rules" / "query.toml").write_text(text)
        self.assert_refused("rules/query.toml", "storm.json", "rules/query.toml", "new_terms")

    def test_a_rule_that_is_not_run(self):
        (self.folder / "storm.json").write_text(json.dumps(STORM))
        (self.folder / "rules" / "eql.toml").write_text(
            '[rule]\nname = "n"\ndescription = "d"\ntype = "eql"\nseverity = "low"\nrisk_score = 1\nquery = "any"\n')
        self.assert_refused("rules/eql.toml", "storm.json", "rules/eql.toml", "EQL")

    def test_what_is_not_there(self):
        self.assert_refused(RULE, "nowhere.json", "nowhere.json")
        (self.folder / "storm.json").write_text(json.dumps(STORM))
        self.assert_refused("rules/none.toml", "storm.json", "rules/none.toml")


if __name__ == "__main__":
    unittest.main()
