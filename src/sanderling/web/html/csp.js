// https://www.w3.org/TR/CSP3/
// The Content Security Policies of documents: where they come from, what is asked of them, and what is told when they forbid something. The matching is the
// host's (`csp.check`, a pure function). What the user's tools evaluate is not bound by them.
// The host judges redirects before it follows them; policies that only report are asked when the response is there.

import { standInFor } from '../emulation/masked.js';
import { entryKind, hostCall, hostPost, onHost } from '../host.js';
import {
  EvalError, FunctionPrototype, ObjectDefineProperty, ObjectGetPrototypeOf, ReflectApply, ReflectConstruct, RegExpPrototypeExec, SafeMap, SafeWeakMap, StringPrototypeSlice,
  StringPrototypeStartsWith, StringPrototypeToLowerCase,
} from '../primordials.js';
import { getAttr } from '../dom/attributes.js';
import { fireEvent } from '../dom/dispatch.js';
import { isConnected } from '../dom/tree.js';
import { parseURL, sameOrigin, serializeOrigin, serializeURL } from '../url/parser.js';
import { originURL } from './frame_tree.js';
import { mainWindow, windowOfFrame } from './realm.js';
import { nonceOf } from './nonce.js';
import { observeViolation } from './reporting.js';
import { moduleClient } from './scripting.js';
import { queueTask } from './tasks.js';
import { guardWasm } from './wasm.js';

// https://w3c.github.io/webappsec-upgrade-insecure-requests/#delivery
const UPGRADES = /(?:^|;)[\t\n\f\r ]*upgrade-insecure-requests[\t\n\f\r ]*(?:;|$)/i;
const REPORTS = /(?:^|;)[\t\n\f\r ]*report-(?:uri|to)[\t\n\f\r ]/i;
const SAMPLE_LENGTH = 40;
let bypassed = false;              // by the user: no policy counts

class ContentPolicy {
  constructor(text, report, meta, self, to) {
    this.text = text;
    this.report = report;          // report only
    this.meta = meta;
    this.to = to;                  // the endpoint of `report-to`, a URL; '' for none
    this.self = self;              // what 'self' means, a URL
  }
}

function selfOf(doc) {
  return doc.url.scheme === 'about' && doc.fallbackBase !== null ? serializeURL(doc.fallbackBase) : doc.urlText();
}

// Policies of a response: `list` is what the host found in its headers, or those of another document (`inheritablePolicies`).
export function setPolicies(doc, list) {
  if (list === undefined || list === null || bypassed) return;
  for (let i = 0; i < list.length; i++) addPolicy(doc, list[i].text, list[i].report, list[i].meta === true, list[i].to ?? '', list[i].self);
}

export function bypassPolicies(on) {
  bypassed = on;
}

// https://html.spec.whatwg.org/multipage/browsers.html#initialise-the-policy-container: a document without a response has those of who made it.
export function inheritPolicies(doc, from) {
  doc.upgradesInsecure = from.upgradesInsecure;
  doc.hidesNonces = from.hidesNonces;
  if (from.csp !== null) {
    doc.csp = [];
    for (let i = 0; i < from.csp.length; i++) doc.csp[i] = from.csp[i];
    tellModules(doc);
  }
}

// What inherits policies in another isolate gets of them (`setPolicies`).
export function inheritablePolicies(doc) {
  const out = [];
  const list = doc.csp ?? [];
  for (let i = 0; i < list.length; i++) out[i] = { __proto__: null, text: list[i].text, report: list[i].report, meta: list[i].meta, self: list[i].self, to: list[i].to };
  return out;
}

// What a document without a response has of `doc`, where it lives in another isolate.
export function handedDown(doc) {
  return { __proto__: null, csp: inheritablePolicies(doc), referrerPolicy: doc.referrerPolicy, upgrade: doc.upgradesInsecure };
}

function addPolicy(doc, text, report, meta, to, self) {
  if (!report && RegExpPrototypeExec(UPGRADES, text) !== null) doc.upgradesInsecure = true;
  if (!meta) doc.hidesNonces = true;
  const list = doc.csp ?? (doc.csp = []);
  list[list.length] = new ContentPolicy(text, report, meta, self ?? selfOf(doc), to);
  tellModules(doc);
  if (doc.window === null || doc.window !== mainWindow()) return;
  guardWasm();
  if (forbidsEval(doc)) restrictEval(doc);
}

// https://html.spec.whatwg.org/multipage/semantics.html#attr-meta-http-equiv-content-security-policy
export function metaPolicy(el) {
  if (bypassed || StringPrototypeToLowerCase(getAttr(el, 'http-equiv') ?? '') !== 'content-security-policy') return;
  const { parent, doc } = el;
  const content = getAttr(el, 'content');
  if (parent === null || parent.nodeType !== 1 || parent.localName !== 'head' || doc.window === null || content === null || content === '') return;
  addPolicy(doc, content, false, true, '', undefined);
}

