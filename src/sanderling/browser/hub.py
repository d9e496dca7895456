"""Events inside the browser layer: typed, per page, never global.

Whoever is interested (an API connection, a CDP session, the `fetch` job) subscribes to one page's or one context's hub.

Thread: worker.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TypeAlias, TypeVar

import msgspec

from sanderling.browser.result import ConsoleRecord, ScriptErrorRecord

_LOG = logging.getLogger("sanderling.browser")


class PageEvent(msgspec.Struct, frozen=True, tag_field="event", tag=str.lower):
    """Base of all events of a page; `page` is the page's id."""

    page: str


class Console(PageEvent, frozen=True):
    """Page code wrote to the console."""

    record: ConsoleRecord


class ScriptFailed(PageEvent, frozen=True):
    """An exception that nobody caught, or a rejection that nobody handled."""

    record: ScriptErrorRecord


class RequestStarted(PageEvent, frozen=True):
    """A request goes out (each redirect hop is one of its own with the same id)."""

    request: int
    url: str
    method: str
    type: str
    frame: int
    headers: tuple[tuple[str, str], ...] = ()
    navigation: int = 0
    """Number of the frame's navigation whose document this brings; 0 for every other request."""


class ResponseReceived(PageEvent, frozen=True):
    """A response head came."""

    request: int
    url: str
    status: int
    reason: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    redirects: tuple[tuple[str, int], ...] = ()
    """URL and status of the redirects that led here."""
    remote_address: str = ""
    http_version: str = ""


class RequestFinished(PageEvent, frozen=True):
    """A request came to its end."""

    request: int
    encoded_bytes: int


class RequestFailed(PageEvent, frozen=True):
    """A request failed."""

    request: int
    url: str
    code: str
    message: str


class NavigationStarted(PageEvent, frozen=True):
    """A frame is about to load another document; nothing was sent yet."""

    frame: int
    url: str
    number: int
    """Of the navigation: within the page for the main frame, within the frame for a child frame."""
    by_page: bool
    """Page code or a followed link asked for it, not the user."""
    reload: bool = False


class NavigationEnded(PageEvent, frozen=True):
    """A navigation ended without a document of its own: it failed, was superseded, or its response was empty."""

    frame: int
    number: int
    code: str
    """``net::ERR_*``; empty for an empty response."""


class FrameNavigated(PageEvent, frozen=True):
    """A document was committed in a frame, or its URL changed within the document."""

    frame: int
    url: str
    within_document: bool = False
    by_fragment: bool = False
    """Within the document: a fragment was followed; else the history API was used."""


class FrameAttached(PageEvent, frozen=True):
    """A child frame was inserted."""

    frame: int
    parent: int


class FrameDetached(PageEvent, frozen=True):
    """A child frame was removed (`reason` remove) or goes on in another isolate (swap)."""

    frame: int
    reason: str


class DocumentOpened(PageEvent, frozen=True):
    """`document.open` emptied a frame's document: it is parsed anew, and reaches its milestones again."""

    frame: int


class Lifecycle(PageEvent, frozen=True):
    """A milestone of a frame's document: commit, domcontentloaded, load."""

    frame: int
    name: str


class Dialog(PageEvent, frozen=True):
    """alert, confirm, prompt or beforeunload; answer by its id."""

    dialog: int
    type: str
    message: str
    default: str = ""


class WindowOpening(PageEvent, frozen=True):
    """Page code is about to open another window."""

    url: str
    name: str
    features: str
    """As `window.open` got them."""
    noopener: bool
    activated: bool
    """Somebody has acted on the page."""


class Popup(PageEvent, frozen=True):
    """The page opened another."""

    opened: str
    url: str


class PolicyViolated(PageEvent, frozen=True):
    """A Content Security Policy forbade something, or would have; or a document forbade to be framed."""

    frame: int
    text: str
    """Chromium's words."""
    url: str
    """Of the document."""
    source: str = "security"
    """What the log calls its kind: `other` for `X-Frame-Options`."""


class Crashed(PageEvent, frozen=True):
    """The page's isolate is gone."""

    reason: str


class Closed(PageEvent, frozen=True):
    """The page was closed."""


AnyEvent: TypeAlias = (
    Console
    | ScriptFailed
    | RequestStarted
    | ResponseReceived
    | RequestFinished
    | RequestFailed
    | NavigationStarted
    | NavigationEnded
    | FrameNavigated
    | FrameAttached
    | FrameDetached
    | DocumentOpened
    | Lifecycle
    | Dialog
    | WindowOpening
    | Popup
    | PolicyViolated
    | Crashed
    | Closed
)

E = TypeVar("E", bound=PageEvent)


class Hub:
    """Subscribers of one page, in order of subscription."""

    def __init__(self) -> None:
        self._listeners: list[Callable[[AnyEvent], None]] = []

    def subscribe(self, listener: Callable[[AnyEvent], None]) -> Callable[[], None]:
        """Call `listener` with every event from now on; the returned function ends that."""
        self._listeners.append(listener)

        def unsubscribe() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return unsubscribe

    def publish(self, event: AnyEvent) -> None:
        """Hand `event` to every subscriber; one that fails is logged and disturbs no other."""
        for listener in tuple(self._listeners):
            try:
                listener(event)
            except Exception:
                _LOG.exception("a subscriber failed on %s", type(event).__name__)
