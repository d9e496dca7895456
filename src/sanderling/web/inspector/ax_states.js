// https://chromedevtools.github.io/devtools-protocol/tot/Accessibility/#type-AXPropertyName
// Which states and properties a node of the accessibility tree has, by its role, as Chromium gives them.

import { NumberParseInt } from '../primordials.js';
import { getAttr, hasAttr } from '../dom/attributes.js';
import { HTML_NS } from '../dom/namespaces.js';
import { referredElements } from '../accname/names.js';
import { isAriaDisabled } from '../accname/roles.js';
import { lowerAscii } from '../css/selectors/names.js';
import { hyperlinkURL } from '../html/elements/hyperlinks.js';
import { imageSource } from '../html/elements/image_elements.js';
import { documentBaseURL } from '../html/document_state.js';
import { isFocusableArea } from '../html/focus.js';
import { isListed } from '../html/forms/owner.js';
import { isMultiple, selectOf } from '../html/forms/options.js';
import { isEditable, isRequired } from '../html/forms/states.js';
import { isInvalid, suffersFrom } from '../html/forms/validity.js';
import { isModalDialog } from '../html/top_layer.js';
import { parseURL, serializeURL } from '../url/parser.js';
import { nodeNumberOf } from './node_ids.js';
import { focusedDocument } from './keys.js';

export function axProperty(out, name, type, value) {
  out[out.length] = { __proto__: null, name, value: { __proto__: null, type, value } };
}

const truthAttribute = (el, name) => lowerAscii(getAttr(el, name) ?? '') === 'true';

const isAxHtml = (el, name) => el.namespace === HTML_NS && el.localName === name;

