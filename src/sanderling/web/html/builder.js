// https://html.spec.whatwg.org/multipage/parsing.html#tree-construction
// From the flat message of a parsed tree (browser/parser.py) to nodes. A document is built up to the next script and goes on when
// that has run; fragments are built in one go.

import { JSONParse, RegExpPrototypeExec, StringPrototypeIndexOf, StringPrototypeSlice, StringPrototypeStartsWith, StringPrototypeToLowerCase } from '../primordials.js';
import { runMicrotasks, utf8Decode } from '../host.js';
import { hooks } from '../webidl/runtime.js';
import { AttrImpl, ElementImpl } from '../dom/node.js';
import { hideNonce } from './nonce.js';
import { attrInterface } from '../dom/Attr.js';
import { definitionOf, interfaceFor } from '../dom/definitions.js';
import { hasAttr, setAttr, setInitialAttrs, withAttr } from '../dom/attributes.js';
import { createCDATASection, createComment, createDoctype, createElement, createProcessingInstruction, createText } from '../dom/create.js';
import { replaceData } from '../dom/CharacterData.js';
import { appendParsed } from '../dom/tree.js';
import { attachShadow } from '../dom/ShadowRoot.js';
import { HTML_NS, MATHML_NS, SVG_NS, XLINK_NS, XMLNS_NS, XML_NS } from '../dom/namespaces.js';
import { createCustomElement, customAttributeChanged, disabledFeature, popReactions, pushReactions, rememberIs } from './custom_elements.js';
import { templateContents } from './elements/HTMLTemplateElement.js';
import { isScriptRunning } from './realm.js';
import { scriptState } from './scripting.js';
import { associateWithParserForm, isListed } from './forms/owner.js';

const NAMESPACES = [HTML_NS, SVG_NS, MATHML_NS];
const SEPARATOR = '\x1f';

// https://html.spec.whatwg.org/multipage/parsing.html#adjust-foreign-attributes, and the names that XML gives with their namespace
function makeAttr(doc, name, value, foreign) {
  const separator = doc.isHTML ? -1 : StringPrototypeIndexOf(name, SEPARATOR);
  if (separator >= 0) {
    const qualified = StringPrototypeSlice(name, 0, separator);
    const namespace = StringPrototypeSlice(name, separator + 1);
    const colon = StringPrototypeIndexOf(qualified, ':');
    if (colon < 0) return new AttrImpl(attrInterface, doc, qualified, namespace, null, value);
    return new AttrImpl(attrInterface, doc, StringPrototypeSlice(qualified, colon + 1), namespace, StringPrototypeSlice(qualified, 0, colon), value);
  }
  if (foreign) {
    const match = RegExpPrototypeExec(/^(?:(xlink):(actuate|arcrole|href|role|show|title|type)|(xml):(lang|space)|(xmlns):(xlink))$/, name);
    if (match !== null) {
      if (match[1] !== undefined) return new AttrImpl(attrInterface, doc, match[2], XLINK_NS, 'xlink', value);
      if (match[3] !== undefined) return new AttrImpl(attrInterface, doc, match[4], XML_NS, 'xml', value);
      return new AttrImpl(attrInterface, doc, 'xlink', XMLNS_NS, 'xmlns', value);
    }
    if (name === 'xmlns') return new AttrImpl(attrInterface, doc, 'xmlns', XMLNS_NS, null, value);
  }
  return new AttrImpl(attrInterface, doc, name, null, null, value);
}

class TreeBuilder {
  // `doc` owns the nodes; `root` gets them.
  constructor(doc, items, root) {
    this.doc = doc;
    this.items = items;
    this.at = 0;
    this.root = root;
    this.parent = root;            // where the next node goes
    this.stack = [];               // what is open: { el, parent before }
    this.form = null;              // form element pointer
    this.formTable = null;         // the table that has it in it, where the parser has closed it at once
    this.scriptLine = 1;
    this.scriptColumn = 1;
    this.writtenLines = 0;         // of the items' text: what scripts have written into it
    this.scriptEnd = -1;           // in code points of the input stream; -1: not known
    this.scripts = 0;              // how many it has come to
    this.scriptsBefore = 0;        // how many of them have run already, in a tree that this one replaces
    this.fragment = false;         // scripts do not run
    this.inert = 0;                // depth of templates: nodes in them belong to another document
    this.closed = false;
  }

