"""What the API and the command line may ask of a worker: one table of methods over plain data.

The same table serves a worker in a thread and one in a process: parameters and results are JSON, typed here.

Thread: worker.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Generic, TypeVar

import msgspec

from sanderling.base import errors
from sanderling.browser import indexed_db_state
from sanderling.browser.browser import Browser
from sanderling.browser.context import Context
from sanderling.browser.fetch_job import run_fetch_job
from sanderling.browser.navigation_request import NavigationRequest, ResponseInfo
from sanderling.browser.options import (
    ContextOptions,
    Cookie,
    FetchOptions,
    OriginStorage,
    StorageState,
    WaitUntil,
)
from sanderling.browser.page import Page
from sanderling.browser.result import FetchResult
from sanderling.browser.storage_keys import is_partitioned


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """An exception as data: its class in `base.errors` and its arguments."""

    type: str
    args: tuple[str, ...]
    fields: dict[str, str] = {}


_FAULT_TYPES: dict[str, type[errors.SanderlingError]] = {
    cls.__name__: cls
    for cls in (
        errors.UsageError,
        errors.NetworkError,
        errors.JavaScriptError,
        errors.PageCrashedError,
        errors.NavigationError,
        errors.PageError,
        errors.TimeoutError,
        errors.ClosedError,
        errors.UnsupportedError,
        errors.InternalError,
    )
}


def fault_of(error: BaseException) -> Fault:
    """Describe an exception for the other side."""
    if isinstance(error, errors.NetworkError):
        return Fault(type="NetworkError", args=(error.code, error.message), fields={"url": error.url})
    if isinstance(error, errors.JavaScriptError):
        return Fault(type="JavaScriptError", args=(error.name, error.message), fields={"stack": error.stack})
    for cls in type(error).__mro__:
        if _FAULT_TYPES.get(cls.__name__) is cls:
            return Fault(type=cls.__name__, args=(str(error),))
    return Fault(type="InternalError", args=(f"{type(error).__name__}: {error}",))


def error_of(fault: Fault) -> errors.SanderlingError:
    """Make the exception that `fault_of` described."""
    return _FAULT_TYPES.get(fault.type, errors.InternalError)(*fault.args, **fault.fields)


class NoParams(msgspec.Struct, frozen=True):
    """A method without parameters."""


class ContextRef(msgspec.Struct, frozen=True):
    """Names a context."""

    context: str


class StateParams(msgspec.Struct, frozen=True):
    """`context.storage_state`."""

    context: str
    indexed_db: bool = False


class PageRef(msgspec.Struct, frozen=True):
    """Names a page."""

    page: str


class GotoParams(msgspec.Struct, frozen=True, kw_only=True):
    """`page.goto`."""

    page: str
    url: str
    wait_until: WaitUntil = "load"
    referrer: str = ""


class ContentParams(msgspec.Struct, frozen=True, kw_only=True):
    """`page.set_content`."""

    page: str
    html: str
    wait_until: WaitUntil = "load"


class WaitStateParams(msgspec.Struct, frozen=True, kw_only=True):
    """`page.wait_for_load_state`."""

    page: str
    state: WaitUntil = "load"


class TraverseParams(msgspec.Struct, frozen=True, kw_only=True):
    """`page.go`."""

    page: str
    delta: int
    wait_until: WaitUntil = "load"


class EvaluateParams(msgspec.Struct, frozen=True, kw_only=True):
    """`page.evaluate` and `page.wait_for_function`; `args` are values as `web/inspector/values.js` reads them."""

    page: str
    source: str
    is_function: bool = False
    args: tuple[Any, ...] = ()


class SelectorParams(msgspec.Struct, frozen=True, kw_only=True):
    """`page.wait_for_selector`."""

    page: str
    selector: str
    state: str = "visible"


class ScriptParams(msgspec.Struct, frozen=True, kw_only=True):
    """`context.add_init_script`."""

    context: str
    source: str


class CookiesParams(msgspec.Struct, frozen=True, kw_only=True):
    """`context.add_cookies`."""

    context: str
    cookies: tuple[Cookie, ...]


class HeadersOut(msgspec.Struct, frozen=True, kw_only=True):
    """What `page.goto` gives: a response without its body, which is asked for when wanted."""

    url: str
    status: int
    reason: str
    headers: tuple[tuple[str, str], ...]
    remote_address: str
    http_version: str


class DumpParams(msgspec.Struct, frozen=True, kw_only=True):
    """`page.dump`."""

    page: str
    format: str
    main_content: bool = False


class FetchParams(msgspec.Struct, frozen=True, kw_only=True):
    """`fetch`: one URL in a page of its own, in the given context."""

    context: str
    url: str
    options: FetchOptions


P = TypeVar("P")


class Method(Generic[P]):
    """A method of the table: the type of its parameters, and what to do."""

    def __init__(self, params: type[P], run: Callable[[Commands, P], Awaitable[Any]]) -> None:
        self.decoder = msgspec.json.Decoder(params)
        self.run = run

    def call(self, commands: Commands, params: bytes) -> Awaitable[Any]:
        """Decode the parameters and start."""
        return self.run(commands, self.decoder.decode(params or b"{}"))


class Commands:
    """The table bound to a worker's browser.

    Args:
        browser: what the methods act on.
        publish: takes events of pages for whoever listens on the other side: the page's id and the event.
    """

    def __init__(self, browser: Browser, publish: Callable[[str, bytes], None]) -> None:
        self.browser = browser
        self._publish = publish
        self._encoder = msgspec.json.Encoder()

    async def call(self, method: str, params: bytes) -> bytes:
        """Do what a `Call` says and give the result as JSON.

        Raises:
            SanderlingError: whatever the method raises.
        """
        entry = TABLE.get(method)
        if entry is None:
            raise errors.InternalError(f"there is no command {method!r}")
        try:
            work = entry.call(self, params)
        except msgspec.ValidationError as error:
            raise errors.UsageError(f"{method.rpartition('.')[2]}: {error}") from None
        return self._encoder.encode(await work)

    def page(self, page_id: str) -> Page:
        """Find an open page (`ClosedError` when it is gone)."""
        for context in self.browser.contexts.values():
            page = context.pages.get(page_id)
            if page is not None:
                return page
        raise errors.ClosedError("the page was closed")

    def context(self, context_id: str) -> Context:
        """Find an open context (`ClosedError` when it is gone)."""
        context = self.browser.contexts.get(context_id)
        if context is None:
            raise errors.ClosedError("the context was closed")
        return context

    # -- contexts --------------------------------------------------------------------------------------------------------

    async def new_context(self, params: ContextOptions) -> str:
        """Make a context."""
        context = self.browser.new_context(params)
        try:
            for origin in params.local_storage:
                if origin.indexed_db:
                    await indexed_db_state.put(context, origin.origin, origin.indexed_db)
        except BaseException:
            await context.close()
            raise
        return context.id

    async def close_context(self, params: ContextRef) -> None:
        """Close a context; a closed one is nothing."""
        context = self.browser.contexts.get(params.context)
        if context is not None:
            await context.close()

    async def new_page(self, params: ContextRef) -> str:
        """Open a page and publish its events."""
        page = await self.context(params.context).new_page()
        self.watch(page)
        return page.id

    def watch(self, page: Page) -> None:
        """Publish a page's events to the other side."""
        page.hub.subscribe(lambda event: self._publish(page.id, self._encoder.encode(event)))

    async def add_init_script(self, params: ScriptParams) -> None:
        """Run a script in every new document of the context."""
        self.context(params.context).init_scripts.append(params.source)

    async def cookies(self, params: ContextRef) -> list[Cookie]:
        """List a context's cookies."""
        return [msgspec.convert(cookie, Cookie) for cookie in self.context(params.context).jar.to_dicts()]

    async def storage_state(self, params: StateParams) -> StorageState:
        """Give what a context keeps: cookies, localStorage, and indexed databases if they are asked for."""
        context = self.context(params.context)
        databases = {}
        if params.indexed_db:
            databases = {
                origin: await indexed_db_state.take(context, origin)
                for origin in context.indexed_db.storage_keys()
                if not is_partitioned(origin)
            }
        return StorageState(
            cookies=tuple(await self.cookies(ContextRef(params.context))),
            origins=tuple(
                OriginStorage(
                    origin=origin, items=tuple(context.storage.items(origin)), indexed_db=databases.get(origin, "")
                )
                for origin in dict.fromkeys([*context.storage.storage_keys(), *databases])
                if not is_partitioned(origin)
            ),
        )

    async def add_cookies(self, params: CookiesParams) -> None:
        """Add cookies to a context."""
        jar = self.context(params.context).jar
        for cookie in params.cookies:
            jar.set_cookie(cookie)

    async def clear_cookies(self, params: ContextRef) -> None:
        """Forget a context's cookies."""
        self.context(params.context).jar.clear()

    # -- pages -----------------------------------------------------------------------------------------------------------

    async def close_page(self, params: PageRef) -> None:
        """Close a page; a closed one is nothing."""
        try:
            page = self.page(params.page)
        except errors.ClosedError:
            return
        await page.close()

    async def goto(self, params: GotoParams) -> HeadersOut | None:
        """Load a URL."""
        page = self.page(params.page)
        request = NavigationRequest(url=params.url, referrer=params.referrer)
        return _headers(await page.goto(request, wait_until=params.wait_until))

    async def reload(self, params: WaitStateParams) -> HeadersOut | None:
        """Load the current URL again."""
        page = self.page(params.page)
        request = NavigationRequest(url=page.main_frame.url, reload=True, replace=True)
        return _headers(await page.goto(request, wait_until=params.state))

    async def go(self, params: TraverseParams) -> HeadersOut | None:
        """Traverse the session history."""
        page = self.page(params.page)
        return _headers(await page.navigations.traverse_and_wait(params.delta, params.wait_until))

    async def set_content(self, params: ContentParams) -> None:
        """Load markup under the current URL."""
        page = self.page(params.page)
        await page.goto(
            NavigationRequest(url=page.main_frame.url, html=params.html, replace=True), wait_until=params.wait_until
        )

    async def wait_for_load_state(self, params: WaitStateParams) -> None:
        """Wait for a milestone or for quiet."""
        page = self.page(params.page)
        if params.state in ("networkidle", "stable"):
            await page.navigations.wait_milestone("load")
            await page.wait_quiet(params.state)
        else:
            await page.navigations.wait_milestone(params.state)

    async def response_body(self, params: PageRef) -> str:
        """Give the body of the current document's response, as base64."""
        import base64

        response = self.page(params.page).response
        return base64.b64encode(response.body if response is not None else b"").decode()

    async def evaluate(self, params: EvaluateParams) -> Any:
        """Evaluate in the main frame; the value as `web/inspector/values.js` wrote it."""
        return await self._later("evaluate", params)

    async def wait_for_function(self, params: EvaluateParams) -> Any:
        """Wait until a predicate is truthy, and give its value."""
        return await self._later("wait", params)

    async def _later(self, kind: str, params: EvaluateParams) -> Any:
        page = self.page(params.page)
        outcome = await page.call_later(
            kind,
            {
                "frame": 1,
                "source": params.source,
                "isFunction": params.is_function,
                "maybeFunction": True,
                "args": list(params.args),
                "asHandle": False,
            },
        )
        return _value(outcome)

    async def wait_for_selector(self, params: SelectorParams) -> None:
        """Wait for an element."""
        page = self.page(params.page)
        _value(await page.call_later("wait", {"frame": 1, "selector": params.selector, "state": params.state}))

    async def content(self, params: PageRef) -> str:
        """Give the document's serialisation."""
        result: str = (await self.page(params.page).call("document.html", {"frame": 1}))["html"]
        return result

    async def title(self, params: PageRef) -> str:
        """Give `document.title`."""
        result: str = (await self.page(params.page).call("document.title", {"frame": 1}))["title"]
        return result

    async def url(self, params: PageRef) -> str:
        """Give the main frame's URL."""
        return self.page(params.page).main_frame.url

    async def dump(self, params: DumpParams) -> str:
        """Give a dump of the page as it is."""
        from sanderling.browser.dumps import dump_page

        return await dump_page(self.page(params.page), params.format, main_content=params.main_content)

    async def fetch(self, params: FetchParams) -> FetchResult:
        """The whole of `sanderling fetch` for one URL; failures are part of the result."""
        return await run_fetch_job(self.context(params.context), params.url, params.options)


