// https://drafts.csswg.org/selectors-4/#grammar
// Selector text to a tree of plain objects. What is valid here is what Chromium accepts, where the standard leaves room.

import { preprocessCss, serializeCssString, serializeIdentifier, tokenizeCss } from '../syntax/tokenizer.js';
import { domException } from '../../dom/DOMException.js';
import { NumberParseInt, RegExpPrototypeExec, SafeSet, StringPrototypeSlice, StringPrototypeStartsWith, StringPrototypeToLowerCase, StringPrototypeTrim } from '../../primordials.js';

// One simple selector. `kind`: id class attr pseudo is where not has nth lang dir host hostContext scope.
class SimpleSelector {
  constructor(kind, name) {
    this.kind = kind;
    this.name = name;         // id, class, attribute or pseudo-class name
    this.namespace = null;    // of attributes: null none, '*' any, or the URL
    this.prefix = '';         // of attributes, as written
    this.operator = '';       // of attributes: '' for presence, '=' '~=' '|=' '^=' '$=' '*='
    this.value = '';
    this.flag = '';           // 'i', 's' or ''
    this.list = null;         // argument: list of complex selectors
    this.a = 0;               // an+b
    this.b = 0;
    this.values = null;       // language ranges
    this.texts = null;        // and as they are serialized; of forgiving lists: null for a selector, else what was none
  }
}

class CompoundSelector {
  constructor() {
    this.tag = null;             // local name, null for none or `*`
    this.namespace = undefined;  // undefined any, null none, or the URL
    this.prefix = null;          // of the tag, as written; null: none, '': only the bar
    this.universal = false;      // `*` was written
    this.simples = [];
    this.pseudoElement = '';     // name, or ''
    this.pseudoArgument = null;  // compound list of ::slotted, names of ::part
    this.pseudos = null;         // for serialization: { name, argument, after } of each pseudo-element
  }
}

class ComplexSelector {
  constructor() {
    this.compounds = [];
    this.combinators = [];       // [i] stands before compounds[i]; [0] is '' but in relative selectors
    this.specificity = 0;
    this.implied = false;        // the first compound is the root of a scope that nobody wrote
  }
}

const PSEUDO_CLASSES = new SafeSet([
  'root', 'empty', 'scope', 'first-child', 'last-child', 'only-child', 'first-of-type', 'last-of-type', 'only-of-type',
  'checked', 'disabled', 'enabled', 'required', 'optional', 'read-only', 'read-write', 'placeholder-shown', 'default', 'indeterminate',
  'valid', 'invalid', 'in-range', 'out-of-range', 'user-valid', 'user-invalid', 'link', 'any-link', '-webkit-any-link', 'visited', 'target',
  'target-within', 'hover', 'active', 'focus', 'focus-visible', 'focus-within', 'defined', 'open', 'modal', 'popover-open', 'fullscreen',
  '-webkit-full-screen', 'picture-in-picture', 'autofill', '-webkit-autofill', 'playing', 'paused', 'seeking', 'buffering', 'stalled', 'muted', 'volume-locked',
  'host', 'local-link', 'current', 'past', 'future', 'has-slotted',
]);
const FUNCTION_CLASSES = new SafeSet([
  'is', 'where', 'not', 'has', 'nth-child', 'nth-last-child', 'nth-of-type', 'nth-last-of-type', 'lang', 'dir', 'host', 'host-context', 'state',
  '-webkit-any',
]);
const PSEUDO_ELEMENTS = new SafeSet([
  'before', 'after', 'first-line', 'first-letter', 'marker', 'placeholder', 'selection', 'backdrop', 'file-selector-button', 'cue',
  'target-text', 'spelling-error', 'grammar-error', 'details-content', 'view-transition', 'search-text',
]);
const LEGACY_PSEUDO_ELEMENTS = new SafeSet(['before', 'after', 'first-line', 'first-letter']);

