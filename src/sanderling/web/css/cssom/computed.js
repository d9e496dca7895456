// https://drafts.csswg.org/css-cascade-5/#computed
// Computed and resolved values.

import { MathFloor, MathMax, NumberIsNaN, NumberParseFloat, RegExpPrototypeExec, SafeMap, SafeSet, StringPrototypeCharCodeAt, StringPrototypeEndsWith, StringPrototypeIncludes, StringPrototypeSlice, StringPrototypeStartsWith, StringPrototypeToLowerCase, StringPrototypeTrim } from '../../primordials.js';
import { HTML_NS, SVG_NS } from '../../dom/namespaces.js';
import { CONNECTED } from '../../dom/node.js';
import { mainWindow } from '../../html/realm.js';
import { cssComponents, cssFunctionName, cssNumberText, needsCssComment, serializeCssComponent } from '../syntax/components.js';
import { documentBaseURL } from '../../html/document_state.js';
import { parseURL, serializeURL } from '../../url/parser.js';
import { serializeCssString } from '../syntax/tokenizer.js';
import { cssColorOf, isModernColor, serializeCssColor } from '../values/colors.js';
import { computedModernColor } from '../values/modern_colors.js';
import { cssLengthToPx, cssMathSum, cssUnitKind, isCssMath, serializeCssSum } from '../values/numbers.js';
import { isCssWide, parseCssLonghand } from '../values/parse.js';
import { CSS_LONGHAND_NAMES, cssLonghand } from '../values/properties.js';
import { cssShorthand } from '../values/shorthands.js';
import { CSSStyleDeclarationImpl } from './CSSStyleDeclaration.js';
import { isCustomCssProperty, parseCssDeclaration } from './declarations.js';
import { cascadeOf, flatParent, physicalCssName, pseudoCascadeOf, styleStamp } from './cascade.js';
import { cssomOf, inlineDeclarations } from './inline_style.js';
import { matchesMedia } from './media_queries.js';
import { containerLength } from './containers.js';
import { styleIndexOf } from './style_index.js';
import { hasAnySheet } from './sheets.js';
import { isHiddenInput, uaValue } from './ua_styles.js';
import { motion } from '../animations/motion.js';
import { lookAtMotion } from '../animations/watch.js';
import { sizeFrame } from '../cssom-view/geometry.js';
import { registeredByRule } from './registered.js';
import { isInRenderedFrame, isInStyledTree, resolvedValue } from './used_values.js';
import { rootOf } from '../../dom/tree.js';
import { presentationValue } from '../../svg/presentation.js';

const FONT_SIZES = { __proto__: null, 'xx-small': 9, 'x-small': 10, small: 13, medium: 16, large: 18, 'x-large': 24, 'xx-large': 32, 'xxx-large': 48 };
const LINE_WIDTHS = { __proto__: null, thin: '1px', medium: '3px', thick: '5px' };
const DEFAULT_FONT_SIZE = 16;
// Their numbers are lengths.
const SVG_LENGTHS = new SafeSet(['stroke-width', 'stroke-dasharray', 'stroke-dashoffset', 'cx', 'cy', 'r', 'rx', 'ry', 'x', 'y']);
const MAX_SUBSTITUTION = 65536;     // characters that var() may grow to: https://drafts.csswg.org/css-variables-1/#long-variables
const MAX_CHAIN = 1000;             // custom properties of an element that refer to one another in a row: those beyond are invalid

function parentCascade(cascade) {
  if (cascade.pseudo !== '') return cascadeOf(cascade.el);
  const parent = flatParent(cascade.el);
  return parent === null || parent === undefined ? null : cascadeOf(parent);
}

// -- custom properties -------------------------------------------------------------------------------------------------

// The value of a custom property, or null: the guaranteed-invalid value.
function customValue(start, name) {
  // Up to who says something about it, without recursion: pages nest deeper than the stack.
  let cascade = start;
  let inheriting = null;
  let value = cascade.values.get(name);
  while (value === undefined && (cascade.map === null || !cascade.map.has(name)) && registrationOf(cascade.el, name) === null) {
    (inheriting ?? (inheriting = []))[inheriting.length] = cascade;
    cascade = parentCascade(cascade);
    value = cascade === null ? null : cascade.values.get(name);
  }
  if (value === undefined) value = ownCustomValue(cascade, name);
  if (inheriting !== null) for (let i = 0; i < inheriting.length; i++) inheriting[i].values.set(name, value);
  return value;
}

