// https://w3c.github.io/clipboard-apis/#clipboard-actions
// Copying, cutting and pasting by keys: the events, and what follows where no page handles them. As plain text; the clipboard is the context's.

import { utf8Decode, utf8Encode } from '../host.js';
import { fireEvent } from '../dom/dispatch.js';
import { rangeText } from '../dom/Range.js';
import { readRepresentations, writeRepresentations } from '../clipboard-apis/Clipboard.js';
import { DataTransferImpl, DRAG_STORE_PROTECTED, DRAG_STORE_READ } from '../html/DataTransfer.js';
import { selectedFieldText } from '../html/forms/text_control.js';
import { isEditable } from '../html/forms/states.js';
import { selectionOf } from '../html/Selection.js';
import { deleteSelection, isTextField, typeInto } from './typing.js';

function fireClipboard(doc, type, transfer) {
  const target = doc.focusedElement ?? doc.bodyElement() ?? doc.documentElement();
  return target === null || fireEvent(target, type, {
    __proto__: null, bubbles: true, cancelable: true, composed: true, interface: 'ClipboardEvent', init: { __proto__: null, clipboardData: transfer },
  });
}

export function selectedText(doc) {
  const el = doc.focusedElement;
  if (isTextField(el)) return selectedFieldText(el);
  const { range } = selectionOf(doc);
  return selectedFieldText(el) || (range === null ? '' : rangeText(range));
}

// https://w3c.github.io/clipboard-apis/#copy-action and #cut-action
export function copyByKey(doc, cut) {
  const transfer = new DataTransferImpl();
  const goesOn = fireClipboard(doc, cut ? 'cut' : 'copy', transfer);
  transfer.mode = DRAG_STORE_PROTECTED;
  const parts = [];
  if (goesOn) {
    const text = selectedText(doc);
    const el = doc.focusedElement;
    if (text === '' || (cut && !isTextField(el) && (el === null || !isEditable(el)))) return;
    parts[0] = { __proto__: null, type: 'text/plain', bytes: utf8Encode(text) };
    writeRepresentations(parts);
    if (cut) deleteSelection(el, 'deleteByCut');
    return;
  }
  const { entries } = transfer;
  for (let i = 0; i < entries.length; i++) {
    if (entries[i].text !== null) parts[parts.length] = { __proto__: null, type: entries[i].type, bytes: utf8Encode(entries[i].text) };
  }
  if (parts.length > 0) writeRepresentations(parts);
}

// https://w3c.github.io/clipboard-apis/#paste-action
export function pasteByKey(doc) {
  const transfer = new DataTransferImpl();
  const parts = readRepresentations();
  for (let i = 0; i < parts.length; i++) {
    const { type } = parts[i];
    if (type === 'text/plain' || type === 'text/html' || type === 'text/uri-list') transfer.setText(type, utf8Decode(parts[i].bytes));
  }
  transfer.mode = DRAG_STORE_READ;
  const goesOn = fireClipboard(doc, 'paste', transfer);
  const text = transfer.textOf('text/plain');
  transfer.mode = DRAG_STORE_PROTECTED;
  // A handler may have moved the focus.
  if (goesOn && text !== null && text !== '') typeInto(doc.focusedElement, text, 'insertFromPaste');
}
