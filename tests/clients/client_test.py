"""Real clients against `rushhour serve`: boto3, requests and curl, and a detection that uses the first two.

    python3 tests/clients/client_test.py [--verbose] [Class[.test]...]      RUSHHOUR=FILE names the executable

Each test has a server of its own, whose clock stands still unless the test advances it. Nothing sleeps and nothing
leaves this machine. Expected codes, texts and counts are those of the real services (spec aws.md 2.2, 2.3 and 4,
virustotal.md 1.7 and 2.4) and of the guide "Using AWS Secrets Manager with Panther Detections".
"""

import contextlib
import datetime
import http.client
import importlib
import importlib.util
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import time
import types
import unittest
from unittest import mock

sys.dont_write_bytecode = True  # this folder is under version control

try:
    import boto3
    import botocore.auth
    import botocore.awsrequest
    import botocore.credentials
    import requests
    from botocore.exceptions import ClientError
except ImportError as missing:
    sys.exit(f"client_test: {missing}; on Debian: apt-get install python3-boto3 python3-requests")

import custom_aws_helpers
import panther_runtime
import redirect_to_rushhour
import served
import virustotal_rule

redirect_to_rushhour.install()

SECRET = "panther-secrets/virus-total"
GUIDES_ADDRESS = "35.216.199.51"
RECORD = {
    "eventSource": "secretsmanager.amazonaws.com",
    "eventName": "GetSecretValue",
    "sourceIPAddress": GUIDES_ADDRESS,
    "requestParameters": {"secretId": "payroll"},
}
TITLE = f"Secret payroll was read from {GUIDES_ADDRESS}"
INVALID_TOKEN = "The security token included in the request is invalid."
EXPIRED_TOKEN = "The security token included in the request is expired"
WRONG_SIGNATURE = "The request signature we calculated does not match the signature you provided."
# As recorded on 2020-09-30.
QUOTA_EXCEEDED = (b'{\n    "error": {\n        "code": "QuotaExceededError",\n'
                  b'        "message": "Quota exceeded"\n    }\n}')


def signing_clock_off(by):
    """A patch under which botocore signs by a clock that is off `by` this much, and a list of the times it signed."""
    signed = []

    class OffClock(datetime.datetime):
        @classmethod
        def utcnow(cls):
            signed.append(super().utcnow() + by)
            return signed[-1]

    patch = contextlib.ExitStack()
    signers = ["botocore.auth"]
    if importlib.util.find_spec("awscrt"):  # beside the AWS CLI: then it signs
        signers.append("botocore.crt.auth")
    for signer in signers:
        if hasattr(importlib.import_module(signer), "get_current_datetime"):  # newer than Debian's 1.29
            patch.enter_context(mock.patch(f"{signer}.get_current_datetime", OffClock.utcnow))
        else:
            patch.enter_context(mock.patch(f"{signer}.datetime", types.SimpleNamespace(
                datetime=OffClock, timezone=datetime.timezone)))
    return patch, signed


def run_rule():
    return panther_runtime.run(virustotal_rule, panther_runtime.Event(RECORD))


class ClientTest(unittest.TestCase):
    """With `self.served`, and this process being the Lambda that runs detections as `principal`."""

    principal = "detections-engine"

    def setUp(self):
        self.served = served.Served()
        self.addCleanup(self.stop)
        self.become(self.principal)

    def stop(self):
        if self.served.process.poll() is None:
            self.assertEqual(self.served.stop(), (0, "", ""), "exit code, more output, standard error")

    def become(self, principal):
        environment = mock.patch.dict(
            os.environ, self.served.environment(principal), clear=True)
        environment.start()
        self.addCleanup(environment.stop)
        boto3.setup_default_session()  # which would keep the credentials of before

    def client(self, service, **changed):
        """A client that is told where the fake is, as an option of boto3's own."""
        options = {"endpoint_url": self.served.announced[service],
                   "region_name": self.served.announced["region"],
                   **self.served.key_of(self.principal), **changed}
        return boto3.client(service, **options)

    def assert_fails(self, call, code, status, text, requests_sent=1):
        """`call` raises this error of AWS, after so many requests; `text` is its whole text or a pattern.

        Returns the answer that the error is made from.
        """
        before = len(self.served.journal())
        with self.assertRaises(ClientError) as caught:
            call()
        answer = caught.exception.response
        self.assertEqual(answer["Error"]["Code"], code)
        self.assertEqual(answer["ResponseMetadata"]["HTTPStatusCode"], status)
        if isinstance(text, re.Pattern):
            self.assertRegex(answer["Error"]["Message"], text)
        else:
            self.assertEqual(answer["Error"]["Message"], text)
        self.assertEqual(len(self.served.journal()) - before, requests_sent, "requests in the journal")
        self.assertEqual(answer["ResponseMetadata"]["RetryAttempts"], requests_sent - 1)
        return answer


