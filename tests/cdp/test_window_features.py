"""What `Page.windowOpen` says about a window; the lists are those of Chromium for the same arguments."""

from __future__ import annotations

import pytest

from sanderling.cdp.window_features import window_features
from tests.cdp.driver import Driver
from tests.support import Site

BARS = ["menubar", "toolbar", "status", "scrollbars"]
BARE = "toolbar=no,location=no,directories=no,status=no,menubar=no,scrollbars=yes,resizable=yes,width=600,height=300,top=0,left=0"


@pytest.mark.parametrize(
    ("text", "listed"),
    [
        ("", [*BARS, "resizable"]),
        ("width=600,height=300,left=1,top=2", ["left=1", "top=2", "width=600", "height=300", "resizable"]),
        (BARE, ["left=0", "top=0", "width=600", "height=300", "resizable"]),
        ("popup", ["resizable"]),
        ("innerWidth=50,height=abc,menubar", ["width=50", "height=0", "resizable"]),
        (f"width={'9' * 5000},height=\u0663,left=-3", ["left=-3", "width=0", "height=0", "resizable"]),
        ("popup=0, width = 5", ["width=5", *BARS, "resizable"]),
        ("noreferrer", [*BARS, "resizable"]),
        ("location,toolbar,menubar,scrollbars,status", [*BARS, "resizable"]),
    ],
)
def test_features(text: str, listed: list[str]) -> None:
    assert window_features(text, noopener=False) == listed
    assert window_features(text, noopener=True) == [*listed, "noopener"]


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
