// https://html.spec.whatwg.org/multipage/media.html#loading-the-media-resource
// Which resource a media element would play, and that it cannot. There is no decoder: every resource is one that "the user agent knows it cannot
// render", so nothing is fetched, and the element goes through the states and events that the standard gives to such a resource.

import { Impl } from '../webidl/impl.js';
import { defineInterface } from '../webidl/interface.js';
import { getAttr, hasAttr } from '../dom/attributes.js';
import { domException } from '../dom/DOMException.js';
import { fireEvent } from '../dom/dispatch.js';
import { HTML_NS } from '../dom/namespaces.js';
import { isConnected } from '../dom/tree.js';
import { Promise, PromisePrototypeThen, PromiseReject, PromiseResolve, StringPrototypeToLowerCase } from '../primordials.js';
import { parseURL, serializeURL } from '../url/parser.js';
import { matchesMedia } from '../css/cssom/media_queries.js';
import { documentBaseURL } from './document_state.js';
import { delayLoad, undelayLoad } from './loading.js';
import { queueTask } from './tasks.js';

const NETWORK_EMPTY = 0;
const NETWORK_IDLE = 1;
const NETWORK_LOADING = 2;
const NETWORK_NO_SOURCE = 3;
const ERR_SRC_NOT_SUPPORTED = 4;

class MediaErrorImpl extends Impl {
  constructor(code, message) {
    super();
    this.code = code;
    this.message = message;
  }
}

defineInterface(`
[Exposed=Window]
interface MediaError {
  const unsigned short MEDIA_ERR_ABORTED = 1;
  const unsigned short MEDIA_ERR_NETWORK = 2;
  const unsigned short MEDIA_ERR_DECODE = 3;
  const unsigned short MEDIA_ERR_SRC_NOT_SUPPORTED = 4;
  readonly attribute unsigned short code;
  readonly attribute DOMString message;
};
`, { code: (self) => self.code, message: (self) => self.message }, MediaErrorImpl);

// https://html.spec.whatwg.org/multipage/media.html#queue-a-media-element-task-given-a-media-element-and-a-series-of-steps
// `settle`: what ends promises of play(), and is done at once where load() removes the task.
function queueMediaTask(el, steps, settle = null) {
  const { state } = el;
  const task = { __proto__: null, steps, settle };
  state.tasks[state.tasks.length] = task;
  queueTask(el.doc, () => {
    if (task.steps === null) return;
    const { tasks } = state;
    let kept = 0;
    for (let i = 0; i < tasks.length; i++) if (tasks[i] !== task) tasks[kept++] = tasks[i];
    tasks.length = kept;
    steps();
  });
}

function queueMediaEvent(el, type) {
  queueMediaTask(el, () => fireEvent(el, type));
}

function setDelaying(el, on) {
  const { state } = el;
  if (on && state.delaying === null && el.doc.window !== null) delayLoad(state.delaying = el.doc);
  else if (!on && state.delaying !== null) {
    const doc = state.delaying;
    state.delaying = null;
    undelayLoad(doc);
  }
}

function takePromises(el) {
  const { promises } = el.state;
  el.state.promises = [];
  return promises;
}

function rejectPromises(promises, name, message) {
  for (let i = 0; i < promises.length; i++) promises[i](domException(name, message));
}

// Steps after "await a stable state", unless another instance of the algorithm began meanwhile.
function whenStable(el, steps) {
  const { selection } = el.state;
  PromisePrototypeThen(PromiseResolve(Promise, undefined), () => {
    if (el.state.selection !== selection) return;
    if (el.doc.window !== null) steps();
    else setDelaying(el, false);         // it has come into a document that loads nothing
  });
}

