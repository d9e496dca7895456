"""A real worker in a thread, driven by CDP messages without sockets."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import msgspec

from sanderling.app.runtime import Runtime
from sanderling.browser.options import ContextOptions
from sanderling.cdp import wire
from sanderling.cdp.domains import DOMAINS
from sanderling.network.messages import Notify, Output

Json: TypeAlias = "Any"  # messages are looked into by the tests

TIMEOUT_S = 60.0
EVENTS = {f"{domain.name}.{event}" for domain in DOMAINS for event in domain.events}


class CdpRefusedError(Exception):
    """An error answer."""

    def __init__(self, error: dict[str, Any]) -> None:
        super().__init__(f"{error['code']}: {error['message']} {error.get('data', '')}".strip())
        self.code = error["code"]
        self.message = error["message"]


class Driver:
    """One worker with one context; sessions are attached to its pages as the hub does it."""

    def __init__(self, runtime: Runtime, options: ContextOptions | None = None) -> None:
        self._changed = threading.Condition()  # protects the two lists below
        self.messages: list[tuple[str, Json]] = []  # session and message, in order
        self.notices: list[tuple[str, Json]] = []  # target and body
        self.undeclared: set[str] = set()  # events that no domain says it sends
        self._ids = itertools.count(1)
        self.worker = runtime.start_worker(self._notified, self._put_out, cdp=True)
        self.context = self.new_context(options)

    def _notified(self, notify: Notify) -> None:
        with self._changed:
            self.notices.append((notify.target, msgspec.json.decode(notify.body)))
            self._changed.notify_all()

    def _put_out(self, output: Output) -> None:
        message = msgspec.json.decode(output.data)
        if "method" in message and message["method"] not in EVENTS:
            self.undeclared.add(message["method"])
        with self._changed:
            self.messages.append((output.session_id, message))
            self._changed.notify_all()

    def ask(self, method: str, params: msgspec.Struct) -> Json:
        """Call the worker as the hub does."""
        return msgspec.json.decode(self.worker.call(method, msgspec.json.encode(params)).result(TIMEOUT_S))

    def new_context(self, options: ContextOptions | None = None) -> str:
        context = f"C{next(self._ids)}"
        self.ask("cdp.context.new", wire.NewContext(context=context, options=options or ContextOptions()))
        return context

    def context_command(self, method: str, /, **params: object) -> Json:
        """Call a method that is about the context."""
        raw = msgspec.Raw(msgspec.json.encode(params))
        outcome = self.ask("cdp.context.command", wire.ContextCommand(context=self.context, method=method, params=raw))
        if outcome.get("result") is None:
            raise CdpRefusedError(outcome)
        return outcome["result"]

    def new_page(self, *enable: str, url: str = "about:blank", context: str = "", waiting: bool = False) -> CdpSession:
        """Open a page with a session on it; `enable` names domains."""
        page = f"P{next(self._ids)}"
        self.ask("cdp.page.new", wire.NewPage(context=context or self.context, page=page, url=url))
        session = self.attach(page, waiting=waiting)
        self.ask("cdp.page.go", wire.PageRef(page=page))
        for domain in enable:
            session.call(f"{domain}.enable")
        if "Page" in enable:
            session.call("Page.setLifecycleEventsEnabled", enabled=True)
        return session

    def attach(self, page: str, *, waiting: bool = False) -> CdpSession:
        """Attach another session."""
        name = f"S{next(self._ids)}"
        self.ask("cdp.session.attach", wire.AttachSession(session=name, page=page, waiting=waiting))
        return CdpSession(self, name, page)

    def wait(self, look: Callable[[], Json | None], what: str) -> Json:
        """Wait until `look`, called with the lists at rest, gives something."""
        deadline = time.monotonic() + TIMEOUT_S
        with self._changed:
            while True:
                found = look()
                if found is not None:
                    return found
                left = deadline - time.monotonic()
                if left <= 0 or not self._changed.wait(left):
                    seen = [message.get("method") or message.get("id") for _, message in self.messages]
                    raise AssertionError(f"{what} did not come; came: {seen[-60:]}")

    def notice(self, kind: str, target: str = "") -> Json:
        """Wait for a notice to the hub of that type."""
        return self.wait(
            lambda: next((body for name, body in self.notices if body["type"] == kind and target in ("", name)), None),
            f"notice {kind}",
        )

    def close(self) -> None:
        self.worker.close_and_wait()


class CdpSession:
    """A session of a page."""

    def __init__(self, driver: Driver, name: str, page: str) -> None:
        self.driver = driver
        self.name = name
        self.page = page

    def send(self, method: str, /, **params: object) -> int:
        """Send a command without waiting for its answer."""
        number = next(self.driver._ids)
        self.raw(msgspec.json.encode({"id": number, "method": method, "params": params, "sessionId": self.name}))
        return number

    def raw(self, data: bytes) -> None:
        """Send any bytes."""
        self.driver.worker.message(self.name, data)

    def answer(self, number: int) -> Json:
        """Wait for the answer of a command.

        Raises:
            CdpRefusedError: it is an error.
        """
        message = self.driver.wait(
            lambda: next(
                (body for name, body in self.driver.messages if name == self.name and body.get("id") == number), None
            ),
            f"the answer of command {number}",
        )
        if "error" in message:
            raise CdpRefusedError(message["error"])
        return message["result"]

    def call(self, method: str, /, **params: object) -> Json:
        """Send a command and wait for its answer."""
        return self.answer(self.send(method, **params))

    def events(self, method: str) -> list[Json]:
        """Give the parameters of those events that came."""
        with self.driver._changed:
            return [
                body["params"]
                for name, body in self.driver.messages
                if name == self.name and body.get("method") == method
            ]

    def mark(self) -> int:
        """Give a place in the stream: `wait_event(since=...)` looks behind it."""
        with self.driver._changed:
            return len(self.driver.messages)

    def wait_event(self, method: str, *, since: int = 0, **fields: object) -> Json:
        """Wait for an event whose parameters have these values."""
        return self.wait_event_of(
            method, lambda params: all(params.get(key) == value for key, value in fields.items()), since=since
        )

    def wait_event_of(self, method: str, wanted: Callable[[Json], bool], *, since: int = 0) -> Json:
        """Wait for an event whose parameters are the wanted ones."""

        def look() -> Json | None:
            for name, body in self.driver.messages[since:]:
                if name == self.name and body.get("method") == method:
                    params = body["params"]
                    if wanted(params):
                        return params
            return None

        return self.driver.wait(look, method)

    def methods(self, since: int = 0, *, only: Sequence[str] = ()) -> list[str]:
        """Give the names of events and `#id` of answers, in order; `only` leaves those whose names begin so."""
        with self.driver._changed:
            names = [
                str(body.get("method") or f"#{body['id']}")
                for name, body in self.driver.messages[since:]
                if name == self.name
            ]
        return [name for name in names if not only or name.startswith(tuple(only))]

    def evaluate(self, expression: str, **more: object) -> Json:
        """Evaluate by value.

        Raises:
            AssertionError: page code threw.
        """
        outcome = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True, **more)
        assert "exceptionDetails" not in outcome, outcome["exceptionDetails"]
        return outcome["result"].get("value")

    def goto(self, url: str) -> Json:
        """Navigate and wait for load; needs `Page` enabled."""
        since = self.mark()
        outcome = self.call("Page.navigate", url=url)
        assert "errorText" not in outcome, outcome
        self.wait_event("Page.loadEventFired", since=since)
        return outcome