// https://drafts.csswg.org/selectors-4/#pseudo-element-states and what Chromium adds to it
const USER_ACTIONS = new SafeSet(['hover', 'active', 'focus', 'focus-visible', 'focus-within', 'is', 'where', 'not']);
const STRUCTURAL_CLASSES = new SafeSet([
  'root', 'empty', 'first-child', 'last-child', 'only-child', 'first-of-type', 'last-of-type', 'only-of-type', 'nth-child', 'nth-last-child', 'nth-of-type', 'nth-last-of-type', 'has', 'host',
  'host-context', 'scope',
]);
const SCROLLBAR_CLASSES = new SafeSet(['horizontal', 'vertical', 'increment', 'decrement', 'start', 'end', 'double-button', 'single-button', 'no-button', 'corner-present', 'window-inactive']);

function mayFollowElement(element, name) {
  if (element === 'slotted') return false;
  if (element === 'part') return !STRUCTURAL_CLASSES.has(name);
  return USER_ACTIONS.has(name) || (SCROLLBAR_CLASSES.has(name) && StringPrototypeStartsWith(element, '-webkit-')) || (name === 'only-child' && StringPrototypeStartsWith(element, 'view-transition'));
}

class SelectorSyntaxError {}
const INVALID = new SelectorSyntaxError();

const MAX_COMPOUNDS = 2048; // in one complex selector: matching recurses over them
const MAX_NESTING = 128;    // of functions in functions

class SelectorParser {
  constructor(text, namespaces) {
    this.text = preprocessCss(text);
    this.tokens = tokenizeCss(this.text);
    this.index = 0;
    this.namespaces = namespaces; // null, or { default, prefixes: SafeMap }
    this.depth = 0;
    this.insideHas = false;
    this.only = '';               // inside of some arguments: 'compound' or 'pseudo' selectors only
    this.forgave = false;         // out: a forgiving list held what is no selector
    this.nesting = null;          // what `&` stands for: a list, or null
  }

  peek() {
    return this.tokens[this.index];
  }

  skipWhite() {
    while (this.tokens[this.index].type === 'ws') this.index++;
  }

  isDelim(character) {
    const token = this.tokens[this.index];
    return token.type === 'delim' && token.value === character;
  }

  // A comma-separated list up to `close` (')' or 'eof'), which is not consumed.
  list(close, relative) {
    const out = [];
    for (;;) {
      out[out.length] = this.complex(relative);
      this.skipWhite();
      const token = this.peek();
      if (token.type === close) return out;
      if (token.type !== 'comma') throw INVALID;
      this.index++;
    }
  }

  // https://drafts.csswg.org/selectors-4/#parse-as-a-forgiving-selector-list
  // `texts` gets null for each selector, and the text of what is none.
  forgivingList(texts) {
    const out = [];
    const { only, depth } = this;
    for (;;) {
      const start = this.index;
      this.skipWhite();
      if (this.peek().type === ')' || this.peek().type === 'eof') return out;
      try {
        const complex = this.complex(false);
        this.skipWhite();
        const type = this.peek().type;
        if ((type !== 'comma' && type !== ')' && type !== 'eof') || complex.compounds[complex.compounds.length - 1].pseudoElement !== '') throw INVALID;
        out[out.length] = complex;
        texts[texts.length] = null;
      } catch (error) {
        if (error !== INVALID) throw error;
        this.index = start;
        this.skipArgument();
        // What it was stays in the text.
        texts[texts.length] = StringPrototypeTrim(StringPrototypeSlice(this.text, this.tokens[start].start, this.peek().start));
        this.forgave = true;
        this.only = only;
        this.depth = depth;
      }
      if (this.peek().type === 'comma') this.index++;
    }
  }

