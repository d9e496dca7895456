"""Messages that cannot be read."""

from __future__ import annotations

import msgspec
import pytest

from sanderling.cdp.envelope import read_envelope, well_formed
from sanderling.cdp.errors import PARSE_ERROR, CdpError


def test_deep_nesting_is_a_parse_error() -> None:
    deep = b"[" * 100_000 + b"]" * 100_000
    with pytest.raises(CdpError) as told:
        read_envelope(b'{"id":1,"method":"Runtime.evaluate","params":' + deep + b"}")
    assert told.value.code == PARSE_ERROR


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r'"a\ud800b"', "a\ufffdb"),
        (r'"a\uDC00\ud83d\ude00\uD83D"', "a\ufffd\U0001f600\ufffd"),
        (r'"\ud800\ud83d\uDE00"', "\ufffd\U0001f600"),
        (r'"\\ud800 \"\u0064\\\ud800"', '\\ud800 "d\\\ufffd'),
    ],
)
def test_surrogates_that_stand_alone_are_replaced(text: str, expected: str) -> None:
    message = b'{"id":1,"method":"X.y","params":' + text.encode() + b"}"
    assert msgspec.json.decode(read_envelope(well_formed(message)).params) == expected
    assert well_formed(b'{"a":"\\u0064"}') == b'{"a":"\\u0064"}'


@pytest.mark.parametrize("text", [r'"\ud8"', r'"\ud80"', r'"\ud8 ," '])
def test_what_is_no_escape_stays_a_parse_error(text: str) -> None:
    message = b'{"id":1,"method":"X.y","params":{"a":' + text.encode() + b"}}"
    assert well_formed(message) == message
    with pytest.raises(CdpError) as told:
        read_envelope(well_formed(message))
    assert told.value.code == PARSE_ERROR
