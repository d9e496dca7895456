// https://html.spec.whatwg.org/multipage/nav-history-apis.html#the-window-object
// The main window is the global object of its isolate; windows of same-origin child frames are objects of their own.

import { focusViewport } from './focus.js';
import { stopNavigations } from '../navigation-api/Navigation.js';
import { allowsInline, handedDown } from './csp.js';
import { scrollWindowTo } from '../css/cssom-view/scrolling.js';
import { sizeFrame } from '../css/cssom-view/geometry.js';
import { defineInterface } from '../webidl/interface.js';
import { Impl } from '../webidl/impl.js';
import { wrap } from '../webidl/wrapper.js';
import { IN_DOCUMENT } from '../dom/node.js';
import { domException } from '../dom/DOMException.js';
import { hostCall, hostPost, nowMs } from '../host.js';
import { ObjectDefineProperty, RegExpPrototypeExec, SafeMap, StringPrototypeSlice } from '../primordials.js';
import { emulated } from '../emulation/emulated.js';
import { parseURL, serializeOrigin, serializeURL } from '../url/parser.js';
import { postMessageToWindow } from '../webmessaging/window_message.js';
import { LocationImpl } from './Location.js';
import { HistoryImpl } from './History.js';
import { callingWindow, currentWindow } from './realm.js';
import { documentBaseURL } from './document_state.js';
import { originURL } from './frame_tree.js';
import { navigateWindow, navigationPayload } from './navigate.js';
import { windowAt } from './remote_window.js';
import { navigatorOf } from './Navigator.js';
import { cannotShowDialogs, sandboxAllows } from './sandbox.js';
import { targetWindow } from './elements/hyperlinks.js';
import { parseInteger } from './reflect.js';
import { consumeUserActivation } from './user_activation.js';
import { lowerAscii } from '../css/selectors/names.js';
import { computedStyleOf } from '../css/cssom/computed.js';
import { mediaQueryList } from '../css/cssom/MediaQueryList.js';
import { BarPropImpl } from './BarProp.js';

export class WindowImpl extends Impl {
  constructor(frameId, navigator) {
    super();
    this.listeners = null;
    this.frameId = frameId;
    this.document = null;            // set right after construction; a window always has one
    this.location = new LocationImpl(this);
    this.history = new HistoryImpl(this);
    this.navigationApi = null;       // NavigationImpl, once a page has looked
    this.navigator = navigator;      // the page's
    this.frameNavigator = null;      // what page code of a child frame sees of it, once it has looked
    this.name = '';
    this.parent = null;              // WindowImpl of the parent frame in this isolate, or null: this is the top here
    this.remoteParent = null;        // RemoteWindow of the parent, where that is in another isolate
    this.framedFocus = false;        // whether the element of that has the focus that this window is in
    this.remoteAncestors = [];       // origins of those above
    this.remote = null;              // RemoteWindow, while the document of this child frame is in another isolate
    this.localGlobal = null;         // of a child frame: the global object of its scripts, for which `globalObject` stands
    this.traps = null;               // of that one
    this.sandbox = null;             // what is allowed, where its document is sandboxed (sandbox.js)
    this.openerWindow = null;
    this.frameElement = null;        // ElementImpl in the parent's document
    this.children = [];              // WindowImpls of child frames, in tree order
    this.closed = false;
    this.historyHandling = 'replace'; // of the newest navigation of a child frame: push, replace, reload or traverse
    this.navigations = 0;            // begun in this child frame; the newest one's number is that of its document
    this.status = '';
    this.width = 1280;
    this.height = 720;
    this.devicePixelRatio = emulated.scale;
    this.scrollX = 0;
    this.scrollY = 0;
    this.scriptingEnabled = emulated.scripting;
    this.event = undefined;
    this.handlers = null;
    this.onloaded = null;            // for the frame element: what to do after the load event
    this.bars = new SafeMap();
    this.popup = null;               // of a page: where on the screen the popup is, [x, y]
    this.customElements = null;      // CustomElementRegistry impl, once something asks
    this.globalObject = null;        // what page code of this window sees as `this`
  }

  top() {
    let window = this;
    while (window.parent !== null) window = window.parent;
    return window;
  }

  ancestorOrigins() {
    const out = [];
    for (let window = this.parent; window !== null; window = window.parent) out[out.length] = serializeOrigin(window.document.url);
    const above = this.top().remoteAncestors;
    for (let i = 0; i < above.length; i++) out[out.length] = above[i];
    return out;
  }

  // The windows of parent and top as page code sees them: here or elsewhere.
  parentWindow() {
    return this.parent ?? this.remoteParent ?? this;
  }

  topWindow() {
    const root = this.top();
    return root.remoteParent === null ? root : windowAt(root.remoteParent.page, 1);
  }

