"""Opaque response blocking of one response, whose body may have a say (`proto.opaque_blocking`).

Thread: worker.
"""

from __future__ import annotations

import asyncio

from sanderling.http.cached import CachedTransfer
from sanderling.http.stored import StoredTransfer
from sanderling.http.transfer import Transfer
from sanderling.proto.headers import Headers
from sanderling.proto.opaque_blocking import SNIFFED_BYTES, judge_body, judge_head


async def blocks(transfer: Transfer, headers: Headers) -> bool:
    """Tell whether an opaque response may not reach the page; its body stays there for whoever reads it.

    What a tool answered in the server's place passes, as in Chromium; what the cache has is the server's.
    """
    if isinstance(transfer, StoredTransfer) and not isinstance(transfer, CachedTransfer):
        return False
    verdict = judge_head(transfer.head.status, headers)
    if verdict == "sniff":
        return judge_body(await _beginning(transfer), headers)
    return verdict == "block"


async def _beginning(transfer: Transfer) -> bytes:
    came: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    found = bytearray()

    def data(piece: bytes) -> None:
        if len(found) < SNIFFED_BYTES:
            found.extend(piece[:SNIFFED_BYTES])
            if len(found) >= SNIFFED_BYTES:
                done(None)

    def done(_: object) -> None:
        if not came.done():
            came.set_result(None)

    transfer.when_data(data)
    transfer.when_done(done)
    await came
    return bytes(found)
