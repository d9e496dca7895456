"""Responses from a cache.

Thread: worker.
"""

from __future__ import annotations

import msgspec

from sanderling.http.stored import StoredTransfer
from sanderling.network.messages import HeaderList, ResponseHead, Timings, TransferId
from sanderling.proto.http_cache import Entry


def head_of(entry: Entry) -> ResponseHead:
    """Give the head that was stored. No connection brought it."""
    return ResponseHead(
        TransferId(0), entry.status, entry.reason, entry.headers, entry.http_version, entry.remote_address, 0, False
    )


def announced_bytes(headers: HeaderList, decoded: int) -> int:
    """Say how long the body of a stored response was on the wire, as far as its headers tell; `decoded` is what it is meant to be."""
    facts = {name.lower(): value for name, value in headers if name.lower() in ("content-encoding", "content-length")}
    length = facts.get("content-length", "")
    return int(length[:18]) if "content-encoding" in facts and length.isdecimal() else decoded


class CachedTransfer(StoredTransfer):
    """A transfer whose response was stored.

    Args:
        entry: what was stored.
        body: of it.
        head: to show in place of the stored one: of a response that was just confirmed.
        encoded_bytes: what the confirmation cost.
        timings: of the confirmation.
    """

    def __init__(
        self,
        entry: Entry,
        body: bytes,
        *,
        head: ResponseHead | None = None,
        encoded_bytes: int = 0,
        timings: Timings | None = None,
    ) -> None:
        super().__init__(entry.status, entry.headers, body, reason=entry.reason)
        self._head = head or head_of(entry)
        self._encoded_bytes = encoded_bytes
        # What it was before it was decoded is not stored: the server may have told.
        self._timings = msgspec.structs.replace(
            timings or Timings(),
            encoded_body_bytes=announced_bytes(entry.headers, len(body)),
            decoded_body_bytes=len(body),
        )

    @property
    def encoded_bytes(self) -> int:
        """See `Transfer.encoded_bytes`."""
        return self._encoded_bytes

    @property
    def timings(self) -> Timings:
        """See `Transfer.timings`."""
        return self._timings
