"""What hishel's sans-I/O core says of storing and updating responses (RFC 9111, sections 3 and 4.3.4). Imported when first asked.

Thread: any.
"""

from __future__ import annotations

import uuid

import hishel

from sanderling.proto.headers import Headers
from sanderling.proto.http_cache import Entry


def kept_fields(
    method: str, request: Headers, status: int, response: Headers, *, shared: bool
) -> hishel.Headers | None:
    """Give the fields of a response that are stored; None where the response must not be."""
    options = hishel.CacheOptions(shared=shared, supported_methods=["GET"])
    state = hishel.CacheMiss(options=options, request=_request(method, request))
    after = state.next(hishel.Response(status_code=status, headers=_headers(response)))
    return after.response.headers if isinstance(after, hishel.StoreAndUse) else None


def conditional_fields(entry: Entry, request: Headers) -> hishel.Headers:
    """Give the fields of a request that asks whether an entry still holds (4.3.1)."""
    return _revalidation(entry, request).request.headers


def merged_fields(entry: Entry, request: Headers, response: Headers) -> hishel.Headers | None:
    """Give the fields of an entry that a 304 updates; None where the 304 is about another response."""
    state: object = _revalidation(entry, request).next(hishel.Response(status_code=304, headers=_headers(response)))
    if isinstance(state, hishel.InvalidateEntries):
        state = state.next_state
    return state.updating_entries[0].response.headers if isinstance(state, hishel.NeedToBeUpdated) else None


def _revalidation(entry: Entry, request: Headers) -> hishel.NeedRevalidation:
    asked = _request("GET", request)
    stored = hishel.Entry(
        id=uuid.UUID(entry.id),
        request=asked,
        response=hishel.Response(status_code=entry.status, headers=_headers(Headers(entry.headers))),
    )
    # hishel's first state makes the conditional request; "no-cache" in it makes that its only way.
    forced = hishel.Request("GET", "", hishel.Headers({**asked.headers, "cache-control": "no-cache"}))
    state = hishel.IdleClient(options=hishel.CacheOptions(shared=False)).next(forced, [stored])
    assert isinstance(state, hishel.NeedRevalidation)
    return state


def _request(method: str, headers: Headers) -> hishel.Request:
    return hishel.Request(method, "", _headers(headers))


def _headers(headers: Headers) -> hishel.Headers:
    return hishel.Headers({name: list(headers.get_all(name)) for name in headers.names()})
