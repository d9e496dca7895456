"""Module scripts of a page: fetching graphs ahead of evaluation, and on demand for dynamic imports.

Thread: worker; `_resolve` and `_load` run on the engine's thread of the document's isolate, look in tables, and ask the worker where those end.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from typing import TYPE_CHECKING

from sanderling.base.errors import NetworkError, SanderlingError, UsageError
from sanderling.browser.agent import Agent, Json
from sanderling.browser.parser import decode_text
from sanderling.http.request import Request
from sanderling.js.engine import Isolate
from sanderling.js.modules import MAX_MODULES, ModuleTable, imports_of
from sanderling.proto import mime

if TYPE_CHECKING:
    from sanderling.browser.page import Page

ENTRIES_AT_REST = 3
"""Entries without a question about modules after which imports are taken to have come to rest."""

_LOG = logging.getLogger("sanderling.browser.modules")

SCRIPT_TYPES = frozenset(
    {
        "text/javascript",
        "application/javascript",
        "application/x-javascript",
        "application/ecmascript",
        "text/ecmascript",
    }
)


class PageModules:
    """Modules of the documents of one isolate of a page."""

    def __init__(self, page: Page, frame: int = 1) -> None:
        self._page = page
        self._frame = frame  # the root frame of the isolate
        self._table = ModuleTable()
        self._fetches: dict[str, asyncio.Task[None]] = {}  # by URL: under way or done
        self._inline = 0
        self._touches = 0  # how often the engine asked for a module; written on its thread, only compared here
        self._driving: asyncio.Task[None] | None = None

    def attach(self, isolate: Isolate) -> None:
        """Begin anew, with the isolate of a new document."""
        for task in self._fetches.values():
            task.cancel()
        self._fetches = {}
        self._table = table = ModuleTable()
        self._inline = 0

        loop = asyncio.get_running_loop()
        if self._driving is not None:
            self._driving.cancel()
            self._driving = None

        def touched() -> None:
            self._touches += 1
            with contextlib.suppress(RuntimeError):  # the loop is closed: so is the page
                loop.call_soon_threadsafe(self._drive_soon)

        def resolve(specifier: str, referrer: str) -> str:
            touched()
            try:
                return table.resolve(specifier, referrer, recorded=True)
            except UsageError as error:
                # The engine shows the page a text that comes back as a URL of no scheme: the loader says what was wrong.
                return f"sanderling-error:{error}"

        def load(url: str) -> str:
            try:
                return _load(isolate, table, url)
            finally:
                touched()

        isolate.set_module_functions(resolve, load)

    def _drive_soon(self) -> None:
        if self._driving is None or self._driving.done():
            self._driving = asyncio.get_running_loop().create_task(self._drive())

    async def _drive(self) -> None:
        """Enter the isolate until its imports have come to rest.

        The engine goes on with an `import()` only while it is entered (on its own it looks every 500 ms, measured).
        """
        quiet = 0
        while quiet < ENTRIES_AT_REST and (agent := self._agent()) is not None:
            before = self._touches
            try:
                await agent.enter("timers.run")
            except SanderlingError:
                return  # reported by whoever entered first
            quiet = quiet + 1 if self._touches == before else 0

    def _agent(self) -> Agent | None:
        return self._page.agent_of(self._frame)

    def _client_url(self) -> str:
        page = self._page
        return page.frames[self._frame].url if self._frame in page.frames else page.main_frame.url

    def add_import_map(self, source: str, base: str) -> Json:
        """`module.importmap`: gives what is wrong with it, as the name of an error and a text."""
        try:
            self._table.map.add(source, base)
        except UsageError as error:
            return {"name": "SyntaxError" if error.__cause__ is not None else "TypeError", "message": str(error)}
        return {}

    async def fetch(self, agent: Agent, payload: Json) -> None:
        """`module.fetch`: fetch a graph, then tell page code."""
        answer = {"id": payload["id"], "url": payload["url"]}
        try:
            await self._graph(payload["url"], payload["credentials"], payload["integrity"])
        except SanderlingError as error:
            answer["error"] = {"message": str(error)}
        agent.post("module.fetched", answer)

    async def inline(self, agent: Agent, payload: Json) -> None:
        """`module.inline`: an inline module script, under a URL of its own in its document's folder."""
        self._inline += 1
        url = f"{payload['base'].partition('#')[0]}#inline-module-{self._inline}"
        self._table.sources[url] = "\n" * (payload["line"] - 1) + payload["source"]
        answer = {"id": payload["id"], "url": url}
        try:
            await self._dependencies(url, payload["source"], payload["credentials"])
        except SanderlingError as error:
            answer["error"] = {"message": str(error)}
        agent.post("module.fetched", answer)

    async def load_now(self, payload: Json) -> Json:
        """`module.load`: the engine came to a module that is not in the table."""
        try:
            await self._graph(payload["url"], self._dynamic_credentials())
        except SanderlingError as error:
            return {"error": str(error)}
        return {"source": self._table.sources.get(payload["url"])}

    def _dynamic_credentials(self) -> str:
        """Give the credentials mode of what code imports dynamically."""
        return "same-origin"

    def _referrer_policy(self) -> str:
        return ""

    async def _graph(self, url: str, credentials: str, integrity: str = "") -> None:
        task = self._fetches.get(url)
        if task is None:
            if len(self._fetches) >= MAX_MODULES:
                raise UsageError(f"more than {MAX_MODULES} modules")
            task = self._fetches[url] = asyncio.get_running_loop().create_task(
                self._one(url, credentials, integrity or self._table.map.integrity.get(url, ""))
            )
            await task
            await self._dependencies(url, self._table.sources[url], credentials)
        else:
            # Cycles are legal: who fetches a module waits for what it imports, nobody else does.
            await asyncio.shield(task)

    async def _dependencies(self, url: str, source: str, credentials: str) -> None:
        wanted = []
        for specifier in imports_of(source):
            try:
                wanted.append(self._table.resolve(specifier, url))
            except UsageError:
                continue  # a specifier in a comment or a string; the engine says so where it is real
        results = await asyncio.gather(*(self._graph(target, credentials) for target in wanted), return_exceptions=True)
        for target, result in zip(wanted, results, strict=True):
            if isinstance(result, asyncio.CancelledError):
                raise result
            if isinstance(result, BaseException):
                # What the scan found in a comment may well not exist; the engine fails where it matters.
                self._table.errors[target] = str(result)

    async def _one(self, url: str, credentials: str, integrity: str) -> None:
        if url in self._table.sources:
            return
        page = self._page
        document_url = self._client_url()
        request = Request.script(
            url,
            method="GET",
            headers=[],
            body=None,
            mode="cors",
            credentials=credentials,
            redirect="follow",
            referrer=document_url,
            referrer_policy=self._referrer_policy(),
            destination="script",
            integrity=integrity,
            cache="default",
            keepalive=False,
            client_url=document_url,
        )
        response = await page.network.fetch(request, kind="script", frame=self._frame)
        body = await response.read()
        if not 200 <= response.status <= 299:
            raise NetworkError("net::ERR_ABORTED", f"module {url}: status {response.status}", url=url)
        content_type = response.headers.get("content-type") or ""
        parsed = mime.parse(content_type) if content_type else None
        essence = parsed.essence if parsed is not None else ""
        if essence not in SCRIPT_TYPES and essence != "application/json" and not essence.endswith("+json"):
            raise NetworkError(
                "net::ERR_ABORTED",
                f'module {url}: expected a JavaScript module, but the server said "{content_type}"',
                url=url,
            )
        self._table.sources[url] = decode_text(body, "utf-8")


def _load(isolate: Isolate, table: ModuleTable, url: str) -> str:
    """Give a module's source (engine's thread)."""
    if url.startswith("sanderling-error:"):
        raise RuntimeError(url.removeprefix("sanderling-error:"))
    source = table.sources.get(url)
    if source is not None:
        return source
    answer = json.loads(isolate.ask_from_engine("module.load", json.dumps({"url": url})))
    source = answer.get("source")
    if source is None:
        raise RuntimeError(answer.get("error") or f"Failed to fetch dynamically imported module: {url}")
    return str(source)
