// https://html.spec.whatwg.org/multipage/nav-history-apis.html#cross-origin-objects
// Windows that live in another isolate: popups, openers, frames of other origins and what contains them. Page code gets a proxy with the members that
// cross origins; questions about the window go to the worker, which knows every frame. A window of the same origin in another isolate gives a little
// more: its address and document.write at once, everything else by window_objects.js.

import { hostCall, hostPost, onHost } from '../host.js';
import {
  ObjectCreate, ObjectDefineProperty, Proxy, SafeMap, SymbolHasInstance, SymbolIsConcatSpreadable, SymbolToPrimitive, SymbolToStringTag, StringPrototypeCharCodeAt, TypeError, String,
} from '../primordials.js';
import { domException } from '../dom/DOMException.js';
import { fireEvent } from '../dom/dispatch.js';
import { parseURL, serializeOrigin, serializeURL } from '../url/parser.js';
import { deserializeValue, serializeValue } from '../webmessaging/structured_clone.js';
import { decodeFromRemote, encodeForRemote } from '../webmessaging/remote_ports.js';
import { documentBaseURL } from './document_state.js';
import { focusElement } from './focus.js';
import { originURL } from './frame_tree.js';
import { navigationPayload } from './navigate.js';
import { currentWindow, windowOfFrame } from './realm.js';
import { mayNavigate } from './sandbox.js';
import { hasFarMember, readFarMember, writeFarMember } from './window_objects.js';
import { queueTask } from './tasks.js';

let ownPage = '';
const remotes = new SafeMap();     // page and frame to RemoteWindow

export function startRemoteWindows(page) {
  ownPage = page;
}

export function pageOfIsolate() {
  return ownPage;
}

// The same object for the same place, as long as this isolate lives; of a child frame, as long as that is there.
export class RemoteWindow {
  constructor(page, frame) {
    this.page = page;
    this.frame = frame;
    this.isRemote = true;
    this.location = remoteLocation(this);
    this.traps = remoteTraps(this);
    this.globalObject = new Proxy(ObjectCreate(null), this.traps);      // what pages get; of a child frame of this isolate what they had before (frame_proxy.js)
    this.writer = null;
    this.openedBy = null;          // WindowImpl of this isolate that opened it
  }

  ask() {
    return hostCall('window.remote', { page: this.page, frame: this.frame, from: currentWindow().frameId });
  }

  isSameOrigin(facts) {
    return !facts.closed && facts.sameOrigin;
  }
}

export function remoteWindow(page, frame) {
  const key = page + ' ' + frame;
  let remote = remotes.get(key);
  if (remote === undefined) {
    remote = new RemoteWindow(page, frame);
    remotes.set(key, remote);
  }
  return remote;
}

// A child frame was taken out. What pages kept of its window goes on, but is not kept for them: it has the frame's last document here.
export function forgetRemoteWindow(frame) {
  remotes.delete(ownPage + ' ' + frame);
}

// A window of this isolate, or a remote one: both have `globalObject`.
export function windowAt(page, frame) {
  return (page === ownPage ? windowOfFrame(frame) : null) ?? remoteWindow(page, frame);
}

// What a proxy of this isolate stands for: the `window` or the `document` of a RemoteWindow, or null.
export function remoteOfProxy(object) {
  let found = null;
  remotes.forEach((remote) => {
    if (remote.globalObject === object) found = { __proto__: null, type: 'window', page: remote.page, frame: remote.frame };
    else if (remote.writer === object) found = { __proto__: null, type: 'document', page: remote.page, frame: remote.frame };
  });
  return found;
}

// The document of a window elsewhere, as objects there name it.
export function farDocument(remote) {
  return writerOf(remote);
}

function denied(key) {
  return domException('SecurityError', "Failed to read a named property '" + String(key) + "' from 'Window': Blocked a frame with origin \""
    + serializeOrigin(originURL(currentWindow().document)) + '" from accessing a cross-origin frame.');
}

function unsupportedMember(key) {
  return domException('NotSupportedError', "The member '" + String(key) + "' of a window in another isolate is not supported: windows of popups and of frames of other origins are reached by messages.");
}

