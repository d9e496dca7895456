"""Hostile clients of a whole server, and a well-behaved one beside them that must notice nothing."""

from __future__ import annotations

import contextlib
import json
import struct
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from sanderling.testing.server import HttpServer, Request, Response
from tests.clients.raw import AnswerError, Raw
from tests.clients.targets import Sanderling
from tests.server.support import BINARY, CLOSE, PING, PONG, frame, handshake

pytestmark = pytest.mark.slow

MAX_MESSAGE = 1 << 20
SETTLE_S = 60.0
"""Ends a vain wait. What the neighbour must not notice is put as an order: it is answered before this or that is over."""
PACE_S = 0.01


class Neighbour:
    """A client that asks its page the same thing all the time."""

    def __init__(self, port: int) -> None:
        self.raw = Raw(port)
        self.raw.open_page()
        assert self.raw.evaluate("document.body.textContent = 'mine'; globalThis.count = 0") == 0
        self.asked = 0
        self.error: BaseException | None = None
        self._stop = threading.Event()
        self._turned = threading.Condition()
        self._thread = threading.Thread(target=self._run, name="neighbour")
        self._thread.start()

    def _run(self) -> None:
        try:
            while not self._stop.wait(PACE_S):
                count = self.raw.evaluate("document.body.textContent === 'mine' ? ++count : -1")
                assert count == self.asked + 1, f"the page says {count} after {self.asked}"
                with self._turned:
                    self.asked += 1
                    self._turned.notify_all()
        except BaseException as error:  # it is told where it is looked at
            with self._turned:
                self.error = error
                self._turned.notify_all()

    def check(self) -> None:
        """Have it asked and answered once more, beginning now."""
        with self._turned:
            seen = self.asked
            # The next answer may belong to a question from before.
            assert self._turned.wait_for(lambda: self.error is not None or self.asked >= seen + 2, SETTLE_S)
        assert self.error is None, repr(self.error)

    def close(self) -> None:
        self._stop.set()
        self._thread.join()
        self.raw.socket.close()


class World:
    """A server, the neighbour, and a site that never answers."""

    def __init__(self, server: Sanderling, site: str) -> None:
        self.server = server
        self.port = server.port
        self.site = site
        self.neighbour = Neighbour(server.port)
        self.base = self._rested()

    def health(self) -> dict[str, Any]:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=SETTLE_S) as answer:
            told: dict[str, Any] = json.load(answer)
        return told

    def _rested(self) -> dict[str, Any]:
        """Give what `/healthz` counts when the next worker waits."""
        end = time.monotonic() + SETTLE_S
        while (told := self.health())["processes"]["waiting"] != 1:
            assert time.monotonic() < end, told
        return told

    def settle(self) -> None:
        """Everything that a client brought goes when it has gone."""
        end = time.monotonic() + SETTLE_S
        while (told := self.health()) != self.base:
            assert time.monotonic() < end, (told, self.base)


def _site(request: Request) -> Response:
    if request.path == "/never":
        return Response(b"late", delay=600.0)
    return Response(b"<!DOCTYPE html><title>Mudflat</title><p>wet")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    options = ("--linger", "0", "--max-message", "1", "--max-unread", "2")
    with (
        HttpServer(_site) as site,
        contextlib.closing(Sanderling(tmp_path_factory.mktemp("server"), *options)) as server,
    ):
        world = World(server, site.url)
        try:
            yield world
        finally:
            world.neighbour.close()


@pytest.fixture(autouse=True)
def _unnoticed(world: World) -> Iterator[None]:
    """After each test: the neighbour is well, everything is as it was, and nothing was logged."""
    before = world.server.trouble()
    yield
    world.neighbour.check()
    world.settle()
    assert world.server.trouble() == before


# -- frames ------------------------------------------------------------------------------------------------------------------

