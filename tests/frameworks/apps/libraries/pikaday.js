import Pikaday from 'pikaday';
import styles from 'pikaday/css/pikaday.css';

// A calendar is a table, which stands below its field only where it is no higher than the window.
function run() {
  document.head.append(Object.assign(document.createElement('style'), { textContent: styles }));
  const field = document.createElement('input');
  document.getElementById('root').append(field);
  const picker = new Pikaday({ field, defaultDate: new Date(2024, 4, 10), toString: (date) => date.toDateString() });
  picker.show();
  const press = (el) => el.dispatchEvent(new MouseEvent('mousedown', { bubbles: true, cancelable: true }));
  press(picker.el.querySelector('.pika-next'));
  const days = [...picker.el.querySelectorAll('.pika-day')];
  const tops = new Set(days.map((day) => day.getBoundingClientRect().top));
  const { top, bottom } = picker.el.getBoundingClientRect();
  const day = days.find(({ textContent }) => textContent === '14');
  const { x, y, width, height } = day.getBoundingClientRect();
  const hit = document.elementFromPoint(x + width / 2, y + height / 2) === day;
  press(day);
  return { days: days.length, weeks: tops.size, seen: top >= 0 && bottom <= innerHeight, hit, value: field.value };
}
globalThis.result = run();
