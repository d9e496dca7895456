"""The asynchronous Python API. Names and meanings are Playwright's where Playwright has them.

Thread: any; every coroutine runs on the caller's loop, and only awaits.
"""

from __future__ import annotations

import asyncio
import base64
import builtins
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, Self, TypeVar, get_args

import msgspec

from sanderling.api import values
from sanderling.api.absent import missing
from sanderling.api.connection import Connection
from sanderling.api.events import EventName, translate
from sanderling.api.storage_state import Given, to_dict, write
from sanderling.api.storage_state import read as read_state
from sanderling.app.runtime import Isolation, shared_runtime
from sanderling.base.errors import TimeoutError, UsageError
from sanderling.browser import commands as wire
from sanderling.browser.options import (
    DEFAULT_TIMEOUT_MS,
    ContextOptions,
    Cookie,
    FetchOptions,
    Protection,
    ReplayMissing,
    StorageState,
    WaitUntil,
)
from sanderling.browser.result import FetchResult
from sanderling.dump import Link
from sanderling.http.certificates import ClientCertificate, ClientCertificates
from sanderling.network.port import ReplyError
from sanderling.proto.robots import RobotsScope
from sanderling.proto.url_filters import parse_host
from sanderling.server.cache_folder import disk_cache

T = TypeVar("T")

SelectorState = Literal["attached", "detached", "visible", "hidden"]


def robots_scope(value: bool | RobotsScope) -> RobotsScope:
    """Read the option as users give it."""
    return "pages" if value is True else value or ""


def _patterns(given: Sequence[str]) -> tuple[str, ...]:
    if isinstance(given, str) or "" in given:
        raise UsageError("block_urls takes a sequence of patterns, none of them empty")
    return tuple(given)


def _certificates(given: Iterable[Mapping[str, str]]) -> tuple[ClientCertificate, ...]:
    found = []
    for one in given:
        unknown = one.keys() - {"origin", "certPath", "keyPath"}
        if unknown or not one.keys() >= {"origin", "certPath"}:
            what = f"not {', '.join(sorted(unknown))}" if unknown else "origin and certPath are needed"
            raise UsageError(f"client_certificates take origin, certPath and keyPath: {what}")
        paths = {name: one.get(name, "") for name in ("certPath", "keyPath")}
        for path in filter(None, paths.values()):
            if not os.access(path, os.R_OK):
                raise UsageError(f"client_certificates: cannot read {path}")
        certificate, key = (os.path.abspath(path) if path else "" for path in paths.values())
        found.append(ClientCertificate(origin=one["origin"], certificate=certificate, key=key))
    ClientCertificates(found)  # which says what is wrong with an origin
    return tuple(found)


def _protections(given: Sequence[Protection]) -> tuple[Protection, ...]:
    wrong = [one for one in given if one not in get_args(Protection)] if not isinstance(given, str) else [given]
    if wrong:
        raise UsageError(f"disable takes a sequence of {', '.join(get_args(Protection))}, not {wrong[0]!r}")
    return tuple(given)


def _hosts(given: Iterable[str]) -> str:
    if isinstance(given, str):
        raise UsageError("block_hosts takes a sequence of hosts")
    found = {text: parse_host(text) for text in given}
    wrong = next((text for text, host in found.items() if host is None), None)
    if wrong is not None:
        raise UsageError(f"{wrong[:100]!r} is no host")
    return "\n".join(dict.fromkeys(host for host in found.values() if host is not None))


