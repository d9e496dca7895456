// https://drafts.csswg.org/css-font-loading/#fontface-interface
// Nothing is rendered, so no font is needed: one is fetched when page code asks for it, and is loaded when its bytes are a font file's.

import { defineInterface } from '../../webidl/interface.js';
import { Impl } from '../../webidl/impl.js';
import { wrap } from '../../webidl/wrapper.js';
import { bytesOfBufferSource, copyOfBytes } from '../../webidl/buffers.js';
import { Promise, PromisePrototypeThen, StringPrototypeTrim, TypedArrayPrototypeGetLength } from '../../primordials.js';
import { domException } from '../../dom/DOMException.js';
import { documentBaseURL } from '../../html/document_state.js';
import { currentDocument } from '../../html/realm.js';
import { fetchResource } from '../../html/resource.js';
import { queueTask } from '../../html/tasks.js';
import { parseURL, serializeURL } from '../../url/parser.js';
import { cssComponents, splitCssCommas } from '../syntax/components.js';
import { serializeCssString } from '../syntax/tokenizer.js';

const DESCRIPTORS = {
  __proto__: null, style: 'normal', weight: 'normal', stretch: 'normal', unicodeRange: 'U+0-10FFFF', variant: 'normal', featureSettings: 'normal', variationSettings: 'normal', display: 'auto',
  ascentOverride: 'normal', descentOverride: 'normal', lineGapOverride: 'normal', sizeAdjust: '100%',
};

export class FontFaceImpl extends Impl {
  constructor(doc, family) {
    super();
    this.doc = doc;
    this.family = family;            // without quotes
    this.values = { __proto__: null, ...DESCRIPTORS };
    this.status = 'unloaded';
    this.sources = null;             // URL records and local names of a src descriptor, or null: bytes were given
    this.rule = null;                // the @font-face rule that it stands for
    this.sets = [];                  // FontFaceSetImpls that are told of its loading
    this.promise = null;             // made when it is asked for, since a snapshot holds none
    this.settle = null;
    this.error = null;
  }
}

// https://drafts.csswg.org/css-fonts/#font-face-src-parsing: [{ url } | { local }], or null where the text is no such value
export function parseFontSources(text, base) {
  const list = cssComponents(text);
  if (list === null) return null;
  const out = [];
  const parts = splitCssCommas(list);
  for (let i = 0; i < parts.length; i++) {
    const first = parts[i].length === 0 ? null : parts[i][0];
    if (first !== null && first.type === 'url') out[out.length] = { __proto__: null, url: parseURL(first.value, base) };
    else if (first !== null && first.type === 'function' && first.value === 'local') out[out.length] = { __proto__: null, url: null };
  }
  return out.length === 0 ? null : out;
}

// https://www.w3.org/TR/WOFF2/, WOFF and OpenType: what a font file begins with
function isFontFile(bytes) {
  if (TypedArrayPrototypeGetLength(bytes) < 12) return false;
  const tag = (bytes[0] << 24 | bytes[1] << 16 | bytes[2] << 8 | bytes[3]) >>> 0;
  return tag === 0x774F4646 || tag === 0x774F4632 || tag === 0x4F54544F || tag === 0x00010000 || tag === 0x74727565 || tag === 0x74746366;
}

export function fontPromise(face) {
  if (face.promise === null) {
    face.promise = new Promise((resolve, reject) => {
      face.settle = { __proto__: null, resolve, reject };
    });
    PromisePrototypeThen(face.promise, undefined, () => {});     // a failure that nobody asks about is no error of the page
    if (face.status === 'loaded') face.settle.resolve(wrap(face));
    else if (face.status === 'error') face.settle.reject(face.error);
  }
  return face.promise;
}

function finishFont(face, error) {
  face.status = error === null ? 'loaded' : 'error';
  face.error = error;
  if (face.settle !== null) {
    if (error === null) face.settle.resolve(wrap(face));
    else face.settle.reject(error);
  }
  for (let i = 0; i < face.sets.length; i++) face.sets[i].faceSettled(face);
}

// https://drafts.csswg.org/css-font-loading/#font-face-load
export function loadFontFace(face) {
  const promise = fontPromise(face);
  if (face.status !== 'unloaded' || face.sources === null) return promise;
  face.status = 'loading';
  for (let i = 0; i < face.sets.length; i++) face.sets[i].faceLoading(face);
  loadSource(face, 0);
  return promise;
}

