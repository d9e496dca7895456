// https://w3c.github.io/webdriver-bidi/#serialize-as-a-remote-value
// CDP's `serializationOptions: { serialization: 'deep' }`: values as WebDriver BiDi writes them.

import {
  ArrayIsArray, BigIntPrototypeToString, DatePrototypeToISOString, MapPrototypeForEach, NumberIsFinite, ObjectIs, ObjectKeys, RegExpPrototypeExec, RegExpPrototypeToString, SafeMap,
  SetPrototypeForEach, String,
} from '../primordials.js';
import { unwrap } from '../webidl/wrapper.js';
import { InspectorFailure, subtypeOf } from './describe.js';
import { lastNodeNumber, nodeNumberOf, reserveNodeNumbers } from './node_ids.js';

const DEEP_LIMIT = 1000;

class DeepWriter {
  constructor(options) {
    this.loaders = options.loaders;
    this.maxDepth = options.maxDepth ?? -1;
    this.maxNodeDepth = options.maxNodeDepth ?? 0;
    this.seen = new SafeMap();         // object to the answer that stands for it
    this.nextReference = 1;
  }

  write(value, depth) {
    switch (typeof value) {
      case 'undefined': return { __proto__: null, type: 'undefined' };
      case 'string': return { __proto__: null, type: 'string', value };
      case 'boolean': return { __proto__: null, type: 'boolean', value };
      case 'number':
        if (NumberIsFinite(value) && !ObjectIs(value, -0)) return { __proto__: null, type: 'number', value };
        return { __proto__: null, type: 'number', value: ObjectIs(value, -0) ? '-0' : String(value) };
      case 'bigint': return { __proto__: null, type: 'bigint', value: BigIntPrototypeToString(value) };
      case 'symbol': return { __proto__: null, type: 'symbol' };
      case 'function': return { __proto__: null, type: 'function' };
      default: return value === null ? { __proto__: null, type: 'null' } : this.object(value, depth);
    }
  }

  object(value, depth) {
    if (depth > DEEP_LIMIT) throw new InspectorFailure('Object reference chain is too long');
    const known = this.seen.get(value);
    if (known !== undefined) {
      // A second look at an object names the first by number, without its value.
      known.weakLocalObjectReference ??= this.nextReference++;
      return { __proto__: null, type: known.type, weakLocalObjectReference: known.weakLocalObjectReference };
    }
    const out = { __proto__: null, type: 'object' };
    this.seen.set(value, out);
    const impl = unwrap(value);
    if (impl !== undefined && impl.nodeType !== undefined) {
      out.type = 'node';
      out.value = this.node(impl, 0);
      return out;
    }
    if (impl !== undefined && impl.isWindow === true) {
      out.type = 'window';
      return out;
    }
    const deeper = this.maxDepth < 0 || depth < this.maxDepth;
    switch (subtypeOf(value)) {
      case 'array':
        out.type = ArrayIsArray(value) ? 'array' : impl === undefined || impl.iface.name === 'NodeList' ? 'nodelist' : 'htmlcollection';
        if (deeper) out.value = this.list(value, depth);
        return out;
      case 'regexp': {
        const parts = RegExpPrototypeExec(/^\/([^]*)\/([a-z]*)$/, RegExpPrototypeToString(value));
        out.type = 'regexp';
        out.value = { __proto__: null, pattern: parts[1] };
        if (parts[2] !== '') out.value.flags = parts[2];
        return out;
      }
      case 'date':
        out.type = 'date';
        out.value = DatePrototypeToISOString(value);
        return out;
      case 'map':
        out.type = 'map';
        if (deeper) {
          out.value = [];
          MapPrototypeForEach(value, (item, key) => {
            out.value[out.value.length] = [typeof key === 'string' ? key : this.write(key, depth + 1), this.write(item, depth + 1)];
          });
        }
        return out;
      case 'set':
        out.type = 'set';
        if (deeper) {
          out.value = [];
          SetPrototypeForEach(value, (item) => {
            out.value[out.value.length] = this.write(item, depth + 1);
          });
        }
        return out;
      case 'error': case 'proxy': case 'promise': case 'typedarray': case 'arraybuffer': case 'generator': case 'weakmap': case 'weakset':
        out.type = subtypeOf(value);
        return out;
      default:
        if (impl !== undefined) {
          out.type = 'platformobject';
          return out;
        }
        if (deeper) {
          out.value = [];
          const keys = ObjectKeys(value);
          for (let i = 0; i < keys.length; i++) out.value[i] = [keys[i], this.write(value[keys[i]], depth + 1)];
        }
        return out;
    }
  }

  list(value, depth) {
    const out = [];
    const { length } = value;
    for (let i = 0; i < length; i++) out[i] = this.write(value[i], depth + 1);
    return out;
  }

  node(impl, depth) {
    const { window } = impl.doc ?? impl;
    const loaderId = window === null ? '' : this.loaders[window.frameId] ?? '';
    const out = { __proto__: null, nodeType: impl.nodeType, childNodeCount: 0, backendNodeId: nodeNumberOf(impl), loaderId };
    if (impl.nodeType === 1) {
      out.localName = impl.localName;
      out.namespaceURI = impl.namespace;
      out.attributes = { __proto__: null };
      for (let i = 0; i < impl.attrs.length; i++) out.attributes[impl.attrs[i].localName] = impl.attrs[i].value;
    } else if (impl.nodeType === 3 || impl.nodeType === 4 || impl.nodeType === 8 || impl.nodeType === 7) out.nodeValue = impl.data;
    const children = [];
    for (let node = impl.first ?? null; node !== null; node = node.next) {
      out.childNodeCount++;
      if (this.maxNodeDepth < 0 || depth < this.maxNodeDepth) {
        children[children.length] = { __proto__: null, type: 'node', value: this.node(node, depth + 1) };
      }
    }
    if (children.length > 0) out.children = children;
    if (impl.nodeType === 1) out.shadowRoot = impl.shadow === null || impl.shadow === undefined ? null : { __proto__: null, type: 'node', value: this.node(impl.shadow, DEEP_LIMIT) };
    return out;
  }
}

// `options`: { maxDepth, maxNodeDepth, loaders }: no limit and no children where absent; the loaders of documents by the numbers of their frames.
// With the last number that a node has now: the worker has to know whose it is.
export function deepSerialized(value, options) {
  reserveNodeNumbers(options.taken);
  const serialized = new DeepWriter(options).write(value, 0);
  return { __proto__: null, serialized, taken: lastNodeNumber() };
}
