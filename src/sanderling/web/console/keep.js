// https://console.spec.whatwg.org/#console-namespace
// Comes after finish.js. A starting engine replaces every method of the console it finds by one that does nothing; it is
// handed an empty object instead, once, and pages get the real one.

import { ObjectCreate, ObjectDefineProperty, ObjectPrototype, ObjectSetPrototypeOf } from '../primordials.js';

import { rehearsing } from '../host.js';

const keptConsole = globalThis.console;
// Its prototype is an empty object of its own.
ObjectSetPrototypeOf(keptConsole, ObjectCreate(ObjectPrototype));

if (!rehearsing) ObjectDefineProperty(globalThis, 'console', {
  __proto__: null, configurable: true, enumerable: false,
  get() {
    ObjectDefineProperty(globalThis, 'console', { __proto__: null, value: keptConsole, writable: true, enumerable: false, configurable: true });
    return { __proto__: null };
  },
});