def context_options(
    *,
    user_agent: str = "",
    extra_http_headers: Mapping[str, str] | None = None,
    proxy: str = "",
    proxy_bypass: str = "",
    ignore_https_errors: bool = False,
    ca_file: str = "",
    client_cert: str = "",
    client_key: str = "",
    client_certificates: Iterable[Mapping[str, str]] = (),
    accept_language: str = "en-US,en;q=0.9",
    obey_robots: bool | RobotsScope = False,
    nav_delay_ms: int = 0,
    nav_burst: int = 1,
    block_private_networks: bool = False,
    block_cidrs: Sequence[str] = (),
    block_urls: Sequence[str] = (),
    block_hosts: Iterable[str] = (),
    isolate_connections: bool = False,
    disable: Sequence[Protection] = (),
    cookies: Iterable[Cookie] = (),
    viewport: tuple[int, int] | Mapping[str, int] = (1280, 720),
    record_har_redact: bool = False,
    replay_har: str = "",
    replay_missing: ReplayMissing = "fail",
) -> ContextOptions:
    """Collect the keyword arguments of `new_context`.

    Raises:
        UsageError: one is malformed.
    """
    width, height = _size(viewport)
    return ContextOptions(
        user_agent=user_agent,
        extra_headers=tuple((extra_http_headers or {}).items()),
        proxy=proxy,
        proxy_bypass=proxy_bypass,
        insecure=ignore_https_errors,
        ca_file=ca_file,
        client_cert=client_cert,
        client_key=client_key,
        client_certificates=_certificates(client_certificates),
        accept_language=accept_language,
        obey_robots=robots_scope(obey_robots),
        nav_delay_ms=nav_delay_ms,
        nav_burst=nav_burst,
        block_private_networks=block_private_networks,
        block_cidrs=tuple(block_cidrs),
        block_urls=_patterns(block_urls),
        block_hosts=_hosts(block_hosts),
        isolate_connections=isolate_connections,
        disable=_protections(disable),
        cookies=tuple(cookies),
        viewport_width=width,
        viewport_height=height,
        har_redact=record_har_redact,
        replay=replay_har,
        replay_missing=replay_missing,
    )


def _size(viewport: tuple[int, int] | Mapping[str, int]) -> tuple[int, int]:
    if not isinstance(viewport, Mapping):
        return viewport
    try:
        return viewport["width"], viewport["height"]
    except KeyError as error:
        raise UsageError(f"viewport has no {error.args[0]}") from None


# A union is a type to msgspec, but not to the checker.
_MAYBE_HEADERS: type[wire.HeadersOut | None] = wire.HeadersOut | None  # type: ignore[assignment]


