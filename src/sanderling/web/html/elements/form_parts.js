// https://html.spec.whatwg.org/multipage/forms.html
// What stands around controls: label, fieldset, legend, datalist, optgroup; and output, progress, meter, which only show.

import { defineInterface } from '../../webidl/interface.js';
import { defineElement } from '../../dom/definitions.js';
import { getAttr, hasAttr, setAttr } from '../../dom/attributes.js';
import { collection } from '../../dom/collections.js';
import { dispatchEvent, makeEvent } from '../../dom/dispatch.js';
import { tokenListOf } from '../../dom/DOMTokenList.js';
import { HTML_NS } from '../../dom/namespaces.js';
import { descendantTextContent, isInclusiveAncestor, stringReplaceAll } from '../../dom/tree.js';
import { ControlState, OutputState } from '../forms/control_state.js';
import { parseFloatingPoint } from '../forms/input_types.js';
import { formOwner, isFormAssociatedCustom, isListed } from '../forms/owner.js';
import { isDisabled } from '../forms/states.js';
import { constraintValidationMembers, labeledControl, labelsOf } from '../forms/ValidityState.js';

// -- label -------------------------------------------------------------------------------------------------------------

// https://html.spec.whatwg.org/multipage/dom.html#interactive-content-2
function isInteractiveContent(el) {
  if (el.namespace !== HTML_NS) return false;
  switch (el.localName) {
    case 'a': return hasAttr(el, 'href');
    case 'audio': case 'video': return hasAttr(el, 'controls');
    case 'img': return hasAttr(el, 'usemap');
    case 'input': return el.state.type !== 'hidden';
    case 'button': case 'details': case 'embed': case 'iframe': case 'label': case 'select': case 'textarea': return true;
    default: return isFormAssociatedCustom(el);
  }
}

// https://html.spec.whatwg.org/multipage/forms.html#the-label-element: a click that does not hit something interactive in it goes to the control.
function labelActivation(label, event) {
  const control = labeledControl(label);
  if (control === null) return;
  const { target } = event;
  if (target !== null && target.nodeType === 1) {
    if (isInclusiveAncestor(control, target)) return;
    for (let node = target; node !== label && node !== null; node = node.parent) if (node.nodeType === 1 && isInteractiveContent(node)) return;
  }
  if (isDisabled(control)) return;
  const click = makeEvent('click', {
    __proto__: null, bubbles: true, cancelable: true, composed: true, interface: 'PointerEvent',
    init: { __proto__: null, ...event.init, view: control.doc.window, detail: event.init === null ? 0 : event.init.detail ?? 0 },
  });
  click.isTrusted = event.isTrusted;
  dispatchEvent(click, control);
}

defineElement({
  __proto__: null,
  names: ['label'],
  activationBehavior: labelActivation,
  activates: (el) => labeledControl(el) !== null,
  iface: defineInterface(`
[Exposed=Window]
interface HTMLLabelElement : HTMLElement {
  [HTMLConstructor] constructor();
  readonly attribute HTMLFormElement? form;
  [CEReactions, Reflect="for"] attribute DOMString htmlFor;
  readonly attribute HTMLElement? control;
};
`, {
    form(self) {
      const control = labeledControl(self);
      return control !== null && isListed(control) ? formOwner(control) : null;
    },
    control: labeledControl,
  }),
});

// -- fieldset and legend -----------------------------------------------------------------------------------------------

class FieldSetState extends ControlState {
  constructor() {
    super();
    this.elements = null;          // collection, once asked
  }
}

defineElement({
  __proto__: null,
  names: ['fieldset'],
  created(el) {
    el.state = new FieldSetState();
  },
  iface: defineInterface(`
[Exposed=Window]
interface HTMLFieldSetElement : HTMLElement {
  [HTMLConstructor] constructor();
  [CEReactions, Reflect] attribute boolean disabled;
  readonly attribute HTMLFormElement? form;
  [CEReactions, Reflect] attribute DOMString name;
  readonly attribute DOMString type;
  [SameObject] readonly attribute HTMLCollection elements;
  readonly attribute boolean willValidate;
  [SameObject] readonly attribute ValidityState validity;
  readonly attribute DOMString validationMessage;
  boolean checkValidity();
  boolean reportValidity();
  undefined setCustomValidity(DOMString error);
};
`, {
    form: formOwner,
    type: () => 'fieldset',
    elements: (self) => self.state.elements ?? (self.state.elements = collection(self, isListed)),
    ...constraintValidationMembers,
  }),
});

defineElement({
  __proto__: null,
  names: ['legend'],
  iface: defineInterface(`
[Exposed=Window]
interface HTMLLegendElement : HTMLElement {
  [HTMLConstructor] constructor();
  readonly attribute HTMLFormElement? form;
  [CEReactions, Reflect] attribute DOMString align;
};
`, {
    form(self) {
      const { parent } = self;
      return parent !== null && parent.nodeType === 1 && parent.localName === 'fieldset' && parent.namespace === HTML_NS ? formOwner(parent) : null;
    },
  }),
});

// -- datalist and optgroup ---------------------------------------------------------------------------------------------

class DataListState {
  constructor() {
    this.options = null;           // collection, once asked
  }
}

const isOptionElement = (el) => el.localName === 'option' && el.namespace === HTML_NS;

