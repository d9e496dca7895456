"""Referrers and the policies of documents about their requests: who is told what, what is upgraded, and whose origin a sandboxed frame has."""

from __future__ import annotations

from sanderling.testing.transport import Answer, Received
from tests.browser.world import World, run


def html(body: str, *headers: tuple[str, str]) -> Answer:
    return Answer(headers=(("Content-Type", "text/html"), *headers), body=f"<!doctype html>{body}".encode())


def told(world: World, end: str, name: str = "Referer") -> str | None:
    """The referrer of the request whose URL ends so."""
    (request,) = (one for one in world.transport.received if one.url.endswith(end))
    return request.headers.get(name)


SHIFT = {
    "type": "rawKeyDown",
    "key": "Shift",
    "code": "ShiftLeft",
    "keyCode": 16,
    "text": "",
    "modifiers": 8,
    "location": 1,
    "repeat": False,
    "commands": [],
}


def rest(request: Received) -> Answer:
    return Answer(headers=(("Content-Type", "text/plain"), ("Access-Control-Allow-Origin", "*")), body=b"x")


ASKS = """(async () => {
  await fetch('/fetch');
  await fetch('/own', { referrerPolicy: 'unsafe-url' });
  await new Promise((done) => { const xhr = new XMLHttpRequest(); xhr.open('GET', '/xhr'); xhr.onloadend = done; xhr.send(); });
  const sync = new XMLHttpRequest(); sync.open('GET', '/sync', false); sync.send();
  await fetch('https://b.test/cross');
})()"""


def test_the_policy_of_a_document_holds_for_what_its_code_asks(blob: bytes) -> None:
    async def test(world: World) -> None:
        world.transport.handle.respond_to_rest(rest)
        page = await world.open("https://a.test/dir/page")
        await world.value(page, ASKS)
        for end in ("/fetch", "/xhr", "/sync", "/cross"):
            assert told(world, end) == "https://a.test/"
        assert told(world, "/own") == "https://a.test/dir/page"

    run(blob, {"https://a.test/dir/page": html("", ("Referrer-Policy", "nonsense, origin"))}, test)


def test_meta_says_the_policy(blob: bytes) -> None:
    async def test(world: World) -> None:
        world.transport.handle.respond_to_rest(rest)
        page = await world.open("https://a.test/")
        await world.value(page, "fetch('/none')")
        await world.value(page, "document.querySelector('meta').remove()")
        await world.value(
            page,
            "document.head.append(Object.assign(document.createElement('meta'), { name: 'Referrer', content: 'always' }))",
        )
        await world.value(page, "fetch('https://b.test/all')")
        await world.value(page, "document.querySelector('meta').content = 'never'")
        await world.value(page, "fetch('/changed')")
        assert told(world, "/none") is None
        assert told(world, "/all") == "https://a.test/"
        assert told(world, "/changed") is None

    run(blob, {"https://a.test/": html('<head><meta name="referrer" content="never">')}, test)


def test_frames_have_their_own_policy_and_address(blob: bytes) -> None:
    async def test(world: World) -> None:
        world.transport.handle.respond_to_rest(rest)
        page = await world.open("https://a.test/top")
        await world.value(page, "Promise.all([frames[0].fetch('/of-frame'), frames[1].fetch('/of-srcdoc')])")
        assert told(world, "/of-frame") == "https://a.test/frame"
        assert told(world, "/of-srcdoc") == "https://a.test/"  # the parent's policy, and its address
        assert await world.value(page, "[frames[0], frames[1]].map((frame) => frame.document.referrer)") == [
            "https://a.test/",
            "",
        ]

    documents = {
        "https://a.test/top": html(
            '<iframe src="/frame"></iframe><iframe srcdoc="<p>"></iframe>', ("Referrer-Policy", "origin")
        ),
        "https://a.test/frame": html(""),
    }
    run(blob, documents, test)


def test_what_a_frames_own_code_navigates_to_is_told_by_the_frames_policy(blob: bytes) -> None:
    """And not by its parent's, or its element's attribute, which is for what the element asks for."""

    async def test(world: World) -> None:
        world.transport.handle.respond_to_rest(lambda _: html("<p>there"))
        page = await world.open("https://a.test/")
        acts = {
            "/form": "const f = document.body.appendChild(document.createElement('form')); f.method = 'post'; f.action = '/form'; f.submit()",
            "/link": "const a = document.body.appendChild(document.createElement('a')); a.href = '/link'; a.click()",
            "/place": "location = '/place'",
        }
        for path, act in acts.items():
            frame = await world.value(
                page,
                f"""new Promise((done) => {{
                  const frame = document.createElement('iframe');
                  frame.src = '/frame'; frame.referrerPolicy = 'unsafe-url';
                  let loads = 0;
                  frame.onload = () => {{ if (++loads === 2) done('there'); else frame.contentWindow.eval({act!r}); }};
                  document.body.append(frame);
                }})""",
            )
            assert frame == "there"
            assert told(world, path) is None, path
        assert told(world, "/form", "Origin") == "null"

    answers = {
        "https://a.test/": html("", ("Referrer-Policy", "unsafe-url")),
        "https://a.test/frame": html("", ("Referrer-Policy", "no-referrer")),
    }
    run(blob, answers, test)


