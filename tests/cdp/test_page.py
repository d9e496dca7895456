"""Page: navigation and its order, frames, history, worlds, dialogs."""

from __future__ import annotations

import threading

import pytest

from sanderling.app.runtime import Runtime
from sanderling.browser.browser import Limits
from sanderling.cdp import wire
from sanderling.testing.server import Request, Response
from sanderling.testing.servers import refusing_port
from tests.cdp.driver import CdpRefusedError, Driver
from tests.support import Site

HELLO = "<!doctype html><title>Hello</title><p id=p>hi</p>"


def test_navigation_comes_in_chromiums_order(driver: Driver) -> None:
    with Site({"/": HELLO}) as site:
        page = driver.new_page("Page", "Runtime")
        since = page.mark()
        outcome = page.call("Page.navigate", url=site.url("/"))
        page.wait_event("Page.lifecycleEvent", name="networkIdle", loaderId=outcome["loaderId"])
    names = page.methods(since)
    answer = next(name for name in names if name.startswith("#"))
    order = [
        "Page.frameStartedNavigating",
        answer,
        "Runtime.executionContextsCleared",
        "Page.frameNavigated",
        "Runtime.executionContextCreated",
        "Page.domContentEventFired",
        "Page.loadEventFired",
        "Page.frameStoppedLoading",
    ]
    assert sorted(order, key=names.index) == order
    lifecycle = [
        event["name"] for event in page.events("Page.lifecycleEvent") if event["loaderId"] == outcome["loaderId"]
    ]
    assert lifecycle == ["init", "commit", "DOMContentLoaded", "load", "networkAlmostIdle", "networkIdle"]
    assert outcome["frameId"] == page.page
    assert driver.notice("changed", page.page)["url"] == site.url("/")


@pytest.mark.parametrize("path", ["/typed", "/untyped", "/missing"])
def test_navigate_is_answered_before_the_document_is_told_of(driver: Driver, path: str) -> None:
    untyped = Response(b"<html></html>", content_type="")
    with Site({"/typed": HELLO, "/untyped": untyped, "/missing": Response(b"<p>no", 404)}) as site:
        page = driver.new_page("Page", "Runtime")
        since = page.mark()
        page.call("Page.navigate", url=site.url(path))
        page.wait_event("Page.frameStoppedLoading", since=since)
    names = page.methods(since)
    answer = next(index for index, name in enumerate(names) if name.startswith("#"))
    assert answer < names.index("Page.frameNavigated")


def test_navigations_by_page_code_are_scheduled_as_older_clients_expect(driver: Driver) -> None:
    with Site({"/": HELLO, "/next": HELLO}) as site:
        page = driver.new_page("Page", "Runtime")
        page.goto(site.url("/"))
        assert page.call("Page.getFrameTree")["frameTree"]["frame"]["secureContextType"] == "SecureLocalhost"
        assert page.events("Page.frameScheduledNavigation") == []
        since = page.mark()
        page.evaluate("location.href = '/next'")
        page.wait_event("Page.frameStoppedLoading", since=since)
    order = [
        "Page.frameScheduledNavigation",
        "Page.frameRequestedNavigation",
        "Page.frameClearedScheduledNavigation",
        "Page.frameStartedNavigating",
    ]
    names = page.methods(since)
    assert sorted(order, key=names.index) == order
    scheduled = page.events("Page.frameScheduledNavigation")[0]
    assert scheduled == {"frameId": page.page, "delay": 0, "reason": "scriptInitiated", "url": site.url("/next")}


def test_ids_of_frames_and_loaders_hold_no_dot(driver: Driver) -> None:
    with Site({"/": "<iframe src=/inner></iframe>", "/inner": HELLO}) as site:
        page = driver.new_page("Page")
        page.goto(site.url("/"))
        tree = page.call("Page.getFrameTree")["frameTree"]
    ids = [one["frame"][name] for one in (tree, tree["childFrames"][0]) for name in ("id", "loaderId")]
    assert len(set(ids)) == 4
    assert [one for one in ids if "." in one] == [], "ChromeDriver joins them by dots into ids of elements"