class _Caller:
    """Awaits calls of a connection, with a deadline."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def _call(self, method: str, params: object, kind: type[T], *, timeout_ms: float = 0, what: str = "") -> T:
        future = asyncio.wrap_future(self._connection.call(method, params))
        try:
            if timeout_ms:
                async with asyncio.timeout(timeout_ms / 1000):
                    body = await future
            else:
                body = await future
        except ReplyError as error:
            raise self._connection.error(error) from None
        except builtins.TimeoutError:
            raise TimeoutError(f"timed out after {timeout_ms:g} ms: {what or method}") from None
        return self._connection.result(body, kind)


class AsyncResponse:
    """The response of a navigation."""

    def __init__(self, page: AsyncPage, data: wire.HeadersOut) -> None:
        self._page = page
        self._data = data

    @property
    def url(self) -> str:
        """The final URL."""
        return self._data.url

    @property
    def status(self) -> int:
        """The status code."""
        return self._data.status

    @property
    def status_text(self) -> str:
        """The reason phrase; empty with HTTP/2."""
        return self._data.reason

    @property
    def ok(self) -> bool:
        """Whether the status is 200 to 299."""
        return 200 <= self._data.status <= 299

    @property
    def headers(self) -> dict[str, str]:
        """Header fields, names in lower case, equal names joined by a comma and a space."""
        out: dict[str, str] = {}
        for name, value in self._data.headers:
            key = name.lower()
            out[key] = f"{out[key]}, {value}" if key in out else value
        return out

    async def body(self) -> bytes:
        """The body; available while the page shows this document."""
        return await self._page.response_body()

    async def text(self) -> str:
        """The body as UTF-8 text."""
        return (await self.body()).decode("utf-8", "replace")

    async def json(self) -> Any:
        """The body as JSON."""
        return msgspec.json.decode(await self.body())


class AsyncPage(_Caller):
    """A page. Made by `AsyncContext.new_page`."""

    if not TYPE_CHECKING:  # type checkers go on knowing what there is

        def __getattr__(self, name: str) -> object:
            raise missing(self, name)

    def __init__(self, connection: Connection, context: AsyncContext, page_id: str) -> None:
        super().__init__(connection)
        self._context = context
        self._id = page_id
        self._url = "about:blank"
        self._closed = False
        self._default_timeout_ms: float = DEFAULT_TIMEOUT_MS
        self._handlers: dict[str, list[Callable[[Any], object]]] = {}
        self._loop = asyncio.get_running_loop()
        connection.listen(page_id, self._event)

    @property
    def url(self) -> str:
        """The main frame's URL, as last heard."""
        return self._url

    @property
    def context(self) -> AsyncContext:
        """The context of the page."""
        return self._context

    def is_closed(self) -> bool:
        """Whether the page was closed."""
        return self._closed

    def set_default_timeout(self, timeout: float) -> None:
        """Set the deadline of navigations and waits, in milliseconds; 0 for none."""
        self._default_timeout_ms = timeout

    def on(self, event: EventName, handler: Callable[[Any], object]) -> None:
        """Call `handler` at each event, on this page's loop."""
        self._handlers.setdefault(event, []).append(handler)

    def remove_listener(self, event: EventName, handler: Callable[[Any], object]) -> None:
        """Undo `on`."""
        self._handlers[event].remove(handler)

    def _event(self, raw: dict[str, Any]) -> None:
        # On Network's thread: hand over.
        if raw["event"] == "framenavigated" and raw["frame"] == 1:
            self._url = raw["url"]
        translated = translate(raw)
        if translated is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._emit, *translated)

    def _emit(self, name: str, value: Any) -> None:
        for handler in tuple(self._handlers.get(name, ())):
            handler(value)

    def _timeout(self, timeout: float | None) -> float:
        return self._default_timeout_ms if timeout is None else timeout

    async def goto(
        self, url: str, *, wait_until: WaitUntil = "load", timeout: float | None = None, referer: str = ""
    ) -> AsyncResponse | None:
        """Load a URL and wait for `wait_until`.

        Returns:
            The response; None for about:blank, a fragment of the current document, or status 204.

        Raises:
            UsageError: the URL is malformed.
            NetworkError: the document could not be fetched.
            TimeoutError: `timeout` milliseconds passed.
        """
        params = wire.GotoParams(page=self._id, url=url, wait_until=wait_until, referrer=referer)
        return self._response(
            await self._call("page.goto", params, _MAYBE_HEADERS, timeout_ms=self._timeout(timeout), what=f"goto {url}")
        )

    async def reload(self, *, wait_until: WaitUntil = "load", timeout: float | None = None) -> AsyncResponse | None:
        """Load the current URL again."""
        params = wire.WaitStateParams(page=self._id, state=wait_until)
        return self._response(
            await self._call("page.reload", params, _MAYBE_HEADERS, timeout_ms=self._timeout(timeout), what="reload")
        )

    async def go_back(self, *, wait_until: WaitUntil = "load", timeout: float | None = None) -> AsyncResponse | None:
        """Go one step back in the session history."""
        return await self._go(-1, wait_until, timeout)

    async def go_forward(self, *, wait_until: WaitUntil = "load", timeout: float | None = None) -> AsyncResponse | None:
        """Go one step forward in the session history."""
        return await self._go(1, wait_until, timeout)

    async def _go(self, delta: int, wait_until: WaitUntil, timeout: float | None) -> AsyncResponse | None:
        params = wire.TraverseParams(page=self._id, delta=delta, wait_until=wait_until)
        return self._response(
            await self._call("page.go", params, _MAYBE_HEADERS, timeout_ms=self._timeout(timeout), what="history")
        )

    def _response(self, data: wire.HeadersOut | None) -> AsyncResponse | None:
        return None if data is None else AsyncResponse(self, data)

    async def response_body(self) -> bytes:
        """Give the body of the current document's response."""
        return base64.b64decode(await self._call("page.response_body", wire.PageRef(self._id), str))

    async def set_content(self, html: str, *, wait_until: WaitUntil = "load", timeout: float | None = None) -> None:
        """Replace the document by this markup."""
        params = wire.ContentParams(page=self._id, html=html, wait_until=wait_until)
        await self._call("page.set_content", params, type(None), timeout_ms=self._timeout(timeout), what="set_content")

    async def content(self) -> str:
        """Give the document as HTML."""
        return await self._call("page.content", wire.PageRef(self._id), str)

    async def title(self) -> str:
        """Give the document's title."""
        return await self._call("page.title", wire.PageRef(self._id), str)

    async def evaluate(self, expression: str, arg: object = None) -> Any:
        """Evaluate an expression, or call a function with `arg`; promises are awaited.

        Raises:
            JavaScriptError: the code threw, with the page's stack.
        """
        return values.read(await self._call("page.evaluate", self._evaluation(expression, arg), Any))

    def _evaluation(self, expression: str, arg: object) -> wire.EvaluateParams:
        return wire.EvaluateParams(
            page=self._id,
            source=expression,
            is_function=values.is_function(expression),
            args=(values.write(arg),),
        )

    async def wait_for_function(self, expression: str, *, arg: object = None, timeout: float | None = None) -> Any:
        """Wait until an expression or function is truthy, and give its value."""
        outcome = await self._call(
            "page.wait_for_function",
            self._evaluation(expression, arg),
            Any,
            timeout_ms=self._timeout(timeout),
            what=f"waiting for function {expression}",
        )
        return values.read(outcome)

    async def wait_for_selector(
        self, selector: str, *, state: SelectorState = "visible", timeout: float | None = None
    ) -> None:
        """Wait until the first element that matches is in `state`."""
        params = wire.SelectorParams(page=self._id, selector=selector, state=state)
        await self._call(
            "page.wait_for_selector",
            params,
            type(None),
            timeout_ms=self._timeout(timeout),
            what=f"waiting for selector {selector!r} to be {state}",
        )

    async def wait_for_load_state(self, state: WaitUntil = "load", *, timeout: float | None = None) -> None:
        """Wait until the document has reached `state`."""
        params = wire.WaitStateParams(page=self._id, state=state)
        await self._call(
            "page.wait_for_load_state",
            params,
            type(None),
            timeout_ms=self._timeout(timeout),
            what=f"waiting for {state}",
        )

    async def markdown(self, *, main_content: bool = False) -> str:
        """Give the page as Markdown."""
        return await self._dump("markdown", main_content)

    async def text(self, *, main_content: bool = False) -> str:
        """Give the page's visible text."""
        return await self._dump("text", main_content)

    async def links(self) -> list[Link]:
        """Give the page's links in document order."""
        return msgspec.json.decode(await self._dump("links", False), type=list[Link])

    async def _dump(self, name: str, main_content: bool) -> str:
        return await self._call(
            "page.dump", wire.DumpParams(page=self._id, format=name, main_content=main_content), str
        )

    async def close(self) -> None:
        """Close the page. Idempotent."""
        if not self._closed:
            self._closed = True
            await self._call("page.close", wire.PageRef(self._id), type(None))
            self._connection.forget(self._id)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()


