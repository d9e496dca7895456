// https://webidl.spec.whatwg.org/#idl-DOMException

import { ErrorCaptureStackTrace, ErrorPrototype, ObjectSetPrototypeOf } from '../primordials.js';
import { defineInterface } from '../webidl/interface.js';
import { Impl } from '../webidl/impl.js';
import { wrap } from '../webidl/wrapper.js';

const CODES = {
  __proto__: null, IndexSizeError: 1, HierarchyRequestError: 3, WrongDocumentError: 4, InvalidCharacterError: 5, NoModificationAllowedError: 7, NotFoundError: 8,
  NotSupportedError: 9, InUseAttributeError: 10, InvalidStateError: 11, SyntaxError: 12, InvalidModificationError: 13, NamespaceError: 14, InvalidAccessError: 15,
  TypeMismatchError: 17, SecurityError: 18, NetworkError: 19, AbortError: 20, URLMismatchError: 21, QuotaExceededError: 22, TimeoutError: 23, InvalidNodeTypeError: 24,
  DataCloneError: 25,
};

export class DOMExceptionImpl extends Impl {
  constructor(message, name) {
    super();
    this.message = message;
    this.name = name;
  }
}

export const domExceptionInterface = defineInterface(`
[Exposed=*, Serializable]
interface DOMException {
  constructor(optional DOMString message = "", optional DOMString name = "Error");
  readonly attribute DOMString name;
  readonly attribute DOMString message;
  readonly attribute unsigned short code;
  const unsigned short INDEX_SIZE_ERR = 1;
  const unsigned short DOMSTRING_SIZE_ERR = 2;
  const unsigned short HIERARCHY_REQUEST_ERR = 3;
  const unsigned short WRONG_DOCUMENT_ERR = 4;
  const unsigned short INVALID_CHARACTER_ERR = 5;
  const unsigned short NO_DATA_ALLOWED_ERR = 6;
  const unsigned short NO_MODIFICATION_ALLOWED_ERR = 7;
  const unsigned short NOT_FOUND_ERR = 8;
  const unsigned short NOT_SUPPORTED_ERR = 9;
  const unsigned short INUSE_ATTRIBUTE_ERR = 10;
  const unsigned short INVALID_STATE_ERR = 11;
  const unsigned short SYNTAX_ERR = 12;
  const unsigned short INVALID_MODIFICATION_ERR = 13;
  const unsigned short NAMESPACE_ERR = 14;
  const unsigned short INVALID_ACCESS_ERR = 15;
  const unsigned short VALIDATION_ERR = 16;
  const unsigned short TYPE_MISMATCH_ERR = 17;
  const unsigned short SECURITY_ERR = 18;
  const unsigned short NETWORK_ERR = 19;
  const unsigned short ABORT_ERR = 20;
  const unsigned short URL_MISMATCH_ERR = 21;
  const unsigned short QUOTA_EXCEEDED_ERR = 22;
  const unsigned short TIMEOUT_ERR = 23;
  const unsigned short INVALID_NODE_TYPE_ERR = 24;
  const unsigned short DATA_CLONE_ERR = 25;
};
`, {
  constructor(message, name) {
    return new DOMExceptionImpl(message, name);
  },
  name: (self) => self.name,
  message: (self) => self.message,
  code: (self) => CODES[self.name] ?? 0,
}, DOMExceptionImpl);
domExceptionInterface.complete = (record) => {
  ObjectSetPrototypeOf(record.madePrototype, ErrorPrototype);
  // https://webidl.spec.whatwg.org/#js-DOMException-specialness: a stack as errors have one
  const { make } = record;
  record.make = (impl) => {
    const wrapper = make(impl);
    ErrorCaptureStackTrace(wrapper, record.madeObject);
    return wrapper;
  };
};


// What our algorithms throw: the page-visible object.
export function domException(name, message) {
  const wrapper = wrap(new DOMExceptionImpl(message, name));
  // The engine makes the text when somebody reads it: that takes a hundred times as long.
  ErrorCaptureStackTrace(wrapper, domException);
  return wrapper;
}
