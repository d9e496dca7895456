// https://html.spec.whatwg.org/multipage/document-lifecycle.html#loading-documents
// The life of a small page, run once while the snapshot is built, in a copy of `web/` that is thrown away: functions that ran keep their
// bytecode in the snapshot, and every page would else compile them anew. What pages seldom do is left out: bytecode costs memory too.

import { JSONStringify, ObjectSetPrototypeOf } from './primordials.js';
import { rehearse, rehearseAnswers, rehearsing, utf8Encode } from './host.js';
import { wrap } from './webidl/wrapper.js';
import { interfaceOf } from './webidl/interface.js';
import { installExposed } from './webidl/exposed.js';
import { defineGlobalMembers } from './html/global_members.js';
import { mainWindow } from './html/realm.js';

const MARKUP = [
  3, 'html', '', '',
  1, 'html', 0, 1, 'lang', 'en', 1, 'head', 0, 0, 1, 'meta', 0, 1, 'charset', 'utf-8', 0, 1, 'title', 0, 0, 'Title', 0,
  1, 'link', 0, 2, 'rel', 'stylesheet', 'href', '/style.css', 0, 1, 'style', 0, 0, 'p { color: red; display: block } .a > a:hover, #p { margin: 1px 2px }', 0,
  7, 1, 1, -1, 1, 'script', 0, 2, 'src', '/page.js', 'defer', '', 0, 0,
  1, 'body', 0, 0, 1, 'h1', 0, 1, 'class', 'a b', 'Heading', 0, 1, 'p', 0, 2, 'id', 'p', 'style', 'color: blue', 'Text ', 1, 'a', 0, 1, 'href', '/link', 'link', 0, 0, 2, 'comment',
  1, 'img', 0, 2, 'src', '/image.png', 'alt', '', 0, 1, 'ul', 0, 1, 'id', 'list', 1, 'li', 0, 0, 'One', 0, 0,
  1, 'form', 0, 1, 'action', '/form', 1, 'input', 0, 2, 'name', 'i', 'value', 'v', 0, 1, 'button', 0, 0, 'Send', 0, 0,
  7, 1, 1, -1, 1, 'script', 0, 0, '0', 0,
  0, 0,
];
const bytesOf = (text) => utf8Encode(text);

