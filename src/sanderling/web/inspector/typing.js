// https://w3c.github.io/input-events/#interface-InputEvent
// Text that a user writes and deletes, in fields and in editable elements, with beforeinput and input.

import { RegExpPrototypeExec, SafeWeakMap, StringPrototypeSlice } from '../primordials.js';
import { fireEvent } from '../dom/dispatch.js';
import { HTML_NS } from '../dom/namespaces.js';
import { StaticRangeImpl } from '../dom/Range.js';
import { isConnected } from '../dom/tree.js';
import { deletedSpan, deleteSpan, editingHost, insertLineBreak, insertParagraph, insertTextIntoHost, selectedSpan } from '../editing/host.js';
import { recordFieldEdit, recordHostEdit } from '../editing/undo.js';
import { queueTask } from '../html/tasks.js';
import { contentEditableState, isEditable, isMutable } from '../html/forms/states.js';
import { lengthLimit } from '../html/forms/validity.js';
import { cursorMoved, setUserValue } from '../html/forms/text_control.js';
import { InspectorFailure } from './describe.js';

const TYPED_INPUTS = { __proto__: null, text: true, search: true, tel: true, url: true, email: true, password: true, number: true, date: true };
// What a user writes into these by parts that only a real widget has.
const WIDGET_INPUTS = { __proto__: null, month: true, week: true, time: true, 'datetime-local': true };

export function isTextField(el) {
  if (el === null || el.namespace !== HTML_NS) return false;
  if (el.localName === 'textarea') return isMutable(el);
  return el.localName === 'input' && TYPED_INPUTS[el.state.type] === true && isMutable(el);
}

export function isTypeable(el) {
  return isTextField(el) || (el !== null && el.nodeType === 1 && isEditable(el));
}

// -- fields ------------------------------------------------------------------------------------------------------------

// What stands in a field whose value is empty while it is incomplete ("-", "1e", "12/3"); holds while the value is what came of it.
const rawTexts = new SafeWeakMap();

export function typedText(el) {
  const raw = rawTexts.get(el);
  return raw !== undefined && raw.value === el.state.value ? raw.text : el.state.value;
}

const NOT_NUMERIC = /[^0-9+\-.eE]/;

function dateOfDigits(text) {
  const m = RegExpPrototypeExec(/^(\d{1,2})\/?(\d{1,2})\/?(\d{4,6})$/, text);
  if (m === null) return text;
  const two = (digits) => (digits.length === 1 ? '0' + digits : digits);
  return m[3] + '-' + two(m[1]) + '-' + two(m[2]);
}

function setFieldText(el, text) {
  const type = el.localName === 'textarea' ? 'textarea' : el.state.type;
  const own = type === 'date' ? dateOfDigits(text) : text;
  setUserValue(el, own);
  if (type === 'number' || type === 'date') rawTexts.set(el, { __proto__: null, text, value: el.state.value });
}

// `targetRanges` are there while the event is dispatched.
export function fireInputEvent(el, type, inputType, data, cancelable, targetRanges = []) {
  const goesOn = fireEvent(el, type, {
    __proto__: null, bubbles: true, cancelable, composed: true, interface: 'InputEvent',
    init: { __proto__: null, view: el.doc.window, data, inputType, isComposing: false, targetRanges },
  });
  targetRanges.length = 0;
  return goesOn;
}

function moveCursor(el, start, end, direction) {
  const { selection } = el.state;
  const changed = selection.start !== start || selection.end !== end;
  selection.start = start;
  selection.end = end;
  selection.direction = direction;
  if (!changed) return;
  if (start !== end) queueTask(el.doc, () => fireEvent(el, 'select', { __proto__: null, bubbles: true }));
  cursorMoved(el);
}

