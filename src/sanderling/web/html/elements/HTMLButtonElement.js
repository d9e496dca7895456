// https://html.spec.whatwg.org/multipage/form-elements.html#the-button-element

import { defineInterface } from '../../webidl/interface.js';
import { getAttr, hasAttr, setAttr } from '../../dom/attributes.js';
import { defineElement } from '../../dom/definitions.js';
import { defineEventInterface, EventImpl } from '../../dom/Event.js';
import { hooks } from '../../webidl/runtime.js';
import { fireEvent } from '../../dom/dispatch.js';
import { HTML_NS } from '../../dom/namespaces.js';
import { lowerAscii } from '../../css/selectors/names.js';
import { ControlState } from '../forms/control_state.js';
import { buttonType, formOwner } from '../forms/owner.js';
import { isDisabled } from '../forms/states.js';
import { resetForm } from '../forms/reset.js';
import { submitForm } from '../forms/submit.js';
import { autofocusInserted } from '../focus.js';
import { constraintValidationMembers, labelsOf } from '../forms/ValidityState.js';
import { checkPopover, hidePopover, popoverState, showPopover } from '../popover.js';
import { popoverTargetOf } from '../popover_stack.js';
import { retargetedSource } from '../events.js';
import { enumValue } from '../reflect.js';
import { isPopoverShowing } from '../top_layer.js';
import { isConnected } from '../../dom/tree.js';
import { closeDialog, requestCloseDialog, showModalDialog } from './HTMLDialogElement.js';
import { actionAttribute } from './HTMLFormElement.js';

// https://html.spec.whatwg.org/multipage/popover.html#popover-target-attribute-activation-behavior
export function activatePopoverTarget(el, eventTarget) {
  // 1-2.
  const popover = popoverTargetOf(el);
  if (popover === null) return;
  // 3: clicks in a popover that stands in its own button
  if (isShadowIncludingInclusiveAncestor(popover, eventTarget) && popover !== el && isShadowIncludingInclusiveAncestor(el, popover)) return;
  // 4-5.
  const action = enumValue(el, 'popovertargetaction', 'popovertargetaction');
  const showing = isPopoverShowing(popover);
  if ((action === 'show' && showing) || (action === 'hide' && !showing)) return;
  // 6-7.
  if (showing) hidePopover(popover, true, true, false, el);
  else if (checkPopover(popover, false, false, null)) showPopover(popover, false, el);
}

function isShadowIncludingInclusiveAncestor(ancestor, node) {
  for (let at = node; at !== null && at !== undefined;) {
    if (at === ancestor) return true;
    at = at.nodeType === 11 && at.isShadow ? at.host : at.parent;
  }
  return false;
}

const COMMANDS = {
  __proto__: null, 'toggle-popover': 'toggle-popover', 'show-popover': 'show-popover', 'hide-popover': 'hide-popover', close: 'close', 'request-close': 'request-close',
  'show-modal': 'show-modal',
};

function commandOf(el) {
  const value = getAttr(el, 'command') ?? '';
  return value[0] === '-' && value[1] === '-' ? value : COMMANDS[lowerAscii(value)] ?? '';
}

// https://html.spec.whatwg.org/multipage/form-elements.html#determine-if-command-is-valid and what the command does
function runCommand(el, target, command) {
  const custom = command[0] === '-';
  const dialog = target.localName === 'dialog' && target.namespace === HTML_NS;
  const popover = command === 'toggle-popover' || command === 'show-popover' || command === 'hide-popover';
  if (command === '' || (!custom && !popover && !dialog) || (popover && popoverState(target) === null)) return;
  const go = fireEvent(target, 'command', {
    __proto__: null, cancelable: true, composed: true, interface: 'CommandEvent', init: { __proto__: null, source: el, command },
  });
  if (!go || !isConnected(target) || custom) return;
  if (popover) {
    const showing = isPopoverShowing(target);
    if (showing && command !== 'show-popover') hidePopover(target, true, true, false, el);
    else if (!showing && command !== 'hide-popover' && checkPopover(target, false, false, null)) showPopover(target, false, el);
    return;
  }
  if (command === 'close') closeDialog(target, getAttr(el, 'value'), el);
  else if (command === 'request-close') requestCloseDialog(target, getAttr(el, 'value'), el);
  else if (!hasAttr(target, 'open') && !isPopoverShowing(target)) showModalDialog(target, el);
}