// https://html.spec.whatwg.org/multipage/nav-history-apis.html#crossoriginproperties-(-o-)
const METHODS = { __proto__: null, close: 0, focus: 0, blur: 0, postMessage: 1 };
const GETTERS = {
  __proto__: null,
  window: (remote) => remote.globalObject,
  self: (remote) => remote.globalObject,
  frames: (remote) => remote.globalObject,
  location: (remote) => remote.location,
  closed: (remote) => remote.ask().closed,
  length: (remote) => remote.ask().children.length,
  top: (remote) => windowAt(remote.page, 1).globalObject,
  parent(remote) {
    const { parent } = remote.ask();
    return parent === null || parent === undefined ? remote.globalObject : windowAt(remote.page, parent).globalObject;
  },
  opener(remote) {
    const { opener } = remote.ask();
    return opener === null || opener === undefined ? null : windowAt(opener.page, opener.frame).globalObject;
  },
};

function remoteMethods(remote) {
  const methods = {
    __proto__: null,
    close() {
      hostPost('window.close', { page: remote.page, frame: remote.frame });
    },
    focus() {
      const local = windowOfFrame(remote.frame);
      if (local !== null && local.remote === remote) focusElement(local.frameElement);
      else hostPost('window.focusViewport', { page: remote.page, frame: remote.frame });
    },
    blur() {},
    postMessage(message, options, transfer) {
      if (arguments.length === 0) throw new TypeError("Failed to execute 'postMessage' on 'Window': 1 argument required, but only 0 present.");
      let targetOrigin = '/';
      let list = transfer;
      if (typeof options === 'object' && options !== null) {
        if (options.targetOrigin !== undefined) targetOrigin = '' + options.targetOrigin;
        list = options.transfer;
      } else if (options !== undefined) targetOrigin = '' + options;
      postToRemote(remote, message, targetOrigin, transferList(list));
    },
  };
  for (const name in METHODS) ObjectDefineProperty(methods[name], 'length', { __proto__: null, value: METHODS[name], configurable: true });
  return methods;
}

function transferList(iterable) {
  const out = [];
  if (iterable === undefined || iterable === null) return out;
  for (const item of iterable) out[out.length] = item;     // page code, as the conversion to a sequence is
  return out;
}

// https://html.spec.whatwg.org/multipage/web-messaging.html#window-post-message-steps
export function postToRemote(remote, message, targetOrigin, transfer) {
  const source = currentWindow();
  let wanted = null;
  if (targetOrigin === '/') wanted = serializeOrigin(originURL(source.document));
  else if (targetOrigin !== '*') {
    const record = parseURL(targetOrigin, null);
    if (record === null) throw domException('SyntaxError', "Failed to execute 'postMessage' on 'Window': Invalid target origin '" + targetOrigin + "' in a call to 'postMessage'.");
    wanted = serializeOrigin(record);
  }
  const { json, bytes, ports, sent } = encodeForRemote(serializeValue(message, transfer));
  hostPost('window.message', {
    page: remote.page, frame: remote.frame, from: source.frameId, origin: serializeOrigin(originURL(source.document)), wanted, message: json, ports,
  }, bytes);
  sent();
}

onHost('window.deliver', (payload, bytes) => {
  const target = windowOfFrame(payload.frame);
  if (target === null) return null;
  const serialized = decodeFromRemote(payload.message, payload.ports, bytes);
  const { origin, wanted, source } = payload;
  queueTask(target.document, () => {
    const own = serializeOrigin(originURL(target.document));
    // 8.1. An opaque origin is the same as itself only.
    if (wanted !== null && (wanted !== own || wanted === 'null')) return;
    const from = windowAt(source.page, source.frame).globalObject;
    let opened;
    try {
      opened = deserializeValue(serialized);
    } catch {
      fireEvent(target, 'messageerror', { __proto__: null, interface: 'MessageEvent', init: { __proto__: null, origin, source: from } });
      return;
    }
    fireEvent(target, 'message', { __proto__: null, interface: 'MessageEvent', init: { __proto__: null, data: opened.value, origin, source: from, ports: opened.ports } });
  });
  return null;
});

// -- location ---------------------------------------------------------------------------------------------------------------

function goTo(remote, url, replace) {
  const source = currentWindow();
  const record = parseURL('' + url, documentBaseURL(source.document));
  if (record === null) throw domException('SyntaxError', "'" + url + "' is not a valid URL.");
  if (record.scheme === 'javascript' && !remote.isSameOrigin(remote.ask())) throw denied('location');
  if (mayNavigate(source, remote, record, true)) navigateRemote(remote, record, { __proto__: null, replace, source });
}

// Navigations of windows elsewhere are the worker's.
export function navigateRemote(remote, url, options) {
  hostPost('window.navigate', { ...navigationPayload(options.source, serializeURL(url), options), page: remote.page, frame: remote.frame, from: options.source.frameId }, options.body);
}

