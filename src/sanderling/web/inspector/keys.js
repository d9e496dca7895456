// https://w3c.github.io/uievents/#events-keyboardevents
// Keys: their events and what they do by default. CDP's Input domain.

import { onHost } from '../host.js';
import { NumberPrototypeToPrecision, StringPrototypeCodePointAt, StringPrototypeEndsWith, StringPrototypeSlice, StringPrototypeStartsWith, StringPrototypeToLowerCase } from '../primordials.js';
import { getAttr, hasAttr } from '../dom/attributes.js';
import { fireEvent } from '../dom/dispatch.js';
import { HTML_NS } from '../dom/namespaces.js';
import { mainWindow } from '../html/realm.js';
import { blurElement, blurUnfocusable, focusElement, keyboardUsed } from '../html/focus.js';
import { isBefore, nextTabStop } from '../html/sequential_focus.js';
import { setPressedElement } from '../html/interaction_state.js';
import { processCloseWatchers } from '../html/close_watchers.js';
import { selectByUser } from '../html/elements/HTMLSelectElement.js';
import { firstSelected, optionsOf, optionText } from '../html/forms/options.js';
import { allowedStep } from '../html/forms/input_types.js';
import { forEachOfRadioGroup, isDisabled, isEditable, isMutable } from '../html/forms/states.js';
import { submitImplicitly } from '../html/forms/submit.js';
import { setUserValue } from '../html/forms/text_control.js';
import { scrollWindowTo } from '../css/cssom-view/scrolling.js';
import { copyByKey, pasteByKey } from './clipboard_keys.js';
import { InspectorFailure } from './describe.js';
import { frameWindowOf } from './node_ids.js';
import { answeringInput, modifiersOf } from './pointer.js';
import { formatByKey } from '../editing/commands.js';
import { editingHost, moveInHost, selectAllOf } from '../editing/host.js';
import { takeBack } from '../editing/undo.js';
import { compose, deleteFrom, endComposition, isComposing, isTextField, moveInField, selectAllOfField, typeInto, typeLineBreak } from './typing.js';

const ALT = 1;
const CTRL = 2;
const META = 4;
const SHIFT = 8;
const LINE_SCROLL = 40;            // px, Chromium's for an arrow key

// The document that has the keyboard: through frames, as far as they have the focus.
export function focusedDocument() {
  let doc = mainWindow().document;
  for (;;) {
    const el = doc.focusedElement;
    if (el === null || (el.localName !== 'iframe' && el.localName !== 'frame') || el.state === null || el.state.window === null) return doc;
    if (el.state.window.remote !== null) return doc;
    doc = el.state.window.document;
  }
}

// Where keys go on: { remote } when a frame of another isolate has the focus.
function remoteFocus(doc) {
  const el = doc.focusedElement;
  const window = el === null ? null : frameWindowOf(el);
  return window === null || window.remote === null ? null : { __proto__: null, remote: { __proto__: null, frame: window.frameId } };
}

// -- pressing by key ---------------------------------------------------------------------------------------------------

const PRESSABLE_INPUTS = { __proto__: null, button: true, submit: true, reset: true, checkbox: true, radio: true, image: true, color: true, file: true };

function isHtmlElement(el, name) {
  return el !== null && el.localName === name && el.namespace === HTML_NS;
}

function takesSpace(el) {
  return isHtmlElement(el, 'button') || isHtmlElement(el, 'summary') || (isHtmlElement(el, 'input') && PRESSABLE_INPUTS[el.state.type] === true);
}

function takesEnter(el) {
  if (isHtmlElement(el, 'a') || isHtmlElement(el, 'area')) return hasAttr(el, 'href');
  return takesSpace(el) && !(isHtmlElement(el, 'input') && (el.state.type === 'checkbox' || el.state.type === 'radio'));
}

function clickByKey(el, modifiers) {
  if (isDisabled(el)) return;
  fireEvent(el, 'click', {
    __proto__: null, bubbles: true, cancelable: true, composed: true, interface: 'PointerEvent',
    init: {
      __proto__: null, ...modifiersOf(modifiers), view: el.doc.window, detail: 0, clientX: 0, clientY: 0, screenX: 0, screenY: 0, button: 0, buttons: 0, pointerId: -1, pointerType: '',
    },
  });
}

