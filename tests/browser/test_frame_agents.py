"""Frames of other origins: isolates of their own, that reach the page by messages only."""

from __future__ import annotations

import asyncio

import pytest

from sanderling.browser import hub as events
from sanderling.browser.agent import Agent
from sanderling.browser.page import Page
from sanderling.js.engine import Isolate
from sanderling.testing.transport import Answer
from tests.browser.world import Document, World, page_of, run

A = "https://a.test/"
B = "https://b.test/"


def only_child(page: Page, frame: int = 1) -> int:
    """Give the number of the one child of a frame."""
    (number,) = page.frames[frame].children
    return number


def test_a_frame_of_another_origin_has_its_own_isolate(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await world.open(A)
        number = only_child(page)
        frame = page.frames[number]
        assert (frame.url, frame.origin, frame.name, frame.parent) == (B, "https://b.test", "kid", 1)
        assert frame.lifecycle == {"commit", "domcontentloaded", "load"}
        agent = page.agent_of(number)
        assert agent is not None
        assert agent is not page.agent
        assert page.agents() == [page.agent, agent]
        assert await world.value(page, "[loads, frames.length, document.querySelector('iframe').contentDocument]") == [
            1,
            1,
            None,
        ]
        assert await world.value(
            page, "frames.kid === frames[0] && frames[0] === document.querySelector('iframe').contentWindow"
        )
        assert await world.value(
            page,
            "['document', 'x'].map((key) => { try { return typeof frames[0][key] } catch (e) { return e.name } })",
        ) == ["SecurityError", "SecurityError"]
        assert await world.value(
            page,
            "[document.body.textContent, name, parent === top, parent === window, location.ancestorOrigins[0], frameElement]",
            number,
        ) == ["inside", "kid", True, False, "https://a.test", None]
        # The parent's load waits for the frame's.
        loads = [event.frame for event in world.seen if isinstance(event, events.Lifecycle) and event.name == "load"]
        assert loads == [number, 1]

    run(
        blob,
        {A: "<script>loads = 0</script><iframe name=kid src='https://b.test/' onload='loads++'></iframe>", B: "inside"},
        test,
    )


def test_messages_both_ways(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await world.open(A)
        assert await world.until(page, "window.got") == ["hello", "https://b.test", True]
        assert await world.until(page, "window.port") == "through"
        assert await world.until(page, "window.wrong === undefined")

    run(
        blob,
        {
            A: """<script>addEventListener('message', (e) => {
                    if (e.data === 'wrong') window.wrong = 1;
                    if (e.data === 'hello') { window.got = [e.data, e.origin, e.source === frames[0]]; e.source.postMessage('again', e.origin) }
                    if (e.ports.length) e.ports[0].onmessage = (m) => (window.port = m.data);
                  })</script><iframe src='https://b.test/'></iframe>""",
            B: """<script>
                    addEventListener('message', (e) => { const c = new MessageChannel(); parent.postMessage(0, '*', [c.port2]);
                      c.port1.postMessage('through') });
                    parent.postMessage('wrong', 'https://c.test'); top.postMessage('hello', '*')</script>""",
        },
        test,
    )


def test_nested_frames_and_their_agents(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await world.open(A)
        outer = only_child(page)
        inner = only_child(page, outer)
        assert page.agent_of(inner) is page.agent_of(outer)
        deep = only_child(page, inner)
        assert page.frames[deep].origin == "https://a.test"
        assert page.agent_of(deep) not in (page.agent, page.agent_of(outer))
        assert await world.value(page, "frames[0].length") == 1
        assert await world.value(page, "frames[0][0][0].parent === frames[0][0]")
        assert await world.value(page, "[parent !== top, location.ancestorOrigins[2]]", deep) == [
            True,
            "https://a.test",
        ]
        await world.value(page, "document.querySelector('iframe').remove()")
        assert list(page.frames) == [1]
        assert page.agents() == [page.agent]

    run(
        blob,
        {
            A: "<iframe src='https://b.test/'></iframe>",
            B: "<iframe src='/in'></iframe>",
            B + "in": "<iframe src='https://a.test/deep'></iframe>",
            A + "deep": "deep",
        },
        test,
    )


def test_a_frame_goes_and_comes_back(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await world.open(A)
        number = only_child(page)
        assert page.agent_of(number) is page.agent
        await world.value(
            page,
            "new Promise((done) => { const f = document.querySelector('iframe'); window.old = f.contentWindow; f.onload = done; f.src = 'https://b.test/' })",
        )
        assert page.agent_of(number) is not page.agent
        assert (page.frames[number].documents, page.frames[number].url) == (2, B)
        await world.value(page, "old.postMessage('late', '*')")
        assert await world.until(page, "window.echo", number) == "late"
        # The frame's own navigation takes it back, by a form.
        await world.value(page, "void document.forms[0].submit()", number)
        await world.until(page, "document.querySelector('iframe').contentDocument?.body?.textContent === 'home'")
        assert page.agent_of(number) is page.agent
        assert page.agents() == [page.agent]
        assert (page.frames[number].documents, page.frames[number].url) == (3, A + "home")
        request = world.transport.received[-1]
        assert (request.method, request.body) == ("POST", b"x=1")
        assert request.headers.get("origin") == "https://b.test"
        assert request.headers.get("sec-fetch-dest") == "iframe"

    run(
        blob,
        {
            A: "<iframe src=home></iframe>",
            A + "home": "home",
            B: "<script>addEventListener('message', (e) => (window.echo = e.data))</script>"
            "<form method=post action='https://a.test/home'><input name=x value=1></form>",
        },
        test,
    )


def test_the_object_of_a_window_stays(blob: bytes) -> None:
    """What a page took of a frame before the frame's document came is what its messages come from."""

    async def test(world: World) -> None:
        page = await world.open(A)
        assert await world.until(page, "window.got") == [True, True, True]
        assert await world.value(
            page,
            "[() => early.document, () => early.foo, () => early.setTimeout, () => { early.foo = 1 }, () => 'foo' in early,"
            " () => early.location.href, () => location.href].map((f) => { try { f(); return 'no error' } catch (e) { return e.name } })",
        ) == ["SecurityError"] * 6 + ["no error"]
        assert await world.value(
            page, "[early.length, early.parent === window, early.window === early, early.closed]"
        ) == [
            0,
            True,
            True,
            False,
        ]
        # What ran in the frame before goes on with its own names.
        assert await world.value(page, "[kept(), keptName()]") == ["before", "kid"]
        await world.value(
            page,
            "new Promise((done) => { el.src = 'javascript:void (top.ran = 1)'; setTimeout(() => setTimeout(done)) })",
        )
        assert await world.value(page, "window.ran === undefined && early === el.contentWindow")
        # It comes back, and is a window of this isolate as before.
        await world.value(page, "new Promise((done) => { el.onload = done; el.src = 'home' })")
        assert await world.value(
            page,
            "[early === el.contentWindow, early.document.body.textContent, early.word, typeof early.setTimeout, early instanceof Window,"
            " early.location.href, early.location === early.document.location, Object.keys(early).includes('foo')]",
        ) == [True, "home", "after", "function", True, A + "home", True, False]

    run(
        blob,
        {
            A: """<iframe name=kid src=first></iframe><script>
                    el = document.querySelector('iframe'); early = el.contentWindow;
                    addEventListener('message', (e) => { window.got = [e.source === early, e.source === frames[0], e.source === el.contentWindow] });
                    el.onload = () => { kept = early.say; keptName = early.sayName; el.onload = null; early.location = 'https://b.test/' };
                  </script>""",
            A
            + "first": "<script>var word = 'before'; function say() { return word } function sayName() { return name }</script>",
            A + "home": "<script>var word = 'after'</script>home",
            B: "<script>parent.postMessage('hi', '*')</script>",
        },
        test,
    )


def test_links_of_a_frame_into_the_top(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await world.open(A)
        await world.value(page, "document.querySelector('a').click()", only_child(page))
        await world.until(page, "document.body && document.body.textContent === 'second'")
        assert page.agents() == [page.agent]

    run(
        blob,
        {
            A: "<iframe src='https://b.test/'></iframe>",
            B: "<a target=_top href='https://a.test/second'>x</a>",
            A + "second": "second",
        },
        test,
    )


def test_frames_that_may_not_be_shown(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await world.open(A)
        ended = [event.code for event in world.seen if isinstance(event, events.NavigationEnded)]
        assert ended == ["net::ERR_BLOCKED_BY_RESPONSE"]
        assert page.agents() == [page.agent]

    run(blob, {A: "<iframe src='https://b.test/'></iframe>", B: page_of("x", X_Frame_Options="DENY")}, test)


def test_too_many(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await world.open(A)
        assert len(page.agents()) == 1 + 30
        assert page.unsupported == ["more than 30 frames of other origins"]

    frames = "".join(f"<iframe src='https://f{number}.test/'></iframe>" for number in range(31))
    run(blob, {A: frames, **{f"https://f{number}.test/": "x" for number in range(31)}}, test)


def test_scripts_storage_and_requests_of_a_frame(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await world.open(A)
        number = only_child(page)
        assert await world.until(page, "window.fetched", number) == "data"
        fetched = next(request for request in world.transport.received if request.url == B + "data")
        assert fetched.headers.get("sec-fetch-site") == "same-origin"
        assert fetched.headers.get("referer") == B
        assert await world.value(page, "localStorage.getItem('k')", number) == "v"
        assert await world.value(page, "localStorage.getItem('k')") is None
        assert world.context.storage.items("https://b.test/^0https://a.test") == [("k", "v")]
        requests = [event for event in world.seen if isinstance(event, events.RequestStarted)]
        assert [(event.frame, event.type, event.navigation) for event in requests][1:] == [
            (number, "iframe", 1),
            (number, "fetch", 0),
        ]

    run(
        blob,
        {
            A: "<iframe src='https://b.test/'></iframe>",
            B: "<script>localStorage.setItem('k', 'v'); fetch('/data').then((r) => r.text()).then((t) => (window.fetched = t))</script>",
            B + "data": "data",
        },
        test,
    )


def test_sandboxed_frames(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await world.open(A)
        opaque, mute, same, markup = page.main_frame.children
        assert [page.frames[number].origin for number in (opaque, mute, same, markup)] == [
            "null",
            "null",
            "https://a.test",
            "null",
        ]
        assert page.agent_of(same) is page.agent
        assert await world.value(
            page, "[...document.querySelectorAll('iframe')].map((f) => f.contentDocument === null)"
        ) == [True, True, False, True]
        assert sorted(await world.value(page, "got")) == [["null", "child"], ["null", "markup"]]
        assert await world.value(page, "frames[2].ran") is None
        assert await world.value(page, "window.ran") is None

    child = "<script>ran = 1; parent.postMessage('child', '*')</script>"
    run(
        blob,
        {
            A: "<script>got = []; addEventListener('message', (e) => got.push([e.origin, e.data]))</script>"
            "<iframe sandbox=allow-scripts src=child></iframe><iframe sandbox src=child></iframe>"
            "<iframe sandbox=allow-same-origin src=child></iframe>"
            "<iframe sandbox=allow-scripts srcdoc=\"<script>parent.postMessage('markup', '*')</script>\"></iframe>",
            A + "child": child,
        },
        test,
    )


def test_init_scripts_run_in_every_frame(blob: bytes) -> None:
    async def test(world: World) -> None:
        world.context.init_scripts.append("window.initial = (window.initial || 0) + 1")
        page = await world.open(A)
        near, far = page.main_frame.children
        assert await world.value(page, "[initial, seen, frames[0].seen]") == [1, 1, 1]
        assert await world.value(page, "[initial, seen]", far) == [1, 1]
        assert page.agent_of(near) is page.agent

    run(
        blob,
        {
            A: "<script>seen = initial</script><iframe src=near></iframe><iframe src='https://b.test/'></iframe>",
            A + "near": "<script>seen = initial</script>",
            B: "<script>seen = initial</script>",
        },
        test,
    )


def test_frames_are_found_by_name_across_isolates(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await world.open(A)
        one, two = page.main_frame.children
        await world.value(page, "document.querySelector('a').click()", one)
        await world.until(page, "window.got")
        assert page.frames[two].url == "https://c.test/other"
        assert len(world.context.pages) == 1

    run(
        blob,
        {
            A: "<script>addEventListener('message', (e) => (window.got = e.data))</script><iframe src='https://b.test/'></iframe><iframe name=two src='https://c.test/'></iframe>",
            B: "<a target=two href='https://c.test/other'>x</a>",
            "https://c.test/": "first",
            "https://c.test/other": "<script>parent.postMessage(1, '*')</script>",
        },
        test,
    )


def test_modules_in_frames(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await world.open(A)
        _, far = page.main_frame.children
        assert await world.until(page, "window.value", far) == 7
        assert await world.until(page, "frames[0].value") == 7
        assert await world.value(page, "typeof value") == "undefined"
        assert page.errors == []

    module = "<script type=module>import {x} from '/m.js'; window.value = x</script>"
    script = Answer(headers=(("Content-Type", "text/javascript"),), body=b"export const x = 7")
    run(
        blob,
        {
            A: "<iframe src=near></iframe><iframe src='https://b.test/'></iframe>",
            A + "near": module,
            A + "m.js": script,
            B: module,
            B + "m.js": script,
        },
        test,
    )


def test_functions_made_in_a_frame_are_of_the_main_window(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await world.open(A)
        assert await world.value(page, "[frames[0].made, frames[0].called]") == ["main", "near"]

    run(
        blob,
        {
            A: "<script>var where = 'main'</script><iframe src=near></iframe>",
            A
            + "near": "<script>var where = 'near'; window.made = new Function('return where')(); window.called = (() => where)()</script>",
        },
        test,
    )


def test_a_frame_for_which_there_is_no_isolate_has_failed(blob: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    async def nothing() -> Isolate:
        raise RuntimeError("no memory")

    async def test(world: World) -> None:
        page = await world.open(A)
        number = only_child(page)
        monkeypatch.setattr(world.browser, "take_isolate", nothing)
        assert await world.value(
            page,
            "new Promise((done) => { const f = document.querySelector('iframe'); f.onload = () => done(1); f.src += '2' })",
        )
        assert page.agent_of(number) is page.agent
        assert page.frames[number].origin == "null"
        assert page.frames[number].url == "chrome-error://chromewebdata/"

    run(blob, {A: "<iframe src='https://b.test/'></iframe>", B: "first", B + "2": "second"}, test)


async def leave_slowly(page: Page, monkeypatch: pytest.MonkeyPatch) -> tuple[asyncio.Event, asyncio.Event]:
    """Let documents of frames be left only when the second event is set; the first says that their events have run."""
    left, goes = asyncio.Event(), asyncio.Event()
    unload = page.documents.unload_one

    async def slowly(agent: Agent) -> float:
        took = await unload(agent)
        left.set()
        await goes.wait()
        return took

    monkeypatch.setattr(page.documents, "unload_one", slowly)
    return left, goes


def test_code_for_a_frame_that_is_left_runs_in_its_next_document(blob: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    async def test(world: World) -> None:
        page = await world.open(A)
        left, goes = await leave_slowly(page, monkeypatch)
        await world.value(page, "document.querySelector('iframe').src += '2'; 0")
        await left.wait()
        evaluating = asyncio.ensure_future(world.until(page, "document.body?.textContent", only_child(page)))
        while not page.calls._arrivals:  # noqa: ASYNC110 - nobody tells of it
            await asyncio.sleep(0)
        goes.set()
        assert await evaluating == "second"

    run(blob, {A: "<iframe src='https://b.test/'></iframe>", B: "first", B + "2": "second"}, test)


def test_a_frame_whose_navigation_is_canceled_late_goes_on(blob: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    async def test(world: World) -> None:
        page = await world.open(A)
        number = only_child(page)
        agent = page.agent_of(number)
        left, goes = await leave_slowly(page, monkeypatch)
        await world.value(page, "document.querySelector('iframe').src += '2'; 0")
        await left.wait()
        await world.value(page, "document.querySelector('iframe').src += '/nothing'; 0")
        goes.set()
        assert await world.value(page, "document.body.textContent", number) == "first"
        assert page.agent_of(number) is agent

    pages: dict[str, Document] = {
        A: "<iframe src='https://b.test/'></iframe>",
        B: "first",
        B + "2": "second",
        B + "2/nothing": Answer(status=204),
    }
    run(blob, pages, test)


def test_a_frame_that_goes_home_leaves_its_document_and_the_frames_in_it(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await world.open(A)
        number = only_child(page)
        await world.value(
            page,
            "new Promise((done) => { const f = document.querySelector('iframe'); f.onload = () => done(1); f.src = '/home' })",
        )
        assert page.agents() == [page.agent]
        assert list(page.frames) == [1, number]
        assert page.frames[number].children == []
        while world.transport.received[-1].url != B + "left":
            await world.value(page, "new Promise((resolve) => setTimeout(resolve))")

    leaving = "<script>onpagehide = () => navigator.sendBeacon('/left')</script><iframe></iframe>"
    run(blob, {A: "<iframe src='https://b.test/'></iframe>", A + "home": "", B: leaving, B + "left": ""}, test)


def test_the_navigator_of_a_document_that_was_left_for_another_origin_acts_for_nobody(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await world.open(A)
        await world.value(
            page, "own = frames[0].navigator; [own.sendBeacon('/x'), own.storageBuckets, own.locks].length"
        )
        assert await world.value(page, "own.sendBeacon('/x')") is True
        leave = (
            "new Promise((done) => { const el = document.querySelector('iframe'); el.onload = done; el.src = '%s' })"
        )
        await world.value(page, leave % B + ".then(() => 1)")
        assert page.agent_of(only_child(page)) is not page.agent
        assert await world.value(page, "own.sendBeacon('/x')") is False
        assert await world.value(page, "own.storageBuckets.keys().catch((error) => error.name)") == "TypeError"
        assert await world.value(page, "own.locks.query().catch((error) => error.name)") == "InvalidStateError"

    run(blob, {A: "<iframe></iframe>", B: "inside"}, test)


def test_what_a_frame_showed_before_it_went_to_another_origin_goes_with_the_frame(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await world.open(A)
        await world.value(
            page,
            """(async () => {
                 left = [];
                 for (let i = 0; i < 10; i++) {
                   const el = document.createElement('iframe');
                   document.body.append(el);
                   el.contentWindow.ballast = new Array(1000).fill(i);
                   left.push(new WeakRef(el.contentDocument));
                   await new Promise((done) => { el.onload = done; el.src = 'https://b.test/'; });
                   el.remove();
                 }
               })()""",
        )
        collect = "for (let i = 0, a = []; i < 1000; i++) a = [i % 100 === 0 ? null : a, new Array(10000).fill(i)]"
        for _ in range(3):
            await world.value(page, f"(() => {{ {collect} }})()")
        assert await world.value(page, "left.filter((one) => one.deref() !== undefined).length") <= 2

    run(blob, {A: "<body>", B: "inside"}, test)
