"""The browsers behind a server (`links.Lobby`): whose is whose, and how long each lives.

Connecting to ``/``, or to a fresh address that `/json/version` handed out, makes a private browser; connecting to the address of a living
one joins it. The endpoints without a browser in their address speak of the default one.

Thread: main.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Protocol

from sanderling.base.errors import SanderlingError
from sanderling.cdp.errors import CdpError
from sanderling.server.client import HubClient
from sanderling.server.hub import Hub, HubSettings
from sanderling.server.links import ClientHandler, ClientLink, ListedTarget, RefusedError, WorkerMaker
from sanderling.server.recordings import Recordings
from sanderling.server.targets import PageRecord, WorkerRecord, new_target_id

BROWSER_PREFIX = "/devtools/browser"
PAGE_PREFIX = "/devtools/page/"

MAX_FRESH = 10_000
"""Addresses that were handed out and not used yet; older ones are forgotten."""


class BrowsersSettings(HubSettings, Protocol):
    """What the browsers are told at the start (`server.options.ServeOptions`)."""

    @property
    def linger_s(self) -> float:
        """How long a browser with something in it outlives its last client."""

    @property
    def shared_browser(self) -> bool:
        """Give everybody the default browser."""


class Browsers:
    """See `links.Lobby`.

    Args:
        settings: of the server.
        maker: starts workers.
        worker_facts: gives facts of the workers for `/healthz`.
        recordings: of contexts, if they are recorded.
    """

    def __init__(
        self,
        settings: BrowsersSettings,
        maker: WorkerMaker,
        worker_facts: Callable[[], dict[str, Any]] = dict,
        recordings: Recordings | None = None,
    ) -> None:
        self._recordings = recordings
        self._settings = settings
        self._worker_facts = worker_facts
        self._maker = maker
        self._hubs: dict[str, Hub] = {}
        self._fresh: dict[str, None] = {}  # ids that nobody has connected to yet
        self._clients: dict[HubClient, Hub] = {}
        self._timers: dict[str, asyncio.TimerHandle] = {}  # of lingering browsers
        self._closing: set[asyncio.Task[None]] = set()
        self._default = self._new_hub(new_target_id().lower())

    def _new_hub(self, hub_id: str) -> Hub:
        hub = Hub(hub_id, self._settings, self._maker, self._recordings)
        hub.on_change = lambda: self._look(hub)
        hub.close_soon = lambda: self._close_soon(hub)
        self._hubs[hub_id] = hub
        return hub

    # -- endpoints ---------------------------------------------------------------------------------------------------------

    def new_browser_path(self) -> str:
        """See `links.Lobby.new_browser_path`."""
        if self._settings.shared_browser:
            return f"{BROWSER_PREFIX}/{self._default.id}"
        fresh = new_target_id().lower()
        self._fresh[fresh] = None
        if len(self._fresh) > MAX_FRESH:
            del self._fresh[next(iter(self._fresh))]
        return f"{BROWSER_PREFIX}/{fresh}"

    def targets(self) -> list[ListedTarget]:
        """See `links.Lobby.targets`."""
        hubs = [self._default, *(hub for hub in self._hubs.values() if hub is not self._default)]
        pages = [_listed(page) for hub in hubs for page in hub.pages.values() if page.hidden_by is None]
        workers = [one for hub in hubs for one in hub.web_workers() if one.page.hidden_by is None]
        return pages + [_listed_worker(worker) for worker in workers]

    async def open_target(self, url: str) -> ListedTarget:
        """See `links.Lobby.open_target`."""
        hub = self._default
        try:
            page = await hub.new_page(hub.default_context, url)
        except SanderlingError as error:
            raise RefusedError(500, f"Could not create new page: {error}") from error
        hub.go(page)
        return _listed(page)

    def _find_worker(self, target_id: str) -> tuple[Hub, WorkerRecord] | None:
        for hub in self._hubs.values():
            worker = hub.find_worker(target_id)
            if worker is not None:
                return hub, worker
        return None

    def _find(self, target_id: str) -> tuple[Hub, PageRecord]:
        for hub in self._hubs.values():
            try:
                page, _ = hub.find_target(target_id)
            except CdpError:
                continue
            return hub, page
        raise RefusedError(404, f"No such target id: {target_id}")

    async def close_target(self, target_id: str) -> None:
        """See `links.Lobby.close_target`."""
        found = self._find_worker(target_id)
        if found is not None:
            if not found[0].close_worker(found[1]):
                raise RefusedError(404, f"Could not close target id: {target_id}")
            return
        hub, page = self._find(target_id)
        hub.close_page(page)

    def activate_target(self, target_id: str) -> None:
        """See `links.Lobby.activate_target`."""
        if self._find_worker(target_id) is not None:
            raise RefusedError(404, f"Could not activate target id: {target_id}")
        self._find(target_id)

    def health(self) -> dict[str, Any]:
        """See `links.Lobby.health`."""
        return {
            "browsers": len(self._hubs),
            "clients": len(self._clients),
            "contexts": sum(len(hub.contexts) for hub in self._hubs.values()),
            "pages": sum(len(hub.pages) for hub in self._hubs.values()),
            "workers": sum(slot.link is not None for hub in self._hubs.values() for slot in hub.slots),
            **self._worker_facts(),
        }

    # -- clients -----------------------------------------------------------------------------------------------------------

    def check(self, path: str) -> None:
        """See `links.Lobby.check`."""
        if path.startswith(PAGE_PREFIX):
            page_id = path.removeprefix(PAGE_PREFIX)
            try:
                if self._find_worker(page_id) is None:
                    self._find(page_id)
            except RefusedError:
                raise RefusedError(500, f"No such target id: {page_id}") from None
            return
        hub_id = _browser_of(path)
        if hub_id is None or (hub_id and hub_id not in self._hubs and hub_id not in self._fresh):
            raise RefusedError(404, f"Not found: {path}")

    def connect(self, path: str, link: ClientLink) -> ClientHandler:
        """See `links.Lobby.connect`."""
        target: PageRecord | WorkerRecord | None = None
        if path.startswith(PAGE_PREFIX):
            target_id = path.removeprefix(PAGE_PREFIX)
            hub, target = self._find_worker(target_id) or self._find(target_id)
        else:
            hub_id = _browser_of(path) or ""
            self._fresh.pop(hub_id, None)
            if hub_id in self._hubs:
                hub = self._hubs[hub_id]
            elif self._settings.shared_browser:
                hub = self._default
            else:
                hub = self._new_hub(hub_id or new_target_id().lower())
        timer = self._timers.pop(hub.id, None)
        if timer is not None:
            timer.cancel()
        client = HubClient(hub, link, target)
        self._clients[client] = hub
        return _Counted(self, client)

    def left(self, client: HubClient) -> None:
        """A client's connection ended."""
        hub = self._clients.pop(client, None)
        client.gone()
        if hub is not None:
            self._look(hub)

    def _look(self, hub: Hub) -> None:
        """End a browser that nobody uses any more: at once when nothing is in it, else after a while."""
        if hub is self._default or hub.closed or hub.id not in self._hubs or hub in self._clients.values():
            return
        if not hub.has_something:
            self._end(hub)
        elif hub.id not in self._timers:
            loop = asyncio.get_running_loop()
            self._timers[hub.id] = loop.call_later(self._settings.linger_s, self._end, hub)

    def _close_soon(self, hub: Hub) -> None:
        """`Browser.close`: in the next turn, when the command has been answered."""
        asyncio.get_running_loop().call_soon(self._close_now, hub)

    def _close_now(self, hub: Hub) -> None:
        for client, its in tuple(self._clients.items()):
            if its is hub:
                client.link.close(1000, "")
        self._end(hub)
        if hub is self._default:
            self._default = self._new_hub(new_target_id().lower())

    def _end(self, hub: Hub) -> None:
        timer = self._timers.pop(hub.id, None)
        if timer is not None:
            timer.cancel()
        self._hubs.pop(hub.id, None)
        task = asyncio.get_running_loop().create_task(hub.close())
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)

    async def close(self) -> None:
        """End every browser with its workers."""
        for hub in tuple(self._hubs.values()):
            self._end(hub)
        while self._closing:
            await asyncio.gather(*self._closing)


class _Counted:
    """A client that its browsers hear the end of."""

    def __init__(self, browsers: Browsers, client: HubClient) -> None:
        self._browsers = browsers
        self._client = client

    def message(self, data: bytes) -> None:
        self._client.message(data)

    def gone(self) -> None:
        self._browsers.left(self._client)


def _browser_of(path: str) -> str | None:
    """Give the browser's id of a path, empty for none in particular; None for a path that is no browser's."""
    if path in ("", "/", BROWSER_PREFIX, BROWSER_PREFIX + "/"):
        return ""
    if path.startswith(BROWSER_PREFIX + "/"):
        hub_id = path.removeprefix(BROWSER_PREFIX + "/")
        return hub_id if "/" not in hub_id else None
    return None


def _listed(page: PageRecord) -> ListedTarget:
    info = page.info("page")
    return ListedTarget(id=page.id, type="page", title=info["title"], url=page.url)


def _listed_worker(worker: WorkerRecord) -> ListedTarget:
    info = worker.info()
    of_page = worker.kind == "worker" and "parentFrameId" in info
    parent = worker.page.id if of_page else ""
    return ListedTarget(id=worker.id, type=worker.kind, title=info["title"], url=worker.url, parent_id=parent)