function triState(el, role) {
  if (isAxHtml(el, 'input') && (el.state.type === 'checkbox' || el.state.type === 'radio')) {
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
const REQUIRABLE_ROLES = {
  __proto__: null, textbox: true, combobox: true, spinbutton: true, listbox: true, radiogroup: true, tree: true, treegrid: true, gridcell: true, rowheader: true, columnheader: true,
};
const READABLE_ROLES = { __proto__: null, textbox: true, grid: true, treegrid: true, gridcell: true, rowheader: true, columnheader: true };
const MULTISELECT_ROLES = { __proto__: null, listbox: true, tree: true, treegrid: true, grid: true, tablist: true };
const SETTABLE_ROLES = { __proto__: null, slider: true, spinbutton: true, separator: true, scrollbar: true, Date: true, DateTime: true, InputTime: true, ColorWell: true };
const ORIENTATION = {
  __proto__: null, slider: 'horizontal', separator: 'horizontal', toolbar: 'horizontal', tablist: 'horizontal', menubar: 'horizontal', scrollbar: 'vertical', listbox: 'vertical',
  tree: 'vertical', menu: 'vertical',
};
const LIVE = { __proto__: null, alert: 'assertive', status: 'polite', log: 'polite', timer: 'off', marquee: 'off' };
export const RANGE_ROLES = { __proto__: null, slider: true, spinbutton: true, progressbar: true, meter: true, scrollbar: true };

function isTextControl(el, role) {
  return isAxHtml(el, 'textarea') || (isAxHtml(el, 'input') && (role === 'textbox' || role === 'searchbox' || role === 'spinbutton' || role === 'combobox'));
}

// Native controls have it by their constraints; that a text is missing counts once the user was there.
function invalidState(el, text) {
  const given = lowerAscii(getAttr(el, 'aria-invalid') ?? '');
  if (given !== '') return given;
  if (el.namespace !== HTML_NS || !isListed(el)) return null;
  if (!isInvalid(el)) return 'false';
  const untouched = (text || el.localName === 'select') && el.state !== null && !el.state.userChanged && suffersFrom(el, 'valueMissing');
  return untouched ? 'false' : 'true';
}

export function stateProperties(el, role) {
  const out = [];
  const disabled = isAriaDisabled(el);
  if (disabled) axProperty(out, 'disabled', 'boolean', true);
  const text = isTextControl(el, role);
  const host = !text && hasAttr(el, 'contenteditable') && isEditable(el);
  const invalid = invalidState(el, text);
  if (invalid !== null) axProperty(out, 'invalid', 'token', invalid);
  const focusable = isFocusableArea(el, false) || isAxHtml(el, 'dialog') || (isAxHtml(el, 'option') && selectOf(el) !== null);
  if (!disabled && focusable && el.localName !== 'iframe') axProperty(out, 'focusable', 'booleanOrUndefined', true);
  if (focusedDocument().focusedElement === el) axProperty(out, 'focused', 'booleanOrUndefined', true);
  if (text || host) axProperty(out, 'editable', 'token', text ? 'plaintext' : 'richtext');
  if (!disabled && (SETTABLE_ROLES[role] || text || (host && role !== 'generic'))) axProperty(out, 'settable', 'booleanOrUndefined', !hasAttr(el, 'readonly'));
  if (role === 'textbox') axProperty(out, 'multiline', 'boolean', isAxHtml(el, 'textarea') || host || truthAttribute(el, 'aria-multiline'));
  if (READABLE_ROLES[role]) axProperty(out, 'readonly', 'boolean', hasAttr(el, 'readonly') || truthAttribute(el, 'aria-readonly'));
  if (REQUIRABLE_ROLES[role] && !(role === 'combobox' && isAxHtml(el, 'select'))) {
    axProperty(out, 'required', 'boolean', (el.namespace === HTML_NS && isRequired(el)) || truthAttribute(el, 'aria-required'));
  }
  relationProperties(el, role, out);
  liveProperties(el, role, out);
  referenceProperties(el, role, out);
  return out;
}

function expandedState(el, role) {
  const given = getAttr(el, 'aria-expanded');
  if (given === 'true' || given === 'false') return given === 'true';
  if (role === 'DisclosureTriangle' && el.parent !== null && el.parent.nodeType === 1) return hasAttr(el.parent, 'open');
  return role === 'combobox' && isAxHtml(el, 'select') ? false : null;
}

function popupKind(el, role) {
  const given = getAttr(el, 'aria-haspopup');
  if (given !== null && given !== 'false' && given !== '') return given === 'true' ? 'menu' : given;
  if (role !== 'combobox') return null;
  return isAxHtml(el, 'select') ? 'menu' : 'listbox';
}

function relationProperties(el, role, out) {
  const checked = triState(el, role);
  if (checked !== null) axProperty(out, 'checked', 'tristate', checked);
  const pressed = getAttr(el, 'aria-pressed');
  if (role === 'button' && pressed !== null) axProperty(out, 'pressed', 'tristate', pressed === 'mixed' ? 'mixed' : pressed === 'true' ? 'true' : 'false');
  const level = axLevel(el, role);
  if (level !== null) axProperty(out, 'level', 'integer', level);
  if (SELECTABLE_ROLES[role]) {
    const native = isAxHtml(el, 'option') && selectOf(el) !== null;
    const selected = native ? el.state.selected : truthAttribute(el, 'aria-selected');
    if (native ? !isAriaDisabled(el) : hasAttr(el, 'aria-selected') || role === 'option' || role === 'tab') axProperty(out, 'selected', 'booleanOrUndefined', selected);
  }
  const expanded = expandedState(el, role);
  if (expanded !== null) axProperty(out, 'expanded', 'booleanOrUndefined', expanded);
  const popup = popupKind(el, role);
  if (popup !== null) axProperty(out, 'hasPopup', 'token', popup);
  if (MULTISELECT_ROLES[role]) axProperty(out, 'multiselectable', 'boolean', (isAxHtml(el, 'select') && isMultiple(el)) || truthAttribute(el, 'aria-multiselectable'));
  const orientation = getAttr(el, 'aria-orientation') ?? ORIENTATION[role];
  if (orientation !== undefined) axProperty(out, 'orientation', 'token', orientation);
  const complete = getAttr(el, 'aria-autocomplete') ?? (role === 'combobox' && isAxHtml(el, 'input') ? 'list' : null);
  if (complete !== null) axProperty(out, 'autocomplete', 'token', complete);
  if (RANGE_ROLES[role]) {
    const least = getAttr(el, 'aria-valuemin') ?? getAttr(el, 'min');
    const most = getAttr(el, 'aria-valuemax') ?? getAttr(el, 'max');
    const number = (given, other) => (given !== null && +given === +given ? +given : other);
    axProperty(out, 'valuemin', 'number', number(least, 0));
    axProperty(out, 'valuemax', 'number', number(most, el.localName === 'progress' || el.localName === 'meter' ? 1 : role === 'spinbutton' ? 0 : 100));
    axProperty(out, 'valuetext', 'string', getAttr(el, 'aria-valuetext') ?? (isAxHtml(el, 'input') ? el.state.value : ''));
  }
  if (role === 'dialog' || role === 'alertdialog') axProperty(out, 'modal', 'boolean', isModalDialog(el) || truthAttribute(el, 'aria-modal'));
  if (role !== 'generic' && hasAttr(el, 'aria-roledescription')) axProperty(out, 'roledescription', 'string', getAttr(el, 'aria-roledescription'));
  if (hasAttr(el, 'aria-keyshortcuts')) axProperty(out, 'keyshortcuts', 'string', getAttr(el, 'aria-keyshortcuts'));
  if (truthAttribute(el, 'aria-busy')) axProperty(out, 'busy', 'boolean', true);
}

// Of headings, of items by the lists around them, or as the author says; null: none
function axLevel(el, role) {
  const given = NumberParseInt(getAttr(el, 'aria-level') ?? '', 10);
  if (role === 'heading') return given > 0 ? given : HEADING_LEVEL[el.localName] ?? 2;
  if (hasAttr(el, 'aria-level')) return given || 1;
  if (role !== 'listitem' || !isAxHtml(el, 'li')) return null;
  let level = 0;
  for (let node = el.parent; node !== null && node.nodeType === 1; node = node.parent) {
    if (isAxHtml(node, 'ul') || isAxHtml(node, 'ol') || isAxHtml(node, 'menu')) level++;
  }
  return level;
}

// https://w3c.github.io/aria/#attrs_liveregions
function liveProperties(el, role, out) {
  const live = getAttr(el, 'aria-live') ?? LIVE[role];
  if (live === undefined || live === '') return;
  axProperty(out, 'live', 'token', live);
  axProperty(out, 'atomic', 'boolean', hasAttr(el, 'aria-atomic') ? truthAttribute(el, 'aria-atomic') : role === 'alert' || role === 'status');
  axProperty(out, 'relevant', 'tokenList', getAttr(el, 'aria-relevant') ?? 'additions text');
}

function referenceProperties(el, role, out) {
  if (role === 'link' && el.namespace === HTML_NS) {
    const url = hyperlinkURL(el);
    if (url !== null) axProperty(out, 'url', 'string', serializeURL(url));
  } else if (role === 'image' && isAxHtml(el, 'img')) {
    const source = imageSource(el);
    const url = source ? parseURL(source, documentBaseURL(el.doc), el.doc.encoding) : null;
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
