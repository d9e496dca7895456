// https://html.spec.whatwg.org/multipage/tables.html

import { defineInterface } from '../../webidl/interface.js';
import { defineElement } from '../../dom/definitions.js';
import { HTMLCollectionImpl } from '../../dom/collections.js';
import { createElement } from '../../dom/create.js';
import { domException } from '../../dom/DOMException.js';
import { HTML_NS } from '../../dom/namespaces.js';
import { appendNode, insertNode, preInsert, removeNode } from '../../dom/tree.js';

function isTablePart(node, name) {
  return node !== null && node.nodeType === 1 && node.localName === name && node.namespace === HTML_NS;
}

function isTableSection(node) {
  return isTablePart(node, 'tbody') || isTablePart(node, 'thead') || isTablePart(node, 'tfoot');
}

class TableState {
  constructor() {
    this.bodies = null;      // collections, once asked
    this.rows = null;
    this.cells = null;
  }
}

function tableCreated(el) {
  el.state = new TableState();
}

function childrenNamed(parent, name, out) {
  for (let node = parent.first; node !== null; node = node.next) if (isTablePart(node, name)) out[out.length] = node;
  return out;
}

// https://html.spec.whatwg.org/multipage/tables.html#dom-table-rows: rows of heads, then of the table and its bodies, then of feet
function tableRowList(table) {
  const out = [];
  for (let node = table.first; node !== null; node = node.next) if (isTablePart(node, 'thead')) childrenNamed(node, 'tr', out);
  for (let node = table.first; node !== null; node = node.next) {
    if (isTablePart(node, 'tr')) out[out.length] = node;
    else if (isTablePart(node, 'tbody')) childrenNamed(node, 'tr', out);
  }
  for (let node = table.first; node !== null; node = node.next) if (isTablePart(node, 'tfoot')) childrenNamed(node, 'tr', out);
  return out;
}

const sectionRowList = (section) => childrenNamed(section, 'tr', []);

function rowCellList(row) {
  const out = [];
  for (let node = row.first; node !== null; node = node.next) if (isTablePart(node, 'td') || isTablePart(node, 'th')) out[out.length] = node;
  return out;
}

function firstTablePart(table, name) {
  for (let node = table.first; node !== null; node = node.next) if (isTablePart(node, name)) return node;
  return null;
}

function wrongIndex(index) {
  return domException('IndexSizeError', 'The index provided (' + index + ') is out of range.');
}

function setCaption(self, value) {
  const old = firstTablePart(self, 'caption');
  if (old !== null) removeNode(old);
  if (value !== null) preInsert(value, self, self.first);
}

// Where a thead goes: before the first element that is neither caption nor colgroup.
function headPlace(table) {
  for (let node = table.first; node !== null; node = node.next) {
    if (node.nodeType === 1 && !isTablePart(node, 'caption') && !isTablePart(node, 'colgroup')) return node;
  }
  return null;
}

function setHead(self, value) {
  if (value !== null && !isTablePart(value, 'thead')) throw domException('HierarchyRequestError', 'The element provided is not a THEAD.');
  const old = firstTablePart(self, 'thead');
  if (old !== null) removeNode(old);
  if (value !== null) preInsert(value, self, headPlace(self));
}

function setFoot(self, value) {
  if (value !== null && !isTablePart(value, 'tfoot')) throw domException('HierarchyRequestError', 'The element provided is not a TFOOT.');
  const old = firstTablePart(self, 'tfoot');
  if (old !== null) removeNode(old);
  if (value !== null) appendNode(value, self);
}

function createPart(self, name, place) {
  const old = firstTablePart(self, name);
  if (old !== null) return old;
  const part = createElement(self.doc, name);
  insertNode(part, self, place(self));
  return part;
}

function deletePart(self, name) {
  const old = firstTablePart(self, name);
  if (old !== null) removeNode(old);
}

const firstOfTable = (self) => self.first;
const endOfTable = () => null;

function createBody(self) {
  let last = null;
  for (let node = self.last; node !== null && last === null; node = node.prev) if (isTablePart(node, 'tbody')) last = node;
  const body = createElement(self.doc, 'tbody');
  insertNode(body, self, last === null ? null : last.next);
  return body;
}

// https://html.spec.whatwg.org/multipage/tables.html#dom-table-insertrow
function insertTableRow(self, index) {
  const rows = tableRowList(self);
  if (index < -1 || index > rows.length) throw wrongIndex(index);
  const row = createElement(self.doc, 'tr');
  if (rows.length === 0) {
    let body = null;
    for (let node = self.last; node !== null && body === null; node = node.prev) if (isTablePart(node, 'tbody')) body = node;
    if (body === null) {
      body = createElement(self.doc, 'tbody');
      appendNode(row, body);
      appendNode(body, self);
    } else appendNode(row, body);
  } else if (index === -1 || index === rows.length) {
    appendNode(row, rows[rows.length - 1].parent);
  } else {
    insertNode(row, rows[index].parent, rows[index]);
  }
  return row;
}