class PermittedRole(ClientTest):
    def test_alert_context_is_the_guides_example(self):
        alert = run_rule()

        self.assertEqual(alert["title"], TITLE)
        context = dict(alert["alert_context"])
        engines = context.pop("last_analysis_results")
        expected = {
            "regional_internet_registry": "RIPE NCC",
            "network": "35.216.0.0/15",
            "tags": [],
            "country": "CH",
            "last_analysis_date": 1687579849,
            "as_owner": "GOOGLE",
            "last_analysis_stats": {
                "harmless": 64, "malicious": 1, "suspicious": 0, "undetected": 23, "timeout": 0},
            "asn": 15169,
            "whois_date": 1687579885,
        }
        self.assertEqual({key: context.get(key) for key in expected}, expected)
        self.assertEqual(len(engines), 88)
        self.assertEqual(engines["Bkav"], {"category": "undetected", "result": "unrated",
                                           "method": "blacklist", "engine_name": "Bkav"})

    def test_it_costs_one_call_of_each_service(self):
        run_rule()

        calls = self.served.journal()
        self.assertEqual(
            [(call["operation"], call["status"], call["account"]) for call in calls],
            [("sts:AssumeRole", 200, "111122223333/aws-global"),
             ("secretsmanager:GetSecretValue", 200, "444455556666"),
             ("virustotal:ip_addresses", 200, "virustotal-key")])

    def test_an_event_that_does_not_match_costs_nothing(self):
        event = panther_runtime.Event({**RECORD, "eventName": "ListSecrets"})

        self.assertIsNone(panther_runtime.run(virustotal_rule, event))

        self.assertEqual(self.served.operations(), [])

    def test_who_the_engine_is_and_becomes(self):
        identity = boto3.client("sts").get_caller_identity()
        credentials = custom_aws_helpers.get_credentials()
        assumed = self.client("sts", aws_access_key_id=credentials["AccessKeyId"],
                              aws_secret_access_key=credentials["SecretAccessKey"],
                              aws_session_token=credentials["SessionToken"]).get_caller_identity()

        self.assertEqual(identity["Arn"], "arn:aws:sts::111122223333:assumed-role/detections-engine/"
                                          "panther-rules-engine")
        self.assertEqual(assumed["Arn"], "arn:aws:sts::444455556666:assumed-role/panther-secrets-access/"
                                         "PantherDetections")
        now = datetime.datetime.fromisoformat(self.served.now())
        self.assertEqual(credentials["Expiration"],
                         now.replace(microsecond=0) + datetime.timedelta(hours=1))

    def test_the_secret_has_its_version_and_dates(self):
        secret = custom_aws_helpers.get_stored_secret(custom_aws_helpers.get_credentials(), SECRET)

        self.assertEqual(secret["ARN"], self.served.announced["secret_arn"])
        self.assertEqual(secret["Name"], SECRET)
        self.assertEqual(secret["VersionStages"], ["AWSCURRENT"])
        self.assertEqual(secret["CreatedDate"].astimezone(datetime.timezone.utc),
                         datetime.datetime.fromisoformat(self.served.now()))

    def test_a_fresh_container_on_a_machine_with_presets_of_its_own(self):
        presets = {"HTTP_PROXY": "http://127.0.0.1:9", "https_proxy": "http://127.0.0.1:9",
                   "ALL_PROXY": "http://127.0.0.1:9", "NO_PROXY": "", "no_proxy": "",
                   "REQUESTS_CA_BUNDLE": "/nowhere.pem", "CURL_CA_BUNDLE": "/nowhere.pem",
                   "AWS_CA_BUNDLE": "/nowhere.pem", "SSL_CERT_FILE": "/nowhere.pem",
                   "AWS_ENDPOINT_URL": "http://127.0.0.1:9"}
        finished = subprocess.run(
            [sys.executable, served.FOLDER / "panther_runtime.py", "virustotal_rule", json.dumps(RECORD)],
            env={**os.environ, **presets}, capture_output=True, text=True, timeout=60, check=False)

        self.assertEqual((finished.returncode, finished.stderr), (0, ""))
        alert = json.loads(finished.stdout)
        self.assertEqual((alert["title"], alert["alert_context"].get("as_owner")), (TITLE, "GOOGLE"))
        self.assertEqual(len(self.served.operations()), 3)

    def test_no_request_leaves_this_machine(self):
        with self.assertRaises(redirect_to_rushhour.NotRedirected):
            requests.get("https://api.greynoise.io/v3/community/1.1.1.1", timeout=10)
        with self.assertRaises(redirect_to_rushhour.NotRedirected):
            boto3.client("s3", **self.served.key_of(self.principal)).list_buckets()


