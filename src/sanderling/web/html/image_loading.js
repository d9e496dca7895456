// https://html.spec.whatwg.org/multipage/images.html#updating-the-image-data
// Images are fetched for their events and their size, where the context loads images; the host reads the size from the file's header. Otherwise an image
// only knows which URL it would show. The same machinery serves <img>, <input type=image> and the poster of a <video>.

import { getAttr, hasAttr } from '../dom/attributes.js';
import { domException } from '../dom/DOMException.js';
import { fireEvent } from '../dom/dispatch.js';
import { isConnected } from '../dom/tree.js';
import { Promise, PromisePrototypeThen, PromiseReject, PromiseResolve, SafeMap, SafeWeakMap, StringPrototypeToLowerCase, WeakRef, WeakRefPrototypeDeref } from '../primordials.js';
import { parseURL, serializeURL } from '../url/parser.js';
import { blobOfURL } from '../FileAPI/blob_url.js';
import { keepLooking, queueLook } from '../css/observers.js';
import { boxOf } from '../css/cssom-view/geometry.js';
import { cssChanges } from '../css/cssom/rules.js';
import { lookAfterEntries, startFrames } from '../timers.js';
import { documentBaseURL } from './document_state.js';
import { selectImageSource, usesSourceSet } from './image_sources.js';
import { delayLoad, undelayLoad } from './loading.js';
import { resumeLazyFrame } from './frames.js';
import { cancelResource, fetchResource } from './resource.js';
import { queueTask } from './tasks.js';

const LAZY_MARGIN_PX = 1250;     // Chromium's distance to the viewport at which a lazy image or frame is fetched, on a fast connection
let contextLoadsImages = false;

// As the context's options say; before any document is built.
export function startImages(on) {
  contextLoadsImages = on;
}

export function loadsImages() {
  return contextLoadsImages;
}

// https://html.spec.whatwg.org/multipage/images.html#image-request
class ImageRequest {
  constructor(url) {
    this.url = url;
    this.state = 'unavailable';      // unavailable, complete, broken
    this.width = 0;                  // of the image, in its own pixels
    this.height = 0;
    this.density = 1;                // the current pixel density
    this.fetching = 0;               // id of the fetch
    this.delaying = null;            // the document whose load event waits for it
    this.canceled = false;
  }
}

// https://html.spec.whatwg.org/multipage/images.html#density-corrected-intrinsic-width-and-height, in CSS pixels; `name`: width or height
export function correctedSize(request, name) {
  return request.density > 0 ? request[name] / request.density : request[name];
}

export class ImageLoadState {
  constructor() {
    this.current = new ImageRequest('');
    this.pending = null;
    this.update = 0;                 // counts instances of "update the image data"
    this.selecting = false;          // the source is selected when the script ends; until then it is not complete, as in Chromium
    this.decoding = [];              // { resolve, reject } of decode() calls under way
    this.lazy = null;                // the request that waits to come near the viewport
  }
}

function imageStateOf(el) {
  return el.localName === 'img' ? el.state : el.state.image;
}

const availableImages = new SafeWeakMap();   // documents to their lists of available images: key to { width, height }
const lazyImages = new SafeWeakMap();        // documents to LazyImages
const waitingLazy = [];                        // WeakRefs of those that have targets

class LazyImages {
  constructor(doc) {
    this.doc = doc;
    this.targets = [];
    this.seenVersion = -1;           // of the document, without the changes that no style depends on, when the targets were looked at last
    this.seenRules = -1;             // cssChanges.count
    this.seenWidth = -1;             // of the viewport
    this.seenHeight = -1;
  }

  // May boxes have moved since the last look?
  isBehind() {
    const { doc } = this;
    const { window } = doc;
    return window !== null && (this.seenVersion !== doc.version - doc.quiet || this.seenRules !== cssChanges.count || this.seenWidth !== window.width || this.seenHeight !== window.height);
  }

