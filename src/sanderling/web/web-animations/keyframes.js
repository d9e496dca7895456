// https://drafts.csswg.org/web-animations-1/#keyframes-section
// Keyframes as pages give them, and the values that they make at some progress.

import { MathAbs, NumberPrototypeToFixed, ObjectKeys, SafeMap, StringPrototypeSlice, StringPrototypeToLowerCase, SymbolIterator, TypeError } from '../primordials.js';
import { toDOMString, toDouble } from '../webidl/conversions.js';
import { CssDeclaration, cssPropertyName, isCustomCssProperty, parseCssDeclaration } from '../css/cssom/declarations.js';
import { cssAttributeName } from '../css/values/properties.js';
import { easedProgress, parseEasing } from './timing.js';

class Keyframe {
  constructor() {
    this.offset = null;          // as given
    this.computedOffset = 0;
    this.easing = 'linear';
    this.composite = 'auto';
    this.declared = [];          // [attribute name, text], for getKeyframes()
    this.values = new SafeMap(); // longhand to CssDeclaration
  }

  add(name, text) {
    const list = parseCssDeclaration(name, text, false);
    if (list === null) return;
    this.declared[this.declared.length] = [isCustomCssProperty(name) ? name : name === 'float' ? 'cssFloat' : name === 'offset' ? 'cssOffset' : cssAttributeName(name, false), text];
    for (let i = 0; i < list.length; i++) this.values.set(list[i].name, list[i]);
  }
}

const COMPOSITES = { __proto__: null, replace: true, add: true, accumulate: true, auto: true };

// https://drafts.csswg.org/web-animations-1/#animation-property-name-to-idl-attribute-name, the other way; '' when it is no property
function propertyOfAttribute(name) {
  if (isCustomCssProperty(name)) return name;
  if (name === 'cssFloat') return 'float';
  if (name === 'cssOffset') return 'offset';
  if (name === 'float' || name === 'offset') return '';
  let out = '';
  for (let i = 0; i < name.length; i++) {
    if (name[i] === '-') return '';
    const lower = StringPrototypeToLowerCase(name[i]);
    out += lower === name[i] ? lower : '-' + lower;
  }
  const known = cssPropertyName(StringPrototypeSlice(out, 0, 6) === 'webkit' ? '-' + out : out);
  return known === 'all' || StringPrototypeSlice(known, 0, 9) === 'animation' || StringPrototypeSlice(known, 0, 10) === 'transition' || known === 'display' ? '' : known;
}

function offsetOf(value) {
  if (value === null || value === undefined) return null;
  return toDouble(value);
}

function listOfValues(value) {
  if (value === null || typeof value !== 'object') return [value];
  return typeof value[SymbolIterator] === 'function' ? [...value] : [value];
}

function compositeOf(value) {
  const text = toDOMString(value);
  if (COMPOSITES[text] !== true) throw new TypeError("The provided value '" + text + "' is not a valid composite operation.");
  return text;
}

// https://drafts.csswg.org/web-animations-1/#process-a-keyframes-argument: a list of Keyframes; throws TypeError
export function processKeyframes(given) {
  if (given === null || given === undefined) return [];
  const iterate = given[SymbolIterator];
  const frames = iterate === undefined || iterate === null ? framesFromLists(given) : framesFromSequence([...given]);
  computeOffsets(frames);
  return frames;
}

// 5. a sequence of keyframes
function framesFromSequence(list) {
  const frames = [];
  let last = -1;
  for (let i = 0; i < list.length; i++) {
    const item = list[i];
    const frame = frames[i] = new Keyframe();
    if (item === null || item === undefined) continue;
    if (typeof item !== 'object' && typeof item !== 'function') throw new TypeError('Keyframes must be objects, or null or undefined');
    frame.offset = offsetOf(item.offset);
    if (item.easing !== undefined) frame.easing = parseEasing(toDOMString(item.easing));
    if (item.composite !== undefined) frame.composite = compositeOf(item.composite);
    const keys = ObjectKeys(item);
    for (let j = 0; j < keys.length; j++) {
      const name = propertyOfAttribute(keys[j]);
      if (name !== '') frame.add(name, toDOMString(item[keys[j]]));
    }
    if (frame.offset === null) continue;
    if (!(frame.offset >= 0 && frame.offset <= 1)) throw new TypeError('Offsets must be null or in the range [0,1].');
    if (frame.offset < last) throw new TypeError('Offsets must be monotonically non-decreasing.');
    last = frame.offset;
  }
  return frames;
}

