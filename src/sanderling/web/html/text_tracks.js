// https://html.spec.whatwg.org/multipage/media.html#timed-text-tracks
// Text tracks are data: their cues are read and kept, and pages change them. Nothing is played, so no cue is ever active.

import { defineInterface } from '../webidl/interface.js';
import { Impl } from '../webidl/impl.js';
import { EventTargetImpl } from '../dom/EventTarget.js';
import { EventImpl, defineEventInterface } from '../dom/Event.js';
import { getAttr, hasAttr } from '../dom/attributes.js';
import { defineElement } from '../dom/definitions.js';
import { domException } from '../dom/DOMException.js';
import { fireEvent } from '../dom/dispatch.js';
import { HTML_NS } from '../dom/namespaces.js';
import { utf8DecodeLossy } from '../encoding/utf8.js';
import { blobOfURL } from '../FileAPI/blob_url.js';
import { Promise, PromisePrototypeThen, PromiseResolve, StringPrototypeToLowerCase, TypedArrayPrototypeGetLength, Uint8Array } from '../primordials.js';
import { parseURL, serializeURL } from '../url/parser.js';
import { parseWebVTT } from '../webvtt/parser.js';
import { documentBaseURL } from './document_state.js';
import { isMedia } from './media_loading.js';
import { cancelResource, fetchResource } from './resource.js';
import { queueTask } from './tasks.js';

const READY_NONE = 0;
const READY_LOADING = 1;
const READY_LOADED = 2;
const READY_ERROR = 3;
const TRACK_KINDS = { __proto__: null, subtitles: true, captions: true, descriptions: true, chapters: true, metadata: true };

export class TextTrackImpl extends EventTargetImpl {
  constructor(element, list) {
    super();
    this.element = element;          // its track element, or null
    this.list = list;                // of the media element that it belongs to, for addTextTrack()
    this.kind = '';
    this.label = '';
    this.language = '';
    this.mode = 'disabled';
    this.readyState = READY_NONE;
    this.cueList = null;             // the text track list of cues, once asked
    this.active = null;
    this.loading = 0;                // counts the runs of the track processing model; 0 while it does not run
    this.fetching = 0;
    this.url = '';                   // what was loaded last
  }

  cues() {
    return this.cueList ?? (this.cueList = new TextTrackCueListImpl());
  }
}

// https://html.spec.whatwg.org/multipage/media.html#text-track-cue-order
function cuePrecedes(a, b) {
  if (a.startTime !== b.startTime) return a.startTime < b.startTime;
  return a.endTime !== b.endTime ? a.endTime > b.endTime : a.order < b.order;
}

class TextTrackCueListImpl extends Impl {
  constructor() {
    super();
    this.items = [];
  }

  add(cue) {
    const { items } = this;
    let at = items.length;
    for (; at > 0 && cuePrecedes(cue, items[at - 1]); at--) items[at] = items[at - 1];
    items[at] = cue;
  }

  remove(cue) {
    const { items } = this;
    let kept = 0;
    for (let i = 0; i < items.length; i++) if (items[i] !== cue) items[kept++] = items[i];
    items.length = kept;
  }
}

defineInterface(`
[Exposed=Window]
interface TextTrackCueList {
  readonly attribute unsigned long length;
  getter TextTrackCue (unsigned long index);
  TextTrackCue? getCueById(DOMString id);
};
`, {
  length: (self) => self.items.length,
  item: (self, index) => self.items[index] ?? null,
  getCueById(self, id) {
    if (id === '') return null;
    for (let i = 0; i < self.items.length; i++) if (self.items[i].id === id) return self.items[i];
    return null;
  },
}, TextTrackCueListImpl);

let cueOrder = 0;

function listCue(track, cue) {
  cue.track = track;
  cue.order = ++cueOrder;
  track.cues().add(cue);
}

// A cue whose times changed finds its new place.
export function reorderCue(cue) {
  if (cue.track === null) return;
  const list = cue.track.cues();
  list.remove(cue);
  list.add(cue);
}

