// https://html.spec.whatwg.org/multipage/webappapis.html#event-handler-attributes
// Event handlers: one listener per handler, in the place of its first setting; content attributes are compiled when they are first needed.

import { ReflectApply, SafeMap, SafeSet, StringPrototypeSlice } from '../primordials.js';
import { compileHandler, runMicrotasks } from '../host.js';
import { defineInterface } from '../webidl/interface.js';
import { setHooks } from '../webidl/runtime.js';
import { wrap } from '../webidl/wrapper.js';
import { addListener, Listener, removeListener } from '../dom/EventTarget.js';
import { HTML_NS } from '../dom/namespaces.js';
import { allowsInline } from './csp.js';
import { formOwner, isListed } from './forms/owner.js';
import { evaluateExpressionIn } from './frame_scripts.js';
import { enterWindow, isScriptRunning, leaveWindow } from './realm.js';
import { reportException } from './report.js';

class Handler {
  constructor() {
    this.value = null;           // the page's callback, or null
    this.source = null;          // text of a content attribute that is not yet compiled
    this.listener = null;
  }
}

// https://html.spec.whatwg.org/multipage/webappapis.html#determining-the-target-of-an-event-handler
const FORWARDED = new SafeSet(['blur', 'error', 'focus', 'load', 'resize', 'scroll']);
const WINDOW_HANDLERS = new SafeSet([
  'afterprint', 'beforeprint', 'beforeunload', 'hashchange', 'languagechange', 'message', 'messageerror', 'offline', 'online', 'pagehide', 'pageshow', 'popstate',
  'pagereveal', 'pageswap', 'rejectionhandled', 'storage', 'unhandledrejection', 'unload',
]);

function handlerTarget(impl, name) {
  if (impl.nodeType !== 1 || impl.namespace !== HTML_NS || (impl.localName !== 'body' && impl.localName !== 'frameset')) return impl;
  if (!FORWARDED.has(name) && !WINDOW_HANDLERS.has(name)) return impl;
  return impl.doc.window;
}

function handlerOf(target, name, make) {
  let map = target.handlers;
  if (map === null) {
    if (!make) return null;
    map = new SafeMap();
    target.handlers = map;
  }
  let handler = map.get(name);
  if (handler === undefined && make) {
    handler = new Handler();
    map.set(name, handler);
  }
  return handler ?? null;
}

// The types of events whose handlers are called otherwise.
const HANDLER_TYPES = {
  __proto__: null, webkitanimationend: 'webkitAnimationEnd', webkitanimationiteration: 'webkitAnimationIteration', webkitanimationstart: 'webkitAnimationStart',
  webkittransitionend: 'webkitTransitionEnd',
};

function activate(target, name, handler) {
  if (handler.listener !== null) return;
  const listener = new Listener(HANDLER_TYPES[name] ?? name, (event) => processEvent(target, name, event), false, false, false);
  listener.internal = true;
  handler.listener = listener;
  addListener(target, listener);
}

// https://html.spec.whatwg.org/multipage/webappapis.html#deactivate-an-event-handler
function deactivate(target, handler) {
  handler.value = null;
  handler.source = null;
  if (handler.listener === null) return;
  removeListener(target, handler.listener);
  handler.listener = null;
}

// https://html.spec.whatwg.org/multipage/webappapis.html#getting-the-current-value-of-the-event-handler
function currentValue(target, name, handler) {
  if (handler.source === null) return handler.value;
  const { source } = handler;
  handler.source = null;
  const element = target.nodeType === 1 ? target : null;
  const doc = element !== null ? element.doc : target.document;
  const window = doc.window;
  if (window === null || !window.scriptingEnabled) return null;
  const params = name === 'error' && target.isWindow === true ? ['event', 'source', 'lineno', 'colno', 'error'] : ['event'];
  try {
    // The body alone has to be a function body: nothing may close the scopes around it.
    compileHandler(source, doc.urlText(), 1, params);
    const form = element !== null && (isListed(element) || element.localName === 'img') ? formOwner(element) : null;
    const make = evaluateExpressionIn(
      window, 'function(d,f,e){with(d){with(f){with(e){return function on' + name + '(' + joined(params) + ') {\n' + source + '\n}}}}}', doc.urlText(),
    );
    const empty = { __proto__: null };
    handler.value = ReflectApply(make, undefined, [element === null ? empty : wrap(doc), form === null ? empty : wrap(form), element === null ? empty : wrap(element)]);
  } catch (error) {
    handler.value = null;
    reportException(error, window);
  }
  return handler.value;
}

function joined(params) {
  let text = params[0];
  for (let i = 1; i < params.length; i++) text += ', ' + params[i];
  return text;
}

