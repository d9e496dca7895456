// https://html.spec.whatwg.org/multipage/interaction.html#focus

import { hostPost, onHost } from '../host.js';
import { getAttr, hasAttr } from '../dom/attributes.js';
import { isConnected, nextInTree } from '../dom/tree.js';
import { fireEvent } from '../dom/dispatch.js';
import { HTML_NS, SVG_NS } from '../dom/namespaces.js';
import { CONNECTED } from '../dom/node.js';
import { isDisabled, isEditable } from './forms/states.js';
import { isInert } from './inert.js';
import { hasFocus } from './interaction_state.js';
import { mainWindow, windowOfFrame } from './realm.js';
import { queueTask } from './tasks.js';
import { parseInteger } from './reflect.js';
import { putCaretInto } from './selection_modify.js';
import { displayOf } from '../css/cssom/computed.js';
import { isRendered } from '../css/cssom/rendered.js';
import { startFrames } from '../timers.js';

// https://html.spec.whatwg.org/multipage/interactive-elements.html#summary-for-its-parent-details
export function isSummaryOfParent(el) {
  const { parent } = el;
  if (parent === null || parent.localName !== 'details' || parent.namespace !== HTML_NS) return false;
  let first = parent.first;
  while (first !== el && (first.nodeType !== 1 || first.localName !== 'summary' || first.namespace !== HTML_NS)) first = first.next;
  return first === el;
}

// `byNature`: without a look at tabindex and rendering
export function isFocusableArea(el, byNature) {
  if (el.namespace !== HTML_NS && el.namespace !== SVG_NS) return false;
  let natural = false;
  switch (el.localName) {
    case 'a': case 'area': natural = hasAttr(el, 'href'); break;
    case 'input': natural = el.namespace === HTML_NS && el.state.type !== 'hidden' && !isDisabled(el); break;
    case 'button': case 'select': case 'textarea': natural = !isDisabled(el); break;
    case 'iframe': case 'object': case 'embed': natural = true; break;
    case 'summary': natural = isSummaryOfParent(el); break;
    case 'audio': case 'video': natural = hasAttr(el, 'controls'); break;
    default:
  }
  if (byNature) return natural;
  if (!natural && isDisabled(el)) return false;
  if (!natural) {
    const tabindex = getAttr(el, 'tabindex');
    natural = (tabindex !== null && parseInteger(tabindex) !== null) || (hasAttr(el, 'contenteditable') && isEditable(el));
  }
  // What has no box of its own (display: contents, as slots) is not focusable.
  return natural && isConnected(el) && isRendered(el) && displayOf(el) !== 'contents' && !isInert(el);
}

// https://html.spec.whatwg.org/multipage/interaction.html#focusing-steps; a window here always has the system focus
// Gives whether the element has it now.
// `by`: what moves it, 'script', 'pointer', 'keyboard', or 'selection' where code selects in an editing host.
// `visible`: FocusOptions' focusVisible, where it is given.
export function focusElement(el, by = 'script', visible = undefined) {
  const { doc } = el;
  if (doc.window === null) return false;
  if (doc.focusedElement === el) {
    if (visible !== undefined) doc.focusVisible = visible;
    focusFrames(doc);
    return true;
  }
  let target = el;
  if (el.shadow !== null && el.shadow.delegatesFocus) {
    if (doc.focusedElement !== null && containsFocus(el)) {
      focusFrames(doc);
      return true;
    }
    // Without a delegate it cannot be focused, whatever its tabindex says.
    target = focusDelegate(el);
    if (target === null) return false;
  }
  if (!isFocusableArea(target, false)) return false;
  moveFocus(doc, target, by, visible);
  return doc.focusedElement === target;
}

// Whether the focus is in the element's shadow-including inclusive descendants.
export function containsFocus(el) {
  for (let node = el.doc.focusedElement; node !== null;) {
    if (node === el) return true;
    node = node.nodeType === 11 && node.isShadow ? node.host : node.parent;
  }
  return false;
}

// https://html.spec.whatwg.org/multipage/interaction.html#focus-delegate
export function focusDelegate(el) {
  // 1-3.
  if (el.shadow !== null && !el.shadow.delegatesFocus) return null;
  const where = el.shadow ?? el;
  // 4.
  const autofocused = autofocusDelegate(where);
  if (autofocused !== null) return autofocused;
  // 5.
  const isDialog = el.localName === 'dialog' && el.namespace === HTML_NS;
  for (let node = where.first; node !== null; node = nextInTree(node, where)) {
    if (node.nodeType !== 1) continue;
    // As in Chromium: a dialog gives the focus to what the keyboard reaches, too.
    if (isFocusableArea(node, false) && !(isDialog && (parseInteger(getAttr(node, 'tabindex') ?? '') ?? 0) < 0)) return node;
    const inner = node.shadow === null ? null : focusDelegate(node);
    if (inner !== null) return inner;
  }
  return null;
}

