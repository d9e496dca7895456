"""The compressors of an isolate."""

from __future__ import annotations

import json
import zlib
from typing import Any

from sanderling.browser.compression import MAX_OPEN, PIECE_BYTES, Codecs


def step(
    codecs: Codecs, name: str, data: bytes = b"", *, number: int = 1, form: str = "gzip", compress: bool = False
) -> tuple[Any, bytes]:
    answer, out = codecs({"id": number, "format": form, "compress": compress, "step": name}, data)
    return json.loads(answer), out or b""


def test_what_unpacks_to_much_comes_in_pieces() -> None:
    codecs = Codecs()
    packed = zlib.compress(bytes(5 * PIECE_BYTES + 10), wbits=31)
    answer, out = step(codecs, "write", packed)
    total = len(out)
    while answer["more"]:
        assert len(out) == PIECE_BYTES
        answer, out = step(codecs, "more")
        total += len(out)
    assert total == 5 * PIECE_BYTES + 10
    assert step(codecs, "finish") == ({"more": False, "error": None}, b"")


def test_valid_output_comes_with_the_error_behind_it() -> None:
    answer, out = step(Codecs(), "write", zlib.compress(b"text", wbits=31) + b"junk")
    assert out == b"text"
    assert "Junk" in answer["error"]


def test_there_is_a_limit_of_streams_under_way() -> None:
    codecs = Codecs()
    for number in range(MAX_OPEN + 1):
        assert step(codecs, "write", number=number, compress=True)[0]["error"] is None
    assert "More than" in step(codecs, "write", number=MAX_OPEN + 1, compress=True)[0]["error"]
    step(codecs, "drop", number=0)
    assert step(codecs, "write", number=MAX_OPEN + 1, compress=True)[0]["error"] is None