function ownCustomValue(cascade, name) {
  const resolving = cascade.resolving ?? (cascade.resolving = new SafeMap());
  if (resolving.has(name)) {
    // https://drafts.csswg.org/css-variables-1/#cycles: whatever stands between the two is invalid, whatever its fallbacks say.
    let inside = false;
    resolving.forEach((cyclic, other) => {
      inside ||= other === name;
      if (inside) resolving.set(other, true);
    });
    return null;
  }
  if (resolving.size >= MAX_CHAIN) return null;
  resolving.set(name, false);
  let entry = cascade.map === null ? undefined : cascade.map.get(name);
  let value = null;
  let inherits = true;
  let initial = null;
  const registered = registrationOf(cascade.el, name);
  if (registered !== null) {
    inherits = registered.inherits;
    initial = registered.initial;
  }
  let inherited = false;
  entry = afterReverts(entry);
  let text = 'unset';
  while (entry !== undefined) {
    text = entry.declaration.value;
    if (!entry.declaration.substitutes) break;
    const list = cssComponents(text);
    value = list === null ? null : substituteCss(cascade, list, true);
    text = value === null ? '' : StringPrototypeToLowerCase(StringPrototypeTrim(value));
    if (!isCssWide(text)) {
      text = '';
      if (value !== null) value = StringPrototypeTrim(value);
      else if (initial !== null) value = initial;
      break;
    }
    // https://drafts.csswg.org/css-variables-1/#substitute-in-a-property-value: a keyword that a fallback brought
    value = null;
    if (text !== 'revert' && text !== 'revert-layer') break;
    entry = text === 'revert' ? undefined : afterReverts(weakerLayer(entry));
    text = 'unset';
  }
  if (text === 'initial') value = initial;
  else if (entry === undefined || isCssWide(text)) {
    const parent = inherits || text === 'inherit' ? parentCascade(cascade) : null;
    value = parent === null ? initial : customValue(parent, name);
    inherited = parent !== null;
  } else if (!entry.declaration.substitutes) value = text;
  if (registered !== null && registered.alternatives !== null && !inherited && value !== null) {
    // https://drafts.css-houdini.org/css-properties-values-api/#calculation-of-computed-values: by its syntax, or as if it were unset
    value = typedValue(cascade, registered, value);
    if (value === null) {
      const parent = inherits ? parentCascade(cascade) : null;
      value = parent === null ? typedValue(cascade, registered, initial) : customValue(parent, name);
    }
  }
  if (resolving.get(name) === true) value = initial;
  resolving.delete(name);
  cascade.values.set(name, value);
  return value;
}

// For style queries: the value of a custom property, and what a text would be as its value; null: the guaranteed-invalid value
export function customTextOf(cascade, name) {
  return customValue(cascade, name);
}

export function initialCustomText(el, name) {
  const registered = registrationOf(el, name);
  return registered === null ? null : registered.initial;
}

export function resolvedCustomText(cascade, name, text) {
  const registered = registrationOf(cascade.el, name);
  if (text === 'initial') return registered === null ? null : registered.initial;
  if (isCssWide(text)) {
    const parent = text === 'inherit' || registered === null || registered.inherits ? parentCascade(cascade) : null;
    return parent === null ? initialCustomText(cascade.el, name) : customValue(parent, name);
  }
  const list = cssComponents(text);
  const value = list === null ? null : substituteCss(cascade, list);
  return value === null || registered === null || registered.alternatives === null ? value : typedValue(cascade, registered, value);
}

// What is registered under a name for an element, or null
function registrationOf(el, name) {
  const { registeredCss } = el.doc;
  const known = registeredCss === null ? undefined : registeredCss.get(name);
  if (known !== undefined) return known;
  const root = rootOf(el);
  if (!hasAnySheet(el.doc) || (root.nodeType !== 9 && root.isShadow !== true)) return null;
  const rule = styleIndexOf(root).registered.get(name);
  return rule === undefined ? null : registeredByRule(rule);
}

function typedValue(cascade, registered, text) {
  const list = cssComponents(text);
  const property = list === null ? null : registered.fitting(list);
  return property === null ? null : computedListText(cascade, property, list, new LengthContext(cascade, fontSizeOf(cascade)));
}

