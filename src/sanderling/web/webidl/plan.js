// https://webidl.spec.whatwg.org/#idl-names
// The plan of the interfaces: their numbers, where they are exposed, and the code of their members. Made from all of `web/` in an isolate of its own, before the
// snapshot is built; the snapshot gets the outcome (js/snapshot_child.py), and neither the IDL nor what reads it.

import { Error, JSONStringify } from '../primordials.js';
import { setExposedText } from './exposed.js';
import { generatePart, generateTogether } from './generate.js';
import { setPlanner } from './interface.js';
import { parseIDL } from './parse.js';

const registry = {
  interfaces: new Map(), mixins: new Map(), dictionaries: new Map(), enums: new Map(), typedefs: new Map(), callbacks: new Map(),
  includes: [], partials: [], order: [], owners: new Map(),
};
const calls = new Map();       // by group: what each call of defineInterface declares
const asked = new Set();       // names of interfaces that were made

// Gives what the call declares: the name of an interface, or ''. Its number is not known yet.
function declare(idl, members, group) {
  let found = '';
  for (const definition of parseIDL(idl)) {
    switch (definition.kind) {
      case 'interface':
      case 'namespace':
        definition.impl = members;
        definition.group = group.name;
        if (definition.mixin && !definition.partial) {
          registry.mixins.set(definition.name, definition);
        } else if (definition.partial) {
          registry.partials.push(definition);
        } else {
          if (registry.interfaces.has(definition.name)) throw new Error('interface ' + definition.name + ' is defined twice');
          if (found !== '') throw new Error('one call defines ' + found + ' and ' + definition.name);
          found = definition.name;
          registry.interfaces.set(definition.name, definition);
        }
        break;
      case 'dictionary':
        if (definition.partial) registry.dictionaries.get(definition.name).members.push(...definition.members);
        else registry.dictionaries.set(definition.name, definition);
        break;
      case 'enum': registry.enums.set(definition.name, definition); break;
      case 'typedef': registry.typedefs.set(definition.name, definition); break;
      case 'includes': registry.includes.push(definition); break;
      default: registry.callbacks.set(definition.name, definition);
    }
  }
  if (members !== null) {
    registry.owners.set(members, { group: group.name, index: group.owners.length });
    if (!calls.has(group.name)) calls.set(group.name, []);
    calls.get(group.name).push(found);
  }
  return found === '' ? '' : found + ',-1,-1,';
}

function merge() {
  const problems = [];
  for (const { name, mixin } of registry.includes) {
    const target = registry.interfaces.get(name);
    const source = registry.mixins.get(mixin);
    if (target === undefined || source === undefined) {
      problems.push(name + ' includes ' + mixin + ': not defined');
      continue;
    }
    for (const member of source.members) target.members.push({ ...member, from: source.impl, mixin });
  }
  for (const partial of registry.partials) {
    const mixin = registry.mixins.get(partial.name);
    if (partial.mixin && mixin !== undefined) {
      for (const { name, mixin: used } of registry.includes) {
        if (used !== partial.name) continue;
        for (const member of partial.members) registry.interfaces.get(name).members.push({ ...member, from: partial.impl });
      }
      continue;
    }
    const target = registry.interfaces.get(partial.name);
    if (target === undefined) problems.push('partial interface ' + partial.name + ': not defined');
    else for (const member of partial.members) target.members.push({ ...member, from: partial.impl });
  }
  for (const definition of registry.interfaces.values()) {
    if (definition.parent !== null && !registry.interfaces.has(definition.parent)) problems.push('interface ' + definition.name + ' : ' + definition.parent + ': not defined');
  }
  if (problems.length > 0) throw new Error('IDL:\n' + problems.join('\n'));
}

function number(records) {
  const children = new Map();
  for (const definition of registry.interfaces.values()) {
    const key = definition.parent;
    if (!children.has(key)) children.set(key, []);
    children.get(key).push(definition);
  }
  let next = 0;
  const visit = (definition) => {
    const record = records.get(definition.name);
    definition.record = record;
    record.parent = definition.parent ?? '';
    record.id = next++;
    registry.order.push(definition);
    for (const child of children.get(definition.name) ?? []) visit(child);
    record.last = next - 1;
  };
  for (const root of children.get(null) ?? []) visit(root);
}

function exposedLines() {
  const out = new Map();       // of two with one name the later counts
  for (const { name, ext, group } of registry.order) {
    if (ext.LegacyNoInterfaceObject) continue;
    const where = ext.Exposed === undefined ? 'Window' : typeof ext.Exposed === 'string' ? ext.Exposed : ext.Exposed.join(',');
    const family = group === '' ? '-' : group;
    out.set(name, '\n' + name + ' ' + where + ' ' + family + ' -');
    const aliases = ext.LegacyWindowAlias === undefined ? [] : [ext.LegacyWindowAlias].flat();
    for (const alias of aliases) out.set(alias, '\n' + alias + ' Window ' + family + ' ' + name);
    const factory = ext.LegacyFactoryFunction;
    if (factory !== undefined) out.set(factory.name ?? factory, '\n' + (factory.name ?? factory) + ' ' + where + ' ' + family + ' ' + name);
  }
  return [...out.values()].join('');
}

function part(name) {
  asked.add(name);
  // The engine's own, in an isolate without pages.
  const make = (0, globalThis.eval)(generatePart(registry, registry.interfaces.get(name)));
  return (lib, o, f) => make(lib, o, f)[name];
}

setPlanner({
  declare,
  part,
  finish(records) {
    merge();
    number(records);
    setExposedText(exposedLines());
  },
});

// What the snapshot gets, once the rehearsal is over: `calls` by group, the text of the code that is in the snapshot, and those of the rest.
export function planText() {
  const line = (name) => {
    if (name === '') return '';
    const { record } = registry.interfaces.get(name);
    return [name, record.id, record.last, record.parent].join(',');
  };
  const together = registry.order.filter(({ name }) => asked.has(name));
  for (const { name, group } of together) if (group !== '') throw new Error('the rehearsal uses ' + name + ' of the family ' + group);
  const parts = {};
  for (const definition of registry.order) if (!asked.has(definition.name)) parts[definition.name] = generatePart(registry, definition);
  return JSONStringify({
    calls: Object.fromEntries([...calls].map(([name, list]) => [name, list.map(line).join(';')])),
    exposed: exposedLines(), eager: generateTogether(registry, together), parts,
  });
}
