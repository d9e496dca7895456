// https://chromedevtools.github.io/devtools-protocol/tot/DOM/#method-setOuterHTML
// Changes of nodes that CDP's DOM domain makes, and the files of an input.

import { hostCall, hostPost, onHost, utf8Encode } from '../host.js';
import { TypedArrayPrototypeSlice } from '../primordials.js';
import { FileImpl } from '../FileAPI/File.js';
import { FileListImpl } from '../FileAPI/FileList.js';
import { hasAttr, removeAttrNode, setAttrNS, findByQualifiedName, isValidAttributeName, setAttr } from '../dom/attributes.js';
import { setData } from '../dom/CharacterData.js';
import { cloneNode } from '../dom/clone.js';
import { createDocument, createElement } from '../dom/create.js';
import { DOMExceptionImpl } from '../dom/DOMException.js';
import { fireEvent } from '../dom/dispatch.js';
import { HTML_NS } from '../dom/namespaces.js';
import { adoptNode, insertNode, isInclusiveAncestor, preInsert, removeNode, replaceAll, replaceNode } from '../dom/tree.js';
import { parseFragment } from '../domparsing/fragment.js';
import { queueTask } from '../html/tasks.js';
import { fileChooser } from '../html/elements/HTMLInputElement.js';
import { buildInert } from '../html/builder.js';
import { unwrap } from '../webidl/wrapper.js';
import { remoteValue } from './remote.js';
import { InspectorFailure } from './describe.js';
import { answeringNodes, lastNodeNumber, nodeNumberOf, nodeOf } from './node_ids.js';
import { pushNodePath } from './node_payload.js';

function elementNode(payload) {
  const impl = nodeOf(payload);
  if (impl.nodeType !== 1) throw new InspectorFailure('Node is not an Element');
  return impl;
}

// What the DOM refuses is refused with its words.
function edited(change) {
  try {
    return change();
  } catch (error) {
    const impl = unwrap(error);
    if (impl instanceof DOMExceptionImpl) throw new InspectorFailure(impl.message);
    throw error;
  }
}

onHost('dom.setAttribute', answeringNodes((payload) => {
  const el = elementNode(payload);
  if (!isValidAttributeName(payload.name)) throw new InspectorFailure('InvalidCharacterError');
  const known = findByQualifiedName(el, payload.name);
  if (known !== null) setAttrNS(el, known.namespace, known.prefix, known.localName, payload.value);
  else setAttr(el, payload.name, payload.value);
}));

// The attributes of `text`, as they stand in a tag; `name` is what they replace, removed when the text has no such.
onHost('dom.setAttributesText', answeringNodes((payload) => {
  const el = elementNode(payload);
  const context = createElement(el.doc, 'div');
  const fragment = parseFragment(context, '<span ' + payload.text + '></span>', false);
  const parsed = fragment.first;
  if (parsed === null || parsed.nodeType !== 1) throw new InspectorFailure('Could not parse value as attributes');
  let replaced = payload.name === null || payload.name === '';
  for (let i = 0; i < parsed.attrs.length; i++) {
    const attr = parsed.attrs[i];
    if (attr.name === payload.name) replaced = true;
    setAttrNS(el, attr.namespace, attr.prefix, attr.localName, attr.value);
  }
  const old = replaced ? null : findByQualifiedName(el, payload.name);
  if (old !== null) removeAttrNode(old);
}));

onHost('dom.removeAttribute', answeringNodes((payload) => {
  const attr = findByQualifiedName(elementNode(payload), payload.name);
  if (attr !== null) removeAttrNode(attr);
}));

onHost('dom.setValue', answeringNodes((payload) => {
  const impl = nodeOf(payload);
  if (impl.nodeType !== 3) throw new InspectorFailure('Can only set value of text nodes');
  setData(impl, payload.value);
}));

onHost('dom.setName', answeringNodes((payload, view) => {
  const el = elementNode(payload);
  const made = edited(() => createElement(el.doc, payload.name, el.namespace ?? HTML_NS));
  for (let i = 0; i < el.attrs.length; i++) setAttrNS(made, el.attrs[i].namespace, el.attrs[i].prefix, el.attrs[i].localName, el.attrs[i].value);
  while (el.first !== null) preInsert(el.first, made, null);
  if (el.parent !== null) replaceNode(el, made, el.parent);
  return { __proto__: null, nodeId: pushNodePath(view, made) };
}));

onHost('dom.remove', answeringNodes((payload) => {
  const impl = nodeOf(payload);
  if (impl.parent === null) throw new InspectorFailure('Cannot remove detached node');
  removeNode(impl);
}));

