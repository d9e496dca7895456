"""`--har` and `--replay` as people use them: processes, signals, files."""

from __future__ import annotations

import json
import queue
import signal
import ssl
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from websockets.sync.client import ClientConnection, connect

from sanderling.testing.server import HttpServer, Request, Response
from sanderling.testing.servers import Authority, refusing_port
from sanderling.testing.site import serve
from tests.cli.test_fetch import fetch
from tests.cli.test_serve import serving
from tests.support import Site, redirect


@pytest.fixture(scope="module")
def demo() -> Iterator[HttpServer]:
    with serve() as server:
        yield server


def log(path: Path) -> Any:
    return json.loads(path.read_text("utf-8"))["log"]


def paths(path: Path) -> list[str]:
    return ["/" + entry["request"]["url"].split("/", 3)[3] for entry in log(path)["entries"]]


@pytest.mark.parametrize("isolation", ["thread", "process"])
def test_a_page_that_was_recorded_loads_without_a_network(tmp_path: Path, isolation: str) -> None:
    har = tmp_path / "a.har"
    ready = ["--wait-until", "networkidle", "--dump", "text", "--isolation", isolation]
    with serve() as server:
        url = server.url + "/shop"
        live = fetch(url, "--har", har, *ready)
    assert (live.code, live.err) == (0, "")
    page = log(har)["pages"][0]
    assert page["title"] == url
    assert 0 < page["pageTimings"]["onContentLoad"] <= page["pageTimings"]["onLoad"]
    assert {entry["pageref"] for entry in log(har)["entries"]} == {page["id"]}
    again = fetch(url, "--replay", har, *ready)  # the server is gone
    assert (again.code, again.err, again.out) == (0, "", live.out)
    assert [one.name for one in tmp_path.iterdir()] == ["a.har"]


def test_what_is_missing(demo: HttpServer, tmp_path: Path) -> None:
    har = tmp_path / "a.har"
    fetch(demo.url + "/article", "--har", har)
    other = demo.url + "/shop"
    refused = fetch(other, "--replay", har)
    assert refused.code == 4
    assert "net::ERR_NOT_IN_RECORDING" in refused.err
    passed = fetch(other, "--replay", har, "--replay-missing", "network", "--dump", "text")
    assert (passed.code, passed.err) == (0, "")


def test_several_processes_make_one_recording(demo: HttpServer, tmp_path: Path) -> None:
    har = tmp_path / "a.har"
    urls = [demo.url + path for path in ("/", "/article", "/catalogue")]
    done = fetch(*urls, "--har", har, "--jobs", 2, "--dump", "json", "--isolation", "process")
    assert done.code == 0
    assert {"/", "/article", "/catalogue"} <= set(paths(har))
    started = [entry["startedDateTime"] for entry in log(har)["entries"]]
    assert started == sorted(started)
    pages = {page["id"] for page in log(har)["pages"]}
    assert len(pages) == 3
    assert {entry["pageref"] for entry in log(har)["entries"]} <= pages


def test_redirects_failures_and_bodies(tmp_path: Path) -> None:
    image = Response(bytes(range(256)), content_type="image/png")
    page = "<img src=/a.png><script>fetch('REFUSING').catch(() => { document.title = 'failed' })</script>"
    with refusing_port() as port, Site({"/": redirect("/page"), "/a.png": image}) as site:
        refusing = f"http://127.0.0.1:{port}/"
        site.pages["/page"] = page.replace("REFUSING", refusing)
        har = tmp_path / "a.har"
        fetch(site.url("/"), "--har", har, "--images", "--wait-script", "document.title === 'failed'")
        entries = log(har)["entries"]
        by_path = {entry["request"]["url"].removeprefix(site.origin): entry["response"] for entry in entries}
        assert by_path["/"]["redirectURL"] == "/page"
        assert by_path["/a.png"]["content"]["encoding"] == "base64"
        assert by_path[refusing]["_error"] == "net::ERR_CONNECTION_REFUSED"
        again = fetch(site.url("/"), "--replay", har, "--images", "--wait-script", "document.title === 'failed'")
        assert again.code == 0


def test_credentials_are_left_out(tmp_path: Path) -> None:
    secret = Response(b"<p>x", headers=(("Set-Cookie", "s=hunter2"),))
    with Site({"/": secret}) as site:
        har = tmp_path / "a.har"
        fetch(site.url("/"), "--har", har, "--har-redact", "-H", "Authorization: Bearer hunter2")
        fetch(site.url("/"), "--har", tmp_path / "b.har", "-H", "Authorization: Bearer hunter2")
    assert "hunter2" not in har.read_text("utf-8")
    assert "hunter2" in (tmp_path / "b.har").read_text("utf-8")


@pytest.mark.skipif(sys.platform != "linux", reason="workers live in processes on Linux only")
def test_a_page_that_crashes_is_recorded(tmp_path: Path) -> None:
    fatal = "<script>fetch('/before').then(() => 'a'.repeat(2 ** 28).split(''))</script>"
    with Site({"/": fatal, "/before": "x"}) as site:
        har = tmp_path / "a.har"
        done = fetch(site.url("/"), "--har", har, "--isolation", "process", "--wait-ms", 20_000)
        assert done.code == 9
    assert paths(har) == ["/", "/before"]