function deleteRowOf(rows, index) {
  if (index < -1 || index >= rows.length) throw wrongIndex(index);
  if (index === -1) {
    if (rows.length > 0) removeNode(rows[rows.length - 1]);
  } else removeNode(rows[index]);
}

defineElement({
  __proto__: null,
  names: ['table'],
  created: tableCreated,
  iface: defineInterface(`
[Exposed=Window]
interface HTMLTableElement : HTMLElement {
  [HTMLConstructor] constructor();
  [CEReactions] attribute HTMLTableCaptionElement? caption;
  HTMLTableCaptionElement createCaption();
  [CEReactions] undefined deleteCaption();
  [CEReactions] attribute HTMLTableSectionElement? tHead;
  HTMLTableSectionElement createTHead();
  [CEReactions] undefined deleteTHead();
  [CEReactions] attribute HTMLTableSectionElement? tFoot;
  HTMLTableSectionElement createTFoot();
  [CEReactions] undefined deleteTFoot();
  [SameObject] readonly attribute HTMLCollection tBodies;
  HTMLTableSectionElement createTBody();
  [SameObject] readonly attribute HTMLCollection rows;
  HTMLTableRowElement insertRow(optional long index = -1);
  [CEReactions] undefined deleteRow(long index);
  [CEReactions, Reflect] attribute DOMString align;
  [CEReactions, Reflect] attribute DOMString border;
  [CEReactions, Reflect] attribute DOMString frame;
  [CEReactions, Reflect] attribute DOMString rules;
  [CEReactions, Reflect] attribute DOMString summary;
  [CEReactions, Reflect] attribute DOMString width;
  [CEReactions, Reflect] attribute [LegacyNullToEmptyString] DOMString bgColor;
  [CEReactions, Reflect] attribute [LegacyNullToEmptyString] DOMString cellPadding;
  [CEReactions, Reflect] attribute [LegacyNullToEmptyString] DOMString cellSpacing;
};
`, {
    caption: { get: (self) => firstTablePart(self, 'caption'), set: setCaption },
    createCaption: (self) => createPart(self, 'caption', firstOfTable),
    deleteCaption: (self) => deletePart(self, 'caption'),
    tHead: { get: (self) => firstTablePart(self, 'thead'), set: setHead },
    createTHead: (self) => createPart(self, 'thead', headPlace),
    deleteTHead: (self) => deletePart(self, 'thead'),
    tFoot: { get: (self) => firstTablePart(self, 'tfoot'), set: setFoot },
    createTFoot: (self) => createPart(self, 'tfoot', endOfTable),
    deleteTFoot: (self) => deletePart(self, 'tfoot'),
    tBodies: (self) => self.state.bodies ?? (self.state.bodies = new HTMLCollectionImpl(self, (table) => childrenNamed(table, 'tbody', []))),
    createTBody: createBody,
    rows: (self) => self.state.rows ?? (self.state.rows = new HTMLCollectionImpl(self, tableRowList)),
    insertRow: insertTableRow,
    deleteRow: (self, index) => deleteRowOf(tableRowList(self), index),
  }),
});

defineElement({
  __proto__: null,
  names: ['caption'],
  iface: defineInterface(`
[Exposed=Window]
interface HTMLTableCaptionElement : HTMLElement {
  [HTMLConstructor] constructor();
  [CEReactions, Reflect] attribute DOMString align;
};
`, {}),
});

defineElement({
  __proto__: null,
  names: ['colgroup', 'col'],
  iface: defineInterface(`
[Exposed=Window]
interface HTMLTableColElement : HTMLElement {
  [HTMLConstructor] constructor();
  [CEReactions, Reflect, ReflectDefault=1, ReflectRange=(1, 1000)] attribute unsigned long span;
  [CEReactions, Reflect] attribute DOMString align;
  [CEReactions, Reflect="char"] attribute DOMString ch;
  [CEReactions, Reflect="charoff"] attribute DOMString chOff;
  [CEReactions, Reflect] attribute DOMString vAlign;
  [CEReactions, Reflect] attribute DOMString width;
};
`, {}),
});

function insertSectionRow(self, index) {
  const rows = sectionRowList(self);
  if (index < -1 || index > rows.length) throw wrongIndex(index);
  const row = createElement(self.doc, 'tr');
  insertNode(row, self, index === -1 || index === rows.length ? null : rows[index]);
  return row;
}

