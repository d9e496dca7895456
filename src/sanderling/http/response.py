"""A response as its asker sees it: the head at once, the body when it is read.

Thread: worker.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Literal, NamedTuple, TypeAlias

import msgspec

from sanderling.http.cached import CachedTransfer
from sanderling.http.stored import StoredTransfer
from sanderling.http.transfer import DataCallback, DoneCallback, Transfer
from sanderling.network.messages import ResponseHead, Timings
from sanderling.proto.headers import Headers

ResponseType: TypeAlias = Literal["basic", "cors", "opaque", "opaqueredirect"]
"""Fetch's; an error is not a response here but a `NetworkError`."""


class Hop(NamedTuple):
    """A redirect that was followed."""

    url: str
    status: int


class ResponseHeadData(msgspec.Struct, frozen=True, kw_only=True):
    """Everything about a response but its body."""

    url: str  # without fragment; empty for an opaque response that page code sees
    url_list: tuple[str, ...]  # every URL of the chain, without fragment
    fragment: str | None = None  # of the final URL: that of the newest redirect that has one, else the request's
    redirects: tuple[Hop, ...]  # what was followed
    status: int  # 0 for an opaque response that page code sees
    reason: str
    headers: Headers  # those the asker may see
    type: ResponseType
    full_status: int  # what the server really sent, for tools
    full_headers: Headers  # what the server really sent, for tools
    referrer: str = ""  # the one that the last request told; empty for none
    timing_allowed: bool = True  # the asker may know the times of all of the chain (Fetch, "TAO check")
    same_origin_chain: bool = True  # every hop had the origin of the request


class Response:
    """A response whose head has come. It holds its connection until the body is read or `cancel` is called."""

    def __init__(self, data: ResponseHeadData, transfer: Transfer) -> None:
        self._data = data
        self._transfer = transfer

    @property
    def url(self) -> str:
        """The final URL without fragment; empty for an opaque response that page code sees."""
        return self._data.url

    @property
    def document_url(self) -> str:
        """The final URL as that of the document that it brings, with its fragment."""
        return self.url if self._data.fragment is None else f"{self.url}#{self._data.fragment}"

    @property
    def url_list(self) -> tuple[str, ...]:
        """Every URL of the chain without fragment; the last one is `url`."""
        return self._data.url_list

    @property
    def redirects(self) -> tuple[Hop, ...]:
        """The redirects that were followed."""
        return self._data.redirects

    @property
    def status(self) -> int:
        """Status code; 0 for an opaque response that page code sees."""
        return self._data.status

    @property
    def reason(self) -> str:
        """Reason phrase; empty over HTTP/2 and 3."""
        return self._data.reason

    @property
    def headers(self) -> Headers:
        """The headers that the asker may see."""
        return self._data.headers

    @property
    def type(self) -> ResponseType:
        """Fetch's response type."""
        return self._data.type

    @property
    def full_status(self) -> int:
        """What the server sent, for tools that stand outside the page."""
        return self._data.full_status

    @property
    def full_headers(self) -> Headers:
        """What the server sent, for tools that stand outside the page."""
        return self._data.full_headers

    @property
    def ok(self) -> bool:
        """Fetch, "ok status"."""
        return 200 <= self.status <= 299

    @property
    def redirected(self) -> bool:
        """Whether a redirect was followed."""
        return bool(self._data.redirects)

    @property
    def referrer(self) -> str:
        """The referrer that the last request of the chain told; empty for none."""
        return self._data.referrer

    @property
    def confirmed(self) -> bool:
        """Whether it was stored, and the server was asked and said that it still holds."""
        return isinstance(self._transfer, CachedTransfer) and self._transfer.timings.total >= 0

    @property
    def timing_allowed(self) -> bool:
        """Whether the asker may know the times of every exchange of the chain."""
        return self._data.timing_allowed

    @property
    def same_origin_chain(self) -> bool:
        """Whether every URL of the chain had the origin of the request."""
        return self._data.same_origin_chain

    @property
    def http_version(self) -> str:
        """``HTTP/1.1``, ``HTTP/2`` or ``HTTP/3``; empty where no server was asked."""
        return self._transfer.head.http_version

    @property
    def remote_address(self) -> str:
        """IP literal and port of the server; empty where none was asked."""
        return self._transfer.head.remote_address

    @property
    def encoded_bytes(self) -> int:
        """Bytes received on the wire, known when it is done."""
        return self._transfer.encoded_bytes

    @property
    def timings(self) -> Timings:
        """Of the last exchange of the chain; complete when it is done."""
        return self._transfer.timings

    async def read(self) -> bytes:
        """Give the whole body. May be called again. Cancelling the call cancels the transfer.

        Raises:
            NetworkError: the transfer failed.
            UsageError: `chunks` took some of it.
        """
        return await self._transfer.read()

    def chunks(self) -> AsyncIterator[bytes]:
        """Give the body as it comes, no faster than it is used.

        Raises:
            NetworkError: the transfer failed.
        """
        return self._transfer.chunks()

    def when_done(self, callback: DoneCallback) -> None:
        """Call `callback` when the transfer is over (at once if it is): with None, or what it failed with."""
        self._transfer.when_done(callback)

    def when_data(self, callback: DataCallback) -> None:
        """Call `callback` with each piece of the body when it comes, whoever reads it; at once with what waits to be read."""
        self._transfer.when_data(callback)

    @property
    def head(self) -> ResponseHead:
        """The head of the last exchange as the server sent it, for tools that stand outside the page."""
        return self._transfer.head

    def again(self, transfer: Transfer) -> Response:
        """Give the same response to one more reader, who has its body from `transfer`."""
        return Response(self._data, transfer)

    def cancel(self) -> None:
        """End the transfer with ``net::ERR_ABORTED``; silent when it is over."""
        self._transfer.cancel()


def opaque_redirect(url: str, head: ResponseHead) -> tuple[StoredTransfer, ResponseHeadData]:
    """Make Fetch's "opaque-redirect filtered response" of the redirect that `url` gave."""
    return StoredTransfer(head.status, head.headers, b"", reason=head.reason), ResponseHeadData(
        url=url,
        url_list=(url,),
        redirects=(),
        status=0,
        reason="",
        headers=Headers(),
        type="opaqueredirect",
        full_status=head.status,
        full_headers=Headers(head.headers),
    )
