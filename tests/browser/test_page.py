"""Pages through a worker, with real servers: navigations, history, windows, storage, forms, events."""

from __future__ import annotations

import concurrent.futures
import contextlib
import json
import threading
from collections.abc import Callable
from typing import Any

import pytest

from sanderling import Browser, Context, NavigationError, NetworkError, Page, UsageError
from sanderling.testing.server import Request, Response
from tests.support import Page as SitePage
from tests.support import Site, redirect


def html(body: str, title: str = "") -> str:
    return f"<!doctype html><title>{title}</title><body>{body}"


# -- loading ---------------------------------------------------------------------------------------------------------------


def test_a_document_with_redirects(page: Page) -> None:
    pages: dict[str, SitePage] = {"/a": redirect("/b", 301), "/b": redirect("c?x=1", 302), "/c": html("here", "End")}
    with Site(pages) as site:
        response = page.goto(site.url("/a#part"))
        assert response is not None
        assert (response.status, response.url) == (200, site.url("/c?x=1"))
        assert page.url == site.url("/c?x=1#part")
        assert page.title() == "End"
        assert page.evaluate("[location.hash, performance.getEntriesByType('navigation').length]") == ["#part", 1]
        assert response.text().endswith("here")


@pytest.mark.parametrize("status", [204, 205])
def test_no_content_leaves_the_document(page: Page, status: int) -> None:
    with Site({"/": html("old", "Old"), "/none": Response(b"", status)}) as site:
        page.goto(site.url("/"))
        page.evaluate("window.mark = 1")
        assert page.goto(site.url("/none")) is not None or page.url == site.url("/")
        assert (page.url, page.title(), page.evaluate("mark")) == (site.url("/"), "Old", 1)


def test_goto_gives_nothing_for_no_content(page: Page) -> None:
    with Site({"/": html("old"), "/none": Response(b"", 204)}) as site:
        page.goto(site.url("/"))
        assert page.goto(site.url("/none")) is None


@pytest.mark.parametrize(
    "response",
    [
        Response(b"PK\x03\x04", content_type="application/zip"),
        Response(b"<p>x", headers=(("Content-Disposition", "attachment; filename=x.html"),)),
    ],
)
def test_a_download_leaves_the_document(page: Page, response: Response) -> None:
    with Site({"/": html("old", "Old"), "/file": response}) as site:
        page.goto(site.url("/"))
        with pytest.raises(NetworkError, match=r"ERR_ABORTED.*download"):
            page.goto(site.url("/file"))
        assert (page.url, page.title()) == (site.url("/"), "Old")


@pytest.mark.parametrize("status", [404, 500])
def test_an_error_page_is_a_page(page: Page, status: int) -> None:
    with Site({"/": Response(b"<title>Oops</title>", status)}) as site:
        response = page.goto(site.url("/"))
        assert response is not None
        assert (response.status, response.ok, page.title()) == (status, False, "Oops")


def test_about_blank(page: Page) -> None:
    assert page.goto("about:blank") is None
    assert page.url == "about:blank"
    assert page.content() == "<html><head></head><body></body></html>"


@pytest.mark.parametrize("url", ["", "nonsense", "http://", "http://[", "http://a b/"])
def test_a_malformed_url(page: Page, url: str) -> None:
    with pytest.raises(UsageError, match="is not a valid URL"):
        page.goto(url)
    assert page.url == "about:blank"


def test_a_data_url(page: Page) -> None:
    page.goto("data:text/html,<title>Data</title><script>document.title += location.protocol</script>")
    assert page.title() == "Datadata:"


def test_text_and_json_documents(page: Page) -> None:
    with Site({"/t": Response(b"a < b", content_type="text/plain"), "/x.json": '{"a": 1}'}) as site:
        page.goto(site.url("/t"))
        assert page.evaluate("[document.contentType, document.body.textContent]") == ["text/plain", "a < b"]
        page.goto(site.url("/x.json"))
        assert page.evaluate("[document.contentType, document.body.textContent]") == ["application/json", '{"a": 1}']


