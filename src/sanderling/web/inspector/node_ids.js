// https://chromedevtools.github.io/devtools-protocol/tot/DOM/#type-NodeId
// Which numbers nodes have. A backend id belongs to a node for as long as it lives, whoever asks. A node id belongs to one session, which knows a node
// once it was sent; asking for the document begins anew.

import { ReflectApply, SafeMap, SafeSet, SafeWeakMap, WeakRef } from '../primordials.js';
import { unwrap } from '../webidl/wrapper.js';
import { mainWindow } from '../html/realm.js';
import { nextInTree } from '../dom/tree.js';
import { InspectorFailure } from './describe.js';
import { remoteValue } from './remote.js';

const nodeNumbers = new SafeWeakMap();  // impl to its backend id
const nodesByNumber = new SafeMap();    // backend id to a weak reference of the impl
const derefWeak = WeakRef.prototype.deref;
let nextNodeNumber = 1;                 // of both kinds, so that nobody can take one for the other

// Ids are not given again in another document of the page: the worker says up to where they are taken.
export function reserveNodeNumbers(taken) {
  if (nextNodeNumber <= taken) nextNodeNumber = taken + 1;
}

export function lastNodeNumber() {
  return nextNodeNumber - 1;
}

export function nodeNumberOf(impl) {
  let number = nodeNumbers.get(impl);
  if (number === undefined) {
    number = nextNodeNumber++;
    nodeNumbers.set(impl, number);
    nodesByNumber.set(number, new WeakRef(impl));
  }
  return number;
}

function nodeOfNumber(number, message) {
  const reference = nodesByNumber.get(number);
  const impl = reference === undefined ? undefined : ReflectApply(derefWeak, reference, []);
  if (impl === undefined) throw new InspectorFailure(message);
  return impl;
}

// What a session has been told of.
export class NodeView {
  constructor(session) {
    this.session = session;
    this.page = '';                // CDP's id of the page
    this.enabled = false;
    this.whitespace = false;       // whether text of nothing but white space is a node for this session
    this.ids = new SafeMap();      // impl to node id
    this.nodes = new SafeMap();    // node id to impl
    this.childrenSent = new SafeSet();  // impls
    this.counts = new SafeMap();   // impl to the number of children last told
    this.document = null;          // impl of the document that was sent
    this.searches = new SafeMap(); // id to impls
    this.events = null;            // of the command that runs, to be sent before its answer
  }

  forget() {
    this.ids = new SafeMap();
    this.nodes = new SafeMap();
    this.childrenSent = new SafeSet();
    this.counts = new SafeMap();
    this.document = null;
    this.searches = new SafeMap();
  }

  bind(impl) {
    let id = this.ids.get(impl);
    if (id === undefined) {
      id = nextNodeNumber++;
      this.ids.set(impl, id);
      this.nodes.set(id, impl);
    }
    return id;
  }

  idOf(impl) {
    return this.ids.get(impl) ?? 0;
  }

  // `impl` and what is in it left the tree that the session knows.
  unbind(impl) {
    for (let at = impl; at !== null; at = nextInTree(at, impl)) {
      const id = this.ids.get(at);
      if (id === undefined) continue;
      this.ids.delete(at);
      this.nodes.delete(id);
      this.childrenSent.delete(at);
      this.counts.delete(at);
      if (at.nodeType !== 1) continue;
      if (at.shadow !== null) this.unbind(at.shadow);
      const inner = frameDocumentOf(at);
      if (inner !== null) this.unbind(inner);
    }
  }
}

const views = new SafeMap();       // session id to NodeView

export function viewOf(payload) {
  let view = views.get(payload.session);
  if (view === undefined) {
    view = new NodeView(payload.session);
    views.set(payload.session, view);
  }
  view.page = payload.page;
  return view;
}

export function dropView(session) {
  views.delete(session);
}

export function forEachView(visit) {
  views.forEach(visit);
}

const HOLDERS = { __proto__: null, iframe: true, frame: true, object: true, embed: true };

// The window of a frame element, of whatever isolate, or null.
export function frameWindowOf(el) {
  if (el.nodeType !== 1 || HOLDERS[el.localName] !== true || el.state === null) return null;
  return el.state.window ?? null;
}

// The element of a child frame whose parent is of this isolate, or null.
export function frameElementOfNumber(number, window = mainWindow()) {
  for (let i = 0; i < window.children.length; i++) {
    const child = window.children[i];
    if (child.frameId === number) return child.frameElement;
    const found = frameElementOfNumber(number, child);
    if (found !== null) return found;
  }
  return null;
}

// The document in a frame element, if it is of this isolate, or null.
export function frameDocumentOf(el) {
  const window = frameWindowOf(el);
  return window === null || window.remote !== null ? null : window.document;
}

// { objectId } | { backendNodeId } | { nodeId }
export function nodeOf(payload, noBackend) {
  if (payload.nodeId !== undefined && payload.nodeId !== null) {
    const impl = viewOf(payload).nodes.get(payload.nodeId);
    if (impl === undefined) throw new InspectorFailure('Could not find node with given id');
    return impl;
  }
  if (payload.backendNodeId !== undefined && payload.backendNodeId !== null) return nodeOfNumber(payload.backendNodeId, noBackend ?? 'No node found for given backend id');
  if (payload.objectId !== undefined && payload.objectId !== null) {
    const impl = unwrap(remoteValue(payload.objectId));
    if (impl === undefined || impl.nodeType === undefined) throw new InspectorFailure("Object id doesn't reference a Node");
    return impl;
  }
  throw new InspectorFailure('Either nodeId, backendNodeId or objectId must be specified');
}

// An element, or the element that text stands in where boxes are asked for.
export function elementOf(payload) {
  const impl = nodeOf(payload);
  return impl.nodeType === 3 && impl.parent !== null ? impl.parent : impl;
}

// A command on nodes: refusals become answers; the events it causes come with the answer, and how far ids are taken.
export function answeringNodes(handler) {
  return (payload, bytes) => {
    reserveNodeNumbers(payload.taken ?? 0);
    const view = viewOf(payload);
    view.events = [];
    let answer;
    try {
      answer = handler(payload, view, bytes) ?? { __proto__: null };
    } catch (error) {
      if (!(error instanceof InspectorFailure)) throw error;
      answer = { __proto__: null, failure: error.failure };
    }
    answer.events = view.events;
    answer.taken = lastNodeNumber();
    view.events = null;
    return answer;
  };
}