  bar(name) {
    let bar = this.bars.get(name);
    if (bar === undefined) {
      bar = new BarPropImpl(this);
      this.bars.set(name, bar);
    }
    return bar;
  }
}

WindowImpl.prototype.isWindow = true;

function onScreen(window, axis) {
  const { popup } = window.top();
  return popup === null ? 0 : popup[axis];
}

const barGetter = (name) => (self) => self.bar(name);

function scrollTo(self, x, y) {
  scrollWindowTo(self, x, y);
}

function scrollArguments(self, relative, x, y) {
  let left;
  let top;
  if (typeof x === 'object' || x === undefined) {
    left = x === undefined || x.left === undefined ? (relative ? 0 : self.scrollX) : x.left;
    top = x === undefined || x.top === undefined ? (relative ? 0 : self.scrollY) : x.top;
  } else {
    left = x;
    top = y;
  }
  if (relative) scrollTo(self, self.scrollX + left, self.scrollY + top);
  else scrollTo(self, left, top);
}

// https://html.spec.whatwg.org/multipage/nav-history-apis.html#window-open-steps
export function openWindow(self, url, target, features) {
  let record = null;
  if (url !== '') {
    record = parseURL(url, documentBaseURL(currentWindow().document), currentWindow().document.encoding);
    if (record === null) throw domException('SyntaxError', "Unable to open a window with invalid URL '" + url + "'.");
  }
  const found = target === '' ? null : targetWindow(self, target);
  const noopener = featureIsOn(features, 'noopener') || featureIsOn(features, 'noreferrer');
  if (found !== null) {
    if (record !== null) navigateWindow(found, record, { __proto__: null, source: currentWindow() });
    // 15.
    if (noopener) return null;
    if (found.isRemote !== true && found !== currentWindow()) found.openerWindow = currentWindow();
    return found;
  }
  const options = { __proto__: null, features };
  if (featureIsOn(features, 'noreferrer')) options.referrerPolicy = 'no-referrer';
  const opened = openRemoteWindow(self, record, target, noopener, options);
  // 15.
  return noopener ? null : opened;
}

// https://html.spec.whatwg.org/multipage/nav-history-apis.html#concept-window-open-features-tokenize: the value of a boolean feature
function featureIsOn(features, name) {
  const token = /([^=,\t\n\f\r ]+)(?:[\t\n\f\r ]*=[=\t\n\f\r ]*([^=,\t\n\f\r ]*))?/;
  let rest = lowerAscii(features);
  for (;;) {
    const found = RegExpPrototypeExec(token, rest);
    if (found === null) return false;
    if (found[1] === name) {
      const value = found[2];
      return value === undefined || value === '' || value === 'yes' || value === 'true' || (parseInteger(value) ?? 0) !== 0;
    }
    rest = StringPrototypeSlice(rest, found.index + found[0].length);
  }
}

// A new window, or one elsewhere that has this name; null where the worker refuses (it says why in the page's verdict).
// `apart`: the user asked for it, so that nobody counts as its opener.
export function openRemoteWindow(self, record, target, noopener, options, apart = false) {
  const source = currentWindow();
  // https://html.spec.whatwg.org/multipage/document-sequences.html#the-rules-for-choosing-a-navigable, step 8
  if (!sandboxAllows(source, 'popups')) return null;
  let url = record === null ? '' : serializeURL(record);
  // What its policies do not let it run is not run in the new window either, which stays blank.
  if (record !== null && record.scheme === 'javascript' && !allowsInline(source.document, null, 'navigation', url)) url = '';
  const payload = {
    ...navigationPayload(source, url, options), frame: self.frameId, from: source.frameId, name: lowerAscii(target) === '_blank' ? '' : target, noopener, apart,
    features: options.features ?? '', creator: serializeURL(originURL(source.document)), inherits: handedDown(source.document), sandbox: sandboxAllows(source, 'escape') ? null : source.sandbox,
  };
  const answer = options.body === undefined ? hostCall('window.open', payload) : hostCall('window.open', payload, options.body);
  if (answer.page === undefined || answer.page === null) return null;
  consumeUserActivation();      // of the same step: one click opens one window
  const opened = windowAt(answer.page, answer.frame);
  if (opened.isRemote === true) opened.openedBy ??= source;
  return opened;
}

export function findWindow(from, name) {
  if (name === '' || lowerAscii(name) === '_blank') return null;
  const pending = [from.top()];
  while (pending.length > 0) {
    const window = pending[pending.length - 1];
    pending.length--;
    if (window.name === name) return window;
    for (let i = window.children.length - 1; i >= 0; i--) pending[pending.length] = window.children[i];
  }
  return null;
}

// A frame's window without a navigable: its element was taken out.
function isDiscarded(window) {
  return window.closed && window.parent !== null;
}

