"""A process with workers' ends of Handles, for `network.py`: sends transfers and says how long each took."""

from __future__ import annotations

import asyncio
import functools
import itertools
import json
import socket
import sys
import time

from sanderling.network.messages import Done, Failed, ResponseHead, Submit, TransferId
from sanderling.network.socket_carrier import SocketWorkerSide


async def transfers(sides: list[SocketWorkerSide], url: str, at_once: int, total: int) -> list[float]:
    """Send `total` transfers, `at_once` of each worker at a time; give how long they took."""
    left = iter(range(total))
    latencies: list[float] = []
    finished = asyncio.Event()
    begun: list[dict[TransferId, float]] = [{} for _ in sides]
    ended = itertools.count(1)

    def send(index: int) -> None:
        if next(left, None) is not None:
            number = sides[index].next_id()
            begun[index][number] = time.perf_counter()
            sides[index].submit(Submit(number, url))

    def woken(index: int) -> None:
        for event in sides[index].receive():
            if isinstance(event, ResponseHead):
                continue
            assert isinstance(event, Done | Failed)
            assert isinstance(event, Done), event
            latencies.append(time.perf_counter() - begun[index].pop(event.id))
            if next(ended) == total:
                finished.set()
            send(index)

    for index, side in enumerate(sides):
        side.set_wakeup(functools.partial(woken, index))
    for _ in range(at_once):
        for index in range(len(sides)):
            send(index)
    await finished.wait()
    return latencies


async def _main(descriptors: list[int], url: str, at_once: int, total: int) -> None:
    loop = asyncio.get_running_loop()
    sides = [SocketWorkerSide(socket.socket(fileno=one), loop) for one in descriptors]
    await transfers(sides, url, at_once, at_once * len(sides))
    print("ready", flush=True)
    sys.stdin.readline()
    begun = time.perf_counter()
    latencies = await transfers(sides, url, at_once, total)
    print(json.dumps({"seconds": time.perf_counter() - begun, "latencies": latencies}), flush=True)
    for side in sides:
        side.close()
    sys.stdin.readline()


if __name__ == "__main__":
    asyncio.run(_main([int(one) for one in sys.argv[1].split(",")], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])))
