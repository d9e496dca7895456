window.loaded = 'script.js';
const root = document.getElementById('host')?.attachShadow({ mode: 'open' });
if (root) root.innerHTML = '<button id="inner">In the shadow</button>';
