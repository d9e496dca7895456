// https://w3c.github.io/webvtt/#the-vttcue-interface
// Cues of text tracks, and the regions that they may be shown in.

import { Impl } from '../webidl/impl.js';
import { defineInterface } from '../webidl/interface.js';
import { EventTargetImpl } from '../dom/EventTarget.js';
import { domException } from '../dom/DOMException.js';
import { TypeError } from '../primordials.js';
import { currentDocument } from '../html/realm.js';
import { reorderCue } from '../html/text_tracks.js';
import { cueFragment } from './cue_text.js';

export class VTTCueImpl extends EventTargetImpl {
  constructor(startTime, endTime, text) {
    super();
    this.track = null;
    this.order = 0;                  // among cues of equal times: when it was added
    this.id = '';
    this.startTime = startTime;
    this.endTime = endTime;
    this.pauseOnExit = false;
    this.region = null;
    this.vertical = '';
    this.snapToLines = true;
    this.line = 'auto';
    this.lineAlign = 'start';
    this.position = 'auto';
    this.positionAlign = 'auto';
    this.size = 100;
    this.align = 'center';
    this.text = text;
  }
}

function cueField(name) {
  return { __proto__: null, get: (self) => self[name], set(self, value) { self[name] = value; } };
}

function percentage(name) {
  return {
    __proto__: null,
    get: (self) => self[name],
    set(self, value) {
      if (typeof value === 'number' && (value < 0 || value > 100)) throw domException('IndexSizeError', 'The value provided (' + value + ') is outside the range [0, 100].');
      self[name] = value;
    },
  };
}

// https://html.spec.whatwg.org/multipage/media.html#texttrackcue
defineInterface(`
[Exposed=Window]
interface TextTrackCue : EventTarget {
  readonly attribute TextTrack? track;
  attribute DOMString id;
  attribute double startTime;
  attribute unrestricted double endTime;
  attribute boolean pauseOnExit;
  attribute EventHandler onenter;
  attribute EventHandler onexit;
};
`, {
  track: (self) => self.track,
  id: cueField('id'),
  startTime: {
    get: (self) => self.startTime,
    set(self, value) {
      self.startTime = value;
      reorderCue(self);
    },
  },
  endTime: {
    get: (self) => self.endTime,
    set(self, value) {
      checkEnd(value);
      self.endTime = value;
      reorderCue(self);
    },
  },
  pauseOnExit: cueField('pauseOnExit'),
}, VTTCueImpl);

// https://html.spec.whatwg.org/multipage/media.html#dom-texttrackcue-endtime: "if the new value is negative Infinity or a Not-a-Number (NaN) value"
function checkEnd(value) {
  if (value !== value || value === -Infinity) throw new TypeError('The endTime must be a number or Infinity.');
}

export class VTTRegionImpl extends Impl {
  constructor() {
    super();
    this.id = '';
    this.width = 100;
    this.lines = 3;
    this.regionAnchorX = 0;
    this.regionAnchorY = 100;
    this.viewportAnchorX = 0;
    this.viewportAnchorY = 100;
    this.scroll = '';
  }
}

defineInterface(`
enum ScrollSetting { "", "up" };
[Exposed=Window]
interface VTTRegion {
  constructor();
  attribute DOMString id;
  attribute double width;
  attribute unsigned long lines;
  attribute double regionAnchorX;
  attribute double regionAnchorY;
  attribute double viewportAnchorX;
  attribute double viewportAnchorY;
  attribute ScrollSetting scroll;
};
`, {
  constructor: () => new VTTRegionImpl(),
  id: cueField('id'),
  width: percentage('width'),
  lines: cueField('lines'),
  regionAnchorX: percentage('regionAnchorX'),
  regionAnchorY: percentage('regionAnchorY'),
  viewportAnchorX: percentage('viewportAnchorX'),
  viewportAnchorY: percentage('viewportAnchorY'),
  scroll: cueField('scroll'),
}, VTTRegionImpl);

defineInterface(`
enum AutoKeyword { "auto" };
typedef (double or AutoKeyword) LineAndPositionSetting;
enum DirectionSetting { "", "rl", "lr" };
enum LineAlignSetting { "start", "center", "end" };
enum PositionAlignSetting { "line-left", "center", "line-right", "auto" };
enum AlignSetting { "start", "center", "end", "left", "right" };
[Exposed=Window]
interface VTTCue : TextTrackCue {
  constructor(double startTime, unrestricted double endTime, DOMString text);
  attribute VTTRegion? region;
  attribute DirectionSetting vertical;
  attribute boolean snapToLines;
  attribute LineAndPositionSetting line;
  attribute LineAlignSetting lineAlign;
  attribute LineAndPositionSetting position;
  attribute PositionAlignSetting positionAlign;
  attribute double size;
  attribute AlignSetting align;
  attribute DOMString text;
  DocumentFragment getCueAsHTML();
};
`, {
  constructor(startTime, endTime, text) {
    checkEnd(endTime);
    return new VTTCueImpl(startTime, endTime, text);
  },
  region: cueField('region'),
  vertical: cueField('vertical'),
  snapToLines: cueField('snapToLines'),
  line: cueField('line'),
  lineAlign: cueField('lineAlign'),
  position: percentage('position'),
  positionAlign: cueField('positionAlign'),
  size: percentage('size'),
  align: cueField('align'),
  text: cueField('text'),
  getCueAsHTML: (self) => cueFragment(currentDocument(), self.text),
}, VTTCueImpl);
