"""Dedicated web workers: isolates of their own that exchange messages with who made them."""

from __future__ import annotations

import pytest

from sanderling.browser import web_workers
from sanderling.testing.transport import Answer
from tests.browser.world import Document, World, page_of, run

A = "https://a.test/"
PAGE = "<title>owner</title>"


def script(text: str, content_type: str = "text/javascript") -> Answer:
    """Make the answer that is a script."""
    return Answer(headers=(("Content-Type", content_type),), body=text.encode())


def answers(then: str = "w.onmessage = (e) => done(e.data);", url: str = "'/w.js'", options: str = "{}") -> str:
    """Give an expression that makes a worker and waits for what `then` gives to `done`."""
    return f"new Promise((done) => {{ const w = new Worker({url}, {options}); w.onerror = (e) => done('error: ' + e.message); {then} }})"


def check(blob: bytes, source: str, expression: str, expected: object, **more: Document) -> None:
    """Load a page whose worker script is `source`, and compare the value of an expression."""

    async def test(world: World) -> None:
        page = await world.open(A)
        assert await world.value(page, expression) == expected

    documents: dict[str, Document] = {A: PAGE, f"{A}w.js": script(source)}
    documents.update({f"{A}{name.replace('_', '.')}": document for name, document in more.items()})
    run(blob, documents, test)


def test_messages_go_both_ways_and_wait_for_the_script(blob: bytes) -> None:
    check(
        blob,
        "postMessage('ready'); onmessage = (e) => postMessage([e.data.n + 1, e.data.when.getTime(), e.origin, e.source])",
        answers(
            "const seen = []; w.onmessage = (e) => { seen.push(e.data); if (seen.length === 2) done(seen) };"
            " w.postMessage({n: 1, when: new Date(5)});"
        ),
        ["ready", [2, 5, "", None]],
    )


def test_the_global_is_a_worker_s(blob: bytes) -> None:
    check(
        blob,
        """postMessage([
          typeof window, typeof document, typeof Element, typeof Window, typeof Navigator, typeof localStorage, typeof parent,
          typeof requestIdleCallback, typeof webkitURL,
          typeof console.log, typeof CSS,
          typeof fetch, typeof XMLHttpRequest, typeof Worker, typeof MessageChannel, typeof crypto.subtle,
          typeof structuredClone, typeof ReadableStream, typeof requestAnimationFrame,
          self === globalThis, self instanceof DedicatedWorkerGlobalScope, self instanceof WorkerGlobalScope, self instanceof EventTarget,
          Object.prototype.toString.call(self), name, location.href, location.pathname, location instanceof WorkerLocation,
          navigator instanceof WorkerNavigator, navigator.userAgent.length > 0, new TextDecoder().decode(new TextEncoder().encode('\\u00e9')),
          performance.now() >= 0,
          Object.hasOwn(self, 'queueMicrotask'),
          Object.hasOwn(self, 'postMessage'), Object.hasOwn(WorkerGlobalScope.prototype, 'importScripts'), this === self])""",
        answers(options="{name: 'eve'}"),
        ["undefined"] * 9
        + ["function", "undefined"]
        + ["function", "function", "function", "function", "object", "function", "function", "function"]
        + [True, True, True, True, "[object DedicatedWorkerGlobalScope]", "eve", "https://a.test/w.js", "/w.js", True]
        + [True, True, "\u00e9", True, False, True, True, True],
    )


def test_import_scripts_waits_and_shares_the_scope(blob: bytes) -> None:
    check(
        blob,
        """const mine = 1; importScripts('one.js', 'data:text/javascript,var two=one%2B1'); let error;
        try { importScripts('missing.js') } catch (e) { error = e.name + e.constructor.name }
        let bad; try { importScripts('http://[') } catch (e) { bad = e.name }
        postMessage([one, two, error, bad])""",
        answers(),
        [2, 3, "NetworkErrorDOMException", "SyntaxError"],
        one_js=script("var one = mine + 1"),
        missing_js=Answer(status=404),
    )


