// https://drafts.csswg.org/css-cascade-5/#cascading
// Which declaration wins for each property of an element, kept until the document changes.

import { SafeMap, SafeWeakMap } from '../../primordials.js';
import { cssAnimationDeclarations } from '../animations/css_animations.js';
import { motionDeclarations } from '../../web-animations/playback.js';
import { inlineDeclarations, cssomOf } from './inline_style.js';
import { importantOrder, matchingRules } from './style_index.js';
import { cssChanges } from './rules.js';
import { assignedSlotOf } from '../../dom/slots.js';
import { hasAnySheet } from './sheets.js';

// One declaration in the order of the cascade; `prev` is the next weaker one of the same property.
class CascadeEntry {
  constructor(declaration, layer, prev, sheet) {
    this.declaration = declaration;
    this.sheet = sheet;          // that it stands in, or null: URLs in it hang on the document's base
    this.layer = layer;          // what revert-layer goes back over
    this.prev = prev;
  }
}

// The outcome for an element or a pseudo-element.
export class ElementCascade {
  constructor(el, pseudo) {
    this.el = el;
    this.pseudo = pseudo;
    this.map = null;             // property to CascadeEntry; null: no author declaration
    this.values = new SafeMap(); // computed values, as they are asked for
    this.moved = false;          // animations have a say in it
    this.pending = null;         // expanded shorthands with var()
    this.resolving = null;       // custom properties in the making, for cycles
  }

  add(declaration, layer, sheet = null) {
    const map = this.map ?? (this.map = new SafeMap());
    const name = physicalCssName(declaration.name);
    map.set(name, new CascadeEntry(declaration, layer, map.get(name), sheet));
  }

  // Of animations
  addAll(declarations) {
    this.values = new SafeMap();
    this.moved = true;
    for (let i = 0; i < declarations.length; i++) this.add(declarations[i], declarations);
  }

  addBlock(block, important, layer, sheet = null) {
    const { names, map } = block;
    for (let i = 0; i < names.length; i++) {
      const declaration = map.get(names[i]);
      if (declaration.important === important) this.add(declaration, layer, sheet);
    }
  }
}

const CSS_LOGICAL = { __proto__: null, 'inline-size': 'width', 'block-size': 'height' };
for (const [logical, physical] of [['block-start', 'top'], ['block-end', 'bottom'], ['inline-start', 'left'], ['inline-end', 'right']]) {
  for (const base of ['margin', 'padding', 'scroll-margin', 'scroll-padding']) CSS_LOGICAL[base + '-' + logical] = base + '-' + physical;
  CSS_LOGICAL['inset-' + logical] = physical;
  for (const part of ['width', 'style', 'color']) CSS_LOGICAL['border-' + logical + '-' + part] = 'border-' + physical + '-' + part;
}
for (const limit of ['min', 'max']) {
  CSS_LOGICAL[limit + '-inline-size'] = limit + '-width';
  CSS_LOGICAL[limit + '-block-size'] = limit + '-height';
}
for (const [logical, physical] of [['start-start', 'top-left'], ['start-end', 'top-right'], ['end-start', 'bottom-left'], ['end-end', 'bottom-right']]) {
  CSS_LOGICAL['border-' + logical + '-radius'] = 'border-' + physical + '-radius';
}

// https://drafts.csswg.org/css-logical-1/, in horizontal writing from left to right: a flat layout has no other
export function physicalCssName(name) {
  return CSS_LOGICAL[name] ?? name;
}

// What caches of styles and boxes hold for: an object that is replaced when anything changed that they depend on.
class StyleStamp {
  constructor(doc) {
    const { window } = doc;
    this.version = doc.version;
    this.changes = cssChanges.count;
    this.focused = doc.focusedElement;
    this.focusVisible = doc.focusVisible;
    this.hovered = doc.hoveredElement;
    this.pressed = doc.pressedElement;
    this.target = doc.targetElement;
    this.width = window === null ? 0 : window.width;
    this.height = window === null ? 0 : window.height;
    this.doc = doc;
  }

