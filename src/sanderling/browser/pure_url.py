"""Internationalised domain names for the URL parser of `web/`: UTS #46 processing as the URL standard sets it.

`url.domain_to_ascii` is a pure host function: it takes JSON and gives JSON and touches nothing shared.

Thread: any.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import ada_url

from sanderling.proto.url import is_public_suffix

_PREFIX = "xn--"


def domain_to_ascii(domain: str) -> str | None:
    """Give the ASCII form of a domain, or None where the standard says failure.

    URL, 3.3, "domain to ASCII", with beStrict false. The library maps and validates Unicode labels but takes A-labels as they are, so those
    are decoded here and must come out the same (UTS #46, 4, step 4: a label that starts with ``xn--`` is decoded and validated).
    """
    try:
        result = _to_ascii(domain)
    except (ValueError, UnicodeError):
        return None
    if not result:
        return None
    if _PREFIX not in result:
        return result
    labels = result.split(".")
    for index, label in enumerate(labels):
        if not label.startswith(_PREFIX):
            continue
        try:
            decoded = label[len(_PREFIX) :].encode("ascii").decode("punycode")
        except (UnicodeError, ValueError, OverflowError):
            return None
        if not decoded or decoded.isascii():
            return None
        labels[index] = decoded
    try:
        again = _to_ascii(".".join(labels))
    except (ValueError, UnicodeError):
        return None
    return result if again == result else None


def _to_ascii(domain: str) -> str:
    return ada_url.idna_to_ascii(domain).decode("ascii")


def _domain_to_ascii(payload: Any, data: bytes | None) -> tuple[str, bytes | None]:
    return json.dumps(domain_to_ascii(payload["domain"])), None


def _is_public_suffix(payload: Any, data: bytes | None) -> tuple[str, bytes | None]:
    return json.dumps(is_public_suffix(payload["domain"])), None


FUNCTIONS: Mapping[str, Callable[[Any, bytes | None], tuple[str, bytes | None]]] = {
    "url.domain_to_ascii": _domain_to_ascii,
    "url.is_public_suffix": _is_public_suffix,
}
"""By the kind that page code's side asks for (`hostCall`)."""
