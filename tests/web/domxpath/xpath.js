// https://dom.spec.whatwg.org/#xpath
'use strict';

const page = new DOMParser().parseFromString(`<!doctype html><body><div id="a" class="x y"><p>one<b>two</b></p><!--c--><p>three</p></div>
<div id="b"><ul><li>1<li>2<li>3</ul></div><svg viewBox="0"><path id="s"/></svg>`, 'text/html');
const xml = new DOMParser().parseFromString('<r xmlns:p="urn:p"><p:a x="1" p:x="2" xml:lang="en-GB"/><A/><?pi d?><![CDATA[cd]]></r>', 'application/xml');

function valueOf(expression, context, resolver) {
  const result = (context.ownerDocument ?? context).evaluate(expression, context, resolver ?? null);
  switch (result.resultType) {
    case XPathResult.NUMBER_TYPE: return result.numberValue;
    case XPathResult.STRING_TYPE: return result.stringValue;
    case XPathResult.BOOLEAN_TYPE: return result.booleanValue;
    default: {
      const names = [];
      for (let node = result.iterateNext(); node !== null; node = result.iterateNext()) names.push(node.nodeType === 3 ? node.data.trim() : node.id || node.name || node.nodeName.toLowerCase());
      return names.join(' ');
    }
  }
}

const CASES = [
  ['1 + 2 * 3', 7], ['-(3) - -2', -1], ['-7 mod 3', -1], ['1 div 0', Infinity], ['.5', 0.5], ['2 > 1 > 0', true], ['div div div', NaN],
  ['//DIV', 'a b'], ['//div[@id="a"]/p[2]', 'p'], ['count(//p)', 2], ['//li[last()]/text()', '3'], ['string(//li[position()=2])', '2'], ['//div/@*', 'id class id'],
  ['/', '#document'], ['//path', ''], ['//*[@ID="a"]', 'a'], ['//*[@viewbox]', ''], ['//b/ancestor::*', 'html body a p'], ['//b/ancestor::*[1]', 'p'], ['(//b/ancestor::*)[1]', 'html'],
  ['string(//li[3]/preceding-sibling::li[1])', '2'], ['//ul/preceding::p', 'p p'], ['//p | //b | //ul', 'p b p ul'], ['//comment()', '#comment'], ['//div[2]', 'b'], ['//div[p][2]', ''],
  ['//li = 2', true], ['//li != 2', true], ['//li > 3', false], ['//li = //p', false], ['sum(//li)', 6], ['//li[position() mod 2 = 1]/text()', '1 3'], ['//*[self::ul or self::b]', 'b ul'],
  ['id("b a")', 'a b'], ['local-name(//*[@id="s"])', 'path'], ['//div//p//b', 'b'], ['//@id/..', 'a b s'], ['//p[not(b)]/text()', 'three'],
  ['substring("12345", 1.5, 2.6)', '234'], ['substring("12345", 0 div 0, 3)', ''], ['substring("12345", -42, 1 div 0)', '12345'], ['substring("12345", 0, 3)', '12'],
  ['translate("--aaa--", "abc-", "ABC")', 'AAA'], ['normalize-space("  a  b ")', 'a b'], ['substring-before("1999/04", "/")', '1999'], ['substring-after("1999/04", "/")', '04'],
  ['concat("a", 1, true())', 'a1true'], ['number("1e3")', NaN], ['number(" -.5 ")', -0.5], ['string(0.0000001)', '0.0000001'], ['string(1000000 * 1000000 * 1000000 * 1000000)', '1000000000000000000000000'],
  ['round(-2.5)', -2], ['round(2.5)', 3], ['boolean("false")', true], ['floor(-1.5)', -2],
];

for (const [expression, expected] of CASES) test(() => assert_equals(valueOf(expression, page), expected), expression);

const XML_CASES = [
  ['//p:a/@p:x', 'p:x'], ['//A', 'a'], ['//a', ''], ['name(/r/*[1])', 'p:a'], ['namespace-uri(/r/*)', 'urn:p'], ['name(//processing-instruction("pi"))', 'pi'],
  ['string(//text())', 'cd'], ['r/@*', ''], ['count(/r/p:*)', 1], ['boolean(//*[lang("en")])', true], ['//namespace::*', ''],
];

