"""VirusTotal's opinion of addresses, asked for as rarely as a container's memory allows.

What is kept here lives as long as the container: rules are loaded anew every few minutes, helpers are not.
"""

from datetime import datetime, timedelta, timezone

import requests
from custom_boto3_helpers import get_aws_credentials, get_stored_secret
from panther_base_helpers import deep_get

SECRET_ID = "panther-secrets/virus-total"
# Temporary credentials are renewed this long before they expire, so that the call that uses them finds them good.
RENEWAL_MARGIN = timedelta(minutes=5)
REPORT_TTL = timedelta(hours=1)
REPORTS_MAX = 10_000

_CREDENTIALS = {}
_KEYS = {}
_REPORTS = {}


def get_api_key():
    """The key, asked for once for each set of credentials."""
    now = datetime.now(timezone.utc)
    if not _CREDENTIALS or _CREDENTIALS["Expiration"] - RENEWAL_MARGIN <= now:
        _CREDENTIALS.update(get_aws_credentials())
        _KEYS.clear()
    if SECRET_ID not in _KEYS:
        _KEYS[SECRET_ID] = get_stored_secret(_CREDENTIALS, SECRET_ID)["SecretString"]
    return _KEYS[SECRET_ID]


def fetch_report(address, api_key):
    """The attributes of VirusTotal's report; None when it refuses, since its answer then has no data."""
    url = f"https://www.virustotal.com/api/v3/ip_addresses/{address}"
    headers = {"x-apikey": api_key, "Content-Type": "application/json"}
    response = requests.get(url, headers=headers).json()
    return deep_get(response, "data", "attributes")


def get_cached_report(address):
    """As fetch_report(), once an hour for each address. Refusals are not kept."""
    now = datetime.now(timezone.utc)
    known = _REPORTS.get(address)
    if known and now - known["at"] < REPORT_TTL:
        return known["report"]
    report = fetch_report(address, get_api_key())
    if report is not None:
        if len(_REPORTS) >= REPORTS_MAX:
            # Dictionaries keep their order: the first one has been there longest.
            _REPORTS.pop(next(iter(_REPORTS)))
        _REPORTS[address] = {"at": now, "report": report}
    return report