HEAD_OF_TEXT = b"\x81"
BAD_FRAMES = {
    "unmasked": (frame(b"{}", mask=None), 1002),
    "reserved bit": (frame(b"{}", rsv=1 << 1), 1002),
    "compressed where nothing was agreed": (frame(b"{}", rsv=1 << 2), 1002),
    "unknown opcode": (frame(b"{}", 7), 1002),
    "continuation of nothing": (frame(b"{}", 0), 1002),
    "a message within a message": (frame(b"{", fin=False) + frame(b"}"), 1002),
    "a ping in fragments": (frame(b"x", PING, fin=False), 1002),
    "a long close": (frame(b"\x03\xe8" + b"x" * 124, CLOSE), 1002),
    "a close code that is none": (frame(struct.pack("!H", 1006), CLOSE), 1002),
    "a close reason that is no text": (frame(struct.pack("!H", 1000) + b"\xc0", CLOSE), 1007),
    "text that is no UTF-8": (frame(b'{"id":1,"method":"\xff"}'), 1007),
    "a surrogate in UTF-8": (frame(b'{"id":1,"method":"\xed\xa0\x80"}'), 1007),
    "half a character at the end": (frame(b'{"id":1}', fin=False) + frame(b"\xe2\x82", 0), 1007),
    "binary": (frame(b"{}", BINARY), 1003),
    "a byte more than allowed": (HEAD_OF_TEXT + b"\xff" + struct.pack("!Q", MAX_MESSAGE + 1), 1009),
    "an exabyte": (HEAD_OF_TEXT + b"\xff" + struct.pack("!Q", 1 << 60), 1009),
    "the longest": (HEAD_OF_TEXT + b"\xff" * 9, 1009),
}


@pytest.mark.parametrize("name", BAD_FRAMES)
def test_what_breaks_the_protocol_byte_by_byte_ends_its_client_only(name: str, world: World) -> None:
    data, code = BAD_FRAMES[name]
    with Raw(world.port) as raw:
        raw.open_page()
        raw.send("Runtime.evaluate", {"expression": "new Promise(() => {})", "awaitPromise": True})
        raw.write(data, slowly=True)
        assert raw.close_code() == code


def test_fragments_without_end_end_at_the_limit(world: World) -> None:
    with Raw(world.port) as raw:
        raw.upgrade()
        piece = b" " * (1 << 16)
        raw.write(frame(piece, fin=False))
        for _ in range(14):
            raw.write(frame(piece, 0, fin=False))
        raw.write(frame(b"still there?", PING))
        assert raw.frame() == (PONG, b"still there?")
        raw.write(frame(piece, 0, fin=False) + frame(b" ", 0, fin=False))
        assert raw.close_code() == 1009


def test_empty_fragments_without_end_are_a_message_that_is_not_over(world: World) -> None:
    with Raw(world.port) as raw:
        raw.open_page()
        number, whole = raw.command("Runtime.evaluate", {"expression": "6 * 7"})
        text = bytes(byte ^ b"\1\2\3\4"[i % 4] for i, byte in enumerate(whole[whole.index(b"\1\2\3\4") + 4 :]))
        raw.write(frame(b"", fin=False) + frame(b"", 0, fin=False) * 20_000)
        raw.write(frame(b"here", PING))
        assert raw.frame() == (PONG, b"here")
        world.neighbour.check()
        raw.write(frame(text, 0))
        assert raw.answer(number)["result"]["value"] == 42


# -- messages ----------------------------------------------------------------------------------------------------------------

