"""What a navigation starts from and what its response was: plain data.

Thread: worker.
"""

from __future__ import annotations

import msgspec

from sanderling.browser.session_history import EntryState
from sanderling.network.messages import TlsFacts

ERROR_URL = "chrome-error://chromewebdata/"
"""Where Chromium shows that a document could not be loaded; clients know the address."""


class NavigationRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What to load into the main frame."""

    url: str
    method: str = "GET"
    body: bytes | None = None
    content_type: str = ""
    referrer: str = ""
    referrer_policy: str = ""
    transition: str = "link"
    """CDP's `TransitionType`: what became of it stands in the session history."""
    replace: bool = False
    reload: bool = False
    bypass_cache: bool = False
    """A hard reload: neither the document nor what it loads comes from the cache."""
    html: str | None = None
    """Markup to load under `url` without a request (`set_content`, javascript: URLs)."""
    initiator_origin: str = ""
    """Serialised origin of the document that asked; empty for the user."""
    user_activated: bool = False
    """Somebody had just acted on the document that asked."""
    navigation_state: EntryState | None = None
    """The navigation API's state of the entry that it makes."""
    history_index: int | None = None
    """Traversal: the entry to become current."""


class ResponseInfo(msgspec.Struct, frozen=True, kw_only=True):
    """The main resource of a navigation, as plain data."""

    url: str
    status: int
    reason: str
    headers: tuple[tuple[str, str], ...]
    redirects: tuple[tuple[str, int], ...] = ()
    remote_address: str = ""
    http_version: str = ""
    referrer: str = ""
    """What the request told; empty for none."""
    body: bytes = b""
    tls: TlsFacts | None = None
    """Of the connection; None where there was none."""
