"""A response head from the lines libcurl hands out: interim and tunnel answers left out, folds undone, size limited.

Thread: main.
"""

from __future__ import annotations

import functools
from typing import NamedTuple

from sanderling.network.messages import HeaderList

MAX_KEPT_LINE = 128
"""Longer lines are rarely the same twice."""

_TRANSFER_ENCODING_LENGTH = len("transfer-encoding")


class Head(NamedTuple):
    """A final response head."""

    status: int
    reason: str
    http_version: str  # HTTP/1.1, HTTP/2 or HTTP/3
    headers: HeaderList
    chunked: bool  # whether the transfer coding is chunked


class HeadTooBigError(Exception):
    """The heads of a transfer together exceed its limit."""


class MalformedHeadError(Exception):
    """It is no HTTP response head; the text says why."""


class HeadReader:
    """Reads the lines of all heads of one transfer, and gives the final one.

    Args:
        max_bytes: for all heads together.
    """

    __slots__ = ("_final", "_left", "_lines", "_max_bytes", "proxy_challenges")

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._left = max_bytes
        self._lines: list[bytes] = []  # of the head that is being read, status line first
        self.proxy_challenges: tuple[str, ...] = ()  # Proxy-Authenticate of the newest answer to CONNECT
        self._final = False  # the final head was given: what follows are trailers

    def read(self, lines: list[bytes], *, tunnelling: bool) -> Head | None:
        """Take several lines, of which the last may end a head; see `feed`."""
        block = b"".join(lines)
        usual = (
            not self._lines
            and not self._final
            and not tunnelling
            and len(block) <= self._left
            and len(lines) > 1
            and lines[-1] == b"\r\n"
            and b"\n " not in block
            and b"\n\t" not in block
        )
        if not usual:
            head = None
            for line in lines:
                head = self.feed(line, tunnelling=tunnelling) or head
            return head
        self._left -= len(block)
        return self._finish(_parse(lines[:-1]))

    def feed(self, line: bytes, *, tunnelling: bool) -> Head | None:
        """Take a line with its end; an empty one ends a head.

        Args:
            line: as it came.
            tunnelling: the request was not sent yet: the answer is a proxy's to CONNECT.

        Returns:
            The final head when this line completed it.

        Raises:
            HeadTooBigError: too much.
            MalformedHeadError: no status line.
        """
        self._left -= len(line)
        if self._left < 0:
            raise HeadTooBigError(f"more than {self._max_bytes} bytes of response headers")
        if self._final:
            return None  # a trailer field (RFC 9110, 6.5): may be ignored
        text = line.rstrip(b"\r\n")
        if text:
            if text[0] in b" \t" and len(self._lines) > 1:
                # RFC 9112, 5.2: a user agent replaces obs-fold with one or more SP.
                self._lines[-1] += b" " + text.strip(b" \t")
            else:
                self._lines.append(text)
            return None
        lines, self._lines = self._lines, []
        if tunnelling and lines:
            fields = (line.decode("latin-1").partition(":") for line in lines[1:])
            self.proxy_challenges = tuple(
                value.strip(" \t") for name, _, value in fields if name.strip().lower() == "proxy-authenticate"
            )
        if tunnelling or not lines:
            return None
        return self._finish(_parse(lines))

    def _finish(self, head: Head) -> Head | None:
        # RFC 9110, 15.2: interim responses may be ignored. 101 is one that we never ask for.
        if head.status < 200:
            return None
        self._final = True
        return head


def _parse(lines: list[bytes]) -> Head:
    line = lines[0]
    version, status, reason = _known_status(line) if len(line) <= MAX_KEPT_LINE else _read_status(line)
    fields: list[tuple[str, str]] = []
    chunked = False
    for line in lines[1:]:
        found = _known_field(line) if len(line) <= MAX_KEPT_LINE else _read_field(line)
        if found is not None:
            fields.append(found[0])
            chunked = found[1] or chunked
    return Head(status, reason, version, tuple(fields), chunked)


def _read_status(line: bytes) -> tuple[str, int, str]:
    version, _, rest = line.decode("latin-1").rstrip("\r\n").partition(" ")
    status, _, reason = rest.partition(" ")
    if not version.startswith("HTTP/") or len(status) != 3 or not status.isdecimal():
        raise MalformedHeadError(f"malformed status line {line[:80].decode('latin-1').rstrip()!r}")
    return version, int(status), reason


_known_status = functools.lru_cache(64)(_read_status)


def _read_field(line: bytes) -> tuple[tuple[str, str], bool] | None:
    """Give name and value, and whether it says that the transfer coding is chunked; None for what is no field, as browsers do."""
    name, colon, value = line.decode("latin-1").partition(":")
    if not colon:
        return None
    name = name.rstrip(" \t")
    value = value.rstrip("\r\n").strip(" \t")
    chunked = (
        len(name) == _TRANSFER_ENCODING_LENGTH and name.lower() == "transfer-encoding" and "chunked" in value.lower()
    )
    return (name, value), chunked


_known_field = functools.lru_cache(1024)(_read_field)
"""Most fields of a response are those of others."""
