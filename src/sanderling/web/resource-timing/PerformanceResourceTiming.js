// https://w3c.github.io/resource-timing/#sec-performanceresourcetiming

import { ObjectFreeze } from '../primordials.js';
import { defineInterface } from '../webidl/interface.js';
import { PerformanceEntryImpl, SHORTEST, coarseTime, entryId } from '../hr-time/entry.js';
import { nowMs } from '../host.js';
import { ofHostTime } from '../html/clock.js';
import { wrap } from '../webidl/wrapper.js';
import { parseServerTiming } from '../server-timing/parse.js';

// What the worker tells of a request (browser/resource_timing.py), by place.
const STATUS = 3;
const ENCODED = 4;
const DECODED = 5;
const CONTENT_TYPE = 6;
const PROTOCOL = 7;
const DELIVERY = 8;
const TRANSFER = 9;
const SERVER_TIMING = 10;
export const RECORD_MOMENTS = 11;

export const RECORD_FRAME = 0;
export const RECORD_URL = 1;
export const RECORD_INITIATOR = 2;

const MOMENT_NAMES = ['startTime', 'redirectStart', 'redirectEnd', 'fetchStart', 'domainLookupStart', 'domainLookupEnd', 'connectStart', 'connectEnd', 'secureConnectionStart', 'requestStart',
  'responseStart', 'responseEnd'];
// Where an informational (1xx) response came first, these follow.
const FIRST_INTERIM = 12;
const FINAL_HEADERS = 13;
const START = 0;
const REDIRECT_START = 1;
const REDIRECT_END = 2;
const END = 11;

export class PerformanceResourceTimingImpl extends PerformanceEntryImpl {
  // `record` is null for a document that came without a request; `origin`: of time, on the engine's clock; `shift`: what to add to the record's times.
  constructor(entryType, name, record, origin, shift = ofHostTime(0) - origin) {
    super(name, entryType, 0, 0);
    this.record = record;
    this.shift = shift;
    this.server = null;
    if (record === null) return;
    // It is over: what the clocks disagree about must not make it end in the future.
    const late = record[RECORD_MOMENTS][END] + this.shift - (nowMs() - origin);
    if (late > 0) this.shift -= late;
    if (entryType === 'resource') {
      this.startTime = this.moment(START);
      this.duration = this.moment(END) - this.startTime;
    }
  }

  moment(index) {
    if (this.record === null) return 0;
    const at = this.record[RECORD_MOMENTS][index];
    if (at === 0 || at === undefined) return 0;
    const time = coarseTime(at + this.shift);
    // 0 would say that there was no redirect.
    if (time <= 0) return index === REDIRECT_START || index === REDIRECT_END ? SHORTEST : 0;
    return time;
  }

  fact(index, otherwise) {
    return this.record === null ? otherwise : this.record[index];
  }

  serverTiming() {
    return this.server ?? (this.server = ObjectFreeze(wrapEach(parseServerTiming(this.fact(SERVER_TIMING, '')))));
  }
}

function wrapEach(list) {
  const out = [];
  for (let i = 0; i < list.length; i++) out[i] = wrap(list[i]);
  return out;
}

export function momentOf(entry, name) {
  for (let i = 0; i < MOMENT_NAMES.length; i++) if (MOMENT_NAMES[i] === name) return entry.moment(i);
  return 0;
}

const resourceMembers = {
  initiatorType: (self) => self.fact(RECORD_INITIATOR, self.entryType),
  deliveryType: (self) => self.fact(DELIVERY, ''),
  nextHopProtocol: (self) => self.fact(PROTOCOL, ''),
  workerStart: () => 0,
  transferSize: (self) => self.fact(TRANSFER, 0),
  encodedBodySize: (self) => self.fact(ENCODED, 0),
  decodedBodySize: (self) => self.fact(DECODED, 0),
  responseStatus: (self) => self.fact(STATUS, 0),
  // Nothing waits to be drawn.
  renderBlockingStatus: () => 'non-blocking',
  contentType: (self) => self.fact(CONTENT_TYPE, ''),
  firstInterimResponseStart: (self) => self.moment(FIRST_INTERIM),
  finalResponseHeadersStart: (self) => (self.moment(FINAL_HEADERS) === 0 ? momentOf(self, 'responseStart') : self.moment(FINAL_HEADERS)),
  serverTiming: (self) => self.serverTiming(),
  toJSON: (self) => entryJSON(self, JSON_NAMES, resourceMembers),
};
for (let i = 1; i < MOMENT_NAMES.length; i++) resourceMembers[MOMENT_NAMES[i]] = (self) => self.moment(i);

const JSON_NAMES = ['initiatorType', 'deliveryType', 'nextHopProtocol', 'workerStart', 'redirectStart', 'redirectEnd', 'fetchStart', 'domainLookupStart', 'domainLookupEnd', 'connectStart',
  'connectEnd', 'secureConnectionStart', 'requestStart', 'finalResponseHeadersStart', 'firstInterimResponseStart', 'responseStart', 'responseEnd', 'transferSize', 'encodedBodySize',
  'decodedBodySize', 'responseStatus', 'renderBlockingStatus', 'contentType', 'serverTiming'];

// https://webidl.spec.whatwg.org/#default-tojson-steps, what is inherited first
function entryJSON(self, names, members) {
  const out = { id: entryId(self), name: self.name, entryType: self.entryType, startTime: self.startTime, duration: self.duration, navigationId: self.navigationId };
  for (let i = 0; i < names.length; i++) out[names[i]] = members[names[i]](self);
  return out;
}

export function resourceJSON(self) {
  return entryJSON(self, JSON_NAMES, resourceMembers);
}

export const performanceResourceTimingInterface = defineInterface(`
enum RenderBlockingStatusType { "blocking", "non-blocking" };
[Exposed=(Window,Worker)]
interface PerformanceResourceTiming : PerformanceEntry {
  readonly attribute DOMString initiatorType;
  readonly attribute DOMString deliveryType;
  readonly attribute ByteString nextHopProtocol;
  readonly attribute double workerStart;
  readonly attribute double redirectStart;
  readonly attribute double redirectEnd;
  readonly attribute double fetchStart;
  readonly attribute double domainLookupStart;
  readonly attribute double domainLookupEnd;
  readonly attribute double connectStart;
  readonly attribute double connectEnd;
  readonly attribute double secureConnectionStart;
  readonly attribute double requestStart;
  readonly attribute double finalResponseHeadersStart;
  readonly attribute double firstInterimResponseStart;
  readonly attribute double responseStart;
  readonly attribute double responseEnd;
  readonly attribute unsigned long long transferSize;
  readonly attribute unsigned long long encodedBodySize;
  readonly attribute unsigned long long decodedBodySize;
  readonly attribute unsigned short responseStatus;
  readonly attribute RenderBlockingStatusType renderBlockingStatus;
  readonly attribute DOMString contentType;
  readonly attribute any serverTiming;
  object toJSON();
};
`, resourceMembers, PerformanceResourceTimingImpl);
