"""A browser context: what pages share and other contexts never see.

Cookies, storage, credentials, proxy and the HttpClient belong to it; closing it disturbs no other.

Thread: worker.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import msgspec

from sanderling.base import ids
from sanderling.base.errors import ClosedError, UsageError
from sanderling.browser import hub as events
from sanderling.browser.agent import Json
from sanderling.browser.blobs import Blobs
from sanderling.browser.broadcasts import Broadcasts
from sanderling.browser.cache_storage import CacheStorages
from sanderling.browser.clipboard import Clipboard
from sanderling.browser.downloads import DownloadAdvanced, Downloads, DownloadStarted
from sanderling.browser.indexed_db import IndexedDatabases
from sanderling.browser.network_tools import NetworkTools
from sanderling.browser.options import ContextOptions
from sanderling.browser.page import Page
from sanderling.browser.permissions import Permissions
from sanderling.browser.recording import start_recording, start_replay
from sanderling.browser.shared_workers import SharedWorkers
from sanderling.browser.storage import StorageAreas
from sanderling.browser.storage_buckets import StorageBuckets
from sanderling.browser.storage_keys import origin_of_key, storage_key
from sanderling.browser.web_locks import WebLocks
from sanderling.browser.windows import Windows, is_script
from sanderling.http.client import ClientOptions, HttpClient
from sanderling.http.jar import CookieJar
from sanderling.proto.url_filters import compiled
from sanderling.proto.window_features import is_popup, popup_bounds, tokens

if TYPE_CHECKING:
    from sanderling.browser.browser import Browser

StorageListener: TypeAlias = "Callable[[Page, str, Json], None]"
"""Gets the page, the origin and the change: `area`, `key`, `value`, `oldValue`."""

MAX_PAGES = 500
"""Pages of one context; each costs an isolate of 5 to 9 MB."""

MAX_POPUPS = 50
"""Windows that page code of one context may have opened at a time: what opens them without end is stopped."""


class Context:
    """An isolated session with pages.

    Args:
        browser: the owner.
        options: fixed for the context's life.
        context_id: unique in the process; empty for one of ours.
    """

    def __init__(self, browser: Browser, options: ContextOptions, context_id: str = "") -> None:
        self.id = context_id or ids.new_id("context")
        self.browser = browser
        # Of long lists one copy is kept, by the filters that all contexts share.
        self.options = msgspec.structs.replace(options, block_hosts="") if options.block_hosts else options
        self.pages: dict[str, Page] = {}
        self.closed = False
        self.jar = CookieJar(clock=browser.clock)
        self._recording = start_recording(browser.files, options, browser.clock)
        self._replay = start_replay(browser.files, options, browser.transport)
        self.blobs = Blobs()
        self.client = HttpClient(
            browser.transport if self._replay is None else self._replay.transport,
            jar=self.jar,
            cache=browser.caches.stage(on_disk=self._replay is None),
            clock=browser.clock,
            resolve_blob=self.blobs.find,
            options=ClientOptions(
                user_agent=options.user_agent or browser.default_user_agent,
                extra_headers=options.extra_headers,
                proxy=options.proxy,
                proxy_bypass=options.proxy_bypass,
                insecure=options.insecure,
                ca_file=options.ca_file,
                client_cert=options.client_cert,
                client_key=options.client_key,
                client_certificates=options.client_certificates,
                accept_language=options.accept_language,
                obey_robots=options.obey_robots,
                nav_delay_ms=options.nav_delay_ms,
                nav_burst=options.nav_burst,
                block_private_networks=options.block_private_networks is True,
                block_cidrs=options.block_cidrs,
                filters=compiled(options.block_urls, options.block_hosts),
                isolate_connections=options.isolate_connections,
                cors="cors" not in options.disable,
                mixed_content="mixed-content" not in options.disable,
            ),
            recorder=None if self._recording is None else self._recording.recorder,
            services=browser.services if self._replay is None else None,  # a recording says nothing about the world
        )
        self.windows = Windows(self)
        self.broadcasts = Broadcasts()
        self.locks = WebLocks()
        self.shared_workers = SharedWorkers(self)
        self.storage = StorageAreas()  # localStorage by origin
        self.indexed_db = IndexedDatabases()
        self.cache_storage = CacheStorages(browser.clock.wall)
        self.storage_buckets = StorageBuckets(browser.clock.wall, self.indexed_db, self.cache_storage)
        self.storage_listeners: list[StorageListener] = []  # told of every change in an area
        self.init_scripts: list[str] = []  # added later than `options.init_scripts`
        self._session_storage: dict[str, StorageAreas] = {}  # by page
        self.permissions = Permissions()
        self.tools = NetworkTools()  # what is set for all pages at once
        self.clipboard = Clipboard()
        self.downloads = Downloads(self)
        self.download_listener: Callable[[DownloadStarted | DownloadAdvanced], None] | None = (
            None  # told of the beginning and progress of downloads
        )
        self.popup_gate: Callable[[Page], Awaitable[None]] | None = None  # a popup loads nothing before it returns
        self._tasks: set[asyncio.Task[object]] = set()
        for cookie in options.cookies:
            self.jar.set_cookie(cookie)
        for origin in options.local_storage:
            for key, value in origin.items:
                self.storage.apply(origin.origin, {"key": key, "value": value})

    @property
    def user_agent(self) -> str:
        """What `navigator.userAgent` and the header say."""
        return self.options.user_agent or self.browser.default_user_agent

    @property
    def languages(self) -> list[str]:
        """`navigator.languages`, from Accept-Language."""
        return [part.split(";")[0].strip() for part in self.options.accept_language.split(",") if part.strip()]

    async def new_page(self, opener: Page | None = None, *, page_id: str = "") -> Page:
        """Open a page on about:blank.

        Args:
            opener: the page that asked for it.
            page_id: unique in the process; empty for one of ours.

        Raises:
            ClosedError: the context is closed.
            UsageError: there are `MAX_PAGES` already.
        """
        page = self._make_page(page_id)
        page.opener = opener.id if opener is not None else None
        await self._open(page)
        return page

    def _make_page(self, page_id: str) -> Page:
        if self.closed:
            raise ClosedError("the context was closed")
        self.browser.check_page_limit(len(self.pages), MAX_PAGES)
        page = Page(self, page_id or ids.new_id("page"))
        self.pages[page.id] = page
        if self._recording is not None:
            self._recording.watch(page)
        return page

    async def _open(self, page: Page) -> None:
        try:
            if self._replay is not None:
                await self._replay.load()
            await page.open()
        except BaseException:
            self.forget(page)
            raise

    def forget(self, page: Page) -> None:
        """A page was closed."""
        self.pages.pop(page.id, None)
        self._session_storage.pop(page.id, None)
        self.windows.forget(page)
        self.browser.page_gone()

    def session_storage(self, page_id: str) -> StorageAreas:
        """Give the sessionStorage areas of a page."""
        return self._session_storage.setdefault(page_id, StorageAreas())

    def storage_changed(self, page: Page, payload: Json, frame: int = 1) -> None:
        """Page code changed a storage area: keep it, and tell the context's other documents with that key (HTML, 12.2.1)."""
        storing = storage_key(page, frame)
        source = page.agent_of(frame)
        areas = self.storage if payload["area"] == "local" else self.session_storage(page.id)
        areas.apply(storing, payload)
        for listener in tuple(self.storage_listeners):
            listener(page, storing, payload)
        if payload["area"] != "local":
            return
        for other in self.pages.values():
            for number, agent in other.roots():
                if agent is not source and storage_key(other, number) == storing:
                    agent.post("storage.changed", payload)

    def change_storage(
        self,
        storing: str,
        area: Literal["local", "session"],
        key: str | None,
        value: str | None,
        page: Page | None = None,
    ) -> None:
        """Change a storage area from outside of page code: no key clears it, no value removes the key.

        Args:
            storing: storage key of the area.
            area: which one.
            key: of the item.
            value: new value of the item.
            page: whose sessionStorage; None for every page's.
        """
        change = {"area": area, "key": key, "value": value}
        pages = [one for one in self.pages.values() if area == "local" or page in (None, one)]
        if area == "local":
            old = dict(self.storage.items(storing)).get(key or "")
            self.storage.apply(storing, change)
        for one in pages:
            if area == "session":
                old = dict(self.session_storage(one.id).items(storing)).get(key or "")
                self.session_storage(one.id).apply(storing, change)
            for number, agent in one.roots():
                if storage_key(one, number) == storing:
                    agent.post("storage.changed", change)
            for listener in tuple(self.storage_listeners):
                listener(one, storing, {**change, "oldValue": old})

    def storage_keys(self, origin: str) -> list[str]:
        """Give the storage keys under which an origin has stored something, its own first."""
        areas = [self.storage, *self._session_storage.values()]
        known = [key for one in areas for key in one.storage_keys()]
        keys = dict.fromkeys([origin, *known, *self.indexed_db.storage_keys(), *self.cache_storage.storage_keys()])
        return [key for key in keys if origin_of_key(key) == origin]

    def permissions_changed(self) -> None:
        """Let pages and web workers look at the permissions again: their `PermissionStatus` objects tell of changes."""
        agents = [agent for page in self.pages.values() for agent in page.agents()]
        agents += [worker.agent for page in self.pages.values() for worker in page.web_workers.all()]
        agents += [worker.agent for worker in self.shared_workers.all()]
        for agent in agents:
            agent.post("permissions.changed", None)

    async def open_popup(self, opener: Page, payload: Json, data: bytes | None) -> Page:
        """`window.open`, `target=_blank`, and links with a modifier key (then the page has no opener).

        Gives a page of its own on about:blank; what it loads waits for `popup_gate`.

        Raises:
            ClosedError: the context is closed.
            UsageError: there are too many pages, or too many that page code opened.
        """
        if sum(page.opened_by_page for page in self.pages.values()) >= MAX_POPUPS:
            raise UsageError(f"pages of one context may have opened {MAX_POPUPS} windows at a time")
        url = payload["url"] or "about:blank"
        opener.hub.publish(
            events.WindowOpening(
                opener.id, url, payload["name"], payload["features"], payload["noopener"], payload["activated"]
            )
        )
        page = self._make_page("")
        page.opened_by_page = True
        page.opener = None if payload["apart"] else opener.id
        page.name = payload["name"]
        page.popup_sandbox = payload["sandbox"]
        features = tokens(payload["features"])
        if is_popup(features) and not payload["noopener"]:  # those are tabs, as in Chromium
            page.is_popup = True
            bounds = popup_bounds(features)
            page.set_window_size(
                bounds.get("width", opener.window_size[0]), bounds.get("height", opener.window_size[1])
            )
            page.window_position = (bounds.get("left", 0), bounds.get("top", 0))
        page.awaits_document = payload["url"] not in ("", "about:blank") and not is_script(payload["url"])
        if payload["noopener"]:
            page.creator_url = ""
        else:
            page.opener_window = (opener.id, payload["from"])
            page.creator_url = payload["creator"]
            page.inherited = payload["inherits"]
            page.group = opener.group
            self._session_storage[page.id] = self.session_storage(opener.id).copy()
        self.windows.hold(page)
        await self._open(page)
        opener.hub.publish(events.Popup(opener.id, page.id, url))
        self._spawn(self._release_popup(page, payload, data))
        return page

    async def _release_popup(self, page: Page, payload: Json, data: bytes | None) -> None:
        if self.popup_gate is not None:
            try:
                await self.popup_gate(page)
            except ClosedError:
                if not page.closed:
                    raise
        if page.closed:
            return
        if is_script(payload["url"]):
            # HTML, "navigate to a javascript: URL": its code runs in the blank document.
            self.windows.run_script(page, 1, payload["url"])
        elif payload["url"] not in ("", "about:blank"):
            page.navigations.start_for({**payload, "replace": True}, data)
        self.windows.release(page)

    def close_soon(self, page: Page) -> None:
        """`window.close()` from page code: not while it runs."""
        self._spawn(page.close(run_unload=True))

    async def dialog(self, page: Page, payload: Json) -> Json:
        """A dialog opened. Where nobody can answer it is dismissed at once (alert: accepted)."""
        page.hub.publish(
            events.Dialog(page.id, 0, payload["type"], payload.get("message", ""), payload.get("default", ""))
        )
        if page.dialog_handler is not None:
            return await page.dialog_handler(payload)
        return {"accepted": payload["type"] == "beforeunload", "text": ""}

    def _spawn(self, work: Coroutine[Any, Any, object]) -> None:
        self.outlive(asyncio.get_running_loop().create_task(work))

    def outlive(self, task: asyncio.Task[Any]) -> None:
        """Keep a task until the context closes, whatever becomes of the page that began it."""
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Close every page and the client. Idempotent."""
        if self.closed:
            return
        self.closed = True
        for task in tuple(self._tasks):
            task.cancel()
        for page in tuple(self.pages.values()):
            await page.close()
        self.shared_workers.close()
        self.downloads.close()
        self.indexed_db.close()
        self.cache_storage.close()
        await self.client.close()
        if self._replay is not None:
            self._replay.close()
        if self._recording is not None:
            await self._recording.close()
        self.browser.contexts.pop(self.id, None)
