// https://dom.spec.whatwg.org/#concept-event-dispatch

import { SafeMap, TypeError } from '../primordials.js';
import { wrap } from '../webidl/wrapper.js';
import { interfaceOf } from '../webidl/interface.js';
import { callListener, listenerTypes, removeListener } from './EventTarget.js';
import { EventImpl, eventInterface } from './Event.js';
import { reportException } from '../html/report.js';
import { IN_DOCUMENT } from './node.js';
import { shadowTrees } from './ShadowRoot.js';
import { enterWindow, isScriptRunning, leaveWindow, mainWindow } from '../html/realm.js';
import { runMicrotasks } from '../host.js';

export class PathEntry {
  constructor(target, shadowAdjusted, related, inShadow, rootOfClosed, slotInClosed) {
    this.target = target;                  // invocation target
    this.shadowAdjusted = shadowAdjusted;  // shadow-adjusted target, or null
    this.related = related;
    this.inShadow = inShadow;              // invocation-target-in-shadow-tree
    this.rootOfClosed = rootOfClosed;
    this.slotInClosed = slotInClosed;
  }
}

function rootOfNode(node) {
  let root = node;
  while (root.parent !== null) root = root.parent;
  return root;
}

function isShadowRoot(node) {
  return node !== null && node.nodeType === 11 && node.isShadow;
}

// https://dom.spec.whatwg.org/#retarget
export function retarget(a, b) {
  let object = a;
  for (;;) {
    if (object === null || object.nodeType === undefined) return object;
    const root = rootOfNode(object);
    if (!isShadowRoot(root)) return object;
    if (b !== null && b.nodeType !== undefined && shadowIncludingAncestor(root, b)) return object;
    object = root.host;
  }
}

function shadowIncludingAncestor(ancestor, node) {
  for (let current = node; current !== null; current = current.parent ?? (isShadowRoot(current) ? current.host : null)) {
    if (current === ancestor) return true;
  }
  return false;
}

// https://dom.spec.whatwg.org/#get-the-parent
function parentOf(target, event) {
  const type = target.nodeType;
  if (type === undefined) return target.parentTarget ?? null;
  if (type === 9) return event.type === 'load' || target.window === null ? null : target.window;
  if (type === 11 && target.isShadow) {
    // A shadow root: composed events go on, others only when they did not begin inside.
    if (!event.composed && event.path.length > 0 && rootOfNode(event.path[0].target) === target) return null;
    return target.host;
  }
  if (target.assignedSlot !== undefined && target.assignedSlot !== null) return target.assignedSlot;
  return target.parent;
}

// Besides clicks those of the middle button, which follow links (Chromium's rule; the standard leaves it to the user agent).
function isActivation(event) {
  return event.isMouse === true && (event.type === 'click' || (event.type === 'auxclick' && event.init.button === 1));
}
EventImpl.prototype.isMouse = false;
EventImpl.prototype.boundary = null;    // the path ends before this node

function activationOf(target, event) {
  const { def } = target;
  return def !== undefined && def !== null && def.activationBehavior !== undefined && (event.type === 'click' || def.auxiliaryActivation)
    && (def.activates === null || def.activates(target)) ? def : null;
}