// Replace characters of a field, from `start` to `end`; `asked`: handlers of beforeinput may refuse it.
export function replaceFieldText(el, start, end, text, inputType, asked = true) {
  let wanted = text;
  if (el.localName === 'input') {
    const m = RegExpPrototypeExec(/^[^\r\n]*/, wanted);
    wanted = m[0] === wanted ? wanted : joinedLines(wanted);
    if (el.state.type === 'number' && wanted !== '' && RegExpPrototypeExec(NOT_NUMERIC, wanted) !== null) return;
    if (el.state.type === 'date' && wanted !== '' && RegExpPrototypeExec(/[^0-9/\-]/, wanted) !== null) return;
  }
  const before = typedText(el);
  const limit = lengthLimit(el, 'maxlength');
  if (limit >= 0 && wanted !== '') {
    const room = limit - (before.length - (end - start));
    if (wanted.length > room) wanted = StringPrototypeSlice(wanted, 0, room > 0 ? room : 0);
    if (wanted === '' && start === end) return;
  }
  const data = inputType === 'insertLineBreak' ? null : wanted === '' ? null : wanted;
  if (asked) {
    if (!fireInputEvent(el, 'beforeinput', inputType, data, true)) return;
    if (wanted !== '' && (inputType === 'insertText' || inputType === 'insertLineBreak') && !fireTextInput(el, wanted)) return;
    if (!isTextField(el)) return;
  }
  const now = typedText(el);
  const { selection } = el.state;
  const was = { __proto__: null, text: now, start: selection.start, end: selection.end };
  const at = start + wanted.length;
  setFieldText(el, StringPrototypeSlice(now, 0, start) + wanted + StringPrototypeSlice(now, end));
  moveCursor(el, at, at, 'none');
  recordFieldEdit(el, inputType, was, { __proto__: null, text: typedText(el), start: at, end: at });
  fireInputEvent(el, 'input', inputType, data, false);
}

// Undo and redo: give a field the text and the cursor that it had.
export function putFieldText(el, { text, start, end }) {
  setFieldText(el, text);
  moveCursor(el, start, end, 'none');
}

function joinedLines(text) {
  let out = '';
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (c === '\r') continue;
    out += c === '\n' ? ' ' : c;
  }
  return out;
}

// Cursor and selection of a field, by clicks at a character.
export function selectField(el, offset, clickCount, extend) {
  const text = typedText(el);
  const at = offset < 0 ? 0 : offset > text.length ? text.length : offset;
  const { selection } = el.state;
  if (clickCount >= 3) moveCursor(el, 0, text.length, 'none');
  else if (clickCount === 2) {
    const word = wordAround(text, at);
    moveCursor(el, word.start, word.end, 'none');
  } else if (extend) {
    const anchor = selection.direction === 'backward' ? selection.end : selection.start;
    moveCursor(el, anchor < at ? anchor : at, anchor < at ? at : anchor, anchor <= at ? 'forward' : 'backward');
  } else moveCursor(el, at, at, 'none');
}

function isWordCharacter(c) {
  return c !== undefined && RegExpPrototypeExec(/[\p{L}\p{N}_]/u, c) !== null;
}

export function wordAround(text, at) {
  let start = at;
  let end = at;
  while (start > 0 && isWordCharacter(text[start - 1])) start--;
  while (end < text.length && isWordCharacter(text[end])) end++;
  if (start === end && end < text.length) end++;
  return { __proto__: null, start, end };
}

function previousStop(text, at, unit) {
  if (unit === 'all') return 0;
  if (at === 0) return 0;
  if (unit === 'line') {
    let to = at;
    while (to > 0 && text[to - 1] !== '\n') to--;
    return to;
  }
  if (unit === 'word') {
    let to = at;
    while (to > 0 && !isWordCharacter(text[to - 1])) to--;
    while (to > 0 && isWordCharacter(text[to - 1])) to--;
    return to;
  }
  // A character outside of the basic plane goes as one.
  return RegExpPrototypeExec(/[\ud800-\udbff][\udc00-\udfff]$/, StringPrototypeSlice(text, 0, at)) !== null ? at - 2 : at - 1;
}

function nextStop(text, at, unit) {
  const { length } = text;
  if (unit === 'all') return length;
  if (at === length) return length;
  if (unit === 'line') {
    let to = at;
    while (to < length && text[to] !== '\n') to++;
    return to;
  }
  if (unit === 'word') {
    let to = at;
    while (to < length && !isWordCharacter(text[to])) to++;
    while (to < length && isWordCharacter(text[to])) to++;
    return to;
  }
  return RegExpPrototypeExec(/^[\ud800-\udbff][\udc00-\udfff]/, StringPrototypeSlice(text, at)) !== null ? at + 2 : at + 1;
}