def test_an_xml_document(page: Page) -> None:
    markup = b'<html xmlns="http://www.w3.org/1999/xhtml"><head><title>X</title></head><body><P/></body></html>'
    with Site({"/": Response(markup, content_type="application/xhtml+xml")}) as site:
        page.goto(site.url("/"))
        assert page.evaluate("[document.contentType, document.body.firstChild.localName]") == [
            "application/xhtml+xml",
            "P",
        ]


def test_a_newer_navigation_supersedes(page: Page) -> None:
    release = threading.Event()

    def slow(request: Request) -> Response:
        release.wait(60)
        return Response(b"slow")

    with Site({"/slow": slow, "/quick": html("", "Quick")}) as site, concurrent.futures.ThreadPoolExecutor() as pool:
        first = pool.submit(page.goto, site.url("/slow"))
        while "/slow" not in site.paths:
            threading.Event().wait(0.001)
        page.goto(site.url("/quick"))
        with pytest.raises(NavigationError, match="interrupted by another one"):
            first.result(60)
        release.set()
        assert page.title() == "Quick"


def test_reload_gets_the_document_again(page: Page) -> None:
    with Site({"/": html("x")}) as site:
        page.goto(site.url("/"))
        page.evaluate("window.mark = 1")
        response = page.reload()
        assert response is not None
        assert page.evaluate("typeof mark") == "undefined"
        assert site.paths.count("/") == 2
        assert page.evaluate("history.length") == 1


# -- fragments and history --------------------------------------------------------------------------------------------------


def test_a_fragment_keeps_the_document(page: Page) -> None:
    with Site({"/": html("<p id=a>")}) as site:
        page.goto(site.url("/"))
        page.evaluate("window.seen = []; addEventListener('hashchange', (e) => seen.push(e.newURL.split('#')[1]))")
        assert page.goto(site.url("/#a")) is None
        page.evaluate("location.hash = 'b'")
        page.wait_for_function("seen.length == 2")
        assert page.evaluate("seen") == ["a", "b"]
        assert page.url == site.url("/#b")
        assert site.paths.count("/") == 1
        page.go_back()
        page.wait_for_function("location.hash == '#a'")
        assert page.evaluate("[seen.length >= 2, history.length]") == [True, 3]


def test_an_empty_fragment_is_one_and_keeps_the_document(page: Page) -> None:
    with Site({"/": html("<p id=a>")}) as site:
        page.goto(site.url("/"))
        assert page.evaluate("location.hash = '#', location.hash = '', location.href") == site.url("/")
        assert page.evaluate("location.hash = '#a', location.hash = '', location.href") == site.url("/#")
        assert page.evaluate("location.hash = '#', [location.href, history.length]") == [site.url("/#"), 3]
        assert site.paths.count("/") == 1


def test_back_and_forward_between_documents(page: Page) -> None:
    with Site({"/1": html("", "One"), "/2": html("", "Two"), "/3": html("", "Three")}) as site:
        for path in ("/1", "/2", "/3"):
            page.goto(site.url(path))
        assert page.evaluate("history.length") == 3
        response = page.go_back()
        assert response is not None
        assert (page.title(), response.url) == ("Two", site.url("/2"))
        page.go_back()
        assert page.title() == "One"
        assert page.go_back() is None
        assert page.title() == "One"
        page.go_forward()
        page.go_forward()
        assert page.title() == "Three"
        assert page.go_forward() is None
        page.go_back()
        page.goto(site.url("/1"))
        assert page.evaluate("history.length") == 3
        assert page.go_forward() is None


def test_the_history_api(page: Page) -> None:
    with Site({"/": html("")}) as site:
        page.goto(site.url("/"))
        page.evaluate(
            "window.seen = []; addEventListener('popstate', (e) => seen.push(e.state));"
            "history.pushState({n: 1}, '', '/one'); history.pushState({n: 2}, '', '/two'); history.replaceState('r', '')"
        )
        assert page.evaluate("[location.pathname, history.length, history.state]") == ["/two", 3, "r"]
        assert page.url == site.url("/two")
        page.go_back()
        page.wait_for_function("seen.length == 1")
        assert page.evaluate("[location.pathname, seen, history.state]") == ["/one", [{"n": 1}], {"n": 1}]
        page.evaluate("history.forward()")
        page.wait_for_function("seen.length == 2")
        assert page.evaluate("[location.pathname, seen[1]]") == ["/two", "r"]
        assert site.paths == ["/"]