// https://html.spec.whatwg.org/multipage/form-elements.html#the-button-element:activation-behaviour
function buttonActivation(el, event) {
  // 1-2.
  if (isDisabled(el) || el.doc.window === null) return;
  // 3.
  const form = formOwner(el);
  if (form !== null) {
    const type = buttonType(el);
    if (type === 'submit') {
      submitForm(form, el, false);
      return;
    }
    if (type === 'reset') {
      resetForm(form);
      return;
    }
  }
  // 4.
  const target = hooks.reflect.getElement(el, 'commandfor');
  if (target !== null) runCommand(el, target, commandOf(el));
  else activatePopoverTarget(el, event.target);
}

defineInterface(`
interface mixin PopoverTargetAttributes {
  [CEReactions, Reflect="popovertarget"] attribute Element? popoverTargetElement;
  [CEReactions, ReflectEnum="popovertargetaction"] attribute DOMString popoverTargetAction;
};
`, {});

// https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#dom-fs-formmethod
export const formMethodMember = {
  __proto__: null,
  get: (self) => enumValue(self, 'formmethod', 'formmethod'),
  set: (self, value) => setAttr(self, 'formmethod', value),
};

export const htmlButtonElementInterface = defineInterface(`
[Exposed=Window]
interface HTMLButtonElement : HTMLElement {
  [HTMLConstructor] constructor();
  [CEReactions] attribute DOMString command;
  [CEReactions, Reflect="commandfor"] attribute Element? commandForElement;
  [CEReactions, Reflect] attribute boolean disabled;
  readonly attribute HTMLFormElement? form;
  [CEReactions] attribute USVString formAction;
  [CEReactions, ReflectEnum="formenctype"] attribute DOMString formEnctype;
  [CEReactions] attribute DOMString formMethod;
  [CEReactions, Reflect] attribute boolean formNoValidate;
  [CEReactions, Reflect] attribute DOMString formTarget;
  [CEReactions, Reflect] attribute DOMString name;
  [CEReactions] attribute DOMString type;
  [CEReactions, Reflect] attribute DOMString value;
  readonly attribute boolean willValidate;
  readonly attribute ValidityState validity;
  readonly attribute DOMString validationMessage;
  boolean checkValidity();
  boolean reportValidity();
  undefined setCustomValidity(DOMString error);
  readonly attribute NodeList labels;
};
HTMLButtonElement includes PopoverTargetAttributes;
`, {
  command: { get: commandOf, set: (self, value) => setAttr(self, 'command', value) },
  form: formOwner,
  formAction: actionAttribute('formaction'),
  formMethod: formMethodMember,
  type: { get: buttonType, set: (self, value) => setAttr(self, 'type', value) },
  ...constraintValidationMembers,
  labels: labelsOf,
});

defineElement({
  __proto__: null,
  names: ['button'],
  iface: htmlButtonElementInterface,
  created(el) {
    el.state = new ControlState();
  },
  inserted: autofocusInserted,
  activationBehavior: buttonActivation,
});

class CommandEventImpl extends EventImpl {}
defineEventInterface(`
dictionary CommandEventInit : EventInit { Element? source = null; DOMString command = ""; };
[Exposed=Window]
interface CommandEvent : Event {
  constructor(DOMString type, optional CommandEventInit eventInitDict = {});
  readonly attribute Element? source;
  readonly attribute DOMString command;
};
`, { __proto__: null, source: null, command: '' }, CommandEventImpl, { __proto__: null, source: retargetedSource });