// https://drafts.csswg.org/css-variables-1/#substitute-a-var: text, or null when it is invalid
// `all`: fallbacks that are not needed are looked at, too, since what they refer to counts for cycles
function substituteCss(cascade, list, all = false) {
  let out = '';
  let last = null;         // the component that `out` ends with
  for (let i = 0; i < list.length; i++) {
    const node = list[i];
    let piece;
    let first = node;
    let end = node;
    if (node.type === 'function' && (node.value === 'var' || node.value === 'env')) {
      const { args } = node;
      if (args.length === 0 || args[0].type !== 'ident') return null;
      let value = node.value === 'var' ? customValue(cascade, args[0].value) : StringPrototypeStartsWith(args[0].value, 'safe-area-inset-') ? '0px' : null;
      if (value === null) {
        if (args.length < 2 || args[1].type !== 'comma') return null;
        const fallback = [];
        for (let j = 2; j < args.length; j++) fallback[j - 2] = args[j];
        value = substituteCss(cascade, fallback, all);
        if (value === null) return null;
      } else if (all && node.value === 'var' && args.length > 2) substituteCss(cascade, args, true);
      piece = value;
      // Only what stands side by side can be read together.
      const alone = (out === '' || node.space) && (i + 1 === list.length || list[i + 1].space);
      const inner = alone ? null : cssComponents(value, true);
      first = inner === null || inner.length === 0 || inner[0].space ? null : inner[0];
      end = inner === null || inner.length === 0 ? null : inner[inner.length - 1];
    } else if (node.args !== null) {
      const inner = substituteCss(cascade, node.args, all);
      if (inner === null) return null;
      piece = node.type === 'function' ? serializeCssComponent({ __proto__: null, type: 'ident', value: node.value }) + '(' + inner + ')' : node.type + inner + (node.type === '(' ? ')' : node.type === '[' ? ']' : '}');
    } else piece = serializeCssComponent(node);
    if (node.space && out !== '') out += ' ';
    else if (last !== null && first !== null && needsCssComment(last, first)) out += '/**/';
    out += piece;
    if (piece !== '') last = end;
    if (out.length > MAX_SUBSTITUTION) return null;
  }
  return out;
}

// -- cascaded values ---------------------------------------------------------------------------------------------------

// Follow revert-layer (to weaker layers) and revert (to the user agent: undefined).
function afterReverts(start) {
  let entry = start;
  while (entry !== undefined) {
    const { value } = entry.declaration;
    if (value === 'revert') return undefined;
    if (value !== 'revert-layer') return entry;
    entry = weakerLayer(entry);
  }
  return undefined;
}

function weakerLayer(from) {
  let entry = from;
  do entry = entry.prev; while (entry !== undefined && entry.layer === from.layer);
  return entry;
}

// Without a declaration of a page: presentation attributes and the user agent's sheet, or undefined
function hintedValue(cascade, name) {
  const { el } = cascade;
  const hint = el.namespace === SVG_NS && el.attrs.length > 0 ? presentationValue(el, name) : null;
  if (hint === null) return uaValue(el, name);
  if (!hint.substitutes) return hint.value;
  const list = cssComponents(hint.value);
  const text = list === null ? null : substituteCss(cascade, list);
  const parsed = text === null ? null : parseCssLonghand(cssLonghand(name), text);
  return parsed === null ? 'unset' : parsed.value;
}

// The text of the cascaded value with var() replaced, or undefined when nothing is declared.
function cascadedValue(cascade, name) {
  let entry = cascade.map === null ? undefined : cascade.map.get(name);
  if (entry !== undefined) entry = afterReverts(entry);
  if (entry === undefined) return cascade.pseudo === '' ? hintedValue(cascade, name) : undefined;
  const { declaration } = entry;
  if (!declaration.substitutes) return declaration.value;
  const list = cssComponents(declaration.value);
  const text = list === null ? null : substituteCss(cascade, list);
  if (text === null) return 'unset';
  if (declaration.shorthand !== '') {
    const pending = cascade.pending ?? (cascade.pending = new SafeMap());
    const key = declaration.shorthand + ':' + text;
    let expanded = pending.get(key);
    if (expanded === undefined) {
      expanded = parseCssDeclaration(declaration.shorthand, text, false);
      pending.set(key, expanded);
    }
    if (expanded !== null) for (let i = 0; i < expanded.length; i++) if (physicalCssName(expanded[i].name) === name) return expanded[i].value;
    return 'unset';
  }
  const parsed = parseCssLonghand(cssLonghand(name), text);
  return parsed === null ? 'unset' : parsed.value;
}

