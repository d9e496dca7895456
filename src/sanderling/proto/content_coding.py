"""Content codings undone a piece at a time (RFC 9110, 8.4): gzip, deflate, br (RFC 7932) and zstd (RFC 8878).

Input is pushed, output is pulled, and no pull gives much more than it was asked for: a few bytes may stand for gigabytes, and whoever
pulls decides how many of them exist at once. As in Chromium, a stream that ends too early is shown as far as it came, what
follows its end does not count (in one piece with a Brotli stream it is an error: its library says no more), and a coding that is not
known is passed through.

Thread: any.
"""

from __future__ import annotations

import sys
import zlib
from collections.abc import Iterable
from typing import Protocol

MAX_CODINGS = 5
"""Layers that are undone, as in libcurl; each costs memory, and no server means more than one."""

PIECE_BYTES = 64 * 1024
"""What passes from one layer to the next at once."""

SILENT_BYTES = 16 * 1024 * 1024
"""What may pass between layers, apart from what the body becomes: a layer may swallow all that another makes of a few bytes."""

SILENT_RATIO = 8
"""And so much for each byte of what the body becomes: honest layers pass on less than it has, `MAX_CODINGS` - 1 times."""

_ZSTD_WINDOW_LOG = 23
"""RFC 9659, 3: a window of 8 MiB at most."""

_ZSTD_STEP = 16 * 1024
"""What a frame is given at once, for it copies what is not its own: a body may have a frame in every nine bytes."""


class CodingError(Exception):
    """The bytes are not in the coding that was announced; the text says what is wrong."""


class _Layer(Protocol):
    """One coding."""

    def push(self, data: bytes) -> None:
        """Take more input; what waits was pulled out before."""

    def pull(self, limit: int) -> bytes:
        """Give at most about `limit` bytes; none where more input is needed.

        Raises:
            CodingError: the input is wrong.
        """


