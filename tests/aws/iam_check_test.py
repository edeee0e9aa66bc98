"""`rushhour iam check` as CI calls it: exit codes, the text for people, the JSON for machines.

    RUSHHOUR=build/dev/rushhour python3 tests/aws/iam_check_test.py

What is found is tested in preflight_test.cpp.
"""

import json
import os
import pathlib
import subprocess
import tempfile
import unittest

ENGINE = "arn:aws:iam::381491234567:role/detections-engine"
UNIT_TESTS = "arn:aws:iam::381491234567:role/unit-tests"
SECRET = "arn:aws:secretsmanager:us-east-1:740982345678:secret:panther-secrets/virus-total-a1B2c3"


def trust(*principals):
    return {"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"AWS": list(principals)}, "Action": "sts:AssumeRole"}]}


def reads(resource):
    return {"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"],
         "Resource": resource}]}


class IamCheck(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def check(self, *arguments, **documents):
        """Runs it in a folder with the documents, each given as an option and as a file of that name."""
        options = list(arguments)
        for name, document in documents.items():
            text = document if isinstance(document, str) else json.dumps(document)
            (self.folder / f"{name}.json").write_text(text)
            options += [f"--{name}", f"{name}.json"]
        program = str(pathlib.Path(os.environ["RUSHHOUR"]).resolve())
        return subprocess.run([program, "iam", "check", *options], cwd=self.folder, text=True, check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)

    def test_has_no_findings_in_documents_that_work(self):
        done = self.check("--principal", ENGINE, "--principal", UNIT_TESTS, "--secret", SECRET,
                          trust=trust(ENGINE, UNIT_TESTS), policy=reads(SECRET))
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "no findings\n", ""))

    def test_fails_on_errors(self):
        done = self.check("--principal", ENGINE, UNIT_TESTS, trust=trust(ENGINE), policy=reads("<secret-arn>"))
        self.assertEqual(done.returncode, 1)
        self.assertEqual(
            done.stdout,
            f"trust.json: at /Statement: error: {UNIT_TESTS} is not let in\n"
            '  fix: add it to the "AWS" principals of the statement that allows sts:AssumeRole\n'
            'policy.json: at /Statement/0/Resource: error: the placeholder "<secret-arn>" was not filled in\n'
            "  fix: put the real value in its place\n"
            "2 errors, 0 warnings\n")

    def test_fails_on_warnings_only_when_strict(self):
        self.assertEqual(self.check(policy=reads("*")).returncode, 0)
        self.assertEqual(self.check("--strict", policy=reads("*")).returncode, 1)

    def test_writes_json(self):
        done = self.check("--json", "-", policy=reads("*"))
        found = json.loads(done.stdout)
        self.assertEqual((found["format"], found["errors"], found["warnings"]), ("rushhour.preflight/1", 0, 1))
        self.assertEqual(found["findings"][0]["pointer"], "/Statement/0/Resource")
        done = self.check("--json", "found.json", policy=reads("*"))
        self.assertIn("1 warning\n", done.stdout)
        self.assertEqual(json.loads((self.folder / "found.json").read_text()), found)

    def test_finds_a_document_that_is_no_json(self):
        done = self.check(policy='{\n  "Version" "2012-10-17"\n}')
        self.assertEqual(done.returncode, 1)
        self.assertTrue(done.stdout.startswith("policy.json:2:24: error: "), done.stdout)
        self.assertEqual(self.check(policy="").returncode, 1)

    def test_says_what_is_wrong_with_the_command_line(self):
        for done, said in [(self.check(), "expected --trust FILE, --policy FILE or both"),
                           (self.check("--policy", "nobody.json"), "nobody.json: expected a policy document"),
                           (self.check("--secret", "virus-total", policy=reads(SECRET)), "the whole ARN"),
                           (self.check("--principal", "engine", trust=trust(ENGINE)), "for --principal"),
                           (self.check("--json", "no/folder/x.json", policy=reads(SECRET)),
                            "no/folder/x.json: expected a file that can be written")]:
            with self.subTest(said=said):
                self.assertEqual(done.returncode, 2)
                self.assertIn(said, done.stderr)


if __name__ == "__main__":
    unittest.main()
