import { basicSetup, EditorView } from 'codemirror';

const view = new EditorView({ doc: 'one\ntwo', extensions: [basicSetup], parent: document.getElementById('root') });
view.dispatch({ changes: { from: 0, insert: 'zero\n' }, selection: { anchor: 0 } });
view.focus();
view.contentDOM.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', keyCode: 13, bubbles: true, cancelable: true }));
globalThis.result = Promise.resolve({
  text: view.state.doc.toString(),
  lines: Array.from(document.querySelectorAll('.cm-line'), (line) => line.textContent),
  focused: document.activeElement === view.contentDOM,
});
