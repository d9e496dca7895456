"""The joint session history: the records alone, and pages whose frames go somewhere."""

from __future__ import annotations

from typing import Any

from sanderling.browser.navigation_request import NavigationRequest
from sanderling.browser.page import Page
from sanderling.browser.session_history import MAX_STEPS, HistoryEntry, SessionHistory
from tests.browser.world import World, run

TOP = "https://here.test/"
OTHER = "https://other.test/"
DOCUMENTS = {
    TOP: "<title>top</title><iframe src=/a></iframe>",
    TOP + "a": "<title>a</title>",
    TOP + "b": "<title>b</title>",
    TOP + "next": "<title>next</title>",
    TOP + "far": f"<title>far</title><iframe src={OTHER}a></iframe>",
    OTHER + "a": "<title>far a</title>",
    OTHER + "b": "<title>far b</title>",
}


def mains(history: SessionHistory) -> list[str]:
    return [step.main.url for step in history.steps]


def shown(history: SessionHistory, frame: int) -> list[str]:
    return [step.frames[frame].url if frame in step.frames else "" for step in history.steps]


def with_documents(*urls: str) -> SessionHistory:
    history = SessionHistory()
    for number, url in enumerate(urls, 1):
        history.push(HistoryEntry(url, number))
    return history


def test_pushing_drops_what_lay_ahead() -> None:
    history = with_documents("a", "b", "c")
    history.arrive(0, HistoryEntry("a", 4))
    history.push(HistoryEntry("d", 5))
    assert mains(history) == ["a", "d"]
    assert history.index == 1


def test_replacing_keeps_what_lies_ahead() -> None:
    history = with_documents("a", "b")
    history.arrive(0, HistoryEntry("a", 3))
    history.replace(HistoryEntry("c", 4))
    assert mains(history) == ["c", "b"]
    assert (history.target(1), history.target(2), history.target(-1)) == (1, None, None)


def test_the_oldest_goes_when_there_are_too_many() -> None:
    history = with_documents(*map(str, range(MAX_STEPS + 2)))
    assert (len(history), history.index) == (MAX_STEPS, MAX_STEPS - 1)
    assert (mains(history)[0], history.current.main.url) == ("2", str(MAX_STEPS + 1))


