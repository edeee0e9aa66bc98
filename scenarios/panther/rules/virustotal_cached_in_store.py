from panther_kv_helpers import get_dictionary, put_dictionary
from virustotal_helpers import fetch_report, get_api_key

# How somebody finds out what stolen credentials are good for.
WATCHED = {"AssumeRole", "BatchGetSecretValue", "GetCallerIdentity", "GetSecretValue"}
REPORT_TTL_SECONDS = 60 * 60


def rule(event):
    return event.get("eventName") in WATCHED


def title(event):
    return f"{event.get('eventName')} from {event.udm('source_ip')}"


def dedup(event):
    return event.udm("source_ip", default="")


def alert_context(event):
    address = event.udm("source_ip")
    key = f"virustotal:{address}"
    # Expired reports stay in the table for up to two days.
    known = get_dictionary(key, force_ttl_check=True)
    if known:
        return known
    report = fetch_report(address, get_api_key())
    if report is not None:
        put_dictionary(key, report, epoch_seconds=event.event_time_epoch() + REPORT_TTL_SECONDS)
    return report
