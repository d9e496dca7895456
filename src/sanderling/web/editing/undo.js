// https://w3c.github.io/editing/docs/execCommand/#the-undo-command
// What a user can take back, per document: steps of typing, deleting and pasting, in fields and in editing hosts. Grouped as in Chromium.

import { ArrayPrototypePop, ArrayPrototypeShift, SafeWeakMap } from '../primordials.js';
import { findByNamespace, removeAttrNode, setAttrNS } from '../dom/attributes.js';
import { replaceData } from '../dom/CharacterData.js';
import { RegisteredObserver, observing } from '../dom/mutation.js';
import { dropTransients } from '../dom/MutationObserver.js';
import { isConnected, isHostIncludingInclusiveAncestor, isInclusiveAncestor, preInsert, removeNode } from '../dom/tree.js';
import { focusElement } from '../html/focus.js';
import { selectBetween, selectionOf } from '../html/Selection.js';
import { fireInputEvent, putFieldText, typedText } from '../inspector/typing.js';

const MOST_STEPS = 1000;           // Chromium's

const histories = new SafeWeakMap();           // from document to { done, undone }

function historyOf(doc) {
  let history = histories.get(doc);
  if (history === undefined) {
    history = { __proto__: null, done: [], undone: [] };
    histories.set(doc, history);
  }
  return history;
}

export function hasStep(doc, redo) {
  const history = histories.get(doc);
  return history !== undefined && (redo ? history.undone : history.done).length > 0;
}

// -- steps -------------------------------------------------------------------------------------------------------------

const INSERTING = { __proto__: null, insertText: true, insertLineBreak: true, insertParagraph: true, insertCompositionText: true };

function editKind(inputType) {
  if (INSERTING[inputType] === true) return 'insert';
  return inputType === 'deleteContentBackward' || inputType === 'deleteContentForward' ? 'delete' : 'other';
}

// Typing goes on in the step that it began; deleting begins one of its own, in which typing goes on.
function goesOnIn(last, target, kind, group) {
  if (last === undefined || last.target !== target || !last.open) return false;
  if (group !== null && last.group === group) return true;
  return kind === 'insert' ? last.kind !== 'other' : kind === 'delete' && last.kind === 'delete';
}

function addStep(doc, step) {
  const history = historyOf(doc);
  history.undone = [];
  history.done[history.done.length] = step;
  if (history.done.length > MOST_STEPS) ArrayPrototypeShift(history.done);
}

function sameFieldState(a, b) {
  return a.text === b.text && a.start === b.start && a.end === b.end;
}

// The text of a field changed; `before` and `after` are { text, start, end }.
export function recordFieldEdit(el, inputType, before, after) {
  if (before.text === after.text) return;
  const { done } = historyOf(el.doc);
  const last = done[done.length - 1];
  const kind = editKind(inputType);
  if (goesOnIn(last, el, kind, null) && sameFieldState(last.after, before)) {
    last.after = after;
    last.kind = kind;
  } else addStep(el.doc, { __proto__: null, target: el, kind, group: null, open: true, changes: null, before, after });
}

// Where the cursor of an editing host is
function cursorIn(host) {
  const { range } = selectionOf(host.doc);
  if (range === null) return null;
  return { __proto__: null, startNode: range.startNode, startOffset: range.startOffset, endNode: range.endNode, endOffset: range.endOffset };
}

function sameCursor(a, b) {
  return a !== null && b !== null && a.startNode === b.startNode && a.startOffset === b.startOffset && a.endNode === b.endNode && a.endOffset === b.endOffset;
}

const EVERYTHING = { __proto__: null, subtree: true, childList: true, attributes: true, attributeOldValue: true, characterData: true, characterDataOldValue: true };

function withObserver(observers, registered) {
  const out = [];
  if (observers !== null) for (let i = 0; i < observers.length; i++) out[i] = observers[i];
  out[out.length] = registered;
  return out;
}

// What is written into one text over and over is one change of it: its text before, once.
function keepChanges(changes, records) {
  for (let i = 0; i < records.length; i++) {
    const last = changes[changes.length - 1];
    if (records[i].type !== 'characterData' || last === undefined || last.type !== 'characterData' || last.target !== records[i].target) changes[changes.length] = records[i];
  }
  return changes;
}

