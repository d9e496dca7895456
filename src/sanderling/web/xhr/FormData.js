// https://xhr.spec.whatwg.org/#interface-formdata

import { Impl } from '../webidl/impl.js';
import { defineInterface } from '../webidl/interface.js';
import { domException } from '../dom/DOMException.js';
import { FileImpl } from '../FileAPI/File.js';
import { encodeText } from '../encoding/legacy_encode.js';
import { joinBytes } from '../webidl/buffers.js';
import { randomBytes, utf8Encode, wallMs } from '../host.js';
import { NumberPrototypeToString, StringPrototypeCharCodeAt, StringPrototypePadStart, StringPrototypeSlice, StringPrototypeToWellFormed, TypeError } from '../primordials.js';
import { formOwner, isSubmitButton } from '../html/forms/owner.js';
import { constructEntryList } from '../html/forms/entry_list.js';

export class FormDataImpl extends Impl {
  constructor(entries) {
    super();
    this.entries = entries;          // { name, value: string or FileImpl }; only ever added to: a change makes another list
    this.pairs = null;               // [name, value] of `pairsOf`, once iterated
    this.pairsOf = null;
  }
}

// https://xhr.spec.whatwg.org/#create-an-entry
export function createFormEntry(name, value, filename) {
  if (typeof value === 'string') return { __proto__: null, name, value: StringPrototypeToWellFormed(value) };
  let file = value;
  if (!(file instanceof FileImpl)) file = new FileImpl(file.bytes, filename ?? 'blob', file.type, wallMs());
  else if (filename !== undefined && filename !== file.name) file = new FileImpl(file.bytes, filename, file.type, file.lastModified);
  return { __proto__: null, name, value: file };
}

function setFormEntry(self, entry) {
  const kept = [];
  let placed = false;
  for (let i = 0; i < self.entries.length; i++) {
    if (self.entries[i].name !== entry.name) kept[kept.length] = self.entries[i];
    else if (!placed) {
      placed = true;
      kept[kept.length] = entry;
    }
  }
  if (!placed) kept[kept.length] = entry;
  self.entries = kept;
}

export const formDataInterface = defineInterface(`
typedef (File or USVString) FormDataEntryValue;
[Exposed=(Window,Worker)]
interface FormData {
  constructor(optional HTMLFormElement form, optional HTMLElement? submitter = null);
  undefined append(USVString name, USVString value);
  undefined append(USVString name, Blob blobValue, optional USVString filename);
  undefined delete(USVString name);
  FormDataEntryValue? get(USVString name);
  sequence<FormDataEntryValue> getAll(USVString name);
  boolean has(USVString name);
  undefined set(USVString name, USVString value);
  undefined set(USVString name, Blob blobValue, optional USVString filename);
  iterable<USVString, FormDataEntryValue>;
};
`, {
  // https://xhr.spec.whatwg.org/#dom-formdata
  constructor(form, submitter) {
    if (form === undefined) return new FormDataImpl([]);
    if (submitter !== null) {
      if (!isSubmitButton(submitter)) throw new TypeError("Failed to construct 'FormData': The specified element is not a submit button.");
      if (formOwner(submitter) !== form) {
        throw domException('NotFoundError', 'The specified element is not owned by this form element.');
      }
    }
    const list = constructEntryList(form, submitter);
    if (list === null) throw domException('InvalidStateError', 'The form is constructing its entry list.');
    return new FormDataImpl(list);
  },
  append(self, name, value, filename) {
    self.entries[self.entries.length] = createFormEntry(name, value, filename);
  },
  delete(self, name) {
    const kept = [];
    for (let i = 0; i < self.entries.length; i++) if (self.entries[i].name !== name) kept[kept.length] = self.entries[i];
    self.entries = kept;
  },
  get(self, name) {
    for (let i = 0; i < self.entries.length; i++) if (self.entries[i].name === name) return self.entries[i].value;
    return null;
  },
  getAll(self, name) {
    const out = [];
    for (let i = 0; i < self.entries.length; i++) if (self.entries[i].name === name) out[out.length] = self.entries[i].value;
    return out;
  },
  has(self, name) {
    for (let i = 0; i < self.entries.length; i++) if (self.entries[i].name === name) return true;
    return false;
  },
  set: (self, name, value, filename) => setFormEntry(self, createFormEntry(name, value, filename)),
  pairs(self) {
    const { entries } = self;
    if (self.pairsOf !== entries) {
      self.pairs = [];
      self.pairsOf = entries;
    }
    for (let i = self.pairs.length; i < entries.length; i++) self.pairs[i] = [entries[i].name, entries[i].value];
    return self.pairs;
  },
}, FormDataImpl);

// https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#multipart-form-data, steps 1.4 and 1.5
function escapeMultipartName(text, isFilename) {
  let out = '';
  let kept = 0;
  for (let i = 0; i < text.length; i++) {
    const code = StringPrototypeCharCodeAt(text, i);
    let put;
    if (code === 0x22) put = '%22';
    else if (code === 13 || code === 10) {
      const pair = code === 13 && i + 1 < text.length && StringPrototypeCharCodeAt(text, i + 1) === 10;
      // names: newlines are normalised to CRLF first; filenames are taken as they are
      put = !isFilename ? '%0D%0A' : code === 13 ? '%0D' : '%0A';
      if (pair && !isFilename) {
        out += StringPrototypeSlice(text, kept, i) + put;
        i++;
        kept = i + 1;
        continue;
      }
    } else continue;
    out += StringPrototypeSlice(text, kept, i) + put;
    kept = i + 1;
  }
  return kept === 0 ? text : out + StringPrototypeSlice(text, kept);
}

// Newlines of string values become CRLF.
function normalizeToCRLF(text) {
  let out = '';
  let kept = 0;
  for (let i = 0; i < text.length; i++) {
    const code = StringPrototypeCharCodeAt(text, i);
    if (code !== 13 && code !== 10) continue;
    out += StringPrototypeSlice(text, kept, i) + '\r\n';
    if (code === 13 && i + 1 < text.length && StringPrototypeCharCodeAt(text, i + 1) === 10) i++;
    kept = i + 1;
  }
  return kept === 0 ? text : out + StringPrototypeSlice(text, kept);
}

// https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#multipart/form-data-encoding-algorithm
export function multipartBody(entries, encoding = 'UTF-8') {
  const random = randomBytes(8);
  let boundary = '----WebKitFormBoundary';
  for (let i = 0; i < 8; i++) boundary += StringPrototypePadStart(NumberPrototypeToString(random[i], 16), 2, '0');
  const chunks = [];
  for (let i = 0; i < entries.length; i++) {
    const { name, value } = entries[i];
    let head = '--' + boundary + '\r\nContent-Disposition: form-data; name="' + escapeMultipartName(name, false) + '"';
    if (typeof value === 'string') {
      chunks[chunks.length] = encodeText(head + '\r\n\r\n' + normalizeToCRLF(value) + '\r\n', encoding);
      continue;
    }
    head += '; filename="' + escapeMultipartName(value.name, true) + '"\r\nContent-Type: ' + (value.type === '' ? 'application/octet-stream' : value.type) + '\r\n\r\n';
    chunks[chunks.length] = encodeText(head, encoding);
    chunks[chunks.length] = value.bytes;
    chunks[chunks.length] = utf8Encode('\r\n');
  }
  chunks[chunks.length] = utf8Encode('--' + boundary + '--\r\n');
  return { __proto__: null, bytes: joinBytes(chunks), contentType: 'multipart/form-data; boundary=' + boundary };
}
