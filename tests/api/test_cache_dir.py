"""The cache folder, with workers in sandboxed processes."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest

import sanderling
from sanderling import Browser, UsageError
from sanderling.testing.server import Request, Response
from tests.support import Page, Site

STORED = ("Cache-Control", "max-age=600")
PAGES: dict[str, Page] = {
    "/": Response(
        b"<script src=/public.js></script><script src=/private.js></script><script src=/cookie.js></script>",
        headers=(("Set-Cookie", "k=v; Path=/cookie.js"),),
    ),
    "/public.js": Response(b"1", content_type="text/javascript", headers=(STORED,)),
    "/private.js": Response(b"2", content_type="text/javascript", headers=(("Cache-Control", "private, max-age=600"),)),
    "/cookie.js": Response(b"3", content_type="text/javascript", headers=(STORED,)),
}
ALL = ["/cookie.js", "/private.js", "/public.js"]


def asked(site: Site, since: int) -> list[str]:
    return sorted(request.path for request in site.requests[since:] if request.path != "/")


def test_contexts_of_a_browser_share_what_anybody_may_see(tmp_path: Path) -> None:
    with Site(PAGES) as site, Browser(cache_dir=str(tmp_path / "cache")) as browser:
        with browser.new_context() as context:
            page = context.new_page()
            page.goto(site.url("/"))
            assert asked(site, 0) == ALL
            since = len(site.requests)
            page.goto(site.url("/"))
            assert asked(site, since) == []
        since = len(site.requests)
        with browser.new_context() as context:
            context.new_page().goto(site.url("/"))
        assert asked(site, since) == ["/cookie.js", "/private.js"]


def test_browsers_share_the_folder(tmp_path: Path) -> None:
    with Site(PAGES) as site:
        for expected in (ALL, ["/cookie.js", "/private.js"]):
            since = len(site.requests)
            with Browser(cache_dir=str(tmp_path)) as browser, browser.new_context() as context:
                context.new_page().goto(site.url("/"))
            assert asked(site, since) == expected


def test_without_a_folder_nothing_outlives_a_context() -> None:
    with Site(PAGES) as site, Browser(isolation="thread") as browser:
        for _ in range(2):
            since = len(site.requests)
            with browser.new_context() as context:
                context.new_page().goto(site.url("/"))
            assert asked(site, since) == ALL


def test_the_command_keeps_everything_for_its_user(tmp_path: Path) -> None:
    with Site(PAGES) as site:
        for expected in (ALL, []):
            since = len(site.requests)
            command = [sys.executable, "-m", "sanderling", "fetch", "--isolation", "process", "--cache-dir"]
            done = subprocess.run([*command, tmp_path / "new", site.url("/")], capture_output=True, check=False)
            assert (done.returncode, done.stderr) == (0, b"")
            assert asked(site, since) == expected


def test_a_damaged_database_costs_a_warning(tmp_path: Path) -> None:
    (tmp_path / "http-cache.sqlite").write_bytes(b"nonsense" * 1000)
    with Site(PAGES) as site:
        command = [sys.executable, "-m", "sanderling", "fetch", "--isolation", "process", "--cache-dir"]
        done = subprocess.run([*command, tmp_path, site.url("/")], capture_output=True, check=False)
    assert done.returncode == 0
    assert b"is damaged" in done.stderr
    assert b"public.js" in done.stdout


def test_a_folder_that_cannot_be_used(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="cannot be made"):
        Browser(cache_dir=str(tmp_path / "file"))
    with pytest.raises(UsageError, match="cannot be made"):
        sanderling.fetch("http://127.0.0.1/", cache_dir=str(tmp_path / "file"))


def test_processes_ask_once_for_what_they_can_share(tmp_path: Path) -> None:
    """The server answers late, so that the second process asks while the first one waits."""
    answer_now = threading.Event()

    def late(request: Request) -> Response:
        answer_now.wait(60)
        return Response(b"text", content_type="text/plain", headers=(STORED,))

    with Site({"/page": "<p>x", "/late": late}) as site:
        with Browser(cache_dir=str(tmp_path)) as one, Browser(cache_dir=str(tmp_path)) as two:
            pages = [browser.new_context().new_page() for browser in (one, two)]
            for page in pages:
                page.goto(site.url("/page"))
                page.evaluate("void (globalThis.got = fetch('/late').then((response) => response.text()))")
            answer_now.set()
            assert [page.evaluate("got") for page in pages] == ["text", "text"]
        assert asked(site, 0).count("/late") == 1
