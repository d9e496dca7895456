"""HTTP caching: what may be stored, what may be used, and what has to be asked about again (RFC 9111, 5861, 8246).

Storing (section 3), validation (section 4.3) and the update of stored fields (section 3.2) are hishel's sans-I/O core (`stored_responses.py`). Its choice
among stored responses is not used: it reads the system's clock, leaves the Age field and the delay of a response out of its age
(section 4.2.3), and knows neither request directives nor RFC 5861. That part is here.

Where the standards leave room this does as Chromium: a redirect that is permanent, and 410, are fresh for ever unless they say otherwise;
cookies and challenges are not stored. It does not store what could never be used without asking for all of it again.

Times are seconds since the epoch. Thread: any.
"""

from __future__ import annotations

import math
import uuid
from collections.abc import Mapping, Sequence
from typing import Literal, TypeAlias

import msgspec

from sanderling.base.pattern import late_pattern
from sanderling.proto.headers import Headers
from sanderling.proto.http_date import parse_fixdate

HeaderList: TypeAlias = tuple[tuple[str, str], ...]

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
"""RFC 9110, 9.2.1: they invalidate nothing."""
CONDITIONAL_HEADERS = frozenset({"if-match", "if-none-match", "if-modified-since", "if-unmodified-since", "if-range"})
"""Fetch, HTTP-network-or-cache fetch, step 8.16: a request that has one of them is the asker's own validation."""

HEURISTIC = frozenset({200, 203, 204, 300, 301, 308, 404, 405, 410, 414, 501})
"""RFC 9110, 15.1: statuses that may be stored although nothing says so; without 206."""

_PERMANENT = frozenset({300, 301, 308, 410})
_NEVER_STORED = frozenset({401, 407})  # they are one half of a conversation about credentials
_SERVER_FAILURES = frozenset({500, 502, 503, 504})  # RFC 5861, 4
_TRANSIENT_FIELDS = frozenset(
    {"set-cookie", "set-cookie2", "www-authenticate", "authentication-info", "clear-site-data"}
)  # they were for one exchange; what they did is done
_HEURISTIC_FRACTION = 0.1  # RFC 9111, 4.2.2, and every browser
_MAX_DELTA_SECONDS = 2**31  # RFC 9111, 1.2.2
_DIRECTIVE = late_pattern(r"""([!#$%&'*+\-.^_`|~0-9A-Za-z]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^,\s]*)))?""")


def directives(headers: Headers) -> Mapping[str, str]:
    """Read Cache-Control (RFC 9111, 5.2): lower-case names to arguments, empty for none. Of several of a name the first counts."""
    value = headers.get("cache-control")
    if value is None:
        # RFC 9111, 5.4: HTTP/1.0's spelling, where there is no other.
        pragma = headers.get("pragma")
        return {"no-cache": ""} if pragma is not None and "no-cache" in pragma.lower() else {}
    found: dict[str, str] = {}
    for match in _DIRECTIVE.finditer(value):
        found.setdefault(match[1].lower(), match[2] if match[2] is not None else match[3] or "")
    return found


def delta_seconds(text: str | None) -> int | None:
    """Read seconds (RFC 9111, 1.2.2); None for what is no number."""
    if text is None or not text.isascii() or not text.isdigit():
        return None
    return min(int(text[:12]), _MAX_DELTA_SECONDS)


def parse_date(text: str | None) -> float | None:
    """Read an HTTP date; None for what is none."""
    if not text:
        return None
    exact = parse_fixdate(text)
    if exact is not None:
        return exact
    from email.utils import mktime_tz, parsedate_tz

    try:
        found = parsedate_tz(text)
        return None if found is None else float(mktime_tz(found))
    except (ValueError, OverflowError, IndexError, TypeError):
        return None


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """A stored response without its body."""

    id: str
    url: str
    """Without fragment."""
    status: int
    reason: str
    headers: HeaderList
    varied: HeaderList
    """What Vary names: lower-case field names and the values that the request had, empty for a field that was absent."""
    requested_at: float
    received_at: float
    """When the response, or the last one that confirmed it, came."""
    http_version: str = ""
    remote_address: str = ""


def age(entry: Entry, now: float) -> float:
    """RFC 9111, 4.2.3."""
    headers = Headers(entry.headers)
    date = parse_date(headers.get("date"))
    apparent = max(0.0, entry.received_at - date) if date is not None else 0.0
    told = delta_seconds((headers.get("age") or "").partition(",")[0].strip()) or 0
    corrected = told + max(0.0, entry.received_at - entry.requested_at)
    return max(apparent, corrected) + max(0.0, now - entry.received_at)


