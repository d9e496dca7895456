import { Router } from '@lit-labs/router';
import { html, LitElement } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { until } from 'lit/directives/until.js';

const json = (url) => fetch(url).then((response) => response.json());

// Elements render into themselves, so that the tests find what is in them as in the other pages; <app-song> has a shadow root.
class Home extends LitElement {
  static properties = { count: { type: Number }, birds: { state: true }, text: { state: true } };

  constructor() {
    super();
    this.count = 0;
    this.birds = ['gull', 'tern', 'knot'];
    this.text = '';
    this.name = json('/data.json').then((data) => data.name);
  }

  createRenderRoot() {
    return this;
  }

  render() {
    return html`
      <button id="count" @click=${() => this.count++}>clicked ${this.count}</button>
      ${this.count > 1 ? html`<p id="many">many</p>` : ''}
      <p id="name">${until(this.name, 'loading')}</p>
      <ul id="list">${repeat(this.birds, (bird) => bird, (bird) => html`<li>${bird}</li>`)}</ul>
      <button id="reverse" @click=${() => { this.birds = this.birds.toReversed(); }}>reverse</button>
      <input id="field" .value=${this.text} @input=${(event) => { this.text = event.target.value; }}>
      <p id="echo">${this.text}</p>
      <a id="to-gull" href="/lit/birds/gull">gull</a>`;
  }
}
customElements.define('app-home', Home);

class Song extends LitElement {
  static properties = { of: {}, song: { state: true } };

  willUpdate(changed) {
    if (changed.has('of')) json(`/songs/${this.of}.json`).then(({ song }) => { this.song = song; });
  }

  updated() {
    this.textContent = this.song ?? ''; // what the slot shows
  }

  render() {
    return html`<q><slot></slot></q>`;
  }
}
customElements.define('app-song', Song);

class App extends LitElement {
  router = new Router(this, [
    { path: '/lit/', render: () => html`<app-home></app-home>` },
    {
      path: '/lit/birds/:bird',
      render: ({ bird }) => html`
        <h1 id="bird">bird ${bird}</h1><app-song id="song" of=${bird}></app-song><a id="home" href="/lit/">home</a>`,
    },
  ]);

  createRenderRoot() {
    return this;
  }

  render() {
    return this.router.outlet();
  }
}
customElements.define('app-root', App);
document.getElementById('root').append(document.createElement('app-root'));
