import json

from panther_kv_helpers import add_to_string_set, get_string_set

# How long an identity is remembered to have read a secret.
REMEMBERED_SECONDS = 15 * 24 * 60 * 60


def store_key(event):
    return f"first-secret-read:{event.deep_get('userIdentity', 'arn')}"


def rule(event):
    if event.get("eventName") != "GetSecretValue" or event.get("errorCode"):
        return False
    secret = event.deep_get("requestParameters", "secretId")
    if not secret:
        return False
    key = store_key(event)
    read_before = get_string_set(key, force_ttl_check=True)
    if isinstance(read_before, str):
        # A mock of Panther's console can only be text.
        read_before = set(json.loads(read_before))
    if secret in read_before:
        return False
    add_to_string_set(key, secret, epoch_seconds=event.event_time_epoch() + REMEMBERED_SECONDS)
    return True


def title(event):
    secret = event.deep_get("requestParameters", "secretId")
    return f"{event.udm('actor_user')} read {secret} for the first time"


def dedup(event):
    return event.deep_get("userIdentity", "arn", default="")


def alert_context(event):
    return {
        "arn": event.deep_get("userIdentity", "arn"),
        "secret": event.deep_get("requestParameters", "secretId"),
        "source": event.udm("source_ip"),
        "agent": event.udm("user_agent"),
    }
