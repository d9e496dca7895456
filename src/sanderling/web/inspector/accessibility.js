// https://chromedevtools.github.io/devtools-protocol/tot/Accessibility/#type-AXNode
// The accessibility tree as CDP's Accessibility domain gives it: roles, names, states, with the shape of Chromium's tree.

import { onHost } from '../host.js';
import { StringPrototypeCharCodeAt, StringPrototypeSlice, StringPrototypeStartsWith, StringPrototypeTrim } from '../primordials.js';
import { getAttr, hasAttr } from '../dom/attributes.js';
import { HTML_NS, SVG_NS } from '../dom/namespaces.js';
import { flattenedSlottables } from '../dom/slots.js';
import { accessibleDescription, accessibleName, accessibleValue, isAccessibilityHidden } from '../accname/names.js';
import { accessibleRole, CHILDREN_PRESENTATIONAL, hasExplicitRole, isNamedByAria, isNamedByAuthor, isNamedGraphic } from '../accname/roles.js';
import { computedValueOf, displayOf, visibilityOf } from '../css/cssom/computed.js';
import { hidesItself, isInClosedDetails } from '../css/cssom/rendered.js';
import { isFocusableArea } from '../html/focus.js';
import { isEditable } from '../html/forms/states.js';
import { mainWindow, windowOfFrame } from '../html/realm.js';
import { axProperty, RANGE_ROLES, stateProperties } from './ax_states.js';
import { InspectorFailure } from './describe.js';
import { answeringNodes, nodeNumberOf, nodeOf } from './node_ids.js';
import { frameIdText, shownParent } from './node_payload.js';
import { focusedDocument } from './keys.js';

function axRole(role) {
  const code = StringPrototypeCharCodeAt(role, 0);
  return { __proto__: null, type: code >= 65 && code <= 90 ? 'internalRole' : 'role', value: role };
}

// -- the tree ----------------------------------------------------------------------------------------------------------

const UNSEEN_SVG = { __proto__: null, title: true, desc: true, defs: true, style: true, metadata: true };

// `parent` is null or the parent in the flat tree.
function isPruned(el, parent) {
  return hidesItself(el, parent) || getAttr(el, 'aria-hidden') === 'true' || (el.namespace === HTML_NS && (el.localName === 'script' || el.localName === 'style' || el.localName === 'head'
    || el.localName === 'template' || el.localName === 'noscript' || el.localName === 'wbr')) || (el.namespace === SVG_NS && UNSEEN_SVG[el.localName] === true);
}

function standsInLine(el) {
  return StringPrototypeStartsWith(displayOf(el), 'inline');
}

// Nodes that Chromium's tree has, but calls ignored, and elements that it leaves out, so that what is in them stands in what is around them.
const SHOWN = 0;
const IGNORED = 1;
const LIFTED = 2;

function axPlace(el) {
  const role = accessibleRole(el);
  if (el.parent !== null && el.parent.nodeType === 9) return role === 'none' ? IGNORED : SHOWN;
  if (role === 'none') return LIFTED;
  if (visibilityOf(el) !== 'visible') return IGNORED;
  if (role === 'rowgroup' && !hasExplicitRole(el) && !isNamedByAuthor(el)) return IGNORED;
  if (role === 'SvgRoot' && !isNamedGraphic(el)) return LIFTED;
  if (role !== 'generic' || isNamedByAuthor(el) || isFocusableArea(el, false) || (isEditable(el) && hasAttr(el, 'contenteditable'))) return SHOWN;
  const display = displayOf(el);
  if (display === 'inline' || display === 'contents') return LIFTED;
  return holdsLines(el) ? SHOWN : IGNORED;
}

// Is what is in this block text and other inline boxes only?
function holdsLines(el) {
  let found = false;
  const list = flatNodesOf(el);
  for (let i = 0; i < list.length; i++) {
    const node = list[i];
    if (node.nodeType === 3) found ||= StringPrototypeTrim(node.data) !== '';
    else if (node.nodeType === 1 && !isPruned(node, el)) {
      if (!standsInLine(node) && displayOf(node) !== 'contents') return false;
      found = true;
    }
  }
  return found;
}

function flatNodesOf(el) {
  if (el.localName === 'slot' && el.namespace === HTML_NS && flattenedSlottables(el).length > 0) return flattenedSlottables(el);
  const list = [];
  for (let node = el.shadow !== null ? el.shadow.first : el.first; node !== null; node = node.next) list[list.length] = node;
  return list;
}

// What this element's place in the tree has no children for: its content is its name or its value, or another document.
function isAxLeaf(el) {
  if (el.namespace !== HTML_NS) return false;
  switch (el.localName) {
    case 'iframe': case 'textarea': case 'option': return true;
    case 'img': case 'progress': case 'meter': return CHILDREN_PRESENTATIONAL.has(accessibleRole(el));
    default: return false;
  }
}

