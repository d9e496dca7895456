// https://html.spec.whatwg.org/multipage/custom-elements.html#customelementregistry: scoped ones, and those of frames
promise_test(async (t) => {
  const frame = document.createElement('iframe');
  document.body.append(frame);
  t.add_cleanup(() => frame.remove());
  const inner = frame.contentWindow;
  assert_not_equals(inner.customElements, customElements);
  class Outer extends HTMLElement {}
  class Inner extends inner.HTMLElement {}
  customElements.define('r-same', Outer);
  assert_equals(inner.customElements.get('r-same'), undefined);
  inner.customElements.define('r-same', Inner);
  assert_true(document.createElement('r-same') instanceof Outer);
  assert_true(frame.contentDocument.createElement('r-same') instanceof Inner);
  frame.contentDocument.body.innerHTML = '<r-same></r-same>';
  assert_true(frame.contentDocument.body.firstChild instanceof Inner);
  assert_equals(new Inner().ownerDocument, frame.contentDocument);
  assert_equals(document.body.appendChild(new Inner()).customElementRegistry, customElements);
}, 'each window has its registry');

test(() => {
  const registry = new CustomElementRegistry();
  const connected = [];
  class A extends HTMLElement {
    connectedCallback() {
      connected.push(this);
    }
  }
  registry.define('r-scoped', A);
  assert_equals(customElements.get('r-scoped'), undefined);
  const host = document.createElement('div');
  document.body.append(host);
  const root = host.attachShadow({ mode: 'open', customElementRegistry: registry });
  root.innerHTML = '<r-scoped></r-scoped><p></p>';
  assert_true(root.firstChild instanceof A);
  assert_array_equals(connected, [root.firstChild]);
  assert_array_equals([root, root.firstChild, root.lastChild].map((node) => node.customElementRegistry), [registry, registry, registry]);
  assert_array_equals([host, document].map((node) => node.customElementRegistry), [customElements, customElements]);
  host.innerHTML = '<r-scoped></r-scoped>';
  assert_false(host.firstChild instanceof A);
  class B extends HTMLElement {}
  customElements.define('r-scoped', B);
  assert_true(host.firstChild instanceof B);
  assert_true(root.firstChild instanceof A);
  assert_throws_js(TypeError, () => new A());
  registry.define('r-later', class Later extends HTMLElement {});
  root.lastChild.innerHTML = '<r-later></r-later>';
  assert_equals(root.lastChild.firstChild.constructor.name, 'Later');
  host.remove();
}, 'a shadow tree with a registry of its own');

test(() => {
  const registry = new CustomElementRegistry();
  class A extends HTMLElement {}
  const before = document.createElement('r-made', { customElementRegistry: registry });
  document.body.append(before);
  registry.define('r-made', A);
  assert_true(before instanceof A, 'upgraded');
  before.remove();
  assert_true(document.createElement('r-made', { customElementRegistry: registry }) instanceof A);
  assert_true(before.cloneNode() instanceof A);
  const template = document.createElement('template');
  template.innerHTML = '<r-made></r-made>';
  assert_equals(template.content.firstChild.customElementRegistry, null);
  assert_true(document.importNode(template.content, { customElementRegistry: registry }).firstChild instanceof A);
  assert_throws_dom('NotSupportedError', () => registry.define('r-built', class extends HTMLElement {}, { extends: 'p' }));
  const frame = document.createElement('iframe');
  document.body.append(frame);
  assert_throws_dom('NotSupportedError', () => document.createElement('p', { customElementRegistry: frame.contentWindow.customElements }));
  frame.remove();
}, 'elements made with a registry');

test(() => {
  const registry = new CustomElementRegistry();
  class A extends HTMLElement {}
  registry.define('r-init', A);
  const host = document.createElement('div');
  const root = host.attachShadow({ mode: 'open', customElementRegistry: null });
  root.innerHTML = '<r-init></r-init>';
  assert_equals(root.firstChild.customElementRegistry, null);
  registry.initialize(root);
  assert_equals(root.customElementRegistry, registry);
  document.body.append(host);
  assert_true(root.firstChild instanceof A);
  host.remove();
}, 'initialize() gives one to those who have none');
