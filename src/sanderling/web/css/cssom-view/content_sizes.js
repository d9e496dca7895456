// https://drafts.csswg.org/css-sizing-3/#intrinsic-sizes
// How wide boxes are by their content: at most, without line breaks, and at least.

import { MathMax, MathMin } from '../../primordials.js';
import { isLeftOut } from '../cssom/rendered.js';
import { replacedSize } from './box_sizes.js';
import { flatChildren } from './flat_boxes.js';
import { zeroIfAuto, FLEX_INSIDE, GRID_INSIDE, layoutFactsOf, lengthOfBase, NOTHING_INSIDE, ROW_INSIDE, TABLE_INSIDE } from './layout_facts.js';
import { generatedInline } from './generated.js';
import { measureText } from './inline_flow.js';
import { tableWidths } from './table_rows.js';

const MAX_TABLES = 50;         // in each other, whose columns are looked at

// An element that is being measured
class Measure {
  constructor(el, facts, outer) {
    this.el = el;
    this.facts = facts;
    this.outer = outer;        // that its inline content stands in: itself, or the one around
    this.children = flatChildren(el);
    this.at = 0;
    this.most = 0;
    this.least = 0;
    this.run = 0;              // of the line in the making
    this.space = true;
    this.sum = 0;              // of items beside each other
    this.leastSum = 0;
    this.count = 0;
    this.floats = 0;
  }

  endRun() {
    this.most = MathMax(this.most, this.run);
    this.run = 0;
    this.space = true;
  }
}

// { most, least } of the border box
export function contentWidths(layout, el, facts) {
  const known = layout.widths.get(el);
  if (known !== undefined) return known;
  if (facts.inside === TABLE_INSIDE || facts.inside === NOTHING_INSIDE) {
    const its = givenWidths(layout, el, facts);
    if (its !== null) return its;
  }
  const stack = [new Measure(el, facts, null)];
  stack[0].outer = stack[0];
  begin(stack[0]);
  let out = null;
  while (stack.length > 0) {
    const frame = stack[stack.length - 1];
    if (frame.at < frame.children.length) {
      measureNext(layout, stack, frame, frame.children[frame.at++]);
      continue;
    }
    stack.length--;
    const around = stack.length === 0 ? null : stack[stack.length - 1];
    if (frame.outer !== frame) {
      measureGenerated(frame.outer, frame.el, 'after');
      frame.outer.run += inlineEnds(frame.facts) / 2;
      continue;
    }
    measureGenerated(frame, frame.el, 'after');
    out = finishMeasure(frame);
    layout.widths.set(frame.el, out);
    if (around !== null) placeMeasured(around, frame.el, frame.facts, out);
  }
  return out;
}

function begin(frame) {
  measureGenerated(frame.outer, frame.el, 'before');
}

function measureGenerated(outer, el, name) {
  const text = generatedInline(el, name);
  if (text !== null) measureText(text.data, text.facts, outer);
}

function inlineEnds(facts) {
  const { edges } = facts;
  return edges.across + zeroIfAuto(edges.ml) + zeroIfAuto(edges.mr);
}

function measureNext(layout, stack, frame, node) {
  const { outer } = frame;
  if (node.nodeType !== 1) {
    measureText(node.data, frame.facts.text, outer);
    if (outer.facts.inside === FLEX_INSIDE) endItem(outer);
    return;
  }
  const facts = layoutFactsOf(node);
  if (facts.display === 'none' || facts.isOut || isLeftOut(node, frame.el)) return;
  if (facts.display === 'contents' || (facts.inline && !facts.atom && facts.float === 'none')) {
    if (node.localName === 'br') {
      outer.endRun();
      return;
    }
    const inner = new Measure(node, facts, outer);
    if (facts.display !== 'contents') outer.run += inlineEnds(facts) / 2;
    begin(inner);
    stack[stack.length] = inner;
    return;
  }
  const own = givenWidths(layout, node, facts);
  if (own !== null) {
    placeMeasured(outer, node, facts, own);
    return;
  }
  const inner = new Measure(node, facts, null);
  inner.outer = inner;
  begin(inner);
  stack[stack.length] = inner;
}