defineElement({
  __proto__: null,
  names: ['datalist'],
  created(el) {
    el.state = new DataListState();
  },
  iface: defineInterface(`
[Exposed=Window]
interface HTMLDataListElement : HTMLElement {
  [HTMLConstructor] constructor();
  [SameObject] readonly attribute HTMLCollection options;
};
`, { options: (self) => self.state.options ?? (self.state.options = collection(self, isOptionElement)) }),
});

// -- output ------------------------------------------------------------------------------------------------------------

// https://html.spec.whatwg.org/multipage/form-elements.html#concept-output-default-value
function outputDefault(self) {
  return self.state.defaultValueOverride ?? descendantTextContent(self);
}

export function resetOutput(self) {
  const value = outputDefault(self);
  self.state.defaultValueOverride = null;
  stringReplaceAll(value, self);
}

defineElement({
  __proto__: null,
  names: ['output'],
  created(el) {
    el.state = new OutputState();
  },
  iface: defineInterface(`
[Exposed=Window]
interface HTMLOutputElement : HTMLElement {
  [HTMLConstructor] constructor();
  [SameObject, PutForwards=value] readonly attribute DOMTokenList htmlFor;
  readonly attribute HTMLFormElement? form;
  [CEReactions, Reflect] attribute DOMString name;
  readonly attribute DOMString type;
  [CEReactions] attribute DOMString defaultValue;
  [CEReactions] attribute DOMString value;
  readonly attribute boolean willValidate;
  readonly attribute ValidityState validity;
  readonly attribute DOMString validationMessage;
  boolean checkValidity();
  boolean reportValidity();
  undefined setCustomValidity(DOMString error);
  readonly attribute NodeList labels;
};
`, {
    htmlFor: (self) => tokenListOf(self, 'for'),
    form: formOwner,
    type: () => 'output',
    defaultValue: {
      get: outputDefault,
      set(self, value) {
        if (self.state.defaultValueOverride === null) stringReplaceAll(value, self);
        else self.state.defaultValueOverride = value;
      },
    },
    value: {
      get: descendantTextContent,
      set(self, value) {
        self.state.defaultValueOverride = outputDefault(self);
        stringReplaceAll(value, self);
      },
    },
    ...constraintValidationMembers,
    labels: labelsOf,
  }),
});

// -- progress and meter ------------------------------------------------------------------------------------------------

class GaugeState {
  constructor() {
    this.labels = null;            // NodeList, once asked
  }
}

function gaugeCreated(el) {
  el.state = new GaugeState();
}

// A number from an attribute, or `fallback`.
function gaugeNumber(el, name, fallback) {
  const text = getAttr(el, name);
  if (text === null) return fallback;
  const value = parseFloatingPoint(text);
  return value !== value ? fallback : value;
}

function clampGauge(value, low, high) {
  return value < low ? low : value > high ? high : value;
}

const setGauge = (name) => (self, value) => setAttr(self, name, '' + value);

function progressMax(self) {
  const max = gaugeNumber(self, 'max', 1);
  return max > 0 ? max : 1;
}

const progressValue = (self) => clampGauge(gaugeNumber(self, 'value', 0), 0, progressMax(self));

defineElement({
  __proto__: null,
  names: ['progress'],
  created: gaugeCreated,
  iface: defineInterface(`
[Exposed=Window]
interface HTMLProgressElement : HTMLElement {
  [HTMLConstructor] constructor();
  [CEReactions] attribute double value;
  [CEReactions] attribute double max;
  readonly attribute double position;
  readonly attribute NodeList labels;
};
`, {
    value: { get: progressValue, set: setGauge('value') },
    max: {
      get: progressMax,
      set(self, value) {
        if (value > 0) setAttr(self, 'max', '' + value);
      },
    },
    position: (self) => (hasAttr(self, 'value') ? progressValue(self) / progressMax(self) : -1),
    labels: labelsOf,
  }),
});

// https://html.spec.whatwg.org/multipage/form-elements.html#the-meter-element
const meterMin = (self) => gaugeNumber(self, 'min', 0);

function meterMax(self) {
  const min = meterMin(self);
  const max = gaugeNumber(self, 'max', 1);
  return max < min ? min : max;
}

const meterValue = (self) => clampGauge(gaugeNumber(self, 'value', 0), meterMin(self), meterMax(self));
const meterLow = (self) => clampGauge(gaugeNumber(self, 'low', meterMin(self)), meterMin(self), meterMax(self));
const meterHigh = (self) => clampGauge(gaugeNumber(self, 'high', meterMax(self)), meterLow(self), meterMax(self));
const meterOptimum = (self) => clampGauge(gaugeNumber(self, 'optimum', (meterMin(self) + meterMax(self)) / 2), meterMin(self), meterMax(self));

defineElement({
  __proto__: null,
  names: ['meter'],
  created: gaugeCreated,
  iface: defineInterface(`
[Exposed=Window]
interface HTMLMeterElement : HTMLElement {
  [HTMLConstructor] constructor();
  [CEReactions] attribute double value;
  [CEReactions] attribute double min;
  [CEReactions] attribute double max;
  [CEReactions] attribute double low;
  [CEReactions] attribute double high;
  [CEReactions] attribute double optimum;
  readonly attribute NodeList labels;
};
`, {
    value: { get: meterValue, set: setGauge('value') },
    min: { get: meterMin, set: setGauge('min') },
    max: { get: meterMax, set: setGauge('max') },
    low: { get: meterLow, set: setGauge('low') },
    high: { get: meterHigh, set: setGauge('high') },
    optimum: { get: meterOptimum, set: setGauge('optimum') },
    labels: labelsOf,
  }),
});