  element() {
    const { items } = this;
    let { at } = this;
    const qualified = items[at++];
    const kind = items[at++];
    const count = items[at++];
    const namespace = kind === 0 ? HTML_NS : typeof kind === 'number' ? NAMESPACES[kind] : kind === '' ? null : kind;
    const foreign = namespace !== HTML_NS;
    const doc = this.parent.doc;
    let name = qualified;
    let prefix = null;
    if (foreign || !doc.isHTML) {
      const colon = StringPrototypeIndexOf(qualified, ':');
      if (colon > 0) {
        prefix = StringPrototypeSlice(qualified, 0, colon);
        name = StringPrototypeSlice(qualified, colon + 1);
      }
    }
    let list = null;
    let is = null;
    let autofocus = false;
    if (count > 0) {
      list = [];
      for (let i = 0; i < count; i++) {
        const key = items[at++];
        const value = items[at++];
        if (key === 'is' && !foreign) is = value;
        else if (key === 'autofocus') autofocus = true;
        list = withAttr(list, makeAttr(doc, key, value, foreign));
      }
    }
    this.at = at;
    let el;
    if (hooks.ceActive && !foreign && !this.fragment && this.inert === 0) {
      // https://html.spec.whatwg.org/multipage/parsing.html#create-an-element-for-the-token: constructors run here. The documents of fragments and of
      // template contents have no browsing context, so no definitions: their elements are upgraded when they come into a document that has one.
      const mayConstruct = is !== null || StringPrototypeIndexOf(name, '-') > 0;
      if (mayConstruct && !isScriptRunning()) runMicrotasks();
      doc.throwOnDynamicMarkup++;
      pushReactions();
      el = createCustomElement(doc, name, namespace, prefix, is, true);
      // Upgrades report the attributes that they find; an element that is constructed now gets them afterwards.
      const constructed = el.custom !== null && el.custom.state === 'custom';
      if (list !== null) setInitialAttrs(el, el.attrs.length === 0 ? list : attrsOfBoth(el, list));
      popReactions();
      if (constructed && list !== null) reportInitialAttributes(el, list);
      doc.throwOnDynamicMarkup--;
    } else {
      const def = definitionOf(name, namespace);
      el = new ElementImpl(interfaceFor(def, name, namespace), doc, name, namespace, prefix, def);
      if (def !== null && def.created !== null) def.created(el);
      if (is !== null) rememberIs(el, is);
      if (list !== null) setInitialAttrs(el, list);
    }
    if (doc.hidesNonces && list !== null && !this.fragment && this.inert === 0) hideNonce(el);
    if (!foreign || (name === 'script' && namespace === SVG_NS)) {
      if (name === 'script') {
        const state = scriptState(el);
        state.line = this.scriptLine;
        state.column = this.scriptColumn;
        state.end = this.scriptEnd;
        if (this.fragment) state.alreadyStarted = !this.scriptsRun;
        else if (this.inert === 0) {
          state.parserDocument = doc;
          state.forceAsync = false;
        }
      } else if (name === 'form' && this.inert === 0 && (this.form === null || this.formTable !== null)) {
        this.form = el;
        this.formTable = null;
      } else if (this.form !== null && isListed(el)) associateWithParserForm(el, this.form);
    }
    if (autofocus && !this.fragment && this.inert === 0 && doc.autofocus !== false) {
      if (doc.autofocus === null) doc.autofocus = [];
      doc.autofocus[doc.autofocus.length] = el;
    }
    if (el.custom !== null && !this.fragment) {
      // https://html.spec.whatwg.org/multipage/parsing.html#insert-an-element-at-the-adjusted-insertion-location: it is told before its children come
      pushReactions();
      appendParsed(el, this.parent);
      doc.parserReacts++;
      popReactions();
      doc.parserReacts--;
    } else appendParsed(el, this.parent);
    this.stack[this.stack.length] = el;
    if (!foreign && name === 'template') {
      this.parent = templateContents(el);
      this.inert++;
    } else this.parent = el;
    return el;
  }

  // https://html.spec.whatwg.org/multipage/parsing.html#insert-a-character, step 3
  text(data) {
    const { last } = this.parent;
    if (last !== null && last.nodeType === 3 && !this.fragment) replaceData(last, last.data.length, 0, data);
    else appendParsed(createText(this.parent.doc, data), this.parent);
  }

