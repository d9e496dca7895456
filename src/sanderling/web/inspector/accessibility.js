// https://chromedevtools.github.io/devtools-protocol/tot/Accessibility/#type-AXNode
// The accessibility tree as CDP's Accessibility domain gives it: roles, names, states, with the shape of Chromium's tree.

import { onHost } from '../host.js';
import { NumberParseInt, StringPrototypeCharCodeAt, StringPrototypeTrim } from '../primordials.js';
import { getAttr, hasAttr } from '../dom/attributes.js';
import { HTML_NS } from '../dom/namespaces.js';
import { flattenedSlottables } from '../dom/slots.js';
import { accessibleDescription, accessibleName, accessibleValue, isAccessibilityHidden, referredElements } from '../accname/names.js';
import { accessibleRole, CHILDREN_PRESENTATIONAL, isAriaDisabled, isNamedByAuthor } from '../accname/roles.js';
import { visibilityOf } from '../css/cssom/computed.js';
import { hidesItself } from '../css/cssom/rendered.js';
import { lowerAscii } from '../css/selectors/names.js';
import { hyperlinkURL } from '../html/elements/hyperlinks.js';
import { isFocusableArea } from '../html/focus.js';
import { isMultiple, selectOf } from '../html/forms/options.js';
import { isEditable, isRequired } from '../html/forms/states.js';
import { isInvalid } from '../html/forms/validity.js';
import { mainWindow, windowOfFrame } from '../html/realm.js';
import { isModalDialog } from '../html/top_layer.js';
import { serializeURL } from '../url/parser.js';
import { InspectorFailure } from './describe.js';
import { answeringNodes, frameDocumentOf, nodeNumberOf, nodeOf } from './node_ids.js';
import { frameIdText, shownParent } from './node_payload.js';
import { focusedDocument } from './keys.js';

function axRole(role) {
  const code = StringPrototypeCharCodeAt(role, 0);
  return { __proto__: null, type: code >= 65 && code <= 90 ? 'internalRole' : 'role', value: role };
}

function axProperty(out, name, type, value) {
  out[out.length] = { __proto__: null, name, value: { __proto__: null, type, value } };
}

const truthAttribute = (el, name) => lowerAscii(getAttr(el, name) ?? '') === 'true';

function triState(el, role) {
  if (el.namespace === HTML_NS && el.localName === 'input' && (el.state.type === 'checkbox' || el.state.type === 'radio')) {
    return el.state.indeterminate && el.state.type === 'checkbox' ? 'mixed' : el.state.checked ? 'true' : 'false';
  }
  if (role === 'checkbox' || role === 'radio' || role === 'switch' || role === 'menuitemcheckbox' || role === 'menuitemradio') {
    const value = lowerAscii(getAttr(el, 'aria-checked') ?? 'false');
    return value === 'mixed' && role !== 'radio' && role !== 'switch' ? 'mixed' : value === 'true' ? 'true' : 'false';
  }
  return null;
}

const HEADING_LEVEL = { __proto__: null, h1: 1, h2: 2, h3: 3, h4: 4, h5: 5, h6: 6 };
const SELECTABLE_ROLES = { __proto__: null, option: true, tab: true, treeitem: true, row: true, gridcell: true };
const FIELD_ROLES = { __proto__: null, textbox: true, searchbox: true, combobox: true, spinbutton: true, listbox: true, checkbox: true, radio: true, slider: true, switch: true };
const RANGE_ROLES = { __proto__: null, slider: true, spinbutton: true, progressbar: true, meter: true, scrollbar: true };

function stateProperties(el, role) {
  const out = [];
  const disabled = isAriaDisabled(el);
  if (disabled) axProperty(out, 'disabled', 'boolean', true);
  const invalid = lowerAscii(getAttr(el, 'aria-invalid') ?? '');
  if (FIELD_ROLES[role]) axProperty(out, 'invalid', 'token', invalid !== '' && invalid !== 'false' ? invalid : isInvalid(el) && el.state !== null && el.state.userChanged ? 'true' : 'false');
  if (!disabled && isFocusableArea(el, false)) axProperty(out, 'focusable', 'booleanOrUndefined', true);
  if (focusedDocument().focusedElement === el) axProperty(out, 'focused', 'booleanOrUndefined', true);
  const text = el.namespace === HTML_NS && (el.localName === 'textarea' || (el.localName === 'input' && (role === 'textbox' || role === 'searchbox' || role === 'spinbutton' || role === 'combobox')));
  if (text || (role !== 'generic' && isEditable(el) && hasAttr(el, 'contenteditable'))) {
    axProperty(out, 'editable', 'token', text ? 'plaintext' : 'richtext');
    axProperty(out, 'settable', 'booleanOrUndefined', !disabled && !hasAttr(el, 'readonly'));
  }
  if (role === 'textbox' || role === 'searchbox') {
    axProperty(out, 'multiline', 'boolean', (el.namespace === HTML_NS && el.localName === 'textarea') || truthAttribute(el, 'aria-multiline'));
    axProperty(out, 'readonly', 'boolean', hasAttr(el, 'readonly') || truthAttribute(el, 'aria-readonly'));
  }
  if (FIELD_ROLES[role] && role !== 'slider') axProperty(out, 'required', 'boolean', (isRequired(el) && el.namespace === HTML_NS) || truthAttribute(el, 'aria-required'));
  relationProperties(el, role, out);
  return out;
}

