// https://chromedevtools.github.io/devtools-protocol/tot/Runtime/#method-evaluate, replMode
// What consoles evaluate: names may be declared anew, and `await` may stand at the top level. The engine has that for its own inspector only, so texts are rewritten:
// what is declared with let, const and class is declared with var, and where the top level waits, declarations in an async function become assignments.
// DEVIATION: such names are properties of the global object, and constants can be assigned to.

import { evalScript } from '../host.js';
import { RegExpPrototypeExec, StringPrototypeSlice, StringPrototypeTrim } from '../primordials.js';
import { collectBindings, isSpace, readName, regExpMayFollow, skipToken } from '../html/declarations.js';
import { ANONYMOUS_URL } from './worlds.js';

const REPL_AWAIT = /\bawait\b/;
const REPL_WAITS = /^(?:(?:var|let|const)\s+[^=]*=\s*)?await\b/;
const REPL_CONTINUES = /^(?:[-.,;:?=<>+*%&|^()[\]{}`/]|!=|in\b|of\b|instanceof\b|else\b|catch\b|finally\b|while\b)/;

function isComment(source, at) {
  return source[at] === '/' && (source[at + 1] === '/' || source[at + 1] === '*');
}

// Where the body of the class or function ends whose name is read up to `at`.
function endOfBody(source, at) {
  let i = at;
  let previous = 'x';
  while (i < source.length) {
    const end = skipToken(source, i, previous);
    if (source[i] === '{') return end;
    if (!isSpace(source[i])) previous = StringPrototypeSlice(source, i, end);
    i = end;
  }
  return i;
}

// Does a statement end with the line that ends before `at`?
function endsLine(source, at, previous) {
  return previous !== '' && !regExpMayFollow(previous) && RegExpPrototypeExec(REPL_CONTINUES, StringPrototypeTrim(StringPrototypeSlice(source, at))) === null;
}

// Where a declaration ends that has no semicolon: with its line, at most at `end`.
function endOfDeclaration(source, from, end) {
  let previous = '';
  let i = from;
  while (i < end) {
    const next = skipToken(source, i, previous);
    if (source[i] === '\n' && endsLine(source, next, previous)) return i;
    if (!isSpace(source[i]) && !isComment(source, i)) previous = StringPrototypeSlice(source, i, next);
    i = next;
  }
  return end;
}

// The text without let, const and class at its top level. `waits`: for the body of an async function, whose names are declared outside of it.
function rewriteForRepl(source, waits) {
  const names = [];
  let out = '';
  let last = 0;          // where the last statement begins, in `out`
  let fresh = true;      // a statement begins here
  let previous = '';
  let i = 0;
  while (i < source.length) {
    const c = source[i];
    if (isSpace(c) || isComment(source, i)) {
      const end = isSpace(c) ? i + 1 : skipToken(source, i, previous);
      const text = StringPrototypeSlice(source, i, end);
      out += text;
      i = end;
      if (c === '\n' && endsLine(source, i, previous)) fresh = true;
      continue;
    }
    if (fresh && c !== ';' && c !== '}') last = out.length;
    const word = readName(source, i);
    if (fresh && (word === 'let' || word === 'const' || (waits && word === 'var')) && RegExpPrototypeExec(/^\s*[\w$[{\u0080-\uffff]/, StringPrototypeSlice(source, i + word.length)) !== null) {
      const from = i + word.length;
      const end = endOfDeclaration(source, from, collectBindings(source, from, []));
      collectBindings(StringPrototypeSlice(source, from, end), 0, names);
      const bindings = StringPrototypeSlice(source, from, end);
      out += waits ? ';void(' + bindings + ')' : 'var' + StringPrototypeSlice('  ', 0, word.length - 3) + bindings;
      previous = ')';
      fresh = true;
      i = end;
      continue;
    }
    const isAsync = waits && word === 'async' && RegExpPrototypeExec(/^\s+function\b/, StringPrototypeSlice(source, i + 5)) !== null;
    if (fresh && (word === 'class' || (waits && (word === 'function' || isAsync)))) {
      let at = i + word.length;
      while (isSpace(source[at] ?? '') || source[at] === '*' || (isAsync && readName(source, at) === 'function')) at += readName(source, at) === 'function' ? 8 : 1;
      const name = readName(source, at);
      if (name !== '' && name !== 'extends') {
        const end = endOfBody(source, at + name.length);
        names[names.length] = name;
        out += (waits ? ';void(' : 'var ') + name + '=' + StringPrototypeSlice(source, i, end) + (waits ? ');' : ';');
        previous = '}';
        i = end;
        continue;
      }
    }
    const end = skipToken(source, i, previous);
    previous = StringPrototypeSlice(source, i, end);
    out += previous;
    fresh = c === ';' || c === '{';
    i = end;
  }
  return { __proto__: null, names, text: out, last };
}

function compiles(text) {
  try {
    evalScript(text, ANONYMOUS_URL, 1, 1);
    return true;
  } catch {
    return false;
  }
}

// The value of a text of a console in a world; where its top level waits, a promise of it that is waited for.
export function evaluateRepl(world, payload) {
  const source = payload.expression;
  const text = StringPrototypeTrim(source);
  if (RegExpPrototypeExec(REPL_AWAIT, text) !== null && (RegExpPrototypeExec(REPL_WAITS, text) !== null || !compiles('(function(){' + text + '\n})'))) {
    payload.awaits = true;
    const expression = RegExpPrototypeExec(/;+\s*$/, text) === null ? text : StringPrototypeSlice(text, 0, RegExpPrototypeExec(/;+\s*$/, text).index);
    if (compiles('(async()=>(' + expression + '\n))')) return world.evaluate('(async()=>(' + expression + '\n))()', ANONYMOUS_URL);
    const { names, text: body, last } = rewriteForRepl(text, true);
    const head = StringPrototypeSlice(body, 0, last);
    const tail = RegExpPrototypeExec(/;\s*$/, body) === null ? StringPrototypeSlice(body, last) : StringPrototypeSlice(body, last, RegExpPrototypeExec(/;+\s*$/, body).index);
    const returning = head + ';return(' + tail + '\n)';
    const steps = compiles('(async()=>{' + returning + '})') ? returning : body;
    if (names.length > 0) {
      let declared = names[0];
      for (let i = 1; i < names.length; i++) declared += ',' + names[i];
      world.evaluate('var ' + declared, ANONYMOUS_URL);
    }
    return world.evaluate('(async()=>{' + steps + '\n})()', ANONYMOUS_URL);
  }
  return world.evaluate(rewriteForRepl(source, false).text, ANONYMOUS_URL);
}