  // Over anything up to a comma or closing parenthesis at this level.
  skipArgument() {
    let depth = 0;
    for (;;) {
      const type = this.peek().type;
      if (type === 'eof') return;
      if (depth === 0 && (type === 'comma' || type === ')')) return;
      if (type === '(' || type === '[' || type === '{' || type === 'function') depth++;
      else if (type === ')' || type === ']' || type === '}') depth--;
      this.index++;
    }
  }

  combinator() {
    const token = this.peek();
    if (token.type === 'delim' && (token.value === '>' || token.value === '+' || token.value === '~')) {
      this.index++;
      return token.value;
    }
    return '';
  }

  complex(relative) {
    const complex = new ComplexSelector();
    this.skipWhite();
    let combinator = '';
    if (relative) {
      combinator = this.combinator();
      if (combinator === '') combinator = ' ';
      this.skipWhite();
    }
    for (;;) {
      const compound = this.compound();
      complex.combinators[complex.compounds.length] = combinator;
      complex.compounds[complex.compounds.length] = compound;
      if (complex.compounds.length > MAX_COMPOUNDS) throw INVALID;
      const before = this.index;
      this.skipWhite();
      const white = this.index !== before;
      combinator = this.combinator();
      if (combinator !== '') {
        this.skipWhite();
      } else {
        const type = this.peek().type;
        if (!white || type === 'comma' || type === ')' || type === 'eof') break;
        combinator = ' ';
      }
      // Nothing follows a pseudo-element.
      if (compound.pseudoElement !== '' || this.only !== '') throw INVALID;
    }
    complex.specificity = specificityOfComplex(complex);
    return complex;
  }

  compound() {
    const compound = new CompoundSelector();
    const start = this.index;
    this.typeSelector(compound);
    if (this.only === 'pseudo' && this.index !== start) throw INVALID;
    for (;;) {
      const token = this.peek();
      if (this.only === 'pseudo' && (token.type === 'hash' || token.type === '[' || (token.type === 'delim' && token.value === '.'))) throw INVALID;
      if (token.type === 'hash') {
        if (compound.pseudoElement !== '' || !token.isId) throw INVALID;
        this.index++;
        compound.simples[compound.simples.length] = new SimpleSelector('id', token.value);
      } else if (token.type === 'delim' && token.value === '.') {
        this.index++;
        const name = this.peek();
        if (compound.pseudoElement !== '' || name.type !== 'ident') throw INVALID;
        this.index++;
        compound.simples[compound.simples.length] = new SimpleSelector('class', name.value);
      } else if (token.type === '[') {
        if (compound.pseudoElement !== '') throw INVALID;
        compound.simples[compound.simples.length] = this.attribute();
      } else if (token.type === 'colon') {
        this.pseudo(compound);
      } else if (token.type === 'delim' && token.value === '&') {
        // Outside of style rules it is :scope.
        this.index++;
        const scoped = this.nesting === null || this.nesting === SCOPED;
        const simple = new SimpleSelector(scoped ? 'scope' : 'is', '&');
        simple.list = scoped ? null : this.nesting;
        compound.simples[compound.simples.length] = simple;
      } else break;
    }
    if (this.index === start) throw INVALID;
    return compound;
  }

  namespaceOf(prefix) {
    if (prefix === '*') return undefined;
    const known = this.namespaces === null ? undefined : this.namespaces.prefixes.get(prefix);
    if (known === undefined) throw INVALID;
    return known;
  }

  typeSelector(compound) {
    const first = this.peek();
    const isName = first.type === 'ident' || this.isDelim('*');
    const bar = isName ? this.tokens[this.index + 1] : first;
    const isBar = bar.type === 'delim' && bar.value === '|';
    if (isBar) {
      const name = this.tokens[this.index + (isName ? 2 : 1)];
      const named = name.type === 'ident' || (name.type === 'delim' && name.value === '*');
      if (named) {
        compound.namespace = isName ? this.namespaceOf(first.value) : null;
        compound.prefix = isName ? first.value : '';
        this.setTag(compound, name);
        this.index += isName ? 3 : 2;
        return;
      }
      throw INVALID;
    }
    // Without a type selector, what stands in :is(), :not() and the like is of any namespace (Selectors 4, 4.2).
    if (this.namespaces !== null && this.namespaces.default !== undefined && (isName || this.depth === 0)) compound.namespace = this.namespaces.default;
    if (!isName) return;
    this.setTag(compound, first);
    this.index++;
  }

