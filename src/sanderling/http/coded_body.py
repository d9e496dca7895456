"""The body of one transfer between how it came and how it is meant: what waits to be decoded, and what that may become.

It is decoded no faster than it is used: a few bytes may stand for gigabytes.

Thread: worker.
"""

from __future__ import annotations

from collections import deque

from sanderling.base.errors import NetworkError
from sanderling.network.messages import HeaderList
from sanderling.proto.content_coding import CodingError, Decoder, codings_of

PIECE_BYTES = 256 * 1024
"""What is decoded at once: as much as Network sends of a body without a coding, for each piece costs the page some."""


class CodedBody:
    """A body in content codings.

    Args:
        codings: its codings, at least one.
        max_bytes: what it may become.
        url: whose body it is, for errors.

    Raises:
        NetworkError: the codings are too many.
    """

    __slots__ = ("_decoder", "_max_bytes", "_parts", "_url", "decoded_bytes")

    def __init__(self, codings: tuple[str, ...], max_bytes: int, url: str) -> None:
        self._url = url
        try:
            self._decoder = Decoder(codings)
        except CodingError as error:
            raise self._failed(error) from error
        self._max_bytes = max_bytes
        self._parts: deque[bytes] = deque()  # as they came
        self.decoded_bytes = 0  # so far

    def add(self, data: bytes) -> None:
        """Take a piece as it came."""
        self._parts.append(data)

    def next(self) -> tuple[bytes, int]:
        """Decode some more.

        Returns:
            The next piece, empty when all that came is decoded, and how many bytes of what came it used up.

        Raises:
            NetworkError: it cannot be decoded, or becomes too much.
        """
        used = 0
        try:
            while True:
                piece = self._decoder.pull(PIECE_BYTES)
                if piece:
                    break
                if not self._parts:
                    return b"", used
                part = self._parts.popleft()
                used += len(part)
                self._decoder.push(part)
        except CodingError as error:
            raise self._failed(error) from error
        self.decoded_bytes += len(piece)
        if self.decoded_bytes > self._max_bytes:
            raise NetworkError(
                "net::ERR_RESPONSE_TOO_LARGE", f"the response is larger than {self._max_bytes} bytes", url=self._url
            )
        return piece, used

    def drop(self) -> int:
        """Forget what is not decoded; give how many bytes of what came that is."""
        count = sum(map(len, self._parts))
        self._parts.clear()
        return count

    def whole(self, data: bytes) -> bytes:
        """Decode a body that came whole.

        Raises:
            NetworkError: it cannot be decoded, or becomes too much.
        """
        self.add(data)
        pieces = []
        while piece := self.next()[0]:
            pieces.append(piece)
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    def _failed(self, error: CodingError) -> NetworkError:
        return NetworkError("net::ERR_CONTENT_DECODING_FAILED", f"the body cannot be decoded: {error}", url=self._url)


def coded_body(headers: HeaderList, max_bytes: int, url: str) -> CodedBody | None:
    """Give what decodes the body of a response with these headers; None where it is what came.

    Raises:
        NetworkError: it has too many codings.
    """
    codings = codings_of(headers)
    return CodedBody(codings, max_bytes, url) if codings else None
