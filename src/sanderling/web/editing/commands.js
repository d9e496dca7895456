// https://w3c.github.io/editing/docs/execCommand/#execcommand()
// What documents answer for commands: those that insert, delete, select, copy, format and take back.

import { SafeWeakMap, StringPrototypeSlice, StringPrototypeSplit } from '../primordials.js';
import { setAttr } from '../dom/attributes.js';
import { createElement, createText } from '../dom/create.js';
import { StaticRangeImpl } from '../dom/Range.js';
import { isConnected, preInsert } from '../dom/tree.js';
import { lowerAscii } from '../css/selectors/names.js';
import { parseFragment } from '../domparsing/fragment.js';
import { contentEditableState, isEditable } from '../html/forms/states.js';
import { selectionOf } from '../html/Selection.js';
import { hasTransientActivation } from '../html/user_activation.js';
import { copyByKey, selectedText } from '../inspector/clipboard_keys.js';
import { fireInputEvent, isTextField, moveOverInField, replaceFieldText, selectAllOfField } from '../inspector/typing.js';
import { alignLines, alignmentOf, blockFormat, formatBlocks, indentLines, listFormat, outdentLines, toggleList } from './blocks.js';
import { formatAt, formatNamed, formatOfSelection, formatValue, legacyFontSize, removeFormats, selectedLeaves, selectLeaves, setFormat } from './formats.js';
import {
  addPendingFormat, blockOf, deletedSpan, deleteSpan, editedRange, editingHost, insertLineBreak, insertNodesIntoHost, insertParagraph, insertTextIntoHost, paragraphName, pendingFormats,
  selectAllOf, selectedSpan, setParagraphName,
} from './host.js';
import { hasStep, recordHostEdit, takeBack } from './undo.js';

function insertLines(host, text) {
  const lines = StringPrototypeSplit(text, '\n');
  for (let i = 0; i < lines.length; i++) {
    if (i > 0) insertParagraph(host);
    if (lines[i] !== '') insertTextIntoHost(host, lines[i]);
  }
}

function insertMarkup(host, markup) {
  const { range } = selectionOf(host.doc);
  const block = blockOf(range.startNode, host);
  insertNodesIntoHost(host, parseFragment(block, markup, false));
}

const removes = (forward) => (host) => deleteSpan(host, deletedSpan(host, forward, 'character'));

// https://w3c.github.io/editing/docs/execCommand/#css-styling-flag
const stylesByCss = new SafeWeakMap();

function applyFormat(host, name, value) {
  const format = formatNamed(name);
  const leaves = selectedLeaves(host);
  if (leaves.length === 0) {
    if (name === 'link') return false;
    addPendingFormat(host, name, value);
    return null;
  }
  setFormat(host, leaves, format, value, stylesByCss.get(host.doc) === true);
  selectLeaves(leaves);
  return true;
}

const toggles = (name) => (host) => {
  const format = formatNamed(name);
  return applyFormat(host, name, stateOf(host, name) ? format.off : format.on);
};

const gives = (name) => (host, given) => {
  const value = formatValue(formatNamed(name), given, host.doc);
  return value === null ? false : applyFormat(host, name, value);
};

function insertElement(host, el) {
  const fragment = parseFragment(host, '', false);
  preInsert(el, fragment, null);
  insertNodesIntoHost(host, fragment);
}

function linkSelection(host, url) {
  if (url === '') return false;
  if (selectedLeaves(host).length > 0) return applyFormat(host, 'link', url);
  // Where nothing is selected, its text is the address.
  const a = createElement(host.doc, 'a');
  setAttr(a, 'href', url);
  preInsert(createText(host.doc, url), a, null);
  insertElement(host, a);
  return true;
}

function insertImage(host, url) {
  if (url === '') return false;
  const img = createElement(host.doc, 'img');
  setAttr(img, 'src', url);
  insertElement(host, img);
  return true;
}

// A rule stands between blocks.
function insertRule(host, id) {
  const hr = createElement(host.doc, 'hr');
  if (id !== '') setAttr(hr, 'id', id);
  const { startNode } = editedRange(host);
  if (blockOf(startNode, host) === host) {
    insertElement(host, hr);
    return true;
  }
  insertParagraph(host);
  let block = blockOf(editedRange(host).startNode, host);
  while (block.parent !== host) block = block.parent;
  preInsert(hr, host, block);
  return true;
}

function clearFormats(host) {
  const leaves = selectedLeaves(host);
  if (leaves.length === 0) return false;
  removeFormats(host, leaves);
  selectLeaves(leaves);
  return true;
}

