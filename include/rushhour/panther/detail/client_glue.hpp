/// \file
/// The Python half of clients.hpp: where urllib3, requests and time are hooked (botocore: botocore_glue.hpp).
/// What a hook decides is written in C++ and reached as `native`; what it does to a library is written here,
/// in the library's language.
///
/// Sources: botocore 1.29.27, boto3 1.26.27, requests 2.28.1 and urllib3 1.26.12 as Debian 12 has them.
#pragma once

#include <string_view>

namespace rushhour::panther::detail {

/// What all hooks share, and those of `time` and of the random draws of back-off.
inline constexpr std::string_view common_glue = R"python(
import random
import threading
import time

patched = []
# Of one thread of Python, that is of one container: who signs the request under way, and which attempt it is.
calls = threading.local()


def patch(owner, name, replacement):
    """Puts `replacement` in place of an attribute of a module or class until restore()."""
    patched.append((owner, name, vars(owner)[name]))
    setattr(owner, name, replacement)


def restore():
    while patched:
        owner, name, before = patched.pop()
        setattr(owner, name, before)


def jitter():
    """The share of the longest delay before a retry: of the event's own random numbers, as a native client draws it."""
    drawn = native.jitter()
    return random.random() if drawn is None else drawn


def hook_time():
    system_sleep = time.sleep

    def sleep(seconds):
        if not native.sleep(seconds):
            system_sleep(seconds)

    patch(time, "sleep", sleep)
)python";

/// urllib3's exchange of one request, which botocore and requests have in common.
inline constexpr std::string_view urllib3_glue = R"python(
def hook_urllib3():
    import http.client
    import io

    import urllib3.connectionpool
    import urllib3.exceptions
    import urllib3.util.retry

    Pool = urllib3.connectionpool.HTTPConnectionPool
    make_request = Pool._make_request
    urlopen = Pool.urlopen
    wires = {}

    class Answer(io.BytesIO):
        """What urllib3 wants of an http.client.HTTPResponse that has been received."""

        version = 11

        def __init__(self, status, headers, body):
            super().__init__(body)
            self.status = status
            self.reason = http.client.responses.get(status, "")
            self.msg = http.client.HTTPMessage()
            for name, value in headers:
                self.msg[name] = value
            self.length = len(body)

        def isclosed(self):
            return self.closed

    def text_of(value):
        return value.decode("latin-1") if isinstance(value, bytes) else str(value)

    def bytes_of(body):
        if body is None:
            return b""
        if isinstance(body, str):
            return body.encode("utf-8")
        if isinstance(body, (bytes, bytearray)):
            return bytes(body)
        if hasattr(body, "read"):
            return bytes_of(body.read())
        return b"".join(bytes_of(part) for part in body)

    def over_the_wire(port, method, target, headers, body):
        """One exchange with the server before the world; a connection that it has closed is made anew."""
        for is_last in (False, True):
            wire = wires.get(port)
            if wire is None:
                wire = wires[port] = http.client.HTTPConnection("127.0.0.1", port)
                is_last = True
            try:
                wire.putrequest(method, target, skip_host=True, skip_accept_encoding=True)
                for name, value in headers:
                    wire.putheader(name, value)
                if not any(name.lower() == "content-length" for name, _ in headers):
                    wire.putheader("Content-Length", str(len(body)))
                wire.endheaders(body)
                response = wire.getresponse()
                return response.status, response.getheaders(), response.read()
            except (http.client.HTTPException, OSError):
                wire.close()
                del wires[port]
                if is_last:
                    raise

    def attempt_of(headers):
        for name, value in headers:
            if name.lower() == "amz-sdk-request":
                for part in value.split(";"):
                    key, _, number = part.strip().partition("=")
                    if key == "attempt":
                        return int(number)
        return getattr(calls, "attempt", 1)

    def urlopen_hook(pool, method, url, body=None, headers=None, retries=None, *args, **kwargs):
        calls.attempt = len(retries.history) + 1 if isinstance(retries, urllib3.util.retry.Retry) else 1
        return urlopen(pool, method, url, body, headers, retries, *args, **kwargs)

    def make_request_hook(pool, conn, method, url, timeout=None, chunked=False, **request):
        if not native.is_running():
            return make_request(pool, conn, method, url, timeout=timeout, chunked=chunked, **request)
        headers = [(name, text_of(value)) for name, value in (request.get("headers") or {}).items()]
        if not any(name.lower() == "host" for name, _ in headers):
            headers.insert(0, ("Host", pool.host))
        body = bytes_of(request.get("body"))
        seconds = None if timeout is None else timeout._read
        if not isinstance(seconds, (int, float)):
            seconds = None
        call = native.begin(pool.host, method, url, headers, body, attempt_of(headers))
        if call is None:
            raise urllib3.exceptions.LocationValueError(native.refuse_host(pool.host))
        attribution, port = call
        if port == 0:
            answer = native.handle(method, url, headers, body, attribution)
        else:
            native.open_wire(port)
            try:
                answer = over_the_wire(port, method, url, headers + [attribution], body)
            finally:
                native.open_wire(0)
        ended = native.finish(*answer, seconds)
        if ended == "timeout":
            shown = "None" if seconds is None else seconds
            raise urllib3.exceptions.ReadTimeoutError(pool, url, f"Read timed out. (read timeout={shown})")
        if ended == "reset":
            raise http.client.RemoteDisconnected("Remote end closed connection without response")
        return Answer(*answer)

    patch(Pool, "urlopen", urlopen_hook)
    patch(Pool, "_make_request", make_request_hook)
)python";

