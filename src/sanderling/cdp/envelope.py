"""CDP messages on the wire: the envelope, answers and events.

Thread: any.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import msgspec

from sanderling.base.pattern import late_pattern
from sanderling.cdp.errors import INVALID_REQUEST, PARSE_ERROR, CdpError

_ENCODER = msgspec.json.Encoder()


_SURROGATE = late_pattern(
    rb"\\u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}|\\(?P<lone>u[dD][89a-fA-F][\da-fA-F]{2})|\\.", re.DOTALL
)
"""Escapes of JSON: a pair of surrogates, one alone, anything else."""


def well_formed(data: bytes) -> bytes:
    """Put U+FFFD in the place of surrogates that stand alone: JavaScript has such strings, and a strict reader refuses them."""
    if b"\\ud" not in data and b"\\uD" not in data:
        return data
    return _SURROGATE.sub(lambda found: found[0] if found["lone"] is None else b"\\ufffd", data)


class Envelope(msgspec.Struct, frozen=True, gc=False):
    """What is read of a message before it is known what it means."""

    id: int
    method: str
    params: msgspec.Raw = msgspec.Raw(b"")
    sessionId: str = ""  # noqa: N815 - CDP's name


_DECODER = msgspec.json.Decoder(Envelope)


def read_envelope(data: bytes) -> Envelope:
    """Read a message.

    Raises:
        CdpError: it is no JSON, or no command; there is no id to answer to.
    """
    try:
        return _DECODER.decode(data)
    except msgspec.ValidationError as error:
        text = str(error)
        if "`id`" in text or "$.id" in text:
            text = "Message must have integer 'id' property"
        elif "`method`" in text or "$.method" in text:
            text = "Message must have string 'method' property"
        elif "$.sessionId" in text:
            text = "Message may have string 'sessionId' property"
        else:
            text = "Message must be an object"
        raise CdpError(text, code=INVALID_REQUEST) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:  # the last: nested too deeply
        raise CdpError(f"JSON: {error}", code=PARSE_ERROR) from None


def result_message(number: int, result: Mapping[str, Any], session_id: str) -> bytes:
    """Write an answer."""
    message: dict[str, Any] = {"id": number, "result": result}
    if session_id:
        message["sessionId"] = session_id
    return _ENCODER.encode(message)


def error_message(number: int | None, error: CdpError, session_id: str) -> bytes:
    """Write an error answer; without `id` where the message had none."""
    body: dict[str, Any] = {"code": error.code, "message": error.message}
    if error.data:
        body["data"] = error.data
    message: dict[str, Any] = {} if number is None else {"id": number}
    message["error"] = body
    if session_id:
        message["sessionId"] = session_id
    return _ENCODER.encode(message)


def event_message(method: str, params: Mapping[str, Any], session_id: str) -> bytes:
    """Write an event."""
    message: dict[str, Any] = {"method": method, "params": params}
    if session_id:
        message["sessionId"] = session_id
    return _ENCODER.encode(message)
