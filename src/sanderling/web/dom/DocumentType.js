// https://dom.spec.whatwg.org/#interface-documenttype

import { defineInterface } from '../webidl/interface.js';
import { DocumentTypeImpl } from './node.js';

export const documentTypeInterface = defineInterface(`
[Exposed=Window]
interface DocumentType : Node {
  readonly attribute DOMString name;
  readonly attribute DOMString publicId;
  readonly attribute DOMString systemId;
};
DocumentType includes ChildNode;
`, {
  name: (self) => self.name,
  publicId: (self) => self.publicId,
  systemId: (self) => self.systemId,
}, DocumentTypeImpl);
