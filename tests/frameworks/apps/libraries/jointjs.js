import { dia, shapes } from '@joint/core';

const graph = new dia.Graph({}, { cellNamespace: shapes });
const el = document.createElement('div');
document.getElementById('root').append(el);
const paper = new dia.Paper({ el, model: graph, width: 400, height: 200, async: false, cellViewNamespace: shapes });
const box = new shapes.standard.Rectangle({ position: { x: 50, y: 30 }, size: { width: 80, height: 40 } });
box.attr('label/text', 'gull');
box.addTo(graph);
const other = box.clone().translate(150, 0).addTo(graph);
const link = new shapes.standard.Link({ source: { id: box.id }, target: { id: other.id } });
link.addTo(graph);
box.translate(0, 20);
globalThis.result = Promise.resolve({
  cells: el.querySelectorAll('.joint-cell').length,
  label: el.querySelector('text').textContent,
  line: link.findView(paper).getConnection().serialize(),
  place: box.findView(paper).el.getAttribute('transform'),
});
