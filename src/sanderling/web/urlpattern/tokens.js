// https://urlpattern.spec.whatwg.org/#parsing-pattern-strings
// The tokens of pattern strings, and the parts that they are parsed to. Positions are UTF-16 offsets where the standard counts code
// points: the substrings are the same.
import {
  RegExpPrototypeExec, StringPrototypeCharCodeAt, StringPrototypeCodePointAt, StringPrototypeSlice, TypeError,
} from '../primordials.js';

// https://urlpattern.spec.whatwg.org/#is-a-valid-name-code-point
export function isPatternNameChar(char, first) {
  return RegExpPrototypeExec(first ? /^[$_\p{ID_Start}]$/u : /^[$\u200C\u200D\p{ID_Continue}]$/u, char) !== null;
}

// The code point at `index`, as a string.
export function patternCharAt(text, index) {
  return StringPrototypeSlice(text, index, index + (StringPrototypeCodePointAt(text, index) > 0xFFFF ? 2 : 1));
}

function isAsciiPatternChar(char) {
  return char.length === 1 && StringPrototypeCharCodeAt(char, 0) < 0x80;
}

// Where the regular expression that begins at `start`, behind its parenthesis, ends (behind the closing one), or -1: step 2.8 of tokenize.
function endOfPatternRegExp(input, start) {
  let depth = 1;
  let position = start;
  while (position < input.length) {
    const char = patternCharAt(input, position);
    if (!isAsciiPatternChar(char) || (position === start && char === '?')) return -1;
    position++;
    if (char === '\\') {
      if (position === input.length || !isAsciiPatternChar(patternCharAt(input, position))) return -1;
      position++;
    } else if (char === ')') {
      depth--;
      if (depth === 0) return position === start + 1 ? -1 : position;
    } else if (char === '(') {
      depth++;
      if (position === input.length || input[position] !== '?') return -1;
    }
  }
  return -1;
}

const PATTERN_SYNTAX = { __proto__: null, '*': 'asterisk', '+': 'other-modifier', '?': 'other-modifier', '{': 'open', '}': 'close' };

// https://urlpattern.spec.whatwg.org/#tokenize
// A token is { type, index, value }. With `strict` what is invalid throws, else it becomes a token of its own.
export function tokenizePattern(input, strict) {
  const tokens = [];
  let index = 0;
  const add = (type, next, valueStart, valueEnd) => {
    tokens[tokens.length] = { type, index, value: StringPrototypeSlice(input, valueStart, valueEnd) };
    index = next;
  };
  const fail = (next, valueStart) => {
    if (strict) throw new TypeError(`Invalid pattern string '${input}' at ${index}.`);
    add('invalid-char', next, valueStart, next);
  };
  while (index < input.length) {
    const char = patternCharAt(input, index);
    const next = index + char.length;
    const syntax = PATTERN_SYNTAX[char];
    if (syntax !== undefined) {
      add(syntax, next, index, next);
    } else if (char === '\\') {
      if (next === input.length) {
        fail(next, index);
      } else {
        const end = next + patternCharAt(input, next).length;
        add('escaped-char', end, next, end);
      }
    } else if (char === ':') {
      let end = next;
      while (end < input.length) {
        const one = patternCharAt(input, end);
        if (!isPatternNameChar(one, end === next)) break;
        end += one.length;
      }
      if (end === next) fail(next, index);
      else add('name', end, next, end);
    } else if (char === '(') {
      const end = endOfPatternRegExp(input, next);
      if (end === -1) fail(next, index);
      else add('regexp', end, next, end - 1);
    } else {
      add('char', next, index, next);
    }
  }
  add('end', index, index, index);
  return tokens;
}

// Types and modifiers of parts, the less restrictive the smaller: `compareComponent` compares them.
export const FULL_WILDCARD = 0;
export const SEGMENT_WILDCARD = 1;
export const REGEXP_PART = 2;
export const FIXED_TEXT = 3;
export const PATTERN_MODIFIERS = ['*', '?', '+', ''];
export const NO_MODIFIER = 3;

export function patternPart(type, value, modifier = NO_MODIFIER, name = '', prefix = '', suffix = '') {
  return { __proto__: null, type, value, modifier, name, prefix, suffix };
}

// https://urlpattern.spec.whatwg.org/#generate-a-segment-wildcard-regexp
export function segmentWildcardRegExp(options) {
  return '[^' + escapeChars(options.delimiter, REGEXP_SPECIAL) + ']+?';
}

export const REGEXP_SPECIAL = '.+*?^${}()[]|/\\';
export const PATTERN_SPECIAL = '+*?:{}()\\';

