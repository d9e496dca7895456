"""pychrome: HTTP endpoints and page sockets.

Thread: main.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pychrome

from tests.clients.python.harness import drive, failing, flow, until


@contextmanager
def _tab(world: Any, url: str | None = None) -> Iterator[Any]:
    browser = pychrome.Browser(url=world.http)
    tab = browser.new_tab(url)
    tab.start()
    try:
        yield tab
    finally:
        tab.stop()
        browser.close_tab(tab)


@flow("opens a tab and evaluates")
def _(world: Any) -> None:
    with _tab(world) as tab:
        told = tab.Runtime.evaluate(expression="6 * 7", returnByValue=True)
        assert told["result"]["value"] == 42


@flow("lists and activates tabs")
def _(world: Any) -> None:
    with _tab(world) as tab:
        browser = pychrome.Browser(url=world.http)
        assert tab.id in [one.id for one in browser.list_tab()]
        assert "activated" in browser.activate_tab(tab)
        assert browser.version()["Protocol-Version"] == "1.3"


@flow("navigates with events")
def _(world: Any) -> None:
    with _tab(world) as tab:
        requests: list[str] = []
        loaded = threading.Event()
        tab.Network.requestWillBeSent = lambda **event: requests.append(event["request"]["url"])
        tab.Page.loadEventFired = lambda **event: loaded.set()
        tab.Network.enable()
        tab.Page.enable()
        tab.Page.navigate(url=f"{world.site}/", _timeout=30)
        assert loaded.wait(30)
        assert f"{world.site}/script.js" in requests


@flow("tells errors")
def _(world: Any) -> None:
    with _tab(world) as tab, failing("wasn't found"):
        tab.call_method("Nothing.atAll", _timeout=30)


@flow("opens an address")
def _(world: Any) -> None:
    with _tab(world, f"{world.site}/plain") as tab:
        until(
            lambda: (
                tab.Runtime.evaluate(expression="document.readyState + document.title")["result"]["value"]
                == "completePlain"
            ),
            "the page",
        )


if __name__ == "__main__":
    drive()