// https://html.spec.whatwg.org/multipage/nav-history-apis.html#dom-opener, 1-3
function openerOf(self) {
  const opener = self.openerWindow;
  if (opener === null || isDiscarded(self) || (opener.isRemote === true ? opener.ask().closed : opener.closed)) return null;
  return opener.globalObject;
}

// https://html.spec.whatwg.org/multipage/document-sequences.html#document-tree-child-navigables: without those in shadow trees
export function documentFrames(window) {
  const { children } = window;
  const out = [];
  for (let i = 0; i < children.length; i++) if ((children[i].frameElement.flags & IN_DOCUMENT) !== 0) out[out.length] = children[i];
  return out;
}

export const windowInterface = defineInterface(`
enum ScrollBehavior { "auto", "instant", "smooth" };
dictionary ScrollOptions { ScrollBehavior behavior = "auto"; };
dictionary ScrollToOptions : ScrollOptions { unrestricted double left; unrestricted double top; };
[Global=Window, Exposed=Window, LegacyUnenumerableNamedProperties]
interface Window : EventTarget {
  [LegacyUnforgeable] readonly attribute any window;
  [Replaceable] readonly attribute any self;
  [LegacyUnforgeable] readonly attribute Document document;
  attribute DOMString name;
  [PutForwards=href, LegacyUnforgeable] readonly attribute Location location;
  readonly attribute History history;
  readonly attribute Navigator navigator;
  readonly attribute Navigator clientInformation;
  [Replaceable] readonly attribute BarProp locationbar;
  [Replaceable] readonly attribute BarProp menubar;
  [Replaceable] readonly attribute BarProp personalbar;
  [Replaceable] readonly attribute BarProp scrollbars;
  [Replaceable] readonly attribute BarProp statusbar;
  [Replaceable] readonly attribute BarProp toolbar;
  attribute DOMString status;
  undefined close();
  readonly attribute boolean closed;
  readonly attribute boolean originAgentCluster;
  undefined stop();
  undefined focus();
  undefined blur();
  [Replaceable] readonly attribute any frames;
  [Replaceable] readonly attribute unsigned long length;
  [LegacyUnforgeable] readonly attribute any top;
  attribute any opener;
  [Replaceable] readonly attribute any parent;
  readonly attribute Element? frameElement;
  any open(optional USVString url = "", optional DOMString target = "_blank", optional DOMString features = "");
  undefined alert(optional DOMString message);
  boolean confirm(optional DOMString message = "");
  DOMString? prompt(optional DOMString message = "", optional DOMString default = "");
  undefined print();
  undefined captureEvents();
  undefined releaseEvents();
  [Replaceable] readonly attribute any event;
  undefined postMessage(any message, USVString targetOrigin, optional sequence<object> transfer = []);
  undefined postMessage(any message, optional WindowPostMessageOptions options = {});
  [NewObject] CSSStyleDeclaration getComputedStyle(Element elt, optional CSSOMString? pseudoElt);
  [NewObject] MediaQueryList matchMedia(CSSOMString query);
  [SameObject, Replaceable] readonly attribute Screen screen;
  undefined moveTo(long x, long y);
  undefined moveBy(long x, long y);
  undefined resizeTo(long width, long height);
  undefined resizeBy(long x, long y);
  [Replaceable] readonly attribute long innerWidth;
  [Replaceable] readonly attribute long innerHeight;
  [Replaceable] readonly attribute double scrollX;
  [Replaceable] readonly attribute double pageXOffset;
  [Replaceable] readonly attribute double scrollY;
  [Replaceable] readonly attribute double pageYOffset;
  undefined scroll(optional ScrollToOptions options = {});
  undefined scroll(unrestricted double x, unrestricted double y);
  undefined scrollTo(optional ScrollToOptions options = {});
  undefined scrollTo(unrestricted double x, unrestricted double y);
  undefined scrollBy(optional ScrollToOptions options = {});
  undefined scrollBy(unrestricted double x, unrestricted double y);
  [Replaceable] readonly attribute long screenX;
  [Replaceable] readonly attribute long screenLeft;
  [Replaceable] readonly attribute long screenY;
  [Replaceable] readonly attribute long screenTop;
  [Replaceable] readonly attribute long outerWidth;
  [Replaceable] readonly attribute long outerHeight;
  [Replaceable] readonly attribute double devicePixelRatio;
};
dictionary WindowPostMessageOptions { sequence<object> transfer = []; USVString targetOrigin = "/"; };
typedef DOMString CSSOMString;
Window includes GlobalEventHandlers;
Window includes WindowEventHandlers;
Window includes WindowOrWorkerGlobalScope;
`, {
  window: (self) => self.globalObject,
  self: (self) => self.globalObject,
  frames: (self) => self.globalObject,
  document: (self) => self.document,
  name: {
    // 1: nothing without a navigable
    get: (self) => (isDiscarded(self) ? '' : self.name),
    set(self, value) {
      if (isDiscarded(self)) return;
      self.name = value;
      hostPost('window.name', { frame: self.frameId, name: value });
    },
  },
  location: (self) => self.location,
  history: (self) => self.history,
  navigator: navigatorOf,
  clientInformation: navigatorOf,
  locationbar: barGetter('locationbar'),
  menubar: barGetter('menubar'),
  personalbar: barGetter('personalbar'),
  scrollbars: barGetter('scrollbars'),
  statusbar: barGetter('statusbar'),
  toolbar: barGetter('toolbar'),
  status: {
    get: (self) => self.status,
    set(self, value) {
      self.status = value;
    },
  },
  close(self) {
    if (self.parent === null) hostPost('window.close', { page: '', frame: self.frameId });
  },
  closed: (self) => self.closed,
  // https://html.spec.whatwg.org/multipage/webappapis.html#dom-originagentcluster: no document reaches those of other origins
  originAgentCluster: () => true,
  stop(self) {
    if (self.navigationApi !== null) stopNavigations(self);
    hostPost('window.stop', { frame: self.frameId });
  },
  focus: focusViewport,      // no window manager: every page has the focus, and this moves it among its frames
  blur() {},                 // does nothing: https://html.spec.whatwg.org/multipage/interaction.html#dom-window-blur
  length: (self) => documentFrames(self).length,
  top: (self) => (isDiscarded(self) ? null : self.topWindow().globalObject),
  opener: {
    get: openerOf,
    set(self, value) {
      if (value === null) {
        self.openerWindow = null;
        if (self.parent === null) hostPost('window.disown', { page: '', frame: self.frameId });
      } else ObjectDefineProperty(self.globalObject, 'opener', { __proto__: null, value, writable: true, enumerable: true, configurable: true });
    },
  },
  parent: (self) => (isDiscarded(self) ? null : self.parentWindow().globalObject),
  frameElement: (self) => self.frameElement,
  open(self, url, target, features) {
    const opened = openWindow(self, url, target, features);
    return opened === null ? null : opened.globalObject;
  },
  alert(self, message) {
    if (!cannotShowDialogs(self)) hostCall('dialog', { frame: self.frameId, type: 'alert', message: message ?? '' });
  },
  confirm: (self, message) => !cannotShowDialogs(self) && hostCall('dialog', { frame: self.frameId, type: 'confirm', message }).accepted,
  prompt(self, message, value) {
    if (cannotShowDialogs(self)) return null;
    const answer = hostCall('dialog', { frame: self.frameId, type: 'prompt', message, default: value });
    return answer.accepted ? answer.text : null;
  },
  print() {},      // no printer: as when the user cancels
  captureEvents() {},
  releaseEvents() {},
  event: (self) => self.event,
  'postMessage:0': (self, message, targetOrigin, transfer) => postMessageToWindow(callingWindow(), self, message, targetOrigin, transfer),
  'postMessage:1': (self, message, options) => postMessageToWindow(callingWindow(), self, message, options.targetOrigin, options.transfer),
  getComputedStyle: (self, el, pseudo) => computedStyleOf(el, pseudo ?? null),
  matchMedia: (self, query) => mediaQueryList(self, query),
  screen: (self) => self.screenObject(),
  moveTo() {},
  moveBy() {},
  resizeTo() {},
  resizeBy() {},
  innerWidth: (self) => frameSideOf(self, 'width'),
  innerHeight: (self) => frameSideOf(self, 'height'),
  scrollX: (self) => self.scrollX,
  pageXOffset: (self) => self.scrollX,
  scrollY: (self) => self.scrollY,
  pageYOffset: (self) => self.scrollY,
  scroll: (self, x, y) => scrollArguments(self, false, x, y),
  scrollTo: (self, x, y) => scrollArguments(self, false, x, y),
  scrollBy: (self, x, y) => scrollArguments(self, true, x, y),
  screenX: (self) => onScreen(self, 0),
  screenLeft: (self) => onScreen(self, 0),
  screenY: (self) => onScreen(self, 1),
  screenTop: (self) => onScreen(self, 1),
  outerWidth: (self) => self.width,
  outerHeight: (self) => self.height,
  devicePixelRatio: (self) => self.devicePixelRatio,
}, WindowImpl);

// What a frame's element is wide now, not when it was laid out last.
function frameSideOf(self, side) {
  if (self.frameElement !== null) sizeFrame(self);
  return self[side];
}

export function elapsed(self) {
  return nowMs() - self.document.timing.navigationStart;
}

export function windowObject(impl) {
  return impl === null ? null : wrap(impl);
}