class UnitTestsRole(ClientTest):
    principal = "unit-tests"

    def test_it_may_do_the_same(self):
        self.assertEqual(run_rule()["alert_context"].get("as_owner"), "GOOGLE")
        self.assertEqual(self.served.journal()[0]["principal"], "arn:aws:iam::111122223333:role/unit-tests")


class Stranger(ClientTest):
    principal = "stranger"
    denied = ("User: arn:aws:sts::111122223333:assumed-role/stranger/stranger is not authorized to perform: "
              "sts:AssumeRole on resource: arn:aws:iam::444455556666:role/panther-secrets-access")

    def test_the_role_does_not_trust_it(self):
        self.assert_fails(custom_aws_helpers.get_credentials, "AccessDenied", 403, self.denied)

    def test_its_alert_goes_out_degraded(self):
        alert = run_rule()

        self.assertEqual(alert["title"], TITLE)
        self.assertIn("AccessDenied", alert["alert_context"]["_error"])
        self.assertEqual(self.served.operations(), ["sts:AssumeRole"])

    def test_it_may_not_read_the_secret_by_itself_either(self):
        def read():
            self.client("secretsmanager").get_secret_value(SecretId=self.served.announced["secret_arn"])

        self.assert_fails(read, "AccessDeniedException", 400, re.compile(
            r"^User: \S+/stranger is not authorized to perform: secretsmanager:GetSecretValue on resource: "))


class ExpiredSessions(ClientTest):
    def read(self, credentials):
        return custom_aws_helpers.get_stored_secret(credentials, SECRET)

    def test_the_assumed_role_ends_after_an_hour(self):
        credentials = custom_aws_helpers.get_credentials()
        self.served.advance("59m59s")
        self.read(credentials)
        self.served.advance("1h")

        self.assert_fails(lambda: self.read(credentials), "ExpiredTokenException", 400, EXPIRED_TOKEN)

        self.read(custom_aws_helpers.get_credentials())  # the engine's own session lasts 12 hours

    def test_the_engines_own_session_ends_after_twelve_hours(self):
        self.served.advance("13h")

        self.assert_fails(custom_aws_helpers.get_credentials, "ExpiredToken", 403, EXPIRED_TOKEN)

    def test_fresh_credentials_work_when_the_engines_own_session_has_ended(self):
        self.served.advance("13h")
        self.served.renew()
        self.become("detections-engine")

        self.read(custom_aws_helpers.get_credentials())


