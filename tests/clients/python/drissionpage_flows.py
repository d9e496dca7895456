"""DrissionPage, attached to an address.

Thread: main.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from DrissionPage import Chromium, ChromiumOptions

from tests.clients.python.harness import drive, flow, until


@contextmanager
def _tab(world: Any) -> Iterator[Any]:
    options = ChromiumOptions(read_file=False).set_address(f"127.0.0.1:{world.port}").existing_only(True)
    browser = Chromium(options)
    tab = browser.new_tab()
    try:
        yield tab
    finally:
        tab.close()


@flow("opens a page")
def _(world: Any) -> None:
    with _tab(world) as tab:
        assert tab.get(f"{world.site}/plain")
        assert tab.title == "Plain"
        assert tab.url == f"{world.site}/plain"
        assert "plain text" in tab.html


@flow("finds elements")
def _(world: Any) -> None:
    with _tab(world) as tab:
        tab.get(f"{world.site}/")
        assert tab.ele("#head").text == "Waders of the shore"
        assert [one.attr("data-n") for one in tab.eles(".bird")] == ["1", "2", "3"]
        assert tab.ele("xpath://li[2]").text == "Sanderling"
        assert tab.ele("text:Dunlin").tag == "li"
        assert not tab.ele("#absent", timeout=0.2)


@flow("fills a form")
def _(world: Any) -> None:
    with _tab(world) as tab:
        tab.get(f"{world.site}/form")
        tab.ele("#name").input("knot")
        tab.ele("#subscribe").click()
        tab.ele("#size").select("Medium")
        tab.ele("#send").click()
        tab.wait.url_change("submitted", timeout=30)
        assert '"name": "knot"' in tab.ele("#sent").text


@flow("runs scripts and sets cookies")
def _(world: Any) -> None:
    with _tab(world) as tab:
        tab.get(f"{world.site}/plain")
        assert tab.run_js("return arguments[0] + 1", 41) == 42
        tab.set.cookies({"name": "mine", "value": "yes", "domain": "127.0.0.1", "path": "/"})
        assert "mine=yes" in tab.run_js("return document.cookie")
        assert "mine" in [one["name"] for one in tab.cookies()]


@flow("listens to the network")
def _(world: Any) -> None:
    with _tab(world) as tab:
        tab.get(f"{world.site}/ajax")
        tab.listen.start("data.json")
        tab.ele("#fetch").click()
        packet = tab.listen.wait(timeout=30)
        assert packet.response.body["bird"] == "sanderling"
        until(lambda: tab.ele("#out").text.startswith("200"), "the text")
        tab.listen.stop()


if __name__ == "__main__":
    drive()