for (const [expression, expected] of XML_CASES) {
  test(() => assert_equals(valueOf(expression, xml, xml.createNSResolver(xml.documentElement)), expected), 'XML: ' + expression);
}

for (const expression of ['', '//', '1 +', 'foo()', '$x', '//p[', 'a b', 'count(1)', '1/a', "'x", 'bogus::a', 'concat(1)', '..[1]', '('.repeat(100000)]) {
  test(() => assert_throws_dom('SyntaxError', () => page.createExpression(expression)), 'refused: ' + expression.slice(0, 10));
}

test((t) => {
  const reported = [];
  const report = (event) => {
    reported.push(event.error);
    event.preventDefault();
  };
  addEventListener('error', report);
  t.add_cleanup(() => removeEventListener('error', report));
  assert_throws_dom('NamespaceError', () => page.evaluate('x:a', page));
  assert_throws_dom('NamespaceError', () => page.evaluate('x:a', page, () => null));
  assert_array_equals(reported, []);
  assert_throws_dom('NamespaceError', () => page.evaluate('x:a', page, {}));
  assert_equals(reported.pop().constructor, TypeError);
  const error = new Error('mine');
  assert_throws_dom('NamespaceError', () => page.evaluate('x:a', page, () => { throw error; }));
  assert_array_equals(reported, [error]);
  assert_equals(page.evaluate('count(//h:li)', page, { lookupNamespaceURI: () => 'http://www.w3.org/1999/xhtml' }).numberValue, 3);
  assert_equals(xml.evaluate('count(//n:A)', xml, () => '').numberValue, 1);
}, 'resolvers');

test(() => {
  const result = page.evaluate('//li', page, null, XPathResult.ORDERED_NODE_ITERATOR_TYPE);
  assert_equals(result.iterateNext().textContent, '1');
  assert_false(result.invalidIteratorState);
  page.body.setAttribute('data-changed', '');
  assert_true(result.invalidIteratorState);
  assert_throws_dom('InvalidStateError', () => result.iterateNext());
  const snapshot = page.evaluate('//li', page, null, XPathResult.ORDERED_NODE_SNAPSHOT_TYPE);
  page.body.removeAttribute('data-changed');
  assert_equals(snapshot.snapshotLength, 3);
  assert_equals(snapshot.snapshotItem(2).textContent, '3');
  assert_equals(snapshot.snapshotItem(3), null);
  assert_throws_js(TypeError, () => snapshot.iterateNext());
  assert_throws_js(TypeError, () => page.evaluate('1', page, null, XPathResult.FIRST_ORDERED_NODE_TYPE));
  assert_throws_dom('NotSupportedError', () => page.evaluate('1', page.createDocumentFragment()));
}, 'results');

test(() => {
  const expression = new XPathEvaluator().createExpression('.//*[@id="b"]');
  assert_equals(expression.evaluate(page, XPathResult.FIRST_ORDERED_NODE_TYPE).singleNodeValue, page.getElementById('b'));
  assert_equals(expression.evaluate(page.getElementById('b'), XPathResult.ANY_UNORDERED_NODE_TYPE).singleNodeValue, null);
  assert_equals(new XPathEvaluator().evaluate('count(*)', page.body).numberValue, 3);
  assert_equals(page.evaluate('//li', page, null, XPathResult.STRING_TYPE).stringValue, '1');
}, 'expressions are used again');

test(() => {
  const root = document.createElement('div');
  for (let i = 0; i < 500; i++) root.appendChild(document.createElement('p')).appendChild(document.createElement('b')).setAttribute('n', i);
  const result = document.evaluate('.//b/@n | .//b/..', root, null, XPathResult.ORDERED_NODE_SNAPSHOT_TYPE);
  assert_equals(result.snapshotLength, 1000);
  for (let i = 0; i < 500; i++) {
    assert_equals(result.snapshotItem(2 * i), root.children[i]);
    assert_equals(result.snapshotItem(2 * i + 1).value, String(i));
  }
}, 'many nodes come in document order');

test(() => {
  for (const [open, close] of [['(', ')'], ['a[', ']'], ['not(', ')']]) {
    assert_throws_dom('SyntaxError', () => document.evaluate(open.repeat(100_000) + '1' + close.repeat(100_000), document, null, 0, null), open);
    document.evaluate(open.repeat(200) + '1' + close.repeat(200), document, null, 0, null);
  }
}, 'what is nested too deeply is a syntax error');
