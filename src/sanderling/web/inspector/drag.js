// https://html.spec.whatwg.org/multipage/dnd.html#drag-and-drop-processing-model
// Dragging by mouse events, or by a client that has intercepted the drag and reports what happens to it.

import { hostPost, onHost } from '../host.js';
import { getAttr, hasAttr } from '../dom/attributes.js';
import { fireEvent } from '../dom/dispatch.js';
import { HTML_NS } from '../dom/namespaces.js';
import { isConnected } from '../dom/tree.js';
import { lowerAscii } from '../css/selectors/names.js';
import { DataTransferImpl, DRAG_STORE_PROTECTED, DRAG_STORE_READ } from '../html/DataTransfer.js';
import { hyperlinkURL } from '../html/elements/hyperlinks.js';
import { imageSource } from '../html/elements/image_elements.js';
import { serializeURL } from '../url/parser.js';
import { InspectorFailure } from './describe.js';
import { answeringInput, PointerPlace } from './pointer.js';

// Bits of CDP's dragOperationsMask
const OPERATION_BITS = { __proto__: null, none: 0, copy: 1, link: 2, move: 16, copyLink: 3, copyMove: 17, linkMove: 18, all: 19, uninitialized: 19 };

class DragState {
  constructor(source, transfer) {
    this.source = source;          // element, or null when it came from outside
    this.transfer = transfer;
    this.over = null;              // the current target element
    this.accepted = 'none';        // the operation that the target allows
    this.intercepted = false;      // a client drives it
  }
}

let drag = null;
let interceptsDrags = false;

export function isDragging() {
  return drag !== null && !drag.intercepted;
}

// The nearest element that can be dragged: https://html.spec.whatwg.org/multipage/dnd.html#the-draggable-attribute
export function dragCandidateOf(target) {
  for (let node = target; node !== null && node.nodeType === 1; node = node.parent) {
    if (node.namespace !== HTML_NS) continue;
    const value = getAttr(node, 'draggable');
    if (value !== null && lowerAscii(value) === 'true') return node;
    if (value !== null && lowerAscii(value) === 'false') continue;
    if (node.localName === 'img' || (node.localName === 'a' && hasAttr(node, 'href'))) return node;
  }
  return null;
}

function fireDrag(place, target, type, state, related = null) {
  const { transfer } = state;
  return fireEvent(target, type, {
    __proto__: null, bubbles: true, cancelable: type !== 'dragleave' && type !== 'dragend', composed: true, interface: 'DragEvent', relatedTarget: related ?? undefined,
    init: place.initFor(target, { __proto__: null, dataTransfer: transfer }, true),
  });
}

// Gives whether the drag began. `place` is that of the press: Chromium's `dragstart` tells of it, not of the move that made the press a drag.
export function beginDrag(place, el) {
  if (!isConnected(el)) return false;
  const transfer = new DataTransferImpl();
  transfer.effectAllowed = 'uninitialized';
  if (el.localName === 'a') {
    const url = hyperlinkURL(el);
    if (url !== null) transfer.setText('text/uri-list', serializeURL(url));
  } else if (el.localName === 'img') {
    const source = imageSource(el);
    if (source) transfer.setText('text/uri-list', source);
  }
  const state = new DragState(el, transfer);
  if (!fireDrag(place, el, 'dragstart', state)) {
    transfer.mode = DRAG_STORE_PROTECTED;
    return false;
  }
  transfer.mode = DRAG_STORE_PROTECTED;
  drag = state;
  if (interceptsDrags) {
    state.intercepted = true;
    const items = [];
    for (let i = 0; i < transfer.entries.length; i++) {
      const item = transfer.entries[i];
      if (item.text !== null) items[items.length] = { __proto__: null, mimeType: item.type, data: item.text };
    }
    hostPost('inspector.dragIntercepted', { __proto__: null, data: { __proto__: null, items, dragOperationsMask: OPERATION_BITS[transfer.effectAllowed] } });
  }
  return true;
}

function hasOperation(allowed, effect) {
  return effect !== 'none' && (OPERATION_BITS[allowed] & OPERATION_BITS[effect]) !== 0;
}

function preferredEffect(allowed) {
  if (hasOperation(allowed, 'copy')) return 'copy';
  return hasOperation(allowed, 'link') ? 'link' : hasOperation(allowed, 'move') ? 'move' : 'none';
}

function enterTarget(place, state) {
  const { target } = place;
  if (state.over === target) return;
  const old = state.over;
  state.over = target;
  state.accepted = 'none';
  if (target !== null) fireDrag(place, target, 'dragenter', state, old);
  if (old !== null && isConnected(old)) fireDrag(place, old, 'dragleave', state, target);
}

function overTarget(place, state) {
  enterTarget(place, state);
  if (state.over === null) return;
  const { transfer } = state;
  transfer.dropEffect = preferredEffect(transfer.effectAllowed);
  const canceled = !fireDrag(place, state.over, 'dragover', state);
  state.accepted = canceled && hasOperation(transfer.effectAllowed, transfer.dropEffect) ? transfer.dropEffect : 'none';
}

export function dragMoved(place) {
  const state = drag;
  if (isConnected(state.source)) fireDrag(place, state.source, 'drag', state);
  if (drag === state) overTarget(place, state);
}

function dropAt(place, state) {
  const { transfer, over } = state;
  if (over !== null && isConnected(over)) {
    if (state.accepted === 'none') fireDrag(place, over, 'dragleave', state);
    else {
      transfer.mode = DRAG_STORE_READ;
      transfer.dropEffect = state.accepted;
      fireDrag(place, over, 'drop', state);
      transfer.mode = DRAG_STORE_PROTECTED;
    }
  }
  endDrag(place, state);
}

function endDrag(place, state) {
  drag = null;
  state.transfer.dropEffect = state.accepted;
  if (state.source !== null && isConnected(state.source)) fireDrag(place, state.source, 'dragend', state);
}

export function dragReleased(place) {
  const state = drag;
  // The place of the release may be another one than that of the last move.
  if (state.over !== place.target) overTarget(place, state);
  dropAt(place, state);
}

onHost('input.interceptDrags', (payload) => {
  interceptsDrags = payload.on;
  return {};
});

function transferOf(data) {
  const transfer = new DataTransferImpl();
  for (let i = 0; i < data.items.length; i++) transfer.setText(data.items[i].mimeType, data.items[i].data);
  const mask = data.dragOperationsMask;
  transfer.effectAllowed = 'none';
  for (const name in OPERATION_BITS) if (name !== 'uninitialized' && (mask & 19) === OPERATION_BITS[name]) transfer.effectAllowed = name;
  transfer.mode = DRAG_STORE_PROTECTED;
  return transfer;
}

// { type: dragEnter dragOver drop dragCancel, x, y, data, modifiers }
onHost('input.drag', answeringInput((payload) => {
  const place = new PointerPlace(payload.x, payload.y, payload.modifiers, 0, 0);
  if (payload.type === 'dragEnter' && drag === null) drag = new DragState(null, transferOf(payload.data));
  if (drag === null) throw new InspectorFailure('There is no drag: dragEnter begins one');
  drag.intercepted = true;
  switch (payload.type) {
    case 'dragEnter': enterTarget(place, drag); break;
    case 'dragOver': overTarget(place, drag); break;
    case 'drop':
      // As in Chromium: who lets go is over the target once more.
      overTarget(place, drag);
      dropAt(place, drag);
      break;
    default: {
      // DEVIATION: no dragleave, as in Chromium when a client cancels.
      const state = drag;
      state.accepted = 'none';
      endDrag(place, state);
    }
  }
}));
