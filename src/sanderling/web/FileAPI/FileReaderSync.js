// https://w3c.github.io/FileAPI/#FileReaderSyncAPI
// In web workers: what a FileReader reads, at once.

import { defineInterface } from '../webidl/interface.js';
import { Impl } from '../webidl/impl.js';
import { packageData } from './FileReader.js';

export class FileReaderSyncImpl extends Impl {}

export const fileReaderSyncInterface = defineInterface(`
[Exposed=(DedicatedWorker,SharedWorker)]
interface FileReaderSync {
  constructor();
  ArrayBuffer readAsArrayBuffer(Blob blob);
  DOMString readAsBinaryString(Blob blob);
  DOMString readAsText(Blob blob, optional DOMString encoding);
  DOMString readAsDataURL(Blob blob);
};
`, {
  constructor: () => new FileReaderSyncImpl(),
  readAsArrayBuffer: (self, blob) => packageData(blob, 'ArrayBuffer'),
  readAsBinaryString: (self, blob) => packageData(blob, 'BinaryString'),
  readAsText: (self, blob, label) => packageData(blob, 'Text', label),
  readAsDataURL: (self, blob) => packageData(blob, 'DataURL'),
}, FileReaderSyncImpl);
