"""Content Security Policies: what they stop, what is told, and whom they do not bind."""

from __future__ import annotations

from typing import Any

import pytest

from sanderling.browser import hub as events
from sanderling.browser.options import ContextOptions
from sanderling.testing.transport import Answer
from tests.browser.world import World, page_of, run

A = "https://a.test/"
_LOG = """<script nonce=n>log = []; ran = [];
addEventListener('securitypolicyviolation', (e) => log.push(`${e.effectiveDirective} ${e.blockedURI} ${e.disposition}`))</script>"""


def guarded(markup: str, policy: str) -> Answer:
    """Make a document with a policy of its own."""
    return page_of(markup, Content_Security_Policy=policy)


def script(text: str) -> Answer:
    """Make the answer that is a script."""
    headers = (("Content-Type", "text/javascript"), ("Access-Control-Allow-Origin", "*"))
    return Answer(headers=headers, body=text.encode())


def check(blob: bytes, document: Answer, expression: str, expected: Any, wait: str = "true") -> None:
    """Load a document at A and compare the value of an expression in it."""

    async def test(world: World) -> None:
        page = await world.open(A)
        await world.until(page, wait)
        assert await world.value(page, expression) == expected

    run(
        blob,
        {
            A: document,
            f"{A}s.js": script("ran.push('self')"),
            "https://b.test/s.js": script("ran.push('other')"),
            f"{A}moved.js": Answer(status=302, headers=(("Location", "https://b.test/s.js"),)),
        },
        test,
    )


def test_scripts(blob: bytes) -> None:
    check(
        blob,
        guarded(
            f"{_LOG}<script>ran.push('inline')</script><script nonce=n>ran.push('nonce')</script><script src=/s.js></script>"
            "<script src=https://b.test/s.js></script><script src=/moved.js></script>"
            "<p onclick='ran.push(1)'>x</p>",
            "script-src 'nonce-n' 'self'",
        ),
        "document.querySelector('p').click(), [ran, log.sort()]",
        [
            ["nonce", "self"],
            [
                "script-src-attr inline enforce",
                "script-src-elem https://a.test/moved.js enforce",
                "script-src-elem https://b.test/s.js enforce",
                "script-src-elem inline enforce",
            ],
        ],
        "log.length === 4",
    )


def test_report_only_and_meta(blob: bytes) -> None:
    check(
        blob,
        page_of(
            "<head><meta http-equiv=Content-Security-Policy content=\"img-src 'none'; style-src 'none'\"></head>"
            + _LOG
            + "<style>p { color: rgb(1, 2, 3) }</style><p id=p style='color: rgb(4, 5, 6)'>x</p><script>ran.push('inline')</script>",
            Content_Security_Policy_Report_Only="script-src 'nonce-n'",
        ),
        "[ran, log.sort(), getComputedStyle(p).color, (p.style.color = 'red', p.style.color)]",
        [
            ["inline"],
            ["script-src-elem inline report", "style-src-attr inline enforce", "style-src-elem inline enforce"],
            "rgb(0, 0, 0)",
            "red",
        ],
        "log.length === 3",
    )


def test_strings_are_not_compiled(blob: bytes) -> None:
    check(
        blob,
        guarded(
            f"""{_LOG}<script nonce=n>
            for (const make of [() => eval('1'), () => (0, eval)('1'), () => Function('return 1')(), () => new Function('1'),
                () => (async () => {{}}).constructor('1'), () => eval(2), () => Function instanceof Function && (() => 0) instanceof Function]) {{
              try {{ ran.push(make()) }} catch (error) {{ ran.push(error.name) }}
            }}
            setTimeout('ran.push(9)')</script>""",
            "script-src 'nonce-n'",
        ),
        "[ran, log.length, log[0], eval('1 + 1')]",
        [["EvalError"] * 5 + [2, True], 6, "script-src eval enforce", 2],
        "log.length === 6",
    )


