// https://chromedevtools.github.io/devtools-protocol/tot/Emulation/
// What the tools of a page emulate, as the rest of the platform reads it. One isolate has one set of values: its windows share them.

export const emulated = {
  __proto__: null,
  media: '',             // media type; empty: screen
  features: { __proto__: null },     // media features by name
  scale: 1,              // device pixels per CSS pixel
  scripting: true,       // scripts of pages run
  mobile: false,
  screenWidth: 0,        // CSS pixels; 0: as large as the viewport needs
  screenHeight: 0,
  orientation: null,     // { type, angle } of screen.orientation, or null: from the screen's size
  touchPoints: 0,
  cookiesDisabled: false,
  geolocation: null,     // the place; null: none can be found
};

// Do scripts run in a window? Not where they are switched off, nor in a sandbox without `allow-scripts`.
export function scriptsRunIn(window) {
  return emulated.scripting && (window.sandbox === null || window.sandbox.scripts);
}
