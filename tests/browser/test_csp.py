"""Content Security Policies: what they stop, what is told, and whom they do not bind."""

from __future__ import annotations

from typing import Any

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
                "script-src-elem https://b.test enforce",
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
                "frame-src https://b.test/ enforce",
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
            ["script-src-elem https://b.test enforce", "script-src-elem https://b.test/s.js enforce"],
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
