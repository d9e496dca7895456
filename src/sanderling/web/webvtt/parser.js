// https://w3c.github.io/webvtt/#file-parsing
// WebVTT files to cues.

import { ArrayPrototypePush, Number, RegExpPrototypeExec, StringPrototypeIndexOf, StringPrototypeLastIndexOf, StringPrototypeReplaceAll, StringPrototypeSlice, StringPrototypeSplit, StringPrototypeStartsWith } from '../primordials.js';
import { VTTCueImpl, VTTRegionImpl } from './VTTCue.js';

// https://w3c.github.io/webvtt/#collect-a-webvtt-timestamp: hours are optional, of two digits or more.
const VTT_TIMINGS = /^[\t\n\f\r ]*(?:(\d{2,}):)?([0-5]\d):([0-5]\d)\.(\d{3})[\t\n\f\r ]*-->[\t\n\f\r ]*(?:(\d{2,}):)?([0-5]\d):([0-5]\d)\.(\d{3})(?!\d)/;
const VTT_PERCENTAGE = /^\d+(?:\.\d+)?%$/;
const VTT_LINE = /^-?\d+(?:\.\d+)?$/;
const VTT_DIGITS = /^\d+$/;
const VTT_VERTICAL = { __proto__: null, rl: true, lr: true };
const VTT_LINE_ALIGN = { __proto__: null, start: true, center: true, end: true };
const VTT_POSITION_ALIGN = { __proto__: null, 'line-left': true, center: true, 'line-right': true };
const VTT_ALIGN = { __proto__: null, start: true, center: true, end: true, left: true, right: true };

// https://w3c.github.io/webvtt/#parse-a-percentage-string: null on failure
function percentageOf(text) {
  if (RegExpPrototypeExec(VTT_PERCENTAGE, text) === null) return null;
  const value = Number(StringPrototypeSlice(text, 0, -1));
  return value <= 100 ? value : null;
}

function secondsOf(found, at) {
  return (found[at] === undefined ? 0 : Number(found[at])) * 3600 + Number(found[at + 1]) * 60 + Number(found[at + 2]) + Number(found[at + 3]) / 1000;
}

// Calls `each(name, value)` for every well-formed setting of a list.
function eachSetting(text, each) {
  const parts = StringPrototypeSplit(StringPrototypeReplaceAll(StringPrototypeReplaceAll(StringPrototypeReplaceAll(text, '\t', ' '), '\n', ' '), '\f', ' '), ' ');
  for (let i = 0; i < parts.length; i++) {
    const colon = StringPrototypeIndexOf(parts[i], ':');
    if (colon > 0 && colon < parts[i].length - 1) each(StringPrototypeSlice(parts[i], 0, colon), StringPrototypeSlice(parts[i], colon + 1));
  }
}

// A value with an alignment after its comma.
function splitAlignment(value) {
  const comma = StringPrototypeIndexOf(value, ',');
  return comma < 0 ? [value, null] : [StringPrototypeSlice(value, 0, comma), StringPrototypeSlice(value, comma + 1)];
}

// https://w3c.github.io/webvtt/#parse-the-webvtt-cue-settings
function readSettings(cue, text, regions) {
  eachSetting(text, (name, value) => {
    if (name === 'region') {
      for (let i = regions.length - 1; i >= 0 && cue.region === null; i--) if (regions[i].id === value) cue.region = regions[i];
    } else if (name === 'vertical') {
      if (VTT_VERTICAL[value]) cue.vertical = value;
    } else if (name === 'line') {
      const pair = splitAlignment(value);
      const percent = pair[0][pair[0].length - 1] === '%';
      const number = percent ? percentageOf(pair[0]) : RegExpPrototypeExec(VTT_LINE, pair[0]) === null ? null : Number(pair[0]);
      if (number === null || (pair[1] !== null && !VTT_LINE_ALIGN[pair[1]])) return;
      if (pair[1] !== null) cue.lineAlign = pair[1];
      cue.line = number;
      cue.snapToLines = !percent;
    } else if (name === 'position') {
      const pair = splitAlignment(value);
      const number = percentageOf(pair[0]);
      if (number === null || (pair[1] !== null && !VTT_POSITION_ALIGN[pair[1]])) return;
      if (pair[1] !== null) cue.positionAlign = pair[1];
      cue.position = number;
    } else if (name === 'size') {
      const number = percentageOf(value);
      if (number !== null) cue.size = number;
    } else if (name === 'align' && VTT_ALIGN[value]) cue.align = value;
  });
  if (cue.line !== 'auto' || cue.size !== 100 || cue.vertical !== '') cue.region = null;
}

