"""Stubs, faults, keys, resets and the journal of `rushhour serve` as a test in Python uses them, with boto3 and requests
as clients; and answers that are compressed.

    python3 tests/clients/control_test.py [--verbose] [Class[.test]...]      RUSHHOUR=FILE names the executable
"""

import asyncio
import json
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True  # this folder is under version control

try:
    import boto3
    import botocore.config
    import requests
    from botocore.exceptions import ClientError, ReadTimeoutError
except ImportError as missing:
    sys.exit(f"control_test: {missing}; on Debian: apt-get install python3-boto3 python3-requests")

import served

SECRET = "panther-secrets/virus-total"


class Control(unittest.TestCase):
    def setUp(self):
        self.served = served.Served()
        self.addCleanup(self.served.stop)
        self.key = self.post("keys", {"name": "tests"})["key"]["key"]

    def post(self, path, body):
        answer = self.served.admin("POST", path, json=body)
        self.assertEqual(answer.status_code, 200, answer.text)
        return answer.json()

    def get(self, path):
        answer = self.served.admin("GET", path)
        self.assertEqual(answer.status_code, 200, answer.text)
        return answer.json()

    def client(self, service, **config):
        options = {"retries": {"total_max_attempts": 1}, "proxies": {}, **config}
        return boto3.client(service, endpoint_url=self.served.announced[service], region_name="us-east-1",
                            config=botocore.config.Config(**options), **self.served.key_of("detections-engine"))

    def look_up(self, address="8.8.8.8", **options):
        return self.served.session.get(f"{self.served.announced['virustotal']}/ip_addresses/{address}",
                                       headers={"x-apikey": self.key}, timeout=10, **options)

    def refusal(self, call, **arguments):
        with self.assertRaises(ClientError) as caught:
            call(**arguments)
        answer = caught.exception.response
        return answer["ResponseMetadata"]["HTTPStatusCode"], answer["Error"]["Code"], answer["Error"]["Message"]


class Stubs(Control):
    def test_a_secret_is_whatever_the_test_says(self):
        made_up = {"Name": SECRET, "SecretString": "made up"}
        self.post("stubs", {"match": {"operation": "GetSecretValue", "json": {"SecretId": SECRET}},
                            "answer": {"json": made_up, "headers": {"Content-Type": "application/x-amz-json-1.1"}}})
        secrets = self.client("secretsmanager")

        self.assertEqual(secrets.get_secret_value(SecretId=SECRET)["SecretString"], "made up")
        self.assertEqual(self.refusal(secrets.get_secret_value, SecretId="another")[1], "AccessDeniedException")

        stubbed, own = self.served.journal()
        self.assertEqual((stubbed["operation"], stubbed["account"], stubbed["outcome"], stubbed["stubbed"]),
                         ("secretsmanager:GetSecretValue", "111122223333", "ok", True))
        self.assertFalse(own["stubbed"])
        miss = self.get("stubs/misses")["misses"][0]["nearest"]["failed"]
        self.assertEqual(miss, [{"what": "json /SecretId", "expected": json.dumps(SECRET), "saw": '"another"'}])
        self.assertEqual(self.get("cloudtrail?account=111122223333")["count"], 1)  # of the service's own answer

    def test_errors_are_worded_as_each_service_does(self):
        role = self.served.announced["role_arn"]
        self.post("stubs", {"stubs": [
            {"match": {"service": "sts", "form": {"Action": "AssumeRole", "RoleArn": role}},
             "answer": {"status": 400, "error": {"code": "Throttling", "message": "Rate exceeded"}}},
            {"match": {"service": "secretsmanager"},
             "answer": {"status": 500, "error": {"code": "InternalServiceError", "message": "made up"}}}]})

        self.assertEqual(self.refusal(self.client("sts").assume_role, RoleArn=role, RoleSessionName="test"),
                         (400, "Throttling", "Rate exceeded"))
        self.assertEqual(self.refusal(self.client("secretsmanager").get_secret_value, SecretId=SECRET),
                         (500, "InternalServiceError", "made up"))
        self.assertEqual([call["outcome"] for call in self.served.journal()], ["throttled", "server_error"])

    def test_answers_come_in_order_and_then_the_service(self):
        self.post("stubs", {"match": {"method": "GET", "path": {"pattern": "/api/v3/ip_addresses/*"}},
                            "answers": [{"status": 503}, {"status": 429}], "times": "once"})

        self.assertEqual([self.look_up().status_code for _ in range(3)], [503, 429, 200])
        quota = {key["name"]: key["quota"] for key in self.get("keys")["keys"]}["tests"]
        self.assertEqual(quota[0]["used"], 3)  # stubbed calls count as the requests would have


