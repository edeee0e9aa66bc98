"""Debian's AWS CLI against `rushhour serve --admin-key`.

    python3 tests/clients/aws_cli_test.py [--verbose] [Class[.test]...]      RUSHHOUR=FILE names the executable
"""

import json
import os
import subprocess
import sys
import unittest

sys.dont_write_bytecode = True  # this folder is under version control

import served  # noqa: E402

AWS = "/usr/bin/aws"  # Debian's, whatever else is on the path
RATE_OF_PASSWORDS = 50  # GetRandomPassword, requests/s (Secrets Manager quotas)


class CliTest(unittest.TestCase):
    """An administrator's calls."""

    OPTIONS = served.ADMINISTRATOR

    @classmethod
    def setUpClass(cls):
        if not os.access(AWS, os.X_OK):
            sys.exit(f"aws_cli_test: there is no {AWS}; on Debian: apt-get install awscli")
        cls.served = served.Served(*cls.OPTIONS)
        cls.addClassCleanup(cls.served.stop)

    def aws(self, *arguments, credentials=None, ok=True, **variables):
        """The answer; of a call that fails, the text that it prints."""
        environment = {**self.served.environment("administrator"), "AWS_PAGER": "", "HOME": os.devnull,
                       "PYTHONPATH": "", **variables}
        if credentials is not None:
            environment["AWS_ACCESS_KEY_ID"] = credentials["AccessKeyId"]
            environment["AWS_SECRET_ACCESS_KEY"] = credentials["SecretAccessKey"]
            environment["AWS_SESSION_TOKEN"] = credentials["SessionToken"]
        done = subprocess.run([AWS, "--endpoint-url", self.served.url, "--output", "json", *arguments],
                              env=environment, capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual(done.returncode == 0, ok, done.stdout + done.stderr)
        if not ok:
            return done.stderr.strip()
        return json.loads(done.stdout) if done.stdout.strip() else {}


class AwsCli(CliTest):
    def test_a_role_is_assumed_and_a_secret_read(self):
        account = self.aws("sts", "get-caller-identity")["Account"]
        trust = {"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Principal": {"AWS": account}, "Action": "sts:AssumeRole"}]}
        reads = {"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Action": "secretsmanager:GetSecretValue", "Resource": "*"}]}
        self.aws("iam", "create-role", "--role-name", "cli", "--assume-role-policy-document", json.dumps(trust))
        self.aws("iam", "put-role-policy", "--role-name", "cli", "--policy-name", "reads",
                 "--policy-document", json.dumps(reads))
        self.aws("secretsmanager", "create-secret", "--name", "cli/key", "--secret-string", "one")
        session = self.aws("sts", "assume-role", "--role-arn", f"arn:aws:iam::{account}:role/cli",
                           "--role-session-name", "cli")["Credentials"]
        value = self.aws("secretsmanager", "get-secret-value", "--secret-id", "cli/key", credentials=session)
        self.assertEqual(value["SecretString"], "one")
        text = self.aws("secretsmanager", "put-secret-value", "--secret-id", "cli/key", "--secret-string", "two",
                        credentials=session, ok=False)
        self.assertIn("An error occurred (AccessDeniedException) when calling the PutSecretValue operation: User: "
                      f"arn:aws:sts::{account}:assumed-role/cli/cli is not authorized to perform: "
                      "secretsmanager:PutSecretValue on resource: cli/key because no identity-based policy allows "
                      "the secretsmanager:PutSecretValue action", text)

    def test_a_secret_from_birth_to_death(self):
        self.aws("secretsmanager", "create-secret", "--name", "cli/db", "--secret-string", "one",
                 "--tags", "Key=team,Value=blue")
        self.aws("secretsmanager", "update-secret", "--secret-id", "cli/db", "--secret-string", "two")
        listed = self.aws("secretsmanager", "list-secrets", "--filters", "Key=tag-value,Values=blue")
        self.assertEqual([each["Name"] for each in listed["SecretList"]], ["cli/db"])
        self.aws("secretsmanager", "delete-secret", "--secret-id", "cli/db", "--recovery-window-in-days", "7")
        text = self.aws("secretsmanager", "get-secret-value", "--secret-id", "cli/db", ok=False)
        self.assertIn("(InvalidRequestException)", text)
        self.aws("secretsmanager", "restore-secret", "--secret-id", "cli/db")
        self.aws("secretsmanager", "delete-secret", "--secret-id", "cli/db", "--force-delete-without-recovery")

    def test_one_throttled_call_is_three_requests(self):
        client = ("secretsmanager", "get-random-password")
        import boto3  # to use the quota up, which the CLI is too slow for
        key = self.served.key_of("administrator")
        fast = boto3.client("secretsmanager", endpoint_url=self.served.url, region_name="us-east-1", **key)
        for _ in range(RATE_OF_PASSWORDS):
            fast.get_random_password()
        before = len(self.served.journal())
        self.assertIn("(ThrottlingException)", self.aws(*client, ok=False))
        self.assertEqual(len(self.served.journal()) - before, 3)
        self.served.advance("1s")


class Rotation(CliTest):
    """With the functions of scenarios/states/two-accounts.json."""

    OPTIONS = served.WITH_FUNCTIONS

    def stages(self, name):
        about = self.aws("secretsmanager", "describe-secret", "--secret-id", name)
        return sorted(about["VersionIdsToStages"].values())

    def value(self, name, stage="AWSCURRENT"):
        return self.aws("secretsmanager", "get-secret-value", "--secret-id", name,
                        "--version-stage", stage)["SecretString"]

    def rotate(self, name, function, **options):
        return self.aws("secretsmanager", "rotate-secret", "--secret-id", name, "--rotation-lambda-arn",
                        self.served.function(function), "--rotation-rules", "AutomaticallyAfterDays=30", **options)

    def test_a_rotation_that_succeeds(self):
        self.aws("secretsmanager", "create-secret", "--name", "turns", "--secret-string", "old")
        self.rotate("turns", "new-text")
        self.assertEqual(self.stages("turns"), [["AWSCURRENT", "AWSPENDING"], ["AWSPREVIOUS"]])
        self.assertEqual(len(self.value("turns")), 32)
        self.assertEqual(self.value("turns", "AWSPREVIOUS"), "old")

    def test_a_rotation_that_fails(self):
        self.aws("secretsmanager", "create-secret", "--name", "sticks", "--secret-string", "old")
        self.rotate("sticks", "fails-once")
        self.assertEqual(self.stages("sticks"), [["AWSCURRENT"], ["AWSPENDING"]])
        self.assertEqual(self.value("sticks"), "old")
        self.assertIn("(InvalidRequestException) when calling the RotateSecret operation: A previous rotation isn't "
                      "complete", self.rotate("sticks", "fails-once", ok=False))


if __name__ == "__main__":
    unittest.main()
