// https://html.spec.whatwg.org/multipage/media.html
// audio, video, track. No media is fetched or played here, and every answer says so: no type can be played, play() is refused.

import { defineInterface } from '../../webidl/interface.js';
import { Impl } from '../../webidl/impl.js';
import { defineElement } from '../../dom/definitions.js';
import { getAttr, hasAttr, setAttr } from '../../dom/attributes.js';
import { createElement } from '../../dom/create.js';
import { domException } from '../../dom/DOMException.js';
import { fireEvent } from '../../dom/dispatch.js';
import { HTML_NS } from '../../dom/namespaces.js';
import { EventTargetImpl } from '../../dom/EventTarget.js';
import { Promise, PromiseReject, TypeError } from '../../primordials.js';
import { parseURL, serializeURL } from '../../url/parser.js';
import { documentBaseURL } from '../document_state.js';
import { updatePoster } from '../image_loading.js';
import { currentDocument } from '../realm.js';
import { queueTask } from '../tasks.js';

class MediaState {
  constructor() {
    this.error = null;
    this.currentSrc = '';
    this.networkState = 0;            // EMPTY
    this.volume = 1;
    this.muted = false;
    this.mutedSet = false;            // by script; until then the attribute says
    this.playbackRate = 1;
    this.defaultPlaybackRate = 1;
    this.preservesPitch = true;
    this.currentTime = 0;
    this.textTracks = null;
    this.srcObject = null;
    this.ranges = null;
  }
}

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

// Nothing is ever buffered, so time ranges are always empty.
class TimeRangesImpl extends Impl {}

function noRange() {
  throw domException('IndexSizeError', 'There are no ranges.');
}

defineInterface(`
[Exposed=Window]
interface TimeRanges {
  readonly attribute unsigned long length;
  double start(unsigned long index);
  double end(unsigned long index);
};
`, { length: () => 0, start: noRange, end: noRange }, TimeRangesImpl);

