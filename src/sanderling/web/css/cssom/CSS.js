// https://drafts.csswg.org/css-conditional-3/#the-css-namespace

import { defineInterface } from '../../webidl/interface.js';
import { serializeIdentifier } from '../syntax/tokenizer.js';
import { currentDocument } from '../../html/realm.js';
import { registerCssProperty } from './registered.js';
import { supportsCss, supportsCssCondition } from './media_queries.js';

defineInterface(`
dictionary PropertyDefinition { required CSSOMString name; CSSOMString syntax = "*"; required boolean inherits; CSSOMString initialValue; };
[Exposed=Window]
namespace CSS {
  CSSOMString escape(CSSOMString ident);
  boolean supports(CSSOMString property, CSSOMString value);
  boolean supports(CSSOMString conditionText);
  undefined registerProperty(PropertyDefinition definition);
};
`, {
  escape: (text) => serializeIdentifier(text),
  registerProperty: (definition) => registerCssProperty(currentDocument(), definition),
  supports: (first, second) => (second === undefined ? supportsCssCondition(first) : supportsCss(first, second)),
});
