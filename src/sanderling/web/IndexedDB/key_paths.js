// https://w3c.github.io/IndexedDB/#key-path-construct
// Key paths are evaluated on clones, which are trees of records here (structured_clone.js): no getter of the page's is ever called.

import { ArrayIsArray, RegExpPrototypeExec, StringPrototypeSplit } from '../primordials.js';
import { BlobImpl } from '../FileAPI/Blob.js';
import { FileImpl } from '../FileAPI/File.js';
import { ARRAY, BOXED, CloneRecord, OBJECT, PLATFORM, PRIMITIVE, readRecord } from '../webmessaging/structured_clone.js';
import { arrayKey, toKey, toMultiEntryKeys } from './keys.js';

let identifierPattern = null;

// https://w3c.github.io/IndexedDB/#valid-key-path
export function isValidKeyPath(path) {
  if (typeof path !== 'string') {
    if (path.length === 0) return false;
    for (let i = 0; i < path.length; i++) if (!isValidKeyPath(path[i])) return false;
    return true;
  }
  if (path === '') return true;
  if (identifierPattern === null) identifierPattern = /^[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*$/u;
  const names = StringPrototypeSplit(path, '.');
  for (let i = 0; i < names.length; i++) if (RegExpPrototypeExec(identifierPattern, names[i]) === null) return false;
  return true;
}

function recordOf(value) {
  return new CloneRecord(PRIMITIVE, value);
}

// The value of an own property of what a record stands for; undefined where there is none.
function ownProperty(record, name) {
  const { kind, data, more } = record;
  if (kind === OBJECT || kind === ARRAY) {
    if (kind === ARRAY && name === 'length') return recordOf(data);
    for (let i = 0; i < more.length; i += 2) if (more[i] === name) return more[i + 1];
  } else if (kind === PRIMITIVE || kind === BOXED) {
    if (typeof data === 'string' && name === 'length') return recordOf(data.length);
  } else if (kind === PLATFORM && more instanceof BlobImpl) {
    if (name === 'size' || name === 'type') return recordOf(more[name]);
    if (more instanceof FileImpl && (name === 'name' || name === 'lastModified')) return recordOf(more[name]);
  }
  return undefined;
}

// https://w3c.github.io/IndexedDB/#evaluate-a-key-path-on-a-value, of a path that is a string; undefined is failure
function evaluateKeyPath(root, path) {
  if (path === '') return root;
  const names = StringPrototypeSplit(path, '.');
  let record = root;
  for (let i = 0; i < names.length; i++) {
    record = ownProperty(record, names[i]);
    // 4.6. undefined is failure, too
    if (record === undefined || (record.kind === PRIMITIVE && record.data === undefined)) return undefined;
  }
  return record;
}

// https://w3c.github.io/IndexedDB/#extract-a-key-from-a-value-using-a-key-path: undefined is failure, null an invalid key; of multi-entry indexes a list
export function extractKey(root, path, multiEntry) {
  if (!ArrayIsArray(path)) {
    const record = evaluateKeyPath(root, path);
    if (record === undefined) return undefined;
    const value = readRecord(record);
    return multiEntry ? toMultiEntryKeys(value) : toKey(value);
  }
  const keys = [];
  for (let i = 0; i < path.length; i++) {
    const record = evaluateKeyPath(root, path[i]);
    if (record === undefined) return undefined;
    const key = toKey(readRecord(record));
    if (key === null) return null;
    keys[i] = key;
  }
  return arrayKey(keys);
}

// https://w3c.github.io/IndexedDB/#check-that-a-key-could-be-injected-into-a-value
export function canInjectKey(root, path) {
  const names = StringPrototypeSplit(path, '.');
  let record = root;
  for (let i = 0; i < names.length - 1; i++) {
    if (record.kind !== OBJECT && record.kind !== ARRAY) return false;
    const next = ownProperty(record, names[i]);
    if (next === undefined) return true;
    record = next;
  }
  return record.kind === OBJECT || record.kind === ARRAY;
}

function setProperty(record, name, value) {
  const { more } = record;
  for (let i = 0; i < more.length; i += 2) {
    if (more[i] !== name) continue;
    more[i + 1] = value;
    return value;
  }
  more[more.length] = name;
  more[more.length] = value;
  return value;
}

// https://w3c.github.io/IndexedDB/#inject-a-key-into-a-value-using-a-key-path: the key is a generated number
export function injectKey(root, path, number) {
  const names = StringPrototypeSplit(path, '.');
  let record = root;
  for (let i = 0; i < names.length - 1; i++) {
    let next = ownProperty(record, names[i]);
    if (next === undefined) {
      next = new CloneRecord(OBJECT, null);
      next.more = [];
      setProperty(record, names[i], next);
    }
    record = next;
  }
  setProperty(record, names[names.length - 1], recordOf(number));
}
