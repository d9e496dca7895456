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

const numbers = [4, 6, 2];
const points = [{ x: 1, y: 4, r: 2 }, { x: 2, y: 6, r: 3 }];
const kinds = { bar: numbers, line: numbers, pie: numbers, doughnut: numbers, radar: numbers, polarArea: numbers, bubble: points, scatter: points };
const names = Object.keys(kinds);
let chart;

// One kind of chart after the other, each when the one before has come to rest.
function draw(at) {
  chart?.destroy();
  const type = names[at];
  const mine = chart = new Chart(document.getElementById('chart'), {
    type,
    data: { labels: ['May', 'June', 'July'], datasets: [{ label: 'gulls', data: kinds[type] }] },
    options: {
      animation: {
        duration: 20,
        onComplete() {
          document.body.dataset.drawn = type;
          if (at + 1 < names.length) setTimeout(() => { if (chart === mine) draw(at + 1); });
        },
      },
      plugins: { title: { display: true, text: 'gulls' } },
    },
  });
}
draw(0);
addEventListener('hashchange', () => draw(0));
