// https://drafts.csswg.org/css-font-loading/#FontFaceSet-interface
// The fonts of a document: those of its @font-face rules, in the order of the rules, then those that scripts added.

import { defineInterface } from '../../webidl/interface.js';
import { wrap } from '../../webidl/wrapper.js';
import { Promise, PromisePrototypeThen, PromiseReject, SafeWeakMap, StringPrototypeToLowerCase, StringPrototypeTrim } from '../../primordials.js';
import { EventTargetImpl, addInternalListener } from '../../dom/EventTarget.js';
import { EventImpl, defineEventInterface } from '../../dom/Event.js';
import { fireEvent } from '../../dom/dispatch.js';
import { domException } from '../../dom/DOMException.js';
import { documentBaseURL } from '../../html/document_state.js';
import { queueTask } from '../../html/tasks.js';
import { matchesMedia } from '../cssom/media_queries.js';
import { CSSFontFaceRuleImpl, CSSImportRuleImpl, cssChanges } from '../cssom/rules.js';
import { activeSheets } from '../cssom/sheets.js';
import { cssComponents, serializeCssComponents, splitCssCommas } from '../syntax/components.js';
import { FontFaceImpl, loadFontFace, parseFontSources, unquotedFamily } from './FontFace.js';

const RULE_DESCRIPTORS = {
  __proto__: null, 'font-style': 'style', 'font-weight': 'weight', 'font-stretch': 'stretch', 'unicode-range': 'unicodeRange', 'font-feature-settings': 'featureSettings',
  'font-variation-settings': 'variationSettings', 'font-display': 'display', 'ascent-override': 'ascentOverride', 'descent-override': 'descentOverride', 'line-gap-override': 'lineGapOverride',
  'size-adjust': 'sizeAdjust',
};
const GENERIC = { __proto__: null, serif: true, 'sans-serif': true, monospace: true, cursive: true, fantasy: true, 'system-ui': true, math: true, 'ui-serif': true, 'ui-sans-serif': true, 'ui-monospace': true, 'ui-rounded': true };
const WEIGHTS = { __proto__: null, normal: 400, bold: 700, lighter: 100, bolder: 700 };
const SIZES = { __proto__: null, 'xx-small': true, 'x-small': true, small: true, medium: true, large: true, 'x-large': true, 'xx-large': true, 'xxx-large': true, larger: true, smaller: true };

const facesOfRules = new SafeWeakMap();

class FontFaceSetImpl extends EventTargetImpl {
  constructor(doc) {
    super();
    this.doc = doc;
    this.added = [];
    this.connected = [];             // faces of rules, as of `stamp`
    this.stamp = -1;
    this.loading = [];
    this.loaded = [];                // since the last loadingdone
    this.failed = [];
    this.ready = null;               // promise
    this.resolveReady = null;        // of a promise that is pending
  }

  faces() {
    if (this.stamp !== cssChanges.count) {
      this.stamp = cssChanges.count;
      const out = [];
      const sheets = this.doc.window === null ? [] : activeSheets(this.doc);
      for (let i = 0; i < sheets.length; i++) if (matchesMedia(sheets[i].media.mediaText ?? '', this.doc.window)) collectFaces(this, sheets[i], sheets[i].rules, out);
      this.connected = out;
    }
    const all = [];
    for (let i = 0; i < this.connected.length; i++) all[i] = this.connected[i];
    for (let i = 0; i < this.added.length; i++) all[all.length] = this.added[i];
    return all;
  }

  // https://drafts.csswg.org/css-font-loading/#switch-the-fontfaceset-to-loading
  faceLoading(face) {
    if (this.loading.length === 0) {
      if (this.resolveReady === null) this.ready = null;
      queueTask(this.doc, () => fireEvent(this, 'loading', { __proto__: null, interface: 'FontFaceSetLoadEvent', init: { __proto__: null, fontfaces: [] } }));
    }
    this.loading[this.loading.length] = face;
  }

  faceSettled(face) {
    if (!removeFace(this.loading, face)) return;
    const list = face.status === 'loaded' ? this.loaded : this.failed;
    list[list.length] = face;
    this.settle();
  }

  // https://drafts.csswg.org/css-font-loading/#switch-the-fontfaceset-to-loaded
  settle() {
    if (this.loading.length > 0) return;
    queueTask(this.doc, () => {
      if (this.loading.length > 0) return;
      const { loaded, failed } = this;
      this.loaded = [];
      this.failed = [];
      this.checkReady();
      if (loaded.length + failed.length === 0) return;
      fireEvent(this, 'loadingdone', { __proto__: null, interface: 'FontFaceSetLoadEvent', init: { __proto__: null, fontfaces: loaded } });
      if (failed.length > 0) fireEvent(this, 'loadingerror', { __proto__: null, interface: 'FontFaceSetLoadEvent', init: { __proto__: null, fontfaces: failed } });
    });
  }

