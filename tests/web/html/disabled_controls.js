// Presses and clicks on what stands in a disabled control are not for the control; scripts may click what is no control.

test(() => {
  const fieldset = document.createElement('fieldset');
  fieldset.disabled = true;
  document.body.append(fieldset);
  let clicks = 0;
  fieldset.addEventListener('click', () => clicks++);
  fieldset.click();
  assert_equals(clicks, 1);
  fieldset.remove();
}, 'a disabled fieldset can be clicked by scripts: it is no control');

test(() => {
  document.body.insertAdjacentHTML('beforeend', '<details id=d><summary><a id=a>link</a><label id=l>label</label></summary>text</details>');
  a.click();
  assert_true(d.open, 'an anchor without href has no activation behavior');
  l.click();
  assert_false(d.open, 'nor has a label without control');
  d.remove();
}, 'what does nothing when it is clicked leaves the click to what it stands in');

test(() => {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  const style = document.createElementNS('http://www.w3.org/2000/svg', 'style');
  style.textContent = '#styled { color: rgb(1, 2, 3) }';
  svg.append(style);
  document.body.insertAdjacentHTML('beforeend', '<p id=styled>text</p>');
  document.body.append(svg);
  assert_equals(getComputedStyle(styled).color, 'rgb(1, 2, 3)');
  assert_equals(style.sheet.cssRules.length, 1);
  style.textContent = '#styled { color: rgb(4, 5, 6) }';
  assert_equals(getComputedStyle(styled).color, 'rgb(4, 5, 6)');
  svg.remove();
  assert_equals(getComputedStyle(styled).color, 'rgb(0, 0, 0)');
  styled.remove();
}, 'a style element of SVG is a style sheet');

test(() => {
  const meta = document.createElement('meta');
  meta.httpEquiv = 'Content-Language';
  meta.content = ' fr ';
  document.head.append(meta);
  assert_equals(document.querySelector(':root:lang(fr)'), document.documentElement);
}, 'the pragma Content-Language says the language of the document');

test(() => {
  document.body.insertAdjacentHTML('beforeend', '<dialog id=box><button tabindex=-1>no</button><button id=yes>yes</button></dialog>');
  box.showModal();
  assert_equals(document.activeElement, yes);
  box.close();
  box.remove();
}, 'a dialog gives the focus to what the keyboard reaches');

test(() => {
  const host = document.createElement('div');
  document.body.append(host);
  host.attachShadow({ mode: 'open' }).innerHTML = '<slot dir=auto></slot>';
  const slot = host.shadowRoot.firstChild;
  assert_true(slot.matches(':dir(ltr)'));
  host.textContent = '\u05D0';
  assert_true(slot.matches(':dir(rtl)'), 'of the text that is assigned to it');
  host.innerHTML = '<b dir=ltr>a</b><i>\u05D0</i>';
  assert_true(slot.matches(':dir(rtl)'), 'of elements that do not decide themselves');
  host.remove();
}, 'the direction of a slot is that of what is assigned to it');
