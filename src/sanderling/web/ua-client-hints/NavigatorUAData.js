// https://wicg.github.io/ua-client-hints/
// `navigator.userAgentData` is there exactly while a tool has said what it tells: this browser has no brands of its own.

import { defineInterface, interfaceOf, onInterface } from '../webidl/interface.js';
import { Impl } from '../webidl/impl.js';
import { ObjectDefineProperty, ObjectFreeze, ObjectGetOwnPropertyDescriptor, Promise, PromiseResolve, ReflectDeleteProperty } from '../primordials.js';
import { isSecureWindow } from '../html/secure_context.js';

class UADataImpl extends Impl {
  constructor(hints) {
    super();
    this.hints = hints;
    this.brands = brandList(hints.brands);
  }
}

function brandList(given) {
  const out = [];
  for (let i = 0; i < given.length; i++) out[i] = ObjectFreeze({ brand: given[i].brand, version: given[i].version });
  return ObjectFreeze(out);
}

// https://wicg.github.io/ua-client-hints/#getHighEntropyValues
function highEntropyValues(self, wanted) {
  const { hints } = self;
  const out = { brands: self.brands, mobile: hints.mobile, platform: hints.platform };
  for (let i = 0; i < wanted.length; i++) {
    switch (wanted[i]) {
      case 'architecture': out.architecture = hints.architecture; break;
      case 'bitness': out.bitness = hints.bitness; break;
      case 'formFactors': out.formFactors = hints.formFactors; break;
      case 'fullVersionList': out.fullVersionList = brandList(hints.fullVersionList); break;
      case 'model': out.model = hints.model; break;
      case 'platformVersion': out.platformVersion = hints.platformVersion; break;
      case 'uaFullVersion': out.uaFullVersion = hints.fullVersion; break;
      case 'wow64': out.wow64 = hints.wow64; break;
      default:      // unknown ones are ignored
    }
  }
  return out;
}

defineInterface(`
[SecureContext, Exposed=Window]
interface NavigatorUAData {
  readonly attribute any brands;
  readonly attribute boolean mobile;
  readonly attribute DOMString platform;
  Promise<any> getHighEntropyValues(sequence<DOMString> hints);
  object toJSON();
};
`, {
  brands: (self) => self.brands,
  mobile: (self) => self.hints.mobile,
  platform: (self) => self.hints.platform,
  getHighEntropyValues: (self, wanted) => PromiseResolve(Promise, highEntropyValues(self, wanted)),
  toJSON: (self) => ({ brands: self.brands, mobile: self.hints.mobile, platform: self.hints.platform }),
}, UADataImpl);

defineInterface(`
partial interface Navigator {
  [SecureContext] readonly attribute NavigatorUAData userAgentData;
};
`, {
  userAgentData: (self) => self.userAgentData,
});

let userAgentDataMember = null;      // the descriptor, while the property is not there

// While the snapshot is built.
export function takeUserAgentData() {
  onInterface('Navigator', (record) => {
    userAgentDataMember = ObjectGetOwnPropertyDescriptor(record.madePrototype, 'userAgentData');
    ReflectDeleteProperty(record.madePrototype, 'userAgentData');
  });
}

// `hints`: CDP's UserAgentMetadata, or null.
export function applyUserAgentData(window, hints) {
  const object = interfaceOf('Navigator').prototype;
  const shown = hints !== null && isSecureWindow(window);
  window.navigator.userAgentData = shown ? new UADataImpl(hints) : null;
  if (shown) ObjectDefineProperty(object, 'userAgentData', userAgentDataMember);
  else ReflectDeleteProperty(object, 'userAgentData');
}
