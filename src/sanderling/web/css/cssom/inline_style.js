// https://drafts.csswg.org/cssom/#the-elementcssinlinestyle-mixin
// What CSSOM keeps with an element (`el.cssom`): its inline style, and the cascade's results for it.

import { getAttr, setAttr } from '../../dom/attributes.js';
import { allowsInline } from '../../html/csp.js';
import { motion } from '../animations/motion.js';
import { beforeStyleChange } from '../animations/watch.js';
import { CSSStyleDeclarationImpl } from './CSSStyleDeclaration.js';
import { parseCssDeclarations } from './declarations.js';

export class ElementCssom {
  constructor(el) {
    this.el = el;
    this.style = null;            // CSSStyleDeclaration impl of element.style
    this.inline = null;           // parsed style attribute, or null: to be parsed
    this.blocked = false;         // a policy forbids the style attribute
    this.writing = false;         // the style attribute is being set from the block
    this.cascade = null;          // results of the cascade (computed.js) and what they hold for
    this.cascadeStamp = null;
    this.pseudos = null;          // cascades of pseudo-elements by name
    this.mark = 0;                // version of the document at the last change that may concern what is in it (style_marks.js)
    this.lastMark = 0;            // the latest of its own mark and those of its ancestors
    this.siblings = 0;            // what rules asked of its children as siblings
    this.restyle = false;         // the style attribute changed
    this.kin = null;              // elements that rules cannot tell from it, or null (kin.js)
    this.rematch = false;         // its classes changed, which rules ask of it alone
    this.motions = null;          // animations of scripts that have a say (web-animations/playback.js)
    this.computed = null;         // CSSStyleDeclaration impls of getComputedStyle, by pseudo-element
  }

  // The style attribute changed (dom/attributes.js); null when it was removed.
  styleAttributeChanged() {
    if (this.writing) return;
    this.inline = null;
    const text = getAttr(this.el, 'style');
    this.blocked = text !== null && text !== '' && !allowsInline(this.el.doc, this.el, 'style attribute', text);
  }

  block() {
    if (this.inline === null) this.inline = parseCssDeclarations(this.blocked ? '' : getAttr(this.el, 'style') ?? '');
    return this.inline;
  }

  // https://drafts.csswg.org/cssom/#update-style-attribute-for
  write() {
    this.writing = true;
    this.blocked = false;
    try {
      setAttr(this.el, 'style', this.inline.text());
    } finally {
      this.writing = false;
    }
  }
}

class InlineStyleImpl extends CSSStyleDeclarationImpl {
  constructor(cssom) {
    super();
    this.cssom = cssom;
  }

  block() {
    return this.cssom.block();
  }

  changing() {
    if (motion.watched) beforeStyleChange(this.cssom.el, false);
  }

  changed() {
    this.cssom.write();
  }

  replace(text) {
    this.changing();
    this.cssom.inline = parseCssDeclarations(text);
    this.cssom.write();
  }
}

export function cssomOf(el) {
  return el.cssom ?? (el.cssom = new ElementCssom(el));
}

export function inlineStyleOf(el) {
  const cssom = cssomOf(el);
  return cssom.style ?? (cssom.style = new InlineStyleImpl(cssom));
}

// The declarations of the style attribute, or null when there is none.
export function inlineDeclarations(el) {
  if (el.attrs.length === 0) return null;
  const text = getAttr(el, 'style');
  if (text === null || text === '') return null;
  return cssomOf(el).block();
}