class Faults(Control):
    def test_a_connection_breaks_until_the_fault_is_removed(self):
        number = self.post("faults", {"service": "virustotal", "answer": "reset"})["added"][0]
        with self.assertRaises(requests.ConnectionError):
            self.look_up()

        self.served.admin("DELETE", f"faults/{number}").raise_for_status()

        self.assertEqual(self.look_up().status_code, 200)
        self.assertEqual([call["outcome"] for call in self.served.journal()], ["reset", "ok"])

    def test_a_service_hangs(self):
        self.post("faults", {"service": "sts", "answer": "hang", "for": "1m"})
        with self.assertRaises(ReadTimeoutError):
            self.client("sts", read_timeout=0.2).get_caller_identity()

        self.served.advance("1m")

        self.assertEqual(self.client("sts").get_caller_identity()["Account"], "111122223333")


class Keys(Control):
    def test_keys_share_the_quota_of_a_group_of_the_state_file(self):
        world = served.Served("--state", "scenarios/states/two-accounts.json")
        self.addCleanup(world.stop)
        answer = world.admin("POST", "keys", json={"name": "more", "group": "company", "used": {"day": 499}})
        self.assertEqual((answer.status_code, answer.json()["key"]["group"]), (200, "company"), answer.text)
        self.assertEqual(answer.json()["key"]["quota"][1]["used"], 499)
        wrong = world.admin("POST", "keys", json={"name": "other", "group": "companny"}).json()["error"]
        self.assertEqual((wrong["expected"], wrong["saw"]), ("one of company", "companny"))


class Reset(unittest.TestCase):
    """A world that is put back, and a client that knew it before."""

    def setUp(self):
        self.world = served.Served(*served.WITH_FUNCTIONS)
        self.addCleanup(self.world.stop)

    def client(self, service, principal="administrator"):
        return boto3.client(service, endpoint_url=self.world.announced[service], region_name="us-east-1",
                            config=botocore.config.Config(proxies={}), **self.world.key_of(principal))

    def state(self):
        secrets, iam = self.client("secretsmanager"), self.client("iam")
        keys = self.world.admin("GET", "keys?reveal=all").json()["keys"]
        report = self.world.session.get(f"{self.world.announced['virustotal']}/ip_addresses/203.0.113.7",
                                        headers={"x-apikey": keys[1]["key"]}, timeout=10).json()
        return {"secrets": [(secret["ARN"], secrets.get_secret_value(SecretId=secret["ARN"]).get("SecretString"))
                            for secret in secrets.list_secrets()["SecretList"]],
                "roles": sorted((role["Arn"], role["RoleId"]) for role in iam.list_roles()["Roles"]),
                "users": sorted((user["Arn"], user["UserId"]) for user in iam.list_users()["Users"]),
                "keys": [(key["name"], key["key"], key.get("group"), key["quota"][-1]["used"]) for key in keys],
                "report": report["data"]["attributes"]}

    def change_all(self):
        secrets, iam = self.client("secretsmanager"), self.client("iam")
        secrets.put_secret_value(SecretId="prod/database", SecretString="changed")
        secrets.create_secret(Name="made", SecretString="made")
        secrets.delete_secret(SecretId="prod/keytab", ForceDeleteWithoutRecovery=True)
        iam.create_user(UserName="made")
        iam.delete_user_policy(UserName="deploy", PolicyName="write")
        for method, path, body in (("POST", "keys", {"name": "made"}), ("DELETE", "keys/lab", None),
                                   ("PUT", "keys/soc", {"quota": {"minute": 1}, "group": ""}),
                                   ("POST", "verdicts", {"address": "203.0.113.7", "malicious": 1})):
            answer = self.world.admin(method, path, json=body)
            self.assertEqual(answer.status_code, 200, answer.text)

    def test_it_has_again_what_the_state_file_declares(self):
        before = self.state()
        self.change_all()
        changed = self.state()
        for what, was in before.items():
            if what != "roles":  # none of which was touched
                self.assertNotEqual(changed[what], was, what)
        self.world.reset()
        self.assertEqual(self.state()["secrets"], changed["secrets"], "of which a plain reset knows nothing")

        self.world.admin("POST", "reset?state=initial").raise_for_status()

        self.assertEqual(self.world.journal(), [])
        self.maxDiff = None
        self.assertEqual(self.state(), before)

    def test_announced_credentials_and_functions_stay_good(self):
        self.world.admin("POST", "clock", json={"advance": "1h"}).raise_for_status()
        self.world.admin("POST", "reset?state=initial").raise_for_status()
        for principal in ("detections-engine", "unit-tests", "administrator"):
            self.client("sts", principal).get_caller_identity()
        secrets = self.client("secretsmanager")
        secrets.create_secret(Name="made", SecretString='{"password": "old"}')
        secrets.rotate_secret(SecretId="made", RotationLambdaARN=self.world.function("new-password"),
                              RotationRules={"AutomaticallyAfterDays": 30})
        self.world.advance("1m")
        self.assertNotIn("old", secrets.get_secret_value(SecretId="made")["SecretString"])

    def test_anything_else_is_no_reset(self):
        answer = self.world.admin("POST", "reset?state=first")
        self.assertEqual((answer.status_code, answer.json()["error"]["expected"]), (400, "state=initial, or nothing"))