// What modules import is fetched by the host, which asks the policies itself.
export function tellModules(doc) {
  const client = moduleClient(doc);
  if (doc.csp !== null && doc.window !== null) hostPost('module.policies', { __proto__: null, policies: policiesForHost(doc), client });
}

onHost('csp.forbidden', (payload) => {
  const doc = windowOfFrame(payload.frame)?.document ?? null;
  if (doc === null || doc.csp === null) return null;
  const facts = { __proto__: null, blocked: reportedURL(payload.url), sample: '', element: null, what: requestWords(payload.destination, payload.url), inline: false, keyword: '' };
  for (let i = 0; i < payload.violations.length; i++) {
    const violation = payload.violations[i];
    if (violation.index < doc.csp.length) reportViolation(doc, doc.csp[violation.index], violation, facts);
  }
  return null;
});

// https://www.w3.org/TR/CSP3/#violation-status: of the response that the document came with; the fourth fact of its record.
function statusOf(doc) {
  if (doc.url.scheme !== 'http' && doc.url.scheme !== 'https') return 0;
  const record = doc.timing === null ? null : doc.timing.navigation?.record ?? null;
  return record === null ? 200 : record[3] || 200;
}

// What goes along with a request, so that its redirects are asked about before they are followed.
export function policiesForHost(doc) {
  const out = [];
  for (let i = 0; i < doc.csp.length; i++) out[i] = { __proto__: null, text: doc.csp[i].text, meta: doc.csp[i].meta, self: doc.csp[i].self, report: doc.csp[i].report };
  return out;
}

// Ask all policies of a document; what they forbid is reported. True: it may go on.
function allows(doc, question, facts) {
  question.policies = policiesForHost(doc);
  const violations = hostCall('csp.check', question);
  let allowed = true;
  for (let i = 0; i < violations.length; i++) {
    const policy = doc.csp[violations[i].index];
    if (!policy.report) allowed = false;
    reportViolation(doc, policy, violations[i], facts);
  }
  return allowed;
}

// -- what is asked -----------------------------------------------------------------------------------------------------

// https://www.w3.org/TR/CSP3/#should-block-inline; `type`: script, script attribute, style, style attribute, navigation
export function allowsInline(doc, el, type, source) {
  if (doc.csp === null || doc.window === null) return true;
  return allows(doc, { __proto__: null, kind: 'inline', type, source, nonce: el === null ? '' : nonceOf(el) }, {
    __proto__: null, blocked: 'inline', sample: source, element: el, what: INLINE_WORDS[type], inline: true, keyword: 'unsafe-inline',
  });
}

// https://w3c.github.io/webappsec-upgrade-insecure-requests/#upgrade-request; what needs no upgrade is left to who sends it
export function upgradedURL(url) {
  if (StringPrototypeStartsWith(url, 'http:')) return 'https:' + StringPrototypeSlice(url, 5);
  return StringPrototypeStartsWith(url, 'ws:') ? 'wss:' + StringPrototypeSlice(url, 3) : url;
}

// https://www.w3.org/TR/CSP3/#should-block-request and #should-block-response (`redirected`)
export function allowsRequest(doc, request, asked, redirected) {
  if (doc === null || doc.csp === null || request.destination === 'document') return true;
  const url = doc.upgradesInsecure ? upgradedURL(asked) : asked;
  return allows(doc, {
    __proto__: null, kind: 'request', destination: request.destination, url, nonce: request.nonce ?? '', integrity: request.integrity ?? '',
    parserInserted: request.parserInserted !== false, redirected, hint: request.purpose === 'prefetch',
  }, { __proto__: null, blocked: reportedURL(redirected ? request.url : url), sample: '', element: null, what: requestWords(request.destination, url), inline: false, keyword: '' });
}

// The same of a document in which `metas`, policies of meta elements, stand ahead, for a speculative fetch; nobody is told.
export function wouldAllow(doc, request, asked, metas) {
  if (doc.csp === null && metas.length === 0) return true;
  const policies = doc.csp === null ? [] : policiesForHost(doc);
  const enforced = policies.length;
  for (let i = 0; i < metas.length; i++) policies[enforced + i] = { __proto__: null, text: metas[i], meta: true, self: selfOf(doc), report: false };
  const violations = hostCall('csp.check', {
    __proto__: null, kind: 'request', destination: request.destination, url: doc.upgradesInsecure ? upgradedURL(asked) : asked, nonce: request.nonce ?? '', integrity: request.integrity ?? '',
    parserInserted: true, redirected: false, policies,
  });
  for (let i = 0; i < violations.length; i++) if (!policies[violations[i].index].report) return false;
  return true;
}

