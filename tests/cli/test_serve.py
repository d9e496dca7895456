"""`sanderling serve` as its users start it: a process, a line, clients, signals."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from sanderling.cli.exit_codes import ExitCode
from sanderling.cli.main import main
from sanderling.testing.server import HttpServer, Request, Response
from sanderling.testing.servers import ProxyServer
from tests.network.peers import tunnel

PATIENT = """
import sys
import msgspec
from sanderling.app import serving
from sanderling.cli.main import main

run = serving.run_serve
serving.run_serve = lambda options, **more: run(msgspec.structs.replace(options, close_timeout_s=3600), **more)
serving.SHUTDOWN_TIMEOUT_S = 3600
sys.exit(main())
"""
"""Takes leave for an hour of a client that answers nothing."""


@contextmanager
def serving(
    *arguments: str, start_new_session: bool = False, program: Sequence[str] = ("-m", "sanderling")
) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Start a server; give it and its first line."""
    process = subprocess.Popen(
        [sys.executable, *program, "serve", "--port", "0", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=start_new_session,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    try:
        yield process, process.stdout.readline().strip()
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
        process.stderr.close()


def ended(process: subprocess.Popen[str]) -> tuple[int, str]:
    """Wait for the end: exit code and standard error."""
    _, messages = process.communicate(timeout=60)
    return process.returncode, messages


def close_code(socket: ClientConnection) -> int:
    """Read until the end: the code of the server's close frame."""
    try:
        while True:
            socket.recv(timeout=60)
    except ConnectionClosed as closed:
        return 1006 if closed.rcvd is None else closed.rcvd.code


class Cdp:
    """A client that asks one thing at a time."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._next = 0

    def send(self, method: str, params: dict[str, Any] | None = None, session: str = "") -> int:
        self._next += 1
        message = {"id": self._next, "method": method, "params": params or {}}
        self._socket.send(json.dumps({**message, **({"sessionId": session} if session else {})}))
        return self._next

    def ask(self, method: str, params: dict[str, Any] | None = None, session: str = "") -> Any:
        number = self.send(method, params, session)
        while True:
            message = json.loads(self._socket.recv(timeout=60))
            if message.get("id") == number:
                assert "error" not in message, message
                return message["result"]

    def load(self, url: str) -> None:
        """Load a document in a new page, to its end."""
        session = self.page()
        self.ask("Page.enable", session=session)
        self.send("Page.navigate", {"url": url}, session)
        while True:
            message = json.loads(self._socket.recv(timeout=60))
            if (message.get("method"), message.get("sessionId")) == ("Page.loadEventFired", session):
                return

    def page(self) -> str:
        """Open a page and give its session."""
        target = self.ask("Target.createTarget", {"url": "about:blank"})["targetId"]
        return str(self.ask("Target.attachToTarget", {"targetId": target, "flatten": True})["sessionId"])


@pytest.mark.parametrize("isolation", ["process", "thread"])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_pages_are_served_until_a_signal(isolation: str, number: signal.Signals) -> None:
    with serving("--isolation", isolation) as (process, line):
        url = line.removeprefix("DevTools listening on ")
        assert url.startswith("ws://127.0.0.1:")
        with urllib.request.urlopen(
            url.replace("ws:", "http:").replace("/devtools/browser", "/json/version")
        ) as answer:
            fresh = json.load(answer)["webSocketDebuggerUrl"]
        with connect(fresh) as socket:
            cdp = Cdp(socket)
            session = cdp.page()
            result = cdp.ask("Runtime.evaluate", {"expression": "6 * 7"}, session)
            assert result["result"]["value"] == 42
            process.send_signal(number)
            assert close_code(socket) == 1001
        assert ended(process) == (0, "")


@pytest.mark.parametrize("isolation", ["process", "thread"])
def test_a_page_that_computes_without_end_does_not_keep_the_server(isolation: str) -> None:
    with (
        serving("--isolation", isolation, program=("-c", PATIENT)) as (process, line),
        connect(line.split()[-1]) as socket,
    ):
        cdp = Cdp(socket)
        session = cdp.page()
        cdp.send("Runtime.evaluate", {"expression": "for (;;);"}, session)
        cdp.ask("Target.getTargets")  # the command before it has gone on its way
        process.send_signal(signal.SIGTERM)
        assert ended(process) == (0, "")


def test_a_key_that_interrupts_everybody_ends_the_server_in_good_order() -> None:
    # A terminal sends Ctrl-C to the whole process group, workers and all.
    with serving(start_new_session=True) as (process, line), connect(line.split()[-1]) as socket:
        Cdp(socket).page()
        os.killpg(process.pid, signal.SIGINT)
        assert close_code(socket) == 1001
        assert ended(process) == (0, "")


def test_a_second_signal_ends_at_once() -> None:
    with serving(program=("-c", PATIENT)) as (process, line), connect(line.split()[-1]) as silent:
        silent.protocol.receive_data = lambda data: None  # type: ignore[method-assign]
        process.send_signal(signal.SIGTERM)
        while True:
            status = Path(f"/proc/{process.pid}/status").read_text()
            caught = next(row for row in status.splitlines() if row.startswith("SigCgt:")).split()[1]
            if not int(caught, 16) & 1 << (signal.SIGTERM - 1):
                break
        process.send_signal(signal.SIGTERM)
        # In good order it would have been 0.
        assert process.wait(60) == -signal.SIGTERM


def test_the_line_can_be_json_and_the_token_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SANDERLING_TOKEN", "abc")
    with serving("--json", "--host", "0.0.0.0", "--user-agent", "Mine/1", "--product", "Chrome/150.0.1.0") as (_, line):
        listening = json.loads(line)
        assert listening["webSocketDebuggerUrl"] == f"ws://127.0.0.1:{listening['port']}/devtools/browser"
        with urllib.request.urlopen(f"http://127.0.0.1:{listening['port']}/json/version?token=abc") as answer:
            facts = json.load(answer)
        assert (facts["User-Agent"], facts["Browser"]) == ("Mine/1", "Chrome/150.0.1.0")
        assert facts["webSocketDebuggerUrl"].endswith("?token=abc")


def test_a_unix_socket_is_listened_on_and_removed(tmp_path: Path) -> None:
    path = tmp_path / "socket"
    process = subprocess.Popen(
        [sys.executable, "-m", "sanderling", "serve", "--unix-socket", str(path)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    with process.stdout:
        assert process.stdout.readline().strip() == f"DevTools listening on ws+unix://{path}:/devtools/browser"
        assert os.stat(path).st_mode & 0o777 == 0o600
        process.terminate()
        assert process.wait(60) == 0
    assert not path.exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ["--host", "0.0.0.0"],
        ["--port", "70000"],
        ["--product", "Chrome"],
        ["--token", "not good"],
        ["--header", "nonsense"],
        ["--cookie", "/nowhere/at/all"],
        ["--isolation", "thread", "--worker-memory", "100"],
        ["--max-clients", "0"],
        ["--unix-socket", "/nowhere/at/all"],
    ],
)
def test_impossible_options_are_refused(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", *arguments]) == ExitCode.USAGE
    output = capsys.readouterr()
    assert output.out == ""
    assert output.err != ""


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ((), ""),
        (("--block-urls", "http://127.*"), "net::ERR_BLOCKED_BY_CLIENT"),
        (("--block-private-networks",), "net::ERR_BLOCKED_BY_PRIVATE_NETWORK_ACCESS_CHECKS"),
        (("--block-cidr", "127.0.0.1"), "net::ERR_BLOCKED_BY_ADMINISTRATOR"),
        # Where others can connect, what their pages may connect to is the internet only.
        (("--host", "0.0.0.0", "--token", "t"), "net::ERR_BLOCKED_BY_PRIVATE_NETWORK_ACCESS_CHECKS"),
        (("--host", "0.0.0.0", "--token", "t", "--allow-private-networks"), ""),
    ],
)
def test_private_networks(arguments: tuple[str, ...], error: str) -> None:
    asked: list[str] = []

    def inside(request: Request) -> Response:
        asked.append(request.path)
        return Response(b"<title>inside</title>")

    with (
        HttpServer(inside) as site,
        serving("--isolation", "thread", *arguments) as (_, line),
        connect(line.split()[-1] + "?token=t") as socket,
    ):
        cdp = Cdp(socket)
        answer = cdp.ask("Page.navigate", {"url": site.url + "/"}, cdp.page())
        assert answer.get("errorText", "") == error
    assert asked == ([] if error else ["/"])


def test_a_client_cannot_bring_a_proxy_into_the_private_network() -> None:
    with (
        ProxyServer() as proxy,
        serving("--isolation", "thread", "--block-private-networks") as (_, line),
        connect(line.split()[-1]) as socket,
    ):
        cdp = Cdp(socket)
        context = cdp.ask("Target.createBrowserContext", {"proxyServer": proxy.url})["browserContextId"]
        target = cdp.ask("Target.createTarget", {"url": "about:blank", "browserContextId": context})["targetId"]
        session = cdp.ask("Target.attachToTarget", {"targetId": target, "flatten": True})["sessionId"]
        answer = cdp.ask("Page.navigate", {"url": "http://example.test/"}, session)
        assert answer["errorText"] == "net::ERR_BLOCKED_BY_PRIVATE_NETWORK_ACCESS_CHECKS"
        assert proxy.requests == []


def test_metrics_tell_of_the_network() -> None:
    with (
        HttpServer(lambda request: Response(b"<title>x</title>")) as site,
        serving("--isolation", "thread") as (_, line),
        connect(line.split()[-1]) as socket,
    ):
        cdp = Cdp(socket)
        for _ in range(2):
            cdp.load(site.url + "/")
        address = line.split()[-1].replace("ws:", "http:").replace("/devtools/browser", "/metrics")
        with urllib.request.urlopen(address) as answer:
            metrics = dict(row.rsplit(" ", 1) for row in answer.read().decode().splitlines() if row[0] != "#")
    assert metrics['sanderling_transfers_ended_total{outcome="done"}'] == "2.0"
    assert metrics["sanderling_network_connections_opened_total"] == "1.0"
    assert metrics["sanderling_network_connections_reused_total"] == "1.0"
    assert metrics["sanderling_transfer_queue_seconds_count"] == "2.0"
    assert metrics['sanderling_transfers{state="running"}'] == "0.0"
    assert metrics['sanderling_requests_saved_total{by="cache"}'] == "0.0"


def test_a_context_has_a_proxy_and_exceptions_of_its_own() -> None:
    with (
        HttpServer(lambda request: Response(b"<title>x</title>")) as site,
        ProxyServer() as proxy,
        serving("--isolation", "thread") as (_, line),
        connect(line.split()[-1]) as socket,
    ):
        cdp = Cdp(socket)
        for bypass, count in (("", 1), ("127.0.0.1", 1)):
            options = {"proxyServer": proxy.url, "proxyBypassList": bypass}
            context = cdp.ask("Target.createBrowserContext", options)["browserContextId"]
            target = cdp.ask("Target.createTarget", {"url": "about:blank", "browserContextId": context})["targetId"]
            session = cdp.ask("Target.attachToTarget", {"targetId": target, "flatten": True})["sessionId"]
            assert "errorText" not in cdp.ask("Page.navigate", {"url": site.url + "/"}, session)
            assert len(proxy.requests) == count


def test_a_socks_proxy_of_a_context_resolves_the_names() -> None:
    with (
        HttpServer(lambda request: Response(b"<title>x</title>")) as site,
        tunnel(site.port, "socks5") as proxy,
        serving("--isolation", "thread") as (_, line),
        connect(line.split()[-1]) as socket,
    ):
        cdp = Cdp(socket)
        options = {"proxyServer": f"socks5://127.0.0.1:{proxy.port}"}
        context = cdp.ask("Target.createBrowserContext", options)["browserContextId"]
        target = cdp.ask("Target.createTarget", {"url": "about:blank", "browserContextId": context})["targetId"]
        session = cdp.ask("Target.attachToTarget", {"targetId": target, "flatten": True})["sessionId"]
        assert "errorText" not in cdp.ask("Page.navigate", {"url": "http://name.invalid/"}, session)
        assert b"name.invalid" in proxy.requests[0].head
