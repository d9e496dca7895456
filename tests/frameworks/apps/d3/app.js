const root = d3.select('#root');

function items(list, birds) {
  list.selectAll('li').data(birds, (bird) => bird).join('li').text((bird) => bird).order();
}

async function home() {
  let count = 0;
  let birds = ['gull', 'tern', 'knot'];
  root.html(`
    <button id="count">clicked 0</button>
    <p id="name">loading</p>
    <ul id="list"></ul>
    <button id="reverse">reverse</button>
    <input id="field">
    <p id="echo"></p>
    <a id="to-gull" href="#/birds/gull">gull</a>`);
  const list = root.select('#list');
  items(list, birds);
  root.select('#count').on('click', (event) => {
    d3.select(event.currentTarget).text(`clicked ${++count}`);
    if (count === 2) root.insert('p', '#name').attr('id', 'many').text('many');
  });
  root.select('#reverse').on('click', () => items(list, birds = birds.toReversed()));
  root.select('#field').on('input', function () { root.select('#echo').text(this.value); });
  const { name } = await d3.json('/data.json');
  root.select('#name').text(name);
}

async function bird(name) {
  root.html(`<h1 id="bird">bird ${name}</h1><svg width="320" height="120"></svg><p id="song"></p><a id="home" href="#/">home</a>`);
  const counts = await d3.csv(`/counts/${name}.csv`, ({ month, birds }) => ({ month, birds: +birds }));
  const x = d3.scaleBand(counts.map((row) => row.month), [30, 310]).padding(0.1);
  const y = d3.scaleLinear([0, d3.max(counts, (row) => row.birds)], [100, 10]).nice();
  const svg = root.select('svg');
  svg.append('g').attr('class', 'x').attr('transform', 'translate(0,100)').call(d3.axisBottom(x));
  svg.append('g').attr('class', 'y').attr('transform', 'translate(30,0)').call(d3.axisLeft(y).ticks(4));
  const middle = (row) => x(row.month) + x.bandwidth() / 2;
  svg.append('path').datum(counts).attr('class', 'line').attr('fill', 'none')
    .attr('d', d3.line(middle, (row) => y(row.birds)).curve(d3.curveMonotoneX));
  const bars = svg.selectAll('rect').data(counts).join('rect')
    .attr('x', (row) => x(row.month)).attr('width', x.bandwidth()).attr('y', y(0)).attr('height', 0).style('fill', 'steelblue');
  await bars.transition().duration(50)
    .attr('y', (row) => y(row.birds)).attr('height', (row) => y(0) - y(row.birds)).style('fill', 'tomato').end();
  const { song } = await d3.json(`/songs/${name}.json`);
  root.select('#song').text(song);
}

function show() {
  const name = /^#\/birds\/(\w+)$/.exec(location.hash)?.[1];
  (name ? bird(name) : home()).catch(reportError);
}
d3.select(window).on('hashchange', show);
show();
