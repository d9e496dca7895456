// https://html.spec.whatwg.org/multipage/iframe-embed-object.html#the-object-element and #the-embed-element
// What an object or embed shows: a document in a child frame, an image, or, where it can be neither, an object's own content. The type of the response decides;
// a document is handed on to the frame as it came (browser/resource_requests.py keeps it meanwhile).

import { getAttr } from '../dom/attributes.js';
import { fireEvent } from '../dom/dispatch.js';
import { HTML_NS } from '../dom/namespaces.js';
import { isConnected, nextInTree, nextSkippingChildren } from '../dom/tree.js';
import { StringPrototypeEndsWith, StringPrototypeStartsWith, StringPrototypeToLowerCase, StringPrototypeTrim } from '../primordials.js';
import { parseURL, serializeURL } from '../url/parser.js';
import { documentBaseURL } from './document_state.js';
import { loadHeldDocument, insertedFrame, removedFrame } from './frames.js';
import { loadsImages } from './image_loading.js';
import { delayLoad, undelayLoad } from './loading.js';
import { cancelResource, fetchResource } from './resource.js';
import { queueTask } from './tasks.js';

function isObjectElement(el) {
  return el.nodeType === 1 && el.namespace === HTML_NS && el.localName === 'object';
}

// What a browser without plug-ins shows.
function isShown(type) {
  if (type === 'image/svg+xml') return true;
  if (StringPrototypeStartsWith(type, 'image/')) return loadsImages();
  return StringPrototypeStartsWith(type, 'text/') || StringPrototypeEndsWith(type, '+xml') || StringPrototypeEndsWith(type, '+json')
    || type === 'application/xml' || type === 'application/json';
}

// An object within another one is that one's fallback content, and only asked for when it comes to that; within media it never does.
function waitsForOther(el) {
  for (let at = el.parent; at !== null; at = at.parent) {
    if (at.nodeType === 1 && at.namespace === HTML_NS && (at.localName === 'video' || at.localName === 'audio')) return true;
    if (isObjectElement(at) && at.state.shows !== 'fallback') return true;
  }
  return false;
}

export function dropObject(el) {
  const { state } = el;
  state.update++;
  state.shows = 'nothing';
  if (state.window !== null) removedFrame(el);
  else if (state.fetching !== 0) cancelResource(state.fetching);
  state.fetching = 0;
  state.failed = false;
  settleObject(el);
}

function settleObject(el) {
  if (!el.state.delaying) return;
  el.state.delaying = false;
  undelayLoad(el.doc);
}

function fallBack(el) {
  if (!isObjectElement(el)) return;
  el.state.shows = 'fallback';
  for (let at = nextInTree(el, el); at !== null;) {
    if (at.nodeType === 1 && at.namespace === HTML_NS && (at.localName === 'object' || at.localName === 'embed')) {
      updateObject(at);
      at = nextSkippingChildren(at, el);      // what is in it waits for it, or has been decided with it
    } else at = nextInTree(at, el);
  }
}

function finishObject(el, event) {
  const { state } = el;
  const { update } = state;
  queueTask(el.doc, () => {
    if (state.update !== update) return;
    fireEvent(el, event);
    settleObject(el);
  });
}

// Nothing can be shown: of an embed nobody is told of that but by `load`.
export function objectFailed(el) {
  const { state } = el;
  if (state.window !== null) removedFrame(el);
  fallBack(el);
  finishObject(el, isObjectElement(el) ? 'error' : 'load');
}

export function updateObject(el) {
  const { doc, state } = el;
  dropObject(el);
  if (!isConnected(el) || doc.window === null || waitsForOther(el)) return;
  const object = isObjectElement(el);
  const address = getAttr(el, object ? 'data' : 'src');
  const type = StringPrototypeToLowerCase(StringPrototypeTrim(getAttr(el, 'type') ?? ''));
  if (address === null || address === '') {
    fallBack(el);
    return;
  }
  const url = parseURL(address, documentBaseURL(doc), doc.encoding);
  if (url === null || (type !== '' && !isShown(type))) {
    fallBack(el);
    if (object) finishObject(el, 'error');
    return;
  }
  const { update } = state;
  state.delaying = true;
  delayLoad(doc);
  state.fetching = fetchResource(doc, {
    __proto__: null, url: serializeURL(url), destination: el.localName, mode: 'navigate', credentials: 'include', initiator: el.localName,
  }, (response) => {
    if (state.update !== update) return;
    state.fetching = 0;
    if (!response.ok || (object && (response.status < 200 || response.status > 299))) {
      objectFailed(el);
      return;
    }
    if (response.held > 0) {
      insertedFrame(el);
      if (state.window !== null) {
        state.shows = 'document';
        loadHeldDocument(state.window, parseURL(response.url) ?? url, response.held);
        return;
      }
    }
    if (response.image === null) {
      objectFailed(el);
      return;
    }
    state.shows = 'image';
    finishObject(el, 'load');
  });
}
