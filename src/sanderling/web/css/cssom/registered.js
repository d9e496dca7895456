// https://drafts.css-houdini.org/css-properties-values-api/
// Custom properties that are registered, by @property or CSS.registerProperty().

import { SafeMap, SafeSet, StringPrototypeSlice, StringPrototypeSplit, StringPrototypeStartsWith, StringPrototypeTrim } from '../../primordials.js';
import { domException } from '../../dom/DOMException.js';
import { cssComponents } from '../syntax/components.js';
import { matchCssLonghand } from '../values/parse.js';
import { CssProperty } from '../values/properties.js';
import { cssChanges } from './rules.js';

// Syntax component names to the letters of values/properties.js
const SYNTAX_TYPES = {
  __proto__: null, length: 'l', percentage: 'p', 'length-percentage': 'lp', number: 'n', integer: 'i', color: 'c', image: 'm', url: 'u', angle: 'a', time: 't', 'custom-ident': 'I', string: 's',
};
const SYNTAX_ANYTHING = new SafeSet(['resolution', 'transform-function', 'transform-list']);
const MANY_VALUES = 9999;      // of a list

class RegisteredProperty {
  constructor(inherits, initial, alternatives) {
    this.inherits = inherits;
    this.initial = initial;            // text or null
    this.alternatives = alternatives;  // CssProperty objects, one of which the value must fit; null: anything does
  }

  // The alternative that a value fits, or null
  fitting(list) {
    for (let i = 0; i < this.alternatives.length; i++) if (matchCssLonghand(this.alternatives[i], list) !== null) return this.alternatives[i];
    return null;
  }
}

// https://drafts.css-houdini.org/css-properties-values-api/#consume-a-syntax-definition: null: anything; undefined: wrong
function parseSyntax(text) {
  const syntax = StringPrototypeTrim(text);
  if (syntax === '*') return null;
  const parts = StringPrototypeSplit(syntax, '|');
  const out = [];
  let words = '';
  for (let i = 0; i < parts.length; i++) {
    let part = StringPrototypeTrim(parts[i]);
    const last = part[part.length - 1];
    const many = last === '+' || last === '#' ? last : '';
    if (many !== '') part = StringPrototypeSlice(part, 0, part.length - 1);
    if (!StringPrototypeStartsWith(part, '<')) {
      const list = cssComponents(part);
      if (list === null || list.length !== 1 || list[0].type !== 'ident') return undefined;
      if (many === '') words += ' ' + part;
      else out[out.length] = new CssProperty('', '', false, part + (many === '#' ? ' #' : ' ' + MANY_VALUES + ':'));
      continue;
    }
    const name = StringPrototypeSlice(part, 1, part.length - 1);
    if (part[part.length - 1] !== '>' || (SYNTAX_TYPES[name] === undefined && !SYNTAX_ANYTHING.has(name))) return undefined;
    if (SYNTAX_ANYTHING.has(name)) return null;
    out[out.length] = new CssProperty('', '', false, '<' + SYNTAX_TYPES[name] + '>' + (many === '#' ? ' #' : many === '+' ? ' ' + MANY_VALUES + ':' : ''));
  }
  if (words !== '') out[out.length] = new CssProperty('', '', false, words);
  return out;
}

// https://drafts.css-houdini.org/css-properties-values-api/#dom-css-registerproperty
export function registerCssProperty(doc, definition) {
  const { name, syntax, inherits, initialValue } = definition;
  const refuse = (text) => domException('SyntaxError', "Failed to execute 'registerProperty' on 'CSS': " + text);
  if (!StringPrototypeStartsWith(name, '--') || name.length < 3) throw refuse('Custom property names must start with --.');
  const known = doc.registeredCss ?? (doc.registeredCss = new SafeMap());
  if (known.has(name)) throw domException('InvalidModificationError', "Failed to execute 'registerProperty' on 'CSS': The name provided has already been registered.");
  const alternatives = parseSyntax(syntax);
  if (alternatives === undefined) throw refuse('The syntax provided is not a valid custom property syntax.');
  const made = new RegisteredProperty(inherits, initialValue ?? null, alternatives);
  if (alternatives !== null) {
    const list = initialValue === undefined ? null : cssComponents(initialValue);
    if (list === null || made.fitting(list) === null) throw refuse('An initial value that fits the syntax must be provided.');
  }
  known.set(name, made);
  cssChanges.count++;
  doc.version++;
}

// What an @property rule registers, or null when its parts do not fit
export function registeredByRule(rule) {
  if (rule.registered !== undefined) return rule.registered;
  const syntax = rule.descriptor('syntax');
  const initial = rule.descriptor('initial-value');
  const alternatives = parseSyntax(StringPrototypeSlice(syntax, 1, syntax.length - 1));
  let made = alternatives === undefined ? null : new RegisteredProperty(rule.descriptor('inherits') === 'true', initial === '' ? null : initial, alternatives);
  if (made !== null && alternatives !== null) {
    const list = initial === '' ? null : cssComponents(initial);
    if (list === null || made.fitting(list) === null) made = null;
  }
  rule.registered = made;
  return made;
}