def test_pushing_a_foreign_url_is_refused(page: Page) -> None:
    with Site({"/": html("")}) as site:
        page.goto(site.url("/"))
        assert page.evaluate(
            "(() => { try { history.pushState(0, '', 'http://x.invalid/') } catch (e) { return e.name } })()"
        ) == ("SecurityError")


def test_scripts_navigate(page: Page) -> None:
    with Site({"/": html("<a href=/b id=a>b</a>", "A"), "/b": html("", "B"), "/c": html("", "C")}) as site:
        page.goto(site.url("/"))
        page.evaluate("document.getElementById('a').click()")
        page.wait_for_function("document.title == 'B'")
        assert page.evaluate("document.referrer") == site.url("/")
        page.evaluate("location.replace('/c')")
        page.wait_for_function("document.title == 'C'")
        assert page.evaluate("history.length") == 2
        page.go_back()
        assert page.title() == "A"


def test_a_script_that_navigates_while_loading(page: Page) -> None:
    pages = {"/": "<script>location.href = '/b'</script><p>a", "/b": html("", "B")}
    with Site(pages) as site:
        with contextlib.suppress(NavigationError):  # whoever comes first
            page.goto(site.url("/"))
        page.wait_for_function("document.title == 'B'")


def test_a_module_that_waits_for_ever_does_not_stop_the_page(page: Page) -> None:
    pages = {
        "/": "<script type=module>await new Promise(() => {})</script><script defer src=/d.js></script>",
        "/d.js": "d = 1",
    }
    with Site(pages) as site:
        page.goto(site.url("/"))
        assert page.evaluate("[d, document.readyState]") == [1, "complete"]


def test_a_rejection_after_everything_is_an_event(page: Page) -> None:
    errors: list[Any] = []
    page.on("pageerror", errors.append)
    page.evaluate("void setTimeout(() => Promise.reject(new RangeError('late')), 5)")
    until(lambda: bool(errors))
    assert (errors[0].name, errors[0].message) == ("RangeError", "late")


# -- windows -----------------------------------------------------------------------------------------------------------------


def test_a_popup_is_a_page_of_its_own(page: Page) -> None:
    popups: list[str] = []
    page.on("popup", popups.append)
    with Site({"/": html("<a id=a target=_blank href=/c>c</a>"), "/b": html(""), "/c": html("")}) as site:
        page.goto(site.url("/"))
        page.evaluate("window.open('/b'); document.getElementById('a').click()")
        page.wait_for_function("fetch('/x').then(() => true)")
        until(lambda: {"/b", "/c"} <= set(site.paths))
        assert sorted(popups) == [site.url("/b"), site.url("/c")]
        assert page.url == site.url("/")


def until(condition: Callable[[], bool]) -> None:
    """Wait for what a server or a listener will see; the test's timeout ends a vain wait."""
    pause = threading.Event()
    while not condition():
        pause.wait(0.002)


# -- storage and cookies -------------------------------------------------------------------------------------------------------


def test_local_storage_lives_across_pages_and_documents(context: Context) -> None:
    with Site({"/": html(""), "/b": html("")}) as site, Site({"/": html("")}) as foreign:
        one, two = context.new_page(), context.new_page()
        one.goto(site.url("/"))
        two.goto(site.url("/b"))
        two.evaluate("window.seen = []; addEventListener('storage', (e) => seen.push([e.key, e.oldValue, e.newValue]))")
        one.evaluate("localStorage.setItem('k', '1'); localStorage.k = '2'; sessionStorage.s = 'mine'")
        two.wait_for_function("seen.length == 2")
        assert two.evaluate("[seen, localStorage.k, sessionStorage.s]") == [
            [["k", None, "1"], ["k", "1", "2"]],
            "2",
            None,
        ]
        one.goto(site.url("/b"))
        assert one.evaluate("[localStorage.k, sessionStorage.s]") == ["2", "mine"]
        one.goto(foreign.url("/"))
        assert one.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]


