// https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#textFieldSelection
// The text cursor of input and textarea, and values that a user types.

import { domException } from '../../dom/DOMException.js';
import { fireEvent } from '../../dom/dispatch.js';
import { HTML_NS } from '../../dom/namespaces.js';
import { StringPrototypeCharCodeAt, StringPrototypeSlice } from '../../primordials.js';
import { queueTask } from '../tasks.js';
import { hasTextSelection, isSelectable, sanitizeValue, valueMode } from './input_types.js';

// https://infra.spec.whatwg.org/#normalize-newlines
export function normalizeNewlines(text) {
  let out = '';
  let from = 0;
  for (let i = 0; i < text.length; i++) {
    if (StringPrototypeCharCodeAt(text, i) !== 13) continue;
    out += StringPrototypeSlice(text, from, i) + '\n';
    if (i + 1 < text.length && StringPrototypeCharCodeAt(text, i + 1) === 10) i++;
    from = i + 1;
  }
  return from === 0 ? text : out + StringPrototypeSlice(text, from);
}

function hasCursor(el) {
  return el.localName === 'textarea' || hasTextSelection(el.state.type);
}

function needCursor(el, what) {
  if (!hasCursor(el)) {
    throw domException('InvalidStateError', "Failed to " + what + " on 'HTMLInputElement': The input element's type ('" + el.state.type + "') does not support selection.");
  }
}

// https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#set-the-selection-range
export function setSelectionRange(el, start, end, direction) {
  const { selection, value } = el.state;
  let from = start ?? 0;
  let to = end ?? 0;
  if (to > value.length) to = value.length;
  if (from > to) from = to;
  const wanted = direction === 'forward' || direction === 'backward' ? direction : 'none';
  const changed = selection.start !== from || selection.end !== to || selection.direction !== wanted;
  selection.start = from;
  selection.end = to;
  selection.direction = wanted;
  if (!changed) return;
  queueTask(el.doc, () => fireEvent(el, 'select', { __proto__: null, bubbles: true }));
  cursorMoved(el);
}

// https://w3c.github.io/selection-api/#dfn-schedule-a-selectionchange-event
export function cursorMoved(el) {
  const { selection } = el.state;
  if (selection.queued) return;
  selection.queued = true;
  queueTask(el.doc, () => {
    selection.queued = false;
    fireEvent(el, 'selectionchange', { __proto__: null, bubbles: true });
  });
}

// What is selected in a text field; '' for other elements.
export function selectedFieldText(el) {
  if (el === null || el.namespace !== HTML_NS || (el.localName !== 'textarea' && (el.localName !== 'input' || !hasTextSelection(el.state.type) || el.state.type === 'password'))) return '';
  const { selection, value } = el.state;
  return StringPrototypeSlice(value, selection.start, selection.end);
}

// After the value changed by script: the cursor goes to the end.
export function cursorToEnd(el) {
  const { selection, value } = el.state;
  selection.start = value.length;
  selection.end = value.length;
  selection.direction = 'none';
}

// The cursor may not stand behind the end.
export function clampCursor(el) {
  const { selection, value } = el.state;
  if (selection.start > value.length) selection.start = value.length;
  if (selection.end > value.length) selection.end = value.length;
}

// https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#dom-textarea/input-setrangetext
function setRangeText(el, replacement, start, end, mode) {
  const { state } = el;
  const { selection } = state;
  // 4-6.
  let from = start ?? selection.start;
  let to = end ?? selection.end;
  if (from > to) throw domException('IndexSizeError', 'The provided start value (' + from + ') is larger than the provided end value (' + to + ').');
  // 7-8.
  const { length } = state.value;
  if (from > length) from = length;
  if (to > length) to = length;
  let selStart = selection.start;
  let selEnd = selection.end;
  // 9-11.
  state.dirtyValue = true;
  state.value = StringPrototypeSlice(state.value, 0, from) + replacement + StringPrototypeSlice(state.value, to);
  el.doc.version++;
  // 12-13.
  const newEnd = from + replacement.length;
  switch (mode) {
    case 'select':
      selStart = from;
      selEnd = newEnd;
      break;
    case 'start':
      selStart = from;
      selEnd = from;
      break;
    case 'end':
      selStart = newEnd;
      selEnd = newEnd;
      break;
    default: {
      const delta = replacement.length - (to - from);
      if (selStart > to) selStart += delta;
      else if (selStart > from) selStart = from;
      if (selEnd > to) selEnd += delta;
      else if (selEnd > from) selEnd = newEnd;
    }
  }
  // 14.
  setSelectionRange(el, selStart, selEnd, 'none');
}

export const textSelectionMembers = {
  __proto__: null,
  select(self) {
    if (self.localName === 'input' && !isSelectable(self.state.type)) return;
    // Where scripts have no cursor (number, date) the user still has one: what is typed next replaces everything.
    setSelectionRange(self, 0, self.state.value.length, 'none');
  },
  selectionStart: {
    get: (self) => (hasCursor(self) ? self.state.selection.start : null),
    set(self, value) {
      needCursor(self, "set the 'selectionStart' property");
      const start = value ?? 0;
      const { selection } = self.state;
      setSelectionRange(self, start, selection.end < start ? start : selection.end, selection.direction);
    },
  },
  selectionEnd: {
    get: (self) => (hasCursor(self) ? self.state.selection.end : null),
    set(self, value) {
      needCursor(self, "set the 'selectionEnd' property");
      setSelectionRange(self, self.state.selection.start, value, self.state.selection.direction);
    },
  },
  selectionDirection: {
    get: (self) => (hasCursor(self) ? self.state.selection.direction : null),
    set(self, value) {
      needCursor(self, "set the 'selectionDirection' property");
      setSelectionRange(self, self.state.selection.start, self.state.selection.end, value);
    },
  },
  'setRangeText:0': function setRangeTextHere(self, replacement) {
    needCursor(self, "execute 'setRangeText'");
    setRangeText(self, replacement, null, null, 'preserve');
  },
  'setRangeText:1': function setRangeTextAt(self, replacement, start, end, mode) {
    needCursor(self, "execute 'setRangeText'");
    setRangeText(self, replacement, start, end, mode);
  },
  setSelectionRange(self, start, end, direction) {
    needCursor(self, "execute 'setSelectionRange'");
    setSelectionRange(self, start, end, direction);
  },
};

// What a user's typing does to the value; the events are the caller's.
export function setUserValue(el, text) {
  const { state } = el;
  if (el.localName === 'textarea') state.value = normalizeNewlines(text);
  else if (valueMode(state.type) === 'value') state.value = sanitizeValue(el, text);
  else return;
  state.dirtyValue = true;
  state.userEdited = true;
  el.doc.version++;
  cursorToEnd(el);
}
