// https://url.spec.whatwg.org/#application/x-www-form-urlencoded
import { StringPrototypeSlice } from '../primordials.js';
import { FORM_SET, decodeFormComponent, utf8PercentEncode } from './percent.js';
import { percentEncodeAfterEncoding } from '../encoding/legacy_encode.js';

// https://url.spec.whatwg.org/#concept-urlencoded-parser
// Works on the string: splitting at & and = comes to the same before and after UTF-8 encoding.
export function parseFormUrlencoded(text) {
  const list = [];
  let start = 0;
  const length = text.length;
  for (let i = 0; i <= length; i++) {
    if (i < length && text[i] !== '&') continue;
    if (i > start) {
      let equals = start;
      while (equals < i && text[equals] !== '=') equals++;
      list[list.length] = [
        decodeFormComponent(StringPrototypeSlice(text, start, equals)),
        equals < i ? decodeFormComponent(StringPrototypeSlice(text, equals + 1, i)) : '',
      ];
    }
    start = i + 1;
  }
  return list;
}

function encodeFormComponent(text, encoding) {
  const encoded = encoding === 'UTF-8' ? utf8PercentEncode(text, FORM_SET) : percentEncodeAfterEncoding(text, encoding, FORM_SET);
  // spaceAsPlus
  let out = '';
  let kept = 0;
  for (let i = 0; i + 2 < encoded.length; i++) {
    if (encoded[i] === '%' && encoded[i + 1] === '2' && encoded[i + 2] === '0') {
      out += StringPrototypeSlice(encoded, kept, i) + '+';
      i += 2;
      kept = i + 1;
    }
  }
  return kept === 0 ? encoded : out + StringPrototypeSlice(encoded, kept);
}

// https://url.spec.whatwg.org/#concept-urlencoded-serializer
// `list` holds [name, value] pairs of strings.
export function serializeFormUrlencoded(list, encoding = 'UTF-8') {
  let out = '';
  for (let i = 0; i < list.length; i++) {
    if (i > 0) out += '&';
    out += encodeFormComponent(list[i][0], encoding) + '=' + encodeFormComponent(list[i][1], encoding);
  }
  return out;
}
