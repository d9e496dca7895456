// https://webidl.spec.whatwg.org/#js-default-iterator-object
// Lists of pairs are read live, and however long they are each step costs the same.
'use strict';

const MANY = 50_000;

test(() => {
  const data = new FormData();
  for (let i = 0; i < MANY; i++) data.append('n' + i, 'v' + i);
  let count = 0;
  for (const [name, value] of data) count += name.slice(1) === value.slice(1);
  assert_equals(count, MANY);
  data.forEach(() => count--);
  assert_equals(count, 0);
}, 'a FormData of many entries is iterated');

test(() => {
  const data = new FormData();
  data.append('a', '1');
  data.append('b', '2');
  const seen = [];
  for (const [name, value] of data) {
    seen.push(name + value);
    if (name === 'a') {
      data.append('c', '3');
      data.set('b', '4');
    } else if (name === 'b') {
      data.delete('a');
      data.append('d', '5');
    }
  }
  assert_array_equals(seen, ['a1', 'b4', 'd5']);
  assert_array_equals([...data.keys()], ['b', 'c', 'd']);
}, 'a FormData is read live while it changes');

test(() => {
  const headers = new Headers();
  for (let i = 0; i < 3000; i++) headers.append('n' + i, 'v');
  let count = 0;
  for (const pair of headers) count += pair.length;
  assert_equals(count, 6000);
}, 'Headers of many names are iterated');

test(() => {
  const headers = new Headers([['b', '1'], ['A', '2'], ['B', '3'], ['Set-Cookie', 'x'], ['a-b', '4'], ['set-cookie', 'y']]);
  assert_equals(JSON.stringify([...headers]), '[["a","2"],["a-b","4"],["b","1, 3"],["set-cookie","x"],["set-cookie","y"]]');
  const seen = [];
  for (const [name, value] of headers) {
    seen.push(name + value);
    if (name === 'a') headers.set('a-b', '5');
    else if (name === 'a-b') headers.append('b', '6');
    else if (name === 'b') headers.delete('Set-Cookie');
  }
  assert_array_equals(seen, ['a2', 'a-b5', 'b1, 3, 6']);
}, 'Headers are combined, sorted and read live');

test(() => {
  customElements.define('x-states', class extends HTMLElement { internals = this.attachInternals(); });
  const set = document.createElement('x-states').internals.states;
  for (let i = 0; i < MANY; i++) set.add('s' + i);
  set.add('s1');
  assert_equals(set.size, MANY);
  let count = 0;
  for (const state of set) count += state[0] === 's';
  assert_equals(count, MANY);
  set.delete('s0');
  assert_equals(set.values().next().value, 's1');
}, 'many custom states are iterated');