class VirusTotal(ClientTest):
    url = f"https://www.virustotal.com/api/v3/ip_addresses/{GUIDES_ADDRESS}"

    def key(self):
        secret = custom_aws_helpers.get_stored_secret(custom_aws_helpers.get_credentials(), SECRET)
        return secret["SecretString"]

    def look_up(self, **headers):
        return requests.get(self.url, headers=headers, timeout=10)

    def test_the_fifth_look_up_in_a_minute_is_refused_as_recorded(self):
        headers = {"x-apikey": self.key()}
        self.assertEqual([self.look_up(**headers).status_code for _ in range(4)], [200] * 4)

        answer = self.look_up(**headers)

        self.assertEqual((answer.status_code, answer.reason), (429, "Too Many Requests"))
        self.assertEqual(answer.content, QUOTA_EXCEEDED)
        self.assertEqual(len(answer.content), 98)
        self.assertEqual(answer.headers["Content-Type"], "application/json; charset=utf-8")
        telling = re.compile("retry-after|x-ratelimit|x-api-quota|x-rushhour", re.IGNORECASE)
        self.assertEqual(list(filter(telling.match, answer.headers)), [], "headers that tell of the quota")

    def test_past_the_quota_the_alert_goes_out_degraded_after_one_attempt(self):
        contexts = [run_rule()["alert_context"] for _ in range(5)]

        self.assertEqual([context.get("as_owner") for context in contexts], ["GOOGLE"] * 4 + [None])
        self.assertIsNone(virustotal_rule.alert_context(panther_runtime.Event(RECORD)))
        self.assertEqual(list(contexts[4]), ["_error"])
        self.assertIn("NoneType", contexts[4]["_error"])
        look_ups = [call for call in self.served.journal() if call["operation"] == "virustotal:ip_addresses"]
        self.assertEqual([call["outcome"] for call in look_ups], ["ok"] * 4 + ["throttled"] * 2)

        self.served.advance("1m")
        self.assertEqual(run_rule()["alert_context"].get("as_owner"), "GOOGLE")

    def test_a_key_that_is_wrong(self):
        answer = self.look_up(**{"x-apikey": "0" * 64})

        self.assertEqual(answer.status_code, 401)
        self.assertEqual(answer.json(), {"error": {"code": "WrongCredentialsError", "message": "Wrong API key"}})

    def test_a_key_that_is_missing(self):
        answer = self.look_up()

        self.assertEqual(answer.status_code, 401)
        self.assertEqual(answer.json(), {"error": {"code": "AuthenticationRequiredError",
                                                   "message": "X-Apikey header is missing"}})

    @unittest.skipUnless(shutil.which("curl"), "there is no curl on this machine")
    def test_curl_as_a_third_client(self):
        def curl(*arguments):
            done = subprocess.run(["curl", "--disable", "--silent", "--show-error", "--noproxy", "*", *arguments],
                                  capture_output=True, text=True, timeout=10, check=False)
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            return json.loads(done.stdout)

        admin = self.served.announced["admin"]
        report = curl(f"{self.served.announced['virustotal']}/ip_addresses/{GUIDES_ADDRESS}",
                      "--header", f"x-apikey: {self.key()}")
        journal = curl(f"{admin}/journal?limit=1")
        moved = curl(f"{admin}/clock", "--data", '{"advance":"1h"}')
        reset = curl("--request", "POST", f"{admin}/reset")

        self.assertEqual(report["data"]["attributes"]["as_owner"], "GOOGLE")
        self.assertEqual([call["operation"] for call in journal["calls"]], ["virustotal:ip_addresses"])
        self.assertEqual(moved["now"], reset["reset"])
        self.assertEqual(self.served.journal(), [])


class Throttled(ClientTest):
    per_second = 600  # for the account, by all its roles together

    def exhaust(self):
        """Uses up the second of the engine's account at the global endpoint, which this boto3 calls: one signed request of
        a neighbour's, sent again and again."""
        key = self.served.key_of("stranger")
        body = "Action=GetCallerIdentity&Version=2011-06-15"
        host = "sts.amazonaws.com"
        request = botocore.awsrequest.AWSRequest(
            "POST", f"http://{host}/", data=body, headers={"Content-Type": "application/x-www-form-urlencoded"})
        botocore.auth.SigV4Auth(
            botocore.credentials.Credentials(key["aws_access_key_id"], key["aws_secret_access_key"],
                                             key["aws_session_token"]), "sts", "us-east-1").add_auth(request)
        connection = http.client.HTTPConnection(self.served.url.removeprefix("http://"), timeout=10)
        statuses = []
        for _ in range(self.per_second):
            connection.request("POST", "/", body, {**dict(request.headers), "Host": host})
            answer = connection.getresponse()
            answer.read()
            statuses.append(answer.status)
        connection.close()
        self.assertEqual(statuses, [200] * self.per_second)

    def test_boto3_sends_five_requests_and_gives_up(self):
        self.exhaust()
        waits = []

        with mock.patch("botocore.endpoint.time.sleep", waits.append):
            self.assert_fails(custom_aws_helpers.get_credentials, "Throttling", 400, "Rate exceeded",
                              requests_sent=5)

        # botocore's legacy retries: up to 1, 2, 4, 8 s.
        self.assertEqual(len(waits), 4)
        for wait, wait_max in zip(waits, (1, 2, 4, 8)):
            self.assertTrue(0 <= wait <= wait_max, waits)
        refused = self.served.journal()[-5:]
        self.assertEqual({(call["operation"], call["outcome"]) for call in refused},
                         {("sts:AssumeRole", "throttled")})

    def test_a_retry_in_the_next_second_succeeds(self):
        self.exhaust()

        with mock.patch("botocore.endpoint.time.sleep", lambda wait: self.served.advance("1s")):
            answer = boto3.client("sts").assume_role(
                RoleArn=custom_aws_helpers.ROLE_ARN, RoleSessionName="PantherDetections")

        self.assertEqual(answer["ResponseMetadata"]["RetryAttempts"], 1)