function relationProperties(el, role, out) {
  const checked = triState(el, role);
  if (checked !== null) axProperty(out, 'checked', 'tristate', checked);
  const pressed = getAttr(el, 'aria-pressed');
  if (role === 'button' && pressed !== null) axProperty(out, 'pressed', 'tristate', pressed === 'mixed' ? 'mixed' : pressed === 'true' ? 'true' : 'false');
  if (role === 'heading') {
    const level = NumberParseInt(getAttr(el, 'aria-level') ?? '', 10);
    axProperty(out, 'level', 'integer', level > 0 ? level : HEADING_LEVEL[el.localName] ?? 2);
  } else if (hasAttr(el, 'aria-level')) axProperty(out, 'level', 'integer', NumberParseInt(getAttr(el, 'aria-level'), 10) || 1);
  if (SELECTABLE_ROLES[role]) {
    const native = el.namespace === HTML_NS && el.localName === 'option' && selectOf(el) !== null;
    if (native || hasAttr(el, 'aria-selected') || role === 'option' || role === 'tab') axProperty(out, 'selected', 'booleanOrUndefined', native ? el.state.selected : truthAttribute(el, 'aria-selected'));
  }
  const expanded = getAttr(el, 'aria-expanded');
  if (expanded === 'true' || expanded === 'false') axProperty(out, 'expanded', 'booleanOrUndefined', expanded === 'true');
  else if (role === 'DisclosureTriangle' && el.parent !== null && el.parent.nodeType === 1) axProperty(out, 'expanded', 'booleanOrUndefined', hasAttr(el.parent, 'open'));
  else if (role === 'combobox' && el.localName === 'select') axProperty(out, 'expanded', 'booleanOrUndefined', false);
  const popup = getAttr(el, 'aria-haspopup');
  if (popup !== null && popup !== 'false' && popup !== '') axProperty(out, 'hasPopup', 'token', popup === 'true' ? 'menu' : popup);
  else if (role === 'combobox' && el.localName === 'select') axProperty(out, 'hasPopup', 'token', 'menu');
  if (role === 'listbox') axProperty(out, 'multiselectable', 'boolean', (el.localName === 'select' && isMultiple(el)) || truthAttribute(el, 'aria-multiselectable'));
  if (hasAttr(el, 'aria-orientation')) axProperty(out, 'orientation', 'token', getAttr(el, 'aria-orientation'));
  const complete = getAttr(el, 'aria-autocomplete');
  if (complete !== null) axProperty(out, 'autocomplete', 'token', complete);
  if (RANGE_ROLES[role]) {
    const least = getAttr(el, 'aria-valuemin') ?? getAttr(el, 'min');
    const most = getAttr(el, 'aria-valuemax') ?? getAttr(el, 'max');
    const number = (given, other) => (given !== null && +given === +given ? +given : other);
    axProperty(out, 'valuemin', 'number', number(least, 0));
    axProperty(out, 'valuemax', 'number', number(most, el.localName === 'progress' || el.localName === 'meter' ? 1 : role === 'spinbutton' ? 0 : 100));
    axProperty(out, 'valuetext', 'string', getAttr(el, 'aria-valuetext') ?? '');
  }
  if (role === 'dialog' || role === 'alertdialog') axProperty(out, 'modal', 'boolean', isModalDialog(el) || truthAttribute(el, 'aria-modal'));
  if (hasAttr(el, 'aria-roledescription')) axProperty(out, 'roledescription', 'string', getAttr(el, 'aria-roledescription'));
  if (hasAttr(el, 'aria-keyshortcuts')) axProperty(out, 'keyshortcuts', 'string', getAttr(el, 'aria-keyshortcuts'));
  if (hasAttr(el, 'aria-live')) axProperty(out, 'live', 'token', getAttr(el, 'aria-live'));
  if (truthAttribute(el, 'aria-busy')) axProperty(out, 'busy', 'boolean', true);
  if (role === 'link' && el.namespace === HTML_NS) {
    const url = hyperlinkURL(el);
    if (url !== null) axProperty(out, 'url', 'string', serializeURL(url));
  }
  const relations = ['labelledby', 'describedby', 'controls', 'owns', 'details'];
  for (let i = 0; i < relations.length; i++) {
    const found = referredElements(el, 'aria-' + relations[i]);
    if (found.length === 0) continue;
    const relatedNodes = [];
    for (let j = 0; j < found.length; j++) relatedNodes[j] = { __proto__: null, backendDOMNodeId: nodeNumberOf(found[j]), idref: getAttr(found[j], 'id') ?? '' };
    out[out.length] = { __proto__: null, name: relations[i], value: { __proto__: null, type: 'nodeList', relatedNodes } };
  }
}

