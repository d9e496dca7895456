"""Module scripts of a page: fetching graphs ahead of evaluation, and on demand for dynamic imports.

Thread: worker; `_resolve` and `_load` run on the engine's thread of the document's isolate, look in tables, and ask the worker where those end.
"""

from __future__ import annotations

import asyncio
import codecs
import contextlib
import json
import logging
import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import msgspec

from sanderling.base.errors import NetworkError, SanderlingError, UsageError
from sanderling.base.pattern import late_pattern
from sanderling.browser.agent import Agent, Json
from sanderling.browser.pure_csp import redirect_rules, violations_of
from sanderling.http.fetching import BLOCKED_BY_CSP
from sanderling.http.request import Request
from sanderling.js.engine import Isolate
from sanderling.js.module_scan import imports_of, types_of
from sanderling.js.modules import HOW_RELATIVE, MAX_MODULES, ModuleTable, inline_url, is_recordable
from sanderling.proto import csp, mime
from sanderling.proto.referrer import policy_from_headers

if TYPE_CHECKING:
    from sanderling.browser.agent_network import AgentNetwork
    from sanderling.browser.page import Page

REST_S = (0, 0, 0, 0.002, 0.008, 0.032, 0.128)
"""Waits before each entry, in seconds, while the engine asks for no module; after them imports are taken to have come to rest.

The engine's own threads take part in an import: where the machine is busy, three entries at once may all come too early.
"""

UNFETCHED = "Failed to fetch module"
"""How the error of a module that could not be had begins: `web/html/scripting.js` tells it from what a module throws."""
NOT_A_MODULE = "expected a JavaScript module, but the server said "
"""What the error of a module of a wrong type says before the type that it has."""

_FAILED = "sanderling-error:"

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

_ADDRESSES = frozenset(
    {"http", "https", "blob", "data", "file"}
)  # schemes of what has an address; sourceURL comments give others

_DESTINATIONS = {"json": "json", "css": "style"}
"""Of modules that are imported with a type (Fetch, "destination type")."""

_NONCE = late_pattern(r"'nonce-([^']+)'", re.IGNORECASE)


class ModuleOrigin(msgspec.Struct, frozen=True):
    """What the modules of a graph have from the script that asked for it (HTML, "script fetch options")."""

    credentials: str
    nonce: str | None  # None: not known
    parser_inserted: bool


class Importer(msgspec.Struct, frozen=True):
    """Whose `import` it is, as far as requests tell."""

    url: str
    policy: str  # for referrers


