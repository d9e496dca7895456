"""Objects of windows of the same origin that live in isolates of their own."""

from __future__ import annotations

import asyncio

import pytest

from sanderling.base.errors import SanderlingError
from sanderling.browser.page import Page
from tests.browser.world import World, run

A = "https://a.test/"
B = "https://b.test/"
POPUP = """<title>Popup</title><p id=p>text</p><script>
var v = 7;
function add(a, b) { return a + b }
async function later(x) { await null; return {x, list: [1, {y: 2}]} }
async function fails() { throw new RangeError('late') }
function throws() { throw new TypeError('bad') }
function read(o) { kept = o; return [o.a, o.b.c, Object.keys(o).join(), 'zz' in o, JSON.stringify(o)].join('|') }
</script>"""

PAGES = {A: "<p>opener", A + "popup": POPUP, B: "<iframe src='https://a.test/popup'></iframe>"}


async def opened(world: World) -> Page:
    """Give a page with the popup in its variable `w`."""
    page = await world.open(A)
    await world.value(page, "void (w = open('/popup'))")
    (popup,) = [one for one in world.context.pages.values() if one is not page]
    await popup.navigations.wait_milestone("load", popup.main_frame.navigation)
    return page


def test_values_members_and_calls(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await opened(world)
        assert await world.value(page, "[w.v, w.nothing, 'v' in w, 'nothing' in w, w.add(1, 2), w.innerWidth > 0]") == [
            7,
            None,
            True,
            False,
            3,
            True,
        ]
        assert await world.value(page, "w.v = 8, w.eval('v + 1')") == 9
        assert await world.value(page, "w.read({a: 1, b: {c: [2]}})") == '1|2|a,b|false|{"a":1,"b":{"c":[2]}}'
        # What refers to itself, or holds too much, goes along as far as it goes.
        wide = "(() => { const o = []; for (let i = 0; i < 90; i++) o[i] = o; return w.eval('(o) => o.length')(o) })()"
        assert await world.value(page, wide) == 90
        assert await world.value(page, "[w.add(-0, -0), w.add(0.5, NaN)].map(String)") == ["0", "NaN"]
        assert await world.value(page, "new w.Event('x', {bubbles: true}).bubbles") is True
        caught = "(() => { try { w.throws() } catch (e) { return [e instanceof TypeError, e.message] } })()"
        assert await world.value(page, caught) == [True, "bad"]
        # Keys that are symbols, where all objects of the other window seem to have a text
        await world.value(page, "void w.eval(`Object.prototype.text = 'v'; letters = ['x', 'y']`)")
        assert await world.value(page, "[...w.letters].join()") == "x,y"

    run(blob, PAGES, test)


def test_documents_and_nodes(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await opened(world)
        code = """(() => {
          const p = w.document.querySelector('#p');
          p.textContent += '!';
          p.classList.add('c');
          return [p.outerHTML, p === w.document.getElementById('p'), p.ownerDocument === w.document, w.document.defaultView === w,
            p instanceof w.HTMLElement, [...w.document.querySelectorAll('p')].length, w.document.title];
        })()"""
        assert await world.value(page, code) == [
            '<p id="p" class="c">text!</p>',
            True,
            True,
            True,
            True,
            1,
            "Popup",
        ]
        assert await world.value(page, "(w.document.title = 'New', w.eval('document.title'))") == "New"
        # A node of another isolate cannot be adopted, and says so.
        adopting = "(() => { try { document.body.append(w.document.body) } catch (e) { return e.name } return document.body.lastChild.nodeName })()"
        assert await world.value(page, adopting) == "#text"

    run(blob, PAGES, test)


def test_promises_and_callbacks(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await opened(world)
        assert await world.value(page, "w.later(3).then((r) => JSON.stringify([r.x, r.list, Object.keys(r)]))") == (
            '[3,[1,{"y":2}],["x","list"]]'
        )
        assert await world.value(page, "w.fails().catch((e) => [e instanceof RangeError, e.message])") == [True, "late"]
        # What is called when nobody waits is called; code that waits does what it is asked.
        assert await world.value(page, "new Promise((done) => w.setTimeout(() => done('rang'), 0))") == "rang"
        assert await world.value(page, "w.eval('(f) => f(1) + 1')((x) => x + 1)") == 3
        assert (
            await world.value(
                page,
                "{ const seen = []; w.eval('[1, 2, 3]').forEach((x) => seen.push(w.eval(String(x)))); seen.join() }",
            )
            == "1,2,3"
        )
        thrown = "try { w.eval('(f) => f()')(() => { throw new RangeError('back') }) } catch (e) { e instanceof RangeError && e.message }"
        assert await world.value(page, thrown) == "back"
        await world.value(
            page, "var down = (n) => n === 0 ? 'ground' : w.down(n - 1); w.eval('var down = (n) => opener.down(n)'); 0"
        )
        assert await world.value(page, "down(30)") == "ground"
        await world.value(page, "w.addEventListener('seen', (e) => { self.told = e.detail.x }); 0")
        assert (
            await world.value(page, "w.eval('dispatchEvent(new CustomEvent(`seen`, { detail: { x: 5 } }))') && told")
            == 5
        )

    run(blob, PAGES, test)


def test_what_cannot_be_given_is_told_of(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await opened(world)
        for thrown in (
            "Symbol()",
            "{get name() { throw 1 }, __proto__: Error.prototype}",
            "(() => { const one = Proxy.revocable({}, {}); one.revoke(); return one.proxy })()",
        ):
            code = f"(() => {{ try {{ w.eval({f'throw {thrown}'!r}) }} catch (e) {{ return e.name + e.message }} }})()"
            assert "NotSupportedErrorWhat was thrown cannot be given" in await world.value(page, code)
        for settled in ("Promise.resolve(Symbol())", "Promise.reject(Symbol())"):
            assert await world.value(page, f"w.eval({settled!r}).catch((e) => e.name)") == "NotSupportedError"

    run(blob, PAGES, test)


def test_an_opener_and_a_blank_popup(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await world.open(A)
        await world.value(page, "void (mine = 5, w = open('about:blank'))")
        (popup,) = [one for one in world.context.pages.values() if one is not page]
        assert await world.value(popup, "[opener.mine, opener.document.querySelector('p').textContent]") == [
            5,
            "opener",
        ]
        assert (
            await world.value(page, "(w.document.body.innerHTML = '<b>x</b>', w.document.body.firstChild.nodeName)")
            == "B"
        )
        await world.value(page, "void w.close()")
        closed = "(() => { try { return w.x } catch (e) { return e.name } })()"
        assert await world.value(page, closed) == "SecurityError"

    run(blob, PAGES, test)


def test_other_origins_stay_apart(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await world.open(B)
        frame = page.main_frame.children[0]
        for where, code in (
            (1, "frames[0].v"),
            (1, "frames[0].v = 1"),
            (frame, "parent.document"),
            (frame, "'v' in parent"),
        ):
            asked = f"(() => {{ try {{ return {code} }} catch (e) {{ return e.name }} }})()"
            assert await world.value(page, asked, where) == "SecurityError"

    run(blob, PAGES, test)


def test_objects_of_a_document_that_is_gone(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await opened(world)
        (popup,) = [one for one in world.context.pages.values() if one is not page]
        await world.value(page, "void (p = w.document.querySelector('p'), never = w.eval('new Promise(() => {})'))")
        asked = "(() => { try { return p.nodeName } catch (e) { return e.name } })()"
        assert await world.value(page, asked) == "P"
        for address, name in (("/popup?2", "InvalidStateError"), (B, "SecurityError")):
            await world.value(page, f"void (w.location = '{address}')")
            await popup.navigations.wait_milestone("load")
            assert await world.value(page, asked) == name

    run(blob, {**PAGES, A + "popup?2": POPUP}, test)


def test_a_script_is_run_in_a_popup(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await world.open(A)
        code = "new Promise((done) => { onmessage = (e) => done(e.data); open('javascript:opener.postMessage(location.href, \"*\")') })"
        assert await world.value(page, code) == "about:blank"
        code = "new Promise((done) => { onmessage = (e) => done(e.data); open('').location = 'javascript:opener.postMessage(2, \"*\")' })"
        assert await world.value(page, code) == 2

    run(blob, PAGES, test)


def test_a_window_that_ends_while_it_is_called_back_leaves_nobody_waiting(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await opened(world)
        (popup,) = [one for one in world.context.pages.values() if one is not page]
        await world.value(
            page,
            "w.run = (f) => f(); w.eval('var go = () => { try { return opener.back() } catch (e) { return e.name } }'); 0",
        )
        await world.value(page, "var back = () => w.eval('for (;;);'); 0")
        waiting = asyncio.ensure_future(world.value(popup, "go()"))
        while not world.context.windows.objects._suspended:  # noqa: ASYNC110 - nobody tells of it
            await asyncio.sleep(0)
        await popup.close()
        with pytest.raises(SanderlingError):
            await waiting
        assert await world.value(page, "1") == 1

    run(blob, PAGES, test)


def test_who_is_asked_by_a_document_that_is_left_answers_while_he_waits_for_the_next(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await world.open(A)
        await world.value(page, "void (w = open('/nest'))")
        (popup,) = [one for one in world.context.pages.values() if one is not page]
        await popup.navigations.wait_milestone("load", popup.main_frame.navigation)
        # The last code of a frame of the popup asks the opener, which waits for the window's next document by then.
        await world.value(page, "got = 0; look = () => { try { return w.second } catch {} }; 0")
        assert await world.value(page, "w.location = '/popup?2'; while (!look()); 1") == 1
        assert await world.value(page, "got") == 6

    late = "const from = performance.now(); while (performance.now() - from < 100);"
    pages = {
        **PAGES,
        A + "nest": "<iframe src='https://b.test/in'></iframe>",
        B + "in": "<iframe src='https://a.test/deep'></iframe>",
        A + "deep": f"<script>onpagehide = () => {{ {late} top.opener.got = 5; top.opener.got++ }}</script>",
        A + "popup?2": POPUP + "<script>second = true</script>",
    }
    run(blob, pages, test)


def test_three_windows_that_ask_each_other(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await opened(world)
        (popup,) = [one for one in world.context.pages.values() if one is not page]
        await world.value(popup, "void (x = open('/popup'))")
        (third,) = [one for one in world.context.pages.values() if one not in (page, popup)]
        await third.navigations.wait_milestone("load", third.main_frame.navigation)
        await world.value(page, "x = w.x; one = 1; 0")
        busy = "let sum = 0; for (let i = 0; i < 100; i++) sum += %s; sum"
        sums = await asyncio.gather(
            world.value(page, busy % "w.v"),
            world.value(popup, busy % "opener.one"),
            world.value(third, busy % "opener.opener.one"),
        )
        assert [*sums] == [700, 100, 100]

    run(blob, PAGES, test)


def test_windows_that_call_each_other_without_end_are_stopped(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await opened(world)
        # Most of the stack goes for calls of their own: those from window to window take their time.
        code = "var fill = (n) => (n > 0 ? fill(n - 1) : %s.down()), down = () => fill(40)"
        await world.value(page, f"{code % 'w'}; w.eval(`{code % 'opener'}`); 0")
        assert await world.value(page, "try { down() } catch (e) { e instanceof Error }")
        assert not world.context.windows.objects._suspended
        assert await world.value(page, "w.v") == 7

    run(blob, PAGES, test)
