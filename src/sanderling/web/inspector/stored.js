// https://chromedevtools.github.io/devtools-protocol/tot/IndexedDB/
// Records of Indexed Databases as remote objects of the page: only its isolate can read their values.

import { onHost } from '../host.js';
import { viewOfBytes } from '../webidl/buffers.js';
import { mainWindow, windowOfFrame } from '../html/realm.js';
import { fromKey } from '../IndexedDB/keys.js';
import { decodeStored } from '../IndexedDB/link.js';
import { remoteObject } from './remote.js';
import { mainContextOf } from './worlds.js';

// { frame, records: [[key, primary key, size]] }
onHost('inspector.stored', (payload, bytes) => {
  const context = mainContextOf(windowOfFrame(payload.frame) ?? mainWindow());
  const remote = (value) => remoteObject(value, context, '', true);
  const out = [];
  let at = 0;
  for (let i = 0; i < payload.records.length; i++) {
    const record = payload.records[i];
    const value = decodeStored(viewOfBytes(bytes, at, at + record[2]));
    at += record[2];
    out[i] = { __proto__: null, key: remote(fromKey(record[0])), primaryKey: remote(fromKey(record[1])), value: remote(value) };
  }
  return { __proto__: null, records: out };
});
