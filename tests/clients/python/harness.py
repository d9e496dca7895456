"""What all drivers in Python share: they are told flows on standard input and answer with a line of JSON each.

Runs in the clients' own environments: nothing but the standard library here.

Thread: main.
"""

from __future__ import annotations

import asyncio
import inspect
import json
import sys
import time
import traceback
import urllib.request
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

Steps = Callable[[Any], "Awaitable[None] | None"]

_FLOWS: dict[str, Steps] = {}


def flow(name: str) -> Callable[[Steps], Steps]:
    """Declare a flow. Tests find its name by reading the source."""

    def declare(steps: Steps) -> Steps:
        assert name not in _FLOWS, name
        _FLOWS[name] = steps
        return steps

    return declare


def get_json(url: str, method: str = "GET") -> Any:
    """Fetch JSON from the target's HTTP endpoints."""
    with urllib.request.urlopen(urllib.request.Request(url, method=method), timeout=60) as answer:
        return json.load(answer)


@contextmanager
def failing(text: str) -> Iterator[None]:
    """Run what must fail with an error that says `text`."""
    try:
        yield
    except Exception as error:
        if text not in str(error):
            raise
    else:
        raise AssertionError(f"no error with {text}")


def until(condition: Callable[[], Any], what: str, seconds: float = 30.0) -> Any:
    """Ask the target until something is true, in clients that block: each look is a round trip, so that it needs no pause."""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"{what} did not come in {seconds} s")


async def until_async(condition: Callable[[], Any], what: str, seconds: float = 30.0) -> Any:
    """Ask the target until something is true: each look is a round trip, so that it needs no pause."""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if inspect.isawaitable(value):
            value = await value
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"{what} did not come in {seconds} s")
        await asyncio.sleep(0)  # what arrived is handled


def drive() -> None:
    """Serve requests for flows until standard input ends. A blocking client that hangs is ended with its driver."""
    # Libraries print; the protocol has a descriptor of its own.
    answers = sys.stdout
    sys.stdout = sys.stderr
    for line in sys.stdin:
        world = json.loads(line)
        name, limit = world.pop("flow"), world.pop("limit") / 1000
        begin = time.monotonic()
        error = None
        try:
            steps = _FLOWS[name]
            told = SimpleNamespace(**world, sanderling=world["target"] == "sanderling")
            if inspect.iscoroutinefunction(steps):
                asyncio.run(asyncio.wait_for(steps(told), limit))
            else:
                steps(told)
        except Exception:
            error = traceback.format_exc()
            last = error.strip().rsplit("\n", 1)[-1]
            error = f"{last}\n{error}"[:4000]
        ms = round((time.monotonic() - begin) * 1000)
        answers.write(json.dumps({"flow": name, "ok": error is None, "error": error, "ms": ms}) + "\n")
        answers.flush()
