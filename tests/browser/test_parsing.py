"""While a document is parsed: what is asked for ahead, in which order scripts run, what gets the focus in the end."""

from __future__ import annotations

import pytest

from sanderling.browser.options import ContextOptions
from sanderling.browser.parser import parse_document
from sanderling.testing.transport import Answer
from tests.browser.world import Document, World, run

A = "https://a.test/"


def script(text: str) -> Answer:
    """Make an answer that is a script."""
    return Answer(headers=(("Content-Type", "text/javascript"),), body=text.encode())


def names(world: World) -> list[str]:
    """Give what was asked for beside the document, in order."""
    return [request.url.removeprefix(A) for request in world.transport.received if request.url != A]


def test_what_stands_behind_a_script_is_asked_for_before_it_runs(blob: bytes) -> None:
    async def test(world: World) -> None:
        world.context = world.browser.new_context(ContextOptions(images=True))
        page = await world.open(A)
        asked = names(world)
        # Each once, in the order of the document: the first script has put one in between that nobody could know of, and what is
        # for paper is asked for by its element.
        assert asked == ["1.js", "x/2.js", "x/3.mjs", "x/4.css", "x/5.js", "x/6.png", "late.js", "x/print.css"]
        assert await world.value(page, "log") == ["1 with 0 after", "late", "2", "5", "module"]

    run(
        blob,
        {
            A: "<script>log = []</script><script src=1.js></script><base href=/x/><script src=2.js></script>"
            "<script src=3.mjs type=module></script><link rel=stylesheet href=4.css>"
            "<link rel=stylesheet href=print.css media=print><script nomodule src=no.js></script>"
            "<template><script src=no.js></script></template><script type=text/plain src=no.js></script>"
            "<img loading=lazy src=no.png hidden><script src=5.js></script><img src=6.png>",
            f"{A}1.js": script(
                "log.push(`1 with ${document.currentScript.nextSibling ? 1 : 0} after`);"
                "document.write('<script src=late.js></' + 'script>')"
            ),
            f"{A}late.js": script("log.push('late')"),
            f"{A}x/2.js": script("log.push('2')"),
            f"{A}x/3.mjs": script("log.push('module')"),
            f"{A}x/4.css": Answer(headers=(("Content-Type", "text/css"),), body=b"a { color: red }"),
            f"{A}x/5.js": script("log.push('5')"),
        },
        test,
    )


