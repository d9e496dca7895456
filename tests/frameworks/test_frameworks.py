"""Each framework mounts, fetches, updates on events, keeps keyed nodes and binds a field."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sanderling import Browser, Page

pytestmark = pytest.mark.slow

FRAMEWORKS = ("alpine", "htmx", "jquery", "preact", "react", "svelte", "vue")
KEYED = tuple(name for name in FRAMEWORKS if name != "htmx")  # htmx replaces what it swaps

LIST = "Array.from(document.querySelectorAll('#list > li'), (item) => item.textContent)"


@pytest.fixture(params=FRAMEWORKS)
def app(request: pytest.FixtureRequest, browser: Browser, site: str) -> Iterator[Page]:
    """A page of the framework that has mounted; an uncaught error of its script fails the test."""
    errors: list[object] = []
    with browser.new_page() as page:
        page.on("pageerror", errors.append)
        page.set_default_timeout(10_000)
        page.goto(f"{site}/{request.param}.html")
        page.wait_for_function(
            "document.querySelector('#count') && document.querySelectorAll('#list > li').length === 3"
        )
        yield page
    assert errors == []


def test_shows_what_it_fetched(app: Page) -> None:
    app.wait_for_function("document.querySelector('#name').textContent === 'sanderling'")
    assert app.evaluate("document.querySelector('#root').textContent.includes('loading')") is False


def test_updates_on_clicks(app: Page) -> None:
    assert app.evaluate("document.querySelector('#count').textContent") == "clicked 0"
    assert app.evaluate("document.querySelector('#many')") is None
    for clicks in (1, 2):
        app.evaluate("document.querySelector('#count').click()")
        app.wait_for_function(f"document.querySelector('#count').textContent === 'clicked {clicks}'")
        app.wait_for_function("document.querySelector('.htmx-added') === null")  # htmx: new nodes listen from now on
    app.wait_for_function("document.querySelector('#many') !== null")
    assert app.evaluate("document.querySelector('#many').textContent") == "many"


def test_reverses_a_list(app: Page) -> None:
    assert app.evaluate(LIST) == ["gull", "tern", "knot"]
    app.evaluate("document.querySelector('#reverse').click()")
    app.wait_for_function("document.querySelector('#list > li').textContent === 'knot'")
    assert app.evaluate(LIST) == ["knot", "tern", "gull"]


@pytest.mark.parametrize("app", KEYED, indirect=True)
def test_moves_the_nodes_of_a_keyed_list(app: Page) -> None:
    app.evaluate(
        "window.before = document.querySelectorAll('#list > li')[0]; document.querySelector('#reverse').click()"
    )
    app.wait_for_function("document.querySelector('#list > li').textContent === 'knot'")
    assert app.evaluate("document.querySelectorAll('#list > li')[2] === before")


def test_follows_a_field(app: Page) -> None:
    # As a user's input arrives: past a property that a framework may have put on the element itself.
    app.evaluate(
        """(() => {
          const field = document.querySelector('#field');
          Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set.call(field, 'wader');
          field.dispatchEvent(new InputEvent('input', { bubbles: true, data: 'wader', inputType: 'insertText' }));
        })()"""
    )
    app.wait_for_function("document.querySelector('#echo').textContent === 'wader'")
    assert app.evaluate("document.querySelector('#field').value") == "wader"
