// https://drafts.csswg.org/css-syntax-3/#parser-algorithms
// Text to rules and declarations; preludes and values stay text, which those who know the property or the at-rule parse.

import { SafeSet, StringPrototypeSlice, StringPrototypeToLowerCase, StringPrototypeTrim, StringPrototypeStartsWith } from '../../primordials.js';
import { preprocessCss, tokenizeCss } from './tokenizer.js';

// At-rules whose block holds rules (outside of style rules).
const CSS_RULE_BLOCKS = new SafeSet(['media', 'supports', 'layer', 'container', 'scope', 'starting-style', 'keyframes', '-webkit-keyframes', 'font-feature-values', 'document', '-moz-document']);

const CSS_MAX_DEPTH = 64;   // nested blocks; deeper ones are dropped

const CSS_CLOSERS = { __proto__: null, function: ')', '(': ')', '[': ']', '{': '}' };

class CssRuleParser {
  constructor(text) {
    this.text = preprocessCss(text);
    this.tokens = tokenizeCss(this.text);
    this.index = 0;
    this.depth = 0;
  }

  type() {
    return this.tokens[this.index].type;
  }

  // Move past one component value: a token or a balanced block.
  skip() {
    const stack = [];
    do {
      const { type } = this.tokens[this.index];
      if (type === 'eof') return;
      const closer = CSS_CLOSERS[type];
      if (closer !== undefined) stack[stack.length] = closer;
      else if (stack.length > 0 && type === stack[stack.length - 1]) stack.length--;
      this.index++;
    } while (stack.length > 0);
  }

  slice(from, to) {
    if (to <= from) return '';
    return StringPrototypeTrim(StringPrototypeSlice(this.text, this.tokens[from].start, this.tokens[to - 1].end));
  }

  // https://drafts.csswg.org/css-syntax-3/#consume-stylesheet-contents, and blocks that hold rules only
  rules(nested) {
    const out = [];
    for (;;) {
      const type = this.type();
      if (type === 'eof' || (nested && type === '}')) return out;
      if (type === 'ws' || (!nested && (type === 'cdo' || type === 'cdc'))) {
        this.index++;
        continue;
      }
      const rule = type === 'at' ? this.atRule(nested, false) : this.qualifiedRule(nested, false);
      if (rule !== null) out[out.length] = rule;
    }
  }

  // https://drafts.csswg.org/css-syntax-3/#consume-block-contents: declarations and nested rules, in their order
  contents() {
    const out = [];
    for (;;) {
      const type = this.type();
      if (type === 'eof' || type === '}') return out;
      if (type === 'ws' || type === 'semicolon') {
        this.index++;
        continue;
      }
      let item = null;
      if (type === 'at') item = this.atRule(true, true);
      else {
        const start = this.index;
        item = this.declaration();
        if (item === null) {
          this.index = start;
          item = this.qualifiedRule(true, true);
        }
      }
      if (item !== null) out[out.length] = item;
    }
  }

  block(mixed) {
    if (this.depth >= CSS_MAX_DEPTH) {
      this.skip();
      return [];
    }
    this.depth++;
    this.index++;
    const items = mixed ? this.contents() : this.rules(true);
    if (this.type() === '}') this.index++;
    this.depth--;
    return items;
  }

  atRule(nested, inStyle) {
    const name = StringPrototypeToLowerCase(this.tokens[this.index].value);
    const first = this.tokens[this.index].start;
    this.index++;
    const start = this.index;
    for (;;) {
      const type = this.type();
      if (type === 'eof' || type === 'semicolon' || (nested && type === '}')) {
        const prelude = this.slice(start, this.index);
        if (type === 'semicolon') this.index++;
        return { __proto__: null, kind: 'at', name, prelude, items: null, inStyle, body: '' };
      }
      if (type === '{') {
        const prelude = this.slice(start, this.index);
        const bodyStart = this.index + 1;
        const items = this.block(inStyle || !CSS_RULE_BLOCKS.has(name));
        const body = this.slice(bodyStart, this.tokens[this.index - 1].type === '}' ? this.index - 1 : this.index);
        return { __proto__: null, kind: 'at', name, prelude, items, inStyle, body, first, from: this.tokens[start].end, to: this.tokens[this.index - 1].end };
      }
      this.skip();
    }
  }

  qualifiedRule(nested, inStyle) {
    const start = this.index;
    for (;;) {
      const type = this.type();
      if (type === 'eof' || (nested && type === '}')) return null;
      if (inStyle && type === 'semicolon') {
        this.index++;
        return null;
      }
      if (type === '{') {
        const prelude = this.slice(start, this.index);
        return { __proto__: null, kind: 'rule', prelude, items: this.block(true), from: this.tokens[start].start, to: this.tokens[this.index - 1].end };
      }
      this.skip();
    }
  }

  // null when what stands here is no declaration
  declaration() {
    const token = this.tokens[this.index];
    if (token.type !== 'ident') return null;
    const custom = StringPrototypeStartsWith(token.value, '--');
    this.index++;
    while (this.type() === 'ws') this.index++;
    if (this.type() !== 'colon') return null;
    this.index++;
    const start = this.index;
    let bad = false;
    for (;;) {
      const type = this.type();
      if (type === 'eof' || type === 'semicolon' || type === '}') break;
      if (type === '{' && !custom) return null;
      if (type === 'badstring' || type === 'badurl' || type === ')' || type === ']') bad = true;
      this.skip();
    }
    let end = this.index;
    if (this.type() === 'semicolon') this.index++;
    // 8. !important
    let important = false;
    let at = end - 1;
    while (at >= start && this.tokens[at].type === 'ws') at--;
    if (at > start && this.tokens[at].type === 'ident' && StringPrototypeToLowerCase(this.tokens[at].value) === 'important') {
      at--;
      while (at > start && this.tokens[at].type === 'ws') at--;
      if (this.tokens[at].type === 'delim' && this.tokens[at].value === '!') {
        important = true;
        end = at;
      }
    }
    return { __proto__: null, kind: 'declaration', name: custom ? token.value : StringPrototypeToLowerCase(token.value), value: bad ? null : this.slice(start, end), important };
  }
}

// Items are { kind: 'rule', prelude, items }, { kind: 'at', name, prelude, items (null: no block), inStyle, body }, { kind: 'declaration', name, value, important };
// a declaration's value is null when it holds broken tokens. Rules with a block say where their prelude and their block stand (`from`, `to`).
export function parseCssSheet(text) {
  return new CssRuleParser(text).rules(false);
}

export function parseCssBlock(text) {
  const parser = new CssRuleParser(text);
  const out = [];
  for (;;) {
    const items = parser.contents();
    for (let i = 0; i < items.length; i++) out[out.length] = items[i];
    if (parser.type() === 'eof') return out;
    parser.index++;
  }
}

// One rule, as insertRule() takes it: undefined when the text holds none or more (https://drafts.csswg.org/css-syntax-3/#parse-rule).
export function parseCssRule(text, nested) {
  const parser = new CssRuleParser(text);
  while (parser.type() === 'ws') parser.index++;
  const rule = parser.type() === 'at' ? parser.atRule(false, nested) : parser.qualifiedRule(false, nested);
  while (parser.type() === 'ws') parser.index++;
  return rule === null || parser.type() !== 'eof' ? undefined : rule;
}
