"""Why a request was refused, where a rule and not the network did it: as events say it, and as the log tells people.

Thread: worker.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sanderling.base.errors import NetworkError
from sanderling.http.intercept import BlockedError
from sanderling.proto import url as urls

if TYPE_CHECKING:
    from sanderling.http.request import Request

_CORS_WORDS = "blocked by CORS policy"
_CORS_ERRORS = (
    # by the words of `proto.cors`
    ("credentials", "InvalidAllowCredentials"),
    ("method", "MethodDisallowedByPreflightResponse"),
    ("header ", "HeaderDisallowedByPreflightResponse"),
    ("status", "PreflightInvalidStatus"),
)


def refusal(error: BaseException) -> dict[str, Any]:
    """Say why a request was refused, where a rule and not the network did it."""
    if isinstance(error, BlockedError):
        return {"blockedReason": error.reason}
    if not isinstance(error, NetworkError):
        return {}
    if error.code.startswith("net::ERR_BLOCKED_BY_RESPONSE.NotSame"):
        return {"blockedReason": "corp-not-same-site" if error.code.endswith("Site") else "corp-not-same-origin"}
    if error.message.startswith("mixed content"):
        return {"blockedReason": "mixed-content"}
    if error.code == "net::ERR_BLOCKED_BY_RESPONSE":
        return {"blockedReason": "content-type"}
    if error.message.startswith(_CORS_WORDS):
        preflight = "in the preflight" in error.message
        text = error.message.lower()
        kind = next((name for words, name in _CORS_ERRORS if words in text), "")
        if "access-control-allow-origin" in text or not kind:
            kind = "PreflightMissingAllowOriginHeader" if preflight else "MissingAllowOriginHeader"
        return {"corsErrorStatus": {"corsError": kind, "failedParameter": ""}}
    return {}


_KINDS = {"Fetch": "fetch", "XHR": "XMLHttpRequest", "Stylesheet": "CSS stylesheet"}
"""What the log calls a type of resources, where that is not the type in lower case."""


def cors_refusal(error: BaseException, request: Request, kind: str) -> str:
    """Say in Chromium's words that CORS forbids a response to a script; nothing where it was something else.

    Args:
        error: why the request failed.
        request: as it was made.
        kind: `Network.ResourceType`.
    """
    if not isinstance(error, NetworkError) or not error.message.startswith(_CORS_WORDS):
        return ""
    where, _, reason = error.message.partition(": ")
    about = "Response to preflight request doesn't pass access control check: " if "preflight" in where else ""
    what = _KINDS.get(kind, kind.lower())
    asker = request.initiator_origin or urls.serialize_origin(request.client_url)
    return (
        f"Access to {what} at '{request.url}' from origin '{asker}' has been blocked by CORS policy: "
        f"{about}{reason[:1].upper()}{reason[1:]}."
    )
