import requests
from custom_boto3_helpers import get_aws_credentials, get_stored_secret
from panther_base_helpers import deep_get

# How somebody finds out what stolen credentials are good for.
WATCHED = {"AssumeRole", "BatchGetSecretValue", "GetCallerIdentity", "GetSecretValue"}


def rule(event):
    return event.get("eventName") in WATCHED


def title(event):
    return f"{event.get('eventName')} from {event.udm('source_ip')}"


def dedup(event):
    return event.udm("source_ip", default="")


def alert_context(event):
    credentials = get_aws_credentials()
    secret = get_stored_secret(credentials, "panther-secrets/virus-total")
    api_key = secret.get("SecretString")

    url = f"https://www.virustotal.com/api/v3/ip_addresses/{event.udm('source_ip')}"
    headers = {"x-apikey": api_key, "Content-Type": "application/json"}

    response = requests.get(url, headers=headers).json()

    return deep_get(response, "data", "attributes")
