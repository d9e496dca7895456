"""The Fullscreen API: which element, its events, and who may ask."""

from __future__ import annotations

import pytest

from tests.cdp.driver import CdpSession, Driver
from tests.support import Site

NOTE = (
    "globalThis.told = []; for (const type of ['fullscreenchange', 'fullscreenerror'])"
    " document.addEventListener(type, (event) => told.push(type + ' ' + (event.target.id || event.target.nodeName)));"
)


@pytest.fixture
def page(driver: Driver) -> CdpSession:
    one = driver.new_page("Page", "Runtime")
    one.goto("data:text/html,<p id=a><b id=b>x</b></p><dialog id=d></dialog>")
    one.evaluate(NOTE)
    return one


def act(page: CdpSession, expression: str) -> object:
    """Evaluate as if the user had done it; an error's name is its value."""
    return page.evaluate(f"Promise.resolve({expression}).then(() => 'done', (e) => e.name)", userGesture=True)


def test_an_element_is_shown_and_what_was_shown_before_comes_back(page: CdpSession) -> None:
    assert page.evaluate("[document.fullscreenEnabled, document.fullscreenElement]") == [True, None]
    assert act(page, "a.requestFullscreen()") == "done"
    assert act(page, "b.requestFullscreen()") == "done"
    assert page.evaluate("[document.fullscreenElement.id, document.fullscreen, a.matches(':fullscreen')]") == [
        "b",
        True,
        True,
    ]
    assert act(page, "document.exitFullscreen()") == "done"
    assert page.evaluate("[document.fullscreenElement.id, b.matches(':fullscreen')]") == ["a", False]
    assert act(page, "document.exitFullscreen()") == "done"
    assert page.evaluate("[document.fullscreenElement, document.fullscreen]") == [None, False]
    assert act(page, "document.exitFullscreen()") == "TypeError"
    assert page.evaluate("told") == [f"fullscreenchange {one}" for one in "abba"]


def test_it_takes_the_user_and_an_element_that_may(page: CdpSession) -> None:
    without = "a.requestFullscreen().then(() => 'done', (e) => e.name)"
    assert page.evaluate(without) == "TypeError"
    assert act(page, "d.requestFullscreen()") == "TypeError"
    assert act(page, "document.createElement('p').requestFullscreen()") == "TypeError"
    assert page.evaluate("told") == ["fullscreenerror a", "fullscreenerror d", "fullscreenerror #document"]


def test_an_element_that_is_removed_is_shown_no_more(page: CdpSession) -> None:
    act(page, "a.requestFullscreen()")
    assert page.evaluate("a.remove(); document.fullscreenElement") is None
    assert page.evaluate("new Promise((r) => setTimeout(r)).then(() => told)") == [
        "fullscreenchange a",
        "fullscreenchange #document",
    ]


def test_frames_around_are_shown_with_it(page: CdpSession) -> None:
    with Site({"/": "<iframe id=f src=/inner></iframe>", "/inner": "<p id=a>x"}) as site:
        page.goto(site.url("/"))
        page.evaluate(NOTE)
        inner = "document.querySelector('iframe').contentDocument"
        assert act(page, f"{inner}.querySelector('p').requestFullscreen()") == "done"
        ids = f"[document.fullscreenElement?.id, {inner}.fullscreenElement?.id].join()"
        assert page.evaluate(ids) == "f,a"
        assert act(page, f"{inner}.exitFullscreen()") == "done"
        assert page.evaluate(ids) == ","
        assert page.evaluate("told") == ["fullscreenchange f"] * 2