class AsyncContext(_Caller):
    """An isolated session: cookies, storage and options of its own. Made by `AsyncBrowser.new_context`."""

    if not TYPE_CHECKING:  # type checkers go on knowing what there is

        def __getattr__(self, name: str) -> object:
            raise missing(self, name)

    def __init__(self, connection: Connection, context_id: str) -> None:
        super().__init__(connection)
        self._id = context_id
        self._closed = False

    async def new_page(self) -> AsyncPage:
        """Open a page on about:blank."""
        page_id = await self._call("context.new_page", wire.ContextRef(self._id), str)
        return AsyncPage(self._connection, self, page_id)

    async def add_init_script(self, script: str) -> None:
        """Run `script` in every new document before its own scripts."""
        await self._call("context.add_init_script", wire.ScriptParams(context=self._id, source=script), type(None))

    async def cookies(self) -> list[Cookie]:
        """List the context's cookies."""
        return await self._call("context.cookies", wire.ContextRef(self._id), list[Cookie])

    async def add_cookies(self, cookies: Iterable[Cookie]) -> None:
        """Add cookies."""
        await self._call(
            "context.add_cookies", wire.CookiesParams(context=self._id, cookies=tuple(cookies)), type(None)
        )

    async def clear_cookies(self) -> None:
        """Forget all cookies."""
        await self._call("context.clear_cookies", wire.ContextRef(self._id), type(None))

    async def storage_state(
        self, path: str | os.PathLike[str] | None = None, *, indexed_db: bool = False
    ) -> dict[str, Any]:
        """Give cookies and localStorage as Playwright's storage state, for `new_context(storage_state=)`.

        Args:
            path: of a file that it is written to, too, readable by its owner only.
            indexed_db: with the indexed databases of each origin.

        Raises:
            UsageError: the file cannot be written.
            UnsupportedError: a database holds what Playwright's format has no form for: a Blob, a Map, a CryptoKey.
        """
        kept = await self._call("context.storage_state", wire.StateParams(self._id, indexed_db), StorageState)
        state = to_dict(kept)
        if path is not None:
            await asyncio.to_thread(write, path, state)
        return state

    async def fetch(self, url: str, options: FetchOptions) -> FetchResult:
        """Do what `sanderling fetch` does for one URL, in this context."""
        return await self._call("fetch", wire.FetchParams(context=self._id, url=url, options=options), FetchResult)

    async def close(self) -> None:
        """Close the context and its pages. Idempotent."""
        if not self._closed:
            self._closed = True
            await self._call("context.close", wire.ContextRef(self._id), type(None))
            await asyncio.to_thread(self._connection.context_closed, self._id)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()