// Otherwise: an object of lists of values
function framesFromLists(given) {
  const frames = [];
  const at = (offset) => {
    for (let i = 0; i < frames.length; i++) if (MathAbs(frames[i].computedOffset - offset) < 1e-9) return frames[i];
    const frame = new Keyframe();
    frame.computedOffset = offset;
    let place = frames.length;
    while (place > 0 && frames[place - 1].computedOffset > offset) {
      frames[place] = frames[place - 1];
      place--;
    }
    frames[place] = frame;
    return frame;
  };
  const keys = ObjectKeys(given);
  for (let i = 0; i < keys.length; i++) {
    const name = propertyOfAttribute(keys[i]);
    if (name === '') continue;
    const values = listOfValues(given[keys[i]]);
    for (let j = 0; j < values.length; j++) at(values.length === 1 ? 1 : j / (values.length - 1)).add(name, toDOMString(values[j]));
  }
  const offsets = given.offset === undefined ? [] : listOfValues(given.offset);
  const easings = given.easing === undefined ? [] : listOfValues(given.easing);
  const composites = given.composite === undefined ? [] : listOfValues(given.composite);
  const parsed = [];
  for (let i = 0; i < easings.length; i++) parsed[i] = parseEasing(toDOMString(easings[i]));
  for (let i = 0; i < frames.length; i++) {
    if (i < offsets.length) frames[i].offset = offsetOf(offsets[i]);
    if (parsed.length > 0) frames[i].easing = parsed[i % parsed.length];
    if (composites.length > 0) frames[i].composite = compositeOf(composites[i % composites.length]);
  }
  return frames;
}

// https://drafts.csswg.org/web-animations-1/#compute-missing-keyframe-offsets
function computeOffsets(frames) {
  const count = frames.length;
  if (count === 0) return;
  const last = frames[count - 1];
  last.computedOffset = last.offset ?? 1;
  if (count > 1) frames[0].computedOffset = frames[0].offset ?? 0;
  let from = 0;
  for (let i = 1; i < count; i++) {
    if (i < count - 1 && frames[i].offset === null) continue;
    const start = frames[from].computedOffset;
    const end = i === count - 1 ? last.computedOffset : frames[i].offset;
    for (let j = from + 1; j <= i; j++) frames[j].computedOffset = start + (end - start) * (j - from) / (i - from);
    from = i;
  }
}

// -- values ------------------------------------------------------------------------------------------------------------

// Texts that differ in their numbers only, so that what lies between them can be said.
export function interpolatedText(from, to, progress) {
  if (progress === 0 || from === to) return from;
  if (progress === 1) return to;
  const a = numbersOf(from);
  const b = numbersOf(to);
  if (a === null || b === null || a.shape !== b.shape) return progress < 0.5 ? from : to;
  let out = '';
  let at = 0;
  const bytes = StringPrototypeSlice(from, 0, 3) === 'rgb';
  for (let i = 0; i < a.shape.length; i++) {
    if (a.shape[i] !== '#') {
      out += a.shape[i];
      continue;
    }
    const value = a.numbers[at] + (b.numbers[at] - a.numbers[at]) * progress;
    out += bytes && at < 3 ? NumberPrototypeToFixed(value, 0) : +NumberPrototypeToFixed(value, 6);
    at++;
  }
  return out;
}

// The numbers of a text, and the text with `#` in their place; null: there are none
function numbersOf(text) {
  const numbers = [];
  let shape = '';
  for (let i = 0; i < text.length;) {
    let end = i;
    if ((text[i] === '-' || text[i] === '.') && text[i + 1] >= '0' && text[i + 1] <= '9') end++;
    while (end < text.length && ((text[end] >= '0' && text[end] <= '9') || text[end] === '.')) end++;
    if (end === i || (shape !== '' && isNamePart(shape[shape.length - 1]))) {
      shape += text[i++];
      continue;
    }
    numbers[numbers.length] = +StringPrototypeSlice(text, i, end);
    shape += '#';
    i = end;
  }
  return numbers.length === 0 ? null : { __proto__: null, numbers, shape };
}

const isNamePart = (c) => (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c === '_';

// The declarations that keyframes make at `progress`. Where one side is left to what is beneath, the other holds from its middle on.
// `easing`: that of keyframes that have none.
export function declarationsAt(frames, progress, easing = 'linear') {
  const out = [];
  const done = new SafeMap();
  for (let i = 0; i < frames.length; i++) {
    frames[i].values.forEach((declaration, name) => {
      if (done.has(name)) return;
      done.set(name, true);
      const made = declarationAt(frames, name, progress, easing);
      if (made !== null) out[out.length] = made;
    });
  }
  return out;
}

function declarationAt(frames, name, progress, easing) {
  let before = null;
  let after = null;
  for (let i = 0; i < frames.length; i++) {
    if (!frames[i].values.has(name)) continue;
    if (frames[i].computedOffset <= progress) before = frames[i];
    else if (after === null) after = frames[i];
  }
  if (after === null) {
    // Past the last one: its value, unless the end is left to what is beneath.
    return before.computedOffset === 1 || progress <= before.computedOffset ? before.values.get(name) : progress < (before.computedOffset + 1) / 2 ? before.values.get(name) : null;
  }
  if (before === null) return progress > 0 && progress >= after.computedOffset / 2 ? after.values.get(name) : null;
  const from = before.values.get(name);
  const to = after.values.get(name);
  const part = easedProgress(before.easing ?? easing, (progress - before.computedOffset) / (after.computedOffset - before.computedOffset));
  if (from.substitutes || to.substitutes) return part < 0.5 ? from : to;
  return new CssDeclaration(name, interpolatedText(from.value, to.value, part), false, false, '');
}
