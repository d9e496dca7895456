// https://html.spec.whatwg.org/multipage/links.html#link-type-modulepreload
import { nonceOf } from './nonce.js';
import { getAttr } from '../dom/attributes.js';
import { fireEvent } from '../dom/dispatch.js';
import { StringPrototypeToLowerCase } from '../primordials.js';
import { matchesMedia } from '../css/cssom/media_queries.js';
import { parseURL, serializeURL } from '../url/parser.js';
import { allowsRequest } from './csp.js';
import { documentBaseURL } from './document_state.js';
import { fetchModuleGraph } from './scripting.js';
import { queueTask } from './tasks.js';

const SCRIPT_LIKE = { __proto__: null, script: true, audioworklet: true, paintworklet: true, serviceworker: true, sharedworker: true, worker: true };
// https://html.spec.whatwg.org/multipage/links.html#attr-link-as: other words say nothing
const OTHER_DESTINATIONS = { __proto__: null, audio: true, document: true, embed: true, fetch: true, font: true, frame: true, iframe: true, image: true, json: true, manifest: true, object: true, report: true, style: true, track: true, video: true, xslt: true };

export function preloadModule(el) {
  preloadModuleOf(el.doc, (name) => (name === 'nonce' ? nonceOf(el) : getAttr(el, name)), (ok) => queueTask(el.doc, () => fireEvent(el, ok ? 'load' : 'error')));
}

// https://html.spec.whatwg.org/multipage/links.html#link-type-modulepreload:fetch-and-process-the-linked-resource
// `get` gives what the link says, by the name of the attribute; `done` gets whether it went well.
export function preloadModuleOf(doc, get, done) {
  // 1.
  const href = get('href');
  if (href === null || href === '') return;
  const media = get('media');
  if (media !== null && !matchesMedia(media, doc.window)) return;
  // 2-3.
  const as = StringPrototypeToLowerCase(get('as') ?? '');
  if (OTHER_DESTINATIONS[as] === true && SCRIPT_LIKE[as] !== true) {
    done(false);
    return;
  }
  // 4-5.
  const record = parseURL(href, documentBaseURL(doc));
  if (record === null) return;
  const url = serializeURL(record);
  // 7-11.
  const cors = get('crossorigin');
  const credentials = cors !== null && StringPrototypeToLowerCase(cors) === 'use-credentials' ? 'include' : 'same-origin';
  const nonce = get('nonce') ?? '';
  const integrity = get('integrity');
  if (!allowsRequest(doc, { __proto__: null, destination: 'script', nonce, integrity: integrity ?? '', parserInserted: false }, url, false)) {
    done(false);
    return;
  }
  // 12-13. DEVIATION: what the module imports is fetched, too, which the standard leaves open.
  fetchModuleGraph(doc, url, credentials, (outcome) => done(outcome.error === undefined), integrity, nonce);
}