class AsyncBrowser(_Caller):
    """A browser with its own worker. Use it as an asynchronous context manager, or `close` it.

    Args:
        isolation: `process` (the default): a page that crashes its engine ends this browser, whose calls then raise
            `PageCrashedError`, and nothing else. `thread`: it ends the program; the browser starts faster and needs less memory.
        cache_dir: a folder for responses that any context may use, also of later runs; each context keeps what is its own (asked
            for with cookies or credentials, or private) in memory. Empty: all of it in memory.

    Raises:
        UnsupportedError: no process can be started here.
        UsageError: the folder cannot be used.
    """

    def __init__(self, *, isolation: Isolation = "process", cache_dir: str = "") -> None:
        cache = disk_cache(cache_dir, shared=True)
        super().__init__(Connection(shared_runtime(), isolation, cache))

    async def new_context(
        self,
        *,
        user_agent: str = "",
        extra_http_headers: Mapping[str, str] | None = None,
        proxy: str = "",
        proxy_bypass: str = "",
        ignore_https_errors: bool = False,
        ca_file: str = "",
        client_cert: str = "",
        client_key: str = "",
        client_certificates: Iterable[Mapping[str, str]] = (),
        accept_language: str = "en-US,en;q=0.9",
        obey_robots: bool | RobotsScope = False,
        nav_delay_ms: int = 0,
        nav_burst: int = 1,
        block_private_networks: bool = False,
        block_cidrs: Sequence[str] = (),
        block_urls: Sequence[str] = (),
        block_hosts: Iterable[str] = (),
        isolate_connections: bool = False,
        disable: Sequence[Protection] = (),
        cookies: Iterable[Cookie] = (),
        storage_state: Given | None = None,
        viewport: tuple[int, int] | Mapping[str, int] = (1280, 720),
        record_har_path: str = "",
        record_har_redact: bool = False,
        replay_har: str = "",
        replay_missing: ReplayMissing = "fail",
    ) -> AsyncContext:
        """Make an isolated context.

        Args:
            user_agent: in place of Sanderling's own.
            extra_http_headers: sent with every request.
            proxy: URL of a proxy.
            proxy_bypass: hosts to go to directly.
            ignore_https_errors: do not verify certificates.
            ca_file: trust these certificates (PEM) instead of the system's.
            client_cert: PEM file with a certificate, shown to every server that asks for one.
            client_key: PEM file with its key, where that is not in the same file.
            client_certificates: those of single origins instead: mappings of `origin`, `certPath` and `keyPath` (PEM files), as Playwright has them.
            accept_language: the header.
            obey_robots: refuse what robots.txt forbids: True or "pages" for pages and frames, "all" for every request.
            nav_delay_ms: between navigations to one host, of all contexts of the process.
            nav_burst: navigations to a host that may come at once.
            block_private_networks: connect to the public internet only.
            block_cidrs: connect to none of these blocks of addresses.
            block_urls: fail requests whose URL holds one of these texts (``*``: anything), as `Network.setBlockedURLs` does.
            block_hosts: fail requests to these hosts and to all names below them.
            isolate_connections: share no connection with other contexts.
            disable: rules that do not hold: "cors", "csp", "mixed-content".
            cookies: the jar to begin with.
            storage_state: cookies, localStorage and indexed databases to begin with: what `AsyncContext.storage_state` or Playwright gave, or its file.
            viewport: width and height in CSS pixels, as a tuple or as a mapping of `width` and `height`.
            record_har_path: where to write what went over the wire (HAR 1.2) when the context closes, or ends with its browser.
            record_har_redact: leave cookies and authorization out of it.
            replay_har: a recording that stands for the network.
            replay_missing: what becomes of a request that it does not hold.

        Raises:
            UsageError: an option is malformed, or a file unusable.
        """
        options = context_options(
            user_agent=user_agent,
            extra_http_headers=extra_http_headers,
            proxy=proxy,
            proxy_bypass=proxy_bypass,
            ignore_https_errors=ignore_https_errors,
            ca_file=ca_file,
            client_cert=client_cert,
            client_key=client_key,
            client_certificates=client_certificates,
            accept_language=accept_language,
            obey_robots=obey_robots,
            nav_delay_ms=nav_delay_ms,
            nav_burst=nav_burst,
            block_private_networks=block_private_networks,
            block_cidrs=block_cidrs,
            block_urls=block_urls,
            block_hosts=block_hosts,
            isolate_connections=isolate_connections,
            disable=disable,
            cookies=cookies,
            viewport=viewport,
            record_har_redact=record_har_redact,
            replay_har=replay_har,
            replay_missing=replay_missing,
        )
        if storage_state is not None:
            state = await asyncio.to_thread(read_state, storage_state)
            options = msgspec.structs.replace(
                options, cookies=state.cookies + options.cookies, local_storage=state.origins
            )
        return await self.context_with(options, har=record_har_path)

    async def context_with(self, options: ContextOptions, *, har: str = "") -> AsyncContext:
        """Make a context from collected options, recorded to the file `har` if there is one."""
        connection = self._connection
        options, recordings = await asyncio.to_thread(connection.prepare_context, options, har)
        context = await self._call("context.new", options, str)
        connection.context_made(context, recordings)
        return AsyncContext(connection, context)

    async def new_page(self) -> AsyncPage:
        """Open a page in a context of its own."""
        context = await self.new_context()
        return await context.new_page()

    async def close(self) -> None:
        """Close everything and end the worker. Idempotent."""
        await asyncio.get_running_loop().run_in_executor(None, self._connection.close)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()