  // The element on top is complete; gives it.
  close() {
    const { stack } = this;
    const el = stack[stack.length - 1];
    stack.length--;
    if (el.nodeType === 11) {
      // a shadow root: go on in its host
      this.parent = el.host;
      return el;
    }
    const below = stack.length > 0 ? stack[stack.length - 1] : null;
    if (el.localName === 'template' && el.namespace === HTML_NS) this.inert--;
    this.parent = below === null ? this.root : below.localName === 'template' && below.namespace === HTML_NS && below.nodeType === 1 ? templateContents(below) : below;
    // https://html.spec.whatwg.org/multipage/parsing.html#parsing-main-intable: a form right in a table is closed at once, but what follows belongs to it.
    // DEVIATION: up to the end of the table, since the place of the end tag is not known; to the next form, which there would be ignored else.
    if (el === this.form) {
      if (FORM_TABLE_PARTS[below === null ? '' : below.localName] === true && el.first === null) this.formTable = tableAround(this.stack);
      if (this.formTable === null) this.form = null;
    } else if (el === this.formTable) {
      this.form = null;
      this.formTable = null;
    }
    if (el.def !== null && el.def.popped !== null) el.def.popped(el);
    return el;
  }

  // https://html.spec.whatwg.org/multipage/parsing.html#parsing-main-inhead, the template start tag: where no shadow root can be attached, the template is an element.
  leftTemplate(mode, flags) {
    const { doc } = this.parent;
    const el = createElement(doc, 'template');
    setAttr(el, 'shadowrootmode', mode);
    const names = ['shadowrootdelegatesfocus', 'shadowrootserializable', 'shadowrootclonable'];
    for (let i = 0; i < names.length; i++) if ((flags & (1 << i)) !== 0) setAttr(el, names[i], '');
    appendParsed(el, this.parent);
    this.stack[this.stack.length] = el;
    this.parent = templateContents(el);
    this.inert++;
  }

  // Put other items before the last `rest` of those that are still to be built.
  insertItems(more, rest) {
    const end = this.items.length - rest;
    const out = [];
    for (let i = 0; i < end; i++) out[i] = this.items[i];
    for (let i = 0; i < more.length; i++) out[out.length] = more[i];
    for (let i = end; i < this.items.length; i++) out[out.length] = this.items[i];
    this.items = out;
  }

  // Go on in the items of another parse, in which what has been built stands, too; false, and nothing done, if it does not.
  continueIn(items) {
    const old = this.items;
    let scriptEnd = -1;
    let j = 0;
    for (let i = 0; i < this.at;) {
      if (typeof old[i] === 'string') {
        let text = '';
        while (i < this.at && typeof old[i] === 'string') text += old[i++];
        const now = items[j];
        if (typeof now !== 'string' || !StringPrototypeStartsWith(now, text)) return false;
        if (now.length > text.length) {
          if (i < this.at) return false;
          splitTextItem(items, j, text.length);
        }
        j++;
        continue;
      }
      const end = i + itemLength(old, i);
      const position = old[i] === 7;
      if (old[i] !== items[j]) return false;
      if (position) scriptEnd = items[j + 3];
      for (i++, j++; i < end; i++, j++) if (!position && old[i] !== items[j]) return false;
    }
    this.items = items;
    this.at = j;
    // The end of a script that is open may be known only now.
    const top = this.stack.length > 0 ? this.stack[this.stack.length - 1] : null;
    if (top !== null && top.localName === 'script') scriptState(top).end = scriptEnd;
    return true;
  }

