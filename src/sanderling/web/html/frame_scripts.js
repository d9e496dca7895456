// https://html.spec.whatwg.org/multipage/webappapis.html#run-a-classic-script
// Where a script of a window runs. The main window is the engine's global. A same-origin child frame shares its intrinsics: its scripts run in a scope object,
// and a small tokenizer exports their top-level declarations to their window.

import { evalScript } from '../host.js';
import { ObjectDefineProperty, Proxy, ReflectApply, ReflectGet, ReflectHas, ReflectSet, SafeMap, SymbolUnscopables } from '../primordials.js';
import { isIntrinsicName } from './frames.js';
import { globalOf } from './globals.js';
import { withWindow } from './realm.js';
import { topLevelDeclarations } from './declarations.js';

// Declarations with let, const and class: they are shared by the scripts of a window, but are no properties of it.
const lexicals = new SafeMap();

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
}

// The scope object: the window, and a curtain before what the scripts of the main window have made global.
const scopes = new SafeMap();

function scopeOfFrame(window, global) {
  let scope = scopes.get(window);
  if (scope === undefined) {
    scope = new Proxy(global, {
      __proto__: null,
      has: (target, key) => ReflectHas(target, key) || (typeof key === 'string' && !isIntrinsicName(key) && key !== '$w' && key !== '$l' && key !== '$d' && ReflectHas(globalThis, key)),
      get: (target, key) => (key === SymbolUnscopables ? undefined : ReflectGet(target, key, target)),
      set: (target, key, value) => ReflectSet(target, key, value, target),
    });
    scopes.set(window, scope);
  }
  return scope;
}

// Run a classic script in `window`; throws what it throws.
export function evaluateIn(window, source, url, line = 1, column = 1) {
  if (window.parent === null) return withWindow(window, () => evalScript(source, url, line, column));
  const global = globalOf(window);
  const scope = scopeOfFrame(window, global);
  const { variables, lexical } = topLevelDeclarations(source);
  let tail = '';
  for (let i = 0; i < variables.length; i++) tail += ';try{$w.' + variables[i] + '=' + variables[i] + '}catch{}';
  for (let i = 0; i < lexical.length; i++) {
    const name = lexical[i];
    tail += ';try{$d($l,"' + name + '",{__proto__:null,configurable:true,get:()=>' + name + ',set:($v)=>{' + name + '=$v}})}catch{}';
  }
  const body = '(function($w,$s,$l,$d){with($s){with($l){return (function(){' + source + '\n' + tail + '}).call($w)}}})';
  return withWindow(window, () => ReflectApply(evalScript(body, url, line, column), undefined, [global, scope, lexicalScope(window), ObjectDefineProperty]));
}
