// https://html.spec.whatwg.org/multipage/interaction.html#sequential-focus-navigation
// In which order Tab visits elements: scopes (documents, shadow trees, what slots show) are each ordered by tabindex and stand where their owner does.

import { getAttr } from '../dom/attributes.js';
import { HTML_NS } from '../dom/namespaces.js';
import { nextInTree } from '../dom/tree.js';
import { isFocusableArea } from './focus.js';
import { forEachOfRadioGroup } from './forms/states.js';
import { parseInteger } from './reflect.js';

class TabItem {
  constructor(el, index, stop, place) {
    this.el = el;
    this.index = index;        // its tabindex; 0 where it has none
    this.stop = stop;          // it takes the focus itself
    this.place = place;        // in flat tree order
    this.inner = null;         // items of the scope that it owns
  }
}

function tabIndexOf(el) {
  const text = getAttr(el, 'tabindex');
  const number = text === null ? null : parseInteger(text);
  return number ?? 0;
}

const isNamed = (el, name) => el.localName === name && el.namespace === HTML_NS;

// Of a group of radio buttons, the checked one is the stop, or the first.
function isRadioStop(el) {
  if (!isNamed(el, 'input') || el.state.type !== 'radio' || el.state.checked) return true;
  let alone = true;
  let before = true;
  forEachOfRadioGroup(el, (other) => {
    if (other.state.checked) alone = false;
    if (isBefore(other, el)) before = false;
  });
  return alone && before;
}

export function isBefore(a, b) {
  for (let node = a; node !== null; node = nextInTree(node, null)) if (node === b) return true;
  return false;
}

// Reads the scopes of a document. `current`: the element whose place is asked for.
class TabOrder {
  constructor(current) {
    this.current = current;
    this.currentPlace = -1;
    this.places = 0;
  }

  scope(first) {
    const items = [];
    for (let child = first; child !== null; child = child.next) this.visit(child, items);
    return items;
  }

  visit(node, items) {
    if (node.nodeType !== 1) return;
    const place = this.places++;
    if (node === this.current) this.currentPlace = place;
    const index = tabIndexOf(node);
    const delegates = node.shadow !== null && node.shadow.delegatesFocus;
    const stop = index >= 0 && !delegates && isFocusableArea(node, false) && isRadioStop(node);
    const inner = this.scopeOf(node);
    if (inner === null) {
      if (stop) items[items.length] = new TabItem(node, index, true, place);
      for (let child = node.first; child !== null; child = child.next) this.visit(child, items);
      return;
    }
    // What a negative tabindex leaves out takes its scope along.
    if (index < 0) return;
    const item = new TabItem(node, index, stop && !isFrame(node), place);
    item.inner = inner;
    items[items.length] = item;
  }

  // The items of the scope that the element owns, or null: it owns none.
  scopeOf(node) {
    if (isFrame(node)) return node.state.window === null ? null : this.scope(node.state.window.document.first);
    if (node.shadow !== null) return this.scope(node.shadow.first);
    if (!isNamed(node, 'slot') || node.parent === null) return null;
    const items = [];
    const shown = node.state === null ? [] : node.state.assigned;
    if (shown.length === 0) return this.scope(node.first);
    for (let i = 0; i < shown.length; i++) this.visit(shown[i], items);
    return items;
  }
}

function isFrame(el) {
  return isNamed(el, 'iframe') || isNamed(el, 'frame');
}

// Positive indexes first, lowest first; the others in the order of the tree.
function flatten(items, out) {
  for (let rank = 0; ;) {
    let next = 0;
    for (let i = 0; i < items.length; i++) if (items[i].index > rank && (next === 0 || items[i].index < next)) next = items[i].index;
    if (next === 0) break;
    rank = next;
    for (let i = 0; i < items.length; i++) if (items[i].index === rank) flattenItem(items[i], out);
  }
  for (let i = 0; i < items.length; i++) if (items[i].index === 0) flattenItem(items[i], out);
}

function flattenItem(item, out) {
  if (item.stop) out[out.length] = item;
  if (item.inner !== null) flatten(item.inner, out);
}

// Whom Tab focuses after `current` (an element or null) in the documents of the page, or null: there is nobody, or it was the last one. Then it is the
// browser's own controls that are next, of which there are none here: as in Chromium's headless shell, nothing has the focus until the next Tab.
export function nextTabStop(top, current, backwards) {
  const order = new TabOrder(current);
  const stops = [];
  flatten(order.scope(top.first), stops);
  if (stops.length === 0) return null;
  let at = -1;
  for (let i = 0; i < stops.length; i++) if (stops[i].el === current) at = i;
  if (at >= 0) {
    const next = backwards ? at - 1 : at + 1;
    return next < 0 || next === stops.length ? null : stops[next].el;
  }
  // From what is no stop it goes on in the order of the tree.
  let best = null;
  if (order.currentPlace >= 0) {
    for (let i = 0; i < stops.length; i++) {
      const stop = stops[i];
      if (backwards ? stop.place < order.currentPlace && (best === null || stop.place > best.place) : stop.place > order.currentPlace && (best === null || stop.place < best.place)) best = stop;
    }
  }
  return (best ?? stops[backwards ? stops.length - 1 : 0]).el;
}
