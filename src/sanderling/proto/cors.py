"""CORS: who may read a response, and what needs a preflight (https://fetch.spec.whatwg.org/#http-cors-protocol).

Every check gives None when it passes and a sentence for the page's author when it does not.

Thread: any.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, TypeAlias

import msgspec

from sanderling.base.pattern import late_pattern
from sanderling.proto import mime
from sanderling.proto.headers import Headers, is_token
from sanderling.proto.url import Origin

Tainting: TypeAlias = Literal["basic", "cors", "opaque"]

SAFELISTED_METHODS = frozenset({"GET", "HEAD", "POST"})
"""Fetch, "CORS-safelisted method"."""
SAFELISTED_RESPONSE_HEADERS = frozenset(
    ("cache-control", "content-language", "content-length", "content-type", "expires", "last-modified", "pragma")
)
"""Fetch, "CORS-safelisted response-header name"."""
FORBIDDEN_RESPONSE_HEADERS = frozenset({"set-cookie", "set-cookie2"})
"""Fetch, "forbidden response-header name"."""
MAX_SAFE_VALUE_BYTES = 128
MAX_SAFE_TOTAL_BYTES = 1024
DEFAULT_MAX_AGE_SECONDS = 5
"""CORS-preflight fetch, step 7.9: without Access-Control-Max-Age."""
MAX_MAX_AGE_SECONDS = 7200
"""Step 7.10, "imposed limit on max-age": Chromium's."""

_UNSAFE_BYTES = late_pattern(r"[\x00-\x08\x0a-\x1f\x22\x28\x29\x3a\x3c\x3e\x3f\x40\x5b\x5c\x5d\x7b\x7d\x7f]")
_LANGUAGE_BYTES = late_pattern(r"[0-9A-Za-z *,\-.;=]*")
_RANGE = late_pattern(r"bytes=(\d+)-(\d*)")
_SAFE_CONTENT_TYPES = frozenset({"application/x-www-form-urlencoded", "multipart/form-data", "text/plain"})
_CLIENT_HINTS = {
    **dict.fromkeys(("device-memory", "downlink", "dpr"), late_pattern(r"\d+(\.\d+)?")),
    **dict.fromkeys(("rtt", "viewport-width", "width"), late_pattern(r"\d+")),
    "ect": late_pattern("slow-2g|[234]g"),
    "save-data": late_pattern("on"),
}
"""The older client hints: not in the standard's list, but in Chromium's and in the platform's tests."""
_MAX_AGE = late_pattern(r"-?\d{1,10}")  # a negative one is none, as in browsers


def is_safelisted_request_header(name: str, value: str) -> bool:
    """Fetch, "CORS-safelisted request-header"."""
    if len(value) > MAX_SAFE_VALUE_BYTES:
        return False
    lower = name.lower()
    if lower == "accept":
        return _UNSAFE_BYTES.search(value) is None
    if lower in ("accept-language", "content-language"):
        return _LANGUAGE_BYTES.fullmatch(value) is not None
    if lower == "content-type":
        if _UNSAFE_BYTES.search(value) is not None:
            return False
        parsed = mime.parse(value)
        return parsed is not None and parsed.essence in _SAFE_CONTENT_TYPES
    hint = _CLIENT_HINTS.get(lower)
    if hint is not None:
        return hint.fullmatch(value) is not None
    if lower == "range":
        found = _RANGE.fullmatch(value)
        return found is not None and (not found[2] or int(found[1]) <= int(found[2]))
    return False


def unsafe_header_names(headers: Iterable[tuple[str, str]]) -> list[str]:
    """Fetch, "CORS-unsafe request-header names": sorted, lower case, each once."""
    unsafe: set[str] = set()
    possibly: set[str] = set()
    total = 0
    for name, value in headers:
        if not is_safelisted_request_header(name, value):
            unsafe.add(name.lower())
        else:
            possibly.add(name.lower())
            total += len(value)
    return sorted(unsafe | possibly if total > MAX_SAFE_TOTAL_BYTES else unsafe)


def needs_preflight(method: str, headers: Iterable[tuple[str, str]]) -> bool:
    """Main fetch, step 12: whether a CORS request has to ask first."""
    return method not in SAFELISTED_METHODS or bool(unsafe_header_names(headers))


def check(origin: str, headers: Headers, *, include_credentials: bool) -> str | None:
    """Fetch, "CORS check".

    Args:
        origin: the request's, serialised as it was sent.
        headers: of the response.
        include_credentials: the request's credentials mode is "include".
    """
    allowed = headers.get_all("access-control-allow-origin")
    if not allowed:
        return "no 'Access-Control-Allow-Origin' header is present on the response"
    if len(allowed) > 1:
        return "the 'Access-Control-Allow-Origin' header occurs more than once"
    if allowed[0] == "*" and not include_credentials:
        return None
    if allowed[0] == "*":
        return "'Access-Control-Allow-Origin' must not be '*' when the request's credentials mode is 'include'"
    if allowed[0] != origin:
        return f"'Access-Control-Allow-Origin' is '{allowed[0]}', which is not the origin '{origin}'"
    if include_credentials and headers.get("access-control-allow-credentials") != "true":
        return "'Access-Control-Allow-Credentials' is not 'true' and the request's credentials mode is 'include'"
    return None


class PreflightAnswer(msgspec.Struct, frozen=True):
    """What a preflight allowed."""

    methods: frozenset[str]  # as the server spelled them
    headers: frozenset[str]  # lower case
    max_age_seconds: int


def _tokens(headers: Headers, name: str) -> list[str] | None:
    values = [value for value in headers.get_list(name) or () if value]
    return None if any(not is_token(value) for value in values) else values