def test_module_workers_import(blob: bytes) -> None:
    check(
        blob,
        "import {value} from './m.js'; onmessage = (e) => postMessage([value + e.data, this === undefined, typeof importScripts]);",
        answers("w.onmessage = (e) => done(e.data); w.postMessage(2);", options="{type: 'module'}"),
        [42, True, "function"],
        m_js=script("export const value = 40;"),
    )


@pytest.mark.parametrize("kind", ["classic", "module"])
def test_blob_and_data_urls(blob: bytes, kind: str) -> None:
    source = "postMessage([location.protocol, typeof document])"
    expression = f"""(async () => {{
      const out = [];
      for (const url of [URL.createObjectURL(new Blob([{source!r}], {{type: 'text/javascript'}})), 'data:text/javascript,' + encodeURIComponent({source!r})]) {{
        out.push(await new Promise((done) => {{
          const w = new Worker(url, {{type: '{kind}'}}); w.onmessage = (e) => done(e.data); w.onerror = (e) => done('error ' + e.message);
        }}));
      }}
      return out;
    }})()"""
    check(blob, "", expression, [["blob:", "undefined"], ["data:", "undefined"]])


def test_ports_and_memory_move(blob: bytes) -> None:
    check(
        blob,
        "onmessage = (e) => { e.ports[0].postMessage([e.data.buffer.byteLength, new Uint8Array(e.data.buffer)[1]]);"
        " e.ports[0].onmessage = (m) => postMessage('by port: ' + m.data) }",
        answers(
            """const {port1, port2} = new MessageChannel(); const buffer = new Uint8Array([7, 8, 9]).buffer;
            port1.onmessage = (e) => { port1.postMessage('x'); w.onmessage = (m) => done([e.data, buffer.byteLength, m.data]) };
            w.postMessage({buffer}, [port2, buffer]);""",
        ),
        [[3, 8], 0, "by port: x"],
    )