  setTag(compound, token) {
    if (token.type === 'ident') compound.tag = token.value;
    else compound.universal = true;
  }

  // https://drafts.csswg.org/selectors-4/#attribute-selectors
  attribute() {
    this.index++;
    this.skipWhite();
    const simple = new SimpleSelector('attr', '');
    let token = this.peek();
    const barFirst = this.isDelim('|');
    if (barFirst || ((token.type === 'ident' || this.isDelim('*')) && this.nextIsBarName())) {
      if (barFirst) {
        this.index++;
      } else {
        simple.namespace = token.value === '*' ? '*' : this.namespaceOf(token.value);
        simple.prefix = token.value;
        this.index += 2;
      }
      token = this.peek();
    }
    if (token.type !== 'ident') throw INVALID;
    simple.name = token.value;
    this.index++;
    this.skipWhite();
    token = this.peek();
    if (token.type !== ']' && token.type !== 'eof') {
      if (token.type !== 'delim') throw INVALID;
      this.index++;
      if (token.value === '=') {
        simple.operator = '=';
      } else {
        if (token.value !== '~' && token.value !== '|' && token.value !== '^' && token.value !== '$' && token.value !== '*') throw INVALID;
        if (!this.isDelim('=')) throw INVALID;
        this.index++;
        simple.operator = token.value + '=';
      }
      this.skipWhite();
      token = this.peek();
      if (token.type !== 'ident' && token.type !== 'string') throw INVALID;
      simple.value = token.value;
      this.index++;
      this.skipWhite();
      token = this.peek();
      if (token.type === 'ident') {
        const flag = StringPrototypeToLowerCase(token.value);
        if (flag !== 'i' && flag !== 's') throw INVALID;
        simple.flag = flag;
        this.index++;
        this.skipWhite();
      }
    }
    // A missing bracket at the end of the text is closed (CSS Syntax, 5.4.8).
    if (this.peek().type === ']') this.index++;
    else if (this.peek().type !== 'eof') throw INVALID;
    return simple;
  }

  // `ns|name`, but not `name|=value`
  nextIsBarName() {
    const bar = this.tokens[this.index + 1];
    const name = this.tokens[this.index + 2];
    return bar.type === 'delim' && bar.value === '|' && name !== undefined && name.type === 'ident';
  }

  closeFunction() {
    this.skipWhite();
    if (this.peek().type === ')') this.index++;
    else if (this.peek().type !== 'eof') throw INVALID;
  }

  pseudo(compound) {
    this.index++;
    let element = false;
    if (this.peek().type === 'colon') {
      this.index++;
      element = true;
    }
    const token = this.peek();
    if (token.type !== 'ident' && token.type !== 'function') throw INVALID;
    const name = StringPrototypeToLowerCase(token.value);
    this.index++;
    const after = compound.pseudoElement;
    if (element || (token.type === 'ident' && LEGACY_PSEUDO_ELEMENTS.has(name))) {
      this.pseudoElement(compound, name, token.type === 'function');
      return;
    }
    if ((after !== '' && !mayFollowElement(after, name)) || (this.only === 'pseudo' && STRUCTURAL_CLASSES.has(name))) throw INVALID;
    if (token.type === 'ident') {
      if (!PSEUDO_CLASSES.has(name) && !(SCROLLBAR_CLASSES.has(name) && StringPrototypeStartsWith(after, '-webkit-scrollbar'))) throw INVALID;
      compound.simples[compound.simples.length] = new SimpleSelector(name === 'host' || name === 'scope' ? name : 'pseudo', name);
      return;
    }
    if (!FUNCTION_CLASSES.has(name)) throw INVALID;
    if (++this.depth > MAX_NESTING) throw INVALID;
    const { only } = this;
    if (after !== '') this.only = 'pseudo';
    compound.simples[compound.simples.length] = this.functional(name);
    this.only = only;
    this.depth--;
    this.closeFunction();
  }

