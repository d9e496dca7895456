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
