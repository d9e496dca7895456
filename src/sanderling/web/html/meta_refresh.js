// https://html.spec.whatwg.org/multipage/semantics.html#shared-declarative-refresh-steps
// <meta http-equiv=refresh>: the document is replaced some seconds after it has loaded.

import { RegExpPrototypeExec, SafeWeakSet, StringPrototypeToLowerCase } from '../primordials.js';
import { getAttr } from '../dom/attributes.js';
import { IN_DOCUMENT } from '../dom/node.js';
import { addInternalListener, removeListener } from '../dom/EventTarget.js';
import { setTimer } from '../timers.js';
import { parseURL } from '../url/parser.js';
import { metaPolicy } from './csp.js';
import { metaReferrer } from './referrer.js';
import { documentBaseURL } from './document_state.js';
import { navigateWindow } from './navigate.js';
import { sandboxAllows } from './sandbox.js';

const LONGEST_S = 86_400 * 24;     // timers hold no more

const declared = new SafeWeakSet();  // documents that will be refreshed

// 2-11. Seconds and URL text (null: the document itself), or null when it means nothing.
function parseRefresh(content) {
  const time = RegExpPrototypeExec(/^[\t\n\f\r ]*(?:(\d+)[\d.]*|\.[\d.]*)(?:[\t\n\f\r ]*$|[\t\n\f\r ]*[;,][\t\n\f\r ]*|[\t\n\f\r ]+)([^]*)$/, content);
  if (time === null) return null;
  const seconds = time[1] === undefined ? 0 : +time[1];
  let rest = time[2] ?? '';
  if (rest === '') return { __proto__: null, seconds, url: null };
  const prefix = RegExpPrototypeExec(/^[uU][rR][lL][\t\n\f\r ]*=[\t\n\f\r ]*([^]*)$/, rest);
  if (prefix !== null) rest = prefix[1];
  const quoted = RegExpPrototypeExec(/^(["'])([^]*?)(?:\1|$)/, rest);
  return { __proto__: null, seconds, url: quoted === null ? rest : quoted[2] };
}

// https://html.spec.whatwg.org/multipage/semantics.html#meta-referrer: the newest of those that were inserted or changed counts.
export function metaChanged(el, name) {
  if ((name === 'content' || name === 'name') && (el.flags & IN_DOCUMENT) !== 0) metaReferrer(el);
}

// Called when a meta element is inserted.
export function metaInserted(el) {
  metaPolicy(el);
  metaReferrer(el);
  const pragma = StringPrototypeToLowerCase(getAttr(el, 'http-equiv') ?? '');
  const content = getAttr(el, 'content');
  const { doc } = el;
  // https://html.spec.whatwg.org/multipage/semantics.html#attr-meta-http-equiv-content-language
  if (pragma === 'content-language' && content !== null && (el.flags & IN_DOCUMENT) !== 0) {
    const language = RegExpPrototypeExec(/^[\t\n\f\r ]*([^\t\n\f\r ,]+)[^,]*$/, content);
    if (language !== null) doc.pragmaLanguage = language[1];
  }
  if (pragma === 'refresh' && (el.flags & IN_DOCUMENT) !== 0 && content !== null) declareRefresh(doc, content);
}

// https://html.spec.whatwg.org/multipage/semantics.html#shared-declarative-refresh-steps: what a meta element or the header `Refresh` says
export function declareRefresh(doc, content) {
  const { window } = doc;
  // 1.
  if (content === '' || window === null || declared.has(doc)) return;
  // The automatic features that a sandbox without scripts does not have (11-13).
  if (!sandboxAllows(window, 'scripts')) return;
  const refresh = parseRefresh(content);
  if (refresh === null) return;
  const url = refresh.url === null ? doc.url : parseURL(refresh.url, documentBaseURL(doc), doc.encoding);
  if (url === null || url.scheme === 'javascript') return;
  // 12-14. The time counts from the end of loading.
  declared.add(doc);
  const start = () => setTimer(() => {
    if (doc.window !== null) navigateWindow(window, url, { __proto__: null, replace: true, reload: refresh.url === null, source: window });
  }, (refresh.seconds < LONGEST_S ? refresh.seconds : LONGEST_S) * 1000);
  if (doc.readyState === 'complete') {
    start();
    return;
  }
  const listener = addInternalListener(window, 'load', () => {
    removeListener(window, listener);
    start();
  });
}
