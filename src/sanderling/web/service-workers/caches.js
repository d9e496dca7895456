// https://w3c.github.io/ServiceWorker/#cache-objects
// What caches do. They are kept by the host (`browser/cache_storage.py`), by origin; it finds what a request matches, too.
// DEVIATION: the bodies of opaque responses are not kept, since page code never has them. A `Vary` that CORS does not expose does not count.

import { EMPTY_BYTES, hostCall } from '../host.js';
import {
  NumberParseInt, NumberPrototypeToString, ObjectFreeze, Promise, PromisePrototypeThen, RegExpPrototypeExec, StringFromCharCode, StringPrototypeCharCodeAt,
  StringPrototypePadStart, StringPrototypeSlice, TypedArrayPrototypeGetByteLength, TypeError,
} from '../primordials.js';
import { domException } from '../dom/DOMException.js';
import { AbortControllerImpl } from '../dom/AbortController.js';
import { dependentSignal, signalAbort } from '../dom/AbortSignal.js';
import { bodyOfBytes, isBodyUnusable, withBodyBytes } from '../fetch/body_data.js';
import { startFetch, stripFragment } from '../fetch/fetch.js';
import { HeadersImpl } from '../fetch/Headers.js';
import { getHeader, splitOnCommas } from '../fetch/headers_list.js';
import { makeRequest, RequestImpl } from '../fetch/Request.js';
import { ResponseImpl } from '../fetch/Response.js';
import { originURL } from '../html/frame_tree.js';
import { currentWindow } from '../html/realm.js';
import { parseURL, serializeOrigin, serializeURL } from '../url/parser.js';
import { joinBytes, viewOfBytes } from '../webidl/buffers.js';
import { unwrap, wrap } from '../webidl/wrapper.js';

// `place`: { bucket, id }, of a storage bucket (0 for the origin's own storage) a cache, or with id 0 all of them.
function askCaches(place, question, bytes = EMPTY_BYTES) {
  if (serializeOrigin(originURL(currentWindow().document)) === 'null') throw domException('SecurityError', 'An opaque origin has no caches.');
  question.bucket = place.bucket;
  const answer = hostCall('cache.do', question, bytes);
  if (answer.json.gone === true) throw domException('UnknownError', 'The storage bucket was deleted.');
  if (answer.json.quota !== undefined) throw domException('QuotaExceededError', 'Quota exceeded.');
  return answer;
}

// -- names: any text, lone surrogates too, which do not cross to the host ---------------------------------------------------

function storedName(name) {
  if (name[0] !== '\x01' && RegExpPrototypeExec(/[\uD800-\uDFFF]/u, name) === null) return name;
  let out = '\x01';
  for (let i = 0; i < name.length; i++) out += StringPrototypePadStart(NumberPrototypeToString(StringPrototypeCharCodeAt(name, i), 16), 4, '0');
  return out;
}

function nameOfStored(stored) {
  if (stored[0] !== '\x01') return stored;
  let out = '';
  for (let i = 1; i < stored.length; i += 4) out += StringFromCharCode(NumberParseInt(StringPrototypeSlice(stored, i, i + 4), 16));
  return out;
}

export function openCache(place, name) {
  return askCaches(place, { __proto__: null, op: 'open', name: storedName(name) }).json.cache;
}

export function hasCache(place, name) {
  return askCaches(place, { __proto__: null, op: 'has', name: storedName(name) }).json.found;
}

export function dropCache(place, name) {
  return askCaches(place, { __proto__: null, op: 'drop', name: storedName(name) }).json.found;
}

export function cacheNames(place) {
  const { names } = askCaches(place, { __proto__: null, op: 'names' }).json;
  for (let i = 0; i < names.length; i++) names[i] = nameOfStored(names[i]);
  return names;
}

// -- requests and responses as they are kept ---------------------------------------------------------------------------------

const REQUEST_FIELDS = ['method', 'destination', 'referrer', 'referrerPolicy', 'mode', 'credentials', 'cache', 'redirect', 'integrity'];

function requestOf(input) {
  return typeof input === 'string' ? makeRequest(input, { __proto__: null }) : input;
}

function storedRequest(request) {
  const out = { __proto__: null, url: serializeURL(request.url), headers: request.headers.list };
  for (let i = 0; i < REQUEST_FIELDS.length; i++) out[REQUEST_FIELDS[i]] = request[REQUEST_FIELDS[i]];
  return out;
}

function restoredRequest(stored) {
  const request = new RequestImpl(parseURL(stored.url, null));
  for (let i = 0; i < REQUEST_FIELDS.length; i++) request[REQUEST_FIELDS[i]] = stored[REQUEST_FIELDS[i]];
  request.headers = new HeadersImpl(stored.headers, 'request');
  request.signal = dependentSignal([]);
  return wrap(request);
}

function storedResponse(response) {
  return {
    __proto__: null, type: response.type, url: response.url, redirected: response.redirected, status: response.status, statusText: response.statusText,
    headers: response.headers.list, hasBody: response.body !== null,
  };
}

function restoredResponse(stored, bytes) {
  const response = new ResponseImpl(stored.status, stored.statusText, new HeadersImpl(stored.headers, 'immutable'));
  response.type = stored.type;
  response.url = stored.url;
  response.redirected = stored.redirected;
  if (stored.hasBody) response.body = bodyOfBytes(bytes);
  return wrap(response);
}

// -- https://w3c.github.io/ServiceWorker/#query-cache ------------------------------------------------------------------------

