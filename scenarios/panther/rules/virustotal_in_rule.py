import requests
from custom_boto3_helpers import get_aws_credentials, get_stored_secret
from panther_base_helpers import deep_get

# How somebody finds out what stolen credentials are good for.
WATCHED = {"AssumeRole", "BatchGetSecretValue", "GetCallerIdentity", "GetSecretValue"}
# How many of VirusTotal's engines must call the address malicious. With 0, all reports are of interest.
MALICIOUS_MIN = 0

REPORT = None


def look_up(address):
    credentials = get_aws_credentials()
    secret = get_stored_secret(credentials, "panther-secrets/virus-total")
    headers = {"x-apikey": secret.get("SecretString"), "Content-Type": "application/json"}
    url = f"https://www.virustotal.com/api/v3/ip_addresses/{address}"
    response = requests.get(url, headers=headers).json()
    return deep_get(response, "data", "attributes")


def rule(event):
    global REPORT
    if event.get("eventName") not in WATCHED:
        return False
    REPORT = look_up(event.udm("source_ip"))
    return REPORT["last_analysis_stats"]["malicious"] >= MALICIOUS_MIN


def title(event):
    return f"{event.get('eventName')} from {event.udm('source_ip')}"


def dedup(event):
    return event.udm("source_ip", default="")


def alert_context(event):
    return REPORT
