"""A frame: a place that documents are loaded into, and its navigations.

Thread: worker.
"""

from __future__ import annotations

from sanderling.browser.navigation import NavigationEvent, NavigationState, advance
from sanderling.browser.resource_timing import TimingRecord


class Navigation:
    """One navigation of a frame, from request to its end (`navigation.TABLE`)."""

    def __init__(self, url: str, number: int) -> None:
        self.url = url
        self.number = number  # of its page, growing
        self.state = NavigationState.REQUESTED
        self.error: Exception | None = None  # why it failed
        self.bypasses_cache = False  # until it is over, nothing that the page asks for comes from the cache
        self.started_at = 0.0  # on the loop's clock
        self.timing: TimingRecord | None = None  # when its request happened
        self.unloaded: tuple[float, float] | None = None  # when the old document was left, if the new one may know
        self.by_user = False  # asked for by who drives the browser, not by page code
        self.is_download = False  # it ended because its response is saved to a file

    def advance(self, event: NavigationEvent) -> None:
        """Take a step of the table (`InternalError` when there is none)."""
        self.state = advance(self.state, event)


class Frame:
    """A main frame or a child frame.

    Args:
        number: unique within its page; the main frame is 1.
        parent: number of the parent frame, None for the main one.
    """

    def __init__(self, number: int, parent: int | None) -> None:
        self.number = number
        self.parent = parent
        self.url = "about:blank"
        self.name = ""
        self.element_id = ""  # of the element that holds it, when it was inserted
        self.origin = "null"  # serialised
        self.content_type = "text/html"  # of the current document
        self.unreachable_url = ""  # what could not be loaded, while an error document is shown
        self.documents = 0  # of a child frame: number of the navigation that brought the current document, growing
        self.navigation: Navigation | None = None  # the newest, finished or not
        self.lifecycle: set[str] = set()  # milestones of the current document
        self.children: list[int] = []