// Does an element say itself what its font is, other than that it inherits it?
function declaresFamily(cascade) {
  return (cascade.map === null || cascade.map.get('font-family') === undefined ? cascade.pseudo === '' && hintedValue(cascade, 'font-family') !== undefined : true);
}

// What is aligned as <center> does it is the table, and not what is in it.
function isAlignedByAttribute(cascade) {
  const parent = cascade.pseudo === '' ? parentCascade(cascade) : null;
  return parent !== null && StringPrototypeStartsWith(computedCss(parent, 'text-align'), '-webkit-');
}

// The cascaded value, or 'inherit' or 'initial'.
function specifiedValue(cascade, property) {
  const { name } = property;
  let value = cascadedValue(cascade, name);
  if (value === 'revert' || value === 'revert-layer') value = cascade.pseudo === '' ? uaValue(cascade.el, name) : undefined;
  if (value === undefined && name === 'text-align' && cascade.el.localName === 'table' && isAlignedByAttribute(cascade)) return 'start';
  if (value === undefined || value === 'unset') return property.inherited ? 'inherit' : 'initial';
  return name === 'color' && value === 'currentcolor' ? 'inherit' : value;
}

export function computedCss(start, name) {
  const known = start.values.get(name);
  if (known !== undefined) return known;
  const property = cssLonghand(name);
  // Up to who has a value of its own; all on the way inherit it.
  let cascade = start;
  let value = specifiedValue(start, property);
  let inheriting = null;
  let out;
  while (value === 'inherit') {
    const parent = parentCascade(cascade);
    if (parent === null) {
      value = 'initial';
      break;
    }
    if (name === 'font-size' && declaresFamily(cascade)) {
      out = cssNumberText(inheritedFontSize(cascade, parent)) + 'px';
      cascade.values.set(name, out);
      break;
    }
    (inheriting ?? (inheriting = []))[inheriting.length] = cascade;
    cascade = parent;
    if (!property.inherited) cascade.lent = true;
    out = cascade.values.get(name);
    if (out !== undefined) break;
    value = specifiedValue(cascade, property);
  }
  if (out === undefined) {
    out = toComputed(cascade, property, value === 'initial' ? property.initial : value);
    cascade.values.set(name, out);
  }
  if (inheriting !== null) for (let i = 0; i < inheriting.length; i++) inheriting[i].values.set(name, out);
  return out;
}

// -- computation -------------------------------------------------------------------------------------------------------

function fontSizeOf(cascade) {
  if (cascade === null) return DEFAULT_FONT_SIZE;
  let out = cascade.values.get('font-size');
  if (out === undefined) {
    // Sizes hang on those around them, and pages nest deeper than the engine's stack: the outer ones first.
    const waiting = [];
    for (let at = cascade; at !== null && at.values.get('font-size') === undefined; at = parentCascade(at)) waiting[waiting.length] = at;
    for (let i = waiting.length - 1; i >= 0; i--) out = computedCss(waiting[i], 'font-size');
  }
  return NumberParseFloat(out);
}

class LengthContext {
  constructor(cascade, fontSize) {
    const { doc } = cascade.el;
    const window = doc.window ?? mainWindow();
    const root = doc.documentElement();
    this.fontSize = fontSize;
    this.rootFontSize = root === null || root === cascade.el ? (root === null ? DEFAULT_FONT_SIZE : fontSize) : fontSizeOf(cascadeOf(root));
    this.width = window.width;
    this.height = window.height;
    this.cascade = cascade;
  }

  container(side) {
    return containerLength(this.cascade.el, this.cascade.pseudo !== '', side);
  }
}

// Sizes of fonts of one width are smaller where they come from keywords alone: 13 px for 16. A page that says a length gets it.
const MONOSPACE_RATIO = 13 / 16;
const MONOSPACE_SIZES = { __proto__: null, 'xx-small': 9, 'x-small': 10, small: 12, medium: 13, large: 16, 'x-large': 20, 'xx-large': 26, 'xxx-large': 40 };

function isMonospace(cascade) {
  return computedCss(cascade, 'font-family') === 'monospace';
}

// Does the font size come from a length, here or in what it is inherited from?
function hasAbsoluteFontSize(start) {
  for (let cascade = start; cascade !== null; cascade = parentCascade(cascade)) {
    const value = specifiedValue(cascade, cssLonghand('font-size'));
    if (value === 'initial' || FONT_SIZES[value] !== undefined) return false;
    if (value !== 'inherit' && value !== 'larger' && value !== 'smaller' && RegExpPrototypeExec(/^[\d.]+(?:em|ex|ch|%)$/, value) === null) return true;
  }
  return false;
}

