"""Many clients crawl one small site: wall time by the number of clients, and memory at the peak with 25.

Every page's script fetches what it shows; its links are found only once it ran. The site and the clients share one loop of this process,
which is the same for every server. `BENCH_PAGES` makes it shorter.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import time
from collections.abc import AsyncIterator

from bench.cdp_client import Client, client_of
from bench.servers import NAMES, CdpServer, PeakMemory, ratio, serve
from bench.table import show

PAGES = int(os.environ.get("BENCH_PAGES", "933"))
CLIENTS = (1, 10, 25, 100)
WEIGHED = 25
FANOUT = 8

_PAGE = """<!DOCTYPE html><html><head><meta charset="utf-8"><title>Page {number}</title><script src="/page.js" defer></script></head>
<body><h1>Page {number}</h1><p id="text">not yet</p><ul id="links"></ul></body></html>"""
_SCRIPT = """window.ready = (async () => {
  const told = await (await fetch('/data' + location.pathname)).json();
  document.querySelector('#text').textContent = told.text;
  for (const link of told.links) {
    const item = document.createElement('li'), anchor = document.createElement('a');
    anchor.href = link;
    anchor.textContent = 'to ' + link;
    item.append(anchor);
    document.querySelector('#links').append(item);
  }
})();"""
_READ = """(async () => {
  await window.ready;
  return [document.querySelector('#text').textContent, [...document.querySelectorAll('#links a')].map((one) => one.href)];
})()"""


def _answer(path: str) -> tuple[str, str] | None:
    if path == "/page.js":
        return "text/javascript", _SCRIPT
    name = path.removeprefix("/data")
    if not name[1:].isdecimal() or int(name[1:]) >= PAGES:
        return None
    number = int(name[1:])
    if name == path:
        return "text/html; charset=utf-8", _PAGE.format(number=number)
    links = [f"/{n}" for n in range(number * FANOUT + 1, number * FANOUT + FANOUT + 1) if n < PAGES]
    return "application/json", json.dumps({"text": f"what page {number} says", "links": links})


async def _connection(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    # The end of the loop ends it, too: nobody waits for its task.
    gone = (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError)
    with contextlib.suppress(*gone), contextlib.closing(writer):
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            answer = _answer(head.split(b" ", 2)[1].decode("latin-1"))
            status, (kind, body) = ("200 OK", answer) if answer else ("404 Not Found", ("text/plain", ""))
            data = body.encode()
            writer.write(
                f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(data)}\r\n\r\n".encode() + data
            )
            await writer.drain()


@contextlib.asynccontextmanager
async def _site() -> AsyncIterator[str]:
    server = await asyncio.start_server(_connection, "127.0.0.1", 0, backlog=1024)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()


async def _worker(client: Client, urls: asyncio.Queue[str], seen: set[str]) -> None:
    await client.open_page()
    await client.call("Page.enable")
    while True:
        url = await urls.get()
        await client.goto(url)
        text, links = await client.evaluate(_READ)
        assert text == f"what page {url.rpartition('/')[2]} says", (url, text)
        for link in links:
            if link not in seen:
                seen.add(link)
                urls.put_nowait(link)
        urls.task_done()


async def _crawl(server: CdpServer, clients: int) -> float:
    async with _site() as site:
        urls: asyncio.Queue[str] = asyncio.Queue()
        urls.put_nowait(f"{site}/0")
        seen = {f"{site}/0"}
        begun = time.perf_counter()

        async def one() -> None:
            async with client_of(server) as client:
                await _worker(client, urls, seen)

        workers = [asyncio.ensure_future(one()) for _ in range(clients)]
        done = asyncio.ensure_future(urls.join())
        try:
            # A client that fails is the crawl's failure.
            await asyncio.wait([done, *workers], return_when=asyncio.FIRST_COMPLETED)
            seconds = time.perf_counter() - begun
            if not done.done():
                next(one for one in workers if one.done()).result()
            assert len(seen) == PAGES
        finally:
            for task in (done, *workers):
                task.cancel()
            await asyncio.gather(done, *workers, return_exceptions=True)
        return seconds


def main() -> None:
    """Run the tables."""
    times: dict[tuple[str, int], float] = {}
    memory: dict[str, float] = {}
    notes: list[str] = []
    for name in NAMES:
        for clients in CLIENTS:
            with serve(name) as server:
                if server is None:
                    continue
                with PeakMemory(server.pid) if clients == WEIGHED else contextlib.nullcontext() as peak:
                    try:
                        times[name, clients] = asyncio.run(_crawl(server, clients))
                    except (OSError, RuntimeError, TimeoutError) as error:
                        notes.append(f"{name}, {clients} clients: {type(error).__name__}: {error}")
                        continue
                if peak is not None:
                    memory[name] = peak.mb
    rows = []
    for clients in CLIENTS:
        mine, light, chrome = (times.get((name, clients)) for name in NAMES)
        cells = ["-" if one is None else f"{one:.2f} s" for one in (mine, light, chrome)]
        rows.append((clients, *cells, ratio(mine, light), ratio(mine, chrome)))
    heads = (*NAMES, "to lightpanda", "to chromium")
    show(f"{PAGES} small pages crawled, wall time", ("clients", *heads), rows)
    print()
    mine, light, chrome = (memory.get(name) for name in NAMES)
    cells = ["-" if one is None else f"{one:.0f} MB" for one in (mine, light, chrome)]
    show(
        f"PSS of all processes at the peak, {WEIGHED} clients",
        heads,
        [(*cells, ratio(mine, light), ratio(mine, chrome))],
    )
    for note in notes:
        print(note)
