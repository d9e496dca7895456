// https://chromedevtools.github.io/devtools-protocol/tot/DOMSnapshot/#method-captureSnapshot
// The documents of an isolate as tables of numbers, with their boxes and some computed styles.

import { onHost } from '../host.js';
import { SafeMap } from '../primordials.js';
import { getAttr, hasAttr } from '../dom/attributes.js';
import { HTML_NS } from '../dom/namespaces.js';
import { innerEdges } from '../css/cssom-view/box_sizes.js';
import { boxOf, layoutOf, rectsOfNode } from '../css/cssom-view/geometry.js';
import { pageHeight, pageWidth } from '../css/cssom-view/Screen.js';
import { computedStyleOf, visibilityOf } from '../css/cssom/computed.js';
import { documentBaseURL } from '../html/document_state.js';
import { imageSource } from '../html/elements/image_elements.js';
import { isEditable } from '../html/forms/states.js';
import { mainWindow } from '../html/realm.js';
import { serializeURL } from '../url/parser.js';
import { answeringNodes, frameDocumentOf, nodeNumberOf } from './node_ids.js';
import { cdpNodeName, frameIdText } from './node_payload.js';

class SnapshotStrings {
  constructor() {
    this.list = [];
    this.known = new SafeMap();
  }

  of(text) {
    let index = this.known.get(text);
    if (index === undefined) {
      index = this.list.length;
      this.list[index] = text;
      this.known.set(text, index);
    }
    return index;
  }
}

const rare = () => ({ __proto__: null, index: [], value: [] });
const rareFlag = () => ({ __proto__: null, index: [] });

function addRare(table, index, value) {
  table.index[table.index.length] = index;
  if (value !== undefined) table.value[table.value.length] = value;
}

const CLICK_TYPES = { __proto__: null, click: true, mousedown: true, mouseup: true, pointerdown: true, pointerup: true, dblclick: true };
const CLICK_ELEMENTS = { __proto__: null, button: true, input: true, select: true, textarea: true, summary: true, label: true, option: true };

// What would do something when it is clicked.
function isClickable(el) {
  const { listeners } = el;
  if (listeners !== null) for (let i = 0; i < listeners.length; i++) if (!listeners[i].removed && CLICK_TYPES[listeners[i].type]) return true;
  if (el.namespace !== HTML_NS) return false;
  if (el.localName === 'a' || el.localName === 'area') return hasAttr(el, 'href');
  return CLICK_ELEMENTS[el.localName] === true || (hasAttr(el, 'contenteditable') && isEditable(el));
}

class DocumentSnapshot {
  constructor(doc, strings, documents, options, page) {
    this.doc = doc;
    this.strings = strings;
    this.documents = documents;    // those to be taken, in order
    this.options = options;
    this.page = page;
    this.nodes = {
      __proto__: null, parentIndex: [], nodeType: [], shadowRootType: rare(), nodeName: [], nodeValue: [], backendNodeId: [], attributes: [], textValue: rare(), inputValue: rare(),
      inputChecked: rareFlag(), optionSelected: rareFlag(), contentDocumentIndex: rare(), pseudoType: rare(), pseudoIdentifier: rare(), isClickable: rareFlag(), currentSourceURL: rare(),
      originURL: rare(),
    };
    this.layout = { __proto__: null, nodeIndex: [], styles: [], bounds: [], text: [], stackingContexts: rareFlag() };
    if (options.paintOrder) this.layout.paintOrders = [];
    if (options.rects) {
      this.layout.offsetRects = [];
      this.layout.scrollRects = [];
      this.layout.clientRects = [];
    }
    this.textBoxes = { __proto__: null, layoutIndex: [], bounds: [], start: [], length: [] };
    this.take();
  }

  // Iterative: pages can nest deeper than the stack.
  take() {
    const pending = [[this.doc, -1]];
    while (pending.length > 0) {
      const entry = pending[pending.length - 1];
      const node = entry[0];
      pending.length--;
      const index = this.addNode(node, entry[1]);
      if (node.nodeType === 1 && frameDocumentOf(node) !== null) continue;
      for (let child = node.last; child !== null && child !== undefined; child = child.prev) pending[pending.length] = [child, index];
      if (node.nodeType === 1 && node.shadow !== null) pending[pending.length] = [node.shadow, index];
    }
  }

  addNode(node, parent) {
    const { nodes, strings } = this;
    const index = nodes.nodeType.length;
    nodes.parentIndex[index] = parent;
    nodes.nodeType[index] = node.nodeType;
    nodes.nodeName[index] = strings.of(cdpNodeName(node));
    nodes.nodeValue[index] = strings.of(typeof node.data === 'string' ? node.data : '');
    nodes.backendNodeId[index] = nodeNumberOf(node);
    const attributes = [];
    if (node.nodeType === 1) {
      for (let i = 0; i < node.attrs.length; i++) {
        attributes[attributes.length] = strings.of(node.attrs[i].name);
        attributes[attributes.length] = strings.of(node.attrs[i].value);
      }
    }
    nodes.attributes[index] = attributes;
    if (node.nodeType === 1) this.addElement(node, index);
    else if (node.nodeType === 3) this.addText(node, index);
    else if (node.nodeType === 11 && node.isShadow) addRare(nodes.shadowRootType, index, strings.of(node.mode));
    return index;
  }