// -- the tree ----------------------------------------------------------------------------------------------------------

// `parent` is null or the parent in the flat tree.
function isPruned(el, parent) {
  return hidesItself(el, parent) || getAttr(el, 'aria-hidden') === 'true' || (el.namespace === HTML_NS && (el.localName === 'script' || el.localName === 'style' || el.localName === 'head'
    || el.localName === 'template' || el.localName === 'noscript'));
}

function axChildNodes(node) {
  if (node.nodeType === 9) return node.documentElement() === null ? [] : [node.documentElement()];
  if (node.nodeType !== 1) return [];
  const inner = frameDocumentOf(node);
  if (inner !== null) return [inner];
  if (CHILDREN_PRESENTATIONAL.has(accessibleRole(node)) && (node.localName === 'img' || node.localName === 'progress' || node.localName === 'meter')) return [];
  const out = [];
  const add = (child) => {
    if (child.nodeType === 3) {
      if (StringPrototypeTrim(child.data) !== '' && visibilityOf(node) === 'visible') out[out.length] = child;
    } else if (child.nodeType === 1 && !isPruned(child, node)) out[out.length] = child;
  };
  if (node.shadow !== null) for (let child = node.shadow.first; child !== null; child = child.next) add(child);
  else if (node.localName === 'slot' && node.namespace === HTML_NS && flattenedSlottables(node).length > 0) {
    const assigned = flattenedSlottables(node);
    for (let i = 0; i < assigned.length; i++) add(assigned[i]);
  } else for (let child = node.first; child !== null; child = child.next) add(child);
  return out;
}

function collapsedText(data) {
  let out = '';
  let space = false;
  for (let i = 0; i < data.length; i++) {
    const c = data[i];
    if (c === ' ' || c === '\n' || c === '\t' || c === '\r' || c === '\f') space = true;
    else {
      if (space && out !== '') out += ' ';
      space = false;
      out += c;
    }
  }
  return out;
}

// Chromium leaves out what says nothing: generic boxes without a name of their own, and what asks for it.
function isIgnored(el, role) {
  if (role === 'none') return true;
  if (visibilityOf(el) !== 'visible') return true;
  return role === 'generic' && !isNamedByAuthor(el) && !isFocusableArea(el, false) && !(isEditable(el) && hasAttr(el, 'contenteditable'));
}

function axElement(view, el) {
  const role = accessibleRole(el);
  const ignored = isIgnored(el, role);
  const out = { __proto__: null, nodeId: '' + nodeNumberOf(el), ignored, role: axRole(role) };
  if (ignored) {
    out.role = axRole('none');
    out.ignoredReasons = [{ __proto__: null, name: 'uninteresting', value: { __proto__: null, type: 'boolean', value: true } }];
    return out;
  }
  const name = accessibleName(el);
  out.name = { __proto__: null, type: 'computedString', value: name };
  const description = accessibleDescription(el, name);
  if (description !== '') out.description = { __proto__: null, type: 'computedString', value: description };
  const value = accessibleValue(el, role);
  if (value !== null && value !== '') out.value = { __proto__: null, type: 'string', value };
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
    for (let node = head.first; node !== null; node = node.next) if (node.nodeType === 1 && node.localName === 'title' && node.first !== null) return collapsedText(node.first.data ?? '');
  }
  return '';
}

function axNode(view, node) {
  let out;
  if (node.nodeType === 9) out = axDocument(node);
  else if (node.nodeType === 3) {
    out = {
      __proto__: null, nodeId: '' + nodeNumberOf(node), ignored: false, role: axRole('StaticText'), name: { __proto__: null, type: 'computedString', value: collapsedText(node.data) }, properties: [],
    };
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
  const parent = shownParent(node);
  return parent !== null && parent.nodeType === 11 ? parent.host : parent;
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
