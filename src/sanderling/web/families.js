// https://tc39.es/ecma262/#sec-hostloadimportedmodule
// Families: parts of `web/` that are not in the startup snapshot. Their text is the host's until something of them is first used; then they are
// evaluated as one function, with what they import as its arguments (js/web_sources.py makes the texts; README.md has the rules).

import { Error, ReflectApply } from './primordials.js';
import { evalScript, lateText, setLateHandlers } from './host.js';
import { enterGroup, leaveGroup } from './webidl/interface.js';

const families = { __proto__: null };      // by name: what they give to others; null while they are made

// What the family gives: an object by name.
export function loadFamily(name) {
  const known = families[name];
  if (known !== undefined) {
    if (known === null) throw new Error('the family ' + name + ' is used while it is made');
    return known;
  }
  let made;
  // The loader wrote `familyImports`, and a pair of what calls of defineInterface declare and the function.
  const parts = evalScript(lateText(name), 'sanderling:web/' + name, 1, 1);
  families[name] = null;
  const previous = enterGroup(name, parts[0]);
  try {
    made = familyImports[name](parts[1]);
  } finally {
    leaveGroup(previous);
    families[name] = made;
  }
  return made;
}

// What stands for a function of a family where that is not loaded. Called before anything else is evaluated.
export function lazyFunction(family, name) {
  let target = null;
  return (...args) => {
    if (target === null) target = loadFamily(family)[name];
    return ReflectApply(target, undefined, args);
  };
}

// The loader found in `familyEntries` which families answer to which entries.
setLateHandlers((kind) => {
  const family = familyEntries[kind];
  if (family !== undefined) loadFamily(family);
});