  look() {
    const { doc } = this;
    if (doc.window !== null) {
      this.seenVersion = doc.version - doc.quiet;
      this.seenRules = cssChanges.count;
      this.seenWidth = doc.window.width;
      this.seenHeight = doc.window.height;
    }
    let kept = 0;
    const { targets } = this;
    const near = [];
    for (let i = 0; i < targets.length; i++) {
      const el = targets[i];
      if ((el.localName === 'iframe' ? el.state : imageStateOf(el)).lazy === null) continue;
      const { window } = el.doc;
      const box = window === null || !isConnected(el) ? null : boxOf(el);
      if (box !== null && box.y - window.scrollY <= window.height + LAZY_MARGIN_PX && box.y + box.height >= window.scrollY - LAZY_MARGIN_PX) near[near.length] = el;
      else targets[kept++] = el;
    }
    targets.length = kept;
    for (let i = 0; i < near.length; i++) {
      if (near[i].localName === 'iframe') resumeLazyFrame(near[i]);
      else resumeLazy(near[i]);
    }
  }
}

// https://html.spec.whatwg.org/multipage/urls-and-fetching.html#lazy-load-intersection-observer: it looks in each frame in which something may have moved.
function noteLazyMoved() {
  const all = waitingLazy;
  let kept = 0;
  for (let i = 0; i < all.length; i++) {
    const lazy = WeakRefPrototypeDeref(all[i]);
    if (lazy === undefined || lazy.targets.length === 0) continue;
    all[kept++] = all[i];
    if (lazy.isBehind()) startFrames(lookAtMovedLazy);
  }
  all.length = kept;
  if (kept === 0) lookAfterEntries(null);
}

function lookAtMovedLazy() {
  const all = waitingLazy;
  for (let i = 0; i < all.length; i++) {
    const lazy = WeakRefPrototypeDeref(all[i]);
    if (lazy !== undefined && lazy.isBehind()) lazy.look();
  }
}

function waitForViewport(el, request) {
  imageStateOf(el).lazy = request;
  lookForLater(el);
}

// A frame waits to come near the viewport, too; what is done then is in its `lazy`.
export function lookForLater(el) {
  let lazy = lazyImages.get(el.doc);
  if (lazy === undefined) lazyImages.set(el.doc, lazy = new LazyImages(el.doc));
  if (lazy.targets.length === 0) {
    let known = false;
    for (let i = 0; i < waitingLazy.length && !known; i++) known = WeakRefPrototypeDeref(waitingLazy[i]) === lazy;
    if (!known) waitingLazy[waitingLazy.length] = new WeakRef(lazy);
    lookAfterEntries(noteLazyMoved);
  }
  lazy.targets[lazy.targets.length] = el;
  keepLooking(lazy, el.doc);
  queueLook(el.doc);
}

export function resumeLazy(el) {
  const request = imageStateOf(el).lazy;
  if (request === null) return;
  imageStateOf(el).lazy = null;
  fetchImage(el, request);
}

export function lookForLazyImages(doc) {
  if (lazyImages.has(doc)) queueLook(doc);
}

function crossOriginOf(el) {
  const value = getAttr(el, 'crossorigin');
  if (value === null) return 'none';
  return StringPrototypeToLowerCase(value) === 'use-credentials' ? 'use-credentials' : 'anonymous';
}

// https://html.spec.whatwg.org/multipage/images.html#list-of-available-images
function availableImage(el, url) {
  return availableImages.get(el.doc)?.get(crossOriginOf(el) + ' ' + url) ?? null;
}

function keepAvailable(el, request) {
  let map = availableImages.get(el.doc);
  if (map === undefined) availableImages.set(el.doc, map = new SafeMap());
  map.set(crossOriginOf(el) + ' ' + request.url, { __proto__: null, width: request.width, height: request.height });
}

// https://html.spec.whatwg.org/multipage/images.html#abort-the-image-request
function abortImage(el, request) {
  if (request === null || request.canceled) return;
  request.canceled = true;
  if (imageStateOf(el).lazy === request) imageStateOf(el).lazy = null;
  if (request.fetching !== 0) cancelResource(request.fetching);
  release(request);
}

