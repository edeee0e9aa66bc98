"""As much of Panther's runtime as one rule needs, for tests outside of Panther.

It knows the order of a rule's functions and what becomes of their failures (spec panther.md 1.1 and 1.2). It has no
deduplication, thresholds or destinations, and its data model has the one name that our rule asks for.

As a program it runs one rule on one event, as a fresh container would, and prints the outcome as JSON:

    python3 panther_runtime.py virustotal_rule '{"eventName": "GetSecretValue", ...}'
"""

import importlib
import json
import sys
from collections.abc import Mapping

from panther_base_helpers import deep_get

# Names of the unified data model, as Panther's data model for AWS.CloudTrail maps them.
CLOUDTRAIL_DATA_MODEL = {"source_ip": "sourceIPAddress"}


class Event(Mapping):
    """A log event as rules see it: read-only."""

    def __init__(self, record):
        self._record = record

    def __getitem__(self, key):
        return self._record[key]

    def __iter__(self):
        return iter(self._record)

    def __len__(self):
        return len(self._record)

    def deep_get(self, *keys, default=None):
        return deep_get(self._record, *keys, default=default)

    def udm(self, name, default=None):
        return self._record.get(CLOUDTRAIL_DATA_MODEL[name]) or default


def run(rule, event):
    """One event through one rule: None when it does not match, else the alert's title and context.

    An alert_context() that raises or returns no mapping does not stop the alert; it goes out with `_error` instead.
    """
    matches = rule.rule(event)
    if not isinstance(matches, bool):
        raise TypeError(f"rule() returned {type(matches).__name__}, expected bool")
    if not matches:
        return None
    alert = {"title": rule.title(event)}
    try:
        context = rule.alert_context(event)
        if not isinstance(context, Mapping):
            raise TypeError(f"alert_context() returned {type(context).__name__}, expected a mapping")
        alert["alert_context"] = context
    except Exception as error:  # pylint: disable=broad-except  # as the engine does
        alert["alert_context"] = {"_error": repr(error)}
    return alert


if __name__ == "__main__":
    print(json.dumps(run(importlib.import_module(sys.argv[1]), Event(json.loads(sys.argv[2])))))
