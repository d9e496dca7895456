// https://html.spec.whatwg.org/multipage/parsing.html#active-speculative-html-parser
// While the parser waits for a script or for style sheets, what stands behind is looked through for what it will ask for. The host has parsed the whole
// document, so that this is a walk over the flat message; what is found is asked for by elements that stand in no tree.

import { SafeMap, StringPrototypeIncludes, StringPrototypeToLowerCase } from '../primordials.js';
import { hasAttr, getAttr } from '../dom/attributes.js';
import { interfaceFor } from '../dom/definitions.js';
import { HTML_NS, SVG_NS } from '../dom/namespaces.js';
import { ElementImpl } from '../dom/node.js';
import { matchesMedia } from '../css/cssom/media_queries.js';
import { parseURL, serializeURL } from '../url/parser.js';
import { itemAttributes, itemLength } from './builder.js';
import { wouldAllow } from './csp.js';
import { documentBaseURL } from './document_state.js';
import { imageRequest, loadsImages } from './image_loading.js';
import { selectImageSource } from './image_sources.js';
import { requestAhead } from './link_preload.js';
import { aheadKey, fetchResource } from './resource.js';
import { metaReferrerPolicy } from './referrer.js';
import { classicRequest, fetchModuleAhead, scriptOptions, scriptSource, scriptType } from './scripting.js';
import { hasRelation, isSheetLink, relationsOf, sheetRequest } from './styles.js';

const ASKING = { __proto__: null, base: true, meta: true, script: true, link: true, img: true, source: true, picture: true, input: true, video: true };

class LookAhead {
  constructor(doc) {
    this.doc = doc;
    this.base = null;              // what a base element ahead says
    this.referrerPolicy = '';      // what a meta element ahead says
    this.policies = [];            // Content Security Policies of meta elements ahead
    this.upgrades = false;         // one of them makes other URLs of those that stand behind it: they are left to the parser
    this.importMap = false;        // one stands ahead: what modules import is not known before it has run
    this.picture = null;
  }

  // An element of the parser's, outside of any tree and without anything that happens to one.
  element(name, namespace, items, at) {
    const el = new ElementImpl(interfaceFor(null, name, namespace), this.doc, name, namespace, null, null);
    el.attrs = itemAttributes(this.doc, items, at) ?? el.attrs;
    return el;
  }

  url(text) {
    if (text === null || text === '' || this.upgrades) return null;
    const record = parseURL(text, this.base ?? documentBaseURL(this.doc), this.doc.encoding);
    return record === null || (record.scheme !== 'http' && record.scheme !== 'https') ? null : serializeURL(record);
  }

  look(el) {
    const { doc } = this;
    switch (el.localName) {
      case 'base':
        if (doc.baseCount === 0 && this.base === null && hasAttr(el, 'href')) {
          const record = parseURL(getAttr(el, 'href'), doc.fallbackBase ?? doc.url, doc.encoding);
          if (record !== null && record.scheme !== 'data' && record.scheme !== 'javascript') this.base = record;
        }
        break;
      case 'meta':
        this.referrerPolicy = metaReferrerPolicy(el) || this.referrerPolicy;
        if (StringPrototypeToLowerCase(getAttr(el, 'http-equiv') ?? '') === 'content-security-policy') {
          const policy = getAttr(el, 'content') ?? '';
          this.policies[this.policies.length] = policy;
          if (!doc.upgradesInsecure && StringPrototypeIncludes(StringPrototypeToLowerCase(policy), 'upgrade-insecure-requests')) this.upgrades = true;
        }
        break;
      case 'script': this.script(el); break;
      case 'link':
        if (hasRelation(relationsOf(el), 'preload') && this.base === null && !this.upgrades) {
          const request = requestAhead(el);
          if (request !== null) this.ask(request.url, () => request);
        }
        if (isSheetLink(el) && !hasAttr(el, 'title') && matchesMedia(getAttr(el, 'media') ?? '', doc.window)) this.ask(this.url(getAttr(el, 'href')), (url) => sheetRequest(el, url));
        break;
      case 'img':
        if (loadsImages() && StringPrototypeToLowerCase(getAttr(el, 'loading') ?? '') !== 'lazy') {
          if (this.picture !== null) {
            el.parent = this.picture;
            const { last } = this.picture;
            if (last === null) this.picture.first = el;
            else last.next = el;
          }
          this.image(el, selectImageSource(el)?.url ?? null);
        }
        break;
      case 'input':
        if (StringPrototypeToLowerCase(getAttr(el, 'type') ?? '') === 'image') this.image(el, getAttr(el, 'src'));
        break;
      case 'video': this.image(el, getAttr(el, 'poster')); break;
      case 'source':
        if (this.picture !== null) {
          const { last } = this.picture;
          el.parent = this.picture;
          if (last === null) this.picture.first = el;
          else last.next = el;
          this.picture.last = el;
        }
        break;
    }
  }