// https://html.spec.whatwg.org/multipage/media.html#media-element-load-algorithm
export function loadMedia(el) {
  const { state } = el;
  // 1.
  state.selection++;
  state.pointer = null;
  state.waitingForSource = false;
  // 2-4.
  const { tasks } = state;
  state.tasks = [];
  for (let i = 0; i < tasks.length; i++) {
    if (tasks[i].settle !== null) tasks[i].settle();
    tasks[i].steps = null;
  }
  // 5.
  if (state.networkState === NETWORK_LOADING || state.networkState === NETWORK_IDLE) queueMediaEvent(el, 'abort');
  // 6.
  if (state.networkState !== NETWORK_EMPTY) {
    queueMediaEvent(el, 'emptied');
    state.networkState = NETWORK_EMPTY;
    if (!state.paused) {
      state.paused = true;
      rejectPromises(takePromises(el), 'AbortError', 'The play() request was interrupted by a new load request.');
    }
  }
  // 7.
  if (state.playbackRate !== state.defaultPlaybackRate) {
    state.playbackRate = state.defaultPlaybackRate;
    queueMediaEvent(el, 'ratechange');
  }
  // 8-9.
  state.error = null;
  state.mayAutoplay = true;
  selectResource(el);
}

function isSource(node) {
  return node.nodeType === 1 && node.localName === 'source' && node.namespace === HTML_NS;
}

function nextSource(node) {
  for (let at = node; at !== null; at = at.next) if (isSource(at)) return at;
  return null;
}

// https://html.spec.whatwg.org/multipage/media.html#concept-media-load-resource
export function selectResource(el) {
  const { state } = el;
  // 1-4.
  state.networkState = NETWORK_NO_SOURCE;
  setDelaying(el, true);
  state.selection++;
  // 5-6.
  whenStable(el, () => {
    const src = getAttr(el, 'src');
    const candidate = src === null ? nextSource(el.first) : null;
    // 8.
    if (src === null && candidate === null) {
      state.networkState = NETWORK_EMPTY;
      setDelaying(el, false);
      return;
    }
    // 9-10.
    state.networkState = NETWORK_LOADING;
    queueMediaEvent(el, 'loadstart');
    // 11.
    if (src !== null) tryAttribute(el, src);
    else tryCandidate(el, candidate);
  });
}

function tryAttribute(el, src) {
  const record = src === '' ? null : parseURL(src, documentBaseURL(el.doc), el.doc.encoding);
  if (record === null) {
    failSelection(el);
    return;
  }
  el.state.currentSrc = serializeURL(record);
  openResource(el, () => failSelection(el));
}

// https://html.spec.whatwg.org/multipage/media.html#concept-media-load-resource, the resource fetch algorithm
function openResource(el, failed) {
  const { state } = el;
  // 4. "the user agent may ... wait": what need not be loaded until it is played is not said to be unplayable before, as in Chromium.
  if (StringPrototypeToLowerCase(getAttr(el, 'preload') ?? '') === 'none' && !hasAttr(el, 'autoplay') && state.paused) {
    state.networkState = NETWORK_IDLE;
    queueMediaEvent(el, 'suspend');
    queueMediaTask(el, () => setDelaying(el, false));
    state.resume = failed;
    return;
  }
  failed();
}

function resumeLoading(el) {
  const { resume } = el.state;
  if (resume === null) return;
  el.state.resume = null;
  if (el.state.networkState !== NETWORK_IDLE) return;
  el.state.networkState = NETWORK_LOADING;
  resume();
}

// https://html.spec.whatwg.org/multipage/media.html#dedicated-media-source-failure-steps
function failSelection(el) {
  const { state } = el;
  const promises = takePromises(el);
  const settle = () => rejectPromises(promises, 'NotSupportedError', 'Failed to load because no supported source was found.');
  queueMediaTask(el, () => {
    state.error = new MediaErrorImpl(ERR_SRC_NOT_SUPPORTED, 'There is no decoder for any media.');
    state.networkState = NETWORK_NO_SOURCE;
    fireEvent(el, 'error');
    settle();
    setDelaying(el, false);
  }, settle);
}