// Where a font of one width begins or ends, an inherited size changes, too.
function inheritedFontSize(cascade, parent) {
  const size = fontSizeOf(parent);
  if (parent === null || isMonospace(parent) === isMonospace(cascade) || hasAbsoluteFontSize(parent)) return size;
  return isMonospace(cascade) ? size * MONOSPACE_RATIO : size / MONOSPACE_RATIO;
}

function computeFontSize(cascade, value) {
  const fixed = FONT_SIZES[value];
  if (fixed !== undefined) return (isMonospace(cascade) ? MONOSPACE_SIZES[value] : fixed) + 'px';
  const parentOf = parentCascade(cascade);
  const parent = inheritedFontSize(cascade, parentOf);
  if (value === 'larger') return cssNumberText(parent * 1.2) + 'px';
  if (value === 'smaller') return cssNumberText(parent / 1.2) + 'px';
  const list = cssComponents(value);
  if (list === null || list.length !== 1) return DEFAULT_FONT_SIZE + 'px';
  const context = new LengthContext(cascade, parent);
  // rem on the root element is of the initial value.
  if (cascade.el === cascade.el.doc.documentElement()) context.rootFontSize = DEFAULT_FONT_SIZE;
  const sum = termSum(list[0], context);
  if (sum === null) return DEFAULT_FONT_SIZE + 'px';
  return cssNumberText(MathMax(0, (sum.px ?? 0) + (sum['%'] ?? 0) / 100 * parent)) + 'px';
}

// A number or math function as a sum of px, % and the like.
function termSum(node, context) {
  const unitOf = (sum) => {
    for (const unit in sum) {
      const px = unit === '' || unit === '%' ? NaN : cssLengthToPx(sum[unit], unit, context);
      if (!NumberIsNaN(px)) return { __proto__: null, px };
    }
    return sum;
  };
  if (isCssMath(node)) return cssMathSum(node, unitOf);
  if (node.type === 'percentage') return { __proto__: null, '%': node.number };
  if (node.type !== 'dimension') return null;
  return unitOf({ __proto__: null, [node.value]: node.number });
}

function computedComponentText(cascade, property, node, context) {
  switch (node.type) {
    case 'dimension': {
      const kind = cssUnitKind(node.value);
      if (kind === 'length') return cssNumberText(cssLengthToPx(node.number, node.value, context)) + 'px';
      if (kind === 'time') return cssNumberText(node.value === 'ms' ? node.number / 1000 : node.number) + 's';
      return serializeCssComponent(node);
    }
    case 'number': return serializeCssComponent(node) + (SVG_LENGTHS.has(property.name) ? 'px' : '');
    case 'ident':
      if (property.types.c || property.functions.has('drop-shadow') || property.types.m) {
        const color = cssColorOf(node);
        if (color === 'currentcolor') return property.name === 'color' ? color : computedCss(cascade, 'color');
        if (color !== null) return serializeCssColor(color);
      }
      return serializeCssComponent(node);
    case 'url': return 'url(' + serializeCssString(absoluteUrl(cascade, property.name, node.value)) + ')';
    case 'hash': {
      const color = property.types.c || property.types.m ? cssColorOf(node) : null;
      return color === null ? serializeCssComponent(node) : serializeCssColor(color);
    }
    case 'function': {
      if (isCssMath(node)) {
        const sum = termSum(node, context);
        // What cannot be brought together without layout: min(50%, 20px)
        if (sum === null) return cssFunctionName(node) + '(' + computedListText(cascade, property, node.args, context) + ')';
        let units = 0;
        for (const unit in sum) if (unit !== '' || sum[unit] !== 0) units++;
        const text = serializeCssSum(sum);
        return units > 1 ? 'calc(' + text + ')' : text;
      }
      if (property.types.c || property.types.m || property.functions.has('drop-shadow')) {
        if (isModernColor(node)) return computedColorFunction(cascade, property, node);
        const color = cssColorOf(node);
        if (color !== null) return serializeCssColor(color);
      }
      return cssFunctionName(node) + '(' + computedListText(cascade, property, node.args, context) + ')';
    }
    default: return serializeCssComponent(node);
  }
}