// Dispatch `event` (impl) to `target` (impl); gives false when it was canceled.
export function dispatchEvent(event, target, legacyTargetOverride) {
  event.dispatching = true;
  const activationEvent = isActivation(event);
  // A type that nobody ever listened to, on a target without activation: only the flags change.
  if (listenerTypes[event.type] === undefined && !activationEvent && event.relatedTarget === null && !isInShadow(target)) {
    event.target = target;
    event.dispatching = false;
    event.stopPropagation = false;
    event.stopImmediate = false;
    return !event.canceled;
  }
  if (shadowTrees.count === 0 && !activationEvent && event.relatedTarget === null && event.boundary === null && legacyTargetOverride !== true) {
    return dispatchUnshadowed(event, target);
  }
  // 3-5.
  const targetOverride = legacyTargetOverride === true ? target.document : target;
  let activationTarget = null;
  let related = retarget(event.relatedTarget, target);
  let clearTargets = false;
  if (target !== related || target === event.relatedTarget) {
    const path = [];
    event.path = path;
    let shadowed = isInShadow(target);
    append(path, target, targetOverride, related, false, shadowed);
    if (activationEvent && activationOf(target, event) !== null) activationTarget = target;
    let slotInClosed = false;
    let currentTarget = target;
    let slottable = target.assignedSlot !== undefined && target.assignedSlot !== null ? target : null;
    let at = target;
    let parent = parentOf(target, event);
    while (parent !== null && parent !== event.boundary) {
      // OPTIMIZATION: who goes on to the parent in one tree stays below the root of the current target, and in or out of a shadow tree.
      const climbs = at.nodeType !== undefined && at.parent === parent;
      if (!climbs) shadowed = isInShadow(parent);
      if (slottable !== null) {
        slottable = null;
        const root = rootOfNode(parent);
        if (isShadowRoot(root) && root.mode === 'closed') slotInClosed = true;
      }
      if (parent.assignedSlot !== undefined && parent.assignedSlot !== null) slottable = parent;
      related = event.relatedTarget === null ? null : retarget(event.relatedTarget, parent);
      if (climbs || parent.nodeType === undefined || shadowIncludingAncestor(rootOfNode(currentTarget), parent)) {
        if (activationEvent && event.bubbles && activationTarget === null && activationOf(parent, event) !== null) activationTarget = parent;
        append(path, parent, null, related, slotInClosed, shadowed);
      } else if (parent === related) {
        parent = null;
        break;
      } else {
        currentTarget = parent;
        if (activationEvent && activationTarget === null && activationOf(parent, event) !== null) activationTarget = parent;
        append(path, parent, parent, related, slotInClosed, shadowed);
      }
      at = parent;
      parent = parentOf(parent, event);
      slotInClosed = false;
    }
    // 10-11.
    let outermost = path.length - 1;
    for (; ; outermost--) {
      const i = outermost;
      if (path[i].shadowAdjusted === null) continue;
      const adjusted = path[i].shadowAdjusted;
      clearTargets = (adjusted.nodeType !== undefined && isShadowRoot(rootOfNode(adjusted)))
        || (path[i].related !== null && path[i].related.nodeType !== undefined && isShadowRoot(rootOfNode(path[i].related)));
      break;
    }
    // 12. legacy-pre-activation behavior
    let preActivation;
    if (activationTarget !== null) preActivation = activationTarget.def.legacyPreActivation?.(activationTarget);
    // 13. capturing
    for (let i = path.length - 1; i >= 0; i--) {
      event.eventPhase = path[i].shadowAdjusted !== null ? 2 : 1;
      if (path[i].target.listeners !== null) invoke(path, i, event, true);
    }
    // 14. bubbling
    for (let i = 0; i < path.length; i++) {
      if (path[i].shadowAdjusted !== null) event.eventPhase = 2;
      else if (!event.bubbles) continue;
      else event.eventPhase = 3;
      if (path[i].target.listeners !== null) invoke(path, i, event, false);
    }
    // What invoking every object leaves behind; those without listeners were passed over.
    event.target = path[outermost].shadowAdjusted;
    if (event.relatedTarget !== null) event.relatedTarget = path[event.bubbles ? path.length - 1 : outermost].related;
    finish(event);
    if (clearTargets) {
      event.target = null;
      event.relatedTarget = null;
    }
    // 11. activation
    if (activationTarget !== null) {
      if (!event.canceled) activationTarget.def.activationBehavior(activationTarget, event);
      else activationTarget.def.legacyCanceledActivation?.(activationTarget, preActivation);
    }
    return !event.canceled;
  }
  // The related target was retargeted to the target: it came from a shadow tree, and nothing of it stays visible.
  event.target = null;
  event.relatedTarget = null;
  finish(event);
  return !event.canceled;
}

// OPTIMIZATION: no shadow tree, no related target, no activation: the path is a list of targets, and all see the same one.
function dispatchUnshadowed(event, target) {
  const path = [target];
  event.path = path;
  for (let at = parentOf(target, event); at !== null; at = parentOf(at, event)) path[path.length] = at;
  event.target = target;
  for (let i = path.length - 1; i >= 0; i--) {
    const at = path[i];
    if (at.listeners === null || event.stopPropagation) continue;
    event.eventPhase = i === 0 ? 2 : 1;
    invokeListeners(event, at, false, true);
  }
  const last = event.bubbles ? path.length : 1;
  for (let i = 0; i < last; i++) {
    const at = path[i];
    if (at.listeners === null || event.stopPropagation) continue;
    event.eventPhase = i === 0 ? 2 : 3;
    invokeListeners(event, at, false, false);
  }
  finish(event);
  return !event.canceled;
}

function finish(event) {
  event.eventPhase = 0;
  event.currentTarget = null;
  event.path = null;
  event.dispatching = false;
  event.stopPropagation = false;
  event.stopImmediate = false;
}