def test_requests_forms_and_bases(blob: bytes) -> None:
    check(
        blob,
        guarded(
            f"""{_LOG}<base href=https://b.test/><form id=f action=https://b.test/go></form><iframe src=https://b.test/></iframe>
            <script nonce=n>fetch('/x').catch((e) => ran.push(e.name)); f.submit();
            const x = new XMLHttpRequest; x.open('GET', '/y', false); try {{ x.send() }} catch (e) {{ ran.push(e.name) }}</script>""",
            "script-src 'nonce-n'; connect-src 'none'; form-action 'self'; base-uri 'none'; frame-src 'none'",
        ),
        "[ran.sort(), log.sort(), document.baseURI]",
        [
            ["NetworkError", "TypeError"],
            [
                "base-uri https://b.test/ enforce",
                "connect-src https://a.test/x enforce",
                "connect-src https://a.test/y enforce",
                "form-action https://b.test/go enforce",
                "frame-src https://b.test enforce",
            ],
            A,
        ],
        "log.length === 5",
    )


def test_frames_inherit_and_ancestors(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await world.open(A)
        assert await world.value(page, "[frames[0].ran, frames[1].document.body.textContent]") == [None, ""]

    run(
        blob,
        {
            A: guarded(
                "<iframe srcdoc='<script>ran = 1</script>'></iframe><iframe src=/inner></iframe>", "script-src 'none'"
            ),
            f"{A}inner": guarded("inner", "frame-ancestors 'none'"),
        },
        test,
    )


def test_sandbox(blob: bytes) -> None:
    check(
        blob,
        guarded("<p id=p>x</p><script>p.textContent = 'ran'</script>", "sandbox"),
        "document.querySelector('p').textContent",
        "x",
    )


def test_bypass_and_what_is_told(blob: bytes) -> None:
    document = guarded(f"{_LOG}<script>ran.push('inline')</script>", "script-src 'nonce-n'")

    async def test(world: World) -> None:
        await world.open(A)
        (told,) = [event for event in world.seen if isinstance(event, events.PolicyViolated)]
        assert told.text.startswith(
            "Refused to execute inline script because it violates the following Content Security Policy directive: "
            "\"script-src 'nonce-n'\". Either the 'unsafe-inline' keyword, a hash ('sha256-"
        )
        assert told.url == A
        world.context = world.browser.new_context(ContextOptions(disable=("csp",)))
        page = await world.open(A)
        assert await world.value(page, "[ran, log]") == [["inline"], []]

    run(blob, {A: document}, test)


def test_what_modules_import(blob: bytes) -> None:
    imports = "import 'https://b.test/s.js'"
    check(
        blob,
        guarded(
            f"{_LOG}<script type=module nonce=n>{imports}; ran.push('never')</script>"
            f"<script type=module nonce=n>import '/s.js'; ran.push('own')</script>"
            "<script nonce=n>import('/moved.js').catch((e) => ran.push(e.name))</script>",
            "script-src 'self' 'unsafe-inline'",
        ),
        "[ran.sort(), log.filter((x) => x.startsWith('script-src-elem')).sort()]",
        [
            ["TypeError", "own", "self"],
            ["script-src-elem https://a.test/moved.js enforce", "script-src-elem https://b.test/s.js enforce"],
        ],
        "ran.length >= 3 && log.length >= 2",
    )


def test_imports_have_the_nonce_of_their_script(blob: bytes) -> None:
    check(
        blob,
        guarded(
            f"{_LOG}<script type=module nonce=n>import 'https://b.test/s.js'; ran.push('after')</script>",
            "script-src 'nonce-n'",
        ),
        "[ran, log]",
        [["other", "after"], []],
        "ran.length >= 2",
    )


def test_the_address_of_a_frame_that_was_not_allowed_is_not_told(blob: bytes) -> None:
    look = "(() => { try { return frame.contentWindow.location.href } catch (e) { return e.name } })()"

    async def test(world: World) -> None:
        page = await world.open(A)
        await world.until(page, "globalThis.told")
        assert await world.value(page, "told") == "SecurityError"
        await world.value(page, "void (told = null, frame.src = '/ok')")
        await world.until(page, "told")
        assert await world.value(page, "told") == f"{A}ok"

    markup = f'<iframe id=frame src=/f onload="told = {look}"></iframe>'
    run(blob, {A: page_of(markup), f"{A}f": guarded("x", "frame-ancestors 'none'"), f"{A}ok": "x"}, test)


def test_who_navigates_to_code_is_asked(blob: bytes) -> None:
    check(
        blob,
        guarded(
            f"""{_LOG}<iframe src="javascript:'ran'"></iframe><script nonce=n>
            popup = open("javascript:opener.ran.push('popup')"); log.push(popup.location.href)</script>""",
            "script-src 'nonce-n'",
        ),
        "[ran, log.sort(), frames[0].document.body.textContent]",
        [[], ["about:blank", *["script-src-elem inline enforce"] * 2], ""],
        "log.length >= 3",
    )


def test_webassembly(blob: bytes) -> None:
    code = f"""{_LOG}<script nonce=n>bytes = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]);
        const names = (e) => ran.push(e.constructor === WebAssembly.CompileError ? 'CompileError' : e.name);
        try {{ ran.push(new WebAssembly.Module(bytes) instanceof WebAssembly.Module) }} catch (e) {{ names(e) }}
        WebAssembly.compile(bytes).then(() => ran.push(true), names);
        WebAssembly.instantiate(bytes).then(() => ran.push(true), names)</script>"""
    told = ["script-src wasm-eval enforce"] * 3
    check(blob, guarded(code, "script-src 'nonce-n'"), "[ran, log]", [["CompileError"] * 3, told], "log.length >= 3")
    check(
        blob,
        guarded(code, "script-src 'nonce-n' 'wasm-unsafe-eval'"),
        "[ran, log, WebAssembly.Module.exports(new WebAssembly.Module(bytes))]",
        [[True] * 3, [], []],
        "ran.length >= 3",
    )


@pytest.mark.parametrize(
    "change",
    ["globalThis.WebAssembly = undefined", "Object.freeze(WebAssembly); Object.freeze(WebAssembly.Module.prototype)"],
)
def test_a_policy_comes_whatever_a_page_did_to_webassembly(blob: bytes, change: str) -> None:
    code = f"""(() => {{
        {change}; const meta = document.createElement('meta'); meta.httpEquiv = 'Content-Security-Policy'; meta.content = "connect-src 'none'";
        document.head.append(meta); return fetch('/').then(() => 'fetched', (e) => e.name) }})()"""

    async def test(world: World) -> None:
        assert await world.value(await world.open(A), code) == "TypeError"

    run(blob, {A: page_of("x")}, test)


def test_the_graph_of_a_worker_is_its_makers(blob: bytes) -> None:
    async def moved(world: World) -> None:
        page = await world.open(A)
        await world.until(page, "ran.length >= 1 && log.length >= 1")
        assert await world.value(page, "[ran, log]") == [["error"], ["worker-src https://a.test/moved.js enforce"]]
        assert [one.url for one in world.transport.received if "b.test" in one.url] == []

    def page(source: str, policy: str) -> Answer:
        return guarded(
            f"""{_LOG}<script nonce=n>worker = new Worker('{source}', {{ type: 'module' }});
            worker.onmessage = (e) => ran.push(e.data); worker.onerror = () => ran.push('error')</script>""",
            policy,
        )

    async def direct(world: World) -> None:
        page = await world.open(A)
        await world.until(page, "ran.length >= 1 && log.length >= 1")
        assert await world.value(page, "[ran, log]") == [["error"], ["worker-src https://b.test/s.js enforce"]]

    answers = {
        f"{A}direct.js": script("import 'https://b.test/s.js'"),
        f"{A}redirected.js": script("import '/moved.js'"),
        "https://b.test/s.js": script("postMessage('never')"),
        f"{A}moved.js": Answer(status=302, headers=(("Location", "https://b.test/s.js"),)),
    }
    policy = "script-src 'nonce-n'; worker-src 'self'"
    run(blob, {A: page("/redirected.js", policy), **answers}, moved)
    run(blob, {A: page("/direct.js", "script-src 'nonce-n' 'self'"), **answers}, direct)


def test_policies_of_workers(blob: bytes) -> None:
    """Violations are told on the worker's global object; redirects of what it imports are judged, too."""
    code = """self.addEventListener('securitypolicyviolation', (e) => postMessage(`${e.effectiveDirective} ${e.blockedURI} ${e.target === self}`));
        for (const url of ['/moved.js', 'https://b.test/s.js']) try { importScripts(url) } catch (e) { postMessage(e.name) }
        fetch('/x').catch((e) => postMessage(e.name))"""
    headers = (
        ("Content-Type", "text/javascript"),
        ("Content-Security-Policy", "script-src 'self'; connect-src 'none'; report-uri /report"),
    )

    async def test(world: World) -> None:
        page = await world.open(A)
        await world.until(page, "ran.length >= 6")
        assert await world.value(page, "ran.sort()") == [
            "NetworkError",
            "NetworkError",
            "TypeError",
            "connect-src https://a.test/x true",
            "script-src-elem https://a.test/moved.js true",
            "script-src-elem https://b.test/s.js true",
        ]

    run(
        blob,
        {
            A: page_of("<script>ran = []; new Worker('/w.js').onmessage = (e) => ran.push(e.data)</script>"),
            f"{A}w.js": Answer(headers=headers, body=code.encode()),
            "https://b.test/s.js": script("postMessage('never')"),
            f"{A}moved.js": Answer(status=302, headers=(("Location", "https://b.test/s.js"),)),
        },
        test,
    )


def test_nonces_are_hidden(blob: bytes) -> None:
    """HTML, 3.2.6.9: the attribute says nothing where policies come by HTTP, and the property is what counts."""
    code = """<script nonce=n id=s>
        ran.push(s.nonce, s.getAttribute('nonce'), document.querySelector('[nonce=n]') === null);
        const made = document.createElement('script'); made.setAttribute('nonce', 'n'); made.text = "ran.push('made')";
        ran.push(made.getAttribute('nonce')); document.head.append(made); ran.push(made.nonce, made.getAttribute('nonce'));
        ran.push(made.cloneNode().nonce);
        s.nonce = 'x'; ran.push(s.getAttribute('nonce')); s.setAttribute('nonce', 'y'); ran.push(s.nonce);
        const bare = document.createElement('script'); bare.nonce = 'n'; bare.text = "ran.push('bare')"; document.head.append(bare);
        ran.push(bare.hasAttribute('nonce'))</script><script nonce=z>ran.push('never')</script>"""
    hidden = ["n", "", True, "n", "made", "n", "", "n", "", "y", "bare", False]
    check(blob, guarded(_LOG + code, "script-src 'nonce-n'"), "ran", hidden, "log.length === 1")
    shown = ["n", "n", False, "n", "made", "n", "n", "n", "n", "y", "bare", False]
    meta = "<meta http-equiv=Content-Security-Policy content=\"script-src 'nonce-n'\">"
    check(blob, page_of(meta + _LOG + code), "ran", shown, "log.length === 1")


def test_redirects_are_judged_before_they_are_followed(blob: bytes) -> None:
    """CSP, 4.1.2: nothing is sent to where a policy lets nobody go, whoever asks; one that only reports sees the response."""
    code = """<iframe src=/moved?frame></iframe><link rel=stylesheet href=/moved?style>
        <script nonce=n>fetch('/moved?fetch').catch((e) => ran.push(e.name));
        const x = new XMLHttpRequest; x.open('GET', '/moved?sync', false); try { x.send() } catch (e) { ran.push(e.name) }
        new Worker('/w.js').onmessage = (e) => ran.push(e.data)</script><script src=/moved?script></script>
        <script type=module src=/moved?module></script>"""
    policy = "default-src 'self'; script-src 'self' 'nonce-n'; worker-src 'self'"
    worker = "try { importScripts('/moved?import') } catch (e) { postMessage(e.name) }"

    async def test(world: World) -> None:
        page = await world.open(A)
        await world.until(page, "ran.length >= 3 && log.length >= 6")
        assert sorted(await world.value(page, "ran")) == ["NetworkError", "NetworkError", "TypeError"]
        assert sorted(await world.value(page, "log")) == [
            "connect-src https://a.test/moved?fetch enforce",
            "connect-src https://a.test/moved?sync enforce",
            "frame-src https://a.test/moved?frame enforce",
            "script-src-elem https://a.test/moved?module enforce",
            "script-src-elem https://a.test/moved?script enforce",
            "style-src-elem https://a.test/moved?style enforce",
        ]
        assert [one.url for one in world.transport.received if "b.test" in one.url] == []

    moved = Answer(status=302, headers=(("Location", "https://b.test/s"),))
    kinds = ("frame", "style", "fetch", "sync", "script", "module", "import")
    headers = (("Content-Type", "text/javascript"), ("Content-Security-Policy", "script-src 'self'"))
    run(
        blob,
        {
            A: guarded(_LOG + code, policy),
            f"{A}w.js": Answer(headers=headers, body=worker.encode()),
            **{f"{A}moved?{kind}": moved for kind in kinds},
        },
        test,
    )
