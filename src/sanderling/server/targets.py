"""Targets, contexts and sessions as a hub remembers them: plain records, and the filters that choose among targets.

Thread: main.
"""

from __future__ import annotations

import asyncio
import itertools
import uuid
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import msgspec

if TYPE_CHECKING:
    from sanderling.server.workers import WorkerSlot

TargetType: TypeAlias = Literal["browser", "tab", "page", "worker", "shared_worker"]


ON_WORKERS: tuple[TargetType, ...] = ("page", "worker", "shared_worker")
"""Kinds of targets whose sessions workers of ours serve."""


def new_target_id() -> str:
    """Give an id in Chromium's form: 32 hexadecimal digits."""
    return uuid.uuid4().hex.upper()


class FilterEntry(msgspec.Struct, frozen=True):
    """CDP's `Target.FilterEntry`."""

    type: str | None = None
    exclude: bool = False


TargetFilter: TypeAlias = Sequence[FilterEntry]

PERMISSION_METHODS = ("Browser.grantPermissions", "Browser.setPermission")
"""Each is about one origin: they add up."""

DEFAULT_SIZE = (1280, 720)
"""Of a window, as `browser.options` has it for pages."""

DEFAULT_FILTER: TargetFilter = (
    FilterEntry("browser", exclude=True),
    FilterEntry("tab", exclude=True),
    FilterEntry(),
)
"""What methods without a filter mean."""


def matches(wanted: TargetFilter, kind: str) -> bool:
    """Say whether targets of a type pass: the first entry that names it, or names none, decides; none: no."""
    for entry in wanted:
        if entry.type is None or entry.type == kind:
            return not entry.exclude
    return False


class ContextRecord:
    """A browser context.

    Args:
        context_id: as clients know it.
        slot: the worker that it is placed on.
    """

    def __init__(self, context_id: str, slot: WorkerSlot) -> None:
        self.id = context_id
        self.slot = slot
        self.options: dict[str, Any] = {}  # what `createBrowserContext` asked for
        self.owner: object | None = None  # the connection with whose end it ends
        self.made_on: object | None = None  # the worker that has it; another one has to make it again
        self.making = asyncio.Lock()  # held until the worker knows everything that holds for it
        self.pages: dict[str, PageRecord] = {}
        self.homes: dict[str, PageRecord] = {}  # of its shared web workers: no targets, but what has their web workers
        self.standing: list[
            tuple[str, bytes]
        ] = []  # methods and params that a new worker has to be told again, in order

    def stand(self, method: str, params: bytes) -> None:
        """Remember a command that holds for the life of the context, and forget those that it takes back or repeats."""
        forgotten = PERMISSION_METHODS if method == "Browser.resetPermissions" else ()
        self.standing = [
            (known, told)
            for known, told in self.standing
            if known not in forgotten and (known != method or (method in PERMISSION_METHODS and told != params))
        ]
        if method != "Browser.resetPermissions":
            self.standing.append((method, params))


_window_ids = itertools.count(1)


class WindowRecord:
    """The window that a page has for itself. Sizes and places are in CSS pixels."""

    def __init__(self) -> None:
        self.id = next(_window_ids)
        self.left = 0
        self.top = 0
        self.width = DEFAULT_SIZE[0]
        self.height = DEFAULT_SIZE[1]
        self.state = "normal"