def test_cookies_of_server_and_script(page: Page) -> None:
    cookies = (("Set-Cookie", "a=1; Path=/"), ("Set-Cookie", "secret=2; Path=/; HttpOnly"))
    with Site({"/": Response(b"<p>x", headers=cookies), "/b": html("")}) as site:
        page.goto(site.url("/"))
        assert page.evaluate("document.cookie") == "a=1"
        page.evaluate("document.cookie = 'b=3; path=/'; document.cookie = 'secret=no'")
        page.goto(site.url("/b"))
        assert site.requests[-1].cookies == {"a": "1", "secret": "2", "b": "3"}
        assert {cookie.name: cookie.value for cookie in page.context.cookies()} == {"a": "1", "secret": "2", "b": "3"}
        page.context.clear_cookies()
        assert page.evaluate("document.cookie") == ""


def test_contexts_are_isolated(browser: Browser) -> None:
    with Site({"/": html("")}) as site, browser.new_context() as one, browser.new_context(user_agent="Two/2") as two:
        first, second = one.new_page(), two.new_page()
        first.goto(site.url("/"))
        second.goto(site.url("/"))
        first.evaluate("localStorage.k = '1'; document.cookie = 'k=1'")
        assert second.evaluate("[localStorage.length, document.cookie, navigator.userAgent]") == [0, "", "Two/2"]
        assert site.requests[-1].header("user-agent") == "Two/2"
        one.close()
        assert second.evaluate("1 + 1") == 2


def test_two_pages_work_at_the_same_time(browser: Browser) -> None:
    """Each answers only after the other has asked: one after the other would never end. (Equal requests go out once.)"""
    meet = threading.Barrier(2, timeout=60)

    def answer(request: Request) -> Response:
        meet.wait()
        return Response(b"<title>met</title>")

    with Site({"/": answer}) as site, browser.new_context() as context:
        pages = [context.new_page(), context.new_page()]
        with concurrent.futures.ThreadPoolExecutor() as pool:
            list(pool.map(lambda one, query: one.goto(site.url(f"/?{query}")), pages, "ab"))
        assert [one.title() for one in pages] == ["met", "met"]


# -- scripts --------------------------------------------------------------------------------------------------------------------


def test_the_order_of_scripts(page: Page) -> None:
    """Inline and parser-inserted scripts in place, then deferred and module scripts in order, then DOMContentLoaded, then load."""
    pages = {
        "/": """<!doctype html>
            <script>globalThis.order = []; const say = (what) => order.push(what);
              document.addEventListener('DOMContentLoaded', () => say('ready ' + document.readyState));
              addEventListener('load', () => say('load ' + document.readyState));</script>
            <script defer src=/defer1.js></script>
            <script type=module>say('module')</script>
            <script nomodule>say('nomodule')</script>
            <script src=/blocking.js></script>
            <script>say('inline ' + document.readyState)</script>
            <script type=text/plain>say('data')</script>
            <script defer src=/defer2.js></script>
            <script>
              document.write('<script src=/written.js></' + 'script><p id=written></p>');
              say('after write ' + (document.getElementById('written') !== null));
            </script>
            <script>say('after written ' + document.currentScript.previousElementSibling.id)</script>
            <p id=last>""",
        "/defer1.js": "say('defer1 ' + document.readyState + ' ' + !!document.getElementById('last'))",
        "/defer2.js": "say('defer2')",
        "/blocking.js": "say('blocking ' + document.currentScript.src.split('/').pop())",
        "/written.js": "say('written')",
    }
    with Site(pages) as site:
        page.goto(site.url("/"))
        assert page.evaluate("order") == [
            "blocking blocking.js",
            "inline loading",
            "after write false",
            "written",
            "after written written",
            "defer1 interactive true",
            "module",
            "defer2",
            "ready interactive",
            "load complete",
        ]


