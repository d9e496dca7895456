// https://html.spec.whatwg.org/multipage/scripting.html#htmlscriptelement
// The interface only: what scripts do is in ../scripting.js.

import { defineInterface } from '../../webidl/interface.js';
import { childTextContent, stringReplaceAll } from '../../dom/tree.js';
import { hasAttr, removeAttr, setAttr } from '../../dom/attributes.js';
import { tokenListOf } from '../../dom/DOMTokenList.js';
import { scriptState } from '../scripting.js';

export const htmlScriptElementInterface = defineInterface(`
[Exposed=Window]
interface HTMLScriptElement : HTMLElement {
  [HTMLConstructor] constructor();
  [CEReactions, Reflect] attribute DOMString type;
  [CEReactions, ReflectURL] attribute USVString src;
  [CEReactions, Reflect] attribute boolean noModule;
  [CEReactions] attribute boolean async;
  [CEReactions, Reflect] attribute boolean defer;
  [SameObject, PutForwards=value] readonly attribute DOMTokenList blocking;
  [CEReactions, ReflectEnum="crossorigin"] attribute DOMString? crossOrigin;
  [CEReactions, ReflectEnum="referrerpolicy"] attribute DOMString referrerPolicy;
  [CEReactions, Reflect] attribute DOMString integrity;
  [CEReactions, ReflectEnum="fetchpriority"] attribute DOMString fetchPriority;
  [CEReactions] attribute DOMString text;
  static boolean supports(DOMString type);
  [CEReactions, Reflect] attribute DOMString charset;
  [CEReactions, Reflect] attribute DOMString event;
  [CEReactions, Reflect="for"] attribute DOMString htmlFor;
};
`, {
  async: {
    get: (self) => scriptState(self).forceAsync || hasAttr(self, 'async'),
    set(self, value) {
      scriptState(self).forceAsync = false;
      if (value) setAttr(self, 'async', '');
      else removeAttr(self, 'async');
    },
  },
  blocking: (self) => tokenListOf(self, 'blocking', SCRIPT_BLOCKING),
  text: { get: childTextContent, set: (self, value) => stringReplaceAll(value, self) },
  // https://html.spec.whatwg.org/multipage/scripting.html#dom-script-supports
  supports: (type) => type === 'classic' || type === 'module' || type === 'importmap',
});

const SCRIPT_BLOCKING = ['render'];
