"""What page code may compute on the host without leaving its thread, by the kind that `hostCall` asks for.

Pure functions, and functions with state that one isolate has for itself.

Thread: any; nothing is shared.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import Any

from sanderling.browser import parser, pure_csp, pure_image, pure_url
from sanderling.browser.compression import Codecs
from sanderling.browser.encoding_indexes import FUNCTIONS as ENCODING_FUNCTIONS

MAX_RANDOM_BYTES = 65536
"""Web Cryptography, 10.1.1: more in one call is a QuotaExceededError, which `web/crypto/` throws before it asks."""


def _random(payload: Any, data: bytes | None) -> tuple[str, bytes | None]:
    length = int(payload["length"])
    if not 0 <= length <= MAX_RANDOM_BYTES:
        raise ValueError(f"{length} random bytes are too many")
    return "null", os.urandom(length)


def _crypto(payload: Any, data: bytes | None) -> tuple[str, bytes | None]:
    from sanderling.browser.web_crypto import operations

    return operations.run(payload, data)


FUNCTIONS: Mapping[str, Callable[[Any, bytes | None], tuple[str, bytes | None]]] = {
    **parser.FUNCTIONS,
    **pure_url.FUNCTIONS,
    **ENCODING_FUNCTIONS,
    **pure_csp.FUNCTIONS,
    **pure_image.FUNCTIONS,
    "random": _random,
    "crypto": _crypto,
}

OWN_FUNCTIONS: Mapping[str, Callable[[], Callable[[Any, bytes | None], tuple[str, bytes | None]]]] = {
    "compression": Codecs,
}
