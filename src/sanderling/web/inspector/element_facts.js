// https://chromedevtools.github.io/devtools-protocol/tot/CSS/
// What else clients ask of an element: its styles, and who listens to it.

import { onHost } from '../host.js';
import { NumberParseInt, StringPrototypeSplit } from '../primordials.js';
import { unwrap } from '../webidl/wrapper.js';
import { computedStyleOf } from '../css/cssom/computed.js';
import { inlineDeclarations } from '../css/cssom/inline_style.js';
import { cssChanges } from '../css/cssom/rules.js';
import { hasAnySheet } from '../css/cssom/sheets.js';
import { matchingRules } from '../css/cssom/style_index.js';
import { nextInTree } from '../dom/tree.js';
import { forceStates } from '../html/interaction_state.js';
import { mainWindow } from '../html/realm.js';
import { InspectorFailure } from './describe.js';
import { answeringNodes, frameDocumentOf, nodeNumberOf, nodeOf } from './node_ids.js';
import { remoteObject, remoteValue } from './remote.js';

function styledElement(payload) {
  const el = nodeOf(payload);
  if (el.nodeType !== 1) throw new InspectorFailure('Node is not an Element');
  return el;
}

// -- forced pseudo-classes ----------------------------------------------------------------------------------------------

// What is known of styles does not hold any more.
function stateForced(doc) {
  cssChanges.count++;
  doc.version++;
}

// { session, nodeId, names }
onHost('css.force', answeringNodes((payload) => {
  const el = styledElement(payload);
  forceStates(el.doc, payload.session, el, payload.names);
  stateForced(el.doc);
  return { __proto__: null };
}));

function unforceIn(window, session) {
  const doc = window.document;
  if (doc !== null && doc.forcedStates !== null) {
    forceStates(doc, session, null, []);
    stateForced(doc);
  }
  for (let i = 0; i < window.children.length; i++) if (window.children[i].remote === null) unforceIn(window.children[i], session);
}

// { session }: it forces nothing any more.
onHost('css.unforce', (payload) => {
  unforceIn(mainWindow(), payload.session);
  return null;
});

// Styles as a client sees them: with links that it calls visited
function asClient(look) {
  return answeringNodes((payload) => {
    const el = styledElement(payload);
    const states = el.doc.forcedStates;
    if (states === null || !states.hasVisited()) return look(el);
    states.seesVisited = true;
    stateForced(el.doc);
    try {
      return look(el);
    } finally {
      states.seesVisited = false;
      stateForced(el.doc);
    }
  });
}

onHost('css.computed', asClient((el) => {
  const style = computedStyleOf(el, null);
  const names = style.propertyNames();
  const computedStyle = [];
  for (let i = 0; i < names.length; i++) computedStyle[i] = { __proto__: null, name: names[i], value: style.read(names[i]) };
  return { __proto__: null, computedStyle };
}));

function stylePayload(block) {
  const cssProperties = [];
  let cssText = '';
  if (block !== null) {
    for (let i = 0; i < block.names.length; i++) {
      const { name, value, important } = block.map.get(block.names[i]);
      cssProperties[i] = { __proto__: null, name, value, important, implicit: false, text: name + ': ' + value + (important ? ' !important' : '') + ';', disabled: false };
      cssText += (i === 0 ? '' : ' ') + cssProperties[i].text;
    }
  }
  return { __proto__: null, cssProperties, shorthandEntries: [], cssText };
}

onHost('css.inline', answeringNodes((payload) => ({ __proto__: null, inlineStyle: stylePayload(inlineDeclarations(styledElement(payload))) })));

function rulesOf(el) {
  const out = [];
  if (!hasAnySheet(el.doc)) return out;
  const rules = matchingRules(el, '');
  for (let i = 0; i < rules.length; i++) {
    const { style } = rules[i];
    const owner = style.parentRule ?? null;
    const text = owner !== null && owner.selectorText !== undefined ? owner.selectorText : '';
    const parts = text === '' ? [] : StringPrototypeSplit(text, ', ');
    const selectors = [];
    for (let j = 0; j < parts.length; j++) selectors[j] = { __proto__: null, text: parts[j] };
    out[i] = {
      __proto__: null, rule: { __proto__: null, selectorList: { __proto__: null, selectors, text }, origin: 'regular', style: stylePayload(style.block()) },
      matchingSelectors: selectors.length > 0 ? [0] : [],
    };
  }
  return out;
}

onHost('css.matched', asClient((el) => {
  const inherited = [];
  for (let at = el.parent; at !== null && at.nodeType === 1; at = at.parent) {
    inherited[inherited.length] = { __proto__: null, inlineStyle: stylePayload(inlineDeclarations(at)), matchedCSSRules: rulesOf(at) };
  }
  return { __proto__: null, inlineStyle: stylePayload(inlineDeclarations(el)), matchedCSSRules: rulesOf(el), inherited, pseudoElements: [], cssKeyframesRules: [] };
}));

// -- listeners: https://chromedevtools.github.io/devtools-protocol/tot/DOMDebugger/#method-getEventListeners ------------

function listenersOf(target, context, group, out) {
  const list = target.listeners;
  if (list === null || list === undefined) return;
  for (let i = 0; i < list.length; i++) {
    const listener = list[i];
    if (listener.removed) continue;
    let { callback } = listener;
    if (listener.internal) {
      // An event handler of the page, or a listener of the platform, which is nobody's business.
      const handler = target.handlers === null || target.handlers === undefined ? undefined : target.handlers.get(listener.type);
      if (handler === undefined || handler.listener !== listener) continue;
      callback = handler.value;
    }
    const entry = {
      __proto__: null, type: listener.type, useCapture: listener.capture, passive: listener.passive === true, once: listener.once, scriptId: '0', lineNumber: 0, columnNumber: 0,
    };
    if (callback !== null) {
      entry.handler = remoteObject(callback, context, group, false);
      entry.originalHandler = remoteObject(callback, context, group, false);
    }
    if (target.nodeType !== undefined) entry.backendNodeId = nodeNumberOf(target);
    out[out.length] = entry;
  }
}

onHost('dom.listeners', answeringNodes((payload) => {
  const target = unwrap(remoteValue(payload.objectId));
  const listeners = [];
  if (target === undefined || target.listeners === undefined) return { __proto__: null, listeners };
  const context = NumberParseInt(StringPrototypeSplit(payload.objectId, '.')[1], 10);
  const group = payload.group ?? null;
  listenersOf(target, context, group, listeners);
  if (target.nodeType === undefined || payload.depth === 1) return { __proto__: null, listeners };
  const visit = (root) => {
    for (let node = nextInTree(root, root), levels = 1; node !== null; node = nextInTree(node, root)) {
      levels = 1;
      for (let at = node.parent; at !== root && at !== null; at = at.parent) levels++;
      if (payload.depth > 0 && levels >= payload.depth) continue;
      listenersOf(node, context, group, listeners);
      const inner = payload.pierce && node.nodeType === 1 ? frameDocumentOf(node) : null;
      if (inner !== null) visit(inner);
      if (payload.pierce && node.nodeType === 1 && node.shadow !== null) visit(node.shadow);
    }
  };
  visit(target);
  return { __proto__: null, listeners };
}));
