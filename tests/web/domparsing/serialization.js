// https://w3c.github.io/DOM-Parsing/
'use strict';

function xml(text) {
  return new DOMParser().parseFromString(text, 'application/xml');
}

function roundTrip(text) {
  return new XMLSerializer().serializeToString(xml(text));
}

for (const text of [
  '<a/>', '<a b="c">d</a>', '<a xmlns="urn:x"><b/></a>', '<p:a xmlns:p="urn:p"><p:b p:c="d"/></p:a>', '<a><!--c--><?pi d?></a>', '<a>&amp;&lt;&gt;</a>', '<a b="&quot;&amp;&lt;"/>',
  '<a xmlns:p="urn:p"><b xmlns:q="urn:q"><p:c/><q:d/></b></a>', '<a xmlns:p="urn:p"><b xmlns:q="urn:q" p:x="1"><c q:y="2" p:z="3"/></b></a>', '<a xml:lang="en"/>',
  '<a xmlns="urn:x"><b xmlns=""/></a>',
]) {
  test(() => assert_equals(roundTrip(text), text), 'XML as it was: ' + text);
}

test(() => {
  const doc = xml('<a/>');
  doc.documentElement.append(doc.createElementNS('urn:x', 'p:b'), doc.createElementNS('urn:x', 'c'));
  assert_equals(new XMLSerializer().serializeToString(doc), '<a><p:b xmlns:p="urn:x"/><c xmlns="urn:x"/></a>');
  doc.documentElement.setAttributeNS('urn:y', 'q:r', 's');
  assert_true(new XMLSerializer().serializeToString(doc).startsWith('<a xmlns:q="urn:y" q:r="s">'));
}, 'declarations that are missing are added');

test(() => {
  const doc = xml('<a><b></a>');
  assert_equals(doc.getElementsByTagName('parsererror').length, 1);
  assert_throws_js(TypeError, () => new DOMParser().parseFromString('', 'text/plain'));
}, 'malformed XML and wrong types');

test(() => {
  const div = document.createElement('div');
  div.innerHTML = '<p title="a&quot;b<c>&amp;">x &lt; y &amp; z&nbsp;<br><img src=q><script>1 < 2</' + 'script></p><!-- c -->';
  assert_equals(div.innerHTML, '<p title="a&quot;b&lt;c&gt;&amp;">x &lt; y &amp; z&nbsp;<br><img src="q"><script>1 < 2</' + 'script></p><!-- c -->');
  assert_equals(div.firstChild.outerHTML.slice(0, 9), '<p title=');
  div.innerHTML = null;
  assert_equals(div.childNodes.length, 0);
}, 'HTML fragments');

test(() => {
  const row = document.createElement('tr');
  row.innerHTML = '<td>1<td>2';
  assert_equals(row.cells.length, 2);
  const template = document.createElement('template');
  template.innerHTML = '<tr><td></td></tr>';
  assert_equals(template.content.firstChild.localName, 'tr');
  assert_equals(template.innerHTML, '<tr><td></td></tr>');
  assert_equals(template.childNodes.length, 0);
  const select = document.createElement('select');
  select.innerHTML = '<option>1<option>2';
  assert_equals(select.options.length, 2);
}, 'the context decides how a fragment is parsed');

test(() => {
  const div = document.createElement('div');
  const p = div.appendChild(document.createElement('p'));
  p.insertAdjacentHTML('beforebegin', '<a></a>');
  p.insertAdjacentHTML('AfterBegin', '<b></b>');
  p.insertAdjacentHTML('beforeend', '<i></i>');
  p.insertAdjacentHTML('afterend', '<u></u>');
  assert_equals(div.innerHTML, '<a></a><p><b></b><i></i></p><u></u>');
  assert_throws_dom('SyntaxError', () => p.insertAdjacentHTML('inside', ''));
  assert_throws_dom('NoModificationAllowedError', () => div.insertAdjacentHTML('afterend', ''));
  p.outerHTML = '<s></s><s></s>';
  assert_equals(div.innerHTML, '<a></a><s></s><s></s><u></u>');
}, 'insertAdjacentHTML() and outerHTML');

promise_test(async () => {
  const div = document.createElement('div');
  document.body.append(div);
  window.ran = 0;
  div.innerHTML = '<script>ran++</' + 'script><img src="data:," onerror="ran += 10">';
  assert_equals(window.ran, 0);
  const script = document.createElement('script');
  script.textContent = 'ran++';
  div.append(script);
  assert_equals(window.ran, 1);
  div.append(script);
  assert_equals(window.ran, 1);
  div.remove();
}, 'scripts of innerHTML do not run; scripts that are inserted do, once');

promise_test(async () => {
  const frame = document.createElement('iframe');
  await new Promise((resolve) => {
    frame.onload = resolve;
    frame.src = '?of-the-frame';
    document.body.append(frame);
  });
  const there = frame.contentWindow;
  const parser = new there.DOMParser();
  assert_true(parser instanceof DOMParser);
  assert_equals(parser.parseFromString('', 'text/html').URL, there.location.href);
  assert_equals(new DOMParser().parseFromString('', 'text/html').URL, location.href);
  assert_equals(new there.Text('x').ownerDocument, there.document);
  class Own extends there.Comment {}
  assert_equals(new Own('x').ownerDocument, there.document);
  assert_true(new Own('x') instanceof Own);
  frame.remove();
}, 'what a frame\'s constructors make belongs to the frame\'s window');

test(() => {
  const doc = new DOMParser().parseFromString('<a xmlns="urn:a" xmlns:p="urn:p"><q:b xmlns:q="urn:q"/></a>', 'application/xml');
  const el = doc.documentElement.firstChild;
  el.innerHTML = '<c/><p:d/><q:e/>';
  assert_array_equals([...el.childNodes].map((node) => node.namespaceURI), ['urn:a', 'urn:p', 'urn:q']);
}, 'markup in XML documents has the namespaces that are in scope');
