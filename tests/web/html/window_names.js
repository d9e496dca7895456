// https://html.spec.whatwg.org/multipage/nav-history-apis.html#named-access-on-the-window-object

function markup(text) {
  const host = document.body.appendChild(document.createElement('div'));
  host.innerHTML = text;
  return host;
}

test(() => {
  const host = markup('<a id=wn1></a><form name=wn1></form><img name=wn2><b id=wn3></b><b name=wn4></b><form id=wn5 name=wn5></form>');
  assert_true(wn1 instanceof HTMLCollection);
  assert_array_equals([...wn1], [host.children[0], host.children[1]]);
  assert_equals(window.wn1, window.wn1);
  assert_equals(wn2, host.children[2]);
  assert_equals(wn3, host.children[3]);
  assert_equals(window.wn4, undefined);
  assert_equals(wn5, host.children[5]);
  host.children[1].remove();
  assert_equals(wn1, host.children[0]);
  host.children[1].id = 'wn1';
  assert_true(wn1 instanceof HTMLCollection);
  host.children[0].id = '';
  assert_equals(wn1, host.children[1]);
  host.children[1].id = '';
  host.remove();
  assert_equals(window.wn1, undefined);
}, 'several elements of a name are a collection');

test(() => {
  assert_equals(document.domain, location.hostname);
  document.domain = location.hostname;
  assert_equals(document.domain, location.hostname);
  for (const wrong of ['', 'example.com', '[::1', 'a.' + location.hostname]) {
    assert_throws_dom('SecurityError', () => { document.domain = wrong; });
  }
  assert_throws_dom('SecurityError', () => { new Document().domain = location.hostname; });
  assert_true(originAgentCluster);
}, 'document.domain is checked, and changes nothing');

promise_test(async () => {
  const told = [];
  const note = (event) => told.push([event.type, event.type === 'popstate' ? event.state : event.newURL === location.href]);
  for (const type of ['popstate', 'hashchange']) addEventListener(type, note);
  location.hash = 'one';
  assert_equals(JSON.stringify(told), '[["popstate",null]]');
  await new Promise((done) => addEventListener('hashchange', done, { once: true }));
  history.replaceState('kept', '');
  document.body.appendChild(Object.assign(document.createElement('a'), { href: '#one' })).click();
  assert_equals(history.state, null);
  for (const type of ['popstate', 'hashchange']) removeEventListener(type, note);
  assert_equals(JSON.stringify(told), '[["popstate",null],["hashchange",true],["popstate",null]]');
}, 'navigating to a fragment fires popstate at once');

test(() => {
  const frame = document.createElement('iframe');
  document.body.append(frame);
  const { contentWindow } = frame;
  const { location } = contentWindow;
  frame.remove();
  location.href = 'test:test';
  location.hash = 'x';
  location.assign('nonsense:');
  assert_equals(location.href, 'about:blank');
  assert_equals(location.ancestorOrigins.length, 0);
  assert_throws_js(TypeError, () => Object.preventExtensions(contentWindow));
  assert_false(Reflect.setPrototypeOf(contentWindow, {}));
  assert_false(Reflect.defineProperty(contentWindow, 'document', { value: 1 }));
}, 'the location of a frame that was taken out goes nowhere, and its window is not changed');

test(() => {
  const valueOf = Object.getOwnPropertyDescriptor(location, 'valueOf');
  assert_equals(valueOf.value, Object.prototype.valueOf);
  assert_false(valueOf.writable || valueOf.enumerable || valueOf.configurable);
  assert_equals(Object.getOwnPropertyDescriptor(location, Symbol.toPrimitive).value, undefined);
  assert_equals(new Document().domain, location.hostname);
}, 'what a location says of itself cannot be changed');

test(() => {
  const frame = document.createElement('iframe');
  frame.name = 'opened-later';
  document.body.append(frame);
  assert_equals(frame.contentDocument.referrer, document.URL.split('#')[0]);
  assert_equals(frame.contentDocument.characterSet, 'UTF-8');
  assert_equals(frame.contentWindow.opener, null);
  assert_equals(open('', 'opened-later'), frame.contentWindow);
  assert_equals(frame.contentWindow.opener, window);
  const { contentWindow } = frame;
  frame.remove();
  assert_equals(contentWindow.opener, null);
}, 'who opens a frame by its name is its opener');

test(() => {
  const frame = document.createElement('iframe');
  frame.name = 'A';
  document.body.append(frame);
  const { contentWindow } = frame;
  contentWindow.name = 'B';
  assert_equals(contentWindow.name, 'B');
  contentWindow.eval('({ fromPattern } = { fromPattern: 1 })');
  assert_equals(contentWindow.fromPattern, 1);
  assert_equals(window.fromPattern, undefined);
  frame.remove();
  contentWindow.name = 'C';
  assert_equals(contentWindow.name, '');
}, 'the window of a frame that was taken out has no name');

test(() => {
  const frame = document.createElement('iframe');
  document.body.append(frame);
  const { contentWindow } = frame;
  const genuine = Object.prototype.valueOf;
  Object.prototype.get = () => 'inherited';
  Object.prototype.valueOf = () => 'replaced';
  try {
    contentWindow.plain = 1;
    contentWindow.eval('this.own = 2');
    assert_equals(contentWindow.plain + contentWindow.own, 3);
    assert_equals(contentWindow.location.valueOf, genuine);
  } finally {
    delete Object.prototype.get;
    Object.prototype.valueOf = genuine;
  }
  frame.remove();
}, 'what a page adds to Object.prototype changes neither the window of a frame nor its location');

test(() => {
  const frame = document.createElement('iframe');
  document.body.append(frame);
  const { contentWindow } = frame;
  const { document: inner } = contentWindow;
  inner.body.append(inner.createElement('iframe'));
  const [child] = inner.body.children;
  for (const index of [0, 1]) {
    assert_false(Reflect.defineProperty(contentWindow, index, { value: 1, configurable: true }));
    assert_false(Reflect.set(contentWindow, index, 1));
    assert_equals(Reflect.deleteProperty(contentWindow, index), index === 1);
  }
  assert_equals(contentWindow[0], child.contentWindow);
  assert_equals(contentWindow[1], undefined);
  contentWindow['01'] = 1;
  assert_true(delete contentWindow['01']);
  frame.remove();
}, 'an index of a window is that of a frame, or nothing');
