// https://html.spec.whatwg.org/multipage/common-dom-interfaces.html#reflecting-content-attributes-in-idl-attributes: attributes that name elements
test(() => {
  const host = document.createElement('div');
  host.innerHTML = '<p id="one"></p><p id="two"></p><i aria-labelledby="one no two"></i>';
  document.body.append(host);
  const [one, two, el] = host.children;
  assert_array_equals(el.ariaLabelledByElements, [one, two]);
  assert_equals(el.ariaLabelledByElements, el.ariaLabelledByElements);
  assert_equals(el.ariaOwnsElements, null);
  el.ariaOwnsElements = [two, one];
  assert_equals(el.getAttribute('aria-owns'), '');
  assert_array_equals(el.ariaOwnsElements, [two, one]);
  two.remove();
  assert_array_equals(el.ariaOwnsElements, [one]);
  el.ariaOwnsElements = null;
  assert_false(el.hasAttribute('aria-owns'));
  assert_throws_js(TypeError, () => {
    el.ariaOwnsElements = 'one';
  });
  assert_throws_js(TypeError, () => {
    el.ariaOwnsElements = [{}];
  });
  const inner = host.attachShadow({ mode: 'open' }).appendChild(document.createElement('b'));
  inner.ariaActiveDescendantElement = one;
  assert_equals(inner.ariaActiveDescendantElement, one, 'up through shadow roots');
  one.ariaActiveDescendantElement = inner;
  assert_equals(one.ariaActiveDescendantElement, null, 'not into them');
  host.remove();
}, 'elements by their ids, or set');

test(() => {
  const seen = [];
  class Watching extends HTMLElement {
    static observedAttributes = ['data-a', 'aria-owns'];

    internals = this.attachInternals();

    attributeChangedCallback(name, before, after) {
      seen.push([name, before, after].join());
    }
  }
  customElements.define('aria-watching', Watching);
  const el = new Watching();
  el.dataset.a = '1';
  assert_array_equals(seen, ['data-a,,1'], 'named setters run reactions');
  delete el.dataset.a;
  el.ariaOwnsElements = [];
  assert_array_equals(seen, ['data-a,,1', 'data-a,1,', 'aria-owns,,']);
  assert_equals(el.internals.ariaOwnsElements, null);
  el.internals.ariaOwnsElements = [document.body];
  assert_array_equals(el.internals.ariaOwnsElements, [document.body]);
  assert_equals(el.internals.ariaActiveDescendantElement, null);
}, 'custom elements hear of it at once');
