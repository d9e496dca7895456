// https://html.spec.whatwg.org/multipage/interaction.html#click-in-progress-flag

test(() => {
  const button = document.createElement('button');
  let clicks = 0;
  button.onclick = () => {
    clicks++;
    button.click();
  };
  button.click();
  button.click();
  assert_equals(clicks, 2);
}, 'an element that is being clicked by a script is not clicked again');

test(() => {
  document.body.innerHTML = '<div><input type=file></div>';
  const area = document.body.firstChild;
  let clicks = 0;
  area.onclick = () => {
    clicks++;
    area.firstChild.click();
  };
  area.click();
  assert_equals(clicks, 2);
  area.remove();
}, 'a click that bubbles to who made it ends there');

test(() => {
  document.body.innerHTML = '<label><input type=checkbox></label>';
  const label = document.body.firstChild;
  let clicks = 0;
  label.onclick = () => {
    clicks++;
    label.click();
  };
  label.click();
  assert_array_equals([clicks, label.firstChild.checked], [2, true]);
  label.remove();
}, 'a label clicks its control once');

test(() => {
  const button = document.createElement('button');
  let clicks = 0;
  button.onclick = () => clicks++;
  button.addEventListener('click', () => { throw new Error('expected'); });
  const quiet = (event) => event.preventDefault();
  addEventListener('error', quiet);
  button.click();
  button.click();
  removeEventListener('error', quiet);
  assert_equals(clicks, 2);
}, 'a listener that throws leaves no click behind');