def test_the_hub_hears_of_titles(driver: Driver) -> None:
    def titles() -> list[str]:
        return [body["title"] for target, body in driver.notices if target == page.page and body["type"] == "changed"]

    with Site({"/": HELLO, "/untitled": "<p>x"}) as site:
        page = driver.new_page("Page", "Runtime")
        page.goto(site.url("/"))
        assert titles()[-1] == "Hello"
        page.evaluate("document.title = 'later'")
        assert titles()[-1] == "later"
        page.evaluate("document.querySelector('title').firstChild.data = 'in place'")
        assert titles()[-1] == "in place"
        page.goto(site.url("/untitled"))
        assert titles()[-1] == ""


def test_a_new_page_shows_about_blank_and_replays_its_milestones(driver: Driver) -> None:
    page = driver.new_page("Page")
    tree = page.call("Page.getFrameTree")["frameTree"]
    assert (tree["frame"]["url"], tree["frame"]["id"]) == ("about:blank", page.page)
    assert "load" in [event["name"] for event in page.events("Page.lifecycleEvent")]


def test_named_worlds_come_again_in_every_document(driver: Driver) -> None:
    with Site({"/": HELLO}) as site:
        page = driver.new_page("Page", "Runtime")
        page.call("Page.addScriptToEvaluateOnNewDocument", source="", worldName="utility")
        page.goto(site.url("/"))
        contexts = [event["context"] for event in page.events("Runtime.executionContextCreated")]
        utility = next(context for context in reversed(contexts) if context["name"] == "utility")
        page.evaluate("globalThis.seen = 1; document.title = 'changed'")
        assert page.evaluate("typeof window.seen", contextId=utility["id"]) == "undefined"
        assert page.evaluate("document.title", contextId=utility["id"]) == "changed"


def test_init_scripts_run_before_the_pages_own(driver: Driver) -> None:
    with Site({"/": "<script>seen = typeof before</script>"}) as site:
        page = driver.new_page("Page")
        page.call("Page.addScriptToEvaluateOnNewDocument", source="before = 1")
        page.goto(site.url("/"))
        assert page.evaluate("seen") == "number"


def test_a_failed_navigation_shows_an_error_document(driver: Driver) -> None:
    page = driver.new_page("Page")
    since = page.mark()
    outcome = page.call("Page.navigate", url="http://127.0.0.1:1/")
    assert outcome["errorText"] == "net::ERR_UNSAFE_PORT" or outcome["errorText"] == "net::ERR_CONNECTION_REFUSED"
    frame = page.wait_event("Page.frameNavigated", since=since)["frame"]
    assert frame["url"] == "chrome-error://chromewebdata/"
    assert frame["unreachableUrl"] == "http://127.0.0.1:1/"
    assert frame["loaderId"] == outcome["loaderId"]


def test_a_malformed_url_is_refused(driver: Driver) -> None:
    page = driver.new_page("Page")
    with pytest.raises(CdpRefusedError, match="Cannot navigate to invalid URL"):
        page.call("Page.navigate", url="http://")


def test_a_fragment_is_no_new_document(driver: Driver) -> None:
    with Site({"/": HELLO}) as site:
        page = driver.new_page("Page")
        page.goto(site.url("/"))
        outcome = page.call("Page.navigate", url=site.url("/#there"))
        assert "loaderId" not in outcome
        event = page.wait_event("Page.navigatedWithinDocument", url=site.url("/#there"))
        assert event["navigationType"] == "fragment"


def test_history_goes_back_by_entry(driver: Driver) -> None:
    with Site({"/a": HELLO, "/b": HELLO}) as site:
        page = driver.new_page("Page")
        page.goto(site.url("/a"))
        page.goto(site.url("/b"))
        history = page.call("Page.getNavigationHistory")
        assert [entry["url"] for entry in history["entries"]] == [site.url("/a"), site.url("/b")]
        since = page.mark()
        page.call("Page.navigateToHistoryEntry", entryId=history["entries"][0]["id"])
        page.wait_event("Page.loadEventFired", since=since)
        assert page.evaluate("location.href") == site.url("/a")
        with pytest.raises(CdpRefusedError, match="Invalid parameters"):
            page.call("Page.navigateToHistoryEntry", entryId=999999)