// A name as `<h1>` says it, too
function blockNamed(host, given) {
  const name = lowerAscii(given);
  return formatBlocks(host, name.length > 2 && name[0] === '<' && name[name.length - 1] === '>' ? StringPrototypeSlice(name, 1, -1) : name);
}

// Their input type, what is done to an editing host, and what to the text of a field (null: nothing); a change that changed nothing gives false, and null where
// it is one of what is typed next.
const EDITING_COMMANDS = {
  __proto__: null,
  inserttext: ['insertText', insertLines, (el, { start, end }, value) => replaceFieldText(el, start, end, value, 'insertText', false)],
  inserthtml: ['', insertMarkup, (el, { start, end }, value) => replaceFieldText(el, start, end, value, '', false)],
  insertparagraph: ['insertParagraph', insertParagraph, insertLineInField],
  insertlinebreak: ['insertLineBreak', insertLineBreak, insertLineInField],
  delete: ['deleteContentBackward', removes(false), (el) => removeInField(el, false)],
  forwarddelete: ['deleteContentForward', removes(true), (el) => removeInField(el, true)],
  bold: ['formatBold', toggles('bold'), null],
  italic: ['formatItalic', toggles('italic'), null],
  underline: ['formatUnderline', toggles('underline'), null],
  strikethrough: ['formatStrikeThrough', toggles('strikethrough'), null],
  subscript: ['formatSubscript', toggles('subscript'), null],
  superscript: ['formatSuperscript', toggles('superscript'), null],
  forecolor: ['', gives('forecolor'), null],
  hilitecolor: ['', gives('hilitecolor'), null],
  backcolor: ['', gives('hilitecolor'), null],
  fontname: ['', gives('fontname'), null],
  fontsize: ['', gives('fontsize'), null],
  removeformat: ['formatRemove', clearFormats, null],
  createlink: ['insertLink', linkSelection, null],
  unlink: ['', (host) => applyFormat(host, 'link', null), null],
  insertimage: ['', insertImage, null],
  inserthorizontalrule: ['', insertRule, null],
  formatblock: ['', blockNamed, null],
  insertorderedlist: ['insertOrderedList', (host) => toggleList(host, 'ol'), null],
  insertunorderedlist: ['insertUnorderedList', (host) => toggleList(host, 'ul'), null],
  indent: ['formatIndent', indentLines, null],
  outdent: ['formatOutdent', outdentLines, null],
  justifyleft: ['formatJustifyLeft', (host) => alignLines(host, 'left'), null],
  justifycenter: ['formatJustifyCenter', (host) => alignLines(host, 'center'), null],
  justifyright: ['formatJustifyRight', (host) => alignLines(host, 'right'), null],
  justifyfull: ['formatJustifyFull', (host) => alignLines(host, 'justify'), null],
};

// What has to do with no selection
const SETTINGS = { __proto__: null, stylewithcss: true, defaultparagraphseparator: true };

function insertLineInField(el, { start, end }) {
  if (el.localName === 'textarea') replaceFieldText(el, start, end, '\n', 'insertLineBreak', false);
}

function removeInField(el, forward) {
  const { 0: start, 1: end } = moveOverInField(el, forward);
  if (start !== end) replaceFieldText(el, start, end, '', forward ? 'deleteContentForward' : 'deleteContentBackward', false);
}

// The host in which the selection begins, or null
function selectedHost(doc) {
  const { range } = selectionOf(doc);
  if (range === null) return null;
  const el = range.startNode.nodeType === 1 ? range.startNode : range.startNode.parent;
  return el !== null && el.nodeType === 1 && isEditable(el) ? editingHost(el) : null;
}

// The same for what formats: not where only plain text may stand, and not while a field has the focus.
function richHost(doc) {
  const host = isTextField(doc.focusedElement) ? null : selectedHost(doc);
  return host !== null && contentEditableState(host) === 'plaintext-only' ? null : host;
}

export function supportsCommand(given) {
  const name = lowerAscii(given);
  return EDITING_COMMANDS[name] !== undefined || SETTINGS[name] === true || name === 'copy' || name === 'cut' || name === 'selectall' || name === 'undo' || name === 'redo';
}

export function commandEnabled(doc, given) {
  if (doc.window === null || !supportsCommand(given)) return false;
  const name = lowerAscii(given);
  if (name === 'selectall' || SETTINGS[name] === true) return true;
  if (name === 'undo' || name === 'redo') return hasStep(doc, name === 'redo');
  const editable = EDITING_COMMANDS[name] !== undefined && EDITING_COMMANDS[name][2] === null ? richHost(doc) !== null : isTextField(doc.focusedElement) || selectedHost(doc) !== null;
  if (name === 'copy' || name === 'cut') return hasTransientActivation() && selectedText(doc) !== '' && (name === 'copy' || editable);
  return editable;
}

