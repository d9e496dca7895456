// https://webidl.spec.whatwg.org/#Global
// The members of a [Global] interface are properties of the global object itself. They are moved there while the snapshot is built, and kept for the windows
// of child frames.

import { ObjectDefineProperty, ReflectDeleteProperty, ReflectGetOwnPropertyDescriptor, ReflectOwnKeys, SymbolToStringTag } from '../primordials.js';

let members = null;

export function takeGlobalMembers(prototype) {
  members = { __proto__: null };
  const keys = ReflectOwnKeys(prototype);
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i];
    if (key === 'constructor' || key === SymbolToStringTag) continue;
    members[key] = ReflectGetOwnPropertyDescriptor(prototype, key);
    ReflectDeleteProperty(prototype, key);
  }
}

export function globalMembers() {
  return members;
}

export function defineGlobalMembers(global) {
  const keys = ReflectOwnKeys(members);
  for (let i = 0; i < keys.length; i++) ObjectDefineProperty(global, keys[i], members[keys[i]]);
}
