"""Unit tests of a detection, as its author would write them against the real hosts; exec_test.py runs them. Not part of
this folder's own tests."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import panther_runtime  # noqa: E402
import virustotal_rule  # noqa: E402

RECORD = {"eventSource": "secretsmanager.amazonaws.com", "eventName": "GetSecretValue",
          "sourceIPAddress": "35.216.199.51", "requestParameters": {"secretId": "payroll"}}


def alert(record=None):
    return panther_runtime.run(virustotal_rule, panther_runtime.Event(record or RECORD))


def test_an_alert_has_the_verdict(rushhour):
    assert alert()["alert_context"]["as_owner"] == "GOOGLE"
    assert [call["operation"] for call in rushhour.calls()] == [
        "sts:AssumeRole", "secretsmanager:GetSecretValue", "virustotal:ip_addresses"]


def test_other_events_cost_nothing(rushhour):
    assert alert({**RECORD, "eventName": "ListSecrets"}) is None
    assert rushhour.count() == 0


def test_each_test_has_the_quota_to_itself(rushhour):
    assert rushhour.count() == 0
    for _ in range(4):
        assert "_error" not in alert()["alert_context"]


@pytest.mark.rushhour_max_calls(virustotal=5)
def test_the_quota_fills_up_with_time(rushhour):
    for _ in range(4):
        alert()
    rushhour.advance("1m")
    assert "_error" not in alert()["alert_context"]
    assert rushhour.count("virustotal") == 5
