// https://html.spec.whatwg.org/multipage/semantics.html#the-style-element and #link-type-stylesheet
// Which elements bring style sheets, and how those are loaded, together with what they @import.

import { nonceOf } from './nonce.js';
import { defineElement } from '../dom/definitions.js';
import { fireEvent } from '../dom/dispatch.js';
import { getAttr, hasAttr } from '../dom/attributes.js';
import { childTextContent, isConnected, rootOf } from '../dom/tree.js';
import { splitTokens } from '../dom/collections.js';
import { utf8Decode } from '../host.js';
import { RegExpPrototypeExec, StringPrototypeSlice, StringPrototypeStartsWith, StringPrototypeToLowerCase, StringPrototypeTrim } from '../primordials.js';
import { parseURL, serializeOrigin, serializeURL } from '../url/parser.js';
import { CSSImportRuleImpl, cssSheetChanged } from '../css/cssom/rules.js';
import { CSSStyleSheetImpl, setSheetOf, sheetOf } from '../css/cssom/sheets.js';
import { matchesMedia, supportsCssCondition } from '../css/cssom/media_queries.js';
import { htmlLinkElementInterface, htmlStyleElementInterface } from './elements/document_elements.js';
import { allowsInline } from './csp.js';
import { documentBaseURL } from './document_state.js';
import { preloadLink, prefetchLink } from './link_preload.js';
import { blockScripts, delayLoad, unblockScripts, undelayLoad } from './loading.js';
import { preloadModule } from './module_preload.js';
import { cancelResource, fetchResource } from './resource.js';
import { queueTask } from './tasks.js';

const MAX_IMPORT_DEPTH = 16;   // sheets that import sheets; a cycle ends here at the latest

class StyleOwnerState {
  constructor() {
    this.sheet = null;
    this.sheetRoot = null;       // the root of the tree that the sheet applies to
    this.loading = null;         // StyleLoad under way
    this.explicitlyEnabled = false;
    this.fromMarkup = false;     // of style elements: the parser brought it
    this.preloaded = '';         // what a preload asked for last
  }
}

// One load of a sheet with all it imports: when the last part is there, its element gets the event.
class StyleLoad {
  constructor(el) {
    this.el = el;
    this.doc = el.doc;
    this.pending = 1;
    this.ids = [];
    this.failed = false;
    this.canceled = false;
    this.blocksScripts = false;
    delayLoad(this.doc);
  }

  block() {
    this.blocksScripts = true;
    blockScripts(this.doc);
  }

  done() {
    this.pending--;
    if (this.pending > 0 || this.canceled) return;
    queueTask(this.doc, () => {
      if (this.canceled) return;
      if (this.el.state.loading === this) this.el.state.loading = null;
      fireEvent(this.el, this.failed ? 'error' : 'load');
      this.release();
    });
  }

  release() {
    if (this.blocksScripts) unblockScripts(this.doc);
    this.blocksScripts = false;
    undelayLoad(this.doc);
  }

  // The element went away or wants another sheet.
  cancel() {
    if (this.canceled) return;
    this.canceled = true;
    for (let i = 0; i < this.ids.length; i++) cancelResource(this.ids[i]);
    if (this.el.state.loading === this) this.el.state.loading = null;
    this.release();
  }
}

function isBlockingInsertion(el) {
  // Contributes a script-blocking style sheet: put there by the parser, and its media fit.
  return el.doc.parser !== null && el.doc.window !== null && matchesMedia(getAttr(el, 'media') ?? '', el.doc.window);
}

// https://drafts.csswg.org/css-cascade-5/#fetch-an-import, for each @import of a sheet
function loadImports(sheet, load, base, depth) {
  const { doc } = load;
  for (let i = 0; i < sheet.rules.length; i++) {
    const rule = sheet.rules[i];
    if (!(rule instanceof CSSImportRuleImpl) || rule.asked) continue;
    rule.asked = true;
    if (depth >= MAX_IMPORT_DEPTH || (rule.supports !== null && !supportsCssCondition(rule.supports))) continue;
    const url = parseURL(rule.href, base);
    if (url === null) continue;
    load.pending++;
    const request = {
      __proto__: null, url: serializeURL(url), destination: 'style', mode: 'no-cors', credentials: 'include', initiator: sheet.originClean ? 'css' : '',
      // https://drafts.csswg.org/css-values-4/#fetch-a-style-resource, 3: the sheet is what asks
      referrer: sheet.href ?? undefined, referrerPolicy: sheet.referrerPolicy,
    };
    load.ids[load.ids.length] = fetchResource(doc, request, (answer) => {
      if (load.canceled) return;
      const text = styleText(answer, doc);
      if (text !== null) {
        const imported = new CSSStyleSheetImpl('');
        imported.ownerRule = rule;
        imported.href = answer.url;
        imported.referrerPolicy = answer.referrerPolicy || sheet.referrerPolicy;
        imported.baseURL = parseURL(answer.url, null);
        imported.originClean = sheet.originClean && isSameOrigin(imported.baseURL, doc);
        imported.parse(text, true);
        rule.styleSheet = imported;
        cssSheetChanged(sheet);
        loadImports(imported, load, imported.baseURL ?? base, depth + 1);
      } else load.failed = true;
      load.done();
    });
  }
}