def test_what_a_sandboxed_frame_without_a_response_has_of_its_parent(blob: bytes) -> None:
    """Its base URL (for markup), its policies and its referrer policy, though it lives in an isolate of its own."""

    async def test(world: World) -> None:
        world.transport.handle.respond_to_rest(rest)
        page = await world.open("https://a.test/dir/page")
        asks = (
            "const violations = []; document.addEventListener('securitypolicyviolation', (e) => violations.push(e.blockedURI));"
            "fetch('https://a.test/ok').then(() => fetch('https://b.test/no')).catch(() => parent.postMessage({ base: document.baseURI, violations }, '*'))"
        )
        for kind in ("srcdoc", "data", "blob"):
            said = await world.value(
                page,
                f"""new Promise((done) => {{
                  onmessage = (event) => done(event.data);
                  const frame = document.createElement('iframe'), text = `<script>{asks}<` + '/script>';
                  frame.sandbox = 'allow-scripts';
                  if ('{kind}' === 'srcdoc') frame.srcdoc = text;
                  else if ('{kind}' === 'data') frame.src = 'data:text/html,' + encodeURIComponent(text);
                  else frame.src = URL.createObjectURL(new Blob([text], {{ type: 'text/html' }}));
                  document.body.append(frame);
                }})""",
            )
            assert said["violations"] == ["https://b.test/no"], kind
            if kind == "srcdoc":
                assert said["base"] == "https://a.test/dir/page"
        assert [one.url for one in world.transport.received if one.url.endswith("/no")] == []

    policy = (
        "Content-Security-Policy",
        "connect-src https://a.test; script-src 'unsafe-inline'; frame-src data: blob:",
    )
    run(blob, {"https://a.test/dir/page": html("", policy)}, test)


def test_a_blank_frame_is_as_its_maker(blob: bytes) -> None:
    async def test(world: World) -> None:
        world.transport.handle.respond_to_rest(rest)
        page = await world.open("https://a.test/dir/page#x")
        said = await world.value(
            page,
            """(async () => {
              const frame = document.createElement('iframe'); document.body.append(frame);
              const { contentWindow: inner, contentDocument: doc } = frame;
              const script = doc.createElement('script');
              script.textContent = "window.request = new Request('/x', { referrer: '/dir/own' })";
              doc.body.append(script);
              return [doc.referrer, inner.request.referrer];
            })()""",
        )
        assert said == ["https://a.test/dir/page", "https://a.test/dir/own"]

    run(blob, {"https://a.test/dir/page": html("", ("Referrer-Policy", "origin"))}, test)


