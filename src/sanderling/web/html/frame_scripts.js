// https://html.spec.whatwg.org/multipage/webappapis.html#run-a-classic-script
// Where a script of a window runs. The main window is the engine's global. A same-origin child frame shares its intrinsics: its scripts run in a scope object,
// and a small tokenizer exports their top-level declarations to their window.

import { evalScript } from '../host.js';
import {
  ObjectDefineProperty, ObjectGetPrototypeOf, Proxy, ReflectApply, ReflectGet, ReflectHas, ReflectSet, RegExp, RegExpPrototypeExec, SafeSet, SafeWeakMap, StringPrototypeEndsWith, StringPrototypeSlice, StringPrototypeTrim,
  SymbolUnscopables, SyntaxError,
} from '../primordials.js';
import { stamp } from '../webidl/wrapper.js';
import { isIntrinsicName } from './frames.js';
import { globalOf } from './globals.js';
import { findNamed } from './named_window.js';
import { nameLookedUp, withWindow } from './realm.js';
import { importFrom } from './frame_modules.js';
import { scanScript } from './module_syntax.js';
import { isStrictScript, topLevelDeclarations } from './declarations.js';

// Declarations with let, const and class: they are shared by the scripts of a window, but are no properties of it.
const lexicals = new SafeWeakMap();

function lexicalScope(window) {
  let scope = lexicals.get(window);
  if (scope === undefined) {
    scope = { __proto__: null };
    lexicals.set(window, scope);
  }
  return scope;
}

export function forgetScope(window) {
  lexicals.delete(window);
  scopes.delete(window);
  assigned.delete(window);
}

// `import()` of a child frame is a function that our wrappers pass: the engine's would load into the main window.
export const IMPORT_NAME = '$impor';

function renameImports(source) {
  return RegExpPrototypeExec(/\bimport\b/, source) === null ? source : scanScript(source);
}

// What our wrappers around scripts are called with.
const HIDDEN = new SafeSet(['$w', '$s', '$l', '$d', '$m', IMPORT_NAME]);
const WRAPPER_PARAMS = '$w,$s,$l,$d,' + IMPORT_NAME;

// The scope object: the window, and a curtain before what the scripts of the main window have made global.
const scopes = new SafeWeakMap();

// Names that sloppy scripts assign to: undeclared ones become properties of their window, and not of the main one.
// DEVIATION: read before that, such a name is undefined and throws no ReferenceError.
const assigned = new SafeWeakMap();

function noteAssigned(window, source) {
  let names = assigned.get(window);
  if (names === undefined) assigned.set(window, names = new SafeSet());
  const pattern = new RegExp('(?<![.\\w$])([A-Za-z_$][\\w$]*)(?:\\s*(?:[-+*/%&|^?<>]{0,3})=(?![=>])|\\s*(?:\\+\\+|--)|\\s+(?:in|of)\\s)', 'g');
  for (let match = RegExpPrototypeExec(pattern, source); match !== null; match = RegExpPrototypeExec(pattern, source)) names.add(match[1]);
  // Patterns: `({ a, b: c } = x)`, `[d] = x`.
  const parts = new RegExp('[{[]([^{}[\\]]*)[}\\]]\\s*=(?![=>])', 'g');
  for (let match = RegExpPrototypeExec(parts, source); match !== null; match = RegExpPrototypeExec(parts, source)) {
    const word = new RegExp('(?<![.\\w$])[A-Za-z_$][\\w$]*', 'g');
    for (let name = RegExpPrototypeExec(word, match[1]); name !== null; name = RegExpPrototypeExec(word, match[1])) names.add(name[0]);
  }
}

function scopeOfFrame(window, global) {
  let scope = scopes.get(window);
  if (scope === undefined) {
    scope = new Proxy(global, {
      __proto__: null,
      // `eval` stays the engine's, so that a direct one sees what is around it; as a property it is the window's own.
      has(target, key) {
        nameLookedUp(window);
        if (HIDDEN.has(key)) return false;
        return (key !== 'eval' && ReflectHas(target, key)) || (typeof key === 'string' && !isIntrinsicName(key) && (ReflectHas(globalThis, key) || assigned.get(window)?.has(key) === true || findNamed(key, window) !== undefined));
      },
      get: (target, key) => (key === SymbolUnscopables ? undefined : ReflectGet(target, key, target)),
      set: (target, key, value) => ReflectSet(target, key, value, target),
    });
    // A bare call, `setTimeout(f)`, has the scope object as its receiver: it stands for the window too.
    stamp(scope, window);
    window.wrapper = window.globalObject;
    scopes.set(window, scope);
  }
  return scope;
}

