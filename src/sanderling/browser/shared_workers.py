"""Shared web workers of a context: one for each storage key, address and name, reached by every document of that key, in whatever page or isolate.

https://html.spec.whatwg.org/multipage/workers.html#shared-workers-and-the-sharedworker-interface. Documents connect by posts
(`web/workers/SharedWorker.js`); a worker lives as long as one of them does. A context lives in one worker of ours, so all that share one
are here. The storage key is the origin with the site of the top-level document, as in Chromium.

Thread: worker.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from sanderling.base import ids
from sanderling.base.errors import ClosedError
from sanderling.browser.agent import Agent, Json
from sanderling.browser.cookie_access import crosses_sites
from sanderling.browser.frame import Frame
from sanderling.browser.network_tools import NetworkTools
from sanderling.browser.page import Page
from sanderling.browser.page_posts import Maker, note_console, note_error
from sanderling.browser.web_worker import ISOLATE_FAILURES, WebWorker, WorkerPosts
from sanderling.proto.url import parse_origin, site

if TYPE_CHECKING:
    from sanderling.browser.context import Context

MAX_SHARED_WORKERS = 64
"""Shared workers that a context may have at once; each costs an isolate: 5 to 13 MB and two threads."""

EXTENDED_LIFETIME_S = 30.0
"""How long one with `extendedLifetime` goes on without a document; Chromium's figure."""

_FOREIGN_FRAME = 2  # in a home: a document of another site than the top-level one


class Key(NamedTuple):
    """What makes two documents share a worker."""

    origin: str
    isolate: Agent | None  # where the origin is opaque: then no other isolate has it
    top_level_site: str
    url: str
    name: str


def _key(maker: Maker, payload: Json) -> Key:
    top = maker.page.main_frame
    opaque = maker.origin == "null"
    return Key(
        origin=maker.origin,
        isolate=maker.agent if opaque else None,
        top_level_site=site(parse_origin(top.origin)) if top.origin != "null" else maker.page.id,
        url=payload["url"],
        name=payload["name"],
    )


class Home(Page):
    """What a shared worker has of a page, for its requests and nested workers. It has no documents, and no client sees it.

    Args:
        maker: the document that made the worker; what tools set for its page holds here, too, but for interception.
    """

    def __init__(self, maker: Maker) -> None:
        page = maker.page
        super().__init__(page.context, ids.new_id("shared"))
        self.main_frame.url = page.main_frame.url
        self.main_frame.origin = page.main_frame.origin
        self.frame = 1
        if crosses_sites(page, maker.frame):  # its requests carry the cookies that those of such a frame do
            self.frame = _FOREIGN_FRAME
            self.frames[_FOREIGN_FRAME] = Frame(_FOREIGN_FRAME, 1)
        self.emulation = page.emulation
        self.network.tools = NetworkTools(inherited=page.network.tools)
        self.pages: Callable[[], list[Page]] = list  # whose documents are connected

    def note_unsupported(self, name: str) -> None:
        """See `Page.note_unsupported`: it is said of every page that uses the worker."""
        for page in self.pages():
            page.note_unsupported(name)

    def leave(self) -> None:
        """The worker has ended."""
        self.closed = True
        self.drop_agent(ClosedError("the shared worker ended"))


