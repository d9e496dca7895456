// https://url.spec.whatwg.org/#interface-urlsearchparams
import { Impl } from '../webidl/impl.js';
import { defineInterface } from '../webidl/interface.js';
import { TypeError, ArrayIsArray, StringPrototypeSlice } from '../primordials.js';
import { parseFormUrlencoded, serializeFormUrlencoded } from './urlencoded.js';

export class URLSearchParamsImpl extends Impl {
  constructor(list, url) {
    super();
    this.list = list;          // [name, value] pairs, in order
    this.url = url;            // the URLImpl whose query this is, or null
  }
}

// https://url.spec.whatwg.org/#concept-urlsearchparams-updateUrlOf
function updateUrlOf(self) {
  const url = self.url;
  if (url === null) return;
  const text = serializeFormUrlencoded(self.list);
  url.record.query = text === '' ? null : text;
  url.queryChanged();
}

// https://url.spec.whatwg.org/#urlsearchparams-initialize
function createSearchParams(init) {
  if (typeof init === 'string') {
    return new URLSearchParamsImpl(parseFormUrlencoded(init[0] === '?' ? StringPrototypeSlice(init, 1) : init), null);
  }
  const list = [];
  if (ArrayIsArray(init)) {
    for (let i = 0; i < init.length; i++) {
      const pair = init[i];
      if (pair.length !== 2) throw new TypeError("Failed to construct 'URLSearchParams': Sequence initializer must only contain pair elements");
      list[i] = [pair[0], pair[1]];
    }
  } else {
    for (const key in init) list[list.length] = [key, init[key]];
  }
  return new URLSearchParamsImpl(list, null);
}

// Stable, by code units of the names.
function sortSearchPairs(list) {
  let source = list;
  let target = [];
  const length = list.length;
  for (let width = 1; width < length; width *= 2) {
    for (let start = 0; start < length; start += 2 * width) {
      const middle = start + width < length ? start + width : length;
      const end = start + 2 * width < length ? start + 2 * width : length;
      let a = start;
      let b = middle;
      for (let i = start; i < end; i++) {
        target[i] = a < middle && (b >= end || source[a][0] <= source[b][0]) ? source[a++] : source[b++];
      }
    }
    const swap = source;
    source = target;
    target = swap;
  }
  if (source !== list) for (let i = 0; i < length; i++) list[i] = source[i];
}

export const urlSearchParamsInterface = defineInterface(`
[Exposed=*]
interface URLSearchParams {
  constructor(optional (sequence<sequence<USVString>> or record<USVString, USVString> or USVString) init = "");
  readonly attribute unsigned long size;
  undefined append(USVString name, USVString value);
  undefined delete(USVString name, optional USVString value);
  USVString? get(USVString name);
  sequence<USVString> getAll(USVString name);
  boolean has(USVString name, optional USVString value);
  undefined set(USVString name, USVString value);
  undefined sort();
  iterable<USVString, USVString>;
  stringifier;
};
`, {
  constructor: (init) => createSearchParams(init),
  size: (self) => self.list.length,
  append(self, name, value) {
    self.list[self.list.length] = [name, value];
    updateUrlOf(self);
  },
  delete(self, name, value) {
    const list = self.list;
    let kept = 0;
    for (let i = 0; i < list.length; i++) {
      const pair = list[i];
      if (pair[0] === name && (value === undefined || pair[1] === value)) continue;
      list[kept++] = pair;
    }
    list.length = kept;
    updateUrlOf(self);
  },
  get(self, name) {
    const list = self.list;
    for (let i = 0; i < list.length; i++) if (list[i][0] === name) return list[i][1];
    return null;
  },
  getAll(self, name) {
    const out = [];
    const list = self.list;
    for (let i = 0; i < list.length; i++) if (list[i][0] === name) out[out.length] = list[i][1];
    return out;
  },
  has(self, name, value) {
    const list = self.list;
    for (let i = 0; i < list.length; i++) {
      if (list[i][0] === name && (value === undefined || list[i][1] === value)) return true;
    }
    return false;
  },
  set(self, name, value) {
    const list = self.list;
    let kept = 0;
    let found = false;
    for (let i = 0; i < list.length; i++) {
      const pair = list[i];
      if (pair[0] !== name) {
        list[kept++] = pair;
      } else if (!found) {
        found = true;
        pair[1] = value;
        list[kept++] = pair;
      }
    }
    list.length = kept;
    if (!found) list[kept] = [name, value];
    updateUrlOf(self);
  },
  sort(self) {
    sortSearchPairs(self.list);
    updateUrlOf(self);
  },
  pairs: (self) => self.list,
  stringifier: (self) => serializeFormUrlencoded(self.list),
}, URLSearchParamsImpl);