  holds(doc) {
    const { window } = doc;
    return this.doc === doc && this.version === doc.version && this.changes === cssChanges.count && this.focused === doc.focusedElement && this.focusVisible === doc.focusVisible && this.hovered === doc.hoveredElement
      && this.pressed === doc.pressedElement && this.target === doc.targetElement && (window === null || (this.width === window.width && this.height === window.height));
  }
}

let lastStamp = null;
const stampsOfFrames = new SafeWeakMap();  // by document, where another one was looked at in between

export function styleStamp(doc) {
  if (lastStamp !== null) {
    if (lastStamp.holds(doc)) return lastStamp;
    if (lastStamp.doc !== doc) {
      stampsOfFrames.set(lastStamp.doc, lastStamp);
      const known = stampsOfFrames.get(doc);
      if (known !== undefined && known.holds(doc)) {
        lastStamp = known;
        return known;
      }
    }
  }
  lastStamp = new StyleStamp(doc);
  return lastStamp;
}

function buildCascade(el, pseudo, still) {
  const out = new ElementCascade(el, pseudo);
  const inline = pseudo === '' ? inlineDeclarations(el) : null;
  const rules = hasAnySheet(el.doc) ? matchingRules(el, pseudo) : [];
  let anyImportant = false;
  for (let i = 0; i < rules.length; i++) {
    const block = rules[i].style.block();
    out.addBlock(block, false, rules[i].layer, rules[i].style.parentRule.sheet);
    if (!anyImportant) for (let j = 0; j < block.names.length && !anyImportant; j++) anyImportant = block.map.get(block.names[j]).important;
  }
  if (inline !== null) out.addBlock(inline, false, inline);
  // Animations stand above normal declarations, and below important ones.
  if (!still && out.map !== null && out.map.has('animation-name')) out.addAll(cssAnimationDeclarations(out));
  if (!still && pseudo === '' && el.cssom.motions !== null && el.cssom.motions.size > 0) out.addAll(motionDeclarations(el));
  if (anyImportant) {
    const order = importantOrder(rules);
    for (let i = 0; i < order.length; i++) out.addBlock(order[i].style.block(), true, order[i].layer, order[i].style.parentRule.sheet);
  }
  if (inline !== null) out.addBlock(inline, true, inline);
  return out;
}

export function cascadeOf(el) {
  const cssom = cssomOf(el);
  const stamp = styleStamp(el.doc);
  if (cssom.cascadeStamp !== stamp) {
    cssom.cascadeStamp = stamp;
    cssom.cascade = buildCascade(el, '', false);
    cssom.pseudos = null;
  }
  return cssom.cascade;
}

// https://drafts.csswg.org/css-transitions-2/#before-change-style: without what animates the element
export function stillCascadeOf(el) {
  const cascade = cascadeOf(el);
  return cascade.moved ? buildCascade(el, '', true) : cascade;
}

export function pseudoCascadeOf(el, pseudo) {
  cascadeOf(el);
  const { cssom } = el;
  const pseudos = cssom.pseudos ?? (cssom.pseudos = new SafeMap());
  let cascade = pseudos.get(pseudo);
  if (cascade === undefined) {
    cascade = buildCascade(el, pseudo, false);
    pseudos.set(pseudo, cascade);
  }
  return cascade;
}

// https://drafts.csswg.org/css-scoping-1/#flat-tree: the parent in the flat tree, an element or null; undefined: the node is not in it
export function flatParent(node) {
  const { parent } = node;
  if (parent === null) return null;
  if (parent.nodeType === 11) return parent.isShadow ? parent.host : null;
  if (parent.nodeType !== 1) return null;
  if (parent.shadow !== null) return assignedSlotOf(node) ?? undefined;
  return parent;
}