function axChildNodes(node) {
  if (node.nodeType === 9) return node.documentElement() === null ? [] : [node.documentElement()];
  if (node.nodeType !== 1 || isAxLeaf(node)) return [];
  const out = [];
  const stack = [{ __proto__: null, el: node, list: flatNodesOf(node), at: 0 }];
  while (stack.length > 0) {
    const frame = stack[stack.length - 1];
    if (frame.at === frame.list.length) {
      stack.length--;
      continue;
    }
    const child = frame.list[frame.at++];
    if (child.nodeType === 3) {
      if (StringPrototypeTrim(child.data) !== '' && visibilityOf(frame.el) === 'visible' && !isInClosedDetails(child, frame.el)) out[out.length] = child;
    } else if (child.nodeType === 1 && !isPruned(child, frame.el)) {
      if (axPlace(child) !== LIFTED) out[out.length] = child;
      else if (!isAxLeaf(child)) stack[stack.length] = { __proto__: null, el: child, list: flatNodesOf(child), at: 0 };
    }
  }
  return out;
}

// Is there something in the same line before (or behind) a text, so that white space between them counts?
function touchesLine(text, step) {
  for (let at = text; ;) {
    let node = at[step];
    for (; node !== null; node = node[step]) {
      if (node.nodeType === 3 && StringPrototypeTrim(node.data) !== '') {
        const { data } = node;
        return StringPrototypeTrim(step === 'prev' ? data[data.length - 1] : 'x') !== '';
      }
      if (node.nodeType === 1 && !isPruned(node, null)) return node.localName !== 'br' && standsInLine(node);
    }
    at = at.parent;
    if (at === null || at.nodeType !== 1 || displayOf(at) !== 'inline') return false;
  }
}

function collapsedText(data) {
  let out = '';
  let space = false;
  for (let i = 0; i < data.length; i++) {
    const c = data[i];
    if (c === ' ' || c === '\n' || c === '\t' || c === '\r' || c === '\f') space = true;
    else {
      if (space) out += ' ';
      space = false;
      out += c;
    }
  }
  return space ? out + ' ' : out;
}

function axTextOf(text) {
  const { parent } = text;
  if (parent === null || parent.nodeType !== 1) return StringPrototypeTrim(collapsedText(text.data));
  if (computedValueOf(parent, 'white-space-collapse') !== 'collapse') return text.data;
  let out = collapsedText(text.data);
  if (out[0] === ' ' && !touchesLine(text, 'prev')) out = StringPrototypeSlice(out, 1);
  if (out[out.length - 1] === ' ' && !touchesLine(text, 'next')) out = StringPrototypeSlice(out, 0, -1);
  return out;
}

const axText = (type, value) => ({ __proto__: null, type, value });

function axElement(view, el) {
  const role = accessibleRole(el);
  const ignored = axPlace(el) !== SHOWN;
  const out = { __proto__: null, nodeId: '' + nodeNumberOf(el), ignored, role: axRole(role) };
  if (ignored) {
    out.role = axRole('none');
    out.ignoredReasons = [{ __proto__: null, name: 'uninteresting', value: axText('boolean', true) }];
    return out;
  }
  if (role === 'LineBreak') {
    out.name = axText('computedString', '\n');
    out.properties = [];
    return out;
  }
  // As in Chromium: rows are not named by what is in them, and a generic element by ARIA's attributes only.
  const unnamed = role === 'generic' || (role === 'row' && el.localName === 'tr') || role === 'figure';
  const name = unnamed && !isNamedByAria(el) ? '' : accessibleName(el);
  out.name = axText('computedString', name);
  const description = accessibleDescription(el, name);
  if (description !== '') out.description = axText('computedString', description);
  const value = accessibleValue(el, role);
  if (value !== null && value !== '') out.value = RANGE_ROLES[role] && +value === +value ? axText('number', +value) : axText('string', value);
  out.properties = stateProperties(el, role);
  return out;
}

function axDocument(doc) {
  const properties = [];
  axProperty(properties, 'focusable', 'booleanOrUndefined', true);
  if (focusedDocument() === doc && doc.focusedElement === null) axProperty(properties, 'focused', 'booleanOrUndefined', true);
  axProperty(properties, 'url', 'string', doc.urlText());
  return {
    __proto__: null, nodeId: '' + nodeNumberOf(doc), ignored: false, role: axRole('RootWebArea'), name: { __proto__: null, type: 'computedString', value: axTitleOf(doc) }, properties,
  };
}

function axTitleOf(doc) {
  const root = doc.documentElement();
  for (let head = root === null ? null : root.first; head !== null; head = head.next) {
    if (head.nodeType !== 1 || head.localName !== 'head') continue;
    for (let node = head.first; node !== null; node = node.next) if (node.nodeType === 1 && node.localName === 'title' && node.first !== null) return StringPrototypeTrim(collapsedText(node.first.data ?? ''));
  }
  return '';
}

