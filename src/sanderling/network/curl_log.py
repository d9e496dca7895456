"""What libcurl's log tells of one transfer, and nothing else does: the handshake, and the request as it was sent.

The log costs a call for each piece of data, which is why a transfer has one only where somebody wants to know.

Thread: main.
"""

from __future__ import annotations

from sanderling.base.pattern import late_pattern

_CONNECTION = late_pattern(r"SSL connection using (\S+) / (\S+)(?: / (\S+))?")
_TEXT, _HEADER_OUT = 0, 2  # CURLINFO_TEXT, CURLINFO_HEADER_OUT
_END = b"\r\n\r\n"


class CurlLog:
    """Takes the log of one transfer.

    Args:
        tls: it was asked for the certificates, too.
    """

    __slots__ = ("_request", "agreed", "tls")

    def __init__(self, *, tls: bool = False) -> None:
        self.tls = tls
        self.agreed: tuple[str, str, str] | None = None  # protocol, cipher suite, group; of the newest handshake
        self._request = b""  # the newest head that was sent, or as much of it as was

    def take(self, kind: int, text: bytes) -> None:
        """Take a line (called by libcurl)."""
        if kind == _TEXT:
            if text.startswith(b"SSL connection using"):
                found = _CONNECTION.match(text.decode("ascii", "replace"))
                if found is not None:
                    self.agreed = (found[1], found[2], found[3] or "")
        elif kind == _HEADER_OUT:
            # A head may leave in pieces; one that is complete was of a proxy's tunnel, or of an attempt before this.
            self._request = text if self._request.endswith(_END) else self._request + text

    @property
    def request_head(self) -> bytes:
        """Give the head of the request itself, once it was sent whole; a tunnel's CONNECT is none."""
        head = self._request
        return head if head.endswith(_END) and not head.startswith(b"CONNECT ") else b""
