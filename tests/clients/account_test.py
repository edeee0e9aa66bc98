"""A whole account by boto3 against `rushhour serve --admin-key`: users, roles, secrets, from nothing to deletion.

    python3 tests/clients/account_test.py [--verbose] [Class[.test]...]      RUSHHOUR=FILE names the executable

The clock stands still unless a test advances it. Expected codes and texts are those of the real services (spec aws.md
2 and 3).
"""

import json
import sys
import unittest
from unittest import mock

sys.dont_write_bytecode = True  # this folder is under version control

try:
    import boto3
    from botocore.auth import SigV4Auth
    from botocore.awsrequest import AWSRequest
    from botocore.config import Config
    from botocore.credentials import Credentials
    from botocore.exceptions import ClientError
except ImportError as missing:
    sys.exit(f"account_test: {missing}; on Debian: apt-get install python3-boto3")

import served

TOKEN = "a0b1c2d3-0000-4000-8000-%012d"


def policy(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(action, resource="*", **more):
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


class AccountTest(unittest.TestCase):
    """An administrator, and what it makes."""

    OPTIONS = served.ADMINISTRATOR

    def setUp(self):
        self.served = served.Served(*self.OPTIONS)
        self.addCleanup(self.served.stop)
        environment = mock.patch.dict(
            "os.environ", self.served.environment("administrator"), clear=True)
        environment.start()
        self.addCleanup(environment.stop)
        self.iam = self.client("iam")
        self.sts = self.client("sts")
        self.secrets = self.client("secretsmanager")
        self.account = self.sts.get_caller_identity()["Account"]

    def client(self, service, key=None, mode="standard", attempts=2, region=None):
        """`attempts`: after the first, as botocore counts them here."""
        return boto3.client(
            service, endpoint_url=self.served.url, region_name=region or self.served.announced["region"],
            config=Config(retries={"mode": mode, "max_attempts": attempts}),
            **(key or self.served.key_of("administrator")))

    def client_as(self, credentials, service, **options):
        return self.client(service, {"aws_access_key_id": credentials["AccessKeyId"],
                                     "aws_secret_access_key": credentials["SecretAccessKey"],
                                     "aws_session_token": credentials.get("SessionToken")}, **options)

    def fails(self, call, code, text=None, status=400):
        with self.assertRaises(ClientError) as caught:
            call()
        answer = caught.exception.response
        self.assertEqual((answer["Error"]["Code"], answer["ResponseMetadata"]["HTTPStatusCode"]),
                         (code, status), answer["Error"]["Message"])
        if text is not None:
            self.assertIn(text, answer["Error"]["Message"])
        return caught.exception

    def make_user(self, name, *statements):
        self.iam.create_user(UserName=name)
        if statements:
            self.iam.put_user_policy(UserName=name, PolicyName="own", PolicyDocument=policy(*statements))
        return self.iam.create_access_key(UserName=name)["AccessKey"]

    def make_role(self, name, trusted, *statements, condition=None, seconds_max=3600):
        trust = {"Effect": "Allow", "Principal": {"AWS": trusted}, "Action": "sts:AssumeRole"}
        if condition is not None:
            trust["Condition"] = condition
        arn = self.iam.create_role(RoleName=name, AssumeRolePolicyDocument=policy(trust),
                                   MaxSessionDuration=seconds_max)["Role"]["Arn"]
        if statements:
            self.iam.put_role_policy(RoleName=name, PolicyName="own", PolicyDocument=policy(*statements))
        return arn


class Roles(AccountTest):
    def test_a_role_with_an_external_id_wants_it(self):
        reader = self.make_user("reader", allow("sts:AssumeRole"))
        secret = self.secrets.create_secret(Name="prod/api-key", SecretString="hunter2")
        role = self.make_role("vendor", f"arn:aws:iam::{self.account}:user/reader",
                              allow("secretsmanager:GetSecretValue", secret["ARN"]),
                              condition={"StringEquals": {"sts:ExternalId": "tenant-7"}})
        sts = self.client_as(reader, "sts")
        self.fails(lambda: sts.assume_role(RoleArn=role, RoleSessionName="ss"), "AccessDenied",
                   f"User: arn:aws:iam::{self.account}:user/reader is not authorized to perform: sts:AssumeRole "
                   f"on resource: {role}", status=403)
        self.fails(lambda: sts.assume_role(RoleArn=role, RoleSessionName="ss", ExternalId="tenant-8"),
                   "AccessDenied", status=403)
        session = sts.assume_role(RoleArn=role, RoleSessionName="session", ExternalId="tenant-7")
        self.assertEqual(session["AssumedRoleUser"]["Arn"],
                         f"arn:aws:sts::{self.account}:assumed-role/vendor/session")
        secrets = self.client_as(session["Credentials"], "secretsmanager")
        self.assertEqual(secrets.get_secret_value(SecretId="prod/api-key")["SecretString"], "hunter2")
        self.fails(lambda: secrets.describe_secret(SecretId="prod/api-key"), "AccessDeniedException",
                   "because no identity-based policy allows the secretsmanager:DescribeSecret action")
        self.served.advance("1h")
        self.fails(lambda: secrets.get_secret_value(SecretId="prod/api-key"), "ExpiredTokenException",
                   "The security token included in the request is expired")

    def test_sessions_are_as_long_as_the_role_allows(self):
        reader = self.make_user("reader", allow("sts:AssumeRole"))
        sts = self.client_as(reader, "sts")
        role = self.make_role("short", f"arn:aws:iam::{self.account}:root")
        self.fails(lambda: sts.assume_role(RoleArn=role, RoleSessionName="ss", DurationSeconds=3601),
                   "ValidationError", "MaxSessionDuration")
        long_role = self.make_role("long", f"arn:aws:iam::{self.account}:root", allow("sts:AssumeRole"),
                                   seconds_max=43200)
        session = sts.assume_role(RoleArn=long_role, RoleSessionName="ss", DurationSeconds=43200)
        chained = self.client_as(session["Credentials"], "sts")
        self.fails(lambda: chained.assume_role(RoleArn=long_role, RoleSessionName="ss", DurationSeconds=3601),
                   "ValidationError", "1 hour session limit for roles assumed by role chaining")

    def test_a_session_policy_takes_away(self):
        reader = self.make_user("reader", allow("sts:AssumeRole"))
        self.secrets.create_secret(Name="one", SecretString="1")
        role = self.make_role("all", f"arn:aws:iam::{self.account}:root", allow("secretsmanager:*"))
        session = self.client_as(reader, "sts").assume_role(
            RoleArn=role, RoleSessionName="ss", Policy=policy(allow("secretsmanager:DescribeSecret")))
        secrets = self.client_as(session["Credentials"], "secretsmanager")
        self.assertEqual(secrets.describe_secret(SecretId="one")["Name"], "one")
        self.fails(lambda: secrets.get_secret_value(SecretId="one"), "AccessDeniedException",
                   "because no session policy allows the secretsmanager:GetSecretValue action")

    def test_a_deleted_key_is_unknown(self):
        key = self.make_user("leaver")
        self.assertEqual(self.client_as(key, "sts").get_caller_identity()["Arn"],
                         f"arn:aws:iam::{self.account}:user/leaver")
        self.iam.delete_access_key(UserName="leaver", AccessKeyId=key["AccessKeyId"])
        self.fails(self.client_as(key, "sts").get_caller_identity, "InvalidClientTokenId", status=403)

    def test_what_is_not_there_is_said_so(self):
        self.fails(lambda: self.iam.get_role(RoleName="nobody"), "NoSuchEntity",
                   "The role with name nobody cannot be found.", status=404)
        self.make_role("twice", f"arn:aws:iam::{self.account}:root")
        self.fails(lambda: self.make_role("twice", f"arn:aws:iam::{self.account}:root"),
                   "EntityAlreadyExists", status=409)


class Secrets(AccountTest):
    def test_a_secret_from_birth_to_death(self):
        made = self.secrets.create_secret(Name="app/db", SecretString="one", Description="the database",
                                          Tags=[{"Key": "team", "Value": "blue"}])
        first = made["VersionId"]
        second = self.secrets.put_secret_value(SecretId="app/db", SecretString="two")["VersionId"]
        self.assertEqual(self.secrets.get_secret_value(SecretId="app/db")["SecretString"], "two")
        self.assertEqual(
            self.secrets.get_secret_value(SecretId="app/db", VersionStage="AWSPREVIOUS")["SecretString"], "one")
        about = self.secrets.describe_secret(SecretId=made["ARN"])
        self.assertEqual(about["VersionIdsToStages"], {first: ["AWSPREVIOUS"], second: ["AWSCURRENT"]})
        self.assertEqual(about["Tags"], [{"Key": "team", "Value": "blue"}])
        self.secrets.update_secret(SecretId="app/db", SecretBinary=b"\x00\xff", Description="bytes")
        self.assertEqual(self.secrets.get_secret_value(SecretId="app/db")["SecretBinary"], b"\x00\xff")
        self.secrets.untag_resource(SecretId="app/db", TagKeys=["team"])
        self.assertEqual(self.secrets.describe_secret(SecretId="app/db")["Tags"], [])

        self.secrets.delete_secret(SecretId="app/db", RecoveryWindowInDays=7)
        self.fails(lambda: self.secrets.get_secret_value(SecretId="app/db"), "InvalidRequestException",
                   "because it was marked for deletion")
        self.fails(lambda: self.secrets.create_secret(Name="app/db", SecretString="x"),
                   "InvalidRequestException", "already scheduled for deletion")
        self.secrets.restore_secret(SecretId="app/db")
        self.secrets.delete_secret(SecretId="app/db", RecoveryWindowInDays=7)
        self.served.advance("8d")
        error = self.fails(lambda: self.secrets.describe_secret(SecretId="app/db"), "ResourceNotFoundException",
                           "Secrets Manager can't find the specified secret.")
        self.assertIsInstance(error, self.secrets.exceptions.ResourceNotFoundException)

    def test_the_same_token_makes_one_version(self):
        token = TOKEN % 1
        first = self.secrets.create_secret(Name="idem", SecretString="x", ClientRequestToken=token)
        again = self.secrets.create_secret(Name="idem", SecretString="x", ClientRequestToken=token)
        self.assertEqual((first["ARN"], first["VersionId"]), (again["ARN"], again["VersionId"]))
        self.assertEqual(first["VersionId"], token)
        error = self.fails(
            lambda: self.secrets.put_secret_value(SecretId="idem", SecretString="y", ClientRequestToken=token),
            "ResourceExistsException", "already in use for a version of secret")
        self.assertIsInstance(error, self.secrets.exceptions.ResourceExistsException)

    def test_pages_hold_each_secret_once(self):
        names = [f"page/{number:02d}" for number in range(25)]
        for name in names:
            self.secrets.create_secret(Name=name, SecretString=name)
            self.served.advance("1s")
        self.secrets.create_secret(Name="other", SecretString="x")
        pages = list(self.secrets.get_paginator("list_secrets").paginate(
            Filters=[{"Key": "name", "Values": ["page/"]}], SortOrder="asc", PaginationConfig={"PageSize": 10}))
        self.assertEqual([len(page["SecretList"]) for page in pages], [10, 10, 5])
        self.assertEqual([each["Name"] for page in pages for each in page["SecretList"]], names)
        self.fails(lambda: self.secrets.list_secrets(NextToken="garbage"), "InvalidNextTokenException")

    def test_another_region_has_secrets_of_its_own(self):
        self.secrets.create_secret(Name="here", SecretString="1")
        there = self.client("secretsmanager", region="eu-west-1")
        self.fails(lambda: there.get_secret_value(SecretId="here"), "ResourceNotFoundException")
        self.assertIn(":eu-west-1:", there.create_secret(Name="here", SecretString="2")["ARN"])
        self.assertEqual(self.secrets.get_secret_value(SecretId="here")["SecretString"], "1")

    def test_a_resource_policy_can_deny(self):
        self.secrets.create_secret(Name="locked", SecretString="1")
        reader = self.make_user("reader", allow("secretsmanager:GetSecretValue"))
        secrets = self.client_as(reader, "secretsmanager")
        self.assertEqual(secrets.get_secret_value(SecretId="locked")["SecretString"], "1")
        self.secrets.put_resource_policy(SecretId="locked", ResourcePolicy=policy(
            {"Effect": "Deny", "Principal": {"AWS": f"arn:aws:iam::{self.account}:user/reader"},
             "Action": "secretsmanager:GetSecretValue", "Resource": "*"}))
        self.fails(lambda: secrets.get_secret_value(SecretId="locked"), "AccessDeniedException",
                   "with an explicit deny in a resource-based policy")
        self.fails(lambda: self.secrets.put_resource_policy(
            SecretId="locked", BlockPublicPolicy=True, ResourcePolicy=policy(
                {"Effect": "Allow", "Principal": "*", "Action": "secretsmanager:GetSecretValue",
                 "Resource": "*"})), "PublicPolicyException")

    def test_replicas_follow_their_primary(self):
        self.secrets.create_secret(Name="global", SecretString="1", AddReplicaRegions=[{"Region": "eu-west-1"}])
        self.served.advance("1m")
        there = self.client("secretsmanager", region="eu-west-1")
        self.assertEqual(there.get_secret_value(SecretId="global")["SecretString"], "1")
        self.secrets.put_secret_value(SecretId="global", SecretString="2")
        self.assertEqual(there.get_secret_value(SecretId="global")["SecretString"], "2")
        self.fails(lambda: there.put_secret_value(SecretId="global", SecretString="3"),
                   "InvalidParameterException", "Operation not permitted on a replica secret.")
        self.fails(lambda: self.secrets.delete_secret(SecretId="global"), "InvalidParameterException",
                   "that still has replica regions")
        there.stop_replication_to_replica(SecretId="global")
        there.put_secret_value(SecretId="global", SecretString="3")

    def test_passwords_are_of_the_kinds_that_are_left(self):
        password = self.secrets.get_random_password(
            PasswordLength=20, ExcludePunctuation=True, ExcludeUppercase=True)["RandomPassword"]
        self.assertRegex(password, "^[a-z0-9]{20}$")
        self.fails(lambda: self.secrets.get_random_password(PasswordLength=3), "InvalidParameterException")

    def test_rotation_wants_a_function(self):
        self.secrets.create_secret(Name="turning", SecretString="1")
        self.fails(lambda: self.secrets.rotate_secret(SecretId="turning"), "InvalidRequestException",
                   "No Lambda rotation function ARN is associated with this secret.")
        self.fails(lambda: self.secrets.rotate_secret(
            SecretId="turning", RotationLambdaARN=f"arn:aws:lambda:us-east-1:{self.account}:function:none",
            RotationRules={"AutomaticallyAfterDays": 30}), "AccessDeniedException",
            "Secrets Manager cannot invoke the specified Lambda function.")
        self.assertNotIn("RotationEnabled", self.secrets.describe_secret(SecretId="turning"))


class Rotation(AccountTest):
    """With the functions of scenarios/states/two-accounts.json."""

    OPTIONS = served.WITH_FUNCTIONS

    def value(self, stage="AWSCURRENT"):
        return self.secrets.get_secret_value(SecretId="db", VersionStage=stage)["SecretString"]

    def stages(self):
        """As DescribeSecret tells them, which is also when a rotation that was asked for runs."""
        return self.secrets.describe_secret(SecretId="db")["VersionIdsToStages"]

    def create(self, text):
        return self.secrets.create_secret(Name="db", SecretString=text)["VersionId"]

    def events(self):
        answer = self.served.admin("GET", "cloudtrail", params={"limit": 1000})
        return [record["eventName"] for record in answer.json()["Records"] if record["eventType"] == "AwsServiceEvent"]

    def test_a_secret_gets_a_new_password(self):
        first = self.create('{"username": "app", "password": "old"}')
        second = self.secrets.rotate_secret(
            SecretId="db", RotationLambdaARN=self.served.function("new-password"),
            RotationRules={"AutomaticallyAfterDays": 30})["VersionId"]
        about = self.secrets.describe_secret(SecretId="db")
        # AWSPENDING is on the current version after success (DOC RotateSecret).
        self.assertEqual(about["VersionIdsToStages"], {first: ["AWSPREVIOUS"], second: ["AWSCURRENT", "AWSPENDING"]})
        self.assertTrue(about["RotationEnabled"])
        self.assertEqual(about["RotationLambdaARN"], self.served.function("new-password"))
        value = json.loads(self.value())
        self.assertEqual(value["username"], "app")
        self.assertRegex(value["password"], "^[^/@\"'\\\\ ]{24}$")
        self.assertEqual(json.loads(self.value("AWSPREVIOUS"))["password"], "old")
        self.assertEqual(self.events(), ["RotationStarted", "RotationSucceeded"])

    def test_a_deletion_is_told_of(self):
        self.create("old")
        self.secrets.delete_secret(SecretId="db", RecoveryWindowInDays=7)
        self.secrets.restore_secret(SecretId="db")
        self.secrets.delete_secret(SecretId="db", RecoveryWindowInDays=7)
        self.served.advance("7d")
        self.assertEqual(self.events(), ["StartSecretVersionDelete", "CancelSecretVersionDelete",
                                         "StartSecretVersionDelete", "EndSecretVersionDelete"])

    def test_a_schedule_rotates_by_itself(self):
        self.create("old")
        self.secrets.rotate_secret(SecretId="db", RotationLambdaARN=self.served.function("new-text"),
                                   RotationRules={"AutomaticallyAfterDays": 7})
        once = self.value()
        self.served.advance("8d")
        self.assertNotEqual(self.value(), once)
        self.assertEqual(self.value("AWSPREVIOUS"), once)
        self.secrets.cancel_rotate_secret(SecretId="db")
        twice = self.value()
        self.served.advance("30d")
        self.assertEqual(self.value(), twice)

    def test_a_rotation_that_fails_stays_pending_until_it_succeeds(self):
        first = self.create("old")
        asked = {"SecretId": "db", "RotationLambdaARN": self.served.function("fails-once")}
        second = self.secrets.rotate_secret(**asked)["VersionId"]
        self.assertEqual(self.stages(), {first: ["AWSCURRENT"], second: ["AWSPENDING"]})
        self.assertEqual(self.value(), "old")
        pending = self.value("AWSPENDING")
        self.assertEqual(self.events(), ["RotationStarted", "RotationFailed"])
        self.fails(lambda: self.secrets.rotate_secret(**asked), "InvalidRequestException",
                   "A previous rotation isn't complete. That rotation will be reattempted.")
        self.assertEqual(self.stages(), {first: ["AWSPREVIOUS"], second: ["AWSCURRENT", "AWSPENDING"]})
        self.assertEqual(self.value(), pending)
        self.assertEqual(self.events(), ["RotationStarted", "RotationFailed", "RotationStarted", "RotationSucceeded"])


class Told(AccountTest):
    """What the state file and a Host header say beside the accounts."""

    OPTIONS = served.WITH_FUNCTIONS

    def test_a_text_from_memory_reads_as_the_state_file_says(self):
        self.fails(lambda: self.sts.get_access_key_info(AccessKeyId="AKIANOBODYHASTHISONE"), "NoSuchKey",
                   "It does not exist, this key.", status=404)

    def test_the_global_endpoint_of_sts_is_charged_apart(self):
        for host, charged in (("sts.amazonaws.com", f"{self.account}/aws-global"),
                              ("sts.us-east-1.amazonaws.com", self.account)):
            request = AWSRequest("POST", f"https://{host}/", data="Action=GetCallerIdentity&Version=2011-06-15",
                                 headers={"Content-Type": "application/x-www-form-urlencoded"})
            key = self.served.announced["admin_key"]
            SigV4Auth(Credentials(key["access_key_id"], key["secret_access_key"]), "sts", "us-east-1").add_auth(request)
            answer = self.served.session.post(self.served.url, data=request.data, timeout=10,
                                              headers={**dict(request.headers), "Host": host})
            self.assertEqual(answer.status_code, 200, answer.text)
            self.assertEqual(self.served.journal()[-1]["account"], charged)
        records = self.served.admin("GET", "cloudtrail", params={"limit": 2}).json()["Records"]
        self.assertEqual([record["additionalEventData"]["RequestDetails"]["endpointType"] for record in records],
                         ["global", "regional"])
        self.assertEqual({record["awsRegion"] for record in records}, {"us-east-1"})


class Throttling(AccountTest):
    def requests_for_one_throttled_call(self, **options):
        secrets = self.client("secretsmanager", **options)
        self.secrets.create_secret(Name="busy", SecretString="1")
        while True:  # a clock that stands still never refills the bucket
            try:
                self.client("secretsmanager", attempts=0).get_random_password()
            except ClientError as error:
                self.assertEqual(error.response["Error"]["Code"], "ThrottlingException")
                self.assertEqual(error.response["Error"]["Message"], "Rate exceeded")
                break
        before = len(self.served.journal())
        with mock.patch("time.sleep"):
            self.fails(secrets.get_random_password, "ThrottlingException")
        return len(self.served.journal()) - before

    def test_one_call_of_legacy_clients_is_five_requests(self):
        self.assertEqual(self.requests_for_one_throttled_call(mode="legacy", attempts=4), 5)

    def test_one_call_of_standard_clients_is_three_requests(self):
        self.assertEqual(self.requests_for_one_throttled_call(mode="standard", attempts=2), 3)


if __name__ == "__main__":
    unittest.main()