def test_what_policies_ahead_forbid_is_not_asked_for(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await world.open(A)
        assert names(world) == ["1.js"]
        assert await world.value(page, "log") == ["1"]

    pages: dict[str, Document] = {
        A: "<script>log = []</script><script src=1.js></script>"
        "<meta http-equiv=Content-Security-Policy content=\"script-src 'unsafe-inline'\"><script src=2.js></script>",
        f"{A}1.js": script("log.push('1')"),
        f"{A}2.js": script("log.push('2')"),
    }
    run(blob, pages, test)


def test_policies_of_meta_elements_bind_where_a_request_ahead_was_redirected(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await world.open(A)
        assert names(world) == ["1.js", "2.js", "https://b.test/2.js"]
        assert await world.value(page, "log") == ["1"]

    pages: dict[str, Document] = {
        A: "<script>log = []</script><script src=1.js></script>"
        "<meta http-equiv=Content-Security-Policy content=\"script-src 'self'\"><script src=2.js></script>",
        f"{A}1.js": script("log.push('1')"),
        f"{A}2.js": Answer(status=302, headers=(("Location", "https://b.test/2.js"),)),
        "https://b.test/2.js": script("log.push('2')"),
    }
    run(blob, pages, test)


def test_nothing_is_asked_for_ahead_in_clear_text_that_a_policy_ahead_upgrades(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await world.open("http://a.test/")
        assert await world.value(page, "log") == ["1", "secure"]

    pages: dict[str, Document] = {
        "http://a.test/": "<script>log = []</script><script src=1.js></script>"
        '<meta http-equiv=Content-Security-Policy content="upgrade-insecure-requests"><script src=http://b.test/2.js></script>',
        "http://a.test/1.js": script("log.push('1')"),
        "http://b.test/2.js": script("log.push('clear text')"),
        "https://b.test/2.js": script("log.push('secure')"),
    }
    run(blob, pages, test)


def test_what_a_policy_of_a_script_forbids_settles_for_each_who_asks(blob: bytes) -> None:
    async def test(world: World) -> None:
        world.context = world.browser.new_context(ContextOptions(images=True))
        page = await world.open(A)
        assert await world.value(page, "[log.join(), document.readyState]") == ["1,error,error", "complete"]

    pages: dict[str, Document] = {
        A: "<script>log = []</script><script src=1.js></script>"
        '<img src=2.png onerror="log.push(event.type)"><img src=2.png onerror="log.push(event.type)">',
        f"{A}1.js": script(
            "log.push('1'); const m = document.createElement('meta'); m.httpEquiv = 'Content-Security-Policy';"
            "m.content = \"img-src 'none'\"; document.head.append(m)"
        ),
        f"{A}2.png": Answer(hold=True),
    }
    run(blob, pages, test)


def test_what_was_asked_for_in_vain_does_no_harm(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await world.open(A)
        assert names(world) == ["1.js", "2.js", "3.css"]
        assert await world.value(page, "[log.join(), document.readyState, document.scripts.length]") == [
            "1",
            "complete",
            2,
        ]

    run(
        blob,
        {
            A: "<script>log = []</script><script src=1.js></script><script src=2.js></script><link rel=stylesheet href=3.css>",
            f"{A}1.js": script("log.push('1'); document.write('<plaintext>')"),
            f"{A}2.js": script("log.push('2')"),
            f"{A}3.css": Answer(headers=(("Content-Type", "text/css"),), body=b""),
        },
        test,
    )


def test_what_wants_the_focus_has_it_when_the_document_is_parsed(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await world.open(A)
        assert await world.value(page, "[document.activeElement.id, log.join()]") == ["b", "focus b,load"]

    pages: dict[str, Document] = {
        A: "<script>log = []; onload = () => log.push('load')</script><input id=a autofocus disabled>"
        "<input id=b autofocus onfocus='log.push(`focus b`)'><input id=c autofocus>"
    }
    run(blob, pages, test)


def test_scripts_that_are_written_run_in_the_order_in_which_they_were_written(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await world.open(A)
        assert await world.value(page, "log") == ["begin", "end", "1", "inline 1", "2", "inline 2", "after"]

    pages: dict[str, Document] = {
        A: "<p><script>log = ['begin'];"
        "document.write('<script src=1.js></' + 'script>');"
        "document.write('<script>log.push(`inline 1`)</' + 'script>');"
        "document.write('<script src=2.js></' + 'script>');"
        "document.write('<script>log.push(`inline 2`)</' + 'script>');"
        "log.push('end')</script><script>log.push('after')</script>",
        f"{A}1.js": script("log.push('1')"),
        f"{A}2.js": script("log.push('2')"),
    }
    run(blob, pages, test)


def test_microtasks_of_a_script_run_before_its_load_event_and_after_its_error_is_reported(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await world.open(A)
        assert await world.value(page, "log") == ["body", "microtask", "load", "body", "error", "microtask", "load"]

    pages: dict[str, Document] = {
        A: "<script>log = []; onerror = () => { log.push('error'); return true }</script>"
        "<script src=1.js onload=\"log.push('load')\"></script><script src=2.js onload=\"log.push('load')\"></script>",
        f"{A}1.js": script("Promise.resolve().then(() => log.push('microtask')); log.push('body')"),
        f"{A}2.js": script("Promise.resolve().then(() => log.push('microtask')); log.push('body'); throw 1"),
    }
    run(blob, pages, test)


def test_what_stands_behind_a_form_in_a_table_belongs_to_it(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await world.open(A)
        owners = "[...document.querySelectorAll('input')].map((one) => one.form && one.form.id)"
        assert await world.value(page, owners) == ["a", "a", "b", None, "c"]

    pages: dict[str, Document] = {
        A: "<table><form id=a><tr><td><input></td><td><input></td></tr></form><form id=b><tr><td><input></td></tr></form></table>"
        "<input><form id=c><input></form>"
    }
    run(blob, pages, test)


def test_a_style_sheet_may_say_its_encoding(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await world.open(A)
        assert await world.value(page, "getComputedStyle(document.body).color") == "rgb(1, 2, 3)"

    run(
        blob,
        {
            A: Answer(
                headers=(("Content-Type", "text/html; charset=iso-8859-15"),),
                body="<link rel=stylesheet href=s.css><body class=é>".encode("iso-8859-15"),
            ),
            f"{A}s.css": Answer(
                headers=(("Content-Type", "text/css"),), body='@charset "utf-8"; .é { color: rgb(1, 2, 3) }'.encode()
            ),
        },
        test,
    )


@pytest.mark.parametrize(
    ("markup", "encoding"),
    [
        ("<meta charset=windows-1251>", "windows-1251"),
        ("<script>'<meta charset=windows-1251>'</script>", "windows-1252"),
        ("<title><meta charset=windows-1251></title><meta charset=windows-1250>", "windows-1250"),
        ("<style>" + " " * 1024 + "</style><meta charset=windows-1251>", "windows-1251"),
        ("<body>" + " " * 1024 + "<meta charset=windows-1251>", "windows-1252"),
        ("<!--<meta charset=windows-1251>-->", "windows-1252"),
        ("<meta charset='&#119;indows-1251'>", "windows-1251"),
        ("<meta http-equiv=Content-Type content='text/html; charset=windows-1251'>", "windows-1251"),
        ("<meta content='text/html; charset=windows-1251'>", "windows-1252"),
        ("<a title='<meta charset=windows-1251>'>", "windows-1252"),
        ("<a title='" + "<" * 5000 + "<meta charset=windows-1251", "windows-1252"),
        ("<meta charset=utf-16>", "UTF-8"),
        ("<meta charset=x-user-defined>", "windows-1252"),
    ],
)
def test_which_meta_says_the_encoding(markup: str, encoding: str) -> None:
    assert parse_document(markup.encode(), content_type="text/html").encoding == encoding


@pytest.mark.parametrize(
    ("charset", "query"),
    [("utf-8", "?%C3%A5"), ("utf-16le", "?%C3%A5"), ("windows-1252", "?%E5"), ("windows-1251", "?%26%23229%3B")],
)
def test_queries_are_encoded_as_the_document_says(blob: bytes, charset: str, query: str) -> None:
    async def test(world: World) -> None:
        page = await world.open(A)
        assert await world.value(page, "document.querySelector('a').search") == query
        # What sets a part of a link knows no encoding.
        assert await world.value(page, "Object.assign(document.querySelector('a'), {search: '?å'}).search") == "?%C3%A5"
        await world.value(page, "history.replaceState(null, '', '?\u00e5')")
        assert await world.value(page, "location.search") == query

    content_type = (("Content-Type", f"text/html; charset={charset}"),)
    run(blob, {A: Answer(headers=content_type, body="<a href='?&#229;'>a</a>".encode(charset))}, test)
