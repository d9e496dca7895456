// https://console.spec.whatwg.org/#console-namespace

import {
  ErrorCaptureStackTrace, ArrayIsArray, Error, ObjectGetOwnPropertyDescriptor, ObjectKeys, ReflectDefineProperty, ReflectDeleteProperty, RegExpPrototypeExec, SafeMap, StringPrototypeCharCodeAt, StringPrototypePadEnd,
  StringPrototypeIndexOf, StringPrototypeRepeat, StringPrototypeSlice, StringPrototypeSplit, StringPrototypeStartsWith, StringPrototypeToWellFormed, parseFloat, parseInt,
} from '../primordials.js';
import { hostPost, nowMs, withoutOwnNames } from '../host.js';
import { defineInterface } from '../webidl/interface.js';
import { previewString, previewValue } from './preview.js';

const CONSOLE_TEXT = 100_000;      // characters of a message that cross
const CONSOLE_INDENT = 2;
const TABLE_ROWS = 200;

let consoleHook = null;            // (type, args, stack) => undefined, for inspectors
const consoleCounts = new SafeMap();
const consoleTimers = new SafeMap();
let consoleDepth = 0;

// The hook gets the raw arguments of each call, before the text is made.
export function setConsoleHook(hook) {
  consoleHook = hook;
}

// A stack without what is of `web/`. To write its lines takes four times as long, and the first of them has the engine look for all ends of lines in the text of `web/`,
// 2 ms; so does `getFileName`. What a call site has cannot be replaced.
function writeSites(_, sites) {
  let text = '';
  for (let i = 0; i < sites.length; i++) {
    const name = sites[i].getScriptNameOrSourceURL();
    if (typeof name === 'string' && StringPrototypeStartsWith(name, 'sanderling:web')) continue;
    const line = sites[i].toString();
    if (StringPrototypeIndexOf(line, 'sanderling:web') < 0) text += '\n    at ' + line;
  }
  return text;
}

// The page's part of the caller's stack as the engine writes it, whatever the page did to Error.
export function callerStack() {
  const prepare = ObjectGetOwnPropertyDescriptor(Error, 'prepareStackTrace');
  const limit = ObjectGetOwnPropertyDescriptor(Error, 'stackTraceLimit');
  ReflectDefineProperty(Error, 'prepareStackTrace', { __proto__: null, value: writeSites, writable: true, enumerable: true, configurable: true });
  ReflectDefineProperty(Error, 'stackTraceLimit', { __proto__: null, value: 20, writable: true, enumerable: true, configurable: true });
  const holder = { __proto__: null };
  let text = '';
  try {
    ErrorCaptureStackTrace(holder, callerStack);
    text = typeof holder.stack === 'string' ? holder.stack : '';
  } catch {
    // A page that made Error unusable gets no places.
  }
  if (prepare !== undefined) ReflectDefineProperty(Error, 'prepareStackTrace', prepare);
  else ReflectDeleteProperty(Error, 'prepareStackTrace');
  if (limit !== undefined) ReflectDefineProperty(Error, 'stackTraceLimit', limit);
  else ReflectDeleteProperty(Error, 'stackTraceLimit');
  return text;
}

// Frames of page code: [text, url, line, column]
function pageFrames() {
  const lines = StringPrototypeSplit(callerStack(), '\n');
  const out = [];
  for (let i = 0; i < lines.length; i++) {
    const found = RegExpPrototypeExec(/^\s*at (?:.* \()?(.*?):(\d+):(\d+)\)?$/, lines[i]);
    if (found === null || StringPrototypeIndexOf(lines[i], 'sanderling:web') >= 0) continue;
    out[out.length] = [withoutOwnNames(lines[i]), withoutOwnNames(found[1]), +found[2], +found[3]];
  }
  return out;
}

function stackText(frames) {
  let out = '';
  for (let i = 0; i < frames.length; i++) out += frames[i][0] + '\n';
  return out;
}

function placeOf(frames) {
  const first = frames.length > 0 ? frames[0] : null;
  return { __proto__: null, url: first === null ? '' : first[1], line: first === null ? 0 : first[2], column: first === null ? 0 : first[3] };
}

// What was given, or the method's name in its place, as in Chromium.
function orName(data, name) {
  return data.length === 0 ? [name] : data;
}

function sendToConsole(type, text, args, frames) {
  const place = placeOf(frames);
  if (consoleHook !== null) consoleHook(type, args, stackText(frames));
  let out = text;
  if (consoleDepth > 0) out = StringPrototypeRepeat(' ', consoleDepth * CONSOLE_INDENT) + out;
  if (out.length > CONSOLE_TEXT) out = StringPrototypeSlice(out, 0, CONSOLE_TEXT);
  hostPost('console', { __proto__: null, type, text: StringPrototypeToWellFormed(out), url: place.url, line: place.line, column: place.column });
}

