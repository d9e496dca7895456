// The functions that web platform tests are written with, and finished(), which gives what every test of the page came to.
'use strict';

(() => {
  const tests = [];      // { name, run } in the order they were written
  const results = [];

  function show(value) {
    if (typeof value === 'string') return JSON.stringify(value);
    if (Object.is(value, -0)) return '-0';
    if (value instanceof Node) return value.nodeType === 1 ? '<' + value.localName + (value.id && ' id=' + value.id) + '>' : value.nodeName;
    if (Array.isArray(value)) return '[' + value.map(show).join(', ') + ']';
    if (typeof value === 'function') return 'function ' + value.name;
    try {
      return String(value);
    } catch {
      return Object.prototype.toString.call(value);
    }
  }

  class AssertionError extends Error {
    get name() {
      return 'AssertionError';
    }
  }

  function check(holds, text, description) {
    if (!holds) throw new AssertionError((description === undefined ? '' : description + ': ') + text);
  }

  function thrownBy(fn, description) {
    try {
      fn();
    } catch (error) {
      return error;
    }
    throw new AssertionError((description === undefined ? '' : description + ': ') + 'nothing was thrown');
  }

  function checkDOMException(error, name, description) {
    check(error instanceof DOMException, 'thrown was ' + show(error) + ', no DOMException', description);
    check(error.name === name, 'thrown was ' + error.name + ', wanted ' + name, description);
  }

  function checkError(error, type, description) {
    check(error !== null && typeof error === 'object' && error.constructor === type, 'thrown was ' + show(error) + ', wanted ' + type.name, description);
  }

  // A test's body may ask for things to be done when it is over.
  class Test {
    cleanups = [];

    add_cleanup(callback) {
      this.cleanups.push(callback);
    }

    step_func(callback) {
      return callback;
    }

    unreached_func(message) {
      return () => window.assert_unreached(message);
    }

    finish() {
      for (const callback of this.cleanups) callback();
    }
  }

  Object.assign(window, {
    test(run, name) {
      tests.push({ name, run });
    },
    promise_test(run, name) {
      tests.push({ name, run });
    },

    assert_equals(actual, expected, description) {
      check(Object.is(actual, expected), 'got ' + show(actual) + ', wanted ' + show(expected), description);
    },
    assert_not_equals(actual, unwanted, description) {
      check(!Object.is(actual, unwanted), 'got ' + show(actual), description);
    },
    assert_true(actual, description) {
      check(actual === true, 'got ' + show(actual) + ', wanted true', description);
    },
    assert_false(actual, description) {
      check(actual === false, 'got ' + show(actual) + ', wanted false', description);
    },
    assert_array_equals(actual, expected, description) {
      const list = Array.from(actual);
      const same = list.length === expected.length && list.every((value, i) => Object.is(value, expected[i]));
      check(same, 'got ' + show(list) + ', wanted ' + show(expected), description);
    },
    assert_class_string(object, name, description) {
      const actual = Object.prototype.toString.call(object);
      check(actual === '[object ' + name + ']', 'got ' + actual + ', wanted ' + name, description);
    },
    assert_unreached(description) {
      check(false, 'this must not be reached', description);
    },
    assert_throws_dom(name, fn, description) {
      checkDOMException(thrownBy(fn, description), name, description);
    },
    assert_throws_js(type, fn, description) {
      checkError(thrownBy(fn, description), type, description);
    },
    assert_throws_exactly(value, fn, description) {
      const error = thrownBy(fn, description);
      check(Object.is(error, value), 'thrown was ' + show(error) + ', wanted ' + show(value), description);
    },
    async promise_rejects_dom(t, name, promise, description) {
      checkDOMException(await promise.then(() => 'nothing', (error) => error), name, description);
    },
    async promise_rejects_js(t, type, promise, description) {
      checkError(await promise.then(() => 'nothing', (error) => error), type, description);
    },

    // Run the tests one after the other; a list of [name, message], where a test that passed has no message.
    async finished() {
      for (const { name, run } of tests.splice(0)) {
        const t = new Test();
        let message = null;
        try {
          await run.call(t, t);
        } catch (error) {
          message = error instanceof Error ? error.name + ': ' + error.message : show(error);
        }
        try {
          t.finish();
        } catch (error) {
          message ??= 'in cleanup: ' + show(error);
        }
        results.push([name, message]);
      }
      return results;
    },
  });
})();
