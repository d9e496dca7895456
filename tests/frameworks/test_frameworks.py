"""Each framework mounts, fetches, updates on events, keeps keyed nodes, binds a field, and routes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest

from sanderling import Browser, Page

pytestmark = pytest.mark.slow

FRAMEWORKS = (
    "alpine",
    "angular",
    "backbone",
    "chartjs",
    "d3",
    "hotwired",
    "htmx",
    "jquery",
    "lit",
    "material",
    "preact",
    "react",
    "react18",
    "shoelace",
    "solid",
    "svelte",
    "vue",
)
EXPORTED = ("astro", "next", "nuxt")  # as files, with their pages rendered beforehand
ALL = (
    *FRAMEWORKS,
    *(pytest.param(name, marks=pytest.mark.timeout(1000)) for name in EXPORTED),
)  # the first one waits for npm
HASHED = frozenset({"chartjs", "d3", "material", "shoelace", "svelte"})  # their routes are in the fragment of the URL

LIST = "Array.from(document.querySelectorAll('#list > li'), (item) => item.textContent)"

Open = Callable[[str], AbstractContextManager[Page]]


@pytest.fixture
def opened(browser: Browser, site: str, request: pytest.FixtureRequest) -> Open:
    """Open a path of the site; an uncaught error of its scripts, or one that they log, fails the test."""

    if hasattr(request.node, "callspec") and request.node.callspec.id in EXPORTED:
        request.getfixturevalue("exported")

    @contextmanager
    def open_path(path: str) -> Iterator[Page]:
        errors: list[object] = []
        with browser.new_page() as page:
            page.on("pageerror", errors.append)
            page.on("console", lambda message: errors.append(message) if message.type == "error" else None)
            page.set_default_timeout(60_000)
            try:
                page.goto(f"{site}{path}")
                yield page
            finally:
                assert errors == []  # also where the page did not do what the test waits for

    return open_path


@pytest.fixture(params=ALL)
def app(request: pytest.FixtureRequest, opened: Open) -> Iterator[Page]:
    """A page of the framework that has mounted."""
    with opened(f"/{request.param}/") as page:
        wait_for_home(page)
        yield page


def route(name: str, path: str) -> str:
    """Give the path of a URL that shows a route of a page."""
    return f"/{name}/#/{path}" if name in HASHED else f"/{name}/{path}"


def wait_for_home(page: Page) -> None:
    page.wait_for_function("document.querySelector('#count') && document.querySelectorAll('#list > li').length === 3")
    wait_for_text(page, "#name", "sanderling")  # what was rendered beforehand has listeners by now


def wait_for_text(page: Page, selector: str, text: str) -> None:
    page.wait_for_function(f"document.querySelector({selector!r})?.textContent.trim() === {text!r}")


def test_shows_what_it_fetched(app: Page) -> None:
    assert app.evaluate("document.querySelector('#root').textContent.includes('loading')") is False


def test_updates_on_clicks(app: Page) -> None:
    assert app.evaluate("document.querySelector('#count').textContent") == "clicked 0"
    assert app.evaluate("document.querySelector('#many')") is None
    for clicks in (1, 2):
        app.evaluate("document.querySelector('#count').click()")
        wait_for_text(app, "#count", f"clicked {clicks}")
        app.wait_for_function("document.querySelector('.htmx-added') === null")  # htmx: new nodes listen from now on
    wait_for_text(app, "#many", "many")


def test_reverses_a_keyed_list(app: Page, request: pytest.FixtureRequest) -> None:
    assert app.evaluate(LIST) == ["gull", "tern", "knot"]
    app.evaluate(
        "window.before = document.querySelectorAll('#list > li')[0]; document.querySelector('#reverse').click()"
    )
    app.wait_for_function("document.querySelector('#list > li').textContent === 'knot'")
    assert app.evaluate(LIST) == ["knot", "tern", "gull"]
    kept = app.evaluate("document.querySelectorAll('#list > li')[2] === before")
    assert kept is ("htmx" not in request.node.name)  # which replaces what it swaps


def test_follows_a_field(app: Page) -> None:
    # As a user's input arrives: past a property that a framework may have put on the element itself.
    app.evaluate(
        """(() => {
          const host = document.querySelector('#field');
          const field = host.shadowRoot?.querySelector('input') ?? host;
          Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set.call(field, 'wader');
          const init = { bubbles: true, composed: true, data: 'wader', inputType: 'insertText' };
          field.dispatchEvent(new InputEvent('input', init));
        })()"""
    )
    wait_for_text(app, "#echo", "wader")
    assert app.evaluate("document.querySelector('#field').value") == "wader"


@pytest.mark.parametrize("name", ALL)
def test_routes(name: str, opened: Open, site: str) -> None:
    with opened(f"/{name}/") as page:
        wait_for_home(page)
        page.evaluate("window.same = true; document.querySelector('#to-gull').click()")
        wait_for_text(page, "#bird", "bird gull")
        wait_for_text(page, "#song", "kyow")
        assert page.evaluate("document.querySelector('#count')") is None
        assert page.url.rstrip("/") == f"{site}{route(name, 'birds/gull')}"
        page.evaluate("document.querySelector('#home').click()")
        wait_for_home(page)
        wait_for_text(page, "#count", "clicked 0")
        assert page.evaluate("document.querySelector('#bird')") is None
        page.evaluate("history.back()")
        wait_for_text(page, "#song", "kyow")
        assert page.url.rstrip("/") == f"{site}{route(name, 'birds/gull')}"
        assert page.evaluate("window.same") is True, "the document was loaded anew"


@pytest.mark.parametrize("name", ALL)
def test_starts_at_a_route(name: str, opened: Open) -> None:
    with opened(route(name, "birds/gull")) as page:
        wait_for_text(page, "#bird", "bird gull")
        wait_for_text(page, "#song", "kyow")
        page.evaluate("document.querySelector('#home').click()")
        wait_for_home(page)


def test_draws_charts_as_svg(opened: Open) -> None:
    with opened("/d3/#/birds/gull") as page:
        wait_for_text(page, "#song", "kyow")
        assert page.evaluate("Array.from(document.querySelectorAll('svg .x text'), (text) => text.textContent)") == [
            "May",
            "June",
            "July",
        ]
        heights = page.evaluate(
            "Array.from(document.querySelectorAll('svg rect'), (bar) => +bar.getAttribute('height'))"
        )
        assert heights == [45, 90, 22.5]
        assert (
            page.evaluate("document.querySelector('svg rect').style.fill") == "rgb(255, 99, 71)"
        )  # after a transition


def test_draws_charts_on_a_canvas(opened: Open) -> None:
    with opened("/chartjs/") as page:
        page.wait_for_function("document.body.dataset.drawn === 'scatter'")
        image = page.evaluate("document.querySelector('canvas').toDataURL()")
        assert isinstance(image, str)
        assert image.startswith("data:image/png;base64,")
