"""What the head of a navigation's response says of its document: address and type."""

from __future__ import annotations

import pytest

from sanderling.testing.transport import Answer
from tests.browser.world import World, run

A = "https://a.test/"


def moved(location: str) -> Answer:
    """Make a redirect."""
    return Answer(status=302, headers=(("Location", location),))


TEXT = Answer(headers=(("Content-Type", "text/html"),), body=b"<p>x</p>")


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("/one#asked", "https://a.test/end#asked"),
        ("/one", "https://a.test/end"),
        ("/two#asked", "https://a.test/end#said"),
        ("/three#asked", "https://a.test/end#said"),
        ("/far#asked", "https://b.test/end#said"),
    ],
)
def test_fragments_and_redirects(blob: bytes, asked: str, shown: str) -> None:
    """Fetch, "location URL": a redirect's own fragment counts, else the one before it stays."""
    answers = {
        f"{A}one": moved("/end"),
        f"{A}two": moved("/end#said"),
        f"{A}three": moved("/two#between"),
        f"{A}far": moved("https://b.test/end#said"),
        f"{A}end": TEXT,
        "https://b.test/end": Answer(
            headers=(("Content-Type", "text/html"),), body=b"<script>parent.postMessage(location.href, '*')</script>"
        ),
    }

    async def test(world: World) -> None:
        page = await world.open(A + asked[1:])
        assert await world.value(page, "location.href") == shown
        assert page.main_frame.url == shown

    async def in_frame(world: World) -> None:
        page = await world.open(A)
        got = "heard.length ? heard[0] : frames[0].location.href"
        assert await world.until(page, f"(() => {{ try {{ return {got} }} catch {{ return '' }} }})()") == shown

    run(blob, answers, test)
    start = "<script>heard = []; onmessage = (e) => heard.push(e.data)</script>"
    run(blob, {A: f"{start}<iframe src='{asked}'></iframe>", **answers}, in_frame)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (("text/plain", "text/html"), ["text/html", "UTF-8", "x"]),
        (("text/html, text/plain",), ["text/plain", "UTF-8", "<p>x</p>"]),
        (("text/html;charset=gbk", "text/html"), ["text/html", "GBK", "x"]),
        (("text/html;charset=gbk", "*/*;charset=utf-16"), ["text/html", "GBK", "x"]),
    ],
)
def test_several_types(blob: bytes, values: tuple[str, ...], expected: list[str]) -> None:
    """Fetch, "extract a MIME type", for documents."""
    answer = Answer(headers=tuple(("Content-Type", value) for value in values), body=b"<p>x</p>")

    async def test(world: World) -> None:
        page = await world.open(A)
        facts = (
            "[document.contentType, document.characterSet.replace('windows-1252', 'UTF-8'), document.body.textContent]"
        )
        assert await world.value(page, facts) == expected

    async def in_frame(world: World) -> None:
        page = await world.open(f"{A}outer")
        facts = "((document) => [document.contentType, document.characterSet, document.body.textContent])(frames[0].document)"
        assert await world.value(page, facts) == expected

    run(blob, {A: answer}, test)
    run(blob, {A: answer, f"{A}outer": "<meta charset=utf-8><iframe src=/></iframe>"}, in_frame)