function release(request) {
  request.fetching = 0;
  if (request.delaying === null) return;
  const doc = request.delaying;
  request.delaying = null;
  undelayLoad(doc);
}

function settleDecoding(state, ok) {
  const waiting = state.decoding;
  if (waiting.length === 0) return;
  state.decoding = [];
  for (let i = 0; i < waiting.length; i++) {
    if (ok) waiting[i].resolve(undefined);
    else waiting[i].reject(domException('EncodingError', 'The source image cannot be decoded.'));
  }
}

function replaceCurrent(el, request) {
  const state = imageStateOf(el);
  if (state.pending !== request) abortImage(el, state.pending);
  if (state.current !== request) abortImage(el, state.current);
  state.current = request;
  state.pending = null;
}

// https://html.spec.whatwg.org/multipage/images.html#update-the-image-data, and of image buttons
// https://html.spec.whatwg.org/multipage/input.html#image-button-state-(type=image)
export function updateImage(el) {
  const state = imageStateOf(el);
  const { doc } = el;
  // 2. Of a document that is not active it waits until the element is adopted by one that is.
  if (doc.window === null || !contextLoadsImages || state === null) return;
  const number = ++state.update;
  settleDecoding(state, false);
  // 4-7. An image that the document has already
  if (!usesSourceSet(el)) {
    const src = getAttr(el, 'src');
    const record = src === null || src === '' ? null : parseURL(src, documentBaseURL(doc), doc.encoding);
    if (record !== null && showAvailable(el, serializeURL(record), number)) return;
  }
  // 8. Await a stable state
  state.selecting = true;
  PromisePrototypeThen(PromiseResolve(Promise, undefined), () => {
    // 9.
    if (state.update !== number) return;
    state.selecting = false;
    if (doc.window !== null) updateSelected(el, number);
  });
}

function showAvailable(el, url, number, density = 1) {
  const state = imageStateOf(el);
  const known = availableImage(el, url);
  if (known === null) return false;
  const request = new ImageRequest(url);
  request.state = 'complete';
  request.width = known.width;
  request.height = known.height;
  request.density = density;
  state.selecting = false;
  replaceCurrent(el, request);
  delayLoad(el.doc);
  const { doc } = el;
  queueTask(doc, () => {
    if (state.update === number) {
      settleDecoding(state, true);
      fireEvent(el, 'load');
    }
    undelayLoad(doc);
  });
  return true;
}

function updateSelected(el, number) {
  const state = imageStateOf(el);
  const { doc } = el;
  // 10.
  const source = selectImageSource(el);
  // 11-12.
  if (source === null || source.url === '') {
    const request = new ImageRequest('');
    const fails = hasAttr(el, 'src') || usesSourceSet(el);
    if (fails) request.state = 'broken';
    replaceCurrent(el, request);
    if (fails) fail(el, number);
    return;
  }
  // 13-14.
  const record = parseURL(source.url, documentBaseURL(doc), doc.encoding);
  if (record === null) {
    const request = new ImageRequest(source.url);
    request.state = 'broken';
    replaceCurrent(el, request);
    fail(el, number);
    return;
  }
  const url = serializeURL(record);
  if (showAvailable(el, url, number, source.density)) return;
  // 15-17. What is under way for this URL already goes on.
  const { pending, current } = state;
  if (pending !== null && pending.url === url) {
    pending.density = source.density;
    return;
  }
  if (current.url === url && current.state === 'unavailable' && current.fetching !== 0) {
    abortImage(el, pending);
    state.pending = null;
    current.density = source.density;
    return;
  }
  // 18-21.
  const request = new ImageRequest(url);
  request.density = source.density;
  if (current.state === 'complete') {
    abortImage(el, pending);
    state.pending = request;
  } else replaceCurrent(el, request);
  // 24-25.
  if (el.localName === 'img' && isLazyImage(el)) waitForViewport(el, request);
  else {
    request.delaying = doc;
    delayLoad(doc);
    fetchImage(el, request);
  }
}

