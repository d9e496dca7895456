"""The compressors and decompressors of one isolate: what CompressionStream and DecompressionStream ask of the host.

https://compression.spec.whatwg.org/. Page code numbers them; they end when the stream does, or with the isolate.

Thread: any; an instance belongs to one engine's thread.
"""

from __future__ import annotations

import zlib
from typing import Any

import msgspec

_WINDOW_BITS = {"deflate": 15, "deflate-raw": -15, "gzip": 31}
"""zlib's manual, deflateInit2 and inflateInit2: which wrapper the data has."""

PIECE_BYTES = 1024 * 1024
"""So much is decompressed at once: a small chunk may stand for gigabytes."""

MAX_OPEN = 1000
"""Streams that are under way in one isolate; each takes up to 256 KiB."""


class _Decompressor:
    def __init__(self, form: str) -> None:
        self._zlib = zlib.decompressobj(_WINDOW_BITS[form])

    def write(self, data: bytes) -> tuple[bytes, bool]:
        """Give the next piece, and whether there is more: ask for that with `unconsumed`.

        Raises:
            ValueError: the data is not valid.
        """
        if self._zlib.eof:
            if data:
                raise ValueError("Junk found after end of compressed data.")
            return b"", False
        try:
            out = self._zlib.decompress(data, PIECE_BYTES)
        except zlib.error as error:
            raise ValueError(f"The compressed data was not valid: {error}.") from None
        return out, len(out) == PIECE_BYTES and not self._zlib.eof

    def unconsumed(self) -> bytes:
        """Give what `write` left over."""
        return self._zlib.unconsumed_tail

    def junk(self) -> bool:
        """Say whether something stood behind the end."""
        return bool(self._zlib.unused_data)

    def finish(self) -> bytes:
        """End the input.

        Raises:
            ValueError: it is not complete.
        """
        if not self._zlib.eof:
            raise ValueError("Compressed input was truncated.")
        return b""


class Codecs:
    """A host function, one for each isolate."""

    def __init__(self) -> None:
        self._compressors: dict[int, zlib._Compress] = {}  # by the number page code gave
        self._decompressors: dict[int, _Decompressor] = {}

    def __call__(self, payload: Any, data: bytes | None) -> tuple[str, bytes | None]:
        """Take a step.

        Args:
            payload: `id`; `format`; `compress`; `step`: "write", "more" (of the output), "finish" or "drop".
            data: for "write".

        Returns:
            JSON and bytes of output: `more`, or `error` with its text. An error behind valid output is told with that output.
        """
        number, step = payload["id"], payload["step"]
        if step == "drop":
            self._compressors.pop(number, None)
            self._decompressors.pop(number, None)
            return "null", None
        if len(self._compressors) + len(self._decompressors) > MAX_OPEN:
            return _answer(b"", error=f"More than {MAX_OPEN} compression streams are under way.")
        try:
            if payload["compress"]:
                return self._compress(number, payload["format"], step, data or b"")
            return self._decompress(number, payload["format"], step, data or b"")
        except ValueError as error:
            return _answer(b"", error=str(error))

    def _compress(self, number: int, form: str, step: str, data: bytes) -> tuple[str, bytes | None]:
        codec = self._compressors.get(number)
        if codec is None:
            codec = self._compressors[number] = zlib.compressobj(wbits=_WINDOW_BITS[form])
        if step == "write":
            return _answer(codec.compress(data))
        del self._compressors[number]
        return _answer(codec.flush())

    def _decompress(self, number: int, form: str, step: str, data: bytes) -> tuple[str, bytes | None]:
        codec = self._decompressors.get(number)
        if codec is None:
            codec = self._decompressors[number] = _Decompressor(form)
        if step == "finish":
            del self._decompressors[number]
            return _answer(codec.finish())
        out, more = codec.write(data if step == "write" else codec.unconsumed())
        return _answer(out, more=more, error="Junk found after end of compressed data." if codec.junk() else None)


def _answer(out: bytes, *, more: bool = False, error: str | None = None) -> tuple[str, bytes]:
    return msgspec.json.encode({"more": more, "error": error}).decode(), out
