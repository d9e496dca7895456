// https://html.spec.whatwg.org/multipage/interactive-elements.html
// details and summary.

import { defineInterface } from '../../webidl/interface.js';
import { defineElement } from '../../dom/definitions.js';
import { getAttr, hasAttr, removeAttr, setAttr } from '../../dom/attributes.js';
import { HTML_NS } from '../../dom/namespaces.js';
import { nextInTree, rootOf } from '../../dom/tree.js';
import { htmlElementInterface } from '../HTMLElement.js';
import { queueToggleEvent } from '../toggle_events.js';

// -- details -----------------------------------------------------------------------------------------------------------

class DetailsState {
  constructor() {
    this.toggle = null;            // details toggle task tracker: { oldState, cancelled }
  }
}

// https://html.spec.whatwg.org/multipage/interactive-elements.html#details-name-group: one open at a time
function forEachOpenOfGroup(el, visit) {
  const name = getAttr(el, 'name');
  if (name === null || name === '') return;
  const root = rootOf(el);
  const open = [];
  for (let node = root; node !== null; node = nextInTree(node, root)) {
    if (node !== el && node.nodeType === 1 && node.localName === 'details' && node.namespace === HTML_NS && getAttr(node, 'name') === name && hasAttr(node, 'open')) {
      open[open.length] = node;
    }
  }
  for (let i = 0; i < open.length; i++) visit(open[i]);
}

defineElement({
  __proto__: null,
  names: ['details'],
  created(el) {
    el.state = new DetailsState();
  },
  attributeChanged(el, name, oldValue, value, namespace) {
    if (namespace !== null) return;
    if (name === 'open') {
      if (oldValue === null && value !== null) {
        queueToggleEvent(el, el.state, 'closed', 'open', null);
        forEachOpenOfGroup(el, (other) => removeAttr(other, 'open'));
      } else if (oldValue !== null && value === null) queueToggleEvent(el, el.state, 'open', 'closed', null);
    } else if (name === 'name') closeIfTaken(el);
  },
  linked: closeIfTaken,
  iface: defineInterface(`
[Exposed=Window]
interface HTMLDetailsElement : HTMLElement {
  [HTMLConstructor] constructor();
  [CEReactions, Reflect] attribute DOMString name;
  [CEReactions, Reflect] attribute boolean open;
};
`, {}),
});

// https://html.spec.whatwg.org/multipage/interactive-elements.html#ensure-details-exclusivity-by-closing-the-given-element-if-needed
function closeIfTaken(el) {
  if (!hasAttr(el, 'open')) return;
  let taken = false;
  forEachOpenOfGroup(el, () => {
    taken = true;
  });
  if (taken) removeAttr(el, 'open');
}

// https://html.spec.whatwg.org/multipage/interactive-elements.html#summary-for-its-parent-details
function detailsOfSummary(el) {
  const { parent } = el;
  if (parent === null || parent.nodeType !== 1 || parent.localName !== 'details' || parent.namespace !== HTML_NS) return null;
  for (let node = parent.first; node !== null; node = node.next) {
    if (node.nodeType === 1 && node.localName === 'summary' && node.namespace === HTML_NS) return node === el ? parent : null;
  }
  return null;
}

defineElement({
  __proto__: null,
  names: ['summary'],
  iface: htmlElementInterface,
  activationBehavior(el) {
    const details = detailsOfSummary(el);
    if (details === null) return;
    if (hasAttr(details, 'open')) removeAttr(details, 'open');
    else setAttr(details, 'open', '');
  },
});