function moveFocusByTab(doc, backwards) {
  const el = nextTabStop(mainWindow().document, doc.focusedElement, backwards);
  if (el === null) {
    if (doc.focusedElement !== null) blurElement(doc.focusedElement);
    return;
  }
  focusElement(el, 'keyboard');
  if (isTextField(el) && el.localName === 'input') selectAllOfField(el);
}

// -- controls ----------------------------------------------------------------------------------------------------------

function stepOption(select, by) {
  const options = optionsOf(select);
  let at = -1;
  const current = firstSelected(select);
  for (let i = 0; i < options.length; i++) if (options[i] === current) at = i;
  const step = by < 0 ? -1 : 1;
  let best = -1;
  for (let i = at < 0 && by > 0 ? 0 : at + step, left = by < 0 ? -by : by; i >= 0 && i < options.length && left > 0; i += step) {
    if (isDisabled(options[i])) continue;
    best = i;
    left--;
  }
  if (best >= 0) selectByUser(select, [options[best]]);
}

let typeAhead = '';
let typeAheadFor = null;

// A letter in a menu goes to the next option that begins with what was typed.
function typeOption(select, text) {
  const letter = StringPrototypeToLowerCase(text);
  typeAhead = typeAheadFor === select && typeAhead !== letter ? typeAhead + letter : letter;
  typeAheadFor = select;
  const options = optionsOf(select);
  let from = 0;
  if (typeAhead.length === 1) for (let i = 0; i < options.length; i++) if (options[i].state.selected) from = i + 1;
  for (let i = 0; i < options.length; i++) {
    const option = options[(from + i) % options.length];
    if (!isDisabled(option) && StringPrototypeStartsWith(StringPrototypeToLowerCase(optionText(option)), typeAhead)) {
      selectByUser(select, [option]);
      return;
    }
  }
}

function selectKey(select, key) {
  if (isDisabled(select)) return false;
  const many = optionsOf(select).length;
  switch (key) {
    case 'ArrowUp': case 'ArrowLeft': stepOption(select, -1); return true;
    case 'ArrowDown': case 'ArrowRight': stepOption(select, 1); return true;
    case 'Home': case 'PageUp': stepOption(select, -many); return true;
    case 'End': case 'PageDown': stepOption(select, many); return true;
    default: return false;
  }
}

function stepNumber(el, up) {
  if (!isMutable(el)) return;
  const before = el.state.value;
  const step = allowedStep(el) ?? 1;
  let value = before === '' ? (el.state.type === 'range' ? 50 : 0) : +before;
  value += up ? step : -step;
  const min = getAttr(el, 'min') ?? (el.state.type === 'range' ? '0' : null);
  const max = getAttr(el, 'max') ?? (el.state.type === 'range' ? '100' : null);
  if (min !== null && +min === +min && value < +min) value = +min;
  if (max !== null && +max === +max && value > +max) value = +max;
  setUserValue(el, '' + (value === value ? +NumberPrototypeToPrecision(value, 15) : 0));
  if (el.state.value === before) return;
  fireEvent(el, 'input', { __proto__: null, bubbles: true, composed: true });
  fireEvent(el, 'change', { __proto__: null, bubbles: true });
  el.state.valueAtFocus = el.state.value;
}

function stepRadio(el, forward, modifiers) {
  const group = [];
  let placed = false;
  forEachOfRadioGroup(el, (other) => {
    if (!placed && isBefore(el, other)) {
      group[group.length] = el;
      placed = true;
    }
    group[group.length] = other;
  });
  if (!placed) group[group.length] = el;
  let at = 0;
  for (let i = 0; i < group.length; i++) if (group[i] === el) at = i;
  for (let i = 1; i < group.length; i++) {
    const other = group[(at + (forward ? i : group.length - i)) % group.length];
    if (isDisabled(other)) continue;
    focusElement(other, 'keyboard');
    clickByKey(other, modifiers);
    return;
  }
}

const MODIFIER_KEYS = { __proto__: null, Alt: true, Control: true, Meta: true, Shift: true };

