"""The asynchronous API: what differs from the synchronous one, which runs on it."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Coroutine
from typing import Any

import pytest

from sanderling import AsyncBrowser, ClosedError, PageCrashedError, TimeoutError, UsageError  # noqa: A004 - it is one
from sanderling.browser.options import FetchOptions
from sanderling.testing.server import Request, Response
from tests.support import Site


def run(work: Coroutine[Any, Any, None]) -> None:
    async def bounded() -> None:
        async with asyncio.timeout(60):
            await work

    asyncio.run(bounded())


def test_a_page() -> None:
    async def work() -> None:
        with Site({"/": "<title>T</title><p>x", "/b": "<title>B</title>"}) as site:
            async with AsyncBrowser() as browser, await browser.new_page() as page:
                response = await page.goto(site.url("/"))
                assert response is not None
                assert (response.status, await response.text()) == (200, "<title>T</title><p>x")
                assert await page.title() == "T"
                assert await page.evaluate("async (a) => a + 1", 41) == 42
                await page.goto(site.url("/b"))
                assert await page.go_back() is not None
                assert await page.markdown() == "x\n"
            assert page.is_closed()

    run(work())


def test_many_pages_at_once() -> None:
    def answer(request: Request) -> Response:
        return Response(f"<title>{request.query['n']}</title>".encode())

    async def work() -> None:
        with Site({"/": answer}) as site:
            async with AsyncBrowser() as browser:
                context = await browser.new_context()

                async def one(number: int) -> str:
                    async with await context.new_page() as page:
                        await page.goto(site.url(f"/?n={number}"))
                        return await page.title()

                assert await asyncio.gather(*(one(n) for n in range(12))) == [str(n) for n in range(12)]

    run(work())


def test_two_browsers_share_nothing_but_the_process() -> None:
    async def work() -> None:
        async with AsyncBrowser() as one, AsyncBrowser() as other:
            first, second = await one.new_page(), await other.new_page()
            began = asyncio.Event()
            first.on("request", lambda _: began.set())
            spin = asyncio.create_task(first.evaluate("fetch('http://127.0.0.1:9/').catch(() => 0); for (;;);"))
            await began.wait()
            assert await second.evaluate("6 * 7") == 42
            assert not spin.done()
            await one.close()
            with pytest.raises(ClosedError):
                await spin

    run(work())


def test_events_come_on_the_callers_loop() -> None:
    async def work() -> None:
        loop = asyncio.get_running_loop()
        async with AsyncBrowser() as browser:
            page = await browser.new_page()
            came: asyncio.Future[str] = loop.create_future()
            page.on("console", lambda message: came.set_result(message.text))
            await page.evaluate("console.log('hello')")
            assert await came == "hello"

    run(work())


def test_a_canceled_call_leaves_the_page_usable() -> None:
    async def work() -> None:
        async with AsyncBrowser() as browser:
            page = await browser.new_page()
            task = asyncio.create_task(page.wait_for_function("window.never"))
            await page.evaluate("1")
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert await page.evaluate("2") == 2

    run(work())


def test_errors() -> None:
    async def work() -> None:
        browser = AsyncBrowser()
        page = await browser.new_page()
        with pytest.raises(UsageError):
            await page.goto("nonsense")
        with pytest.raises(TimeoutError):
            await page.wait_for_selector("#never", timeout=50)
        wait = asyncio.create_task(page.wait_for_function("window.never"))
        await page.evaluate("1")
        await browser.close()
        with pytest.raises(ClosedError):
            await wait
        with pytest.raises(ClosedError):
            await browser.new_page()

    run(work())


def test_fetch_in_a_context() -> None:
    async def work() -> None:
        with Site({"/": "<p>x"}) as site:
            async with AsyncBrowser() as browser, await browser.new_context() as context:
                results = await asyncio.gather(
                    *(context.fetch(site.url(path), FetchOptions(dumps=("text",))) for path in ("/", "/gone"))
                )
                assert [(result.status, result.ok) for result in results] == [(200, True), (404, True)]
                assert results[0].text == "x\n"

    run(work())


@pytest.mark.skipif(sys.platform != "linux", reason="workers live in processes on Linux only")
def test_a_page_that_aborts_the_engine_ends_its_browser_and_not_the_program() -> None:
    async def work() -> None:
        crash: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        async with AsyncBrowser() as other, AsyncBrowser() as browser:
            survivor = await other.new_page()
            page = await browser.new_page()
            beside = await browser.new_page()
            waiting = asyncio.ensure_future(beside.evaluate("new Promise(() => {})"))
            beside.on("crash", crash.set_result)
            with pytest.raises(PageCrashedError, match="SIGTRAP"):
                await page.evaluate("'a'.repeat(2 ** 28).split('')")
            with pytest.raises(PageCrashedError, match="SIGTRAP"):
                await waiting
            with pytest.raises(PageCrashedError):
                await browser.new_page()
            assert await survivor.evaluate("1 + 1") == 2
            assert "SIGTRAP" in await crash

    run(work())


def test_a_browser_in_a_thread_works_beside_one_in_a_process() -> None:
    async def work() -> None:
        async with AsyncBrowser(isolation="thread") as here, AsyncBrowser() as there:
            one, two = await here.new_page(), await there.new_page()
            assert await one.evaluate("6 * 7") == await two.evaluate("6 * 7") == 42

    run(work())


FORKING = """
import os, sys
from sanderling import Browser
browser = Browser()
page = browser.new_page()
pid = os.fork()
if pid == 0:
    with Browser() as own:  # a fork has none of its parent's threads: it gets a runtime of its own
        print("child", own.new_page().evaluate("6 * 7"), flush=True)
    sys.exit(3)
status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
print("parent", status, page.evaluate("1 + 1"))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="workers live in processes on Linux only")
def test_a_program_that_forks_has_a_browser_on_both_sides() -> None:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", FORKING], capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "child 42\nparent 3 2\n", "")
