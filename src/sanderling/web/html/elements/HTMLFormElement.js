// https://html.spec.whatwg.org/multipage/forms.html#the-form-element

import { checkCustomControls } from '../forms/custom_controls.js';
import { defineInterface } from '../../webidl/interface.js';
import { getAttr, setAttr } from '../../dom/attributes.js';
import { HTMLCollectionImpl, LiveNodeListImpl } from '../../dom/collections.js';
import { defineElement } from '../../dom/definitions.js';
import { tokenListOf } from '../../dom/DOMTokenList.js';
import { HTML_NS } from '../../dom/namespaces.js';
import { nextInTree } from '../../dom/tree.js';
import { SafeMap } from '../../primordials.js';
import { parseURL, serializeURL } from '../../url/parser.js';
import { documentBaseURL } from '../document_state.js';
import { FormState } from '../forms/control_state.js';
import { controlsOf, formOwner } from '../forms/owner.js';
import { resetForm } from '../forms/reset.js';
import { requestSubmit, submitForm, validateInteractively } from '../forms/submit.js';
import { staticallyValidate } from '../forms/validity.js';
import { setChecked } from '../forms/radio.js';

// -- RadioNodeList: https://html.spec.whatwg.org/multipage/common-dom-interfaces.html#radionodelist -----------------------

class RadioNodeListImpl extends LiveNodeListImpl {}

const isRadio = (el) => el.localName === 'input' && el.namespace === HTML_NS && el.state.type === 'radio';

defineInterface(`
[Exposed=Window]
interface RadioNodeList : NodeList {
  getter Node? item(unsigned long index);
  readonly attribute unsigned long length;
  attribute DOMString value;
};
`, {
  item: (self, index) => self.nodes()[index] ?? null,
  length: (self) => self.nodes().length,
  value: {
    get(self) {
      const list = self.nodes();
      for (let i = 0; i < list.length; i++) if (isRadio(list[i]) && list[i].state.checked) return getAttr(list[i], 'value') ?? 'on';
      return '';
    },
    set(self, value) {
      const list = self.nodes();
      for (let i = 0; i < list.length; i++) {
        if (!isRadio(list[i]) || (getAttr(list[i], 'value') ?? 'on') !== value) continue;
        setChecked(list[i], true);
        list[i].state.dirtyChecked = true;
        return;
      }
    },
  },
}, RadioNodeListImpl);

// -- HTMLFormControlsCollection -----------------------------------------------------------------------------------------

class HTMLFormControlsCollectionImpl extends HTMLCollectionImpl {
  nodes() {
    return elementsOf(this.root).list;
  }
}

// Elements in tree order, and which of them go by a name: asked for by every access of a member of a form. Both are shared, do not change them.
class NamedControls {
  constructor(list) {
    this.list = list;
    this.names = null;           // SafeMap, once asked again: a form that is being filled is asked once in each state
    this.asked = false;
  }

  get(name) {
    if (!this.asked) {
      this.asked = true;
      const out = [];
      for (let i = 0; i < this.list.length; i++) if (this.list[i].elementId === name || getAttr(this.list[i], 'name') === name) out[out.length] = this.list[i];
      return out;
    }
    if (this.names === null) {
      this.names = new SafeMap();
      for (let i = 0; i < this.list.length; i++) {
        const id = getAttr(this.list[i], 'id');
        const given = getAttr(this.list[i], 'name');
        if (id !== null) this.add(id, this.list[i]);
        if (given !== null && given !== id) this.add(given, this.list[i]);
      }
    }
    return this.names.get(name) ?? NO_CONTROLS;
  }

  add(name, el) {
    const list = this.names.get(name);
    if (list === undefined) this.names.set(name, [el]);
    else list[list.length] = el;
  }
}

const NO_CONTROLS = [];

const isImageButton = (el) => el.localName === 'input' && el.namespace === HTML_NS && el.state.type === 'image';

// form.elements: the listed elements, without image buttons, for historical reasons
function elementsOf(form) {
  const { state } = form;
  const controls = controlsOf(form);
  if (state.namedOf === controls) return state.named;
  const out = [];
  for (let i = 0; i < controls.length; i++) if (!isImageButton(controls[i])) out[out.length] = controls[i];
  state.named = new NamedControls(out);
  state.namedOf = controls;
  state.namedImages = null;
  return state.named;
}

function addName(out, seen, name) {
  if (name === null || name === '' || seen.has(name)) return;
  seen.set(name, true);
  out[out.length] = name;
}

// https://html.spec.whatwg.org/multipage/common-dom-interfaces.html#dom-htmlformcontrolscollection-nameditem
defineInterface(`
[Exposed=Window, LegacyUnenumerableNamedProperties]
interface HTMLFormControlsCollection : HTMLCollection {
  readonly attribute unsigned long length;
  getter Element? item(unsigned long index);
  getter (RadioNodeList or Element)? namedItem(DOMString name);
};
`, {
  length: (self) => self.nodes().length,
  item: (self, index) => self.nodes()[index] ?? null,
  namedItem(self, name) {
    if (name === '') return null;
    const found = elementsOf(self.root).get(name);
    if (found.length === 0) return null;
    return found.length === 1 ? found[0] : new RadioNodeListImpl(self.root, () => elementsOf(self.root).get(name));
  },
  supportedNames(self) {
    const out = [];
    const seen = new SafeMap();
    const list = self.nodes();
    for (let i = 0; i < list.length; i++) {
      addName(out, seen, getAttr(list[i], 'id'));
      addName(out, seen, getAttr(list[i], 'name'));
    }
    return out;
  },
}, HTMLFormControlsCollectionImpl);

