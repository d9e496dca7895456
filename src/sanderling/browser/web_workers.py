"""Dedicated web workers of a page: each has an agent (an isolate) of its own, which ends with the agent that made it.

https://html.spec.whatwg.org/multipage/workers.html#run-a-worker. The owner's page code posts `worker.*` (`web/workers/Worker.js`), the
worker's answers the same way (`web/workers/WorkerGlobalScope.js`). "Worker" alone is Sanderling's own, everywhere in the project.

Thread: worker.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from sanderling.base.errors import ClosedError, NetworkError, PageCrashedError, SanderlingError
from sanderling.browser.agent import Agent, Json, PostHandler
from sanderling.browser.agent_network import AgentNetwork
from sanderling.browser.page_modules import SCRIPT_TYPES, PageModules
from sanderling.browser.page_posts import PagePosts
from sanderling.browser.parser import to_utf8
from sanderling.browser.pure_csp import policies_of
from sanderling.http.request import Request
from sanderling.http.response import Response
from sanderling.proto import mime
from sanderling.proto import url as urls

if TYPE_CHECKING:
    from sanderling.browser.page import Page

MAX_WEB_WORKERS = 16
"""Web workers that a page may have at once, nested ones included; each costs an isolate: 5 to 13 MB and two threads."""

ENTRY_DEADLINE_S = 300.0
"""How long one turn of a web worker may compute: long work is what they are for."""

_DOCUMENT_POSTS = (
    "lifecycle",
    "navigate",
    "navigated.within",
    "history.push",
    "history.replace",
    "history.go",
    "title",
    "download",
    "storage.set",
    "window.name",
    "window.close",
    "window.message",
    "window.navigate",
    "window.write",
    "window.rename",
    "window.disown",
    "window.stop",
)


class WorkerNetwork(AgentNetwork):
    """The requests of one web worker."""

    def __init__(self, page: Page, url: str) -> None:
        super().__init__(page)
        self.url = url

    @property
    def client_url(self) -> str:
        """The address of the script, or of whose `blob:` that is."""
        return self.url


class WorkerModules(PageModules):
    """The modules of one web worker."""

    def __init__(self, page: Page, worker: WebWorker) -> None:
        super().__init__(page, worker.frame)
        self._worker = worker

    def give(self, url: str, source: str) -> None:
        """Have the source of a module that needs no request."""
        self._table.sources[url] = source

    def _agent(self) -> Agent | None:
        return None if self._worker.agent.closed else self._worker.agent

    def _client_url(self) -> str:
        return self._worker.network.client_url


class WorkerPosts(PagePosts):
    """What code of one web worker posts and asks (`AgentHost`)."""

    def __init__(self, page: Page, worker: WebWorker) -> None:
        super().__init__(page, worker.frame, worker.network, worker.modules)
        self._worker = worker
        for kind in _DOCUMENT_POSTS:
            del self._handlers[kind]
        self._handlers["page.error"] = self._threw
        self._handlers["worker.reply"] = worker.reply
        self._handlers["worker.close"] = lambda payload, data: worker.end_soon()
        self._handlers["worker.ran"] = lambda payload, data: worker.ran()
        self._handlers["worker.unfetched"] = lambda payload, data: worker.fail(payload["message"])
        self._questions = {kind: self._questions[kind] for kind in ("net.fetchSync", "module.load", "storage.facts")}
        self._questions["worker.import"] = worker.import_script

    def posted(self, kind: str, payload: Json, data: bytes | None) -> None:
        """Do what a post says (`AgentHost.posted`)."""
        handler = self._worker.extra_posts.get(kind)
        if handler is not None:
            handler(payload, data)
        else:
            super().posted(kind, payload, data)

    def mutated(self) -> None:
        """See `AgentHost.mutated`: a web worker has no DOM."""

    def answers_dialogs(self) -> bool:
        """See `AgentHost.answers_dialogs`: waits (importScripts, synchronous requests) are no computing."""
        return True

    def crashed(self, error: PageCrashedError) -> None:
        """See `AgentHost.crashed`."""
        self._worker.fail(str(error))

    def _storage_origin(self) -> str:
        return urls.serialize_origin(self._worker.network.client_url)

    def _threw(self, payload: Json, data: bytes | None) -> None:
        # HTML, 8.1.4.6, "report an exception": what a worker does not handle is its owner's; rejections stay where they are.
        if payload["kind"] == "rejection":
            self._error(payload, data)
        else:
            self._worker.owner.post("worker.threw", {**payload, "id": self._worker.number})


class WebWorker:
    """A dedicated web worker.

    Args:
        page: whose it is.
        owner: the agent whose page code made it.
        payload: of `worker.start`.
        script: the text of the script, where that is a `blob:` of the owner's.
        client_url: of the owner, for the request of the script.
    """

    def __init__(self, page: Page, owner: Agent, payload: Json, script: bytes | None, client_url: str) -> None:
        self.page = page
        self.owner = owner
        self.number: int = payload["id"]  # in its owner
        self.frame: int = payload["frame"]
        self.url: str = payload["url"]
        self.name: str = payload["name"]
        self.type: str = payload["type"]
        self.serial = page.web_workers.new_serial()
        self.gate: Callable[[WebWorker], Awaitable[None]] | None = (
            None  # what it waits for before its script is fetched
        )
        self.preparers: list[Callable[[WebWorker], Awaitable[None]]] = []  # run before any of its code
        self.extra_posts: dict[str, PostHandler] = {}  # posts of its code that somebody above this layer handles
        self.when_ran: Callable[[], None] = lambda: None
        self._payload = payload
        self._script = script
        self._owner_url = client_url
        self._policies: Json = payload.get("csp") or []  # content security policies: its owner's, or its response's
        self.network: WorkerNetwork = WorkerNetwork(page, client_url if self.url.startswith("blob:") else self.url)
        self.modules: WorkerModules = WorkerModules(page, self)
        isolate = page.context.browser.take_isolate_now()
        self.modules.attach(isolate)
        posts = WorkerPosts(page, self)
        self.agent = posts.agent = Agent(isolate, posts, deadline_s=ENTRY_DEADLINE_S)
        self.agent.when_closed(self._closed)
        self._loop = asyncio.get_running_loop()
        self._running: asyncio.Task[None] | None = None
        self._ending: asyncio.Task[None] | None = None

    @property
    def closed(self) -> bool:
        """Whether it has ended."""
        return self.agent.closed

    def begin(self) -> None:
        """Fetch the script and run it."""
        self._running = self._loop.create_task(self._run())

    async def _run(self) -> None:
        try:
            if self.gate is not None:
                await self.gate(self)
            url, policy, source = await self._fetch_script()
            page = self.page
            emulation = page.emulation
            await self.agent.enter(
                "worker.start",
                {
                    "url": url,
                    "frame": self.frame,
                    "name": self.name,
                    "type": self.type,
                    "page": page.id,
                    "agent": f"w{self.serial}",
                    "referrerPolicy": policy,
                    "userAgent": emulation.user_agent,
                    "languages": emulation.languages,
                    "platform": emulation.get("platform") or "",
                    "hardwareConcurrency": emulation.get("hardware_concurrency") or 0,
                    "timeZone": emulation.get("time_zone") or "",
                    "locale": emulation.get("locale") or "",
                    "secure": self._payload["secure"],
                    "csp": self._policies,
                    "cspBypass": page.bypasses_csp,
                },
            )
            for prepare in tuple(self.preparers):
                await prepare(self)
            run = {"url": url, "type": self.type, "credentials": self._payload["credentials"]}
            await self.agent.enter("worker.run", run, source)
        except ClosedError:
            return
        except PageCrashedError:
            return  # told by the agent
        except SanderlingError as error:
            self.fail(str(error))

    async def _fetch_script(self) -> tuple[str, str, bytes]:
        """Give the script's URL after redirects, its referrer policy, and its text in UTF-8; of a module none."""
        if self._script is not None:
            if self.type == "module":
                self.modules.give(self.url, self._script.decode("utf-8", "replace"))
            return self.url, self._payload["referrerPolicy"], to_utf8(self._script, "", "utf-8")
        if self.type == "module":
            return self.url, "", b""  # the graph is fetched with its root (`page_modules`)
        request = Request.resource(
            self.url,
            destination="worker",
            mode="same-origin",
            credentials=self._payload["credentials"],
            referrer=self._payload["referrer"],
            referrer_policy=self._payload["referrerPolicy"],
            client_url=self._owner_url,
        )
        response = await self.page.network.fetch(request, kind="worker", frame=self.frame, web_worker=self.serial)
        body = await _script_of(response, self.url)
        self.network.url = response.url
        self._policies = policies_of(tuple(response.headers.items()))
        content_type = response.headers.get("content-type") or ""
        return response.url, response.headers.get("referrer-policy") or "", to_utf8(body, content_type, "utf-8")

    async def import_script(self, payload: Json, data: bytes | None) -> tuple[Json, bytes | None]:
        """`worker.import`: a script for importScripts, which waits for it."""
        url = payload["url"]
        if url.startswith("blob:"):
            return await self._import_blob(url)
        request = Request.resource(url, destination="script", client_url=self.network.client_url)
        try:
            response = await self.network.fetch(request, kind="script", frame=self.frame)
            body = await _script_of(response, url)
        except SanderlingError as error:
            return {"error": str(error)}, None
        return {"url": response.url}, to_utf8(body, response.headers.get("content-type") or "", "utf-8")

    async def _import_blob(self, url: str) -> tuple[Json, bytes | None]:
        # It is none of the worker's own: its owner's isolate may have it (`web/FileAPI/blob_url.js`).
        try:
            found, body = await self.owner.enter_bytes("blob.read", {"url": url})
        except SanderlingError as error:
            return {"error": str(error)}, None
        if not found["found"]:
            return {"error": "there is no such blob"}, None
        return {"url": url}, to_utf8(body or b"", "", "utf-8")

    # -- messages ----------------------------------------------------------------------------------------------------------

    def deliver(self, payload: Json, data: bytes | None) -> None:
        """Give the worker a message of its owner's."""
        self.page.context.windows.connect(payload["ports"], self.owner, self.agent)
        self.agent.post("worker.deliver", {"message": payload["message"], "ports": payload["ports"]}, data)

    def reply(self, payload: Json, data: bytes | None) -> None:
        """`worker.reply`: a message for the owner."""
        self.page.context.windows.connect(payload["ports"], self.agent, self.owner)
        self.owner.post("worker.replied", {**payload, "id": self.number}, data)

    def ran(self) -> None:
        """`worker.ran`: the script has run."""
        self.when_ran()

    # -- end ---------------------------------------------------------------------------------------------------------------

    def end_soon(self) -> None:
        """`worker.close`: its code asked for it; what runs now runs to its end first."""
        if self._ending is None:
            self._ending = self._loop.create_task(self._end())

    async def _end(self) -> None:
        try:
            await self.agent.enter("worker.end")
        except SanderlingError:
            pass
        finally:
            self.agent.close()
            self.owner.post("worker.ended", {"id": self.number})

    def fail(self, message: str) -> None:
        """It cannot run (on): its owner gets an `error` event, and the page's verdict says why."""
        self.agent.close()
        self.owner.post("worker.failed", {"id": self.number, "message": message})
        if not self.owner.closed:
            self.page.note_unsupported(f"web worker {self.url}: {message}")

    def _closed(self) -> None:
        self.network.abandon()
        if self._running is not None and self._running is not _current_task():
            self._running.cancel()
        self.page.web_workers.forget(self)


