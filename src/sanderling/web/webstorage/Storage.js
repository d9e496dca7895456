// https://html.spec.whatwg.org/multipage/webstorage.html
// The areas of the document's origin, as they were at its start and as changes come in; every change of ours is told to the worker.

import { Impl } from '../webidl/impl.js';
import { defineInterface } from '../webidl/interface.js';
import { SafeMap, StringPrototypeToWellFormed } from '../primordials.js';
import { hostPost, onHost } from '../host.js';
import { domException } from '../dom/DOMException.js';
import { fireEvent } from '../dom/dispatch.js';
import { originURL } from '../html/frame_tree.js';
import { mainWindow } from '../html/realm.js';
import { queueTask } from '../html/tasks.js';
import { serializeOrigin, serializeURL } from '../url/parser.js';

// UTF-16 code units of keys and values in one area: 5 MB, as in Chromium
const STORAGE_QUOTA = 5 * 1024 * 1024;

// What the windows of this isolate share.
class StorageArea {
  constructor(kind) {
    this.kind = kind;            // 'local' or 'session'
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


// The object of one window.
export class StorageImpl extends Impl {
  constructor(area, window) {
    super();
    this.area = area;
    this.window = window;
  }
}

let localArea = null;
let sessionArea = null;
let storageObjects = new SafeMap();      // window to { local, session }

export function startStorage(payload) {
  localArea = new StorageArea('local');
  sessionArea = new StorageArea('session');
  storageObjects = new SafeMap();
  localArea.load(payload.localStorage ?? []);
  sessionArea.load(payload.sessionStorage ?? []);
}

function storageOf(window, kind) {
  let objects = storageObjects.get(window);
  if (objects === undefined) {
    objects = { __proto__: null, local: new StorageImpl(localArea, window), session: new StorageImpl(sessionArea, window) };
    storageObjects.set(window, objects);
  }
  return objects[kind];
}

// Crossing text must be well-formed; what pages of this isolate see is not touched.
function crossingText(text) {
  return text === null ? null : StringPrototypeToWellFormed(text);
}

// https://html.spec.whatwg.org/multipage/webstorage.html#concept-storage-broadcast
function tellStorage(self, key, oldValue, newValue) {
  const { url } = self.window.document;
  const address = serializeURL(url.scheme === 'about' ? mainWindow().document.url : url);
  hostPost('storage.set', {
    __proto__: null, area: self.area.kind, key: crossingText(key), value: crossingText(newValue), oldValue: crossingText(oldValue),
    origin: serializeOrigin(mainWindow().document.url), url: address,
  });
  fireStorageEvents(mainWindow(), self.window, self.area.kind, { __proto__: null, key, oldValue, newValue, url: address });
}

// At `window` and the windows inside it, but not at the one that made the change.
function fireStorageEvents(window, source, kind, facts) {
  if (window !== source) {
    queueTask(window.document, () => {
      fireEvent(window, 'storage', {
        __proto__: null, interface: 'StorageEvent',
        init: { __proto__: null, key: facts.key, oldValue: facts.oldValue, newValue: facts.newValue, url: facts.url, storageArea: storageOf(window, kind) },
      });
    });
  }
  for (let i = 0; i < window.children.length; i++) fireStorageEvents(window.children[i], source, kind, facts);
}

function setStorageItem(self, key, value) {
  const old = self.area.items.get(key) ?? null;
  if (old === value) return;
  if (!self.area.put(key, value)) {
    throw domException('QuotaExceededError', "Failed to execute 'setItem' on 'Storage': Setting the value of '" + key + "' exceeded the quota.");
  }
  tellStorage(self, key, old, value);
}

function removeStorageItem(self, key) {
  const old = self.area.items.get(key);
  if (old === undefined) return;
  self.area.drop(key);
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
  fireStorageEvents(window, null, area.kind, { __proto__: null, key, oldValue, newValue, url: change.url ?? '' });
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
  length: (self) => self.area.items.size,
  key: (self, index) => self.area.keys()[index] ?? null,
  getItem: (self, key) => self.area.items.get(key) ?? null,
  setItem: setStorageItem,
  removeItem: removeStorageItem,
  clear(self) {
    if (self.area.items.size === 0) return;
    self.area.empty();
    tellStorage(self, null, null, null);
  },
  supportedNames: (self) => self.area.keys(),
}, StorageImpl);

// https://html.spec.whatwg.org/multipage/webstorage.html#dom-localstorage: opaque origins have no storage
function storageFor(window, kind, name) {
  const origin = serializeOrigin(window.document.opaqueOrigin ? originURL(window.document) : window.document.url);
  if (origin === 'null' && window.parent === null) {
    throw domException('SecurityError', "Failed to read the '" + name + "' property from 'Window': Access is denied for this document.");
  }
  return storageOf(window, kind);
}

defineInterface(`
partial interface Window {
  readonly attribute Storage localStorage;
  readonly attribute Storage sessionStorage;
};
`, {
  localStorage: (self) => storageFor(self, 'local', 'localStorage'),
  sessionStorage: (self) => storageFor(self, 'session', 'sessionStorage'),
});
