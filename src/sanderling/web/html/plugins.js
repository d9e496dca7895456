// https://html.spec.whatwg.org/multipage/system-state.html#pdf-viewing-support
// There is no PDF viewer, so both lists are empty; old scripts read their lengths.

import { defineInterface } from '../webidl/interface.js';
import { Impl } from '../webidl/impl.js';

class PluginImpl extends Impl {}
class MimeTypeImpl extends Impl {}
class PluginArrayImpl extends Impl {}
class MimeTypeArrayImpl extends Impl {}

const nothing = { __proto__: null, length: () => 0, item: () => null, namedItem: () => null, supportedNames: () => [] };
const unnamed = () => '';

defineInterface(`
[Exposed=Window, LegacyUnenumerableNamedProperties]
interface Plugin {
  readonly attribute DOMString name;
  readonly attribute DOMString description;
  readonly attribute DOMString filename;
  readonly attribute unsigned long length;
  getter MimeType? item(unsigned long index);
  getter MimeType? namedItem(DOMString name);
};
`, { ...nothing, name: unnamed, description: unnamed, filename: unnamed }, PluginImpl);

defineInterface(`
[Exposed=Window]
interface MimeType {
  readonly attribute DOMString type;
  readonly attribute DOMString description;
  readonly attribute DOMString suffixes;
  readonly attribute Plugin? enabledPlugin;
};
`, { type: unnamed, description: unnamed, suffixes: unnamed, enabledPlugin: () => null }, MimeTypeImpl);

defineInterface(`
[Exposed=Window, LegacyUnenumerableNamedProperties]
interface PluginArray {
  undefined refresh();
  readonly attribute unsigned long length;
  getter Plugin? item(unsigned long index);
  getter Plugin? namedItem(DOMString name);
};
`, { ...nothing, refresh() {} }, PluginArrayImpl);

defineInterface(`
[Exposed=Window, LegacyUnenumerableNamedProperties]
interface MimeTypeArray {
  readonly attribute unsigned long length;
  getter MimeType? item(unsigned long index);
  getter MimeType? namedItem(DOMString name);
};
`, nothing, MimeTypeArrayImpl);

let plugins = null;
let mimeTypes = null;

defineInterface(`
partial interface Navigator {
  [SameObject] readonly attribute PluginArray plugins;
  [SameObject] readonly attribute MimeTypeArray mimeTypes;
};
`, {
  plugins: () => plugins ?? (plugins = new PluginArrayImpl()),
  mimeTypes: () => mimeTypes ?? (mimeTypes = new MimeTypeArrayImpl()),
});