function attributeOr(track, name, own) {
  return track.element === null ? own : getAttr(track.element, name) ?? '';
}

function kindOf(track) {
  if (track.element === null) return track.kind;
  const value = getAttr(track.element, 'kind');
  if (value === null) return 'subtitles';
  const lower = StringPrototypeToLowerCase(value);
  return TRACK_KINDS[lower] === true ? lower : 'metadata';
}

function trackIdOf(track) {
  return attributeOr(track, 'id', '');
}

// https://html.spec.whatwg.org/multipage/media.html#dom-texttrack-mode
function setTrackMode(track, mode) {
  if (track.mode === mode) return;
  track.mode = mode;
  const { element } = track;
  const media = element === null ? track.list.media : element.parent;
  if (isMedia(media)) tellChange(media);
  if (element !== null) processTrack(track);
}

function tellChange(media) {
  const list = textTracksOf(media);
  if (list.changing) return;
  list.changing = true;
  queueTask(media.doc, () => {
    list.changing = false;
    fireEvent(list, 'change');
  });
}

defineInterface(`
enum TextTrackMode { "disabled", "hidden", "showing" };
enum TextTrackKind { "subtitles", "captions", "descriptions", "chapters", "metadata" };
[Exposed=Window]
interface TextTrack : EventTarget {
  readonly attribute TextTrackKind kind;
  readonly attribute DOMString label;
  readonly attribute DOMString language;
  readonly attribute DOMString id;
  readonly attribute DOMString inBandMetadataTrackDispatchType;
  attribute TextTrackMode mode;
  readonly attribute TextTrackCueList? cues;
  readonly attribute TextTrackCueList? activeCues;
  undefined addCue(TextTrackCue cue);
  undefined removeCue(TextTrackCue cue);
  attribute EventHandler oncuechange;
};
`, {
  kind: kindOf,
  label: (self) => attributeOr(self, 'label', self.label),
  language: (self) => attributeOr(self, 'srclang', self.language),
  id: trackIdOf,
  inBandMetadataTrackDispatchType: () => '',
  mode: { get: (self) => self.mode, set: setTrackMode },
  cues: (self) => (self.mode === 'disabled' ? null : self.cues()),
  activeCues: (self) => (self.mode === 'disabled' ? null : self.active ?? (self.active = new TextTrackCueListImpl())),
  // https://html.spec.whatwg.org/multipage/media.html#dom-texttrack-addcue
  addCue(self, cue) {
    if (cue.track !== null) cue.track.cues().remove(cue);
    listCue(self, cue);
  },
  removeCue(self, cue) {
    if (cue.track !== self) throw domException('NotFoundError', 'The specified cue is not listed in the TextTrack\'s list of cues.');
    self.cues().remove(cue);
    cue.track = null;
  },
}, TextTrackImpl);

class TextTrackListImpl extends EventTargetImpl {
  constructor(media) {
    super();
    this.media = media;
    this.added = [];                 // tracks of addTextTrack()
    this.changing = false;           // a change event is queued
  }

  // https://html.spec.whatwg.org/multipage/media.html#list-of-text-tracks: of track elements in tree order, then those of addTextTrack()
  tracks() {
    const out = [];
    for (let node = this.media.first; node !== null; node = node.next) if (isTrack(node)) out[out.length] = trackOf(node);
    for (let i = 0; i < this.added.length; i++) out[out.length] = this.added[i];
    return out;
  }
}

function isTrack(node) {
  return node.nodeType === 1 && node.localName === 'track' && node.namespace === HTML_NS;
}

defineInterface(`
[Exposed=Window]
interface TextTrackList : EventTarget {
  readonly attribute unsigned long length;
  getter TextTrack (unsigned long index);
  TextTrack? getTrackById(DOMString id);
  attribute EventHandler onchange;
  attribute EventHandler onaddtrack;
  attribute EventHandler onremovetrack;
};
`, {
  length: (self) => self.tracks().length,
  item: (self, index) => self.tracks()[index] ?? null,
  getTrackById(self, id) {
    const list = self.tracks();
    for (let i = 0; i < list.length; i++) if (trackIdOf(list[i]) === id) return list[i];
    return null;
  },
}, TextTrackListImpl);

