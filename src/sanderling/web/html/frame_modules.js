// https://tc39.es/ecma262/#sec-source-text-module-records
// Modules of same-origin child frames. The engine runs modules in the main window only, so that these are linked and evaluated here: each is a
// generator function within its window's scope object, as the classic scripts of the frame are; what it imports stands in a scope object with live getters.
// DEVIATION: a bare call of an imported function has that object as its `this`; a namespace's properties are accessors; early errors that concern
// several statements (a name that is imported and declared) are not found.

import { evalScript, hostCall } from '../host.js';
import {
  ArrayPrototypeSort, AsyncGeneratorPrototypeNext, GeneratorPrototypeNext, JSONParse, JSONStringify, ObjectCreate, ObjectDefineProperty, ObjectGetOwnPropertyDescriptor, ObjectPreventExtensions, Promise, PromisePrototypeThen,
  ReflectApply, RegExpPrototypeExec, SafeMap, SafeWeakSet, StringPrototypeSlice, SymbolToStringTag, SyntaxError, TypeError,
} from '../primordials.js';
import { documentBaseURL } from './document_state.js';
import { IMPORT_NAME, runInScope } from './frame_scripts.js';
import { scanModule } from './module_syntax.js';
import { withWindow } from './realm.js';
import { fetchModuleGraph, moduleClient, moduleMapOf } from './scripting.js';
import { serializeURL } from '../url/parser.js';

// What was thrown for a module that could not be fetched: a script element tells it by its own `error` event.
const fetchFailures = new SafeWeakSet();

export function isFetchFailure(error) {
  return error !== null && typeof error === 'object' && fetchFailures.has(error);
}

class FrameModule {
  constructor(doc, url) {
    this.doc = doc;
    this.url = url;
    this.syntax = null;          // ModuleScanner
    this.requested = [];         // FrameModules, by request
    this.getters = { __proto__: null };   // by exported name
    this.body = null;            // the generator
    this.isAsync = false;        // it awaits at its top level
    this.state = 'new';          // new, linking, linked, evaluating, evaluated
    this.missing = null;         // { error }: it, or what it imports, cannot be had
    this.failure = null;         // { error } of its evaluation
    this.running = null;         // a promise while it or what it imports awaits
    this.namespace = null;
  }
}

function askAboutModules(doc, kind, question) {
  question.client = moduleClient(doc);
  return hostCall(kind, question);
}

// https://html.spec.whatwg.org/multipage/webappapis.html#resolve-a-module-specifier
function resolveModule(doc, specifier, referrer) {
  const { url, error } = askAboutModules(doc, 'module.resolve', { __proto__: null, specifier, referrer });
  if (error !== undefined) throw new TypeError(error);
  return url;
}

// -- loading -------------------------------------------------------------------------------------------------------------

function moduleRecord(doc, url, type) {
  const { modules } = moduleMapOf(doc);
  const key = type + ' ' + url;
  let record = modules.get(key);
  if (record === undefined) {
    record = new FrameModule(doc, url);
    modules.set(key, record);
    try {
      loadModule(record, type);
    } catch (error) {
      record.missing = { __proto__: null, error };
    }
  }
  if (record.missing !== null) throw record.missing.error;
  return record;
}

function loadModule(record, type) {
  const { source, error, json } = askAboutModules(record.doc, 'module.load', { __proto__: null, url: record.url });
  if (error !== undefined || (json === true) !== (type === 'json')) {
    const failure = new TypeError(error ?? `Failed to load module script: the type of ${record.url} is not what the import says`);
    fetchFailures.add(failure);
    throw failure;
  }
  if (type === 'json') {
    const value = JSONParse(source);
    record.getters.default = () => value;
    record.state = 'evaluated';
    record.syntax = { __proto__: null, imports: [], indirect: [], stars: [], locals: [{ __proto__: null, name: 'default', local: '' }] };
    return;
  }
  const syntax = scanModule(source);
  compileModule(record, syntax);
  record.syntax = syntax;
  for (let i = 0; i < syntax.requests.length; i++) {
    const { specifier, type: wanted } = syntax.requests[i];
    if (wanted !== '' && wanted !== 'json') throw new TypeError(`"${wanted}" is not a valid module type.`);
    record.requested[i] = moduleRecord(record.doc, resolveModule(record.doc, specifier, record.url), wanted);
  }
}

// Make the generator. Its first step tells how to read what it exports, when functions are there already; its second is the module's code.
function compileModule(record, syntax) {
  let head = '';
  for (let i = 0; i < syntax.locals.length; i++) head += JSONStringify(syntax.locals[i].name) + ':()=>' + syntax.locals[i].local + ',';
  const before = '(function($w,$s,$l,$d,$impor,$m){with($s){with($l){with($m){return ';
  const after = 'function*(){"use strict";$exports({__proto__:null,' + head + '});yield;' + syntax.body + '\n}}}}})';
  // A class static block allows everything that a module does but `await`.
  if (RegExpPrototypeExec(/\bawait\b/, syntax.body) !== null) {
    try {
      evalScript('(()=>{class $c{static{' + syntax.body + '\n}}})', record.url, 1, 1);
    } catch {
      record.isAsync = true;
    }
  }
  const make = evalScript(before + (record.isAsync ? 'async ' : '') + after, record.url, 1, 1);
  record.body = (scope) => runInScope(record.doc.window, make, record.url, scope);
}