function loadSource(face, index) {
  const { doc } = face;
  if (index >= face.sources.length) {
    queueTask(doc, () => finishFont(face, domException('NetworkError', 'A network error occurred.')));
    return;
  }
  // There are no local fonts.
  const { url } = face.sources[index];
  if (url === null) {
    loadSource(face, index + 1);
    return;
  }
  fetchResource(doc, { __proto__: null, url: serializeURL(url), destination: 'font', mode: 'cors', credentials: 'same-origin' }, (answer) => {
    if (answer.ok && answer.bytes !== undefined && answer.bytes !== null && isFontFile(answer.bytes)) queueTask(doc, () => finishFont(face, null));
    else loadSource(face, index + 1);
  });
}

export function unquotedFamily(text) {
  const list = cssComponents(text);
  if (list === null || list.length === 0) return StringPrototypeTrim(text);
  if (list.length === 1 && list[0].type === 'string') return list[0].value;
  let out = '';
  for (let i = 0; i < list.length; i++) {
    if (list[i].type !== 'ident') return StringPrototypeTrim(text);
    out += (i > 0 ? ' ' : '') + list[i].value;
  }
  return out;
}

function isPlainFamily(name) {
  const list = cssComponents(name);
  return list !== null && list.length === 1 && list[0].type === 'ident';
}

function setDescriptor(face, name, value) {
  const list = cssComponents(value);
  if (list === null || list.length === 0) throw domException('SyntaxError', "Failed to set the '" + name + "' property on 'FontFace': Failed to set '" + value + "' as a property value.");
  face.values[name] = StringPrototypeTrim(value);
}

function descriptorMember(name) {
  return { __proto__: null, get: (self) => self.values[name], set: (self, value) => setDescriptor(self, name, value) };
}

// https://drafts.csswg.org/css-font-loading/#font-face-constructor
function newFontFace(family, source, descriptors) {
  const doc = currentDocument();
  const face = new FontFaceImpl(doc, unquotedFamily(family));
  try {
    for (const name in DESCRIPTORS) if (descriptors[name] !== undefined) setDescriptor(face, name, descriptors[name]);
  } catch (error) {
    finishFont(face, error);
    return face;
  }
  if (typeof source === 'string') {
    face.sources = parseFontSources(source, documentBaseURL(doc));
    if (face.sources === null) finishFont(face, domException('SyntaxError', "Failed to construct 'FontFace': The source provided ('" + source + "') could not be parsed as a value list."));
    return face;
  }
  const bytes = copyOfBytes(bytesOfBufferSource(source));
  face.status = 'loading';
  queueTask(doc, () => finishFont(face, isFontFile(bytes) ? null : domException('SyntaxError', 'Invalid font data in ArrayBuffer.')));
  return face;
}

const fontFaceMembers = {
  __proto__: null,
  constructor: newFontFace,
  family: {
    get: (self) => (isPlainFamily(self.family) ? self.family : serializeCssString(self.family)),
    set(self, value) {
      self.family = unquotedFamily(value);
    },
  },
  status: (self) => self.status,
  loaded: fontPromise,
  load: loadFontFace,
};
for (const name in DESCRIPTORS) fontFaceMembers[name] = descriptorMember(name);

defineInterface(`
dictionary FontFaceDescriptors {
  CSSOMString style; CSSOMString weight; CSSOMString stretch; CSSOMString unicodeRange; CSSOMString variant; CSSOMString featureSettings; CSSOMString variationSettings; CSSOMString display;
  CSSOMString ascentOverride; CSSOMString descentOverride; CSSOMString lineGapOverride; CSSOMString sizeAdjust;
};
enum FontFaceLoadStatus { "unloaded", "loading", "loaded", "error" };
[Exposed=Window]
interface FontFace {
  constructor(CSSOMString family, (CSSOMString or BufferSource) source, optional FontFaceDescriptors descriptors = {});
  attribute CSSOMString family;
  attribute CSSOMString style;
  attribute CSSOMString weight;
  attribute CSSOMString stretch;
  attribute CSSOMString unicodeRange;
  attribute CSSOMString variant;
  attribute CSSOMString featureSettings;
  attribute CSSOMString variationSettings;
  attribute CSSOMString display;
  attribute CSSOMString ascentOverride;
  attribute CSSOMString descentOverride;
  attribute CSSOMString lineGapOverride;
  attribute CSSOMString sizeAdjust;
  readonly attribute FontFaceLoadStatus status;
  Promise<FontFace> load();
  readonly attribute Promise<FontFace> loaded;
};
`, fontFaceMembers, FontFaceImpl);
