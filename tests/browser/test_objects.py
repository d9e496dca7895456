"""What objects and embeds show: documents in frames, images, or their own content."""

from __future__ import annotations

import pytest

from sanderling.browser import resource_requests
from sanderling.browser.options import ContextOptions
from sanderling.http.request import Request
from sanderling.testing.transport import Answer
from tests.browser.test_images import png
from tests.browser.world import World, page_of, run

A = "https://a.test/"
SVG = Answer(
    headers=(("Content-Type", "image/svg+xml"),),
    body=b"<svg xmlns='http://www.w3.org/2000/svg'><title>drawn</title></svg>",
)
_LOG = "<script>log = []; note = (e) => log.push(e.type + ' ' + (e.target.id || e.target.nodeName)); onload = note</script>"


def asked(world: World) -> list[str]:
    return [request.url.removeprefix(A) for request in world.transport.received if request.url != A]


def test_documents_are_shown_in_frames(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await world.open(A)
        assert await world.value(page, "log.slice(0, -1).sort()") == ["load e", "load o", "load s"]
        assert await world.value(page, "log.at(-1)") == "load #document"
        assert await world.value(page, "[o.contentDocument.title, o.contentWindow === frames[0], length]") == [
            "inner",
            True,
            3,
        ]
        assert await world.value(page, "s.getSVGDocument().querySelector('title').textContent") == "drawn"
        assert await world.value(page, "o.contentWindow.ran") == 1
        assert sorted(asked(world)) == ["inner.html", "inner.html", "pic.svg"]
        (first, *_) = [one for one in world.transport.received if one.url == f"{A}inner.html"]
        headers = dict(first.headers.items())
        assert [headers["Sec-Fetch-Dest"], headers["Sec-Fetch-Mode"], headers["Referer"]] == ["object", "navigate", A]
        # Another address: another frame.
        await world.value(page, "new Promise((done) => { o.onload = done; o.data = 'other.html' }).then(() => null)")
        assert await world.value(page, "[o.contentDocument.title, length]") == ["other", 3]
        assert await world.value(
            page, "(element => { element.remove(); return [element.contentDocument, length] })(o)"
        ) == [None, 2]

    run(
        blob,
        {
            A: f"{_LOG}<object id=o data=inner.html onload=note(event)>no</object><embed id=e src=inner.html onload=note(event)>"
            "<object id=s data=pic.svg type=image/svg+xml onload=note(event)></object>",
            f"{A}inner.html": "<title>inner</title><script>ran = 1</script>",
            f"{A}other.html": "<title>other</title>",
            f"{A}pic.svg": SVG,
        },
        test,
    )


def test_each_object_within_one_that_fails_is_decided_once(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await world.open(A)
        assert await world.value(page, "log") == ["error inner", "error outer", "load last", "load #document"]
        assert asked(world) == ["none.html", "last.html"]

    nested = "<object>" * 40 + "<object id=inner type=a/b data=x onerror=note(event)></object>" + "</object>" * 40
    run(
        blob,
        {
            A: f"{_LOG}<object id=outer data=none.html onerror=note(event)>{nested}"
            "<object id=last data=last.html onload=note(event)></object></object>",
            f"{A}none.html": Answer(status=404),
            f"{A}last.html": "<title>last</title>",
        },
        test,
    )


def test_documents_that_no_frame_takes_make_room(blob: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    async def test(world: World) -> None:
        monkeypatch.setattr(resource_requests, "MAX_HELD", 2)
        page = await world.open(A)
        response = await world.context.client.fetch(Request.navigation(A))
        for number in range(1, 5):
            page.network.resources._hold(number, response, b"x")
        assert list(page.network.resources._held) == [3, 4]
        monkeypatch.setattr(resource_requests, "MAX_HELD_BYTES", 4)
        page.network.resources._hold(5, response, b"12345")
        assert list(page.network.resources._held) == [5]
        page.network.abandon()
        assert not page.network.resources._held

    run(blob, {A: "<p>x"}, test)


def test_what_cannot_be_shown_shows_the_content_of_the_object(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await world.open(A)
        assert await world.value(page, "log.slice(0, -1).sort()") == [
            "error gone",
            "error outer",
            "error pdf",
            "error type",
            "load inner",
        ]
        assert await world.value(page, "log.at(-1)") == "load #document"
        # The inner one only because the outer one could not be shown; what has an unknown type is not asked for.
        assert sorted(asked(world)) == ["file.pdf", "gone.html", "gone2.html", "page.html", "page.html"]
        assert await world.value(
            page, "[inner.contentDocument.title, gone.contentDocument, never.contentDocument]"
        ) == [
            "shown",
            None,
            None,
        ]

    run(
        blob,
        {
            A: f"{_LOG}<object id=gone data=gone.html onerror=note(event)></object>"
            "<object id=pdf data=file.pdf onerror=note(event)></object><object id=type type=application/x-flash data=a.swf onerror=note(event)></object>"
            "<object id=outer data=gone2.html onerror=note(event)><object id=inner data=page.html onload=note(event)></object></object>"
            "<object data=page.html><object id=never data=never.html></object></object>",
            f"{A}page.html": "<title>shown</title>",
            f"{A}file.pdf": Answer(headers=(("Content-Type", "application/pdf"),), body=b"%PDF"),
        },
        test,
    )


def test_images_are_shown_where_the_context_loads_images(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await world.open(A)
        assert asked(world) == []
        assert await world.value(page, "log") == ["error o", "load #document"]
        world.context = world.browser.new_context(ContextOptions(images=True))
        page = await world.open(A)
        assert asked(world) == ["one.png"]
        assert await world.value(page, "log") == ["load o", "load #document"]

    run(
        blob,
        {
            A: f"{_LOG}<object id=o type=image/png data=one.png onload=note(event) onerror=note(event)></object>",
            f"{A}one.png": png(1, 1),
        },
        test,
    )


def test_documents_of_other_origins_and_those_that_forbid_it(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await world.open(A)
        assert await world.value(page, "log.sort()") == ["error refused", "load #document", "load there"]
        assert await world.value(page, "[there.contentDocument, there.contentWindow === frames[0], length]") == [
            None,
            True,
            1,
        ]

    run(
        blob,
        {
            A: f"{_LOG}<object id=there data=https://b.test/ onload=note(event)></object>"
            "<object id=refused data=https://b.test/refused onerror=note(event)></object>",
            "https://b.test/": "<title>b</title>",
            "https://b.test/refused": page_of("x", X_Frame_Options="DENY"),
        },
        test,
    )