// -- default actions of keydown ----------------------------------------------------------------------------------------

const MOVES = {
  __proto__: null, ArrowLeft: ['character', false], ArrowRight: ['character', true], ArrowUp: ['row', false], ArrowDown: ['row', true], Home: ['line', false], End: ['line', true],
  PageUp: ['all', false], PageDown: ['all', true],
};

function moveByKey(el, host, key, modifiers) {
  const { 0: unit, 1: forward } = MOVES[key];
  const wide = (modifiers & (CTRL | ALT)) !== 0;
  const wanted = wide ? (unit === 'character' ? 'word' : unit === 'line' ? 'all' : unit) : unit;
  if (host === null) moveInField(el, wanted, forward, (modifiers & SHIFT) !== 0);
  else moveInHost(host, wanted, forward, (modifiers & SHIFT) !== 0);
}

function scrollByKey(doc, key, modifiers) {
  const { window } = doc;
  const shift = (modifiers & SHIFT) !== 0;
  switch (key) {
    case 'ArrowUp': scrollWindowTo(window, window.scrollX, window.scrollY - LINE_SCROLL); break;
    case 'ArrowDown': scrollWindowTo(window, window.scrollX, window.scrollY + LINE_SCROLL); break;
    case 'PageUp': scrollWindowTo(window, window.scrollX, window.scrollY - window.height * 0.875); break;
    case 'PageDown': scrollWindowTo(window, window.scrollX, window.scrollY + window.height * 0.875); break;
    case ' ': scrollWindowTo(window, window.scrollX, window.scrollY + (shift ? -1 : 1) * window.height * 0.875); break;
    case 'Home': scrollWindowTo(window, window.scrollX, 0); break;
    case 'End': scrollWindowTo(window, window.scrollX, Infinity); break;
    default:
  }
}

function selectAllByKey(doc, el) {
  if (isTextField(el)) selectAllOfField(el);
  else {
    const host = el === null || !isEditable(el) ? doc.bodyElement() : editingHost(el);
    if (host !== null) selectAllOf(host);
  }
}

function editingKey(doc, key, shift) {
  switch (key) {
    case 'c': copyByKey(doc, false); return true;
    case 'x': copyByKey(doc, true); return true;
    case 'v': pasteByKey(doc); return true;
    case 'z': takeBack(doc, shift, true); return true;
    case 'y': takeBack(doc, true, true); return true;
    default: return false;
  }
}

const FORMAT_KEYS = { __proto__: null, b: 'bold', B: 'bold', i: 'italic', I: 'italic', u: 'underline', U: 'underline' };

// What a key does where no character is typed.
function performKey(doc, payload) {
  const { key, modifiers } = payload;
  const el = doc.focusedElement;
  if (key === 'Tab') {
    if ((modifiers & (ALT | CTRL | META)) === 0) moveFocusByTab(doc, (modifiers & SHIFT) !== 0);
    return;
  }
  if (key === 'Escape') {
    processCloseWatchers(doc.window);
    return;
  }
  if ((key === 'a' || key === 'A') && (modifiers & (CTRL | META)) !== 0 && (modifiers & ALT) === 0) {
    selectAllByKey(doc, el);
    return;
  }
  if ((modifiers & (CTRL | META)) !== 0 && (modifiers & ALT) === 0 && editingKey(doc, StringPrototypeToLowerCase(key), (modifiers & SHIFT) !== 0)) return;
  const field = isTextField(el);
  const host = !field && el !== null && isEditable(el) ? editingHost(el) : null;
  if (host !== null && (modifiers & (CTRL | META)) !== 0 && (modifiers & (ALT | SHIFT)) === 0 && FORMAT_KEYS[key] !== undefined) {
    formatByKey(el, FORMAT_KEYS[key]);
    return;
  }
  if (field || host !== null) {
    if (key === 'Backspace' || key === 'Delete') deleteFrom(el, key === 'Delete', (modifiers & (CTRL | ALT)) !== 0 ? 'word' : 'character');
    else if (field && el.localName === 'input' && el.state.type === 'number' && (key === 'ArrowUp' || key === 'ArrowDown')) stepNumber(el, key === 'ArrowUp');
    else if (MOVES[key] !== undefined) moveByKey(el, host, key, modifiers);
    else if (host !== null && key === 'Enter') typeLineBreak(el, (modifiers & SHIFT) !== 0);
    return;
  }
  if (isHtmlElement(el, 'select') && selectKey(el, key)) return;
  if (isHtmlElement(el, 'input') && el.state.type === 'range' && MOVES[key] !== undefined) {
    stepNumber(el, key === 'ArrowUp' || key === 'ArrowRight' || key === 'PageUp' || key === 'End');
    return;
  }
  if (isHtmlElement(el, 'input') && el.state.type === 'radio' && StringPrototypeStartsWith(key, 'Arrow')) {
    stepRadio(el, key === 'ArrowDown' || key === 'ArrowRight', modifiers);
    return;
  }
  if ((modifiers & (ALT | CTRL | META)) === 0) scrollByKey(doc, key, modifiers);
}

