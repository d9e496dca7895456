// https://webidl.spec.whatwg.org/#legacy-platform-object-set
'use strict';

test((t) => {
  t.add_cleanup(() => {
    delete Object.prototype.named;
    delete Storage.prototype.own;
    localStorage.clear();
  });
  const called = [];
  Object.defineProperty(Object.prototype, 'named', { configurable: true, get: () => 'inherited', set: (value) => called.push(value) });
  Object.defineProperty(Storage.prototype, 'own', { configurable: true, value: 'data', writable: false });
  localStorage.named = 'stored';
  localStorage.own = 'kept';
  localStorage.getItem = 'word';
  Object.defineProperty(localStorage, 'setItem', { value: 'defined' });
  assert_array_equals(called, []);
  assert_equals(localStorage.getItem('named'), 'stored');
  assert_equals(localStorage.getItem('own'), 'kept');
  assert_equals(localStorage.getItem('getItem'), 'word');
  assert_equals(localStorage.getItem('setItem'), 'defined');
  assert_equals(localStorage.named, 'inherited', 'what the prototypes have still hides the name');
  assert_equals(localStorage.own, 'data');
  assert_equals(Object.getOwnPropertyDescriptor(localStorage, 'named'), undefined);
}, 'a named setter is called whatever the prototypes have');
