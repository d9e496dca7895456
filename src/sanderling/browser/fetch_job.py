"""The job behind `sanderling fetch`: one URL in a page of its own, with a verdict.

Failures do not raise: they are part of the result, so that one URL never stops the others.

Thread: worker.
"""

from __future__ import annotations

import asyncio
import builtins

from sanderling.base.errors import (
    ClosedError,
    InternalError,
    JavaScriptError,
    NavigationError,
    NetworkError,
    PageCrashedError,
    PageError,
    SanderlingError,
    TimeoutError,
    UsageError,
)
from sanderling.browser.context import Context
from sanderling.browser.navigation_request import NavigationRequest
from sanderling.browser.options import FetchOptions
from sanderling.browser.page import Page
from sanderling.browser.page_posts import missing_global
from sanderling.browser.result import FetchError, FetchResult, RedirectRecord, Timings, Verdict

_NAME_CODES = frozenset({"net::ERR_NAME_NOT_RESOLVED", "net::ERR_NAME_RESOLUTION_FAILED"})

_BLOCKED_CODES = frozenset(
    {
        "net::ERR_BLOCKED_BY_ROBOTS",
        "net::ERR_BLOCKED_BY_CLIENT",
        "net::ERR_BLOCKED_BY_RESPONSE",
        "net::ERR_BLOCKED_BY_CORS",
        "net::ERR_UNSAFE_PORT",
    }
)

_MATTERS = frozenset({"document", "script", "style", "iframe", "fetch", "xhr", "xmlhttprequest", "worker"})
"""Kinds of requests whose failure can leave a page without its content."""


async def run_fetch_job(context: Context, url: str, options: FetchOptions) -> FetchResult:
    """Load `url`, wait as asked, dump, judge."""
    try:
        page = await context.new_page()
    except SanderlingError as refusal:
        return FetchResult(url=url, error=describe_failure(refusal))
    try:
        error: FetchError | None = None
        content: dict[str, str] = {}
        try:
            async with asyncio.timeout(options.timeout_ms / 1000):
                await _load(page, url, options)
                if options.fail_on_http_error and page.response is not None and page.response.status >= 400:
                    error = FetchError(
                        kind="http",
                        fault="peer",
                        code=str(page.response.status),
                        message=f"HTTP status {page.response.status}",
                    )
                else:
                    from sanderling.browser.dumps import dump_page

                    for name in options.dumps:
                        if name != "json":
                            content[name] = await dump_page(page, name, main_content=options.main_content)
                    if options.dumps == ("json",):
                        # The one line of `--dump json` carries the content as Markdown.
                        content["markdown"] = await dump_page(page, "markdown", main_content=options.main_content)
        except TimeoutError as failure:
            error = describe_failure(failure)
        except builtins.TimeoutError:
            error = FetchError(
                kind="timeout",
                fault="caller",
                code="timeout",
                message=f"timed out after {options.timeout_ms} ms waiting for {_waited_for(page, options)}",
            )
        except SanderlingError as failure:
            error = describe_failure(failure)
        title = page.title
        if error is None:
            title = (await page.call("document.title", {"frame": 1}))["title"]
        return _result(page, url, title, content if error is None else {}, error)
    finally:
        await page.close()


async def _load(page: Page, url: str, options: FetchOptions) -> None:
    await page.goto(NavigationRequest(url=url), wait_until=options.wait_until)
    if options.wait_selector:
        outcome = await page.call_later("wait", {"frame": 1, "selector": options.wait_selector, "state": "attached"})
        _raise(outcome, "--wait-selector")
    if options.wait_script:
        outcome = await page.call_later(
            "wait", {"frame": 1, "source": options.wait_script, "isFunction": False, "args": []}
        )
        _raise(outcome, "--wait-script")
    if options.wait_ms:
        await asyncio.sleep(options.wait_ms / 1000)


def _raise(outcome: dict[str, dict[str, str]], what: str) -> None:
    error = outcome.get("error")
    if error is not None:
        raise UsageError(f"{what}: {error.get('name') or 'error'}: {error.get('message', '')}")


