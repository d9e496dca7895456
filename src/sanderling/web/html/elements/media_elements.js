// https://html.spec.whatwg.org/multipage/media.html
// audio and video. No media is fetched or played here, and every answer says so (../media_loading.js); text tracks are data, and read (../text_tracks.js).

import { defineInterface } from '../../webidl/interface.js';
import { Impl } from '../../webidl/impl.js';
import { defineElement } from '../../dom/definitions.js';
import { hasAttr, setAttr } from '../../dom/attributes.js';
import { createElement } from '../../dom/create.js';
import { domException } from '../../dom/DOMException.js';
import { fireEvent } from '../../dom/dispatch.js';
import { TypeError } from '../../primordials.js';
import { updatePoster } from '../image_loading.js';
import { loadMedia, mediaRemoved, pauseMedia, playMedia } from '../media_loading.js';
import { currentDocument } from '../realm.js';
import { queueTask } from '../tasks.js';
import { addTextTrack, textTracksOf } from '../text_tracks.js';

class MediaState {
  constructor() {
    this.error = null;
    this.currentSrc = '';
    this.networkState = 0;            // EMPTY
    this.paused = true;
    this.mayAutoplay = true;          // can autoplay flag
    this.selection = 0;               // counts instances of the resource selection algorithm
    this.pointer = null;              // the source element tried last
    this.after = null;                // what came behind it when it was removed
    this.waitingForSource = false;
    this.resume = null;               // steps that wait for play(), with preload=none
    this.delaying = null;             // the document whose load event waits
    this.tasks = [];                  // of the media element event task source
    this.promises = [];               // functions that reject the pending promises of play()
    this.volume = 1;
    this.muted = false;
    this.mutedSet = false;            // by script; until then the attribute says
    this.playbackRate = 1;
    this.defaultPlaybackRate = 1;
    this.preservesPitch = true;
    this.currentTime = 0;
    this.textTracks = null;
    this.choosingTracks = false;      // a task that chooses among them is queued
    this.ranges = null;
  }
}

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

function emptyRanges(self) {
  return self.state.ranges ?? (self.state.ranges = new TimeRangesImpl());
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
    get: () => null,
    set(self, value) {
      if (value !== null) throw new TypeError("Failed to set the 'srcObject' property on 'HTMLMediaElement': no media provider is supported.");
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
  paused: (self) => self.state.paused,
  defaultPlaybackRate: rateField('defaultPlaybackRate'),
  playbackRate: rateField('playbackRate'),
  preservesPitch: { get: (self) => self.state.preservesPitch, set(self, value) { self.state.preservesPitch = value; } },
  played: emptyRanges,
  seekable: emptyRanges,
  ended: () => false,
  play: playMedia,
  pause: pauseMedia,
  volume: { get: (self) => self.state.volume, set: setVolume },
  muted: { get: isMuted, set: setMuted },
  textTracks: textTracksOf,
  addTextTrack,
});

function mediaCreated(el) {
  el.state = new MediaState();
}

function mediaAttributeChanged(el, name, _oldValue, value, namespace) {
  if (name === 'src' && value !== null && namespace === null) loadMedia(el);
  else if (name === 'poster' && el.localName === 'video') updatePoster(el);
}

defineElement({
  __proto__: null,
  names: ['video'],
  created: mediaCreated,
  attributeChanged: mediaAttributeChanged,
  removed: mediaRemoved,
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
  removed: mediaRemoved,
  iface: defineInterface(`
[Exposed=Window, LegacyFactoryFunction=Audio(optional DOMString src)]
interface HTMLAudioElement : HTMLMediaElement {
  [HTMLConstructor] constructor();
};
`, { Audio: newAudio }),
});