// https://console.spec.whatwg.org/#formatter
export function formatConsole(args) {
  let out = '';
  let next = 0;
  if (args.length > 1 && typeof args[0] === 'string' && StringPrototypeIndexOf(args[0], '%') >= 0) {
    const format = args[0];
    next = 1;
    let kept = 0;
    for (let i = 0; i + 1 < format.length; i++) {
      if (StringPrototypeCharCodeAt(format, i) !== 0x25) continue;
      const kind = format[i + 1];
      let put;
      if (kind === '%') put = '%';
      else if (next >= args.length) continue;
      else if (kind === 's') put = previewString(args[next++]);
      else if (kind === 'd' || kind === 'i') put = formatInteger(args[next++]);
      else if (kind === 'f') put = formatFloat(args[next++]);
      else if (kind === 'o' || kind === 'O') {
        const value = args[next++];
        put = typeof value === 'string' ? "'" + value + "'" : previewValue(value);
      } else if (kind === 'c') {
        next++;
        put = '';
      } else continue;
      out += StringPrototypeSlice(format, kept, i) + put;
      i++;
      kept = i + 1;
    }
    out += StringPrototypeSlice(format, kept);
    if (next < args.length) out += ' ';
  }
  for (let i = next; i < args.length; i++) out += (i === next ? '' : ' ') + previewValue(args[i]);
  return out;
}

function formatInteger(value) {
  if (typeof value === 'bigint') return previewValue(value);
  if (typeof value === 'symbol' || typeof value === 'object') return 'NaN';
  const number = parseInt(value, 10);
  return '' + number;
}

function formatFloat(value) {
  return typeof value === 'symbol' || typeof value === 'object' ? 'NaN' : '' + parseFloat(value);
}

function logWith(type) {
  return (args) => {
    // https://console.spec.whatwg.org/#logger, 1.
    if (args.length === 0) return;
    sendToConsole(type, formatConsole(args), args, pageFrames());
  };
}

function duration(label) {
  const ms = nowMs() - consoleTimers.get(label);
  return label + ': ' + (ms >= 1000 ? ms / 1000 + ' s' : ms + ' ms');
}

function warnOf(text) {
  sendToConsole('warning', text, [text], pageFrames());
}

// https://console.spec.whatwg.org/#table
function tableText(data, columns) {
  if (typeof data !== 'object' || data === null) return null;
  const own = (object, key) => {
    const descriptor = typeof object === 'object' && object !== null ? ObjectGetOwnPropertyDescriptor(object, key) : undefined;
    return descriptor === undefined ? undefined : descriptor.get !== undefined ? '(...)' : previewCell(descriptor.value);
  };
  const rowKeys = ObjectKeys(data);
  const heads = ['(index)'];
  const places = { __proto__: null };
  const rows = [];
  const values = [];       // in the last column, of rows that are no objects
  let hasValues = false;
  for (let i = 0; i < columns.length; i++) if (places[columns[i]] === undefined) {
    places[columns[i]] = heads.length;
    heads[heads.length] = columns[i];
  }
  for (let i = 0; i < rowKeys.length && i < TABLE_ROWS; i++) {
    const descriptor = ObjectGetOwnPropertyDescriptor(data, rowKeys[i]);
    const item = descriptor === undefined || descriptor.get !== undefined ? undefined : descriptor.value;
    const row = [rowKeys[i]];
    let value = '';
    if (typeof item === 'object' && item !== null) {
      const keys = ObjectKeys(item);
      for (let j = 0; j < keys.length; j++) {
        if (places[keys[j]] === undefined) {
          if (columns.length > 0) continue;
          places[keys[j]] = heads.length;
          heads[heads.length] = keys[j];
        }
        row[places[keys[j]]] = own(item, keys[j]);
      }
    } else {
      hasValues = true;
      value = previewCell(item);
    }
    values[values.length] = value;
    rows[rows.length] = row;
  }
  if (hasValues) heads[heads.length] = 'Value';
  const widths = [];
  for (let c = 0; c < heads.length; c++) {
    widths[c] = heads[c].length;
    for (let r = 0; r < rows.length; r++) {
      const cell = hasValues && c === heads.length - 1 ? values[r] : rows[r][c] ?? '';
      if (cell.length > widths[c]) widths[c] = cell.length;
    }
  }
  let out = '';
  for (let c = 0; c < heads.length; c++) out += (c === 0 ? '| ' : ' | ') + StringPrototypePadEnd(heads[c], widths[c]);
  out += ' |';
  for (let r = 0; r < rows.length; r++) {
    out += '\n';
    for (let c = 0; c < heads.length; c++) {
      out += (c === 0 ? '| ' : ' | ') + StringPrototypePadEnd(hasValues && c === heads.length - 1 ? values[r] : rows[r][c] ?? '', widths[c]);
    }
    out += ' |';
  }
  return out;
}

