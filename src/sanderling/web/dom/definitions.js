// https://html.spec.whatwg.org/multipage/dom.html#elements-in-the-dom
// What an element does, by namespace and local name: which interface it has, and what happens when it is made, inserted, changed.

import { SafeMap, StringPrototypeCharCodeAt } from '../primordials.js';
import { HTML_NS, MATHML_NS, SVG_NS } from './namespaces.js';

export class ElementDefinition {
  constructor(options) {
    this.iface = options.iface;
    this.created = options.created ?? null;                     // (el)
    this.linked = options.linked ?? null;                       // (el): it got a parent, connected or not
    this.inserted = options.inserted ?? null;                   // (el): became connected; script forbidden
    this.postConnected = options.postConnected ?? null;         // (el): after the whole insertion; script allowed
    this.removed = options.removed ?? null;                     // (el, oldParent): was connected
    this.unlinked = options.unlinked ?? null;                   // (el, oldParent): lost its parent
    this.attributeChanged = options.attributeChanged ?? null;   // (el, localName, oldValue, value, namespace)
    this.childrenChanged = options.childrenChanged ?? null;     // (el, removed): removed: a child was taken out
    this.cloned = options.cloned ?? null;                       // (copy, source, deep)
    this.adopted = options.adopted ?? null;                     // (el, oldDocument)
    this.popped = options.popped ?? null;                       // (el): the parser took it off its stack
    this.activationBehavior = options.activationBehavior;       // (el, event)
    this.auxiliaryActivation = options.auxiliaryActivation === true; // also by the middle button
    this.activates = options.activates ?? null;                 // (el): does it have an activation behavior now?
    this.legacyPreActivation = options.legacyPreActivation;
    this.legacyCanceledActivation = options.legacyCanceledActivation;
  }
}

const htmlDefinitions = new SafeMap();
const svgDefinitions = new SafeMap();
const mathmlDefinitions = new SafeMap();
export const fallbacks = { __proto__: null, element: null, html: null, htmlUnknown: null, svg: null, mathml: null };

function definitionTable(namespace) {
  return namespace === HTML_NS ? htmlDefinitions : namespace === SVG_NS ? svgDefinitions : namespace === MATHML_NS ? mathmlDefinitions : null;
}

export function defineElement(options) {
  const definition = new ElementDefinition(options);
  const table = definitionTable(options.namespace ?? HTML_NS);
  for (let i = 0; i < options.names.length; i++) table.set(options.names[i], definition);
  return definition;
}

export function definitionOf(localName, namespace) {
  const table = definitionTable(namespace);
  return table === null ? null : table.get(localName) ?? null;
}

// https://html.spec.whatwg.org/multipage/dom.html#htmlunknownelement
export function interfaceFor(definition, localName, namespace) {
  if (definition !== null) return definition.iface;
  if (namespace === HTML_NS) return isCustomName(localName) ? fallbacks.html : fallbacks.htmlUnknown;
  if (namespace === SVG_NS) return fallbacks.svg;
  if (namespace === MATHML_NS) return fallbacks.mathml;
  return fallbacks.element;
}

const RESERVED_NAMES = new SafeMap();
for (const name of ['annotation-xml', 'color-profile', 'font-face', 'font-face-src', 'font-face-uri', 'font-face-format', 'font-face-name', 'missing-glyph']) RESERVED_NAMES.set(name, true);

// https://html.spec.whatwg.org/multipage/custom-elements.html#valid-custom-element-name
export function isCustomName(name) {
  const first = StringPrototypeCharCodeAt(name, 0);
  if (!(first >= 97 && first <= 122)) return false;
  let hyphen = false;
  for (let i = 0; i < name.length; i++) {
    const code = StringPrototypeCharCodeAt(name, i);
    if (code === 45) hyphen = true;
    else if ((code >= 65 && code <= 90) || code === 0 || code === 9 || code === 10 || code === 12 || code === 13 || code === 32 || code === 47 || code === 62) return false;
  }
  return hyphen && !RESERVED_NAMES.has(name);
}
