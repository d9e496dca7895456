// https://chromedevtools.github.io/devtools-protocol/tot/Emulation/
// The door for what is emulated: the worker sends the whole state (browser/emulation.py), before page code of a new document and at each change.

import { onHost } from '../host.js';
import { jsonText } from '../json.js';
import { Date, ObjectDefineProperty, ObjectFreeze, ObjectGetOwnPropertyDescriptor } from '../primordials.js';
import { fireEvent } from '../dom/dispatch.js';
import { mainWindow } from '../html/realm.js';
import { cssChanges } from '../css/cssom/rules.js';
import { reportMediaChanges } from '../css/cssom/MediaQueryList.js';
import { screenOf, screenSizeOf, visualViewportOf } from '../css/cssom-view/Screen.js';
import { emulated, scriptsRunIn } from './emulated.js';
import { canonicalLocale, installLocale, setEmulatedLocale } from './locale.js';
import { installZonedDate } from './date.js';
import { placeChanged } from '../geolocation/Geolocation.js';
import { applyUserAgentData } from '../ua-client-hints/NavigatorUAData.js';
import { hideTouchHandlers, showOrientation, showTouchHandlers } from './touch.js';
import { canonicalZone, setEmulatedZone } from './time_zone.js';
import { replaceInWorlds } from '../inspector/worlds.js';

let zonedDate = null;           // the constructor in place of Date, once it is installed

function allWindows() {
  const out = [mainWindow()];
  for (let i = 0; i < out.length; i++) for (let j = 0; j < out[i].children.length; j++) out[out.length] = out[i].children[j];
  return out;
}

function installStandIns() {
  zonedDate = installZonedDate();
  installLocale();
  const windows = allWindows();
  for (let i = 0; i < windows.length; i++) {
    const global = windows[i].globalObject;
    const descriptor = ObjectGetOwnPropertyDescriptor(global, 'Date');
    if (descriptor === undefined || descriptor.value !== Date || !descriptor.configurable) continue;      // the page has put its own there
    ObjectDefineProperty(global, 'Date', { __proto__: null, value: zonedDate, writable: true, enumerable: false, configurable: true });
  }
  replaceInWorlds('Date', Date, zonedDate);
}

function resizeEvent(target, window) {
  fireEvent(target, 'resize', { __proto__: null, interface: 'UIEvent', init: { __proto__: null, view: window } });
}

function applyMetrics(window, state, quiet) {
  const before = { __proto__: null, ...screenSizeOf(window), orientation: screenOf(window).orientationType() };
  const resized = window.width !== state.width || window.height !== state.height;
  const windows = allWindows();
  if (emulated.mobile !== state.mobile) for (let i = 0; i < windows.length; i++) showOrientation(windows[i].globalObject, state.mobile);
  emulated.mobile = state.mobile;
  emulated.screenWidth = state.screenWidth;
  emulated.screenHeight = state.screenHeight;
  emulated.orientation = state.orientation;
  window.width = state.width;
  window.height = state.height;
  emulated.scale = state.scale;
  for (let i = 0; i < windows.length; i++) windows[i].devicePixelRatio = state.scale;
  if (quiet) return;
  if (resized) {
    resizeEvent(window, window);
    const viewport = visualViewportOf(window);
    if (viewport !== null) fireEvent(viewport, 'resize');
  }
  if (before.orientation !== screenOf(window).orientationType()) {
    screenOf(window).orientationChanged();
    fireEvent(window, 'orientationchange');
  }
}

function applyTouch(points) {
  const was = emulated.touchPoints > 0;
  emulated.touchPoints = points;
  if (was === points > 0) return;
  const windows = allWindows();
  for (let i = 0; i < windows.length; i++) {
    if (points > 0) showTouchHandlers(windows[i].globalObject);
    else hideTouchHandlers(windows[i].globalObject);
  }
}

function applyIdentity(window, state, quiet) {
  const { navigator } = window;
  navigator.userAgent = state.userAgent;
  applyUserAgentData(window, state.clientHints);
  navigator.platform = state.platform === '' ? navigator.ownPlatform : state.platform;
  navigator.hardwareConcurrency = state.hardwareConcurrency === 0 ? navigator.ownConcurrency : state.hardwareConcurrency;
  if (jsonText(navigator.languages) === jsonText(state.languages)) return;
  navigator.languages = ObjectFreeze(state.languages);
  if (!quiet) fireEvent(window, 'languagechange');
}

function applyPlace(place) {
  const same = jsonText(place) === jsonText(emulated.geolocation);
  emulated.geolocation = place;
  if (!same) placeChanged();
}

// The whole state; `quiet`: a new document, which gets no events.
onHost('emulation.apply', (payload) => {
  const window = mainWindow();
  const { quiet } = payload;
  if ((payload.timeZone !== '' || payload.locale !== '') && zonedDate === null) installStandIns();
  setEmulatedZone(payload.timeZone);
  setEmulatedLocale(payload.locale);
  applyTouch(payload.touchPoints);
  applyIdentity(window, payload, quiet);
  emulated.cookiesDisabled = payload.cookiesDisabled;
  applyPlace(payload.geolocation);
  emulated.media = payload.media;
  emulated.features = { __proto__: null, ...payload.features };
  emulated.scripting = payload.scripting;
  const windows = allWindows();
  for (let i = 0; i < windows.length; i++) {
    windows[i].scriptingEnabled = scriptsRunIn(windows[i]);
    windows[i].document.version++;
  }
  cssChanges.count++;
  if (payload.top) applyMetrics(window, payload, quiet);
  if (!quiet) for (let i = 0; i < windows.length; i++) reportMediaChanges(windows[i]);
  return null;
});

// A web worker has what holds for its document when it begins.
export function emulateInWorker(timeZone, locale) {
  if (timeZone === '' && locale === '') return;
  installStandIns();
  setEmulatedZone(timeZone);
  setEmulatedLocale(locale);
}

// Names as the engine writes them; empty for what it does not know.
onHost('emulation.names', (payload) => ({
  __proto__: null,
  timeZone: payload.timeZone === undefined ? '' : canonicalZone(payload.timeZone),
  locale: payload.locale === undefined ? '' : canonicalLocale(payload.locale),
}));