def test_the_same_address_again_is_no_new_entry(driver: Driver) -> None:
    with Site({"/a": HELLO, "/b": HELLO}) as site:
        page = driver.new_page("Page")
        for path in ("/a", "/b", "/b"):
            page.goto(site.url(path))
        assert page.evaluate("history.length") == 2


def test_content_is_replaced_and_its_milestones_come_again(driver: Driver) -> None:
    page = driver.new_page("Page")
    since = page.mark()
    page.call("Page.setDocumentContent", frameId=page.page, html="<p>new</p><script>ran = true</script>")
    page.wait_event("Page.loadEventFired", since=since)
    assert page.evaluate("[document.body.textContent, ran]") == ["newran = true", True]


def test_a_dialog_waits_for_its_answer(driver: Driver) -> None:
    page = driver.new_page("Page", "Runtime")
    number = page.send("Runtime.evaluate", expression="prompt('name?', 'x')", returnByValue=True)
    opening = page.wait_event("Page.javascriptDialogOpening")
    assert (opening["type"], opening["message"], opening["defaultPrompt"]) == ("prompt", "name?", "x")
    page.call("Page.handleJavaScriptDialog", accept=True, promptText="me")
    assert page.answer(number)["result"]["value"] == "me"
    with pytest.raises(CdpRefusedError, match="No dialog is showing"):
        page.call("Page.handleJavaScriptDialog", accept=True)


def test_a_page_that_waits_in_a_dialog_does_not_compute(cdp_runtime: Runtime) -> None:
    strict = Runtime(cdp_runtime.network, limits=Limits(entry_deadline_s=1.5))
    driver = Driver(strict)
    page = driver.new_page("Page")
    number = page.send(
        "Runtime.evaluate", expression="confirm('?'); until = Date.now() + 100; while (Date.now() < until);"
    )
    page.wait_event("Page.javascriptDialogOpening")
    other = driver.new_page()
    # Longer than the deadline of the first page, by a clock of its own kind: page code that computes.
    for _ in range(4):
        other.evaluate("until = Date.now() + 500; while (Date.now() < until);")
    page.call("Page.handleJavaScriptDialog", accept=True)
    assert page.answer(number)["result"]["type"] == "undefined"
    since = page.mark()
    spinning = page.send("Runtime.evaluate", expression="while (true);")
    page.wait_event("Inspector.targetCrashed", since=since)
    with pytest.raises(CdpRefusedError, match="ran for more than"):
        page.answer(spinning)
    driver.close()


def test_a_held_page_loads_when_it_is_released(driver: Driver) -> None:
    with Site({"/": HELLO}) as site:
        page = driver.new_page(url=site.url("/"), waiting=True)
        page.call("Page.enable")
        page.call("Page.addScriptToEvaluateOnNewDocument", source="early = 1")
        assert site.paths == []
        page.call("Runtime.runIfWaitingForDebugger")
        page.wait_event("Page.loadEventFired")
        assert page.evaluate("early") == 1


def test_pixels_are_refused_clearly(driver: Driver) -> None:
    page = driver.new_page()
    with pytest.raises(CdpRefusedError, match="no rendering"):
        page.call("Page.captureScreenshot")


def test_a_crash_is_reported(driver: Driver) -> None:
    page = driver.new_page("Page", "Runtime")
    number = page.send("Runtime.evaluate", expression="new Promise(() => {})", awaitPromise=True)
    page.call("Page.crash")
    page.wait_event("Inspector.targetCrashed")
    assert driver.notice("crashed", page.page)["reason"] == "Page.crash was called"
    with pytest.raises(CdpRefusedError):
        page.answer(number)


def test_the_address_that_crashes(driver: Driver) -> None:
    page = driver.new_page("Page")
    with pytest.raises(CdpRefusedError, match="Target crashed"):
        page.call("Page.navigate", url="chrome://crash")
    page.wait_event("Inspector.targetCrashed")
    assert driver.notice("crashed", page.page)["reason"] == "chrome://crash was loaded"


