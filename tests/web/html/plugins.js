// https://html.spec.whatwg.org/multipage/system-state.html#pdf-viewing-support
test(() => {
  assert_array_equals([navigator.plugins.length, navigator.mimeTypes.length], [0, 0]);
  assert_equals(navigator.plugins.item(0), null);
  assert_equals(navigator.mimeTypes['application/pdf'], undefined);
}, 'no plugins');