function append(path, target, shadowAdjusted, related, slotInClosed, inShadow) {
  const rootOfClosed = isShadowRoot(target.nodeType === undefined ? null : target) && target.mode === 'closed';
  path[path.length] = new PathEntry(target, shadowAdjusted, related, inShadow, rootOfClosed, slotInClosed);
}

// https://dom.spec.whatwg.org/#concept-event-listener-invoke
function invoke(path, index, event, capturing) {
  for (let i = index; i >= 0; i--) {
    if (path[i].shadowAdjusted !== null) {
      event.target = path[i].shadowAdjusted;
      break;
    }
  }
  const entry = path[index];
  event.relatedTarget = entry.related;
  if (event.stopPropagation) return;
  invokeListeners(event, entry.target, entry.inShadow, capturing);
}

// Steps 6-8 of "invoke".
function invokeListeners(event, target, inShadow, capturing) {
  event.currentTarget = target;
  const found = innerInvoke(event, target, inShadow, target.listeners, capturing);
  // 8. legacy event types
  if (!found && event.isTrusted && LEGACY_TYPES.has(event.type)) {
    const original = event.type;
    event.type = LEGACY_TYPES.get(original);
    if (target.listeners !== null) innerInvoke(event, target, inShadow, target.listeners, capturing);
    event.type = original;
  }
}

const LEGACY_TYPES = new SafeMap();
LEGACY_TYPES.set('animationend', 'webkitAnimationEnd');
LEGACY_TYPES.set('animationiteration', 'webkitAnimationIteration');
LEGACY_TYPES.set('animationstart', 'webkitAnimationStart');
LEGACY_TYPES.set('transitionend', 'webkitTransitionEnd');
LEGACY_TYPES.set('wheel', 'mousewheel');         // not in the standard; browsers do

// https://dom.spec.whatwg.org/#concept-event-listener-inner-invoke
function innerInvoke(event, target, inShadow, list, capturing) {
  let found = false;
  // Listeners that are added now come after this length; removing makes a new list.
  const { length } = list;
  for (let i = 0; i < length; i++) {
    const listener = list[i];
    if (listener.removed || listener.type !== event.type) continue;
    found = true;
    if (listener.capture !== capturing) continue;
    if (listener.once) removeListener(target, listener);
    if (listener.internal) {
      listener.callback(event, target);
      if (event.stopImmediate) return found;
      continue;
    }
    const { window } = listener;
    if (window.closed === true && window.parent !== null) continue;     // code of a document that is not fully active does not run
    // 6-8. window.event
    const saved = window.event;
    if (!inShadow) window.event = wrap(event);
    const previous = enterWindow(window);
    if (listener.passive) event.inPassive = true;
    try {
      callListener(listener.callback, 'handleEvent', wrap(event.currentTarget), [wrap(event)]);
    } catch (error) {
      event.listenersThrew = true;
      reportException(error, window);
    }
    leaveWindow(previous);
    if (!isScriptRunning()) runMicrotasks();
    event.inPassive = false;
    window.event = saved;
    if (event.stopImmediate) return found;
  }
  return found;
}

function isInShadow(target) {
  return target.nodeType !== undefined && (target.flags & IN_DOCUMENT) === 0 && isShadowRoot(rootOfNode(target));
}

// https://dom.spec.whatwg.org/#concept-event-fire
// Options: { bubbles, cancelable, composed, interface: 'MouseEvent', init: {...}, relatedTarget, legacyTargetOverride }.
export function fireEvent(target, type, options) {
  const event = makeEvent(type, options);
  event.isTrusted = true;
  return dispatchEvent(event, target, options !== undefined && options.legacyTargetOverride);
}

export function makeEvent(type, options) {
  if (options === undefined) return new EventImpl(type, false, false, false);
  let event;
  if (options.interface === undefined) {
    event = new EventImpl(type, options.bubbles === true, options.cancelable === true, options.composed === true);
  } else {
    const iface = interfaceOf(options.interface);
    if (iface === null || iface.eventClass === undefined) throw new TypeError('no event interface ' + options.interface);
    event = new iface.eventClass(type, options.bubbles === true, options.cancelable === true, options.composed === true);
    event.init = { __proto__: null, ...iface.eventDefaults, ...options.init };
  }
  if (options.boundary !== undefined) event.boundary = options.boundary;
  if (options.relatedTarget !== undefined) event.relatedTarget = options.relatedTarget;
  return event;
}

export function isEventInterface(iface) {
  return iface.id >= eventInterface.id && iface.id <= eventInterface.last;
}