def test_an_empty_response_leaves_the_document(driver: Driver) -> None:
    with Site({"/": HELLO, "/empty": Response(b"", 204)}) as site:
        page = driver.new_page("Page")
        page.goto(site.url("/"))
        assert page.call("Page.navigate", url=site.url("/empty"))["errorText"] == "net::ERR_ABORTED"
        assert page.evaluate("location.href") == site.url("/")


def test_what_follows_a_failed_navigation_is_not_interrupted(driver: Driver) -> None:
    with Site({"/": HELLO}) as site, refusing_port() as port:
        page = driver.new_page("Page", "Runtime")
        for _ in range(3):
            assert (
                page.call("Page.navigate", url=f"http://127.0.0.1:{port}/")["errorText"]
                == "net::ERR_CONNECTION_REFUSED"
            )
            page.goto(site.url("/"))
            assert page.evaluate("document.title") == "Hello"


def test_evaluation_between_two_documents_waits_for_the_next(driver: Driver) -> None:
    with Site({"/": HELLO}) as site:
        page = driver.new_page("Page")
        refusals = set()
        for _ in range(5):
            page.send("Page.navigate", url=site.url("/"))
            page.wait_event("Page.frameStartedNavigating")
            for number in [page.send("Runtime.evaluate", expression="1 + 1") for _ in range(10)]:
                try:
                    assert page.answer(number)["result"]["value"] == 2
                except CdpRefusedError as error:
                    refusals.add(error.message)
        # Those that were under way in the old document when it went; never that there is no context.
        assert refusals <= {"Inspected target navigated or closed"}


def test_a_new_window_consumes_the_activation(driver: Driver) -> None:
    """HTML, "the rules for choosing a navigable", step 8."""
    page = driver.new_page("Page", "Runtime")
    page.call("Runtime.evaluate", expression="0", userGesture=True)
    assert page.evaluate("navigator.userActivation.isActive") is True
    assert page.evaluate(
        "open('about:blank'); [navigator.userActivation.hasBeenActive, navigator.userActivation.isActive]"
    ) == [
        True,
        False,
    ]


def test_a_page_asks_before_it_closes_once_somebody_has_acted_on_it(driver: Driver) -> None:
    page = driver.new_page("Page", "Runtime")
    page.evaluate("addEventListener('beforeunload', (event) => event.preventDefault()); 0")
    assert page.evaluate("[navigator.userActivation.hasBeenActive, navigator.userActivation.isActive]") == [
        False,
        False,
    ]
    page.call("Runtime.evaluate", expression="0", userGesture=True)
    assert page.evaluate("[navigator.userActivation.hasBeenActive, navigator.userActivation.isActive]") == [True, True]
    page.call("Page.close")
    opening = page.wait_event("Page.javascriptDialogOpening")
    assert opening["type"] == "beforeunload"
    page.call("Page.handleJavaScriptDialog", accept=False)
    page.wait_event("Page.javascriptDialogClosed")
    assert page.evaluate("1 + 1") == 2
    since = page.mark()
    page.call("Page.close")
    page.wait_event("Page.javascriptDialogOpening", since=since)
    page.call("Page.handleJavaScriptDialog", accept=True)
    driver.notice("closed", page.page)


def test_a_page_nobody_touched_closes_without_asking(driver: Driver) -> None:
    page = driver.new_page("Page", "Runtime")
    page.evaluate("onbeforeunload = () => 'stay'; 0")
    page.call("Page.close")
    driver.notice("closed", page.page)
    assert page.events("Page.javascriptDialogOpening") == []


def test_a_popup_has_no_address_before_its_first_document(driver: Driver) -> None:
    with Site({"/": HELLO}) as site:
        page = driver.new_page("Page", "Runtime")
        page.goto(site.url("/"))
        for target, first in (("/", ":"), ("about:blank", "about:blank")):
            page.evaluate(f"void open({target!r})")
            opened = driver.notice("opened")
            driver.notices.clear()
            popup = driver.attach(opened["page"], waiting=True)
            assert popup.call("Page.getFrameTree")["frameTree"]["frame"]["url"] == first
            popup.call("Page.enable")
            driver.ask("cdp.page.go", wire.PageRef(page=opened["page"]))
            popup.call("Runtime.runIfWaitingForDebugger")
            if target == "/":
                popup.wait_event("Page.loadEventFired")
                assert popup.call("Page.getFrameTree")["frameTree"]["frame"]["url"] == site.url("/")


