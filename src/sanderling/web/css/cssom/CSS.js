// https://drafts.csswg.org/css-conditional-3/#the-css-namespace

import { defineInterface } from '../../webidl/interface.js';
import { serializeIdentifier } from '../syntax/tokenizer.js';
import { supportsCss, supportsCssCondition } from './media_queries.js';

defineInterface(`
[Exposed=Window]
namespace CSS {
  CSSOMString escape(CSSOMString ident);
  boolean supports(CSSOMString property, CSSOMString value);
  boolean supports(CSSOMString conditionText);
};
`, {
  escape: (text) => serializeIdentifier(text),
  supports: (first, second) => (second === undefined ? supportsCssCondition(first) : supportsCss(first, second)),
});