def test_async_scripts_run_when_they_come(page: Page) -> None:
    first, second = threading.Event(), threading.Event()

    def late(request: Request) -> Response:
        assert first.wait(60)
        return Response(b"order.push('late')", content_type="text/javascript")

    def done(request: Request) -> Response:
        first.set()
        return Response(b"{}")

    pages: dict[str, SitePage] = {
        "/": "<script>order = []</script><script async src=/late.js></script><script async src=/early.js></script>",
        "/late.js": late,
        "/early.js": "order.push('early'); fetch('/done')",
        "/done": done,
    }
    with Site(pages) as site:
        page.goto(site.url("/"))
        assert page.evaluate("order") == ["early", "late"]
    second.set()


def test_inserted_scripts(page: Page) -> None:
    pages = {
        "/": """<script>
            order = [];
            function insert(properties) { const s = Object.assign(document.createElement('script'), properties);
              s.onload = () => order.push('load ' + s.id); s.onerror = () => order.push('error ' + s.id); document.head.append(s) }
            insert({ textContent: "order.push('text ' + (document.currentScript !== null))" });
            insert({ id: 'a', src: '/a.js', async: false });
            insert({ id: 'b', src: '/b.js', async: false });
            insert({ id: 'gone', src: '/gone.js', async: false });
            const div = document.createElement('div'); div.innerHTML = "<script>order.push('never')<\\/script>";
            document.head.append(div);
            order.push('end');</script>""",
        "/a.js": "order.push('a')",
        "/b.js": "order.push('b')",
    }
    with Site(pages) as site:
        page.goto(site.url("/"))
        assert page.evaluate("order") == ["text true", "end", "a", "load a", "b", "load b", "error gone"]


def test_imports_that_comments_and_strings_name_are_not_asked_for(page: Page) -> None:
    pages = {
        "/": "<script type=module>/* import './no1.js' */ import './yes.js'; window.text = `\nimport './no2.js'`</script>",
        "/yes.js": "// import './no3.js'\nimport { a, /* not b */ } from './deep.js'; window.done = a",
        "/deep.js": "export const a = 1",
    }
    with Site(pages) as site:
        page.goto(site.url("/"))
        assert page.evaluate("window.done") == 1
        assert [path for path in site.paths if path.endswith(".js")] == ["/yes.js", "/deep.js"]


def test_imports_of_classic_scripts(page: Page) -> None:
    where = "export const folder = import.meta.url.split('/').at(-2)"
    pages = {
        "/app/": "<script>var inline = import('./x.js').then((x) => x.folder)</script>",
        "/based/": "<base href='/other/'><script>var inline = import('./x.js').then((x) => x.folder)</script><script src=/app/y.js></script>",
        "/app/x.js": where,
        "/app/y.js": "var external = import('./x.js').then((x) => x.folder)",
        "/other/x.js": where,
        "/third/x.js": where,
    }
    evaluated = "import('./x.js').then((x) => x.folder)"
    with Site(pages) as site:
        page.goto(site.url("/app/"))
        assert page.evaluate("inline") == "app"
        assert page.evaluate(evaluated) == "app"
        assert page.evaluate(f"{evaluated}\n//# sourceURL=pptr:evaluate;run") == "app"
        page.goto(site.url("/based/"))
        assert page.evaluate("inline") == "other"
        assert page.evaluate("external") == "app"
        assert page.evaluate(evaluated) == "other"
        page.evaluate("document.querySelector('base').href = '/third/'")
        assert page.evaluate(evaluated) == "third"
        page.evaluate("document.querySelector('base').remove()")
        page.evaluate("history.replaceState(null, '', '/app/')")
        assert page.evaluate(evaluated) == "app"


