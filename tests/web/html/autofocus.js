// https://html.spec.whatwg.org/multipage/interaction.html#the-autofocus-attribute
promise_test(async () => {
  const frame = document.createElement('iframe');
  document.body.append(frame);
  const { contentDocument: doc } = frame;
  doc.body.innerHTML = '<input><textarea autofocus></textarea>';
  await new Promise((resolve) => setTimeout(resolve));
  assert_equals(doc.activeElement, doc.querySelector('textarea'));
  doc.activeElement.blur();
  doc.body.append(Object.assign(doc.createElement('input'), { autofocus: true }));
  await new Promise((resolve) => setTimeout(resolve));
  assert_equals(doc.activeElement, doc.body, 'once only');
  frame.remove();
}, 'form controls that scripts put in are focused, too');

promise_test(async () => {
  const frame = document.createElement('iframe');
  document.body.append(frame);
  const { contentDocument: doc } = frame;
  doc.body.innerHTML = '<dialog><input id=inner></dialog><textarea autofocus></textarea>';
  doc.querySelector('dialog').show();
  await new Promise((resolve) => setTimeout(resolve));
  assert_equals(doc.activeElement.id, 'inner');
  frame.remove();
}, 'not where a dialog has the focus meanwhile');
