def rule(event):
    return event.get("eventName") == "GetSecretValue"


def title(event):
    return f"A secret was read by {event.deep_get('userIdentity', 'arn')}"