def _current_task() -> asyncio.Task[Any] | None:
    try:
        return asyncio.current_task()
    except RuntimeError:
        return None


async def _script_of(response: Response, url: str) -> bytes:
    """Read a classic script.

    Raises:
        NetworkError: the server had none, or something else (HTML, "fetch a classic worker script", steps 4 and 5).
    """
    body = await response.read()
    if not 200 <= response.full_status <= 299:
        raise NetworkError("net::ERR_ABORTED", f"{url}: status {response.full_status}", url=url)
    scheme = urls.parse(response.url)
    if scheme is not None and scheme.scheme in ("http", "https"):
        content_type = response.full_headers.get("content-type") or ""
        parsed = mime.parse(content_type) if content_type else None
        if parsed is None or parsed.essence not in SCRIPT_TYPES:
            raise NetworkError(
                "net::ERR_ABORTED", f'{url}: expected JavaScript, but the server said "{content_type}"', url=url
            )
    return body


class WebWorkers:
    """The web workers of one page, of all its documents and nested ones."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._workers: dict[Agent, dict[int, WebWorker]] = {}  # by owner, by the number it gave
        self._serials = 0
        self.on_opened: Callable[[WebWorker], None] = lambda worker: None  # before anything of it is fetched
        self.on_closed: Callable[[WebWorker], None] = lambda worker: None

    def new_serial(self) -> int:
        """Give a number that no web worker of the page had."""
        self._serials += 1
        return self._serials

    def all(self) -> list[WebWorker]:
        """Give those that live."""
        return [worker for owned in self._workers.values() for worker in owned.values()]

    def start(self, owner: Agent, client_url: str, payload: Json, data: bytes | None) -> None:
        """`worker.start`: make a worker."""
        if len(self.all()) >= MAX_WEB_WORKERS:
            owner.post("worker.failed", {"id": payload["id"], "message": "too many web workers"})
            self._page.note_unsupported(f"more than {MAX_WEB_WORKERS} web workers at once")
            return
        if owner not in self._workers:
            self._workers[owner] = {}
            owner.when_closed(lambda: self._owner_closed(owner))
        script = (data or b"") if "blobType" in payload else None
        worker = WebWorker(self._page, owner, payload, script, client_url)
        self._workers[owner][worker.number] = worker
        self.on_opened(worker)
        worker.begin()

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

    def forget(self, worker: WebWorker) -> None:
        """A worker has ended."""
        if self._workers.get(worker.owner, {}).pop(worker.number, None) is not None:
            self.on_closed(worker)

    def _owner_closed(self, owner: Agent) -> None:
        for worker in tuple(self._workers.get(owner, {}).values()):
            worker.agent.close()
        self._workers.pop(owner, None)
