// https://drafts.csswg.org/cssom/#css-declaration-blocks
// What may be declared in rules that are no style rules: descriptors of @font-face and @page, and which properties keyframes and pages take.

import { RegExpPrototypeExec, StringPrototypeStartsWith, StringPrototypeToLowerCase } from '../../primordials.js';
import { cssComponents, isCssDeclarationValue, serializeCssComponents } from '../syntax/components.js';
import { CssDeclaration, cssPropertyName, parseCssDeclaration } from './declarations.js';

// https://drafts.csswg.org/css-fonts-4/#font-face-rule
export const FONT_FACE_DESCRIPTORS = {
  __proto__: null, 'font-family': 1, src: 1, 'font-style': 1, 'font-weight': 1, 'font-stretch': 1, 'unicode-range': 1, 'font-feature-settings': 1, 'font-variation-settings': 1, 'font-variant': 1,
  'font-display': 1, 'ascent-override': 1, 'descent-override': 1, 'line-gap-override': 1, 'size-adjust': 1,
};

// https://drafts.csswg.org/css-page-3/#page-properties
const PAGE_PROPERTIES = /^(?:background|border|color$|content$|counter|direction$|font|height$|letter-spacing$|line-height$|margin|max-|min-|outline|overflow|padding|quotes$|text-|unicode-bidi$|vertical-align$|visibility$|white-space|width$|word-spacing$|z-index$|--)/;
const PAGE_SIZES = /^(?:auto|(?:(?:a[345]|b[45]|jis-b[45]|letter|legal|ledger|portrait|landscape) ?){1,2}|[.\d]+[a-z]+(?: [.\d]+[a-z]+)?)$/;
const PAGE_ORIENTATIONS = /^(?:upright|rotate-left|rotate-right)$/;
// https://drafts.csswg.org/css-animations-1/#keyframes
const KEYFRAME_EXCLUDED = /^animation(?!-timing-function|-composition)/;

// The canonical name of what may be declared where `allows` says, or ''
export function descriptorName(allows, property) {
  const lower = StringPrototypeToLowerCase(property);
  if (allows === 'font-face') return FONT_FACE_DESCRIPTORS[lower] === 1 ? lower : '';
  if (allows === 'page' && (lower === 'size' || lower === 'page-orientation')) return lower;
  const name = cssPropertyName(property);
  if (allows === 'page') return RegExpPrototypeExec(PAGE_PROPERTIES, name) === null ? '' : name;
  return allows === 'keyframe' && RegExpPrototypeExec(KEYFRAME_EXCLUDED, name) !== null ? '' : name;
}

// Like parseCssDeclaration()
export function parseDescriptor(allows, name, text, important) {
  if (allows === 'keyframe' && important) return null;
  if (allows === 'page' && (name === 'size' || name === 'page-orientation')) {
    const value = plainValue(text);
    if (value === null) return null;
    const lower = StringPrototypeToLowerCase(value);
    return RegExpPrototypeExec(name === 'size' ? PAGE_SIZES : PAGE_ORIENTATIONS, lower) === null ? null : [new CssDeclaration(name, lower, important, false, '')];
  }
  if (allows !== 'font-face') return parseCssDeclaration(name, text, important);
  if (important) return null;
  const value = plainValue(text);
  if (value === null) return null;
  // Ranges of code points are no component values (CSS Syntax, 7): kept as they are written, in upper case.
  const kept = name === 'unicode-range' ? text : value;
  return StringPrototypeStartsWith(kept, '!') ? null : [new CssDeclaration(name, kept, false, false, '')];
}

function plainValue(text) {
  const list = cssComponents(text);
  return list === null || list.length === 0 || !isCssDeclarationValue(list) ? null : serializeCssComponents(list);
}