// Run a classic script in `window`; throws what it throws.
export function evaluateIn(window, text, url, line = 1, column = 1) {
  if (window.parent === null) return withWindow(window, () => evalScript(text, url, line, column));
  const source = renameImports(text);
  const { variables, functions, lexical } = topLevelDeclarations(source);
  const strict = isStrictScript(source);
  let lexicalHead = '';
  for (let i = 0; i < lexical.length; i++) lexicalHead += exportedAs('$l', lexical[i], false);
  let run;
  if (!strict) {
    noteAssigned(window, source);
    // In a block of `with`: what is declared with `var` is found on the window, where it was made before; functions are copied there.
    let head = '';
    for (let i = 0; i < variables.length; i++) head += 'if(!("' + variables[i] + '" in $w))$w.' + variables[i] + '=void 0;';
    for (let i = 0; i < functions.length; i++) head += '$w.' + functions[i] + '=' + functions[i] + ';';
    try {
      run = evalScript('(function(' + WRAPPER_PARAMS + '){with($s){with($l){' + head + lexicalHead + source + '\n}}})', url, line, column);
    } catch {
      run = null;           // a function and a variable of one name
    }
  }
  if (strict || run === null) {
    let head = strict ? '"use strict";' : '';
    for (let i = 0; i < variables.length; i++) head += exportedAs('$w', variables[i], true);
    for (let i = 0; i < functions.length; i++) head += exportedAs('$w', functions[i], true);
    run = evalScript('(function(' + WRAPPER_PARAMS + '){with($s){with($l){return (function(){' + head + lexicalHead + source + '\n}).call(this)}}})', url, line, column);
  }
  return runInScope(window, run, url);
}

// `target` gets the property `name`, which is the declared name.
function exportedAs(target, name, enumerable) {
  return 'try{$d(' + target + ',"' + name + '",{__proto__:null,configurable:true,enumerable:' + enumerable + ',get:()=>' + name + ',set:($v)=>{' + name + '=$v}})}catch{}';
}

// `modules`: what stands before all other names, for the module that `run` makes.
export function runInScope(window, run, url, modules) {
  const global = globalOf(window);
  const args = [window.localGlobal, scopeOfFrame(window, window.localGlobal), lexicalScope(window), ObjectDefineProperty, (specifier, options) => importFrom(window.document, url, specifier, options), modules];
  return withWindow(window, () => ReflectApply(run, global, args));
}

// The value of an expression whose free names are those of `window`.
export function evaluateExpressionIn(window, expression, url, line = 1, column = 1) {
  if (window.parent === null) return withWindow(window, () => evalScript('(' + expression + '\n)', url, line, column));
  return runInScope(window, evalScript('(function(' + WRAPPER_PARAMS + '){with($s){with($l){return (' + renameImports(expression) + '\n)}}})', url, line, column), url);
}

const EVALUATED_URL = 'sanderling:eval';

// The completion value of a script in a child frame. What declares names is a script of the window; its completion value is lost.
export function evaluateTextIn(window, source, url = EVALUATED_URL) {
  let text = StringPrototypeTrim(source);
  while (StringPrototypeEndsWith(text, ';')) text = StringPrototypeTrim(StringPrototypeSlice(text, 0, -1));
  if (text === '') return undefined;
  let run = null;
  try {
    run = evalScript('(function(' + WRAPPER_PARAMS + '){with($s){with($l){return (' + renameImports(text) + '\n)}}})', url, 1, 1);
  } catch (error) {
    if (error === null || typeof error !== 'object' || ObjectGetPrototypeOf(error) !== SyntaxError.prototype) throw error;
  }
  if (run !== null) {
    noteAssigned(window, text);
    return runInScope(window, run, url);
  }
  const { variables, functions, lexical } = topLevelDeclarations(source);
  if (variables.length + functions.length + lexical.length > 0) return evaluateIn(window, source, url);
  return ReflectApply(evaluateExpressionIn(window, 'function($source){return eval($source)}', url), undefined, [source]);
}
