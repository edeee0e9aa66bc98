"""A `rushhour serve` of a test's own, and the environment of a detection beside it."""

import json
import os
import select
import subprocess
import sys
import time
from pathlib import Path

import requests

FOLDER = Path(__file__).resolve().parent
ADMINISTRATOR = ("--admin-key", "AKIAIOSFODNN7EXAMPLE:wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")  # AWS's own example
# The administrator beside scenarios/states/two-accounts.json, in the account that has its rotation functions.
WITH_FUNCTIONS = ("--state", "scenarios/states/two-accounts.json", "--admin-account", "345678901234",
                  "--admin-key", "AKIARUSHHOUR00000001:any-secret")
START_MS = []  # from starting the program to its first answer, one for each server


def _executable():
    """$RUSHHOUR, else the newest build."""
    if "RUSHHOUR" in os.environ:
        return os.environ["RUSHHOUR"]
    build = FOLDER.parents[1] / "build"
    builds = [path for path in build.glob("*/rushhour") if path.is_file()]
    if not builds:
        sys.exit(f"There is no rushhour in {build}/*: build one, or name it by RUSHHOUR=FILE.")
    return str(max(builds, key=lambda path: path.stat().st_mtime))


RUSHHOUR = _executable()  # once, because tests change the environment


class Served:
    """The process and its admin interface. Its clock stands still unless a test advances it."""

    LINE_TIMEOUT_S = 10
    STOP_TIMEOUT_S = 2

    def __init__(self, *options):
        started = time.perf_counter()
        self.process = subprocess.Popen(
            [RUSHHOUR, "serve", "--clock", "virtual", "--port", "0", *options],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        try:
            if not select.select([self.process.stdout], [], [], self.LINE_TIMEOUT_S)[0]:
                raise TimeoutError(f"rushhour serve printed nothing for {self.LINE_TIMEOUT_S} s")
            self.announced = json.loads(self.process.stdout.readline())
            self.url = self.announced["sts"]
            self.session = requests.Session()
            self.session.trust_env = False
            self.now()
        except BaseException:
            self.process.kill()
            self.process.communicate()
            raise
        START_MS.append((time.perf_counter() - started) * 1000)

    def stop(self):
        """SIGTERM. The exit code, and what it printed after its first line and to standard error."""
        self.process.terminate()
        try:
            out, err = self.process.communicate(timeout=self.STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.communicate()
            raise
        finally:
            self.session.close()
        return self.process.returncode, out, err

    def admin(self, method, path, **options):
        return self.session.request(
            method, f"{self.announced['admin']}/{path}", timeout=10, **options)

    def now(self):
        answer = self.admin("GET", "clock")
        answer.raise_for_status()
        return answer.json()["now"]

    def advance(self, length):
        self.admin("POST", "clock", json={"advance": length}).raise_for_status()

    def reset(self):
        self.admin("POST", "reset").raise_for_status()

    def renew(self):
        """Takes fresh credentials for all principals, as Lambda gives them to its functions."""
        answer = self.admin("GET", "principals")
        answer.raise_for_status()
        self.announced["principals"] = answer.json()["principals"]

    def journal(self):
        answer = self.admin("GET", "journal", params={"limit": 10_000})
        answer.raise_for_status()
        return answer.json()["calls"]

    def function(self, name):
        """The ARN of a rotation function of a world that was started with WITH_FUNCTIONS."""
        return next(arn for arn in self.announced["rotation_functions"] if arn.endswith(f":function:{name}"))

    def operations(self):
        """What reached the services, in order: `sts:AssumeRole` and so on."""
        return [call["operation"] for call in self.journal()]

    def key_of(self, principal):
        """How boto3.client() takes the credentials of `detections-engine`, `unit-tests`, `stranger` or, of a world
        that was started with ADMINISTRATOR or WITH_FUNCTIONS, `administrator`."""
        if principal == "administrator":
            key = self.announced["admin_key"]
            return {"aws_access_key_id": key["access_key_id"], "aws_secret_access_key": key["secret_access_key"],
                    "aws_session_token": None}
        credentials = self.announced["principals"][principal]
        return {"aws_access_key_id": credentials["access_key_id"],
                "aws_secret_access_key": credentials["secret_access_key"],
                "aws_session_token": credentials["session_token"]}

    def environment(self, principal):
        """Of a Lambda that runs detections as `principal`, and nothing of this machine's own.

        Machines preset proxies, certificate bundles and AWS profiles, any of which leads a client elsewhere.
        """
        key = self.key_of(principal)
        environment = {"PATH": os.environ.get("PATH", os.defpath),
                "PYTHONPATH": str(FOLDER),
                "PYTHONDONTWRITEBYTECODE": "1",
                "AWS_REGION": self.announced["region"],
                "AWS_DEFAULT_REGION": self.announced["region"],
                "AWS_ACCESS_KEY_ID": key["aws_access_key_id"],
                "AWS_SECRET_ACCESS_KEY": key["aws_secret_access_key"],
                "AWS_CONFIG_FILE": os.devnull,
                "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
                "AWS_EC2_METADATA_DISABLED": "true",
                "NO_PROXY": "127.0.0.1,localhost",
                "no_proxy": "127.0.0.1,localhost",
                "RUSHHOUR_STS": self.announced["sts"],
                "RUSHHOUR_SECRETSMANAGER": self.announced["secretsmanager"],
                "RUSHHOUR_VIRUSTOTAL": self.url}
        if key["aws_session_token"] is not None:
            environment["AWS_SESSION_TOKEN"] = key["aws_session_token"]
        return environment
