"""Messages that cannot be read."""

from __future__ import annotations

import pytest

from sanderling.cdp.envelope import read_envelope
from sanderling.cdp.errors import PARSE_ERROR, CdpError


def test_deep_nesting_is_a_parse_error() -> None:
    deep = b"[" * 100_000 + b"]" * 100_000
    with pytest.raises(CdpError) as told:
        read_envelope(b'{"id":1,"method":"Runtime.evaluate","params":' + deep + b"}")
    assert told.value.code == PARSE_ERROR
