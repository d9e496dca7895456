// https://webidl.spec.whatwg.org/#idl-objects
// The base of implementation objects: what our algorithms work on, behind the wrappers that pages see.

export class Impl {
  constructor() {
    this.wrapper = null;  // the page-visible object, once somebody has looked
  }
}
// The interface record; classes that serve one interface have it on their prototype (defineInterface sets it).
Impl.prototype.iface = null;
