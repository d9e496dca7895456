"""IO: streams that other domains hand out.

https://chromedevtools.github.io/devtools-protocol/tot/IO/

Thread: worker.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import msgspec

from sanderling.cdp.dispatch import Domain, Result
from sanderling.cdp.errors import invalid_params
from sanderling.cdp.streams import DEFAULT_BYTES, streams_of

if TYPE_CHECKING:
    from sanderling.cdp.session import Session

DOMAIN = Domain("IO")


class ReadParams(msgspec.Struct, frozen=True, kw_only=True):
    """`read`."""

    handle: str
    offset: int | None = None
    size: int | None = None


class CloseParams(msgspec.Struct, frozen=True, kw_only=True):
    """`close`."""

    handle: str


@DOMAIN.method("read", ReadParams)
async def read(session: Session, params: ReadParams) -> Result:
    """Give the next bytes of a stream."""
    if params.size is not None and params.size <= 0:
        raise invalid_params("size: must be positive")
    if params.offset is not None and params.offset < 0:
        raise invalid_params("offset: must not be negative")
    data, eof = await streams_of(session).find(params.handle).read(params.size or DEFAULT_BYTES, params.offset)
    return {"data": base64.b64encode(data).decode(), "base64Encoded": True, "eof": eof}


@DOMAIN.method("close", CloseParams)
async def close(session: Session, params: CloseParams) -> Result:
    """Forget a stream."""
    streams_of(session).close(params.handle)
    return None
