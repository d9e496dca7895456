"""Dedicated web workers of a page: each has an agent (an isolate) of its own, which ends with the agent that made it.

https://html.spec.whatwg.org/multipage/workers.html#dedicated-workers-and-the-worker-interface. The owner's page code posts `worker.*`
(`web/workers/Worker.js`), the worker's answers the same way (`web/workers/WorkerGlobalScope.js`).

Thread: worker.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from sanderling.browser.agent import Agent, Json
from sanderling.browser.page_posts import note_error
from sanderling.browser.web_worker import (
    ISOLATE_FAILURES,
    MAX_CONTEXT_WEB_WORKERS,
    MAX_WEB_WORKERS,
    WebWorker,
    WorkerPosts,
)

if TYPE_CHECKING:
    from sanderling.browser.page import Page


class DedicatedWorker(WebWorker):
    """A dedicated web worker.

    Args:
        page: whose it is.
        owner: the agent whose page code made it.
        payload: of `worker.start`.
        script: see `WebWorker`.
        client_url: see `WebWorker`.
    """

    kind = "dedicated"
    destination = "worker"

    def __init__(self, page: Page, owner: Agent, payload: Json, script: bytes | None, client_url: str) -> None:
        self.owner = owner
        self.number: int = payload["id"]  # in its owner
        super().__init__(page, payload, script, client_url)

    def _make_posts(self) -> WorkerPosts:
        posts = super()._make_posts()
        posts.handle("worker.reply", self.reply)
        return posts

    @property
    def maker(self) -> tuple[Agent, int]:
        """See `WebWorker.maker`."""
        return self.owner, self.frame

    def deliver(self, payload: Json, data: bytes | None) -> None:
        """Give the worker a message of its owner's."""
        self.page.context.windows.connect(payload["ports"], self.owner, self.agent)
        self.agent.post("worker.deliver", {"message": payload["message"], "ports": payload["ports"]}, data)

    def reply(self, payload: Json, data: bytes | None) -> None:
        """`worker.reply`: a message for the owner."""
        self.page.context.windows.connect(payload["ports"], self.agent, self.owner)
        self.owner.post("worker.replied", {**payload, "id": self.number}, data)

    def threw(self, payload: Json, data: bytes | None) -> None:
        """See `WebWorker.threw`."""
        # HTML, 8.1.4.6, "report an exception": what a worker does not handle is its owner's; rejections stay where they are.
        if payload["kind"] == "rejection":
            note_error(self.page, payload)
        else:
            self.owner.post("worker.threw", {**payload, "id": self.number})

    def failed(self, message: str) -> None:
        """See `WebWorker.failed`."""
        self.owner.post("worker.failed", {"id": self.number, "message": message})
        if not self.owner.closed:
            self.page.note_unsupported(f"web worker {self.url}: {message}")

    def ended(self) -> None:
        """See `WebWorker.ended`."""
        self.owner.post("worker.ended", {"id": self.number})

    def forgotten(self) -> None:
        """See `WebWorker.forgotten`."""
        self.page.web_workers.forget(self)


class WebWorkers:
    """The web workers of one page, of all its documents and nested ones."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._workers: dict[Agent, dict[int, DedicatedWorker]] = {}  # by owner, by the number it gave
        self._serials = 0
        self.on_opened: Callable[[DedicatedWorker], None] = lambda worker: None  # before anything of it is fetched
        self.on_closed: Callable[[DedicatedWorker], None] = lambda worker: None

    def new_serial(self) -> int:
        """Give a number that no web worker of the page had."""
        self._serials += 1
        return self._serials

    def all(self) -> list[DedicatedWorker]:
        """Give those that live."""
        return [worker for owned in self._workers.values() for worker in owned.values()]

    def start(self, owner: Agent, client_url: str, payload: Json, data: bytes | None) -> None:
        """`worker.start`: make a worker."""
        refusal = self._refusal()
        if refusal is not None:
            self._refuse(owner, payload, refusal)
            return
        script = (data or b"") if "blobType" in payload else None
        try:
            worker = DedicatedWorker(self._page, owner, payload, script, client_url)
        except ISOLATE_FAILURES as error:
            self._refuse(owner, payload, f"no isolate for a web worker: {error}")
            return
        if owner not in self._workers:
            self._workers[owner] = {}
            owner.when_closed(lambda: self._owner_closed(owner))
        self._workers[owner][worker.number] = worker
        self.on_opened(worker)
        worker.begin()

    def _refusal(self) -> str | None:
        if len(self.all()) >= MAX_WEB_WORKERS:
            return f"more than {MAX_WEB_WORKERS} web workers at once"
        if sum(len(page.web_workers.all()) for page in self._page.context.pages.values()) >= MAX_CONTEXT_WEB_WORKERS:
            return f"more than {MAX_CONTEXT_WEB_WORKERS} web workers of a context at once"
        return None

    def _refuse(self, owner: Agent, payload: Json, reason: str) -> None:
        owner.post("worker.failed", {"id": payload["id"], "message": reason})
        self._page.note_unsupported(reason)

    def message(self, owner: Agent, payload: Json, data: bytes | None) -> None:
        """`worker.message`: to a worker."""
        worker = self._workers.get(owner, {}).get(payload["id"])
        if worker is not None:
            worker.deliver(payload, data)

    def terminate(self, owner: Agent, payload: Json) -> None:
        """`worker.terminate`: end a worker now, whatever it computes."""
        worker = self._workers.get(owner, {}).get(payload["id"])
        if worker is not None:
            worker.agent.close()

    def forget(self, worker: DedicatedWorker) -> None:
        """A worker has ended."""
        if self._workers.get(worker.owner, {}).pop(worker.number, None) is not None:
            self.on_closed(worker)

    def _owner_closed(self, owner: Agent) -> None:
        for worker in tuple(self._workers.get(owner, {}).values()):
            worker.agent.close()
        self._workers.pop(owner, None)