// https://html.spec.whatwg.org/multipage/webappapis.html#the-event-handler-processing-algorithm
function processEvent(target, name, event) {
  const handler = target.handlers.get(name);
  const callback = currentValue(target, name, handler);
  if (typeof callback !== 'function') return;      // an object that is no function: there is nothing to call
  const window = target.isWindow === true ? target : target.nodeType !== undefined ? (target.nodeType === 9 ? target : target.doc).window
    : handler.listener === null ? null : handler.listener.window;      // of other objects: that of whose code set it
  const specialError = (target.isWindow === true || target.isWorkerScope === true) && event.type === 'error' && event.iface.name === 'ErrorEvent';
  const saved = window === null ? undefined : window.event;
  if (window !== null) window.event = wrap(event);
  const previous = enterWindow(window);
  try {
    const self = wrap(event.currentTarget);
    let result;
    if (specialError) {
      const { init } = event;
      result = ReflectApply(callback, self, [init.message, init.filename, init.lineno, init.colno, init.error]);
    } else result = ReflectApply(callback, self, [wrap(event)]);
    if (event.iface.name === 'BeforeUnloadEvent' && event.type === 'beforeunload') {
      if (result !== null && result !== undefined) {
        event.canceled = true;
        if (event.returnText === '') event.returnText = '' + result;
      }
    } else if (specialError) {
      if (result === true && event.cancelable) event.canceled = true;
    } else if (result === false && event.cancelable && !event.inPassive && event.type !== 'beforeunload') event.canceled = true;     // OnBeforeUnloadEventHandler gives a string
  } catch (error) {
    event.listenersThrew = true;
    reportException(error, window);
  }
  leaveWindow(previous);
  if (!isScriptRunning()) runMicrotasks();
  if (window !== null) window.event = saved;
}

export function attributeChangedForHandlers(el, attribute, value) {
  const name = StringPrototypeSlice(attribute, 2);
  const target = handlerTarget(el, name);
  if (target === null) return;
  if (value === null) {
    const handler = handlerOf(target, name, false);
    if (handler !== null) deactivate(target, handler);
    return;
  }
  if (!HANDLER_NAMES.has(name)) return;
  if (!allowsInline(el.doc, el, 'script attribute', value)) return;
  const handler = handlerOf(target, name, true);
  handler.source = value;
  handler.value = null;
  activate(target, name, handler);
}

function getHandler(impl, name) {
  const target = handlerTarget(impl, name);
  if (target === null) return null;
  const handler = handlerOf(target, name, false);
  return handler === null ? null : currentValue(target, name, handler);
}

// Anything but an object means null ([LegacyTreatNonObjectAsNull]).
function setHandler(impl, name, value) {
  const target = handlerTarget(impl, name);
  if (target === null) return;
  const callback = typeof value === 'function' || (typeof value === 'object' && value !== null) ? value : null;
  if (callback === null) {
    const handler = handlerOf(target, name, false);
    if (handler !== null) deactivate(target, handler);
    return;
  }
  const handler = handlerOf(target, name, true);
  handler.source = null;
  handler.value = callback;
  activate(target, name, handler);
}

setHooks({ __proto__: null, getHandler, setHandler });

const GLOBAL_HANDLERS = [
  'abort', 'auxclick', 'beforeinput', 'beforematch', 'beforetoggle', 'blur', 'cancel', 'canplay', 'canplaythrough', 'change', 'click', 'close', 'contextlost', 'contextmenu',
  'contextrestored', 'copy', 'cuechange', 'cut', 'dblclick', 'drag', 'dragend', 'dragenter', 'dragleave', 'dragover', 'dragstart', 'drop', 'durationchange', 'emptied', 'ended',
  'error', 'focus', 'formdata', 'input', 'invalid', 'keydown', 'keypress', 'keyup', 'load', 'loadeddata', 'loadedmetadata', 'loadstart', 'mousedown', 'mouseenter', 'mouseleave',
  'mousemove', 'mouseout', 'mouseover', 'mouseup', 'paste', 'pause', 'play', 'playing', 'progress', 'ratechange', 'reset', 'resize', 'scroll', 'scrollend',
  'securitypolicyviolation', 'seeked', 'seeking', 'select', 'slotchange', 'stalled', 'submit', 'suspend', 'timeupdate', 'toggle', 'volumechange', 'waiting',
  'webkitanimationend', 'webkitanimationiteration', 'webkitanimationstart', 'webkittransitionend', 'wheel', 'animationstart', 'animationiteration', 'animationend',
  'animationcancel', 'transitionrun', 'transitionstart', 'transitionend', 'transitioncancel', 'pointerover', 'pointerenter', 'pointerdown', 'pointermove', 'pointerrawupdate',
  'pointerup', 'pointercancel', 'pointerout', 'pointerleave', 'gotpointercapture', 'lostpointercapture', 'touchstart', 'touchend', 'touchmove', 'touchcancel', 'selectstart',
  'selectionchange', 'begin', 'end', 'repeat',
];
export const HANDLER_NAMES = new SafeSet(GLOBAL_HANDLERS);
HANDLER_NAMES.add('fullscreenchange');       // of elements and documents only
HANDLER_NAMES.add('fullscreenerror');
WINDOW_HANDLERS.forEach((name) => HANDLER_NAMES.add(name));

let handlerIDL = 'interface mixin GlobalEventHandlers {\n';
for (let i = 0; i < GLOBAL_HANDLERS.length; i++) handlerIDL += '  attribute EventHandler on' + GLOBAL_HANDLERS[i] + ';\n';
defineInterface(handlerIDL + '};\n', {});
handlerIDL = 'interface mixin WindowEventHandlers {\n';
WINDOW_HANDLERS.forEach((name) => {
  handlerIDL += '  attribute EventHandler on' + name + ';\n';
});
defineInterface(handlerIDL + '};\n', {});
