"""Runs the tests that are written in JavaScript, in the form of the web platform tests: each file in a page of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from sanderling import Browser

HERE = Path(__file__).parent
FILES = sorted(path.relative_to(HERE).as_posix() for path in HERE.glob("*/*.js"))


@pytest.mark.parametrize("name", FILES)
def test_file(name: str, browser: Browser, site: str) -> None:
    errors: list[object] = []
    with browser.new_page() as page:
        page.on("pageerror", errors.append)
        page.goto(f"{site}/{name.removesuffix('.js')}.html")
        results: list[tuple[str, str | None]] = page.evaluate("finished()")
    assert errors == []
    assert results, f"{name} holds no tests"
    failed = [f"{title}: {message}" for title, message in results if message is not None]
    assert not failed, f"{len(failed)} of {len(results)} tests failed\n" + "\n".join(failed)
