"""Events of frames whose documents are left."""

from __future__ import annotations

from typing import Any

import pytest

from sanderling.base.errors import NavigationError
from sanderling.browser import documents, resource_requests
from sanderling.browser import hub as events
from sanderling.browser.agent import Json
from sanderling.browser.frame import Navigation
from sanderling.browser.navigation_request import NavigationRequest
from sanderling.browser.resource_timing import document_timing
from sanderling.testing.transport import Answer
from tests.browser.world import World, run

A = "https://a.test/"
B = "https://b.test/"

TOLD = """<script>
  for (const type of ['pagehide', 'visibilitychange', 'unload'])
    (type[0] === 'v' ? document : window).addEventListener(type, () => top.told.push(type + ' ' + location.pathname));
</script>"""


def test_a_frame_that_navigates_leaves_its_document(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await world.open(A)
        await world.value(page, "frames[0].location = '/second'")
        assert await world.until(page, "told.length === 6")
        assert await world.value(page, "told") == [
            f"{event} /{name}" for name in ("first", "inner") for event in ("pagehide", "visibilitychange", "unload")
        ]
        assert await world.until(page, "frames[0].ready === true")
        assert await world.value(
            page,
            "(({ type, unloadEventStart: a, unloadEventEnd: b }) => [type, a > 0, b >= a])"
            "(frames[0].performance.getEntriesByType('navigation')[0])",
        ) == ["navigate", True, True]

    run(
        blob,
        {
            A: "<script>told = []</script><iframe src=first></iframe>",
            A + "first": TOLD + "<iframe src=inner></iframe>",
            A + "inner": TOLD,
            A + "second": "<script>var ready = true</script>",
        },
        test,
    )


def test_frames_are_told_when_the_page_is_left(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await world.open(A)
        await page.goto(NavigationRequest(url=A + "second"))
        assert await world.value(page, "localStorage.left") == "/first"
        asked = [one.url for one in world.transport.received if "left" in one.url]
        assert asked == [B + "left"]

    run(
        blob,
        {
            A: "<iframe src=first></iframe><iframe src='https://b.test/'></iframe>",
            A + "first": "<script>window.onunload = () => (localStorage.left = location.pathname)</script>",
            B: "<script>window.onpagehide = () => navigator.sendBeacon('/left')</script>",
            B + "left": "",
            A + "second": "",
        },
        test,
    )


def test_handlers_that_take_their_frame_away(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await world.open(A)
        await world.value(page, "frames[0].location = 'about:blank'")
        assert await world.until(page, "frames.length === 0")
        assert list(page.frames) == [1]

    run(
        blob,
        {
            A: "<iframe src=first></iframe>",
            A + "first": "<script>window.onunload = () => frameElement.remove()</script>",
        },
        test,
    )


@pytest.mark.parametrize(
    "answer",
    [Answer(headers=(("Content-Type", "application/octet-stream"),), body=b"\0\1"), Answer(status=204)],
    ids=["download", "no content"],
)
def test_what_brings_no_document_leaves_the_old_one_and_is_no_load(blob: bytes, answer: Answer) -> None:
    async def test(world: World) -> None:
        page = await world.open(A)
        (number,) = page.main_frame.children
        await world.value(page, "frames[0].kept = 1; frames[0].location = '/file'")
        while not any(isinstance(event, events.NavigationEnded) for event in world.seen):
            await world.value(page, "new Promise((resolve) => setTimeout(resolve))")
        assert page.frames[number].url == A + "first"
        assert await world.value(page, "[loads, frames[0].kept, frames[0].location.pathname]") == [1, 1, "/first"]

    run(
        blob,
        {
            A: "<script>loads = 0</script><iframe src=first onload='loads++'></iframe>",
            A + "first": "",
            A + "file": answer,
        },
        test,
    )


def test_a_document_that_is_not_left_after_all_goes_on(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await world.open(A)
        await world.value(page, "void (onpagehide = () => open(''))")
        later: list[Navigation] = []

        def heard(event: events.AnyEvent) -> None:
            # While its events run another navigation comes, and brings no document.
            if isinstance(event, events.WindowOpening):
                later.append(page.navigations.start(NavigationRequest(url=A + "nothing")))

        page.hub.subscribe(heard)
        with pytest.raises(NavigationError, match="interrupted"):
            await page.goto(NavigationRequest(url=A + "second"))
        (navigation,) = later
        await page.navigations.wait_milestone("commit", navigation)
        assert await world.value(page, "location.pathname") == "/"
        assert await world.value(page, "frames[0].location.pathname") == "/first"

    run(
        blob,
        {
            A: "<iframe src=first></iframe><iframe src='https://b.test/'></iframe>",
            A + "first": "",
            A + "second": "",
            A + "nothing": Answer(status=204),
            B: "",
        },
        test,
    )


def test_nothing_is_waited_for_while_a_document_is_left(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await world.open(A)
        asked: list[str] = []

        async def answer(dialog: Json) -> Json:
            asked.append(dialog["message"])
            return {"accepted": True, "text": ""}

        page.dialog_handler = answer
        await page.goto(NavigationRequest(url=A + "second"))
        assert await world.value(page, "localStorage.left") == "undefined,false,null,NetworkError"
        assert asked == []
        assert [one.url for one in world.transport.received] == [A, A + "second"]

    script = """<script>onpagehide = () => {
        const request = new XMLHttpRequest();
        request.open('GET', '/asked', false);
        const out = [String(alert('a')), String(confirm('b')), String(prompt('c'))];
        try { request.send() } catch (error) { out.push(error.name) }
        localStorage.left = out.join();
    }</script>"""
    run(blob, {A: script, A + "second": "", A + "asked": ""}, test)


def test_a_frame_is_asked_before_its_document_is_left(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await world.open(A)
        await world.value(page, "var told = [], f = document.querySelector('iframe'); 0")
        await world.value(
            page, "frames[0].onbeforeunload = () => { told.push('asked') }; f.src = '/second'; told.push('after'); 0"
        )
        assert await world.value(page, "told") == ["asked", "after"]
        assert await world.until(page, "frames[0].location.pathname === '/second'")
        # Nobody has acted on the page: there is no dialog, and it is left.
        await world.value(
            page, "frames[0].onbeforeunload = () => 'stay'; f.src = 'javascript:self.x = 1; \"made\" + x'; 0"
        )
        assert await world.until(page, "f.contentDocument.body.textContent === 'made1'")
        # OnBeforeUnloadEventHandler gives a string: false is one.
        assert await world.value(
            page, "onbeforeunload = () => false; dispatchEvent(new CustomEvent('beforeunload', { cancelable: true }))"
        )
        assert await world.value(page, "opener = 42; Object.getOwnPropertyDescriptor(self, 'opener').value") == 42

    run(blob, {A: "<iframe src=/first></iframe>", A + "first": "first", A + "second": "second"}, test)


def test_a_document_is_left_after_its_navigation_began(blob: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    late_ms = 60_000  # that what the worker says of the time takes to come

    def told_late(*args: Any, **options: Any) -> Json:
        timing = document_timing(*args, **options)
        return timing | {name: timing[name] - late_ms for name in ("now", "started")}

    monkeypatch.setattr(documents, "document_timing", told_late)
    monkeypatch.setattr(resource_requests, "document_timing", told_late)

    async def test(world: World) -> None:
        nonlocal late_ms
        page = await world.open(A)
        # The next message is the first quick one, and the events that follow it take longer than the response did.
        late_ms = 0
        await world.value(page, "frames[0].location = '/second'")
        assert await world.until(page, "frames[0].ready === true")
        left = "(({ unloadEventStart: a, unloadEventEnd: b }) => [a > 0, b > a])(frames[0].performance.getEntriesByType('navigation')[0])"
        assert await world.value(page, left) == [True, True]

    slow = (
        "<script>onunload = () => { const from = performance.now(); while (performance.now() - from < 200); }</script>"
    )
    run(
        blob,
        {A: "<iframe src=first></iframe>", A + "first": slow, A + "second": "<script>var ready = true</script>"},
        test,
    )
