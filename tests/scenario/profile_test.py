"""`rushhour profile`: from records as CloudTrail delivers them to a scenario, from the command line.

    RUSHHOUR=build/dev/rushhour python3 tests/scenario/profile_test.py

How well each kind of traffic is fitted is tested in profile_test.cpp.
"""

import datetime
import gzip
import json
import os
import pathlib
import random
import subprocess
import tempfile
import unittest

ACCOUNT = "998877665544"
START = datetime.datetime(2026, 3, 2, 14, 0, 0)


def record(source, second):
    """One record, every identifier of which is unlike anything that rushhour makes up."""
    who = source.choices(range(40), [1 / (rank + 1) for rank in range(40)])[0]
    if who % 2:
        identity = {
            "type": "AssumedRole",
            "principalId": f"AROAZZTOPZZTOPZ{who:06}:nightly-{source.randrange(9)}.run",
            "arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/lumberjack-{who}/nightly",
            "accessKeyId": f"ASIAZZTOPZZTOP{who:06}",
            "sessionContext": {"sessionIssuer": {"arn": f"arn:aws:iam::{ACCOUNT}:role/lumberjack-{who}"}},
        }
    else:
        identity = {"type": "IAMUser", "principalId": f"AIDAZZTOPZZTOP{who:06}", "userName": f"henrietta{who}",
                    "arn": f"arn:aws:iam::{ACCOUNT}:user/henrietta{who}", "accessKeyId": f"AKIAZZTOPZZTOP{who:06}"}
    name, service, parameters = source.choices([
        ("GetSecretValue", "secretsmanager", {"secretId": f"vault/quux-{source.randrange(20)}"}),
        ("AssumeRole", "sts", {"roleArn": f"arn:aws:iam::{ACCOUNT}:role/lumberjack-1"}),
        ("PutObject", "s3", {"bucketName": f"wobbly-bucket-{source.randrange(9)}", "key": "ledger/plinth.csv"}),
    ], [1, 5, 4])[0]
    address = f"203.7.{source.randrange(12)}.{source.randrange(9)}" if source.random() < 0.9 else "10.77.3.4"
    return {"eventVersion": "1.09", "userIdentity": identity, "eventName": name, "awsRegion": "eu-north-1",
            "eventTime": (START + datetime.timedelta(seconds=int(second))).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "eventSource": f"{service}.amazonaws.com", "sourceIPAddress": address,
            "userAgent": f"frobnicator/{source.randrange(4)}.77", "requestParameters": parameters,
            "recipientAccountId": ACCOUNT, "eventID": f"0f0f0f0f-{source.randrange(10 ** 9)}"}


def texts(value):
    if isinstance(value, dict):
        return set().union(*map(texts, value.values())) if value else set()
    return {value} if isinstance(value, str) else set()


