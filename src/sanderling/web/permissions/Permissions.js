// https://w3c.github.io/permissions/
// The store is the context's, in the worker: it is asked each time, and tells when something changed.

import { defineInterface } from '../webidl/interface.js';
import { Impl } from '../webidl/impl.js';
import { wrap } from '../webidl/wrapper.js';
import { Promise, PromiseResolve, SafeWeakMap, TypeError } from '../primordials.js';
import { hostCall, onHost } from '../host.js';
import { EventTargetImpl } from '../dom/EventTarget.js';
import { fireEvent } from '../dom/dispatch.js';
import { currentWindow } from '../html/realm.js';

class PermissionsImpl extends Impl {}

class PermissionStatusImpl extends EventTargetImpl {
  constructor(window, name, state) {
    super();
    this.window = window;
    this.name = name;
    this.state = state;
  }
}

// They live as long as their document: one with a listener must not go.
const statuses = [];
const permissionsOf = new SafeWeakMap();      // by NavigatorImpl or WorkerNavigatorImpl

// 'granted', 'denied' or 'prompt'; empty for a name that is not known.
export function permissionState(window, name) {
  return hostCall('permission.state', { __proto__: null, frame: window.frameId, name }).state;
}

// https://w3c.github.io/permissions/#dfn-request-permission-to-use: nobody can be asked, so that an open question is answered by no.
export function requestPermissionToUse(window, name) {
  return hostCall('permission.request', { __proto__: null, frame: window.frameId, name }).state;
}

onHost('permissions.changed', () => {
  for (let i = 0; i < statuses.length; i++) {
    const status = statuses[i];
    if (status.window.closed) continue;
    const state = permissionState(status.window, status.name);
    if (state === status.state) continue;
    status.state = state;
    // This is a task of its own, and who decided sees what the handler did.
    fireEvent(status, 'change');
  }
  return null;
});

defineInterface(`
[Exposed=(Window,Worker)]
interface Permissions {
  Promise<PermissionStatus> query(object permissionDesc);
};
`, {
  // https://w3c.github.io/permissions/#query-method
  query(self, descriptor) {
    const given = descriptor.name;
    if (given === undefined) throw new TypeError("Failed to execute 'query' on 'Permissions': the descriptor has no name.");
    const name = '' + given;
    const window = currentWindow();
    const state = permissionState(window, name);
    if (state === '') throw new TypeError("Failed to execute 'query' on 'Permissions': The provided value '" + name + "' is not a valid enum value of type PermissionName.");
    const status = new PermissionStatusImpl(window, name, state);
    statuses[statuses.length] = status;
    return PromiseResolve(Promise, wrap(status));
  },
}, PermissionsImpl);

defineInterface(`
enum PermissionState { "granted", "denied", "prompt" };
[Exposed=(Window,Worker)]
interface PermissionStatus : EventTarget {
  readonly attribute PermissionState state;
  readonly attribute DOMString name;
  attribute EventHandler onchange;
};
`, {
  state: (self) => self.state,
  name: (self) => self.name,
}, PermissionStatusImpl);

defineInterface(`
interface mixin NavigatorPermissions {
  [SameObject] readonly attribute Permissions permissions;
};
Navigator includes NavigatorPermissions;
WorkerNavigator includes NavigatorPermissions;
`, {
  permissions(self) {
    let permissions = permissionsOf.get(self);
    if (permissions === undefined) {
      permissions = new PermissionsImpl();
      permissionsOf.set(self, permissions);
    }
    return permissions;
  },
});
