def get_actor_user(event):
    """The IAM user, or else the role behind a session; of root and of strangers what identifies them."""
    identity = event.get("userIdentity") or {}
    name = identity.get("userName")
    if name:
        return name
    context = identity.get("sessionContext") or {}
    issuer = context.get("sessionIssuer") or {}
    return issuer.get("userName") or identity.get("type") or identity.get("principalId")
