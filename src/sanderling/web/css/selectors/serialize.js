// https://drafts.csswg.org/cssom/#serializing-selectors
// Parsed selectors back to text.

import { serializeCssString, serializeIdentifier } from '../syntax/tokenizer.js';

// `defaultNamespace`: the URL of the sheet's default namespace; undefined: it has none.
export function serializeSelectorList(list, defaultNamespace) {
  let out = '';
  for (let i = 0; i < list.length; i++) out += (i > 0 ? ', ' : '') + serializeComplex(list[i], defaultNamespace);
  return out;
}

function serializeComplex(complex, defaultNamespace) {
  let out = '';
  const from = complex.implied ? 1 : 0;
  for (let i = from; i < complex.compounds.length; i++) {
    const combinator = complex.combinators[i];
    if (i > from) out += combinator === ' ' ? ' ' : ' ' + combinator + ' ';
    else if (combinator !== '' && combinator !== ' ') out += combinator + ' ';
    out += serializeCompound(complex.compounds[i], defaultNamespace);
  }
  return out;
}

// Prefix and bar, where they say more than nothing would.
function namespacePrefix(compound, defaultNamespace) {
  const { prefix } = compound;
  if (prefix === null) return '';
  if (prefix === '*') return defaultNamespace === undefined ? '' : '*|';
  if (prefix === '') return '|';
  return compound.namespace === defaultNamespace ? '' : serializeIdentifier(prefix) + '|';
}

function serializeCompound(compound, defaultNamespace) {
  const { simples, pseudos } = compound;
  const prefix = namespacePrefix(compound, defaultNamespace);
  let out = '';
  if (compound.tag !== null) out = prefix + serializeIdentifier(compound.tag);
  else if (compound.universal && (prefix !== '' || (simples.length === 0 && pseudos === null))) out = prefix + '*';
  let at = 0;
  for (let i = 0; i <= simples.length; i++) {
    while (pseudos !== null && at < pseudos.length && pseudos[at].after === i) out += serializePseudoElement(pseudos[at++], defaultNamespace);
    if (i < simples.length) out += serializeSimple(simples[i], defaultNamespace);
  }
  return out;
}

function serializePseudoElement(pseudo, defaultNamespace) {
  const name = '::' + serializeIdentifier(pseudo.name);
  if (pseudo.argument === null) return name;
  if (typeof pseudo.argument === 'string') return name + '(' + pseudo.argument + ')';
  if (pseudo.name === 'slotted') return name + '(' + serializeSelectorList(pseudo.argument, defaultNamespace) + ')';
  let parts = '';
  for (let i = 0; i < pseudo.argument.length; i++) parts += (i > 0 ? ' ' : '') + serializeIdentifier(pseudo.argument[i]);
  return name + '(' + parts + ')';
}

// https://drafts.csswg.org/css-syntax-3/#serializing-anb
function serializeAnPlusB(a, b) {
  if (a === 0) return '' + b;
  const step = a === 1 ? 'n' : a === -1 ? '-n' : a + 'n';
  return b === 0 ? step : step + (b > 0 ? '+' : '') + b;
}

// With what was no selector as it was written
function serializeForgiving(simple, defaultNamespace) {
  let out = '';
  let at = 0;
  for (let i = 0; i < simple.texts.length; i++) out += (i > 0 ? ', ' : '') + (simple.texts[i] ?? serializeComplex(simple.list[at++], defaultNamespace));
  return out;
}

function serializeSimple(simple, defaultNamespace) {
  switch (simple.kind) {
    case 'id': return '#' + serializeIdentifier(simple.name);
    case 'class': return '.' + serializeIdentifier(simple.name);
    case 'attr': {
      let out = '[';
      if (simple.prefix !== '') out += (simple.prefix === '*' ? '*' : serializeIdentifier(simple.prefix)) + '|';
      out += serializeIdentifier(simple.name);
      if (simple.operator !== '') out += simple.operator + serializeCssString(simple.value) + (simple.flag === '' ? '' : ' ' + simple.flag);
      return out + ']';
    }
    case 'nth': {
      const of = simple.list === null ? '' : ' of ' + serializeSelectorList(simple.list, defaultNamespace);
      return ':' + simple.name + '(' + serializeAnPlusB(simple.a, simple.b) + of + ')';
    }
    case 'lang': {
      let out = ':lang(';
      for (let i = 0; i < simple.texts.length; i++) out += (i > 0 ? ', ' : '') + simple.texts[i];
      return out + ')';
    }
    case 'dir': return ':dir(' + simple.value + ')';
    case 'state': return ':state(' + serializeIdentifier(simple.value) + ')';
    default:
      if (simple.name === '&') return '&';
      if (simple.texts !== null) return ':' + simple.name + '(' + serializeForgiving(simple, defaultNamespace) + ')';
      return ':' + simple.name + (simple.list === null ? '' : '(' + serializeSelectorList(simple.list, defaultNamespace) + ')');
  }
}