def test_modules(page: Page) -> None:
    pages = {
        "/": """<script type=importmap>{"imports": {"lib": "/lib/index.js", "deep/": "/lib/"}}</script>
            <script type=module>
              import { one, count } from 'lib'; import two from 'deep/two.js'; import * as self from './self.js';
              globalThis.out = [one, two, count(), count(), self.url.split('/').pop(), document.currentScript];
              out.push((await import('./late.js')).default);
              try { await import('nowhere') } catch (error) { out.push(error.name) }
              try { await import('/gone.js') } catch (error) { out.push(error.name) }
            </script>""",
        "/lib/index.js": "export const one = 1; let n = 0; export function count() { return ++n } import './two.js'",
        "/lib/two.js": "import { one } from './index.js'; export default () => one; export let x",
        "/self.js": "export const url = import.meta.url",
        "/late.js": "export default 'late'",
    }
    pages["/lib/two.js"] = "export default 2"
    with Site(pages) as site:
        page.goto(site.url("/"))
        page.wait_for_function("out.length == 9")
        assert page.evaluate("out") == [1, 2, 1, 2, "self.js", None, "late", "TypeError", "TypeError"]
        assert site.paths.count("/lib/two.js") == 1


def test_top_level_names_are_shared_between_scripts(page: Page) -> None:
    pages = {
        "/": """<script>let a = 1; const b = 2; var c = 3; function d() { return a + b + c }</script>
            <script>a++; out = [d(), typeof window.a, window.c, new Function('return typeof a + this.c')(), this === window,
              (function () { return this === window })(), (function () { 'use strict'; return this })() === undefined,
              (0, eval)('this') === window, Function('return this')() === window]</script>
            <script>try { new Function('return missing')() } catch (e) { out.push(e.name, e instanceof ReferenceError) }</script>
            <script>out.push('not reached after a syntax error: ' </script>
            <script>out.push('reached')</script>
            <script>let a = 2; out.push('never: redeclared')</script>"""
    }
    with Site(pages) as site:
        page.goto(site.url("/"))
        assert page.evaluate("out") == [
            7, "undefined", 3, "number3", True, True, True, True, True, "ReferenceError", True, "reached",
        ]  # fmt: skip


def test_frames(page: Page) -> None:
    pages = {
        "/": """<iframe name=f src=/inner></iframe><iframe srcdoc="<p id=q>doc"></iframe>
            <script>top_ = 1; onload = () => { loaded = [frames.length, frames[0].name] }</script>""",
        "/inner": """<title>inner</title><script>let x = 1; var y = 2; function who() { return this === window && x }</script>
            <script>x++; parent.told = [x, y, parent === top, window !== parent, location.pathname,
              typeof top_, parent.top_, frameElement.name, [] instanceof Array]</script>""",
    }
    with Site(pages) as site:
        page.goto(site.url("/"))
        assert page.evaluate("loaded") == [2, "f"]
        assert page.evaluate("told") == [2, 2, True, True, "/inner", "undefined", 1, "f", True]
        assert page.evaluate("[f.document.title, f.y, typeof f.x, f.who(), frames[1].document.getElementById('q').textContent]") == [
            "inner", 2, "undefined", 2, "doc",
        ]  # fmt: skip


# -- forms ------------------------------------------------------------------------------------------------------------------------


def echo(request: Request) -> Response:
    text = json.dumps(
        {
            "method": request.method,
            "target": request.target,
            "type": request.header("content-type"),
            "body": request.body.decode("latin1"),
        }
    )
    return Response(text.encode(), content_type="application/json")


def echoed(page: Page) -> dict[str, Any]:
    page.wait_for_function("location.pathname == '/to' && document.readyState == 'complete'")
    value = json.loads(page.evaluate("document.body.textContent"))
    assert isinstance(value, dict)
    return value


_FIELDS = """<input name=q value="a b&é"><input name=n><input type=checkbox name=c checked><input type=checkbox name=d>
    <input name=off disabled value=x><select name=s><option>1<option selected>2</select><textarea name=t>l1
l2</textarea><button name=go value=now>go</button><button name=other>no</button>"""


def test_a_get_form(page: Page) -> None:
    with Site({"/": f"<meta charset=utf-8><form action='/to?old=1'>{_FIELDS}</form>", "/to": echo}) as site:
        page.goto(site.url("/"))
        page.evaluate("document.querySelector('button').click()")
        assert echoed(page)["target"] == "/to?q=a+b%26%C3%A9&n=&c=on&s=2&t=l1%0D%0Al2&go=now"