// -- form[name]: https://html.spec.whatwg.org/multipage/forms.html#dom-form-nameditem -------------------------------------

function imagesOf(form) {
  elementsOf(form);
  const { state } = form;
  if (state.namedImages !== null) return state.namedImages;
  const out = [];
  for (let node = form.first; node !== null; node = nextInTree(node, form)) {
    if (node.nodeType === 1 && node.localName === 'img' && node.namespace === HTML_NS) out[out.length] = node;
  }
  return state.namedImages = new NamedControls(out);
}

function namedOf(form, name) {
  const list = elementsOf(form).get(name);
  return list.length > 0 ? list : imagesOf(form).get(name);
}

function formNamedItem(form, name) {
  if (name === '') return undefined;
  // 1-2.
  const found = namedOf(form, name);
  const { state } = form;
  // 3.
  if (found.length === 0) {
    const past = state.pastNames === null ? undefined : state.pastNames.get(name);
    return past !== undefined && formOwner(past) === form ? past : undefined;
  }
  // 4.
  if (found.length > 1) {
    return new RadioNodeListImpl(form, () => namedOf(form, name));
  }
  // 5-6.
  if (state.pastNames === null) state.pastNames = new SafeMap();
  state.pastNames.set(name, found[0]);
  return found[0];
}

function formNames(form) {
  const out = [];
  const seen = new SafeMap();
  const controls = elementsOf(form).list;
  for (let i = 0; i < controls.length; i++) {
    addName(out, seen, getAttr(controls[i], 'id'));
    addName(out, seen, getAttr(controls[i], 'name'));
  }
  const images = imagesOf(form).list;
  for (let i = 0; i < images.length; i++) {
    addName(out, seen, getAttr(images[i], 'id'));
    addName(out, seen, getAttr(images[i], 'name'));
  }
  return out;
}

// https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#dom-fs-action
export function actionAttribute(name) {
  return {
    __proto__: null,
    get(self) {
      const value = getAttr(self, name);
      if (value === null || value === '') return self.doc.urlText();
      const record = parseURL(value, documentBaseURL(self.doc), self.doc.encoding);
      return record === null ? value : serializeURL(record);
    },
    set: (self, value) => setAttr(self, name, value),
  };
}

const FORM_RELATIONS = ['noreferrer', 'noopener', 'opener'];

export const htmlFormElementInterface = defineInterface(`
[Exposed=Window, LegacyOverrideBuiltIns, LegacyUnenumerableNamedProperties]
interface HTMLFormElement : HTMLElement {
  [HTMLConstructor] constructor();
  [CEReactions, Reflect="accept-charset"] attribute DOMString acceptCharset;
  [CEReactions] attribute USVString action;
  [CEReactions, ReflectEnum="autocompleteform"] attribute DOMString autocomplete;
  [CEReactions, ReflectEnum="enctype"] attribute DOMString enctype;
  [CEReactions, Reflect="enctype", ReflectEnum="enctype"] attribute DOMString encoding;
  [CEReactions, ReflectEnum="method"] attribute DOMString method;
  [CEReactions, Reflect] attribute DOMString name;
  [CEReactions, Reflect] attribute boolean noValidate;
  [CEReactions, Reflect] attribute DOMString target;
  [CEReactions, Reflect] attribute DOMString rel;
  [SameObject, PutForwards=value] readonly attribute DOMTokenList relList;
  [SameObject] readonly attribute HTMLFormControlsCollection elements;
  readonly attribute unsigned long length;
  getter Element (unsigned long index);
  getter (RadioNodeList or Element) (DOMString name);
  undefined submit();
  undefined requestSubmit(optional HTMLElement? submitter = null);
  [CEReactions] undefined reset();
  boolean checkValidity();
  boolean reportValidity();
};
`, {
  action: actionAttribute('action'),
  relList: (self) => tokenListOf(self, 'rel', FORM_RELATIONS),
  elements: (self) => self.state.elements ?? (self.state.elements = new HTMLFormControlsCollectionImpl(self, null)),
  length: (self) => elementsOf(self).list.length,
  item: (self, index) => elementsOf(self).list[index] ?? null,
  namedItem: formNamedItem,
  supportedNames: formNames,
  submit: (self) => submitForm(self, null, true),
  requestSubmit,
  reset: resetForm,
  checkValidity: (self) => staticallyValidate(self) === null,
  reportValidity: validateInteractively,
});

defineElement({
  __proto__: null,
  names: ['form'],
  iface: htmlFormElementInterface,
  created(el) {
    el.state = new FormState();
  },
  inserted: (el) => checkCustomControls(el.doc),
  removed: (el) => checkCustomControls(el.doc),
});