  // Pending on the environment while the document is loading
  checkReady() {
    if (this.resolveReady === null || this.loading.length > 0 || (this.doc.readyState !== 'complete' && this.doc.window !== null)) return;
    const resolve = this.resolveReady;
    this.resolveReady = null;
    resolve(wrap(this));
  }

  readyPromise() {
    if (this.ready === null) {
      this.ready = new Promise((resolve) => {
        this.resolveReady = resolve;
      });
      if (this.doc.readyState !== 'complete' && this.doc.window !== null) addInternalListener(this.doc, 'readystatechange', () => this.settle());
      else this.settle();
    }
    return this.ready;
  }
}

function removeFace(list, face) {
  for (let i = 0; i < list.length; i++) {
    if (list[i] !== face) continue;
    for (let j = i + 1; j < list.length; j++) list[j - 1] = list[j];
    list.length--;
    return true;
  }
  return false;
}

// https://drafts.csswg.org/css-font-loading/#font-face-css-connection
function collectFaces(set, sheet, rules, out) {
  for (let i = 0; i < rules.length; i++) {
    const rule = rules[i];
    if (rule instanceof CSSFontFaceRuleImpl) {
      const face = faceOfRule(set, sheet, rule);
      if (face !== null) out[out.length] = face;
    } else if (rule instanceof CSSImportRuleImpl) {
      if (rule.styleSheet !== null) collectFaces(set, rule.styleSheet, rule.styleSheet.rules, out);
    } else if (rule.rules !== undefined && rule.rules !== null && rule.type !== 7 && rule.type !== 1) collectFaces(set, sheet, rule.rules, out);
  }
}

function faceOfRule(set, sheet, rule) {
  let face = facesOfRules.get(rule);
  if (face !== undefined) return face;
  const family = rule.descriptor('font-family');
  const src = rule.descriptor('src');
  const sources = family === '' || src === '' ? null : parseFontSources(src, sheet.baseURL ?? documentBaseURL(set.doc));
  if (sources === null) return null;
  face = new FontFaceImpl(set.doc, unquotedFamily(family));
  face.sources = sources;
  face.rule = rule;
  face.sets[0] = set;
  for (const name in RULE_DESCRIPTORS) {
    const value = rule.descriptor(name);
    if (value !== '') face.values[RULE_DESCRIPTORS[name]] = value;
  }
  facesOfRules.set(rule, face);
  return face;
}

// { families, weight, italic } of a `font` shorthand. Throws SyntaxError.
function parseFontShorthand(text, operation) {
  const list = cssComponents(text);
  let at = 0;
  let weight = 400;
  let italic = false;
  for (; list !== null && at < list.length; at++) {
    const node = list[at];
    const word = node.type === 'ident' ? StringPrototypeToLowerCase(node.value) : '';
    if (node.type === 'dimension' || node.type === 'percentage' || SIZES[word] === true || (node.type === 'function' && word === '')) break;
    if (word === 'italic' || word === 'oblique') italic = true;
    else if (WEIGHTS[word] !== undefined && word !== 'normal') weight = WEIGHTS[word];
    else if (node.type === 'number') weight = node.number;
    else if (word === '') at = list.length;
  }
  const families = [];
  if (list !== null && at < list.length) {
    at++;
    if (at < list.length && list[at].type === 'delim' && list[at].value === '/') at += 2;
    const rest = [];
    for (; at < list.length; at++) rest[rest.length] = list[at];
    const parts = splitCssCommas(rest);
    for (let i = 0; i < parts.length; i++) {
      const name = parts[i].length === 0 ? '' : unquotedFamily(StringPrototypeTrim(serializeCssComponents(parts[i])));
      if (name !== '') families[families.length] = name;
    }
  }
  if (families.length === 0) throw domException('SyntaxError', "Failed to execute '" + operation + "' on 'FontFaceSet': Could not resolve '" + text + "' as a font.");
  return { __proto__: null, families, weight, italic };
}

function weightOf(face) {
  const list = cssComponents(face.values.weight);
  if (list === null || list.length === 0) return 400;
  return list[0].type === 'number' ? list[0].number : WEIGHTS[list[0].value] ?? 400;
}

