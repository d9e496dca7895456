// https://html.spec.whatwg.org/multipage/interaction.html#tracking-user-activation
// Whether somebody has acted on the page: the main window and its same-origin frames are activated together, and all of them live in this isolate.

import { nowMs } from '../host.js';
import { Impl } from '../webidl/impl.js';
import { defineInterface } from '../webidl/interface.js';

const TRANSIENT_MS = 5000;         // "transient activation duration", at most a few seconds; Chromium's value

let lastActivation = -Infinity;    // time of the last activation; -Infinity: never, or it was consumed
let activations = 0;

// https://html.spec.whatwg.org/multipage/interaction.html#activation-notification
export function notifyActivation() {
  lastActivation = nowMs();
  activations++;
}

// How often somebody has acted on the page.
export function activationCount() {
  return activations;
}

export function hasStickyActivation() {
  return activations > 0;
}

export function hasTransientActivation() {
  return nowMs() - lastActivation < TRANSIENT_MS;
}

// https://html.spec.whatwg.org/multipage/interaction.html#consume-user-activation
export function consumeUserActivation() {
  lastActivation = -Infinity;
}

class UserActivationImpl extends Impl {}

export const userActivationInterface = defineInterface(`
[Exposed=Window]
interface UserActivation {
  readonly attribute boolean hasBeenActive;
  readonly attribute boolean isActive;
};
`, {
  hasBeenActive: hasStickyActivation,
  isActive: hasTransientActivation,
}, UserActivationImpl);

let userActivation = null;

defineInterface(`
partial interface Navigator {
  [SameObject] readonly attribute UserActivation userActivation;
};
`, {
  userActivation() {
    if (userActivation === null) userActivation = new UserActivationImpl();
    return userActivation;
  },
});
