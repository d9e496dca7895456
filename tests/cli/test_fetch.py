"""`sanderling fetch` as people run it: a process, real servers, exit codes, what is on which stream."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from sanderling.cli.fetch import read_urls
from sanderling.testing.server import HttpServer, Request, Response
from sanderling.testing.servers import Authority, ProxyServer, refusing_port
from sanderling.testing.site import serve
from tests.support import Site, redirect


@pytest.fixture(scope="module")
def demo() -> Iterator[HttpServer]:
    with serve() as server:
        yield server


class Outcome:
    """What a run left behind."""

    def __init__(self, done: subprocess.CompletedProcess[bytes]) -> None:
        self.code = done.returncode
        self.out = done.stdout.decode()
        self.err = done.stderr.decode()

    def lines(self) -> list[Any]:
        return [json.loads(line) for line in self.out.splitlines()]


def fetch(*arguments: object, stdin: str = "", folder: Path | None = None) -> Outcome:
    return Outcome(
        subprocess.run(
            [sys.executable, "-m", "sanderling", "fetch", *map(str, arguments)],
            input=stdin.encode(),
            capture_output=True,
            timeout=100,
            check=False,
            cwd=folder,
            env={**os.environ, "NO_COLOR": "1"},
        )
    )


def test_html_is_what_scripts_made_of_it(demo: HttpServer) -> None:
    done = fetch(demo.url + "/shop", "--wait-until", "networkidle")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("<!DOCTYPE html>")
    assert "Neoprene waders" in done.out
    assert done.out.endswith("\n")


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        (["--dump", "markdown"], "# "),
        (["--dump", "text"], "Neoprene waders"),
        (["--dump", "links"], "/product/1"),
        (["--dump", "markdown", "--main-content"], "Neoprene waders"),
    ],
)
def test_the_dumps(demo: HttpServer, arguments: list[str], found: str) -> None:
    done = fetch(
        demo.url + "/shop", "--wait-script", "document.querySelector('main').innerText.includes('Neoprene')", *arguments
    )
    assert (done.code, done.err) == (0, "")
    assert found in done.out
    assert "<script" not in done.out


def test_the_json_line(demo: HttpServer) -> None:
    done = fetch(demo.url + "/redirect?n=2", "--dump", "json")
    assert (done.code, done.err) == (0, "")
    [result] = done.lines()
    assert (result["url"], result["final_url"], result["status"]) == (demo.url + "/redirect?n=2", demo.url + "/", 200)
    assert [(hop["url"], hop["status"]) for hop in result["redirects"]] == [
        (demo.url + "/redirect?n=2", 302),
        (demo.url + "/redirect?n=1", 302),
    ]
    assert list(result["content"]) == ["markdown"]
    assert result["error"] is None
    assert result["verdict"]["ok"] is True
    assert 0 < result["timings"]["response"] <= result["timings"]["load"] <= result["timings"]["total"]
    assert result["requests"][0]["type"] == "document"
    assert dict(result["headers"])["Content-Type"].startswith("text/html")


def test_the_verdict_names_what_went_wrong(demo: HttpServer) -> None:
    done = fetch(demo.url + "/broken", "--dump", "json")
    [result] = done.lines()
    assert done.code == 0
    assert result["verdict"]["ok"] is False
    assert result["verdict"]["script_errors"]


def test_several_urls_and_the_first_failure_counts(demo: HttpServer) -> None:
    with refusing_port() as port:
        urls = [demo.url + "/", f"http://127.0.0.1:{port}/", "http://nowhere.invalid/", demo.url + "/article"]
        done = fetch(*urls, "--dump", "json", "--jobs", 2)
    assert done.code == 4
    assert {line["url"] for line in done.lines()} == set(urls)
    kinds = {line["url"]: line["error"] and (line["error"]["kind"], line["error"]["fault"]) for line in done.lines()}
    assert [kinds[url] for url in urls] == [None, ("connection", "peer"), ("name", "peer"), None]
    assert f"sanderling: {urls[1]}: net::ERR_CONNECTION_REFUSED" in done.err
    assert f"sanderling: {urls[2]}: net::ERR_NAME_NOT_RESOLVED" in done.err


def test_a_directory_of_files(demo: HttpServer, tmp_path: Path) -> None:
    target = tmp_path / "out"
    done = fetch(demo.url + "/", demo.url + "/article", "--dump", "markdown", "--dump", "html", "--output", target)
    assert (done.code, done.out, done.err) == (0, "", "")
    host = demo.url.removeprefix("http://").replace(":", "_")
    assert sorted(path.name for path in target.iterdir()) == [
        f"0001-{host}.html",
        f"0001-{host}.md",
        f"0002-{host}_article.html",
        f"0002-{host}_article.md",
    ]
    assert (target / f"0001-{host}.html").read_text().startswith("<!DOCTYPE html>")


def test_one_file(demo: HttpServer, tmp_path: Path) -> None:
    target = tmp_path / "page.md"
    done = fetch(demo.url + "/article", "--dump", "markdown", "-o", target)
    assert (done.code, done.out) == (0, "")
    assert target.read_text().startswith("#") or "# " in target.read_text()


def test_a_host_is_enough_of_a_url(demo: HttpServer) -> None:
    host = demo.url.removeprefix("http://")
    done = fetch(host + "/article?x", "--dump", "json", "--output", "-")
    assert (done.code, done.lines()[0]["final_url"]) == (0, demo.url + "/article?x")


@pytest.mark.parametrize(
    ("given", "url"),
    [
        ("localhost:8080/x", "http://localhost:8080/x"),
        ("example.org", "http://example.org"),
        ("[::1]:80?q", "http://[::1]:80?q"),
        *(
            (url, url)
            for url in ("data:text/html,a.b", "about:blank", "a b.c", "nonsense", "mailto:a@b.c", "", "http://a.b/")
        ),
    ],
)
def test_schemes_that_are_left_out(given: str, url: str) -> None:
    assert read_urls([given], []) == [url]


def test_an_output_that_cannot_be_written(demo: HttpServer, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = fetch(demo.url + "/", "--output", tmp_path / "file" / "page.html")
    assert done.code == 10
    assert "cannot write" in done.err


def test_urls_from_standard_input_and_files(demo: HttpServer, tmp_path: Path) -> None:
    text = f"# two\n\n{demo.url}/\n  {demo.url}/article  \n"
    (tmp_path / "list").write_text(text)
    for done in (
        fetch("-", "--dump", "json", stdin=text),
        fetch("--urls", "-", "--dump", "json", stdin=text),
        fetch("--urls", tmp_path / "list", "--dump", "json"),
    ):
        assert (done.code, done.err) == (0, "")
        assert {line["url"] for line in done.lines()} == {demo.url + "/", demo.url + "/article"}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "no URL given"),
        (["http://a/", "http://b/"], "several URLs need --output DIR"),
        (["http://a/", "--dump", "html", "--dump", "text"], "several --dump formats need --output DIR"),
        (["http://a/", "--dump", "pdf"], "is not one of"),
        (["http://a/", "--timeout", "0"], "is not in the range"),
        (["http://a/", "--header", "no colon"], "no colon"),
        (["http://a/", "--urls", "/nonexistent/list"], "cannot read /nonexistent/list"),
        (["http://a/", "--inject-script", "@/nonexistent.js"], "cannot read /nonexistent.js"),
        (["http://a/", "--cookie", "/nonexistent"], "cannot read cookies"),
        (["nonsense"], "not a valid URL"),
        (["http://[/"], "not a valid URL"),
    ],
)
def test_usage_errors(arguments: list[str], message: str) -> None:
    done = fetch(*arguments)
    assert (done.code, done.out) == (2, "")
    assert message in done.err
    assert "Traceback" not in done.err


def test_a_failed_page_writes_nothing_to_standard_output(demo: HttpServer) -> None:
    with refusing_port() as port:
        done = fetch(f"http://127.0.0.1:{port}/")
    assert (done.code, done.out) == (4, "")
    assert done.err.count("\n") == 1


def test_timeouts(demo: HttpServer) -> None:
    done = fetch(demo.url + "/slow?ms=20000", "--timeout", 300)
    assert (done.code, done.out) == (6, "")
    assert "timed out after 300 ms waiting for the document" in done.err


def test_what_never_comes_is_named_when_the_time_is_over(demo: HttpServer) -> None:
    """Beside each other, and with time enough that a busy machine has loaded the document: only the wait is not over."""
    waits = [
        ("/", ("--wait-selector", "#never"), "waiting for selector '#never'"),
        ("/", ("--wait-script", "window.never"), "waiting for script 'window.never'"),
        # A page that polls.
        ("/poll", ("--wait-until", "networkidle"), "waiting for networkidle"),
        ("/poll", ("--wait-until", "stable"), "waiting for stable"),
    ]
    with ThreadPoolExecutor() as pool:
        runs = [pool.submit(fetch, demo.url + path, *wait, "--timeout", 8000) for path, wait, _ in waits]
    for (_, _, words), run in zip(waits, runs, strict=True):
        done = run.result()
        assert (done.code, done.out) == (6, "")
        assert words in done.err


@pytest.mark.parametrize("state", ["commit", "domcontentloaded", "load", "networkidle", "stable"])
def test_milestones(demo: HttpServer, state: str) -> None:
    done = fetch(demo.url + "/article", "--wait-until", state, "--dump", "json")
    assert (done.code, done.err) == (0, "")


def test_waits_and_injected_scripts(tmp_path: Path) -> None:
    markup = """<script>setTimeout(() => { document.body.innerHTML += '<p id=late>' + globalThis.early }, 50)</script><body>"""
    (tmp_path / "early.js").write_text("early += ' and file'")
    with Site({"/": markup}) as site:
        done = fetch(
            site.url("/"), "--inject-script", "globalThis.early = 'code'", "--inject-script", f"@{tmp_path}/early.js",
            "--wait-selector", "#late", "--wait-script", "document.querySelector('#late').textContent", "--wait-ms", 20, "--dump", "text",
        )  # fmt: skip
        assert (done.code, done.err) == (0, "")
        assert "code and file" in done.out


@pytest.mark.parametrize(("option", "value"), [("--wait-script", "("), ("--wait-selector", "p[")])
def test_a_wait_that_makes_no_sense_is_a_usage_error(demo: HttpServer, option: str, value: str) -> None:
    done = fetch(demo.url + "/", option, value, "--timeout", 60_000)
    assert (done.code, done.out) == (2, "")
    assert option in done.err
    assert "SyntaxError" in done.err


def test_headers_and_user_agent(demo: HttpServer) -> None:
    done = fetch(
        demo.url + "/echo",
        "-H",
        "X-One: 1",
        "--header",
        "Accept-Language: nl",
        "--user-agent",
        "Me/1",
        "--dump",
        "text",
    )
    headers = {name.lower(): value for name, value in json.loads(done.out)["headers"]}
    assert (headers["x-one"], headers["accept-language"], headers["user-agent"]) == ("1", "nl", "Me/1")


def test_a_proxy(demo: HttpServer) -> None:
    with ProxyServer() as proxy:
        done = fetch(demo.url + "/", "--proxy", f"http://127.0.0.1:{proxy.port}")
        assert (done.code, done.err) == (0, "")
        assert len(proxy.requests) >= 1


def test_certificates(tmp_path: Path) -> None:
    authority = Authority(tmp_path)

    def page(request: Request) -> Response:
        return Response(b"<title>secret</title>")

    with HttpServer(page, tls=authority.server_context("127.0.0.1")) as server:
        done = fetch(server.url + "/")
        assert (done.code, done.out) == (5, "")
        assert "net::ERR_CERT_AUTHORITY_INVALID" in done.err
        assert fetch(server.url + "/", "--insecure").code == 0
    with HttpServer(page, tls=authority.server_context("other.test")) as server:
        done = fetch(server.url + "/", "--ca-cert", authority.file)
        assert done.code == 5
        assert "net::ERR_CERT_COMMON_NAME_INVALID" in done.err


def test_cookie_files_both_ways(demo: HttpServer, tmp_path: Path) -> None:
    for name in ("jar.json", "jar.txt"):
        jar = tmp_path / name
        done = fetch(demo.url + "/set-cookie?a=1&b=2", "--cookie-jar", jar, "--dump", "text")
        assert (done.code, done.err, json.loads(done.out)["sent"]) == (0, "", {})
        if name.endswith("json"):
            assert {cookie["name"]: cookie["value"] for cookie in json.loads(jar.read_text())} == {"a": "1", "b": "2"}
        else:
            assert jar.read_text().startswith("# Netscape HTTP Cookie File")
        done = fetch(demo.url + "/set-cookie", "--cookie", jar, "--dump", "text")
        assert json.loads(done.out)["sent"] == {"a": "1", "b": "2"}
    bad = tmp_path / "bad.txt"
    bad.write_text("this is no cookie file\n")
    done = fetch(demo.url + "/", "--cookie", bad)
    assert (done.code, done.out) == (2, "")
    assert "is no cookie file" in done.err


def test_robots(demo: HttpServer) -> None:
    done = fetch(demo.url + "/account", "--obey-robots")
    assert (done.code, done.out) == (8, "")
    assert "net::ERR_BLOCKED_BY_ROBOTS" in done.err
    assert fetch(demo.url + "/", "--obey-robots").code == 0


def test_http_errors(demo: HttpServer) -> None:
    done = fetch(demo.url + "/status/404")
    assert (done.code, done.err) == (0, "")
    assert "Status 404" in done.out
    done = fetch(demo.url + "/status/503", "--fail-on-http-error")
    assert (done.code, done.out) == (22, "")
    assert "HTTP status 503" in done.err


def test_a_document_opened_anew_before_it_is_loaded() -> None:
    markup = """<!doctype html><body><script>
        let count = 0;
        (function again() {
          document.open();
          document.write('<title>' + count + '</title><iframe srcdoc=x></iframe>');
          document.close();
          if (++count < 50) setTimeout(again);
        })();</script>"""
    with HttpServer(lambda _: Response(markup.encode(), content_type="text/html")) as server:
        done = fetch(server.url + "/", "--wait-script", "document.title === '49'", "--dump", "json")
    assert (done.code, done.err, done.lines()[0]["title"]) == (0, "", "49")


def test_redirects_without_end() -> None:
    with Site({"/loop": redirect("/loop")}) as site:
        done = fetch(site.url("/loop"))
        assert (done.code, done.out) == (4, "")
        assert "net::ERR_TOO_MANY_REDIRECTS" in done.err


def test_a_closed_pipe_is_quiet(demo: HttpServer) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "sanderling", "fetch", demo.url + "/catalogue"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as child:
        assert child.stdout is not None
        assert child.stderr is not None
        child.stdout.close()
        errors = child.stderr.read()
        assert (child.wait(60), errors) == (0, b"")


def test_an_interrupt_ends_it(tmp_path: Path) -> None:
    import signal
    import threading

    asked = threading.Event()
    release = threading.Event()

    def slow(request: Request) -> Response:
        asked.set()
        release.wait(60)
        return Response(b"late")

    with (
        Site({"/": slow}) as site,
        subprocess.Popen(
            [sys.executable, "-m", "sanderling", "fetch", site.url("/")], stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as child,
    ):
        assert asked.wait(60)
        child.send_signal(signal.SIGINT)
        out, errors = child.communicate(timeout=60)
        release.set()
        assert out == b""
        assert b"Traceback" not in errors
        assert child.returncode in (130, -2)


@pytest.mark.parametrize(("output", "what"), [(">/dev/full", "No space left on device"), (">&-", "it is closed")])
def test_output_that_cannot_be_written_is_told(output: str, what: str) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full here")
    with Site({"/": Response(b"<title>x</title><p>hello")}) as site:
        command = f'exec "{sys.executable}" -m sanderling fetch {site.url("/")} --dump text {output}'
        done = subprocess.run(["/bin/sh", "-c", command], stderr=subprocess.PIPE, text=True, timeout=60, check=False)
    assert done.stderr == f"sanderling: cannot write standard output: {what}\n"
    assert done.returncode == 10


def test_help_and_version() -> None:
    done = fetch("--help")
    assert done.code == 0
    for option in ("--dump", "--wait-until", "--jobs", "--obey-robots", "--cookie-jar", "--fail-on-http-error"):
        assert option in done.out
    done = Outcome(subprocess.run([sys.executable, "-m", "sanderling", "--version"], capture_output=True, check=False))
    assert done.out.startswith("sanderling, version ")


ABORT = "<p>x<script>'a'.repeat(2 ** 28).split('')</script>"


@pytest.mark.skipif(sys.platform != "linux", reason="workers live in processes on Linux only")
@pytest.mark.parametrize("jobs", [1, 3])
def test_a_page_that_aborts_the_engine_costs_its_own_result_only(jobs: int, tmp_path: Path) -> None:
    pages = {f"/{number}": f"<p>page {number}" for number in range(6)}
    greeting = Response(b"<p>x", headers=(("Set-Cookie", "kept=1; Max-Age=1000"),))
    with Site({**pages, "/bad": ABORT, "/cookie": greeting}) as site:
        urls = [site.url(path) for path in ("/0", "/1", "/bad", "/2", "/3", "/4", "/5", "/cookie")]
        done = fetch(*urls, "--dump", "json", "--jobs", jobs, "--cookie-jar", tmp_path / "jar.json")
    results = {line["url"].rpartition("/")[2]: line for line in done.lines()}
    assert done.code == 9
    assert len(results) == 8
    assert results["bad"]["error"]["kind"] == "crash"
    assert "SIGTRAP" in results["bad"]["error"]["message"]
    assert [results[str(number)]["content"]["markdown"] for number in range(6)] == [
        f"page {number}\n" for number in range(6)
    ]
    assert [cookie["name"] for cookie in json.loads((tmp_path / "jar.json").read_text())] == ["kept"]
    assert "Traceback" not in done.err
    assert "C stack trace" not in done.err


@pytest.mark.skipif(sys.platform != "linux", reason="workers live in processes on Linux only")
def test_one_page_in_a_process_with_a_limit_for_its_memory() -> None:
    greedy = "<script>const kept = []; for (;;) kept.push(new Uint8Array(1 << 20).fill(1));</script>"
    with Site({"/": greedy}) as site:
        done = fetch(site.url("/"), "--worker-memory", 200)
    assert done.code == 9
    assert "more memory than its limit (200 MiB)" in done.err
    with Site({"/": "<p>x"}) as site:
        assert fetch(site.url("/"), "--worker-memory", 200, "--isolation", "thread").code == 2
        assert fetch(site.url("/"), "--isolation", "process", "--dump", "text").out == "x\n"


def test_private_networks_can_be_blocked(demo: HttpServer) -> None:
    done = fetch(demo.url + "/shop", "--block-private-networks", "--dump", "json")
    assert done.code == 4
    [result] = done.lines()
    assert result["error"]["code"] == "net::ERR_BLOCKED_BY_PRIVATE_NETWORK_ACCESS_CHECKS"
    assert fetch(demo.url, "--block-cidr", "10.0.0.1/8").code == 2
    assert fetch(demo.url + "/shop", "--block-cidr", "10.0.0.0/8").code == 0


def test_rules_can_be_switched_off(tmp_path: Path) -> None:
    read = "fetch('http://127.0.0.1:%d/').then((r) => r.text(), () => 'refused').then((text) => { document.title = text; })"

    def answer(request: Request) -> Response:
        port = request.header("host").rpartition(":")[2]
        shown = f"<script>{read % int(port)}</script>" if request.header("host").startswith("localhost") else "secret"
        return Response(shown.encode(), headers=(("Content-Type", "text/html"),))

    with HttpServer(answer) as server:
        url = server.url.replace("127.0.0.1", "localhost")
        wait = ("--wait-script", "document.title", "--dump", "json")
        assert fetch(url, *wait).lines()[0]["title"] == "refused"
        assert fetch(url, *wait, "--disable", "cors", "--disable", "csp").lines()[0]["title"] == "secret"
    assert fetch(url, "--disable", "tls").code == 2


def test_filters(demo: HttpServer, tmp_path: Path) -> None:
    (tmp_path / "urls").write_text("# ads\n*/ads/*\n/sh*p\n")
    (tmp_path / "hosts").write_text("0.0.0.0 ads.test\n")
    done = fetch(demo.url + "/shop", "--block-urls", f"@{tmp_path / 'urls'}", "--dump", "json")
    assert done.code == 4
    [result] = done.lines()
    assert result["error"]["code"] == "net::ERR_BLOCKED_BY_CLIENT"
    assert "blocked by the URL pattern '/sh*p'" in result["error"]["message"]
    done = fetch("https://eu.ads.test/", "--block-hosts", tmp_path / "hosts")
    assert "blocked by the host 'ads.test' of a list" in done.err
    assert fetch(demo.url + "/shop", "--block-hosts", tmp_path / "hosts", "--block-urls", "nowhere").code == 0
    (tmp_path / "easylist").write_text("||ads.test^\n")
    for arguments in (("--block-urls", f"@{tmp_path / 'easylist'}"), ("--block-hosts", tmp_path / "none")):
        assert fetch(demo.url, *arguments).code == 2


def test_stats_are_a_table_on_standard_error(demo: HttpServer) -> None:
    # The shop's script asks for more after `load`: what is under way when the page ends would count as cancelled.
    done = fetch(demo.url + "/shop", "--stats", "--dump", "text", "--wait-until", "networkidle")
    assert done.code == 0
    figures = dict(re.findall(r"│ +(\S.*?) +│ +(\S+) │", done.err))
    assert int(figures["transfers"]) > 1
    assert figures["transfers"] == figures["done"]
    assert int(figures["connections opened"]) >= 1
    assert figures["TLS handshakes"] == "0"
    assert "Network" not in done.out


def test_the_environment_chooses_a_proxy_and_its_exceptions(demo: HttpServer, monkeypatch: pytest.MonkeyPatch) -> None:
    with ProxyServer(user="u", password="p") as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url.replace("://", "://u:p@"))
        # Until it is quiet: what it asks for after it was loaded could come later.
        assert fetch(demo.url + "/shop", "--dump", "text", "--wait-until", "networkidle").code == 0
        through = len(proxy.requests)
        assert through > 0
        assert fetch(demo.url + "/shop", "--dump", "text", "--proxy-bypass", "127.0.0.1").code == 0
        monkeypatch.setenv("no_proxy", "127.0.0.1")
        assert fetch(demo.url + "/shop", "--dump", "text").code == 0
        assert len(proxy.requests) == through


def test_processes_share_robots_txt_and_the_pace() -> None:
    pages = {"/robots.txt": "User-agent: *\nDisallow: /no\nCrawl-delay: 0.01", "/a": "a", "/b": "b", "/no": "no"}
    with Site(pages) as site:
        done = fetch(*(site.url(path) for path in ("/a", "/b", "/no")), "--obey-robots", "all", "--dump", "json")
        assert done.code == 8
        assert sorted(site.paths) == ["/a", "/b", "/robots.txt"]
        assert "Disallow: /no" in done.out
