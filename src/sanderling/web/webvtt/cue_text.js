// https://w3c.github.io/webvtt/#cue-text-parsing-rules
// The text of a cue as DOM nodes.

import { setAttr } from '../dom/attributes.js';
import { createElement, createFragment, createProcessingInstruction, createText } from '../dom/create.js';
import { appendNode, childTextContent } from '../dom/tree.js';
import { parseFragment } from '../domparsing/fragment.js';
import { RegExpPrototypeExec, StringPrototypeIndexOf, StringPrototypeReplaceAll, StringPrototypeSlice, StringPrototypeSplit } from '../primordials.js';

const CUE_ELEMENTS = { __proto__: null, c: 'span', i: 'i', b: 'b', u: 'u', ruby: 'ruby', rt: 'rt', v: 'span', lang: 'span' };
const CUE_TAG = /^(\/?)([^\t\n\f\r .>]*)((?:\.[^\t\n\f\r .>]*)*)(?:[\t\n\f\r ]([^>]*))?$/;
const CUE_TIMESTAMP = /^(?:(\d{2,}):)?([0-5]\d):([0-5]\d)\.(\d{3})$/;

// Character references as HTML has them; markup in between was taken out before.
function decodeReferences(doc, text) {
  if (StringPrototypeIndexOf(text, '&') < 0) return text;
  return childTextContent(parseFragment(createElement(doc, 'span'), StringPrototypeReplaceAll(text, '<', '&lt;')));
}

function collapseSpaces(text) {
  const words = StringPrototypeSplit(StringPrototypeReplaceAll(StringPrototypeReplaceAll(StringPrototypeReplaceAll(text, '\t', ' '), '\n', ' '), '\f', ' '), ' ');
  let out = '';
  for (let i = 0; i < words.length; i++) if (words[i] !== '') out += (out === '' ? '' : ' ') + words[i];
  return out;
}

export function cueFragment(doc, text) {
  const fragment = createFragment(doc);
  let current = fragment;
  if (text === '') appendNode(createText(doc, ''), fragment);
  const open = [];          // { name, parent }
  let at = 0;
  while (at < text.length) {
    let start = StringPrototypeIndexOf(text, '<', at);
    if (start < 0) start = text.length;
    if (start > at) appendNode(createText(doc, decodeReferences(doc, StringPrototypeSlice(text, at, start))), current);
    if (start >= text.length) break;
    let end = StringPrototypeIndexOf(text, '>', start);
    if (end < 0) end = text.length;
    const tag = StringPrototypeSlice(text, start + 1, end);
    at = end + 1;
    const top = open.length === 0 ? '' : open[open.length - 1].name;
    if (tag[0] >= '0' && tag[0] <= '9') {
      const time = RegExpPrototypeExec(CUE_TIMESTAMP, tag);
      if (time !== null) appendNode(createProcessingInstruction(doc, 'timestamp', (time[1] ?? '00') + ':' + time[2] + ':' + time[3] + '.' + time[4]), current);
      continue;
    }
    const found = RegExpPrototypeExec(CUE_TAG, tag);
    if (found === null) continue;
    const name = found[2];
    if (found[1] === '/') {
      // An end tag closes what is open; </ruby> closes its <rt>, too.
      let depth = open.length;
      if (top !== '' && name === top) depth--;
      else if (name === 'ruby' && top === 'rt') depth -= 2;
      if (depth === open.length) continue;
      current = open[depth].parent;
      open.length = depth;
      continue;
    }
    if (CUE_ELEMENTS[name] === undefined || (name === 'rt' && top !== 'ruby')) continue;
    const el = createElement(doc, CUE_ELEMENTS[name]);
    if (found[3] !== '') {
      const classes = StringPrototypeSplit(found[3], '.');
      let list = '';
      for (let i = 0; i < classes.length; i++) if (classes[i] !== '') list += (list === '' ? '' : ' ') + classes[i];
      if (list !== '') setAttr(el, 'class', list);
    }
    if (name === 'v' || name === 'lang') setAttr(el, name === 'v' ? 'title' : 'lang', collapseSpaces(decodeReferences(doc, found[4] ?? '')));
    appendNode(el, current);
    open[open.length] = { __proto__: null, name, parent: current };
    current = el;
  }
  return fragment;
}