class PageRecord:
    """A page and its tab.

    Args:
        context: where it is.
        page_id: its target id, which is also its main frame's.
        url: to load first.
    """

    def __init__(self, context: ContextRecord, page_id: str, url: str = "about:blank") -> None:
        self.context = context
        self.id = page_id
        self.tab_id = new_target_id()
        self.url = url
        self.title = ""
        self.window = WindowRecord()
        self.size = (0, 0)  # of the viewport in CSS pixels; zeros for the default
        self.opener = ""  # id of the page that opened it
        self.opener_frame = ""
        self.can_access_opener = False
        self.made = False  # its worker has it
        self.went = False  # it may load, as far as the hub is concerned
        self.crashed = ""  # why, when its engine or worker ended
        self.closing = False
        self.holding: set[str] = set()  # sessions of its tab that have not released it
        self.sessions: dict[str, SessionRecord] = {}  # on the page
        self.tab_sessions: dict[str, SessionRecord] = {}  # on its tab
        self.workers: dict[str, WorkerRecord] = {}  # its web workers, by id
        self.hidden_by: SessionRecord | None = (
            None  # a hidden page is not listed, and ends with the session that made it
        )
        self.on_gone: list[Callable[[], None]] = []  # called once, when it has ended

    def info(self, kind: TargetType) -> dict[str, Any]:
        """Give CDP's `TargetInfo` of the page or its tab."""
        out: dict[str, Any] = {
            "targetId": self.id if kind == "page" else self.tab_id,
            "type": kind,
            "title": self.title or _shown(self.url),
            "url": self.url,
            "attached": bool(self.sessions if kind == "page" else self.tab_sessions),
            "canAccessOpener": self.can_access_opener,
            "browserContextId": self.context.id,
        }
        if self.opener:
            out["openerId"] = self.opener
            out["openerFrameId"] = self.opener_frame
        return out


def _shown(url: str) -> str:
    """Give what stands for the title of a document without one: no scheme, and no slash behind a bare host, as in Chromium."""
    shown = url.removeprefix("http://").removeprefix("https://")
    return shown[:-1] if shown != url and shown.find("/") == len(shown) - 1 else shown


class WorkerRecord:
    """A web worker.

    Args:
        page: whose it is; of a shared one, its home.
        worker_id: its target id.
        parent: the web worker that made it; empty for a document.
        frame: id of the frame whose document it belongs to.
        url: of its script.
        name: that page code gave it.
    """

    def __init__(
        self, page: PageRecord, worker_id: str, *, shared: bool, parent: str, frame: str, url: str, name: str
    ) -> None:
        self.page = page
        self.kind: TargetType = "shared_worker" if shared else "worker"
        self.id = worker_id
        self.parent = parent
        self.frame = frame
        self.url = url
        self.name = name
        self.went = False  # it may run, as far as the hub is concerned
        self.sessions: dict[str, SessionRecord] = {}

    def info(self) -> dict[str, Any]:
        """Give CDP's `TargetInfo`."""
        out = {
            "targetId": self.id,
            "type": self.kind,
            "title": self.name,
            "url": self.url,
            "attached": bool(self.sessions),
            "canAccessOpener": False,
            "browserContextId": self.page.context.id,
        }
        if self.kind == "worker" and self.page.id in self.page.context.pages:
            out["parentFrameId"] = self.frame
        return out


class AutoAttach(msgspec.Struct, frozen=True):
    """What a session wants to be attached to by itself."""

    filter: TargetFilter
    wait: bool
    flatten: bool


class SessionRecord:
    """A session of a connection.

    Args:
        session_id: as the client knows it; the root session of a connection has one too, which never goes on the wire.
        kind: of its target.
        send: puts a message for the client out, as this session's messages go.
        parent: the session it was attached from; None for a connection's root.
        page: its page, or the page of its tab or web worker.
    """

    def __init__(
        self,
        session_id: str,
        kind: TargetType,
        send: Callable[[bytes], None],
        *,
        parent: SessionRecord | None,
        page: PageRecord | None = None,
        wire_id: str = "",
    ) -> None:
        self.id = session_id
        self.kind = kind
        self.send = send
        self.parent = parent
        self.page = page
        self.worker: WorkerRecord | None = None  # its web worker
        self.wire_id = wire_id  # stands in its messages; empty for root sessions and wrapped ones
        self.auto_attach: AutoAttach | None = None
        self.auto_attached = False  # its parent's auto-attach made it
        self.discover: TargetFilter | None = None  # told about targets that come and go
        self.children: dict[str, SessionRecord] = {}
        self.pending: dict[int, None] = {}  # ids of commands that its worker has not answered
        self.early: list[bytes] | None = []  # messages before its worker has it; None from then on
        self.downloads: set[str] = set()  # contexts whose downloads it is told of
        self.closed = False