function verticalStop(text, at, by) {
  const start = previousStop(text, at, 'line');
  const column = at - start;
  if (by < 0) {
    if (start === 0) return 0;
    const above = previousStop(text, start - 1, 'line');
    return above + column > start - 1 ? start - 1 : above + column;
  }
  const end = nextStop(text, at, 'line');
  if (end === text.length) return end;
  const below = nextStop(text, end + 1, 'line');
  return end + 1 + column > below ? below : end + 1 + column;
}

// Move the cursor of a field: unit `character`, `word`, `line`, `all` or `row`.
export function moveInField(el, unit, forward, extend) {
  const text = typedText(el);
  const { selection } = el.state;
  const backward = selection.direction === 'backward';
  const anchor = backward ? selection.end : selection.start;
  const focus = backward ? selection.start : selection.end;
  let to;
  if (unit === 'row') {
    if (el.localName !== 'textarea') return;
    to = verticalStop(text, focus, forward ? 1 : -1);
  } else if (!extend && unit === 'character' && selection.start !== selection.end) to = forward ? selection.end : selection.start;
  else to = forward ? nextStop(text, focus, unit) : previousStop(text, focus, unit);
  if (!extend) moveCursor(el, to, to, 'none');
  else moveCursor(el, anchor < to ? anchor : to, anchor < to ? to : anchor, to < anchor ? 'backward' : 'forward');
}

export function selectAllOfField(el) {
  moveCursor(el, 0, typedText(el).length, 'none');
}

// -- by whoever has the focus ------------------------------------------------------------------------------------------

// `spanOf(host)` is what is edited, which handlers of beforeinput see; a change that changed nothing gives false.
function edit(el, inputType, data, spanOf, change) {
  const host = editingHost(el);
  if (host === null) return;
  const { startNode, startOffset, endNode, endOffset } = spanOf(host);
  const ranges = [new StaticRangeImpl(startNode, startOffset, endNode, endOffset)];
  if (!fireInputEvent(host, 'beforeinput', inputType, data, true, ranges)) return;
  // A handler may have moved the cursor, or removed the host.
  if (!isConnected(host)) return;
  if (change(host, spanOf) !== false) fireInputEvent(host, 'input', inputType, data, false);
}

// A change that can be taken back
const recorded = (inputType, change) => (host, spanOf) => recordHostEdit(host, inputType, null, () => change(host, spanOf));

// https://w3c.github.io/uievents/#event-type-textInput: the older event, which may still stop what is typed
function fireTextInput(el, data) {
  return fireEvent(el, 'textInput', {
    __proto__: null, bubbles: true, cancelable: true, composed: true, interface: 'TextEvent', init: { __proto__: null, view: el.doc.window, detail: 0, data },
  });
}

// Text in an editable element: in Chromium it is announced as a whole, each line break begins a paragraph, and each part has its input event.
function typeLines(host, text, inputType) {
  if (inputType === 'insertText' && (!fireTextInput(host, text) || !isConnected(host))) return false;
  const group = { __proto__: null };
  let from = 0;
  for (let at = 0; at <= text.length; at++) {
    if (at < text.length && text[at] !== '\n') continue;
    const line = StringPrototypeSlice(text, from, at);
    from = at + 1;
    if (line !== '') {
      recordHostEdit(host, inputType, group, () => insertTextIntoHost(host, line));
      fireInputEvent(host, 'input', inputType, line, false);
    }
    if (at === text.length || !isConnected(host)) break;
    recordHostEdit(host, inputType, group, () => insertParagraph(host));
    fireInputEvent(host, 'input', inputType, null, false);
    if (!isConnected(host)) break;
  }
  return false;
}

function checkWidget(el) {
  if (el.namespace === HTML_NS && el.localName === 'input' && WIDGET_INPUTS[el.state.type]) {
    throw new InspectorFailure('typing into an input of type "' + el.state.type + '" is not supported by Sanderling; its value can be set');
  }
}

// Write text at the cursor of `el`, over what is selected.
export function typeInto(el, text, inputType = 'insertText') {
  if (el === null) return;
  checkWidget(el);
  if (isTextField(el)) {
    const { start, end } = el.state.selection;
    replaceFieldText(el, start, end, text, inputType);
  } else if (isEditable(el)) edit(el, inputType, text, selectedSpan, (host) => typeLines(host, text, inputType));
}