class PageModules:
    """Modules of the documents of one isolate of a page."""

    def __init__(self, page: Page, frame: int = 1) -> None:
        self._page = page
        self._frame = frame  # the root frame of the isolate
        self._table = ModuleTable()
        self._fetches: dict[str, asyncio.Task[None]] = {}  # by URL: under way or done
        self._ahead: dict[str, asyncio.Task[None]] = {}  # by URL: asked for ahead of the parser, and by nobody else yet
        self._inline = 0
        self._touches = 0  # how often the engine asked for a module; written on its thread, only compared here
        self._driving: asyncio.Task[None] | None = None
        self._policy = ""  # for referrers, of the document when its newest script was asked for
        self._policies: list[Json] = []  # Content Security Policies of the document, as `csp.check` takes them
        self._base = ""  # base URL of the document, where that is not its URL
        self._importers: dict[str, str] = {}  # by URL of what the engine asks for next: whose import; its thread writes
        self._children: dict[int, PageModules] = {}  # of child frames' documents, by the number page code gave the map

    def of(self, payload: Json) -> PageModules:
        """The modules of whose code posted `payload`: these, or those of the document of a child frame."""
        client = payload.get("client")
        if client is None:
            return self
        modules = self._children.get(client["map"])
        if modules is None:
            modules = self._children[client["map"]] = PageModules(self._page, client["frame"])
        return modules

    def set_policies(self, policies: list[Json]) -> None:
        """`module.policies`: from now on the document has these."""
        self._policies = policies

    def forget(self, number: int) -> None:
        """The document of a child frame has gone."""
        modules = self._children.pop(number, None)
        if modules is not None:
            modules.abandon()

    def abandon(self) -> None:
        """Fetch nothing more."""
        for task in (*self._fetches.values(), *self._ahead.values()):
            task.cancel()
        self._fetches = {}
        self._ahead = {}

    def attach(self, isolate: Isolate) -> None:
        """Begin anew, with the isolate of a new document."""
        self.abandon()
        for child in self._children.values():
            child.abandon()
        self._children = {}
        self._policies = []
        self._table = table = ModuleTable()
        self._base = ""
        self._inline = 0
        importers: dict[str, str] = {}
        self._importers = importers

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
                importer = self._importer(referrer)
                url = table.resolve(specifier, importer, recorded=True)
            except UsageError as error:
                if _is_dynamic(table, specifier, referrer):
                    return table.thrown(str(error).replace(f'"{specifier}". {HOW_RELATIVE}', f"'{specifier}'"))
                # The engine shows the page a text that comes back as a URL of no scheme: the loader says what was wrong.
                return f"{_FAILED}{error}"
            if url in table.replaced:
                if _is_dynamic(table, specifier, referrer):
                    return table.thrown(_not_imported(url))
                return f"{_FAILED}{UNFETCHED} {url}"
            if url not in table.sources and is_recordable(url, importers):
                importers[url] = importer
            return url

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
        while quiet < len(REST_S) and (agent := self._agent()) is not None:
            before = self._touches
            if REST_S[quiet]:
                await asyncio.sleep(REST_S[quiet])
            try:
                await agent.enter("timers.run")
            except SanderlingError:
                return  # reported by whoever entered first
            quiet = quiet + 1 if self._touches == before else 0

    def _agent(self) -> Agent | None:
        return self._page.agent_of(self._frame)

    def _network(self) -> AgentNetwork:
        return self._page.frame_agents.network_of(self._frame)

    def _client_url(self) -> str:
        page = self._page
        frame = page.frames.get(self._frame, page.main_frame)
        while frame.url.startswith("about:") and frame.parent is not None:
            frame = page.frames[frame.parent]  # such documents have the base URL of who made them
        return frame.url

    def set_base(self, url: str) -> None:
        """`module.base`: the document has this base URL; empty: its own URL."""
        self._base = url

    def _importer(self, referrer: str) -> str:
        """Give the base URL for what code imports that the engine calls `referrer`; the engine's thread asks.

        Inline classic scripts are called by their document's URL, code of clients and of `eval()` by names of no address.
        All of these import from the document's base URL.
        """
        document = self._client_url()
        if referrer == document or urlsplit(referrer).scheme not in _ADDRESSES:
            return self._base or document
        return referrer

    def add_import_map(self, source: str, base: str) -> Json:
        """`module.importmap`: gives what is wrong with it, as the name of an error and a text."""
        try:
            self._table.map.add(source, base)
        except UsageError as error:
            return {"name": "SyntaxError" if error.__cause__ is not None else "TypeError", "message": str(error)}
        return {}

    async def fetch(self, agent: Agent, payload: Json) -> None:
        """`module.fetch`: fetch a graph, then tell page code."""
        self._policy = payload.get("referrerPolicy") or self._policy
        answer = {"id": payload["id"], "url": payload["url"]}
        try:
            origin = ModuleOrigin(payload["credentials"], payload["nonce"], payload["parserInserted"])
            await self._graph(payload["url"], origin, payload["integrity"], checked=payload["checked"])
        except SanderlingError as error:
            answer["error"] = {"message": str(error)}
        agent.post("module.fetched", answer)

    def fetch_ahead(self, payload: Json) -> None:
        """`module.ahead`: fetch one module that the parser will come to; what it imports is left to its script."""
        url = payload["url"]
        if url in self._fetches or url in self._ahead or len(self._ahead) >= MAX_MODULES:
            return
        self._policy = payload["referrerPolicy"] or self._policy
        origin = ModuleOrigin(payload["credentials"], payload["nonce"], payload["parserInserted"])
        integrity = self._table.map.integrity.get(url, "") if payload["integrity"] is None else payload["integrity"]
        work = self._one(url, origin, integrity, payload["checked"], None)
        task = self._ahead[url] = asyncio.get_running_loop().create_task(work)
        task.add_done_callback(lambda done: done.cancelled() or done.exception())  # its script tells what went wrong

    async def inline(self, agent: Agent, payload: Json) -> None:
        """`module.inline`: an inline module script, under a URL of its own in its document's folder."""
        self._policy = payload["referrerPolicy"]
        self._inline += 1
        url = inline_url(payload["base"], self._inline)
        self._table.sources[url] = "\n" * (payload["line"] - 1) + payload["source"]
        answer = {"id": payload["id"], "url": url}
        try:
            origin = ModuleOrigin(payload["credentials"], payload["nonce"], payload["parserInserted"])
            await self._dependencies(url, payload["source"], origin)
        except SanderlingError as error:
            answer["error"] = {"message": str(error)}
        agent.post("module.fetched", answer)

    def resolve(self, specifier: str, referrer: str) -> Json:
        """`module.resolve`: what a specifier in the module `referrer` means from now on."""
        try:
            return {"url": self._table.resolve(specifier, referrer, recorded=True)}
        except UsageError as error:
            return {"error": str(error)}

    async def load_now(self, payload: Json) -> Json:
        """`module.load`: who evaluates came to a module that is not in its table, or has none."""
        url = payload["url"]
        if url not in self._table.sources:
            importer = self._importers.pop(url, None)
            known = None if importer is None else self._as_importer(importer)
            try:
                origin = ModuleOrigin(self._dynamic_credentials(), None, parser_inserted=False)
                await self._graph(url, origin, importer=known)
            except SanderlingError as error:
                return {"error": str(error)}
        source = self._table.sources.get(url)
        if source is None:
            return {"error": self._table.errors.get(url) or f"Failed to fetch dynamically imported module: {url}"}
        return {"source": source, "json": url in self._table.json}

    def _as_importer(self, url: str) -> Importer:
        """Give what requests of a module's imports tell (HTML, "HostLoadImportedModule", step 9: its base URL)."""
        return Importer(self._table.base(url), self._table.policies.get(url) or self._referrer_policy())

    def _dynamic_credentials(self) -> str:
        """Give the credentials mode of what code imports dynamically."""
        return "same-origin"

    def _referrer_policy(self) -> str:
        return self._policy

    async def _graph(
        self,
        url: str,
        origin: ModuleOrigin,
        integrity: str | None = None,
        *,
        checked: bool = False,
        importer: Importer | None = None,
    ) -> None:
        task = self._fetches.get(url)
        if task is None:
            if len(self._fetches) >= MAX_MODULES:
                raise UsageError(f"more than {MAX_MODULES} modules")
            if integrity is None:
                integrity = self._table.map.integrity.get(url, "")
            task = self._ahead.pop(url, None)
            if task is None:
                work = self._one(url, origin, integrity, checked, importer)
                task = asyncio.get_running_loop().create_task(work)
            self._fetches[url] = task
            await task
            await self._dependencies(url, self._table.sources[url], origin)
        else:
            # Cycles are legal: who fetches a module waits for what it imports, nobody else does.
            await asyncio.shield(task)

    async def _dependencies(self, url: str, source: str, origin: ModuleOrigin) -> None:
        if url in self._table.json:
            return
        wanted = []
        for specifier, kind in types_of(source).items():
            with contextlib.suppress(UsageError):
                self._table.types.setdefault(self._table.resolve(specifier, url), kind)
        for specifier in imports_of(source):
            try:
                wanted.append(self._table.resolve(specifier, url, recorded=True))
            except UsageError:
                continue  # the engine says so where it is real
        importer = self._as_importer(url)
        results = await asyncio.gather(
            *(self._graph(target, origin, importer=importer) for target in wanted), return_exceptions=True
        )
        for target, result in zip(wanted, results, strict=True):
            if isinstance(result, asyncio.CancelledError):
                raise result
            if isinstance(result, BaseException):
                # What the scan found may be none; the engine fails where it matters.
                self._table.errors[target] = str(result)

    def _destination(self, url: str) -> str:
        """Give Fetch's destination of the request for a module (HTML, "fetch a single module script", step 5)."""
        return _DESTINATIONS.get(self._table.types.get(url, ""), "script")

    async def _one(
        self, url: str, origin: ModuleOrigin, integrity: str, checked: bool, importer: Importer | None
    ) -> None:
        if url in self._table.sources:
            return
        if not checked:
            self._check_policies(url, origin, integrity)
        document_url = self._client_url()
        request = Request.script(
            url,
            method="GET",
            headers=[],
            body=None,
            mode="cors",
            credentials=origin.credentials,
            redirect="follow",
            referrer=document_url if importer is None else importer.url,
            referrer_policy=self._referrer_policy() if importer is None else importer.policy,
            destination=self._destination(url),
            integrity=integrity,
            cache="default",
            keepalive=False,
            client_url=document_url,
        )
        policies, destination = self._governing()
        rules = None
        # A web worker's graph is asked about as such. Else, where the nonce is not known, each policy has another one, and the response is judged.
        if origin.nonce is not None or destination:
            rules = redirect_rules(
                policies,
                destination or self._destination(url),
                nonce=origin.nonce or "",
                integrity=integrity,
                parser_inserted=origin.parser_inserted,
            )
        request = msgspec.structs.replace(request, upgrades_insecure=self._upgrades(), redirect_rules=rules)
        try:
            response = await self._network().fetch(request, kind="script", frame=self._frame)
        except NetworkError as error:
            if error.code == BLOCKED_BY_CSP:
                self._check_policies(url, origin, integrity, now=error.url)  # which tells
            raise
        if len(response.url_list) > 1:
            self._check_policies(url, origin, integrity, now=response.url)
        body = await response.read()
        if not 200 <= response.status <= 299:
            raise NetworkError("net::ERR_ABORTED", f"module {url}: status {response.status}", url=url)
        content_type = response.headers.get("content-type") or ""
        parsed = mime.parse(content_type) if content_type else None
        essence = parsed.essence if parsed is not None else ""
        if essence not in SCRIPT_TYPES and (parsed is None or not parsed.is_json):
            raise NetworkError(
                "net::ERR_ABORTED",
                f'module {url}: {NOT_A_MODULE}"{content_type}"',
                url=url,
            )
        if essence not in SCRIPT_TYPES:
            self._table.json.add(url)
        if response.url != url.partition("#")[0]:
            self._table.bases[url] = response.url
        # What it imports tells a referrer by the policy of its response, else by that of who imports it.
        self._table.policies[url] = policy_from_headers(response.full_headers) or request.referrer_policy
        # "UTF-8 decode": the mark of another encoding counts for nothing.
        self._table.sources[url] = body.removeprefix(codecs.BOM_UTF8).decode("utf-8", "replace")

    def _governing(self) -> tuple[list[Json], str]:
        """Give the policies that modules are judged by, as `csp.check` takes them, and the destination for that; empty for each one's own."""
        return self._policies, ""

    def _upgrades(self) -> bool:
        """Say whether one of them has requests upgraded (Upgrade Insecure Requests, 3.1)."""
        return any(not one["report"] and csp.upgrades_insecure(one["text"]) for one in self._governing()[0])

    def _bound(self) -> tuple[Agent | None, int]:
        """Give whose policies those are: its agent, while it lives, and its frame."""
        return self._agent(), self._frame

    def _check_policies(self, url: str, origin: ModuleOrigin, integrity: str, *, now: str = "") -> None:
        """CSP, "should request be blocked" and "should response be blocked" (4.1.2, 4.1.3); `now` is where redirects led from `url`.

        Raises:
            NetworkError: a policy forbids the module; the document is told.
        """
        policies, destination = self._governing()
        destination = destination or self._destination(url)
        if not policies:
            return
        # DEVIATION: the script that calls `import()` is not known here, so that the nonces of the policies count as its own.
        nonce = origin.nonce
        question = {
            "kind": "request",
            "destination": destination,
            "url": now or url,
            "integrity": integrity,
            "parserInserted": origin.parser_inserted,
            "redirected": bool(now),
        }
        violations = []
        for index, policy in enumerate(policies):
            known = _NONCE.search(policy["text"]) if nonce is None else None
            asked = {**question, "nonce": known.group(1) if known else nonce or "", "policies": [policy]}
            violations += [{**one, "index": index} for one in violations_of(asked)]
        if not violations:
            return
        agent, frame = self._bound()
        if agent is not None:
            agent.post(
                "csp.forbidden",
                {
                    "frame": frame,
                    "destination": destination,
                    "url": url,
                    "violations": violations,
                },
            )
        if any(not policies[one["index"]]["report"] for one in violations):
            raise NetworkError("net::ERR_BLOCKED_BY_CSP", f"module {url}: Content Security Policy", url=url)