def lifetime(entry: Entry) -> float:
    """RFC 9111, 4.2.1 and 4.2.2: for how many seconds it is fresh. Who uses it is one user: s-maxage does not count."""
    headers = Headers(entry.headers)
    said = directives(headers)
    if "max-age" in said:
        return float(delta_seconds(said["max-age"]) or 0)
    date = parse_date(headers.get("date"))
    if date is None:
        date = entry.received_at
    if "expires" in headers:
        expires = parse_date(headers.get("expires"))
        return 0.0 if expires is None else max(0.0, expires - date)
    if entry.status not in HEURISTIC and "public" not in said:
        return 0.0
    modified = parse_date(headers.get("last-modified"))
    if entry.status in _PERMANENT and modified is None:
        return math.inf
    if modified is None or "must-revalidate" in said:
        return 0.0
    return max(0.0, (date - modified) * _HEURISTIC_FRACTION)


def _must_validate(said: Mapping[str, str]) -> bool:
    # RFC 9111, 5.2.2.4: with field names it is about these only; they are not stored at all (`storable_headers`).
    return said.get("no-cache") == ""


def is_fresh(entry: Entry, now: float) -> bool:
    """Whether it may be used without asking, as far as the response says."""
    return not _must_validate(directives(Headers(entry.headers))) and age(entry, now) < lifetime(entry)


def has_validator(headers: Headers) -> bool:
    """Whether a conditional request could ask about it."""
    return "etag" in headers or "last-modified" in headers


# -- storing -------------------------------------------------------------------------------------------------------------------


def storable_headers(
    method: str, request: Headers, status: int, response: Headers, *, shared: bool = False
) -> HeaderList | None:
    """RFC 9111, section 3: the fields of a response to keep, or None when it must not be stored.

    Args:
        method: of the request.
        request: its fields, as they were sent.
        status: of the response.
        response: its fields.
        shared: for a cache that several users see: what was asked for with cookies is not for them either.
    """
    if method != "GET" or status in _NEVER_STORED or "range" in request:
        return None
    if "no-store" in directives(request):  # 5.2.1.5
        return None
    if "*" in vary_names(response):
        return None  # 4.1: it matches no request
    if shared and ("cookie" in request or "set-cookie" in response):
        return None
    from sanderling.proto import stored_responses  # late: the library takes its time

    kept = stored_responses.kept_fields(method, request, status, response, shared=shared)
    if kept is None:
        return None
    return tuple(
        (name, value) for name, value in response if name.lower() not in _TRANSIENT_FIELDS and name.lower() in kept
    )


def may_be_useful(status: int, response: Headers) -> bool:
    """Whether `is_useful` could be true of what is stored of a response: asked first, for it costs nothing."""
    return has_validator(response) or "cache-control" in response or "expires" in response or status in _PERMANENT


def is_useful(entry: Entry) -> bool:
    """Whether an entry could ever spare a request or a body."""
    headers = Headers(entry.headers)
    said = directives(headers)
    return has_validator(headers) or (
        not _must_validate(said)
        and (lifetime(entry) > 0 or "stale-while-revalidate" in said or "stale-if-error" in said)
    )


def make_entry(
    *,
    url: str,
    request: Headers,
    status: int,
    reason: str,
    headers: HeaderList,
    requested_at: float,
    received_at: float,
    http_version: str = "",
    remote_address: str = "",
) -> Entry:
    """Make what is stored; `headers` are those of `storable_headers`."""
    return Entry(
        id=uuid.uuid4().hex,
        url=url,
        status=status,
        reason=reason,
        headers=headers,
        varied=tuple((name, _normalised(request.get(name))) for name in vary_names(Headers(headers))),
        requested_at=requested_at,
        received_at=received_at,
        http_version=http_version,
        remote_address=remote_address,
    )


def vary_names(response: Headers) -> list[str]:
    """Give the members of Vary, lower case, each once, sorted."""
    return sorted({part.strip().lower() for part in (response.get("vary") or "").split(",")} - {""})


def _normalised(value: str | None) -> str:
    return "" if value is None else ",".join(" ".join(part.split()) for part in value.split(","))


def matches(entry: Entry, request: Headers) -> bool:
    """RFC 9111, 4.1: whether it was stored for a request like this one."""
    return all(_normalised(request.get(name)) == value for name, value in entry.varied)