// Whose content does not matter
function givenWidths(layout, el, facts) {
  const known = layout.widths.get(el);
  if (known !== undefined) return known;
  const width = facts.size('width', -1, facts.edges);
  if (facts.inside === TABLE_INSIDE && layout.tables < MAX_TABLES) {
    layout.tables++;
    const inner = tableWidths(layout, el, facts);
    layout.tables--;
    if (inner !== null) {
      const least = inner.least + facts.edges.across;
      const out = { __proto__: null, most: width === width ? MathMax(width, least) : MathMax(least, facts.limit(inner.most + facts.edges.across, 'width', -1, facts.edges)), least: width === width ? MathMax(width, least) : least };
      layout.widths.set(el, out);
      return out;
    }
  }
  if (width === width) {
    const limited = facts.limit(width, 'width', -1, facts.edges);
    return { __proto__: null, most: limited, least: limited };
  }
  if (facts.inside !== NOTHING_INSIDE) return null;
  const natural = facts.limit(replacedSize(el, facts, -1).width + facts.edges.across, 'width', -1, facts.edges);
  return { __proto__: null, most: natural, least: facts.isPercentage('width') || facts.isPercentage('max-width') ? 0 : natural };
}

// Text alone among the items of a flex container
function endItem(outer) {
  if (outer.run === 0) return;
  outer.sum += outer.run;
  outer.count++;
  outer.run = 0;
  outer.space = true;
}

function placeMeasured(outer, el, facts, widths) {
  const margins = zeroIfAuto(facts.edges.ml) + zeroIfAuto(facts.edges.mr);
  const most = widths.most + margins;
  const least = widths.least + margins;
  if (outer.facts.inside === FLEX_INSIDE || outer.facts.inside === ROW_INSIDE) {
    outer.sum += most;
    outer.leastSum += least;
    outer.count++;
    outer.widest = MathMax(outer.widest ?? 0, most);
    outer.least = MathMax(outer.least, least);
    return;
  }
  if (outer.facts.inside === GRID_INSIDE) {
    outer.count++;
    outer.widest = MathMax(outer.widest ?? 0, most);
    outer.least = MathMax(outer.least, least);
    return;
  }
  outer.least = MathMax(outer.least, least);
  if (facts.float !== 'none') {
    outer.floats += most;
    outer.most = MathMax(outer.most, outer.floats);
    return;
  }
  if (facts.inline) {
    outer.run += most;
    outer.space = false;
    return;
  }
  outer.endRun();
  outer.floats = 0;
  outer.most = MathMax(outer.most, most);
}

function finishMeasure(frame) {
  const { facts } = frame;
  const { edges } = facts;
  frame.most = MathMax(frame.most, frame.run + frame.floats);
  let { most, least } = frame;
  if (facts.inside === FLEX_INSIDE) {
    endItem(frame);
    const gap = frame.count > 1 ? zeroIfAuto(lengthOfBase(facts.value('column-gap'), -1)) * (frame.count - 1) : 0;
    const across = !columnFlex(facts);
    most = across ? frame.sum + gap : MathMax(frame.widest ?? 0, frame.most);
    if (across && facts.value('flex-wrap') === 'nowrap') least = MathMax(least, frame.leastSum + gap);
  } else if (facts.inside === ROW_INSIDE) {
    most = frame.sum + (frame.count + 1) * zeroIfAuto(spacingOf(facts));
    least = frame.leastSum;
  } else if (facts.inside === GRID_INSIDE) {
    const columns = gridColumnCount(facts);
    most = (frame.widest ?? 0) * MathMax(1, MathMin(columns, frame.count)) + zeroIfAuto(lengthOfBase(facts.value('column-gap'), -1)) * MathMax(0, columns - 1);
  }
  if (facts.inside === TABLE_INSIDE) least = MathMin(least, most);
  const limit = (px) => facts.limit(px + edges.across, 'width', -1, edges);
  return { __proto__: null, most: limit(most), least: limit(MathMin(least, MathMax(most, least))) };
}

export function columnFlex(facts) {
  if (facts.display === '-webkit-box' || facts.display === '-webkit-inline-box') return facts.value('-webkit-box-orient') === 'vertical';
  const direction = facts.value('flex-direction');
  return direction === 'column' || direction === 'column-reverse';
}

function gridColumnCount(facts) {
  const text = facts.value('grid-template-columns');
  if (text === 'none') return 1;
  let count = 1;
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '(') depth++;
    else if (text[i] === ')') depth--;
    else if (text[i] === ' ' && depth === 0) count++;
  }
  return count;
}

export function spacingOf(facts) {
  return facts.value('border-collapse') === 'collapse' ? 0 : lengthOfBase(facts.value('border-spacing'), -1);
}

// https://drafts.csswg.org/css2/#shrink-to-fit-float, of the border box
export function fitWidth(layout, el, facts, room) {
  const { most, least } = contentWidths(layout, el, facts);
  return MathMin(most, MathMax(least, room));
}