// https://drafts.csswg.org/css-color-5/: what hangs on `currentcolor` and the used colour scheme
function computedColorFunction(cascade, property, node) {
  const parent = property.name === 'color' ? parentCascade(cascade) : cascade;
  const isDark = () => {
    const scheme = computedCss(cascade, 'color-scheme');
    return StringPrototypeIncludes(scheme, 'dark') && (!StringPrototypeIncludes(scheme, 'light') || matchesMedia('(prefers-color-scheme: dark)', cascade.el.doc.window ?? mainWindow()));
  };
  const color = computedModernColor(node, { __proto__: null, parse: cssComponents, isDark, currentColor: () => (parent === null ? 'rgb(0, 0, 0)' : computedCss(parent, 'color')) });
  if (color !== null) return color;
  // light-dark() of a colour that has a shorter form
  const args = [];
  for (let i = 0; i < node.args.length; i++) if (node.args[i].type !== 'comma') args[args.length] = node.args[i];
  return computedComponentText(cascade, property, args[isDark() ? 1 : 0], null);
}

// https://drafts.csswg.org/css-values-4/#relative-urls: by the sheet it stands in
function absoluteUrl(cascade, name, text) {
  if (text === '' || text[0] === '#') return text;
  const entry = cascade.map === null ? undefined : afterReverts(cascade.map.get(name));
  const base = entry === undefined || entry.sheet === null || entry.sheet.baseURL === null ? documentBaseURL(cascade.el.doc) : entry.sheet.baseURL;
  const url = parseURL(text, base);
  return url === null ? text : serializeURL(url);
}

function computedListText(cascade, property, list, context) {
  let out = '';
  for (let i = 0; i < list.length; i++) {
    const node = list[i];
    if (i > 0 && node.type !== 'comma') {
      const before = list[i - 1];
      if (before.type === 'comma' || node.space || (node.type === 'delim' && node.value === '/') || (before.type === 'delim' && before.value === '/')) out += ' ';
    }
    out += computedComponentText(cascade, property, node, context);
  }
  return out;
}

// Only letters and dashes: a keyword
function isPlainKeyword(text) {
  for (let i = 0; i < text.length; i++) {
    const c = StringPrototypeCharCodeAt(text, i);
    if (!((c >= 97 && c <= 122) || c === 45)) return false;
  }
  return true;
}

const BLOCKIFIED = {
  __proto__: null, inline: 'block', 'inline-block': 'block', 'inline-flex': 'flex', 'inline-grid': 'grid', 'inline-table': 'table', 'table-row': 'block', 'table-cell': 'block', 'table-caption': 'block',
  'table-column': 'block', 'table-row-group': 'block', 'table-header-group': 'block', 'table-footer-group': 'block', 'table-column-group': 'block', ruby: 'block', 'ruby-text': 'block', 'ruby-base': 'block', 'inline list-item': 'list-item', 'inline flow-root list-item': 'flow-root list-item',
};

const BOXED_CONTROLS = { __proto__: null, input: true, button: true, select: true, textarea: true, meter: true, progress: true };

// https://html.spec.whatwg.org/multipage/rendering.html#form-controls: none is laid out as a part of a line, and a hidden one not at all, whatever a page says.
function controlDisplay(el, value) {
  if (BOXED_CONTROLS[el.localName] !== true || el.namespace !== HTML_NS) return value;
  if (isHiddenInput(el)) return 'none';
  return value === 'inline' ? 'inline-block' : value;
}

// https://drafts.csswg.org/css-display-3/#transformations
function computeDisplay(cascade, value) {
  const blockified = BLOCKIFIED[value];
  if (blockified === undefined) return value;
  const position = computedCss(cascade, 'position');
  if (position === 'absolute' || position === 'fixed' || computedCss(cascade, 'float') !== 'none') return blockified;
  if (cascade.pseudo === '' && cascade.el === cascade.el.doc.documentElement()) return blockified;
  const parent = parentCascade(cascade);
  if (parent !== null) {
    const outer = computedCss(parent, 'display');
    if (outer === 'flex' || outer === 'inline-flex' || outer === 'grid' || outer === 'inline-grid') return blockified;
  }
  return value;
}

