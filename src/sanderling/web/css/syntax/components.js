// https://drafts.csswg.org/css-syntax-3/#component-value
// Values as trees of component values, and back as text in the form of CSSOM.

import { NumberPrototypeToFixed, StringPrototypeToLowerCase } from '../../primordials.js';
import { preprocessCss, serializeCssString, serializeIdentifier, tokenizeCss } from './tokenizer.js';

// Functions and blocks in one another: what is deeper is broken input, since values are walked by functions that call themselves.
const MAX_COMPONENT_DEPTH = 1000;

export class CssComponent {
  constructor(type, value, space) {
    this.type = type;      // ident number percentage dimension string url hash function ( [ { delim comma colon semicolon at
    this.value = value;    // name (functions: in lower case), text, unit in lower case, character
    this.number = 0;
    this.isInteger = false;
    this.args = null;      // of functions and blocks
    this.space = space;    // whitespace before it
  }
}

class CssComponentReader {
  constructor(text, lenient) {
    this.tokens = tokenizeCss(preprocessCss(text));
    this.index = 0;
    this.depth = 0;
    this.lenient = lenient;
  }

  // null for broken input
  list(closer) {
    const out = [];
    let space = false;
    for (;;) {
      const token = this.tokens[this.index];
      const { type } = token;
      if (type === 'eof') return out;
      this.index++;
      if (type === closer) return out;
      if (type === 'ws') {
        space = true;
        continue;
      }
      if (!this.lenient && (type === ')' || type === ']' || type === '}' || type === 'badstring' || type === 'badurl')) return null;
      const numeric = type === 'number' || type === 'percentage' || type === 'dimension';
      const node = new CssComponent(type, type === 'function' || type === 'dimension' ? StringPrototypeToLowerCase(token.value) : token.value, space);
      space = false;
      if (numeric) {
        node.number = token.number;
        node.isInteger = token.isInteger;
      } else if (type === 'function' || type === '(' || type === '[' || type === '{') {
        if (++this.depth > MAX_COMPONENT_DEPTH) return null;
        node.args = this.list(type === 'function' || type === '(' ? ')' : type === '[' ? ']' : '}');
        if (node.args === null) return null;
        this.depth--;
        if (type === 'function' && node.value === 'url' && node.args.length === 1 && node.args[0].type === 'string') {
          node.type = 'url';
          node.value = node.args[0].value;
          node.args = null;
        }
      }
      out[out.length] = node;
    }
  }
}

// null for broken input. `lenient`: what is wrong stays among the values, and only its neighbours suffer; null for what is too deep only.
export function cssComponents(text, lenient = false) {
  return new CssComponentReader(text, lenient).list('');
}

// https://drafts.csswg.org/cssom/#serialize-a-css-component-value: numbers in base ten, at most six digits after the point
export function cssNumberText(number) {
  const rounded = +NumberPrototypeToFixed(number, 6);
  return '' + (rounded === 0 ? 0 : rounded);
}

// https://drafts.csswg.org/cssom/#serialize-a-css-component-value: functions are in lower case, but for those whose names are not
const CAMEL_FUNCTIONS = {
  __proto__: null, translatex: 'translateX', translatey: 'translateY', translatez: 'translateZ', scalex: 'scaleX', scaley: 'scaleY', scalez: 'scaleZ', rotatex: 'rotateX', rotatey: 'rotateY',
  rotatez: 'rotateZ', skewx: 'skewX', skewy: 'skewY',
};

export function cssFunctionName(node) {
  return CAMEL_FUNCTIONS[node.value] ?? serializeIdentifier(node.value);
}