/// requests: the plain calls at the API level, the others down to urllib3.
inline constexpr std::string_view requests_glue = R"python(
def hook_requests():
    import datetime
    import http.client

    import requests
    import requests.adapters
    import requests.api
    import requests.exceptions
    import requests.models
    import requests.sessions
    import urllib3.exceptions
    from requests.structures import CaseInsensitiveDict

    Adapter = requests.adapters.HTTPAdapter
    Session = requests.sessions.Session
    request = requests.api.request
    send = Adapter.send
    make_session = Session.__init__
    plain = frozenset(("headers", "timeout", "params", "allow_redirects", "verify"))

    class NotSimulated(requests.exceptions.ConnectionError):
        pass

    class Response(requests.models.Response):
        """An answer whose parts are made when they are first asked for: a rule asks for few of them."""

        def __init__(self, status_code, answer, url, headers):
            self.status_code = status_code
            self._answer = answer
            self._asked = (url, headers)

        def __getattr__(self, name):
            # Called for what is not there yet: once, for what requests.models.Response.__init__() sets.
            if name.startswith("__") or "_answer" not in self.__dict__ or "_content" in self.__dict__:
                raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
            status_code = self.status_code
            super().__init__()
            url, headers = self._asked
            wired, seconds = native.answer_headers(self._answer)
            self.status_code = status_code
            self._content = native.answer_content(self._answer)
            self._content_consumed = True
            self.headers = CaseInsensitiveDict(wired)
            self.url = url
            self.encoding = "utf-8"
            self.reason = http.client.responses.get(status_code)
            self.elapsed = datetime.timedelta(seconds=seconds)
            self.request = requests.Request("GET", url, headers=headers).prepare()
            return object.__getattribute__(self, name)

        def json(self, **kwargs):
            if kwargs or "_content" in self.__dict__:
                return super().json(**kwargs)
            return native.answer_json(self._answer)

        def __getstate__(self):
            self.content
            return super().__getstate__()

        def __reduce__(self):
            return requests.models.Response, (), self.__getstate__()

    def fetch(url, headers, kwargs):
        """The answer at the API level; None when this is no plain GET to VirusTotal."""
        if headers is not None and type(headers) is not dict:
            return None
        timeout = kwargs.get("timeout")
        if type(timeout) is tuple and len(timeout) == 2:
            timeout = timeout[1]
        if timeout is not None and type(timeout) not in (int, float):
            return None
        answer = native.fetch(url, headers, timeout)
        if answer is None:
            return None
        status_code, held = answer
        if status_code:
            return Response(status_code, held, url, headers)
        if held:
            pool = "HTTPSConnectionPool(host='www.virustotal.com', port=443)"
            raise requests.exceptions.ReadTimeout(
                urllib3.exceptions.ReadTimeoutError(pool, url, f"Read timed out. (read timeout={timeout})")
            )
        closed = http.client.RemoteDisconnected("Remote end closed connection without response")
        raise requests.exceptions.ConnectionError(urllib3.exceptions.ProtocolError("Connection aborted.", closed))

    def request_hook(method, url, **kwargs):
        is_plain = plain.issuperset(kwargs) and not kwargs.get("params") and method.upper() == "GET"
        if is_plain and native.is_api("virustotal"):
            answer = fetch(url, kwargs.get("headers"), kwargs)
            if answer is not None:
                return answer
        return request(method, url, **kwargs)

    def send_hook(adapter, request, *args, **kwargs):
        reason = native.refuse_host(requests.compat.urlparse(request.url).hostname)
        if reason is not None:
            raise NotSimulated(reason, request=request)
        return send(adapter, request, *args, **kwargs)

    def make_session_hook(session):
        native.count_client()
        make_session(session)

    patch(requests.api, "request", request_hook)
    patch(requests, "request", request_hook)
    patch(Adapter, "send", send_hook)
    patch(Session, "__init__", make_session_hook)
    patch(requests.sessions, "preferred_clock", time.time)
)python";

}  // namespace rushhour::panther::detail