def parse_preflight(headers: Headers, *, method: str, use_cors_preflight: bool) -> PreflightAnswer | str:
    """CORS-preflight fetch, steps 7.1 to 7.10; a text when a header is malformed."""
    methods = _tokens(headers, "access-control-allow-methods")
    if methods is None:
        return "'Access-Control-Allow-Methods' of the preflight response is malformed"
    names = _tokens(headers, "access-control-allow-headers")
    if names is None:
        return "'Access-Control-Allow-Headers' of the preflight response is malformed"
    if not methods and use_cors_preflight:
        methods = [method]
    age = headers.get("access-control-max-age")
    seconds = int(age) if age is not None and _MAX_AGE.fullmatch(age) else DEFAULT_MAX_AGE_SECONDS
    return PreflightAnswer(
        frozenset(methods), frozenset(name.lower() for name in names), min(max(seconds, 0), MAX_MAX_AGE_SECONDS)
    )


def check_preflight(
    answer: PreflightAnswer, method: str, unsafe: Iterable[str], *, include_credentials: bool
) -> str | None:
    """CORS-preflight fetch, steps 7.5 to 7.7.

    Args:
        answer: what the server (or the cache) allows.
        method: of the request.
        unsafe: its CORS-unsafe header names, lower case.
        include_credentials: its credentials mode is "include".
    """
    wildcard = not include_credentials
    if method not in answer.methods and method not in SAFELISTED_METHODS and not (wildcard and "*" in answer.methods):
        return f"method {method} is not allowed by 'Access-Control-Allow-Methods' in the preflight response"
    for name in unsafe:
        if name in answer.headers:
            continue
        # Authorization is never covered by the wildcard ("CORS non-wildcard request-header name").
        if name == "authorization" or not (wildcard and "*" in answer.headers):
            return f"request header {name} is not allowed by 'Access-Control-Allow-Headers' in the preflight response"
    return None


def judge_preflight(
    status: int, headers: Headers, *, origin: str, method: str, unsafe: Iterable[str], include_credentials: bool
) -> PreflightAnswer | str:
    """CORS-preflight fetch, step 7, whole: what to remember, or a sentence why the request must not be sent.

    Args:
        status: of the preflight response.
        headers: of the preflight response.
        origin: the request's, serialised as it was sent.
        method: of the request.
        unsafe: its CORS-unsafe header names, lower case.
        include_credentials: its credentials mode is "include".
    """
    problem = check(origin, headers, include_credentials=include_credentials)
    if problem is not None:
        return problem
    if not 200 <= status <= 299:
        return f"the preflight was answered with status {status}"
    answer = parse_preflight(headers, method=method, use_cors_preflight=False)
    if isinstance(answer, str):
        return answer
    return check_preflight(answer, method, unsafe, include_credentials=include_credentials) or answer


PreflightKey: TypeAlias = tuple[str, str, bool, str]
"""Origin, URL, whether credentials will go along, and the network partition (`cache_key`)."""


class PreflightCache:
    """The CORS-preflight cache of a context (Fetch, 4.9). Time is seconds on any steady clock.

    Args:
        max_entries: the oldest goes when there are more.
    """

    def __init__(self, max_entries: int = 1000) -> None:
        self._entries: dict[PreflightKey, tuple[float, PreflightAnswer]] = {}  # expiry and answer
        self._max_entries = max_entries

    def allows(self, key: PreflightKey, method: str, unsafe: Iterable[str], now: float) -> bool:
        """Whether a remembered answer covers the request."""
        entry = self._entries.get(key)
        if entry is None:
            return False
        if entry[0] <= now:
            del self._entries[key]
            return False
        return check_preflight(entry[1], method, unsafe, include_credentials=key[2]) is None

    def store(self, key: PreflightKey, answer: PreflightAnswer, now: float) -> None:
        """Remember an answer; it joins what is still remembered of that key."""
        if answer.max_age_seconds <= 0:
            return
        old = self._entries.pop(key, None)
        if old is not None and old[0] > now:
            answer = PreflightAnswer(
                answer.methods | old[1].methods, answer.headers | old[1].headers, answer.max_age_seconds
            )
        self._entries[key] = (now + answer.max_age_seconds, answer)
        if len(self._entries) > self._max_entries:
            del self._entries[next(iter(self._entries))]

    def clear(self, key: PreflightKey) -> None:
        """Fetch, "clear cache entries": the server no longer keeps its word."""
        self._entries.pop(key, None)

    def clear_all(self) -> None:
        """Forget everything."""
        self._entries.clear()


def cache_key(origin: Origin, url: str, *, include_credentials: bool, partition: str = "") -> PreflightKey:
    """Give the key of an answer. `partition` is the site of the top-level document (Fetch, "create a new cache entry")."""
    return (origin.serialise() if not origin.nonce else f"null:{origin.nonce}", url, include_credentials, partition)


def exposed_headers(headers: Headers, tainting: Tainting, *, include_credentials: bool) -> Headers:
    """Fetch, "filtered response": the headers that page code may see."""
    if tainting == "opaque":
        return Headers()
    if tainting == "basic":
        if not any(name in FORBIDDEN_RESPONSE_HEADERS for name in headers.names()):
            return headers
        return Headers((name, value) for name, value in headers if name.lower() not in FORBIDDEN_RESPONSE_HEADERS)
    # "extract header list values": one that is no name makes all of them worth nothing.
    listed = frozenset(name.lower() for name in _tokens(headers, "access-control-expose-headers") or ())
    everything = "*" in listed and not include_credentials
    return Headers(
        (name, value)
        for name, value in headers
        if (lower := name.lower()) not in FORBIDDEN_RESPONSE_HEADERS
        and (everything or lower in SAFELISTED_RESPONSE_HEADERS or lower in listed)
    )