// form-action and base-uri
export function allowsTarget(doc, directive, url, what) {
  if (doc.csp === null) return true;
  return allows(doc, { __proto__: null, kind: 'target', directive, url }, {
    __proto__: null, blocked: reportedURL(url), sample: '', element: null, what: what + " '" + url + "'", inline: false, keyword: '',
  });
}

// https://www.w3.org/TR/CSP3/#can-compile-strings
export function allowsEval(doc, source) {
  if (doc === null || doc.csp === null) return true;
  return allows(doc, { __proto__: null, kind: 'eval' }, {
    __proto__: null, blocked: 'eval', sample: source, element: null, what: 'evaluate a string as JavaScript', inline: false, keyword: 'unsafe-eval',
  });
}

// https://www.w3.org/TR/CSP3/#can-compile-wasm-bytes
export function allowsWasm(doc) {
  if (doc.csp === null || TOOL_ENTRIES[entryKind()] === true) return true;
  return allows(doc, { __proto__: null, kind: 'wasm' }, {
    __proto__: null, blocked: 'wasm-eval', sample: '', element: null, what: 'compile or instantiate WebAssembly module', inline: false, keyword: 'unsafe-eval',
  });
}

const baseVerdicts = new SafeWeakMap();

// The base URL is computed often; each text is judged once.
export function allowsBase(doc, url) {
  if (doc.csp === null) return true;
  const text = serializeURL(url);
  let known = baseVerdicts.get(doc);
  if (known === undefined) baseVerdicts.set(doc, known = new SafeMap());
  let verdict = known.get(text);
  if (verdict === undefined) {
    known.set(text, true);             // the report needs a base URL itself
    known.set(text, verdict = allowsTarget(doc, 'base-uri', text, "set the document's base URI to"));
  }
  return verdict;
}

// -- eval --------------------------------------------------------------------------------------------------------------

function forbidsEval(doc) {
  const violations = hostCall('csp.check', { __proto__: null, kind: 'eval', policies: policiesForHost(doc) });
  return violations.length > 0;
}

export const engineEval = globalThis.eval;
const functionPrototypes = [FunctionPrototype, ObjectGetPrototypeOf(async () => {}), ObjectGetPrototypeOf(function* () {}), ObjectGetPrototypeOf(async function* () {})];
const functionNames = ['Function', 'AsyncFunction', 'GeneratorFunction', 'AsyncGeneratorFunction'];
// Entries in which it is the user's tools that compile strings; Chromium lifts the restriction for their time, too.
const TOOL_ENTRIES = { __proto__: null, evaluate: true, wait: true, 'script.run': true, 'inspector.evaluate': true, 'inspector.call': true, 'inspector.runNow': true, 'inspector.start': true };
let evalRestricted = false;

// The engine has no hook for compiled strings, so what reaches it is replaced: eval, and the constructors of functions. An eval that is not the engine's own
// is called indirectly, which makes no difference to one that throws.
function restrictEval(doc) {
  if (evalRestricted) return;
  evalRestricted = true;
  const check = (source) => {
    if (TOOL_ENTRIES[entryKind()] === true || allowsEval(doc, source)) return;
    throw new EvalError("Refused to evaluate a string as JavaScript because 'unsafe-eval' is not an allowed source of script in the following Content Security Policy directive: \"" + evalDirective(doc) + '".\n');
  };
  const ownEval = {
    __proto__: null,
    eval(source) {
      if (typeof source !== 'string') return source;
      check(source);
      return engineEval(source);
    },
  };
  ObjectDefineProperty(globalThis, 'eval', { __proto__: null, value: standInFor(engineEval, ownEval.eval), writable: true, configurable: true });
  for (let i = 0; i < functionPrototypes.length; i++) restrictConstructor(functionPrototypes[i], check, functionNames[i]);
}

function restrictConstructor(prototype, check, name) {
  const original = prototype.constructor;
  const replaced = function (...args) {
    check(args.length === 0 ? '' : args[args.length - 1]);
    return new.target === undefined || new.target === replaced ? ReflectApply(original, undefined, args) : ReflectConstruct(original, args, new.target);
  };
  standInFor(original, replaced);
  ObjectDefineProperty(replaced, 'prototype', { __proto__: null, value: prototype, writable: false });
  ObjectDefineProperty(prototype, 'constructor', { __proto__: null, value: replaced, writable: name === 'Function', configurable: true });
  if (name === 'Function') ObjectDefineProperty(globalThis, 'Function', { __proto__: null, value: replaced, writable: true, configurable: true });
}

