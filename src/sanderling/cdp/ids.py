"""How CDP's identifiers are made from ours.

Thread: any.
"""

from __future__ import annotations

from typing import Final

MAIN_FRAME: Final = 1
"""Number of a page's main frame, the only one that CDP sees."""


def loader_id(page_id: str, navigation: int) -> str:
    """Give the loader of the document that a navigation brings; also the id of its request."""
    return f"{page_id}.loader-{navigation}"


def request_id(page_id: str, number: int) -> str:
    """Give the id of a request that makes no document of the main frame."""
    return f"{page_id}.{number}"
