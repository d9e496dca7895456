// https://developer.chrome.com/docs/devtools/console/utilities
// The command line API: names that an evaluation has beside the page's own, while it runs. A name that the page has is the page's.

import { onHost } from '../host.js';
import { Error, ObjectDefineProperty, ObjectKeys, ObjectValues, ReflectDeleteProperty, ReflectHas, String } from '../primordials.js';
import { unwrap, wrap } from '../webidl/wrapper.js';
import { querySelectorEvery, querySelectorFirst } from '../css/selectors/query.js';
import { compileXPath } from '../domxpath/compile.js';
import { answeringNodes, nodeOf } from './node_ids.js';

const INSPECTED_KEPT = 5;          // $0 to $4
const NOT_DONE = [
  'clear', 'copy', 'debug', 'dir', 'dirxml', 'getEventListeners', 'inspect', 'monitor', 'monitorEvents', 'profile', 'profileEnd', 'queryObjects', 'table', 'undebug', 'unmonitor',
  'unmonitorEvents',
];

const inspectedNodes = [];         // those that DOM.setInspectedNode named, the newest first
let lastResult;                    // of the evaluations in the object group `console`

function startOf(start, world) {
  return (start === undefined || start === null ? undefined : unwrap(start)) ?? world.doc;
}

function wrapAll(nodes) {
  const out = [];
  for (let i = 0; i < nodes.length; i++) out[i] = wrap(nodes[i]);
  return out;
}

function utilitiesOf(world) {
  const out = {
    __proto__: null,
    $(selector, start) {
      const found = querySelectorFirst(startOf(start, world), String(selector));
      return found === null ? null : wrap(found);
    },
    $$: (selector, start) => wrapAll(querySelectorEvery(startOf(start, world), String(selector))),
    $x(expression, start) {
      const found = compileXPath(String(expression), null).run(startOf(start, world), 1, 1);
      return typeof found === 'object' ? wrapAll(found) : found;
    },
    keys: (object) => ObjectKeys(object),
    values: (object) => ObjectValues(object),
    $_: lastResult,
  };
  for (let i = 0; i < INSPECTED_KEPT; i++) out['$' + i] = i < inspectedNodes.length ? wrap(inspectedNodes[i]) : undefined;
  for (let i = 0; i < NOT_DONE.length; i++) {
    out[NOT_DONE[i]] = () => {
      throw new Error(NOT_DONE[i] + '() is not supported by Sanderling');
    };
  }
  return out;
}

// What `evaluate` gives, with the utilities there.
export function withCommandLine(world, evaluate) {
  // What an isolated world does not know is looked up in the engine's global object.
  const holder = world.isMain ? world.global : globalThis;
  const utilities = utilitiesOf(world);
  const names = ObjectKeys(utilities);
  const lent = [];
  for (let i = 0; i < names.length; i++) {
    if (ReflectHas(holder, names[i])) continue;
    lent[lent.length] = names[i];
    ObjectDefineProperty(holder, names[i], { __proto__: null, value: utilities[names[i]], writable: true, enumerable: false, configurable: true });
  }
  try {
    return evaluate();
  } finally {
    for (let i = 0; i < lent.length; i++) ReflectDeleteProperty(holder, lent[i]);
  }
}

export function rememberResult(value) {
  lastResult = value;
}

// https://chromedevtools.github.io/devtools-protocol/tot/DOM/#method-setInspectedNode
onHost('dom.setInspected', answeringNodes((payload) => {
  const node = nodeOf(payload);
  for (let i = INSPECTED_KEPT - 1; i > 0; i--) if (i <= inspectedNodes.length) inspectedNodes[i] = inspectedNodes[i - 1];
  inspectedNodes[0] = node;
  return {};
}));
