// https://html.spec.whatwg.org/multipage/scripting.html#the-slot-element

import { defineInterface } from '../../webidl/interface.js';
import { defineElement } from '../../dom/definitions.js';
import { assignSlotsFor, flattenedSlottables } from '../../dom/slots.js';
import { rootOf } from '../../dom/tree.js';

class SlotState {
  constructor() {
    this.assigned = [];      // slottables that are assigned now
    this.manual = [];        // slottables named by assign()
  }
}

function slotAssign(self, nodes) {
  const { state } = self;
  // 1.
  for (let i = 0; i < state.manual.length; i++) state.manual[i].manualSlot = null;
  // 2-3.
  const list = [];
  for (let i = 0; i < nodes.length; i++) {
    const node = nodes[i];
    const old = node.manualSlot;
    if (old === self) continue;
    if (old !== null) removeManual(old.state, node);
    node.manualSlot = self;
    list[list.length] = node;
  }
  // 4.
  state.manual = list;
  // 5.
  const root = rootOf(self);
  if (root.nodeType !== 11 || !root.isShadow) return;
  assignSlotsFor(root);
  self.doc.version++;          // it is the flat tree that changed
}

function removeManual(state, node) {
  const kept = [];
  for (let i = 0; i < state.manual.length; i++) if (state.manual[i] !== node) kept[kept.length] = state.manual[i];
  state.manual = kept;
}

function slotNodes(self, options) {
  return options.flatten ? flattenedSlottables(self) : self.state.assigned;
}

export const htmlSlotElementInterface = defineInterface(`
dictionary AssignedNodesOptions { boolean flatten = false; };
[Exposed=Window]
interface HTMLSlotElement : HTMLElement {
  [HTMLConstructor] constructor();
  [CEReactions, Reflect] attribute DOMString name;
  sequence<Node> assignedNodes(optional AssignedNodesOptions options = {});
  sequence<Element> assignedElements(optional AssignedNodesOptions options = {});
  undefined assign((Element or Text)... nodes);
};
`, {
  assignedNodes: slotNodes,
  assignedElements(self, options) {
    const nodes = slotNodes(self, options);
    const out = [];
    for (let i = 0; i < nodes.length; i++) if (nodes[i].nodeType === 1) out[out.length] = nodes[i];
    return out;
  },
  assign: slotAssign,
});

defineElement({
  __proto__: null,
  names: ['slot'],
  iface: htmlSlotElementInterface,
  created(el) {
    el.state = new SlotState();
  },
});
