// https://html.spec.whatwg.org/multipage/structured-data.html
// Serialised values on their way to another isolate: the tree of records becomes a flat JSON list, the memory of buffers and blobs one run of bytes.

import { interfaceOf } from '../webidl/interface.js';
import { ObjectSetPrototypeOf, ArrayBuffer, BigInt, JSONParse, JSONStringify, NumberIsFinite, ObjectIs, SafeMap, String, StringPrototypeIsWellFormed, TypedArrayPrototypeGetBuffer, TypedArrayPrototypeGetByteOffset, TypedArrayPrototypeSet, Uint8Array } from '../primordials.js';
import { wrap } from '../webidl/wrapper.js';
import { BlobImpl } from '../FileAPI/Blob.js';
import { FileImpl } from '../FileAPI/File.js';
import { FileListImpl } from '../FileAPI/FileList.js';
import { DOMExceptionImpl, domException } from '../dom/DOMException.js';
import { CloneRecord, isResizable, maxLengthOf, platformRecord, receiverOf, BOXED, BUFFER, ERROR, MAP, PLATFORM, PRIMITIVE, SET, STREAMED, TRANSFERRED, VIEW } from './structured_clone.js';

// Serializable interfaces of other files, by name: `write(impl, keep)` gives JSON (`keep(bytes)` a place in it), `read(json, bytesAt)` an impl.
const wireForms = new SafeMap();

export function defineWireForm(iface, form) {
  wireForms.set(iface.name, form);
}

// Those of families come with them.
function wireFormOf(name) {
  if (!wireForms.has(name)) interfaceOf(name);
  return wireForms.get(name);
}

class WireWriter {
  constructor() {
    this.nodes = [];
    this.known = new SafeMap();
    this.chunks = [];
    this.length = 0;
  }

  // Where the bytes will lie: [offset, length]
  bytes(view) {
    const place = [this.length, view.length];
    this.chunks[this.chunks.length] = view;
    this.length += view.length;
    return place;
  }

  primitive(value) {
    switch (typeof value) {
      case 'undefined': return ['u'];
      case 'bigint': return ['b', String(value)];
      // Lone surrogates do not cross as they are.
      case 'string': return StringPrototypeIsWellFormed(value) ? value : ['s', JSONStringify(value)];
      case 'number': return NumberIsFinite(value) && !ObjectIs(value, -0) ? value : ['n', ObjectIs(value, -0) ? '-0' : String(value)];
      default: return value;
    }
  }

  // The index of a record, or a primitive as [value].
  write(record) {
    if (record.kind === PRIMITIVE) return [this.primitive(record.data)];
    const known = this.known.get(record);
    if (known !== undefined) return known;
    const index = this.nodes.length;
    this.nodes[index] = null;
    this.known.set(record, index);
    this.nodes[index] = this.node(record);
    return index;
  }

  list(records) {
    const out = [];
    for (let i = 0; i < records.length; i++) out[i] = this.write(records[i]);
    return out;
  }

  buffer(data) {
    const place = this.bytes(new Uint8Array(data));
    return isResizable(data) ? [BUFFER, place, maxLengthOf(data)] : [BUFFER, place];
  }

  node(record) {
    const { kind, data, more } = record;
    switch (kind) {
      case BOXED: return [kind, this.primitive(data)];
      case BUFFER: return this.buffer(data);
      case TRANSFERRED: return data === null ? this.buffer(more()) : [kind, data];
      case STREAMED: return [kind, data.name, data.first, data.count];
      case PLATFORM: return [kind, this.platform(more)];
      case VIEW: return [kind, data, this.write(more.buffer), more.offset, more.length ?? null];
      case MAP: case SET: return [kind, this.list(data)];
      case ERROR: return [kind, data, more.message ?? null, more.stack ?? null, more.cause === null ? null : this.write(more.cause)];
      default: {
        if (more === null || typeof more === 'string') return [kind, data === null ? null : this.primitive(data), more];
        const out = [];
        for (let i = 0; i < more.length; i += 2) {
          out[i] = this.primitive(more[i]);
          out[i + 1] = this.write(more[i + 1]);
        }
        return [kind, data, out];
      }
    }
  }

  platform(impl) {
    if (impl instanceof FileImpl) return ['File', this.bytes(impl.bytes), impl.name, impl.type, impl.lastModified];
    if (impl instanceof BlobImpl) return ['Blob', this.bytes(impl.bytes), impl.type];
    if (impl instanceof DOMExceptionImpl) return ['DOMException', impl.message, impl.name];
    if (impl instanceof FileListImpl) {
      const files = [];
      for (let i = 0; i < impl.files.length; i++) files[i] = this.platform(impl.files[i]);
      return ['FileList', files];
    }
    const form = wireForms.get(impl.iface.name);
    if (form !== undefined) return [impl.iface.name, form.write(impl, (bytes) => this.bytes(bytes))];
    throw domException('DataCloneError', 'A ' + impl.iface.name + ' cannot be sent to a window of another agent: it is not supported yet.');
  }
}

