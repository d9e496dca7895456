"""Every error that crosses a layer, and whose fault it was.

The tree (a test compares it with the classes)::

    SanderlingError
    ├── UsageError            the caller asked for something impossible
    ├── NetworkError          the peer, or the way to it
    ├── PageError             the page's own code
    │   ├── JavaScriptError   an exception the page threw
    │   ├── PageCrashedError  the page used up a limit, or its engine died
    │   └── NavigationError   the page could not be loaded
    ├── TimeoutError          a deadline of the caller's passed
    ├── ClosedError           the object was closed before or meanwhile
    ├── UnsupportedError      not in Sanderling (yet); the text says what
    └── InternalError         our own mistake: please report it

Thread: any.
"""

from __future__ import annotations

import builtins


class SanderlingError(Exception):
    """Base class of all errors raised on purpose."""


class UsageError(SanderlingError, ValueError):
    """The caller's mistake: a malformed URL, an impossible option."""


class NetworkError(SanderlingError):
    """A transfer failed. `code` is Chromium's name for it, such as ``net::ERR_CONNECTION_REFUSED``."""

    def __init__(self, code: str, message: str = "", *, url: str = "") -> None:
        super().__init__(code, message, url)
        self.code = code  # net::ERR_*
        self.message = message  # what happened, for people
        self.url = url  # which request; empty when not known
        self.request_head = b""  # what was sent before it failed; empty when nothing was, or nobody wants to know

    def __str__(self) -> str:
        text = self.code + (f": {self.message}" if self.message else "")
        return f"{text} at {self.url}" if self.url else text


class PageError(SanderlingError):
    """The page's doing."""


class JavaScriptError(PageError):
    """An exception thrown by code in the page."""

    def __init__(self, name: str, message: str, *, stack: str = "") -> None:
        super().__init__(name, message, stack)
        self.name = name  # the error's name, such as "TypeError"; "" for a value that is no Error
        self.message = message
        self.stack = stack  # V8's stack text, with the page's URLs and lines; may be empty

    def __str__(self) -> str:
        return self.stack or (f"{self.name}: {self.message}" if self.name else self.message)


class PageCrashedError(PageError):
    """The page's isolate is gone: heap limit, deadline, or a crash of the engine."""


class NavigationError(PageError):
    """A document could not be loaded for a reason other than the network."""


class TimeoutError(SanderlingError, builtins.TimeoutError):  # noqa: A001 - Playwright's name, and it is one
    """A deadline given by the caller has passed."""


class ClosedError(SanderlingError):
    """The page, context, browser or handle is closed."""


class UnsupportedError(SanderlingError):
    """Something Sanderling does not do; the text names it."""


class InternalError(SanderlingError):
    """A mistake in Sanderling itself. Please report it."""