def test_document_referrer_is_what_was_told(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await world.open("https://a.test/first")
        await world.value(page, "location.href = 'https://b.test/second'")
        assert await world.until(page, "location.host === 'b.test' && [document.referrer]") == ["https://a.test/"]

    run(blob, {"https://a.test/first": html(""), "https://b.test/second": html("")}, test)


def test_a_sandboxed_frame_asks_as_nobody(blob: bytes) -> None:
    async def test(world: World) -> None:
        world.transport.handle.respond_to_rest(rest)
        page = await world.open("https://a.test/")
        await world.until(page, "window.asked === true")
        assert told(world, "/asked", "Origin") == "null"
        assert told(world, "/asked") is None

    asks = "<script>fetch('/asked').then(() => parent.postMessage('', '*'))</script>"
    documents = {
        "https://a.test/": html(
            '<script>onmessage = () => { asked = true; }</script><iframe sandbox="allow-scripts" src="/frame"></iframe>'
        ),
        "https://a.test/frame": html(asks),
    }
    run(blob, documents, test)


def test_insecure_requests_are_upgraded_where_the_policy_says_so(blob: bytes) -> None:
    async def test(world: World) -> None:
        moved = Answer(status=302, headers=(("Location", "http://a.test/moved"),))
        world.transport.answer("https://a.test/hop", moved)
        world.transport.handle.respond_to_rest(rest)
        page = await world.open("https://a.test/")
        await world.value(
            page,
            "Promise.all([fetch('http://a.test/asked'), fetch('/hop'), frames[0].fetch('http://a.test/of-frame')])",
        )
        urls = {request.url for request in world.transport.received}
        assert {"https://a.test/asked", "https://a.test/moved", "https://a.test/of-frame"} <= urls
        assert not [url for url in urls if url.startswith("http:")]

    policy = ("Content-Security-Policy", "default-src https: 'unsafe-inline'; Upgrade-Insecure-Requests")
    run(blob, {"https://a.test/": html("<iframe></iframe>", policy)}, test)


def test_a_frame_without_an_address_of_its_own_is_as_secure_as_the_page(blob: bytes) -> None:
    async def test(world: World) -> None:
        world.transport.handle.respond_to_rest(rest)
        page = await world.open("https://a.test/")
        assert await world.until(page, "window.outcome") == "refused"
        assert not [request.url for request in world.transport.received if request.url.startswith("http:")]

    inner = "<script>fetch('http://b.test/', { mode: 'no-cors' }).then(() => 'sent', () => 'refused').then((text) => parent.postMessage(text, '*'))</script>"
    outer = f'<script>onmessage = (event) => {{ outcome = event.data; }}</script><iframe src="data:text/html,{inner.replace(chr(34), "")}"></iframe>'
    run(blob, {"https://a.test/": html(outer)}, test)


def test_frames_that_forbid_it_are_not_shown(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await world.open("https://a.test/")
        found = "[...document.querySelectorAll('iframe')].map((frame) => frame.contentDocument && frame.contentDocument.body.textContent)"
        assert await world.value(page, found) == [None, "same", None]

    documents = {
        "https://a.test/": html(
            '<iframe src="/deny"></iframe><iframe src="/same"></iframe><iframe src="https://b.test/same"></iframe>'
        ),
        "https://a.test/deny": html("deny", ("X-Frame-Options", "Deny")),
        "https://a.test/same": html("same", ("X-Frame-Options", "sameorigin")),
        "https://b.test/same": html("same", ("X-Frame-Options", "sameorigin")),
    }
    run(blob, documents, test)


def test_what_somebody_acted_on_says_so(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await world.open("https://a.test/")
        await world.value(page, "frames[0].location.href = '/by-code'")
        await world.until(page, "frames[0].location.pathname === '/by-code'")
        await page.call("input.key", SHIFT)
        await world.value(page, "location.href = '/by-hand'")
        await world.until(page, "location.pathname === '/by-hand'")
        assert told(world, "/by-code", "Sec-Fetch-User") is None
        assert told(world, "/by-hand", "Sec-Fetch-User") == "?1"

    documents = {f"https://a.test/{path}": html("<iframe></iframe>") for path in ("", "by-code", "by-hand")}
    run(blob, documents, test)


def test_requests_that_are_stopped_are_aborted_and_headers_may_end_in_blanks(blob: bytes) -> None:
    async def test(world: World) -> None:
        world.transport.handle.respond_to_rest(rest)
        page = await world.open("https://a.test/")
        stopped = """new Promise((done) => {
          const xhr = new XMLHttpRequest();
          xhr.onabort = xhr.onerror = (event) => done(event.type);
          xhr.open('GET', '/held');
          xhr.send();
          stop();
        })"""
        assert await world.value(page, stopped) == "abort"
        combined = """(() => {
          const xhr = new XMLHttpRequest();
          xhr.open('GET', '/combined', false);
          xhr.setRequestHeader('x', 'a');
          xhr.setRequestHeader('x', '');
          xhr.send();
          return xhr.status;
        })()"""
        assert await world.value(page, combined) == 200
        assert told(world, "/combined", "x") == "a,"

    run(blob, {"https://a.test/": html(""), "https://a.test/held": Answer(hold=True)}, test)


def test_a_frame_without_an_address_is_as_secure_as_what_it_is_embedded_in(blob: bytes) -> None:
    """Whatever the top-level document is."""

    async def test(world: World) -> None:
        world.transport.handle.respond_to_rest(rest)
        page = await world.open("http://a.test/")
        assert await world.value(
            page,
            """new Promise((done) => {
              onmessage = (event) => done(event.data);
              document.body.append(Object.assign(document.createElement('iframe'), { src: 'https://b.test/' }));
            })""",
        ) == ["http://c.test/ refused", "https://c.test/ came"]

    asks = (
        "const say = (url) => fetch(url).then(() => url + ' came', () => url + ' refused');"
        "Promise.all([say('http://c.test/'), say('https://c.test/')]).then((said) => top.postMessage(said, '*'))"
    )
    middle = html(f'<iframe src="data:text/html,<script>{asks}</script>"></iframe>')
    run(blob, {"http://a.test/": html(""), "https://b.test/": middle}, test)
