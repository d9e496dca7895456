// https://w3c.github.io/geolocation/
// The place is the one that a tool emulates; this machine's own is never looked for.

import { defineInterface } from '../webidl/interface.js';
import { Impl } from '../webidl/impl.js';
import { wrap } from '../webidl/wrapper.js';
import { SafeMap, SafeWeakMap } from '../primordials.js';
import { wallMs } from '../host.js';
import { emulated } from '../emulation/emulated.js';
import { currentWindow } from '../html/realm.js';
import { reportCallback } from '../html/report.js';
import { isSecureWindow } from '../html/secure_context.js';
import { queueTask } from '../html/tasks.js';
import { requestPermissionToUse } from '../permissions/Permissions.js';

const PERMISSION_DENIED = 1;
const POSITION_UNAVAILABLE = 2;

class GeolocationImpl extends Impl {}

class CoordinatesImpl extends Impl {
  constructor(place) {
    super();
    this.place = place;
  }
}

class PositionImpl extends Impl {
  constructor(place) {
    super();
    this.coords = new CoordinatesImpl(place);
    this.timestamp = wallMs();
  }
}

class PositionErrorImpl extends Impl {
  constructor(code, message) {
    super();
    this.code = code;
    this.message = message;
  }
}

const geolocationOf = new SafeWeakMap();      // by NavigatorImpl
const watches = new SafeMap();                // by id: { window, success, error }
let lastWatch = 0;

function tellError(window, callback, code, message) {
  if (callback !== null) reportCallback(callback, undefined, [wrap(new PositionErrorImpl(code, message))], window);
}

// https://w3c.github.io/geolocation/#dfn-request-a-position, in a task. The position is there at once: no timeout passes.
function requestPosition(window, success, error, watchId) {
  queueTask(window.document, () => {
    if (watchId !== 0 && !watches.has(watchId)) return;
    // 3. Not a secure context
    if (!isSecureWindow(window)) {
      watches.delete(watchId);
      tellError(window, error, PERMISSION_DENIED, 'Only secure origins are allowed');
      return;
    }
    // 5.2
    if (requestPermissionToUse(window, 'geolocation') !== 'granted') {
      watches.delete(watchId);
      tellError(window, error, PERMISSION_DENIED, 'User denied Geolocation');
      return;
    }
    const place = emulated.geolocation;
    if (place === null || place.latitude === null) tellError(window, error, POSITION_UNAVAILABLE, 'Position unavailable');
    else reportCallback(success, undefined, [wrap(new PositionImpl(place))], window);
  });
}

// The emulated place is another one: https://w3c.github.io/geolocation/#watchposition-method
export function placeChanged() {
  const ids = [];
  watches.forEach((watch, id) => {
    ids[ids.length] = id;
  });
  for (let i = 0; i < ids.length; i++) {
    const { window, success, error } = watches.get(ids[i]);
    if (window.closed) watches.delete(ids[i]);
    else requestPosition(window, success, error, ids[i]);
  }
}

defineInterface(`
callback PositionCallback = undefined (GeolocationPosition position);
callback PositionErrorCallback = undefined (GeolocationPositionError positionError);
dictionary PositionOptions {
  boolean enableHighAccuracy = false;
  [Clamp] unsigned long timeout = 0xFFFFFFFF;
  [Clamp] unsigned long maximumAge = 0;
};
[Exposed=Window]
interface Geolocation {
  undefined getCurrentPosition(PositionCallback successCallback, optional PositionErrorCallback? errorCallback = null, optional PositionOptions options = {});
  long watchPosition(PositionCallback successCallback, optional PositionErrorCallback? errorCallback = null, optional PositionOptions options = {});
  undefined clearWatch(long watchId);
};
`, {
  getCurrentPosition(self, success, error) {
    requestPosition(currentWindow(), success, error, 0);
  },
  watchPosition(self, success, error) {
    const window = currentWindow();
    const id = ++lastWatch;
    watches.set(id, { __proto__: null, window, success, error });
    requestPosition(window, success, error, id);
    return id;
  },
  clearWatch(self, id) {
    watches.delete(id);
  },
}, GeolocationImpl);

defineInterface(`
[Exposed=Window]
interface GeolocationPosition {
  readonly attribute GeolocationCoordinates coords;
  readonly attribute unsigned long long timestamp;
  object toJSON();
};
`, {
  coords: (self) => self.coords,
  timestamp: (self) => self.timestamp,
  toJSON: (self) => ({ timestamp: self.timestamp, coords: coordinatesJSON(self.coords) }),
}, PositionImpl);

function coordinatesJSON({ place }) {
  return {
    accuracy: place.accuracy, latitude: place.latitude, longitude: place.longitude, altitude: place.altitude,
    altitudeAccuracy: place.altitude_accuracy, heading: place.heading, speed: place.speed,
  };
}

defineInterface(`
[Exposed=Window]
interface GeolocationCoordinates {
  readonly attribute double accuracy;
  readonly attribute double latitude;
  readonly attribute double longitude;
  readonly attribute double? altitude;
  readonly attribute double? altitudeAccuracy;
  readonly attribute double? heading;
  readonly attribute double? speed;
  object toJSON();
};
`, {
  accuracy: (self) => self.place.accuracy,
  latitude: (self) => self.place.latitude,
  longitude: (self) => self.place.longitude,
  altitude: (self) => self.place.altitude,
  altitudeAccuracy: (self) => self.place.altitude_accuracy,
  heading: (self) => self.place.heading,
  speed: (self) => self.place.speed,
  toJSON: coordinatesJSON,
}, CoordinatesImpl);

defineInterface(`
[Exposed=Window]
interface GeolocationPositionError {
  const unsigned short PERMISSION_DENIED = 1;
  const unsigned short POSITION_UNAVAILABLE = 2;
  const unsigned short TIMEOUT = 3;
  readonly attribute unsigned short code;
  readonly attribute DOMString message;
};
`, {
  code: (self) => self.code,
  message: (self) => self.message,
}, PositionErrorImpl);

defineInterface(`
partial interface Navigator {
  [SameObject] readonly attribute Geolocation geolocation;
};
`, {
  geolocation(self) {
    let geolocation = geolocationOf.get(self);
    if (geolocation === undefined) {
      geolocation = new GeolocationImpl();
      geolocationOf.set(self, geolocation);
    }
    return geolocation;
  },
});
