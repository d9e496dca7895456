// https://drafts.csswg.org/css-cascade-5/#cascading
// What changed in the tree, as the cascade needs to know it, so that a change costs what it may concern and not the whole document.
//
// Strategy. What rules match an element hangs on itself, on its ancestors, and on siblings of these. A change writes the version of the document (`mark`) to
// the element it is about: all in it may look different. Where a rule asked for siblings while it was matched, their parent knows (`siblings`): those that
// the change may concern get the mark too, or the parent, where there may be many. `doc.marked` counts the changes that are told of in this way; any other one (`doc.version` without it) makes everything
// old. What hangs on more (:has(), states of controls) is noted while it is matched, and matched again after every change. `doc.quiet` counts the
// changes that no style and no box hangs on.
//
// The flat layout asks for less: it lays out anew what lost LAID_OUT. An element loses it, and all around it do, when something in it changed; with
// LOOKS_NEW everything in it is laid out anew, too.

import { MathMax, SafeMap, SafeSet, StringPrototypeStartsWith } from '../../primordials.js';
import { CONNECTED, LAID_OUT, LOOKS_NEW } from '../../dom/node.js';
import { splitTokens } from '../../dom/collections.js';
import { hasClassToken } from '../selectors/names.js';
import { flatParent } from './cascade.js';
import { cssomOf } from './inline_style.js';

// What the matching in progress asked for beyond elements and ancestors; `placed`: for siblings, or for what is in the element.
export const matchNotes = { __proto__: null, again: false, state: false, placed: false };

// Bits of `siblings`: what rules asked
export const SIBLING_FIRST = 1;     // is it the first child?
export const SIBLING_LAST = 2;      // is it the last one?
export const SIBLINGS_BEFORE = 4;   // how many are there before it, and of what type?
export const SIBLINGS_AFTER = 8;
export const SIBLING_NEAR = 16;     // what is the one before it like, by how many `+`: siblingSteps
export const SIBLINGS_LIKE = 32;    // what are any others like?

export const IS_EMPTY = 64;         // not of siblings: is there nothing in this element itself?

// How many `+` there are in one selector, at most
export const siblingSteps = { __proto__: null, most: 1 };

export function noteSiblings(el, bits) {
  const { parent } = el;
  matchNotes.placed = true;
  if (parent !== null && parent.nodeType === 1 && parent.cssom !== null) parent.cssom.siblings |= bits;
}

// Names that attribute selectors have spoken of
export const selectedAttributes = new SafeSet();
// Those whose values they have asked for
export const selectedValues = new SafeSet();
// Ids that selectors have spoken of
export const selectedIds = new SafeSet();
// Classes that selectors have spoken of: true where they asked for them in other elements than the subject
const selectedClasses = new SafeMap();

export function noteSelectedAttribute(name, withValue) {
  selectedAttributes.add(name);
  if (withValue) selectedValues.add(name);
}

export function noteSelectedClass(name, elsewhere) {
  if (elsewhere || !selectedClasses.has(name)) selectedClasses.set(name, elsewhere);
}

const NOTHING = 0;
const ITSELF = 1;
const ANYTHING = 2;

// What may look different when the classes of an element were `old` and are `value`?
function reachOfClasses(el, old, value) {
  if (el.doc.quirks || selectedValues.has('class') || ((old === null || value === null) && selectedAttributes.has('class'))) return ANYTHING;
  const before = old === null ? '' : old;
  const now = value === null ? '' : value;
  const reach = reachOfTokens(before, now);
  return reach === ANYTHING ? reach : MathMax(reach, reachOfTokens(now, before));
}

// Of those in `text` that are not in `other`
function reachOfTokens(text, other) {
  let reach = NOTHING;
  const tokens = splitTokens(text);
  for (let i = 0; i < tokens.length; i++) {
    if (hasClassToken(other, tokens[i])) continue;
    const elsewhere = selectedClasses.get(tokens[i]);
    if (elsewhere === true) return ANYTHING;
    if (elsewhere === false) reach = ITSELF;
  }
  return reach;
}

// Without a selector that speaks of them these change no style; `style` only that of the element itself.
const QUIET_ATTRIBUTES = new SafeSet(['style', 'tabindex', 'title', 'alt']);

