// https://w3c.github.io/accname/#mapping_additional_nd_te
// Accessible names and descriptions.

import { SafeSet, StringPrototypeTrim } from '../primordials.js';
import { getAttr, hasAttr } from '../dom/attributes.js';
import { HTML_NS, SVG_NS } from '../dom/namespaces.js';
import { descendantTextContent, nextInTree } from '../dom/tree.js';
import { flattenedSlottables } from '../dom/slots.js';
import { pseudoCascadeOf } from '../css/cssom/cascade.js';
import { computedCss, computedValueOf, displayOf, visibilityOf } from '../css/cssom/computed.js';
import { hidesItself, isRendered } from '../css/cssom/rendered.js';
import { cssComponents } from '../css/syntax/components.js';
import { isInert } from '../html/inert.js';
import { innerTextOf, transformText } from '../html/inner_text.js';
import { reflectedElements } from '../html/reflect.js';
import { firstSelected, optionText } from '../html/forms/options.js';
import { isEditable } from '../html/forms/states.js';
import { labelsOf } from '../html/forms/ValidityState.js';
import { accessibleRole, internalsAria } from './roles.js';

// https://w3c.github.io/aria/#namefromcontent
const NAME_FROM_CONTENT = new SafeSet([
  'button', 'cell', 'checkbox', 'columnheader', 'gridcell', 'heading', 'link', 'menuitem', 'menuitemcheckbox', 'menuitemradio', 'option', 'radio', 'row', 'rowheader', 'switch', 'tab',
  'tooltip', 'treeitem', 'DisclosureTriangle', 'term', 'math',
]);

const MAX_LEVELS = 200;            // of elements in a name

class NameState {
  constructor() {
    this.visited = new SafeSet();
    this.depth = 0;
    this.referring = false;        // what is named is referred to by an id: references from there are not followed
  }
}

function collapsed(text) {
  let out = '';
  let space = false;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (c === ' ' || c === '\n' || c === '\t' || c === '\r' || c === '\f') {
      space = true;
      continue;
    }
    if (space && out !== '') out += ' ';
    space = false;
    out += c;
  }
  return out;
}

export function referredElements(el, name) {
  const own = reflectedElements(el, name);
  if (own !== null) return own;
  const { custom } = el;
  return (custom === null || custom.internals === null || name !== 'aria-labelledby' ? null : custom.internals.aria.ariaLabelledByElements) ?? [];
}

// 2A. Hidden and not referred to.
export function isAccessibilityHidden(el) {
  if (!isRendered(el) || visibilityOf(el) !== 'visible') return displayOf(el) !== 'contents';
  for (let node = el; node !== null && node.nodeType === 1;) {
    if (getAttr(node, 'aria-hidden') === 'true') return true;
    const { parent } = node;
    node = parent !== null && parent.nodeType === 11 && parent.isShadow ? parent.host : parent;
  }
  return isInert(el);
}

// The name of the option that is selected below a list; null: there is none.
function selectedOption(el, state) {
  for (let node = nextInTree(el, el); node !== null; node = nextInTree(node, el)) {
    if (node.nodeType === 1 && getAttr(node, 'aria-selected') === 'true' && accessibleRole(node) === 'option') return nameOfNode(node, state, true);
  }
  return null;
}

// 2C. The value of a control inside of a label.
function embeddedValue(el, role, state) {
  switch (role) {
    case 'textbox': case 'searchbox':
      if (el.namespace === HTML_NS && (el.localName === 'input' || el.localName === 'textarea')) return el.state.value;
      return descendantTextContent(el);
    case 'combobox': case 'listbox': {
      if (el.namespace === HTML_NS && el.localName === 'select') {
        const option = firstSelected(el);
        return option === null ? '' : optionText(option);
      }
      if (el.namespace === HTML_NS && el.localName === 'input') return el.state.value;
      return selectedOption(el, state) ?? (role === 'combobox' ? descendantTextContent(el) : '');
    }
    case 'slider': case 'spinbutton': case 'progressbar': case 'meter':
      return getAttr(el, 'aria-valuetext') ?? getAttr(el, 'aria-valuenow') ?? (el.namespace === HTML_NS && el.localName === 'input' ? el.state.value : getAttr(el, 'value') ?? '');
    default: return null;
  }
}

function firstChildNamed(el, name) {
  for (let node = el.first; node !== null; node = node.next) if (node.nodeType === 1 && node.localName === name && node.namespace === el.namespace) return node;
  return null;
}