@pytest.mark.parametrize("isolation", ["thread", "process"])
def test_an_interrupted_fetch_leaves_a_recording(tmp_path: Path, isolation: str) -> None:
    begun: queue.Queue[subprocess.Popen[bytes]] = queue.Queue()

    def never(_: Request) -> Response:
        process = begun.get(timeout=60)
        process.send_signal(signal.SIGINT)
        process.wait(60)
        return Response(b"late")

    with Site({"/": "<script src=/never.js></script>", "/never.js": never}) as site:
        har = tmp_path / "a.har"
        arguments = ["fetch", site.url("/"), "--har", str(har), "--isolation", isolation]
        command = [sys.executable, "-m", "sanderling", *arguments]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        begun.put(process)
        _, messages = process.communicate(timeout=60)
        assert process.returncode not in (0, None)
        assert b"Traceback" not in messages
    assert paths(har) == ["/", "/never.js"]
    assert log(har)["entries"][1]["response"]["_error"] == "net::ERR_ABORTED"


def test_unusable_files(demo: HttpServer, tmp_path: Path) -> None:
    done = fetch(demo.url, "--har", tmp_path / "no" / "a.har")
    assert (done.code, "cannot record to" in done.err) == (2, True)
    done = fetch(demo.url, "--replay", tmp_path / "none.har")
    assert (done.code, "cannot replay" in done.err) == (2, True)


def test_a_recording_that_playwright_made_of_chromium() -> None:
    recording = Path(__file__).parent.parent / "http" / "recordings" / "chromium.har"
    ready = ["--wait-script", "document.title === 'done'", "--dump", "text"]
    done = fetch("http://recorded.test/", "--replay", recording, *ready)
    assert (done.code, done.err, done.out.strip()) == (0, "", "knöt")


def test_a_server_that_wants_to_know_its_clients(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    tls = authority.server_context()
    tls.verify_mode = ssl.CERT_REQUIRED
    tls.load_verify_locations(authority.file)
    chain, key = authority.server_files("client.test")
    trust = ["--ca-cert", authority.file]
    with HttpServer(lambda _: Response(b"<p>inside"), tls=tls) as server:
        known = fetch(server.url, *trust, "--client-cert", chain, "--client-key", key, "--har", tmp_path / "a.har")
        assert (known.code, known.err) == (0, "")
        unknown = fetch(server.url, *trust)
        assert unknown.code in (4, 5)
        unreadable = fetch(server.url, *trust, "--client-cert", tmp_path / "none.pem")
        assert (unreadable.code, "--client-cert: cannot read" in unreadable.err) == (2, True)
    (entry,) = log(tmp_path / "a.har")["entries"]
    assert entry["_securityDetails"]["protocol"] == "TLS 1.3"
    assert entry["timings"]["ssl"] > 0


def test_a_zip_of_a_recording(demo: HttpServer, tmp_path: Path) -> None:
    fetch(demo.url + "/article", "--har", tmp_path / "a.har")
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.write(tmp_path / "a.har", "har.har")
    done = fetch(demo.url + "/article", "--replay", tmp_path / "a.zip", "--isolation", "process", "--dump", "text")
    assert (done.code, done.err) == (0, "")


class Cdp:
    """As much of a client as these tests need."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._id = 0
        self.events: list[Any] = []

    def call(self, method: str, session: str = "", **params: Any) -> Any:
        self._id += 1
        message = {"id": self._id, "method": method, "params": params}
        self._socket.send(json.dumps({**message, "sessionId": session} if session else message))
        while True:
            answer = json.loads(self._socket.recv(timeout=60))
            if answer.get("id") == self._id:
                assert "error" not in answer, answer
                return answer["result"]
            self.events.append(answer)

    def until(self, method: str) -> None:
        while not any(event["method"] == method for event in self.events):
            self.events.append(json.loads(self._socket.recv(timeout=60)))

    def load(self, url: str) -> str:
        """Load a URL in a context of its own; gives the context's id."""
        context: str = self.call("Target.createBrowserContext")["browserContextId"]
        target = self.call("Target.createTarget", url="about:blank", browserContextId=context)["targetId"]
        session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self.call("Page.enable", session)
        self.events.clear()
        self.call("Page.navigate", session, url=url)
        self.until("Page.loadEventFired")
        return context


@contextmanager
def cdp(line: str) -> Iterator[Cdp]:
    with connect(line.rpartition(" ")[2], max_size=None) as socket:
        yield Cdp(socket)


@pytest.mark.parametrize("isolation", ["thread", "process"])
def test_serve_records_each_context(demo: HttpServer, tmp_path: Path, isolation: str) -> None:
    folder = tmp_path / "recordings"
    with serving("--har", str(folder), "--isolation", isolation) as (process, line), cdp(line) as client:
        first = client.load(demo.url + "/article")
        second = client.load(demo.url + "/catalogue")
        client.call("Target.disposeBrowserContext", browserContextId=first)
        assert "/article" in paths(folder / f"{first}.har")
        assert not (folder / f"{second}.har").exists()
        process.send_signal(signal.SIGINT)
        process.wait(60)
    assert "/catalogue" in paths(folder / f"{second}.har")
    assert "/article" not in paths(folder / f"{second}.har")
    assert all(not one.name.startswith(".") for one in folder.iterdir())


def test_serve_replays(tmp_path: Path) -> None:
    with serve() as server:
        url = server.url + "/article"
        fetch(url, "--har", tmp_path / "a.har")
    with serving("--replay", str(tmp_path / "a.har")) as (_, line), cdp(line) as client:
        client.load(url)
