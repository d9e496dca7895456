// https://dom.spec.whatwg.org/#scope-match-a-selectors-string
// Selectors as the DOM and the cascade use them. Results of querySelectorEvery are kept per selector for as long as the document
// does not change.

import { ArrayIsArray, SafeMap, SafeWeakMap, StringPrototypeIncludes } from '../../primordials.js';
import { noteSelectedAttribute, noteSelectedClass, selectedIds } from '../cssom/style_marks.js';
import { elementById } from '../../dom/attributes.js';
import { CompileOptions, MatchContext, compileComplex, keyOfComplex } from './compile.js';
import { classAttribute, hasClassToken, idAttribute, lowerAscii } from './names.js';
import { isWholeSelectorList, parseSelectorList, throwSelectorError } from './parser.js';

const CACHE_LIMIT = 1024;   // texts; a page that makes up selectors without end starts afresh

class CompiledSelector {
  constructor(list, options, text) {
    this.parts = [];           // { specificity, match(el, context), key, pseudoElement }
    for (let i = 0; i < list.length; i++) this.parts[i] = compilePart(list[i], options);
    this.test = this.parts.length === 1 ? this.parts[0].match : anyOf(this.parts);
    this.isVolatile = options.isVolatile;
    this.usesScope = options.usesScope;
    this.usesAttributes = options.usesAttributes;
    this.usesHost = StringPrototypeIncludes(lowerAscii(text), ':host');
    this.shape = 'any';        // id, class or tag: only that; any: everything else
    this.name = '';
    this.findShape(list, options.quirks);
    // The last result of querySelectorEvery, and what it holds for.
    this.lastRoot = null;
    this.lastDoc = null;
    this.lastVersion = -1;
    this.lastResult = null;
  }

  findShape(list, quirks) {
    if (list.length !== 1 || list[0].compounds.length !== 1) return;
    const compound = list[0].compounds[0];
    if (compound.pseudoElement !== '' || compound.namespace !== undefined) return;
    if (compound.tag === null && compound.simples.length === 1 && !quirks) {
      const simple = compound.simples[0];
      if (simple.kind === 'id' || simple.kind === 'class') {
        this.shape = simple.kind;
        this.name = simple.name;
      }
    } else if (compound.tag !== null && compound.simples.length === 0 && lowerAscii(compound.tag) === compound.tag) {
      this.shape = 'tag';
      this.name = compound.tag;
    }
  }
}

function compilePart(complex, options) {
  const compounds = complex.compounds;
  return {
    __proto__: null, specificity: complex.specificity, match: compileComplex(complex, options), key: keyOfComplex(complex),
    pseudoElement: compounds[compounds.length - 1].pseudoElement,
  };
}

// Lists that `&` stands for, and whether their classes are asked of other elements: they come again in every rule in their rule.
const notedNesting = new SafeWeakMap();

function isNestingNoted(list, away) {
  const known = notedNesting.get(list);
  if (known === true || known === away) return true;
  notedNesting.set(list, away);
  return false;
}

// For style_marks.js: the classes, ids and attributes that the selector of a rule asks for; `elsewhere`: of other elements than the subject.
// What scripts look for changes no style, and pages make up such selectors without end.
function noteNames(complex, elsewhere) {
  const { compounds } = complex;
  for (let i = 0; i < compounds.length; i++) {
    const away = elsewhere || i < compounds.length - 1 || compounds[i].pseudoElement === 'slotted' || compounds[i].pseudoElement === 'part';
    const { simples, pseudoArgument } = compounds[i];
    for (let j = 0; j < simples.length; j++) {
      const simple = simples[j];
      if (simple.kind === 'class') noteSelectedClass(simple.name, away);
      else if (simple.kind === 'id') selectedIds.add(simple.name);
      else if (simple.kind === 'attr') {
        noteSelectedAttribute(simple.name, simple.operator !== '');
        noteSelectedAttribute(lowerAscii(simple.name), simple.operator !== '');
      } else if (ArrayIsArray(simple.list)) {
        const own = simple.kind === 'is' || simple.kind === 'where' || simple.kind === 'not';
        if (simple.name === '&' && isNestingNoted(simple.list, away)) continue;
        for (let k = 0; k < simple.list.length; k++) noteNames(simple.list[k], away || !own);
      }
    }
    if (compounds[i].pseudoElement === 'slotted') for (let k = 0; k < pseudoArgument.length; k++) noteNames(pseudoArgument[k], true);
  }
}

function anyOf(parts) {
  return (el, context) => {
    for (let i = 0; i < parts.length; i++) if (parts[i].match(el, context)) return true;
    return false;
  };
}

let strictCache = new SafeMap();
let quirksCache = new SafeMap();

function compiledFor(doc, text) {
  const quirks = doc.quirks;
  const cache = quirks ? quirksCache : strictCache;
  const known = cache.get(text);
  if (known !== undefined) return known;
  const list = parseSelectorList(text, null, null);
  if (list === null) throwSelectorError(text);
  const usesHost = StringPrototypeIncludes(lowerAscii(text), ':host');
  const options = new CompileOptions(quirks, usesHost);
  options.isQuery = true;
  const compiled = new CompiledSelector(list, options, text);
  if (cache.size >= CACHE_LIMIT) {
    if (quirks) quirksCache = new SafeMap();
    else strictCache = new SafeMap();
  }
  (quirks ? quirksCache : strictCache).set(text, compiled);
  return compiled;
}

