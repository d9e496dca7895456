// https://chromedevtools.github.io/devtools-protocol/tot/DOM/#event-childNodeInserted
// Changes of the documents as events, for each session about the nodes that it knows.

import { hostPost } from '../host.js';
import { observing, treeWatch } from '../dom/mutation.js';
import { forEachView, lastNodeNumber } from './node_ids.js';
import { isShownTo, nodePayload, previousShown } from './node_payload.js';

function postNodeEvent(view, method, params) {
  hostPost('dom.event', { __proto__: null, session: view.session, method: 'DOM.' + method, params, taken: lastNodeNumber() });
}

function changeCount(view, parent, by) {
  const count = (view.counts.get(parent) ?? 0) + by;
  view.counts.set(parent, count);
  postNodeEvent(view, 'childNodeCountUpdated', { __proto__: null, nodeId: view.idOf(parent), childNodeCount: count });
}

function nodeCame(view, parent, node) {
  if (!isShownTo(view, node)) return;
  view.unbind(node);
  if (!view.childrenSent.has(parent)) {
    changeCount(view, parent, 1);
    return;
  }
  const previous = previousShown(view, node);
  postNodeEvent(view, 'childNodeInserted', {
    __proto__: null, parentNodeId: view.idOf(parent), previousNodeId: previous === null ? 0 : view.idOf(previous), node: nodePayload(view, node, 0, false, true),
  });
}

function nodeWent(view, parent, node) {
  if (!isShownTo(view, node)) return;
  if (!view.childrenSent.has(parent)) {
    changeCount(view, parent, -1);
    return;
  }
  if (view.idOf(node) === 0) return;
  postNodeEvent(view, 'childNodeRemoved', { __proto__: null, parentNodeId: view.idOf(parent), nodeId: view.idOf(node) });
  view.unbind(node);
}

function watchTree(target, added, removed) {
  forEachView((view) => {
    if (view.document === null || view.idOf(target) === 0) return;
    for (let i = 0; i < removed.length; i++) nodeWent(view, target, removed[i]);
    for (let i = 0; i < added.length; i++) nodeCame(view, target, added[i]);
  });
}

function watchAttribute(el, attr, value) {
  forEachView((view) => {
    const nodeId = view.idOf(el);
    if (nodeId === 0) return;
    if (value === null) postNodeEvent(view, 'attributeRemoved', { __proto__: null, nodeId, name: attr.name });
    else postNodeEvent(view, 'attributeModified', { __proto__: null, nodeId, name: attr.name, value });
  });
}

function watchData(node) {
  forEachView((view) => {
    if (view.document === null || !isShownTo(view, node)) return;
    const nodeId = view.idOf(node);
    // Text that was nothing but white space appears with its first letter.
    if (nodeId !== 0) postNodeEvent(view, 'characterDataModified', { __proto__: null, nodeId, characterData: node.data });
    else if (node.parent !== null && view.idOf(node.parent) !== 0) nodeCame(view, node.parent, node);
  });
}

function watchShadow(host, root) {
  forEachView((view) => {
    const hostId = view.idOf(host);
    if (hostId !== 0) postNodeEvent(view, 'shadowRootPushed', { __proto__: null, hostId, root: nodePayload(view, root, 0, false, true) });
  });
}

// A frame got another document: its element comes anew, as in Chromium.
function watchFrame(el, old) {
  forEachView((view) => {
    if (view.idOf(el) === 0 || el.parent === null) return;
    view.unbind(old);
    nodeWent(view, el.parent, el);
    nodeCame(view, el.parent, el);
  });
}

export function watchNodes() {
  if (treeWatch.tree !== null) return;
  treeWatch.tree = watchTree;
  treeWatch.attribute = watchAttribute;
  treeWatch.data = watchData;
  treeWatch.shadow = watchShadow;
  treeWatch.frame = watchFrame;
  observing.count++;
}