export function textTracksOf(media) {
  return media.state.textTracks ?? (media.state.textTracks = new TextTrackListImpl(media));
}

// https://html.spec.whatwg.org/multipage/media.html#dom-media-addtexttrack
export function addTextTrack(media, kind, label, language) {
  const list = textTracksOf(media);
  const track = new TextTrackImpl(null, list);
  track.kind = kind;
  track.label = label;
  track.language = language;
  track.mode = 'hidden';
  track.readyState = READY_LOADED;
  list.added[list.added.length] = track;
  tellTrack(media, 'addtrack', track);
  return track;
}

class TrackEventImpl extends EventImpl {}
defineEventInterface(`
dictionary TrackEventInit : EventInit { TextTrack? track = null; };
[Exposed=Window]
interface TrackEvent : Event {
  constructor(DOMString type, optional TrackEventInit eventInitDict = {});
  readonly attribute TextTrack? track;
};
`, { __proto__: null, track: null }, TrackEventImpl);

function tellTrack(media, type, track) {
  queueTask(media.doc, () => fireEvent(textTracksOf(media), type, { __proto__: null, interface: 'TrackEvent', init: { __proto__: null, track } }));
}

// -- <track> -------------------------------------------------------------------------------------------------------------------

function trackOf(el) {
  return el.state ?? (el.state = new TextTrackImpl(el, null));
}

// https://html.spec.whatwg.org/multipage/media.html#sourcing-out-of-band-text-tracks
function trackLinked(el) {
  const media = el.parent;
  if (!isMedia(media)) return;
  const track = trackOf(el);
  tellTrack(media, 'addtrack', track);
  if (!media.state.choosingTracks) {
    media.state.choosingTracks = true;
    queueTask(media.doc, () => {
      media.state.choosingTracks = false;
      chooseTracks(media);
    });
  }
  processTrack(track);
}

// https://html.spec.whatwg.org/multipage/media.html#honor-user-preferences-for-automatic-text-track-selection: nobody prefers any; `default` decides.
function chooseTracks(media) {
  const tracks = textTracksOf(media).tracks();
  chooseAmong(tracks, 'subtitles', 'captions');
  chooseAmong(tracks, 'descriptions', 'descriptions');
  for (let i = 0; i < tracks.length; i++) {
    const kind = kindOf(tracks[i]);
    if ((kind === 'chapters' || kind === 'metadata') && isDefault(tracks[i])) setTrackMode(tracks[i], 'hidden');
  }
}

function isDefault(track) {
  return track.element !== null && hasAttr(track.element, 'default') && track.mode === 'disabled';
}

function chooseAmong(tracks, one, other) {
  let chosen = null;
  for (let i = 0; i < tracks.length; i++) {
    const kind = kindOf(tracks[i]);
    if (kind !== one && kind !== other) continue;
    if (tracks[i].mode === 'showing') return;
    if (chosen === null && isDefault(tracks[i])) chosen = tracks[i];
  }
  if (chosen !== null) setTrackMode(chosen, 'showing');
}

function trackUnlinked(el, oldParent) {
  if (isMedia(oldParent)) tellTrack(oldParent, 'removetrack', trackOf(el));
}

function trackChanged(el, name, _oldValue, _value, namespace) {
  if (name !== 'src' || namespace !== null) return;
  const track = trackOf(el);
  const url = trackURL(el);
  // As in Chromium, an attribute that is set to what it was changes nothing.
  if (url !== '' && url === track.url) return;
  // "Whenever a track element has its src attribute set, changed, or removed, the user agent must immediately empty the element's text track's text track list of cues."
  if (track.cueList !== null) {
    const { items } = track.cueList;
    for (let i = 0; i < items.length; i++) items[i].track = null;
    track.cueList.items = [];
  }
  // What is under way fails.
  if (track.fetching !== 0) queueTask(el.doc, () => fireEvent(el, 'error'));
  stopLoading(track);
  track.url = '';
  track.readyState = READY_NONE;
  processTrack(track);
}