class TextTrackImpl extends EventTargetImpl {
  constructor(kind, label, language, id) {
    super();
    this.kind = kind;
    this.label = label;
    this.language = language;
    this.id = id;
    this.mode = 'hidden';
    this.fromElement = null;
  }
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
  attribute TextTrackMode mode;
  attribute EventHandler oncuechange;
};
`, {
  kind: (self) => (self.fromElement === null ? self.kind : trackKind(self.fromElement)),
  label: (self) => (self.fromElement === null ? self.label : getAttr(self.fromElement, 'label') ?? ''),
  language: (self) => (self.fromElement === null ? self.language : getAttr(self.fromElement, 'srclang') ?? ''),
  id: (self) => (self.fromElement === null ? self.id : getAttr(self.fromElement, 'id') ?? ''),
  mode: { get: (self) => self.mode, set(self, value) { self.mode = value; } },
}, TextTrackImpl);

const TRACK_KINDS = { __proto__: null, subtitles: true, captions: true, descriptions: true, chapters: true, metadata: true };

function trackKind(el) {
  const value = getAttr(el, 'kind');
  if (value === null) return 'subtitles';
  return TRACK_KINDS[value] === true ? value : 'metadata';
}

class TextTrackListImpl extends EventTargetImpl {
  constructor(media) {
    super();
    this.media = media;
    this.added = [];
  }

  // Tracks of track elements in tree order, then those of addTextTrack().
  tracks() {
    const out = [];
    for (let node = this.media.first; node !== null; node = node.next) {
      if (node.nodeType === 1 && node.localName === 'track' && node.namespace === HTML_NS) out[out.length] = trackOf(node);
    }
    for (let i = 0; i < this.added.length; i++) out[out.length] = this.added[i];
    return out;
  }
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
    for (let i = 0; i < list.length; i++) if ((list[i].fromElement === null ? list[i].id : getAttr(list[i].fromElement, 'id') ?? '') === id) return list[i];
    return null;
  },
}, TextTrackListImpl);

function textTracks(self) {
  return self.state.textTracks ?? (self.state.textTracks = new TextTrackListImpl(self));
}

function emptyRanges(self) {
  return self.state.ranges ?? (self.state.ranges = new TimeRangesImpl());
}

// https://html.spec.whatwg.org/multipage/media.html#concept-media-load-algorithm: the dedicated media source failure steps, at once
function loadMedia(el) {
  const { state } = el;
  const src = getAttr(el, 'src') ?? firstSource(el);
  state.error = null;
  state.currentSrc = '';
  if (src === null) {
    state.networkState = 0;
    return;
  }
  state.networkState = 3;            // NO_SOURCE
  const record = parseURL(src, documentBaseURL(el.doc), el.doc.encoding);
  if (record !== null) state.currentSrc = serializeURL(record);
}

function firstSource(el) {
  for (let node = el.first; node !== null; node = node.next) {
    if (node.nodeType === 1 && node.localName === 'source' && node.namespace === HTML_NS) return getAttr(node, 'src');
  }
  return null;
}

function setVolume(self, value) {
  if (value < 0 || value > 1) throw domException('IndexSizeError', 'The volume provided (' + value + ') is outside the range [0, 1].');
  if (self.state.volume === value) return;
  self.state.volume = value;
  queueTask(self.doc, () => fireEvent(self, 'volumechange'));
}

function setMuted(self, value) {
  const old = isMuted(self);
  self.state.muted = value;
  self.state.mutedSet = true;
  if (old !== value) queueTask(self.doc, () => fireEvent(self, 'volumechange'));
}

function isMuted(self) {
  return self.state.mutedSet ? self.state.muted : hasAttr(self, 'muted');
}

function rateField(name) {
  return {
    __proto__: null,
    get: (self) => self.state[name],
    set(self, value) {
      if (self.state[name] === value) return;
      self.state[name] = value;
      queueTask(self.doc, () => fireEvent(self, 'ratechange'));
    },
  };
}

defineInterface(`
enum CanPlayTypeResult { "", "maybe", "probably" };
[Exposed=Window]
interface HTMLMediaElement : HTMLElement {
  readonly attribute MediaError? error;
  [CEReactions, ReflectURL] attribute USVString src;
  attribute object? srcObject;
  readonly attribute USVString currentSrc;
  [CEReactions, ReflectEnum="crossorigin"] attribute DOMString? crossOrigin;
  const unsigned short NETWORK_EMPTY = 0;
  const unsigned short NETWORK_IDLE = 1;
  const unsigned short NETWORK_LOADING = 2;
  const unsigned short NETWORK_NO_SOURCE = 3;
  readonly attribute unsigned short networkState;
  [CEReactions, ReflectEnum="preload"] attribute DOMString preload;
  readonly attribute TimeRanges buffered;
  undefined load();
  CanPlayTypeResult canPlayType(DOMString type);
  const unsigned short HAVE_NOTHING = 0;
  const unsigned short HAVE_METADATA = 1;
  const unsigned short HAVE_CURRENT_DATA = 2;
  const unsigned short HAVE_FUTURE_DATA = 3;
  const unsigned short HAVE_ENOUGH_DATA = 4;
  readonly attribute unsigned short readyState;
  readonly attribute boolean seeking;
  attribute double currentTime;
  undefined fastSeek(double time);
  readonly attribute unrestricted double duration;
  readonly attribute boolean paused;
  attribute double defaultPlaybackRate;
  attribute double playbackRate;
  attribute boolean preservesPitch;
  readonly attribute TimeRanges played;
  readonly attribute TimeRanges seekable;
  readonly attribute boolean ended;
  [CEReactions, Reflect] attribute boolean autoplay;
  [CEReactions, Reflect] attribute boolean loop;
  Promise<undefined> play();
  undefined pause();
  [CEReactions, Reflect] attribute boolean controls;
  attribute double volume;
  attribute boolean muted;
  [CEReactions, Reflect="muted"] attribute boolean defaultMuted;
  [SameObject] readonly attribute TextTrackList textTracks;
  TextTrack addTextTrack(TextTrackKind kind, optional DOMString label = "", optional DOMString language = "");
};
`, {
  error: (self) => self.state.error,
  srcObject: {
    get: (self) => self.state.srcObject,
    set(self, value) {
      if (value !== null) throw new TypeError("Failed to set the 'srcObject' property on 'HTMLMediaElement': no media provider is supported.");
      self.state.srcObject = null;
    },
  },
  currentSrc: (self) => self.state.currentSrc,
  networkState: (self) => self.state.networkState,
  buffered: emptyRanges,
  load: loadMedia,
  canPlayType: () => '',
  readyState: () => 0,
  seeking: () => false,
  // The default playback start position, since nothing is ever loaded.
  currentTime: { get: (self) => self.state.currentTime, set(self, value) { self.state.currentTime = value; } },
  fastSeek() {},
  duration: () => NaN,
  paused: () => true,
  defaultPlaybackRate: rateField('defaultPlaybackRate'),
  playbackRate: rateField('playbackRate'),
  preservesPitch: { get: (self) => self.state.preservesPitch, set(self, value) { self.state.preservesPitch = value; } },
  played: emptyRanges,
  seekable: emptyRanges,
  ended: () => false,
  // https://html.spec.whatwg.org/multipage/media.html#dom-media-play, step 2
  play(self) {
    const { state } = self;
    state.error = new MediaErrorImpl(4, 'Media is not supported.');
    return PromiseReject(Promise, domException('NotSupportedError', 'The element has no supported sources.'));
  },
  pause() {},
  volume: { get: (self) => self.state.volume, set: setVolume },
  muted: { get: isMuted, set: setMuted },
  textTracks,
  addTextTrack(self, kind, label, language) {
    const track = new TextTrackImpl(kind, label, language, '');
    const list = textTracks(self).added;
    list[list.length] = track;
    return track;
  },
});

function mediaCreated(el) {
  el.state = new MediaState();
}

function mediaAttributeChanged(el, name) {
  if (name === 'src') loadMedia(el);
  else if (name === 'poster' && el.localName === 'video') updatePoster(el);
}

defineElement({
  __proto__: null,
  names: ['video'],
  created: mediaCreated,
  attributeChanged: mediaAttributeChanged,
  iface: defineInterface(`