// https://html.spec.whatwg.org/multipage/interaction.html#autofocus-delegate
export function autofocusDelegate(where) {
  for (let node = where.first; node !== null; node = nextInTree(node, where)) {
    if (node.nodeType !== 1 || !hasAttr(node, 'autofocus')) continue;
    if (isFocusableArea(node, false)) return node;
    const inner = node.shadow === null ? null : focusDelegate(node);
    if (inner !== null) return inner;
  }
  return null;
}

// https://html.spec.whatwg.org/multipage/interaction.html#the-autofocus-attribute, "when an element is inserted".
// DEVIATION: of what scripts put in, form controls are candidates only.
export function autofocusInserted(el) {
  const { doc } = el;
  if (el.attrs.length === 0 || doc.autofocus === false || doc.window === null || !hasAttr(el, 'autofocus')) return;
  if (doc.autofocus === null) doc.autofocus = [];
  const candidates = doc.autofocus;
  if (candidates.length > 0 && candidates[candidates.length - 1] === el) return;      // the parser has said it
  candidates[candidates.length] = el;
  if (candidates.length === 1 && doc.readyState !== 'loading') queueTask(doc, () => flushAutofocus(doc));
}

// Whoever shows something to look at instead: the document's autofocus processed flag.
export function endAutofocus(doc) {
  doc.autofocus = false;
  const top = mainWindow();
  if (top !== null) top.document.autofocus = false;
}

// https://html.spec.whatwg.org/multipage/interaction.html#flush-autofocus-candidates, once the document is parsed, or a task later: there is no rendering to do it with.
export function flushAutofocus(doc) {
  const candidates = doc.autofocus;
  doc.autofocus = false;
  const top = mainWindow().document;
  // What stands in the top comes first, though a frame in it may be parsed earlier.
  // 3.3. Nor does a document take it that stands in one of another origin.
  if (candidates === false || doc.window === null || doc.opaqueOrigin || mainWindow().remoteParent !== null || (top !== doc && top.autofocus !== null)) return;
  top.autofocus = false;
  // 3. Somebody has the focus already; 5.6. the fragment of the URL says where to look.
  if (top.focusedElement !== null || doc.targetElement !== null) return;
  for (let i = 0; i < candidates.length; i++) {
    const el = candidates[i];
    if (el.doc !== doc || !isConnected(el)) continue;
    const target = isFocusableArea(el, false) ? el : focusDelegate(el);
    if (target !== null && focusElement(target)) return;
  }
}

// https://html.spec.whatwg.org/multipage/interaction.html#dom-document-hasfocus
export function documentHasFocus(doc) {
  for (let { window } = doc; window !== null; window = window.frameElement.doc.window) {
    const el = window.frameElement;
    if (el === null) return window.remoteParent === null || window.framedFocus;
    if (el.doc.focusedElement !== el) return false;
  }
  return false;
}

// The element of a frame that lives in another isolate gets or loses the focus. `leaves`: what has it in there loses it, too.
function tellFramedFocus(el, focused, leaves) {
  const window = framedWindowOf(el);
  if (window !== null && window.remote !== null) hostPost('frame.focusChanged', { frame: window.frameId, focused, leaves });
}

onHost('window.focusChanged', (payload) => {
  const window = mainWindow();
  if (window === null) return null;
  focusedWindow();
  if (payload.leaves && window.document.focusedElement !== null) moveFocus(window.document, null, 'pointer');
  window.framedFocus = payload.focused;
  giveWindowFocus(payload.focused ? innermostWindow(window) : null);
  return null;
});

// -- windows: the viewport of a document is a focusable area, too ------------------------------------------------------

let windowWithFocus;       // the innermost one of this isolate; null: it is in another isolate; undefined: it has not moved yet

function focusedWindow() {
  if (windowWithFocus === undefined) {
    const main = mainWindow();
    windowWithFocus = main.remoteParent === null || main.framedFocus ? main : null;
  }
  return windowWithFocus;
}