def codings_of(headers: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """Say what codings a response's body is in, in the order they were applied; none where it is to be taken as it is.

    One that is not known, and `identity`, which no server should send (RFC 9110, 12.5.3), make all of it be taken as it is, as in Chromium.
    """
    found = []
    for name, value in headers:
        if len(name) == _NAME_LENGTH and name.lower() == "content-encoding":
            for coding in value.split(","):
                # RFC 9110, 8.4.1: names are case-insensitive, "x-gzip" is gzip.
                known = _LAYERS.get(coding.strip().lower())
                if known is None:
                    return ()
                found.append(known)
    return tuple(found)


class Decoder:
    """Undoes the codings of one body.

    Args:
        codings: what `codings_of` gave.

    Raises:
        CodingError: they are too many.
    """

    __slots__ = ("_given", "_layers", "_passed")

    def __init__(self, codings: tuple[str, ...]) -> None:
        if len(codings) > MAX_CODINGS:
            raise CodingError(f"more than {MAX_CODINGS} content codings")
        self._layers: list[_Layer] = [_make(coding) for coding in reversed(codings)]  # the outermost first
        self._passed = 0  # bytes from layer to layer
        self._given = 0

    def push(self, data: bytes) -> None:
        """Take more of the body as it came; only when `pull` gave nothing."""
        self._layers[0].push(data)

    def pull(self, limit: int) -> bytes:
        """Give more of the body as it is meant.

        Returns:
            About `limit` bytes at most (Brotli's library counts in steps of 32 KiB); none where more input is needed.

        Raises:
            CodingError: it is not in its coding, or its layers pass on much more than it becomes.
        """
        out = self._pull(len(self._layers) - 1, limit)
        self._given += len(out)
        return out

    def _pull(self, number: int, limit: int) -> bytes:
        layer = self._layers[number]
        while True:
            out = layer.pull(limit)
            if out or not number:
                return out
            data = self._pull(number - 1, PIECE_BYTES)
            if not data:
                return b""
            self._passed += len(data)
            if self._passed > SILENT_BYTES + SILENT_RATIO * self._given:
                raise CodingError(f"{self._passed} bytes between content codings became {self._given}")
            layer.push(data)


class _Zlib:
    """gzip, and deflate, by which some servers mean the bare format without zlib's two bytes (RFC 9110, 8.4.1.2)."""

    def __init__(self, *, gzip: bool) -> None:
        self._machine = zlib.decompressobj(31) if gzip else None  # None while the format is not known
        self._input = b""

    def push(self, data: bytes) -> None:
        self._input += data

    def pull(self, limit: int) -> bytes:
        machine = self._machine
        if machine is None:
            if len(self._input) < 2:
                return b""
            first, second = self._input[:2]
            # RFC 1950, 2.2: the method is 8, and the two bytes are a multiple of 31.
            wrapped = first & 15 == 8 and (first << 8 | second) % 31 == 0
            machine = self._machine = zlib.decompressobj(15 if wrapped else -15)
        if machine.eof:
            self._input = b""  # the machine would keep it, and copy all of it each time
            return b""
        try:
            out = machine.decompress(self._input, limit)
        except zlib.error as error:
            raise CodingError(str(error)) from error
        self._input = machine.unconsumed_tail
        return out


class _Brotli:
    def __init__(self) -> None:
        import brotli  # here, for whoever sees no such body needs none of it

        self._error = brotli.error
        self._machine = brotli.Decompressor()
        self._input = b""
        self._gave = False  # output: it may have more, also where it says that it can take input

    def push(self, data: bytes) -> None:
        self._input += data

    def pull(self, limit: int) -> bytes:
        machine = self._machine
        while not machine.is_finished() and (self._input or self._gave):
            data = b""
            if machine.can_accept_more_data():
                data, self._input = self._input, b""
            try:
                out: bytes = machine.process(data, output_buffer_limit=limit)
            except self._error as error:
                raise CodingError(str(error)) from error
            self._gave = bool(out)
            if out:
                return out
            if not machine.can_accept_more_data():
                raise CodingError("no output, and no room for input")
        if machine.is_finished():
            self._input = b""
        return b""


class _Zstd:
    """Any number of frames, of which the ones that may be skipped count for nothing (RFC 8878, 3)."""

    def __init__(self) -> None:
        if sys.version_info >= (3, 14):
            from compression import zstd
        else:
            from backports import zstd

        self._zstd = zstd
        self._input = b""
        self._at = 0  # so much of it a machine has
        self._broken = ""  # what is wrong behind what was given
        self._machine = self._new()

    def _new(self) -> _ZstdMachine:
        zstd = self._zstd
        machine: _ZstdMachine = zstd.ZstdDecompressor(
            options={zstd.DecompressionParameter.window_log_max: _ZSTD_WINDOW_LOG}
        )
        return machine

    def push(self, data: bytes) -> None:
        self._input = self._input[self._at :] + data
        self._at = 0

    def pull(self, limit: int) -> bytes:
        out: list[bytes] = []  # of several frames, which may be tiny
        left = limit
        while left > 0 and not self._broken:
            machine = self._machine
            if self._at == len(self._input) and (machine.eof or machine.needs_input):
                break
            if machine.eof:
                machine = self._machine = self._new()
            step = self._input[self._at : self._at + _ZSTD_STEP] if machine.needs_input else b""
            self._at += len(step)
            try:
                piece = machine.decompress(step, left)
            except self._zstd.ZstdError as error:
                self._broken = str(error)
                break
            if machine.eof:
                self._at -= len(machine.unused_data)
            if piece:
                out.append(piece)
                left -= len(piece)
        if self._broken and not out:
            raise CodingError(self._broken)
        return out[0] if len(out) == 1 else b"".join(out)


class _ZstdMachine(Protocol):
    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int, /) -> bytes: ...


_NAME_LENGTH = len("content-encoding")
_LAYERS = {"gzip": "gzip", "x-gzip": "gzip", "deflate": "deflate", "br": "br", "zstd": "zstd"}


def _make(coding: str) -> _Layer:
    if coding == "br":
        return _Brotli()
    if coding == "zstd":
        return _Zstd()
    return _Zlib(gzip=coding == "gzip")
