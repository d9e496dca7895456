// https://storage.spec.whatwg.org/#api
// How much an origin keeps is known where it is kept: the worker is asked each time.

import { hostCall } from '../host.js';
import { Promise, PromiseResolve, SafeWeakMap, TypeError } from '../primordials.js';
import { Impl } from '../webidl/impl.js';
import { defineInterface } from '../webidl/interface.js';
import { originURL } from '../html/frame_tree.js';
import { currentWindow } from '../html/realm.js';
import { requestPermissionToUse } from '../permissions/Permissions.js';
import { serializeOrigin } from '../url/parser.js';

class StorageManagerImpl extends Impl {}

const storageManagers = new SafeWeakMap();     // by NavigatorImpl or WorkerNavigatorImpl

// Opaque origins have no storage.
function storageFacts(operation) {
  const window = currentWindow();
  if (serializeOrigin(originURL(window.document)) === 'null') throw new TypeError(`Failed to execute '${operation}' on 'StorageManager': The operation is not supported in this context.`);
  return hostCall('storage.facts', { __proto__: null, frame: window.frameId });
}

defineInterface(`
[Exposed=(Window,Worker), SecureContext]
interface StorageManager {
  Promise<boolean> persisted();
  [Exposed=Window] Promise<boolean> persist();
  Promise<any> estimate();
};
`, {
  persisted: () => PromiseResolve(Promise, storageFacts('persisted').persisted),
  persist() {
    storageFacts('persist');
    return PromiseResolve(Promise, requestPermissionToUse(currentWindow(), 'persistent-storage') === 'granted');
  },
  estimate() {
    const { quota, usage, indexedDB, caches } = storageFacts('estimate');
    const usageDetails = { __proto__: null };
    if (caches > 0) usageDetails.caches = caches;
    if (indexedDB > 0) usageDetails.indexedDB = indexedDB;
    return PromiseResolve(Promise, { quota, usage, usageDetails: { ...usageDetails } });
  },
}, StorageManagerImpl);

function storageOfNavigator(navigator) {
  let manager = storageManagers.get(navigator);
  if (manager === undefined) {
    manager = new StorageManagerImpl();
    storageManagers.set(navigator, manager);
  }
  return manager;
}

defineInterface(`
interface mixin NavigatorStorage {
  [SameObject, SecureContext] readonly attribute StorageManager storage;
};
Navigator includes NavigatorStorage;
WorkerNavigator includes NavigatorStorage;
`, {
  storage: storageOfNavigator,
});
