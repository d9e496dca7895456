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

// Node and whatever is in its tree, shadow trees too.
function countNodes(root) {
  let count = 0;
  for (let node = root; node !== null; node = nextInTree(node, root)) {
    count++;
    if (node.nodeType === 1 && node.shadow !== null) count += countNodes(node.shadow);
  }
  return count;
}

// { frame }: for Performance.getMetrics.
onHost('inspector.countNodes', (payload) => {
  const window = windowOfFrame(payload.frame);
  return window === null ? 0 : countNodes(window.document);
});

// { context, source }: does it compile? Nothing of it runs.
onHost('inspector.compile', (payload) => {
  const world = worldOf(payload.context);
  if (world === null) return { __proto__: null, failure: 'Cannot find context with specified id' };
  return inWorld(world, () => {
    try {
      evalScript('(function(){' + payload.source + '\n})', ANONYMOUS_URL, 1, 1);
      return {};
    } catch (error) {
      return { __proto__: null, exceptionDetails: exceptionDetailsOf(error, world.id, remoteObject(error, world.id, '', false), false) };
    }
  });
});
