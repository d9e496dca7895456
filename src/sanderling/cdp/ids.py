"""How CDP's identifiers are made from ours. Those of frames and loaders hold no dot: ChromeDriver joins them by dots into ids of elements.

Thread: any.
"""

from __future__ import annotations

from typing import Final

MAIN_FRAME: Final = 1
"""Number of a page's main frame; its id is the page's, which is also the target's."""


def frame_id(page_id: str, number: int) -> str:
    """Give the id of a frame."""
    return page_id if number == MAIN_FRAME else f"{page_id}-{number}"


def frame_number(page_id: str, frame: str) -> int | None:
    """Give the number of the frame with that id, None when it is none of the page's."""
    if frame == page_id:
        return MAIN_FRAME
    head, dash, tail = frame.rpartition("-")
    return int(tail) if dash and head == page_id and tail.isascii() and tail.isdigit() else None


def loader_id(page_id: str, navigation: int) -> str:
    """Give the loader of the document that a navigation of the main frame brings; also the id of its request."""
    return f"{page_id}-loader-{navigation}"


def frame_loader_id(page_id: str, frame: int, document: int) -> str:
    """Give the loader of a child frame's document."""
    return f"{page_id}-{frame}-loader-{document}"


def request_id(page_id: str, number: int) -> str:
    """Give the id of a request that makes no document of the main frame."""
    return f"{page_id}.{number}"


def worker_id(page_id: str, serial: int) -> str:
    """Give the target id of a web worker; also the id of its script's request."""
    return f"{page_id}.worker-{serial}"
