// https://drafts.csswg.org/css-cascade-5/#cascading
// What changed in the tree, as the cascade needs to know it, so that a change costs what it may concern and not the whole document.
//
// Strategy. What rules match an element hangs on itself, on its ancestors, and on siblings of these. A change writes the version of the document (`mark`) to
// the element it is about: all in it may look different. Where a rule asked for siblings while it was matched, their parent knows (`siblings`), and
// gets the mark too. `doc.marked` counts the changes that are told of in this way; any other one (`doc.version` without it) makes everything
// old. What hangs on more (:has(), states of controls) is noted while it is matched, and matched again after every change.

import { SafeSet, StringPrototypeStartsWith } from '../../primordials.js';

// What the matching in progress asked for beyond elements, ancestors and siblings.
export const matchNotes = { __proto__: null, again: false, state: false };

// Bits of `siblings`
const SIBLING_PLACES = 1;           // how many there are, and where
const SIBLING_ATTRIBUTES = 2;       // what they are like

export function noteSiblingPlaces(el) {
  const { parent } = el;
  if (parent !== null && parent.nodeType === 1 && parent.cssom !== null) parent.cssom.siblings |= SIBLING_PLACES;
}

export function noteSiblings(el) {
  const { parent } = el;
  if (parent !== null && parent.nodeType === 1 && parent.cssom !== null) parent.cssom.siblings |= SIBLING_PLACES | SIBLING_ATTRIBUTES;
}

// Names that attribute selectors have spoken of
export const selectedAttributes = new SafeSet();

// Without a selector that speaks of them these change no style; `style` only that of the element itself.
const QUIET_ATTRIBUTES = new SafeSet(['style', 'tabindex', 'title', 'alt']);

function isQuiet(name) {
  return !selectedAttributes.has(name) && (QUIET_ATTRIBUTES.has(name) || StringPrototypeStartsWith(name, 'data-') || StringPrototypeStartsWith(name, 'aria-'));
}

// After doc.version counted a change of an attribute
export function markAttribute(el, name, namespace) {
  const { doc, cssom, parent } = el;
  doc.marked++;
  const above = parent !== null && parent.nodeType === 1 ? parent.cssom : null;
  if (cssom === null && above === null) return;
  if (namespace === null && isQuiet(name)) {
    if (name === 'style' && cssom !== null) cssom.restyle = true;
    return;
  }
  if (cssom !== null) cssom.mark = doc.version;
  if (above !== null && (above.siblings & SIBLING_ATTRIBUTES) !== 0) above.mark = doc.version;
}

// After doc.version counted that a node came or went
export function markNode(node) {
  if (node.nodeType === 1 && node.cssom !== null) node.cssom.mark = node.doc.version;
}

// Beside markNode, once for what changed in `parent`
export function markChildren(parent) {
  const { doc } = parent;
  if (parent.nodeType === 1) {
    doc.marked++;
    // The legend of a fieldset is not disabled.
    if (parent.cssom !== null && (parent.cssom.siblings !== 0 || parent.localName === 'fieldset')) parent.cssom.mark = doc.version;
  } else if (parent.nodeType === 11 && parent.isShadow !== true) doc.marked++;
}
