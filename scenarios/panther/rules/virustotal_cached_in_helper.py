from virustotal_helpers import get_cached_report

# How somebody finds out what stolen credentials are good for.
WATCHED = {"AssumeRole", "BatchGetSecretValue", "GetCallerIdentity", "GetSecretValue"}


def rule(event):
    return event.get("eventName") in WATCHED


def title(event):
    return f"{event.get('eventName')} from {event.udm('source_ip')}"


def dedup(event):
    return event.udm("source_ip", default="")


def alert_context(event):
    return get_cached_report(event.udm("source_ip"))