def _waited_for(page: Page, options: FetchOptions) -> str:
    if "commit" not in page.main_frame.lifecycle or page.response is None:
        return "the document"
    if "load" not in page.main_frame.lifecycle and options.wait_until != "domcontentloaded":
        return f"the load event ({page.activity.in_flight} requests in flight)"
    if options.wait_selector:
        return f"selector {options.wait_selector!r}"
    if options.wait_script:
        return f"script {options.wait_script!r}"
    return options.wait_until


def describe_failure(error: SanderlingError) -> FetchError:
    """Sort an exception into the kinds that have an exit code."""
    if isinstance(error, NetworkError):
        return _network_failure(error)
    if isinstance(error, UsageError):
        return FetchError(kind="usage", fault="caller", code="usage", message=str(error))
    if isinstance(error, TimeoutError):
        return FetchError(kind="timeout", fault="caller", code="timeout", message=str(error))
    if isinstance(error, PageCrashedError):
        return FetchError(kind="crash", fault="page", code="crash", message=str(error))
    if isinstance(error, JavaScriptError | NavigationError | PageError):
        return FetchError(kind="page", fault="page", code="page", message=str(error))
    if isinstance(error, ClosedError | InternalError):
        return FetchError(kind="internal", fault="internal", code="internal", message=str(error))
    return FetchError(kind="internal", fault="internal", code="internal", message=f"{type(error).__name__}: {error}")


def _network_failure(error: NetworkError) -> FetchError:
    code = error.code
    if code in _NAME_CODES:
        return FetchError(kind="name", fault="peer", code=code, message=str(error))
    if code == "net::ERR_BLOCKED_BY_ROBOTS":
        return FetchError(kind="robots", fault="peer", code=code, message=str(error))
    if code.startswith(("net::ERR_CERT_", "net::ERR_SSL_", "net::ERR_BAD_SSL")):
        return FetchError(kind="tls", fault="peer", code=code, message=str(error))
    if code in ("net::ERR_BLOCKED_BY_PRIVATE_NETWORK_ACCESS_CHECKS", "net::ERR_BLOCKED_BY_ADMINISTRATOR"):
        return FetchError(kind="connection", fault="caller", code=code, message=str(error))
    if "TIMED_OUT" in code:
        return FetchError(kind="timeout", fault="peer", code=code, message=str(error))
    if code in ("net::ERR_INVALID_URL", "net::ERR_UNKNOWN_URL_SCHEME", "net::ERR_UNSAFE_PORT"):
        return FetchError(kind="usage", fault="caller", code=code, message=str(error))
    return FetchError(kind="connection", fault="peer", code=code, message=str(error))


def _result(page: Page, url: str, title: str, content: dict[str, str], error: FetchError | None) -> FetchResult:
    response = page.response
    return FetchResult(
        url=url,
        final_url=page.main_frame.url if response is not None else "",
        redirects=tuple(RedirectRecord(url=hop, status=status) for hop, status in response.redirects)
        if response
        else (),
        status=response.status if response is not None else 0,
        headers=response.headers if response is not None else (),
        title=title,
        content=content,
        timings=_timings(page),
        requests=tuple(page.requests.values()),
        console=tuple(page.console),
        verdict=verdict_of(page, failed=error is not None),
        error=error,
    )


def _timings(page: Page) -> Timings:
    start = page.milestones.times.get("start")
    if start is None:
        return Timings()
    now = asyncio.get_running_loop().time()

    def since(name: str) -> float:
        moment = page.milestones.times.get(name)
        return -1 if moment is None else round((moment - start) * 1000, 3)

    return Timings(
        response=since("response"),
        dom_content_loaded=since("domcontentloaded"),
        load=since("load"),
        total=round((now - start) * 1000, 3),
    )


def verdict_of(page: Page, *, failed: bool) -> Verdict:
    """Judge a page by what went wrong in it."""
    broken = []
    blocked = []
    for record in page.requests.values():
        if record.error in _BLOCKED_CODES:
            blocked.append(record.url)
        elif record.type in _MATTERS and (record.error or record.status >= 400):
            broken.append(record.url)
    missing = tuple(dict.fromkeys(name for record in page.errors if (name := missing_global(record)) is not None))
    return Verdict(
        ok=not failed and not page.errors and not broken and not blocked and not page.unsupported,
        script_errors=tuple(page.errors),
        failed=tuple(broken),
        blocked=tuple(blocked),
        unsupported=tuple(page.unsupported),
        missing_globals=missing,
    )