function commitChange(el) {
  const { state } = el;
  if (state.valueAtFocus === undefined || !state.userEdited || state.value === state.valueAtFocus) return;
  state.valueAtFocus = state.value;
  fireEvent(el, 'change', { __proto__: null, bubbles: true });
}

function performEnter(doc, modifiers) {
  const el = doc.focusedElement;
  if (el === null) return;
  if (takesEnter(el)) clickByKey(el, modifiers);
  else if (isHtmlElement(el, 'input')) {
    commitChange(el);
    submitImplicitly(el);
  } else typeLineBreak(el, (modifiers & SHIFT) !== 0);
}

// -- editing commands, which Chromium's clients send on macOS -----------------------------------------------------------

const MOVE_COMMAND = {
  __proto__: null, moveLeft: ['character', false], moveBackward: ['character', false], moveRight: ['character', true], moveForward: ['character', true], moveUp: ['row', false],
  moveDown: ['row', true], moveWordLeft: ['word', false], moveWordBackward: ['word', false], moveWordRight: ['word', true], moveWordForward: ['word', true],
  moveToBeginningOfLine: ['line', false], moveToLeftEndOfLine: ['line', false], moveToEndOfLine: ['line', true], moveToRightEndOfLine: ['line', true],
  moveToBeginningOfParagraph: ['line', false], moveToEndOfParagraph: ['line', true], moveToBeginningOfDocument: ['all', false], moveToEndOfDocument: ['all', true],
};

const DELETE_COMMAND = {
  __proto__: null, deleteBackward: ['character', false], deleteForward: ['character', true], deleteWordBackward: ['word', false], deleteWordForward: ['word', true],
  deleteToBeginningOfLine: ['line', false], deleteToEndOfLine: ['line', true], deleteToBeginningOfParagraph: ['line', false], deleteToEndOfParagraph: ['line', true],
};

const SELECTION_ENDING = 'AndModifySelection';

function baseCommand(name) {
  return name.length > SELECTION_ENDING.length && StringPrototypeEndsWith(name, SELECTION_ENDING) ? StringPrototypeSlice(name, 0, name.length - SELECTION_ENDING.length) : name;
}

function performCommand(doc, given) {
  // Cocoa's names end with a colon, Blink's begin with a capital.
  const plain = given.length > 0 && given[given.length - 1] === ':' ? StringPrototypeSlice(given, 0, -1) : given;
  const name = StringPrototypeToLowerCase(StringPrototypeSlice(plain, 0, 1)) + StringPrototypeSlice(plain, 1);
  const el = doc.focusedElement;
  if (name === 'selectAll') {
    selectAllByKey(doc, el);
    return;
  }
  if (name === 'insertNewline' || name === 'insertLineBreak' || name === 'insertTab' || name === 'insertBacktab' || name === 'cancelOperation' || name === 'noop') return;
  if (name === 'copy' || name === 'cut') {
    copyByKey(doc, name === 'cut');
    return;
  }
  if (name === 'paste') {
    pasteByKey(doc);
    return;
  }
  if (name === 'undo' || name === 'redo') {
    takeBack(doc, name === 'redo', true);
    return;
  }
  const base = baseCommand(name);
  if (MOVE_COMMAND[base] !== undefined) {
    const { 0: unit, 1: forward } = MOVE_COMMAND[base];
    if (isTextField(el)) moveInField(el, unit, forward, base !== name);
    else if (el !== null && isEditable(el)) moveInHost(editingHost(el), unit, forward, base !== name);
    return;
  }
  if (DELETE_COMMAND[name] !== undefined) {
    deleteFrom(el, DELETE_COMMAND[name][1], DELETE_COMMAND[name][0]);
    return;
  }
  throw new InspectorFailure('the editing command "' + given + '" is not supported by Sanderling');
}