class SharedWebWorker(WebWorker):
    """A shared web worker.

    Args:
        home: its own.
        maker: the first document that connects.
        payload: of `sharedworker.connect`.
        script: see `WebWorker`.
        forget: called once its global scope is closing: from then on nobody connects to it.
    """

    kind = "shared"
    destination = "sharedworker"

    def __init__(
        self,
        home: Home,
        maker: Maker,
        payload: Json,
        script: bytes | None,
        forget: Callable[[SharedWebWorker], None],
    ) -> None:
        self.home = home
        home.pages = self.pages
        self.extended: bool = payload["extendedLifetime"]
        self._forget = forget
        self._maker = maker
        self._connections: dict[tuple[Agent, int], Page] = {}  # by isolate and the number it gave
        self._expiry: asyncio.TimerHandle | None = None
        super().__init__(home, {**payload, "frame": home.frame}, script, maker.client_url)

    def _make_posts(self) -> WorkerPosts:
        posts = super()._make_posts()
        posts.handle("console", self._console)
        return posts

    @property
    def maker(self) -> tuple[Agent, int]:
        """See `WebWorker.maker`."""
        return self._maker.agent, self._maker.frame

    def pages(self) -> list[Page]:
        """Give the pages whose documents are connected, each once."""
        return list({page.id: page for page in self._connections.values()}.values())

    def refuses(self, payload: Json) -> str | None:
        """Say why a document may not connect to it that other documents made, or None."""
        if payload["type"] != self.type or payload["credentials"] != self._payload["credentials"]:
            return "it was made with another type or other credentials"
        if payload["extendedLifetime"] != self.extended:
            return "it was made with another extendedLifetime"
        if payload["secure"] != self._payload["secure"]:
            return "one of the two is no secure context"
        return None

    def connect(self, maker: Maker, payload: Json) -> None:
        """Give a document's port to the worker, which hears of it after its script has run."""
        self._connections[maker.agent, payload["id"]] = maker.page
        if self._expiry is not None:
            self._expiry.cancel()
            self._expiry = None
        self.page.context.windows.connect([payload["channel"]], maker.agent, self.agent)
        self.agent.post("sharedworker.connected", {"channel": payload["channel"]})

    def leave(self, agent: Agent, number: int) -> None:
        """A document is gone; the last one takes the worker along."""
        if self._connections.pop((agent, number), None) is None or self._connections:
            return
        if not self.extended:
            self.agent.close()
        elif self._expiry is None:
            self._expiry = self._loop.call_later(EXTENDED_LIFETIME_S, self.agent.close)

    def threw(self, payload: Json, data: bytes | None) -> None:
        """See `WebWorker.threw`: no document hears of it, but the pages' records say it."""
        for page in self.pages():
            note_error(page, payload)

    def _console(self, payload: Json, data: bytes | None) -> None:
        for page in self.pages():
            note_console(page, payload)

    def failed(self, message: str) -> None:
        """See `WebWorker.failed`."""
        for agent, number in self._connections:
            agent.post("sharedworker.failed", {"id": number})
        self.home.note_unsupported(f"shared worker {self.url}: {message}")

    def end_soon(self) -> None:
        """See `WebWorker.end_soon`."""
        self._forget(self)
        super().end_soon()

    def forgotten(self) -> None:
        """See `WebWorker.forgotten`."""
        if self._expiry is not None:
            self._expiry.cancel()
        self._forget(self)
        self.home.leave()


class SharedWorkers:
    """The shared workers of one context."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._workers: dict[Key, SharedWebWorker] = {}  # those that may be connected to
        self._alive: dict[SharedWebWorker, Key] = {}
        self._connections: dict[Agent, dict[int, SharedWebWorker]] = {}
        self.on_opened: Callable[[SharedWebWorker], None] = lambda worker: None  # before anything of it is fetched
        self.on_closed: Callable[[SharedWebWorker], None] = lambda worker: None

    def all(self) -> list[SharedWebWorker]:
        """Give those that live, the eldest first."""
        return list(self._alive)

    def connect(self, maker: Maker, payload: Json, data: bytes | None) -> None:
        """`sharedworker.connect`: connect a document to a worker, which is made if there is none."""
        agent, number = maker.agent, payload["id"]
        if agent.closed or self._context.closed:
            return
        key = _key(maker, payload)
        worker = self._workers.get(key)
        reason = None if worker is None else worker.refuses(payload)
        if worker is None and len(self._alive) >= MAX_SHARED_WORKERS:
            reason = f"a context may have {MAX_SHARED_WORKERS} shared workers"
        fresh = worker is None
        if worker is None and reason is None:
            script = (data or b"") if "blobType" in payload else None
            try:
                worker = SharedWebWorker(Home(maker), maker, payload, script, self._forget)
            except ISOLATE_FAILURES as error:
                reason = f"no isolate: {error}"
        if worker is None or reason is not None:
            agent.post("sharedworker.failed", {"id": number})
            maker.page.note_unsupported(f"shared worker {payload['url']}: {reason}")
            return
        if agent not in self._connections:
            self._connections[agent] = {}
            agent.when_closed(lambda: self._isolate_closed(agent))
        if fresh:
            self._workers[key] = worker
            self._alive[worker] = key
            self.on_opened(worker)
        self._connections[agent][number] = worker
        worker.connect(maker, payload)
        if fresh:
            worker.begin()

    def leave(self, agent: Agent, numbers: list[int]) -> None:
        """`sharedworker.leave`: a document of an isolate that goes on is gone."""
        for number in numbers:
            worker = self._connections.get(agent, {}).pop(number, None)
            if worker is not None:
                worker.leave(agent, number)

    def _isolate_closed(self, agent: Agent) -> None:
        self.leave(agent, list(self._connections[agent]))
        del self._connections[agent]

    def _forget(self, worker: SharedWebWorker) -> None:
        key = self._alive.get(worker)
        if key is not None and self._workers.get(key) is worker:
            del self._workers[key]
        if worker.closed and self._alive.pop(worker, None) is not None:
            self.on_closed(worker)

    def close(self) -> None:
        """The context closes."""
        for worker in self.all():
            worker.agent.close()