class WrongCredentials(ClientTest):
    def assume(self, **changed):
        sts = self.client("sts", **changed)
        return lambda: sts.assume_role(RoleArn=custom_aws_helpers.ROLE_ARN, RoleSessionName="PantherDetections")

    def read(self, **changed):
        secrets_manager = self.client("secretsmanager", **changed)
        return lambda: secrets_manager.get_secret_value(SecretId=SECRET)

    def test_a_secret_key_that_is_wrong(self):
        wrong = {"aws_secret_access_key": "x" * 40}
        text = re.compile("^" + re.escape(WRONG_SIGNATURE))

        self.assert_fails(self.assume(**wrong), "SignatureDoesNotMatch", 403, text)
        self.assert_fails(self.read(**wrong), "InvalidSignatureException", 400, text)

    def test_an_access_key_that_is_unknown(self):
        wrong = {"aws_access_key_id": "ASIAAAAAAAAAAAAAAAAA"}

        self.assert_fails(self.assume(**wrong), "InvalidClientTokenId", 403, INVALID_TOKEN)
        self.assert_fails(self.read(**wrong), "UnrecognizedClientException", 400, INVALID_TOKEN)

    def test_a_session_token_that_is_missing_or_of_another_session(self):
        for token in (None, self.served.key_of("stranger")["aws_session_token"]):
            with self.subTest(token=token):
                wrong = {"aws_session_token": token}
                self.assert_fails(self.assume(**wrong), "InvalidClientTokenId", 403, INVALID_TOKEN)
                self.assert_fails(self.read(**wrong), "UnrecognizedClientException", 400, INVALID_TOKEN)

    def test_a_clock_that_is_six_minutes_off(self):
        expired = re.compile(r"^Signature expired: (\S+) is now earlier than (\S+) \((\S+) - 5 min\.\)$")
        early = re.compile(
            r"^Signature not yet current: (\S+) is still later than (\S+) \((\S+) \+ 5 min\.\)$")
        for minutes, text in ((-6, expired), (6, early)):
            patch, signed = signing_clock_off(datetime.timedelta(minutes=minutes))
            with self.subTest(minutes=minutes), patch:
                self.assert_fails(self.read(), "InvalidSignatureException", 400, text)
                answer = self.assert_fails(self.assume(), "SignatureDoesNotMatch", 403, text)

                signed_at, bound, server = (datetime.datetime.strptime(time, "%Y%m%dT%H%M%SZ")
                                            for time in text.match(answer["Error"]["Message"]).groups())
                self.assertEqual(signed_at, signed[-1].replace(microsecond=0))
                self.assertEqual(bound - server, datetime.timedelta(minutes=5 if minutes > 0 else -5))
                self.assertLess(abs(server - datetime.datetime.utcnow()), datetime.timedelta(minutes=1))

    def test_a_clock_that_is_four_minutes_off_will_do(self):
        for minutes in (-4, 4):
            with self.subTest(minutes=minutes), signing_clock_off(datetime.timedelta(minutes=minutes))[0]:
                self.assume()()
                self.assert_fails(self.read(), "AccessDeniedException", 400, re.compile("is not authorized"))