function axNode(view, node) {
  let out;
  if (node.nodeType === 9) out = axDocument(node);
  else if (node.nodeType === 3) {
    out = {
      __proto__: null, nodeId: '' + nodeNumberOf(node), ignored: false, role: axRole('StaticText'), name: axText('computedString', axTextOf(node)), properties: [],
    };
    const { parent } = node;
    if (parent !== null && parent.nodeType === 1 && isEditable(parent)) axProperty(out.properties, 'editable', 'token', 'richtext');
  } else out = axElement(view, node);
  out.backendDOMNodeId = nodeNumberOf(node);
  const children = axChildNodes(node);
  out.childIds = [];
  for (let i = 0; i < children.length; i++) out.childIds[i] = '' + nodeNumberOf(children[i]);
  if (node.nodeType === 9) out.frameId = frameIdText(view.page, node.window);
  return { __proto__: null, out, children };
}

// Parents before children.
function axTree(view, root, depth, nodes) {
  const pending = [{ __proto__: null, node: root, parent: null, level: 0 }];
  while (pending.length > 0) {
    const { node, parent, level } = pending[pending.length - 1];
    pending.length--;
    const { out, children } = axNode(view, node);
    if (parent !== null) out.parentId = '' + nodeNumberOf(parent);
    nodes[nodes.length] = out;
    if (depth >= 0 && level >= depth) continue;
    for (let i = children.length - 1; i >= 0; i--) pending[pending.length] = { __proto__: null, node: children[i], parent: node, level: level + 1 };
  }
  return nodes;
}

function documentOfFrame(payload) {
  const window = payload.frame === null ? mainWindow() : windowOfFrame(payload.frame);
  if (window === null) throw new InspectorFailure('Frame with the given frameId is not found.');
  return window.document;
}

onHost('ax.full', answeringNodes((payload, view) => ({ __proto__: null, nodes: axTree(view, documentOfFrame(payload), payload.depth, []) })));

onHost('ax.root', answeringNodes((payload, view) => ({ __proto__: null, node: axNode(view, documentOfFrame(payload)).out })));

function parentInTree(node) {
  let parent = node;
  do {
    parent = shownParent(parent);
    if (parent !== null && parent.nodeType === 11) parent = parent.host;
  } while (parent !== null && parent.nodeType === 1 && axPlace(parent) === LIFTED);
  return parent;
}

function withParent(view, node) {
  const { out } = axNode(view, node);
  const parent = parentInTree(node);
  if (parent !== null) out.parentId = '' + nodeNumberOf(parent);
  return out;
}

// The node, its ancestors, and with `relatives` its siblings and children.
onHost('ax.partial', answeringNodes((payload, view) => {
  const node = nodeOf(payload);
  const nodes = [];
  if (node.nodeType !== 1 && node.nodeType !== 3 && node.nodeType !== 9) return { __proto__: null, nodes };
  nodes[0] = withParent(view, node);
  if (!payload.relatives) return { __proto__: null, nodes };
  const children = axChildNodes(node);
  for (let i = 0; i < children.length; i++) nodes[nodes.length] = withParent(view, children[i]);
  for (let at = parentInTree(node); at !== null; at = parentInTree(at)) nodes[nodes.length] = withParent(view, at);
  const parent = parentInTree(node);
  if (parent !== null) {
    const siblings = axChildNodes(parent);
    for (let i = 0; i < siblings.length; i++) if (siblings[i] !== node) nodes[nodes.length] = withParent(view, siblings[i]);
  }
  return { __proto__: null, nodes };
}));

onHost('ax.children', answeringNodes((payload, view) => {
  let node;
  try {
    node = nodeOf({ __proto__: null, backendNodeId: +payload.id });
  } catch (error) {
    throw error instanceof InspectorFailure ? new InspectorFailure('Invalid ID') : error;
  }
  const children = axChildNodes(node);
  const nodes = [];
  for (let i = 0; i < children.length; i++) nodes[i] = withParent(view, children[i]);
  return { __proto__: null, nodes };
}));

onHost('ax.ancestors', answeringNodes((payload, view) => {
  const nodes = [];
  for (let node = nodeOf(payload); node !== null; node = parentInTree(node)) nodes[nodes.length] = withParent(view, node);
  return { __proto__: null, nodes };
}));

onHost('ax.query', answeringNodes((payload, view) => {
  const root = nodeOf(payload);
  const found = [];
  const hidden = root.nodeType === 1 && isAccessibilityHidden(root);
  const all = hidden ? [] : axTree(view, root.nodeType === 11 && root.isShadow ? root.host : root, -1, []);
  for (let i = 0; i < all.length; i++) {
    const node = all[i];
    if (node.ignored) continue;
    if (payload.role !== null && node.role.value !== payload.role && !(payload.role === 'img' && node.role.value === 'image')) continue;
    if (payload.name !== null && node.name.value !== payload.name) continue;
    found[found.length] = node;
  }
  return { __proto__: null, nodes: found };
}));
