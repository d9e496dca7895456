"""Child frames as the page and its watchers know them."""

from __future__ import annotations

from sanderling.browser import hub as events
from sanderling.browser.navigation_request import NavigationRequest
from sanderling.testing.transport import Answer
from tests.browser.world import World, run

TOP = "https://a.test/"


def story(world: World, *, main: bool = False) -> list[str]:
    """Name what the watchers heard of child frames (of the main one too), in order; frames by their order of attachment."""
    numbers: dict[int, str] = {1: "main"}
    out = []
    for event in world.seen:
        if isinstance(event, events.FrameAttached):
            numbers[event.frame] = f"f{len(numbers)}"
            out.append(f"attached {numbers[event.frame]} to {numbers[event.parent]}")
            continue
        frame = getattr(event, "frame", None)
        if frame is None or (frame == 1 and not main):
            continue
        match event:
            case events.NavigationStarted():
                out.append(f"started {numbers[frame]} {event.url} {event.number}")
            case events.RequestStarted():
                out.append(f"request {numbers[frame]} {event.type} {event.url} {event.navigation}")
            case events.FrameNavigated():
                out.append(f"navigated {numbers[frame]} {event.url}{' within' if event.within_document else ''}")
            case events.Lifecycle():
                out.append(f"{event.name} {numbers[frame]}")
            case events.NavigationEnded():
                out.append(f"ended {numbers[frame]} {event.code}")
            case events.FrameDetached():
                out.append(f"detached {numbers[frame]} {event.reason}")
    return out


def test_the_order_of_a_frame(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await world.open(TOP)
        # The parent's DOMContentLoaded races with the child's response.
        heard = [line for line in story(world, main=True) if line != "domcontentloaded main"]
        assert heard[-7:] == [
            "attached f1 to main",
            "started f1 https://a.test/child 1",
            "request f1 iframe https://a.test/child 1",
            "navigated f1 https://a.test/child",
            "domcontentloaded f1",
            "load f1",
            "load main",
        ]
        (number,) = page.main_frame.children
        frame = page.frames[number]
        assert (frame.parent, frame.name, frame.url, frame.origin) == (
            1,
            "kid",
            "https://a.test/child",
            "https://a.test",
        )
        assert (frame.documents, frame.content_type) == (1, "text/html")
        assert frame.lifecycle == {"commit", "domcontentloaded", "load"}
        assert page.agent_of(number) is page.agent
        assert page.agent_of(99) is None

    run(blob, {TOP: "<iframe name=kid src=child></iframe>", TOP + "child": "<p>x"}, test)


def test_a_blank_frame_is_complete_at_once(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await world.open(TOP)
        assert story(world) == [
            "attached f1 to main",
            "navigated f1 about:blank",
            "domcontentloaded f1",
            "load f1",
        ]
        (number,) = page.main_frame.children
        assert (page.frames[number].origin, page.frames[number].documents) == ("https://a.test", 0)

    run(blob, {TOP: "<iframe></iframe>"}, test)


def test_nested_frames_and_removal(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await world.open(TOP)
        (outer,) = page.main_frame.children
        (inner,) = page.frames[outer].children
        assert page.frames[inner].parent == outer
        world.seen.clear()
        await world.value(page, "document.querySelector('iframe').remove()")
        assert [(event.frame, event.reason) for event in world.seen if isinstance(event, events.FrameDetached)] == [
            (inner, "remove"),
            (outer, "remove"),
        ]
        assert list(page.frames) == [1]
        assert page.main_frame.children == []

    run(blob, {TOP: "<iframe src=child></iframe>", TOP + "child": "<iframe srcdoc='<p>x'></iframe>"}, test)


def test_a_navigation_of_a_frame_takes_its_children(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await world.open(TOP)
        (outer,) = page.main_frame.children
        world.seen.clear()
        await world.value(
            page,
            "new Promise((done) => { const f = document.querySelector('iframe'); f.onload = done; f.src = 'other' })",
        )
        frame = page.frames[outer]
        assert (frame.url, frame.documents, frame.children) == (TOP + "other", 2, [])
        kinds = [type(event).__name__ for event in world.seen if getattr(event, "frame", 0) == outer]
        assert kinds == ["NavigationStarted", "RequestStarted", "FrameNavigated", "Lifecycle", "Lifecycle"]
        assert [type(event).__name__ for event in world.seen].count("FrameDetached") == 1

    run(
        blob,
        {TOP: "<iframe src=child></iframe>", TOP + "child": "<iframe></iframe>", TOP + "other": "other"},
        test,
    )


def test_a_frame_that_fails_says_so(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await world.open(TOP)
        assert "ended f1 net::ERR_CONNECTION_REFUSED" in story(world)
        frame = page.frames[page.main_frame.children[0]]
        assert (frame.url, frame.unreachable_url) == ("chrome-error://chromewebdata/", TOP + "child")

    run(
        blob,
        {TOP: "<iframe src=child></iframe>", TOP + "child": Answer(fail="net::ERR_CONNECTION_REFUSED")},
        test,
    )


def test_numbers_of_frames_are_never_used_again(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await world.open(TOP)
        (first,) = page.main_frame.children
        await page.goto(NavigationRequest(url=TOP, reload=True))
        (second,) = page.main_frame.children
        assert second != first

    run(blob, {TOP: "<iframe></iframe>"}, test)


def test_a_fragment_and_a_name_of_a_frame(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await world.open(TOP)
        (number,) = page.main_frame.children
        await world.value(page, "frames[0].location.hash = 'x', frames[0].name = 'new'")
        assert (page.frames[number].url, page.frames[number].name) == (TOP + "child#x", "new")
        assert story(world)[-1] == "navigated f1 https://a.test/child#x within"
        await world.value(page, "document.querySelector('iframe').name = 'newer'")
        assert page.frames[number].name == "newer"

    run(blob, {TOP: "<iframe src=child></iframe>", TOP + "child": "<p>x"}, test)


def test_a_frame_that_removes_itself_leaves_no_markup(blob: bytes) -> None:
    documents = {
        "https://a.test/": "<iframe src=/gone></iframe>",
        "https://a.test/gone": "<script>frameElement.remove()</script>",
    }

    async def test(world: World) -> None:
        page = await world.open("https://a.test/")
        assert list(page.frames) == [1]
        assert page.markups == {}

    run(blob, documents, test)


def test_markup_of_an_element_is_shown_again_when_it_is_reloaded(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await world.open("https://a.test/")
        shown = await world.value(
            page,
            """new Promise((done) => {
              const frame = document.querySelector('iframe');
              frame.onload = () => done([frame.contentDocument.body.textContent, frame.contentWindow.location.href, frame.contentDocument === before]);
              const before = frame.contentDocument;
              before.body.textContent = 'changed';
              frame.contentWindow.location.reload();
            })""",
        )
        assert shown == ["markup", "about:srcdoc", False]

    run(blob, {"https://a.test/": "<iframe srcdoc='<p>markup'></iframe>"}, test)
