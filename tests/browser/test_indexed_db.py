"""Indexed Databases between documents of one context: pages, web workers, and what ends with them."""

from __future__ import annotations

import asyncio

from sanderling.testing.transport import Answer
from tests.browser.world import Document, World, run

A = "https://a.test/"
B = "https://b.test/"

HELPERS = """
const done = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});
const open = (version, upgrade = () => undefined) => {
  const request = indexedDB.open('shared', version);
  request.onupgradeneeded = () => upgrade(request.result);
  return done(request);
};
"""
PAGE = f"<title>p</title><script>{HELPERS}</script>"
WORKER = Answer(
    headers=(("Content-Type", "text/javascript"),),
    body=(
        HELPERS
        + "open(1).then((db) => done(db.transaction('s').objectStore('s').getAll())).then((all) => postMessage(all))"
    ).encode(),
)
DOCUMENTS: dict[str, Document] = {A: PAGE, B: PAGE, f"{A}w.js": WORKER}
FILL = """open(1, (db) => db.createObjectStore('s')).then((db) => {
  self.db = db;
  return done(db.transaction('s', 'readwrite').objectStore('s').put({n: 1}, 'k'));
})"""
READ = "open(1).then((db) => done(db.transaction('s').objectStore('s').get('k')).then((one) => { db.close(); return one.n }))"


def test_pages_and_web_workers_of_an_origin_see_the_same(blob: bytes) -> None:
    async def test(world: World) -> None:
        first = await world.open(A)
        second = await world.open(A)
        other = await world.open(B)
        assert await world.value(first, FILL) == "k"
        assert await world.value(second, READ) == 1
        worker = "new Promise((done) => { new Worker('/w.js').onmessage = (e) => done(e.data[0].n) })"
        assert await world.value(second, worker) == 1
        assert await world.value(other, "indexedDB.databases().then((all) => all.length)") == 0

    run(blob, DOCUMENTS, test)


def test_a_page_that_leaves_makes_way_and_undoes_what_it_began(blob: bytes) -> None:
    async def test(world: World) -> None:
        first = await world.open(A)
        second = await world.open(A)
        await world.value(first, FILL)
        # Its transaction is kept alive by one request after the other.
        await world.value(
            first,
            """new Promise((go) => {
              const store = db.transaction('s', 'readwrite').objectStore('s');
              const again = () => { store.put({n: 2}, 'k').onsuccess = () => { go(); again(); } };
              again();
            })""",
        )
        waiting = world.value(second, f"{READ}.then(async (n) => [n, (await open(2)).version])")
        await first.close()
        assert await waiting == [1, 2]

    run(blob, DOCUMENTS, test)


def test_transactions_of_two_pages_wait_for_each_other(blob: bytes) -> None:
    async def test(world: World) -> None:
        first = await world.open(A)
        second = await world.open(A)
        await world.value(first, FILL)
        count = """open(1).then((db) => new Promise((go) => {
          const store = db.transaction('s', 'readwrite').objectStore('s');
          let left = 50;
          const step = () => { store.get('k').onsuccess = (e) => {
            store.put({n: e.target.result.n + 1}, 'k');
            if (--left > 0) step(); else store.transaction.oncomplete = go;
          } };
          step();
        })).then(() => true)"""
        assert all(await asyncio.gather(world.value(first, count), world.value(second, count)))
        assert await world.value(second, READ) == 101

    run(blob, DOCUMENTS, test)


def test_nothing_is_kept_of_openings_of_a_bucket_that_fail(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await world.open(A)
        fails = """(async () => {
          const bucket = await navigator.storageBuckets.open('b');
          const db = await done(bucket.indexedDB.open('d', 2));
          const failed = [];
          for (let count = 0; count < 3; count++) {
            await done(bucket.indexedDB.open('d', 1)).catch((error) => failed.push(error.name));
          }
          db.close();
          return failed.join();
        })()"""
        assert await world.value(page, fails) == "VersionError,VersionError,VersionError"
        await world.value(page, "indexedDB.databases().then((all) => all.length)")
        (client,) = world.context.indexed_db._clients.values()
        assert client._homes == {}

    run(blob, DOCUMENTS, test)


def test_openings_that_wait_end_with_their_bucket(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await world.open(A)
        waits = """(async () => {
          const bucket = await navigator.storageBuckets.open('b');
          const db = await done(bucket.indexedDB.open('d', 1));
          const ends = new Promise((resolve) => { db.onclose = resolve });
          const second = bucket.indexedDB.open('d', 2);
          const third = bucket.indexedDB.deleteDatabase('d');
          const names = [second, third].map((one) => done(one).then(() => 'done', (error) => error.name));
          await new Promise((resolve) => { second.onblocked = resolve });
          await navigator.storageBuckets.delete('b');
          await ends;
          return (await Promise.all(names)).join();
        })()"""
        assert await world.value(page, waits) == "UnknownError,UnknownError"

    run(blob, DOCUMENTS, test)
