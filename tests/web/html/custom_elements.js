// https://html.spec.whatwg.org/multipage/custom-elements.html
'use strict';

let count = 0;

// A new definition that logs its reactions.
function define(t, attributes = [], options = {}) {
  const name = 'x-' + ++count;
  const log = [];
  class Element extends HTMLElement {
    static observedAttributes = attributes;

    constructor() {
      super();
      log.push('constructed');
    }

    connectedCallback() {
      log.push('connected');
    }

    disconnectedCallback() {
      log.push('disconnected');
    }

    adoptedCallback() {
      log.push('adopted');
    }

    attributeChangedCallback(attribute, before, after) {
      log.push(attribute + ' ' + before + ' ' + after);
    }
  }
  customElements.define(name, Element, options);
  return { name, log, Element };
}

test((t) => {
  const { name, log, Element } = define(t, ['a']);
  const el = document.createElement(name);
  assert_true(el instanceof Element);
  assert_array_equals(log, ['constructed']);
  el.setAttribute('a', '1');
  el.setAttribute('b', '1');
  el.setAttribute('a', '2');
  document.body.append(el);
  el.remove();
  assert_array_equals(log, ['constructed', 'a null 1', 'a 1 2', 'connected', 'disconnected']);
  assert_equals(new Element().localName, name);
}, 'reactions of an element that is created');

test((t) => {
  const name = 'x-late';
  const el = document.createElement(name);
  el.setAttribute('a', '1');
  document.body.append(el);
  t.add_cleanup(() => el.remove());
  const log = [];
  assert_true(el.matches(':not(:defined)'));
  customElements.define(name, class extends HTMLElement {
    static observedAttributes = ['a'];

    constructor() {
      super();
      log.push('constructed');
    }

    connectedCallback() {
      log.push('connected');
    }

    attributeChangedCallback(attribute) {
      log.push(attribute);
    }
  });
  assert_array_equals(log, ['constructed', 'a', 'connected']);
  assert_true(el.matches(':defined'));
}, 'upgrade');

test((t) => {
  const { name, log } = define(t, ['a']);
  const holder = document.createElement('div');
  document.body.append(holder);
  t.add_cleanup(() => holder.remove());
  holder.innerHTML = `<${name} a="1"></${name}>`;
  assert_array_equals(log, ['constructed', 'a null 1', 'connected']);
  log.length = 0;
  holder.firstChild.cloneNode();
  assert_array_equals(log, ['constructed', 'a null 1']);
}, 'the fragment parser and clones');

test((t) => {
  const { name, log, Element } = define(t);
  const holder = document.createElement('div');
  holder.innerHTML = `<${name}></${name}>`;
  assert_array_equals(log, ['constructed']);
  assert_true(holder.firstChild instanceof Element);
  document.body.append(holder);
  t.add_cleanup(() => holder.remove());
  assert_array_equals(log, ['constructed', 'connected']);
  const fragment = document.createRange().createContextualFragment(`<p><${name}></${name}>`);
  assert_true(fragment.querySelector(name) instanceof Element);
}, 'elements of a fragment are upgraded once it stands, as in browsers');

promise_test(async () => {
  const frame = document.createElement('iframe');
  frame.srcdoc = `<body><script>
      customElements.define('x-alone', class extends HTMLElement {
        static disabledFeatures = ['shadow'];
      });
      customElements.define('x-set', class extends HTMLInputElement {
        constructor() {
          super();
          this.setAttribute('own', '1');
        }
      }, { extends: 'input' });
      records = [];
      new MutationObserver((list) => records.push(list.length)).observe(document.body, { childList: true, subtree: true });
      customElements.define('x-late', class extends HTMLElement {
        constructor() {
          super();
          seen = records.length;
          Promise.resolve().then(() => seen += ' microtask');
        }
      });
    </` + `script><x-alone><template shadowrootmode=open shadowrootdelegatesfocus>in</template></x-alone><input is=x-set id=i><b><x-late></x-late></b>`;
  const loaded = new Promise((resolve) => {
    frame.onload = resolve;
  });
  document.body.append(frame);
  assert_equals(frame.contentDocument.URL, 'about:blank', 'it is navigated in another task');
  await loaded;
  const alone = frame.contentDocument.querySelector('x-alone');
  assert_equals(alone.shadowRoot, null);
  assert_equals(alone.firstChild.outerHTML, '<template shadowrootmode="open" shadowrootdelegatesfocus="">in</template>');
  assert_equals(frame.contentDocument.querySelector('input').outerHTML, '<input own="1" is="x-set" id="i">');
  assert_true(frame.contentWindow.seen.endsWith(' microtask'));
  assert_true(parseInt(frame.contentWindow.seen) > 0, 'microtasks ran before the constructor');
  frame.remove();
}, 'what the parser makes of custom elements');

test((t) => {
  const { name, log } = define(t);
  const el = document.createElement(name);
  const other = document.implementation.createHTMLDocument('');
  document.body.append(el);
  log.length = 0;
  other.body.append(el);
  assert_array_equals(log, ['disconnected', 'adopted', 'connected']);
}, 'adoption');

test(() => {
  class E extends HTMLElement {}
  for (const name of ['x', 'X-y', 'font-face', '1-a', '']) assert_throws_dom('SyntaxError', () => customElements.define(name, E), name);
  for (const name of ['x-arrow', 'not valid']) assert_throws_js(TypeError, () => customElements.define(name, () => {}));
  customElements.define('x-once', E);
  assert_throws_dom('NotSupportedError', () => customElements.define('x-once', class extends HTMLElement {}));
  assert_throws_dom('NotSupportedError', () => customElements.define('x-twice', E));
  assert_equals(customElements.get('x-once'), E);
  assert_equals(customElements.get('x-none'), undefined);
  assert_equals(customElements.getName(E), 'x-once');
  assert_throws_js(TypeError, () => new (class extends HTMLElement {})());
  assert_throws_js(TypeError, () => new HTMLElement());
}, 'definitions that are refused');

