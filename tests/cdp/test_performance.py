"""Performance: a page's figures; and Audits, without which Puppeteer makes no page."""

from __future__ import annotations

import pytest

from tests.cdp.driver import CdpRefusedError, Driver
from tests.support import Site


def test_figures_follow_the_page(driver: Driver) -> None:
    with Site({"/": "<p>a<iframe src=/in></iframe>", "/in": "<p>b"}) as site:
        page = driver.new_page("Page", "Runtime")
        assert page.call("Performance.getMetrics") == {"metrics": []}
        page.call("Performance.enable")

        def figures() -> dict[str, float]:
            return {one["name"]: one["value"] for one in page.call("Performance.getMetrics")["metrics"]}

        assert figures()["Nodes"] == 4  # document, html, head, body
        outcome = page.call("Page.navigate", url=site.url("/"))
        page.wait_event("Page.lifecycleEvent", name="load", loaderId=outcome["loaderId"])
        before = figures()
        assert (before["Documents"], before["Frames"]) == (2, 2)
        assert 1000 < before["JSHeapUsedSize"] <= before["JSHeapTotalSize"]
        page.call(
            "Runtime.evaluate",
            expression="for (let i = 0; i < 10; i++) document.body.append(document.createElement('i')); "
            "document.body.attachShadow({mode: 'open'}).append('text')",
        )
        assert figures()["Nodes"] == before["Nodes"] + 12
        page.call("Performance.disable")
        assert page.call("Performance.getMetrics") == {"metrics": []}


def test_what_cannot_be_measured_is_refused(driver: Driver) -> None:
    page = driver.new_page()
    with pytest.raises(CdpRefusedError, match="threadTicks"):
        page.call("Performance.enable", timeDomain="threadTicks")
    assert page.call("Audits.enable") == {}
    with pytest.raises(CdpRefusedError, match="rendering"):
        page.call("Audits.checkContrast")
