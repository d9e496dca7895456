// https://html.spec.whatwg.org/multipage/dynamic-markup-insertion.html#document.write()
// Markup that changes what the parser has still to read.
'use strict';

// The markup of the body of a document in a frame, as it is once it has loaded. `@@` stands for the end of a script.
async function written(markup) {
  const frame = document.createElement('iframe');
  frame.srcdoc = markup.replaceAll('@@', '</' + 'script>');
  await new Promise((resolve) => { frame.onload = resolve; document.body.append(frame); });
  const doc = frame.contentDocument;
  for (const script of [...doc.scripts]) script.remove();
  const result = { html: doc.body.innerHTML, seen: frame.contentWindow.seen, doc };
  frame.remove();
  return result;
}

function writes(name, markup, html, seen) {
  promise_test(async () => {
    const result = await written('<!doctype html><body>' + markup);
    assert_equals(result.html, html);
    if (seen !== undefined) assert_equals(JSON.stringify(result.seen), JSON.stringify(seen));
  }, name);
}

writes('a comment that ends in the source', 'a<script>document.write("<!-- b")@@c --> d', 'a<!-- bc --> d');
writes('an element that ends in the source', '<script>document.write("<div id=a><b>x")@@y</div>z', '<div id="a"><b>xy</b></div><b>z</b>');
writes('a table whose rows follow', '<script>document.write("<table>")@@<tr><td>1</td></tr></table>2', '<table><tbody><tr><td>1</td></tr></tbody></table>2');
writes('a text area', '<script>document.write("<textarea>")@@<b>1</b></textarea>2', '<textarea>&lt;b&gt;1&lt;/b&gt;</textarea>2');
writes('half of a tag', '<script>document.write("<a title=x")@@y>z</a>', '<a title="xy">z</a>');
writes('half of a character reference', '<script>document.write("&amp;&not")@@in;', '&amp;\u2209');
writes('an end tag', '<div>a<script>document.write("</div>b")@@c', '<div>a</div>bc');
writes('a block in a paragraph', '<p>a<script>document.write("<div>b</div>")@@c', '<p>a</p><div>b</div>c');
writes('a doctype', 'a<script>document.write("<!DOCTYPE html>")@@b', 'ab');
writes('rows in a table', '<table><script>document.write("<tr><td>1")@@<td>2</table>', '<table><tbody><tr><td>1</td><td>2</td></tr></tbody></table>');
writes('text beside text', 'a<script>document.write("b")@@c', 'abc');
writes('characters beyond the basic plane', '\u{1F600}\r\n<script>document.write("\\u{1F600}<i>")@@\u{1F600}', '\u{1F600}\n\u{1F600}<i>\u{1F600}</i>');

writes('a script sees what it has written, complete or not', `<script>
  seen = [];
  document.write("<div id=d><p id=p>te");
  seen.push(!!document.getElementById("d"), document.getElementById("p").textContent);
  document.write("xt<sp");
  seen.push(document.getElementById("p").textContent, document.querySelectorAll("#p *").length);
  document.write("an>s");
  seen.push(document.getElementById("p").innerHTML);
@@</span></div>end`, '<div id="d"><p id="p">text<span>s</span></p></div>end', [true, 'te', 'text', 0, 'text<span>s</span>']);

writes('a script in pieces, which writes itself', `<script>
  seen = ["before"];
  document.write("<scr" + "ipt>seen.push('inner'); document.write('<i>in");
  document.write("ner</i>')</scr" + "ipt><b>outer");
  seen.push("after", document.querySelectorAll("i, b").length);
@@</b>`, '<i>inner</i><b>outer</b>', ['before', 'inner', 'after', 2]);

writes('several scripts in turn', `<script>document.write("<ul>")@@<script>document.write("<li>1")@@<script>document.write("<li>2</ul>")@@3`, '<ul><li>1</li><li>2</li></ul>3');

writes('character by character', `<script>for (const c of "<!-- x --><select><option>1</select><p title='a>b'>t&am" + "p;u") document.write(c)@@v`,
  '<!-- x --><select><option>1</option></select><p title="a&gt;b">t&amp;uv</p>');

promise_test(async () => {
  const { doc } = await written('<!doctype html><script>document.write("<title>")@@t</title><body lang=de>x');
  assert_equals(doc.title, 't');
  assert_equals(doc.body.lang, 'de');
  assert_equals(doc.head.children.length, 1);
}, 'in the head');

promise_test(async () => {
  const { seen } = await written(`<!doctype html><body><script>document.write("<div>\\n\\n\\n")@@
<script>
try { nothing() } catch (error) { seen = error.stack.match(/srcdoc:(\\d+)/)[1] }
@@`);
  assert_equals(seen, '3');
}, 'what follows keeps its lines');

promise_test(async () => {
  const frame = document.createElement('iframe');
  document.body.append(frame);
  const doc = frame.contentDocument;
  doc.write('<!doctype html><div id=a>x<script>document.write("<b>in</b>")</' + 'script><p>te');
  assert_equals(doc.querySelector('#a > p').textContent, 'te');
  assert_equals(doc.querySelectorAll('b').length, 1);
  assert_equals(doc.compatMode, 'CSS1Compat');
  const div = doc.getElementById('a');
  doc.write('xt</p><!-- c');
  assert_equals(div.lastChild.textContent, 'text');
  doc.write(' --></div>');
  doc.close();
  assert_equals(doc.getElementById('a'), div);
  doc.open();
  assert_equals(doc.documentElement, null);
  doc.write('<p>again<script>document.close()</' + 'script><p>more');
  assert_equals(doc.querySelectorAll('p').length, 2);
  doc.close();
  frame.remove();
}, 'a document that is opened is built as it is written');

promise_test(async () => {
  const frame = document.createElement('iframe');
  document.body.append(frame);
  const doc = frame.contentDocument;
  window.runs = 0;
  for (const c of '<table><script>parent.runs++</' + 'script><tr><td>1</table>') doc.write(c);
  doc.write('<table>');
  doc.write('text</table>');
  doc.close();
  assert_equals(doc.body.innerHTML, '<table><script>parent.runs++</' + 'script><tbody><tr><td>1</td></tr></tbody></table>text<table></table>');
  assert_equals(window.runs, 1);
  frame.remove();
}, 'what moves before a table in the end is right once the document is closed, and scripts run once');

test(() => {
  const frame = document.createElement('iframe');
  document.body.append(frame);
  const doc = frame.contentDocument;
  window.runs = 0;
  doc.write("<script>parent.runs++; document.write('<i></i>')");
  assert_equals(window.runs, 0);
  doc.write('</' + 'script>');
  assert_equals(window.runs, 1);
  doc.write('<b></b>');
  doc.close();
  assert_equals(doc.body.innerHTML, '<i></i><b></b>');
  assert_equals(window.runs, 1);
  frame.remove();
}, 'a script runs when its end tag has been written');

test(() => {
  // https://html.spec.whatwg.org/multipage/dom.html#concept-document-allow-declarative-shadow-roots
  const doc = document.implementation.createHTMLDocument('');
  doc.write('<div><template shadowrootmode=open>x</template></div>');
  assert_equals(doc.querySelector('div').shadowRoot, null);
  assert_equals(doc.querySelector('template').content.textContent, 'x');
}, 'what is written into a document that code has made declares no shadow roots');
