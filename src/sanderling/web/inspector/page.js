// https://chromedevtools.github.io/devtools-protocol/tot/Page/
// What CDP's Page and Runtime domains ask of a document beside evaluation.

import { evalScript, onHost } from '../host.js';
import { windowOfFrame } from '../html/realm.js';
import { nextInTree } from '../dom/tree.js';
import { closeDocument, openDocument, writeDocument } from '../html/document_write.js';
import { exceptionDetailsOf } from './describe.js';
import { remoteObject } from './remote.js';
import { ANONYMOUS_URL, inWorld, worldOf } from './worlds.js';

// { frame, html }: what document.open(), write() and close() do, as in Page.setDocumentContent.
onHost('inspector.setContent', (payload) => {
  const window = windowOfFrame(payload.frame);
  if (window === null) return { __proto__: null, failure: 'No frame with given id found' };
  openDocument(window.document);
  writeDocument(window.document, payload.html);
  closeDocument(window.document);
  return {};
});

// Nodes in a tree, shadow trees too, and the listeners on them.
function countTree(root, counts) {
  for (let node = root; node !== null; node = nextInTree(node, root)) {
    counts.nodes++;
    if (node.listeners !== null) counts.listeners += node.listeners.length;
    if (node.nodeType === 1 && node.shadow !== null) countTree(node.shadow, counts);
  }
}

// { frame }: for Performance.getMetrics and Memory.getDOMCounters.
onHost('inspector.countNodes', (payload) => {
  const counts = { __proto__: null, nodes: 0, listeners: 0 };
  const window = windowOfFrame(payload.frame);
  if (window === null) return counts;
  countTree(window.document, counts);
  if (window.listeners !== null) counts.listeners += window.listeners.length;
  return counts;
});

// { context, source, url }: does it compile? Nothing of it runs.
onHost('inspector.compile', (payload) => {
  const world = worldOf(payload.context);
  if (world === null) return { __proto__: null, failure: 'Cannot find context with specified id' };
  return inWorld(world, () => {
    try {
      evalScript('(function(){' + payload.source + '\n})', payload.url || ANONYMOUS_URL, 1, 1);
      return {};
    } catch (error) {
      const exceptionDetails = exceptionDetailsOf(error, world.id, remoteObject(error, world.id, '', false), false);
      if (payload.url !== '') exceptionDetails.url = payload.url;
      return { __proto__: null, exceptionDetails };
    }
  });
});
