// https://html.spec.whatwg.org/multipage/interaction.html#inert-subtrees

test(() => {
  const host = document.body.appendChild(document.createElement('div'));
  host.innerHTML = 'a<b inert>hidden</b>c<i>d</i>';
  getSelection().selectAllChildren(host);
  assert_equals(getSelection().toString(), 'acd');
  assert_equals(getSelection().getRangeAt(0).toString(), 'ahiddencd');
  getSelection().selectAllChildren(host.children[0]);
  assert_equals(getSelection().toString(), '');
}, 'the selection has no inert text');

test(() => {
  const mark = performance.mark('m');
  assert_true(mark.id > 0 && mark.navigationId > 0);
  assert_equals(performance.mark('n').navigationId, mark.navigationId);
  assert_throws_js(TypeError, () => PerformanceEntry.prototype.toJSON.call({}));
}, 'entries of the timeline have numbers');