function queryOf(input, options) {
  if (input === undefined) return null;
  const request = requestOf(input);
  return {
    __proto__: null, url: serializeURL(request.url), method: request.method, headers: request.headers.list,
    ignoreSearch: options.ignoreSearch, ignoreMethod: options.ignoreMethod, ignoreVary: options.ignoreVary,
  };
}

// In one cache; of all of them in those of the name in `options`, if it has one.
function responsesIn(place, input, options, first) {
  const question = { __proto__: null, op: 'match', cache: place.id, query: queryOf(input, options), first, keys: false };
  if (options.cacheName !== undefined) question.name = storedName(options.cacheName);
  const { json, bytes } = askCaches(place, question);
  const out = [];
  let at = 0;
  for (let i = 0; i < json.found.length; i++) {
    const { response, size } = json.found[i];
    out[i] = restoredResponse(response, viewOfBytes(bytes, at, at + size));
    at += size;
  }
  return out;
}

export function matchInCache(place, input, options) {
  return responsesIn(place, input, options, true)[0];
}

export function matchAllInCache(place, input, options) {
  return ObjectFreeze(responsesIn(place, input, options, false));
}

export function requestsInCache(place, input, options) {
  const { json } = askCaches(place, { __proto__: null, op: 'match', cache: place.id, query: queryOf(input, options), first: false, keys: true });
  const out = [];
  for (let i = 0; i < json.found.length; i++) out[i] = restoredRequest(json.found[i].request);
  return ObjectFreeze(out);
}

export function deleteInCache(place, input, options) {
  return askCaches(place, { __proto__: null, op: 'delete', cache: place.id, query: queryOf(input, options) }).json.found;
}

// -- storing -----------------------------------------------------------------------------------------------------------------

function varyFields(response) {
  const vary = getHeader(response.headers.list, 'Vary');
  return vary === null ? [] : splitOnCommas(vary);
}

function checkRequest(request) {
  const { scheme } = request.url;
  if (scheme !== 'http' && scheme !== 'https') throw new TypeError(`Request scheme '${scheme}' is unsupported`);
  if (request.method !== 'GET') throw new TypeError(`Request method '${request.method}' is unsupported`);
}

function checkResponse(response) {
  if (response.status === 206) throw new TypeError('Partial response (status code 206) is unsupported');
  const fields = varyFields(response);
  for (let i = 0; i < fields.length; i++) if (fields[i] === '*') throw new TypeError('Vary header contains *');
}

// `items`: { request, response, bytes }
function storeInCache(place, items) {
  const chunks = [];
  const list = [];
  for (let i = 0; i < items.length; i++) {
    const { request, response, bytes } = items[i];
    chunks[i] = bytes;
    list[i] = { __proto__: null, request: storedRequest(request), response: storedResponse(response), size: TypedArrayPrototypeGetByteLength(bytes) };
  }
  askCaches(place, { __proto__: null, op: 'put', cache: place.id, items: list }, joinBytes(chunks));
}

// https://w3c.github.io/ServiceWorker/#cache-put
export function putInCache(place, input, response) {
  // 2-4.
  const request = requestOf(input);
  checkRequest(request);
  // 6-7.
  checkResponse(response);
  // 8.
  if (isBodyUnusable(response.body)) throw new TypeError('Response body is already used');
  return new Promise((resolve, reject) => {
    withBodyBytes(response.body, (bytes) => {
      try {
        storeInCache(place, [{ __proto__: null, request, response, bytes: bytes ?? EMPTY_BYTES }]);
        resolve(undefined);
      } catch (error) {
        reject(error);
      }
    }, reject);
  });
}

// Do two requests of a batch mean the same entry?
function sameEntry(one, other) {
  if (stripFragment(serializeURL(one.request.url)) !== stripFragment(serializeURL(other.request.url))) return false;
  const fields = varyFields(one.response);
  for (let i = 0; i < fields.length; i++) {
    if (fields[i] !== '' && getHeader(one.request.headers.list, fields[i]) !== getHeader(other.request.headers.list, fields[i])) return false;
  }
  return true;
}

// https://w3c.github.io/ServiceWorker/#cache-addAll
export function addAllToCache(place, inputs) {
  const window = currentWindow();
  const controller = new AbortControllerImpl();
  const asked = [];
  const requests = [];
  for (let i = 0; i < inputs.length; i++) {
    const request = asked[i] = requestOf(inputs[i]);
    checkRequest(request);
    requests[i] = makeRequest(request, { __proto__: null, signal: dependentSignal([request.signal, controller.signal]) });
  }
  return new Promise((resolve, reject) => {
    const items = [];
    let left = requests.length;
    const fail = (error) => {
      reject(error);
      signalAbort(controller.signal, domException('AbortError', 'Another of the requests has failed.'));
    };
    const finish = () => {
      try {
        for (let i = 0; i < items.length; i++) {
          for (let j = 0; j < i; j++) if (sameEntry(items[j], items[i])) throw domException('InvalidStateError', 'Two of the requests are for the same entry.');
        }
        storeInCache(place, items);
        resolve(undefined);
      } catch (error) {
        reject(error);
      }
    };
    if (left === 0) finish();
    for (let i = 0; i < requests.length; i++) {
      PromisePrototypeThen(startFetch(window, requests[i]), (value) => {
        const response = unwrap(value);
        try {
          if (response.type === 'error' || response.status < 200 || response.status > 299) throw new TypeError('Request failed');
          checkResponse(response);
        } catch (error) {
          fail(error);
          return;
        }
        withBodyBytes(response.body, (bytes) => {
          items[i] = { __proto__: null, request: asked[i], response, bytes: bytes ?? EMPTY_BYTES };
          left--;
          if (left === 0) finish();
        }, fail);
      }, fail);
    }
  });
}
