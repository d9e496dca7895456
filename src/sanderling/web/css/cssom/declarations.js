// https://drafts.csswg.org/cssom/#css-declaration-blocks
// Declaration blocks: longhands with canonical values, in the order in which they were given.

import { SafeMap, StringPrototypeSlice, StringPrototypeStartsWith, StringPrototypeToLowerCase, StringPrototypeTrim } from '../../primordials.js';
import { areCssSubstitutionsValid, cssComponents, hasCssSubstitution, isCssDeclarationValue } from '../syntax/components.js';
import { parseCssBlock } from '../syntax/parser.js';
import { serializeIdentifier } from '../syntax/tokenizer.js';
import { isCssWide, parseCssLonghand } from '../values/parse.js';
import { cssLonghand, cssPropertyAlias } from '../values/properties.js';
import { cssShorthand, cssShorthandsOf } from '../values/shorthands.js';

export class CssDeclaration {
  constructor(name, value, important, substitutes, shorthand) {
    this.name = name;
    this.value = value;                 // canonical text; as written while it has var()
    this.important = important;
    this.substitutes = substitutes;     // var() or env() stands in it
    this.shorthand = shorthand;         // with var(): the shorthand whose whole text `value` is, or ''
  }
}

export function isCustomCssProperty(name) {
  return name.length > 2 && StringPrototypeStartsWith(name, '--');
}

// The canonical name of a property that we know, or ''.
export function cssPropertyName(name) {
  if (isCustomCssProperty(name)) return name;
  const known = cssPropertyAlias(StringPrototypeToLowerCase(name));
  return cssLonghand(known) !== undefined || cssShorthand(known) !== undefined ? known : '';
}

// `name` is canonical. A list of declarations of longhands; null when the value is wrong.
export function parseCssDeclaration(name, text, important) {
  if (isCustomCssProperty(name)) {
    const list = cssComponents(text);
    if (list === null || !isCssDeclarationValue(list)) return null;
    const lower = StringPrototypeToLowerCase(text);
    if (isCssWide(lower)) return [new CssDeclaration(name, lower, important, false, '')];
    const substitutes = hasCssSubstitution(list);
    if (substitutes && !areCssSubstitutionsValid(list)) return null;
    return [new CssDeclaration(name, text, important, substitutes, '')];
  }
  const property = cssLonghand(name);
  if (property !== undefined) {
    const parsed = parseCssLonghand(property, text);
    return parsed === null ? null : [new CssDeclaration(name, parsed.value, important, parsed.substitutes, '')];
  }
  const shorthand = cssShorthand(name);
  if (shorthand === undefined) return null;
  const list = cssComponents(text);
  if (list === null || list.length === 0 || !isCssDeclarationValue(list)) return null;
  const out = [];
  const { longhands } = shorthand;
  const wide = list.length === 1 && list[0].type === 'ident' && isCssWide(StringPrototypeToLowerCase(list[0].value));
  if (wide || hasCssSubstitution(list)) {
    if (!areCssSubstitutionsValid(list)) return null;
    const value = wide ? StringPrototypeToLowerCase(list[0].value) : text;
    for (let i = 0; i < longhands.length; i++) out[i] = new CssDeclaration(longhands[i], value, important, !wide, wide ? '' : name);
    return out;
  }
  const values = shorthand.expand(list);
  if (values === null) return null;
  for (let i = 0; i < longhands.length; i++) out[i] = new CssDeclaration(longhands[i], values[i], important, false, '');
  return out;
}

const ALL_AT_LEAST = 200;       // names of a block that may hold all longhands

function declarationText(name, value, important) {
  return (isCustomCssProperty(name) ? '--' + serializeIdentifier(StringPrototypeSlice(name, 2)) : name) + ': ' + value + (important ? ' !important' : '') + ';';
}

export class CssDeclarationBlock {
  constructor() {
    this.map = new SafeMap();
    this.names = [];
    this.written = '';     // text(), where that is known
  }

  // As a parser does: later wins, but not over an important one.
  add(declaration) {
    const { name } = declaration;
    const old = this.map.get(name);
    if (old !== undefined) {
      if (old.important && !declaration.important) return;
      this.drop(name);
    }
    this.written = '';
    this.names[this.names.length] = name;
    this.map.set(name, declaration);
  }

  // https://drafts.csswg.org/cssom/#set-a-css-declaration: gives whether anything changed
  set(declaration) {
    const { name } = declaration;
    const old = this.map.get(name);
    if (old === undefined) {
      this.names[this.names.length] = name;
      // Themes set custom properties by the hundred, and the whole text is wanted after each.
      this.written = this.written !== '' && isCustomCssProperty(name) ? this.written + ' ' + declarationText(name, declaration.value, declaration.important) : '';
    } else if (old.value === declaration.value && old.important === declaration.important && old.shorthand === declaration.shorthand && old.substitutes === declaration.substitutes) return false;
    else this.written = '';
    this.map.set(name, declaration);
    return true;
  }

