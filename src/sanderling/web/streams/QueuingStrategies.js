// https://streams.spec.whatwg.org/#qs-classes

import { Impl } from '../webidl/impl.js';
import { defineInterface } from '../webidl/interface.js';

export class QueuingStrategyImpl extends Impl {
  constructor(highWaterMark) {
    super();
    this.highWaterMark = highWaterMark;
  }
}
export class ByteLengthStrategyImpl extends QueuingStrategyImpl {}
export class CountStrategyImpl extends QueuingStrategyImpl {}

// Pages see these functions: arrow functions have a name and no prototype.
const { size: byteLengthSize } = { size: (chunk) => chunk.byteLength };
const { size: countSize } = { size: () => 1 };

export const byteLengthStrategyInterface = defineInterface(`
callback StreamSizeFunction = any (any chunk);
dictionary QueuingStrategyInit { required unrestricted double highWaterMark; };
[Exposed=*]
interface ByteLengthQueuingStrategy {
  constructor(QueuingStrategyInit init);
  readonly attribute unrestricted double highWaterMark;
  readonly attribute Function size;
};
`, {
  constructor: (init) => new ByteLengthStrategyImpl(init.highWaterMark),
  highWaterMark: (self) => self.highWaterMark,
  size: () => byteLengthSize,
}, ByteLengthStrategyImpl);

export const countStrategyInterface = defineInterface(`
[Exposed=*]
interface CountQueuingStrategy {
  constructor(QueuingStrategyInit init);
  readonly attribute unrestricted double highWaterMark;
  readonly attribute Function size;
};
`, {
  constructor: (init) => new CountStrategyImpl(init.highWaterMark),
  highWaterMark: (self) => self.highWaterMark,
  size: () => countSize,
}, CountStrategyImpl);