[Exposed=Window]
interface HTMLVideoElement : HTMLMediaElement {
  [HTMLConstructor] constructor();
  [CEReactions, Reflect] attribute unsigned long width;
  [CEReactions, Reflect] attribute unsigned long height;
  readonly attribute unsigned long videoWidth;
  readonly attribute unsigned long videoHeight;
  [CEReactions, ReflectURL] attribute USVString poster;
  [CEReactions, Reflect] attribute boolean playsInline;
};
`, { videoWidth: () => 0, videoHeight: () => 0 }),
});

// https://html.spec.whatwg.org/multipage/media.html#dom-audio
function newAudio(src) {
  const el = createElement(currentDocument(), 'audio');
  setAttr(el, 'preload', 'auto');
  if (src !== undefined) setAttr(el, 'src', src);
  return el;
}

defineElement({
  __proto__: null,
  names: ['audio'],
  created: mediaCreated,
  attributeChanged: mediaAttributeChanged,
  iface: defineInterface(`
[Exposed=Window, LegacyFactoryFunction=Audio(optional DOMString src)]
interface HTMLAudioElement : HTMLMediaElement {
  [HTMLConstructor] constructor();
};
`, { Audio: newAudio }),
});

function trackOf(el) {
  if (el.state === null) {
    el.state = new TextTrackImpl('subtitles', '', '', '');
    el.state.mode = 'disabled';
    el.state.fromElement = el;
  }
  return el.state;
}

defineElement({
  __proto__: null,
  names: ['track'],
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
`, { readyState: () => 0, track: trackOf }),
});