def test_errors_reach_the_owner(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await world.open(A)
        assert await world.value(
            page,
            answers(
                "w.onerror = (e) => { e.preventDefault(); done([e instanceof ErrorEvent, e.message, e.filename, e.lineno, e.error]) };"
            ),
        ) == [True, "Uncaught TypeError: no", "https://a.test/w.js", 2, None]
        assert page.errors == []
        assert (
            await world.value(
                page, "new Promise((done) => { onerror = (...args) => done(args[0]); new Worker('/w.js') })"
            )
            == "Uncaught TypeError: no"
        )
        await world.until(page, "true")
        assert [error.message for error in page.errors] == ["no"]
        # Its own handlers come first, and what they handle goes no further.
        assert await world.value(page, answers(url="'/handled.js'")) == ["no", "rejected"]

    run(
        blob,
        {
            A: PAGE,
            f"{A}w.js": script("\nthrow new TypeError('no')"),
            f"{A}handled.js": script(
                "const seen = []; const note = (x) => { seen.push(x); if (seen.length === 2) postMessage(seen) };"
                "self.onerror = (message, file, line, column, error) => { note(error.message); return true };"
                "onunhandledrejection = (e) => { e.preventDefault(); note(e.reason) };"
                "Promise.reject('rejected'); throw new Error('no')"
            ),
        },
        test,
    )


@pytest.mark.parametrize("path", ["missing.js", "page.html", "other.js"])
def test_a_script_that_is_none_is_an_error_event(blob: bytes, path: str) -> None:
    url = "'https://b.test/w.js'" if path == "other.js" else f"'/{path}'"

    async def test(world: World) -> None:
        page = await world.open(A)
        value = await world.value(
            page,
            f"new Promise((done) => {{ new Worker({url}).onerror = (e) => done([e.constructor.name, e.isTrusted]) }})",
        )
        assert value == ["Event", True]
        assert any("web worker" in text for text in page.unsupported)

    run(
        blob,
        {
            A: PAGE,
            f"{A}missing.js": Answer(status=404, headers=(("Content-Type", "text/javascript"),)),
            f"{A}page.html": PAGE,
            "https://b.test/w.js": script("postMessage(1)"),
        },
        test,
    )


def test_requests_of_workers(blob: bytes) -> None:
    check(
        blob,
        """(async () => {
          const text = await (await fetch('data.txt')).text();
          const xhr = new XMLHttpRequest(); xhr.open('GET', '/data.txt', false); xhr.responseType = 'arraybuffer'; xhr.send();
          setTimeout((x) => postMessage([text, xhr.response.byteLength, x]), 1, 'timer');
        })()""",
        answers(),
        ["hello", 5, "timer"],
        data_txt=script("hello", "text/plain"),
    )


def test_nested_workers(blob: bytes) -> None:
    check(
        blob,
        "const inner = new Worker('inner.js'); inner.onmessage = (e) => postMessage(['outer', e.data]); onmessage = (e) => inner.postMessage(e.data)",
        answers("w.onmessage = (e) => done(e.data); w.postMessage('x');"),
        ["outer", "inner x"],
        inner_js=script("onmessage = (e) => postMessage('inner ' + e.data)"),
    )


def test_blobs_of_the_owner_can_be_imported(blob: bytes) -> None:
    check(
        blob,
        "onmessage = (e) => { importScripts(e.data); let error;"
        " try { importScripts('blob:https://a.test/x') } catch (x) { error = x.name } postMessage([given, error]) }",
        answers("w.onmessage = (e) => done(e.data); w.postMessage(URL.createObjectURL(new Blob(['var given = 3'])));"),
        [3, "NetworkError"],
    )


def test_what_is_emulated_holds_in_workers(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await world.open(A)
        await page.emulation.set(
            "test", {"user_agent": "Other/1", "accept_language": "de", "time_zone": "Asia/Tokyo", "locale": "de-DE"}
        )
        assert await world.value(page, answers()) == ["Other/1", "de", "Asia/Tokyo", -540, "1,5"]

    source = (
        "postMessage([navigator.userAgent, navigator.language, Intl.DateTimeFormat().resolvedOptions().timeZone,"
        " new Date(0).getTimezoneOffset(), (1.5).toLocaleString()])"
    )
    run(blob, {A: PAGE, f"{A}w.js": script(source)}, test)


def test_content_security_policies(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await world.open(A)
        make = "new Promise((done) => { const w = new Worker(URL); w.onmessage = (e) => done(e.data); w.onerror = (e) => done(e.type) })"
        assert await world.value(page, make.replace("URL", "'/forbidden/w.js'")) == "error"
        # Its own policy is that of its response ...
        assert await world.value(page, make.replace("URL", "'/allowed/w.js'")) == ["EvalError", "NetworkError"]
        # ... and a blob's is its owner's.
        inline = 'URL.createObjectURL(new Blob([\'try { eval("1"); postMessage("ran") } catch (e) { postMessage(e.name) }\']))'
        assert await world.value(page, make.replace("URL", inline, 1)) == "EvalError"

    source = (
        "const out = []; try { eval('1') } catch (e) { out.push(e.name) }"
        " try { importScripts('https://b.test/x.js') } catch (e) { out.push(e.name) } postMessage(out)"
    )
    own = Answer(
        headers=(("Content-Type", "text/javascript"), ("Content-Security-Policy", "script-src 'self'")),
        body=source.encode(),
    )
    policy = "worker-src https://a.test/allowed/ blob:; script-src 'self'"
    documents: dict[str, Document] = {
        A: page_of(PAGE, Content_Security_Policy=policy),
        f"{A}allowed/w.js": own,
        f"{A}forbidden/w.js": script("postMessage(1)"),
        "https://b.test/x.js": script(""),
    }
    run(blob, documents, test)


def test_ends(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await world.open(A)
        living = page.web_workers.all
        # close(): what runs now runs to its end, and nothing after it.
        assert await world.value(page, answers(url="'/close.js'")) == "last"
        # terminate(): also one that computes without end.
        assert await world.value(
            page,
            "new Promise((done) => { const w = new Worker('/loop.js'); w.onmessage = () => { w.terminate(); done(1) } })",
        )
        while living():
            await world.value(page, "1")
        # A frame's workers go with it, the page's with its document.
        await world.value(
            page,
            "new Promise((done) => { const f = document.createElement('iframe'); f.src = '/frame.html'; document.body.append(f);"
            " addEventListener('message', () => { globalThis.w = new Worker('/echo.js'); f.remove(); done() }) })",
        )
        await world.value(page, "new Promise((done) => { w.onmessage = () => done(); w.postMessage(1) })")
        assert [worker.url for worker in living()] == ["https://a.test/echo.js"]
        await page.close()
        assert living() == []

    run(
        blob,
        {
            A: PAGE,
            f"{A}close.js": script("close(); setTimeout(() => postMessage('late')); postMessage('last')"),
            f"{A}loop.js": script("postMessage(1); for (;;) ;"),
            f"{A}echo.js": script("onmessage = (e) => postMessage(e.data)"),
            f"{A}frame.html": "<script>new Worker('/echo.js'); parent.postMessage(1, '*')</script>",
        },
        test,
    )


def test_the_limit_is_an_error(blob: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web_workers, "MAX_WEB_WORKERS", 1)

    async def test(world: World) -> None:
        page = await world.open(A)
        assert (
            await world.value(
                page,
                "new Promise((done) => { new Worker('/w.js'); new Worker('/w.js').onerror = (e) => done(e.type) })",
            )
            == "error"
        )
        assert page.unsupported == ["more than 1 web workers at once"]

    run(blob, {A: PAGE, f"{A}w.js": script("")}, test)


def test_pages_of_a_context_share_a_limit(blob: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web_workers, "MAX_CONTEXT_WEB_WORKERS", 1)

    async def test(world: World) -> None:
        first, second = await world.open(A), await world.open(A)
        kept = "new Promise((done) => { globalThis.kept = new Worker('/w.js'); kept.onmessage = (e) => done(e.data); })"
        assert await world.value(first, kept) == "hello"
        failing = "new Promise((done) => { new Worker('/w.js').onerror = (e) => done(e.type); })"
        assert await world.value(second, failing) == "error"
        assert second.unsupported == ["more than 1 web workers of a context at once"]

    run(blob, {A: PAGE, f"{A}w.js": script("postMessage('hello')")}, test)


def test_where_no_isolate_can_be_made_the_page_is_told(blob: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    async def test(world: World) -> None:
        page = await world.open(A)

        def none() -> None:
            raise RuntimeError("no thread left")

        monkeypatch.setattr(world.browser, "take_isolate_now", none)
        failing = "new Promise((done) => { new Worker('/w.js').onerror = (e) => done(e.type); })"
        assert await world.value(page, failing) == "error"
        shared = "new Promise((done) => { new SharedWorker('/w.js').onerror = (e) => done(e.type); })"
        assert await world.value(page, shared) == "error"
        assert page.unsupported == [
            "no isolate for a web worker: no thread left",
            f"shared worker {A}w.js: no isolate: no thread left",
        ]

    run(blob, {A: PAGE, f"{A}w.js": script("postMessage('hello')")}, test)


def test_what_a_module_imports_may_wait_for_a_message(blob: bytes) -> None:
    check(
        blob,
        "import {first} from './m.js'; postMessage([first, Object.getOwnPropertyNames(self).filter((name) => /sanderling/.test(name)), import.meta.url])",
        answers("w.postMessage(5); w.onmessage = (e) => done(e.data);", options="{type: 'module'}"),
        [5, [], f"{A}w.js"],
        m_js=script("export const first = await new Promise((r) => { onmessage = (e) => r(e.data) })"),
    )


def test_a_module_may_wait_for_a_message_at_its_top_level(blob: bytes) -> None:
    check(
        blob,
        "import {twice} from './m.js'; const first = await new Promise((r) => { onmessage = (e) => r(e.data) }); postMessage(twice(first))",
        answers("w.postMessage(5); w.onmessage = (e) => done(e.data);", options="{type: 'module'}"),
        10,
        m_js=script("await 0; export const twice = (x) => 2 * x"),
    )
