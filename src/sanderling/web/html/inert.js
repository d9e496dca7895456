// https://html.spec.whatwg.org/multipage/interaction.html#inert-subtrees
// Nodes that cannot be acted on: by the inert attribute, or because a modal dialog blocks the rest of their document.

import { hasAttr } from '../dom/attributes.js';
import { HTML_NS } from '../dom/namespaces.js';
import { flatParent } from '../css/cssom/cascade.js';
import { topModalDialog } from './top_layer.js';

export function isInert(el) {
  const { doc } = el;
  const modal = topModalDialog(doc);
  for (let node = el; node !== null && node !== undefined; node = flatParent(node)) {
    if (node.namespace === HTML_NS && hasAttr(node, 'inert')) return true;
    // The dialog escapes what makes its ancestors inert.
    if (node === modal) return isInFrameThatIsInert(doc);
  }
  return modal !== null || isInFrameThatIsInert(doc);
}

function isInFrameThatIsInert(doc) {
  const frame = doc.window === null ? null : doc.window.frameElement;
  return frame !== null && frame.doc.window !== null && isInert(frame);
}