def test_referrer_and_policy_of_a_navigation(driver: Driver) -> None:
    with Site({"/": "<iframe src=/inner></iframe>", "/inner": HELLO, "/next": HELLO}) as site:

        def referrer_of(path: str) -> str:
            return next(request for request in reversed(site.requests) if request.path == path).header("referer")

        page = driver.new_page("Page")
        policy = {"referrer": "https://from.test/a?b", "referrerPolicy": "unsafeUrl"}
        page.call("Page.navigate", url=site.url("/"), **policy)
        assert referrer_of("/") == "https://from.test/a?b"
        page.wait_event("Page.loadEventFired")
        frame = page.call("Page.getFrameTree")["frameTree"]["childFrames"][0]["frame"]["id"]
        page.call("Page.navigate", url=site.url("/next"), frameId=frame, **policy)
        assert referrer_of("/next") == "https://from.test/a?b"
        page.call("Page.navigate", url=site.url("/inner"), frameId=frame)
        assert referrer_of("/inner") == "", "the user went there, not the document"
        with pytest.raises(CdpRefusedError, match="referrerPolicy"):
            page.call("Page.navigate", url=site.url("/"), referrerPolicy="whatever")


def test_the_history_says_how_an_entry_came_about(driver: Driver) -> None:
    with Site({"/": "<a href=/next id=a>n</a>", "/next": HELLO, "/third": HELLO}) as site:
        page = driver.new_page("Page", "Runtime")
        page.goto(site.url("/"))
        since = page.mark()
        page.evaluate("a.click()")
        page.wait_event("Page.loadEventFired", since=since)
        since = page.mark()
        page.call("Page.navigate", url=site.url("/third"), transitionType="auto_bookmark")
        page.wait_event("Page.frameNavigated", since=since)
        entries = page.call("Page.getNavigationHistory")["entries"]
    assert [entry["transitionType"] for entry in entries] == ["typed", "link", "auto_bookmark"]


def test_a_reload_of_another_document_is_refused(driver: Driver) -> None:
    with Site({"/": HELLO}) as site:
        page = driver.new_page("Page")
        loader = page.goto(site.url("/"))["loaderId"]
        with pytest.raises(CdpRefusedError, match="loaderId"):
            page.call("Page.reload", loaderId="X")
        since = page.mark()
        page.call("Page.reload", loaderId=loader)
        page.wait_event("Page.loadEventFired", since=since)


@pytest.mark.parametrize("how", ["navigate", "reload", "link", "back"])
def test_a_page_asks_before_it_is_left(driver: Driver, how: str) -> None:
    with Site({"/": HELLO, "/asks": "<a id=a href=/next>n</a>", "/next": "<title>Next</title>"}) as site:
        page = driver.new_page("Page", "Runtime", "Network")
        page.goto(site.url("/"))
        page.goto(site.url("/asks"))
        page.evaluate("addEventListener('beforeunload', (event) => event.preventDefault()); 0", userGesture=True)

        def leave() -> int:
            if how == "navigate":
                return page.send("Page.navigate", url=site.url("/next"))
            if how == "reload":
                return page.send("Page.reload")
            if how == "link":
                return page.send("Runtime.evaluate", expression="a.click()")
            entry = page.call("Page.getNavigationHistory")["entries"][0]["id"]
            return page.send("Page.navigateToHistoryEntry", entryId=entry)

        before = list(site.paths)
        since = page.mark()
        left = leave()
        assert page.wait_event("Page.javascriptDialogOpening", since=since)["type"] == "beforeunload"
        page.call("Page.handleJavaScriptDialog", accept=False)
        page.wait_event("Page.frameStoppedLoading", since=since)
        answer = page.answer(left)
        if how == "navigate":
            assert (answer["errorText"], answer["isDownload"]) == ("net::ERR_ABORTED", False)
        assert page.evaluate("location.pathname") == "/asks"
        assert page.call("Page.getNavigationHistory")["currentIndex"] == 1
        assert site.paths == before, "nothing was asked for"
        since = page.mark()
        leave()
        page.wait_event("Page.javascriptDialogOpening", since=since)
        page.call("Page.handleJavaScriptDialog", accept=True)
        page.wait_event("Page.loadEventFired", since=since)
        assert len(site.paths) == len(before) + 1