// 2D. What the host language says. https://w3c.github.io/html-aam/#accessible-name-and-description-computation; null: nothing
function nativeName(el, state) {
  if (el.namespace === SVG_NS) {
    const title = firstChildNamed(el, 'title');
    return title === null ? null : descendantTextContent(title);
  }
  if (el.namespace !== HTML_NS) return null;
  switch (el.localName) {
    case 'input': case 'textarea': case 'select': case 'meter': case 'progress': case 'output': case 'button': {
      const { type } = el.localName === 'input' ? el.state : { type: '' };
      if (type !== 'hidden') {
        const labels = labelsOf(el)?.nodes() ?? [];
        let text = '';
        for (let i = 0; i < labels.length; i++) text += ' ' + nameOfNode(labels[i], state, true);
        if (StringPrototypeTrim(text) !== '') return text;
      }
      if (type === 'submit') return getAttr(el, 'value') ?? 'Submit';
      if (type === 'reset') return getAttr(el, 'value') ?? 'Reset';
      if (type === 'button') return getAttr(el, 'value');
      if (type === 'image') return getAttr(el, 'alt') ?? getAttr(el, 'value') ?? getAttr(el, 'title') ?? 'Submit';
      return null;
    }
    case 'img': case 'area': return getAttr(el, 'alt');
    case 'fieldset': return childName(el, 'legend', state);
    case 'figure': return childName(el, 'figcaption', state);
    case 'table': return childName(el, 'caption', state);
    case 'optgroup': return getAttr(el, 'label');
    case 'option': return getAttr(el, 'label') ?? null;
    default: return null;
  }
}

function childName(el, name, state) {
  const child = firstChildNamed(el, name);
  return child === null ? null : nameOfNode(child, state, true);
}

function isInlineBox(el) {
  const display = displayOf(el);
  return display === 'inline' || display === 'contents' || display === 'inline-block' || display === 'inline-flex';
}

// 2F.ii. The text that a style sheet puts before or after what is in an element: the alternative that follows a slash, if there is one.
function generatedText(el, pseudo) {
  const cascade = pseudoCascadeOf(el, pseudo);
  const parts = cssComponents(computedCss(cascade, 'content')) ?? [];
  if (parts.length === 0 || (parts.length === 1 && parts[0].type === 'ident') || computedCss(cascade, 'display') === 'none') return '';
  let out = '';
  for (let i = 0; i < parts.length; i++) {
    const { type, value, args } = parts[i];
    if (type === 'delim' && value === '/') out = '';
    else if (type === 'string') out += value;
    else if (type === 'function' && value === 'attr' && args.length > 0) out += getAttr(el, args[0].value) ?? '';
  }
  return computedCss(cascade, 'display') === 'inline' ? out : ' ' + out + ' ';
}

// 2F. What is in it.
function contentName(el, state, hiddenToo) {
  const rendered = isRendered(el);
  const transform = rendered ? computedValueOf(el, 'text-transform') : 'none';
  const shown = hiddenToo || !rendered || visibilityOf(el) === 'visible';
  let out = rendered && shown ? generatedText(el, 'before') : '';
  const add = (node) => {
    if (node.nodeType === 3) out += !shown ? '' : transform === 'none' ? node.data : transformText(node.data, transform);
    else if (node.nodeType === 1) {
      if (node.namespace === HTML_NS && node.localName === 'br') {
        out += ' ';
        return;
      }
      const text = nameOfNode(node, state, true, false, hiddenToo);
      out += isInlineBox(node) && displayOf(node) === 'inline' ? text : ' ' + text + ' ';
    }
  };
  if (el.shadow !== null) for (let node = el.shadow.first; node !== null; node = node.next) add(node);
  else if (el.localName === 'slot' && el.namespace === HTML_NS && flattenedSlottables(el).length > 0) {
    const nodes = flattenedSlottables(el);
    for (let i = 0; i < nodes.length; i++) add(nodes[i]);
  } else for (let node = el.first; node !== null; node = node.next) add(node);
  const owned = referredElements(el, 'aria-owns');
  for (let i = 0; i < owned.length; i++) add(owned[i]);
  return rendered && shown ? out + generatedText(el, 'after') : out;
}

// `inside`: as a part of another name; `referred`: by an id; `hiddenToo`: in something hidden that was referred to by an id, so that being hidden does not count.
function nameOfNode(el, state, inside, referred = false, hiddenToo = false) {
  if (state.depth > MAX_LEVELS || (!referred && state.visited.has(el))) return '';
  const { parent } = el;
  if (referred) hiddenToo = isAccessibilityHidden(el);
  else if (inside && !hiddenToo) {
    if (getAttr(el, 'aria-hidden') === 'true' || hidesItself(el, parent !== null && parent.nodeType === 1 ? parent : null)) return '';
  }
  state.visited.add(el);
  state.depth++;
  // What is in something invisible may be visible.
  const visible = referred || !inside || hiddenToo || visibilityOf(el) === 'visible';
  const text = visible ? nameSteps(el, state, inside, hiddenToo) : el.first === null ? '' : contentName(el, state, false);
  state.depth--;
  return text;
}

