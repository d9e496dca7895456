"""Shared web workers: one isolate for all documents of a context that ask for the same one."""

from __future__ import annotations

import asyncio

import pytest

from sanderling.browser import shared_workers
from sanderling.browser.frame import Frame
from sanderling.browser.navigation_request import NavigationRequest
from sanderling.browser.network_tools import BlockRule
from sanderling.browser.page_posts import Maker
from sanderling.browser.shared_workers import Home
from sanderling.testing.transport import Answer
from tests.browser.test_web_workers import PAGE, A, script
from tests.browser.world import Document, World, page_of, run

ECHO = """let n = 0;
onconnect = (e) => { const port = e.ports[0]; const mine = ++n; port.onmessage = (m) => port.postMessage([name, mine, n, m.data]); };"""
B = "https://b.test/"


def ask(options: str = "", url: str = "'/w.js'", message: str = "'x'") -> str:
    """Give an expression that connects to a shared worker, and its answer to a message."""
    return f"""new Promise((done) => {{
      const w = new SharedWorker({url}{options and ", " + options}); w.onerror = (e) => done('error ' + e.constructor.name);
      w.port.onmessage = (e) => done(e.data); w.port.postMessage({message}); }})"""


def check(blob: bytes, source: str, expression: str, expected: object, **more: Document) -> None:
    """Load a page whose worker script is `source`, and compare the value of an expression."""

    async def test(world: World) -> None:
        page = await world.open(A)
        assert await world.value(page, expression) == expected

    documents: dict[str, Document] = {A: PAGE, f"{A}w.js": script(source)}
    documents.update({f"{A}{name.replace('_', '.')}": document for name, document in more.items()})
    run(blob, documents, test)


def test_all_documents_of_an_origin_in_a_context_share_one(blob: bytes) -> None:
    async def test(world: World) -> None:
        first, second = await world.open(A), await world.open(A)
        assert await world.value(first, ask()) == ["", 1, 1, "x"]
        assert await world.value(second, ask()) == ["", 2, 2, "x"]
        assert await world.value(first, ask("'other'")) == ["other", 1, 1, "x"]
        assert len(world.context.shared_workers.all()) == 2
        # In another context there is another one.
        elsewhere = await world.browser.new_context().new_page()
        await elsewhere.goto(first_document())
        assert await world.value(elsewhere, ask()) == ["", 1, 1, "x"]
        # So is there where the page on top is of another site.
        framed = await world.open(B)
        await world.until(framed, "frames.length === 1")
        child = next(number for number in framed.frames if number != 1)
        assert await world.value(framed, ask(), frame=child) == ["", 1, 1, "x"]

    run(
        blob,
        {A: PAGE, f"{A}w.js": script(ECHO), B: f"<iframe src='{A}'></iframe>"},
        test,
    )


def first_document() -> NavigationRequest:
    return NavigationRequest(url=A)


def test_it_lives_as_long_as_a_document_of_its_own(blob: bytes) -> None:
    async def test(world: World) -> None:
        living = world.context.shared_workers.all
        first, second = await world.open(A), await world.open(A)
        await world.value(first, ask())
        await world.value(second, ask())
        (worker,) = living()
        await first.close()
        assert living() == [worker]
        assert await world.value(second, ask()) == ["", 3, 3, "x"]
        # A navigation ends it, and so does the end of a frame.
        await second.goto(first_document())
        assert living() == []
        assert worker.closed
        await world.value(
            second,
            "new Promise((done) => { const f = document.createElement('iframe'); f.src = '/frame.html'; document.body.append(f);"
            " addEventListener('message', () => done()) })",
        )
        assert len(living()) == 1
        await world.value(second, "document.querySelector('iframe').remove()")
        assert living() == []

    frame = f"<script>{ask()}.then(() => parent.postMessage(1, '*'))</script>"
    run(blob, {A: PAGE, f"{A}w.js": script(ECHO), f"{A}frame.html": frame}, test)