def test_dialogs_of_frames_in_different_isolates_come_one_after_the_other(driver: Driver) -> None:
    far = Site({"/far": "<script>onmessage = (event) => alert('far')</script>"})
    near = Site(
        {
            "/": lambda _: Response(
                f"<iframe id=f src='{far.url('/far').replace('127.0.0.1', 'localhost')}'></iframe>".encode()
            )
        }
    )
    with far, near:
        page = driver.new_page("Page", "Runtime")
        page.goto(near.url("/"))
        since = page.mark()
        mine = page.send("Runtime.evaluate", expression="f.contentWindow.postMessage(1, '*'); alert('near')")
        texts = []
        for _ in range(2):
            opening = page.wait_event("Page.javascriptDialogOpening", since=since)
            texts.append(opening["message"])
            since = page.mark()
            page.call("Page.handleJavaScriptDialog", accept=True)
            page.wait_event("Page.javascriptDialogClosed", since=since)
        assert sorted(texts) == ["far", "near"]
        page.answer(mine)
        since = page.mark()
        mine = page.send("Runtime.evaluate", expression="f.contentWindow.postMessage(1, '*'); alert('near')")
        page.wait_event("Page.javascriptDialogOpening", since=since)
        page.call("Page.disable")
        page.answer(mine)


def test_resources_of_documents_and_their_content(driver: Driver) -> None:
    site_pages = {
        "/": "<title>R</title><script src=/a.js></script><iframe src=/inner></iframe>",
        "/a.js": "let first;\nlet second;",
        "/inner": "<link rel=stylesheet href=/s.css>",
        "/s.css": "p { color: red }",
    }
    with Site(site_pages) as site:
        page = driver.new_page("Page", "Network")
        page.goto(site.url("/"))
        tree = page.call("Page.getResourceTree")["frameTree"]
        (script,) = tree["resources"]
        assert (script["url"], script["type"], script["mimeType"]) == (site.url("/a.js"), "Script", "text/javascript")
        assert script["contentSize"] == len(site_pages["/a.js"])
        (child,) = tree["childFrames"]
        assert [(one["url"], one["type"]) for one in child["resources"]] == [(site.url("/s.css"), "Stylesheet")]
        inner = child["frame"]["id"]
        for frame, path in ((page.page, "/"), (page.page, "/a.js"), (inner, "/inner"), (inner, "/s.css")):
            content = page.call("Page.getResourceContent", frameId=frame, url=site.url(path))
            assert content == {"content": site_pages[path], "base64Encoded": False}
        found = page.call("Page.searchInResource", frameId=page.page, url=site.url("/a.js"), query="SECOND")
        assert found["result"] == [{"lineNumber": 1, "lineContent": "let second;"}]
        with pytest.raises(CdpRefusedError, match="No resource with given URL found"):
            page.call("Page.getResourceContent", frameId=page.page, url=site.url("/s.css"))
        plain = driver.new_page("Page")
        plain.goto(site.url("/"))
        whole = plain.call("Page.getResourceContent", frameId=plain.page, url=site.url("/"))
        assert whole["content"] == site_pages["/"]
        with pytest.raises(CdpRefusedError, match="while Network is enabled"):
            plain.call("Page.getResourceContent", frameId=plain.page, url=site.url("/a.js"))