// https://html.spec.whatwg.org/multipage/urls-and-fetching.html#will-lazy-load-element-steps
function isLazyImage(el) {
  return el.doc.window.scriptingEnabled && StringPrototypeToLowerCase(getAttr(el, 'loading') ?? '') === 'lazy';
}

function fail(el, number) {
  const { doc } = el;
  delayLoad(doc);
  queueTask(doc, () => {
    if (imageStateOf(el).update === number) {
      settleDecoding(imageStateOf(el), false);
      fireEvent(el, 'error');
    }
    undelayLoad(doc);
  });
}

export function imageRequest(el, url) {
  const cors = crossOriginOf(el);
  const blob = blobOfURL(url);
  return {
    __proto__: null, url, destination: 'image', priority: getAttr(el, 'fetchpriority') === 'high' ? 'high' : 'auto', mode: cors === 'none' ? 'no-cors' : 'cors', credentials: cors === 'anonymous' ? 'same-origin' : 'include',
    referrerPolicy: getAttr(el, 'referrerpolicy') ?? '', initiator: el.localName === 'img' ? undefined : el.localName, blobType: blob === null ? undefined : blob.type, body: blob === null ? undefined : blob.bytes,
  };
}

function fetchImage(el, request) {
  const state = imageStateOf(el);
  const { doc } = el;
  request.fetching = fetchResource(doc, imageRequest(el, request.url), (answer) => {
    queueTask(doc, () => {
      if (request.canceled) return;
      request.fetching = 0;
      const { image } = answer;
      if (state.pending === request) {
        state.current = request;
        state.pending = null;
      }
      if (image === null) request.state = 'broken';
      else {
        request.state = 'complete';
        request.width = image.width;
        request.height = image.height;
        keepAvailable(el, request);
      }
      settleDecoding(state, image !== null);
      doc.version++;
      fireEvent(el, image === null ? 'error' : 'load');
      release(request);
    });
  });
}

// An <input> became an image button.
export function startButtonImage(el) {
  if (imageStateOf(el) === null) el.state.image = new ImageLoadState();
  if (hasAttr(el, 'src')) updateImage(el);
}

// https://html.spec.whatwg.org/multipage/embedded-content.html#dom-img-complete
export function imageComplete(el) {
  if (!contextLoadsImages || el.doc.window === null) return true;
  const src = getAttr(el, 'src');
  if (!hasAttr(el, 'srcset') && (src === null || src === '')) return true;
  const state = imageStateOf(el);
  return !state.selecting && state.pending === null && state.current.state !== 'unavailable';
}

// https://html.spec.whatwg.org/multipage/embedded-content.html#dom-img-decode
export function decodeImage(el) {
  if (el.doc.window === null || (contextLoadsImages && imageStateOf(el).current.state === 'broken') || selectImageSource(el) === null) {
    return PromiseReject(Promise, domException('EncodingError', 'The source image cannot be decoded.'));
  }
  const state = imageStateOf(el);
  if (!contextLoadsImages || (state.current.state === 'complete' && state.pending === null)) return PromiseResolve(Promise, undefined);
  return new Promise((resolve, reject) => {
    state.decoding[state.decoding.length] = { __proto__: null, resolve, reject };
  });
}

// The poster frame of a video, https://html.spec.whatwg.org/multipage/media.html#the-video-element: fetched, and nobody is told.
const posters = new SafeWeakMap();

export function updatePoster(el) {
  const { doc } = el;
  if (doc.window === null || !contextLoadsImages) return;
  const old = posters.get(el);
  if (old !== undefined) old();
  posters.delete(el);
  const poster = getAttr(el, 'poster');
  const record = poster === null || poster === '' ? null : parseURL(poster, documentBaseURL(doc), doc.encoding);
  if (record === null) return;
  let waiting = true;
  delayLoad(doc);
  const end = () => {
    if (waiting) undelayLoad(doc);
    waiting = false;
  };
  const id = fetchResource(doc, imageRequest(el, serializeURL(record)), end);
  posters.set(el, () => {
    cancelResource(id);
    end();
  });
}