// { json, bytes } of what serializeValue gave; `bytes` is undefined where there are none.
export function encodeSerialized(serialized) {
  const writer = new WireWriter();
  const root = writer.write(serialized.root);
  let bytes;
  if (writer.length > 0) {
    bytes = new Uint8Array(writer.length);
    let at = 0;
    for (let i = 0; i < writer.chunks.length; i++) {
      TypedArrayPrototypeSet(bytes, writer.chunks[i], at);
      at += writer.chunks[i].length;
    }
  }
  return { __proto__: null, json: { root, nodes: writer.nodes, hidden: serialized.hidden }, bytes };
}

class WireReader {
  constructor(json, bytes, ports, wrappers) {
    this.nodes = json.nodes;
    this.records = [];
    this.memory = bytes;
    this.ports = ports;
    this.wrappers = wrappers;
  }

  primitive(value) {
    if (typeof value !== 'object' || value === null) return value;
    if (value[0] === 'u') return undefined;
    if (value[0] === 'b') return BigInt(value[1]);
    if (value[0] === 's') return JSONParse(value[1]);
    return value[1] === '-0' ? -0 : +value[1];
  }

  bytesAt(place) {
    const copy = new Uint8Array(place[1]);
    // Not `subarray`: that asks the page's constructors.
    if (place[1] > 0) TypedArrayPrototypeSet(copy, new Uint8Array(TypedArrayPrototypeGetBuffer(this.memory), TypedArrayPrototypeGetByteOffset(this.memory) + place[0], place[1]));
    return copy;
  }

  read(reference) {
    if (typeof reference === 'object') return new CloneRecord(PRIMITIVE, this.primitive(reference[0]));
    const known = this.records[reference];
    if (known !== undefined) return known;
    const node = this.nodes[reference];
    const record = new CloneRecord(node[0], null);
    this.records[reference] = record;
    this.fill(record, node);
    return record;
  }

  list(references) {
    const out = [];
    for (let i = 0; i < references.length; i++) out[i] = this.read(references[i]);
    return out;
  }

  fill(record, node) {
    switch (record.kind) {
      case BOXED: record.data = this.primitive(node[1]); break;
      case BUFFER: {
        const buffer = node.length > 2 ? new ArrayBuffer(node[1][1], { __proto__: null, maxByteLength: node[2] }) : new ArrayBuffer(node[1][1]);
        TypedArrayPrototypeSet(new Uint8Array(buffer), this.bytesAt(node[1]), 0);
        record.data = buffer;
        break;
      }
      case TRANSFERRED:
        record.data = node[1];
        record.more = this.wrappers[node[1]];
        break;
      case STREAMED:
        record.data = { __proto__: null, name: node[1], first: node[2], count: node[3] };
        record.more = receiverOf(record.data, this.ports);
        break;
      case PLATFORM: {
        const impl = this.platform(node[1]);
        // What was transferred is there once.
        record.data = impl.iface.name === 'OffscreenCanvas' ? () => impl : platformRecord(impl).data;
        record.more = impl;
        break;
      }
      case VIEW:
        record.data = node[1];
        record.more = { __proto__: null, buffer: this.read(node[2]), offset: node[3], length: node[4] ?? undefined };
        break;
      case MAP: case SET: record.data = this.list(node[1]); break;
      case ERROR:
        record.data = node[1];
        record.more = { __proto__: null, message: node[2] ?? undefined, stack: node[3] ?? undefined, cause: node[4] === null ? null : this.read(node[4]) };
        break;
      default: {
        record.data = this.primitive(node[1]);
        const list = node[2];
        if (list === null || typeof list === 'string') {
          record.more = list;
          break;
        }
        const more = [];
        record.more = more;
        for (let i = 0; i < list.length; i += 2) {
          more[i] = this.primitive(list[i]);
          more[i + 1] = this.read(list[i + 1]);
        }
      }
    }
  }

  platform(node) {
    switch (node[0]) {
      case 'File': return new FileImpl(this.bytesAt(node[1]), node[2], node[3], node[4]);
      case 'Blob': return new BlobImpl(this.bytesAt(node[1]), node[2]);
      case 'DOMException': return new DOMExceptionImpl(node[1], node[2]);
      case 'FileList': {
        const files = [];
        for (let i = 0; i < node[1].length; i++) files[i] = this.platform(node[1][i]);
        return new FileListImpl(files);
      }
      default: return wireFormOf(node[0]).read(node[1], (place) => this.bytesAt(place));
    }
  }
}

// What deserializeValue takes. `ports`: functions that give a port.
export function decodeSerialized(json, bytes, ports) {
  ObjectSetPrototypeOf(json, null);
  const wrappers = [];
  for (let i = 0; i < ports.length; i++) wrappers[i] = () => wrap(ports[i]());
  return { __proto__: null, root: new WireReader(json, bytes, ports, wrappers).read(json.root), ports, hidden: json.hidden };
}