onHost('dom.move', answeringNodes((payload, view) => {
  const impl = nodeOf(payload);
  const target = nodeOf({ __proto__: null, session: payload.session, page: payload.page, nodeId: payload.target });
  if (target.nodeType !== 1 && target.nodeType !== 11) throw new InspectorFailure('Node is not an Element');
  if (isInclusiveAncestor(impl, target)) throw new InspectorFailure('Unable to move node into self or descendant');
  let anchor = null;
  if (payload.before !== null) {
    anchor = nodeOf({ __proto__: null, session: payload.session, page: payload.page, nodeId: payload.before });
    if (anchor.parent !== target) throw new InspectorFailure('Anchor node must be child of the target element');
  }
  const moved = payload.copy ? cloneNode(impl, impl.doc, true) : impl;
  edited(() => preInsert(moved, target, anchor));
  return { __proto__: null, nodeId: pushNodePath(view, moved) };
}));

function parsedDocument(doc, markup) {
  const inert = createDocument('html', doc.url, 'text/html');
  buildInert(inert, hostCall('parse.document', { scripting: true, shadow: true }, utf8Encode(markup)).bytes);
  return inert;
}

onHost('dom.setOuterHTML', answeringNodes((payload) => {
  const impl = nodeOf(payload);
  edited(() => {
    if (impl.nodeType === 9) {
      const inert = parsedDocument(impl, payload.html);
      replaceAll(null, impl);
      while (inert.first !== null) {
        const node = inert.first;
        adoptNode(node, impl);
        insertNode(node, impl, null);
      }
      return;
    }
    if (impl.nodeType !== 1 && impl.nodeType !== 3 && impl.nodeType !== 8) throw new InspectorFailure('Can only set HTML of elements, text and comments');
    const { parent } = impl;
    if (parent === null) throw new InspectorFailure('Cannot set HTML of a node without a parent');
    if (parent.nodeType === 9 || (parent.nodeType === 1 && parent.localName === 'html' && (impl.localName === 'head' || impl.localName === 'body'))) {
      const root = parsedDocument(impl.doc, payload.html).documentElement();
      let wanted = root;
      if (parent.nodeType === 1) for (wanted = root.first; wanted !== null && wanted.localName !== impl.localName;) wanted = wanted.next;
      if (wanted !== null) replaceNode(impl, wanted, parent);
      return;
    }
    const context = parent.nodeType === 11 ? createElement(impl.doc, 'body') : parent;
    replaceNode(impl, parseFragment(context, payload.html, false), parent);
  });
}));

// -- files -------------------------------------------------------------------------------------------------------------

// { files: [{ name, path, type, modified, size }] }, their contents one after the other in `bytes`
onHost('dom.setFiles', answeringNodes((payload, view, bytes) => {
  const el = nodeOf(payload);
  if (el.nodeType !== 1 || el.localName !== 'input' || el.namespace !== HTML_NS || el.state.type !== 'file') throw new InspectorFailure('Node is not a file input element');
  const folder = payload.files.length > 0 && payload.files[0].relative !== '';
  if (folder && !hasAttr(el, 'webkitdirectory')) throw new InspectorFailure('A folder can only be set on an input with the attribute "webkitdirectory"');
  if (payload.files.length > 1 && !folder && !hasAttr(el, 'multiple')) throw new InspectorFailure('Only one file can be set on an input without the attribute "multiple"');
  const files = [];
  let at = 0;
  for (let i = 0; i < payload.files.length; i++) {
    const { name, path, relative, type, modified, size } = payload.files[i];
    files[i] = new FileImpl(TypedArrayPrototypeSlice(bytes, at, at + size), name, type, modified);
    files[i].path = path;
    files[i].webkitRelativePath = relative;
    at += size;
  }
  el.state.files = new FileListImpl(files);
  el.state.userChanged = true;
  el.doc.version++;
  fireEvent(el, 'input', { __proto__: null, bubbles: true, composed: true });
  fireEvent(el, 'change', { __proto__: null, bubbles: true });
}));

// https://chromedevtools.github.io/devtools-protocol/tot/Page/#method-setInterceptFileChooserDialog
onHost('dom.interceptFileChooser', (payload) => {
  fileChooser.open = payload.on ? reportChooser : null;
  cancelsChoosers = payload.cancel;
  return null;
});

let cancelsChoosers = false;       // what would open a chooser is told that nothing was chosen

function reportChooser(el) {
  hostPost('dom.fileChooser', { __proto__: null, frame: el.doc.window.frameId, multiple: hasAttr(el, 'multiple') || hasAttr(el, 'webkitdirectory'), backendNodeId: nodeNumberOf(el), taken: lastNodeNumber() });
  if (cancelsChoosers) queueTask(el.doc, () => fireEvent(el, 'cancel', { __proto__: null, bubbles: true }));
}

onHost('dom.fileInfo', answeringNodes((payload) => {
  const impl = unwrap(remoteValue(payload.objectId));
  if (!(impl instanceof FileImpl)) throw new InspectorFailure("Object id doesn't reference a File");
  return { __proto__: null, path: impl.path };
}));

