// https://html.spec.whatwg.org/multipage/dnd.html#the-datatransfer-interface

import { defineInterface } from '../webidl/interface.js';
import { reportCallback } from './report.js';
import { Impl } from '../webidl/impl.js';
import { domException } from '../dom/DOMException.js';
import { EventImpl, defineEventInterface } from '../dom/Event.js';
import { FileListImpl } from '../FileAPI/FileList.js';
import { lowerAscii } from '../css/selectors/names.js';
import { StringPrototypeIndexOf, StringPrototypeSlice } from '../primordials.js';
import { queueTask } from './tasks.js';

// https://html.spec.whatwg.org/multipage/dnd.html#drag-data-store-mode
export const DRAG_STORE_WRITE = 'read/write';
export const DRAG_STORE_READ = 'read-only';
export const DRAG_STORE_PROTECTED = 'protected';

class DataTransferItemImpl extends Impl {
  constructor(transfer, type, text, file) {
    super();
    this.transfer = transfer;      // null once it was removed
    this.type = type;
    this.text = text;              // or null
    this.file = file;              // FileImpl or null
  }
}

class DataTransferItemListImpl extends Impl {
  constructor(transfer) {
    super();
    this.transfer = transfer;
  }
}

export class DataTransferImpl extends Impl {
  constructor() {
    super();
    this.mode = DRAG_STORE_WRITE;
    this.entries = [];             // DataTransferItemImpls
    this.dropEffect = 'none';
    this.effectAllowed = 'none';
    this.list = new DataTransferItemListImpl(this);
    this.fileList = null;
    this.typeList = null;
  }

  changed() {
    this.fileList = null;
    this.typeList = null;
  }

  textOf(type) {
    for (let i = 0; i < this.entries.length; i++) if (this.entries[i].text !== null && this.entries[i].type === type) return this.entries[i].text;
    return null;
  }

  setText(type, text) {
    this.removeTexts(type);
    this.entries[this.entries.length] = new DataTransferItemImpl(this, type, text, null);
    this.changed();
  }

  addFile(file) {
    const item = new DataTransferItemImpl(this, file.type, null, file);
    this.entries[this.entries.length] = item;
    this.changed();
    return item;
  }

  // Of one type; null: of all
  removeTexts(type) {
    let kept = 0;
    for (let i = 0; i < this.entries.length; i++) {
      const item = this.entries[i];
      if (item.text !== null && (type === null || item.type === type)) item.transfer = null;
      else this.entries[kept++] = item;
    }
    this.entries.length = kept;
    this.changed();
  }
}

function dragFormat(format) {
  const lower = lowerAscii(format);
  return lower === 'text' ? 'text/plain' : lower === 'url' ? 'text/uri-list' : lower;
}

function firstUri(list) {
  let from = 0;
  while (from < list.length) {
    let end = StringPrototypeIndexOf(list, '\n', from);
    if (end < 0) end = list.length;
    const line = StringPrototypeSlice(list, from, end > from && list[end - 1] === '\r' ? end - 1 : end);
    if (line !== '' && line[0] !== '#') return line;
    from = end + 1;
  }
  return '';
}

const DROP_EFFECTS = { __proto__: null, none: true, copy: true, link: true, move: true };
const EFFECTS_ALLOWED = { __proto__: null, none: true, copy: true, copyLink: true, copyMove: true, link: true, linkMove: true, move: true, all: true, uninitialized: true };

