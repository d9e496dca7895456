"""The synchronous Python API: the same calls as the asynchronous one, waited for.

A private loop on a thread of its own runs the asynchronous objects; every method here waits for one of their coroutines. So both halves
behave alike, and any thread may use them.

Thread: any but a running event loop's (waiting would block it).
"""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar

from sanderling.api.absent import missing
from sanderling.api.async_api import AsyncBrowser, AsyncContext, AsyncPage, AsyncResponse, SelectorState
from sanderling.api.events import EventName
from sanderling.api.storage_state import Given
from sanderling.app.runtime import Isolation
from sanderling.base.errors import UsageError
from sanderling.browser.options import Cookie, FetchOptions, Protection, ReplayMissing, WaitUntil
from sanderling.browser.result import FetchResult
from sanderling.dump import Link
from sanderling.proto.robots import RobotsScope

T = TypeVar("T")


class _Loop:
    """The loop that the synchronous API waits on; one a process, made on first use."""

    def __init__(self) -> None:
        self._lock = threading.Lock()  # protects _loop
        self._loop: asyncio.AbstractEventLoop | None = None
        self._abandoned: list[asyncio.AbstractEventLoop] = []  # of the program that this process was forked from
        os.register_at_fork(after_in_child=self._forget)

    def _forget(self) -> None:
        # In a fork the thread is not there; the loop's descriptors are shared with the parent, so it is not closed either.
        self._lock = threading.Lock()
        if self._loop is not None:
            self._abandoned.append(self._loop)
            self._loop = None

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine there and wait."""
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            pass
        else:
            work.close()
            raise UsageError("the synchronous API was called inside an event loop: use sanderling.AsyncBrowser there")
        return asyncio.run_coroutine_threadsafe(work, self._get()).result()

    def _get(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._loop is None or self._loop.is_closed():
                loop = asyncio.new_event_loop()
                threading.Thread(target=loop.run_forever, name="sanderling-sync", daemon=True).start()
                self._loop = loop
            return self._loop


_LOOP = _Loop()


class Response:
    """The response of a navigation; see `AsyncResponse`."""

    def __init__(self, inner: AsyncResponse) -> None:
        self._inner = inner

    @property
    def url(self) -> str:
        """The final URL."""
        return self._inner.url

    @property
    def status(self) -> int:
        """The status code."""
        return self._inner.status

    @property
    def status_text(self) -> str:
        """The reason phrase; empty with HTTP/2."""
        return self._inner.status_text

    @property
    def ok(self) -> bool:
        """Whether the status is 200 to 299."""
        return self._inner.ok

    @property
    def headers(self) -> dict[str, str]:
        """Header fields, names in lower case."""
        return self._inner.headers

    def body(self) -> bytes:
        """The body; available while the page shows this document."""
        return _LOOP.run(self._inner.body())

    def text(self) -> str:
        """The body as UTF-8 text."""
        return _LOOP.run(self._inner.text())

    def json(self) -> Any:
        """The body as JSON."""
        return _LOOP.run(self._inner.json())


def _response(inner: AsyncResponse | None) -> Response | None:
    return None if inner is None else Response(inner)


class Page:
    """A page; see `AsyncPage` for the meaning of every method."""

    if not TYPE_CHECKING:  # type checkers go on knowing what there is

        def __getattr__(self, name: str) -> object:
            raise missing(self, name)

    def __init__(self, inner: AsyncPage, context: Context) -> None:
        self._inner = inner
        self._context = context

    @property
    def url(self) -> str:
        """The main frame's URL, as last heard."""
        return self._inner.url

    @property
    def context(self) -> Context:
        """The context of the page."""
        return self._context

    def is_closed(self) -> bool:
        """Whether the page was closed."""
        return self._inner.is_closed()

    def set_default_timeout(self, timeout: float) -> None:
        """Set the deadline of navigations and waits, in milliseconds; 0 for none."""
        self._inner.set_default_timeout(timeout)

    def on(self, event: EventName, handler: Callable[[Any], object]) -> None:
        """Call `handler` at each event, on the API's own thread: it must not wait for calls of this API."""
        self._inner.on(event, handler)

    def remove_listener(self, event: EventName, handler: Callable[[Any], object]) -> None:
        """Undo `on`."""
        self._inner.remove_listener(event, handler)

    def goto(
        self, url: str, *, wait_until: WaitUntil = "load", timeout: float | None = None, referer: str = ""
    ) -> Response | None:
        """Load a URL and wait for `wait_until`."""
        return _response(_LOOP.run(self._inner.goto(url, wait_until=wait_until, timeout=timeout, referer=referer)))

    def reload(self, *, wait_until: WaitUntil = "load", timeout: float | None = None) -> Response | None:
        """Load the current URL again."""
        return _response(_LOOP.run(self._inner.reload(wait_until=wait_until, timeout=timeout)))

    def go_back(self, *, wait_until: WaitUntil = "load", timeout: float | None = None) -> Response | None:
        """Go one step back in the session history."""
        return _response(_LOOP.run(self._inner.go_back(wait_until=wait_until, timeout=timeout)))

    def go_forward(self, *, wait_until: WaitUntil = "load", timeout: float | None = None) -> Response | None:
        """Go one step forward in the session history."""
        return _response(_LOOP.run(self._inner.go_forward(wait_until=wait_until, timeout=timeout)))

    def set_content(self, html: str, *, wait_until: WaitUntil = "load", timeout: float | None = None) -> None:
        """Replace the document by this markup."""
        _LOOP.run(self._inner.set_content(html, wait_until=wait_until, timeout=timeout))

    def content(self) -> str:
        """Give the document as HTML."""
        return _LOOP.run(self._inner.content())

    def title(self) -> str:
        """Give the document's title."""
        return _LOOP.run(self._inner.title())

    def evaluate(self, expression: str, arg: object = None) -> Any:
        """Evaluate an expression, or call a function with `arg`; promises are awaited."""
        return _LOOP.run(self._inner.evaluate(expression, arg))

    def wait_for_function(self, expression: str, *, arg: object = None, timeout: float | None = None) -> Any:
        """Wait until an expression or function is truthy, and give its value."""
        return _LOOP.run(self._inner.wait_for_function(expression, arg=arg, timeout=timeout))

    def wait_for_selector(
        self, selector: str, *, state: SelectorState = "visible", timeout: float | None = None
    ) -> None:
        """Wait until the first element that matches is in `state`."""
        _LOOP.run(self._inner.wait_for_selector(selector, state=state, timeout=timeout))

    def wait_for_load_state(self, state: WaitUntil = "load", *, timeout: float | None = None) -> None:
        """Wait until the document has reached `state`."""
        _LOOP.run(self._inner.wait_for_load_state(state, timeout=timeout))

    def markdown(self, *, main_content: bool = False) -> str:
        """Give the page as Markdown."""
        return _LOOP.run(self._inner.markdown(main_content=main_content))

    def text(self, *, main_content: bool = False) -> str:
        """Give the page's visible text."""
        return _LOOP.run(self._inner.text(main_content=main_content))

    def links(self) -> list[Link]:
        """Give the page's links in document order."""
        return _LOOP.run(self._inner.links())

    def close(self) -> None:
        """Close the page. Idempotent."""
        _LOOP.run(self._inner.close())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class Context:
    """An isolated session; see `AsyncContext`."""

    if not TYPE_CHECKING:  # type checkers go on knowing what there is

        def __getattr__(self, name: str) -> object:
            raise missing(self, name)

    def __init__(self, inner: AsyncContext) -> None:
        self._inner = inner

    def new_page(self) -> Page:
        """Open a page on about:blank."""
        return Page(_LOOP.run(self._inner.new_page()), self)

    def add_init_script(self, script: str) -> None:
        """Run `script` in every new document before its own scripts."""
        _LOOP.run(self._inner.add_init_script(script))

    def cookies(self) -> list[Cookie]:
        """List the context's cookies."""
        return _LOOP.run(self._inner.cookies())

    def storage_state(self, path: str | os.PathLike[str] | None = None, *, indexed_db: bool = False) -> dict[str, Any]:
        """Give cookies, localStorage and, if asked for, indexed databases; see `AsyncContext.storage_state`."""
        return _LOOP.run(self._inner.storage_state(path, indexed_db=indexed_db))

    def add_cookies(self, cookies: Iterable[Cookie]) -> None:
        """Add cookies."""
        _LOOP.run(self._inner.add_cookies(cookies))

    def clear_cookies(self) -> None:
        """Forget all cookies."""
        _LOOP.run(self._inner.clear_cookies())

    def fetch(self, url: str, options: FetchOptions) -> FetchResult:
        """Do what `sanderling fetch` does for one URL, in this context."""
        return _LOOP.run(self._inner.fetch(url, options))

    def close(self) -> None:
        """Close the context and its pages. Idempotent."""
        _LOOP.run(self._inner.close())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class Browser:
    """A browser with its own worker. Use it as a context manager, or `close` it.

    Args:
        isolation: see `AsyncBrowser`.
        cache_dir: see `AsyncBrowser`.

    Raises:
        UnsupportedError: no process can be started here.
        UsageError: the folder cannot be used.
    """

    def __init__(self, *, isolation: Isolation = "process", cache_dir: str = "") -> None:
        self._inner = AsyncBrowser(isolation=isolation, cache_dir=cache_dir)

    def new_context(
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
    ) -> Context:
        """Make an isolated context; see `AsyncBrowser.new_context`."""
        return Context(
            _LOOP.run(
                self._inner.new_context(
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
                    storage_state=storage_state,
                    viewport=viewport,
                    record_har_path=record_har_path,
                    record_har_redact=record_har_redact,
                    replay_har=replay_har,
                    replay_missing=replay_missing,
                )
            )
        )

    def new_page(self) -> Page:
        """Open a page in a context of its own."""
        return self.new_context().new_page()

    def close(self) -> None:
        """Close everything and end the worker. Idempotent."""
        _LOOP.run(self._inner.close())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
