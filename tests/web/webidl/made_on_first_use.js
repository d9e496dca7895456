// https://webidl.spec.whatwg.org/#define-the-global-property-references
// Interfaces are made on first use; nothing of that can be seen. Each test takes interfaces that nothing else here has touched.
'use strict';

const keysOf = (object) => Object.keys(object).join();
const WHOLE = 'value,writable,enumerable,configurable';

function assertInterfaceProperty(descriptor, name) {
  assert_equals(keysOf(descriptor), WHOLE);
  assert_equals(descriptor.value.name, name);
  assert_true(descriptor.writable && !descriptor.enumerable && descriptor.configurable);
}

test(() => {
  assertInterfaceProperty(Object.getOwnPropertyDescriptor(window, 'HTMLTableElement'), 'HTMLTableElement');
  assertInterfaceProperty(Reflect.getOwnPropertyDescriptor(window, 'HTMLMeterElement'), 'HTMLMeterElement');
  assertInterfaceProperty(Object.getOwnPropertyDescriptor(window, { toString: () => 'HTMLTrackElement' }), 'HTMLTrackElement');
  assertInterfaceProperty(Object.getOwnPropertyDescriptor(new Proxy(window, {}), 'HTMLMapElement'), 'HTMLMapElement');
  const all = Object.getOwnPropertyDescriptors(window);
  assertInterfaceProperty(all.HTMLDListElement, 'HTMLDListElement');
  assert_equals(all.HTMLDListElement.value, HTMLDListElement);
  assert_equals(all.HTMLTableElement.value, HTMLTableElement);
}, 'descriptors');

test(() => {
  assert_equals(window.__lookupGetter__('HTMLOListElement'), undefined);
  assert_equals(window.__lookupSetter__('HTMLOListElement'), undefined);
  window.__defineGetter__('HTMLOListElement', () => 1);
  assert_equals(HTMLOListElement, 1);
  assert_equals(Object.getOwnPropertyDescriptor(window, 'HTMLOListElement').set, undefined);
}, 'getters and setters of old');

test(() => {
  assert_true('HTMLHRElement' in window);
  assert_true(Object.hasOwn(window, 'HTMLHRElement'));
  assert_false(window.propertyIsEnumerable('HTMLHRElement'));
  assert_true(Object.getOwnPropertyNames(window).includes('HTMLHRElement'));
  assert_equals(typeof HTMLHRElement, 'function');
  assert_true(delete window.HTMLHRElement);
  assert_false('HTMLHRElement' in window);
  assert_equals(typeof HTMLHRElement, 'undefined');
  assert_true(delete window.HTMLModElement);
  assert_equals(typeof HTMLModElement, 'undefined');
}, 'presence and deletion');

test(() => {
  window.HTMLDataElement = 5;
  assert_equals(JSON.stringify(Object.getOwnPropertyDescriptor(window, 'HTMLDataElement')), '{"value":5,"writable":true,"enumerable":false,"configurable":true}');
  Object.defineProperty(window, 'HTMLTimeElement', { value: 6 });
  assert_equals(JSON.stringify(Object.getOwnPropertyDescriptor(window, 'HTMLTimeElement')), '{"value":6,"writable":true,"enumerable":false,"configurable":true}');
  Object.defineProperties(window, { HTMLQuoteElement: { enumerable: true } });
  assert_equals(JSON.stringify(Object.getOwnPropertyDescriptor(window, 'HTMLQuoteElement')), '{"writable":true,"enumerable":true,"configurable":true}');
  assert_true(Reflect.defineProperty(window, 'HTMLBRElement', { writable: false }));
  assert_throws_js(TypeError, () => {
    HTMLBRElement = 1;
  });
  const heir = Object.create(window);
  heir.HTMLPreElement = 7;
  assert_equals(JSON.stringify(Object.getOwnPropertyDescriptor(heir, 'HTMLPreElement')), '{"value":7,"writable":true,"enumerable":true,"configurable":true}');
  assert_equals(window.HTMLPreElement.name, 'HTMLPreElement');
}, 'assignment and definition');