  addElement(el, index) {
    const { nodes, strings } = this;
    if (el.namespace === HTML_NS) {
      if (el.localName === 'textarea') addRare(nodes.textValue, index, strings.of(el.state.value));
      else if (el.localName === 'input') {
        if (el.state.type !== 'file') addRare(nodes.inputValue, index, strings.of(el.state.type === 'checkbox' || el.state.type === 'radio' ? getAttr(el, 'value') ?? 'on' : el.state.value));
        if (el.state.checked) addRare(nodes.inputChecked, index);
      } else if (el.localName === 'option') {
        if (el.state.selected) addRare(nodes.optionSelected, index);
      } else if (el.localName === 'img') {
        const source = imageSource(el);
        if (source) addRare(nodes.currentSourceURL, index, strings.of(source));
      }
    }
    if (isClickable(el)) addRare(nodes.isClickable, index);
    const inner = frameDocumentOf(el);
    if (inner !== null) {
      addRare(nodes.contentDocumentIndex, index, this.documents.length);
      this.documents[this.documents.length] = inner;
    }
    const box = boxOf(el);
    if (box === null) return;
    this.addLayout(index, [box.x, box.y, box.width, box.height], -1, el);
    if (!this.options.rects) return;
    const at = this.layout.nodeIndex.length - 1;
    const edges = innerEdges(el, false);
    this.layout.offsetRects[at] = [box.x, box.y, box.width, box.height];
    this.layout.scrollRects[at] = [el.scrollX, el.scrollY, box.width, box.height];
    this.layout.clientRects[at] = [edges.left, edges.top, box.width - edges.left - edges.right, box.height - edges.top - edges.bottom];
  }

  addText(text, index) {
    const rects = rectsOfNode(text);
    if (rects.length === 0 || visibilityOf(text.parent) !== 'visible') return;
    const { window } = this.doc;
    const rect = rects[0];
    const bounds = [rect.x + window.scrollX, rect.y + window.scrollY, rect.width, rect.height];
    this.addLayout(index, bounds, this.strings.of(text.data), text.parent);
    const { textBoxes } = this;
    const at = textBoxes.layoutIndex.length;
    textBoxes.layoutIndex[at] = this.layout.nodeIndex.length - 1;
    textBoxes.bounds[at] = bounds;
    textBoxes.start[at] = 0;
    textBoxes.length[at] = text.data.length;
    if (!this.options.rects) return;
    const last = this.layout.nodeIndex.length - 1;
    this.layout.offsetRects[last] = [];
    this.layout.scrollRects[last] = [];
    this.layout.clientRects[last] = [];
  }

  addLayout(index, bounds, text, el) {
    const { layout, strings } = this;
    const at = layout.nodeIndex.length;
    layout.nodeIndex[at] = index;
    layout.bounds[at] = bounds;
    layout.text[at] = text;
    if (this.options.paintOrder) layout.paintOrders[at] = at + 1;
    const styles = [];
    const wanted = this.options.styles;
    if (wanted.length > 0) {
      const computed = computedStyleOf(el, null);
      for (let i = 0; i < wanted.length; i++) styles[i] = strings.of(computed.read(wanted[i]));
    }
    layout.styles[at] = styles;
  }

  result() {
    const { doc, strings } = this;
    const { window } = doc;
    const doctype = doc.first !== null && doc.first.nodeType === 10 ? doc.first : null;
    const root = doc.documentElement();
    return {
      __proto__: null, documentURL: strings.of(doc.urlText()), title: strings.of(titleText(doc)), baseURL: strings.of(serializeURL(documentBaseURL(doc))),
      contentLanguage: strings.of(root === null ? '' : getAttr(root, 'lang') ?? ''), encodingName: strings.of(doc.encoding), publicId: strings.of(doctype === null ? '' : doctype.publicId),
      systemId: strings.of(doctype === null ? '' : doctype.systemId), frameId: strings.of(frameIdText(this.page, window)), nodes: this.nodes, layout: this.layout, textBoxes: this.textBoxes,
      scrollOffsetX: window.scrollX, scrollOffsetY: window.scrollY, contentWidth: pageWidth(window), contentHeight: pageHeight(window),
    };
  }
}

function titleText(doc) {
  for (let node = doc.documentElement(); node !== null; node = node.next) {
    for (let head = node.first; head !== null; head = head.next) {
      if (head.nodeType !== 1 || head.localName !== 'head') continue;
      for (let at = head.first; at !== null; at = at.next) if (at.nodeType === 1 && at.localName === 'title' && at.first !== null) return at.first.data ?? '';
    }
  }
  return '';
}

// { styles: [property], paintOrder, rects }
onHost('dom.snapshot', answeringNodes((payload, view) => {
  const strings = new SnapshotStrings();
  const documents = [mainWindow().document];
  const out = [];
  for (let i = 0; i < documents.length; i++) {
    layoutOf(documents[i]);
    out[i] = new DocumentSnapshot(documents[i], strings, documents, payload, view.page).result();
  }
  return { __proto__: null, documents: out, strings: strings.list };
}));
