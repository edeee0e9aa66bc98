"""Pytest plugin: each test has the world of `rushhour exec` as if it were new, and answers for its own calls.

    rushhour exec --max-calls virustotal=1 -- pytest

`rushhour exec` loads it by itself; else `pytest -p rushhour_pytest` with this folder on PYTHONPATH and, of a
`rushhour serve`, RUSHHOUR_ADMIN=http://127.0.0.1:PORT/_rushhour. Without that variable it does nothing.

* Before each test, its fixtures included, the journal is emptied and all quotas are filled. What a fixture of wider
  scope calls counts for the first test that uses it.
* What exists (roles, secrets, keys, verdicts) stays from test to test, unless a test wants it as it was at first:

      @pytest.mark.rushhour_initial_state

* A test that sends more requests than --max-calls (or RUSHHOUR_MAX_CALLS) allows fails, and says which. It can have
  limits of its own:

      @pytest.mark.rushhour_max_calls(virustotal=0, **{"sts.AssumeRole": 2})

* Budgets of `rushhour exec --scenario` are judged once, over the calls of all tests: filling quotas does not begin them
  anew.
* Tests that fail for any reason show what they called.
* The fixture `rushhour` looks into the world: `rushhour.count("virustotal")`, `rushhour.calls()`,
  `rushhour.advance("1h")`; `rushhour.control("POST", "faults", {...})` is every route of fakes/README.md.

It needs pytest 6.2 or newer, and nothing else. One world cannot tell tests that run at a time apart: not with -n of
pytest-xdist.
"""

import json
import os
import urllib.parse
import urllib.request

import pytest

_TIMEOUT_S = 10
_JOURNAL_MAX = 10_000  # what a world keeps
_MARKER = "rushhour_max_calls"
_INITIAL = "rushhour_initial_state"


class World:
    """The control interface of a served world."""

    def __init__(self, admin):
        self._admin = admin
        # Not by the proxy of the environment, which is the world's own.
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def _ask(self, method, path, body=None, headers=None):
        request = urllib.request.Request(
            f"{self._admin}/{path}", method=method, headers=headers or {},
            data=None if body is None else json.dumps(body).encode())
        with self._opener.open(request, timeout=_TIMEOUT_S) as answer:
            return json.load(answer)

    def reset(self, test="", has_own_limits=False, to_initial_state=False):
        """Empties the journal and fills the quotas; and puts back what existed at first, if that is wanted. The next
        calls are those of `test`, which is held to the --max-calls of `rushhour exec` unless it has limits of its
        own."""
        name = test.encode("ascii", "backslashreplace").decode().replace("\n", " ").replace("\r", " ")
        own = {"x-rushhour-own-limits": "yes"} if has_own_limits else {}
        path = "reset?state=initial" if to_initial_state else "reset"
        self._ask("POST", path, headers={"x-rushhour-test": name, **own})

    def advance(self, length):
        """Moves the world's clock on: `"90s"`, `"1h"`. The machine's clock stays."""
        return self._ask("POST", "clock", {"advance": length})["now"]

    def calls(self, name=""):
        """The requests of this test so far, oldest first; of a service (`virustotal`) or operation
        (`sts.AssumeRole`) where one is named. Each has operation, status, outcome, code, account and more."""
        calls = self._ask("GET", f"journal?{urllib.parse.urlencode({'limit': _JOURNAL_MAX})}")["calls"]
        return [call for call in calls if _is_of(call, name)]

    def count(self, name=""):
        """How many they are."""
        return len(self.calls(name))

    def control(self, method, path, body=None):
        """Any route of fakes/README.md: `rushhour.control("POST", "faults", {"service": "sts", "answer": "hang"})`.
        The answer's JSON."""
        return self._ask(method, path, body)


def _is_of(call, name):
    service, _, operation = name.replace(".", ":", 1).partition(":")
    called_service, _, called = call["operation"].partition(":")
    return (not service or service == called_service) and (not operation or operation == called)


def _in_words(call):
    who = f" by {call['account']}" if call["account"] else ""
    code = f" {call['code']}" if call["code"] else ""
    return f"{call['operation']} {call['status']}{code}{who}"


def _limits_of(item):
    """The test's own limits, else those of the command line."""
    marker = item.get_closest_marker(_MARKER)
    if marker is not None:
        return dict(marker.kwargs)
    limits = {}
    for part in filter(None, os.environ.get("RUSHHOUR_MAX_CALLS", "").split(",")):
        name, _, limit = part.partition("=")
        limits[name] = int(limit)
    return limits


class _Plugin:
    def __init__(self, world):
        self.world = world

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item):
        self.world.reset(item.nodeid, item.get_closest_marker(_MARKER) is not None,
                         item.get_closest_marker(_INITIAL) is not None)

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_makereport(self, item, call):
        outcome = yield
        report = outcome.get_result()
        if call.when != "call":
            return
        broken = []
        for name, limit in _limits_of(item).items():
            count = self.world.count(name)
            if count > limit:
                broken.append(f"{count} requests to {name}, and at most {limit} allowed")
        if broken and report.passed:
            report.outcome = "failed"
            report.longrepr = f"rushhour: {item.nodeid} sent " + "; ".join(broken)
        if report.failed:
            lines = [_in_words(each) for each in self.world.calls()]
            report.sections.append(("Calls to rushhour", "\n".join(lines) or "none"))

    def pytest_sessionfinish(self):
        self.world.reset()  # what comes behind the last test is not its own

    @pytest.fixture
    def rushhour(self):
        """The world that this test calls."""
        return self.world


class _Absent:
    @pytest.fixture
    def rushhour(self):
        """The world that this test calls."""
        pytest.skip("no world: run by `rushhour exec -- pytest`")


def pytest_configure(config):
    config.addinivalue_line(
        "markers", f"{_MARKER}(service=N, ...): how many requests the test may send to the fakes")
    config.addinivalue_line("markers", f"{_INITIAL}: what exists in the fakes is as it was at first")
    admin = os.environ.get("RUSHHOUR_ADMIN")
    if admin is not None and "PYTEST_XDIST_WORKER" in os.environ:
        raise pytest.UsageError("rushhour: one world cannot tell tests that run at a time apart; run without -n")
    config.pluginmanager.register(_Plugin(World(admin)) if admin else _Absent(), "rushhour-world")