function isQuiet(name) {
  return !selectedAttributes.has(name) && (QUIET_ATTRIBUTES.has(name) || StringPrototypeStartsWith(name, 'data-') || StringPrototypeStartsWith(name, 'aria-'));
}

export function noteEmpty(el) {
  matchNotes.placed = true;
  cssomOf(el).siblings |= IS_EMPTY;
}

// Something changed that the box of an element, or one in it, may hang on.
export function boxChanged(el) {
  for (let at = el; at !== null && at !== undefined && (at.flags & LAID_OUT) !== 0; at = flatParent(at)) at.flags &= ~LAID_OUT;
}

function looksNew(el) {
  if ((el.flags & CONNECTED) === 0) return;
  boxChanged(el);
  el.flags |= LOOKS_NEW;
}

// After doc.version counted a change of an attribute
export function markAttribute(el, name, namespace, old, value) {
  const { doc, cssom } = el;
  doc.marked++;
  if (name === 'class' && namespace === null && cssom !== null) {
    const reach = reachOfClasses(el, old, value);
    if (reach === NOTHING) doc.quiet++;
    else if (reach === ITSELF) {
      cssom.rematch = true;
      boxChanged(el);
    }
    if (reach !== ANYTHING) return;
  }
  if (namespace === null && isQuiet(name)) {
    if (name !== 'style') doc.quiet++;
    else {
      if (cssom !== null) cssom.restyle = true;
      boxChanged(el);
    }
    return;
  }
  markAll(el);
  markSiblingsLike(el);
}

// What asked an element how it is, as a sibling of it
function markSiblingsLike(el) {
  const { parent } = el;
  const above = parent !== null && parent.nodeType === 1 ? parent.cssom : null;
  if (above === null || above.siblings === 0) return;
  if ((above.siblings & SIBLINGS_LIKE) !== 0) markAll(parent);
  else if ((above.siblings & SIBLING_NEAR) !== 0) markNext(el.next, siblingSteps.most);
}

function markAll(el) {
  looksNew(el);
  if (el.cssom !== null) el.cssom.mark = el.doc.version;
}

// This many elements from `start` on
function markNext(start, count) {
  let left = count;
  for (let node = start; node !== null && left > 0; node = node.next) {
    if (node.nodeType !== 1) continue;
    markAll(node);
    left--;
  }
}

// An element came or went between these two siblings.
function markSiblings(parent, prev, next) {
  const { siblings } = parent.cssom;
  let before = prev;
  while (before !== null && before.nodeType !== 1) before = before.prev;
  let after = next;
  while (after !== null && after.nodeType !== 1) after = after.next;
  if ((after !== null && (siblings & (SIBLINGS_BEFORE | SIBLINGS_LIKE)) !== 0) || (before !== null && (siblings & SIBLINGS_AFTER) !== 0)) {
    markAll(parent);
    return;
  }
  // What follows the first child may hang on that it is the first.
  if ((siblings & SIBLING_NEAR) !== 0) markNext(after, siblingSteps.most + 1);
  else if ((siblings & SIBLING_FIRST) !== 0 && before === null && after !== null) markAll(after);
  if ((siblings & SIBLING_LAST) !== 0 && after === null && before !== null) markAll(before);
}

// What is in an element changed: text or children.
function markContent(el) {
  if ((el.cssom.siblings & IS_EMPTY) === 0) return;
  markAll(el);
  markSiblingsLike(el);
}

// After doc.version counted that a text changed
export function markText(el) {
  el.doc.marked++;
  if (el.nodeType !== 1) return;
  boxChanged(el);
  if (el.cssom !== null) markContent(el);
}

// After doc.version counted that a node came or went
export function markNode(node) {
  if (node.nodeType === 1) markAll(node);
}

// Beside markNode, once for what changed in `parent`, between two of its children or null; `elements`: may there be elements in it?
export function markChildren(parent, prev, next, elements) {
  const { doc } = parent;
  if (parent.nodeType === 1) {
    doc.marked++;
    boxChanged(parent);
    if (parent.cssom === null) return;
    markContent(parent);
    if (!elements) return;
    // The legend of a fieldset is not disabled.
    if (parent.localName === 'fieldset') markAll(parent);
    else if (parent.cssom.siblings !== 0) markSiblings(parent, prev, next);
  } else if (parent.nodeType === 11) {
    doc.marked++;
    if (parent.isShadow !== true) return;
    markAll(parent.host);
  }
}