def test_one_with_an_extended_lifetime_waits_for_the_next_document(
    blob: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def test(world: World) -> None:
        page = await world.open(A)
        assert await world.value(page, ask("{extendedLifetime: true}")) == ["", 1, 1, "x"]
        (worker,) = world.context.shared_workers.all()
        await page.goto(first_document())
        assert await world.value(page, ask("{extendedLifetime: true}")) == ["", 2, 2, "x"]
        assert await world.value(page, ask("{extendedLifetime: false}")) == "error Event"
        monkeypatch.setattr(shared_workers, "EXTENDED_LIFETIME_S", 0.0)
        ended = asyncio.Event()
        worker.agent.when_closed(ended.set)
        await page.close()
        await ended.wait()
        assert world.context.shared_workers.all() == []

    run(blob, {A: PAGE, f"{A}w.js": script(ECHO)}, test)


def test_the_global_is_a_shared_worker_s(blob: bytes) -> None:
    check(
        blob,
        """onconnect = (e) => e.ports[0].postMessage([
          self instanceof SharedWorkerGlobalScope, self instanceof WorkerGlobalScope, typeof DedicatedWorkerGlobalScope, typeof SharedWorker,
          typeof postMessage, typeof requestAnimationFrame, typeof importScripts, typeof FileReaderSync, name, location.href,
          Object.prototype.toString.call(self), e.constructor.name, e.data, e.ports.length, e.source === e.ports[0], e.origin])""",
        ask("{name: 'eve'}"),
        [
            *[True, True, "undefined", "undefined", "undefined", "undefined", "function", "function", "eve"],
            *["https://a.test/w.js", "[object SharedWorkerGlobalScope]", "MessageEvent", "", 1, True, ""],
        ],
    )


def test_what_cannot_run_is_an_error_and_the_next_one_may_try_again(blob: bytes) -> None:
    check(
        blob,
        ECHO,
        f"""(async () => {{
          const out = [];
          for (const url of ['/missing.js', '/syntax.js', 'https://b.test/w.js', '/syntax.js']) {{
            out.push(await new Promise((done) => {{ new SharedWorker(url).onerror = (e) => done(e.constructor.name + e.type) }}));
          }}
          for (const url of ['/missing.js', '/syntax.js', '/import.js', '/deep.js']) {{
            out.push(await new Promise((done) => {{ new SharedWorker(url, {{type: 'module'}}).onerror = (e) => done(e.constructor.name + e.type) }}));
          }}
          try {{ new SharedWorker('http://[') }} catch (e) {{ out.push(e.name) }}
          out.push(await {ask()});
          return out;
        }})()""",
        ["Eventerror"] * 8 + ["SyntaxError", ["", 1, 1, "x"]],
        missing_js=Answer(status=404),
        syntax_js=script("let x = ;"),
        import_js=script("import './missing.js'"),
        deep_js=script("import './syntax.js'"),
    )


def test_other_options_do_not_connect_to_it(blob: bytes) -> None:
    check(
        blob,
        ECHO,
        f"""(async () => [await {ask()}, await {ask("{type: 'module'}")}, await {ask("{credentials: 'omit'}")}, await {ask("{}")}])()""",
        [["", 1, 1, "x"], "error Event", "error Event", ["", 2, 2, "x"]],
    )


def test_modules_blobs_and_data(blob: bytes) -> None:
    source = "onconnect = (e) => e.ports[0].postMessage([location.protocol, origin])"
    check(
        blob,
        "import {value} from './m.js'; onconnect = (e) => e.ports[0].postMessage(value)",
        f"""(async () => {{
          const url = URL.createObjectURL(new Blob([{source!r}]));
          return [await {ask("{type: 'module'}")}, await {ask(url="url")}, await {ask(url="'data:,' + encodeURIComponent(" + repr(source) + ")")}];
        }})()""",
        [40, ["blob:", "https://a.test"], ["data:", "null"]],
        m_js=script("export const value = 40"),
    )


def test_errors_stay_in_it_but_the_pages_records_have_them(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await world.open(A)
        heard = f"""(() => {{ globalThis.heard = []; addEventListener('error', (e) => heard.push(e.message)); return {ask()} }})()"""
        assert await world.value(page, heard) == "still here"
        assert await world.value(page, "heard") == []
        assert [error.message for error in page.errors] == ["boo"]
        assert [record.text for record in page.console] == ["hello"]

    source = "onconnect = (e) => e.ports[0].postMessage('still here'); console.log('hello'); throw new Error('boo')"
    run(blob, {A: PAGE, f"{A}w.js": script(source)}, test)


def test_close_makes_room_for_another_one(blob: bytes) -> None:
    check(
        blob,
        "onconnect = (e) => { e.ports[0].postMessage(Math.random()); close() }",
        f"(async () => (await {ask()}) !== (await {ask()}))()",
        True,
    )


def test_ports_between_its_documents_go_through_it(blob: bytes) -> None:
    async def test(world: World) -> None:
        first, second = await world.open(A), await world.open(A)
        connect = """new Promise((done) => { const w = globalThis.w = new SharedWorker('/w.js');
          w.port.onmessage = (e) => { globalThis.other = e.ports[0]; done() } })"""
        await world.value(first, connect)
        await world.value(second, connect)
        await world.value(
            first,
            "void (globalThis.came = new Promise((done) => { other.onmessage = (e) => done([e.data, e.ports.length]) }))",
        )
        await world.value(second, "other.postMessage({deep: [1]}, [new MessageChannel().port1])")
        assert await world.value(first, "came") == [{"deep": [1]}, 1]

    source = """const channel = new MessageChannel(); let n = 0;
      onconnect = (e) => { n++; e.ports[0].postMessage(n, [channel['port' + n]]) }"""
    run(blob, {A: PAGE, f"{A}w.js": script(source)}, test)


def test_a_worker_in_it_and_a_request(blob: bytes) -> None:
    check(
        blob,
        """const inner = new Worker('/inner.js');
        onconnect = (e) => { inner.onmessage = async (m) => e.ports[0].postMessage([m.data, await (await fetch('/text')).text()]); inner.postMessage(2) }""",
        ask(),
        [4, "fetched"],
        inner_js=script("onmessage = (e) => postMessage(e.data * 2)"),
        text=Answer(body=b"fetched"),
    )


def test_policies_and_opaque_origins_forbid_it(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await world.open(A)
        assert await world.value(page, ask()) == "error Event"
        assert world.context.shared_workers.all() == []
        page = await world.open(B)
        denied = "(() => { try { new SharedWorker('/w.js') } catch (e) { return e.name } })()"
        await world.until(page, "frames.length === 1")
        child = next(number for number in page.frames if number != 1)
        assert await world.value(page, denied, frame=child) == "SecurityError"

    run(
        blob,
        {
            A: page_of(PAGE, Content_Security_Policy="worker-src 'none'"),
            f"{A}w.js": script(ECHO),
            B: f"<iframe sandbox='allow-scripts' src='{B}inner'></iframe>",
            f"{B}inner": PAGE,
        },
        test,
    )


def test_the_limit_is_an_error(blob: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared_workers, "MAX_SHARED_WORKERS", 1)

    async def test(world: World) -> None:
        page = await world.open(A)
        assert await world.value(page, ask()) == ["", 1, 1, "x"]
        assert await world.value(page, ask("'other'")) == "error Event"
        assert page.unsupported == ["shared worker https://a.test/w.js: a context may have 1 shared workers"]

    run(blob, {A: PAGE, f"{A}w.js": script(ECHO)}, test)


def test_its_requests_carry_what_those_of_the_frame_would(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await world.open(A)
        page.frames[7] = Frame(7, 1)
        page.frames[7].origin = "https://b.test"
        assert page.agent is not None
        inside = Home(Maker(page, page.agent, 1, "https://a.test", A))
        assert (inside.frame, inside.main_frame.url) == (1, A)
        foreign = Home(Maker(page, page.agent, 7, "https://b.test", B))
        assert foreign.frame != 1
        assert foreign.frames[foreign.frame].origin == "null"
        assert foreign.emulation is page.emulation
        assert foreign.network.tools.interceptors is not page.network.tools.interceptors
        del page.frames[7]

    run(blob, {A: PAGE}, test)


def test_a_module_may_wait_for_a_document_at_its_top_level(blob: bytes) -> None:
    source = "const e = await new Promise((resolve) => { onconnect = resolve }); e.ports[0].postMessage(self.constructor.name)"
    check(blob, source, ask("{type: 'module'}"), "SharedWorkerGlobalScope")


def test_what_tools_set_for_its_maker_s_page_holds_for_its_requests(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await world.open(A)
        settings = page.network.tools.of("a tool")
        settings.blocked = (BlockRule(pattern="*secret*", is_url_pattern=False),)
        settings.extra_headers = (("X-Tool", "1"),)
        assert await world.value(page, ask()) == ["TypeError", "fine"]
        sent = next(one for one in world.transport.received if one.url == f"{A}open")
        assert ("X-Tool", "1") in tuple(sent.headers)

    source = """onconnect = async (e) => { const get = (path) => fetch(path).then((r) => r.text(), (error) => error.name);
      e.ports[0].postMessage([await get('/secret'), await get('/open')]) }"""
    run(blob, {A: PAGE, f"{A}w.js": script(source), f"{A}open": Answer(body=b"fine")}, test)
