"""Storage keys as CDP writes them: a slash behind the origin, and the top-level site where there is one.

Thread: any.
"""

from __future__ import annotations

from sanderling.browser.storage_keys import is_partitioned
from sanderling.cdp.errors import invalid_params
from sanderling.proto.url import parse


def serialised(key: str) -> str:
    """Write a storage key."""
    return key if is_partitioned(key) else f"{key}/"


def key_of(storage_key: str, origin: str = "", *, name: str) -> str:
    """Read a storage key, or an origin where that is empty.

    Args:
        storage_key: as CDP writes it.
        origin: see above.
        name: of the parameter, for the error.

    Raises:
        CdpError: it is neither.
    """
    text, caret, rest = storage_key.partition("^")
    url = parse(text or origin)
    if url is None or url.origin.is_opaque or (caret and not rest.startswith("0")):
        raise invalid_params(f"{name}: neither a storage key nor an origin")
    return f"{url.origin.serialise()}/^{rest}" if caret else url.origin.serialise()