promise_test(async (t) => {
  const promise = customElements.whenDefined('x-awaited');
  class E extends HTMLElement {}
  customElements.define('x-awaited', E);
  assert_equals(await promise, E);
  await promise_rejects_dom(t, 'SyntaxError', customElements.whenDefined('bogus'));
}, 'whenDefined()');

test(() => {
  class Button extends HTMLButtonElement {
    get mine() {
      return 1;
    }
  }
  customElements.define('x-button', Button, { extends: 'button' });
  const el = document.createElement('button', { is: 'x-button' });
  assert_true(el instanceof Button);
  assert_equals(el.mine, 1);
  const holder = document.createElement('div');
  holder.innerHTML = '<button is="x-button"></button><button></button>';
  document.body.append(holder);
  assert_equals(holder.firstChild.mine, 1);
  assert_equals(holder.lastChild.mine, undefined);
  holder.remove();
}, 'customized built-in elements');

test(() => {
  class Field extends HTMLElement {
    static formAssociated = true;

    constructor() {
      super();
      this.internals = this.attachInternals();
    }
  }
  customElements.define('x-field', Field);
  const form = document.createElement('form');
  const el = document.createElement('x-field');
  el.setAttribute('name', 'n');
  form.append(el);
  el.internals.setFormValue('v');
  assert_equals(el.internals.form, form);
  assert_equals(new FormData(form).get('n'), 'v');
  el.internals.setValidity({ customError: true }, 'no');
  assert_false(form.checkValidity());
  assert_throws_dom('NotSupportedError', () => el.attachInternals());
}, 'form-associated elements');

test(() => {
  const told = [];
  customElements.define('x-control', class extends HTMLElement {
    static formAssociated = true;

    formAssociatedCallback(form) {
      told.push(form === null ? 'none' : form.id);
    }

    formDisabledCallback(disabled) {
      told.push(disabled);
    }

    formResetCallback() {
      told.push('reset');
    }
  });
  const host = document.createElement('div');
  host.innerHTML = '<form id=f1><fieldset><x-control></x-control></fieldset></form><form id=f2></form>';
  document.body.append(host);
  const control = host.querySelector('x-control');
  assert_array_equals(told.splice(0), ['f1']);
  control.setAttribute('disabled', '');
  control.setAttribute('disabled', 'again');
  assert_array_equals(told.splice(0), [true]);
  host.querySelector('fieldset').disabled = true;
  control.removeAttribute('disabled');
  assert_array_equals(told.splice(0), []);
  host.querySelector('fieldset').disabled = false;
  assert_array_equals(told.splice(0), [false]);
  control.setAttribute('form', 'f2');
  assert_array_equals(told.splice(0), ['f2']);
  host.querySelector('#f2').id = 'f3';
  assert_array_equals(told.splice(0), ['none']);
  control.removeAttribute('form');
  host.querySelector('#f1').reset();
  assert_array_equals(told.splice(0), ['f1', 'reset']);
  control.remove();
  assert_array_equals(told.splice(0), ['none']);
  host.remove();
}, 'form-associated custom elements hear of their form and of being disabled');

test(() => {
  const form = document.createElement('form');
  form.innerHTML = '<x-later name=a></x-later>';
  document.body.append(form);
  assert_equals(form.elements.length, 0);
  customElements.define('x-later', class extends HTMLElement {
    static formAssociated = true;
  });
  assert_equals(form.elements.length, 1);
  form.remove();
}, 'an upgraded element is among the controls of its form');

test((t) => {
  const { name, log, Element } = define(t, ['a']);
  const parsed = new DOMParser().parseFromString('<p><' + name + ' a=1></' + name + '></p>', 'text/html');
  const template = document.createElement('template');
  template.innerHTML = '<p><' + name + ' a=2></' + name + '></p>';
  assert_false(template.content.cloneNode(true).querySelector(name) instanceof Element, 'its document has no window');
  assert_array_equals(log, []);
  const imported = document.importNode(parsed.querySelector('p'), true);
  assert_true(imported.firstChild instanceof Element);
  assert_array_equals(log.splice(0), ['constructed', 'a null 1']);
  assert_true(document.importNode(template.content, true).querySelector(name) instanceof Element);
  assert_array_equals(log.splice(0), ['constructed', 'a null 2']);
  const custom = document.createElement(name);
  assert_false(parsed.importNode(custom, true) instanceof Element);
  assert_true(custom.cloneNode() instanceof Element);
  assert_array_equals(log, ['constructed', 'constructed']);
}, 'copies are upgraded in a document with a window, and only there');

promise_test(async () => {
  const frame = document.createElement('iframe');
  frame.srcdoc = `<body><script>
      seen = [];
      customElements.define('x-seen', class extends HTMLElement {
        connectedCallback() {
          seen.push(this.childNodes.length, this.id);
          this.append('first ');
          document.write('never');
        }
      });
    </` + `script><x-seen id=a>text</x-seen><script>document.write('<x-seen id=b>written</x-seen>')</` + 'script>';
  const loaded = new Promise((resolve) => {
    frame.onload = resolve;
  });
  document.body.append(frame);
  await loaded;
  assert_array_equals(frame.contentWindow.seen, [0, 'a', 0, 'b']);
  const [a, b] = frame.contentDocument.querySelectorAll('x-seen');
  assert_equals(a.textContent, 'first text');
  assert_equals(b.textContent, 'first written');
  frame.remove();
}, 'the parser tells elements that they are connected before their children come');
