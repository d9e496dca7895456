import Quill from 'quill';

const root = document.getElementById('root');
const editor = document.createElement('div');
root.append(editor);
const quill = new Quill(editor, { theme: 'snow', modules: { toolbar: [['bold'], [{ list: 'ordered' }]] } });
quill.setText('one two\n');
quill.setSelection(4, 3);
root.querySelector('.ql-bold').click();
quill.setSelection(1, 0);
document.execCommand('insertText', false, '!');
root.querySelector('.ql-list').click();
globalThis.result = new Promise((resolve) => setTimeout(() => resolve({
  contents: quill.getContents().ops,
  markup: quill.getSemanticHTML(),
  focused: document.activeElement === quill.root,
})));
