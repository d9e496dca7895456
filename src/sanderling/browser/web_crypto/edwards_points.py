"""Which encodings of points have a small order, or are no points: signatures by them say nothing.

RFC 8032, 5.1.3 and 5.2.3 (decoding); https://w3c.github.io/webcrypto/#ed25519-operations-verify.

Thread: any.
"""

from __future__ import annotations

import functools

_P25519 = 2**255 - 19
_D25519 = -121665 * pow(121666, -1, _P25519) % _P25519
_P448 = 2**448 - 2**224 - 1


def _root(value: int) -> int | None:
    """Give a square root modulo 2^255 - 19 (RFC 8032, 5.1.3, 3)."""
    root = pow(value, (_P25519 + 3) // 8, _P25519)
    if (root * root - value) % _P25519:
        root = root * pow(2, (_P25519 - 1) // 4, _P25519) % _P25519
    return None if (root * root - value) % _P25519 else root


@functools.cache
def _small_order_25519() -> frozenset[int]:
    """Give the y coordinates of the eight points whose order divides 8."""
    # Order 1 has y = 1, order 2 y = -1, order 4 y = 0. The double of a point has y = 0 where x^2 = -y^2: with that the curve's equation
    # -x^2 + y^2 = 1 + d x^2 y^2 becomes d y^4 + 2 y^2 - 1 = 0, and y^2 = (-1 +- sqrt(1 + d)) / d.
    out = {0, 1, _P25519 - 1}
    middle = _root((1 + _D25519) % _P25519)
    assert middle is not None
    for sign in (1, -1):
        y = _root((-1 + sign * middle) * pow(_D25519, -1, _P25519) % _P25519)
        if y is not None:
            out |= {y, _P25519 - y}
    return frozenset(out)


def is_small_order(name: str, encoded: bytes) -> bool:
    """Say whether the order of a point divides the cofactor of its curve.

    Args:
        name: Ed25519 or Ed448.
        encoded: the point as RFC 8032 encodes it.
    """
    if name == "Ed25519":
        y = int.from_bytes(encoded, "little") & ((1 << 255) - 1)
        return y % _P25519 in _small_order_25519()
    # The points of order 1, 2 and 4 have y = 1, -1 and 0.
    y = int.from_bytes(encoded[:56], "little")
    return y % _P448 in {0, 1, _P448 - 1}
