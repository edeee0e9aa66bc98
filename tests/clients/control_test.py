"""Stubs, faults and the journal of `rushhour serve` as a test in Python uses them, with boto3 and requests as clients.

    python3 tests/clients/control_test.py [--verbose] [Class[.test]...]      RUSHHOUR=FILE names the executable
"""

import json
import sys
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
