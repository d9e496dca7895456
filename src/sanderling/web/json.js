// https://tc39.es/ecma262/#sec-json.stringify
// JSON of values of ours for the worker. Page code may put `toJSON` on the prototypes of arrays and objects, which would then be asked what our messages are.

import { ArrayIsArray, ArrayPrototype, JSONStringify, ObjectGetPrototypeOf, ObjectHasOwn, ObjectKeys, ObjectPrototype } from './primordials.js';

// null-prototype objects, plain ones, arrays and primitives; undefined as in JSON.stringify().
export function jsonText(value) {
  const untouched = ObjectGetPrototypeOf(ArrayPrototype) === ObjectPrototype && !ObjectHasOwn(ArrayPrototype, 'toJSON') && !ObjectHasOwn(ObjectPrototype, 'toJSON');
  return untouched ? JSONStringify(value) : jsonTextByHand(value);
}

function jsonTextByHand(value) {
  if (value === null || typeof value !== 'object') return JSONStringify(value);
  if (ArrayIsArray(value)) {
    let out = '[';
    for (let i = 0; i < value.length; i++) out += (i > 0 ? ',' : '') + (jsonTextByHand(value[i]) ?? 'null');
    return out + ']';
  }
  const keys = ObjectKeys(value);
  let out = '{';
  for (let i = 0; i < keys.length; i++) {
    const text = jsonTextByHand(value[keys[i]]);
    if (text !== undefined) out += (out === '{' ? '' : ',') + JSONStringify(keys[i]) + ':' + text;
  }
  return out + '}';
}
