"""html5lib-tests through the real path: markup is parsed, handed over and built into nodes, whole, in pieces by `document.write`, and as fragments."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from sanderling import Browser
from sanderling.testing.server import HttpServer, Request, Response
from tests.html5lib.cases import FOLDER, Case, cases_of, files

HERE = Path(__file__).parent

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="not run: there is no html5lib-tests in SUITES")


def known_failures() -> dict[str, dict[str, str]]:
    """Give the reasons of what fails, by way and by name."""
    known: dict[str, dict[str, str]] = tomllib.loads((HERE / "expectations.toml").read_text("utf-8"))
    return known


@pytest.fixture(scope="module")
def trees(browser: Browser) -> dict[str, dict[str, tuple[Case, str]]]:
    """What every case came to, by way and name."""
    cases = [case for file in files() for case in cases_of(file)]
    documents = [case for case in cases if not case.context and case.scripting]
    ways = {
        "whole": documents,
        "pieces": documents,
        "unscripted": [case for case in cases if not case.context and not case.scripting],
        "fragment": [case for case in cases if case.context and case.scripting],
    }

    def answer(request: Request) -> Response:
        del request
        return Response(b"<!doctype html><body>")

    out: dict[str, dict[str, tuple[Case, str]]] = {}
    with HttpServer(answer) as server, browser.new_page() as page:
        page.goto(server.url)
        page.evaluate((HERE / "page.js").read_text("utf-8") + "; globalThis.run = run; null")
        for way, chosen in ways.items():
            sent = [{"markup": case.markup, "context": case.context} for case in chosen]
            results = page.evaluate("([way, cases]) => run(way, cases)", [way, sent])
            out[way] = {case.name: (case, tree) for case, tree in zip(chosen, results, strict=True)}
    return out


@pytest.mark.slow
@pytest.mark.parametrize("way", ["whole", "pieces", "unscripted", "fragment"])
def test_trees_are_as_expected(way: str, trees: dict[str, dict[str, tuple[Case, str]]]) -> None:
    known = known_failures().get(way, {})
    failed = {name: (case, tree) for name, (case, tree) in trees[way].items() if tree != case.expected}
    news = [
        f"{name}\n{case.markup}\n-- expected\n{case.expected}\n-- got\n{tree}"
        for name, (case, tree) in failed.items()
        if name not in known
    ]
    assert not news, f"{len(failed)} of {len(trees[way])} fail, {len(news)} unexpectedly\n\n" + "\n\n".join(news)
    assert sorted(known.keys() - failed.keys()) == [], "these pass, and are listed as failures"