function isSameOrigin(url, doc) {
  return url === null || url.scheme === 'data' || serializeOrigin(url) === serializeOrigin(doc.url);
}

// The text of a response that is a style sheet, or null.
function styleText(answer, doc) {
  if (!answer.ok || (answer.status !== 0 && (answer.status < 200 || answer.status > 299))) return null;
  const type = StringPrototypeToLowerCase(answer.contentType ?? '');
  const essence = StringPrototypeTrim(type);
  // Quirks: https://html.spec.whatwg.org/multipage/links.html#link-type-stylesheet, a sheet of the same origin may have any type
  // What is no MIME type says nothing.
  if (RegExpPrototypeExec(/^[^/;]+\/[^;]/, essence) !== null && !StringPrototypeStartsWith(essence, 'text/css')) {
    const url = parseURL(answer.url, null);
    if (!(doc.quirks && url !== null && isSameOrigin(url, doc))) return null;
  }
  const text = answer.bytes === undefined || answer.bytes === null ? '' : utf8Decode(answer.bytes);
  return StringPrototypeStartsWith(text, '\ufeff') ? StringPrototypeSlice(text, 1) : text;
}

function dropSheet(el) {
  const { state } = el;
  if (state.loading !== null) state.loading.cancel();
  if (state.sheet !== null) setSheetOf(el, null);
}

// -- <style> -----------------------------------------------------------------------------------------------------------

function isCssType(el) {
  const type = getAttr(el, 'type');
  return type === null || type === '' || StringPrototypeToLowerCase(type) === 'text/css';
}

function titleOf(el) {
  return rootOf(el).nodeType === 9 ? getAttr(el, 'title') ?? '' : '';
}

// https://drafts.csswg.org/cssom/#create-a-css-style-sheet, 3: the first title names the set of sheets that is on
function isPreferred(el, sheet) {
  if (sheet.title === '' || el.state.explicitlyEnabled) return true;
  const { doc } = el;
  if (doc.preferredSheets === '') doc.preferredSheets = sheet.title;
  return doc.preferredSheets === sheet.title;
}

// https://html.spec.whatwg.org/multipage/semantics.html#update-a-style-block
function updateStyleBlock(el) {
  dropSheet(el);
  if (!isConnected(el) || !isCssType(el)) return;
  if (el.doc.csp !== null && el.first !== null && !allowsInline(el.doc, el, 'style', childTextContent(el))) return;
  const sheet = new CSSStyleSheetImpl(getAttr(el, 'media') ?? '');
  sheet.title = titleOf(el);
  sheet.off = !isPreferred(el, sheet);
  sheet.baseURL = documentBaseURL(el.doc);
  setSheetOf(el, sheet);
  sheet.parse(childTextContent(el), true);
  if (el.doc.window === null) return;
  const load = new StyleLoad(el);
  el.state.loading = load;
  loadImports(sheet, load, sheet.baseURL, 0);
  if (load.pending > 1 && isBlockingInsertion(el)) load.block();
  load.done();
}

// While the parser fills the element, one look at its end is enough.
function isBeingParsed(el) {
  const { parser } = el.doc;
  if (parser === null || parser.stack === undefined) return false;
  return parser.stack[parser.stack.length - 1] === el;
}

// Of style elements of SVG, too: https://svgwg.org/svg2-draft/styling.html#StyleElement
export const styleHooks = {
  __proto__: null,
  created(el) {
    el.state = new StyleOwnerState();
  },
  // Also one that is empty: scripts fill its sheet right away.
  inserted: updateStyleBlock,
  removed: dropSheet,
  childrenChanged(el) {
    if (isConnected(el) && !isBeingParsed(el)) updateStyleBlock(el);
  },
  popped(el) {
    el.state.fromMarkup = true;
    updateStyleBlock(el);
  },
  attributeChanged(el, name, old, value) {
    if (name === 'title' && sheetOf(el) !== null) sheetOf(el).title = titleOf(el);
    if (name === 'media') {
      const sheet = sheetOf(el);
      if (sheet !== null) sheet.media.replace(value ?? '');
    } else if (name === 'type' && isConnected(el) && !isBeingParsed(el)) updateStyleBlock(el);
  },
};
defineElement({ names: ['style'], iface: htmlStyleElementInterface, ...styleHooks, __proto__: null });

// -- <link> ------------------------------------------------------------------------------------------------------------

export function relationsOf(el) {
  return splitTokens(StringPrototypeToLowerCase(getAttr(el, 'rel') ?? ''));
}

export function hasRelation(relations, name) {
  for (let i = 0; i < relations.length; i++) if (relations[i] === name) return true;
  return false;
}

