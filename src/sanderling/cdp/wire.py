"""What the hub and a worker say to each other about targets and sessions: `Call` methods one way, `Notify` bodies the other.

The hub chooses all ids. A page that is made with `hold` loads nothing, and runs no script, before `cdp.page.go` has come and every
session that was attached with `waiting` has released it (`Runtime.runIfWaitingForDebugger`) or is detached.

Thread: any.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import msgspec

from sanderling.browser.options import ContextOptions


class NewContext(msgspec.Struct, frozen=True, kw_only=True):
    """`cdp.context.new`."""

    context: str
    options: ContextOptions


class CloseContext(msgspec.Struct, frozen=True, kw_only=True):
    """`cdp.context.close`: its pages go without `beforeunload`."""

    context: str


class ContextCommand(msgspec.Struct, frozen=True, kw_only=True):
    """`cdp.context.command`: a method of a browser session that is about one context (`Storage.getCookies` and the like)."""

    context: str
    method: str
    params: msgspec.Raw = msgspec.Raw(b"{}")


class CommandOutcome(msgspec.Struct, frozen=True, kw_only=True):
    """The answer of `cdp.context.command`: a result, or an error as CDP writes it."""

    result: dict[str, Any] | None = None
    code: int = 0
    message: str = ""
    data: str = ""


class NewPage(msgspec.Struct, frozen=True, kw_only=True):
    """`cdp.page.new`: a page on about:blank, held back."""

    context: str
    page: str
    url: str = "about:blank"
    """What to load at `cdp.page.go`."""
    width: int = 0
    """Of the viewport in CSS pixels; 0: the context's."""
    height: int = 0


class PageRef(msgspec.Struct, frozen=True, kw_only=True):
    """`cdp.page.go` and `cdp.page.close`."""

    page: str
    run_unload: bool = False


class AttachSession(msgspec.Struct, frozen=True, kw_only=True):
    """`cdp.session.attach`; messages for the session may follow its answer."""

    session: str
    page: str
    worker: str = ""
    """A web worker of the page, where the session is on that."""
    waiting: bool = False
    flat: bool = True
    """Messages carry the session's id; not on a page's own socket, nor where they are wrapped."""


class WorkerRef(msgspec.Struct, frozen=True, kw_only=True):
    """`cdp.worker.go`: a web worker may fetch its script, as far as the hub is concerned. `cdp.worker.close`: a shared one ends."""

    page: str
    worker: str


class DetachSession(msgspec.Struct, frozen=True, kw_only=True):
    """`cdp.session.detach`: what it set ends with it."""

    session: str


class TargetChanged(msgspec.Struct, frozen=True, tag="changed"):
    """URL or title of a page changed."""

    url: str
    title: str


class TargetOpened(msgspec.Struct, frozen=True, tag="opened"):
    """A page opened another; that one is held until the hub says `cdp.page.go`."""

    page: str
    context: str
    opener: str
    opener_frame: str
    url: str
    name: str
    can_access_opener: bool
    user_gesture: bool = False


class TargetClosed(msgspec.Struct, frozen=True, tag="closed"):
    """A page closed, by itself or because it was told to."""


class TargetCrashed(msgspec.Struct, frozen=True, tag="crashed"):
    """A page's engine ended."""

    reason: str


class HomeOpened(msgspec.Struct, frozen=True, tag="homeOpened"):
    """A shared web worker is made: its target is what it has of a page, where it and its nested workers are told of.

    It ends like a page.
    """

    context: str


class WorkerOpened(msgspec.Struct, frozen=True, tag="workerOpened"):
    """A page made a web worker; it is held until the hub says `cdp.worker.go`."""

    worker: str
    shared: bool
    parent: str
    """The web worker that made it; empty for a document."""
    frame: str
    url: str
    name: str


class WorkerClosed(msgspec.Struct, frozen=True, tag="workerClosed"):
    """A web worker ended."""

    worker: str


class DownloadBegan(msgspec.Struct, frozen=True, tag="downloadBegan"):
    """`Browser.downloadWillBegin`."""

    context: str
    frame: str
    guid: str
    url: str
    suggested_filename: str


class DownloadProgress(msgspec.Struct, frozen=True, tag="downloadProgress"):
    """`Browser.downloadProgress`; `state` is inProgress, completed or canceled."""

    context: str
    guid: str
    total_bytes: int
    received_bytes: int
    state: str
    path: str = ""


TargetNotice: TypeAlias = (
    TargetChanged
    | TargetOpened
    | TargetClosed
    | TargetCrashed
    | HomeOpened
    | WorkerOpened
    | WorkerClosed
    | DownloadBegan
    | DownloadProgress
)
"""Body of a `Notify` whose target is the page's id, or a shared web worker's home."""
