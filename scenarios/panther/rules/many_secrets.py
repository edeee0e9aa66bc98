def rule(event):
    return event.get("eventName") == "GetSecretValue" and not event.get("errorCode")


def unique(event):
    return event.deep_get("requestParameters", "secretId")


def title(event):
    return f"{event.udm('actor_user')} reads many secrets"


def dedup(event):
    return event.deep_get("userIdentity", "arn", default="")
