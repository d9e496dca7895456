"""What `Page.windowOpen` says about a window, and when clients are told."""

from __future__ import annotations

from tests.cdp.driver import Driver
from tests.support import Site

BARS = ["menubar", "toolbar", "status", "scrollbars"]


def test_clients_are_told_of_a_window_before_it_is_there(driver: Driver) -> None:
    with Site({"/": "<a href=/f target=_blank>go</a>", "/f": "f"}) as site:
        page = driver.new_page("Page", "Runtime")
        page.goto(site.url("/"))
        page.evaluate("void open('/f', 'x', 'width=600')", userGesture=True)
        page.evaluate("void open('', '', 'noopener')")
        mark = page.mark()
        page.evaluate("document.querySelector('a').click()")
        page.wait_event("Page.windowOpen", since=mark)
        told = [(one["url"], one["windowName"], one["windowFeatures"]) for one in page.events("Page.windowOpen")]
        assert told == [
            (site.url("/f"), "x", ["width=600", "resizable"]),
            ("about:blank", "_blank", [*BARS, "resizable", "noopener"]),
            (site.url("/f"), "_blank", [*BARS, "resizable", "noopener"]),
        ]
        assert page.events("Page.windowOpen")[0]["userGesture"] is True
