// https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#form-submission-2
// Submission: validation, the submit event, and the navigation that comes of it. Also implicit submission.

import { hasTransientActivation } from '../user_activation.js';
import { getAttr, hasAttr } from '../../dom/attributes.js';
import { splitTokens } from '../../dom/collections.js';
import { domException } from '../../dom/DOMException.js';
import { fireEvent } from '../../dom/dispatch.js';
import { HTML_NS } from '../../dom/namespaces.js';
import { isConnected } from '../../dom/tree.js';
import { encodeText } from '../../encoding/legacy_encode.js';
import { getEncoding, outputEncoding } from '../../encoding/labels.js';
import { utf8Encode } from '../../host.js';
import { StringFromCharCode, StringPrototypeCharCodeAt, StringPrototypeSlice, TypedArrayPrototypeGetLength, TypeError } from '../../primordials.js';
import { parseURL, serializeURL } from '../../url/parser.js';
import { serializeFormUrlencoded } from '../../url/urlencoded.js';
import { multipartBody } from '../../xhr/FormData.js';
import { allowsTarget } from '../csp.js';
import { documentBaseURL } from '../document_state.js';
import { closeDialog } from '../elements/HTMLDialogElement.js';
import { elementTarget, navigateTarget, targetWindow } from '../elements/hyperlinks.js';
import { clickElement } from '../HTMLElement.js';
import { focusElement } from '../focus.js';
import { isCompletelyLoaded } from '../loading.js';
import { enumValue } from '../reflect.js';
import { sandboxAllows } from '../sandbox.js';
import { queueTask } from '../tasks.js';
import { constructEntryList } from './entry_list.js';
import { controlsOf, formOwner, isSubmitButton } from './owner.js';
import { defaultButton, isDisabled } from './states.js';
import { staticallyValidate } from './validity.js';

function cannotSubmit(form) {
  return form.doc.window === null || !isConnected(form);
}

// https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#interactively-validate-the-constraints: true when all is well
export function validateInteractively(form) {
  const unhandled = staticallyValidate(form);
  if (unhandled === null) return true;
  if (unhandled.length > 0) focusElement(unhandled[0]);
  return false;
}