// -- linking -------------------------------------------------------------------------------------------------------------

// https://tc39.es/ecma262/#sec-innermodulelinking, with a list in place of recursion through page-sized graphs
function linkModule(root) {
  const order = [];
  const stack = [root];
  while (stack.length > 0) {
    const record = stack[stack.length - 1];
    stack.length--;
    if (record.state !== 'new') continue;
    record.state = 'linking';
    order[order.length] = record;
    for (let i = record.requested.length - 1; i >= 0; i--) stack[stack.length] = record.requested[i];
  }
  try {
    for (let i = order.length - 1; i >= 0; i--) instantiateModule(order[i]);
    for (let i = 0; i < order.length; i++) checkIndirect(order[i]);
  } catch (error) {
    for (let i = 0; i < order.length; i++) order[i].state = 'new';
    throw error;
  }
  for (let i = 0; i < order.length; i++) order[i].state = 'linked';
}

function missingExport(record, request, name) {
  return new SyntaxError(`The requested module '${record.syntax.requests[request].specifier}' does not provide an export named '${name}'`);
}

function checkIndirect(record) {
  const { indirect, imports } = record.syntax;
  for (let i = 0; i < indirect.length; i++) {
    if (indirect[i].from !== null && typeof resolveExport(record, indirect[i].name, []) !== 'function') throw missingExport(record, indirect[i].request, indirect[i].from);
  }
  for (let i = 0; i < imports.length; i++) {
    const { request, name } = imports[i];
    if (name !== null && typeof resolveExport(record.requested[request], name, []) !== 'function') throw missingExport(record, request, name);
  }
}

function instantiateModule(record) {
  const scope = { __proto__: null };
  const { imports } = record.syntax;
  for (let i = 0; i < imports.length; i++) {
    const { request, name, local } = imports[i];
    const target = record.requested[request];
    let getter = null;
    ObjectDefineProperty(scope, local, {
      __proto__: null, enumerable: true, configurable: false,
      get() {
        getter ??= name === null ? () => namespaceOf(target) : resolveExport(target, name, []);
        return getter();
      },
    });
  }
  scope.$exports = (getters) => { record.getters = getters; };
  scope[IMPORT_NAME] = (specifier, options) => importFrom(record.doc, record.url, specifier, options);
  scope.$importMeta = moduleMeta(record);
  const make = record.body(scope);
  record.body = ReflectApply(make, undefined, []);
  stepModule(record);
}

function stepModule(record) {
  return withWindow(record.doc.window, () => (record.isAsync ? AsyncGeneratorPrototypeNext(record.body) : GeneratorPrototypeNext(record.body)));
}