export function executeCommand(doc, given, value) {
  if (!commandEnabled(doc, given)) return false;
  const name = lowerAscii(given);
  const el = doc.focusedElement;
  const field = isTextField(el);
  if (name === 'copy' || name === 'cut') {
    copyByKey(doc, name === 'cut');
    return true;
  }
  if (name === 'undo' || name === 'redo') return takeBack(doc, name === 'redo', false);
  if (name === 'selectall') {
    const host = selectedHost(doc) ?? doc.bodyElement();
    if (field) selectAllOfField(el);
    else if (host !== null) selectAllOf(host);
    return true;
  }
  if (SETTINGS[name] === true) return changeSetting(doc, name, lowerAscii(value));
  const { 0: inputType, 1: inHost, 2: inField } = EDITING_COMMANDS[name];
  if (field) {
    inField(el, el.state.selection, value);
    return true;
  }
  // No beforeinput: page code asked for it itself.
  const host = selectedHost(doc);
  const done = recordHostEdit(host, inputType, null, () => inHost(host, value));
  const data = name === 'inserttext' || name === 'createlink' ? value : null;
  if (done !== false && done !== null) fireInputEvent(host, 'input', inputType, data, false);
  return done !== false || inputType === 'deleteContentBackward' || inputType === 'deleteContentForward';
}

function changeSetting(doc, name, value) {
  if (name === 'stylewithcss') stylesByCss.set(doc, value !== 'false');
  else if (value === 'div' || value === 'p') setParagraphName(doc, value);
  else return false;
  return true;
}

// Ctrl+B and its like, which ask handlers of beforeinput first
export function formatByKey(el, name) {
  const host = editingHost(el);
  if (host === null || contentEditableState(host) === 'plaintext-only') return;
  const { 0: inputType, 1: inHost } = EDITING_COMMANDS[name];
  const { startNode, startOffset, endNode, endOffset } = selectedSpan(host);
  if (!fireInputEvent(host, 'beforeinput', inputType, null, true, [new StaticRangeImpl(startNode, startOffset, endNode, endOffset)]) || !isConnected(host)) return;
  if (recordHostEdit(host, inputType, null, () => inHost(host, '')) === true) fireInputEvent(host, 'input', inputType, null, false);
}

// -- answers ---------------------------------------------------------------------------------------------------------------

function stateOf(host, name) {
  const format = formatNamed(name);
  const formats = pendingFormats(host);
  if (formats !== null) for (let i = 0; i < formats.length; i++) if (formats[i][0] === name) return formats[i][1] === format.on;
  return formatOfSelection(host, format, format.on) === 'all';
}

const LIST_NAMES = { __proto__: null, insertorderedlist: 'ol', insertunorderedlist: 'ul' };
const ALIGNMENTS = { __proto__: null, justifyleft: 'left', justifycenter: 'center', justifyright: 'right', justifyfull: 'justify' };
const VALUES = { __proto__: null, forecolor: 'forecolor', backcolor: 'hilitecolor', fontname: 'fontname', fontsize: 'fontsize' };

export function commandState(doc, given) {
  const name = lowerAscii(given);
  if (name === 'stylewithcss') return stylesByCss.get(doc) === true;
  const host = richHost(doc);
  if (host === null) return false;
  if (LIST_NAMES[name] !== undefined) return listFormat(host) === LIST_NAMES[name];
  if (ALIGNMENTS[name] !== undefined) return alignmentOf(host) === ALIGNMENTS[name];
  const format = formatNamed(name);
  return format !== undefined && format.on !== undefined && stateOf(host, name);
}

export function commandIndeterm(doc, given) {
  const name = lowerAscii(given);
  const format = formatNamed(name);
  const host = richHost(doc);
  return host !== null && format !== undefined && format.on !== undefined && formatOfSelection(host, format, format.on) === 'some';
}

// Commands with a state but no value give that, as in Chromium.
export function commandValue(doc, given) {
  const name = lowerAscii(given);
  if (name === 'defaultparagraphseparator') return paragraphName(doc);
  const host = richHost(doc);
  if (host === null) return '';
  if (name === 'formatblock') return blockFormat(host);
  if (ALIGNMENTS[name] !== undefined) return alignmentOf(host);
  if (VALUES[name] !== undefined) {
    const { startNode } = editedRange(host);
    const value = formatAt(startNode, formatNamed(VALUES[name]));
    return name === 'fontsize' ? legacyFontSize(value) : value;
  }
  const format = formatNamed(name);
  return format !== undefined && format.on !== undefined ? '' + stateOf(host, name) : '';
}
