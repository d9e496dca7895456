"""Reports of violated policies: where they go and what they say."""

from __future__ import annotations

import asyncio
import json

import msgspec
import pytest

from sanderling.browser import hub as events
from sanderling.browser import request_tasks, violation_reports
from sanderling.browser.navigation_request import NavigationRequest
from sanderling.testing.transport import Answer, Received
from tests.browser.world import Document, World, page_of, run

A = "https://a.test/"
ALLOWED = Answer(
    headers=(("Access-Control-Allow-Origin", "*"), ("Access-Control-Allow-Headers", "content-type")), status=200
)


def watch(world: World, answers: dict[str, Answer]) -> asyncio.Queue[Received]:
    """Answer reports, and give them as they come."""
    reports: asyncio.Queue[Received] = asyncio.Queue()

    def respond(request: Received) -> Answer:
        reports.put_nowait(request)
        return answers[request.url]

    for url in answers:
        world.transport.respond(url, respond, method="POST")
    return reports


def test_reports_go_where_the_policies_say(blob: bytes) -> None:
    markup = "<p>x</p><img src=/x.png><script>fetch('https://b.test/y').catch(() => 0)</script>"

    async def test(world: World) -> None:
        reports = watch(world, {f"{A}old?x": Answer(status=204), "https://r.test/new": ALLOWED})
        await world.open(A)
        old, new = sorted([await reports.get(), await reports.get()], key=lambda one: one.url)
        assert (old.url, new.url) == (f"{A}old?x", "https://r.test/new")
        headers = dict(old.headers)
        assert headers["Content-Type"] == "application/csp-report"
        assert headers["Sec-Fetch-Dest"] == "report"
        assert headers["Sec-Fetch-Mode"] == "no-cors"
        assert old.body is not None
        assert json.loads(old.body) == {
            "csp-report": {
                "document-uri": A,
                "referrer": "",
                "violated-directive": "connect-src",
                "effective-directive": "connect-src",
                "original-policy": "connect-src 'self'; report-uri /old?x",
                "disposition": "enforce",
                "blocked-uri": "https://b.test/y",
                "status-code": 404,
                "script-sample": "",
                "source-file": A,
                "line-number": 0,
                "column-number": 0,
            }
        }
        assert dict(new.headers)["Content-Type"] == "application/reports+json"
        assert dict(new.headers)["Sec-Fetch-Mode"] == "cors"
        assert new.body is not None
        (report,) = json.loads(new.body)
        assert (report["type"], report["url"], report["age"]) == ("csp-violation", A, 0)
        assert report["user_agent"].startswith("Mozilla/5.0 ")
        body = report["body"]
        assert (body["documentURL"], body["effectiveDirective"], body["blockedURL"], body["disposition"]) == (
            A,
            "script-src-elem",
            "inline",
            "report",
        )

    document = page_of(
        markup,
        Content_Security_Policy="connect-src 'self'; report-uri /old?x",
        Content_Security_Policy_Report_Only="script-src 'none'; report-to main; report-uri /never",
        Reporting_Endpoints='main="https://r.test/new"',
    )
    document = msgspec.structs.replace(document, status=404)
    run(blob, {A: document, "https://r.test/new": ALLOWED}, test)


def test_where_a_frame_of_another_origin_leads_is_not_told(blob: bytes) -> None:
    code = """<script>var told = []; addEventListener('securitypolicyviolation', (e) => told.push(e.blockedURI))</script>
        <iframe src=https://b.test/secret/path></iframe><iframe src=/own/path></iframe><script>fetch('https://b.test/path').catch(() => 0)</script>"""

    async def test(world: World) -> None:
        page = await world.open(A)
        await world.until(page, "told.length >= 3")
        assert await world.value(page, "told.sort()") == [f"{A}own/path", "https://b.test", "https://b.test/path"]

    run(blob, {A: page_of(code, Content_Security_Policy="frame-src 'none'; connect-src 'none'")}, test)


def test_frames_that_may_not_be_shown_are_reported(blob: bytes) -> None:
    async def test(world: World) -> None:
        reports = watch(world, {"https://b.test/r": Answer(status=204)})
        await world.open(A)
        sent = await reports.get()
        assert sent.url == "https://b.test/r"
        assert sent.body is not None
        report = json.loads(sent.body)["csp-report"]
        assert (report["document-uri"], report["violated-directive"]) == ("https://b.test/f", "frame-ancestors")
        assert report["status-code"] == 500

    inner = page_of("x", Content_Security_Policy="frame-ancestors 'none'; report-uri /r")
    inner = msgspec.structs.replace(inner, status=500)
    run(blob, {A: "<iframe src=https://b.test/f></iframe>", "https://b.test/f": inner}, test)


