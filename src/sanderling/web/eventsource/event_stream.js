// https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
// Bytes of an event stream in, messages out. `client` gets dispatch(type, data, id), identified(id), retry(ms); it stops the work by live() being false.

import { StringPrototypeCharCodeAt, StringPrototypeIndexOf, StringPrototypeSlice } from '../primordials.js';
import { createDecoder } from '../encoding/decoders.js';

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;

export class EventStreamParser {
  constructor(lastEventId, client) {
    this.client = client;
    this.decoder = createDecoder('UTF-8');
    this.first = true;             // nothing has come yet: a byte order mark goes
    this.afterReturn = false;      // the text so far ended with CR: an LF that follows belongs to it
    this.line = '';                // begun, not ended
    this.data = '';
    this.hasData = false;
    this.type = '';
    this.id = lastEventId;
  }

  feed(bytes) {
    let text = this.decoder.decode(bytes, false, false);
    if (text === '') return;
    if (this.first) {
      this.first = false;
      if (StringPrototypeCharCodeAt(text, 0) === 0xFEFF) text = StringPrototypeSlice(text, 1);
    }
    let from = 0;
    if (this.afterReturn && text !== '') {
      if (StringPrototypeCharCodeAt(text, 0) === LINE_FEED) from = 1;
      this.afterReturn = false;
    }
    for (let i = from; i < text.length; i++) {
      const code = StringPrototypeCharCodeAt(text, i);
      if (code !== LINE_FEED && code !== CARRIAGE_RETURN) continue;
      const line = this.line + StringPrototypeSlice(text, from, i);
      this.line = '';
      if (code === CARRIAGE_RETURN) {
        if (i + 1 === text.length) this.afterReturn = true;
        else if (StringPrototypeCharCodeAt(text, i + 1) === LINE_FEED) i++;
      }
      from = i + 1;
      this.take(line);
      if (!this.client.live()) return;
    }
    this.line += StringPrototypeSlice(text, from);
  }

  take(line) {
    if (line === '') {
      this.dispatch();
      return;
    }
    const colon = StringPrototypeIndexOf(line, ':');
    if (colon === 0) return;
    if (colon < 0) {
      this.field(line, '');
      return;
    }
    const value = StringPrototypeSlice(line, line[colon + 1] === ' ' ? colon + 2 : colon + 1);
    this.field(StringPrototypeSlice(line, 0, colon), value);
  }

  field(name, value) {
    switch (name) {
      case 'event':
        this.type = value;
        break;
      case 'data':
        this.data += value + '\n';
        this.hasData = true;
        break;
      case 'id':
        if (StringPrototypeIndexOf(value, '\0') < 0) this.id = value;
        break;
      case 'retry':
        if (onlyDigits(value)) this.client.retry(+value);
        break;
      default:
    }
  }

  // https://html.spec.whatwg.org/multipage/server-sent-events.html#dispatchMessage, steps 1-3 and 7
  dispatch() {
    this.client.identified(this.id);
    const { data, type, hasData } = this;
    this.data = '';
    this.type = '';
    this.hasData = false;
    if (hasData) this.client.dispatch(type === '' ? 'message' : type, StringPrototypeSlice(data, 0, -1), this.id);
  }
}

function onlyDigits(text) {
  for (let i = 0; i < text.length; i++) {
    const code = StringPrototypeCharCodeAt(text, i);
    if (code < 48 || code > 57) return false;
  }
  return text !== '';
}