  pseudoElement(compound, name, isFunction) {
    if (compound.pseudoElement !== '' && compound.pseudoElement !== 'part' && compound.pseudoElement !== 'slotted') throw INVALID;
    let argument = null;
    if (isFunction) {
      if (name === 'slotted') {
        this.skipWhite();
        const complex = new ComplexSelector();
        complex.compounds[0] = this.alone();
        complex.combinators[0] = '';
        if (complex.compounds[0].pseudoElement !== '') throw INVALID;
        complex.specificity = specificityOfComplex(complex);
        argument = compound.pseudoArgument = [complex];
      } else if (name === 'part') {
        argument = compound.pseudoArgument = this.identifiers();
      } else if (name === 'highlight' || name === 'cue' || StringPrototypeStartsWith(name, 'view-transition-')) {
        const start = this.peek().start;
        this.skipArgument();
        argument = StringPrototypeTrim(StringPrototypeSlice(this.text, start, this.peek().start));
      } else throw INVALID;
      this.closeFunction();
    } else if (!PSEUDO_ELEMENTS.has(name) && !StringPrototypeStartsWith(name, '-webkit-')) throw INVALID;
    compound.pseudoElement = name;
    const pseudos = compound.pseudos ?? (compound.pseudos = []);
    pseudos[pseudos.length] = { __proto__: null, name, argument, after: compound.simples.length };
  }

  // A compound selector in whose arguments stand no complex ones.
  alone() {
    const { only } = this;
    this.only = 'compound';
    const compound = this.compound();
    this.only = only;
    return compound;
  }

  identifiers() {
    const out = [];
    for (;;) {
      this.skipWhite();
      const token = this.peek();
      if (token.type !== 'ident') break;
      out[out.length] = token.value;
      this.index++;
    }
    if (out.length === 0) throw INVALID;
    return out;
  }

  functional(name) {
    if (name === 'is' || name === 'where') {
      const simple = new SimpleSelector(name, name);
      simple.texts = [];
      simple.list = this.forgivingList(simple.texts);
      return simple;
    }
    if (name === 'not' || name === '-webkit-any') {
      const simple = new SimpleSelector(name === 'not' ? 'not' : 'is', name);
      simple.list = this.list(this.endOfArgument(), false);
      rejectPseudoElements(simple.list);
      return simple;
    }
    if (name === 'has') {
      // https://drafts.csswg.org/selectors-4/#relational: not inside itself
      if (this.insideHas) throw INVALID;
      const simple = new SimpleSelector('has', name);
      this.insideHas = true;
      try {
        simple.list = this.list(this.endOfArgument(), true);
      } finally {
        this.insideHas = false;
      }
      rejectPseudoElements(simple.list);
      return simple;
    }
    if (StringPrototypeStartsWith(name, 'nth-')) return this.nth(name);
    if (name === 'lang') return this.lang();
    if (name === 'dir' || name === 'state') {
      const simple = new SimpleSelector(name, name);
      this.skipWhite();
      if (this.peek().type !== 'ident') throw INVALID;
      simple.value = name === 'dir' ? StringPrototypeToLowerCase(this.peek().value) : this.peek().value;
      this.index++;
      return simple;
    }
    // :host() and :host-context() take one compound selector.
    const simple = new SimpleSelector(name === 'host' ? 'host' : 'hostContext', name);
    this.skipWhite();
    const complex = new ComplexSelector();
    complex.compounds[0] = this.alone();
    complex.combinators[0] = '';
    if (complex.compounds[0].pseudoElement !== '') throw INVALID;
    complex.specificity = specificityOfComplex(complex);
    simple.list = [complex];
    return simple;
  }

