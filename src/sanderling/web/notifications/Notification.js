// https://notifications.spec.whatwg.org/
// Nothing displays notifications here: each one ends with the event that says so.

import { defineInterface } from '../webidl/interface.js';
import { Promise, PromiseResolve } from '../primordials.js';
import { EventTargetImpl } from '../dom/EventTarget.js';
import { fireEvent } from '../dom/dispatch.js';
import { currentWindow } from '../html/realm.js';
import { reportCallback } from '../html/report.js';
import { isSecureWindow } from '../html/secure_context.js';
import { queueTask } from '../html/tasks.js';
import { permissionState, requestPermissionToUse } from '../permissions/Permissions.js';

class NotificationImpl extends EventTargetImpl {
  constructor(title, options) {
    super();
    this.title = title;
    this.options = options;
  }
}

// https://notifications.spec.whatwg.org/#get-the-notifications-permission-state
function notificationPermission(window, how) {
  if (!isSecureWindow(window)) return 'denied';
  const state = how(window, 'notifications');
  return state === 'prompt' ? 'default' : state;
}

defineInterface(`
enum NotificationPermission { "default", "denied", "granted" };
enum NotificationDirection { "auto", "ltr", "rtl" };
callback NotificationPermissionCallback = undefined (NotificationPermission permission);
dictionary NotificationOptions {
  NotificationDirection dir = "auto";
  DOMString lang = "";
  DOMString body = "";
  DOMString tag = "";
  USVString icon = "";
  boolean? silent = null;
  boolean requireInteraction = false;
  any data = null;
};
[Exposed=Window]
interface Notification : EventTarget {
  constructor(DOMString title, optional NotificationOptions options = {});
  static readonly attribute NotificationPermission permission;
  static Promise<NotificationPermission> requestPermission(optional NotificationPermissionCallback deprecatedCallback);
  attribute EventHandler onclick;
  attribute EventHandler onshow;
  attribute EventHandler onerror;
  attribute EventHandler onclose;
  readonly attribute DOMString title;
  readonly attribute NotificationDirection dir;
  readonly attribute DOMString lang;
  readonly attribute DOMString body;
  readonly attribute DOMString tag;
  readonly attribute USVString icon;
  readonly attribute boolean? silent;
  readonly attribute boolean requireInteraction;
  readonly attribute any data;
  undefined close();
};
`, {
  constructor(title, options) {
    const notification = new NotificationImpl(title, options);
    // https://notifications.spec.whatwg.org/#constructors, 5.1, and what follows where a platform cannot show it
    queueTask(currentWindow().document, () => fireEvent(notification, 'error'));
    return notification;
  },
  permission: () => notificationPermission(currentWindow(), permissionState),
  // https://notifications.spec.whatwg.org/#dom-notification-requestpermission
  requestPermission(callback) {
    const window = currentWindow();
    const state = notificationPermission(window, requestPermissionToUse);
    if (callback !== undefined) queueTask(window.document, () => reportCallback(callback, undefined, [state], window));
    return PromiseResolve(Promise, state);
  },
  title: (self) => self.title,
  dir: (self) => self.options.dir,
  lang: (self) => self.options.lang,
  body: (self) => self.options.body,
  tag: (self) => self.options.tag,
  icon: (self) => self.options.icon,
  silent: (self) => self.options.silent,
  requireInteraction: (self) => self.options.requireInteraction,
  data: (self) => self.options.data,
  close() {},      // it was never shown
}, NotificationImpl);