function evalDirective(doc) {
  const violations = hostCall('csp.check', { __proto__: null, kind: 'eval', policies: policiesForHost(doc) });
  for (let i = 0; i < violations.length; i++) if (!doc.csp[violations[i].index].report) return violations[i].value;
  return '';
}

// -- reports -----------------------------------------------------------------------------------------------------------

const INLINE_WORDS = {
  __proto__: null, script: 'execute inline script', 'script attribute': 'execute inline event handler', style: 'apply inline style', 'style attribute': 'apply inline style', navigation: 'run the JavaScript URL',
};
const LOADED = { __proto__: null, script: 'script', style: 'stylesheet', image: 'image', font: 'font', audio: 'media', video: 'media', track: 'media', object: 'plugin data', embed: 'plugin data', manifest: 'manifest' };

function requestWords(destination, url) {
  if (destination === '') return "connect to '" + url + "'";
  if (destination === 'iframe' || destination === 'frame') return "frame '" + url + "'";
  if (destination === 'worker' || destination === 'sharedworker') return "create a worker from '" + url + "'";
  return 'load the ' + (LOADED[destination] ?? 'resource') + " '" + url + "'";
}

// https://www.w3.org/TR/CSP3/#strip-url-for-use-in-reports, of what was asked for: where redirects lead is nobody's to know (2.4.2)
function reportedURL(text) {
  const url = parseURL(text, null);
  if (url === null) return text;
  if (url.scheme !== 'http' && url.scheme !== 'https' && url.scheme !== 'ws' && url.scheme !== 'wss') return url.scheme;
  url.fragment = null;
  url.username = '';
  url.password = '';
  return serializeURL(url);
}

// As in Chromium: where a frame of another origin, or what an object shows, would lead is not told, but whose it is.
function toldOf(doc, blocked, directive) {
  if (directive !== 'frame-src' && directive !== 'object-src') return blocked;
  const url = parseURL(blocked, null);
  if (url === null || url.host === null || sameOrigin(url, originURL(doc))) return blocked;
  return serializeOrigin(url);
}

// Chromium's words, CSPDirectiveListReporting
function consoleText(policy, violation, facts) {
  let text = (policy.report ? '[Report Only] ' : '') + 'Refused to ' + facts.what + ' because ';
  if (facts.keyword === 'unsafe-eval') return text + "'unsafe-eval' is not an allowed source of script in the following Content Security Policy directive: \"" + violation.value + '".\n';
  text += 'it violates the following Content Security Policy directive: "' + violation.value + '".';
  if (facts.inline) text += " Either the 'unsafe-inline' keyword, a hash ('sha256-" + violation.hash + "'), or a nonce ('nonce-...') is required to enable inline execution.";
  if (violation.directive !== violation.effective) text += " Note that '" + violation.effective + "' was not explicitly set, so '" + violation.directive + "' is used as a fallback.";
  return text + '\n';
}

// https://www.w3.org/TR/CSP3/#report-violation
// DEVIATION: `sourceFile` is the document, as Chromium's is where no script has a place; lines and columns are 0.
function reportViolation(doc, policy, violation, facts) {
  const { window } = doc;
  if (window === null) return;
  hostPost('csp.violation', { frame: window.frameId, text: consoleText(policy, violation, facts), url: doc.urlText() });
  const url = parseURL(doc.urlText(), null);
  if (url !== null) {
    url.fragment = null;
    url.username = '';
    url.password = '';
  }
  const place = url === null ? doc.urlText() : serializeURL(url);
  const init = {
    __proto__: null, documentURI: place, referrer: doc.referrer, blockedURI: toldOf(doc, facts.blocked, violation.effective), violatedDirective: violation.effective,
    effectiveDirective: violation.effective, originalPolicy: policy.text, sourceFile: reportedURL(place), sample: violation.sample && typeof facts.sample === 'string' ? StringPrototypeSlice(facts.sample, 0, SAMPLE_LENGTH) : '',
    disposition: policy.report ? 'report' : 'enforce', statusCode: statusOf(doc), lineNumber: 0, columnNumber: 0,
  };
  observeViolation(window, place, init);
  if (RegExpPrototypeExec(REPORTS, policy.text) !== null) {
    hostPost('csp.report', { __proto__: null, frame: window.frameId, policy: policy.text, meta: policy.meta, to: policy.to, url: doc.urlText(), upgrade: doc.upgradesInsecure, violation: init });
  }
  queueTask(doc, () => {
    const el = facts.element;
    const target = window.isWorkerScope === true ? window : el !== null && isConnected(el) && el.doc === doc ? el : doc;
    fireEvent(target, 'securitypolicyviolation', { __proto__: null, bubbles: true, composed: true, interface: 'SecurityPolicyViolationEvent', init });
  });
}
