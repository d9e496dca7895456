// https://drafts.csswg.org/css-content-3/
// Generated content, as far as it takes room: text before and after what is in an element.

import { StringPrototypeSlice, StringPrototypeStartsWith } from '../../primordials.js';
import { rootOf } from '../../dom/tree.js';
import { getAttr } from '../../dom/attributes.js';
import { pseudoCascadeOf } from '../cssom/cascade.js';
import { computedCss } from '../cssom/computed.js';
import { cssComponents } from '../syntax/components.js';
import { hasAnySheet } from '../cssom/sheets.js';
import { styleIndexOf } from '../cssom/style_index.js';
import { layoutFactsOf } from './layout_facts.js';

// Is there any rule for such a pseudo-element in the sheets of its tree?
function isSpokenOf(el, name) {
  if (!hasAnySheet(el.doc)) return false;
  const root = rootOf(el);
  return (root.nodeType === 9 || root.isShadow === true) && styleIndexOf(root).pseudos.has(name);
}

// The cascade of a pseudo-element that generates a box; null: none does
export function generatedCascade(el, name) {
  if (!isSpokenOf(el, name)) return null;
  const cascade = pseudoCascadeOf(el, name);
  if (cascade.map === null || !cascade.map.has('content')) return null;
  const content = computedCss(cascade, 'content');
  return content === 'normal' || content === 'none' || computedCss(cascade, 'display') === 'none' ? null : cascade;
}

// { data, facts } of what stands in a line; null: nothing does. What is placed takes no room.
export function generatedInline(el, name) {
  const cascade = generatedCascade(el, name);
  if (cascade === null) return null;
  const position = computedCss(cascade, 'position');
  if (position === 'absolute' || position === 'fixed') return null;
  return { __proto__: null, data: textOfContent(el, computedCss(cascade, 'content')), facts: layoutFactsOf(el).text, cascade };
}

function textOfContent(el, content) {
  const list = cssComponents(content);
  let out = '';
  if (list === null) return out;
  for (let i = 0; i < list.length; i++) {
    const node = list[i];
    if (node.type === 'string') out += node.value;
    else if (node.type === 'function' && node.value === 'attr' && node.args.length > 0) out += getAttr(el, node.args[0].value) ?? '';
    else if (node.type === 'function' && StringPrototypeStartsWith(node.value, 'counter')) out += '1';
    else if (node.type === 'delim' || node.type === '/') break;
  }
  return StringPrototypeSlice(out, 0, 1000);
}
