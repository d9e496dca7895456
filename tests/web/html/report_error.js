// https://html.spec.whatwg.org/multipage/webappapis.html#dom-reporterror
'use strict';

// One that no listener handles would count as an error of this page.
function reported(value) {
  const events = [];
  const listener = (event) => {
    events.push(event);
    event.preventDefault();
  };
  addEventListener('error', listener);
  reportError(value);
  removeEventListener('error', listener);
  return events;
}

test(() => {
  const error = new RangeError('reported');
  const events = reported(error);
  assert_equals(events.length, 1);
  assert_true(events[0] instanceof ErrorEvent);
  assert_equals(events[0].error, error);
  assert_equals(events[0].message, 'Uncaught RangeError: reported');
  assert_equals(reported('text')[0].error, 'text');
}, 'reportError() fires an error event at the window');

test(() => {
  assert_throws_js(TypeError, () => reportError());
}, 'reportError() needs an argument');