defineElement({
  __proto__: null,
  names: ['tbody', 'thead', 'tfoot'],
  created: tableCreated,
  iface: defineInterface(`
[Exposed=Window]
interface HTMLTableSectionElement : HTMLElement {
  [HTMLConstructor] constructor();
  [SameObject] readonly attribute HTMLCollection rows;
  HTMLTableRowElement insertRow(optional long index = -1);
  [CEReactions] undefined deleteRow(long index);
  [CEReactions, Reflect] attribute DOMString align;
  [CEReactions, Reflect="char"] attribute DOMString ch;
  [CEReactions, Reflect="charoff"] attribute DOMString chOff;
  [CEReactions, Reflect] attribute DOMString vAlign;
};
`, {
    rows: (self) => self.state.rows ?? (self.state.rows = new HTMLCollectionImpl(self, sectionRowList)),
    insertRow: insertSectionRow,
    deleteRow: (self, index) => deleteRowOf(sectionRowList(self), index),
  }),
});

function tableIndexAmong(list, node) {
  for (let i = 0; i < list.length; i++) if (list[i] === node) return i;
  return -1;
}

function rowIndexOf(self) {
  const { parent } = self;
  if (isTablePart(parent, 'table')) return tableIndexAmong(tableRowList(parent), self);
  return isTableSection(parent) && isTablePart(parent.parent, 'table') ? tableIndexAmong(tableRowList(parent.parent), self) : -1;
}

function sectionRowIndex(self) {
  const { parent } = self;
  if (isTablePart(parent, 'table')) return tableIndexAmong(tableRowList(parent), self);
  return isTableSection(parent) ? tableIndexAmong(sectionRowList(parent), self) : -1;
}

function insertCell(self, index) {
  const cells = rowCellList(self);
  if (index < -1 || index > cells.length) throw wrongIndex(index);
  const cell = createElement(self.doc, 'td');
  insertNode(cell, self, index === -1 || index === cells.length ? null : cells[index]);
  return cell;
}

defineElement({
  __proto__: null,
  names: ['tr'],
  created: tableCreated,
  iface: defineInterface(`
[Exposed=Window]
interface HTMLTableRowElement : HTMLElement {
  [HTMLConstructor] constructor();
  readonly attribute long rowIndex;
  readonly attribute long sectionRowIndex;
  [SameObject] readonly attribute HTMLCollection cells;
  HTMLTableCellElement insertCell(optional long index = -1);
  [CEReactions] undefined deleteCell(long index);
  [CEReactions, Reflect] attribute DOMString align;
  [CEReactions, Reflect="char"] attribute DOMString ch;
  [CEReactions, Reflect="charoff"] attribute DOMString chOff;
  [CEReactions, Reflect] attribute DOMString vAlign;
  [CEReactions, Reflect] attribute [LegacyNullToEmptyString] DOMString bgColor;
};
`, {
    rowIndex: rowIndexOf,
    sectionRowIndex,
    cells: (self) => self.state.cells ?? (self.state.cells = new HTMLCollectionImpl(self, rowCellList)),
    insertCell,
    deleteCell: (self, index) => deleteRowOf(rowCellList(self), index),
  }),
});

defineElement({
  __proto__: null,
  names: ['td', 'th'],
  iface: defineInterface(`
[Exposed=Window]
interface HTMLTableCellElement : HTMLElement {
  [HTMLConstructor] constructor();
  [CEReactions, Reflect, ReflectDefault=1, ReflectRange=(1, 1000)] attribute unsigned long colSpan;
  [CEReactions, Reflect, ReflectDefault=1, ReflectRange=(0, 65534)] attribute unsigned long rowSpan;
  [CEReactions, Reflect] attribute DOMString headers;
  readonly attribute long cellIndex;
  [CEReactions, ReflectEnum="scope"] attribute DOMString scope;
  [CEReactions, Reflect] attribute DOMString abbr;
  [CEReactions, Reflect] attribute DOMString align;
  [CEReactions, Reflect] attribute DOMString axis;
  [CEReactions, Reflect] attribute DOMString height;
  [CEReactions, Reflect] attribute DOMString width;
  [CEReactions, Reflect="char"] attribute DOMString ch;
  [CEReactions, Reflect="charoff"] attribute DOMString chOff;
  [CEReactions, Reflect] attribute boolean noWrap;
  [CEReactions, Reflect] attribute DOMString vAlign;
  [CEReactions, Reflect] attribute [LegacyNullToEmptyString] DOMString bgColor;
};
`, { cellIndex: (self) => (isTablePart(self.parent, 'tr') ? tableIndexAmong(rowCellList(self.parent), self) : -1) }),
});
