import EditorJS from '@editorjs/editorjs';

// Each paragraph is an editing host of its own; Enter puts the caret into the next one, and what is typed is to follow it.
async function run() {
  const holder = document.getElementById('root');
  const editor = new EditorJS({ holder, data: { blocks: [{ type: 'paragraph', data: { text: 'gull' } }] } });
  await editor.isReady;
  const first = holder.querySelector('.ce-paragraph');
  editor.caret.setToBlock(0, 'end');
  document.execCommand('insertText', false, 's');
  first.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', code: 'Enter', keyCode: 13, bubbles: true, cancelable: true }));
  const moved = document.activeElement !== first && document.activeElement.isContentEditable;
  document.execCommand('insertText', false, 'terns');
  const { blocks } = await editor.save();
  return { moved, texts: blocks.map(({ data }) => data.text) };
}
globalThis.result = run();