  // Functions that the text does not close end with it.
  endOfArgument() {
    let depth = 0;
    for (let i = this.index; ; i++) {
      const type = this.tokens[i].type;
      if (type === 'eof') return 'eof';
      if (type === ')' && depth === 0) return ')';
      if (type === '(' || type === 'function') depth++;
      else if (type === ')') depth--;
    }
  }

  lang() {
    const simple = new SimpleSelector('lang', 'lang');
    simple.values = [];
    simple.texts = [];
    for (;;) {
      this.skipWhite();
      const token = this.peek();
      if (token.type !== 'ident' && token.type !== 'string') throw INVALID;
      simple.values[simple.values.length] = StringPrototypeToLowerCase(token.value);
      simple.texts[simple.texts.length] = token.type === 'ident' ? serializeIdentifier(token.value) : serializeCssString(token.value);
      this.index++;
      this.skipWhite();
      if (this.peek().type !== 'comma') return simple;
      this.index++;
    }
  }

  // https://drafts.csswg.org/css-syntax-3/#anb-microsyntax
  nth(name) {
    const simple = new SimpleSelector('nth', name);
    let text = '';
    let of = false;
    for (;;) {
      const token = this.peek();
      if (token.type === ')' || token.type === 'eof') break;
      this.index++;
      if (token.type === 'ident' && text !== '' && StringPrototypeToLowerCase(token.value) === 'of') {
        of = true;
        break;
      }
      text += token.type === 'ws' ? ' ' : StringPrototypeSlice(this.text, token.start, token.end);
    }
    parseAnPlusB(text, simple);
    if (of) {
      if (name !== 'nth-child' && name !== 'nth-last-child') throw INVALID;
      simple.list = this.list(this.endOfArgument(), false);
      rejectPseudoElements(simple.list);
    }
    return simple;
  }
}

const AN_PLUS_B = /^\s*(?:([+-]?\d*)n(?:\s*([+-])\s*(\d+))?|([+-]?\d+))\s*$/i;

function parseAnPlusB(text, out) {
  const match = RegExpPrototypeExec(AN_PLUS_B, text);
  if (match === null) {
    const word = RegExpPrototypeExec(/^\s*(even|odd)\s*$/i, text);
    if (word === null) throw INVALID;
    out.a = 2;
    out.b = StringPrototypeToLowerCase(word[1]) === 'odd' ? 1 : 0;
    return;
  }
  if (match[4] !== undefined) {
    out.b = NumberParseInt(match[4], 10);
    return;
  }
  const a = match[1];
  out.a = a === '' || a === '+' ? 1 : a === '-' ? -1 : NumberParseInt(a, 10);
  if (match[3] !== undefined) out.b = NumberParseInt(match[3], 10) * (match[2] === '-' ? -1 : 1);
}

function rejectPseudoElements(list) {
  for (let i = 0; i < list.length; i++) {
    const compounds = list[i].compounds;
    if (compounds[compounds.length - 1].pseudoElement !== '') throw INVALID;
  }
}

// https://drafts.csswg.org/selectors-4/#specificity-rules: (a, b, c) as one number, ten bits each.
function specificityOfComplex(complex) {
  let a = 0;
  let b = 0;
  let c = 0;
  const add = (value) => {
    a += value >> 20;
    b += (value >> 10) & 1023;
    c += value & 1023;
  };
  for (let i = 0; i < complex.compounds.length; i++) {
    const compound = complex.compounds[i];
    if (compound.tag !== null) c++;
    if (compound.pseudoElement !== '') {
      c++;
      if (compound.pseudoElement === 'slotted') add(compound.pseudoArgument[0].specificity);
    }
    for (let j = 0; j < compound.simples.length; j++) {
      const simple = compound.simples[j];
      switch (simple.kind) {
        case 'id': a++; break;
        case 'where': break;
        case 'scope': if (simple.name !== '&') b++; break;
        case 'is': case 'not': case 'has': add(highestSpecificity(simple.list)); break;
        case 'nth': case 'host': case 'hostContext':
          b++;
          if (simple.list !== null) add(highestSpecificity(simple.list));
          break;
        default: b++;
      }
    }
  }
  return ((a > 1023 ? 1023 : a) << 20) | ((b > 1023 ? 1023 : b) << 10) | (c > 1023 ? 1023 : c);
}

