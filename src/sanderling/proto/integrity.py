"""Subresource integrity (https://w3c.github.io/webappsec-subresource-integrity/).

Thread: any.
"""

from __future__ import annotations

import base64
import binascii
import hashlib

_ALGORITHMS = ("sha256", "sha384", "sha512")  # from weak to strong


def matches(body: bytes, metadata: str) -> bool:
    """SRI, "do bytes match metadataList?". Metadata without a known algorithm match everything.

    Args:
        body: of the response, decoded.
        metadata: the `integrity` attribute.
    """
    strongest = -1
    digests: set[bytes] = set()
    for item in metadata.split():
        algorithm, dash, rest = item.partition("?")[0].partition("-")
        if not dash or algorithm.lower() not in _ALGORITHMS:
            continue
        rank = _ALGORITHMS.index(algorithm.lower())
        if rank < strongest:
            continue
        if rank > strongest:
            strongest, digests = rank, set()
        padded = rest.replace("-", "+").replace("_", "/")
        try:
            digests.add(base64.b64decode(padded + "=" * (-len(padded) % 4), validate=True))
        except (binascii.Error, ValueError):
            continue  # a digest that cannot match
    if strongest < 0:
        return True
    return hashlib.new(_ALGORITHMS[strongest], body).digest() in digests
