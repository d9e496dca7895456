"""What page code posts and asks, kind by kind: the table between `web/` and the page.

Thread: worker.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from sanderling.base.errors import InternalError, PageCrashedError, UsageError
from sanderling.base.pattern import late_pattern
from sanderling.browser import cache_storage, permissions
from sanderling.browser import hub as events
from sanderling.browser.agent import Agent, Json
from sanderling.browser.frame_tree import FrameTree
from sanderling.browser.history_posts import HistoryPosts
from sanderling.browser.indexed_db_store import QUOTA_BYTES
from sanderling.browser.page_cookies import PageCookies
from sanderling.browser.parser import input_text
from sanderling.browser.result import ConsoleRecord, ScriptErrorRecord
from sanderling.browser.storage_keys import storage_key

if TYPE_CHECKING:
    from sanderling.browser.agent_network import AgentNetwork
    from sanderling.browser.page import Page
    from sanderling.browser.page_modules import PageModules

_LOG = logging.getLogger("sanderling.browser")

_MAX_RECORDS = 10_000


def note_console(page: Page, payload: Json) -> None:
    """`console`: a page's code wrote to the console."""
    record = ConsoleRecord(
        type=payload["type"], text=payload["text"], url=payload.get("url", ""), line=payload.get("line", 0)
    )
    if len(page.console) < _MAX_RECORDS:
        page.console.append(record)
    page.hub.publish(events.Console(page.id, record))


def note_error(page: Page, payload: Json) -> None:
    """`page.error`: nobody handled an exception or a rejection."""
    record = ScriptErrorRecord(
        name=payload.get("name", ""),
        message=payload.get("message", ""),
        stack=payload.get("stack", ""),
        kind="rejection" if payload.get("kind") == "rejection" else "error",
    )
    if len(page.errors) < _MAX_RECORDS:
        page.errors.append(record)
    page.hub.publish(events.ScriptFailed(page.id, record))


class Maker(NamedTuple):
    """The document whose code makes a shared worker, or connects to it."""

    page: Page
    agent: Agent
    frame: int
    origin: str
    """Serialised; an opaque one ("null") is shared with no other isolate."""
    client_url: str


