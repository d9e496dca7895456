// https://drafts.csswg.org/css-cascade-5/#filtering
// Elements that rules cannot tell apart: of one name and class, with nothing else that selectors ask for, in elements of which the same holds. The rules
// that match them are looked for once, as long as these asked for nothing but them and what is around them.

import { SafeMap, SafeSet, StringPrototypeIncludes } from '../../primordials.js';
import { HTML_NS } from '../../dom/namespaces.js';
import { selectedAttributes, selectedIds, selectedValues } from './style_marks.js';

// What pseudo-classes ask for that are not noted while they are matched (css/selectors/compile.js), and what leads to other trees
const TELLING_ATTRIBUTES = new SafeSet(['disabled', 'required', 'type', 'open', 'muted', 'is', 'part', 'slot']);

// Media may be muted without the attribute; the first legend of a fieldset is not disabled.
const SINGULAR = { __proto__: null, video: true, audio: true, legend: true };

// What an element's children are told apart by at a time: a page may make up names without end, and then none comes again.
const MAX_KINDS = 512;

export class Kin {
  constructor() {
    this.children = null;        // by name, then by class
    this.kinds = 0;              // how many they are
    this.outcome = null;         // MatchOutcome, once known
    this.state = false;          // does it hang on what is hovered, focused and the like? It holds while nothing is.
  }

  // Those of this name and class in an element of these
  child(name, classes) {
    let names = this.children;
    if (names === null || this.kinds === MAX_KINDS) {
      names = this.children = new SafeMap();
      this.kinds = 0;
    }
    let byClass = names.get(name);
    if (byClass === undefined) {
      byClass = new SafeMap();
      names.set(name, byClass);
    }
    let kin = byClass.get(classes);
    if (kin === undefined) {
      kin = new Kin();
      byClass.set(classes, kin);
      this.kinds++;
    }
    return kin;
  }
}

// The kin of an element in one of `around`; null: it has none
export function kinIn(around, el) {
  if (el.shadow !== null || el.custom !== null || el.doc.quirks || SINGULAR[el.localName] || StringPrototypeIncludes(el.localName, '-')) return null;
  const { attrs } = el;
  let name = el.namespace === HTML_NS ? el.localName : el.localName + '|' + el.namespace;
  let classes = '';
  for (let i = 0; i < attrs.length; i++) {
    const { localName, namespace, value } = attrs[i];
    if (namespace !== null) return null;
    if (localName === 'class') {
      classes = value;
      if (value === '') name += '[class';
      continue;
    }
    const told = localName === 'id' ? selectedIds.has(value) : TELLING_ATTRIBUTES.has(localName);
    if (told || selectedValues.has(localName)) name += '[' + localName + '=' + value;
    else if (selectedAttributes.has(localName) || localName === 'href') name += '[' + localName;
  }
  return around.child(name, classes);
}