class Profile(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        source = random.Random(7)
        self.records = [record(source, second) for second in sorted(source.random() * 1800 for _ in range(9000))]

    def rushhour(self, *arguments):
        program = str(pathlib.Path(os.environ["RUSHHOUR"]).resolve())
        return subprocess.run([program, *arguments], cwd=self.folder, text=True, check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120)

    def write_plain(self):
        (self.folder / "sample.ndjson").write_text("\n".join(map(json.dumps, self.records)))

    def write_as_cloudtrail(self):
        """A gzipped file each five minutes, delivered at the mark after next."""
        logs = self.folder / "logs"
        logs.mkdir()
        for part in range(6):
            first = START + datetime.timedelta(minutes=5 * part)
            inside = [each for each in self.records
                      if first.isoformat() + "Z" <= each["eventTime"] < (first + datetime.timedelta(minutes=5)).isoformat() + "Z"]
            stamp = (first + datetime.timedelta(minutes=10)).strftime("%Y%m%dT%H%MZ")
            with gzip.open(logs / f"{ACCOUNT}_CloudTrail_eu-north-1_{stamp}_Zz{part}.json.gz", "wt") as file:
                json.dump({"Records": inside}, file)

    def errors(self, output):
        """What the table says: name to percent."""
        rows = output.split("error of the fit")[1].splitlines()[1:]
        return {" ".join(row.split()[:-4]): abs(float(row.split()[-2])) for row in rows if row.endswith("%")}

    def test_writes_a_scenario_that_runs_and_says_how_well_it_fits(self):
        self.write_plain()
        done = self.rushhour("profile", "sample.ndjson", "-o", "mine.json")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        errors = self.errors(done.stdout)
        for what in ("peak minute", "distinct addresses", "sts:AssumeRole calls", "secretsmanager:GetSecretValue calls",
                     "virustotal:ip_addresses calls"):
            self.assertLessEqual(errors[what], 10, done.stdout)
        self.assertIn("delivery lag   not knowable: 1 of 1 files", done.stdout)
        self.assertIn("arrivals       Poisson", done.stdout)
        self.assertTrue(all(len(line) <= 80 for line in done.stdout.splitlines()), done.stdout)
        self.assertEqual(self.rushhour("run", "mine.json").returncode, 0)
        again = self.rushhour("profile", "sample.ndjson", "-o", "again.json")
        self.assertEqual((self.folder / "mine.json").read_text(), (self.folder / "again.json").read_text())
        self.assertEqual(again.stdout.replace("again.json", "mine.json"), done.stdout)

    def test_writes_and_prints_no_identifier_of_the_sample(self):
        self.write_as_cloudtrail()
        done = self.rushhour("profile", "logs", "-o", "mine.json")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        written = (self.folder / "mine.json").read_text() + done.stdout
        known = {"GetSecretValue", "AssumeRole", "AssumedRole"}
        times = {each["eventTime"] for each in self.records}
        for text in set().union(*map(texts, self.records)) - known - times:
            self.assertNotIn(text, written)
        for text in (ACCOUNT, "henrietta", "lumberjack", "nightly", "frobnicator", "quux", "wobbly", "ZZTOP", "203.7.",
                     "eu-north-1", "arn:"):
            self.assertNotIn(text, written)

    def test_knows_the_lag_when_files_are_named_as_cloudtrail_names_them(self):
        self.write_as_cloudtrail()
        done = self.rushhour("profile", "logs", "-o", "mine.json")
        self.assertIn("delivery lag   p50 7m", done.stdout)
        self.assertIn('"delivery": {"files": {"every": "5m"', (self.folder / "mine.json").read_text())
        self.assertEqual(self.rushhour("run", "mine.json").returncode, 0)

    def test_says_that_the_sample_is_not_in_order(self):
        self.records.reverse()
        self.write_plain()
        done = self.rushhour("profile", "sample.ndjson", "-o", "mine.json")
        self.assertIn("events stand behind later ones", done.stdout)
        self.assertLessEqual(self.errors(done.stdout)["peak minute"], 10)

    def test_makes_detections_of_the_rules_that_match(self):
        rules = self.folder / "pack" / "rules"
        rules.mkdir(parents=True)
        for name, test in (("Reads", "event.get('eventName') == 'GetSecretValue'"), ("Never", "False")):
            (rules / f"{name}.py").write_text(f"def rule(event):\n    return {test}\n")
            (rules / f"{name}.yml").write_text(f"AnalysisType: rule\nFilename: {name}.py\nRuleID: Ours.{name}\nEnabled: true\n"
                                               "LogTypes: [AWS.CloudTrail]\nSeverity: Low\n")
        self.write_plain()
        done = self.rushhour("profile", "sample.ndjson", "--rules", "pack", "-o", "mine.json")
        if "a build with CPython" in done.stderr:
            self.skipTest("this build has no Python")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        reads = sum(each["eventName"] == "GetSecretValue" for each in self.records)
        self.assertIn(f"{reads:,} events: Ours.Reads", done.stdout)
        self.assertIn("1 rule matches nothing", done.stdout)
        self.assertEqual(self.rushhour("run", "mine.json", "--json", "report.json").returncode, 0)
        run = json.loads((self.folder / "report.json").read_text())["runs"][0]
        self.assertEqual([(each["name"], each["matches"]) for each in run["detections"]], [("Ours.Reads", reads)])

    def test_refuses_what_is_no_sample(self):
        (self.folder / "empty.json").write_text('{"Records": []}')
        done = self.rushhour("profile", "empty.json", "-o", "mine.json")
        self.assertEqual(done.returncode, 2)
        self.assertIn("expected at least one CloudTrail record with an eventTime", done.stderr)
        self.assertFalse((self.folder / "mine.json").exists())
        self.assertEqual(self.rushhour("profile", "nothing.json").returncode, 2)


if __name__ == "__main__":
    unittest.main()