class PagePosts:
    """Handlers of one agent of a page (`AgentHost`)."""

    def __init__(
        self, page: Page, root: int = 1, network: AgentNetwork | None = None, modules: PageModules | None = None
    ) -> None:
        self._page = page
        self._root = root  # the frame whose document is the main one in the isolate
        self._network = network or page.network
        self._modules = modules or page.modules
        self.agent: Agent | None = None  # whose page code posts; set right after it is made
        self._frames = FrameTree(page)
        self._cookies = PageCookies(page)
        history = HistoryPosts(page, lambda: self.agent)
        self._handlers: dict[str, Callable[[Json, bytes | None], None]] = {
            "console": self._console,
            "page.error": self._error,
            "csp.violation": self._policy_violated,
            "csp.report": lambda payload, data: self._network.reports.send(payload),
            "lifecycle": self._lifecycle,
            "document.opened": self._document_opened,
            "navigate": self._navigate,
            "frame.attached": self._frames.attached,
            "frame.focusChanged": self._frame_focus_changed,
            "window.focusViewport": self._window_focus,
            "frame.focused": lambda payload, data: page.frame_agents.focused(payload["frame"]),
            "frame.detached": self._frames.detached,
            "frame.started": self._frames.started,
            "frame.navigated": self._frames.navigated,
            "frame.stopped": self._frames.stopped,
            "navigated.within": self._navigated_within,
            **history.handlers(),
            "evaluated": self._result,
            "waited": self._result,
            "title": self._title,
            "unsupported": self._unsupported,
            "download": self._download,
            "ping": self._ping,
            "storage.set": self._storage,
            "idb.do": self._indexed_db,
            "window.name": self._window_name,
            "document.asksBeforeUnload": self._asks_before_unload,
            "window.close": lambda payload, data: page.context.windows.close(page, payload, data),
            "window.message": self._window_message,
            "window.navigate": lambda payload, data: page.context.windows.navigate(page, payload, data),
            "window.settle": lambda payload, data: page.context.windows.objects.settle(payload),
            "window.write": lambda payload, data: page.context.windows.write(page, payload, data),
            "window.rename": lambda payload, data: page.context.windows.rename(page, payload, data),
            "window.disown": lambda payload, data: page.context.windows.disown(page, payload, data),
            "port.message": self._port_message,
            "port.close": self._port_close,
            "broadcast.open": self._broadcast_open,
            "broadcast.close": self._broadcast_close,
            "broadcast.post": self._broadcast_post,
            "blob.made": self._blob_made,
            "blob.revoked": self._blob_revoked,
            "locks.request": self._locks_request,
            "locks.release": self._locks_release,
            "locks.query": self._locks_query,
            "window.stop": self._window_stop,
            "worker.start": self._worker_start,
            "worker.message": self._worker_message,
            "worker.terminate": self._worker_terminate,
            "sharedworker.connect": self._shared_worker_connect,
            "sharedworker.leave": self._shared_worker_leave,
            "net.fetch": self._net_fetch,
            "net.cancel": lambda payload, data: self._network.scripts.cancel(payload["id"]),
            "net.resume": lambda payload, data: self._network.scripts.resume(payload["id"]),
            "net.part": self._network.scripts.take_part,
            "eventsource.message": lambda payload, data: self._network.scripts.event_source_message(payload),
            "ws.open": self._socket_open,
            "ws.send": self._network.sockets.send,
            "ws.close": lambda payload, data: self._network.sockets.close(payload),
            "ws.consumed": lambda payload, data: self._network.sockets.consumed(payload),
            "ws.gone": lambda payload, data: self._network.sockets.gone(payload),
            "resource.fetch": self._resource_fetch,
            "resource.cancel": lambda payload, data: self._network.resources.cancel(payload["id"]),
            "cookies.query": self._cookies_query,
            "cookies.store": self._cookies_store,
            "cookies.watch": self._cookies_watch,
            "module.fetch": self._module_fetch,
            "module.ahead": lambda payload, data: self._modules.of(payload).fetch_ahead(payload),
            "module.inline": self._module_inline,
            "module.policies": lambda payload, data: self._modules.of(payload).set_policies(payload["policies"]),
            "module.forget": lambda payload, data: self._modules.forget(payload["map"]),
            "crypto.run": self._crypto_run,
            "timing.watch": self._timing_watch,
        }
        self._questions: dict[str, Callable[[Json, bytes | None], Awaitable[tuple[Json, bytes | None]]]] = {
            "net.fetchSync": self._network.scripts.answer_sync,
            "timing.take": self._timing_take,
            "cookie.get": self._cookie_get,
            "cookie.set": self._cookie_set,
            "permission.state": self._permission_state,
            "storage.facts": self._storage_facts,
            "storage.buckets": self._storage_buckets,
            "cache.do": self._cache_do,
            "permission.request": self._permission_request,
            "clipboard.read": self._clipboard_read,
            "clipboard.write": self._clipboard_write,
            "dialog": self._dialog,
            "document.source": self._document_source,
            "window.open": lambda payload, data: page.context.windows.open(page, payload, data),
            "window.resume": lambda payload, data: page.context.windows.objects.resume(payload),
            "window.reach": lambda payload, data: page.context.windows.objects.reach(page, self.agent, payload),
            "window.remote": lambda payload, data: page.context.windows.facts(page, payload, data),
            "module.load": self._module_load,
            "module.importmap": self._module_importmap,
            "module.base": self._module_base,
            "module.resolve": self._module_resolve,
            "navigation.entries": history.entries,
        }

    def handle(self, kind: str, handler: Callable[[Json, bytes | None], None]) -> None:
        """Have `handler` do what posts of a kind say, in place of who did so far."""
        self._handlers[kind] = handler

    # -- what an agent asks of its page (AgentHost) ---------------------------------------------------------------------

    def mutated(self) -> None:
        """See `AgentHost.mutated`."""
        self._page.activity.mutated()

    def answers_dialogs(self) -> bool:
        """See `AgentHost.answers_dialogs`."""
        return self._page.dialog_handler is not None

    def crashed(self, error: PageCrashedError) -> None:
        """See `AgentHost.crashed`."""
        if self._root == 1:
            self._page.crashed(error)
        else:
            self._page.frame_agents.crashed(self._root, error)

    def posted(self, kind: str, payload: Json, data: bytes | None) -> None:
        """Do what a post says (`AgentHost.posted`)."""
        handler = self._handlers.get(kind) or self._page.extra_posts.get(kind)
        if handler is None:
            raise InternalError(f"page code posted {kind!r}, which nobody handles")
        handler(payload, data)

    async def asked(self, kind: str, payload: Json, data: bytes | None) -> tuple[Json, bytes | None]:
        """Answer a question of page code (`AgentHost.asked`)."""
        question = self._questions.get(kind)
        if question is None:
            raise InternalError(f"page code asked {kind!r}, which nobody answers")
        return await question(payload, data)

    # -- console, errors, milestones -------------------------------------------------------------------------------------

    def _console(self, payload: Json, data: bytes | None) -> None:
        note_console(self._page, payload)

    def _error(self, payload: Json, data: bytes | None) -> None:
        note_error(self._page, payload)

    def _policy_violated(self, payload: Json, data: bytes | None) -> None:
        self._page.hub.publish(events.PolicyViolated(self._page.id, payload["frame"], payload["text"], payload["url"]))

    async def _document_source(self, payload: Json, data: bytes | None) -> tuple[Json, bytes | None]:
        known = self._page.markups.get(payload["frame"])
        return {"known": known is not None}, b"" if known is None else input_text(*known).encode("utf-8", "replace")

    def _lifecycle(self, payload: Json, data: bytes | None) -> None:
        self._page.lifecycle(payload["frame"], payload["name"])

    def _result(self, payload: Json, data: bytes | None) -> None:
        self._page.calls.result_came(payload["id"], payload)

    def _title(self, payload: Json, data: bytes | None) -> None:
        if self._root == 1:
            self._page.title = payload["title"]
            for watch in self._page.title_watchers:
                watch()

    def _unsupported(self, payload: Json, data: bytes | None) -> None:
        self._page.note_unsupported(payload["name"])

    def _download(self, payload: Json, data: bytes | None) -> None:
        self._network.links.start_download(payload, data)

    def _ping(self, payload: Json, data: bytes | None) -> None:
        self._network.links.start_ping(payload)

    # -- navigation and history ------------------------------------------------------------------------------------------

    def _navigate(self, payload: Json, data: bytes | None) -> None:
        if not self._page.closed and not self._page.navigations.yields_to_user(payload):
            self._page.navigations.start_in_frame(payload, data)

    def _navigated_within(self, payload: Json, data: bytes | None) -> None:
        frame = self._page.frames.get(payload["frame"])
        if frame is not None:
            frame.url = payload["url"]
            self._page.hub.publish(
                events.FrameNavigated(
                    self._page.id,
                    frame.number,
                    payload["url"],
                    within_document=True,
                    by_fragment=payload.get("kind") == "fragment",
                )
            )

    # -- windows ---------------------------------------------------------------------------------------------------------

    def _frame_focus_changed(self, payload: Json, data: bytes | None) -> None:
        agent = self._page.agent_of(payload["frame"])
        if agent is not None and agent is not self.agent:
            agent.post("window.focusChanged", {"focused": payload["focused"], "leaves": payload["leaves"]})

    def _window_focus(self, payload: Json, data: bytes | None) -> None:
        # Of another page nothing is to be done: there is no window manager, and every page has the focus.
        agent = self._page.agent_of(payload["frame"]) if payload["page"] == self._page.id else None
        if agent is not None:
            agent.post("window.focusViewport", {"frame": payload["frame"]})

    def _window_name(self, payload: Json, data: bytes | None) -> None:
        if payload["frame"] == 1:
            self._page.name = payload["name"]
        frame = self._page.frames.get(payload["frame"])
        if frame is not None:
            frame.name = payload["name"]

    def _window_message(self, payload: Json, data: bytes | None) -> None:
        if self.agent is not None:
            self._page.context.windows.message(self._page, self.agent, payload, data)

    def _port_message(self, payload: Json, data: bytes | None) -> None:
        if self.agent is not None:
            self._page.context.windows.port_message(self._page, self.agent, payload, data)

    def _port_close(self, payload: Json, data: bytes | None) -> None:
        if self.agent is not None:
            self._page.context.windows.port_close(self._page, self.agent, payload, data)

    def _broadcast_open(self, payload: Json, data: bytes | None) -> None:
        if self.agent is not None:
            self._page.context.broadcasts.open(self.agent, self._storage_key(), payload["name"])

    def _broadcast_close(self, payload: Json, data: bytes | None) -> None:
        if self.agent is not None:
            self._page.context.broadcasts.close(self.agent, payload["name"])

    def _broadcast_post(self, payload: Json, data: bytes | None) -> None:
        if self.agent is not None:
            self._page.context.broadcasts.post(self.agent, payload, data)

    def _blob_made(self, payload: Json, data: bytes | None) -> None:
        if self.agent is not None:
            self._page.context.blobs.made(self.agent, self._storage_origin(), payload, data)

    def _blob_revoked(self, payload: Json, data: bytes | None) -> None:
        if self.agent is not None:
            self._page.context.blobs.revoked(self.agent, self._storage_origin(), payload)

    def _locks_request(self, payload: Json, data: bytes | None) -> None:
        if self.agent is not None:
            self._page.context.locks.request(self.agent, self._storage_key(), payload)

    def _locks_release(self, payload: Json, data: bytes | None) -> None:
        if self.agent is not None:
            self._page.context.locks.release(self.agent, payload)

    def _locks_query(self, payload: Json, data: bytes | None) -> None:
        if self.agent is not None:
            self._page.context.locks.query(self.agent, self._storage_key(), payload)

    def _window_stop(self, payload: Json, data: bytes | None) -> None:
        if self.agent is not None:
            self._network.stop(self.agent)

    def _worker_start(self, payload: Json, data: bytes | None) -> None:
        if self.agent is not None:
            self._page.web_workers.start(self.agent, self._network.client_url, payload, data)

    def _worker_message(self, payload: Json, data: bytes | None) -> None:
        if self.agent is not None:
            self._page.web_workers.message(self.agent, payload, data)

    def _worker_terminate(self, payload: Json, data: bytes | None) -> None:
        if self.agent is not None:
            self._page.web_workers.terminate(self.agent, payload)

    def _shared_worker_connect(self, payload: Json, data: bytes | None) -> None:
        if self.agent is not None:
            maker = Maker(self._page, self.agent, payload["frame"], self._storage_origin(), self._network.client_url)
            self._page.context.shared_workers.connect(maker, payload, data)

    def _shared_worker_leave(self, payload: Json, data: bytes | None) -> None:
        if self.agent is not None:
            self._page.context.shared_workers.leave(self.agent, payload["ids"])

    # -- network ---------------------------------------------------------------------------------------------------------

    def _net_fetch(self, payload: Json, data: bytes | None) -> None:
        if self.agent is not None:
            self._network.scripts.start(self.agent, payload, data)

    def _socket_open(self, payload: Json, data: bytes | None) -> None:
        if self.agent is not None:
            self._network.sockets.open(self.agent, payload, self._network.client_url)

    def _resource_fetch(self, payload: Json, data: bytes | None) -> None:
        if self.agent is not None:
            self._network.resources.start(self.agent, payload, data)

    # -- modules ---------------------------------------------------------------------------------------------------------

    def _module_fetch(self, payload: Json, data: bytes | None) -> None:
        if self.agent is not None:
            self._network.tasks.start("module", payload["id"], self._modules.of(payload).fetch(self.agent, payload))

    def _module_inline(self, payload: Json, data: bytes | None) -> None:
        if self.agent is not None:
            self._network.tasks.start("module", payload["id"], self._modules.of(payload).inline(self.agent, payload))

    async def _module_importmap(self, payload: Json, data: bytes | None) -> tuple[Json, bytes | None]:
        return self._modules.of(payload).add_import_map(payload["source"], payload["base"]), None

    async def _module_base(self, payload: Json, data: bytes | None) -> tuple[Json, bytes | None]:
        self._modules.set_base(payload["url"])
        return {}, None

    async def _module_resolve(self, payload: Json, data: bytes | None) -> tuple[Json, bytes | None]:
        return self._modules.of(payload).resolve(payload["specifier"], payload["referrer"]), None

    async def _module_load(self, payload: Json, data: bytes | None) -> tuple[Json, bytes | None]:
        return await self._modules.of(payload).load_now(payload), None

    # -- long computations -----------------------------------------------------------------------------------------------

    def _crypto_run(self, payload: Json, data: bytes | None) -> None:
        if self.agent is not None:
            self._network.tasks.start("crypto", payload["id"], self._crypto(self.agent, payload, data))

    async def _crypto(self, agent: Agent, payload: Json, data: bytes | None) -> None:
        from sanderling.browser.web_crypto import operations as crypto

        try:
            answer, out = await self._page.context.browser.background.run(lambda: crypto.run(payload, data))
            result = msgspec.json.decode(answer)
        except OverflowError as error:
            result, out = {"error": ["OperationError", str(error)]}, None
        agent.post("crypto.done", {**result, "id": payload["id"]}, out)

    # -- storage and cookies ---------------------------------------------------------------------------------------------

    def _storage(self, payload: Json, data: bytes | None) -> None:
        self._page.context.storage_changed(self._page, payload, self._root)

    def _indexed_db(self, payload: Json, data: bytes | None) -> None:
        if self.agent is not None:
            self._page.context.indexed_db.do(self.agent, self._storage_key(), self._bucket_key, payload, data)

    def _bucket_key(self, bucket: int) -> str | None:
        return self._page.context.storage_buckets.key_of(self._storage_key(), bucket)

    async def _storage_buckets(self, payload: Json, data: bytes | None) -> tuple[Json, bytes | None]:
        return self._page.context.storage_buckets.answer(self._storage_key(), payload), None

    async def _storage_facts(self, payload: Json, data: bytes | None) -> tuple[Json, bytes | None]:
        # https://storage.spec.whatwg.org/#dom-storagemanager-estimate
        context, origin, key = self._page.context, self._storage_origin(), self._storage_key()
        indexed_db, caches = context.indexed_db.used_bytes(key), context.cache_storage.used_bytes(key)
        persisted = context.permissions.state(origin, "persistent-storage") == "granted"
        return {
            "usage": indexed_db + caches,
            "quota": QUOTA_BYTES + cache_storage.QUOTA_BYTES,
            "indexedDB": indexed_db,
            "caches": caches,
            "persisted": persisted,
        }, None

    async def _cache_do(self, payload: Json, data: bytes | None) -> tuple[Json, bytes | None]:
        key = self._bucket_key(payload["bucket"])
        if key is None:
            return {"gone": True}, b""
        return self._page.context.cache_storage.answer(self.agent, key, payload, data or b"")

    def _storage_origin(self) -> str:
        return self._origin_of(self._root)

    def _storage_key(self) -> str:
        return storage_key(self._page, self._root, self._storage_origin())

    def _timing_watch(self, payload: Json, data: bytes | None) -> None:
        if self.agent is not None:
            self._network.timeline.watch(self.agent)

    async def _timing_take(self, payload: Json, data: bytes | None) -> tuple[Json, bytes | None]:
        return self._network.timeline.take(self._page.network.time()), None

    async def _cookie_get(self, payload: Json, data: bytes | None) -> tuple[Json, bytes | None]:
        return {"value": self._cookies.text(payload)}, None

    async def _cookie_set(self, payload: Json, data: bytes | None) -> tuple[Json, bytes | None]:
        self._cookies.set_text(payload)
        return None, None

    def _cookies_query(self, payload: Json, data: bytes | None) -> None:
        if self.agent is not None:
            self._cookies.query(self.agent, payload)

    def _cookies_store(self, payload: Json, data: bytes | None) -> None:
        if self.agent is not None:
            self._cookies.store(self.agent, payload)

    def _cookies_watch(self, payload: Json, data: bytes | None) -> None:
        if self.agent is not None:
            self._cookies.watch(self.agent, payload)

    # -- permissions and clipboard ---------------------------------------------------------------------------------------

    async def _permission_state(self, payload: Json, data: bytes | None) -> tuple[Json, bytes | None]:
        name = payload["name"]
        known = name in permissions.DEFAULTS
        state = self._page.context.permissions.state(self._origin_of(payload["frame"]), name) if known else ""
        return {"state": state}, None

    async def _permission_request(self, payload: Json, data: bytes | None) -> tuple[Json, bytes | None]:
        context, origin, name = self._page.context, self._origin_of(payload["frame"]), payload["name"]
        before = context.permissions.state(origin, name)
        state = context.permissions.request(origin, name)
        if state != before:
            context.permissions_changed()
        return {"state": state}, None

    def _origin_of(self, frame: int) -> str:
        return (self._page.frames.get(frame) or self._page.main_frame).origin

    async def _clipboard_read(self, payload: Json, data: bytes | None) -> tuple[Json, bytes | None]:
        item = self._page.context.clipboard.read()
        parts = [{"type": kind, "size": len(content)} for kind, content in item]
        return {"parts": parts}, b"".join(content for _, content in item)

    async def _clipboard_write(self, payload: Json, data: bytes | None) -> tuple[Json, bytes | None]:
        rest, representations = data or b"", []
        for part in payload["parts"]:
            size = part["size"]
            representations.append((part["type"], rest[:size]))
            rest = rest[size:]
        try:
            self._page.context.clipboard.write(representations)
        except UsageError as error:
            return {"failure": str(error)}, None
        return {}, None

    def _document_opened(self, payload: Json, data: bytes | None) -> None:
        if payload["frame"] in self._page.frames:
            self._page.hub.publish(events.DocumentOpened(self._page.id, payload["frame"]))

    def _asks_before_unload(self, payload: Json, data: bytes | None) -> None:
        if self.agent is not None:
            self.agent.asks_before_unload = True

    # -- dialogs ---------------------------------------------------------------------------------------------------------

    async def _dialog(self, payload: Json, data: bytes | None) -> tuple[Json, bytes | None]:
        return await self._page.context.dialog(self._page, payload), None


_MISSING = late_pattern(r"^([A-Za-z_$][\w$]*) is not defined$")
_NOT_CONSTRUCTOR = late_pattern(r"^(?:window\.|self\.|globalThis\.)?([A-Z][\w$]*) is not a (?:constructor|function)$")


def missing_global(record: ScriptErrorRecord) -> str | None:
    """Name the global that a script tripped over, when its error says so (V8's wording)."""
    for pattern in (_MISSING, _NOT_CONSTRUCTOR):
        found = pattern.match(
            record.message.removeprefix("Uncaught ").removeprefix("ReferenceError: ").removeprefix("TypeError: ")
        )
        if found is not None:
            return found.group(1)
    return None
