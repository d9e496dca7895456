// https://w3c.github.io/FileAPI/#file-section

import { defineInterface } from '../webidl/interface.js';
import { wallMs } from '../host.js';
import { BlobImpl, bytesOfBlobParts, normalBlobType } from './Blob.js';

export class FileImpl extends BlobImpl {
  constructor(bytes, name, type, lastModified) {
    super(bytes, type);
    this.name = name;
    this.lastModified = lastModified;
    this.webkitRelativePath = '';
    this.path = '';              // where an upload came from (CDP's DOM.getFileInfo); no page sees it
  }
}

export const fileInterface = defineInterface(`
dictionary FilePropertyBag : BlobPropertyBag { long long lastModified; };
[Exposed=(Window,Worker), Serializable]
interface File : Blob {
  constructor(sequence<BlobPart> fileBits, USVString fileName, optional FilePropertyBag options = {});
  readonly attribute DOMString name;
  readonly attribute long long lastModified;
  readonly attribute DOMString webkitRelativePath;
};
`, {
  constructor: (bits, name, options) => new FileImpl(bytesOfBlobParts(bits, options.endings), name, normalBlobType(options.type), options.lastModified ?? wallMs()),
  name: (self) => self.name,
  lastModified: (self) => self.lastModified,
  webkitRelativePath: (self) => self.webkitRelativePath,
}, FileImpl);
