// https://svgwg.org/svg2-draft/types.html#ListInterfaces
// Lists that reflect an attribute: what is in them is read anew when the attribute changed, and written back when a script changed the list or an item of it.

import { Impl } from '../webidl/impl.js';
import { getAttr, setAttr } from '../dom/attributes.js';
import { domException } from '../dom/DOMException.js';

export class ReflectedListImpl extends Impl {
  constructor(el, attribute) {
    super();
    this.el = el;
    this.attribute = attribute;
    this.text = null;              // of the attribute, when `items` was made of it
    this.items = [];               // each has a field `list`: this one
  }

  // parse(text) and textOf(item) are the subclass's.
  read() {
    const text = getAttr(this.el, this.attribute) ?? '';
    if (text === this.text) return this.items;
    for (let i = 0; i < this.items.length; i++) this.items[i].list = null;
    this.items = this.parse(text);
    for (let i = 0; i < this.items.length; i++) this.items[i].list = this;
    this.text = text;
    return this.items;
  }

  write() {
    let text = '';
    for (let i = 0; i < this.items.length; i++) text += (i > 0 ? ' ' : '') + this.textOf(this.items[i]);
    this.text = text;
    setAttr(this.el, this.attribute, text);
  }

  // What is in another list already goes in as a copy.
  taken(item) {
    const own = item.list === null ? item : item.copy();
    own.list = this;
    return own;
  }

  at(index) {
    const items = this.read();
    if (index >= items.length) throw domException('IndexSizeError', 'The index provided (' + index + ') is greater than or equal to the maximum bound (' + items.length + ').');
    return items[index];
  }
}

// The members of every such interface
export const reflectedListMembers = {
  __proto__: null,
  length: (self) => self.read().length,
  numberOfItems: (self) => self.read().length,
  clear(self) {
    const items = self.read();
    for (let i = 0; i < items.length; i++) items[i].list = null;
    self.items = [];
    self.write();
  },
  initialize(self, item) {
    const items = self.read();
    const own = self.taken(item);
    for (let i = 0; i < items.length; i++) items[i].list = null;
    own.list = self;
    self.items = [own];
    self.write();
    return own;
  },
  getItem: (self, index) => self.at(index),
  insertItemBefore(self, item, index) {
    const items = self.read();
    const own = self.taken(item);
    const place = index > items.length ? items.length : index;
    for (let i = items.length; i > place; i--) items[i] = items[i - 1];
    items[place] = own;
    self.write();
    return own;
  },
  replaceItem(self, item, index) {
    self.at(index).list = null;
    const own = self.taken(item);
    self.items[index] = own;
    self.write();
    return own;
  },
  removeItem(self, index) {
    const out = self.at(index);
    const { items } = self;
    for (let i = index; i + 1 < items.length; i++) items[i] = items[i + 1];
    items.length--;
    out.list = null;
    self.write();
    return out;
  },
  appendItem(self, item) {
    const items = self.read();
    const own = self.taken(item);
    items[items.length] = own;
    self.write();
    return own;
  },
};
