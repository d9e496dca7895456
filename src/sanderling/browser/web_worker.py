"""What every web worker is: an agent (an isolate) of its own with a script, its requests, its modules, and what its code posts.

https://html.spec.whatwg.org/multipage/workers.html#run-a-worker. Whose a worker is and when it ends is said by its kind: `web_workers`
(dedicated ones) and `shared_workers`. "Worker" alone is Sanderling's own, everywhere in the project.

Thread: worker.
"""

from __future__ import annotations

import asyncio
import json
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import msgspec

from sanderling.base.errors import ClosedError, NetworkError, PageCrashedError, SanderlingError
from sanderling.browser.agent import Agent, Json, PostHandler
from sanderling.browser.agent_network import AgentNetwork
from sanderling.browser.page_modules import SCRIPT_TYPES, PageModules
from sanderling.browser.page_posts import PagePosts
from sanderling.browser.parser import to_utf8
from sanderling.browser.pure_csp import policies_of, redirect_rules
from sanderling.browser.request_life import failure_of
from sanderling.browser.storage_keys import storage_key
from sanderling.http.request import Request
from sanderling.http.response import Response
from sanderling.js.modules import inline_url
from sanderling.proto import mime
from sanderling.proto import url as urls
from sanderling.proto.referrer import policy_from_headers

if TYPE_CHECKING:
    from sanderling.browser.page import Page

MAX_WEB_WORKERS = 16
"""Web workers that a page may have at once, nested ones included; each costs an isolate: 5 to 13 MB and two threads."""

MAX_CONTEXT_WEB_WORKERS = 64
"""Dedicated ones of all pages of a context together: popups of a hostile page would multiply its share."""

ISOLATE_FAILURES = (SanderlingError, RuntimeError, OSError)
"""What making an isolate raises where there is no memory or no thread left; the engine's own error is a RuntimeError."""

ENTRY_DEADLINE_S = 300.0
"""How long one turn of a web worker may compute: long work is what they are for."""

_DOCUMENT_POSTS = (
    "lifecycle",
    "navigate",
    "navigated.within",
    "history.push",
    "history.replace",
    "history.go",
    "history.refuse",
    "navigation.state",
    "navigation.next",
    "title",
    "download",
    "storage.set",
    "window.focusViewport",
    "window.name",
    "window.close",
    "window.message",
    "window.navigate",
    "window.write",
    "window.rename",
    "window.disown",
    "window.stop",
    "sharedworker.connect",
    "sharedworker.leave",
)


BEGUN = "__sanderling_begun"
"""A function of the global object, until it is called."""


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

    def give_root(self, url: str) -> str:
        """Have a module that imports the script `url`, and before that calls `BEGUN`: the engine has begun to evaluate the graph then. Gives its URL."""
        begun, root = inline_url(url, 1), inline_url(url, 2)
        self._table.sources[begun] = f"{BEGUN}()"
        self._table.sources[root] = f"import {json.dumps(begun)}; import {json.dumps(url)}"
        return root

    def _agent(self) -> Agent | None:
        return None if self._worker.agent.closed else self._worker.agent

    def _network(self) -> AgentNetwork:
        return self._worker.network

    def _client_url(self) -> str:
        return self._worker.network.client_url

    def _dynamic_credentials(self) -> str:
        # https://html.spec.whatwg.org/multipage/workers.html#run-a-worker: what a classic script imports goes as usual.
        return self._worker.credentials if self._worker.type == "module" else super()._dynamic_credentials()

    def _referrer_policy(self) -> str:
        return self._worker.module_referrer_policy

    def _destination(self, url: str) -> str:
        # What the graph of its script holds is asked for as that is; what its code imports later, as scripts.
        found = super()._destination(url)
        return self._worker.graph_destination if found == "script" else found

    def _governing(self) -> tuple[list[Json], str]:
        # What the script's graph holds is fetched for its maker (HTML, "fetch a module worker script graph"), whose policies count.
        worker = self._worker
        if worker.page.bypasses_csp:
            return [], ""
        return super()._governing() if worker.in_graph is None else worker.in_graph

    def _upgrades(self) -> bool:
        return self._worker.upgrades or super()._upgrades()

    def _bound(self) -> tuple[Agent | None, int]:
        return super()._bound() if self._worker.in_graph is None else self._worker.maker


class WorkerPosts(PagePosts):
    """What code of one web worker posts and asks (`AgentHost`)."""

    def __init__(self, page: Page, worker: WebWorker) -> None:
        super().__init__(page, worker.frame, worker.network, worker.modules)
        self._worker = worker
        for kind in _DOCUMENT_POSTS:
            del self._handlers[kind]
        self._handlers["page.error"] = worker.threw
        self._handlers["worker.close"] = lambda payload, data: worker.end_soon()
        self._handlers["worker.runs"] = lambda payload, data: worker.runs()
        self._handlers["worker.ran"] = lambda payload, data: worker.ran()
        self._handlers["worker.unfetched"] = lambda payload, data: worker.fail(payload["message"])
        self._questions = {
            kind: self._questions[kind]
            for kind in (
                "net.fetchSync",
                "module.load",
                "storage.facts",
                "storage.buckets",
                "permission.state",
                "cache.do",
                "timing.take",
            )
        }
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

    def _origin_of(self, frame: int) -> str:
        return urls.serialize_origin(self._worker.network.client_url)

    def _storage_key(self) -> str:
        return storage_key(self._worker.page, self._worker.frame, self._storage_origin())


