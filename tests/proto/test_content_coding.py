from __future__ import annotations

import gzip
import sys
import tracemalloc
import zlib
from typing import Any

import brotli
import pytest

from sanderling.proto.content_coding import CodingError, Decoder, codings_of

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

BODY = b"The quick brown fox jumps over the lazy dog. " * 50


def bare(data: bytes) -> bytes:
    machine = zlib.compressobj(wbits=-15)
    return machine.compress(data) + machine.flush()


PACKED: dict[str, tuple[str, bytes]] = {
    "gzip": ("gzip", gzip.compress(BODY, mtime=0)),
    "zlib": ("deflate", zlib.compress(BODY)),
    "bare": ("deflate", bare(BODY)),
    "br": ("br", brotli.compress(BODY)),
    "zstd": ("zstd", zstd.compress(BODY)),
}
BOMBS: dict[str, tuple[str, bytes]] = {
    "gzip": ("gzip", gzip.compress(bytes(20_000_000))),
    "br": ("br", brotli.compress(bytes(20_000_000))),
    "zstd": ("zstd", zstd.compress(bytes(20_000_000))),
}


def drain(decoder: Decoder, limit: int = 1 << 30) -> bytes:
    out = b""
    while piece := decoder.pull(limit):
        out += piece
    return out


def decoded(codings: tuple[str, ...], *parts: bytes) -> bytes:
    decoder = Decoder(codings)
    out = b""
    for part in parts:
        decoder.push(part)
        out += drain(decoder)
    return out


@pytest.mark.parametrize(("coding", "packed"), PACKED.values(), ids=PACKED)
def test_whole_and_byte_by_byte(coding: str, packed: bytes) -> None:
    assert decoded((coding,), packed) == BODY
    assert decoded((coding,), *(packed[at : at + 1] for at in range(len(packed)))) == BODY
    assert decoded((coding,), b"", packed, b"") == BODY
    assert decoded((coding,)) == b""


@pytest.mark.parametrize(("coding", "packed"), PACKED.values(), ids=PACKED)
def test_a_body_that_breaks_off_is_shown_as_far_as_it_came(coding: str, packed: bytes) -> None:
    for cut in range(len(packed)):
        assert BODY.startswith(decoded((coding,), packed[:cut])), cut


@pytest.mark.parametrize(("coding", "packed"), PACKED.values(), ids=PACKED)
def test_what_follows_the_end_does_not_count(coding: str, packed: bytes) -> None:
    if coding == "zstd":  # frames may follow each other, anything else is a mistake
        assert decoded((coding,), packed + packed, packed) == BODY * 3
        with pytest.raises(CodingError):
            decoded((coding,), packed, b"more")
        return
    assert decoded((coding,), packed, b"more", b"and more") == BODY
    if coding != "br":
        assert decoded((coding,), packed + b"more") == BODY


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd"])
def test_what_is_in_no_coding_is_refused(coding: str) -> None:
    with pytest.raises(CodingError):
        decoded((coding,), b"\xff\xffplain words that nobody compressed")


@pytest.mark.parametrize(("coding", "bomb"), BOMBS.values(), ids=BOMBS)
def test_nothing_becomes_more_than_it_was_asked_for(coding: str, bomb: bytes) -> None:
    decoder = Decoder((coding,))
    decoder.push(bomb)
    sizes = []
    while piece := decoder.pull(10_000):
        sizes.append(len(piece))
    assert sum(sizes) == 20_000_000
    assert max(sizes) <= 64 * 1024


def test_a_bomb_in_a_bomb() -> None:
    decoder = Decoder(("gzip", "gzip"))
    decoder.push(gzip.compress(gzip.compress(bytes(50_000_000))))
    total = 0
    while piece := decoder.pull(1 << 20):
        assert len(piece) <= 1 << 20
        total += len(piece)
    assert total == 50_000_000


def test_a_layer_cannot_swallow_a_bomb() -> None:
    """A name in a header of gzip has no limit (RFC 1952, 2.3.1)."""
    endless = b"\x1f\x8b\x08\x08" + bytes(6) + b"a" * 20_000_000
    decoder = Decoder(("gzip", "gzip"))
    decoder.push(gzip.compress(endless))
    with pytest.raises(CodingError, match="bytes between content codings became 0"):
        decoder.pull(1 << 20)


@pytest.mark.parametrize("coding", ["gzip", "zlib", "bare", "br"])
def test_what_follows_the_end_is_not_kept(coding: str) -> None:
    name, packed = PACKED[coding]
    decoder = Decoder((name,))
    decoder.push(packed)
    assert drain(decoder) == BODY
    tracemalloc.start()
    try:
        for _ in range(64):
            decoder.push(bytes(64 * 1024))
            assert decoder.pull(1 << 20) == b""
        assert tracemalloc.get_traced_memory()[0] < 512 * 1024
    finally:
        tracemalloc.stop()


def test_tiny_frames_are_given_together_and_before_what_is_wrong_behind_them() -> None:
    tiny = b"".join(zstd.compress(BODY[at : at + 1]) for at in range(len(BODY)))
    skipped = b"\x50\x2a\x4d\x18" + (3).to_bytes(4, "little") + b"not"
    decoder = Decoder(("zstd",))
    decoder.push(tiny + skipped + tiny + b"no frame")
    assert decoder.pull(100) == BODY[:100]
    assert decoder.pull(1 << 20) == BODY[100:] + BODY
    with pytest.raises(CodingError):
        decoder.pull(1 << 20)


def test_several_codings_are_undone_from_the_last_one_on() -> None:
    packed = brotli.compress(gzip.compress(BODY))
    assert decoded(("gzip", "br"), packed) == BODY
    assert decoded(("gzip", "br"), *(packed[at : at + 1] for at in range(len(packed)))) == BODY
    with pytest.raises(CodingError, match="more than 5"):
        Decoder(("gzip",) * 6)


def test_windows_of_more_than_8_mib_are_refused() -> None:
    """RFC 9659, 3."""
    for log, allowed in ((23, True), (24, False)):
        options: dict[Any, int] = {zstd.CompressionParameter.window_log: log}
        machine = zstd.ZstdCompressor(options=options)
        packed = machine.compress(BODY) + machine.flush()
        if allowed:
            assert decoded(("zstd",), packed) == BODY
        else:
            with pytest.raises(CodingError):
                decoded(("zstd",), packed)


@pytest.mark.parametrize(
    ("fields", "codings"),
    [
        ([], ()),
        (["gzip"], ("gzip",)),
        (["X-GZip"], ("gzip",)),
        (["gzip, br"], ("gzip", "br")),
        (["gzip", "br"], ("gzip", "br")),
        ([" zstd\t,deflate"], ("zstd", "deflate")),
        # Unknown ones are passed through, and all that came with them.
        (["UTF-8"], ()),
        (["identity"], ()),
        (["gzip, made-up"], ()),
        ([""], ()),
    ],
)
def test_the_codings_of_a_response(fields: list[str], codings: tuple[str, ...]) -> None:
    headers = [("Content-Type", "text/html"), *(("content-ENCODING", field) for field in fields)]
    assert codings_of(headers) == codings
