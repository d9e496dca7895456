"""Many contexts that compute, and many clients that do nothing."""

from __future__ import annotations

import asyncio
import contextlib
import time

from bench.cdp_client import client_of
from bench.servers import MAX_CLIENTS, NAMES, CdpServer, pss_mb, ratio, serve
from bench.table import show

CONTEXTS = 10
COMPUTES = "((n) => { let x = 1; for (let i = 0; i < n; i++) x = (Math.imul(x, 31) + i) | 0; return x !== 0.5 })"
FEW = 100_000_000
IDLE = 1000
AT_ONCE = 50  # that connect


async def _contexts(server: CdpServer) -> float:
    async with client_of(server) as client:
        sessions = []
        for _ in range(CONTEXTS):
            context = (await client.call("Target.createBrowserContext", {}, ""))["browserContextId"]
            sessions.append(await client.open_page(context))
        # So many rounds that one page alone computes for 1 s: a clock in the page would count the time that others compute.
        for rounds in (FEW // 10, FEW):
            begun = time.perf_counter()
            await client.evaluate(f"{COMPUTES}({rounds})", sessions[0])
        rounds = int(FEW / (time.perf_counter() - begun))
        begun = time.perf_counter()
        values = await asyncio.gather(*(client.evaluate(f"{COMPUTES}({rounds})", session) for session in sessions))
        assert values == [True] * CONTEXTS
        return time.perf_counter() - begun


async def _idle(server: CdpServer) -> tuple[float, float]:
    before = pss_mb(server.pid)
    gate = asyncio.Semaphore(AT_ONCE)
    async with contextlib.AsyncExitStack() as stack:

        async def one() -> None:
            async with gate:
                await stack.enter_async_context(client_of(server))

        begun = time.perf_counter()
        await asyncio.gather(*(one() for _ in range(IDLE)))
        seconds = time.perf_counter() - begun
        return seconds, (pss_mb(server.pid) - before) / IDLE


def main() -> None:
    """Run the tables."""
    computing: list[float | None] = []
    idle: list[tuple[float, float] | None] = []
    notes = []
    for name in NAMES:
        computed, idled = None, None
        with serve(name) as server:
            if server is not None:
                try:
                    computed = asyncio.run(_contexts(server))
                except (OSError, RuntimeError, TimeoutError) as error:
                    notes.append(f"{name}, {CONTEXTS} contexts: {type(error).__name__}: {error}")
        with serve(name) as server:
            if server is not None:
                try:
                    idled = asyncio.run(_idle(server))
                except (OSError, RuntimeError, TimeoutError) as error:
                    notes.append(f"{name}, {IDLE} clients: {type(error).__name__}: {error}")
        computing.append(computed)
        idle.append(idled)
    heads = (*NAMES, "to lightpanda", "to chromium")
    mine, light, chrome = computing
    cells = ["-" if one is None else f"{one:.2f} s" for one in computing]
    row = (*cells, ratio(mine, light), ratio(mine, chrome))
    show(f"{CONTEXTS} contexts of one client, each with a page that computes for 1 s", heads, [row])
    print()
    cells = ["-" if one is None else f"{one[0]:.2f} s, {one[1]:.3f} MB each" for one in idle]
    show(f"{IDLE} clients that do nothing (at most {MAX_CLIENTS} are allowed)", NAMES, [cells])
    for note in notes:
        print(note)
