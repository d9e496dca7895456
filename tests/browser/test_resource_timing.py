"""Resource and navigation timing as page code sees them, of a real server."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from sanderling import Browser
from sanderling.testing.server import HttpServer, Request, Response

TEXT = b"x" * 5000
PACKED = gzip.compress(TEXT)

PAGE = b"""<!doctype html><link rel="stylesheet" href="/style.css"><script src="/old.js"></script><script type="module" src="/module.mjs"></script>
<iframe src="/frame.html"></iframe>"""

ORDER = """['fetchStart', 'domainLookupStart', 'domainLookupEnd', 'connectStart', 'connectEnd', 'requestStart', 'responseStart', 'responseEnd']"""


LEFT = threading.Event()
"""The document that asked for /slow is gone."""


def answer(request: Request) -> Response:
    path = request.path
    if path == "/slow":
        LEFT.wait(60)
    if path == "/left":
        LEFT.set()
    if path == "/":
        return Response(PAGE, headers=[("Server-Timing", 'db;dur=1.5;desc="a, \\"b\\"", ;bad, cache;desc=HIT;desc=no')])
    if path == "/moved":
        return Response(status=302, headers=[("Location", "/")])
    if path == "/old.js":
        return Response(status=302, headers=[("Location", "/new.js")])
    if path == "/packed":
        return Response(
            PACKED, content_type="text/plain", headers=[("Content-Encoding", "gzip"), ("Cache-Control", "max-age=60")]
        )
    if path == "/checked":
        tag = ("ETag", '"1"')
        if request.header("if-none-match"):
            return Response(status=304, headers=[tag])
        return Response(TEXT, content_type="text/plain", headers=[tag, ("Cache-Control", "no-cache")])
    if path == "/open":
        return Response(TEXT, content_type="text/plain", headers=[("Timing-Allow-Origin", "*"), ("Server-Timing", "x")])
    if path == "/download":
        return Response(b"PK", content_type="application/zip")
    if path == "/absent":
        return Response(b"no", status=404, content_type="text/plain")
    if path == "/style.css":
        return Response(b'@import "/imported.css";', content_type="text/css")
    if path.endswith(".css"):
        return Response(b"a {}", content_type="text/css")
    if path == "/module.mjs":
        return Response(b'import "/imported.mjs";', content_type="text/javascript")
    if path.endswith(("js", "mjs")):
        return Response(b"1;", content_type="text/javascript")
    return Response(b"<!doctype html><script src='/inner.js'></script>")


@pytest.fixture(scope="module")
def sites() -> Iterator[tuple[str, str]]:
    with HttpServer(answer) as one, HttpServer(answer) as other:
        yield one.url, other.url


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with Browser() as made:
        yield made


def evaluate(browser: Browser, url: str, source: str) -> Any:
    page = browser.new_page()
    try:
        page.goto(url)
        return page.evaluate(source)
    finally:
        page.close()


def test_what_a_document_loads(browser: Browser, sites: tuple[str, str]) -> None:
    found = evaluate(
        browser,
        f"{sites[0]}/",
        f"""() => performance.getEntriesByType('resource').map((entry) => {{
          const moments = {ORDER}.map((name) => entry[name]);
          return [new URL(entry.name).pathname, entry.initiatorType, entry.responseStatus, entry.nextHopProtocol, entry.contentType,
            moments.every((at, i) => at > 0 && (i === 0 || at >= moments[i - 1])) && entry.duration > 0 && entry.responseEnd <= performance.now(),
            entry.redirectStart > 0 && entry.redirectStart === entry.startTime && entry.redirectEnd <= entry.fetchStart];
        }}).sort()""",
    )
    assert found == [
        ["/frame.html", "iframe", 200, "http/1.1", "text/html", True, False],
        ["/imported.css", "css", 200, "http/1.1", "text/css", True, False],
        ["/imported.mjs", "script", 200, "http/1.1", "text/javascript", True, False],
        ["/module.mjs", "script", 200, "http/1.1", "text/javascript", True, False],
        ["/old.js", "script", 200, "http/1.1", "text/javascript", True, True],
        ["/style.css", "link", 200, "http/1.1", "text/css", True, False],
    ]


def test_sizes_and_where_they_came_from(browser: Browser, sites: tuple[str, str]) -> None:
    found = evaluate(
        browser,
        f"{sites[0]}/blank",
        """async () => {
          for (let i = 0; i < 2; i++) {
            await (await fetch('/packed')).text();
            await (await fetch('/checked')).text();
          }
          return performance.getEntries().filter((entry) => entry.initiatorType === 'fetch')
            .map((entry) => [new URL(entry.name).pathname, entry.transferSize, entry.encodedBodySize, entry.decodedBodySize, entry.deliveryType]);
        }""",
    )
    packed, whole = len(PACKED), len(TEXT)
    assert found == [
        ["/packed", packed + 300, packed, whole, ""],
        ["/checked", whole + 300, whole, whole, ""],
        ["/packed", 0, packed, whole, "cache"],
        ["/checked", 300, whole, whole, "cache"],
    ]


def test_other_origins_tell_only_what_they_allow(browser: Browser, sites: tuple[str, str]) -> None:
    found = evaluate(
        browser,
        f"{sites[0]}/blank",
        f"""async () => {{
          const told = new Promise((done) => {{
            let count = 0;
            new PerformanceObserver((list) => {{
              count += list.getEntries().length;
              if (count === 3) done();
            }}).observe({{ type: 'resource' }});
          }});
          for (const path of ['closed', 'open']) await fetch('{sites[1]}/' + path, {{ mode: 'no-cors' }});
          await fetch('{sites[1]}/refused').catch(() => {{}});
          await told;
          return performance.getEntriesByType('resource').slice(1).map((entry) => [new URL(entry.name).pathname, entry.requestStart > 0,
            entry.nextHopProtocol, entry.transferSize > 0, entry.encodedBodySize, entry.responseStatus, entry.serverTiming.length,
            entry.startTime === entry.fetchStart && entry.responseEnd > 0]);
        }}""",
    )
    assert found == [
        ["/closed", False, "", False, 0, 0, 0, True],
        ["/open", True, "http/1.1", True, 0, 0, 1, True],
        ["/refused", False, "", False, 0, 0, 0, True],
    ]


def test_every_document_has_a_timeline_of_its_own(browser: Browser, sites: tuple[str, str]) -> None:
    found = evaluate(
        browser,
        f"{sites[0]}/",
        """() => {
          const inner = frames[0].performance;
          return [inner !== performance, inner.timeOrigin > performance.timeOrigin, inner.now() < performance.now(),
            inner.getEntriesByType('resource').map((entry) => new URL(entry.name).pathname),
            inner.getEntriesByType('navigation')[0].name === frames[0].location.href];
        }""",
    )
    assert found == [True, True, True, ["/inner.js"], True]


def test_navigation(browser: Browser, sites: tuple[str, str]) -> None:
    page = browser.new_page()
    page.goto(f"{sites[0]}/moved")
    look = f"""() => {{
      const [entry] = performance.getEntriesByType('navigation');
      const moments = {ORDER}.map((name) => entry[name]);
      const rises = moments.every((at, i) => i === 0 || at >= moments[i - 1]) && moments[7] > 0;
      const timing = performance.timing;
      // The first request may begin within the clock's resolution of the navigation: only its end is certainly later.
      const redirected = entry.redirectStart >= 0 && entry.redirectStart <= entry.redirectEnd && entry.redirectEnd <= entry.fetchStart && entry.redirectEnd > 0;
      return [entry.type, entry.redirectCount, redirected, rises, entry.unloadEventEnd > 0, entry.responseStatus, entry.initiatorType,
        timing.navigationStart <= timing.fetchStart && timing.fetchStart <= timing.responseStart && timing.responseEnd <= timing.domLoading
          && timing.domLoading <= timing.domInteractive, entry.serverTiming.map((metric) => [metric.name, metric.duration, metric.description]),
        entry.toJSON().responseStatus, performance.navigation.type];
    }}"""
    metrics = [["db", 1.5, 'a, "b"'], ["cache", 0, "HIT"]]
    assert page.evaluate(look) == ["navigate", 1, True, True, False, 200, "navigation", True, metrics, 200, 0]
    page.reload()
    assert page.evaluate(look) == ["reload", 0, False, True, True, 200, "navigation", True, metrics, 200, 1]
    page.close()


def test_a_full_buffer_is_told_and_what_has_no_room_is_dropped(browser: Browser, sites: tuple[str, str]) -> None:
    found = evaluate(
        browser,
        f"{sites[0]}/blank",
        """async () => {
          performance.clearResourceTimings();
          performance.setResourceTimingBufferSize(1);
          let full = 0;
          performance.onresourcetimingbufferfull = () => { full++; };
          const seen = [];
          const told = new Promise((done) => {
            new PerformanceObserver((list) => {
              seen.push(...list.getEntries().map((entry) => new URL(entry.name).search));
              if (seen.length === 3) done();
            }).observe({ type: 'resource' });
          });
          for (let i = 0; i < 3; i++) await (await fetch('/absent?' + i)).text();
          await told;
          await new Promise((done) => setTimeout(done));
          const kept = performance.getEntriesByType('resource').map((entry) => new URL(entry.name).search);
          const dropped = await new Promise((done) => {
            new PerformanceObserver((list, observer, options) => done(options.droppedEntriesCount)).observe({ type: 'resource', buffered: true });
          });
          return [full > 0, seen, kept, dropped];
        }""",
    )
    assert found == [True, ["?0", "?1", "?2"], ["?0"], 2]


def test_web_workers_have_theirs(browser: Browser, sites: tuple[str, str]) -> None:
    found = evaluate(
        browser,
        f"{sites[0]}/blank",
        """() => new Promise((done) => {
          const source = `importScripts('${location.origin}/a.js'); fetch('${location.origin}/b').then((r) => r.text()).then(() => postMessage(
            performance.getEntries().map((entry) => [new URL(entry.name).pathname, entry.initiatorType, entry.entryType])))`;
          new Worker(URL.createObjectURL(new Blob([source]))).onmessage = (event) => done(event.data);
        })""",
    )
    assert found == [["/a.js", "other", "resource"], ["/b", "fetch", "resource"]]


def test_what_outlives_its_document_is_none_of_the_next_ones(browser: Browser, sites: tuple[str, str]) -> None:
    page = browser.new_page()
    page.goto(f"{sites[0]}/blank")
    page.evaluate("() => { fetch('/slow', { keepalive: true }); }")
    page.goto(f"{sites[0]}/blank")
    paths = page.evaluate(
        """async () => {
          await (await fetch('/left')).text();
          for (let i = 0; i < 3; i++) await (await fetch('/absent')).text();
          return [...new Set(performance.getEntriesByType('resource').map((entry) => new URL(entry.name).pathname))].sort();
        }"""
    )
    assert paths == ["/absent", "/inner.js", "/left"]
    page.close()


def test_who_asked_for_what_frames_and_workers_are_made_of(browser: Browser, sites: tuple[str, str]) -> None:
    found = evaluate(
        browser,
        f"{sites[0]}/blank",
        """async () => {
          performance.clearResourceTimings();
          const frame = document.createElement('iframe');
          frame.src = '/download';
          document.body.append(frame);
          new Worker('/classic.js');
          new Worker('/module.js', { type: 'module' });
          await (await fetch('/absent')).text();
          const list = [];
          const told = new Promise((done) => {
            new PerformanceObserver((entries) => {
              list.push(...entries.getEntries());
              if (list.length === 3) done();
            }).observe({ type: 'resource', buffered: true });
          });
          await told;
          return list.map((entry) => [new URL(entry.name).pathname, entry.initiatorType]).sort();
        }""",
    )
    assert found == [["/absent", "fetch"], ["/classic.js", "other"], ["/module.js", "script"]]
