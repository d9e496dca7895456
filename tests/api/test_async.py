"""The asynchronous API: pages in parallel, and cancellation."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

import sanderling
from tests.support import Site


@pytest.fixture
def site() -> Iterator[Site]:
    pages = {f"/{number}": f"<!doctype html><title>Page {number}</title><p>{number}" for number in range(6)}
    with Site(pages) as one:
        yield one


def test_pages_in_parallel(site: Site) -> None:
    async def main() -> list[str]:
        async with sanderling.AsyncBrowser() as browser:
            context = await browser.new_context()

            async def title(number: int) -> str:
                page = await context.new_page()
                await page.goto(site.url(f"/{number}"))
                return await page.title()

            return list(await asyncio.gather(*(title(number) for number in range(6))))

    assert asyncio.run(main()) == [f"Page {number}" for number in range(6)]


def test_a_page_that_computes_delays_no_other(site: Site) -> None:
    async def main() -> object:
        async with sanderling.AsyncBrowser() as browser:
            busy, idle = await browser.new_page(), await browser.new_page()
            await busy.goto(site.url("/0"))
            spinning = asyncio.create_task(busy.evaluate("while (!window.never) Math.sqrt(2)"))
            answers = [await idle.evaluate("6 * 7") for _ in range(5)]
            assert not spinning.done()
            await busy.close()
            with pytest.raises(sanderling.SanderlingError):
                await spinning
            return answers

    assert asyncio.run(main()) == [42] * 5


def test_a_canceled_wait_leaves_the_page_usable(site: Site) -> None:
    async def main() -> object:
        async with sanderling.AsyncBrowser() as browser:
            page = await browser.new_page()
            await page.goto(site.url("/1"))
            waiting = asyncio.create_task(page.wait_for_selector("#never"))
            assert await page.evaluate("1") == 1
            waiting.cancel()
            with pytest.raises(asyncio.CancelledError):
                await waiting
            return await page.evaluate("document.title")

    assert asyncio.run(main()) == "Page 1"


def test_timeouts_name_what_was_waited_for(site: Site) -> None:
    async def main() -> None:
        async with sanderling.AsyncBrowser() as browser:
            page = await browser.new_page()
            await page.goto(site.url("/2"))
            with pytest.raises(sanderling.TimeoutError, match="#never"):
                await page.wait_for_selector("#never", timeout=20)
            with pytest.raises(TimeoutError):
                await page.wait_for_function("false", timeout=20)

    asyncio.run(main())


def test_closing_a_browser_ends_what_waits_in_it(site: Site) -> None:
    async def main() -> None:
        browser = sanderling.AsyncBrowser()
        page = await browser.new_page()
        await page.goto(site.url("/3"))
        waiting = asyncio.create_task(page.wait_for_function("false", timeout=0))
        assert await page.evaluate("1") == 1
        await browser.close()
        with pytest.raises(sanderling.ClosedError):
            await waiting

    asyncio.run(main())
