// https://html.spec.whatwg.org/multipage/webstorage.html
// The areas of the document's origin, as they were at its start and as changes come in; every change of ours is told to the worker.

import { Impl } from '../webidl/impl.js';
import { defineInterface } from '../webidl/interface.js';
import { SafeMap } from '../primordials.js';
import { hostPost, onHost } from '../host.js';
import { domException } from '../dom/DOMException.js';
import { fireEvent } from '../dom/dispatch.js';
import { mainWindow } from '../html/realm.js';
import { serializeOrigin, serializeURL } from '../url/parser.js';

// UTF-16 code units of keys and values in one area: 5 MB, as in Chromium
const STORAGE_QUOTA = 5 * 1024 * 1024;

export class StorageImpl extends Impl {
  constructor(area) {
    super();
    this.area = area;            // 'local' or 'session'
    this.items = new SafeMap();
    this.size = 0;
    this.names = null;           // keys in order, cached
  }

  load(list) {
    for (let i = 0; i < list.length; i++) {
      this.items.set(list[i][0], list[i][1]);
      this.size += list[i][0].length + list[i][1].length;
    }
  }

  keys() {
    if (this.names === null) {
      const out = [];
      this.items.forEach((value, key) => {
        out[out.length] = key;
      });
      this.names = out;
    }
    return this.names;
  }

  put(key, value) {
    const old = this.items.get(key);
    const size = this.size + value.length - (old === undefined ? -key.length : old.length);
    if (size > STORAGE_QUOTA && size > this.size) return false;
    this.size = size;
    if (old === undefined) this.names = null;
    this.items.set(key, value);
    return true;
  }

  drop(key) {
    const old = this.items.get(key);
    if (old === undefined) return;
    this.size -= key.length + old.length;
    this.names = null;
    this.items.delete(key);
  }

  empty() {
    this.items.clear();
    this.size = 0;
    this.names = null;
  }
}

let localArea = null;
let sessionArea = null;

export function startStorage(payload) {
  localArea = new StorageImpl('local');
  sessionArea = new StorageImpl('session');
  localArea.load(payload.localStorage ?? []);
  sessionArea.load(payload.sessionStorage ?? []);
}

// https://html.spec.whatwg.org/multipage/webstorage.html#concept-storage-broadcast
function tellStorage(area, key, oldValue, newValue) {
  const { url } = mainWindow().document;
  hostPost('storage.set', { __proto__: null, area: area.area, key, value: newValue, oldValue, origin: serializeOrigin(url), url: serializeURL(url) });
}

function setStorageItem(self, key, value) {
  const old = self.items.get(key) ?? null;
  if (old === value) return;
  if (!self.put(key, value)) {
    throw domException('QuotaExceededError', "Failed to execute 'setItem' on 'Storage': Setting the value of '" + key + "' exceeded the quota.");
  }
  tellStorage(self, key, old, value);
}

function removeStorageItem(self, key) {
  const old = self.items.get(key);
  if (old === undefined) return;
  self.drop(key);
  tellStorage(self, key, old, null);
}

onHost('storage.changed', (change) => {
  const area = change.area === 'local' ? localArea : sessionArea;
  const window = mainWindow();
  if (area === null || window === null) return null;
  const key = change.key ?? null;
  const newValue = change.value ?? null;
  const oldValue = key === null ? null : area.items.get(key) ?? null;
  if (key === null) area.empty();
  else if (newValue === null) area.drop(key);
  else area.put(key, newValue);
  fireEvent(window, 'storage', {
    __proto__: null, interface: 'StorageEvent', init: { __proto__: null, key, oldValue, newValue, url: change.url ?? '', storageArea: area },
  });
  return null;
});

export const storageInterface = defineInterface(`
[Exposed=Window]
interface Storage {
  readonly attribute unsigned long length;
  DOMString? key(unsigned long index);
  getter DOMString? getItem(DOMString key);
  setter undefined setItem(DOMString key, DOMString value);
  deleter undefined removeItem(DOMString key);
  undefined clear();
};
`, {
  length: (self) => self.items.size,
  key: (self, index) => self.keys()[index] ?? null,
  getItem: (self, key) => self.items.get(key) ?? null,
  setItem: setStorageItem,
  removeItem: removeStorageItem,
  clear(self) {
    if (self.items.size === 0) return;
    self.empty();
    tellStorage(self, null, null, null);
  },
  supportedNames: (self) => self.keys(),
}, StorageImpl);

// https://html.spec.whatwg.org/multipage/webstorage.html#dom-localstorage: opaque origins have no storage
function areaFor(window, area, name) {
  const origin = serializeOrigin(window.document.url);
  if (origin === 'null' && window.parent === null) {
    throw domException('SecurityError', "Failed to read the '" + name + "' property from 'Window': Access is denied for this document.");
  }
  return area;
}

defineInterface(`
partial interface Window {
  readonly attribute Storage localStorage;
  readonly attribute Storage sessionStorage;
};
`, {
  localStorage: (self) => areaFor(self, localArea, 'localStorage'),
  sessionStorage: (self) => areaFor(self, sessionArea, 'sessionStorage'),
});