  // Build until a script of the document is complete, or to the end. Gives { script, line, column } or { script: undefined }.
  // `remaining`: stop when only so many items are left.
  step(remaining = 0) {
    const { doc } = this;
    while (this.items.length - this.at > remaining) {
      const { items } = this;
      const item = items[this.at++];
      if (typeof item === 'string') {
        this.text(item);
        continue;
      }
      switch (item) {
        case 0: {
          const el = this.close();
          if (el.localName === 'script' && !this.fragment && this.inert === 0 && el.nodeType === 1 && (el.namespace === HTML_NS || el.namespace === SVG_NS) && el.flags !== 0) {
            const state = scriptState(el);
            this.scripts++;
            if (this.scripts <= this.scriptsBefore) {
              state.alreadyStarted = true;
              state.parserDocument = null;
              break;
            }
            return { __proto__: null, script: el, line: state.line, column: state.column };
          }
          break;
        }
        case 1: this.element(); break;
        case 2: appendParsed(createComment(this.parent.doc, items[this.at++]), this.parent); break;
        case 3: {
          const name = items[this.at++];
          const publicId = items[this.at++];
          const systemId = items[this.at++];
          if (this.root.nodeType === 9 && doc.isHTML) setMode(doc, name, publicId, systemId);
          appendParsed(createDoctype(doc, name, publicId, systemId), this.parent);
          break;
        }
        case 4: {
          const target = items[this.at++];
          appendParsed(createProcessingInstruction(this.parent.doc, target, items[this.at++]), this.parent);
          break;
        }
        case 5: {
          const text = items[this.at++];
          appendParsed(this.doc.isHTML ? createText(this.parent.doc, text) : createCDATASection(this.parent.doc, text), this.parent);
          break;
        }
        case 6: {
          const mode = items[this.at++];
          const flags = items[this.at++];
          const host = this.parent;
          if (host.shadow !== null || disabledFeature(host, 'disableShadow')) {
            this.leftTemplate(mode, flags);
            break;
          }
          const root = attachShadow(host, {
            __proto__: null, mode, delegatesFocus: (flags & 1) !== 0, serializable: (flags & 2) !== 0, clonable: (flags & 4) !== 0,
          });
          root.declarative = true;
          root.availableToInternals = true;
          this.stack[this.stack.length] = root;
          this.parent = root;
          break;
        }
        default:
          this.scriptLine = items[this.at++] - this.writtenLines;
          if (this.scriptLine < 1) this.scriptLine = 1;
          this.scriptColumn = items[this.at++];
          this.scriptEnd = items[this.at++];
      }
    }
    return { __proto__: null, script: undefined };
  }
}
TreeBuilder.prototype.scriptsRun = false;

// The attributes of the element that begins at `at`, or null.
export function itemAttributes(doc, items, at) {
  let list = null;
  for (let i = 0; i < items[at + 3]; i++) list = withAttr(list ?? [], makeAttr(doc, items[at + 4 + 2 * i], items[at + 5 + 2 * i], items[at + 2] !== 0));
  return list;
}

const FORM_TABLE_PARTS = { __proto__: null, table: true, tbody: true, thead: true, tfoot: true, tr: true };

function tableAround(stack) {
  for (let i = stack.length - 1; i >= 0; i--) if (stack[i].localName === 'table') return stack[i];
  return null;
}

// How many items the node that begins at `at` has for itself.
export function itemLength(items, at) {
  switch (items[at]) {
    case 1: return 4 + 2 * items[at + 3];
    case 2: case 5: return 2;
    case 4: case 6: return 3;
    case 3: case 7: return 4;
    default: return 1;
  }
}

function splitTextItem(items, at, length) {
  const text = items[at];
  for (let i = items.length; i > at + 1; i--) items[i] = items[i - 1];
  items[at] = StringPrototypeSlice(text, 0, length);
  items[at + 1] = StringPrototypeSlice(text, length);
}

// How many items are the same at the beginning of both: `sure` is what is known of `items`, whose last text may go on.
export function commonItems(sure, items) {
  let at = 0;
  while (at < sure.length && at < items.length) {
    if (typeof sure[at] === 'string' && typeof items[at] === 'string' && sure[at] !== items[at]) {
      if (sure[at] === '' || !StringPrototypeStartsWith(items[at], sure[at])) return at;
      splitTextItem(items, at, sure[at].length);
      return at + 1;
    }
    const end = at + itemLength(items, at);
    for (let i = at; i < end; i++) if (sure[i] !== items[i]) return at;
    at = end;
  }
  return at;
}

// What the constructor of a customized built-in element has set, and the token's.
function attrsOfBoth(el, list) {
  let all = [];
  for (let i = 0; i < el.attrs.length; i++) all = withAttr(all, el.attrs[i]);
  for (let i = 0; i < list.length; i++) if (!hasAttr(el, list[i].localName)) all = withAttr(all, list[i]);
  return all;
}

function reportInitialAttributes(el, list) {
  pushReactions();
  for (let i = 0; i < list.length; i++) customAttributeChanged(el, list[i].localName, null, list[i].value, list[i].namespace);
  popReactions();
}

