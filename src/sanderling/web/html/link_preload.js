// https://html.spec.whatwg.org/multipage/links.html#link-type-preload and #link-type-prefetch
// What links ask for ahead of its use. The host keeps what was preloaded until an equal request comes (browser/preloads.py), and its cache what was prefetched.

import { nonceOf } from './nonce.js';
import { getAttr } from '../dom/attributes.js';
import { fireEvent } from '../dom/dispatch.js';
import { splitTokens } from '../dom/collections.js';
import { RegExpPrototypeExec, StringPrototypeStartsWith, StringPrototypeToLowerCase, StringPrototypeTrim } from '../primordials.js';
import { matchesMedia } from '../css/cssom/media_queries.js';
import { parseURL, serializeURL } from '../url/parser.js';
import { documentBaseURL } from './document_state.js';
import { loadsImages } from './image_loading.js';
import { selectFromSet } from './image_sources.js';
import { preloadModuleOf } from './module_preload.js';
import { fetchResource } from './resource.js';
import { isJavaScriptType } from './scripting.js';
import { queueTask } from './tasks.js';

// https://html.spec.whatwg.org/multipage/links.html#translate-a-preload-destination
const PRELOADED = { __proto__: null, fetch: '', font: 'font', image: 'image', script: 'script', style: 'style', track: 'track' };
const FONT_TYPES = /^(?:font\/.*|application\/(?:x-)?font-.*|application\/vnd\.ms-opentype)$/;

// https://html.spec.whatwg.org/multipage/links.html#type-matches-destination-verification
function typeFits(type, destination) {
  const essence = StringPrototypeToLowerCase(StringPrototypeTrim(type));
  switch (destination) {
    case 'script': return isJavaScriptType(essence);
    case 'style': return essence === 'text/css';
    case 'font': return RegExpPrototypeExec(FONT_TYPES, essence) !== null;
    case 'image': return StringPrototypeStartsWith(essence, 'image/');
    case 'track': return essence === 'text/vtt';
    default: return true;
  }
}

// https://html.spec.whatwg.org/multipage/semantics.html#create-a-link-request; `get` gives what a link says, by the name of the attribute
function linkRequest(doc, get, href, destination) {
  const url = href === null || href === '' ? null : parseURL(href, documentBaseURL(doc), doc.encoding);
  if (url === null) return null;
  const cors = get('crossorigin');
  const asked = StringPrototypeToLowerCase(get('fetchpriority') ?? '');
  return {
    __proto__: null, url: serializeURL(url), destination, mode: cors === null ? 'no-cors' : 'cors',
    credentials: cors !== null && StringPrototypeToLowerCase(cors) !== 'use-credentials' ? 'same-origin' : 'include',
    integrity: get('integrity') ?? '', referrerPolicy: get('referrerpolicy') ?? '', nonce: get('nonce') ?? '',
    priority: asked === 'high' || asked === 'low' ? asked : 'auto',
  };
}

function askAhead(el, request, purpose) {
  request.purpose = purpose;
  fetchResource(el.doc, request, (answer) => queueTask(el.doc, () => fireEvent(el, answer.ok ? 'load' : 'error')));
}

// https://html.spec.whatwg.org/multipage/links.html#preload: the request, or null.
// What is for painting is not fetched where the context loads no images.
function preloadRequest(doc, get) {
  const destination = PRELOADED[StringPrototypeToLowerCase(get('as') ?? '')];
  if (destination === undefined) return null;
  if ((destination === 'image' || destination === 'font') && !loadsImages()) return null;
  const media = get('media');
  if (media !== null && !matchesMedia(media, doc.window)) return null;
  const type = get('type');
  if (type !== null && type !== '' && !typeFits(type, destination)) return null;
  const srcset = destination === 'image' ? get('imagesrcset') : null;
  let href = get('href');
  if (srcset !== null) href = selectFromSet(srcset, get('imagesizes'), href, doc)?.url ?? null;
  return linkRequest(doc, get, href, destination);
}

// The same for who looks ahead of the parser; `el` stands in no tree. A document's base URL may be another one then.
export function requestAhead(el) {
  const request = preloadRequest(el.doc, (name) => (name === 'nonce' ? nonceOf(el) : getAttr(el, name)));
  if (request !== null) request.purpose = 'preload';
  return request;
}

export function preloadLink(el) {
  const { doc, state } = el;
  const request = preloadRequest(doc, (name) => (name === 'nonce' ? nonceOf(el) : getAttr(el, name)));
  const wanted = request === null ? '' : `${request.destination} ${request.mode} ${request.credentials} ${request.url}`;
  // Attributes that leave it what it was ask for nothing.
  if (wanted === state.preloaded) return;
  state.preloaded = wanted;
  if (request !== null) askAhead(el, request, 'preload');
}

// https://html.spec.whatwg.org/multipage/links.html#link-type-prefetch:fetch-and-process-the-linked-resource
export function prefetchLink(el) {
  const get = (name) => (name === 'nonce' ? nonceOf(el) : getAttr(el, name));
  const media = get('media');
  if (media !== null && !matchesMedia(media, el.doc.window)) return;
  const request = linkRequest(el.doc, get, get('href'), '');
  if (request !== null) askAhead(el, request, 'prefetch');
}

// -- Link: <url>; rel=preload ------------------------------------------------------------------------------------------

const LINK_VALUE = /[\t ,]*<([^>]*)>/y;
const LINK_PARAMETER = /[\t ]*;[\t ]*([!#$%&'*+.^_`|~\w-]+)[\t ]*(?:=[\t ]*(?:"((?:[^"\\]|\\.)*)"|([^\t ;,"]*)))?/y;

function unquoted(text) {
  let out = '';
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '\\') i++;
    out += text[i];
  }
  return out;
}

// RFC 8288, appendix B.2: a list of tables of parameters, with `href`; the first of a name counts.
function parseLinks(text) {
  const links = [];
  let at = 0;
  for (;;) {
    LINK_VALUE.lastIndex = at;
    const found = RegExpPrototypeExec(LINK_VALUE, text);
    if (found === null) return links;
    const link = { __proto__: null, href: found[1] };
    at = LINK_VALUE.lastIndex;
    for (;;) {
      LINK_PARAMETER.lastIndex = at;
      const parameter = RegExpPrototypeExec(LINK_PARAMETER, text);
      if (parameter === null) break;
      at = LINK_PARAMETER.lastIndex;
      const name = StringPrototypeToLowerCase(parameter[1]);
      if (link[name] === undefined) link[name] = parameter[2] === undefined ? parameter[3] ?? '' : unquoted(parameter[2]);
    }
    links[links.length] = link;
  }
}

// https://html.spec.whatwg.org/multipage/semantics.html#process-link-headers, of what was asked for ahead
export function preloadHeaders(doc, values) {
  if (doc.window === null) return;
  for (let i = 0; i < values.length; i++) {
    const links = parseLinks(values[i]);
    for (let j = 0; j < links.length; j++) {
      const link = links[j];
      const get = (name) => link[name] ?? null;
      const relations = splitTokens(StringPrototypeToLowerCase(link.rel ?? ''));
      for (let k = 0; k < relations.length; k++) {
        if (relations[k] === 'modulepreload') preloadModuleOf(doc, get, () => {});
        if (relations[k] !== 'preload') continue;
        const request = preloadRequest(doc, get);
        if (request === null) continue;
        request.purpose = 'preload';
        fetchResource(doc, request, () => {});
      }
    }
  }
}