// Call `change`, which edits a host, and keep what it did to the tree. `group`: an object; edits of the same group are one step.
export function recordHostEdit(host, inputType, group, change) {
  const before = cursorIn(host);
  const observer = { __proto__: null, records: [], transients: [] };
  const registered = new RegisteredObserver(observer, EVERYTHING, null);
  host.observers = withObserver(host.observers, registered);
  observing.count++;
  let result;
  try {
    result = change();
  } finally {
    observing.count--;
    dropTransients(observer);
    const left = [];
    for (let i = 0; i < host.observers.length; i++) if (host.observers[i] !== registered) left[left.length] = host.observers[i];
    host.observers = left.length === 0 ? null : left;
  }
  const { records } = observer;
  if (records.length === 0) return result;
  const { done } = historyOf(host.doc);
  const last = done[done.length - 1];
  const kind = editKind(inputType);
  const after = cursorIn(host);
  if (goesOnIn(last, host, kind, group) && sameCursor(last.after, before)) {
    keepChanges(last.changes, records);
    last.after = after;
    last.kind = kind;
  } else addStep(host.doc, { __proto__: null, target: host, kind, group, open: true, changes: keepChanges([], records), before, after });
  return result;
}

// -- taking back and doing again ---------------------------------------------------------------------------------------

// Take one change back (or do it again); false where the page changed what it was about.
function invertRecord(record, redo) {
  const { target } = record;
  if (record.type === 'characterData') {
    const now = target.data;
    replaceData(target, 0, now.length, record.oldValue);
    record.oldValue = now;
    return true;
  }
  if (record.type === 'attributes') {
    const { attributeName, attributeNamespace, oldValue } = record;
    const attr = findByNamespace(target, attributeNamespace, attributeName);
    record.oldValue = attr === null ? null : attr.value;
    if (oldValue !== null) setAttrNS(target, attributeNamespace, null, attributeName, oldValue);
    else if (attr !== null) removeAttrNode(attr);
    return true;
  }
  const goes = redo ? record.removedNodes : record.addedNodes;
  const comes = redo ? record.addedNodes : record.removedNodes;
  const { nextSibling } = record;
  if (nextSibling !== null && nextSibling.parent !== target) return false;
  for (let i = 0; i < goes.length; i++) if (goes[i].parent !== target) return false;
  for (let i = 0; i < comes.length; i++) if (isHostIncludingInclusiveAncestor(comes[i], target)) return false;
  for (let i = 0; i < goes.length; i++) removeNode(goes[i]);
  for (let i = 0; i < comes.length; i++) preInsert(comes[i], target, nextSibling);
  return true;
}

function applyToHost(step, redo) {
  const { changes } = step;
  for (let i = 0; i < changes.length; i++) if (!invertRecord(changes[redo ? i : changes.length - 1 - i], redo)) return;
  const place = redo ? step.after : step.before;
  const { target } = step;
  if (place === null || !isInclusiveAncestor(target, place.startNode) || !isInclusiveAncestor(target, place.endNode)) return;
  selectBetween(target.doc, place.startNode, place.startOffset, place.endNode, place.endOffset);
}

// A field whose text the page has set since keeps it, as in Chromium: the step is gone all the same.
function applyToField(step, redo) {
  const from = redo ? step.before : step.after;
  if (typedText(step.target) === from.text) putFieldText(step.target, redo ? step.after : step.before);
}

// The undo and redo commands; `asked`: handlers of beforeinput may refuse. Whether there was a step.
export function takeBack(doc, redo, asked) {
  const history = histories.get(doc);
  if (history === undefined) return false;
  const { done, undone } = history;
  const from = redo ? undone : done;
  const to = redo ? done : undone;
  if (from.length === 0) return false;
  const step = from[from.length - 1];
  const { target } = step;
  const inputType = redo ? 'historyRedo' : 'historyUndo';
  if (asked && !fireInputEvent(target, 'beforeinput', inputType, null, true)) return true;
  // A handler may have edited.
  if (from[from.length - 1] !== step) return true;
  ArrayPrototypePop(from);
  step.open = false;
  if (!isConnected(target) || target.doc !== doc) return true;
  to[to.length] = step;
  if (doc.focusedElement !== target) focusElement(target, 'keyboard');
  if (step.changes === null) applyToField(step, redo);
  else applyToHost(step, redo);
  fireInputEvent(target, 'input', inputType, null, false);
  return true;
}
