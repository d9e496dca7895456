"""Indexed Databases as Playwright's storage state has them: taken from a context, and put into one.

What a database holds are values of JavaScript, so the work is done in a page of the origin that nobody sees: it has a blank document, which
no request brings, and runs no script of the user's.

Thread: worker.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from sanderling.base import ids
from sanderling.base.errors import UnsupportedError, UsageError
from sanderling.browser.navigation_request import NavigationRequest
from sanderling.browser.page import Page

if TYPE_CHECKING:
    from sanderling.browser.context import Context

_COMMON = r"""
const KINDS = { i8: Int8Array, ui8: Uint8Array, ui8c: Uint8ClampedArray, i16: Int16Array, ui16: Uint16Array, i32: Int32Array, ui32: Uint32Array,
  f32: Float32Array, f64: Float64Array, bi64: BigInt64Array, bui64: BigUint64Array };
const done = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});
const ended = (transaction) => new Promise((resolve, reject) => {
  transaction.oncomplete = () => resolve();
  transaction.onabort = () => reject(transaction.error);
});
"""

_TAKE = (
    """(async () => {"""
    + _COMMON
    + r"""
const plain = (value) => {
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
};
const base64 = (bytes) => bytes.toBase64 ? bytes.toBase64() : btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
// Whether JSON holds all of it.
const trivial = (value, above = []) => {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true;
  if (typeof value === 'number') return Number.isFinite(value) && !Object.is(value, -0);
  if (typeof value !== 'object' || above.includes(value)) return false;
  if (Array.isArray(value)) return value.every((one, at) => at in value && trivial(one, [...above, value])) && Object.keys(value).length === value.length;
  return plain(value) && Object.values(value).every((one) => trivial(one, [...above, value]));
};
const encode = (value, seen) => {
  if (value === undefined) return { v: 'undefined' };
  if (value === null) return { v: 'null' };
  switch (typeof value) {
    case 'string': case 'boolean': return value;
    case 'bigint': return { bi: String(value) };
    case 'number':
      if (Object.is(value, -0)) return { v: '-0' };
      return Number.isFinite(value) ? value : { v: String(value) };
  }
  if (seen.has(value)) return { ref: seen.get(value) };
  if (value instanceof Date) return { d: value.toJSON() };
  if (value instanceof RegExp) return { r: { p: value.source, f: value.flags } };
  if (value instanceof Error) return { e: { n: value.name, m: value.message, s: value.stack ?? '' } };
  if (value instanceof ArrayBuffer) return { ab: { b: base64(new Uint8Array(value)) } };
  for (const [k, kind] of Object.entries(KINDS)) {
    if (value.constructor === kind) return { ta: { b: base64(new Uint8Array(value.buffer, value.byteOffset, value.byteLength)), k } };
  }
  const id = seen.size + 1;
  seen.set(value, id);
  if (Array.isArray(value)) {
    const a = [];
    for (let i = 0; i < value.length; i++) a.push(encode(value[i], seen));
    return { a, id };
  }
  if (plain(value)) return { o: Object.keys(value).map((k) => ({ k, v: encode(value[k], seen) })), id };
  throw new Error('a ' + Object.prototype.toString.call(value).slice(8, -1));
};
const put = (record, name, value) => {
  if (trivial(value)) record[name] = value;
  else record[name + 'Encoded'] = encode(value, new Map());
};
const path = (it) => Array.isArray(it) ? { keyPathArray: it } : it === null ? {} : { keyPath: it };
const out = [];
for (const { name, version } of await indexedDB.databases()) {
  const db = await done(indexedDB.open(name, version));
  try {
    const stores = [];
    const names = [...db.objectStoreNames];
    const transaction = names.length > 0 ? db.transaction(names, 'readonly') : null;
    for (const storeName of names) {
      const store = transaction.objectStore(storeName);
      const [keys, values] = await Promise.all([done(store.getAllKeys()), done(store.getAll())]);
      try {
        stores.push({
          name: storeName, autoIncrement: store.autoIncrement, ...path(store.keyPath),
          records: keys.map((key, at) => {
            const record = {};
            if (store.keyPath === null) put(record, 'key', key);
            put(record, 'value', values[at]);
            return record;
          }),
          indexes: [...store.indexNames].map((each) => {
            const index = store.index(each);
            return { name: each, ...path(index.keyPath), multiEntry: index.multiEntry, unique: index.unique };
          }),
        });
      } catch (error) {
        return JSON.stringify({ refused: `${name}, ${storeName}: ${error.message}` });
      }
    }
    out.push({ name, version, stores });
  } finally {
    db.close();
  }
}
return JSON.stringify({ databases: out });
})()"""
)

_PUT = (
    """(async (databases) => {"""
    + _COMMON
    + r"""
const bytes = (text) => Uint8Array.from(atob(text), (one) => one.charCodeAt(0));
const decode = (value, known) => {
  if (value === undefined) return undefined;
  if (value === null || typeof value !== 'object') return value;
  if ('ref' in value) return known.get(value.ref);
  if ('v' in value) return { undefined: undefined, null: null, NaN: NaN, Infinity: Infinity, '-Infinity': -Infinity, '-0': -0 }[value.v];
  if ('d' in value) return new Date(value.d ?? NaN);
  if ('u' in value) return value.u;
  if ('bi' in value) return BigInt(value.bi);
  if ('r' in value) return new RegExp(value.r.p, value.r.f);
  if ('e' in value) return Object.assign(new Error(value.e.m), { name: value.e.n, stack: value.e.s });
  if ('ab' in value) return bytes(value.ab.b).buffer;
  if ('ta' in value) return new KINDS[value.ta.k](bytes(value.ta.b).buffer);
  if ('a' in value) {
    const out = [];
    known.set(value.id, out);
    for (const one of value.a) out.push(decode(one, known));
    return out;
  }
  if ('o' in value) {
    const out = {};
    known.set(value.id, out);
    for (const { k, v } of value.o) Object.defineProperty(out, k, { value: decode(v, known), writable: true, enumerable: true, configurable: true });
    return out;
  }
  throw new Error('a value of an unknown form');
};
const get = (record, name) => record[name + 'Encoded'] === undefined ? record[name] : decode(record[name + 'Encoded'], new Map());
const path = (it) => it.keyPathArray ?? it.keyPath ?? null;
for (const { name, version, stores } of databases) {
  const opening = indexedDB.open(name, version);
  opening.onupgradeneeded = () => {
    for (const store of stores) {
      const made = opening.result.createObjectStore(store.name, { autoIncrement: store.autoIncrement === true, keyPath: path(store) });
      for (const { name, unique, multiEntry, ...index } of store.indexes ?? []) {
        made.createIndex(name, path(index), { unique: unique === true, multiEntry: multiEntry === true });
      }
    }
  };
  const db = await done(opening);
  try {
    const names = stores.filter((store) => store.records.length > 0).map((store) => store.name);
    if (names.length === 0) continue;
    const transaction = db.transaction(names, 'readwrite');
    const complete = ended(transaction);
    complete.catch(() => {});
    for (const store of stores) {
      for (const record of store.records) {
        const key = path(store) === null ? get(record, 'key') : undefined;
        transaction.objectStore(store.name).put(get(record, 'value'), key);
      }
    }
    await complete;
  } finally {
    db.close();
  }
}
})(JSON.parse(DATABASES))"""
)


class _Room(Page):
    """A page that belongs to no list of its context's, and that no script of the user's runs in."""

    @property
    def init_scripts(self) -> tuple[str, ...]:
        """See `Page.init_scripts`."""
        return ()


@asynccontextmanager
async def _room(context: Context, origin: str) -> AsyncIterator[Page]:
    page = _Room(context, ids.new_id("storage"))
    try:
        await page.open()
        await page.goto(NavigationRequest(url=f"{origin}/", html=""))
        yield page
    finally:
        await page.close()


async def take(context: Context, origin: str) -> str:
    """Give an origin's databases as JSON, a list of what Playwright has in `indexedDB`.

    Raises:
        UnsupportedError: a database holds what that format has no form for.
    """
    async with _room(context, origin) as page:
        answer = await page.call_later("evaluate", {"source": _TAKE, "arg": None, "frame": 1})
        if "error" in answer:
            raise UsageError(f"indexed databases of {origin}: {answer['error'].get('message')}")
        taken = json.loads(answer["value"])
    if "refused" in taken:
        raise UnsupportedError(
            f"a storage state cannot hold what an indexed database of {origin} does ({taken['refused']})"
        )
    return json.dumps(taken["databases"])


async def put(context: Context, origin: str, databases: str) -> None:
    """Make the databases that `take` or Playwright gave, as JSON.

    Raises:
        UsageError: they are malformed.
    """
    source = _PUT.replace("DATABASES", json.dumps(databases))
    async with _room(context, origin) as page:
        answer = await page.call_later("evaluate", {"source": source, "arg": None, "frame": 1})
    if "error" in answer:
        raise UsageError(f"indexed databases of {origin}: {answer['error'].get('message')}")