// The counter that a result hangs on.
function versionFor(compiled, doc) {
  return compiled.usesAttributes ? doc.version : doc.treeVersion;
}

function treeRoot(node) {
  let root = node;
  while (root.parent !== null) root = root.parent;
  return root;
}

function contextFor(compiled, node) {
  if (!compiled.usesHost) return new MatchContext(node, null);
  const root = treeRoot(node);
  return new MatchContext(node, root.nodeType === 11 && root.host ? root : null);
}

function nextInside(node, root) {
  if (node.first !== null) return node.first;
  let at = node;
  while (at !== root && at.next === null) at = at.parent;
  return at === root ? null : at.next;
}

// https://dom.spec.whatwg.org/#dom-parentnode-queryselector
export function querySelectorFirst(root, text) {
  const compiled = compiledFor(root.doc ?? root, text);
  if (compiled.shape === 'id') {
    const found = firstById(root, compiled.name);
    if (found !== undefined) return found;
  }
  // A list that was asked for in this state of the tree has the answer.
  if (compiled.lastRoot === root && compiled.lastDoc === root.doc && compiled.lastVersion === versionFor(compiled, root.doc)) {
    return compiled.lastResult.length > 0 ? compiled.lastResult[0] : null;
  }
  const { test } = compiled;
  const context = contextFor(compiled, root);
  for (let node = root.first; node !== null; node = nextInside(node, root)) {
    if (node.nodeType === 1 && test(node, context)) return node;
  }
  return null;
}

// By the id index of a document; undefined when it cannot tell.
function firstById(root, id) {
  if (root.nodeType !== 9) return undefined;
  return elementById(root, id);
}

// https://dom.spec.whatwg.org/#dom-parentnode-queryselectorall: the array is shared, do not change it.
export function querySelectorEvery(root, text) {
  const compiled = compiledFor(root.doc, text);
  const { doc } = root;
  const lasting = !compiled.isVolatile;
  if (lasting && compiled.lastRoot === root && compiled.lastDoc === doc && compiled.lastVersion === versionFor(compiled, doc)) return compiled.lastResult;
  const out = [];
  if (compiled.shape === 'class') collectClass(root, compiled.name, out);
  else if (compiled.shape === 'tag') collectTag(root, compiled.name, out);
  else {
    const { test } = compiled;
    const context = contextFor(compiled, root);
    for (let node = root.first; node !== null; node = nextInside(node, root)) {
      if (node.nodeType === 1 && test(node, context)) out[out.length] = node;
    }
  }
  if (lasting) {
    compiled.lastRoot = root;
    compiled.lastDoc = doc;
    compiled.lastVersion = versionFor(compiled, doc);
    compiled.lastResult = out;
  }
  return out;
}

function collectClass(root, name, out) {
  for (let node = root.first; node !== null; node = nextInside(node, root)) {
    if (node.nodeType !== 1 || node.attrs.length === 0) continue;
    const value = classAttribute(node);
    if (value !== null && hasClassToken(value, name)) out[out.length] = node;
  }
}

function collectTag(root, name, out) {
  for (let node = root.first; node !== null; node = nextInside(node, root)) {
    if (node.nodeType === 1 && node.localName === name) out[out.length] = node;
  }
}

// https://dom.spec.whatwg.org/#dom-element-matches
export function matchesSelector(el, text) {
  const compiled = compiledFor(el.doc, text);
  if (compiled.shape === 'id') return idAttribute(el) === compiled.name;
  return compiled.test(el, contextFor(compiled, el));
}

// https://dom.spec.whatwg.org/#dom-element-closest
export function closestSelector(el, text) {
  const compiled = compiledFor(el.doc, text);
  const context = contextFor(compiled, el);
  for (let node = el; node !== null && node.nodeType === 1; node = node.parent) if (compiled.test(node, context)) return node;
  return null;
}

// Is the text a selector list? (CSS.supports, and rules that would be dropped)
export function isSelectorList(text) {
  return isWholeSelectorList(text);
}

// For the cascade: null when invalid. `options`: { quirks, shadow, namespaces, nesting } with nesting the parsed list of the parent rule.
// Each part's `match(el, context)` takes a MatchContext.
export function compileSelectorList(text, options) {
  const list = parseSelectorList(text, options.namespaces ?? null, options.nesting ?? null);
  if (list === null) return null;
  const parts = [];
  for (let i = 0; i < list.length; i++) {
    const compileOptions = new CompileOptions(options.quirks === true, options.shadow === true);
    noteNames(list[i], options.elsewhere === true);
    parts[i] = compilePart(list[i], compileOptions);
    parts[i].isVolatile = compileOptions.isVolatile;
  }
  return { __proto__: null, parts, parsed: list };
}