PARSE, REQUEST, SESSION = -32700, -32600, -32001
BAD_MESSAGES = {
    "nothing": (b"", PARSE),
    "half an object": (b'{"id":1,"method":"Browser.getVersion"', PARSE),
    "two objects": (b'{"id":1,"method":"Browser.getVersion"}{}', PARSE),
    "a NUL": (b"\0", PARSE),
    "an array": (b"[]", REQUEST),
    "null": (b"null", REQUEST),
    "a number": (b"1e999", REQUEST),
    "no id": (b'{"method":"Browser.getVersion"}', REQUEST),
    "id: a string": (b'{"id":"1","method":"Browser.getVersion"}', REQUEST),
    "id: half a number": (b'{"id":1.5,"method":"Browser.getVersion"}', REQUEST),
    "id: null": (b'{"id":null,"method":"Browser.getVersion"}', REQUEST),
    "id: an object": (b'{"id":{"id":1},"method":"Browser.getVersion"}', REQUEST),
    "id: a truth": (b'{"id":true,"method":"Browser.getVersion"}', REQUEST),
    "no method": (b'{"id":1}', REQUEST),
    "method: a number": (b'{"id":1,"method":1}', REQUEST),
    "session: a number": (b'{"id":1,"method":"Browser.getVersion","sessionId":1}', REQUEST),
    "session: a list": (b'{"id":1,"method":"Browser.getVersion","sessionId":["x"]}', REQUEST),
    "session: unknown": (
        b'{"id":1,"method":"Runtime.evaluate","sessionId":"0123456789ABCDEF0123456789ABCDEF"}',
        SESSION,
    ),
    "session: long": (b'{"id":1,"method":"Runtime.evaluate","sessionId":"' + b"x" * 100_000 + b'"}', SESSION),
    "method: unknown": (b'{"id":1,"method":"Browser.fly"}', -32601),
    "method: odd": (b'{"id":1,"method":"\\u0000..//%s{}"}', -32601),
    "params: a list": (b'{"id":1,"method":"Target.createTarget","params":["x"]}', -32602),
    "params: wrong inside": (b'{"id":1,"method":"Target.createTarget","params":{"url":7}}', -32602),
}


@pytest.mark.parametrize("name", BAD_MESSAGES)
def test_a_message_that_is_no_command_is_answered_and_the_next_is_heard(name: str, world: World) -> None:
    data, code = BAD_MESSAGES[name]
    with Raw(world.port) as raw:
        raw.upgrade()
        raw.write(frame(data))
        assert raw.message()["error"]["code"] == code
        assert "product" in raw.call("Browser.getVersion")


def test_deep_nesting_is_an_error_and_no_crash(world: World) -> None:
    with Raw(world.port) as raw:
        raw.open_page()
        deep = b"[" * 200_000
        raw.write(frame(deep + b"]" * 200_000))
        assert raw.message()["error"]["code"] in (PARSE, REQUEST)
        head = f'{{"id":1000,"sessionId":"{raw.session}","method":"Runtime.evaluate","params":'.encode()
        raw.write(frame(head + deep + b"]" * 200_000 + b"}"))
        assert "error" in raw.message()
        assert raw.evaluate("1") == 1


PAGE_MESSAGES = {
    "params: a list": (b'"params":["1"]', -32602),
    "params: a string": (b'"params":"1"', -32602),
    "params: wrong inside": (b'"params":{"expression":{}}', -32602),
    "params: missing": (b'"params":{}', -32602),
    "no method": (b'"method":null', REQUEST),
    "unknown method": (b'"method":"Runtime.fly"', -32601),
}


@pytest.mark.parametrize("name", PAGE_MESSAGES)
def test_a_page_answers_what_is_wrong_and_goes_on(name: str, world: World) -> None:
    inside, code = PAGE_MESSAGES[name]
    with Raw(world.port) as raw:
        raw.open_page()
        method = b"" if b'"method"' in inside else b'"method":"Runtime.evaluate",'
        raw.write(frame(b'{"id":77,"sessionId":"' + raw.session.encode() + b'",' + method + inside + b"}"))
        assert raw.message()["error"]["code"] == code
        assert raw.evaluate("1") == 1