function toComputed(cascade, property, value) {
  const { name } = property;
  switch (name) {
    case 'display': return computeDisplay(cascade, cascade.pseudo === '' ? controlDisplay(cascade.el, value) : value);
    case 'font-size': return computeFontSize(cascade, value);
    case 'font-weight': {
      if (value === 'normal') return '400';
      if (value === 'bold') return '700';
      if (value === 'bolder' || value === 'lighter') {
        const parent = parentCascade(cascade);
        const weight = parent === null ? 400 : NumberParseFloat(computedCss(parent, 'font-weight'));
        if (value === 'bolder') return weight < 350 ? '400' : weight < 550 ? '700' : weight < 900 ? '900' : '' + weight;
        return weight < 100 ? '' + weight : weight < 550 ? '100' : weight < 750 ? '400' : '700';
      }
      return value;
    }
    case 'position': return value === '-webkit-sticky' ? 'sticky' : value;
    case 'float': return computedCss(cascade, 'position') === 'absolute' || computedCss(cascade, 'position') === 'fixed' ? 'none' : value;
    case 'opacity': case 'flood-opacity': case 'stop-opacity': case 'fill-opacity': case 'stroke-opacity': {
      const number = StringPrototypeEndsWith(value, '%') ? NumberParseFloat(value) / 100 : NumberParseFloat(value);
      return NumberIsNaN(number) ? '1' : cssNumberText(number < 0 ? 0 : number > 1 ? 1 : number);
    }
    case 'overflow-x': case 'overflow-y': {
      // Chromium's sheet says it with !important.
      if (cascade.el.localName === 'input' && cascade.pseudo === '' && uaValue(cascade.el, name) === 'clip') return 'clip';
      if (value !== 'visible' && value !== 'clip') return value;
      const other = cascadedValue(cascade, name === 'overflow-x' ? 'overflow-y' : 'overflow-x');
      return other === 'hidden' || other === 'scroll' || other === 'auto' ? (value === 'visible' ? 'auto' : 'hidden') : value;
    }
    default:
  }
  let isLine = false;
  if (StringPrototypeEndsWith(name, '-width')) {
    const style = StringPrototypeStartsWith(name, 'border-') || name === 'outline-width' || name === 'column-rule-width' ? StringPrototypeSlice(name, 0, name.length - 5) + 'style' : '';
    if (style !== '' && cssLonghand(style) !== undefined) {
      const line = computedCss(cascade, style);
      if (line === 'none' || line === 'hidden') return '0px';
      if (LINE_WIDTHS[value] !== undefined) return LINE_WIDTHS[value];
      isLine = true;
    }
  }
  if (isPlainKeyword(value) && !property.types.c) return value;
  if (property.types['*'] || property.name === 'font-family') return value;
  const list = cssComponents(value);
  if (list === null) return value;
  const context = new LengthContext(cascade, fontSizeOf(cascade));
  if (name === 'line-height' && list.length === 1 && list[0].type === 'percentage') return cssNumberText(list[0].number / 100 * context.fontSize) + 'px';
  const text = computedListText(cascade, property, list, context);
  return isLine ? snapLineWidth(text) : text;
}

// https://drafts.csswg.org/css-values-4/#snap-a-length-as-a-border-width, where a px is a pixel of the device
function snapLineWidth(text) {
  const width = NumberParseFloat(text);
  return NumberIsNaN(width) || width === 0 || !StringPrototypeEndsWith(text, 'px') ? text : (width < 1 ? 1 : MathFloor(width)) + 'px';
}

// -- asked for by other parts ------------------------------------------------------------------------------------------

// The computed value of a property of an element.
export function computedValueOf(el, name) {
  return computedCss(cascadeOf(el), name);
}

// The computed `display`, without a cascade where nothing but the user agent's sheet speaks.
export function displayOf(el) {
  if (!hasAnySheet(el.doc) && inlineDeclarations(el) === null && el.namespace !== SVG_NS) {
    const value = uaValue(el, 'display') ?? 'inline';
    return value;
  }
  return computedCss(cascadeOf(el), 'display');
}

// An inherited property with a chain of parents: cheap where there are no sheets.
export function visibilityOf(el) {
  if (!hasAnySheet(el.doc)) {
    for (let at = el; at !== null && at !== undefined; at = flatParent(at)) if (inlineDeclarations(at) !== null) return computedCss(cascadeOf(el), 'visibility');
    return 'visible';
  }
  return computedCss(cascadeOf(el), 'visibility');
}

// A length in px that the style gives for `name`, or -1: auto, a percentage, or nothing.
export function pxOf(el, name) {
  if (!hasAnySheet(el.doc) && inlineDeclarations(el) === null && el.namespace !== SVG_NS) {
    const value = uaValue(el, name);
    if (value === undefined || !StringPrototypeEndsWith(value, 'px')) return -1;
    return NumberParseFloat(value);
  }
  const value = computedCss(cascadeOf(el), name);
  if (!StringPrototypeEndsWith(value, 'px') || StringPrototypeIncludes(value, '(')) return -1;
  return NumberParseFloat(value);
}