function highestSpecificity(list) {
  let out = 0;
  for (let i = 0; i < list.length; i++) if (list[i].specificity > out) out = list[i].specificity;
  return out;
}

// As `nesting`: rules that stand in @scope themselves. Their selectors are relative to the root of the scope, which `&` stands for.
export const SCOPED = [];

// https://drafts.csswg.org/selectors-4/#parse-a-selector; null when the text is no selector list.
// `nesting`: the parent rule's list for `&` and relative selectors in nested rules, or null.
export function parseSelectorList(text, namespaces, nesting) {
  const parser = new SelectorParser(text, namespaces);
  try {
    if (nesting !== null) {
      parser.nesting = nesting;
      return nestedList(parser);
    }
    return parser.list('eof', false);
  } catch (error) {
    if (error === INVALID) return null;
    throw error;
  }
}

// https://drafts.csswg.org/css-nesting-1/#syntax: without `&` a selector is relative to the parent rule's elements.
function nestedList(parser) {
  const out = [];
  for (;;) {
    parser.skipWhite();
    const start = parser.index;
    let ampersand = false;
    let depth = 0;
    for (let i = start; ; i++) {
      const token = parser.tokens[i];
      const { type } = token;
      if (type === 'eof' || (type === 'comma' && depth === 0)) break;
      if (type === 'function' || type === '(') depth++;
      else if (type === ')') depth--;
      else if (type === 'delim' && token.value === '&') ampersand = true;
      else if (parser.nesting === SCOPED && type === 'colon' && parser.tokens[i + 1].type === 'ident' && StringPrototypeToLowerCase(parser.tokens[i + 1].value) === 'scope') ampersand = true;
    }
    const first = parser.peek();
    const relative = !ampersand || (first.type === 'delim' && (first.value === '>' || first.value === '+' || first.value === '~'));
    const complex = parser.complex(relative);
    if (relative) {
      const parent = new CompoundSelector();
      const scoped = parser.nesting === SCOPED;
      const simple = new SimpleSelector(scoped ? 'scope' : 'is', '&');
      simple.list = scoped ? null : parser.nesting;
      parent.simples[0] = simple;
      const joined = new ComplexSelector();
      joined.implied = scoped;
      joined.compounds[0] = parent;
      joined.combinators[0] = '';
      for (let i = 0; i < complex.compounds.length; i++) {
        joined.compounds[i + 1] = complex.compounds[i];
        joined.combinators[i + 1] = complex.combinators[i];
      }
      joined.specificity = specificityOfComplex(joined);
      out[out.length] = joined;
    } else out[out.length] = complex;
    parser.skipWhite();
    const token = parser.peek();
    if (token.type === 'eof') return out;
    if (token.type !== 'comma') throw INVALID;
    parser.index++;
  }
}

// Is it a selector list without anything in it that is none? For @supports: https://drafts.csswg.org/css-conditional-4/#support-definition-ext
export function isWholeSelectorList(text) {
  const parser = new SelectorParser(text, null);
  try {
    parser.list('eof', false);
    return !parser.forgave;
  } catch (error) {
    if (error === INVALID) return false;
    throw error;
  }
}

export function throwSelectorError(text) {
  throw domException('SyntaxError', "'" + text + "' is not a valid selector.");
}