def test_a_post_form(page: Page) -> None:
    with Site({"/": f"<meta charset=utf-8><form method=post action='/to?x=1'>{_FIELDS}</form>", "/to": echo}) as site:
        page.goto(site.url("/"))
        page.evaluate("document.forms[0].submit()")
        assert echoed(page) == {
            "method": "POST",
            "target": "/to?x=1",
            "type": "application/x-www-form-urlencoded",
            "body": "q=a+b%26%C3%A9&n=&c=on&s=2&t=l1%0D%0Al2",
        }


def test_a_multipart_form(page: Page) -> None:
    markup = (
        "<form method=post enctype=multipart/form-data action=/to><input name=a value=1><input type=file name=f></form>"
    )
    with Site({"/": markup, "/to": echo}) as site:
        page.goto(site.url("/"))
        page.evaluate("document.forms[0].requestSubmit()")
        got = echoed(page)
        assert got["type"].startswith("multipart/form-data; boundary=")
        boundary = got["type"].partition("boundary=")[2]
        assert got["body"].startswith(
            f'--{boundary}\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--{boundary}\r\n'
        )
        assert got["body"].endswith(f"--{boundary}--\r\n")


def test_a_multipart_form_has_the_encoding_of_its_document(page: Page) -> None:
    markup = """<form method=post enctype=multipart/form-data accept-charset=windows-1252 action=/to>
      <input name='n\u00e9' value='caf\u00e9 \u2603'></form>"""
    with Site({"/": "<meta charset=utf-8>" + markup, "/to": echo}) as site:
        page.goto(site.url("/"))
        page.evaluate("document.forms[0].requestSubmit()")
        assert 'name="n\u00e9"\r\n\r\ncaf\u00e9 &#9731;\r\n' in echoed(page)["body"]


def test_a_submission_can_be_stopped_by_handler_and_by_validity(page: Page) -> None:
    markup = "<form action=/to onsubmit='tries = 1; return false'><input name=a required></form>"
    with Site({"/": markup, "/to": echo}) as site:
        page.goto(site.url("/"))
        page.evaluate("tries = 0; document.forms[0].requestSubmit()")
        assert page.evaluate("tries") == 0
        page.evaluate("document.forms[0].a.value = 'x'; document.forms[0].requestSubmit()")
        assert page.evaluate("tries") == 1
        page.evaluate("new Promise((done) => setTimeout(done))")
        assert page.url == site.url("/")
        assert site.paths == ["/"]


# -- unloading ----------------------------------------------------------------------------------------------------------------------


def test_unload_handlers_run_once_in_order(page: Page) -> None:
    pages = {
        "/": """<script>for (const name of ['beforeunload', 'pagehide', 'unload'])
            addEventListener(name, () => localStorage.order = (localStorage.order ?? '') + name + ' ')</script>""",
        "/b": html(""),
    }
    with Site(pages) as site:
        page.goto(site.url("/"))
        page.goto(site.url("/b"))
        assert page.evaluate("localStorage.order") == "beforeunload pagehide unload "


def test_an_unload_handler_that_spins_does_not_hold_up_the_next_page(page: Page) -> None:
    with Site({"/": "<script>onunload = () => { for (;;); }</script>", "/b": html("", "B")}) as site:
        page.goto(site.url("/"))
        page.goto(site.url("/b"))
        assert page.title() == "B"


# -- events ---------------------------------------------------------------------------------------------------------------------------


def test_console_and_errors_are_events(page: Page) -> None:
    console: list[Any] = []
    errors: list[Any] = []
    page.on("console", console.append)
    page.on("pageerror", errors.append)
    pages = {
        "/": """<script>console.log('a', 1, {b: [2]}); console.warn('w'); console.error(new Error('e').message)</script>
            <script src=/bad.js></script>
            <script>Promise.reject(new TypeError('rejected')); setTimeout(() => { throw 'plain' })</script>
            <script>addEventListener('error', () => {}); Promise.reject(1).catch(() => {})</script>""",
        "/bad.js": "\nfunction inner() { throw new RangeError('too bad') }\ninner()",
    }
    with Site(pages) as site:
        page.goto(site.url("/"))
        until(lambda: len(errors) == 3)
        assert [(message.type, message.text) for message in console[1:3]] == [("warning", "w"), ("error", "e")]
        assert (console[0].type, console[0].text[:3], console[0].line) == ("log", "a 1", 1)
        assert [(error.name, error.message) for error in errors][:2] == [
            ("RangeError", "too bad"),
            ("TypeError", "rejected"),
        ]
        assert site.url("/bad.js:2") in errors[0].stack
        assert errors[2].message.endswith("plain")