// -- getComputedStyle --------------------------------------------------------------------------------------------------

const PSEUDO_NAMES = new SafeSet(['before', 'after', 'first-line', 'first-letter', 'marker', 'placeholder', 'selection', 'backdrop', 'file-selector-button', 'cue', 'details-content', '-webkit-scrollbar']);

class ComputedStyleImpl extends CSSStyleDeclarationImpl {
  constructor(el, pseudo) {
    super();
    this.el = el;
    this.pseudo = pseudo;        // '', a name, or null: one that there is not
    this.stamp = null;           // what `current` holds for
    this.current = null;         // the cascade
  }

  readonly() {
    return true;
  }

  // null: the element has no style, being outside of the flat tree or in a frame that is not rendered
  cascade() {
    const { el } = this;
    if (this.pseudo === null || (el.flags & CONNECTED) === 0 || el.doc.window === null) return null;
    // What a frame shows hangs on the document around it, too.
    const framed = el.doc.window.frameElement !== null;
    if (motion.pending) lookAtMotion();
    if (framed) sizeFrame(el.doc.window);
    const stamp = styleStamp(el.doc);
    if (this.stamp === stamp && !framed) return this.current;
    this.stamp = stamp;
    this.current = !isInStyledTree(el) || (framed && !isInRenderedFrame(el)) ? null : this.pseudo === '' ? cascadeOf(el) : pseudoCascadeOf(el, this.pseudo);
    return this.current;
  }

  text() {
    return '';
  }

  propertyNames() {
    const cascade = this.cascade();
    if (cascade === null) return [];
    const customs = [];
    const seen = new SafeMap();
    const root = rootOf(this.el);
    const list = (name) => {
      if (seen.has(name)) return;
      seen.set(name, true);
      if (customValue(cascade, name) !== null) customs[customs.length] = name;
    };
    if (root.nodeType === 9 || root.isShadow === true) styleIndexOf(root).registered.forEach((rule, name) => list(name));
    if (this.el.doc.registeredCss !== null) this.el.doc.registeredCss.forEach((made, name) => list(name));
    for (let at = cascade; at !== null; at = parentCascade(at)) {
      if (at.map === null) continue;
      at.map.forEach((entry, name) => {
        if (isCustomCssProperty(name)) list(name);
      });
    }
    if (customs.length === 0) return CSS_LONGHAND_NAMES;
    const out = [];
    for (let i = 0; i < CSS_LONGHAND_NAMES.length; i++) out[i] = CSS_LONGHAND_NAMES[i];
    for (let i = 0; i < customs.length; i++) out[out.length] = customs[i];
    return out;
  }

  priority() {
    return false;
  }

  read(name) {
    const cascade = this.cascade();
    if (cascade === null) return '';
    if (isCustomCssProperty(name)) return customValue(cascade, name) ?? '';
    const shorthand = cssShorthand(name);
    if (shorthand === undefined) return this.resolved(cascade, physicalCssName(name));
    const values = [];
    for (let i = 0; i < shorthand.longhands.length; i++) values[i] = this.resolved(cascade, physicalCssName(shorthand.longhands[i]));
    // A line of the text's own colour does not name it.
    if (name === 'text-decoration' && values[3] === computedCss(cascade, 'color')) values[3] = 'currentcolor';
    return name === 'all' ? '' : shorthand.collapse(values);
  }

  resolved(cascade, name) {
    const value = computedCss(cascade, name);
    return this.pseudo === '' ? resolvedValue(this.el, cascade, name, value) : value;
  }
}

// https://drafts.csswg.org/cssom/#dom-window-getcomputedstyle
export function computedStyleOf(el, pseudo) {
  let name = '';
  if (pseudo !== null && StringPrototypeStartsWith(pseudo, ':')) {
    name = StringPrototypeToLowerCase(StringPrototypeSlice(pseudo, pseudo[1] === ':' ? 2 : 1));
    if (!PSEUDO_NAMES.has(name) || (pseudo[1] !== ':' && name !== 'before' && name !== 'after' && name !== 'first-line' && name !== 'first-letter')) name = null;
  }
  const cssom = cssomOf(el);
  const computed = cssom.computed ?? (cssom.computed = new SafeMap());
  let style = computed.get(name);
  if (style === undefined) {
    style = new ComputedStyleImpl(el, name);
    computed.set(name, style);
  }
  return style;
}
