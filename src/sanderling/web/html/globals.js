// https://html.spec.whatwg.org/multipage/nav-history-apis.html#the-windowproxy-exotic-object
// What page code of a window has as its global `this`.

export function globalOf(window) {
  return window.globalObject;
}
