"""Popups and window proxies: windows in isolates of their own that reach each other by messages."""

from __future__ import annotations

import asyncio

import pytest

from sanderling.browser import context
from sanderling.browser.page import Page
from sanderling.testing.transport import Answer
from tests.browser.world import World, run

A = "https://a.test/"
B = "https://b.test/"


def popup_of(world: World, page: Page) -> Page:
    """Give the one other page of the context."""
    (other,) = [one for one in world.context.pages.values() if one is not page]
    return other


def test_messages_between_opener_and_popup(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await world.open(A)
        answer = await world.value(
            page,
            """new Promise((done) => {
              const popup = open('https://b.test/', 'named');
              addEventListener('message', (e) => done([e.data, e.origin, e.source === popup, popup.closed, popup === popup.window, popup.length]));
            })""",
        )
        assert answer == [{"hello": [1, None, {"deep": "x"}]}, "https://b.test", True, False, True, 0]
        popup = popup_of(world, page)
        assert (popup.opener, popup.name, popup.main_frame.url) == (page.id, "named", B)
        reply = await world.value(
            popup,
            "new Promise((done) => { addEventListener('message', (e) => done([e.data, e.origin, e.source === opener]));"
            " opener.postMessage('ping', '*') })",
        )
        assert reply == ["pong", "https://a.test", True]

    run(
        blob,
        {
            A: "<script>addEventListener('message', (e) => { if (e.data === 'ping') e.source.postMessage('pong', 'https://b.test') })</script>",
            B: "<script>opener.postMessage({hello: [1, null, {deep: 'x'}]}, 'https://a.test')</script>",
        },
        test,
    )


def test_values_and_ports_cross(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await world.open(A)
        value = await world.value(
            page,
            """new Promise((done) => {
              const popup = open('https://b.test/');
              addEventListener('message', () => {
                const channel = new MessageChannel();
                const shared = {a: 1};
                const sent = {
                  big: 12n, nan: NaN, zero: -0, none: undefined, date: new Date(5), re: /x/gi, map: new Map([[1, shared]]), set: new Set([shared]),
                  bytes: new Uint8Array([1, 2, 3]), error: new RangeError('no'), holes: [1, , 3], boxed: Object('s'),
                };
                sent.self = sent;
                channel.port1.onmessage = (e) => done(e.data);
                channel.port1.postMessage('early');
                popup.postMessage(sent, '*', [channel.port2]);
              }, {once: true});
            })""",
        )
        assert value == [
            "12",
            "NaN",
            True,
            True,
            5,
            "/x/gi",
            True,
            [1, 2, 3],
            "RangeError: no",
            False,
            "s",
            True,
            "early",
        ]

    run(
        blob,
        {
            A: "",
            B: """<script>
              addEventListener('message', (e) => {
                const d = e.data, port = e.ports[0];
                port.onmessage = (m) => port.postMessage([
                  String(d.big), String(d.nan), Object.is(d.zero, -0), 'none' in d && d.none === undefined, d.date.getTime(), String(d.re),
                  d.map.get(1) === [...d.set][0], [...d.bytes], String(d.error), 1 in d.holes, d.boxed.valueOf(), d.self === d, m.data]);
              });
              opener.postMessage('ready', '*');
            </script>""",
        },
        test,
    )


def test_what_crosses_origins_and_what_does_not(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await world.open(A)
        await world.value(page, "void (window.popup = open('https://b.test/'))")
        popup = popup_of(world, page)
        await popup.navigations.wait_milestone("load", popup.main_frame.navigation)
        names = await world.value(
            page,
            """['document', 'name', 'foo', 'addEventListener'].map((key) => { try { popup[key]; return 'read' } catch (e) {
                 return e instanceof DOMException ? e.name : String(e) } })""",
        )
        assert names == ["SecurityError"] * 4
        assert await world.value(
            page,
            """[typeof popup.postMessage, popup.top === popup, popup.opener === window, popup.parent === popup, popup.then,
               (() => { try { return popup.location.href } catch (e) { return e.name } })(),
               (() => { try { popup.x = 1 } catch (e) { return e.name } })(), popup === open('', '') , Object.getPrototypeOf(popup)]""",
        ) == ["function", True, True, True, None, "SecurityError", "SecurityError", False, None]

    run(blob, {A: "", B: "<p>x"}, test)


def test_titles_and_addresses_of_documents_of_the_same_origin(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await world.open(A)
        await world.value(page, "void (window.popup = open('/second'))")
        popup = popup_of(world, page)
        await popup.navigations.wait_milestone("load", popup.main_frame.navigation)
        seen = await world.value(popup, "document.querySelector('p').textContent")
        assert seen == "First https://a.test/ BODY"
        assert await world.value(
            page, "[popup.document.title, popup.document.URL, popup.document.defaultView === popup]"
        ) == [
            "Second",
            "https://a.test/second",
            True,
        ]
        await world.value(page, "document.title = 'changed'")
        assert await world.value(popup, "opener.document.title") == "changed"

    second = """<title>Second</title><p></p><script>
      let text = [opener.document.title, opener.document.URL, opener.document.body.nodeName].join(' ');
      document.querySelector('p').textContent = text;</script>"""
    run(blob, {A: "<title>First</title>", f"{A}second": second}, test)


def test_writing_into_a_blank_popup(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await world.open(A)
        await world.value(
            page,
            "void (window.popup = open(), popup.document.write('<title>T</title><p>written'), popup.document.close())",
        )
        popup = popup_of(world, page)
        assert await world.until(popup, "document.body?.textContent") == "written"
        assert await world.value(page, "[popup.location.href, popup.origin]") == ["about:blank", "https://a.test"]

    run(blob, {A: ""}, test)


def test_location_closed_and_close(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await world.open(A)
        await world.value(page, "void (window.popup = open('about:blank', 'one'), popup.location = '/second')")
        popup = popup_of(world, page)
        await world.until(popup, "document.body && document.body.textContent === 'second'")
        assert await world.value(page, "popup.location.href") == A + "second"
        assert await world.value(page, "[open('', 'one') === popup, popup.close(), popup.closed]") == [True, None, True]
        await world.until(page, "popup.closed && popup.opener === null")
        assert len(world.context.pages) == 1

    run(blob, {A: "", A + "second": "second"}, test)


def test_a_held_popup_gets_everything_in_order(blob: bytes) -> None:
    async def test(world: World) -> None:
        gate = asyncio.get_running_loop().create_future()

        async def hold(popup: Page) -> None:
            await gate

        world.context.popup_gate = hold
        page = await world.open(A)
        await world.value(
            page,
            "void (window.popup = open(''), popup.document.write('<script>addEventListener(`message`, (e) => (window.got = e.data))</scr' + 'ipt>'),"
            " popup.document.close(), popup.postMessage('held', '*'))",
        )
        popup = popup_of(world, page)
        assert await world.value(popup, "document.scripts.length") == 0
        gate.set_result(None)
        assert await world.until(popup, "window.got") == "held"

    run(blob, {A: ""}, test)


def test_noopener(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await world.open(A)
        assert await world.value(page, "open('/second', '', 'noopener')") is None
        popup = popup_of(world, page)
        await world.until(popup, "document.body && document.body.textContent === 'second'")
        assert await world.value(popup, "opener") is None
        await popup.close()
        world.opened.get_nowait()
        await world.value(page, "document.querySelector('a').click()")
        opened = await world.opened.get()
        popup = world.context.pages[opened]
        await world.until(popup, "document.body && document.body.textContent === 'second'")
        assert await world.value(popup, "opener") is None

    run(blob, {A: "<a href=second target=_blank>x</a>", A + "second": "second"}, test)


def test_windows_without_end(blob: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(context, "MAX_POPUPS", 3)

    async def test(world: World) -> None:
        page = await world.open(A)
        opened = await world.value(page, "[1, 2, 3, 4, 5].map(() => open('') !== null)")
        assert opened == [True, True, True, False, False]
        assert page.unsupported == ["window.open: pages of one context may have opened 3 windows at a time"]

    run(blob, {A: ""}, test)


def test_popups_have_the_bounds_that_were_asked_for(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await world.open(A)
        shown = "[w.innerWidth, w.innerHeight, w.screenX, w.toolbar.visible]"
        found = await world.value(
            page,
            f"['width=300,height=200.9,left=5', 'popup=0,width=300'].map((features) => {{ const w = open('', '', features); return {shown} }})",
        )
        assert found == [[300, 200, 5, False], await world.value(page, shown.replace("w.", "window."))]

    run(blob, {A: ""}, test)


def test_what_crosses_origins_of_a_location(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await world.open(A)
        found = await world.value(
            page,
            """new Promise((done) => {
              const frame = document.querySelector('iframe');
              frame.onload = () => {
                const { location } = frame.contentWindow;
                const described = (key) => Object.getOwnPropertyDescriptor(location, key);
                done([
                  ['pathname', 'assign', 'reload', 'toString'].map((key) => { try { return typeof location[key] } catch (error) { return error.name } }),
                  Object.getOwnPropertyNames(location), described('href').set === described('href').set, described('href').get === undefined,
                  described('replace').value === location.replace,
                ]);
              };
              frame.src = 'https://b.test/';
            })""",
        )
        assert found == [["SecurityError"] * 4, ["href", "replace", "then"], True, True, True]

    run(blob, {A: "<iframe></iframe>", B: ""}, test)


def test_a_blank_window_has_the_policies_of_who_opened_it(blob: bytes) -> None:
    """HTML, "determining navigation params policy container": what has no response has those of its maker."""

    async def test(world: World) -> None:
        page = await world.open(A)
        asks = "fetch('https://b.test/no').then(() => 'sent', () => 'refused')"
        for url in ("''", "URL.createObjectURL(new Blob(['<p>x'], { type: 'text/html' }))"):
            known = set(page.context.pages)
            await world.value(page, f"void (window.popup = open({url}))")
            (number,) = set(page.context.pages) - known
            popup = page.context.pages[number]
            assert await world.until(popup, "document.readyState === 'complete'")
            if "Blob" in url:
                assert await world.until(popup, "location.protocol === 'blob:'")
            assert await world.value(popup, asks) == "refused", url
        assert [one.url for one in world.transport.received] == [A]

    policy = ("Content-Security-Policy", "connect-src 'none'")
    run(blob, {A: Answer(headers=(("Content-Type", "text/html"), policy), body=b"<p>")}, test)
