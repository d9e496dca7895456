// https://webidl.spec.whatwg.org/#define-the-global-property-references
// The last file: every interface is declared, so those that pages use at once can be made, and the global object becomes a window.

import { ObjectDefineProperty, ObjectSetPrototypeOf, TypeError } from './primordials.js';
import { expose, hideLazyProperties, installExposed } from './webidl/exposed.js';
import { rehearsing } from './host.js';
import { finishInterfaces, interfaceOf } from './webidl/interface.js';
import { takeUserAgentData } from './ua-client-hints/NavigatorUAData.js';
import { takeTouchHandlers } from './emulation/touch.js';
import { defineGlobalMembers, globalMembers, takeGlobalMembers } from './html/global_members.js';
import { installNamedProperties } from './html/named_window.js';

// https://dom.spec.whatwg.org/#interface-nodefilter: a legacy callback interface object, which is a function with constants
const NodeFilterObject = { NodeFilter() { /*#*/ throw new TypeError('Illegal constructor'); } }.NodeFilter;
const FILTER_CONSTANTS = {
  __proto__: null, FILTER_ACCEPT: 1, FILTER_REJECT: 2, FILTER_SKIP: 3, SHOW_ALL: 0xFFFFFFFF, SHOW_ELEMENT: 1, SHOW_ATTRIBUTE: 2, SHOW_TEXT: 4, SHOW_CDATA_SECTION: 8,
  SHOW_ENTITY_REFERENCE: 0x10, SHOW_ENTITY: 0x20, SHOW_PROCESSING_INSTRUCTION: 0x40, SHOW_COMMENT: 0x80, SHOW_DOCUMENT: 0x100, SHOW_DOCUMENT_TYPE: 0x200,
  SHOW_DOCUMENT_FRAGMENT: 0x400, SHOW_NOTATION: 0x800,
};
for (const name in FILTER_CONSTANTS) ObjectDefineProperty(NodeFilterObject, name, { __proto__: null, value: FILTER_CONSTANTS[name], enumerable: true });

finishInterfaces();
expose('NodeFilter', NodeFilterObject);

const windowPrototype = interfaceOf('Window').prototype;
takeGlobalMembers(windowPrototype);
takeTouchHandlers(globalMembers());
takeUserAgentData();
installNamedProperties(windowPrototype, interfaceOf('EventTarget').prototype);
ObjectSetPrototypeOf(globalThis, windowPrototype);
installExposed(globalThis, 'Window');
defineGlobalMembers(globalThis);
if (!rehearsing) hideLazyProperties();
// The unforgeable members come when the global turns out to be a window's (html/start.js): nothing could take them off again.