// https://drafts.csswg.org/css-font-loading/#find-the-matching-font-faces
function matchingFaces(set, font) {
  const all = set.faces();
  const out = [];
  for (let f = 0; f < font.families.length; f++) {
    const family = StringPrototypeToLowerCase(font.families[f]);
    if (GENERIC[family] === true) continue;
    let best = -1;
    for (let pass = 0; pass < 2; pass++) {
      for (let i = 0; i < all.length; i++) {
        if (StringPrototypeToLowerCase(all[i].family) !== family) continue;
        const slanted = all[i].values.style !== 'normal';
        const distance = (slanted === font.italic ? 0 : 10_000) + (weightOf(all[i]) > font.weight ? weightOf(all[i]) - font.weight : font.weight - weightOf(all[i]));
        if (pass === 0) best = best < 0 || distance < best ? distance : best;
        else if (distance === best) out[out.length] = all[i];
      }
    }
  }
  return out;
}

class FontFaceSetLoadEventImpl extends EventImpl {}
defineEventInterface(`
dictionary FontFaceSetLoadEventInit : EventInit { sequence<FontFace> fontfaces = []; };
[Exposed=Window]
interface FontFaceSetLoadEvent : Event {
  constructor(CSSOMString type, optional FontFaceSetLoadEventInit eventInitDict = {});
  [SameObject] readonly attribute FrozenArray<FontFace> fontfaces;
};
`, { __proto__: null, fontfaces: [] }, FontFaceSetLoadEventImpl);

defineInterface(`
enum FontFaceSetLoadStatus { "loading", "loaded" };
[Exposed=Window]
interface FontFaceSet : EventTarget {
  setlike<FontFace>;
  any add(FontFace font);
  boolean delete(FontFace font);
  undefined clear();
  attribute EventHandler onloading;
  attribute EventHandler onloadingdone;
  attribute EventHandler onloadingerror;
  Promise<sequence<FontFace>> load(CSSOMString font, optional CSSOMString text = " ");
  boolean check(CSSOMString font, optional CSSOMString text = " ");
  readonly attribute Promise<FontFaceSet> ready;
  readonly attribute FontFaceSetLoadStatus status;
};
`, {
  pairs(self) {
    const all = self.faces();
    const out = [];
    for (let i = 0; i < all.length; i++) out[i] = [all[i], all[i]];
    return out;
  },
  add(self, face) {
    if (face.rule !== null) throw domException('InvalidModificationError', "Failed to execute 'add' on 'FontFaceSet': Cannot add a CSS-connected FontFace.");
    for (let i = 0; i < self.added.length; i++) if (self.added[i] === face) return wrap(self);
    self.added[self.added.length] = face;
    face.sets[face.sets.length] = self;
    if (face.status === 'loading') self.faceLoading(face);
    return wrap(self);
  },
  delete(self, face) {
    if (face.rule !== null || !removeFace(self.added, face)) return false;
    removeFace(face.sets, self);
    if (removeFace(self.loading, face)) self.settle();
    return true;
  },
  clear(self) {
    for (let i = 0; i < self.added.length; i++) {
      removeFace(self.added[i].sets, self);
      removeFace(self.loading, self.added[i]);
    }
    self.added = [];
    self.settle();
  },
  // https://drafts.csswg.org/css-font-loading/#dom-fontfaceset-load
  load(self, font) {
    let faces;
    try {
      faces = matchingFaces(self, parseFontShorthand(font, 'load'));
    } catch (error) {
      return PromiseReject(Promise, error);
    }
    return new Promise((resolve, reject) => {
      const out = [];
      let waiting = faces.length;
      if (waiting === 0) resolve(out);
      for (let i = 0; i < faces.length; i++) {
        out[i] = wrap(faces[i]);
        PromisePrototypeThen(loadFontFace(faces[i]), () => {
          waiting--;
          if (waiting === 0) resolve(out);
        }, reject);
      }
    });
  },
  // https://drafts.csswg.org/css-font-loading/#dom-fontfaceset-check
  check(self, font) {
    const faces = matchingFaces(self, parseFontShorthand(font, 'check'));
    for (let i = 0; i < faces.length; i++) if (faces[i].status !== 'loaded') return false;
    return true;
  },
  ready: (self) => self.readyPromise(),
  status: (self) => (self.loading.length > 0 ? 'loading' : 'loaded'),
}, FontFaceSetImpl);

defineInterface(`
partial interface Document {
  [SameObject] readonly attribute FontFaceSet fonts;
};
`, { fonts: (self) => self.fonts ?? (self.fonts = new FontFaceSetImpl(self)) });
