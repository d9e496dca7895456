import { Notyf } from 'notyf';
import styles from 'notyf/notyf.min.css';

// Notifications go when their animation has ended: they listen by the older name of that event alone.
async function run() {
  document.head.append(Object.assign(document.createElement('style'), { textContent: styles }));
  const notyf = new Notyf({ duration: 50 });
  notyf.success('saved');
  const shown = document.querySelector('.notyf__message').textContent;
  await new Promise((resolve) => {
    const observer = new MutationObserver(() => {
      if (document.querySelector('.notyf__toast') === null) resolve();
    });
    observer.observe(document.querySelector('.notyf'), { childList: true });
  });
  return { shown };
}
globalThis.result = run();
