// https://w3c.github.io/webappsec-referrer-policy/#determine-requests-referrer
// Which address a request of a document tells as the one it comes from, and by which policy; what is cut off of it is the host's to know.

import { StringPrototypeToLowerCase } from '../primordials.js';
import { getAttr } from '../dom/attributes.js';

// 8.3, step 2, "client": '' is for none.
export function referrerOf(doc) {
  let at = doc;
  if (at.opaqueOrigin) return '';
  while (at.srcdoc && at.window !== null && at.window.parent !== null) at = at.window.parent.document;
  return at.urlText();
}

// What is sent of code that names no referrer and no policy has those of its document, or of its worker.
export function settleReferrer(payload, doc) {
  if (payload.referrer === 'about:client') payload.referrer = referrerOf(doc);
  if (payload.referrerPolicy === '') payload.referrerPolicy = doc.referrerPolicy;
}

const POLICIES = ['no-referrer', 'no-referrer-when-downgrade', 'same-origin', 'origin', 'strict-origin', 'origin-when-cross-origin', 'strict-origin-when-cross-origin', 'unsafe-url'];
const OLD_NAMES = { __proto__: null, never: 'no-referrer', default: 'strict-origin-when-cross-origin', always: 'unsafe-url', 'origin-when-crossorigin': 'origin-when-cross-origin' };

// https://html.spec.whatwg.org/multipage/semantics.html#meta-referrer; '' is for none.
export function metaReferrerPolicy(el) {
  // 1-3.
  if (StringPrototypeToLowerCase(getAttr(el, 'name') ?? '') !== 'referrer') return '';
  const content = getAttr(el, 'content');
  if (content === null || content === '') return '';
  // 4-6.
  let policy = StringPrototypeToLowerCase(content);
  policy = OLD_NAMES[policy] ?? policy;
  for (let i = 0; i < POLICIES.length; i++) if (POLICIES[i] === policy) return policy;
  return '';
}

export function metaReferrer(el) {
  if (el.doc.window === null) return;
  const policy = metaReferrerPolicy(el);
  if (policy !== '') el.doc.referrerPolicy = policy;
}