// https://html.spec.whatwg.org/multipage/webappapis.html#hostgetimportmetaproperties
function moduleMeta(record) {
  const meta = { __proto__: null };
  const inline = RegExpPrototypeExec(/#inline-module-\d+$/, record.url);
  meta.url = inline === null ? record.url : StringPrototypeSlice(record.url, 0, inline.index);
  meta.resolve = (specifier) => resolveModule(record.doc, '' + specifier, record.url);
  return meta;
}

// https://tc39.es/ecma262/#sec-resolveexport; gives a function that reads it, null, or 'ambiguous'
function resolveExport(record, name, seen) {
  for (let i = 0; i < seen.length; i++) {
    if (seen[i].record === record && seen[i].name === name) return null;
  }
  seen[seen.length] = { __proto__: null, record, name };
  const { locals, indirect, stars } = record.syntax;
  for (let i = 0; i < locals.length; i++) {
    if (locals[i].name === name) return locals[i].reader ??= exportReader(record, name);
  }
  for (let i = 0; i < indirect.length; i++) {
    if (indirect[i].name !== name) continue;
    const target = record.requested[indirect[i].request];
    return indirect[i].from === null ? indirect[i].reader ??= () => namespaceOf(target) : resolveExport(target, indirect[i].from, seen);
  }
  if (name === 'default') return null;
  let found = null;
  for (let i = 0; i < stars.length; i++) {
    const one = resolveExport(record.requested[stars[i]], name, seen);
    if (one === 'ambiguous') return one;
    if (one === null) continue;
    if (found !== null && found !== one) return 'ambiguous';
    found = one;
  }
  return found;
}

function exportReader(record, name) {
  return () => {
    const value = record.getters[name]();
    // An anonymous default has a name of ours until somebody reads it.
    if (name === 'default' && typeof value === 'function') {
      const own = ObjectGetOwnPropertyDescriptor(value, 'name');
      if (own !== undefined && own.value === '$dflt') ObjectDefineProperty(value, 'name', { __proto__: null, value: 'default', configurable: true });
    }
    return value;
  };
}

function exportedNames(record, seen, names) {
  if (seen.get(record) !== undefined) return;
  seen.set(record, true);
  const { locals, indirect, stars } = record.syntax;
  for (let i = 0; i < locals.length; i++) names.set(locals[i].name, true);
  for (let i = 0; i < indirect.length; i++) names.set(indirect[i].name, true);
  for (let i = 0; i < stars.length; i++) {
    const inner = new SafeMap();
    exportedNames(record.requested[stars[i]], seen, inner);
    inner.forEach((_, name) => { if (name !== 'default') names.set(name, true); });
  }
}

// https://tc39.es/ecma262/#sec-module-namespace-exotic-objects
function namespaceOf(record) {
  if (record.namespace !== null) return record.namespace;
  const names = new SafeMap();
  exportedNames(record, new SafeMap(), names);
  const list = [];
  names.forEach((_, name) => { list[list.length] = name; });
  ArrayPrototypeSort(list);
  const namespace = ObjectCreate(null);
  for (let i = 0; i < list.length; i++) {
    const get = resolveExport(record, list[i], []);
    if (typeof get === 'function') ObjectDefineProperty(namespace, list[i], { __proto__: null, get, enumerable: true, configurable: false });
  }
  ObjectDefineProperty(namespace, SymbolToStringTag, { __proto__: null, value: 'Module' });
  return record.namespace = ObjectPreventExtensions(namespace);
}

// -- evaluating ----------------------------------------------------------------------------------------------------------

// https://tc39.es/ecma262/#sec-innermoduleevaluation
// DEVIATION: a cycle does not wait for those of its modules that await.
function evaluateModule(record) {
  if (record.failure !== null) throw record.failure.error;
  if (record.state !== 'linked') return;
  record.state = 'evaluating';
  const waits = [];
  try {
    for (let i = 0; i < record.requested.length; i++) {
      const one = record.requested[i];
      evaluateModule(one);
      if (one.running !== null && one.state !== 'evaluating') waits[waits.length] = one.running;
    }
    if (waits.length === 0 && !record.isAsync) stepModule(record);
  } catch (error) {
    record.failure = { __proto__: null, error };
    record.state = 'evaluated';
    throw error;
  }
  record.state = 'evaluated';
  if (waits.length === 0 && !record.isAsync) return;
  record.running = new Promise((resolve, reject) => {
    const fail = (error) => {
      record.failure ??= { __proto__: null, error };
      reject(error);
    };
    const done = () => {
      record.running = null;
      resolve();
    };
    let left = waits.length;
    const run = () => {
      try {
        const outcome = stepModule(record);
        if (record.isAsync) PromisePrototypeThen(outcome, done, fail);
        else done();
      } catch (error) {
        fail(error);
      }
    };
    if (left === 0) run();
    for (let i = 0; i < waits.length; i++) {
      PromisePrototypeThen(waits[i], () => {
        left--;
        if (left === 0) run();
      }, fail);
    }
  });
  PromisePrototypeThen(record.running, undefined, () => {});       // whoever waits for it says what went wrong
}

// https://html.spec.whatwg.org/multipage/webappapis.html#run-a-module-script
// The graph of `url` is there; gives a promise of its namespace.
export function runFrameModule(doc, url, type = '') {
  return new Promise((resolve) => {
    const record = moduleRecord(doc, url, type);
    linkModule(record);
    evaluateModule(record);
    if (record.running === null) resolve(namespaceOf(record));
    else resolve(PromisePrototypeThen(record.running, () => namespaceOf(record)));
  });
}

// `import()` of code whose base URL is `referrer`.
export function importFrom(doc, referrer, specifier, options) {
  return new Promise((resolve, reject) => {
    const type = importType(options);
    const base = referrer === doc.urlText() ? serializeURL(documentBaseURL(doc)) : referrer;
    const url = resolveModule(doc, '' + specifier, base);
    fetchModuleGraph(doc, url, 'same-origin', (outcome) => {
      if (outcome.error !== undefined) reject(new TypeError(`Failed to fetch dynamically imported module: ${url}`));
      else PromisePrototypeThen(runFrameModule(doc, url, type), resolve, reject);
    });
  });
}

// https://tc39.es/ecma262/#sec-evaluate-import-call
function importType(options) {
  if (options === undefined) return '';
  if (options === null || (typeof options !== 'object' && typeof options !== 'function')) throw new TypeError('The second argument of import() must be an object');
  const attributes = options.with;
  if (attributes === undefined) return '';
  if (attributes === null || typeof attributes !== 'object') throw new TypeError('The "with" option of import() must be an object');
  const { type } = attributes;
  if (type === undefined) return '';
  if (type !== 'json') throw new TypeError(`"${type}" is not a valid module type.`);
  return type;
}