const LOCATION_PARTS = { __proto__: null, href: true, origin: true, protocol: true, host: true, hostname: true, port: true, pathname: true, search: true, hash: true };

function partOfURL(remote, key) {
  const facts = remote.ask();
  if (!remote.isSameOrigin(facts)) throw denied(key);
  if (key === 'href') return facts.url;
  const URLClass = globalThis.URL;
  return new URLClass(facts.url)[key];
}

function remoteLocation(remote) {
  let setHref = null;
  const methods = {
    __proto__: null,
    replace(url) {
      goTo(remote, url, true);
    },
    assign(url) {
      if (!remote.isSameOrigin(remote.ask())) throw denied('assign');
      goTo(remote, url, false);
    },
    reload() {
      const facts = remote.ask();
      if (!remote.isSameOrigin(facts)) throw denied('reload');
      navigateRemote(remote, parseURL(facts.url), { __proto__: null, reload: true, source: currentWindow() });
    },
    toString: () => partOfURL(remote, 'href'),
  };
  return new Proxy(ObjectCreate(null), {
    __proto__: null,
    get(target, key) {
      if (isNeutral(key)) return undefined;
      if (typeof key === 'string' && methods[key] !== undefined) {
        if (key !== 'replace' && !remote.isSameOrigin(remote.ask())) throw denied(key);
        return methods[key];
      }
      if (typeof key === 'string' && LOCATION_PARTS[key]) return partOfURL(remote, key);
      if (key === SymbolToPrimitive && remote.isSameOrigin(remote.ask())) return undefined;
      throw remote.isSameOrigin(remote.ask()) ? unsupportedMember('location.' + String(key)) : denied(key);
    },
    set(target, key, value) {
      if (key !== 'href') throw remote.isSameOrigin(remote.ask()) ? unsupportedMember('location.' + String(key)) : denied(key);
      goTo(remote, value, false);
      return true;
    },
    has: (target, key) => key === 'href' || key === 'replace',
    ownKeys: () => ['href', 'replace', 'then', SymbolToStringTag, SymbolHasInstance, SymbolIsConcatSpreadable],
    getOwnPropertyDescriptor(target, key) {
      if (isNeutral(key)) return { __proto__: null, value: undefined, writable: false, enumerable: false, configurable: true };
      if (key === 'replace') return { __proto__: null, value: methods.replace, writable: false, enumerable: false, configurable: true };
      if (key === 'href') {
        setHref ??= accessorNamed(function (url) { goTo(remote, url, false); }, 'set href');
        return { __proto__: null, get: undefined, set: setHref, enumerable: false, configurable: true };
      }
      throw denied(key);
    },
    ...CLOSED_TRAPS,
  });
}

function accessorNamed(accessor, name) {
  return ObjectDefineProperty(accessor, 'name', { __proto__: null, value: name, writable: false, enumerable: false, configurable: true });
}

// https://html.spec.whatwg.org/multipage/nav-history-apis.html#crossoriginpropertyfallback-(-p-)
function isNeutral(key) {
  return key === 'then' || key === SymbolToStringTag || key === SymbolHasInstance || key === SymbolIsConcatSpreadable;
}

const CLOSED_TRAPS = {
  __proto__: null,
  getPrototypeOf: () => null,
  setPrototypeOf: (target, value) => value === null,
  isExtensible: () => true,
  preventExtensions: () => false,
  defineProperty(target, key) {
    throw denied(key);
  },
  deleteProperty(target, key) {
    throw denied(key);
  },
};

// -- the window ---------------------------------------------------------------------------------------------------------------

function childOf(remote, key) {
  const { children } = remote.ask();
  const code = key === '' ? 0 : StringPrototypeCharCodeAt(key, 0);
  if (code >= 48 && code <= 57 && '' + (+key) === key) {
    const child = children[+key];
    return child === undefined ? undefined : windowAt(remote.page, child.frame).globalObject;
  }
  for (let i = 0; i < children.length; i++) if (children[i].name === key && key !== '') return windowAt(remote.page, children[i].frame).globalObject;
  return undefined;
}

