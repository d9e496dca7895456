import Chart from 'chart.js/auto';
import { components } from '../components.js';

components({
  home: `
    <button id="count">clicked 0</button>
    <canvas id="chart" width="300" height="150"></canvas>
    <p id="name">loading</p>
    <ul id="list"><li>gull</li><li>tern</li><li>knot</li></ul>
    <button id="reverse">reverse</button>
    <input id="field">
    <p id="echo"></p>
    <a id="to-gull" href="#/birds/gull">gull</a>`,
  bird: '<div style="width: 400px; height: 200px"><canvas id="chart"></canvas></div><p id="song"></p>',
});

const types = ['bar', 'line', 'pie', 'doughnut', 'radar', 'polarArea', 'bubble', 'scatter'];
let chart;

// One kind of chart after the other, each when the one before has come to rest.
function draw(kind) {
  chart?.destroy();
  chart = new Chart(document.getElementById('chart'), {
    type: types[kind],
    data: { labels: ['May', 'June', 'July'], datasets: [{ label: 'gulls', data: [4, 6, 2] }] },
    options: { animation: { duration: 20, onComplete: () => drawn(kind) }, plugins: { title: { display: true, text: 'gulls' } } },
  });
}

function drawn(kind) {
  document.body.dataset.drawn = types[kind];
  if (kind + 1 < types.length) draw(kind + 1);
}
draw(0);
addEventListener('hashchange', () => draw(0));
