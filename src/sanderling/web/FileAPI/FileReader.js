// https://w3c.github.io/FileAPI/#APIASynch

import { defineInterface } from '../webidl/interface.js';
import { bufferOfBytes, copyOfBytes } from '../webidl/buffers.js';
import { EventTargetImpl } from '../dom/EventTarget.js';
import { fireEvent } from '../dom/dispatch.js';
import { domException } from '../dom/DOMException.js';
import { runMicrotasks } from '../host.js';
import { currentWindow } from '../html/realm.js';
import { queueTask } from '../html/tasks.js';
import { getEncoding } from '../encoding/labels.js';
import { decodeBytes } from '../encoding/decoders.js';
import { base64OfBytes, latin1OfBytes } from './base64.js';
import { extractMimeType, mimeParameter } from '../fetch/headers_list.js';

const READER_EMPTY = 0;
const READER_LOADING = 1;
const READER_DONE = 2;

export class FileReaderImpl extends EventTargetImpl {
  constructor(window) {
    super();
    this.window = window;
    this.state = READER_EMPTY;
    this.result = null;
    this.error = null;
    this.turn = 0;               // counts reads: an aborted one goes nowhere
  }
}

// Events of a task: promise reactions run between them, as no script is running.
function fireReaderTask(self, type, blob) {
  fireReader(self, type, blob);
  runMicrotasks();
}

function fireReader(self, type, blob) {
  const size = blob === null ? 0 : blob.size;
  fireEvent(self, type, { __proto__: null, interface: 'ProgressEvent', init: { __proto__: null, lengthComputable: blob !== null, loaded: type === 'loadstart' ? 0 : size, total: size } });
}

// https://w3c.github.io/FileAPI/#blob-package-data
export function packageData(blob, kind, label) {
  switch (kind) {
    case 'ArrayBuffer': return bufferOfBytes(copyOfBytes(blob.bytes));
    case 'DataURL': return 'data:' + (blob.type === '' ? 'application/octet-stream' : blob.type) + ';base64,' + base64OfBytes(blob.bytes);
    case 'BinaryString': return latin1OfBytes(blob.bytes);
    default: {
      let encoding = label === undefined ? null : getEncoding(label);
      if (encoding === null) {
        const type = extractMimeType(blob.type);
        const charset = type === null ? null : mimeParameter(type, 'charset');
        encoding = charset === null ? null : getEncoding(charset);
      }
      return decodeBytes(blob.bytes, encoding ?? 'UTF-8');
    }
  }
}

// https://w3c.github.io/FileAPI/#readOperation
function startReading(self, blob, kind, label) {
  if (self.state === READER_LOADING) throw domException('InvalidStateError', "Failed to execute 'readAs" + kind + "' on 'FileReader': The object is already busy reading Blobs.");
  self.state = READER_LOADING;
  self.result = null;
  self.error = null;
  const turn = ++self.turn;
  const doc = self.window.document;
  queueTask(doc, () => {
    if (self.turn !== turn) return;
    fireReaderTask(self, 'loadstart', blob);
    queueTask(doc, () => {
      if (self.turn !== turn) return;
      if (blob.size > 0) fireReaderTask(self, 'progress', blob);
      if (self.turn !== turn) return;
      self.state = READER_DONE;
      self.result = packageData(blob, kind, label);
      fireReaderTask(self, 'load', blob);
      if (self.state !== READER_LOADING) fireReader(self, 'loadend', blob);
    });
  });
}

export const fileReaderInterface = defineInterface(`
[Exposed=(Window,Worker)]
interface FileReader : EventTarget {
  constructor();
  undefined readAsArrayBuffer(Blob blob);
  undefined readAsBinaryString(Blob blob);
  undefined readAsText(Blob blob, optional DOMString encoding);
  undefined readAsDataURL(Blob blob);
  undefined abort();
  const unsigned short EMPTY = 0;
  const unsigned short LOADING = 1;
  const unsigned short DONE = 2;
  readonly attribute unsigned short readyState;
  readonly attribute (DOMString or ArrayBuffer)? result;
  readonly attribute DOMException? error;
  attribute EventHandler onloadstart;
  attribute EventHandler onprogress;
  attribute EventHandler onload;
  attribute EventHandler onabort;
  attribute EventHandler onerror;
  attribute EventHandler onloadend;
};
`, {
  constructor: () => new FileReaderImpl(currentWindow()),
  readAsArrayBuffer: (self, blob) => startReading(self, blob, 'ArrayBuffer'),
  readAsBinaryString: (self, blob) => startReading(self, blob, 'BinaryString'),
  readAsText: (self, blob, label) => startReading(self, blob, 'Text', label),
  readAsDataURL: (self, blob) => startReading(self, blob, 'DataURL'),
  // https://w3c.github.io/FileAPI/#dfn-abort
  abort(self) {
    if (self.state !== READER_LOADING) {
      self.result = null;
      return;
    }
    self.turn++;
    self.state = READER_DONE;
    self.result = null;
    fireReader(self, 'abort', null);
    if (self.state !== READER_LOADING) fireReader(self, 'loadend', null);
  },
  readyState: (self) => self.state,
  result: (self) => self.result,
  error: (self) => self.error,
}, FileReaderImpl);