// -- the commands ------------------------------------------------------------------------------------------------------

// { type, key, code, keyCode, text, modifiers, location, repeat, commands }
onHost('input.key', answeringInput((payload) => {
  blurUnfocusable();
  const doc = focusedDocument();
  const elsewhere = remoteFocus(doc);
  if (elsewhere !== null) return elsewhere;
  const target = doc.focusedElement ?? doc.bodyElement() ?? doc.documentElement();
  if (target === null) return null;
  const { type, modifiers, text } = payload;
  const init = {
    __proto__: null, ...modifiersOf(modifiers), view: doc.window, detail: 0, key: payload.key, code: payload.code, location: payload.location, repeat: payload.repeat,
    isComposing: isComposing(doc.focusedElement), keyCode: payload.keyCode, charCode: 0, which: payload.keyCode,
  };
  const fire = (at, name, more) => fireEvent(at, name, {
    __proto__: null, bubbles: true, cancelable: true, composed: true, interface: 'KeyboardEvent', init: { ...init, __proto__: null, ...more },
  });
  if (type === 'keyUp') {
    const goesOn = fire(target, 'keyup', null);
    const el = doc.focusedElement;
    // As in Chromium, only what the key went down on is activated.
    if (payload.key === ' ' && takesSpace(el) && doc.pressedElement === el) {
      setPressedElement(doc, null);
      if (goesOn) clickByKey(el, modifiers);
    }
    return null;
  }
  if (type !== 'char') {
    // Alt, Control and Meta make it a shortcut, which shows no focus.
    if ((modifiers & 7) === 0 && MODIFIER_KEYS[payload.key] !== true) keyboardUsed(doc);
    if (!fire(target, 'keydown', null)) return null;
    // It is being activated until the key comes up, or the focus goes.
    if (payload.key === ' ' && doc.focusedElement === target && takesSpace(target) && !isDisabled(target)) setPressedElement(doc, target);
    for (let i = 0; i < payload.commands.length; i++) performCommand(focusedDocument(), payload.commands[i]);
    if (payload.commands.length === 0 && !(text !== '' && (payload.key === 'Enter' || payload.key === ' '))) performKey(doc, payload);
  }
  if (type === 'rawKeyDown' || text === '') return null;
  // A handler may have moved the focus.
  const now = focusedDocument();
  const at = now.focusedElement ?? now.bodyElement() ?? now.documentElement();
  if (at === null) return null;
  const code = text === '\r' || text === '\n' ? 13 : StringPrototypeCodePointAt(text, 0);
  if (!fire(at, 'keypress', { __proto__: null, view: now.window, charCode: code, keyCode: code, which: code })) return null;
  const el = now.focusedElement;
  if (text === '\r' || text === '\n') performEnter(now, modifiers);
  else if ((modifiers & (CTRL | META)) === 0) {
    if (isHtmlElement(el, 'select') && text !== ' ') typeOption(el, text);
    else if (text === ' ' && (el === null || !(isTextField(el) || isEditable(el)))) {
      if (!takesSpace(el)) scrollByKey(now, ' ', modifiers);
    } else typeInto(el, text);
  }
  return null;
}));

onHost('input.text', answeringInput((payload) => {
  const elsewhere = remoteFocus(focusedDocument());
  if (elsewhere !== null) return elsewhere;
  const el = focusedDocument().focusedElement;
  if (isComposing(el)) endComposition(payload.text);
  else typeInto(el, payload.text);
  return null;
}));

onHost('input.compose', answeringInput((payload) => {
  const el = focusedDocument().focusedElement;
  compose(el, payload.text, payload.start, payload.end);
}));