function previewCell(value) {
  return typeof value === 'string' ? "'" + value + "'" : previewValue(value);
}

export const consoleNamespace = defineInterface(`
[Exposed=*]
namespace console {
  undefined assert(optional boolean condition = false, any... data);
  undefined clear();
  undefined debug(any... data);
  undefined error(any... data);
  undefined info(any... data);
  undefined log(any... data);
  undefined table(optional any tabularData, optional sequence<DOMString> properties);
  undefined trace(any... data);
  undefined warn(any... data);
  undefined dir(optional any item, optional object? options);
  undefined dirxml(any... data);
  undefined count(optional DOMString label = "default");
  undefined countReset(optional DOMString label = "default");
  undefined group(any... data);
  undefined groupCollapsed(any... data);
  undefined groupEnd();
  undefined time(optional DOMString label = "default");
  undefined timeLog(optional DOMString label = "default", any... data);
  undefined timeEnd(optional DOMString label = "default");
  undefined timeStamp(any... data);
  undefined profile(any... data);
  undefined profileEnd(any... data);
};
`, {
  assert(condition, data) {
    if (condition) return;
    const text = formatConsole(data);
    sendToConsole('assert', text === '' ? 'Assertion failed: console.assert' : 'Assertion failed: ' + text, orName(data, 'console.assert'), pageFrames());
  },
  clear() {
    consoleDepth = 0;
    sendToConsole('clear', 'console.clear', ['console.clear'], pageFrames());
  },
  debug: logWith('debug'),
  error: logWith('error'),
  info: logWith('info'),
  log: logWith('log'),
  table(data, columns) {
    const text = tableText(data, ArrayIsArray(columns) ? columns : []);
    sendToConsole(text === null ? 'log' : 'table', text ?? previewValue(data), [data], pageFrames());
  },
  trace(data) {
    const frames = pageFrames();
    const text = formatConsole(data);
    let out = text === '' ? 'console.trace' : text;
    for (let i = 0; i < frames.length; i++) out += '\n' + frames[i][0];
    sendToConsole('trace', out, orName(data, 'console.trace'), frames);
  },
  warn: logWith('warning'),
  dir(item) {
    sendToConsole('dir', previewValue(item), [item], pageFrames());
  },
  dirxml: logWith('dirxml'),
  count(label) {
    const count = (consoleCounts.get(label) ?? 0) + 1;
    consoleCounts.set(label, count);
    sendToConsole('count', label + ': ' + count, [label + ': ' + count], pageFrames());
  },
  countReset(label) {
    if (consoleCounts.has(label)) consoleCounts.set(label, 0);
    else warnOf("Count for '" + label + "' does not exist");
  },
  group(data) {
    const args = orName(data, 'console.group');
    sendToConsole('startGroup', formatConsole(args), args, pageFrames());
    consoleDepth++;
  },
  groupCollapsed(data) {
    const args = orName(data, 'console.groupCollapsed');
    sendToConsole('startGroupCollapsed', formatConsole(args), args, pageFrames());
    consoleDepth++;
  },
  groupEnd() {
    if (consoleDepth > 0) consoleDepth--;
    // Nothing to print; inspectors are told.
    if (consoleHook !== null) consoleHook('endGroup', ['console.groupEnd'], stackText(pageFrames()));
  },
  time(label) {
    if (consoleTimers.has(label)) warnOf("Timer '" + label + "' already exists");
    else consoleTimers.set(label, nowMs());
  },
  timeLog(label, data) {
    if (!consoleTimers.has(label)) {
      warnOf("Timer '" + label + "' does not exist");
      return;
    }
    const text = duration(label);
    const parts = [text];
    for (let i = 0; i < data.length; i++) parts[i + 1] = data[i];
    sendToConsole('log', data.length === 0 ? text : text + ' ' + formatConsole(data), parts, pageFrames());
  },
  timeEnd(label) {
    if (!consoleTimers.has(label)) {
      warnOf("Timer '" + label + "' does not exist");
      return;
    }
    const text = duration(label);
    consoleTimers.delete(label);
    sendToConsole('timeEnd', text, [text], pageFrames());
  },
  // Marks of a profiler's time line; there is none to write into.
  timeStamp: () => undefined,
  profile: () => undefined,
  profileEnd: () => undefined,
});
