"""Shared web workers: one isolate for all documents of a context that ask for the same one."""

from __future__ import annotations

from tests.browser.test_web_workers import A, script
from tests.browser.world import Document, World, page_of, run

ECHO = "let n = 0; onconnect = (e) => { const port = e.ports[0]; n++; port.onmessage = (m) => port.postMessage([name, n, m.data]); }"


def ask(options: str = "", url: str = "'/w.js'") -> str:
    """Give an expression that connects to a shared worker, and the answer to a message."""
    return f"""new Promise((done) => {{
      const w = new SharedWorker({url}{options and ", " + options}); w.onerror = (e) => done('error ' + e.constructor.name);
      w.port.onmessage = (e) => done(e.data); w.port.postMessage('x'); }})"""


def check(blob: bytes, source: str, expression: str, expected: object, **more: Document) -> None:
    """Load a page whose worker script is `source`, and compare the value of an expression."""

    async def test(world: World) -> None:
        page = await world.open(A)
        assert await world.value(page, expression) == expected

    documents: dict[str, Document] = {A: "<title>owner</title>", f"{A}w.js": script(source)}
    documents.update({f"{A}{name.replace('_', '.')}": document for name, document in more.items()})
    run(blob, documents, test)


def test_one_worker_for_two_objects_of_a_document(blob: bytes) -> None:
    check(blob, ECHO, f"(async () => [await {ask()}, await {ask()}])()", [["", 1, "x"], ["", 2, "x"]])