function askAheadFor(el, relations) {
  if (hasRelation(relations, 'modulepreload')) preloadModule(el);
  if (hasRelation(relations, 'preload')) preloadLink(el);
  if (hasRelation(relations, 'prefetch')) prefetchLink(el);
}

// Does it name a style sheet? Alternate ones have a title.
export function isSheetLink(el) {
  const relations = relationsOf(el);
  const href = getAttr(el, 'href');
  return hasRelation(relations, 'stylesheet') && href !== null && href !== '' && isCssType(el) && !hasAttr(el, 'disabled')
    && !(hasRelation(relations, 'alternate') && (getAttr(el, 'title') ?? '') === '');
}

export function sheetRequest(el, url) {
  const cors = getAttr(el, 'crossorigin');
  return {
    __proto__: null, url, destination: 'style', mode: cors === null ? 'no-cors' : 'cors',
    credentials: cors !== null && StringPrototypeToLowerCase(cors) !== 'use-credentials' ? 'same-origin' : 'include', integrity: getAttr(el, 'integrity') ?? '',
    referrerPolicy: getAttr(el, 'referrerpolicy') ?? '', nonce: nonceOf(el), charset: getAttr(el, 'charset') ?? '',
  };
}

// https://html.spec.whatwg.org/multipage/semantics.html#default-fetch-and-process-the-linked-resource, for style sheets
function updateLink(el) {
  const { state, doc } = el;
  if (state.loading !== null) state.loading.cancel();
  const relations = relationsOf(el);
  const href = getAttr(el, 'href');
  if (relations.length > 0 && isConnected(el) && doc.window !== null) askAheadFor(el, relations);
  const wanted = isConnected(el) && doc.window !== null && hasRelation(relations, 'stylesheet') && href !== null && href !== '' && isCssType(el) && !hasAttr(el, 'disabled');
  // An alternate sheet that has a title is not enabled: https://drafts.csswg.org/cssom/#css-style-sheet-collections
  const alternate = hasRelation(relations, 'alternate') && titleOf(el) !== '' && !state.explicitlyEnabled;
  if (!wanted || (hasRelation(relations, 'alternate') && titleOf(el) === '')) {
    if (state.sheet !== null) setSheetOf(el, null);
    return;
  }
  const url = parseURL(href, documentBaseURL(doc), doc.encoding);
  if (url === null) {
    if (state.sheet !== null) setSheetOf(el, null);
    queueTask(doc, () => fireEvent(el, 'error'));
    return;
  }
  const load = new StyleLoad(el);
  state.loading = load;
  if (!alternate && isBlockingInsertion(el)) load.block();
  const cors = getAttr(el, 'crossorigin');
  load.ids[0] = fetchResource(doc, sheetRequest(el, serializeURL(url)), (answer) => {
    if (load.canceled) return;
    const text = styleText(answer, doc);
    if (text === null) {
      // As in Chromium: a sheet that nobody may read stands for what could not be loaded.
      const sheet = new CSSStyleSheetImpl(getAttr(el, 'media') ?? '');
      sheet.title = titleOf(el);
      sheet.href = serializeURL(url);
      sheet.originClean = false;
      setSheetOf(el, sheet);
      load.failed = true;
    } else {
      const sheet = new CSSStyleSheetImpl(getAttr(el, 'media') ?? '');
      sheet.title = titleOf(el);
      sheet.href = answer.url;
      sheet.referrerPolicy = answer.referrerPolicy;
      sheet.baseURL = parseURL(answer.url, null) ?? url;
      sheet.originClean = cors !== null || isSameOrigin(sheet.baseURL, doc);
      sheet.off = alternate || !isPreferred(el, sheet);
      setSheetOf(el, sheet);
      sheet.parse(text, true);
      loadImports(sheet, load, sheet.baseURL, 0);
    }
    load.done();
  });
}

const LINK_ATTRIBUTES = { __proto__: null, href: true, rel: true, type: true, crossorigin: true, disabled: true };
const PRELOAD_ATTRIBUTES = { __proto__: null, as: true, media: true, imagesrcset: true, imagesizes: true };

defineElement({
  __proto__: null,
  names: ['link'],
  iface: htmlLinkElementInterface,
  created(el) {
    el.state = new StyleOwnerState();
  },
  inserted: updateLink,
  removed: dropSheet,
  attributeChanged(el, name, old, value, namespace) {
    if (name === 'disabled' && namespace === null && value === null) el.state.explicitlyEnabled = true;
    if (!isConnected(el) || namespace !== null) return;
    if (name === 'title' && sheetOf(el) !== null) sheetOf(el).title = titleOf(el);
    if (name === 'media') {
      const sheet = sheetOf(el);
      if (sheet !== null) sheet.media.replace(value ?? '');
    } else if (LINK_ATTRIBUTES[name] && old !== value) updateLink(el);
    if (PRELOAD_ATTRIBUTES[name] && old !== value && hasRelation(relationsOf(el), 'preload') && el.doc.window !== null) preloadLink(el);
  },
});
