"""Referrer policy: what the Referer header says (https://w3c.github.io/webappsec-referrer-policy/).

Thread: any.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from sanderling.proto.headers import Headers
from sanderling.proto.url import Url

ReferrerPolicy: TypeAlias = Literal[
    "",
    "no-referrer",
    "no-referrer-when-downgrade",
    "same-origin",
    "origin",
    "strict-origin",
    "origin-when-cross-origin",
    "strict-origin-when-cross-origin",
    "unsafe-url",
]

DEFAULT_POLICY: ReferrerPolicy = "strict-origin-when-cross-origin"
"""Referrer Policy, 3: the default one."""
MAX_REFERRER_LENGTH = 4096
"""Referrer Policy, 8.3 step 6: a longer one is cut to its origin."""

_POLICIES: dict[str, ReferrerPolicy] = {
    "no-referrer": "no-referrer",
    "no-referrer-when-downgrade": "no-referrer-when-downgrade",
    "same-origin": "same-origin",
    "origin": "origin",
    "strict-origin": "strict-origin",
    "origin-when-cross-origin": "origin-when-cross-origin",
    "strict-origin-when-cross-origin": "strict-origin-when-cross-origin",
    "unsafe-url": "unsafe-url",
}
_LOCAL_SCHEMES = frozenset({"about", "blob", "data"})


def parse_policy(token: str) -> ReferrerPolicy:
    """Read one policy token; empty for one that is unknown."""
    return _POLICIES.get(token.strip().lower(), "")


def policy_from_headers(headers: Headers) -> ReferrerPolicy:
    """Referrer Policy, 8.1: the last known token of the Referrer-Policy header; empty when there is none."""
    policy: ReferrerPolicy = ""
    for token in headers.get_list("referrer-policy") or ():
        policy = parse_policy(token) or policy
    return policy


def strip(url: Url, *, origin_only: bool = False) -> str | None:
    """Referrer Policy, 8.4: without credentials and fragment; None for a URL that is never told."""
    if url.scheme in _LOCAL_SCHEMES or not url.host:
        return None
    return f"{url.origin.serialise()}/" if origin_only else url.for_wire


def determine(source: Url | None, target: Url, policy: ReferrerPolicy) -> str | None:
    """Referrer Policy, 8.3: what to send as Referer, or None for nothing.

    Args:
        source: the referrer; None for "no-referrer".
        target: URL of the request.
        policy: of the request; empty for the default.
    """
    if source is None:
        return None
    policy = policy or DEFAULT_POLICY
    if policy == "no-referrer":
        return None
    full, origin = strip(source), strip(source, origin_only=True)
    if full is None or len(full) > MAX_REFERRER_LENGTH:
        full = origin
    if policy == "origin":
        return origin
    if policy == "unsafe-url":
        return full
    downgrade = source.is_potentially_trustworthy() and not target.is_potentially_trustworthy()
    if policy == "strict-origin":
        return None if downgrade else origin
    if policy == "no-referrer-when-downgrade":
        return None if downgrade else full
    same_origin = source.origin == target.origin
    if policy == "same-origin":
        return full if same_origin else None
    if policy == "origin-when-cross-origin":
        return full if same_origin else origin
    if same_origin:  # strict-origin-when-cross-origin
        return full
    return None if downgrade else origin
