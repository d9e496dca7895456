// https://html.spec.whatwg.org/multipage/form-elements.html#the-select-element
// Options of a select: which there are, which is selected, and what keeps at least one of them so.

import { getAttr, hasAttr } from '../../dom/attributes.js';
import { HTML_NS, SVG_NS } from '../../dom/namespaces.js';
import { NumberParseInt, RegExpPrototypeExec } from '../../primordials.js';
import { isDisabled } from './states.js';

function isHtmlNamed(node, name) {
  return node !== null && node.nodeType === 1 && node.localName === name && node.namespace === HTML_NS;
}

// https://html.spec.whatwg.org/multipage/form-elements.html#concept-select-option-list
export function optionsOf(select) {
  const out = [];
  for (let node = select.first; node !== null; node = node.next) {
    if (isHtmlNamed(node, 'option')) out[out.length] = node;
    else if (isHtmlNamed(node, 'optgroup')) {
      for (let inner = node.first; inner !== null; inner = inner.next) if (isHtmlNamed(inner, 'option')) out[out.length] = inner;
    }
  }
  return out;
}

// The select whose list of options has `option`, or null
export function selectOf(option) {
  const { parent } = option;
  if (isHtmlNamed(parent, 'select')) return parent;
  if (isHtmlNamed(parent, 'optgroup') && isHtmlNamed(parent.parent, 'select')) return parent.parent;
  return null;
}

export function isMultiple(select) {
  return hasAttr(select, 'multiple');
}

// https://html.spec.whatwg.org/multipage/form-elements.html#concept-select-size
export function displaySize(select) {
  const text = getAttr(select, 'size');
  const m = text === null ? null : RegExpPrototypeExec(/^[ \t\n\f\r]*\+?(\d+)/, text);
  if (m !== null) return NumberParseInt(m[1], 10);
  return isMultiple(select) ? 4 : 1;
}

// https://html.spec.whatwg.org/multipage/form-elements.html#placeholder-label-option
export function placeholderOption(select) {
  if (!hasAttr(select, 'required') || isMultiple(select) || displaySize(select) !== 1) return null;
  const options = optionsOf(select);
  if (options.length === 0) return null;
  const first = options[0];
  return first.parent === select && optionValue(first) === '' ? first : null;
}

// https://html.spec.whatwg.org/multipage/form-elements.html#concept-option-value
export function optionValue(option) {
  return getAttr(option, 'value') ?? optionText(option);
}

// https://html.spec.whatwg.org/multipage/form-elements.html#dom-option-text: without scripts, white space stripped and collapsed
export function optionText(option) {
  let out = '';
  let space = false;
  let node = option.first;
  while (node !== null) {
    const script = node.nodeType === 1 && node.localName === 'script' && (node.namespace === HTML_NS || node.namespace === SVG_NS);
    if (node.nodeType === 3 || node.nodeType === 4) {
      const { data } = node;
      for (let i = 0; i < data.length; i++) {
        const c = data[i];
        if (c === ' ' || c === '\n' || c === '\t' || c === '\r' || c === '\f') {
          space = true;
        } else {
          if (space && out !== '') out += ' ';
          space = false;
          out += c;
        }
      }
    }
    if (!script && node.first !== null) {
      node = node.first;
      continue;
    }
    while (node !== option && node.next === null) node = node.parent;
    node = node === option ? null : node.next;
  }
  return out;
}

export function firstSelected(select) {
  const options = optionsOf(select);
  for (let i = 0; i < options.length; i++) if (options[i].state.selected) return options[i];
  return null;
}

// https://html.spec.whatwg.org/multipage/form-elements.html#selectedness-setting-algorithm
export function settleSelectedness(select) {
  if (isMultiple(select)) return;
  const options = optionsOf(select);
  let last = -1;
  for (let i = 0; i < options.length; i++) if (options[i].state.selected) last = i;
  if (last === -1) {
    if (displaySize(select) !== 1) return;
    for (let i = 0; i < options.length; i++) {
      if (isDisabled(options[i])) continue;
      options[i].state.selected = true;
      return;
    }
    return;
  }
  for (let i = 0; i < last; i++) options[i].state.selected = false;
}

// Select `option` as a user or script does: where only one may be, the others give way.
export function selectOption(option, selected) {
  option.state.selected = selected;
  const select = selectOf(option);
  if (select === null) return;
  if (selected && !isMultiple(select)) {
    const options = optionsOf(select);
    for (let i = 0; i < options.length; i++) if (options[i] !== option) options[i].state.selected = false;
  }
  settleSelectedness(select);
}