  drop(name) {
    if (!this.map.has(name)) return false;
    this.map.delete(name);
    this.written = '';
    let kept = 0;
    const { names } = this;
    for (let i = 0; i < names.length; i++) if (names[i] !== name) names[kept++] = names[i];
    names.length = kept;
    return true;
  }

  value(name) {
    const declaration = this.map.get(name);
    if (declaration !== undefined) return declaration.shorthand === '' ? declaration.value : '';
    const shorthand = cssShorthand(name);
    return shorthand === undefined ? '' : this.shorthandValue(shorthand);
  }

  // https://drafts.csswg.org/cssom/#serialize-a-css-value, for shorthands; '' when the longhands cannot be said in one
  shorthandValue(shorthand) {
    const values = [];
    const { longhands } = shorthand;
    let first = null;
    let sameWide = true;
    for (let i = 0; i < longhands.length; i++) {
      const declaration = this.map.get(longhands[i]);
      if (declaration === undefined) return '';
      if (first === null) first = declaration;
      else if (declaration.important !== first.important) return '';
      if (declaration.value !== first.value || declaration.shorthand !== first.shorthand) sameWide = false;
      values[i] = declaration.value;
    }
    if (first.shorthand !== '') return sameWide && (first.shorthand === shorthand.name) ? first.value : '';
    if (sameWide && isCssWide(first.value)) return first.value;
    for (let i = 0; i < longhands.length; i++) {
      const declaration = this.map.get(longhands[i]);
      if (declaration.substitutes || isCssWide(declaration.value)) return '';
    }
    return shorthand.collapse(values);
  }

  important(name) {
    const declaration = this.map.get(name);
    if (declaration !== undefined) return declaration.important;
    const shorthand = cssShorthand(name);
    if (shorthand === undefined) return false;
    for (let i = 0; i < shorthand.longhands.length; i++) {
      const part = this.map.get(shorthand.longhands[i]);
      if (part === undefined || !part.important) return false;
    }
    return true;
  }

  // https://drafts.csswg.org/cssom/#serialize-a-css-declaration-block
  text() {
    if (this.written === '') this.written = this.serialized();
    return this.written;
  }

  serialized() {
    let out = '';
    const done = new SafeMap();
    const all = this.names.length >= ALL_AT_LEAST ? cssShorthand('all') : undefined;
    const whole = all === undefined ? '' : this.shorthandValue(all);
    const write = (name, value, important) => {
      out += (out === '' ? '' : ' ') + declarationText(name, value, important);
    };
    for (let i = 0; i < this.names.length; i++) {
      const name = this.names[i];
      if (done.has(name)) continue;
      const declaration = this.map.get(name);
      if (isCustomCssProperty(name)) {
        write(name, declaration.value, declaration.important);
        continue;
      }
      let written = false;
      if (whole !== '' && cssLonghand(name) !== undefined && name !== 'direction' && name !== 'unicode-bidi') {
        // https://drafts.csswg.org/css-cascade-5/#all-shorthand: in place of the first of them
        write('all', whole, declaration.important);
        for (let k = 0; k < all.longhands.length; k++) done.set(all.longhands[k], true);
        continue;
      }
      const shorthands = declaration.shorthand !== '' ? [cssShorthand(declaration.shorthand)] : cssShorthandsOf(name);
      for (let j = 0; j < shorthands.length && !written; j++) {
        const shorthand = shorthands[j];
        let open = true;
        for (let k = 0; k < shorthand.longhands.length && open; k++) open = this.map.has(shorthand.longhands[k]) && !done.has(shorthand.longhands[k]);
        if (!open) continue;
        const value = this.shorthandValue(shorthand);
        if (value === '') continue;
        write(shorthand.name, value, declaration.important);
        for (let k = 0; k < shorthand.longhands.length; k++) done.set(shorthand.longhands[k], true);
        written = true;
      }
      if (written) continue;
      done.set(name, true);
      if (declaration.shorthand === '') write(name, declaration.value, declaration.important);
    }
    return out;
  }
}

// Items of a parsed block; rules among them are left out.
// `style` says what they may be; without it they are those of style rules.
export function cssBlockFromItems(items, from, to, style = null) {
  const block = new CssDeclarationBlock();
  for (let i = from; i < to; i++) {
    const item = items[i];
    if (item.kind !== 'declaration' || item.value === null) continue;
    const name = style === null ? cssPropertyName(item.name) : style.nameOf(item.name);
    if (name === '') continue;
    const list = style === null ? parseCssDeclaration(name, item.value, item.important) : style.parse(name, item.value, item.important);
    if (list !== null) for (let j = 0; j < list.length; j++) block.add(list[j]);
  }
  return block;
}

export function parseCssDeclarations(text) {
  if (StringPrototypeTrim(text) === '') return new CssDeclarationBlock();
  const items = parseCssBlock(text);
  return cssBlockFromItems(items, 0, items.length);
}