// https://w3c.github.io/webvtt/#collect-webvtt-region-settings
function readRegion(text) {
  const region = new VTTRegionImpl();
  eachSetting(text, (name, value) => {
    if (name === 'id') region.id = value;
    else if (name === 'width') region.width = percentageOf(value) ?? region.width;
    else if (name === 'lines') {
      if (RegExpPrototypeExec(VTT_DIGITS, value) !== null) region.lines = Number(value);
    } else if (name === 'regionanchor' || name === 'viewportanchor') {
      const pair = splitAlignment(value);
      const x = percentageOf(pair[0]);
      const y = pair[1] === null ? null : percentageOf(pair[1]);
      if (x === null || y === null) return;
      if (name === 'regionanchor') {
        region.regionAnchorX = x;
        region.regionAnchorY = y;
      } else {
        region.viewportAnchorX = x;
        region.viewportAnchorY = y;
      }
    } else if (name === 'scroll' && value === 'up') region.scroll = 'up';
  });
  return region;
}

function isHeading(buffer, word) {
  if (!StringPrototypeStartsWith(buffer, word)) return false;
  for (let i = word.length; i < buffer.length; i++) if (buffer[i] !== ' ' && buffer[i] !== '\t') return false;
  return true;
}

// https://w3c.github.io/webvtt/#webvtt-parser-algorithm: the cues of a file's text, in its order; null where it is no WebVTT file
export function parseWebVTT(input) {
  let text = StringPrototypeReplaceAll(StringPrototypeReplaceAll(StringPrototypeReplaceAll(input, '\0', '\ufffd'), '\r\n', '\n'), '\r', '\n');
  if (text[0] === '\ufeff') text = StringPrototypeSlice(text, 1);
  const lines = StringPrototypeSplit(text, '\n');
  // 4-7.
  if (!StringPrototypeStartsWith(lines[0], 'WEBVTT') || (lines[0].length > 6 && lines[0][6] !== ' ' && lines[0][6] !== '\t')) return null;
  const cues = [];
  const regions = [];
  let at = 1;
  let seenCue = false;

  // https://w3c.github.io/webvtt/#collect-a-webvtt-block
  function collectBlock(inHeader) {
    let count = 0;
    let buffer = '';
    let seenArrow = false;
    let cue = null;
    let what = '';
    while (at < lines.length) {
      const line = lines[at];
      count++;
      if (StringPrototypeIndexOf(line, '-->') >= 0) {
        if (inHeader || !(count === 1 || (count === 2 && !seenArrow))) break;
        seenArrow = true;
        at++;
        const found = RegExpPrototypeExec(VTT_TIMINGS, line);
        cue = null;
        if (found !== null) {
          cue = new VTTCueImpl(secondsOf(found, 1), secondsOf(found, 5), '');
          cue.id = buffer;
          readSettings(cue, StringPrototypeSlice(line, found[0].length), regions);
          buffer = '';
          seenCue = true;
        }
        continue;
      }
      at++;
      if (line === '') break;
      if (!inHeader && count === 2 && !seenCue && what === '') {
        if (isHeading(buffer, 'STYLE')) what = 'style';
        else if (isHeading(buffer, 'REGION')) what = 'region';
        if (what !== '') buffer = '';
      }
      buffer = buffer === '' ? line : buffer + '\n' + line;
    }
    if (cue !== null) {
      cue.text = buffer;
      ArrayPrototypePush(cues, cue);
    } else if (what === 'region') ArrayPrototypePush(regions, readRegion(buffer));
  }

  // 8-12. The header
  if (at < lines.length) {
    if (lines[at] !== '') collectBlock(true);
    else at++;
  }
  // 13-14.
  for (;;) {
    while (at < lines.length && lines[at] === '') at++;
    if (at >= lines.length) return cues;
    collectBlock(false);
  }
}
