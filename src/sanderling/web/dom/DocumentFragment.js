// https://dom.spec.whatwg.org/#interface-documentfragment

import { defineInterface } from '../webidl/interface.js';
import { createFragment } from './create.js';
import { nextInTree } from './tree.js';
import { currentDocument } from '../html/realm.js';

// https://dom.spec.whatwg.org/#interface-nonelementparentnode
export function elementByIdIn(root, id) {
  if (id === '') return null;
  for (let node = root.first; node !== null; node = nextInTree(node, root)) if (node.nodeType === 1 && node.elementId === id) return node;
  return null;
}

export const documentFragmentInterface = defineInterface(`
[Exposed=Window]
interface DocumentFragment : Node {
  constructor();
  Element? getElementById(DOMString elementId);
};
DocumentFragment includes ParentNode;
`, {
  constructor: () => createFragment(currentDocument()),
  getElementById: elementByIdIn,
});