def test_requests_and_milestones_are_events(page: Page) -> None:
    seen: list[str] = []
    page.on(
        "request",
        lambda request: seen.append(
            f"request {request.method} {request.url.rpartition('/')[2]} {request.resource_type}"
        ),
    )
    page.on("response", lambda response: seen.append(f"response {response.status}"))
    page.on("requestfailed", lambda request: seen.append(f"failed {request.failure}"))
    page.on("domcontentloaded", lambda _: seen.append("domcontentloaded"))
    page.on("load", lambda _: seen.append("load"))
    with Site({"/": "<script src=/a.js></script>", "/a.js": "1"}) as site:
        page.goto(site.url("/"))
        until(lambda: "load" in seen)
        assert seen == [
            "request GET  document", "response 200", "request GET a.js script", "response 200", "domcontentloaded", "load",
        ]  # fmt: skip


def test_a_dialog_is_an_event_and_is_dismissed(page: Page) -> None:
    dialogs: list[Any] = []
    page.on("dialog", dialogs.append)
    assert page.evaluate("[alert('a'), confirm('b'), prompt('c', 'd')]") == [None, False, None]
    until(lambda: len(dialogs) == 3)
    assert [(one.type, one.message, one.default_value) for one in dialogs] == [
        ("alert", "a", ""),
        ("confirm", "b", ""),
        ("prompt", "c", "d"),
    ]


def test_window_close_closes_the_page(context: Context) -> None:
    page = context.new_page()
    closed: list[object] = []
    page.on("close", closed.append)
    page.evaluate("window.close()")
    until(lambda: bool(closed))
    context.new_page().close()


def test_init_scripts_run_before_the_pages_own(context: Context) -> None:
    context.add_init_script("globalThis.early = typeof document.body + document.readyState")
    with Site({"/": "<script>out = early</script>"}) as site:
        page = context.new_page()
        page.goto(site.url("/"))
        assert page.evaluate("out") == "objectloading"
        page.goto(site.url("/?again"))
        assert page.evaluate("out") == "objectloading"


@pytest.mark.parametrize("content", ["0; url=/b", "0;URL='/b'", " 0 , /b", '0;url="/b" x'])
def test_a_document_that_refreshes_itself(page: Page, content: str) -> None:
    pages = {
        "/": f"<!doctype html><meta http-equiv=Refresh content='{content}'>",
        "/b": "<!doctype html><title>b</title>",
    }
    if "'" in content:
        pages["/"] = f'<!doctype html><meta http-equiv=Refresh content="{content}">'
    with Site(pages) as site:
        page.goto(site.url("/"))
        page.wait_for_function("document.title === 'b'")
        assert page.url == site.url("/b")
        assert page.evaluate("history.length") == 1


def test_pushing_after_going_back_forgets_what_came_after(page: Page) -> None:
    with Site({"/": "<!doctype html>"}) as site:
        page.goto(site.url("/"))
        assert page.evaluate("history.pushState(1, '', '/x'); history.pushState(2, '', '/y'); history.length") == 3
        page.evaluate(
            "new Promise(done => { addEventListener('popstate', done, {once: true}); history.go(-2) }).then(() => 1)"
        )
        assert page.evaluate("history.pushState(3, '', '/z'); history.length") == 2


def test_evaluations_while_documents_change_run_in_one_of_them(page: Page) -> None:
    with Site({"/": "<title>one</title>", "/next": "<title>two</title>"}) as site:
        for _ in range(10):
            page.goto(site.url("/"))
            page.evaluate("void (location.href = '/next')")
            titles = [page.evaluate("document.title || 'none yet'") for _ in range(5)]
            assert set(titles) <= {"one", "two", "none yet"}
            page.wait_for_function("document.title === 'two'")
