// https://drafts.csswg.org/cssom-view/#the-screen-interface

import { defineInterface } from '../../webidl/interface.js';
import { Impl } from '../../webidl/impl.js';
import { EventTargetImpl } from '../../dom/EventTarget.js';
import { MathMax, SafeWeakMap } from '../../primordials.js';
import { WindowImpl } from '../../html/Window.js';
import { emulated } from '../../emulation/emulated.js';
import { fireEvent } from '../../dom/dispatch.js';
import { layoutOf } from './geometry.js';

class ScreenImpl extends Impl {
  constructor(window) {
    super();
    this.window = window;
    this.orientation = null;
  }

  orientationType() {
    if (emulated.orientation !== null) return emulated.orientation.type;
    const { width, height } = screenSizeOf(this.window);
    return width >= height ? 'landscape-primary' : 'portrait-primary';
  }

  orientationChanged() {
    if (this.orientation !== null) fireEvent(this.orientation, 'change');
  }
}

class ScreenOrientationImpl extends EventTargetImpl {
  constructor(window) {
    super();
    this.window = window;
  }
}

class VisualViewportImpl extends EventTargetImpl {
  constructor(window) {
    super();
    this.window = window;
  }
}

const screens = new SafeWeakMap();
const visualViewports = new SafeWeakMap();

// The window's visual viewport where page code has looked at it, or null
export function visualViewportOf(window) {
  return visualViewports.get(window) ?? null;
}

export function screenOf(window) {
  let screen = screens.get(window);
  if (screen === undefined) {
    screen = new ScreenImpl(window);
    screens.set(window, screen);
  }
  return screen;
}

WindowImpl.prototype.screenObject = function () {
  return screenOf(this);
};

const MIN_SCREEN_WIDTH = 1280;
const MIN_SCREEN_HEIGHT = 720;

// A phone's screen is as large as its viewport; any other is large enough for the window.
export function screenSizeOf(window) {
  const top = window.top();
  return {
    __proto__: null,
    width: emulated.screenWidth > 0 ? emulated.screenWidth : emulated.mobile ? top.width : MathMax(MIN_SCREEN_WIDTH, top.width),
    height: emulated.screenHeight > 0 ? emulated.screenHeight : emulated.mobile ? top.height : MathMax(MIN_SCREEN_HEIGHT, top.height),
  };
}

const screenWidth = (self) => screenSizeOf(self.window).width;
const screenHeight = (self) => screenSizeOf(self.window).height;

defineInterface(`
[Exposed=Window]
interface Screen {
  readonly attribute long availWidth;
  readonly attribute long availHeight;
  readonly attribute long availLeft;
  readonly attribute long availTop;
  readonly attribute long width;
  readonly attribute long height;
  readonly attribute unsigned long colorDepth;
  readonly attribute unsigned long pixelDepth;
  [SameObject] readonly attribute ScreenOrientation orientation;
};
`, {
  availWidth: screenWidth,
  availHeight: screenHeight,
  availLeft: () => 0,
  availTop: () => 0,
  width: screenWidth,
  height: screenHeight,
  colorDepth: () => 24,
  pixelDepth: () => 24,
  orientation: (self) => self.orientation ?? (self.orientation = new ScreenOrientationImpl(self.window)),
}, ScreenImpl);

// https://w3c.github.io/screen-orientation/
defineInterface(`
[Exposed=Window]
interface ScreenOrientation : EventTarget {
  readonly attribute DOMString type;
  readonly attribute unsigned short angle;
  attribute EventHandler onchange;
  undefined unlock();
};
`, {
  type: (self) => screenOf(self.window).orientationType(),
  angle: () => (emulated.orientation === null ? 0 : emulated.orientation.angle),
  unlock() {},
}, ScreenOrientationImpl);

// https://drafts.csswg.org/cssom-view/#visualViewport
defineInterface(`
[Exposed=Window]
interface VisualViewport : EventTarget {
  readonly attribute double offsetLeft;
  readonly attribute double offsetTop;
  readonly attribute double pageLeft;
  readonly attribute double pageTop;
  readonly attribute double width;
  readonly attribute double height;
  readonly attribute double scale;
  attribute EventHandler onresize;
  attribute EventHandler onscroll;
  attribute EventHandler onscrollend;
};
`, {
  offsetLeft: () => 0,
  offsetTop: () => 0,
  pageLeft: (self) => self.window.scrollX,
  pageTop: (self) => self.window.scrollY,
  width: (self) => self.window.width,
  height: (self) => self.window.height,
  scale: () => 1,
}, VisualViewportImpl);

defineInterface(`
partial interface Window {
  [SameObject, Replaceable] readonly attribute VisualViewport visualViewport;
};
`, {
  visualViewport(self) {
    let viewport = visualViewports.get(self);
    if (viewport === undefined) {
      viewport = new VisualViewportImpl(self);
      visualViewports.set(self, viewport);
    }
    return viewport;
  },
});

// The height of the page that can be scrolled.
export function pageHeight(window) {
  return MathMax(window.height, layoutOf(window.document).height);
}

export function pageWidth(window) {
  return MathMax(window.width, layoutOf(window.document).width);
}
