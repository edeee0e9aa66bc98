"""Sends what boto3 and requests send to the real services to a `rushhour serve` instead. For tests only.

A request is redirected where it leaves the library: it is written, signed and addressed (Host) for the real service,
and only the connection goes elsewhere. So a detection stays as it is written, hosts and all, and what the fake verifies
is the signature of the real request. Debian's boto3 1.26 ignores the variables AWS_ENDPOINT_URL_* that newer ones take.

    RUSHHOUR_STS, RUSHHOUR_SECRETSMANAGER, RUSHHOUR_VIRUSTOTAL   http://127.0.0.1:PORT, read at each request

A host that is neither one of these services nor this machine is refused, so that no test reaches the network.
"""

import functools
import os
import re
from urllib.parse import urlsplit

import botocore.httpsession
import requests.adapters

SERVICES = (
    (re.compile(r"sts(\.[a-z0-9-]+)?\.amazonaws\.com"), "RUSHHOUR_STS"),
    (re.compile(r"secretsmanager\.[a-z0-9-]+\.amazonaws\.com"), "RUSHHOUR_SECRETSMANAGER"),
    (re.compile(r"www\.virustotal\.com"), "RUSHHOUR_VIRUSTOTAL"),
)


class NotRedirected(RuntimeError):
    """The request would have left this machine."""


def redirected(url):
    """The address to connect to for `url`, and the host that the request names; None for this machine's own."""
    parts = urlsplit(url)
    if parts.hostname == "127.0.0.1":
        return url, None
    for host, variable in SERVICES:
        if host.fullmatch(parts.hostname):
            if variable not in os.environ:
                raise NotRedirected(f"{variable} is not set, so {url} has nowhere to go")
            target = urlsplit(os.environ[variable])
            return parts._replace(scheme=target.scheme, netloc=target.netloc).geturl(), parts.netloc
    raise NotRedirected(f"{url} is none of the services that rushhour serves")


def _redirect(request):
    request.url, host = redirected(request.url)
    if host:
        request.headers["Host"] = host


def install():
    """Patches both libraries, once for the whole process."""
    if hasattr(requests.adapters.HTTPAdapter.send, "__wrapped__"):
        return
    botocore_send = botocore.httpsession.URLLib3Session.send
    requests_send = requests.adapters.HTTPAdapter.send

    @functools.wraps(botocore_send)
    def send_for_botocore(self, request):
        _redirect(request)
        return botocore_send(self, request)

    @functools.wraps(requests_send)
    def send_for_requests(self, request, **options):
        _redirect(request)
        options["proxies"] = {}
        return requests_send(self, request, **options)

    botocore.httpsession.URLLib3Session.send = send_for_botocore
    requests.adapters.HTTPAdapter.send = send_for_requests
    # What a machine presets, and what would lead requests elsewhere.
    for name in list(os.environ):
        if name.upper() in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY") or name.startswith("AWS_ENDPOINT_URL"):
            del os.environ[name]
