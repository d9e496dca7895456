// https://w3c.github.io/clipboard-apis/#async-clipboard-api
// The clipboard is the context's, in the worker.

import { defineInterface } from '../webidl/interface.js';
import { Impl } from '../webidl/impl.js';
import { joinBytes, viewOfBytes } from '../webidl/buffers.js';
import { unwrap, wrap } from '../webidl/wrapper.js';
import { EventTargetImpl } from '../dom/EventTarget.js';
import { domException } from '../dom/DOMException.js';
import { BlobImpl } from '../FileAPI/Blob.js';
import { EMPTY_BYTES, hostCall, utf8Decode, utf8Encode } from '../host.js';
import { currentWindow } from '../html/realm.js';
import { requestPermissionToUse } from '../permissions/Permissions.js';
import {
  ObjectFreeze, Promise, PromisePrototypeThen, PromiseResolve, SafeWeakMap, StringPrototypeStartsWith, String, TypeError, TypedArrayPrototypeGetByteLength,
} from '../primordials.js';

class ClipboardImpl extends EventTargetImpl {}

class ClipboardItemImpl extends Impl {
  constructor(types, promises, presentationStyle) {
    super();
    this.types = ObjectFreeze(types);
    this.promises = promises;         // of a Blob or a string each
    this.presentationStyle = presentationStyle;
  }
}

const clipboardOf = new SafeWeakMap();        // by NavigatorImpl

// https://w3c.github.io/clipboard-apis/#mandatory-data-types-x, and those that Chromium supports beside them
function isSupportedType(type) {
  return type === 'text/plain' || type === 'text/html' || type === 'image/png' || type === 'image/svg+xml' || StringPrototypeStartsWith(type, 'web ');
}

function checkPermission(name, what) {
  if (requestPermissionToUse(currentWindow(), name) !== 'granted') throw domException('NotAllowedError', what + ' permission denied.');
}

// The representations on the clipboard: { type, bytes } each.
export function readRepresentations() {
  const { json, bytes } = hostCall('clipboard.read', null);
  const { parts } = json;
  let at = 0;
  for (let i = 0; i < parts.length; i++) {
    parts[i].bytes = viewOfBytes(bytes, at, at + parts[i].size);
    at += parts[i].size;
  }
  return parts;
}

export function writeRepresentations(representations) {
  const parts = [];
  const chunks = [];
  for (let i = 0; i < representations.length; i++) {
    const { type, bytes } = representations[i];
    parts[i] = { __proto__: null, type, size: TypedArrayPrototypeGetByteLength(bytes) };
    chunks[i] = bytes;
  }
  const { failure } = hostCall('clipboard.write', { __proto__: null, parts }, joinBytes(chunks));
  if (failure !== undefined) throw domException('DataError', failure);
}

// A representation's bytes, from what the page gave: a string or a blob of that type.
function bytesOfRepresentation(value, type) {
  const impl = unwrap(value);
  if (impl instanceof BlobImpl) {
    if (impl.type !== type) throw domException('NotAllowedError', 'Type ' + type + " does not match the blob's type " + impl.type);
    return impl.bytes;
  }
  return utf8Encode(String(value));
}