// "If candidate does not have a src attribute ..." and what follows; none can be played.
function tryCandidate(el, candidate) {
  const { state } = el;
  state.pointer = candidate;
  const src = getAttr(candidate, 'src');
  const failed = () => {
    queueMediaTask(el, () => fireEvent(candidate, 'error'));
    whenStable(el, () => afterCandidate(el, candidate.parent === el ? candidate.next : state.after));
  };
  const record = src === null || src === '' ? null : parseURL(src, documentBaseURL(el.doc), el.doc.encoding);
  if (record === null || hasAttr(candidate, 'type') || (hasAttr(candidate, 'media') && !matchesMedia(getAttr(candidate, 'media'), el.doc.window))) {
    failed();
    return;
  }
  state.currentSrc = serializeURL(record);
  openResource(el, failed);
}

function afterCandidate(el, from) {
  const { state } = el;
  const next = nextSource(from);
  if (next !== null) {
    tryCandidate(el, next);
    return;
  }
  // "Waiting"
  state.networkState = NETWORK_NO_SOURCE;
  queueMediaTask(el, () => setDelaying(el, false));
  state.waitingForSource = true;
}

// https://html.spec.whatwg.org/multipage/embedded-content.html#the-source-element: insertion steps
export function mediaSourceInserted(source) {
  const el = source.parent;
  if (!isMedia(el)) return;
  const { state } = el;
  if (state.networkState === NETWORK_EMPTY) {
    if (!hasAttr(el, 'src')) selectResource(el);
  } else if (state.waitingForSource) {
    // The pointer stands after the last source; only what comes behind it is looked at.
    if (state.pointer !== null && state.pointer.parent === el) {
      let at = state.pointer.next;
      while (at !== null && at !== source) at = at.next;
      if (at === null) return;
    }
    state.waitingForSource = false;
    whenStable(el, () => {
      setDelaying(el, true);
      state.networkState = NETWORK_LOADING;
      afterCandidate(el, source.parent === el ? source : null);
    });
  }
}

// The pointer goes on to where the removed source was.
export function mediaSourceRemoved(source, el) {
  if (isMedia(el) && el.state.pointer === source) el.state.after = source.next;
}

export function isMedia(el) {
  return el !== null && el.nodeType === 1 && el.namespace === HTML_NS && (el.localName === 'video' || el.localName === 'audio');
}

// https://html.spec.whatwg.org/multipage/media.html#dom-media-play
export function playMedia(el) {
  const { state } = el;
  // 2.
  if (state.error !== null && state.error.code === ERR_SRC_NOT_SUPPORTED) {
    return PromiseReject(Promise, domException('NotSupportedError', 'The element has no supported sources.'));
  }
  // 3-5.
  const promise = new Promise((_resolve, reject) => {
    state.promises[state.promises.length] = reject;
  });
  // https://html.spec.whatwg.org/multipage/media.html#internal-play-steps
  if (state.networkState === NETWORK_EMPTY) selectResource(el);
  if (state.paused) {
    state.paused = false;
    queueMediaEvent(el, 'play');
    queueMediaEvent(el, 'waiting');
  }
  state.mayAutoplay = false;
  resumeLoading(el);
  return promise;
}

// https://html.spec.whatwg.org/multipage/media.html#dom-media-pause
export function pauseMedia(el) {
  if (el.state.networkState === NETWORK_EMPTY) selectResource(el);
  internalPause(el);
}

// https://html.spec.whatwg.org/multipage/media.html#internal-pause-steps
function internalPause(el) {
  const { state } = el;
  state.mayAutoplay = false;
  if (state.paused) return;
  state.paused = true;
  const promises = takePromises(el);
  const settle = () => rejectPromises(promises, 'AbortError', 'The play() request was interrupted by a call to pause().');
  queueMediaTask(el, () => {
    fireEvent(el, 'timeupdate');
    fireEvent(el, 'pause');
    settle();
  }, settle);
}

// https://html.spec.whatwg.org/multipage/media.html#playing-the-media-resource: removing steps
export function mediaRemoved(el) {
  if (el.state.networkState === NETWORK_EMPTY) return;
  PromisePrototypeThen(PromiseResolve(Promise, undefined), () => {
    if (!isConnected(el)) internalPause(el);
  });
}
