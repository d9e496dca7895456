// https://html.spec.whatwg.org/multipage/semantics-other.html#selector-hover
// Which elements a document considers pointed at, pressed and focused. Input and focus() write it; selectors read it.

import { HTML_NS } from '../dom/namespaces.js';
import { SafeSet } from '../primordials.js';
import { labeledControl } from './forms/ValidityState.js';

// An element and what it stands in, through shadow roots to their hosts.
function chainHas(innermost, el) {
  for (let node = innermost ?? null; node !== null; node = node.nodeType === 11 ? (node.host ?? null) : node.parent) {
    if (node === el) return true;
  }
  return false;
}

export function hoverChainHas(el) {
  return chainHas(el.doc.hoveredElement, el);
}

// https://html.spec.whatwg.org/multipage/semantics-other.html#concept-selector-active: what is pressed, and what a label that is pressed stands for
export function activeChainHas(el) {
  const pressed = el.doc.pressedElement;
  if (pressed === null || pressed === undefined) return false;
  if (chainHas(pressed, el)) return true;
  for (let node = pressed; node !== null && node.nodeType === 1; node = node.parent) {
    if (node.localName === 'label' && node.namespace === HTML_NS) {
      const control = labeledControl(node);
      return control !== null && chainHas(control, el);
    }
  }
  return false;
}

// https://html.spec.whatwg.org/multipage/semantics-other.html#element-has-the-focus: also the host of a shadow tree that has it
export function hasFocus(el) {
  const { focusedElement } = el.doc;
  // A frame's element stands in the focus chain of what has it in its document (#focus-chain), but is none of its focusable areas.
  if (focusedElement === el) return el.localName !== 'iframe' && el.localName !== 'frame';
  return el.shadow !== null && focusedElement !== null && chainHas(focusedElement, el.shadow);
}

export function focusChainHas(el) {
  return chainHas(el.doc.focusedElement, el);
}

// The element under the pointer, or null; `doc` keeps it until the next call.
export function setHoveredElement(doc, el) {
  doc.hoveredElement = el;
}

// The element that a pointer is pressing, or null.
export function setPressedElement(doc, el) {
  doc.pressedElement = el;
}

// -- what clients force: https://chromedevtools.github.io/devtools-protocol/tot/CSS/#method-forcePseudoState -------------

// The pseudo-classes that elements of a document match because a client wants it.
class ForcedStates {
  constructor() {
    this.entries = [];           // { session, el, names }
    this.seesVisited = false;    // is a client asking for styles? Scripts of the page are told nothing of links that were visited.
  }

  // Is `el` forced to match the pseudo-class of that name? An ancestor of what is forced to have the focus has it within, as in Chromium.
  has(name, el) {
    if (name === 'visited' && !this.seesVisited) return false;
    const { entries } = this;
    for (let i = 0; i < entries.length; i++) {
      const { el: forced, names } = entries[i];
      if (forced === el && names.has(name)) return true;
      if (name !== 'focus-within' || forced === el) continue;
      if ((names.has('focus') || names.has('focus-within')) && chainHas(forced, el)) return true;
    }
    return false;
  }

  hasVisited() {
    for (let i = 0; i < this.entries.length; i++) if (this.entries[i].names.has('visited')) return true;
    return false;
  }
}

// Instead of what this session forced on the element before; `el` null: on any element of the document.
export function forceStates(doc, session, el, names) {
  const states = doc.forcedStates ?? new ForcedStates();
  const kept = [];
  for (let i = 0; i < states.entries.length; i++) {
    const entry = states.entries[i];
    if (entry.session !== session || (el !== null && entry.el !== el)) kept[kept.length] = entry;
  }
  if (names.length > 0) kept[kept.length] = { __proto__: null, session, el, names: new SafeSet(names) };
  states.entries = kept;
  doc.forcedStates = kept.length === 0 ? null : states;
}
