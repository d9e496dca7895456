// https://html.spec.whatwg.org/multipage/system-state.html#custom-handlers
// What may be registered is checked; the user of this browser, who would be asked, always declines.

import { defineInterface } from '../webidl/interface.js';
import { domException } from '../dom/DOMException.js';
import { RegExpPrototypeExec, StringPrototypeIncludes } from '../primordials.js';
import { parseURL, serializeOrigin } from '../url/parser.js';
import { lowerAscii } from '../css/selectors/names.js';
import { documentBaseURL } from './document_state.js';
import { originURL } from './frame_tree.js';
import { currentDocument } from './realm.js';

// https://html.spec.whatwg.org/multipage/system-state.html#safelisted-scheme
// and those of decentralised networks that Chromium has beside it.
const SAFELISTED = /^(?:bitcoin|cabal|dat|did|dweb|ethereum|ftps?|geo|hyper|im|ipfs|ipns|ircs?|magnet|mailto|matrix|mms|news|nntp|openpgp4fpr|sftp|sip|sms|smsto|ssb|ssh|tel|urn|webcal|wtai|xmpp|web\+[a-z]+)$/;

// https://html.spec.whatwg.org/multipage/system-state.html#normalize-protocol-handler-parameters
function checkHandler(scheme, url) {
  // 1-2.
  if (RegExpPrototypeExec(SAFELISTED, lowerAscii(scheme)) === null) throw domException('SecurityError', "The scheme '" + scheme + "' may not be handled by pages.");
  // 3-5.
  if (!StringPrototypeIncludes(url, '%s')) throw domException('SyntaxError', "The URL '" + url + "' does not contain '%s'.");
  const doc = currentDocument();
  const record = parseURL(url, documentBaseURL(doc), doc.encoding);
  if (record === null) throw domException('SyntaxError', "The URL '" + url + "' cannot be parsed.");
  // 6.
  if ((record.scheme !== 'http' && record.scheme !== 'https') || serializeOrigin(record) !== serializeOrigin(originURL(doc))) {
    throw domException('SecurityError', 'A handler must be of the origin of its document.');
  }
}

defineInterface(`
partial interface Navigator {
  [SecureContext] undefined registerProtocolHandler(DOMString scheme, USVString url);
  [SecureContext] undefined unregisterProtocolHandler(DOMString scheme, USVString url);
};
`, {
  registerProtocolHandler: (self, scheme, url) => checkHandler(scheme, url),
  unregisterProtocolHandler: (self, scheme, url) => checkHandler(scheme, url),
});