class Script(NamedTuple):
    """The script of a web worker."""

    url: str
    """After redirects."""
    source: bytes
    """In UTF-8; empty for a module, which is in the table of modules."""


class WebWorker(ABC):
    """A web worker.

    Args:
        page: what its requests belong to.
        payload: what the constructor said: `url`, `frame`, `name`, `type`, `credentials`, `referrer`, `referrerPolicy`, `secure`, `csp`.
        script: the text of the script, where that is a `blob:` of who made it.
        client_url: of who made it, for the request of the script.
    """

    kind: Literal["dedicated", "shared"]
    destination: Literal["worker", "sharedworker"]

    def __init__(self, page: Page, payload: Json, script: bytes | None, client_url: str) -> None:
        self.page = page
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
        self.credentials: str = payload["credentials"]
        self.referrer_policy: str = payload["referrerPolicy"]  # its maker's, or its response's
        self.upgrades: bool = payload["upgrade"]  # its maker's requests go by https:, so its own do
        self._payload = payload
        self._script = script
        self._client_url = client_url
        self._policies: Json = payload["csp"]  # content security policies: its maker's, or its response's
        self._runs = False  # its graph of modules is there
        self.network: WorkerNetwork = WorkerNetwork(page, client_url if self.url.startswith("blob:") else self.url)
        self.modules: WorkerModules = WorkerModules(page, self)
        isolate = page.context.browser.take_isolate_now()
        self.modules.attach(isolate)
        self.posts = self._make_posts()
        self.agent = self.posts.agent = Agent(isolate, self.posts, deadline_s=ENTRY_DEADLINE_S)
        self.agent.when_closed(self._closed)
        self._loop = asyncio.get_running_loop()
        self._running: asyncio.Task[None] | None = None
        self._ending: asyncio.Task[None] | None = None

    def _make_posts(self) -> WorkerPosts:
        return WorkerPosts(self.page, self)

    @property
    @abstractmethod
    def maker(self) -> tuple[Agent, int]:
        """The agent whose page code made it, and the number of its frame there."""

    @property
    def closed(self) -> bool:
        """Whether it has ended."""
        return self.agent.closed

    # -- the script --------------------------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Fetch the script and run it."""
        self._running = self._loop.create_task(self._run())

    async def _run(self) -> None:
        try:
            if self.gate is not None:
                await self.gate(self)
            script = await self._fetch_script()
            page = self.page
            emulation = page.emulation
            await self.agent.enter(
                "worker.start",
                {
                    "kind": self.kind,
                    "url": script.url,
                    "frame": self.frame,
                    "name": self.name,
                    "type": self.type,
                    "page": page.id,
                    "agent": f"w{self.serial}",
                    "referrerPolicy": self.referrer_policy,
                    "userAgent": emulation.user_agent,
                    "languages": emulation.languages,
                    "platform": emulation.get("platform") or "",
                    "hardwareConcurrency": emulation.get("hardware_concurrency") or 0,
                    "timeZone": emulation.get("time_zone") or "",
                    "locale": emulation.get("locale") or "",
                    "secure": self._payload["secure"],
                    "csp": self._policies,
                    "upgrade": self.upgrades,
                    "cspBypass": page.bypasses_csp,
                },
            )
            for prepare in tuple(self.preparers):
                await prepare(self)
            run = {"url": script.url, "type": self.type, "credentials": self.credentials}
            if self.type == "module":
                run |= {"root": self.modules.give_root(script.url), "begun": BEGUN}
            await self.agent.enter("worker.run", run, script.source)
        except ClosedError:
            return
        except PageCrashedError:
            return  # told by the agent
        except SanderlingError as error:
            self.fail(str(error))

    async def _fetch_script(self) -> Script:
        if self._script is not None:
            if self.type == "module":
                self.modules.give(self.url, self._script.decode("utf-8", "replace"))
            return Script(self.url, to_utf8(self._script, "", "utf-8"))
        # HTML, "fetch a classic worker script" and, for the root of a module graph, "fetch a single module script", step 9
        request = Request.resource(
            self.url,
            destination=self.destination,
            mode="same-origin",
            credentials=self.credentials if self.type == "module" else "same-origin",
            referrer=self._payload["referrer"],
            referrer_policy=self.referrer_policy,
            client_url=self._client_url,
        )
        request = msgspec.structs.replace(request, upgrades_insecure=self.upgrades)
        response = await self.page.network.fetch(
            request,
            kind="worker",
            frame=self.frame,
            web_worker=self.serial,
            initiator="script" if self.type == "module" else None,
        )
        body = await script_of(response, self.url)
        fragment = self.url.partition("#")[2]
        url = f"{response.url}#{fragment}" if fragment and "#" not in response.url else response.url
        self.network.url = url
        if not url.startswith(("data:", "blob:")):  # those have the policies of who made them
            self._policies = policies_of(tuple(response.headers.items()), url)
            self.referrer_policy = policy_from_headers(response.headers)
        source = to_utf8(body, "", "utf-8")
        if self.type == "module":
            self.modules.give(url, source.decode())
            source = b""
        return Script(url, source)

    @property
    def in_graph(self) -> tuple[list[Json], str] | None:
        """The policies that the graph of its script is judged by, and its destination; None once that is there."""
        if self._runs or self.type != "module":
            return None
        return [{**one, "meta": False} for one in self._payload["csp"]], self.destination

    @property
    def graph_destination(self) -> str:
        """Fetch's destination of requests for modules, at this time."""
        return "script" if self._runs or self.type != "module" else self.destination

    @property
    def module_referrer_policy(self) -> str:
        """Of requests for modules: like `in_graph`, its maker's counts for what its script's graph holds."""
        return self.referrer_policy if self._runs else self.referrer_policy or str(self._payload["referrerPolicy"])

    def runs(self) -> None:
        """`worker.runs`: its graph of modules is there, and will be evaluated."""
        self._runs = True

    async def import_script(self, payload: Json, data: bytes | None) -> tuple[Json, bytes | None]:
        """`worker.import`: a script for importScripts, which waits for it."""
        url = payload["url"]
        request = Request.resource(
            url, destination="script", referrer_policy=self.referrer_policy, client_url=self.network.client_url
        )
        rules = redirect_rules(payload["policies"], "script", parser_inserted=False) if "policies" in payload else None
        request = msgspec.structs.replace(request, upgrades_insecure=payload["upgrade"], redirect_rules=rules)
        try:
            response = await self.network.fetch(request, kind="script", frame=self.frame, initiator="other")
            body = await script_of(response, url, local=True)
        except SanderlingError as error:
            return {"error": str(error), "blocked": failure_of(error).get("blocked", "")}, None
        muted = response.type == "opaque"
        redirected = len(response.url_list) > 1
        return {"url": response.url, "redirected": redirected, "muted": muted}, to_utf8(body, "", "utf-8")

    def ran(self) -> None:
        """`worker.ran`: the script has run."""
        self.when_ran()

    # -- what its kind says ------------------------------------------------------------------------------------------------

    @abstractmethod
    def threw(self, payload: Json, data: bytes | None) -> None:
        """`page.error`: an exception that its code did not handle."""

    @abstractmethod
    def failed(self, message: str) -> None:
        """It cannot run (on), and is closed already: tell who made it."""

    def ended(self) -> None:  # noqa: B027 - not every kind has to do something then
        """It ended because its code asked for it."""

    @abstractmethod
    def forgotten(self) -> None:
        """Its isolate is gone or going."""

    # -- end ---------------------------------------------------------------------------------------------------------------

    def end_soon(self) -> None:
        """`worker.close`: its code asked for it; what runs now runs to its end first."""
        if self._ending is None:
            self._ending = self._loop.create_task(self._end())

    async def _end(self) -> None:
        try:
            await self.agent.enter("worker.end")
        except SanderlingError:
            pass  # its code computes or is gone: it ends all the same
        finally:
            self.agent.close()
            self.ended()

    def fail(self, message: str) -> None:
        """It cannot run (on): who made it gets an `error` event, and the page's verdict says why."""
        self.agent.close()
        self.failed(message)

    def _closed(self) -> None:
        self.network.abandon()
        if self._running is not None and self._running is not _current_task():
            self._running.cancel()
        self.forgotten()


def _current_task() -> asyncio.Task[Any] | None:
    try:
        return asyncio.current_task()
    except RuntimeError:
        return None


async def script_of(response: Response, url: str, *, local: bool = False) -> bytes:
    """Read a script.

    Args:
        response: of which the body is read.
        url: what was asked for.
        local: what a `data:` or `blob:` URL holds must be JavaScript, too ("fetch a classic worker-imported script", step 5), if it says its type.

    Raises:
        NetworkError: the server had none, or something else (HTML, "fetch a classic worker script", steps 4 and 5).
    """
    body = await response.read()
    if not 200 <= response.full_status <= 299:
        raise NetworkError("net::ERR_ABORTED", f"{url}: status {response.full_status}", url=url)
    scheme = urls.parse(response.url)
    content_type = response.full_headers.get("content-type") or ""
    if scheme is not None and (scheme.scheme in ("http", "https") or (local and content_type)):
        parsed = mime.parse(content_type) if content_type else None
        if parsed is None or parsed.essence not in SCRIPT_TYPES:
            raise NetworkError(
                "net::ERR_ABORTED", f'{url}: expected JavaScript, but the server said "{content_type}"', url=url
            )
    return body