// https://html.spec.whatwg.org/multipage/media.html#track-url
function trackURL(el) {
  const src = getAttr(el, 'src');
  const record = src === null || src === '' ? null : parseURL(src, documentBaseURL(el.doc), el.doc.encoding);
  return record === null ? '' : serializeURL(record);
}

function stopLoading(track) {
  track.loading = 0;
  if (track.fetching !== 0) cancelResource(track.fetching);
  track.fetching = 0;
}

let trackRuns = 0;

// https://html.spec.whatwg.org/multipage/media.html#start-the-track-processing-model
function processTrack(track) {
  const el = track.element;
  // 1-3.
  if (track.loading !== 0 || track.readyState !== READY_NONE || track.mode === 'disabled' || !isMedia(el.parent)) return;
  // 4-6.
  const run = track.loading = ++trackRuns;
  PromisePrototypeThen(PromiseResolve(Promise, undefined), () => {
    if (track.loading !== run) return;
    // 7-9.
    track.readyState = READY_LOADING;
    track.url = trackURL(el);
    if (track.url === '' || el.doc.window === null) settleTrack(track, run, null);
    else fetchTrack(track, run, track.url);
  });
}

// 10.
function fetchTrack(track, run, url) {
  const blob = blobOfURL(url);
  if (blob !== null) {
    settleTrack(track, run, blob.bytes);
    return;
  }
  const el = track.element;
  const cors = isMedia(el.parent) ? getAttr(el.parent, 'crossorigin') : null;
  track.fetching = fetchResource(el.doc, {
    __proto__: null, url, destination: 'track', mode: cors === null ? 'same-origin' : 'cors',
    credentials: cors === null || StringPrototypeToLowerCase(cors) === 'use-credentials' ? 'include' : 'same-origin',
  }, (answer) => {
    if (track.loading !== run) return;
    track.fetching = 0;
    settleTrack(track, run, answer.ok ? answer.bytes ?? new Uint8Array(0) : null);
  });
}

// 11. and the steps after it: `bytes` of the file, or null where there are none.
function settleTrack(track, run, bytes) {
  queueTask(track.element.doc, () => {
    if (track.loading !== run) return;
    track.loading = 0;
    const cues = bytes === null ? null : parseWebVTT(utf8DecodeLossy(bytes, 0, TypedArrayPrototypeGetLength(bytes)));
    if (cues === null) track.readyState = READY_ERROR;
    else {
      track.readyState = READY_LOADED;
      for (let i = 0; i < cues.length; i++) listCue(track, cues[i]);
    }
    fireEvent(track.element, cues === null ? 'error' : 'load');
  });
}

defineElement({
  __proto__: null,
  names: ['track'],
  linked: trackLinked,
  unlinked: trackUnlinked,
  attributeChanged: trackChanged,
  iface: defineInterface(`
[Exposed=Window]
interface HTMLTrackElement : HTMLElement {
  [HTMLConstructor] constructor();
  [CEReactions, ReflectEnum="kind"] attribute DOMString kind;
  [CEReactions, ReflectURL] attribute USVString src;
  [CEReactions, Reflect] attribute DOMString srclang;
  [CEReactions, Reflect] attribute DOMString label;
  [CEReactions, Reflect] attribute boolean default;
  const unsigned short NONE = 0;
  const unsigned short LOADING = 1;
  const unsigned short LOADED = 2;
  const unsigned short ERROR = 3;
  readonly attribute unsigned short readyState;
  [SameObject] readonly attribute TextTrack track;
};
`, { readyState: (self) => trackOf(self).readyState, track: trackOf }),
});
