"""What pages see of cookies: by the sites around a frame, by partition, and through the CookieStore API."""

from __future__ import annotations

from sanderling import Page
from sanderling.testing.server import Request, Response
from tests.support import Site

FRAME = "<script>parent.postMessage(document.cookie, '*')</script>"
SET = (
    "strict=1; SameSite=Strict",
    "lax=1",
    "none=1; SameSite=None; Secure",
    "part=1; SameSite=None; Secure; Partitioned",
)


def set_all(request: Request) -> Response:
    return Response(b"<p>set", headers=tuple(("Set-Cookie", text) for text in SET))


def holding(url: str) -> str:
    return f"<script>onmessage = (event) => window.got = event.data</script><iframe src='{url}'></iframe>"


def sent(site: Site, target: str) -> str:
    found = [request for request in site.requests if request.target == target]
    return {name.lower(): value for name, value in found[-1].headers}.get("cookie", "")


def test_a_frame_of_another_site_sees_what_is_meant_for_it(page: Page) -> None:
    with Site({"/set": set_all, "/frame": FRAME}) as theirs, Site({}) as ours:
        foreign = theirs.url("/frame").replace("127.0.0.1", "localhost")
        ours.pages["/"] = holding(foreign)
        page.goto(foreign.replace("/frame", "/set"))
        page.goto(foreign)
        assert sent(theirs, "/frame") == "strict=1; lax=1; none=1; part=1"
        page.goto(ours.url("/"))
        assert page.wait_for_function("window.got") == "none=1"
        assert sent(theirs, "/frame") == "none=1"


def test_a_partition_belongs_to_the_top_level_site(page: Page) -> None:
    with Site({"/set": set_all, "/frame": FRAME}) as theirs, Site({}) as ours:
        foreign = theirs.url("/frame").replace("127.0.0.1", "localhost")
        ours.pages["/sets"] = f"<iframe src='{foreign.replace('/frame', '/set')}'></iframe>"
        ours.pages["/"] = holding(foreign)
        page.goto(ours.url("/sets"))
        page.goto(ours.url("/"))
        assert page.wait_for_function("window.got") == "none=1; part=1"
        page.goto(foreign)
        assert sent(theirs, "/frame") == "none=1"


def test_cookie_store(page: Page) -> None:
    with Site({"/dir/x": "x"}) as site:
        page.goto(site.url("/dir/x"))
        page.evaluate(
            "window.seen = []; void (cookieStore.onchange = (event) => seen.push([...event.changed.map((c) => '+' + c.name),"
            " ...event.deleted.map((c) => '-' + c.name + c.value)]))"
        )
        listed = page.evaluate(
            "async () => { document.cookie = 'a=1; path=/'; await cookieStore.set({ name: 'b', value: 'é', path: '/dir/' });"
            "await cookieStore.set('c', '3'); await cookieStore.delete('a');"
            "return (await cookieStore.getAll()).map((c) => [c.name, c.value, c.path, c.sameSite, c.secure]) }"
        )
        assert listed == [["b", "é", "/dir/", "strict", True], ["c", "3", "/", "strict", True]]
        assert page.wait_for_function("seen.length >= 4 && seen") == [["+a"], ["+b"], ["+c"], ["-aundefined"]]
        assert page.evaluate("cookieStore.get('nothing')") is None
        assert page.evaluate("document.cookie") == "b=é; c=3"


def test_cookie_store_refuses(page: Page) -> None:
    with Site({"/": "x"}) as site:
        page.goto(site.url("/"))
        for call in (
            "get()",
            "get({ url: '/other' })",
            "set('a;b', '1')",
            "set('a=b', '1')",
            "set('', '')",
            "set('', '__Host-a')",
            "set('__Http-a', '1')",
            "set({ name: 'a', value: '1', domain: 'other.test' })",
            "set({ name: 'a', value: '1', domain: '.127.0.0.1' })",
            "set({ name: 'a', value: '1', domain: 'a@127.0.0.1' })",
            "set({ name: 'a', value: '1', domain: '127.0.0.1?b' })",
            "set({ name: 'a', value: '1', domain: '127.0.\\t0.1' })",
            "set({ name: 'a', value: '1', path: 'x' })",
            "set({ name: '__Host-a', value: '1', path: '/x' })",
        ):
            assert page.evaluate(f"cookieStore.{call}.then(() => 'done', (e) => e.constructor.name)") == "TypeError", (
                call
            )
        assert page.evaluate("document.cookie") == ""
