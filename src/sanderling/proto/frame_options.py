"""X-Frame-Options: who may show a document in a frame.

Standards: HTML, 7.4.5, "check a navigation response's adherence to `X-Frame-Options`"

Thread: any.
"""

from __future__ import annotations

from collections.abc import Sequence

from sanderling.proto.headers import Headers

_KNOWN = frozenset({"allowall", "deny", "sameorigin"})


def forbids(headers: Headers, *, origin: str, ancestors: Sequence[str]) -> bool:
    """Whether the header forbids it. Asked only where no Content Security Policy has `frame-ancestors`, which goes first.

    Args:
        headers: of the document's response.
        origin: of the document, serialised.
        ancestors: origins of the documents above it, serialised.
    """
    values = {value.lower() for value in headers.get_list("x-frame-options") or ()}
    if len(values) > 1:
        # What contradicts itself was meant to forbid something, unless none of it means anything.
        return not values.isdisjoint(_KNOWN)
    if values == {"deny"}:
        return True
    return values == {"sameorigin"} and any(above != origin or above == "null" for above in ancestors)


def words(headers: Headers, origin: str) -> str:
    """Say in Chromium's words, for the log, that a document was forbidden.

    Args:
        headers: of the document's response, of which `forbids` says so.
        origin: of the document, serialised: of its address the log shows no more.
    """
    values = headers.get_list("x-frame-options") or []
    if len({value.lower() for value in values}) > 1:
        why = f"it set multiple 'X-Frame-Options' headers with conflicting values ('{', '.join(values)}'). Falling back to 'deny'"
    else:
        why = f"it set 'X-Frame-Options' to '{values[0].lower()}'"
    return f"Refused to display '{origin}/' in a frame because {why}."
