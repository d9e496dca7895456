// https://html.spec.whatwg.org/multipage/links.html#link-type-modulepreload
import { getAttr } from '../dom/attributes.js';
import { fireEvent } from '../dom/dispatch.js';
import { StringPrototypeToLowerCase } from '../primordials.js';
import { parseURL, serializeURL } from '../url/parser.js';
import { allowsRequest } from './csp.js';
import { documentBaseURL } from './document_state.js';
import { fetchModuleGraph } from './scripting.js';
import { queueTask } from './tasks.js';

const SCRIPT_LIKE = { __proto__: null, script: true, audioworklet: true, paintworklet: true, serviceworker: true, sharedworker: true, worker: true };

// https://html.spec.whatwg.org/multipage/links.html#link-type-modulepreload:fetch-and-process-the-linked-resource
export function preloadModule(el) {
  const { doc } = el;
  const fail = () => queueTask(doc, () => fireEvent(el, 'error'));
  // 1.
  const href = getAttr(el, 'href');
  if (href === null || href === '') return;
  // 2-3.
  const as = getAttr(el, 'as');
  if (as !== null && as !== '' && SCRIPT_LIKE[StringPrototypeToLowerCase(as)] !== true) {
    fail();
    return;
  }
  // 4-5.
  const record = parseURL(href, documentBaseURL(doc));
  if (record === null) return;
  const url = serializeURL(record);
  // 7-11.
  const cors = getAttr(el, 'crossorigin');
  const credentials = cors !== null && StringPrototypeToLowerCase(cors) === 'use-credentials' ? 'include' : 'same-origin';
  const nonce = getAttr(el, 'nonce') ?? '';
  const integrity = getAttr(el, 'integrity');
  if (!allowsRequest(doc, { __proto__: null, destination: 'script', nonce, integrity: integrity ?? '', parserInserted: false }, url, false)) {
    fail();
    return;
  }
  // 12-13. DEVIATION: what the module imports is fetched, too, which the standard leaves open.
  fetchModuleGraph(doc, url, credentials, (outcome) => {
    queueTask(doc, () => fireEvent(el, outcome.error === undefined ? 'load' : 'error'));
  }, integrity, nonce);
}