def _headers(info: ResponseInfo | None) -> HeadersOut | None:
    if info is None:
        return None
    return HeadersOut(
        url=info.url,
        status=info.status,
        reason=info.reason,
        headers=info.headers,
        remote_address=info.remote_address,
        http_version=info.http_version,
    )


def _value(outcome: Any) -> Any:
    error = outcome.get("error")
    if error is not None:
        raise errors.JavaScriptError(error.get("name", ""), error.get("message", ""), stack=error.get("stack", ""))
    return outcome.get("value")


TABLE: dict[str, Method[Any]] = {
    "context.new": Method(ContextOptions, Commands.new_context),
    "context.close": Method(ContextRef, Commands.close_context),
    "context.new_page": Method(ContextRef, Commands.new_page),
    "context.add_init_script": Method(ScriptParams, Commands.add_init_script),
    "context.cookies": Method(ContextRef, Commands.cookies),
    "context.storage_state": Method(StateParams, Commands.storage_state),
    "context.add_cookies": Method(CookiesParams, Commands.add_cookies),
    "context.clear_cookies": Method(ContextRef, Commands.clear_cookies),
    "page.close": Method(PageRef, Commands.close_page),
    "page.goto": Method(GotoParams, Commands.goto),
    "page.reload": Method(WaitStateParams, Commands.reload),
    "page.go": Method(TraverseParams, Commands.go),
    "page.set_content": Method(ContentParams, Commands.set_content),
    "page.wait_for_load_state": Method(WaitStateParams, Commands.wait_for_load_state),
    "page.response_body": Method(PageRef, Commands.response_body),
    "page.evaluate": Method(EvaluateParams, Commands.evaluate),
    "page.wait_for_function": Method(EvaluateParams, Commands.wait_for_function),
    "page.wait_for_selector": Method(SelectorParams, Commands.wait_for_selector),
    "page.content": Method(PageRef, Commands.content),
    "page.title": Method(PageRef, Commands.title),
    "page.url": Method(PageRef, Commands.url),
    "page.dump": Method(DumpParams, Commands.dump),
    "fetch": Method(FetchParams, Commands.fetch),
}
"""Every command; the API and the command line use nothing else."""