// The window that has the focus where `window` is to have it: of the frame that is focused in it, and so on.
function innermostWindow(window) {
  let at = window;
  for (;;) {
    const el = at.document.focusedElement;
    const inner = el === null ? null : framedWindowOf(el);
    if (inner === null) return at;
    if (inner.remote !== null) return null;
    at = inner;
  }
}

function framedWindowOf(el) {
  return (el.localName === 'iframe' || el.localName === 'frame') && el.state !== null ? el.state.window ?? null : null;
}

// `next` is null where the focus goes to another isolate.
function giveWindowFocus(next) {
  const had = focusedWindow();
  windowWithFocus = next;
  if (had === next) return;
  if (had !== null && !had.closed) fireWindowFocus(had, 'blur');
  if (next !== null && windowWithFocus === next) fireWindowFocus(next, 'focus');
}

function fireWindowFocus(window, type) {
  fireEvent(window, type, { __proto__: null, interface: 'FocusEvent', init: { __proto__: null, view: window, detail: 0 } });
}

onHost('window.focusViewport', (payload) => {
  const window = windowOfFrame(payload.frame);
  if (window !== null) focusViewport(window);
  return null;
});

// https://html.spec.whatwg.org/multipage/interaction.html#dom-window-focus
export function focusViewport(window) {
  if (window.closed) return;
  const { document } = window;
  const el = document.focusedElement;
  // A frame in it had the focus.
  if (el !== null && framedWindowOf(el) !== null) moveFocus(document, null);
  focusedWindow();
  focusFrames(document);
  giveWindowFocus(innermostWindow(window));
}

// An open dialog is a focusable area for its own focusing steps only.
export function focusDialogItself(el) {
  if (el.doc.window !== null && isConnected(el) && isRendered(el) && !isInert(el)) moveFocus(el.doc, el);
}

// https://html.spec.whatwg.org/multipage/interaction.html#unfocusing-steps
export function blurElement(el, by = 'script') {
  const { focusedElement } = el.doc;
  if (focusedElement === null) return;
  if (focusedElement === el || (el.shadow !== null && el.shadow.delegatesFocus && hasFocus(el))) moveFocus(el.doc, null, by);
}

// What is typed into shows its focus always.
function takesKeys(el) {
  if (el.localName === 'textarea' || isEditable(el)) return true;
  return el.localName === 'input' && el.namespace === HTML_NS && KEYLESS_INPUTS[el.state.type] !== true;
}

const KEYLESS_INPUTS = { __proto__: null, button: true, checkbox: true, color: true, file: true, image: true, radio: true, range: true, reset: true, submit: true };

// https://drafts.csswg.org/selectors-4/#the-focus-visible-pseudo: what a script focuses shows it unless the focus came by a pointer before
function showsFocus(doc, target, by) {
  if (by === 'keyboard' || takesKeys(target)) return true;
  if (by === 'pointer') return false;
  return !doc.focusByPointer;
}

// A key was pressed: whoever has the focus shows it from now on.
export function keyboardUsed(doc) {
  doc.focusByPointer = false;
  if (doc.focusedElement !== null) doc.focusVisible = true;
}

// https://html.spec.whatwg.org/multipage/interaction.html#focus-fixup-rule, for what was taken out of the document
export function fixUpFocus(doc) {
  if ((doc.focusedElement.flags & CONNECTED) === 0) forgetFocus(doc);
}

function forgetFocus(doc) {
  doc.focusedElement = null;
  doc.focusVisible = false;
}

// ... for what was disabled or made inert. No event tells of it; browsers do it with the next rendering, or when somebody asks.
export function fixUpDisabledFocus(doc) {
  const el = doc.focusedElement;
  if (isDisabled(el) || isInert(el)) forgetFocus(doc);
}

// ... for what was closed with the focus in it, and gives it back to nobody.
export function fixUpClosedFocus(el) {
  if (el.doc.focusedElement !== null && containsFocus(el) && !isRendered(el)) forgetFocus(el.doc);
}

// ... for what is hidden, or has lost what made it focusable. As in Chromium, it is blurred, with events, at the next rendering; and before a key reaches it.
export function blurUnfocusable() {
  for (let doc = mainWindow().document; doc !== null;) {
    const el = doc.focusedElement;
    if (el === null) return;
    const inner = framedWindowOf(el);
    if (!isFocusableArea(el, false) && el.localName !== 'dialog') {
      blurElement(el, 'pointer');
      return;
    }
    doc = inner === null || inner.remote !== null ? null : inner.document;
  }
}