def _load(isolate: Isolate, table: ModuleTable, url: str) -> str:
    """Give a module's source (engine's thread)."""
    if url.startswith(_FAILED):
        raise RuntimeError(url.removeprefix(_FAILED))
    source = table.sources.get(url) or table.throwing.pop(url, None)
    if source is not None:
        return source
    by_module = url in table.errors or table.types.get(url) == "json"
    answer = json.loads(isolate.ask_from_engine("module.load", json.dumps({"url": url})))
    source = answer.get("source")
    if source is None and (by_module or _looks_like_json(url, answer.get("error") or "")):
        raise RuntimeError(f"{UNFETCHED} {url}: {answer.get('error') or 'unknown'}")
    if source is None:
        # From here on the engine has this module of that URL.
        table.replaced.add(url)
        return table.throwing.pop(table.thrown(_not_imported(url)))
    return str(source)


def _looks_like_json(url: str, error: str) -> bool:
    """Is it likely JSON that was asked for, so that the engine would parse a module that throws as JSON?

    The engine tells the loader of no import attributes, and what a classic script imports is not known ahead.
    """
    return url.partition("#")[0].partition("?")[0].endswith(".json") or "json" in error.partition(NOT_A_MODULE)[2]


def _is_dynamic(table: ModuleTable, specifier: str, referrer: str) -> bool:
    """Is it `import()` that asks, as far as the importing module's text tells?"""
    source = table.sources.get(referrer)
    return source is None or specifier not in imports_of(source)


def _not_imported(url: str) -> str:
    """Give the words of an error of `import()` that applications look for, to load themselves anew when their parts have moved."""
    return f"Failed to fetch dynamically imported module: {url}"
