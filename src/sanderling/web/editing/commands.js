// https://w3c.github.io/editing/docs/execCommand/#execcommand()
// The commands that insert, delete, select, copy and take back. Those that format are not supported, and the answers say so.

import { StringPrototypeSplit } from '../primordials.js';
import { lowerAscii } from '../css/selectors/names.js';
import { parseFragment } from '../domparsing/fragment.js';
import { isEditable } from '../html/forms/states.js';
import { selectionOf } from '../html/Selection.js';
import { hasTransientActivation } from '../html/user_activation.js';
import { copyByKey, selectedText } from '../inspector/clipboard_keys.js';
import { fireInputEvent, isTextField, moveOverInField, replaceFieldText, selectAllOfField } from '../inspector/typing.js';
import { hasStep, recordHostEdit, takeBack } from './undo.js';
import { blockOf, deletedSpan, deleteSpan, editingHost, insertLineBreak, insertNodesIntoHost, insertParagraph, insertTextIntoHost, selectAllOf } from './host.js';

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

// Their input type, what is done to an editing host, and what to the text of a field; a change that changed nothing gives false.
const EDITING_COMMANDS = {
  __proto__: null,
  inserttext: ['insertText', insertLines, (el, { start, end }, value) => replaceFieldText(el, start, end, value, 'insertText', false)],
  inserthtml: ['', insertMarkup, (el, { start, end }, value) => replaceFieldText(el, start, end, value, '', false)],
  insertparagraph: ['insertParagraph', insertParagraph, insertLineInField],
  insertlinebreak: ['insertLineBreak', insertLineBreak, insertLineInField],
  delete: ['deleteContentBackward', removes(false), (el) => removeInField(el, false)],
  forwarddelete: ['deleteContentForward', removes(true), (el) => removeInField(el, true)],
};

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

export function supportsCommand(given) {
  const name = lowerAscii(given);
  return EDITING_COMMANDS[name] !== undefined || name === 'copy' || name === 'cut' || name === 'selectall' || name === 'undo' || name === 'redo';
}

export function commandEnabled(doc, given) {
  if (doc.window === null || !supportsCommand(given)) return false;
  const name = lowerAscii(given);
  if (name === 'selectall') return true;
  if (name === 'undo' || name === 'redo') return hasStep(doc, name === 'redo');
  const editable = isTextField(doc.focusedElement) || selectedHost(doc) !== null;
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
  const { 0: inputType, 1: inHost, 2: inField } = EDITING_COMMANDS[name];
  if (field) {
    inField(el, el.state.selection, value);
    return true;
  }
  // No beforeinput: page code asked for it itself.
  const host = selectedHost(doc);
  if (recordHostEdit(host, inputType, null, () => inHost(host, value)) !== false) fireInputEvent(host, 'input', inputType, name === 'inserttext' ? value : null, false);
  return true;
}
