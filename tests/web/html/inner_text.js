// https://html.spec.whatwg.org/multipage/dom.html#the-innertext-idl-attribute
test(() => {
  const div = document.createElement('div');
  document.body.append(div);
  const text = (markup) => {
    div.innerHTML = markup;
    return div.innerText;
  };
  assert_equals(text('abc <input> def'), 'abc  def');
  assert_equals(text('<img> abc'), ' abc');
  assert_equals(text('123<span style="display:inline-block"> abc </span>def'), '123abcdef');
  assert_equals(text('abc<img style="display:block">def'), 'abc\ndef');
  assert_equals(text('<details><summary>abc</summary>123</details>'), 'abc');
  assert_equals(text('<table style="white-space:pre">  <td>abc</td></table>'), 'abc');
  assert_equals(text('<svg><defs><text>abc</text></defs></svg>'), '');
  assert_equals(text('<select><option>a</option><option>b</option></select>'), 'a\nb');
  assert_equals(text('<input> <div>abc</div>'), 'abc');
  div.innerHTML = '<textarea>abc</textarea>';
  assert_equals(div.firstChild.innerText, '');
  div.remove();
}, 'innerText keeps white space beside boxes, and leaves out what is not rendered');

test(() => {
  const div = document.createElement('div');
  div.innerHTML = '<p>some <b>words</b> of a book </p>'.repeat(30000);
  document.body.append(div);
  const lines = div.innerText.split('\n\n');
  div.remove();
  assert_equals(lines.length, 30000);
  assert_equals(lines[29999], 'some words of a book');
}, 'innerText of a whole book takes no more than a look at each of its characters');