function remoteTraps(remote) {
  const methods = remoteMethods(remote);
  const accessors = { __proto__: null };
  const read = (key) => {
    if (typeof key === 'string') {
      if (GETTERS[key] !== undefined) return GETTERS[key](remote);
      if (methods[key] !== undefined) return methods[key];
      const child = childOf(remote, key);
      if (child !== undefined) return child;
    }
    if (isNeutral(key)) return undefined;
    const facts = remote.ask();
    if (!remote.isSameOrigin(facts)) throw denied(key);
    if (key === 'document') return writerOf(remote);
    if (key === 'name') return facts.name;
    if (key === 'origin') return facts.origin;
    return readFarMember(remote, 'window', key);
  };
  return {
    __proto__: null,
    get: (target, key) => read(key),
    set(target, key, value) {
      if (key === 'location') {
        goTo(remote, value, false);
        return true;
      }
      if (!remote.isSameOrigin(remote.ask())) throw denied(key);
      if (key === 'name') {
        hostPost('window.rename', { page: remote.page, frame: remote.frame, name: '' + value });
        return true;
      }
      if (key === 'opener' && value === null) {
        hostPost('window.disown', { page: remote.page, frame: remote.frame });
        return true;
      }
      writeFarMember(remote, 'window', key, value);
      return true;
    },
    has(target, key) {
      if (typeof key === 'string' && (GETTERS[key] !== undefined || methods[key] !== undefined || childOf(remote, key) !== undefined)) return true;
      if (remote.isSameOrigin(remote.ask())) return hasFarMember(remote, 'window', key);
      if (isNeutral(key)) return false;
      throw denied(key);
    },
    ownKeys(target) {
      void target;
      const { children } = remote.ask();
      const keys = [];
      for (let i = 0; i < children.length; i++) keys[i] = '' + i;
      for (const key in GETTERS) keys[keys.length] = key;
      for (const key in METHODS) keys[keys.length] = key;
      keys[keys.length] = 'then';
      keys[keys.length] = SymbolToStringTag;
      keys[keys.length] = SymbolHasInstance;
      keys[keys.length] = SymbolIsConcatSpreadable;
      return keys;
    },
    getOwnPropertyDescriptor(target, key) {
      if (isNeutral(key)) return { __proto__: null, value: undefined, writable: false, enumerable: false, configurable: true };
      if (typeof key === 'string' && methods[key] !== undefined) return { __proto__: null, value: methods[key], writable: false, enumerable: false, configurable: true };
      if (typeof key === 'string' && GETTERS[key] !== undefined) {
        // https://html.spec.whatwg.org/multipage/nav-history-apis.html#crossorigingetownpropertyhelper-(-o,-p-): the same functions each time
        accessors[key] ??= {
          __proto__: null, get: accessorNamed(() => GETTERS[key](remote), 'get ' + key), set: key === 'location' ? accessorNamed((value) => goTo(remote, value, false), 'set location') : undefined,
        };
        return { ...accessors[key], __proto__: null, enumerable: false, configurable: true };
      }
      const child = typeof key === 'string' ? childOf(remote, key) : undefined;
      // Those with an index are enumerable, those with a name are not.
      if (child !== undefined) return { __proto__: null, value: child, writable: false, enumerable: '' + (+key) === key, configurable: true };
      throw denied(key);
    },
    ...CLOSED_TRAPS,
  };
}

// The document of a window of the same origin elsewhere: its address and title can be read, its markup written.
function writerOf(remote) {
  if (remote.writer !== null) return remote.writer;
  const send = (operation) => (...texts) => {
    let text = '';
    for (let i = 0; i < texts.length; i++) text += texts[i];
    hostPost('window.write', { page: remote.page, frame: remote.frame, operation, text });
  };
  const members = { __proto__: null, open: send('open'), write: send('write'), writeln: send('writeln'), close: send('close') };
  remote.writer = new Proxy(ObjectCreate(null), {
    __proto__: null,
    get(target, key) {
      if (isNeutral(key)) return undefined;
      if (typeof key === 'string' && members[key] !== undefined) return members[key];
      const facts = remote.ask();
      if (!remote.isSameOrigin(facts)) throw denied('document');
      if (key === 'URL' || key === 'documentURI') return facts.url;
      if (key === 'title' && facts.title !== null) return facts.title;
      if (key === 'location') return remote.location;
      if (key === 'defaultView') return remote.globalObject;
      return readFarMember(remote, 'document', key);
    },
    set(target, key, value) {
      if (!remote.isSameOrigin(remote.ask())) throw denied('document');
      writeFarMember(remote, 'document', key, value);
      return true;
    },
    has(target, key) {
      if (!remote.isSameOrigin(remote.ask())) throw denied('document');
      return hasFarMember(remote, 'document', key);
    },
    ...CLOSED_TRAPS,
  });
  return remote.writer;
}