// https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#concept-form-submit
// `submitter` is a submit button or null; `fromMethod` is true for submit().
export function submitForm(form, submitter, fromMethod) {
  const { state } = form;
  // 1-3.
  if (cannotSubmit(form) || state.constructingEntryList || !sandboxAllows(form.doc.window, 'forms')) return;
  // 6.
  if (!fromMethod) {
    if (state.firingSubmission) return;
    state.firingSubmission = true;
    try {
      const controls = controlsOf(form);
      for (let i = 0; i < controls.length; i++) if (controls[i].state !== null) controls[i].state.userChanged = true;
      form.doc.version++;
      if (!hasAttr(form, 'novalidate') && (submitter === null || !hasAttr(submitter, 'formnovalidate')) && !validateInteractively(form)) return;
      const go = fireEvent(form, 'submit', {
        __proto__: null, bubbles: true, cancelable: true, interface: 'SubmitEvent', init: { __proto__: null, submitter },
      });
      if (!go) return;
    } finally {
      state.firingSubmission = false;
    }
    if (cannotSubmit(form)) return;
  }
  // 7-10.
  const encoding = formEncoding(form);
  const entries = constructEntryList(form, submitter, encoding);
  if (entries === null || cannotSubmit(form)) return;
  // 11-12.
  const method = submitter !== null && hasAttr(submitter, 'formmethod') ? enumValue(submitter, 'formmethod', 'formmethod') : enumValue(form, 'method', 'method');
  if (method === 'dialog') {
    submitToDialog(form, submitter);
    return;
  }
  // 13-16.
  let action = submitter !== null && hasAttr(submitter, 'formaction') ? getAttr(submitter, 'formaction') : getAttr(form, 'action') ?? '';
  if (action === '') action = form.doc.urlText();
  const url = parseURL(action, documentBaseURL(form.doc), form.doc.encoding);
  if (url === null) return;
  // 17-19.
  const enctype = submitter !== null && hasAttr(submitter, 'formenctype') ? enumValue(submitter, 'formenctype', 'formenctype') : enumValue(form, 'enctype', 'enctype');
  const target = elementTarget(form, submitter !== null && hasAttr(submitter, 'formtarget') ? getAttr(submitter, 'formtarget') : null);
  // 20-
  const options = { __proto__: null, source: form.doc.window, userInvolved: true, element: submitter ?? form };
  if (hasNoReferrer(form)) options.referrerPolicy = 'no-referrer';
  if (!allowsTarget(form.doc, 'form-action', serializeURL(url), 'send form data to')) return;
  const { scheme } = url;
  if (scheme === 'mailto') mailTo(url, entries, method, enctype, encoding);
  else if (method === 'get') {
    // https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#submit-mutate-action
    if (scheme !== 'javascript' && scheme !== 'ftp') url.query = serializeFormUrlencoded(nameValueList(entries), encoding);
  } else if (scheme !== 'javascript' && scheme !== 'ftp' && scheme !== 'data') {
    setSubmissionBody(options, entries, enctype, encoding);
    options.entries = entries;
  }
  // https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#plan-to-navigate: a later submission takes the place of one that waits;
  // as in Chromium, those by submit() only of one with the same target.
  // What is not loaded yet is replaced.
  const { window } = form.doc;
  if (window !== null && !isCompletelyLoaded(form.doc) && targetWindow(window, target) === window && !hasTransientActivation()) options.replace = true;
  const plan = { __proto__: null };
  if (!fromMethod || state.planned === null) state.planned = { __proto__: null };
  state.planned[target] = plan;
  queueTask(form.doc, () => {
    if (state.planned[target] !== plan) return;
    delete state.planned[target];
    navigateTarget(form, url, target, options);
  });
}

// https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#picking-an-encoding-for-the-form
function formEncoding(form) {
  const accept = getAttr(form, 'accept-charset');
  if (accept === null) return outputEncoding(form.doc.encoding);
  const labels = splitTokens(accept);
  for (let i = 0; i < labels.length; i++) {
    const found = getEncoding(labels[i]);
    if (found !== null && found !== undefined) return outputEncoding(found);
  }
  return 'UTF-8';
}

function hasNoReferrer(form) {
  const rel = splitTokens(getAttr(form, 'rel') ?? '');
  for (let i = 0; i < rel.length; i++) if (rel[i] === 'noreferrer') return true;
  return false;
}

function submitToDialog(form, submitter) {
  let dialog = form.parent;
  while (dialog !== null && !(dialog.nodeType === 1 && dialog.localName === 'dialog' && dialog.namespace === HTML_NS)) dialog = dialog.parent;
  if (dialog === null || !hasAttr(dialog, 'open')) return;
  let result = null;
  if (submitter !== null) {
    if (submitter.localName === 'input' && submitter.state.type === 'image') result = submitter.state.imageX + ',' + submitter.state.imageY;
    else result = getAttr(submitter, 'value');
  }
  closeDialog(dialog, result);
}

// Newlines become CRLF.
function formNewlines(text) {
  let out = '';
  let from = 0;
  for (let i = 0; i < text.length; i++) {
    const code = StringPrototypeCharCodeAt(text, i);
    if (code !== 10 && code !== 13) continue;
    out += StringPrototypeSlice(text, from, i) + '\r\n';
    if (code === 13 && i + 1 < text.length && StringPrototypeCharCodeAt(text, i + 1) === 10) i++;
    from = i + 1;
  }
  return from === 0 ? text : out + StringPrototypeSlice(text, from);
}

// https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#convert-to-a-list-of-name-value-pairs
function nameValueList(entries) {
  const out = [];
  for (let i = 0; i < entries.length; i++) {
    const { name, value } = entries[i];
    out[i] = [formNewlines(name), formNewlines(typeof value === 'string' ? value : value.name)];
  }
  return out;
}