def test_reports_tell_no_passwords(blob: bytes) -> None:
    async def test(world: World) -> None:
        reports = watch(world, {"https://r.test/": Answer(status=204)})
        page = await world.open("https://user:secret@a.test/#part")
        await world.value(page, "void fetch('https://b.test/1').catch(() => 0)")
        own = await reports.get()
        await world.value(page, "void document.querySelector('iframe').setAttribute('src', 'https://b.test/old')")
        framed = await reports.get()
        for sent, told in ((own, A), (framed, "https://b.test/")):
            assert sent.body is not None
            assert json.loads(sent.body)["csp-report"]["document-uri"] == told
            assert b"secret" not in sent.body

    documents: dict[str, Document] = {
        A: page_of("<iframe></iframe>", Content_Security_Policy="connect-src 'self'; report-uri https://r.test/"),
        "https://b.test/old": Answer(status=302, headers=(("Location", "https://user:secret@b.test/"),)),
        "https://b.test/": page_of("x", Content_Security_Policy="frame-ancestors 'none'; report-uri https://r.test/"),
    }
    run(blob, documents, test)


def test_reports_that_were_cut_off_leave_room_for_others(blob: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(violation_reports, "MAX_REPORTS", 1)

    async def test(world: World) -> None:
        reports = watch(world, {f"{A}r": Answer(status=204)})
        page = await world.open(A)
        await world.value(page, "void fetch('https://b.test/1').catch(() => 0), window.stop()")
        await world.value(page, "void fetch('https://b.test/2').catch(() => 0)")
        sent = await reports.get()
        assert sent.body is not None
        assert json.loads(sent.body)["csp-report"]["blocked-uri"] == "https://b.test/2"

    run(blob, {A: page_of("x", Content_Security_Policy="connect-src 'self'; report-uri /r")}, test)


def test_a_report_does_not_outlive_its_document_for_ever(blob: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(request_tasks, "OUTLIVE_S", 0)

    async def test(world: World) -> None:
        reports = watch(world, {f"{A}r": Answer(hold=True)})
        page = await world.open(A)
        await world.value(page, "void fetch('https://b.test/1').catch(() => 0)")
        sent = await reports.get()
        ended = asyncio.Event()
        page.hub.subscribe(lambda event: ended.set() if isinstance(event, events.RequestFailed) else None)
        await page.goto(NavigationRequest(url="about:blank"))
        await ended.wait()
        assert sent.id in world.transport.handle.canceled

    run(blob, {A: page_of("x", Content_Security_Policy="connect-src 'self'; report-uri /r")}, test)


def test_reporting_observers(blob: bytes) -> None:
    code = """<script>got = []; const told = (one) => one.type + ' ' + one.body.blockedURL;
        const say = (list, self) => got.push([self === late || self === early, list.map(told)]);
        early = new ReportingObserver(say); early.observe();
        others = new ReportingObserver(say, { types: ['deprecation'] }); others.observe();
        late = new ReportingObserver(say, { types: ['csp-violation'], buffered: true });
        fetch('/x').catch(() => fetch('/y').catch(() => { early.disconnect(); late.observe(); }))</script>"""

    async def test(world: World) -> None:
        page = await world.open(A)
        await world.until(page, "got.flatMap(([, list]) => list).length >= 4")
        assert await world.value(page, "got.every(([known]) => known)") is True
        assert await world.value(page, "got.flatMap(([, list]) => list).sort()") == [
            *[f"csp-violation {A}x"] * 2,
            *[f"csp-violation {A}y"] * 2,
        ]
        assert await world.value(page, "[late.takeRecords(), others.takeRecords()]") == [[], []]
        told = "new Promise((done) => new ReportingObserver(([one]) => done(JSON.stringify(one)), { buffered: true }).observe())"
        assert json.loads(await world.value(page, told)) == {
            "type": "csp-violation",
            "url": A,
            "body": {
                "documentURL": A,
                "referrer": "",
                "blockedURL": f"{A}x",
                "effectiveDirective": "connect-src",
                "originalPolicy": "connect-src 'none'",
                "sourceFile": A,
                "sample": "",
                "disposition": "enforce",
                "statusCode": 200,
                "lineNumber": 0,
                "columnNumber": 0,
            },
        }

    run(blob, {A: page_of(code, Content_Security_Policy="connect-src 'none'")}, test)