defineInterface(`
[SecureContext, Exposed=Window]
interface Clipboard : EventTarget {
  Promise<any> read();
  Promise<DOMString> readText();
  Promise<undefined> write(sequence<ClipboardItem> data);
  Promise<undefined> writeText(DOMString data);
};
`, {
  // https://w3c.github.io/clipboard-apis/#dom-clipboard-read
  read() {
    checkPermission('clipboard-read', 'Read');
    const found = readRepresentations();
    if (found.length === 0) return PromiseResolve(Promise, []);
    const types = [];
    const promises = [];
    for (let i = 0; i < found.length; i++) {
      types[i] = found[i].type;
      promises[i] = PromiseResolve(Promise, wrap(new BlobImpl(found[i].bytes, found[i].type)));
    }
    return PromiseResolve(Promise, [wrap(new ClipboardItemImpl(types, promises, 'unspecified'))]);
  },
  // https://w3c.github.io/clipboard-apis/#dom-clipboard-readtext
  readText() {
    checkPermission('clipboard-read', 'Read');
    const found = readRepresentations();
    for (let i = 0; i < found.length; i++) if (found[i].type === 'text/plain') return PromiseResolve(Promise, utf8Decode(found[i].bytes));
    return PromiseResolve(Promise, '');
  },
  // https://w3c.github.io/clipboard-apis/#dom-clipboard-write
  write(self, items) {
    checkPermission('clipboard-write', 'Write');
    if (items.length > 1) throw domException('NotAllowedError', 'Support for multiple ClipboardItems is not implemented.');
    if (items.length === 0) return PromiseResolve(Promise, undefined);
    const { types, promises } = items[0];
    for (let i = 0; i < types.length; i++) if (!isSupportedType(types[i])) throw domException('NotAllowedError', 'Type ' + types[i] + ' not supported on write.');
    const representations = [];
    // One after the other, so that what comes first is first; nothing is written before all are there.
    const collect = (index) => {
      if (index === types.length) {
        writeRepresentations(representations);
        return undefined;
      }
      return PromisePrototypeThen(promises[index], (value) => {
        representations[index] = { __proto__: null, type: types[index], bytes: bytesOfRepresentation(value, types[index]) };
        return collect(index + 1);
      });
    };
    return PromisePrototypeThen(PromiseResolve(Promise, undefined), () => collect(0));
  },
  // https://w3c.github.io/clipboard-apis/#dom-clipboard-writetext
  writeText(self, text) {
    checkPermission('clipboard-write', 'Write');
    writeRepresentations([{ __proto__: null, type: 'text/plain', bytes: text === '' ? EMPTY_BYTES : utf8Encode(text) }]);
    return PromiseResolve(Promise, undefined);
  },
}, ClipboardImpl);

defineInterface(`
enum PresentationStyle { "unspecified", "inline", "attachment" };
dictionary ClipboardItemOptions { PresentationStyle presentationStyle = "unspecified"; };
[SecureContext, Exposed=Window]
interface ClipboardItem {
  constructor(record<DOMString, any> items, optional ClipboardItemOptions options = {});
  readonly attribute PresentationStyle presentationStyle;
  readonly attribute any types;
  Promise<Blob> getType(DOMString type);
  static boolean supports(DOMString type);
};
`, {
  constructor(items, options) {
    if (items.length === 0) throw new TypeError("Failed to construct 'ClipboardItem': Empty dictionary argument");
    const types = [];
    const promises = [];
    for (let i = 0; i < items.length; i++) {
      types[i] = items[i][0];
      promises[i] = PromiseResolve(Promise, items[i][1]);
    }
    return new ClipboardItemImpl(types, promises, options.presentationStyle);
  },
  presentationStyle: (self) => self.presentationStyle,
  types: (self) => self.types,
  getType(self, type) {
    for (let i = 0; i < self.types.length; i++) {
      if (self.types[i] !== type) continue;
      return PromisePrototypeThen(self.promises[i], (value) => (unwrap(value) instanceof BlobImpl ? value : wrap(new BlobImpl(utf8Encode(String(value)), type))));
    }
    throw domException('NotFoundError', "The type '" + type + "' was not found");
  },
  supports: isSupportedType,
}, ClipboardItemImpl);

defineInterface(`
partial interface Navigator {
  [SecureContext, SameObject] readonly attribute Clipboard clipboard;
};
`, {
  clipboard(self) {
    let clipboard = clipboardOf.get(self);
    if (clipboard === undefined) {
      clipboard = new ClipboardImpl();
      clipboardOf.set(self, clipboard);
    }
    return clipboard;
  },
});
