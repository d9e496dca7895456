// https://dom.spec.whatwg.org/#interface-comment

import { defineInterface } from '../webidl/interface.js';
import { createComment } from './create.js';
import { currentDocument } from '../html/realm.js';

export const commentInterface = defineInterface(`
[Exposed=Window]
interface Comment : CharacterData {
  constructor(optional DOMString data = "");
};
`, {
  constructor: (data) => createComment(currentDocument(), data),
});

// https://dom.spec.whatwg.org/#interface-processinginstruction
export const processingInstructionInterface = defineInterface(`
[Exposed=Window]
interface ProcessingInstruction : CharacterData {
  readonly attribute DOMString target;
};
`, {
  target: (self) => self.target,
});