def test_sessions_and_targets_of_others_cannot_be_reached(world: World) -> None:
    other = world.neighbour.raw
    with Raw(world.port) as raw:
        raw.open_page()
        for method in ("Runtime.evaluate", "Page.close", "Target.getTargets"):
            with pytest.raises(AnswerError) as told:
                raw.call(method, {"expression": "document.body.textContent = 'yours'"}, session=other.session)
            assert told.value.code == SESSION
        for method in ("Target.attachToTarget", "Target.closeTarget", "Target.getTargetInfo"):
            with pytest.raises(AnswerError):
                raw.call(method, {"targetId": other.target, "flatten": True}, session="")
        with pytest.raises(AnswerError):
            raw.call("Target.detachFromTarget", {"sessionId": other.session}, session="")
        listed = raw.call("Target.getTargets", session="")["targetInfos"]
        assert other.target not in {one["targetId"] for one in listed}


def test_a_session_that_was_left_is_unknown(world: World) -> None:
    with Raw(world.port) as raw:
        raw.open_page()
        raw.call("Target.detachFromTarget", {"sessionId": raw.session}, session="")
        with pytest.raises(AnswerError) as told:
            raw.evaluate("1")
        assert told.value.code == SESSION


# -- much --------------------------------------------------------------------------------------------------------------------


def test_ten_thousand_commands_without_reading_are_all_answered_in_order(world: World) -> None:
    with Raw(world.port) as raw:
        raw.open_page()
        commands = [
            raw.command("Runtime.evaluate", {"expression": f"{n}", "returnByValue": True}) for n in range(10_000)
        ]
        raw.write(b"".join(data for _, data in commands))
        world.neighbour.check()
        for value, (number, _) in enumerate(commands):
            answer = raw.message()
            assert (answer["id"], answer["result"]["result"]["value"]) == (number, value)


def test_who_never_reads_is_dropped(world: World) -> None:
    with Raw(world.port) as raw:
        raw.open_page()
        expression = {"expression": "'x'.repeat(1 << 20)", "returnByValue": True}
        data = b"".join(raw.command("Runtime.evaluate", expression)[1] for _ in range(64))
        with contextlib.suppress(ConnectionError):
            raw.write(data)
        world.settle()  # while the socket is still ours: the server has not waited for its end


# -- ends --------------------------------------------------------------------------------------------------------------------


def _page(raw: Raw, _: World) -> None:
    raw.open_page()


def _middle_of_a_request(raw: Raw, _: World) -> None:
    raw.write(b"GET /json/list HTTP/1.1\r\nHost: 127.0.0.1\r\nAcc")


def _unread_answer(raw: Raw, _: World) -> None:
    raw.write(b"GET /json/protocol HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" * 20)


def _middle_of_the_handshake(raw: Raw, _: World) -> None:
    raw.write(handshake()[:-30])


def _unread_handshake(raw: Raw, _: World) -> None:
    raw.write(handshake())


def _unread_first_command(raw: Raw, _: World) -> None:
    raw.write(handshake() + raw.command("Target.createTarget", {"url": "about:blank"})[1])


def _upgraded(raw: Raw, _: World) -> None:
    raw.upgrade()


def _middle_of_a_frame_head(raw: Raw, _: World) -> None:
    raw.open_page()
    raw.write(b"\x81")


def _middle_of_a_frame(raw: Raw, _: World) -> None:
    raw.open_page()
    raw.write(raw.command("Runtime.evaluate", {"expression": "1"})[1][:-5])


def _middle_of_a_message(raw: Raw, _: World) -> None:
    raw.open_page()
    raw.write(frame(b'{"id":', fin=False))


def _page_being_made(raw: Raw, world: World) -> None:
    raw.upgrade()
    raw.send("Target.createTarget", {"url": world.site + "/"})


def _context_being_made(raw: Raw, _: World) -> None:
    raw.upgrade()
    raw.send("Target.createBrowserContext", {"disposeOnDetach": True})


