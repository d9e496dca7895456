// https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#constructing-the-form-data-set

import { getAttr } from '../../dom/attributes.js';
import { fireEvent } from '../../dom/dispatch.js';
import { HTML_NS } from '../../dom/namespaces.js';
import { FileImpl } from '../../FileAPI/File.js';
import { createFormEntry, FormDataImpl } from '../../xhr/FormData.js';
import { wallMs } from '../../host.js';
import { ArrayIsArray, Uint8Array } from '../../primordials.js';
import { lowerAscii } from '../../css/selectors/names.js';
import { directionOf } from '../direction.js';
import { valueMode } from './input_types.js';
import { controlsOf, isDisabledControl, isFormAssociatedCustom, isSubmittable } from './owner.js';
import { optionsOf, optionValue } from './options.js';
import { isDisabled } from './states.js';

function inDataList(el) {
  for (let node = el.parent; node !== null; node = node.parent) {
    if (node.nodeType === 1 && node.localName === 'datalist' && node.namespace === HTML_NS) return true;
  }
  return false;
}

function isButtonControl(el) {
  if (el.localName === 'button') return true;
  if (el.localName !== 'input') return false;
  const { type } = el.state;
  return type === 'submit' || type === 'image' || type === 'reset' || type === 'button';
}

// The list of entries ({ name, value: string or FileImpl }) of a form, or null while one is being made.
export function constructEntryList(form, submitter = null, encoding = 'UTF-8') {
  const { state } = form;
  // 1-2.
  if (state.constructingEntryList) return null;
  state.constructingEntryList = true;
  let entries;
  try {
    // 3-5.
    const shared = controlsOf(form);
    const controls = [];
    for (let i = 0; i < shared.length; i++) if (isSubmittable(shared[i])) controls[controls.length] = shared[i];
    entries = [];
    for (let i = 0; i < controls.length; i++) addControl(entries, controls[i], submitter, encoding);
    // 6-7.
    const data = new FormDataImpl(entries);
    fireEvent(form, 'formdata', { __proto__: null, bubbles: true, interface: 'FormDataEvent', init: { __proto__: null, formData: data } });
    entries = data.entries;
  } finally {
    // 8.
    state.constructingEntryList = false;
  }
  // 9.
  const out = [];
  for (let i = 0; i < entries.length; i++) out[i] = entries[i];
  return out;
}

function addControl(entries, el, submitter, encoding) {
  const put = (name, value) => {
    entries[entries.length] = createFormEntry(name, value);
  };
  // 5.1.
  if (inDataList(el) || isDisabledControl(el) || (isButtonControl(el) && el !== submitter)) return;
  const type = el.localName === 'input' ? el.state.type : '';
  if ((type === 'checkbox' || type === 'radio') && !el.state.checked) return;
  const name = getAttr(el, 'name') ?? '';
  // 5.2.
  if (type === 'image') {
    const prefix = name === '' ? '' : name + '.';
    put(prefix + 'x', '' + el.state.imageX);
    put(prefix + 'y', '' + el.state.imageY);
    return;
  }
  // 5.3.
  if (isFormAssociatedCustom(el)) {
    const value = el.custom.internals === null ? null : el.custom.internals.submissionValue;
    if (value === null) return;
    if (ArrayIsArray(value)) for (let i = 0; i < value.length; i++) entries[entries.length] = value[i];
    else if (name !== '') put(name, value);
    return;
  }
  // 5.4.
  if (name === '') return;
  // 5.6-5.10.
  if (el.localName === 'select') {
    const options = optionsOf(el);
    for (let i = 0; i < options.length; i++) if (options[i].state.selected && !isDisabled(options[i])) put(name, optionValue(options[i]));
  } else if (type === 'checkbox' || type === 'radio') {
    put(name, getAttr(el, 'value') ?? 'on');
  } else if (type === 'file') {
    const files = el.state.files === null ? [] : el.state.files.files;
    if (files.length === 0) put(name, new FileImpl(new Uint8Array(0), '', 'application/octet-stream', wallMs()));
    for (let i = 0; i < files.length; i++) put(name, files[i]);
  } else if (type === 'hidden' && lowerAscii(name) === '_charset_') {
    put(name, encoding);
  } else {
    put(name, submittedValue(el, type));
  }
  // 5.11.
  const dirname = getAttr(el, 'dirname');
  if (dirname !== null && dirname !== '' && takesDirname(el, type)) put(dirname, directionOf(el));
}

function submittedValue(el, type) {
  if (el.localName === 'button' || (el.localName === 'input' && valueMode(type) !== 'value')) return getAttr(el, 'value') ?? '';
  return el.state.value;
}

function takesDirname(el, type) {
  switch (type) {
    case 'hidden': case 'text': case 'search': case 'tel': case 'url': case 'email': case 'password': case 'submit': return true;
    default: return el.localName === 'textarea';
  }
}