// What scripts of ordinary pages call.
function behaveAsPage(window, document, { fetch, setTimeout, clearTimeout, requestAnimationFrame, getComputedStyle, addEventListener, MutationObserver, Event, CustomEvent, URL, URLSearchParams, XMLHttpRequest, localStorage }) {
  addEventListener('load', () => {});
  document.addEventListener('DOMContentLoaded', () => {}, { once: true });
  clearTimeout(setTimeout(() => {}, 0));
  setTimeout(() => {}, 0);
  requestAnimationFrame(() => {});
  new MutationObserver(() => {}).observe(document, { childList: true, subtree: true, attributes: true, characterData: true });
  const list = document.querySelector('#list');
  const fragment = document.createDocumentFragment();
  for (let i = 0; i < 3; i++) {
    const item = document.createElement('li');
    const anchor = document.createElement('a');
    anchor.href = '/' + i;
    anchor.textContent = 'to ' + anchor.href;
    anchor.className = 'x';
    anchor.id = 'a' + i;
    anchor.hidden = true;
    anchor.removeAttribute('hidden');
    anchor.classList.add('y');
    anchor.classList.toggle('z');
    anchor.setAttribute('data-n', '' + i);
    anchor.dataset.n = anchor.getAttribute('data-n');
    anchor.style.display = 'block';
    anchor.style.setProperty('margin-top', '1px');
    anchor.addEventListener('click', (event) => event.preventDefault());
    item.append(anchor, document.createTextNode('text'));
    item.appendChild(document.createComment('c'));
    fragment.appendChild(item);
  }
  list.appendChild(fragment);
  list.insertBefore(document.createElement('li'), list.firstChild).remove();
  list.innerHTML = '<li>One</li>';
  list.insertAdjacentHTML('beforeend', '<li>Two</li>');
  list.removeChild(list.lastChild);
  list.replaceChildren(document.createElement('li'));
  list.lastElementChild.cloneNode(true);
  list.lastElementChild.replaceWith(document.createElement('li'));
  [...document.querySelectorAll('ul > li, a[href]:not(.no)')].map((one) => one.textContent + one.id + one.tagName + one.parentElement.nodeName);
  document.getElementById('p').closest('body').contains(document.body);
  document.getElementsByTagName('a').length;
  document.querySelectorAll('li').length;
  document.querySelector('body .a');
  document.getElementsByClassName('a')[0].matches('.a');
  list.dispatchEvent(new CustomEvent('x', { bubbles: true, detail: 1 }));
  document.querySelector('a').click();
  const input = document.querySelector('input');
  input.value = 'w';
  input.checked = input.disabled;
  input.dispatchEvent(new Event('input', { bubbles: true }));
  getComputedStyle(list).getPropertyValue('display');
  list.getBoundingClientRect();
  list.offsetHeight;
  if (document.title !== 'Other') document.title = 'Other';
  window.window.document.querySelector(window.location.href === window.location.pathname ? 'p' : 'h1');
  new URL('/a?b=c#d', document.baseURI).searchParams.get('b');
  new URL('http://127.0.0.1:8000/');
  new URLSearchParams('a=b').toString();
  if (localStorage.getItem('a') === null) localStorage.setItem('a', 'b');
  fetch('/data', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' }).then((response) => (response.ok ? response.json() : null));
  const request = new XMLHttpRequest();
  request.open('GET', '/more');
  request.onload = () => request.responseText;
  request.send();
  const other = new XMLHttpRequest();
  other.open('GET', '/data');
  other.responseType = 'json';
  other.addEventListener('load', () => other.response);
  other.send();
}

function rehearsePage() {
  const start = {
    __proto__: null, kind: 'window', frame: 1, agent: 1, page: '1', initScripts: [], url: 'https://rehearsal.example/', images: true, cspBypass: false, name: '',
    historyLength: 1, historyIndex: 0, userAgent: 'Mozilla/5.0', languages: ['en-US', 'en'], width: 1280, height: 720, localStorage: [], sessionStorage: [], opener: null,
    creator: '', contentType: 'text/html', encoding: 'UTF-8', referrer: '', lastModified: '', referrerPolicy: '', csp: [], sandbox: null, timing: { now: 2, started: 1 },
  };
  const frame = 1;
  rehearseAnswers('parse.fragment', ['null', bytesOf(JSONStringify([1, 'li', 0, 0, 'One', 0]))]);
  rehearse('page.start', start);
  const global = mainWindow().globalObject;
  ObjectSetPrototypeOf(global, interfaceOf('Window').prototype);
  installExposed(global, 'Window');
  defineGlobalMembers(global);
  rehearse('inspector.start', { base: 10001, worlds: ['w'], bindings: [{ name: 'b', world: '' }], scripts: [{ source: '0', world: 'w' }] });
  rehearse('document.load', { frame, initial: false }, bytesOf(JSONStringify(MARKUP)));
  for (let id = 1; id <= 3; id++) rehearse('resource.done', { id, status: 200, contentType: id === 1 ? 'text/css' : 'text/plain', opaque: false, url: start.url + id }, bytesOf(''));
  rehearse('timers.run', null);
  behaveAsPage(global, wrap(mainWindow().document), global);
  for (let id = 1; id <= 3; id++) {
    const head = { id, url: start.url, status: 200, statusText: 'OK', headers: [['Content-Type', 'application/json']], type: 'basic', redirected: false, watched: false };
    if (id === 1) rehearse('net.response', head);
    rehearse('net.whole', { id, head: id === 1 ? null : head, encodedBytes: 10 }, bytesOf('{"a": [1]}'));
    rehearse('timers.run', null);
  }
  const outcome = { byValue: true, awaits: true, group: '', preview: false, deep: null, gesture: false };
  rehearse('inspector.evaluate', { ...outcome, context: 10001, expression: '(async () => [1, { a: "b" }, null])()', id: 1 });
  rehearse('inspector.evaluate', { ...outcome, context: 10001, expression: '({})', byValue: false, awaits: false });
  rehearse('inspector.call', { ...outcome, context: 10002, declaration: '(a, b) => [a, b]', args: [{ value: 1 }, { objectId: '10001.1' }], byValue: false, preview: true });
  rehearse('inspector.call', { ...outcome, context: 10001, declaration: '(a) => a', args: [{ value: { a: 1 } }] });
  rehearse('inspector.bind', { name: 'c', context: 10001 });
  rehearse('inspector.properties', { object: '10001.1', ownOnly: true, accessorsOnly: false, preview: false });
  rehearse('inspector.release', { object: '10001.1' });
  rehearse('document.html', { frame });
  rehearse('document.marked', { frame });
  rehearse('document.title', { frame });
  rehearse('document.unload', { frame, asked: false });
}

if (rehearsing) rehearsePage();
