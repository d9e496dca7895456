// https://w3c.github.io/FileAPI/#filelist-section

import { Impl } from '../webidl/impl.js';
import { defineInterface } from '../webidl/interface.js';

export class FileListImpl extends Impl {
  constructor(files) {
    super();
    this.files = files;          // FileImpls
  }
}

export const fileListInterface = defineInterface(`
[Exposed=(Window,Worker), Serializable]
interface FileList {
  getter File? item(unsigned long index);
  readonly attribute unsigned long length;
};
`, {
  item: (self, index) => (index < self.files.length ? self.files[index] : null),
  length: (self) => self.files.length,
}, FileListImpl);