// Enter, in what has lines.
export function typeLineBreak(el, soft) {
  if (isTextField(el) && el.localName === 'textarea') {
    const { start, end } = el.state.selection;
    replaceFieldText(el, start, end, '\n', 'insertLineBreak');
  } else if (isEditable(el)) {
    const host = editingHost(el);
    if (host !== null && contentEditableState(host) === 'plaintext-only') edit(el, 'insertLineBreak', null, selectedSpan, recorded('insertLineBreak', (at) => insertTextIntoHost(at, '\n')));
    else if (soft) edit(el, 'insertLineBreak', null, selectedSpan, recorded('insertLineBreak', insertLineBreak));
    else edit(el, 'insertParagraph', null, selectedSpan, recorded('insertParagraph', insertParagraph));
  }
}

const DELETE_TYPES = {
  __proto__: null, character: ['deleteContentBackward', 'deleteContentForward'], word: ['deleteWordBackward', 'deleteWordForward'],
  line: ['deleteSoftLineBackward', 'deleteSoftLineForward'], all: ['deleteSoftLineBackward', 'deleteSoftLineForward'],
};

export function deleteFrom(el, forward, unit) {
  if (el === null) return;
  checkWidget(el);
  const inputType = DELETE_TYPES[unit][forward ? 1 : 0];
  if (isTextField(el)) {
    const { start, end } = el.state.selection;
    const text = typedText(el);
    if (start !== end) replaceFieldText(el, start, end, '', inputType);
    else if (forward && end < text.length) replaceFieldText(el, start, nextStop(text, end, unit), '', inputType);
    else if (!forward && start > 0) replaceFieldText(el, previousStop(text, start, unit), end, '', inputType);
  } else if (isEditable(el)) edit(el, inputType, null, (host) => deletedSpan(host, forward, unit), recorded(inputType, (host, spanOf) => deleteSpan(host, spanOf(host))));
}

// [start, end] of what is selected in a field, else of the character before or behind the cursor.
export function moveOverInField(el, forward) {
  const { start, end } = el.state.selection;
  if (start !== end) return [start, end];
  const text = typedText(el);
  return forward ? [start, nextStop(text, end, 'character')] : [previousStop(text, start, 'character'), end];
}

// Delete what is selected, and nothing where nothing is.
export function deleteSelection(el, inputType) {
  if (isTextField(el)) {
    const { start, end } = el.state.selection;
    if (start !== end) replaceFieldText(el, start, end, '', inputType);
  } else if (el !== null && isEditable(el)) {
    edit(el, inputType, null, selectedSpan, recorded(inputType, (host) => deleteSpan(host, selectedSpan(host))));
  }
}

// -- composition: https://w3c.github.io/uievents/#events-compositionevents ---------------------------------------------

let composition = null;            // { el, start, end, text }

function fireComposition(el, type, data) {
  return fireEvent(el, type, {
    __proto__: null, bubbles: true, cancelable: type === 'compositionstart', composed: true, interface: 'CompositionEvent', init: { __proto__: null, view: el.doc.window, detail: 0, data },
  });
}

export function isComposing(el) {
  return composition !== null && composition.el === el;
}

export function compose(el, text, selectionStart, selectionEnd) {
  if (el === null || !isTextField(el)) throw new InspectorFailure('composing is supported by Sanderling in text fields only');
  if (composition === null || composition.el !== el) {
    const { start, end } = el.state.selection;
    if (text === '') return;
    fireComposition(el, 'compositionstart', '');
    composition = { __proto__: null, el, start, end, text: '' };
  }
  fireComposition(el, 'compositionupdate', text);
  replaceFieldText(el, composition.start, composition.end, text, 'insertCompositionText');
  composition.end = composition.start + text.length;
  composition.text = text;
  moveCursor(el, composition.start + selectionStart, composition.start + selectionEnd, 'none');
  if (text === '') endComposition('');
}

// Text that is committed takes the place of what was composed.
export function endComposition(text) {
  const { el, start, end } = composition;
  if (text !== '') replaceFieldText(el, start, end, text, 'insertCompositionText');
  composition = null;
  fireComposition(el, 'compositionend', text);
}