// https://urlpattern.spec.whatwg.org/#escape-a-regexp-string and https://urlpattern.spec.whatwg.org/#escape-a-pattern-string
export function escapeChars(text, special) {
  let out = '';
  for (let i = 0; i < text.length; i++) {
    for (let j = 0; j < special.length; j++) {
      if (special[j] === text[i]) {
        out += '\\';
        break;
      }
    }
    out += text[i];
  }
  return out;
}

// https://urlpattern.spec.whatwg.org/#parse-a-pattern-string
// `encode` is the encoding callback; it throws for what the component cannot hold.
export class PatternParser {
  constructor(input, options, encode) {
    this.tokens = tokenizePattern(input, true);
    this.options = options;
    this.encode = encode;
    this.input = input;
    this.segmentWildcard = segmentWildcardRegExp(options);
    this.parts = [];
    this.pending = '';           // the pending fixed value
    this.index = 0;
    this.nextName = 0;
  }

  // 3.
  parse() {
    while (this.index < this.tokens.length) {
      const char = this.take('char');
      let name = this.take('name');
      let matcher = this.takeMatcher(name);
      if (name !== null || matcher !== null) {
        let prefix = char === null ? '' : char.value;
        if (prefix !== '' && prefix !== this.options.prefix) {
          this.pending += prefix;
          prefix = '';
        }
        this.flushFixed();
        this.addPart(prefix, name, matcher, '', this.takeModifier());
        continue;
      }
      const fixed = char ?? this.take('escaped-char');
      if (fixed !== null) {
        this.pending += fixed.value;
        continue;
      }
      if (this.take('open') !== null) {
        const prefix = this.takeText();
        name = this.take('name');
        matcher = this.takeMatcher(name);
        const suffix = this.takeText();
        this.require('close');
        this.addPart(prefix, name, matcher, suffix, this.takeModifier());
        continue;
      }
      this.flushFixed();
      this.require('end');
    }
    return this.parts;
  }

  take(type) {
    const token = this.tokens[this.index];
    if (token.type !== type) return null;
    this.index++;
    return token;
  }

  require(type) {
    if (this.take(type) === null) throw new TypeError(`Invalid pattern string '${this.input}' at ${this.tokens[this.index].index}.`);
  }

  takeModifier() {
    return this.take('other-modifier') ?? this.take('asterisk');
  }

  takeMatcher(name) {
    return this.take('regexp') ?? (name === null ? this.take('asterisk') : null);
  }

  takeText() {
    let text = '';
    for (;;) {
      const token = this.take('char') ?? this.take('escaped-char');
      if (token === null) return text;
      text += token.value;
    }
  }

  // https://urlpattern.spec.whatwg.org/#maybe-add-a-part-from-the-pending-fixed-value
  flushFixed() {
    if (this.pending === '') return;
    const value = this.encode(this.pending);
    this.pending = '';
    this.push(patternPart(FIXED_TEXT, value));
  }

  push(part) {
    this.parts[this.parts.length] = part;
  }

  // https://urlpattern.spec.whatwg.org/#add-a-part
  addPart(prefix, nameToken, matcher, suffix, modifierToken) {
    // 1-2.
    let modifier = NO_MODIFIER;
    if (modifierToken !== null) modifier = modifierToken.value === '?' ? 1 : modifierToken.value === '*' ? 0 : 2;
    const grouped = nameToken === null && matcher === null;
    // 3.
    if (grouped && modifier === NO_MODIFIER) {
      this.pending += prefix;
      return;
    }
    // 4-5.
    this.flushFixed();
    if (grouped) {
      if (prefix !== '') this.push(patternPart(FIXED_TEXT, this.encode(prefix), modifier));
      return;
    }
    // 6-12.
    let value = matcher === null ? this.segmentWildcard : matcher.type === 'asterisk' ? '.*' : matcher.value;
    let type = REGEXP_PART;
    if (value === this.segmentWildcard) type = SEGMENT_WILDCARD;
    else if (value === '.*') type = FULL_WILDCARD;
    if (type !== REGEXP_PART) value = '';
    // 13-15.
    const name = nameToken !== null ? nameToken.value : '' + this.nextName++;
    // 16.
    for (let i = 0; i < this.parts.length; i++) {
      if (this.parts[i].name === name) throw new TypeError(`The name '${name}' occurs twice in the pattern string '${this.input}'.`);
    }
    // 17-20.
    const encodedPrefix = this.encode(prefix);
    this.push(patternPart(type, value, modifier, name, encodedPrefix, this.encode(suffix)));
  }
}
