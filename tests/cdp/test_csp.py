"""Content Security Policies as clients meet them: Log entries, evaluation that they do not bind, and Page.setBypassCSP."""

from __future__ import annotations

from sanderling.testing.server import Response
from tests.cdp.driver import Driver
from tests.support import Site

DOCUMENT = Response(
    b"<!doctype html><script>ran = 'inline'</script><p>x",
    headers=(("Content-Security-Policy", "script-src 'self'"),),
)


def test_violations_are_logged_and_clients_are_not_bound(driver: Driver) -> None:
    with Site({"/": DOCUMENT}) as site:
        page = driver.new_page("Page", "Log", "Runtime")
        page.goto(site.url("/"))
        entry = page.wait_event("Log.entryAdded")["entry"]
        assert (entry["source"], entry["level"], entry["url"]) == ("security", "error", site.url("/"))
        assert entry["text"].startswith("Refused to execute inline script because it violates the following")
        assert page.evaluate("typeof ran + globalThis.eval('let a = 40; a + 2')") == "undefined42"
        world = page.call("Page.createIsolatedWorld", frameId=page.page, worldName="tools")["executionContextId"]
        for expression in ("let b = 1; b + 1", "eval('1 + 1')", "globalThis.eval('1 + 1')"):
            answer = page.call("Runtime.evaluate", expression=expression, contextId=world)
            assert answer["result"].get("value") == 2, answer
        code = "(async (code) => globalThis.eval(code))"
        answer = page.call(
            "Runtime.callFunctionOn",
            functionDeclaration=code,
            arguments=[{"value": "6 * 7"}],
            executionContextId=world,
            awaitPromise=True,
            returnByValue=True,
        )
        assert answer["result"]["value"] == 42


def test_bypass_holds_from_the_next_document_on(driver: Driver) -> None:
    with Site({"/": DOCUMENT}) as site:
        page = driver.new_page("Page")
        page.goto(site.url("/"))
        page.call("Page.setBypassCSP", enabled=True)
        assert page.evaluate("typeof ran") == "undefined"
        page.goto(site.url("/"))
        assert page.evaluate("ran") == "inline"
        page.call("Page.setBypassCSP", enabled=False)
        page.goto(site.url("/"))
        assert page.evaluate("typeof ran") == "undefined"