  script(el) {
    const type = scriptType(el);
    const { window } = this.doc;
    if (type === 'importmap') this.importMap = true;
    if (type === null || type === 'importmap' || !window.scriptingEnabled || (type === 'classic' && hasAttr(el, 'nomodule')) || (hasAttr(el, 'event') && hasAttr(el, 'for'))) return;
    const url = this.url(scriptSource(el));
    const options = scriptOptions(el, type, true);
    if (type === 'classic') this.ask(url, () => classicRequest(el, url, options, false));
    else if (url !== null && !this.importMap && wouldAllow(this.doc, { __proto__: null, destination: 'script', nonce: options.nonce, integrity: options.integrity }, url, this.policies)) {
      fetchModuleAhead(el, url, options, options.referrerPolicy || this.referrerPolicy);
    }
  }

  image(el, src) {
    if (loadsImages()) this.ask(this.url(src), (url) => imageRequest(el, url));
  }

  ask(url, requestOf) {
    if (url === null) return;
    const { doc } = this;
    const request = requestOf(url);
    request.speculative = true;
    if (request.referrerPolicy === '') request.referrerPolicy = this.referrerPolicy;
    const key = aheadKey(doc, request);
    if (doc.ahead === null) doc.ahead = new SafeMap();
    if (doc.ahead.has(key) || !wouldAllow(doc, request, url, this.policies)) return;
    const entry = { __proto__: null, id: 0, answer: null, taken: null };
    doc.ahead.set(key, entry);
    entry.id = fetchResource(doc, request, (answer) => {
      if (entry.taken !== null) entry.taken(answer);
      else entry.answer = answer;
    });
  }
}

// `items`: what the parser builds from; `from`: where it stands.
export function lookAhead(doc, items, from) {
  const state = new LookAhead(doc);
  const open = [];                 // for each element that is open: does it end a picture or a template?
  let inert = 0;                   // contents of templates ask for nothing
  for (let at = from; at < items.length;) {
    if (typeof items[at] === 'string') {
      at++;
      continue;
    }
    switch (items[at]) {
      case 0:
        if (open.length > 0) {
          const closed = open[open.length - 1];
          open.length--;
          if (closed === 'template') inert--;
          else if (closed === 'picture') state.picture = null;
        }
        break;
      case 1: {
        const name = items[at + 1];
        const kind = items[at + 2];
        const isHTML = kind === 0;
        open[open.length] = isHTML && (name === 'template' || name === 'picture') ? name : '';
        if (isHTML && name === 'template') inert++;
        else if (inert === 0 && isHTML && name === 'picture') state.picture = state.element('picture', HTML_NS, items, at);
        else if (inert === 0 && isHTML && ASKING[name] === true) state.look(state.element(name, HTML_NS, items, at));
        else if (inert === 0 && kind === 1 && name === 'script') state.look(state.element(name, SVG_NS, items, at));
        break;
      }
      case 6: open[open.length] = ''; break;
    }
    at += itemLength(items, at);
  }
}
