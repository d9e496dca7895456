"""curl_cffi's asyncio client, run by `network.py` with the Python that `CURL_CFFI_PYTHON` names: CPU for each transfer of 1 kB."""

from __future__ import annotations

import asyncio
import json
import sys
import time


async def _main(url: str, at_once: int, total: int) -> None:
    from curl_cffi import AsyncSession  # type: ignore[import-not-found, unused-ignore]

    async with AsyncSession(max_clients=at_once) as session:

        async def run(count: int) -> None:
            left = iter(range(count))

            async def one() -> None:
                for _ in left:
                    response = await session.get(url)
                    assert len(response.content) == 1024

            await asyncio.gather(*(one() for _ in range(at_once)))

        await run(at_once)
        cpu, begun = time.thread_time(), time.perf_counter()
        await run(total)
        result = {"cpu": time.thread_time() - cpu, "seconds": time.perf_counter() - begun}
    print(json.dumps(result))


if __name__ == "__main__":
    asyncio.run(_main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
