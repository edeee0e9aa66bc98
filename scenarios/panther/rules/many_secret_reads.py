def rule(event):
    return event.get("eventName") == "GetSecretValue" and not event.get("errorCode")


def title(event):
    return f"{event.udm('actor_user')} reads secrets in quick succession"


def dedup(event):
    return event.deep_get("userIdentity", "arn", default="")


def severity(event):
    # People at a console have a browser; what reads by the dozen has not.
    return "DEFAULT" if "Mozilla" in event.udm("user_agent", default="") else "HIGH"


def alert_context(event):
    return {"arn": event.deep_get("userIdentity", "arn"), "source": event.udm("source_ip")}
