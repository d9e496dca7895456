// https://dom.spec.whatwg.org/#interface-characterdata

import { defineInterface } from '../webidl/interface.js';
import { CharacterDataImpl } from './node.js';
import { markText } from '../css/cssom/style_marks.js';
import { StringPrototypeSlice } from '../primordials.js';
import { domException } from './DOMException.js';
import { observing, queueDataRecord, treeWatch } from './mutation.js';
import { rangesAfterReplacingData } from './live_ranges.js';

// https://dom.spec.whatwg.org/#concept-cd-replace
export function replaceData(node, offset, count, data) {
  const { length } = node.data;
  if (offset > length) throw domException('IndexSizeError', 'The offset ' + offset + ' is larger than the node\'s length (' + length + ').');
  const taken = offset + count > length ? length - offset : count;
  const old = node.data;
  if (observing.count > 0) queueDataRecord(node, old);
  node.data = StringPrototypeSlice(old, 0, offset) + data + StringPrototypeSlice(old, offset + taken);
  afterDataChange(node, offset, taken, data.length);
}

function afterDataChange(node, offset, count, length) {
  const { doc, parent } = node;
  doc.version++;
  if (parent !== null) markText(parent);
  else doc.marked++;
  if (treeWatch.data !== null) treeWatch.data(node);
  if (doc.ranges.length > 0) rangesAfterReplacingData(node, offset, count, length);
  if (parent !== null && parent.nodeType === 1 && parent.def !== null && parent.def.childrenChanged !== null) parent.def.childrenChanged(parent);
}

export function setData(node, data) {
  const { length } = node.data;
  if (observing.count > 0) queueDataRecord(node, node.data);
  node.data = data;
  afterDataChange(node, 0, length, data.length);
}

export const characterDataInterface = defineInterface(`
[Exposed=Window]
interface CharacterData : Node {
  attribute [LegacyNullToEmptyString] DOMString data;
  readonly attribute unsigned long length;
  DOMString substringData(unsigned long offset, unsigned long count);
  undefined appendData(DOMString data);
  undefined insertData(unsigned long offset, DOMString data);
  undefined deleteData(unsigned long offset, unsigned long count);
  undefined replaceData(unsigned long offset, unsigned long count, DOMString data);
};
CharacterData includes ChildNode;
CharacterData includes NonDocumentTypeChildNode;
`, {
  data: { get: (self) => self.data, set: setData },
  length: (self) => self.data.length,
  // https://dom.spec.whatwg.org/#concept-cd-substring
  substringData(self, offset, count) {
    const { length } = self.data;
    if (offset > length) throw domException('IndexSizeError', 'The offset ' + offset + ' is larger than the node\'s length (' + length + ').');
    return StringPrototypeSlice(self.data, offset, offset + count);
  },
  appendData: (self, data) => replaceData(self, self.data.length, 0, data),
  insertData: (self, offset, data) => replaceData(self, offset, 0, data),
  deleteData: (self, offset, count) => replaceData(self, offset, count, ''),
  replaceData,
}, CharacterDataImpl);
