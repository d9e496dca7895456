// https://html.spec.whatwg.org/multipage/nav-history-apis.html#navigation-interface

const loaded = new Promise((done) => addEventListener('load', () => setTimeout(done)));

promise_test(async (t) => {
  await loaded;
  const log = [];
  navigation.onnavigate = (e) => log.push(e.navigationType + ' ' + new URL(e.destination.url).hash + ' ' + e.hashChange + ' ' + e.canIntercept);
  navigation.oncurrententrychange = (e) => log.push('change ' + e.navigationType + ' ' + (e.from !== navigation.currentEntry));
  const success = new Promise((done) => { navigation.onnavigatesuccess = done; });
  history.pushState({ a: 1 }, '', '#pushed');
  location.hash = 'fragment';
  await success;
  assert_array_equals(log, ['push #pushed false true', 'change push true', 'push #fragment true true', 'change push true']);
  assert_equals(navigation.entries().length, history.length);
  navigation.onnavigate = navigation.oncurrententrychange = navigation.onnavigatesuccess = null;
}, 'what stays in the document is told');

promise_test(async () => {
  const steps = [];
  navigation.addEventListener('navigate', (e) => {
    assert_equals(e.info, 'why');
    assert_equals(e.destination.getState().n, 1);
    e.intercept({ async handler() {
      steps.push('handler ' + location.pathname + ' ' + navigation.transition.navigationType);
      await 0;
      steps.push('handled');
    } });
    assert_throws_dom('InvalidStateError', () => e.scroll());
  }, { once: true });
  const { committed, finished } = navigation.navigate('/elsewhere', { state: { n: 1 }, info: 'why' });
  const entry = await committed;
  steps.push('committed');
  assert_equals(await finished, entry);
  assert_equals(entry, navigation.currentEntry);
  assert_equals(navigation.transition, null);
  assert_array_equals(steps, ['handler /elsewhere push', 'handled', 'committed']);
  assert_not_equals(entry.getState(), entry.getState());
  const back = await navigation.back().finished;
  assert_equals(location.hash, '#fragment');
  assert_equals(back.index, entry.index - 1);
}, 'an intercepted navigation stays in the document');

promise_test(async () => {
  const failed = new Promise((done) => { navigation.onnavigateerror = done; });
  let signal;
  navigation.addEventListener('navigate', (e) => {
    ({ signal } = e);
    e.intercept({ handler: () => new Promise(() => {}) });
  }, { once: true });
  const first = navigation.navigate('#first');
  await first.committed;
  const second = navigation.navigate('#second');
  assert_equals((await failed).error.name, 'AbortError');
  assert_true(signal.aborted);
  assert_equals(await first.finished.catch((error) => error.name), 'AbortError');
  await second.finished;
  assert_equals(location.hash, '#second');
  navigation.onnavigateerror = null;
}, 'a navigation ends the one before');

promise_test(async () => {
  const disposed = [];
  const ahead = await navigation.navigate('#ahead').finished;
  ahead.ondispose = () => disposed.push(ahead.index);
  await navigation.back().finished;
  await navigation.navigate('#instead').finished;
  assert_array_equals(disposed, [-1]);
  assert_equals(await navigation.navigate('http://[').committed.catch((error) => error.name), 'SyntaxError');
  assert_equals(await navigation.traverseTo('nowhere').committed.catch((error) => error.name), 'InvalidStateError');
  assert_equals(await navigation.forward().committed.catch((error) => error.name), 'InvalidStateError');
  assert_equals(await navigation.navigate('#x', { state: () => {} }).committed.catch((error) => error.name), 'DataCloneError');
  assert_throws_js(TypeError, () => navigation.updateCurrentEntry());
}, 'entries go, and what cannot be done is said');

promise_test(async () => {
  document.body.insertAdjacentHTML('beforeend', '<div style="height: 5000px"></div><p id=below>below</p>');
  scrollTo(0, 0);
  location.hash = 'below';
  assert_true(scrollY > 1000);
  history.back();
  await new Promise((done) => addEventListener('popstate', done, { once: true }));
  assert_equals(scrollY, 0);
}, 'fragments scroll, and going back restores');

promise_test(async () => {
  const frame = document.createElement('iframe');
  frame.src = location.href;
  await new Promise((done) => {
    frame.onload = done;
    document.body.append(frame);
  });
  const { navigation: inner } = frame.contentWindow;
  const log = [];
  inner.onnavigateerror = (e) => log.push('error ' + e.error.name);
  inner.onnavigate = (e) => {
    e.signal.onabort = () => log.push('abort');
    e.intercept({ handler: () => { log.push('handler'); } });
    frame.remove();
  };
  const { committed, finished } = inner.navigate('#gone');
  assert_equals(await committed.catch((error) => error.name), 'AbortError');
  assert_equals(await finished.catch((error) => error.name), 'AbortError');
  assert_array_equals(log, ['abort', 'error AbortError']);

  document.body.append(frame);
  await new Promise((done) => { frame.onload = done; });
  const { navigation: other } = frame.contentWindow;
  const told = new Promise((done) => { other.onnavigateerror = done; });
  other.onnavigate = (e) => e.intercept({ handler: () => new Promise(() => {}) });
  const begun = other.navigate('#begun');
  frame.remove();
  assert_equals(await begun.finished.catch((error) => error.name), 'AbortError');
  assert_equals((await told).error.name, 'AbortError');
}, 'a frame that is taken out while it is asked, or after that, goes nowhere');