def test_pages_count_as_many(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await world.open(TOP + "a")
        await world.value(page, f"for (let i = 0; i < {MAX_STEPS + 9}; i++) history.pushState(i, '')")
        assert await world.value(page, "history.length") == len(page.history) == MAX_STEPS
        back = "new Promise((done) => { onpopstate = () => done([history.state, history.length]); history.back() })"
        assert await world.value(page, back) == [MAX_STEPS + 7, MAX_STEPS]

    run(blob, DOCUMENTS, test)


def test_what_a_frame_shows_is_one_entry_in_all_steps() -> None:
    history = with_documents("top")
    history.adopt(2, 1, "about:blank")
    history.replace(HistoryEntry("f", 1), 2)
    history.push(HistoryEntry("top#1", 1, 1))
    history.push(HistoryEntry("f2", 2), 2)
    history.push(HistoryEntry("top#2", 1, 2))
    assert (mains(history), shown(history, 2)) == (
        ["top", "top#1", "top#1", "top#2"],
        ["f", "f", "f2", "f2"],
    )
    assert [(number, entry.url) for number, entry in history.go(1, {1, 2})] == [(1, "top#1"), (2, "f")]
    history.replace(HistoryEntry("g", 3), 2)
    assert shown(history, 2) == ["g", "g", "f2", "f2"]
    assert [(number, entry.url) for number, entry in history.go(2, {1, 2})] == [(2, "f2")]
    assert history.go(2, {1, 2}) == []


def test_steps_go_with_the_frame_that_made_them() -> None:
    history = with_documents("top")
    for frame in (2, 3):
        history.adopt(frame, 1, "about:blank")
    history.push(HistoryEntry("two", 1), 2)
    history.push(HistoryEntry("three", 1), 3)
    history.push(HistoryEntry("two again", 2), 2)
    assert history.drop(2)
    assert (shown(history, 3), history.index) == (["about:blank", "three"], 1)
    assert history.drop(3)
    assert (mains(history), history.index, len(history)) == (["top"], 0, 1)
    history.adopt(4, 1, "about:blank")
    assert not history.drop(4)


def test_a_step_ahead_goes_with_its_frame_and_the_place_stays() -> None:
    history = with_documents("before", "top")
    history.adopt(2, 1, "about:blank")
    history.push(HistoryEntry("two", 1), 2)
    history.go(1, {1, 2})
    assert history.drop(2)
    assert (mains(history), history.index) == (["before", "top"], 1)


def test_frames_of_a_document_that_comes_back_are_taken_up_in_their_order() -> None:
    history = with_documents("top")
    for frame in (2, 3):
        history.adopt(frame, 1, "about:blank")
        history.replace(HistoryEntry(f"f{frame}", 1), frame)
    history.push(HistoryEntry("g", 2), 3)
    history.push(HistoryEntry("next", 2))
    assert history.go(2, {1}) == []
    history.arrive(1, HistoryEntry("top", 3))
    for frame in (12, 13, 14):
        history.adopt(frame, 1, "about:blank")
    assert [history.take_restored(frame) for frame in (12, 13, 14, 13)] == ["f2", "g", "", ""]
    history.replace(HistoryEntry("g", 1), 13)
    assert [(number, entry.url) for number, entry in history.go(0, {1, 12, 13, 14})] == [(13, "f3")]


async def titled(world: World, page: Page, title: str) -> Any:
    """Wait until the frame shows the document of that title; gives what it and the page know of the history."""
    return await world.until(
        page,
        f"frames[0].document.title === '{title}' && frames[0].document.readyState === 'complete' && [history.length, frames[0].history.length]",
    )


async def document_of_frame(world: World, page: Page, title: str) -> int:
    """Wait for a document in a frame of another origin; gives the number of the frame."""
    number = next(number for number in page.frames if number != 1)
    await world.until(page, f"document.title === '{title}' && document.readyState === 'complete'", number)
    return number


def test_back_takes_a_frame_back(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await world.open(TOP)
        assert await titled(world, page, "a") == [1, 1]
        await world.value(page, "frames[0].location = '/b', 0")
        assert await titled(world, page, "b") == [2, 2]
        await world.value(page, "frames[0].history.pushState({ n: 1 }, '', '/b?1'), 0")
        assert await world.value(page, "[history.length, frames[0].history.state.n, history.state]") == [3, 1, None]
        await world.value(page, "history.back(), 0")
        assert await world.until(page, "frames[0].location.search === '' && [frames[0].history.state]") == [None]
        await world.value(page, "history.back(), 0")
        assert await titled(world, page, "a") == [3, 3]
        await world.value(page, "frames[0].history.go(1), 0")
        assert await titled(world, page, "b") == [3, 3]
        assert await world.value(page, "location.pathname") == "/"
        await world.value(page, "document.querySelector('iframe').remove(), 0")
        assert await world.until(page, "history.length === 1")

    run(blob, DOCUMENTS, test)


def test_what_replaces_adds_no_step(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await world.open(TOP)
        await titled(world, page, "a")
        await world.value(page, "frames[0].location.replace('/b'), 0")
        assert await titled(world, page, "b") == [1, 1]
        await world.value(page, "document.querySelector('iframe').src = '/a', 0")
        assert await titled(world, page, "a") == [2, 2]
        await world.value(page, "frames[0].document.title = 'old', frames[0].history.go(0), 0")
        assert await titled(world, page, "a") == [2, 2]
        await world.value(page, "frames[0].location.hash = 'x', 0")
        assert await world.until(page, "history.length === 3")

    run(blob, DOCUMENTS, test)


def test_a_document_that_comes_back_has_its_frames_where_they_were(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await world.open(TOP)
        await titled(world, page, "a")
        await world.value(page, "frames[0].location = '/b', 0")
        await titled(world, page, "b")
        await page.goto(NavigationRequest(url=TOP + "next"))
        assert await world.value(page, "history.length") == 3
        await page.navigations.traverse_and_wait(-1, "load")
        assert await titled(world, page, "b") == [3, 3]
        await world.value(page, "history.back(), 0")
        assert await titled(world, page, "a") == [3, 3]
        await page.navigations.traverse_and_wait(2, "load")
        assert await world.value(page, "document.title") == "next"

    run(blob, DOCUMENTS, test)


def test_frames_of_another_origin_are_part_of_it(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await world.open(TOP + "far")
        number = await document_of_frame(world, page, "far a")
        await world.value(page, f"setTimeout(() => {{ location = '{OTHER}b' }}), 0", number)
        await document_of_frame(world, page, "far b")
        assert await world.value(page, "history.length", number) == 2
        assert await world.until(page, "history.length === 2")
        await world.value(page, "history.pushState(null, '', '#own'), 0")
        assert await world.until(page, "history.length === 3", number)
        await world.value(page, "setTimeout(() => history.go(-2)), 0", number)
        await document_of_frame(world, page, "far a")
        assert await world.value(page, "location.hash") == ""

    run(blob, DOCUMENTS, test)


def test_hashchange_does_without_what_pages_can_replace(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await world.open(TOP + "a")
        told = await world.value(
            page,
            """new Promise((done) => {
              String.prototype.split = () => { throw new Error('replaced') };
              location.hash = 'x';
              onhashchange = (event) => { if (!event.newURL.includes('#')) done([event.oldURL, event.newURL]) };
              history.back();
            })""",
        )
        assert told == [f"{TOP}a#x", f"{TOP}a"]

    run(blob, DOCUMENTS, test)


def test_a_document_forgets_the_entries_that_its_page_has_forgotten(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await world.open(TOP)
        script = """(async () => {
            for (let i = 1; i <= 300; i++) history.pushState(i, '', '?' + i);
            history.replaceState('last', '');
            const arrived = new Promise((done) => addEventListener('popstate', (event) => done(event.state)));
            history.go(1 - MAX);
            return [history.length, await arrived, location.search];
        })()""".replace("MAX", str(MAX_STEPS))
        oldest = 301 - MAX_STEPS
        assert await world.value(page, script) == [MAX_STEPS, oldest, f"?{oldest}"]
        await world.value(page, "history.forward()")
        assert await world.until(page, f"history.state === {oldest + 1}")

    run(blob, DOCUMENTS, test)


def test_what_a_document_left_in_its_entries_is_there_when_it_comes_again(blob: bytes) -> None:
    tall = "<title>tall</title><div style='height: 5000px'></div>"
    known = "[history.state, scrollY, history.scrollRestoration, location.pathname]"

    async def test(world: World) -> None:
        page = await world.open(TOP)
        await world.value(
            page,
            "history.replaceState({ first: [1n, new Uint8Array([7])] }, ''); scrollTo(0, 300);"
            " history.pushState('second', '', '/second'); scrollTo(0, 700); history.scrollRestoration = 'manual'; history.pushState(3, '', '/third'); 0",
        )
        await page.navigations.goto(NavigationRequest(url=TOP + "next"))
        assert await world.value(page, "[history.state, history.scrollRestoration]") == [None, "auto"]
        await page.navigations.traverse_and_wait(-1, "load")
        assert await world.value(page, known) == [3, 0, "manual", "/third"]
        # What lies before it is the same document.
        told = await world.value(
            page,
            f"new Promise((done) => {{ onpopstate = (e) => setTimeout(() => done([e.state, ...{known}])); history.back() }})",
        )
        assert told == ["second", "second", 0, "manual", "/second"]
        await page.navigations.traverse_and_wait(-1, "load")
        await world.until(page, "history.state.first !== undefined")
        assert await world.value(page, "[String(history.state.first[0]), history.state.first[1][0], scrollY]") == [
            "1",
            7,
            300,
        ]
        await page.navigations.goto(NavigationRequest(url=page.main_frame.url, reload=True))
        assert await world.value(page, "[String(history.state.first[0]), scrollY, history.length]") == ["1", 300, 4]

    run(blob, {TOP: tall, TOP + "second": tall, TOP + "third": tall, TOP + "next": "next"}, test)


def test_what_a_redirect_leads_to_gets_nothing_of_it() -> None:
    history = with_documents("a", "b")
    history.steps[0].main.scroll, history.steps[0].main.entry = (0, 5), 3
    history.arrive(0, HistoryEntry("elsewhere", 3))
    assert (history.current.main.scroll, history.current.main.entry) == ((0, 0), 0)


def test_a_document_whose_first_entries_are_forgotten_keeps_their_numbers(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await world.open(TOP + "a")
        await world.value(page, "location.hash = 'one'; 0")
        page.history.forget_others()
        await page.goto(NavigationRequest(url=page.main_frame.url, reload=True))
        await world.value(page, "location.hash = 'two'; 0")
        await world.value(page, "new Promise((done) => { onpopstate = done; history.back() }).then(() => 0)")
        assert await world.value(page, "location.hash") == "#one"

    run(blob, DOCUMENTS, test)
