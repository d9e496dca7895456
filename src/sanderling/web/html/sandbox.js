// https://html.spec.whatwg.org/multipage/browsers.html#sandboxing
// What a sandbox leaves its documents, as { opaque, scripts, forms, ... }: all but `opaque` say what is allowed. Null where there is no sandbox.

import { lowerAscii } from '../css/selectors/names.js';
import { splitTokens } from '../dom/collections.js';
import { domException } from '../dom/DOMException.js';
import { sameOrigin, serializeOrigin, serializeURL } from '../url/parser.js';
import { hasTransientActivation } from './user_activation.js';
import { originURL } from './frame_tree.js';
import { pageOfIsolate, windowAt } from './remote_window.js';

// Which keyword allows what (#parse-a-sandboxing-directive); those for what is not here at all (pointer lock, presentations) are left out.
const KEYWORDS = {
  __proto__: null, 'allow-scripts': 'scripts', 'allow-forms': 'forms', 'allow-modals': 'modals', 'allow-popups': 'popups', 'allow-popups-to-escape-sandbox': 'escape',
  'allow-top-navigation': 'top', 'allow-top-navigation-by-user-activation': 'topActivated', 'allow-downloads': 'downloads',
};

// Of an attribute, and of the sandbox its element is in.
export function sandboxFrom(attribute, above) {
  const out = { __proto__: null, opaque: true };
  for (const keyword in KEYWORDS) out[KEYWORDS[keyword]] = false;
  const tokens = splitTokens(lowerAscii(attribute));
  for (let i = 0; i < tokens.length; i++) {
    if (tokens[i] === 'allow-same-origin') out.opaque = false;
    else if (KEYWORDS[tokens[i]] !== undefined) out[KEYWORDS[tokens[i]]] = true;
  }
  if (above !== null) {
    out.opaque = out.opaque || above.opaque;
    for (const keyword in KEYWORDS) out[KEYWORDS[keyword]] = out[KEYWORDS[keyword]] && above[KEYWORDS[keyword]];
  }
  return out;
}

// Is something allowed in a window, by its keyword without "allow-"?
export function sandboxAllows(window, what) {
  return window.sandbox === null || window.sandbox[what] === true;
}

function isAbove(source, target) {
  for (let at = target; at !== null && at !== undefined;) {
    if (at === source) return true;
    if (at.isRemote !== true) {
      at = at.parent;
      continue;
    }
    if (at.page !== pageOfIsolate()) return false;
    const { parent } = at.ask();
    at = parent === null || parent === undefined ? null : windowAt(at.page, parent);
  }
  return false;
}

// https://html.spec.whatwg.org/multipage/document-sequences.html#allowed-to-navigate
function allowedToNavigate(source, target) {
  const { sandbox } = source;
  // 1-2.
  if (sandbox === null || isAbove(source, target)) return true;
  // 3.
  if (source.topWindow() === target) return sandbox.top || (sandbox.topActivated && hasTransientActivation());
  // 4. "one permitted sandboxed navigator"
  return target.isRemote === true && target.openedBy === source;
}

// Gives whether `source` may navigate `target`. `throws`: it is the Location object that asks.
export function mayNavigate(source, target, url, throws) {
  if (source.sandbox === null || allowedToNavigate(source, target)) return true;
  if (throws) {
    throw domException('SecurityError', "Failed to set a named property 'href' on 'Location': The current window does not have permission to navigate the target frame to '" + serializeURL(url) + "'.");
  }
  return false;
}

// https://html.spec.whatwg.org/multipage/timers-and-user-prompts.html#cannot-show-simple-dialogs
export function cannotShowDialogs(window) {
  // 1. DEVIATION from 2: a document of another origin than the page's shows dialogs, too, as in a Chromium that a client drives.
  // 3. While a document is left, as in Chromium.
  return !sandboxAllows(window, 'modals') || window.document.unloading;
}

// Is a document of another origin than that of its page?
export function isForeign(window) {
  const own = originURL(window.document);
  const root = window.top();
  const above = root.remoteAncestors;
  return above.length > 0 ? above[above.length - 1] !== serializeOrigin(own) : window !== root && !sameOrigin(own, originURL(root.document));
}