def _page_waiting_for_its_debugger(raw: Raw, world: World) -> None:
    raw.upgrade()
    raw.call("Target.setAutoAttach", {"autoAttach": True, "waitForDebuggerOnStart": True, "flatten": True})
    raw.call("Target.createTarget", {"url": world.site + "/"})
    raw.event("Target.attachedToTarget")


def _navigation_in_flight(raw: Raw, world: World) -> None:
    raw.open_page()
    raw.call("Network.enable")
    raw.send("Page.navigate", {"url": world.site + "/never"})
    raw.event("Network.requestWillBeSent")


def _request_held_back(raw: Raw, world: World) -> None:
    raw.open_page()
    raw.call("Fetch.enable", {"patterns": [{}]})
    raw.send("Page.navigate", {"url": world.site + "/"})
    raw.event("Fetch.requestPaused")


def _evaluation_pending(raw: Raw, _: World) -> None:
    raw.open_page()
    raw.send("Runtime.evaluate", {"expression": "new Promise(() => {})", "awaitPromise": True})
    raw.evaluate("1")


def _page_computing(raw: Raw, world: World) -> None:
    raw.open_page()
    first, one = raw.command("Runtime.evaluate", {"expression": "1"})
    _, endless = raw.command("Runtime.evaluate", {"expression": "for (;;);"})
    raw.write(one + endless)
    raw.answer(first)
    world.neighbour.check()


def _dialog(raw: Raw, _: World) -> None:
    raw.open_page()
    raw.call("Page.enable")
    raw.send("Runtime.evaluate", {"expression": "alert('wader')"})
    raw.event("Page.javascriptDialogOpening")


def _dialog_before_leaving(raw: Raw, world: World) -> None:
    raw.open_page()
    raw.call("Page.enable")
    raw.send("Page.navigate", {"url": "data:text/html,<script>confirm('sure')</script>"})
    raw.event("Page.javascriptDialogOpening")


def _target_being_closed(raw: Raw, _: World) -> None:
    raw.open_page()
    raw.send("Target.closeTarget", {"targetId": raw.target}, session="")


def _browser_being_closed(raw: Raw, _: World) -> None:
    raw.open_page()
    raw.send("Browser.close", session="")


def _close_unanswered(raw: Raw, _: World) -> None:
    raw.open_page()
    raw.write(frame(struct.pack("!H", 1000), CLOSE))


STEPS: dict[str, Callable[[Raw, World], None]] = {
    "accepted": lambda raw, world: None,
    "in the middle of a request": _middle_of_a_request,
    "with answers unread": _unread_answer,
    "in the middle of the handshake": _middle_of_the_handshake,
    "with the handshake's answer unread": _unread_handshake,
    "with a command sent before the handshake's answer": _unread_first_command,
    "upgraded": _upgraded,
    "with a page": _page,
    "in the middle of a frame's head": _middle_of_a_frame_head,
    "in the middle of a frame": _middle_of_a_frame,
    "in the middle of a message": _middle_of_a_message,
    "while a page is made": _page_being_made,
    "while a context is made": _context_being_made,
    "while a page waits for its debugger": _page_waiting_for_its_debugger,
    "with a navigation in flight": _navigation_in_flight,
    "with a request held back": _request_held_back,
    "with an evaluation pending": _evaluation_pending,
    "while the page computes": _page_computing,
    "with an open dialog": _dialog,
    "with a dialog in a document that loads": _dialog_before_leaving,
    "while a target is closed": _target_being_closed,
    "while the browser is closed": _browser_being_closed,
    "with the close frame unanswered": _close_unanswered,
}


@pytest.mark.parametrize("how", ["end", "reset"])
@pytest.mark.parametrize("step", STEPS)
def test_closing_in_the_middle(step: str, how: str, world: World) -> None:
    with Raw(world.port) as raw:
        STEPS[step](raw, world)
        if how == "reset":
            raw.reset()


def test_nothing_was_logged(world: World) -> None:
    assert world.server.trouble() == []