// https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#text/plain-encoding-algorithm
function plainText(pairs) {
  let out = '';
  for (let i = 0; i < pairs.length; i++) out += pairs[i][0] + '=' + pairs[i][1] + '\r\n';
  return out;
}

// https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#submit-body
function setSubmissionBody(options, entries, enctype, encoding) {
  options.method = 'POST';
  if (enctype === 'multipart/form-data') {
    const { bytes, contentType } = multipartBody(entries, encoding);
    options.body = bytes;
    options.contentType = contentType;
  } else if (enctype === 'text/plain') {
    const text = plainText(nameValueList(entries));
    options.body = encoding === 'UTF-8' ? utf8Encode(text) : encodeText(text, encoding);
    options.contentType = 'text/plain';
  } else {
    options.body = utf8Encode(serializeFormUrlencoded(nameValueList(entries), encoding));
    options.contentType = 'application/x-www-form-urlencoded';
  }
}

// https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#submit-mailto-headers and #submit-mailto-body
function mailTo(url, entries, method, enctype, encoding) {
  const pairs = nameValueList(entries);
  if (method === 'get') {
    url.query = spacesForPlus(serializeFormUrlencoded(pairs, encoding));
    return;
  }
  const body = enctype === 'text/plain' ? mailBody(plainText(pairs)) : serializeFormUrlencoded(pairs, encoding);
  url.query = (url.query === null || url.query === '' ? '' : url.query + '&') + 'body=' + body;
}

function spacesForPlus(text) {
  let out = '';
  for (let i = 0; i < text.length; i++) out += text[i] === '+' ? '%20' : text[i];
  return out;
}

const HEX_DIGITS = '0123456789ABCDEF';

// https://url.spec.whatwg.org/#default-encode-set, of the UTF-8 bytes
function mailBody(text) {
  const bytes = utf8Encode(text);
  const length = TypedArrayPrototypeGetLength(bytes);
  let out = '';
  for (let i = 0; i < length; i++) {
    const b = bytes[i];
    const safe = b > 0x20 && b < 0x7f && b !== 0x22 && b !== 0x23 && b !== 0x3c && b !== 0x3e && b !== 0x3f && b !== 0x60 && b !== 0x7b && b !== 0x7d;
    out += safe ? StringFromCharCode(b) : '%' + HEX_DIGITS[b >> 4] + HEX_DIGITS[b & 15];
  }
  return out;
}

// https://html.spec.whatwg.org/multipage/forms.html#dom-form-requestsubmit
export function requestSubmit(form, submitter) {
  if (submitter !== null) {
    if (!isSubmitButton(submitter)) throw new TypeError("Failed to execute 'requestSubmit' on 'HTMLFormElement': The specified element is not a submit button.");
    if (formOwner(submitter) !== form) {
      throw domException('NotFoundError', "Failed to execute 'requestSubmit' on 'HTMLFormElement': The specified element is not owned by this form element.");
    }
  }
  submitForm(form, submitter, false);
}

const BLOCKS_IMPLICIT = {
  __proto__: null, text: true, search: true, tel: true, url: true, email: true, password: true, date: true, month: true, week: true, time: true, 'datetime-local': true,
  number: true,
};

// https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#implicit-submission: what Enter in a field does. True if something was done.
export function submitImplicitly(el) {
  const form = formOwner(el);
  if (form === null) return false;
  const button = defaultButton(form);
  if (button !== null) {
    if (isDisabled(button)) return false;
    clickElement(button);
    return true;
  }
  let blocking = 0;
  const controls = controlsOf(form);
  for (let i = 0; i < controls.length; i++) if (controls[i].localName === 'input' && BLOCKS_IMPLICIT[controls[i].state.type] === true) blocking++;
  if (blocking > 1) return false;
  submitForm(form, null, false);
  return true;
}
