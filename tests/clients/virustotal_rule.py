"""A secret was read: what VirusTotal says about the address that read it goes into the alert."""

import requests
from custom_aws_helpers import get_credentials, get_stored_secret
from panther_base_helpers import deep_get


def rule(event):
    return (
        event.get("eventSource") == "secretsmanager.amazonaws.com"
        and event.get("eventName") == "GetSecretValue"
    )


def title(event):
    secret = event.deep_get("requestParameters", "secretId", default="<unknown>")
    return f"Secret {secret} was read from {event.udm('source_ip')}"


def alert_context(event):
    secret = get_stored_secret(get_credentials(), "panther-secrets/virus-total")
    response = requests.get(
        f"https://www.virustotal.com/api/v3/ip_addresses/{event.udm('source_ip')}",
        headers={"x-apikey": secret["SecretString"], "Content-Type": "application/json"},
        timeout=10,
    )
    return deep_get(response.json(), "data", "attributes")