class AdminInterface(ClientTest):
    def refused(self, status, method, path, **options):
        answer = self.served.admin(method, path, **options)
        self.assertEqual(answer.status_code, status, answer.text)
        self.assertEqual(set(answer.json()["error"]), {"message", "expected", "saw"})
        return answer

    def test_mistakes_say_what_was_expected_and_seen(self):
        for body in ("", "1h", "{}", '{"advance":3600}', '{"advance":"soon"}', '{"advance":"-1h"}',
                     '{"advance":"1"}', '{"advance":""}', '{"advance":"1h"} and more', '{"go":"1h"}',
                     '{"advance":"1h","go":1}'):
            with self.subTest(body=body):
                error = self.refused(400, "POST", "clock", data=body).json()["error"]
                self.assertIn('{"advance":"1h"}', error["expected"])
                self.assertEqual(error["saw"], body)
        for query in ("limit=x", "limit=-1", "limit=", "most=3"):
            with self.subTest(query=query):
                error = self.refused(400, "GET", f"journal?{query}").json()["error"]
                self.assertEqual(error["saw"], query)
        error = self.refused(404, "GET", "jurnal").json()["error"]
        self.assertEqual(error["saw"], "/_rushhour/jurnal")
        self.assertIn("/_rushhour/journal", error["expected"])
        self.assertEqual(self.refused(405, "GET", "reset").headers["Allow"], "POST")
        self.assertEqual(self.refused(405, "DELETE", "clock").headers["Allow"], "GET, POST")

    def test_the_clock_stands_still_until_it_is_advanced_and_never_runs_out(self):
        before = datetime.datetime.fromisoformat(self.served.now())
        self.assertEqual(self.served.now(), self.served.now())

        self.served.advance("1d2h3m4s5ms")

        after = datetime.datetime.fromisoformat(self.served.now())
        self.assertEqual(after - before, datetime.timedelta(days=1, hours=2, minutes=3, seconds=4, milliseconds=5))
        self.refused(400, "POST", "clock", json={"advance": "106000d"})
        self.assertEqual(datetime.datetime.fromisoformat(self.served.now()), after)

    def test_reset_empties_the_journal_and_refills_the_quotas(self):
        self.assertEqual([run_rule()["alert_context"].get("asn") for _ in range(5)], [15169] * 4 + [None])

        self.served.reset()

        self.assertEqual(self.served.journal(), [])
        self.assertEqual(run_rule()["alert_context"].get("asn"), 15169)  # and roles, sessions and secrets are kept
        self.assertEqual(len(self.served.operations()), 3)

    def test_it_is_in_no_journal(self):
        self.served.now()
        self.served.advance("1s")
        self.served.reset()

        self.assertEqual(self.served.journal(), [])


class Process(ClientTest):
    def test_it_announces_itself_in_one_line(self):
        announced = self.served.announced
        self.assertEqual(announced["format"], "rushhour.serve/1")
        self.assertEqual(announced["role_arn"], custom_aws_helpers.ROLE_ARN)
        self.assertEqual(announced["region"], custom_aws_helpers.REGION)
        self.assertEqual(announced["secret_id"], SECRET)
        self.assertEqual(list(announced["principals"]), ["detections-engine", "unit-tests", "stranger"])

        self.assertEqual(self.served.stop(), (0, "", ""))

    def test_sigterm_ends_it_though_clients_are_idle(self):
        connections = [http.client.HTTPConnection(self.served.url.removeprefix("http://"), timeout=10)
                       for _ in range(3)]
        for connection in connections:
            self.addCleanup(connection.close)
            connection.request("GET", "/_rushhour/clock")
            self.assertEqual(connection.getresponse().read()[:7], b'{"now":')

        started = time.perf_counter()
        self.assertEqual(self.served.stop(), (0, "", ""))
        self.assertLess(time.perf_counter() - started, served.Served.STOP_TIMEOUT_S)

    def refused_port(self, port):
        done = subprocess.run([served.RUSHHOUR, "serve", "--port", port], capture_output=True, text=True,
                              timeout=10, check=False)
        self.assertEqual((done.returncode, done.stdout), (2, ""), done.stderr)
        self.assertNotIn("internal error", done.stderr)
        return done.stderr

    def test_a_port_that_is_taken_is_a_mistake_of_the_user(self):
        port = self.served.url.rpartition(":")[2]
        self.assertIn(f"127.0.0.1:{port}", self.refused_port(port))

    def test_a_port_that_is_none(self):
        for port in ("65536", "-1", "http"):
            with self.subTest(port=port):
                self.assertIn("--port", self.refused_port(port))


def tearDownModule():
    if served.START_MS:
        print(f"\nrushhour serve: {statistics.median(served.START_MS):.0f} ms from start to first answer "
              f"(median of {len(served.START_MS)})", file=sys.stderr)


if __name__ == "__main__":
    # boto3's clients close their connections when they are collected, of which Python would warn.
    unittest.main(warnings="ignore")