defineInterface(`
[Exposed=Window]
interface DataTransfer {
  constructor();
  attribute DOMString dropEffect;
  attribute DOMString effectAllowed;
  [SameObject] readonly attribute DataTransferItemList items;
  undefined setDragImage(Element image, long x, long y);
  readonly attribute FrozenArray<DOMString> types;
  DOMString getData(DOMString format);
  undefined setData(DOMString format, DOMString data);
  undefined clearData(optional DOMString format);
  [SameObject] readonly attribute FileList files;
};
`, {
  constructor: () => new DataTransferImpl(),
  dropEffect: {
    get: (self) => self.dropEffect,
    set(self, value) {
      if (DROP_EFFECTS[value]) self.dropEffect = value;
    },
  },
  effectAllowed: {
    get: (self) => self.effectAllowed,
    set(self, value) {
      if (self.mode === DRAG_STORE_WRITE && EFFECTS_ALLOWED[value]) self.effectAllowed = value;
    },
  },
  items: (self) => self.list,
  // What follows the pointer is never painted.
  setDragImage() {},
  types(self) {
    if (self.typeList !== null) return self.typeList;
    const out = [];
    let files = false;
    for (let i = 0; i < self.entries.length; i++) {
      if (self.entries[i].file !== null) files = true;
      else out[out.length] = self.entries[i].type;
    }
    if (files) out[out.length] = 'Files';
    self.typeList = out;
    return out;
  },
  getData(self, format) {
    if (self.mode === DRAG_STORE_PROTECTED) return '';
    const text = self.textOf(dragFormat(format)) ?? '';
    return lowerAscii(format) === 'url' ? firstUri(text) : text;
  },
  setData(self, format, data) {
    if (self.mode === DRAG_STORE_WRITE) self.setText(dragFormat(format), data);
  },
  clearData(self, format) {
    if (self.mode === DRAG_STORE_WRITE) self.removeTexts(format === undefined ? null : dragFormat(format));
  },
  files(self) {
    if (self.fileList !== null) return self.fileList;
    const files = [];
    if (self.mode !== DRAG_STORE_PROTECTED) for (let i = 0; i < self.entries.length; i++) if (self.entries[i].file !== null) files[files.length] = self.entries[i].file;
    self.fileList = new FileListImpl(files);
    return self.fileList;
  },
}, DataTransferImpl);

defineInterface(`
[Exposed=Window]
interface DataTransferItemList {
  readonly attribute unsigned long length;
  getter DataTransferItem (unsigned long index);
  DataTransferItem? add(DOMString data, DOMString type);
  DataTransferItem? add(File data);
  undefined remove(unsigned long index);
  undefined clear();
};
`, {
  length: (self) => self.transfer.entries.length,
  item: (self, index) => self.transfer.entries[index] ?? null,
  'add:0'(self, data, type) {
    const { transfer } = self;
    if (transfer.mode !== DRAG_STORE_WRITE) return null;
    const lower = lowerAscii(type);
    if (transfer.textOf(lower) !== null) throw domException('NotSupportedError', "Failed to execute 'add' on 'DataTransferItemList': An item already exists for type '" + lower + "'.");
    transfer.setText(lower, data);
    return transfer.entries[transfer.entries.length - 1];
  },
  'add:1'(self, file) {
    return self.transfer.mode === DRAG_STORE_WRITE ? self.transfer.addFile(file) : null;
  },
  remove(self, index) {
    const { transfer } = self;
    if (transfer.mode !== DRAG_STORE_WRITE) throw domException('InvalidStateError', "Failed to execute 'remove' on 'DataTransferItemList': The list is not writable.");
    const { entries } = transfer;
    if (index >= entries.length) return;
    entries[index].transfer = null;
    for (let i = index + 1; i < entries.length; i++) entries[i - 1] = entries[i];
    entries.length--;
    transfer.changed();
  },
  clear(self) {
    const { transfer } = self;
    if (transfer.mode !== DRAG_STORE_WRITE) return;
    for (let i = 0; i < transfer.entries.length; i++) transfer.entries[i].transfer = null;
    transfer.entries.length = 0;
    transfer.changed();
  },
}, DataTransferItemListImpl);

const isReadable = (item) => item.transfer !== null && item.transfer.mode !== DRAG_STORE_PROTECTED;

defineInterface(`
callback FunctionStringCallback = undefined (DOMString data);
[Exposed=Window]
interface DataTransferItem {
  readonly attribute DOMString kind;
  readonly attribute DOMString type;
  undefined getAsString(FunctionStringCallback? callback);
  File? getAsFile();
};
`, {
  kind: (self) => (self.transfer === null ? '' : self.file === null ? 'string' : 'file'),
  type: (self) => (self.transfer === null ? '' : self.type),
  getAsString(self, callback) {
    if (callback === null || self.text === null || !isReadable(self)) return;
    queueTask(null, () => reportCallback(callback, undefined, [self.text]));
  },
  getAsFile: (self) => (isReadable(self) ? self.file : null),
}, DataTransferItemImpl);

// https://w3c.github.io/clipboard-apis/#clipboard-event-interfaces
export class ClipboardEventImpl extends EventImpl {}

defineEventInterface(`
dictionary ClipboardEventInit : EventInit { DataTransfer? clipboardData = null; };
[Exposed=Window]
interface ClipboardEvent : Event {
  constructor(DOMString type, optional ClipboardEventInit eventInitDict = {});
  readonly attribute DataTransfer? clipboardData;
};
`, { __proto__: null, clipboardData: null }, ClipboardEventImpl);
