// https://drafts.csswg.org/cssom/#the-medialist-interface

import { defineInterface } from '../../webidl/interface.js';
import { Impl } from '../../webidl/impl.js';
import { domException } from '../../dom/DOMException.js';
import { matchesMedia, parseMediaQueries } from './media_queries.js';

export class MediaListImpl extends Impl {
  constructor(text, changed) {
    super();
    this.queries = parseMediaQueries(text);
    this.changed = changed;      // called after a page has changed the list
  }

  text() {
    let out = '';
    for (let i = 0; i < this.queries.length; i++) out += (i > 0 ? ', ' : '') + this.queries[i];
    return out;
  }

  replace(text) {
    this.queries = parseMediaQueries(text);
    this.changed();
  }

  matches(window) {
    return this.queries.length === 0 || matchesMedia(this.text(), window);
  }
}

defineInterface(`
[Exposed=Window]
interface MediaList {
  stringifier attribute [LegacyNullToEmptyString] CSSOMString mediaText;
  readonly attribute unsigned long length;
  getter CSSOMString? item(unsigned long index);
  undefined appendMedium(CSSOMString medium);
  undefined deleteMedium(CSSOMString medium);
};
`, {
  mediaText: {
    get: (self) => self.text(),
    set(self, value) {
      self.replace(value);
    },
  },
  length: (self) => self.queries.length,
  item: (self, index) => (index < self.queries.length ? self.queries[index] : null),
  appendMedium(self, medium) {
    const parsed = parseMediaQueries(medium);
    if (parsed.length !== 1) return;
    for (let i = 0; i < self.queries.length; i++) if (self.queries[i] === parsed[0]) return;
    self.queries[self.queries.length] = parsed[0];
    self.changed();
  },
  deleteMedium(self, medium) {
    const parsed = parseMediaQueries(medium);
    if (parsed.length !== 1) return;
    let kept = 0;
    const { length } = self.queries;
    for (let i = 0; i < length; i++) if (self.queries[i] !== parsed[0]) self.queries[kept++] = self.queries[i];
    if (kept === length) throw domException('NotFoundError', "Failed to delete '" + medium + "'.");
    self.queries.length = kept;
    self.changed();
  },
}, MediaListImpl);