function nameOfReferred(list, state) {
  const before = state.referring;
  state.referring = true;
  let text = '';
  for (let i = 0; i < list.length; i++) text += (i === 0 ? '' : ' ') + nameOfNode(list[i], state, true, true);
  state.referring = before;
  return text;
}

function nameSteps(el, state, inside, hiddenToo) {
  // As in Chromium a slot is no more than what is in it.
  if (el.localName === 'slot' && el.namespace === HTML_NS) return contentName(el, state, hiddenToo);
  // 2B.
  if (!state.referring) {
    const text = nameOfReferred(referredElements(el, 'aria-labelledby'), state);
    if (StringPrototypeTrim(text) !== '') return text;
  }
  const role = accessibleRole(el);
  // 2C.
  if (inside) {
    const value = embeddedValue(el, role, state);
    if (value !== null && state.depth > 1) return value;
  }
  // 2D. aria-label
  const label = getAttr(el, 'aria-label') ?? internalsAria(el, 'ariaLabel');
  if (label !== null && StringPrototypeTrim(label) !== '') return label;
  // 2E.
  if (role !== 'none' || el.localName !== 'img') {
    const native = nativeName(el, state);
    if (native !== null && StringPrototypeTrim(native) !== '') return native;
  }
  // 2F.
  let blank = '';                  // a space between words counts
  if (inside || NAME_FROM_CONTENT.has(role)) {
    const text = contentName(el, state, hiddenToo);
    if (StringPrototypeTrim(text) !== '') return text;
    blank = text;
  }
  // 2I. tooltip, and what Chromium and HTML-AAM add for fields
  const title = getAttr(el, 'title');
  if (title !== null && StringPrototypeTrim(title) !== '') return title;
  if (el.namespace === HTML_NS && (el.localName === 'input' || el.localName === 'textarea')) {
    if (el.localName === 'input' && el.state.type === 'file') return hasAttr(el, 'multiple') ? 'Choose Files' : 'Choose File';
    return getAttr(el, 'placeholder') ?? getAttr(el, 'aria-placeholder') ?? '';
  }
  if (el.namespace === HTML_NS && el.localName === 'summary') return 'Details';
  return blank;
}

export function accessibleName(el) {
  return collapsed(nameOfNode(el, new NameState(), false));
}

// https://w3c.github.io/accname/#computation-steps-description
export function accessibleDescription(el, name) {
  const referred = referredElements(el, 'aria-describedby');
  if (referred.length > 0) {
    return collapsed(nameOfReferred(referred, new NameState()));
  }
  const own = getAttr(el, 'aria-description');
  if (own !== null && StringPrototypeTrim(own) !== '') return collapsed(own);
  const title = hasAttr(el, 'title') ? collapsed(getAttr(el, 'title')) : '';
  return title === name ? '' : title;
}

// What a control holds, as its value in the tree; null: it holds none.
export function accessibleValue(el, role) {
  if (el.namespace === HTML_NS) {
    switch (el.localName) {
      case 'input':
        if (el.state.type === 'file') return filesText(el.state.files);
        if (role === 'checkbox' || role === 'radio' || role === 'button' || role === 'switch') return null;
        return el.state.type === 'password' ? bullets(el.state.value.length) : el.state.value;
      case 'textarea': return el.state.value;
      case 'select': {
        if (role === 'listbox') return null;
        const option = firstSelected(el);
        return option === null ? '' : optionText(option);
      }
      case 'progress': case 'meter': return getAttr(el, 'value');
      default:
    }
  }
  if (role === 'slider' || role === 'spinbutton' || role === 'progressbar' || role === 'meter' || role === 'scrollbar') {
    return getAttr(el, 'aria-valuenow') ?? getAttr(el, 'aria-valuetext');
  }
  if (role === 'textbox' || role === 'searchbox' || role === 'combobox' || (hasAttr(el, 'contenteditable') && isEditable(el))) return innerTextOf(el);
  return null;
}

function filesText(list) {
  const files = list === null ? [] : list.files;
  return files.length === 0 ? 'No file chosen' : files.length === 1 ? files[0].name : files.length + ' files';
}

function bullets(count) {
  let out = '';
  for (let i = 0; i < count; i++) out += '\u2022';
  return out;
}
