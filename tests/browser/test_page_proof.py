"""Page code that replaces what the engine offers, and the worker that is told the truth all the same."""

from __future__ import annotations

import pytest

from sanderling.testing.transport import Answer
from tests.browser.world import World, run

URL = "https://a.test/"

USE = """
  console.log('hello', { a: [1, undefined, null] });
  document.cookie = 'a=b';
  const box = document.createElement('div');
  box.innerHTML = '<table><tr><td title="\\ud800 &amp;">cell';
  history.pushState({ a: [1] }, '', '#x');
  localStorage.setItem('k', 'v');
  globalThis.said = (async () => {
    const stored = await new Promise((done, failed) => {
      const opening = indexedDB.open('d');
      opening.onerror = () => failed(opening.error);
      opening.onupgradeneeded = () => { opening.result.createObjectStore('s').put({ deep: [{ a: 1 }] }, 'key'); };
      opening.onsuccess = () => {
        const getting = opening.result.transaction('s').objectStore('s').get('key');
        getting.onsuccess = () => done(getting.result.deep[0].a);
      };
    });
    const text = await (await fetch('/data', { method: 'POST', headers: { 'X-A': 'b' }, body: 'x' })).text();
    return [box.textContent, text, stored, document.cookie, localStorage.getItem('k'), history.state.a.length, location.hash];
  })();
"""

# On the prototype of arrays a message would be what page code says.
HOSTILE = {
    "arrays": "Array.prototype.toJSON = function () { return [['console', 'forged']]; }",
    "objects": "Object.prototype.toJSON = function () { return 'forged'; }",
    "accessor": "Object.defineProperty(Object.prototype, 'toJSON', { get() { throw new Error('called'); } })",
    "proxy": "Object.setPrototypeOf(Array.prototype, new Proxy({}, { get: (t, key) => key === 'toJSON' ? () => 'forged' : Object.prototype[key] }))",
    "no classes": "Date = Set = null",
    "instances": "for (const one of [Date, Set]) Object.defineProperty(one, Symbol.hasInstance, { value: () => true })",
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_nobody_asks_page_code_what_our_messages_are(blob: bytes, kind: str) -> None:
    async def test(world: World) -> None:
        world.transport.respond(f"{URL}data", lambda request: Answer(body=(request.headers.get("X-A") or "").encode()))
        page = await world.open(URL)
        said = "said.catch((error) => [error.stack])"
        got = await world.value(page, f"{said}.then((all) => all.join('|'))")
        assert got == "cell|b|1|a=b|v|1|#x"
        assert [record.text for record in page.console] == ["hello {a: [1, undefined, null]}"]

    run(blob, {URL: f"<script>{HOSTILE[kind]}</script><script>{USE}</script>"}, test)
