"""Sanderling: a headless browser for automation and AI agents. Real JavaScript, real DOM, no pixels.

`fetch` loads one page and gives it as Markdown, text, HTML, links; `Browser` and `AsyncBrowser` drive pages.

Thread: any; the first use starts Network and a worker on threads of their own.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from sanderling.base.errors import (
    ClosedError,
    InternalError,
    JavaScriptError,
    NavigationError,
    NetworkError,
    PageCrashedError,
    PageError,
    SanderlingError,
    TimeoutError,  # noqa: A004 - Playwright's name
    UnsupportedError,
    UsageError,
)
from sanderling.base.version import VERSION

if TYPE_CHECKING:
    from sanderling.api.async_api import AsyncBrowser, AsyncContext, AsyncPage, AsyncResponse
    from sanderling.api.sync_api import Browser, Context, Page, Response
    from sanderling.app.runtime import Isolation
    from sanderling.browser.options import Cookie, DumpFormat, Protection, ReplayMissing, WaitUntil
    from sanderling.browser.result import FetchResult
    from sanderling.dump import Link
    from sanderling.proto.robots import RobotsScope

__version__ = VERSION

__all__ = [
    "AsyncBrowser",
    "AsyncContext",
    "AsyncPage",
    "AsyncResponse",
    "Browser",
    "ClosedError",
    "Context",
    "Cookie",
    "FetchResult",
    "InternalError",
    "JavaScriptError",
    "Link",
    "NavigationError",
    "NetworkError",
    "Page",
    "PageCrashedError",
    "PageError",
    "Protection",
    "ReplayMissing",
    "Response",
    "SanderlingError",
    "TimeoutError",
    "UnsupportedError",
    "UsageError",
    "fetch",
]


_LATE = {
    "AsyncBrowser": "sanderling.api.async_api",
    "AsyncContext": "sanderling.api.async_api",
    "AsyncPage": "sanderling.api.async_api",
    "AsyncResponse": "sanderling.api.async_api",
    "Browser": "sanderling.api.sync_api",
    "Context": "sanderling.api.sync_api",
    "Cookie": "sanderling.browser.options",
    "FetchResult": "sanderling.browser.result",
    "Link": "sanderling.dump",
    "Page": "sanderling.api.sync_api",
    "Protection": "sanderling.browser.options",
    "ReplayMissing": "sanderling.browser.options",
    "Response": "sanderling.api.sync_api",
}
"""Where a name comes from when it is first used (PEP 562): the command line has its own way in, and imports only what it needs."""


def __getattr__(name: str) -> Any:
    if name not in _LATE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(importlib.import_module(_LATE[name]), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


def fetch(
    url: str,
    *,
    dump: Sequence[DumpFormat] = ("markdown", "html", "text", "links"),
    main_content: bool = False,
    wait_until: WaitUntil = "load",
    wait_selector: str = "",
    wait_script: str = "",
    wait_ms: int = 0,
    timeout_ms: int = 30_000,
    inject_script: str = "",
    headers: Iterable[tuple[str, str]] = (),
    user_agent: str = "",
    proxy: str = "",
    insecure: bool = False,
    cookies: Iterable[Cookie] = (),
    obey_robots: bool | RobotsScope = False,
    block_private_networks: bool = False,
    disable: Sequence[Protection] = (),
    fail_on_http_error: bool = False,
    har: str = "",
    har_redact: bool = False,
    replay: str = "",
    replay_missing: ReplayMissing = "fail",
    isolation: Isolation = "process",
    cache_dir: str = "",
) -> FetchResult:
    """Load a page and give what `sanderling fetch --dump json` prints, as an object.

    Args:
        url: of the page.
        dump: the formats of `FetchResult.content`.
        main_content: Markdown and text of the article only.
        wait_until: the milestone that the page must reach.
        wait_selector: a selector that must match.
        wait_script: an expression that must become truthy.
        wait_ms: waited after everything else, in milliseconds.
        timeout_ms: for all of it.
        inject_script: run before the page's own scripts.
        headers: sent with every request.
        user_agent: in place of Sanderling's own.
        proxy: URL of a proxy.
        insecure: do not verify certificates.
        cookies: the jar to begin with.
        obey_robots: refuse what robots.txt forbids: True or "pages" for pages and frames, "all" for every request.
        block_private_networks: connect to the public internet only.
        disable: rules that do not hold: "cors", "csp", "mixed-content".
        fail_on_http_error: a status of 400 or more is an error.
        har: a file to record to what went over the wire (HAR 1.2); empty for none.
        har_redact: leave cookies and authorization out of it.
        replay: a recording (HAR) that stands for the network; empty for none.
        replay_missing: what becomes of a request that the recording does not hold.
        isolation: `process`: a page that crashes its engine gives a result with an error of kind `crash`; `thread`: it ends the program.
        cache_dir: see `AsyncBrowser`.

    Returns:
        The result; `FetchResult.error` says why there is no content, where there is none.
    """
    from sanderling.api.async_api import robots_scope
    from sanderling.api.sync_api import Browser
    from sanderling.browser.options import FetchOptions

    options = FetchOptions(
        dumps=tuple(dump),
        main_content=main_content,
        wait_until=wait_until,
        wait_selector=wait_selector,
        wait_script=wait_script,
        wait_ms=wait_ms,
        timeout_ms=timeout_ms,
        fail_on_http_error=fail_on_http_error,
    )
    with Browser(isolation=isolation, cache_dir=cache_dir) as browser:
        context = browser.new_context(
            user_agent=user_agent,
            extra_http_headers=dict(headers),
            proxy=proxy,
            ignore_https_errors=insecure,
            obey_robots=robots_scope(obey_robots),
            record_har_path=har,
            record_har_redact=har_redact,
            replay_har=replay,
            replay_missing=replay_missing,
            block_private_networks=block_private_networks,
            disable=disable,
        )
        if inject_script:
            context.add_init_script(inject_script)
        context.add_cookies(cookies)
        return context.fetch(url, options)