# -- using ---------------------------------------------------------------------------------------------------------------------

Action: TypeAlias = Literal["use", "use-and-revalidate", "revalidate", "miss"]


class Choice(msgspec.Struct, frozen=True):
    """What to do for a request."""

    action: Action
    entry: Entry | None = None
    """What to use, or to ask about."""


_MISS = Choice("miss")


def choose(
    entries: Sequence[Entry],
    request: Headers,
    now: float,
    *,
    any_age: bool = False,
    validate: bool = False,
) -> Choice:
    """RFC 9111, section 4: choose among what is stored for a URL.

    Args:
        entries: of the URL.
        request: fields of the request.
        now: the time.
        any_age: stale ones do as well (Fetch's cache modes "force-cache" and "only-if-cached").
        validate: nothing does without asking (Fetch's cache mode "no-cache").
    """
    fitting = [entry for entry in entries if matches(entry, request)]
    if not fitting:
        return _MISS
    entry = max(fitting, key=lambda one: one.received_at)  # section 4: the most recent one
    if any_age:
        return Choice("use", entry)
    said, asked = directives(Headers(entry.headers)), directives(request)
    current, fresh_for = age(entry, now), lifetime(entry)
    if validate or _must_validate(said) or "no-cache" in asked:
        return Choice("revalidate", entry)
    most = delta_seconds(asked.get("max-age"))  # 5.2.1.1
    if most is not None and current >= most and not ("immutable" in said and current < fresh_for):
        return Choice("revalidate", entry)
    spare = delta_seconds(asked.get("min-fresh")) or 0  # 5.2.1.3
    if current + spare < fresh_for:
        return Choice("use", entry)
    if "must-revalidate" in said or spare:
        return Choice("revalidate", entry)
    stale_for = current - fresh_for
    if "max-stale" in asked:  # 5.2.1.2
        allowed = delta_seconds(asked["max-stale"])
        if asked["max-stale"] == "" or (allowed is not None and stale_for <= allowed):
            return Choice("use", entry)
    window = delta_seconds(said.get("stale-while-revalidate"))  # RFC 5861, 3
    if window is not None and stale_for < window and most is None:
        return Choice("use-and-revalidate", entry)
    return Choice("revalidate", entry)


def may_cover_failure(entry: Entry, now: float, status: int | None) -> bool:
    """RFC 5861, 4: whether a stale response may stand in for a server that failed.

    Args:
        entry: the stale one.
        now: the time.
        status: of the server's answer; None when it gave none.
    """
    if status is not None and status not in _SERVER_FAILURES:
        return False
    said = directives(Headers(entry.headers))
    window = delta_seconds(said.get("stale-if-error"))
    if window is None or _must_validate(said) or "must-revalidate" in said:
        return False
    return age(entry, now) - lifetime(entry) < window


def conditional_headers(entry: Entry, request: HeaderList) -> HeaderList:
    """RFC 9111, 4.3.1: the request's fields with those that ask whether `entry` still holds."""
    from sanderling.proto import stored_responses

    conditions = stored_responses.conditional_fields(entry, Headers(request))
    added = [(name, conditions[name]) for name in ("If-None-Match", "If-Modified-Since") if name in conditions]
    return (*request, *added)


def confirm(
    entry: Entry, request: Headers, response: Headers, *, requested_at: float, received_at: float
) -> Entry | None:
    """RFC 9111, 4.3.4 and 3.2: take in a 304.

    Args:
        entry: what was asked about.
        request: fields of the request.
        response: fields of the 304.
        requested_at: when it was asked.
        received_at: when the 304 came.

    Returns:
        What is stored from now on; None when the 304 is about another response.
    """
    from sanderling.proto import stored_responses

    merged = stored_responses.merged_fields(entry, request, response)
    if merged is None:
        return None
    headers: list[tuple[str, str]] = []
    known: set[str] = set()
    for name, _ in (*entry.headers, *response):
        lower = name.lower()
        if lower in known or lower in _TRANSIENT_FIELDS or lower not in merged:
            continue
        known.add(lower)
        headers.extend((name, value) for value in merged.get_list(lower) or ())
    return msgspec.structs.replace(entry, headers=tuple(headers), requested_at=requested_at, received_at=received_at)


def invalidates(method: str, status: int) -> bool:
    """RFC 9111, 4.4: whether an answer to `method` makes what is stored for its URL invalid."""
    return method not in SAFE_METHODS and 200 <= status <= 399