// https://html.spec.whatwg.org/multipage/parsing.html#the-initial-insertion-mode
const QUIRKY_PUBLIC = /^(?:\+\/\/silmaril\/\/dtd html pro v0r11 19970101\/\/|-\/\/as\/\/dtd html 3\.0 aswedit \+ extensions\/\/|-\/\/advasoft ltd\/\/dtd html 3\.0 aswedit \+ extensions\/\/|-\/\/ietf\/\/dtd html (?:2\.0 (?:level [12]|strict level [12]|strict)|2\.0|2\.1e|3\.0|3\.2 final|3\.2|3|level [0123]|strict level [0123]|strict)?\/?\/?|-\/\/ietf\/\/dtd html\/\/|-\/\/metrius\/\/dtd metrius presentational\/\/|-\/\/microsoft\/\/dtd internet explorer [23]\.0 (?:html strict|html|tables)\/\/|-\/\/netscape comm\. corp\.\/\/dtd (?:strict )?html\/\/|-\/\/o'reilly and associates\/\/dtd html (?:2\.0|extended 1\.0|extended relaxed 1\.0)\/\/|-\/\/sq\/\/dtd html 2\.0 hotmetal \+ extensions\/\/|-\/\/softquad(?: software)?\/\/dtd hotmetal pro (?:6\.0::19990601|4\.0::19971010)::extensions to html 4\.0\/\/|-\/\/spyglass\/\/dtd html 2\.0 extended\/\/|-\/\/sun microsystems corp\.\/\/dtd hotjava (?:strict )?html\/\/|-\/\/w3c\/\/dtd html (?:3 1995-03-24|3\.2 draft|3\.2 final|3\.2|3\.2s draft|4\.0 frameset|4\.0 transitional|experimental 19960712|experimental 970421)\/\/|-\/\/w3c\/\/dtd w3 html 3\.0\/\/|-\/\/w3o\/\/dtd w3 html 3\.0\/\/|-\/\/webtechs\/\/dtd mozilla html(?: 2\.0)?\/\/)/;

function setMode(doc, name, publicId, systemId) {
  const pub = StringPrototypeToLowerCase(publicId);
  const sys = StringPrototypeToLowerCase(systemId);
  const quirks = name !== 'html' || pub === '-//w3o//dtd w3 html strict 3.0//en//' || pub === '-/w3c/dtd html 4.0 transitional/en' || pub === 'html'
    || sys === 'http://www.ibm.com/data/dtd/v11/ibmxhtml1-transitional.dtd' || (pub !== '' && RegExpPrototypeExec(QUIRKY_PUBLIC, pub) !== null)
    || (sys === '' && RegExpPrototypeExec(/^-\/\/w3c\/\/dtd html 4\.01 (?:frameset|transitional)\/\//, pub) !== null);
  const limited = RegExpPrototypeExec(/^-\/\/w3c\/\/dtd xhtml 1\.0 (?:frameset|transitional)\/\//, pub) !== null
    || (sys !== '' && RegExpPrototypeExec(/^-\/\/w3c\/\/dtd html 4\.01 (?:frameset|transitional)\/\//, pub) !== null);
  doc.mode = quirks ? 'quirks' : limited ? 'limited-quirks' : 'no-quirks';
  doc.quirks = quirks;
}

function itemsOf(bytes) {
  return JSONParse(utf8Decode(bytes));
}

// A builder for a whole document; `bytes` is the flat message.
export function createParserFor(doc, bytes) {
  const items = itemsOf(bytes);
  decideMode(doc, items);
  return new TreeBuilder(doc, items, doc);
}

// The same for a document that is still to be written.
export function createOpenParser(doc) {
  return new TreeBuilder(doc, [], doc);
}

export function decideMode(doc, items) {
  // No doctype: quirks (13.2.6.4.1, anything else), but for documents that are made from nothing, srcdoc, and what shows text or an image.
  if (doc.isHTML && !doc.srcdoc && doc.contentType === 'text/html') {
    let first = 0;
    while (items[first] === 2) first += 2;
    if (items[first] !== 3) {
      doc.mode = 'quirks';
      doc.quirks = true;
    }
  }
}

// Build a whole document at once; scripts do not run.
export function buildInert(doc, bytes) {
  const builder = createParserFor(doc, bytes);
  builder.fragment = true;
  builder.step();
}

// Build the nodes of a fragment below `root` (a DocumentFragment impl). `scriptsRun`: scripts in it may run when inserted.
export function buildFragment(bytes, root, scriptsRun) {
  const builder = new TreeBuilder(root.doc, itemsOf(bytes), root);
  builder.fragment = true;
  builder.scriptsRun = scriptsRun;
  pushReactions();
  builder.step();
  popReactions();
}
