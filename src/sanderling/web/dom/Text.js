// https://dom.spec.whatwg.org/#interface-text

import { defineInterface } from '../webidl/interface.js';
import { StringPrototypeSlice } from '../primordials.js';
import { domException } from './DOMException.js';
import { createText } from './create.js';
import { insertNode, isTextNode } from './tree.js';
import { replaceData } from './CharacterData.js';
import { rangesAfterSplitting } from './live_ranges.js';
import { currentDocument } from '../html/realm.js';

// https://dom.spec.whatwg.org/#concept-text-split
export function splitText(node, offset) {
  const { length } = node.data;
  if (offset > length) throw domException('IndexSizeError', 'The offset ' + offset + ' is larger than the node\'s length (' + length + ').');
  const count = length - offset;
  const rest = createText(node.doc, StringPrototypeSlice(node.data, offset));
  if (node.parent !== null) {
    insertNode(rest, node.parent, node.next);
    if (node.doc.ranges.length > 0) rangesAfterSplitting(node, offset, rest);
  }
  replaceData(node, offset, count, '');
  return rest;
}

// https://dom.spec.whatwg.org/#dom-text-wholetext
function wholeText(node) {
  let first = node;
  while (first.prev !== null && isTextNode(first.prev)) first = first.prev;
  let text = '';
  for (let at = first; at !== null && isTextNode(at); at = at.next) text += at.data;
  return text;
}

export const textInterface = defineInterface(`
[Exposed=Window]
interface Text : CharacterData {
  constructor(optional DOMString data = "");
  [NewObject] Text splitText(unsigned long offset);
  readonly attribute DOMString wholeText;
};
Text includes Slottable;
`, {
  constructor: (data) => createText(currentDocument(), data),
  splitText,
  wholeText,
});

// https://dom.spec.whatwg.org/#interface-cdatasection
export const cdataSectionInterface = defineInterface(`
[Exposed=Window]
interface CDATASection : Text {};
`, {});