export function serializeCssComponent(node) {
  switch (node.type) {
    case 'ident': return serializeIdentifier(node.value);
    case 'number': return cssNumberText(node.number);
    case 'percentage': return cssNumberText(node.number) + '%';
    case 'dimension': return cssNumberText(node.number) + serializeIdentifier(node.value);
    case 'string': return serializeCssString(node.value);
    case 'url': return 'url(' + serializeCssString(node.value) + ')';
    case 'hash': return '#' + node.value;
    case 'function': return cssFunctionName(node) + '(' + serializeCssComponents(node.args) + ')';
    case '(': return '(' + serializeCssComponents(node.args) + ')';
    case '[': return '[' + serializeCssComponents(node.args) + ']';
    case '{': return '{' + serializeCssComponents(node.args) + '}';
    case 'comma': return ',';
    case 'colon': return ':';
    case 'semicolon': return ';';
    case 'at': return '@' + node.value;
    case 'cdo': return '<!--';
    case 'cdc': return '-->';
    default: return node.value;
  }
}

export function serializeCssComponents(list) {
  let out = '';
  for (let i = 0; i < list.length; i++) {
    const node = list[i];
    if (i > 0 && node.type !== 'comma') {
      const before = list[i - 1].type;
      const slash = (node.type === 'delim' && node.value === '/') || (before === 'delim' && list[i - 1].value === '/');
      if (before === 'comma' || slash || node.space) out += ' ';
    }
    out += serializeCssComponent(node);
  }
  return out;
}

// Split at top-level commas.
export function splitCssCommas(list) {
  const out = [[]];
  for (let i = 0; i < list.length; i++) {
    if (list[i].type === 'comma') out[out.length] = [];
    else {
      const part = out[out.length - 1];
      part[part.length] = list[i];
    }
  }
  return out;
}

// Does a var() (or env()) stand anywhere in it?
export function hasCssSubstitution(list) {
  for (let i = 0; i < list.length; i++) {
    const { args } = list[i];
    if (args === null) continue;
    if (list[i].type === 'function' && (list[i].value === 'var' || list[i].value === 'env')) return true;
    if (hasCssSubstitution(args)) return true;
  }
  return false;
}

// https://drafts.csswg.org/css-variables-1/#using-variables: has each var() a name, and nothing but a fallback after it?
export function areCssSubstitutionsValid(list) {
  for (let i = 0; i < list.length; i++) {
    const { type, value, args } = list[i];
    if (args === null) continue;
    if (type === 'function' && value === 'var') {
      if (args.length === 0 || args[0].type !== 'ident' || args[0].value.length < 3 || args[0].value[0] !== '-' || args[0].value[1] !== '-') return false;
      if (args.length > 1 && args[1].type !== 'comma') return false;
    } else if (type === 'function' && value === 'env' && (args.length === 0 || args[0].type !== 'ident')) return false;
    if (!areCssSubstitutionsValid(args)) return false;
  }
  return true;
}

const WORD_LIKE = { __proto__: null, ident: 1, function: 1, url: 1 };
const NUMERIC = { __proto__: null, number: 1, percentage: 1, dimension: 1 };

// https://drafts.csswg.org/css-syntax-3/#serialization: would two components that stand side by side be read as others?
export function needsCssComment(before, after) {
  const number = NUMERIC[after.type] === 1;
  const word = WORD_LIKE[after.type] === 1;
  const mark = after.type === 'delim' ? after.value : '';
  switch (before.type) {
    case 'ident': return word || number || mark === '-' || after.type === 'cdc' || after.type === '(';
    case 'at': case 'hash': case 'dimension': return word || number || mark === '-' || after.type === 'cdc';
    case 'number': return word || number || mark === '%' || after.type === 'cdc';
    case 'delim':
      switch (before.value) {
        case '#': return word || number || mark === '-' || after.type === 'cdc';
        case '-': return word || number || mark === '-' || after.type === 'cdc';
        case '@': return word || mark === '-' || after.type === 'cdc';
        case '.': case '+': return number;
        case '/': return mark === '*';
        default: return false;
      }
    default: return false;
  }
}

// https://drafts.csswg.org/css-syntax-3/#typedef-declaration-value: no `;` and no `!` at the top
export function isCssDeclarationValue(list) {
  for (let i = 0; i < list.length; i++) if (list[i].type === 'semicolon' || (list[i].type === 'delim' && list[i].value === '!')) return false;
  return true;
}
