import { Carousel, Modal, Tooltip } from 'bootstrap';

const root = document.getElementById('root');
root.innerHTML = `
  <button id="toggle" data-bs-toggle="collapse" data-bs-target="#part">toggle</button><div class="collapse" id="part">part</div>
  <div class="modal fade" id="modal" tabindex="-1"><div class="modal-dialog"><button id="close" data-bs-dismiss="modal">close</button></div></div>
  <div class="dropdown"><button id="drop" data-bs-toggle="dropdown">drop</button><ul class="dropdown-menu"><li>item</li></ul></div>
  <button id="tip" title="what it says">tip</button>
  <div id="carousel" class="carousel slide"><div class="carousel-inner">
    <div class="carousel-item active">1</div><div class="carousel-item">2</div></div></div>`;

const find = (selector) => document.querySelector(selector);

// What comes after a transition, which Bootstrap waits for.
function after(selector, type, act) {
  return new Promise((resolve) => {
    find(selector).addEventListener(type, () => resolve(find(selector).className), { once: true });
    act();
  });
}

async function run() {
  const collapse = await after('#part', 'shown.bs.collapse', () => find('#toggle').click());
  const modal = await after('#modal', 'shown.bs.modal', () => new Modal('#modal').show());
  const backdrops = document.querySelectorAll('.modal-backdrop').length;
  const closed = await after('#modal', 'hidden.bs.modal', () => find('#close').click());
  find('#drop').click();
  const dropdown = find('.dropdown-menu').className;
  await after('#tip', 'shown.bs.tooltip', () => new Tooltip('#tip').show());
  const tooltip = find('.tooltip').textContent;
  await after('#carousel', 'slid.bs.carousel', () => new Carousel('#carousel').next());
  return { collapse, modal, backdrops, closed, dropdown, tooltip, slide: find('.carousel-item.active').textContent };
}
globalThis.result = run();