test(() => {
  for (const fn of [Object.getOwnPropertyDescriptor, Object.getOwnPropertyDescriptors, Object.defineProperty, Object.defineProperties, Reflect.getOwnPropertyDescriptor, Reflect.defineProperty,
    Object.prototype.__lookupGetter__, Object.prototype.__defineSetter__]) {
    assert_equals(fn.toString(), 'function ' + fn.name + '() { [native code] }');
    assert_false(Object.hasOwn(fn, 'prototype'));
  }
  assert_equals([Object.defineProperty.length, Object.getOwnPropertyDescriptor.length, Reflect.defineProperty.length, Object.getOwnPropertyDescriptors.length].join(), '3,2,3,1');
  assert_throws_js(TypeError, () => Object.defineProperty(1, 'a', {}));
  assert_equals(Object.getOwnPropertyDescriptor('abc', 'length').value, 3);
  let asked = 0;
  Object.getOwnPropertyDescriptor({ get a() { return 1; } }, { toString: () => 'a' + (++asked === 1 ? '' : asked) });
  assert_equals(asked, 1);
}, 'the functions that could tell');

test(() => {
  const caption = document.createElement('caption');
  assert_equals(Object.prototype.toString.call(caption), '[object HTMLTableCaptionElement]');
  assert_true(Object.getPrototypeOf(caption) === HTMLTableCaptionElement.prototype);
  assert_true(caption instanceof HTMLElement);
  assert_equals(Object.getPrototypeOf(HTMLTableCaptionElement), HTMLElement);
  assert_equals(document.createElement('col').constructor.name, 'HTMLTableColElement');
  assert_equals(document.createEvent('StorageEvent').constructor, StorageEvent);
  assert_true(new Audio() instanceof HTMLAudioElement);
  assert_true(Audio.prototype === HTMLAudioElement.prototype);
  assert_equals(window.webkitURL, URL);
}, 'objects of interfaces that nobody named');

test(() => {
  const polluted = ['get', 'set', 'value', 'writable', 'enumerable'];
  const iterator = Array.prototype[Symbol.iterator];
  const { defineProperty } = Object;
  let name;
  let own;
  try {
    Array.prototype[Symbol.iterator] = Object.defineProperty = () => {
      throw new Error('called');
    };
    for (let i = 0; i < polluted.length; i++) Object.prototype[polluted[i]] = () => 'polluted';
    const field = document.createElement('fieldset');
    const prototype = Object.getPrototypeOf(field);
    field.name = 'n';
    ({ name } = field);
    own = Reflect.ownKeys(prototype);
  } finally {
    for (let i = 0; i < polluted.length; i++) delete Object.prototype[polluted[i]];
    Array.prototype[Symbol.iterator] = iterator;
    Object.defineProperty = defineProperty;
  }
  assert_equals(name, 'n');
  assert_true(own.indexOf('elements') >= 0);
}, 'after built-ins were replaced');

test((t) => {
  const frame = document.createElement('iframe');
  document.body.append(frame);
  t.add_cleanup(() => frame.remove());
  const other = frame.contentWindow;
  assertInterfaceProperty(Object.getOwnPropertyDescriptor(other, 'HTMLTableRowElement'), 'HTMLTableRowElement');
  assert_equals(typeof other.HTMLTableSectionElement, 'function');
  other.HTMLTableCellElement = 1;
  assert_equals(other.HTMLTableCellElement, 1);
  assert_equals(typeof HTMLTableCellElement, 'function');
}, 'windows of child frames');

test((t) => {
  const frame = document.createElement('iframe');
  document.body.append(frame);
  t.add_cleanup(() => frame.remove());
  const other = frame.contentWindow;
  const own = Object.getOwnPropertyDescriptor(other, 'EventSource');
  assertInterfaceProperty(own, 'EventSource');
  assert_equals(own.value, other.EventSource);
  assert_equals(other.EventSource.prototype, EventSource.prototype);
  const trapped = [];
  const seen = new Proxy(other, { defineProperty: (target, key, descriptor) => trapped.push(key) > 0 && Reflect.defineProperty(target, key, descriptor) });
  assert_true(new seen.WebSocket('ws://127.0.0.1:1/') instanceof WebSocket);
  assert_equals(trapped.length, 0);
  assert_equals(new Range().startContainer, document);
  assert_equals(new other.Range().startContainer, frame.contentDocument);
}, 'constructors that make objects of their window');
