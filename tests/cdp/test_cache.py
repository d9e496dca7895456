"""What clients see of the HTTP cache, and what they change about it."""

from __future__ import annotations

import pytest

from sanderling.testing.server import Response
from tests.cdp.driver import CdpSession, Driver
from tests.support import Page as SitePage
from tests.support import Site

STORED = ("Cache-Control", "max-age=600")
PAGES: dict[str, SitePage] = {
    "/": "<!doctype html><script src=/s.js></script>",
    "/s.js": Response(b"1", content_type="text/javascript", headers=(STORED,)),
}


def _load(page: CdpSession, url: str) -> None:
    since = page.mark()
    outcome = page.goto(url)
    page.wait_event("Page.lifecycleEvent", since=since, name="load", loaderId=outcome["loaderId"])


def _asked(site: Site, path: str) -> int:
    return sum(request.path == path for request in site.requests)


def test_what_comes_from_memory_is_told(driver: Driver) -> None:
    with Site(PAGES) as site:
        page = driver.new_page("Page", "Network")
        _load(page, site.url("/"))
        since = page.mark()
        _load(page, site.url("/"))
        assert _asked(site, "/s.js") == 1
        names = [name for name in page.methods(since) if name.startswith("Network.")]
        [served] = page.events("Network.requestServedFromCache")
        received = page.events("Network.responseReceived")[-1]
        assert received["requestId"] == served["requestId"]
        assert (received["type"], received["response"]["status"]) == ("Script", 200)
        assert received["response"]["fromDiskCache"] is False
        assert received["response"]["encodedDataLength"] == 0
        assert "timing" not in received["response"]
        assert names.index("Network.requestServedFromCache") < len(names) - 1
        finished = page.wait_event("Network.loadingFinished", requestId=served["requestId"])
        assert finished["encodedDataLength"] == 0
        assert page.call("Network.getResponseBody", requestId=served["requestId"])["body"] == "1"


@pytest.mark.parametrize(("ignore", "asked"), [(False, 1), (True, 2)])
def test_reload_and_hard_reload(driver: Driver, ignore: bool, asked: int) -> None:
    with Site(PAGES) as site:
        page = driver.new_page("Page", "Network")
        _load(page, site.url("/"))
        since = page.mark()
        page.call("Page.reload", ignoreCache=ignore)
        page.wait_event("Page.lifecycleEvent", since=since, name="load")
        assert _asked(site, "/s.js") == asked
        assert site.requests[-1 if not ignore else -2].header("cache-control") == (
            "no-cache" if ignore else "max-age=0"
        )
        since = page.mark()
        _load(page, site.url("/"))
        assert _asked(site, "/s.js") == asked  # only until the document was loaded


def test_a_cache_that_is_disabled_and_one_that_is_cleared(driver: Driver) -> None:
    with Site(PAGES) as site:
        page = driver.new_page("Page", "Network")
        _load(page, site.url("/"))
        page.call("Network.setCacheDisabled", cacheDisabled=True)
        _load(page, site.url("/"))
        assert _asked(site, "/s.js") == 2
        page.call("Network.setCacheDisabled", cacheDisabled=False)
        _load(page, site.url("/"))
        assert _asked(site, "/s.js") == 2
        assert page.call("Network.canClearBrowserCache") == {"result": True}
        page.call("Network.clearBrowserCache")
        _load(page, site.url("/"))
        assert _asked(site, "/s.js") == 3


def test_interception_sees_what_is_stored(driver: Driver) -> None:
    """As in Chromium: Fetch.enable alone does not disable the cache; clients that want that say so."""
    with Site(PAGES) as site:
        page = driver.new_page("Page", "Network")
        _load(page, site.url("/"))
        page.call("Fetch.enable", patterns=[{"urlPattern": "*/s.js", "requestStage": "Response"}])
        since = page.mark()
        page.send("Page.navigate", url=site.url("/"))
        paused = page.wait_event("Fetch.requestPaused", since=since)
        assert paused["responseStatusCode"] == 200
        page.call("Fetch.continueResponse", requestId=paused["requestId"])
        page.wait_event("Page.loadEventFired", since=since)
        assert _asked(site, "/s.js") == 1