@pytest.mark.parametrize("how", ["command", "script"])
def test_a_document_that_is_written_anew_begins_its_milestones_anew(driver: Driver, how: str) -> None:
    markup = "<script src=/a.js></script>"
    with Site({"/": HELLO, "/a.js": "globalThis.ran = 1"}) as site:
        page = driver.new_page("Page", "Runtime")
        loader = page.goto(site.url("/"))["loaderId"]
        page.wait_event("Page.lifecycleEvent", name="load", loaderId=loader)
        since = page.mark()
        if how == "command":
            page.call("Page.setDocumentContent", frameId=page.page, html=markup)
        else:
            page.evaluate(
                f"document.open(); document.write({markup.replace('</', '<#/')!r}.replace('#', '')); document.close()"
            )
        page.wait_event("Page.lifecycleEvent", since=since, name="load")
        names = page.methods(since)
        answered = names.index(next(name for name in names if name.startswith("#")))
        assert names.index("Page.documentOpened") < names.index("Page.lifecycleEvent") < answered
        with driver._changed:
            told = [
                body["params"] for _, body in driver.messages[since:] if body.get("method") == "Page.lifecycleEvent"
            ]
        assert [one["name"] for one in told][:3] == ["init", "DOMContentLoaded", "load"]
        assert {one["loaderId"] for one in told} == {loader}
        assert page.evaluate("ran") == 1


def test_what_is_about_the_page_waits_for_the_document_that_comes(driver: Driver) -> None:
    commands: list[tuple[str, dict[str, object]]] = [
        ("DOM.enable", {}),
        ("DOM.getDocument", {}),
        ("Accessibility.getFullAXTree", {}),
        ("Runtime.addBinding", {"name": "bound"}),
        ("Page.setInterceptFileChooserDialog", {"enabled": True}),
        ("Runtime.releaseObjectGroup", {"objectGroup": "g"}),
    ]
    leaving, may_leave = threading.Event(), threading.Event()

    def held(request: Request) -> Response:
        leaving.set()
        may_leave.wait(60)
        return Response(b"")

    with Site({"/": HELLO, "/held": held}) as site:
        page = driver.new_page("Page", "Runtime")
        page.goto(site.url("/"))
        # A document that is left asks for nothing itself; another window may.
        page.evaluate("void (other = open('about:blank'))")
        driver.ask("cdp.page.go", wire.PageRef(page=driver.notice("opened")["page"]))
        ask = "const x = new XMLHttpRequest(); x.open('GET', '/held', false); x.send()"
        page.evaluate(f'onpagehide = () => other.eval("{ask}"); 0')
        since = page.mark()
        page.call("Page.navigate", url=site.url("/"))
        assert leaving.wait(60)
        sent = [page.send(method, **params) for method, params in commands]
        may_leave.set()
        for number in sent:
            page.answer(number)
        page.wait_event("Page.loadEventFired", since=since)
        assert page.evaluate("typeof bound") == "function"


def test_page_code_does_not_interrupt_a_navigation_of_the_user(driver: Driver) -> None:
    asked, may_answer = threading.Event(), threading.Event()

    def slow(_: Request) -> Response:
        asked.set()
        assert may_answer.wait(30)
        return Response(b"slow", content_type="text/html")

    with Site({"/": "first", "/slow": slow, "/other": "other"}) as site:
        page = driver.new_page("Page", "Runtime")
        page.goto(site.url("/"))
        navigating = page.send("Page.navigate", url=site.url("/slow"))
        assert asked.wait(30)
        page.evaluate("location.pathname = '/other'")
        mark = page.mark()
        page.evaluate("0")
        may_answer.set()
        assert "errorText" not in page.answer(navigating)
        page.wait_event("Page.loadEventFired", since=mark)
        assert page.evaluate("location.pathname") == "/slow"
        assert site.paths == ["/", "/slow"]


def test_page_code_that_answers_the_user_does(driver: Driver) -> None:
    may_answer = threading.Event()

    def slow(_: Request) -> Response:
        assert may_answer.wait(30)
        return Response(b"slow", content_type="text/html")

    with Site({"/": "first", "/slow": slow, "/other": "other"}) as site:
        page = driver.new_page("Page", "Runtime")
        page.goto(site.url("/"))
        navigating = page.send("Page.navigate", url=site.url("/slow"))
        page.evaluate("location.pathname = '/other'", userGesture=True)
        assert page.answer(navigating)["errorText"] == "net::ERR_ABORTED"
        page.wait_event_of("Page.frameNavigated", lambda event: bool(event["frame"]["url"] == site.url("/other")))
        may_answer.set()
