// https://w3c.github.io/pointerevents/#extensions-to-the-element-interface

import { defineInterface } from '../webidl/interface.js';
import { domException } from '../dom/DOMException.js';
import { isConnected } from '../dom/tree.js';
import { pointerState, releaseCapture, setCapture } from '../inspector/pointer.js';

const MOUSE_POINTER = 1;           // the only pointer that can be captured

function checkPointer(id, what) {
  if (id !== MOUSE_POINTER) throw domException('NotFoundError', "Failed to execute '" + what + "' on 'Element': No active pointer with the given id is found.");
}

defineInterface(`
partial interface Element {
  undefined setPointerCapture(long pointerId);
  undefined releasePointerCapture(long pointerId);
  boolean hasPointerCapture(long pointerId);
};
`, {
  setPointerCapture(self, id) {
    checkPointer(id, 'setPointerCapture');
    if (!isConnected(self)) throw domException('InvalidStateError', "Failed to execute 'setPointerCapture' on 'Element': InvalidStateError");
    setCapture(self);
  },
  releasePointerCapture(self, id) {
    checkPointer(id, 'releasePointerCapture');
    releaseCapture(self);
  },
  hasPointerCapture: (self, id) => id === MOUSE_POINTER && pointerState.captured === self,
});
