"""Identifiers: short, unique in the process, readable in a log.

Thread: any.
"""

from __future__ import annotations

import itertools

_COUNTER = itertools.count(1)  # `next` on it is atomic under the interpreter's lock


def new_id(prefix: str) -> str:
    """Give ``prefix-N`` with an N that was never given before in this process."""
    return f"{prefix}-{next(_COUNTER)}"