class Compression(unittest.TestCase):
    """Answers by gzip, as clients take them."""

    KEY = "0f1e2d3c4b5a69788796a5b4c3d2e1f0"

    def serve(self, compression):
        with tempfile.NamedTemporaryFile("w", suffix=".json") as state:
            json.dump({"virustotal_keys": [{"name": "few", "key": self.KEY, "quota": {"minute": 2}}],
                       "virustotal": {"compression": compression}}, state)
            state.flush()
            self.world = served.Served("--state", state.name)
        self.addCleanup(self.world.stop)
        return f"{self.world.announced['virustotal']}/ip_addresses/8.8.8.8"

    def test_requests(self):
        url = self.serve("any_agent")
        for status, coding in ((200, "gzip"), (200, "gzip"), (429, None)):
            answer = self.world.session.get(url, headers={"x-apikey": self.KEY}, timeout=10)
            self.assertEqual((answer.status_code, answer.headers.get("Content-Encoding")), (status, coding))
            self.assertIn("data" if status == 200 else "error", answer.json())
        self.assertLess(int(self.world.session.get(url, timeout=10).headers["Content-Length"]), 200)  # 401

    def test_curl(self):
        if not shutil.which("curl"):
            self.skipTest("curl is not installed")
        url = self.serve("any_agent")
        command = ["curl", "--silent", "--noproxy", "*", "-H", f"x-apikey: {self.KEY}", "-w", "\n%{size_download}", url]
        sizes = []
        for options in (["--compressed"], []):
            body, _, size = subprocess.run([*command, *options], capture_output=True, text=True, check=True,
                                           timeout=30).stdout.rpartition("\n")
            self.assertEqual(json.loads(body)["data"]["id"], "8.8.8.8")
            sizes.append((int(size), len(body)))
        (compressed, whole), (plain, same) = sizes
        self.assertEqual((plain, whole), (same, same))
        self.assertLess(compressed * 3, plain)

    def test_aiohttp_in_the_manner_of_vt_py(self):
        try:
            import aiohttp
        except ImportError:
            self.skipTest("python3-aiohttp is not installed")
        url = self.serve("gzip_agents")

        async def ask(agent):
            headers = {"X-Apikey": self.KEY, "Accept-Encoding": "gzip", "User-Agent": agent}
            async with aiohttp.ClientSession(headers=headers) as session, session.get(url) as answer:
                return answer.headers.get("Content-Encoding"), (await answer.json())["data"]["id"]

        self.assertEqual(asyncio.run(ask("rushhour; vtpy 0.17; gzip")), ("gzip", "8.8.8.8"))
        self.assertEqual(asyncio.run(ask("rushhour; vtpy 0.17")), (None, "8.8.8.8"))


class Page(Control):
    def test_what_is_for_sts_goes_to_sts(self):
        browser = {"Accept": "text/html"}
        self.assertIn("<!doctype html>", self.served.session.get(self.served.url, headers=browser, timeout=10).text)
        query = {"Action": "GetCallerIdentity", "Version": "2011-06-15"}
        for method, where in (("GET", "params"), ("POST", "data")):
            answer = self.served.session.request(method, self.served.url, headers=browser, timeout=10, **{where: query})
            with self.subTest(method=method):
                self.assertEqual(answer.status_code, 403)
                self.assertIn("MissingAuthenticationToken", answer.text)
        self.assertEqual(self.served.operations(), ["sts:GetCallerIdentity"] * 2)


if __name__ == "__main__":
    # boto3's clients close their connections when they are collected, of which Python would warn.
    unittest.main(warnings="ignore")