const FOCUS_ATTRIBUTES = { __proto__: null, class: true, contenteditable: true, controls: true, hidden: true, href: true, open: true, style: true, tabindex: true };

// An attribute of an element has changed in a document where something has the focus.
export function attributeChangedForFocus(localName) {
  if (FOCUS_ATTRIBUTES[localName] === true) startFrames(blurUnfocusable);
}

// A move is no removal: what had the focus keeps it, when it is still there.
export function restoreFocus(doc, el) {
  if (el === null || doc.focusedElement !== null || (el.flags & CONNECTED) === 0 || el.doc !== doc) return;
  doc.focusedElement = el;
  doc.focusVisible = !doc.focusByPointer || takesKeys(el);
}

// https://html.spec.whatwg.org/multipage/interaction.html#focus-chain
// The frames that a document stands in have the focus, too, also those whose elements are in other isolates.
export function focusFrames(doc) {
  const { frameElement, remoteParent, frameId } = doc.window;
  if (frameElement === null) {
    if (remoteParent !== null) {
      doc.window.framedFocus = true;
      hostPost('frame.focused', { frame: frameId });
    }
  } else if (frameElement.doc.window !== null) {
    if (frameElement.doc.focusedElement === frameElement) focusFrames(frameElement.doc);
    else moveFocus(frameElement.doc, frameElement);
  }
}

// As in Chromium, what has the focus in a frame, or in one of its frames, loses it when the focus goes to something outside of the frame.
function blurFramed(el) {
  const window = framedWindowOf(el);
  if (window !== null && window.remote === null && window.document.focusedElement !== null) moveFocus(window.document, null, 'pointer');
}

// https://html.spec.whatwg.org/multipage/interaction.html#focus-update-steps
function moveFocus(doc, target, by = 'script', visible = undefined) {
  const old = doc.focusedElement;
  if (old === target) return;
  if (old !== null && (target !== null || by === 'pointer')) {
    blurFramed(old);
    if (doc.focusedElement !== old) return;
  }
  if (old !== null && by === 'keyboard' && doc.pressedElement === old) doc.pressedElement = null;      // a key held it
  if (target !== null && (by === 'pointer' || by === 'keyboard')) doc.focusByPointer = by === 'pointer';
  if (doc.window !== null) focusedWindow();
  // As in Chromium, nothing has the focus while who had it is told.
  forgetFocus(doc);
  if (old !== null) {
    tellFramedFocus(old, false, target !== null || by === 'pointer');
    // What gets it in a frame is of another document.
    leaveFocus(old, target !== null && framedWindowOf(target) !== null ? null : target);
    // Somebody who was told has moved it, or taken out the target or the frame.
    if (doc.focusedElement !== null || (target !== null && (doc.window === null || target.doc !== doc || !isConnected(target)))) return;
  }
  doc.focusedElement = target;
  doc.focusVisible = target !== null && (visible ?? showsFocus(doc, target, by));
  if (doc.window !== null && doc.window.navigationApi !== null) doc.window.navigationApi.focusChanged = true;
  if (target !== null) focusFrames(doc);
  if (target !== null) tellFramedFocus(target, true, false);
  if (target !== null && (by === 'script' || by === 'keyboard') && hasAttr(target, 'contenteditable') && isEditable(target)) putCaretInto(target);
  if (doc.window !== null && doc.focusedElement === target && documentHasFocus(doc)) giveWindowFocus(innermostWindow(doc.window));
  if (target !== null && doc.focusedElement === target) {
    if (target.state !== null && target.state.valueAtFocus !== undefined) target.state.valueAtFocus = target.state.value;
    fireFocus(target, 'focus', false, old);
    fireFocus(target, 'focusin', true, old);
  }
}

function leaveFocus(old, target) {
  const { state } = old;
  if (state !== null && state.userEdited === true && !state.userChanged) {
    state.userChanged = true;              // :user-valid and :user-invalid hold from now on
    old.doc.version++;
  }
  if (state !== null && state.valueAtFocus !== undefined && state.userEdited && state.value !== state.valueAtFocus) {
    fireEvent(old, 'change', { __proto__: null, bubbles: true });
  }
  fireFocus(old, 'blur', false, target);
  fireFocus(old, 'focusout', true, target);
}

function fireFocus(el, type, bubbles, related) {
  fireEvent(el, type, {
    __proto__: null, bubbles, composed: true, interface: 'FocusEvent', relatedTarget: related ?? undefined, init: { __proto__: null, view: el.doc.window, detail: 0 },
  });
}
